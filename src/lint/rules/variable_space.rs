//! E137: a variable whose name no key can have.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Malformed, Segment, Template};
use crate::request::GlobalKey;
use crate::source::Severity;

pub(super) struct VariableSpace;

static META: Meta = Meta {
    code: "E137",
    name: "variable-space",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the name of a variable has a space or another symbol",
    explanation: "\
Between `${` and `}` stands the name of a context key and nothing else. With a space, a quotation \
mark or a bracket in it the variable never resolves, and its text matches nothing.",
    elsewhere: "Access Analyzer UNSUPPORTED_SPACE_IN_VARIABLE, UNSUPPORTED_SYMBOL_IN_VARIABLE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:user name}/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
};

impl Rule for VariableSpace {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (text, span) in subject.templates() {
            let Template(segments) = Template::parse(text);
            if segments.contains(&Segment::Malformed(Malformed::Name)) {
                let finding = META.at(span, "a variable's name has a character that no key has");
                let finding = finding.label("never resolves");
                found.push(match mended(text) {
                    Some(mended) => {
                        let title = format!("write `{mended}`");
                        finding.fix(Fix::replace(title, span, quoted(&mended), false))
                    }
                    None => finding,
                });
            }
        }
    }
}

/// The text without these characters, if keys of all services are left.
fn mended(text: &str) -> Option<String> {
    let mut mended = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inner, after) = after.split_once('}')?;
        mended.push_str(before);
        let name: String = inner.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
        let kept = if inner.contains([',', '/']) || GlobalKey::find(inner).is_some() { inner } else { &name };
        GlobalKey::find(kept)?;
        mended.extend(["${", kept, "}"]);
        rest = after;
    }
    Some(mended + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_001_points_at_the_text() {
        insta::assert_snapshot!(show(&VariableSpace), @r#"
        E137 a variable's name has a character that no key has
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:user name}/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never resolves
        "#);
    }
}
