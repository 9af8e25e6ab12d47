//! E135: a `${` that nothing closes.

use crate::lint::Fix;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, quoted};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Segment, Template};
use crate::request::GlobalKey;
use crate::source::Severity;

pub(super) struct VariableBrace;

static META: Meta = Meta {
    code: "E135",
    name: "variable-brace",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a policy variable lacks its closing brace",
    explanation: "\
A variable ends at the first `}`. Without one, `${` and what follows are plain text and match only a \
name that is spelled so.",
    elsewhere: "Access Analyzer MISSING_BRACE_IN_VARIABLE",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
};

impl Rule for VariableBrace {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for (text, span) in subject.templates() {
            let Template(segments) = Template::parse(text);
            if let Some(Segment::Text(rest)) = segments.last()
                && has_variable(rest)
            {
                let finding = META.at(span, "`${` without a closing `}`").label("taken as plain text");
                found.push(match closed(text) {
                    Some(closed) => {
                        let title = format!("write `{closed}`");
                        finding.fix(Fix::replace(title, span, quoted(&closed), false))
                    }
                    None => finding,
                });
            }
        }
    }
}

/// The text with a brace behind the key, if a key that has no tag begins the rest.
fn closed(text: &str) -> Option<String> {
    let (before, rest) = text.rsplit_once("${")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(rest.len());
    let (key, after) = rest.split_at_checked(end)?;
    GlobalKey::find(key)?;
    Some(format!("{before}${{{key}}}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn va_010_points_at_the_text() {
        insta::assert_snapshot!(show(&VariableBrace), @r#"
        E135 `${` without a closing `}`
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken as plain text
        "#);
    }
}
