//! S302: all of a service, on everything.

use crate::lint::grants::{GRANTING, is_star};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::text::has_wildcard;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::{at_colon, fold};
use crate::policy::Statement;
use crate::source::Severity;

pub(super) struct ServiceStar;

static META: Meta = Meta {
    code: "S302",
    name: "service-star",
    severity: Severity::Warning,
    security: Some(6.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` of all actions of a service on every resource",
    explanation: "\
All actions of a service are also those that delete everything, open it to others, or change who \
may do so; and tomorrow those that AWS adds. Name the actions that are needed, or the resources.",
    elsewhere: "Security Hub IAM.21; iam-policy-validator service_wildcard",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ServiceStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows().filter(|statement| !statement.action.negated) {
            if !subject.is_on_star(statement) || is_limited_to_some(statement) {
                continue;
            }
            for entry in &statement.action.entries {
                let Some((service, name)) = at_colon(&entry.value) else { continue };
                // W231 speaks of wildcards in the service.
                if is_star(name) && !has_wildcard(service) {
                    let message = format!("this allows all of `{service}` on every resource");
                    found.push(META.at(entry.span, message).help("name the actions that are needed"));
                }
            }
        }
    }
}

/// Does a condition demand something of the thing itself, such as a tag?
fn is_limited_to_some(statement: &Statement) -> bool {
    tests_of(statement).filter(Test::wants_key).any(|test| fold(test.key()).contains(":resourcetag/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn things_with_a_certain_tag_are_not_every_resource() {
        let tagged = |operator: &str| {
            let condition = format!(r#""Condition": {{"{operator}": {{"aws:ResourceTag/team": "a"}}}}"#);
            let text = META.bad.text.replace("}}", &format!(", {condition}}}}}"));
            !crate::lint::show_on(&ServiceStar, &Example::identity(text.leak())).is_empty()
        };
        assert!(!tagged("StringEquals"));
        assert!(tagged("StringEqualsIfExists") && tagged("StringNotEquals"));
    }

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&ServiceStar), @r#"
        S302 this allows all of `s3` on every resource
          "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
                                       ^^^^^^
        help: name the actions that are needed
        "#);
    }
}
