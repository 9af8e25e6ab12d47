//! E118: an action that is no action.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::has_variable;
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ActionFormat;

static META: Meta = Meta {
    code: "E118",
    name: "action-format",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an entry of `Action` is neither `*` nor `service:Name`",
    explanation: "\
An action is a service, one colon and a name, both possibly with wildcards, or `*` for all of them. \
Any other text matches no request: the statement does nothing for it.",
    elsewhere: "Access Analyzer INVALID_ACTION; cloud-copilot",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ActionFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for named in subject.named().flat_map(|(_, named)| named).filter(|named| !named.is_action) {
            let action = named.entry;
            // E139 and E160 say more about these.
            if !has_variable(&action.value) && action.value.is_ascii() {
                let message = format!("`{}` is no action and matches nothing", action.value);
                found.push(META.at(action.span, message).label("expected `service:Name` or `*`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::text::is_action;

    #[test]
    fn ac_002_says_what_an_action_looks_like() {
        insta::assert_snapshot!(show(&ActionFormat), @r#"
        E118 `GetObject` is no action and matches nothing
          "Effect": "Allow", "Action": "GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^ expected `service:Name` or `*`
        "#);
    }
    #[test]
    fn ac_002_shapes_of_actions() {
        for (text, expected) in [
            ("*", true),
            ("s3:*", true),
            ("*:Get*", true),
            ("ec2:*Instances", true),
            ("execute-api:Invoke", true),
            ("", false),
            ("s3", false),
            ("**", false),
            ("s3:", false),
            (":Get", false),
            ("s3:Get:Object", false),
            (" s3:Get", false),
            ("s3:Get Object", false),
        ] {
            assert_eq!(is_action(text), expected, "{text}");
        }
    }
}
