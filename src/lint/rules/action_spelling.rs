//! I518: an action in capitals of one's own.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::text::quoted;
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::source::Severity;

pub(super) struct ActionSpelling;

static META: Meta = Meta {
    code: "I518",
    name: "action-spelling",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::Safe,
    opt_in: false,
    since: "0.1.0",
    summary: "an action is written in other capitals than in the reference of AWS",
    explanation: "\
AWS compares actions without regard to capitals, so nothing is wrong; but people, and tools that \
are less careful, search for `s3:GetObject`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:getobject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ActionSpelling {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for named in subject.named().flat_map(|(_, named)| named) {
            let Some((service, name)) = usual(named) else { continue };
            let entry = named.entry;
            if named.parts == Some((service, name)) {
                continue;
            }
            let usual = format!("{service}:{name}");
            let finding = META.at(entry.span, format!("`{}` is usually written `{usual}`", entry.value));
            found.push(finding.fix(Fix::replace(
                format!("write `{usual}`"),
                entry.span,
                quoted(&usual),
                true,
            )));
        }
    }
}

/// The service and the name as the reference writes them; a name that it does not have as it is.
fn usual<'p>(named: &Named<'p>) -> Option<(&'static str, &'p str)> {
    let service = named.service?;
    let action = named.actions().first().filter(|_| !named.is_wild);
    let written = named.parts.map_or("", |(_, name)| name);
    Some((service.prefix(), action.map_or(written, |action| action.name())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&ActionSpelling), @r#"
        I518 `s3:getobject` is usually written `s3:GetObject`
          "Effect": "Allow", "Action": "s3:getobject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}
                                       ^^^^^^^^^^^^^^
        "#);
    }
}
