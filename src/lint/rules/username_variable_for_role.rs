//! W229: a user's name in a role's policy.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{PolicyType, Segment, Template};
use crate::source::Severity;

pub(super) struct UsernameVariableForRole;

static META: Meta = Meta {
    code: "W229",
    name: "username-variable-for-role",
    severity: Severity::Warning,
    security: None,
    types: &[PolicyType::Identity],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "`${aws:username}` in the policy of a role never resolves",
    explanation: "\
Sessions of a role have no user name. An entry with a variable that does not resolve matches nothing, \
so the role can do nothing there, and a `Deny` protects nothing. Use `${aws:PrincipalTag/…}` or \
`${aws:userid}`.",
    elsewhere: "",
    bad: Example::role(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}"#,
    ),
    good: Example::role(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/name}/*"}}"#,
    ),
};

impl Rule for UsernameVariableForRole {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if !subject.is_of_a_role() {
            return;
        }
        for (text, span) in subject.templates() {
            let Template(segments) = Template::parse(text);
            let names_user = |segment: &Segment<'_>| matches!(segment, Segment::Variable { name, default: None } if name.eq_ignore_ascii_case("aws:username"));
            if segments.iter().any(names_user) {
                let help = "use a tag of the session, `${aws:PrincipalTag/…}`, or `${aws:userid}`";
                found.push(
                    META.at(span, "sessions of a role have no user name").label("never resolves").help(help),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_text() {
        insta::assert_snapshot!(show(&UsernameVariableForRole), @r#"
        W229 sessions of a role have no user name
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never resolves
        help: use a tag of the session, `${aws:PrincipalTag/…}`, or `${aws:userid}`
        "#);
    }
}
