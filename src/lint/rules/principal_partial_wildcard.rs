//! E145: a wildcard inside a principal.

use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct PrincipalPartialWildcard;

static META: Meta = Meta {
    code: "E145",
    name: "principal-partial-wildcard",
    severity: Severity::Error,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a wildcard stands inside a principal",
    explanation: "\
Wildcards are not expanded in principals; only a lone `*` means something, and that is everyone. An \
entry such as `user/*` names nobody. To admit many principals of an account, name the account and \
narrow with a condition on `aws:PrincipalArn`.",
    elsewhere: "Access Analyzer UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/*"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for PrincipalPartialWildcard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals() {
            if principal.text != "*" && has_wildcard(principal.text) {
                let message = format!("`{}` is not expanded: a principal has no wildcards", principal.text);
                let help = "name the account and narrow with `ArnLike` on `aws:PrincipalArn`";
                found.push(META.at(principal.span, message).label("names nobody").help(help));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn pr_013_points_at_the_value() {
        insta::assert_snapshot!(show(&PrincipalPartialWildcard), @r#"
        E145 `arn:aws:iam::111122223333:user/*` is not expanded: a principal has no wildcards
          "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/*"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ names nobody
        help: name the account and narrow with `ArnLike` on `aws:PrincipalArn`
        "#);
    }
}
