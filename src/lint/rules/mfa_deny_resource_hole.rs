//! M488: a gate that covers some resources only.

use crate::lint::grants::excepts_everything;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Names, gates};
use crate::lint::{Edit, Finding, Fix, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::{Severity, Span};

pub(super) struct MfaDenyResourceHole;

static META: Meta = Meta {
    code: "M488",
    name: "mfa-deny-resource-hole",
    severity: Severity::Warning,
    security: Some(6.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Deny` for want of MFA with `NotAction` does not cover every resource",
    explanation: "\
`NotAction` makes a gate for everything but enrollment. With a `Resource` other than `*`, or with \
`NotResource`, it holds for these resources only: on all others callers without MFA do what they are \
allowed to.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "arn:aws:s3:::*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny",
  "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice",
    "sts:GetSessionToken"], "Resource": "*",
  "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
};

impl Rule for MfaDenyResourceHole {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for gate in gates(subject) {
            let Some(part) = &gate.statement.resource else { continue };
            // A resource policy speaks of its own resource only.
            let limited =
                part.negated || gate.statement.action.negated && subject.kind() != PolicyType::Resource;
            if !limited || Names::resources(gate.statement).is_everything() {
                continue;
            }
            let (message, label) = if excepts_everything(gate.statement) {
                (
                    "this `Deny` covers nothing, so callers without MFA are not stopped",
                    "excepts every resource",
                )
            } else {
                ("on all other resources callers without MFA are not stopped", "covers these only")
            };
            let finding = META.at(part.span.0, message).label(label);
            let span = Span { start: part.name_span.0.start, end: part.span.0.end };
            let edit = Edit { span, text: r#""Resource": "*""#.to_owned() };
            let fix = Fix { title: "cover every resource".to_owned(), safe: false, edits: vec![edit] };
            found.push(finding.help(r#"write `"Resource": "*"`"#).fix(fix).truth(gate.truth()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn a_gate_that_excepts_every_resource_stops_nobody() {
        let text = META.bad.text.replace(r#""Resource": "arn:aws:s3:::*""#, r#""NotResource": "*""#);
        let shown = crate::lint::show_on(&MfaDenyResourceHole, &Example::identity(text.leak()));
        assert!(shown.starts_with("M488 this `Deny` covers nothing"), "{shown}");
    }

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDenyResourceHole), @r#"
        M488 on all other resources callers without MFA are not stopped
            "sts:GetSessionToken"], "Resource": "arn:aws:s3:::*",
                                                ^^^^^^^^^^^^^^^^ covers these only
        help: write `"Resource": "*"`
        truth: missing → denied   false → denied   true → not denied
        "#);
    }
}
