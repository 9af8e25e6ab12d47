//! M480: an MFA gate beside an open door.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Names, Stops, action, all_statements, covers_principals, guards};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Statement};
use crate::source::Severity;
use crate::source::Span;

pub(super) struct MfaAllowShadowed;

static META: Meta = Meta {
    code: "M480",
    name: "mfa-allow-shadowed",
    severity: Severity::Error,
    security: Some(8.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "what an `Allow` grants with MFA another one grants without it",
    explanation: "\
Statements add up: what one `Allow` grants without conditions is granted, whatever another one asks \
for. Here the MFA test changes nothing, since all that it guards is open anyway. Narrow the free \
`Allow`, or deny without MFA. Free reads beside writes with MFA are another form and not reported.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
  {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
   "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}"#,
    ),
};

impl Rule for MfaAllowShadowed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(|guard| guard.allows() && guard.vector.admits_mfa_only()) {
            let is_free = |statement: &Statement| {
                statement.effect.value == Effect::Allow
                    && statement.condition.iter().all(|block| block.tests.is_empty())
                    && covers_principals(statement, guard.statement)
            };
            let free: Vec<_> = all_statements(subject)
                .filter(|(_, statement)| is_free(statement))
                .map(|(_, statement)| (statement, Names::actions(statement), Names::resources(statement)))
                .collect();
            if free.is_empty() {
                continue;
            }
            let stops = Stops::over(subject, guard.statement);
            let resources = Names::resources(guard.statement).cells();
            for (span, actions) in entries(guard.statement) {
                let opened_by = |reached: &Names| {
                    free.iter().find(|(_, a, r)| a.includes(&actions) && r.includes(reached))
                };
                let open = |reached: &Names| opened_by(reached).is_some() && !stops.guard(&actions, reached);
                if resources.is_empty() || !resources.iter().all(open) {
                    continue;
                }
                let message = "the MFA test changes nothing: the same is allowed without MFA";
                let mut finding = META.at(span, message).label("open anyway").truth(guard.truth());
                let here = resources.first().and_then(opened_by).map(|(statement, ..)| *statement);
                if let Some(open) =
                    here.filter(|open| subject.statements().any(|own| std::ptr::eq(own, *open)))
                {
                    finding = finding.other(open.action.span.0, "allowed here without MFA");
                }
                found.push(finding.help("narrow the other `Allow`, or deny without MFA"));
            }
        }
    }
}

/// The actions of a statement, entry by entry; the whole, if it says what is left out.
fn entries(statement: &Statement) -> Vec<(Span, Names)> {
    let part = &statement.action;
    if part.negated {
        return vec![(part.name_span.0, Names::actions(statement))];
    }
    part.entries.iter().map(|entry| (entry.span, Names::only(action(&entry.value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaAllowShadowed), @r#"
        M480 the MFA test changes nothing: the same is allowed without MFA
          {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
                                        ^^^^^^^^^^^^^^^^^ open anyway
        help: narrow the other `Allow`, or deny without MFA
        truth: missing → not allowed   false → not allowed   true → allowed
        "#);
    }
}
