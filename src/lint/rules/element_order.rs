//! I527: elements in an order of their own.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Fix, Rule, Subject, edit};
use crate::policy::statement_text;
use crate::source::Severity;

pub(super) struct ElementOrder;

static META: Meta = Meta {
    code: "I527",
    name: "element-order",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: true,
    since: "0.1.0",
    summary: "elements are not in the order in which AWS shows them",
    explanation: "\
Readers look for `Sid`, `Effect`, `Principal`, `Action`, `Resource` and `Condition` in this \
order. The fix writes the statement anew, with nothing changed but order and white space.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Action": "s3:GetObject", "Effect": "Allow", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ElementOrder {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        const ORDER: [&str; 6] = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
        let place = |name: &str| {
            ORDER.iter().position(|element| name.strip_prefix("Not").unwrap_or(name) == *element)
        };
        for statement in subject.statements() {
            let members = edit::members(statement);
            let next = members.iter().skip(1);
            let misplaced = members.iter().zip(next).find(|((one, _), (other, _))| place(one) > place(other));
            if let Some(((one, _), (other, span))) = misplaced {
                let finding = META.at(*span, format!("`{other}` usually stands before `{one}`"));
                let text = statement_text(statement, 1);
                found.push(finding.fix(Fix::replace(
                    "put the elements in order",
                    statement.span.0,
                    text,
                    true,
                )));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_element() {
        insta::assert_snapshot!(show(&ElementOrder), @r#"
        I527 `Effect` usually stands before `Action`
          "Action": "s3:GetObject", "Effect": "Allow", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                              ^^^^^^^
        "#);
    }
}
