//! M413: an MFA key in other capitals than AWS writes it.

use crate::lint::Edit;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{is_on_mfa_key, mend};
use crate::lint::{Finding, Rule, Subject};
use crate::request::{GlobalKey, MFA_AGE, MFA_PRESENT};
use crate::source::Severity;

pub(super) struct MfaKeySpelling;

static META: Meta = Meta {
    code: "M413",
    name: "mfa-key-spelling",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "an MFA key is written in other capitals than AWS's own",
    explanation: "\
Keys are compared without case, so the test works. But whoever searches for \
`aws:MultiFactorAuthPresent`, and many a tool, passes it over.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultifactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
};

impl Rule for MfaKeySpelling {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(is_on_mfa_key) {
            let wanted = if test.is_on(MFA_AGE) { MFA_AGE } else { MFA_PRESENT };
            let wanted = GlobalKey::find(wanted).map_or(wanted, |key| key.name);
            if test.key() != wanted {
                let span = test.test.key.span;
                let message = format!("AWS writes `{wanted}`");
                let mut finding = META.at(span, message).label("other capitals").about(&test);
                let edit = Edit { span, text: format!("\"{wanted}\"") };
                finding.fix = mend::fix(format!("write `{wanted}`"), true, vec![Some(edit)]);
                found.push(finding.help(format!("write `{wanted}`")));
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
        insta::assert_snapshot!(show(&MfaKeySpelling), @r#"
        M413 AWS writes `aws:MultiFactorAuthPresent`
          "Condition": {"Bool": {"aws:MultifactorAuthPresent": "true"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ other capitals
        help: write `aws:MultiFactorAuthPresent`
        "#);
    }
}
