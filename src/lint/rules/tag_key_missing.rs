//! E155: a tag key that is not named.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::request::GLOBAL_KEYS;
use crate::source::Severity;

pub(super) struct TagKeyMissing;

static META: Meta = Meta {
    code: "E155",
    name: "tag-key-missing",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`aws:ResourceTag`, `aws:RequestTag` or `aws:PrincipalTag` without the key of the tag",
    explanation: "\
Each tag has a context key of its own, with the tag's key behind a slash: `aws:ResourceTag/team`. \
The bare name is never in a request and counts as missing.",
    elsewhere: "Access Analyzer MISSING_TAG_KEY_IN_CONDITION",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag": "red"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:StartInstances", "Resource": "*",
  "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}}"#,
    ),
};

impl Rule for TagKeyMissing {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(|test| is_bare_family(test.key())) {
            let name = test.key().trim_end_matches('/');
            let message = format!("`{name}` needs the key of a tag");
            let help = format!("write `{name}/KEY`");
            found.push(META.at(test.test.key.span, message).label("always missing").help(help).about(&test));
        }
    }
}

/// Is it the name of a family of keys with nothing behind it?
pub(super) fn is_bare_family(key: &str) -> bool {
    let name = key.trim_end_matches('/');
    GLOBAL_KEYS
        .iter()
        .any(|known| known.name.strip_suffix('/').is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn shows_the_form_with_a_slash() {
        insta::assert_snapshot!(show(&TagKeyMissing), @r#"
        E155 `aws:ResourceTag` needs the key of a tag
          "Condition": {"StringEquals": {"aws:ResourceTag": "red"}}}}
                                         ^^^^^^^^^^^^^^^^^ always missing
        help: write `aws:ResourceTag/KEY`
        "#);
    }
}
