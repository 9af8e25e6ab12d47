//! W203: a wildcard that no action fits.

use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject};
use crate::name::at_colon;
use crate::source::Severity;

pub(super) struct ActionPatternNoMatch;

static META: Meta = Meta {
    code: "W203",
    name: "action-pattern-no-match",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "no action of the service fits this pattern",
    explanation: "\
A pattern without a match grants nothing and denies nothing: often a word that the service does not \
use, `Fetch` for `Get`. AWS adds actions daily: the message says of which day the list is.",
    elsewhere: "Access Analyzer INVALID_ACTION; parliament UNKNOWN_ACTION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:Fetch*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ActionPatternNoMatch {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for named in subject.named().flat_map(|(_, named)| named).filter(|it| it.is_action && it.is_wild) {
            let action = named.entry;
            let Some((prefix, name)) = at_colon(&action.value) else { continue };
            // W202 speaks of services that do not exist.
            let is_known = has_wildcard(prefix) || named.service.is_some();
            if is_known && name != "*" && named.actions().is_empty() {
                let message = format!("no action fits `{}` {}", action.value, as_of());
                found.push(META.at(action.span, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_pattern() {
        insta::assert_snapshot!(show(&ActionPatternNoMatch), @r#"
        W203 no action fits `s3:Fetch*` as of 2026-10-27
          "Effect": "Allow", "Action": "s3:Fetch*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^
        "#);
    }
}
