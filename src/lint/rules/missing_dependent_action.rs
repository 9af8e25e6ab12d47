//! I523: an action that needs another.

use std::collections::BTreeSet;

use crate::lint::grants::touches;
use crate::lint::known::as_of;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::listed;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::{Effect, Statement};
use crate::source::Severity;

pub(super) struct MissingDependentAction;

static META: Meta = Meta {
    code: "I523",
    name: "missing-dependent-action",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: true,
    since: "0.1.0",
    summary: "an allowed action depends on others that the policy does not allow",
    explanation: "\
Some actions do other things on behalf of the caller, and AWS checks those too: who makes a \
function must be allowed to pass it a role. Another policy may grant what is missing here. Not \
every use of an action needs all that it depends on.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "lambda:CreateFunction",
    "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:app"}]}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "lambda:CreateFunction",
    "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:app"},
  {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app",
    "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}]}"#,
    ),
};

impl Rule for MissingDependentAction {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let allows = |statement: &Statement| statement.effect.value == Effect::Allow;
        for (_, named) in
            subject.named().filter(|(statement, _)| allows(statement) && !statement.action.negated)
        {
            // What a wildcard reaches nobody has asked for by name.
            for named in named.iter().filter(|named| !named.is_wild) {
                let (entry, Some(action)) = (named.entry, named.actions().first()) else { continue };
                let allowed = |name: &str| subject.allows().any(|statement| touches(statement, name));
                let missing: BTreeSet<_> = action.dependent().filter(|name| !allowed(name)).collect();
                if !missing.is_empty() {
                    let missing: Vec<_> = missing.into_iter().collect();
                    let message = format!("`{action}` depends on {}, {}", listed(&missing), as_of());
                    found.push(META.at(entry.span, message).help("allow it here or in another policy"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&MissingDependentAction), @r#"
        I523 `lambda:CreateFunction` depends on `iam:PassRole`, as of 2026-10-27
          {"Effect": "Allow", "Action": "lambda:CreateFunction",
                                        ^^^^^^^^^^^^^^^^^^^^^^^
        help: allow it here or in another policy
        "#);
    }
}
