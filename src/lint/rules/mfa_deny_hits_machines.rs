//! M435: a gate outside identity policies that also stops roles and services.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{Guard, gates, is_everyone, named, other_tests};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MfaDenyHitsMachines;

static META: Meta = Meta {
    code: "M435",
    name: "mfa-deny-hits-machines",
    severity: Severity::Warning,
    security: Some(3.0),
    types: &[PolicyType::Resource, PolicyType::ServiceControl, PolicyType::ResourceControl],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a gate in an organization's or a resource's policy also hits those who never have MFA",
    explanation: "\
Sessions of roles carry `aws:MultiFactorAuthPresent` as `false`, as documented, and services and \
anonymous callers carry no MFA key: such a `Deny` stops all of them, whatever their users did. In a \
service control policy it hits the sessions of roles, except service-linked ones; elsewhere services \
and anonymous callers as well. AWS's own samples have this form, so it may be meant. To spare them, \
name IAM users by `aws:PrincipalArn` or `aws:PrincipalType`.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::ServiceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::of(
        PolicyType::ServiceControl,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}}}"#,
    ),
};

impl Rule for MfaDenyHitsMachines {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject).filter(|gate| hits_more_than_users(subject.kind(), gate)) {
            let Some(test) = gate.tests().next() else { continue };
            let spares_services =
                other_tests(gate.statement).any(|test| test.is_on("aws:PrincipalIsAWSService"));
            let hit = match (subject.kind(), spares_services) {
                (PolicyType::ServiceControl, _) => "sessions of roles, which as documented never carry MFA",
                (_, true) => "sessions of roles and anonymous callers, who as documented never carry MFA",
                (_, false) => {
                    "sessions of roles, services and anonymous callers, who as documented never carry MFA"
                }
            };
            let message = format!("this `Deny` also stops {hit}");
            let finding = META.at(test.block.operator.span, message).label("true for them all").about(&test);
            let help = r#"to spare them add `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}`"#;
            found.push(finding.help(help).truth(gate.truth()));
        }
    }
}

fn hits_more_than_users(kind: PolicyType, gate: &Guard<'_>) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let wide = kind == PolicyType::ServiceControl
        || gate.statement.principal.as_ref().is_none_or(|part| {
            part.negated || is_everyone(part) || named(part).iter().any(|(_, text)| is_account(text))
        });
    wide && !other_tests(gate.statement).any(|test| is_about_users(&test))
}

/// Does a test limit a statement to IAM users?
fn is_about_users(test: &Test<'_>) -> bool {
    let negated = test.operator().base.negated;
    let any = |word: &str| test.values().iter().any(|value| value.text.contains(word));
    match fold(test.key()).as_str() {
        "aws:principalarn" if negated => any(":role/") || any(":assumed-role/"),
        "aws:principalarn" => any(":user/"),
        "aws:principaltype" if negated => any("AssumedRole"),
        "aws:principaltype" => any("User"),
        "aws:username" | "aws:userid" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyHitsMachines), @r#"
        M435 this `Deny` also stops sessions of roles, which as documented never carry MFA
          "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}
                        ^^^^^^^^^^^^^^ true for them all
        help: to spare them add `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
