//! M465: an MFA test on the call that begins a session with MFA.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{SESSION_TOKEN, guards, mend};
use crate::lint::text::names_it;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct MfaGuardsSessionToken;

static META: Meta = Meta {
    code: "M465",
    name: "mfa-guards-session-token",
    severity: Severity::Warning,
    security: Some(1.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "`sts:GetSessionToken` is tied to MFA",
    explanation: "\
The call turns an access key and a device code into a session with MFA; the caller cannot have MFA \
before. AWS documents that policies do not control it, so the statement has no effect on it; where \
it had one, nobody could get a first session with MFA.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sts:GetSessionToken", "Resource": "*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sts:GetSessionToken", "Resource": "*"}}"#,
    ),
};

impl Rule for MfaGuardsSessionToken {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(|guard| !guard.statement.action.negated) {
            let entries = &guard.statement.action.entries;
            for entry in entries.iter().filter(|entry| names_it(&entry.value, SESSION_TOKEN)) {
                let message = "policies do not control this call, and before it nobody has MFA";
                let mut finding = META.at(entry.span, message).label("tied to MFA");
                if guard.allows() && entries.len() == 1 {
                    let edits = mend::without_mfa(guard.statement)
                        .unwrap_or_default()
                        .into_iter()
                        .map(Some)
                        .collect();
                    finding.fix = mend::unsafe_fix("take the MFA test out", edits);
                }
                found.push(finding.help("take the action out of this statement").truth(guard.truth()));
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
        insta::assert_snapshot!(show(&MfaGuardsSessionToken), @r#"
        M465 policies do not control this call, and before it nobody has MFA
          "Effect": "Allow", "Action": "sts:GetSessionToken", "Resource": "*",
                                       ^^^^^^^^^^^^^^^^^^^^^ tied to MFA
        help: take the action out of this statement
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
