//! W219: a grant that the same policy takes back.

use crate::lint::cover;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Statement};
use crate::source::Severity;

pub(super) struct AllowUnderDeny;

static META: Meta = Meta {
    code: "W219",
    name: "allow-under-deny",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` without a condition covers all that the `Allow` grants",
    explanation: "\
A `Deny` wins over every `Allow`. An `Allow` that lies wholly under an unconditional `Deny` of the same \
policy grants nothing, now or ever: one of the two is a mistake.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}"#,
    ),
};

impl Rule for AllowUnderDeny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let of =
            |effect: Effect| subject.statements().filter(move |statement| statement.effect.value == effect);
        for allow in of(Effect::Allow) {
            let covers = |deny: &&Statement| {
                deny.condition.is_empty()
                    && cover::actions(&deny.action, &allow.action)
                    && cover::resources(deny.resource.as_ref(), allow.resource.as_ref())
                    && cover::principals(deny.principal.as_ref(), allow.principal.as_ref())
            };
            if let Some(deny) = of(Effect::Deny).find(covers) {
                let message = "a `Deny` without a condition covers all of this `Allow`";
                let finding = META.at(allow.effect.span, message).label("grants nothing");
                found.push(finding.other(deny.effect.span, "denied here"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_allow() {
        insta::assert_snapshot!(show(&AllowUnderDeny), @r#"
        W219 a `Deny` without a condition covers all of this `Allow`
          {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
                     ^^^^^^^ grants nothing
        "#);
    }
}
