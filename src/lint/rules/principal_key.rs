//! E142: a kind of principal that does not exist.

use crate::lint::Fix;
use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{PolicyType, PrincipalValue};
use crate::source::Severity;

pub(super) struct PrincipalKey;

static META: Meta = Meta {
    code: "E142",
    name: "principal-key",
    severity: Severity::Error,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::Depends,
    opt_in: false,
    since: "0.1.0",
    summary: "a key of `Principal` is none of `AWS`, `Service`, `Federated` and `CanonicalUser`",
    explanation: "\
Principals are listed under one of four keys, written exactly so. Under any other key the values \
name nobody.",
    elsewhere: "Access Analyzer INVALID_PRINCIPAL_KEY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Users": "ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for PrincipalKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.statements().filter_map(|statement| statement.principal.as_ref()) {
            let PrincipalValue::Map(groups) = &part.value else { continue };
            for group in groups.iter().filter(|group| !KINDS.contains(&group.kind.value.as_str())) {
                let message = format!("`{}` is no kind of principal", group.kind.value);
                let meant = KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(&group.kind.value));
                let help = match meant {
                    Some(kind) => format!("write `{kind}`; case counts"),
                    None => format!("it is one of {}", KINDS.join(", ")),
                };
                let finding = META.at(group.kind.span, message).label("names nobody").help(help);
                let is_free = |kind: &str| !groups.iter().any(|other| other.kind.value == kind);
                found.push(match meant.filter(|kind| is_free(kind)) {
                    Some(kind) => {
                        let title = format!("write `{kind}`");
                        finding.fix(Fix::replace(title, group.kind.span, quoted(kind), true))
                    }
                    None => finding,
                });
            }
        }
    }
}

const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn lists_the_kinds_there_are() {
        insta::assert_snapshot!(show(&PrincipalKey), @r#"
        E142 `Users` is no kind of principal
          "Effect": "Allow", "Principal": {"Users": "ana"},
                                           ^^^^^^^ names nobody
        help: it is one of AWS, Service, Federated, CanonicalUser
        "#);
    }
}
