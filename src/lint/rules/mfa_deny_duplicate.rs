//! M489: a gate within another one.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaDenyDuplicate;

static META: Meta = Meta {
    code: "M489",
    name: "mfa-deny-duplicate",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` about MFA is covered by another one of the policy",
    explanation: "\
Both stop the same callers, and one covers the actions and resources of the other. The narrower one \
changes no decision; it only has to be read.",
    elsewhere: "AA REDUNDANT_STATEMENT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
  {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaDenyDuplicate {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        const MOST: usize = 256;
        let denies: Vec<_> = guards(subject).filter(Guard::denies).take(MOST).collect();
        for (at, narrow) in denies.iter().enumerate() {
            let wider = denies.iter().enumerate().find(|(other, wide)| {
                // Of two that say the same the first stays.
                *other != at && wide.covers(narrow) && (*other < at || !narrow.covers(wide))
            });
            if let Some((_, wide)) = wider {
                let message = "another `Deny` stops the same callers on this and more";
                let mut finding = META.at(narrow.statement.action.span.0, message).label("covered");
                let edit = mend::remove_statement(subject, narrow.statement);
                finding.fix = mend::fix("take the covered statement out", true, vec![edit]);
                let finding = finding.other(wide.statement.action.span.0, "covers it");
                found.push(finding.help("take this statement out").truth(narrow.truth()));
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
        insta::assert_snapshot!(show(&MfaDenyDuplicate), @r#"
        M489 another `Deny` stops the same callers on this and more
          {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
                                       ^^^^^^^^^^^^^^^^^ covered
        help: take this statement out
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
