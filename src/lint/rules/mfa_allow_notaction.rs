//! M487: nearly everything for one device code.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::guards;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaAllowNotaction;

static META: Meta = Meta {
    code: "M487",
    name: "mfa-allow-notaction",
    severity: Severity::Warning,
    security: Some(5.5),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` with MFA grants everything but what `NotAction` names",
    explanation: "\
`NotAction` in an `Allow` grants every action of every service that is not named, also those that \
AWS adds later. The MFA test asks for one code, and the caller has nearly everything. Name what is \
granted.",
    elsewhere: "iam-policy-validator not_action_allow",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "NotAction": "iam:*", "Resource": "*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaAllowNotaction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(|guard| guard.allows() && guard.vector.admits_mfa_only()) {
            let part = &guard.statement.action;
            if part.negated {
                let message = "one device code gives the caller nearly every action";
                let finding = META.at(part.name_span.0, message).label("all but what is named");
                found.push(finding.help("name the actions in `Action`").truth(guard.truth()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaAllowNotaction), @r#"
        M487 one device code gives the caller nearly every action
          "Effect": "Allow", "NotAction": "iam:*", "Resource": "*",
                             ^^^^^^^^^^^ all but what is named
        help: name the actions in `Action`
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
