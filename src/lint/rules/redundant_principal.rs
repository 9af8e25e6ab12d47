//! I515: a principal that another one covers.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::{is_account, whole_arn};
use crate::lint::{Finding, Rule, Subject, edit};
use crate::policy::{PolicyType, PrincipalValue};
use crate::source::{Severity, Span};

pub(super) struct RedundantPrincipal;

static META: Meta = Meta {
    code: "I515",
    name: "redundant-principal",
    severity: Severity::Info,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a principal is covered by another entry of the same list",
    explanation: "\
`*` is everybody, so whoever stands beside it is named twice; and the number of an account is \
its root. The fix drops what adds nothing.",
    elsewhere: "Access Analyzer REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:root"]},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for RedundantPrincipal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for part in subject.statements().filter_map(|statement| statement.principal.as_ref()) {
            let PrincipalValue::Map(groups) = &part.value else { continue };
            for group in groups.iter().filter(|group| group.kind.value == "AWS") {
                let spans: Vec<Span> = group.values.iter().map(|value| value.span).collect();
                for (at, value) in group.values.iter().enumerate() {
                    let wide = group.values.iter().enumerate().find(|(other, wide)| {
                        *other != at
                            && covers(&wide.value, &value.value)
                            && (!is_account(&wide.value) || is_account(&value.value))
                    });
                    if let Some((_, wide)) = wide {
                        let message = format!("`{}` is meant by `{}` already", value.value, wide.value);
                        let mut finding = META.at(value.span, message).other(wide.span, "covers it");
                        finding.fix = edit::take_out("drop the principal", &spans, at, true);
                        found.push(finding);
                    }
                }
            }
        }
    }
}

/// Does one principal stand for the other too? I520 speaks of equal ones.
fn covers(wide: &str, narrow: &str) -> bool {
    let root = |text| match whole_arn(text) {
        Some([.., account, "root"]) => Some(account.to_owned()),
        _ => is_account(text).then(|| text.to_owned()),
    };
    wide != narrow && (wide == "*" || root(wide).is_some() && root(wide) == root(narrow))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_narrow_one() {
        insta::assert_snapshot!(show(&RedundantPrincipal), @r#"
        I515 `111122223333` is meant by `arn:aws:iam::111122223333:root` already
          "Effect": "Allow", "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:root"]},
                                                   ^^^^^^^^^^^^^^
        "#);
    }
}
