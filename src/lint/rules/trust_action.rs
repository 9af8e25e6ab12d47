//! E151: an action that trust policies do not have.

use crate::lint::cover;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::is_action;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct TrustAction;

static META: Meta = Meta {
    code: "E151",
    name: "trust-action",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a trust policy allows an action other than assuming the role",
    explanation: "\
A trust policy says who may assume its role. It has the three `sts:AssumeRole…` actions and what goes \
with them: `sts:TagSession`, `sts:SetSourceIdentity`, `sts:SetContext`. What a role may do stands in its \
permission policies.",
    elsewhere: "Access Analyzer UNSUPPORTED_ACTION_IN_POLICY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "s3:GetObject"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for TrustAction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for action in subject.actions().filter(|action| !action.part.negated) {
            // E118 and E139 say more about what is no action at all.
            if is_action(action.text) && !ACTIONS.iter().any(|name| cover::action(action.text, name)) {
                let message = format!("`{}` is no action of a trust policy", action.text);
                let help = "permissions of the role belong in a policy that is attached to it";
                found.push(META.at(action.span, message).help(help));
            }
        }
    }
}

const ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&TrustAction), @r#"
        E151 `s3:GetObject` is no action of a trust policy
          "Action": "s3:GetObject"}}
                    ^^^^^^^^^^^^^^
        help: permissions of the role belong in a policy that is attached to it
        "#);
    }
}
