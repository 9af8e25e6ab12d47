//! S310: rights with which to raise one's own.

use std::fmt;

use crate::lint::grants::{GRANTING, PASS_ROLE, Width, entry_for, is_narrowed_beside, is_own_user, is_star};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::named::Element;
use crate::lint::services::Services;
use crate::lint::subject::tests_of;
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::name::Pattern;
use crate::policy::{Comparison, Effect, Statement};
use crate::source::{Severity, Span};

pub(super) struct PrivilegeEscalation;

static META: Meta = Meta {
    code: "S310",
    name: "privilege-escalation",
    severity: Severity::Error,
    security: Some(8.5),
    types: GRANTING,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a combination of actions with which the holder can raise its own rights",
    explanation: "\
Some actions are as good as all: who may write a policy, attach one, hand a new key of an \
administrator to himself, or run code under a role of more rights than his own, is an \
administrator by a detour. The rule knows the combinations; it counts actions on everything, or \
on all things of one account, and what others in the policy deny it does not count. Limit the \
actions to things of chosen names, or demand a boundary with `iam:PermissionsBoundary`.",
    elsewhere: "parliament PRIVILEGE_ESCALATION; checkov CKV_AWS_110/286; prowler iam_policy_allows_privilege_escalation; cloudsplaining",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for PrivilegeEscalation {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        if subject.allows().any(|statement| subject.is_admin(statement)) {
            return; // S301 has said it
        }
        let mut places: Vec<(Span, Vec<String>)> = Vec::new();
        for way in WAYS {
            let Some(place) = way.is_open(subject) else { continue };
            let by = way.to_string();
            match places.iter_mut().find(|(span, _)| *span == place) {
                Some((_, ways)) => ways.push(by),
                None => places.push((place, vec![by])),
            }
        }
        for (place, ways) in places {
            let message = format!("its holder can raise its own rights by {}", joined(&ways));
            let bounded = |way: &&String| BOUNDED.iter().any(|action| way.contains(action));
            let help = if ways.iter().all(|way| bounded(&way)) {
                "limit the resources, or demand a permissions boundary (`iam:PermissionsBoundary`)"
            } else {
                "limit the resources"
            };
            found.push(META.at(place, message).help(help));
        }
    }
}

/// Actions that a condition on `iam:PermissionsBoundary` can bound.
const BOUNDED: [&str; 4] =
    ["iam:AttachUserPolicy`", "iam:AttachRolePolicy`", "iam:PutUserPolicy`", "iam:PutRolePolicy`"];

/// A way up: an action on everything, or on one's own user where that is enough, with others that help.
struct Way {
    action: &'static str,
    services: Services,
    own_user_is_enough: bool,
    with: &'static [&'static str],
    /// The service that gets a role passed.
    service: &'static str,
}

const fn alone(action: &'static str) -> Way {
    let services = Services::of_action(action);
    Way { action, services, own_user_is_enough: false, with: &[], service: "" }
}

const fn own(action: &'static str) -> Way {
    Way { own_user_is_enough: true, ..alone(action) }
}

