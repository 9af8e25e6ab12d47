//! I526: a list of one.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Fix, ListStyle, Rule, Subject};
use crate::policy::ValueForm;
use crate::source::{Severity, Span};

pub(super) struct SingleElementList;

static META: Meta = Meta {
    code: "I526",
    name: "single-element-list",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: true,
    since: "0.1.0",
    summary: "a list has one entry where a text would do",
    explanation: "\
Both say the same. One style throughout makes changes easy to read. The configuration \
`list-style` says which it is; without it, texts.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for SingleElementList {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let style = subject.options.list_style;
        let mut see = |whole: Span, entry: Span, text: String| {
            let is_list = whole.start < entry.start;
            let (message, fixed) = match style {
                ListStyle::String if is_list => ("a list of one", text),
                ListStyle::List if !is_list => ("a text where a list is the style", format!("[{text}]")),
                _ => return,
            };
            let fix = Fix::replace(format!("write `{fixed}`"), whole, fixed, true);
            found.push(META.at(whole, message).fix(fix));
        };
        for statement in subject.statements() {
            for part in [Some(&statement.action), statement.resource.as_ref()].into_iter().flatten() {
                if let [only] = part.entries.as_slice() {
                    see(part.span.0, only.span, quoted(&only.value));
                }
            }
        }
        for test in subject.tests() {
            if let [only] = test.values() {
                let as_is = only.form != ValueForm::String;
                see(test.test.span.0, only.span, if as_is { only.text.clone() } else { quoted(&only.text) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_list() {
        insta::assert_snapshot!(show(&SingleElementList), @r#"
        I526 a list of one
          "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^^^
        "#);
    }
}
