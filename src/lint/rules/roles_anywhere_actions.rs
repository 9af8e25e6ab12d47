//! E152: trust in Roles Anywhere without all it does.

use crate::lint::Fix;
use crate::lint::cover;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::text::quoted;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::Effect;
use crate::policy::PolicyType;
use crate::source::Severity;
use crate::source::Spanned;

pub(super) struct RolesAnywhereActions;

static META: Meta = Meta {
    code: "E152",
    name: "roles-anywhere-actions",
    severity: Severity::Error,
    security: None,
    types: &[PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "trust in IAM Roles Anywhere lacks `sts:TagSession` or `sts:SetSourceIdentity`",
    explanation: "\
IAM Roles Anywhere hands the fields of a certificate on as session tags and source identity. Each \
session it makes therefore needs `sts:TagSession` and `sts:SetSourceIdentity` beside `sts:AssumeRole`; \
without them it makes none.",
    elsewhere: "Access Analyzer MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"},
  "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  "Condition": {"ArnEquals": {
    "aws:SourceArn": "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a1"}}}}"#,
    ),
};

impl Rule for RolesAnywhereActions {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let trusting: Vec<_> = subject
            .principals()
            .filter(|principal| principal.kind == Some("Service") && principal.text == SERVICE)
            .map(|principal| principal.statement)
            .filter(|statement| statement.effect.value == Effect::Allow)
            .collect();
        let reaches = |entries: &[Spanned<String>], name: &str| {
            entries.iter().any(|entry| cover::action(&entry.value, name))
        };
        let granted = |name: &str| {
            trusting
                .iter()
                .any(|statement| statement.action.negated || reaches(&statement.action.entries, name))
        };
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !granted(name)).collect();
        for statement in trusting.iter().filter(|_| !missing.is_empty()) {
            let part = &statement.action;
            if !reaches(&part.entries, "sts:AssumeRole") {
                continue;
            }
            let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
            let texts = part.entries.iter().map(|entry| entry.value.as_str()).chain(missing.iter().copied());
            let list = format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "));
            let fix = Fix::replace(format!("add {names}"), part.span.0, list, false);
            let message = format!("IAM Roles Anywhere also needs {names}");
            found.push(META.at(part.span.0, message).help(format!("add {names}")).fix(fix));
        }
    }
}

const SERVICE: &str = "rolesanywhere.amazonaws.com";
const NEEDED: [&str; 2] = ["sts:TagSession", "sts:SetSourceIdentity"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn names_what_is_missing() {
        insta::assert_snapshot!(show(&RolesAnywhereActions), @r#"
        E152 IAM Roles Anywhere also needs `sts:TagSession` and `sts:SetSourceIdentity`
          "Action": "sts:AssumeRole"}}
                    ^^^^^^^^^^^^^^^^
        help: add `sts:TagSession` and `sts:SetSourceIdentity`
        "#);
    }
}