const fn pass(service: &'static str, with: &'static [&'static str]) -> Way {
    Way { with, service, ..alone(PASS_ROLE) }
}

const WAYS: &[Way] = &[
    alone("iam:CreatePolicyVersion"),
    alone("iam:SetDefaultPolicyVersion"),
    own("iam:AttachUserPolicy"),
    alone("iam:AttachGroupPolicy"),
    alone("iam:AttachRolePolicy"),
    own("iam:PutUserPolicy"),
    alone("iam:PutGroupPolicy"),
    alone("iam:PutRolePolicy"),
    alone("iam:AddUserToGroup"),
    Way { with: &["sts:AssumeRole"], ..alone("iam:UpdateAssumeRolePolicy") },
    alone("iam:CreateAccessKey"),
    alone("iam:CreateLoginProfile"),
    alone("iam:UpdateLoginProfile"),
    pass("ec2.amazonaws.com", &["ec2:RunInstances"]),
    pass("lambda.amazonaws.com", &["lambda:CreateFunction", "lambda:InvokeFunction"]),
    pass("lambda.amazonaws.com", &["lambda:CreateFunction", "lambda:AddPermission"]),
    pass("lambda.amazonaws.com", &["lambda:CreateFunction", "lambda:CreateEventSourceMapping"]),
    pass("cloudformation.amazonaws.com", &["cloudformation:CreateStack"]),
    pass("glue.amazonaws.com", &["glue:CreateDevEndpoint"]),
    pass("glue.amazonaws.com", &["glue:CreateJob", "glue:StartJobRun"]),
    pass(
        "datapipeline.amazonaws.com",
        &["datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"],
    ),
    pass(
        "sagemaker.amazonaws.com",
        &["sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"],
    ),
    pass("ecs-tasks.amazonaws.com", &["ecs:RegisterTaskDefinition", "ecs:RunTask"]),
    pass("codebuild.amazonaws.com", &["codebuild:CreateProject", "codebuild:StartBuild"]),
    pass("ssm.amazonaws.com", &["ssm:StartAutomationExecution"]),
    alone("lambda:UpdateFunctionCode"),
    alone("glue:UpdateDevEndpoint"),
];

impl Way {
    /// Where the policy grants the action, if it grants all that the way needs.
    fn is_open(&self, subject: &Subject<'_>) -> Option<Span> {
        if !subject.may_allow(self.services) {
            return None;
        }
        // As `touches`, by what is known of the entries.
        let touching = |action: &'static str| {
            let services = Services::of_action(action);
            let takes_in = move |(statement, element): &(&Statement, &Element<'_>)| {
                statement.effect.value == Effect::Allow
                    && element.services.meet(services)
                    && element.named.iter().any(|named| named.names(action)) != statement.action.negated
            };
            subject.elements().filter(takes_in)
        };
        let granted = |action: &'static str| !subject.takes_back(action) && touching(action).next().is_some();
        let (statement, _) = touching(self.action).find(|(statement, _)| self.is_wide(subject, statement))?;
        if subject.takes_back(self.action) || !self.with.iter().all(|action| granted(action)) {
            return None;
        }
        let entry = entry_for(statement, self.action).filter(|_| !statement.action.negated);
        Some(entry.map_or(statement.action.name_span.0, |entry| entry.span))
    }

    fn is_wide(&self, subject: &Subject<'_>, statement: &Statement) -> bool {
        let own_user = || {
            let part = statement.resource.as_ref().filter(|part| self.own_user_is_enough && !part.negated);
            part.is_some_and(|part| part.entries.iter().any(|entry| is_own_user(&entry.value)))
        };
        let wide = || subject.is_on_all(statement, self.action, Width::Account) || own_user();
        !is_narrowed_beside(statement, "iam:PassedToService") && self.may_get_a_role(statement) && wide()
    }

    /// Does the condition of `iam:PassRole` let this service have it?
    fn may_get_a_role(&self, statement: &Statement) -> bool {
        if self.service.is_empty() {
            return true;
        }
        tests_of(statement).filter(|test| test.is_on("iam:PassedToService")).all(|test| {
            let named = test.values().iter().any(|value| match test.comparison() {
                Comparison::StringLike => {
                    is_star(&value.text) || Pattern::new(&value.text).matches(self.service)
                }
                _ => value.text.eq_ignore_ascii_case(self.service),
            });
            test.comparison() == Comparison::Null || named != test.operator().base.negated
        })
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.action)?;
        match self.with {
            [] => Ok(()),
            with => write!(f, " plus {}", listed(with)),
        }
    }
}

/// A few ways, and how many more there are.
fn joined(ways: &[String]) -> String {
    match ways {
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!("{one}, or {two}, or {three}, or {} more", rest.len())
        }
        ways => ways.join(", or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::lint::{Example, show, show_on};

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&PrivilegeEscalation), @r#"
        S310 its holder can raise its own rights by `iam:CreatePolicyVersion`
          "Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^
        help: limit the resources
        "#);
    }

    #[test]
    fn the_catalog_has_every_action_of_the_list() {
        for way in WAYS {
            for action in way.with.iter().chain([&way.action]) {
                assert!(catalog::action(action).is_some(), "{action}");
            }
        }
    }

    #[test]
    fn a_way_is_open_only_if_all_of_it_is() {
        for (statements, expected) in [
            (r#"{"Effect": "Allow", "Action": ["iam:PassRole", "ec2:RunInstances"], "Resource": "*"}"#, true),
            (
                r#"{"Effect": "Allow", "Action": ["iam:PassRole", "ec2:RunInstances"], "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}"#,
                false,
            ),
            (
                r#"{"Effect": "Allow", "Action": ["iam:PassRole", "ec2:DescribeInstances"], "Resource": "*"}"#,
                false,
            ),
            (
                r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/app-*"}"#,
                false,
            ),
            (
                r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                 "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}"#,
                true,
            ),
            (
                r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                 "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}"#,
                false,
            ),
            (r#"{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}"#, true),
            (
                r#"{"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": "arn:aws:iam::*:user/${aws:username}"}"#,
                true,
            ),
            (
                r#"{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/${aws:username}"}"#,
                false,
            ),
            (
                r#"{"Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*",
                "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"}}}"#,
                false,
            ),
        ] {
            let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
            let shown = show_on(&PrivilegeEscalation, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), expected, "{statements}\n{shown}");
        }
    }
}
