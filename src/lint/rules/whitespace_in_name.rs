//! W227: white space in a name.

use memchr::memchr;

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, quoted};
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::name::at_colon;
use crate::source::{Severity, Span};

pub(super) struct WhitespaceInName;

static META: Meta = Meta {
    code: "W227",
    name: "whitespace-in-name",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an action, ARN or key has white space in it",
    explanation: "\
Nothing is trimmed: ` s3:GetObject` is no action, and a key with a space behind it is always missing. \
In the last field of an ARN and in the key of a tag a space may be meant, so there only white space at \
the ends is reported.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": " s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for WhitespaceInName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        // Nearly all texts have none.
        let has_space = |text: &str| memchr(b' ', text.as_bytes()).is_some();
        let mut look = |text: &str, free: &str, span: Span| {
            let fixed = text.strip_suffix(free).unwrap_or(text);
            let at_ends = text.trim_matches(is_space) != text;
            if !at_ends && !fixed.contains(is_space) {
                return;
            }
            let mended: String = if free.is_empty() || fixed.contains(is_space) {
                let fixed: String = fixed.chars().filter(|c| !is_space(*c)).collect();
                fixed + free.trim_end_matches(is_space)
            } else {
                text.trim_matches(is_space).to_owned()
            };
            // A sentence is no name with a space too many; other rules speak of it.
            if !is_name(&mended) {
                return;
            }
            let fix = Fix::replace(format!("write `{mended}`"), span, quoted(&mended), false);
            let finding = META.at(span, "white space in a name counts like any other letter");
            found.push(finding.help(format!("write `{mended}`")).fix(fix));
        };
        for action in subject.actions().filter(|action| has_space(action.text)) {
            look(action.text, "", action.span);
        }
        for resource in subject.resources().filter(|resource| has_space(resource.text)) {
            let last = if let [_, _, _, _, _, last] = *arn_fields(resource.text) { last } else { "" };
            look(resource.text, last, resource.span);
        }
        for test in subject.tests().filter(|test| has_space(test.key())) {
            let tag = test.key().split_once('/').map_or("", |(_, tag)| tag);
            look(test.key(), tag, test.test.key.span);
        }
    }
}

/// Has a text the form of an action, an ARN or a key?
fn is_name(text: &str) -> bool {
    text == "*" || at_colon(text).is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
}

/// What E160 does not speak of.
fn is_space(c: char) -> bool {
    c == ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_name() {
        insta::assert_snapshot!(show(&WhitespaceInName), @r#"
        W227 white space in a name counts like any other letter
          "Effect": "Allow", "Action": " s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^^
        help: write `s3:GetObject`
        "#);
    }

    #[test]
    fn a_space_may_be_part_of_what_users_name() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:GetObject",
  "Resource": ["arn:aws:s3:::b/my report", "arn:aws:s3:::b/x ", "arn:aws: s3:::b/my x"],
  "Condition": {"StringEquals": {"aws:ResourceTag/Cost Center": "1", "aws:SourceVpc ": "vpc-1a2b3c4d"}}}}"#;
        insta::assert_snapshot!(show_on(&WhitespaceInName, &Example::identity(text)), @r#"
        W227 white space in a name counts like any other letter
          "Resource": ["arn:aws:s3:::b/my report", "arn:aws:s3:::b/x ", "arn:aws: s3:::b/my x"],
                                                   ^^^^^^^^^^^^^^^^^^^
        help: write `arn:aws:s3:::b/x`
        W227 white space in a name counts like any other letter
          "Resource": ["arn:aws:s3:::b/my report", "arn:aws:s3:::b/x ", "arn:aws: s3:::b/my x"],
                                                                        ^^^^^^^^^^^^^^^^^^^^^^
        help: write `arn:aws:s3:::b/my x`
        W227 white space in a name counts like any other letter
          "Condition": {"StringEquals": {"aws:ResourceTag/Cost Center": "1", "aws:SourceVpc ": "vpc-1a2b3c4d"}}}}
                                                                             ^^^^^^^^^^^^^^^^
        help: write `aws:SourceVpc`
        "#);
    }
}
