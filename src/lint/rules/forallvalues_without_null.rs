//! S322: an `Allow` that `ForAllValues:` leaves open.

use crate::lint::edit::demand_key;
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::named::Named;
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::name::fold;
use crate::policy::{Comparison, PolicyType, SetPrefix};
use crate::source::Severity;

pub(super) struct ForallvaluesWithoutNull;

static META: Meta = Meta {
    code: "S322",
    name: "forallvalues-without-null",
    severity: Severity::Warning,
    security: Some(5.0),
    types: &[PolicyType::Identity, PolicyType::Session, PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` uses `ForAllValues:` and does not ask whether the key is there",
    explanation: "\
`ForAllValues` is true when the key is missing. An `Allow` that restricts, say, the tags of a \
request by it also allows the request that passes no tags at all. `Null` with `false` on the same \
key closes the hole.",
    elsewhere: "iam-policy-validator forallvalues_allow_without_null_check",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
    "Null": {"aws:TagKeys": "false"}}}}"#,
    ),
};

impl Rule for ForallvaluesWithoutNull {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for test in subject.tests().filter(Test::grants) {
            let several = test.global_key().is_some_and(|key| key.multivalued);
            let for_all =
                test.operator().set == Some(SetPrefix::ForAllValues) && test.comparison() != Comparison::Null;
            if several && for_all && !must_be_there(&test) && may_have_key(subject, &test) {
                let message = format!("without `{}` in the request this test is true", test.key());
                let finding =
                    META.at(test.block.operator.span, message).label("true when the key is missing");
                let help = format!("add `\"Null\": {{\"{}\": \"false\"}}`", test.key());
                let mut finding = finding.help(help).about(&test);
                finding.fix = demand_key(&test);
                found.push(finding);
            }
        }
    }
}

/// Can a request of the statement have the key? W206 speaks of those that cannot, and demanding it would end the grant.
fn may_have_key(subject: &Subject<'_>, test: &Test<'_>) -> bool {
    let of_entry = |named: &Named<'_>| match named.reached() {
        // A service that does not list the key at all may have it all the same.
        Some(actions) => actions
            .iter()
            .any(|action| action.has_key(test.key()) || action.service().key(test.key()).is_none()),
        None => true,
    };
    test.statement.action.negated || subject.named_by(test.statement).iter().any(of_entry)
}

/// Does another test of the same condition hold only for requests with the key?
///
/// A request that must pass a certain tag has keys of tags.
pub(super) fn must_be_there(test: &Test<'_>) -> bool {
    tests_of(test.statement).filter(Test::wants_key).any(|other| {
        let passes_a_tag = || test.is_on("aws:TagKeys") && fold(other.key()).starts_with("aws:requesttag/");
        other.is_on(test.key()) || passes_a_tag()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn co_009_points_at_the_operator() {
        insta::assert_snapshot!(show(&ForallvaluesWithoutNull), @r#"
        S322 without `aws:TagKeys` in the request this test is true
          "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}}}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ true when the key is missing
        help: add `"Null": {"aws:TagKeys": "false"}`
        "#);
    }

    #[test]
    fn nobody_demands_a_key_that_no_action_of_the_statement_has() {
        let text = META.bad.text.replace("ec2:CreateTags", "ec2:DescribeInstances");
        assert_eq!(crate::lint::show_on(&ForallvaluesWithoutNull, &Example::identity(text.leak())), "");
    }

    #[test]
    fn a_tag_that_must_be_passed_brings_the_keys_of_tags() {
        for (more, expected) in [
            (r#""StringEquals": {"aws:RequestTag/team": "a"}"#, false),
            (r#""Null": {"aws:RequestTag/team": "false"}"#, false),
            (r#""ForAnyValue:StringEquals": {"aws:TagKeys": "team"}"#, false),
            (r#""StringEqualsIfExists": {"aws:RequestTag/team": "a"}"#, true),
            (r#""StringEquals": {"aws:ResourceTag/team": "a"}"#, true),
        ] {
            let text = META.good.text.replace(r#""Null": {"aws:TagKeys": "false"}"#, more);
            let shown = crate::lint::show_on(&ForallvaluesWithoutNull, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), expected, "{more}");
        }
    }
}
