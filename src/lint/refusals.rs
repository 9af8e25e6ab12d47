//! What the reader refuses, as the catalog of rules tells it.
//!
//! Such a policy is not evaluated, because it has no single meaning; no rule gets to see it. To whoever
//! lints it the mistake is a finding like all others, with a code, a page and a place.

use super::Finding;
use super::meta::{ALL, Example, FixKind, Meta};
use crate::policy::{ParseError, PolicyType};
use crate::source::Severity;

const GOOD: Example = Example::identity(
    r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#,
);

const fn refused(
    code: &'static str,
    name: &'static str,
    summary: &'static str,
    explanation: &'static str,
    elsewhere: &'static str,
    bad: &'static str,
) -> Meta {
    Meta {
        code,
        name,
        severity: Severity::Error,
        security: None,
        types: ALL,
        fix: FixKind::None,
        opt_in: false,
        since: "0.1.0",
        summary,
        explanation,
        elsewhere,
        bad: Example::identity(bad),
        good: GOOD,
    }
}

const E113_REFUSED: &str = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const E113_TAKEN: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject",
  "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#;

/// The mistakes for which a policy is refused, in the order of their codes.
///
/// One code stands for two mistakes: condition values that are refused, and values of several types in
/// one list, which a rule reports.
pub static REFUSALS: [Meta; 18] = [
    refused(
        "E101",
        "json-syntax",
        "the text is no JSON",
        "The text is no JSON. Comments, commas before a closing bracket and single quotation marks \
         are none, either; a byte-order mark, UTF-16 and more than 64 levels are refused, too.",
        "AA JSON_SYNTAX_ERROR; parliament MALFORMED_JSON",
        r#"{"Version": "2012-10-17", "Statement": [}"#,
    ),
    refused(
        "E102",
        "duplicate-json-key",
        "one object has the same name twice",
        "One object has the same name twice. Readers of JSON disagree on which of the two counts, so \
         a condition could vanish for one of them.",
        "none (peers lose the first value)",
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Action": "s3:*", "Resource": "*"}}"#,
    ),
    refused(
        "E103",
        "root-not-object",
        "the document is no object",
        "A policy is one JSON object. A list, or a policy inside a string, is none.",
        "AA DATA_TYPE_MISMATCH",
        r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"}]"#,
    ),
    refused(
        "E104",
        "missing-statement",
        "the policy has no `Statement`",
        "A policy without `Statement` says nothing.",
        "AA MISSING_STATEMENT; parliament MALFORMED",
        r#"{"Version": "2012-10-17"}"#,
    ),
    refused(
        "E106",
        "unknown-element",
        "an element that the policy language does not have",
        "The policy or a statement has an element that the policy language does not know. Names of \
         elements are written exactly as AWS prints them, letter case included. Skipping one could \
         turn a limited statement into an unlimited one.",
        "AA INVALID_POLICY_ELEMENT; parliament MALFORMED",
        r#"{"Statement": {"effect": "Deny", "Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
    ),
    refused(
        "E107",
        "wrong-json-type",
        "an element has a value of the wrong JSON type",
        "An element has a value of the wrong JSON type: a number where a text belongs, a list in a \
         list.",
        "AA DATA_TYPE_MISMATCH",
        r#"{"Statement": {"Effect": "Allow", "Action": 5, "Resource": "*"}}"#,
    ),
    refused(
        "E108",
        "invalid-version",
        "there is no such version of the policy language",
        "There are two versions of the policy language: 2012-10-17 and 2008-10-17. It is not the date \
         of your last change.",
        "AA INVALID_VERSION; parliament INVALID_VERSION",
        r#"{"Version": "2026-01-05", "Statement": []}"#,
    ),
    refused(
        "E109",
        "missing-effect",
        "a statement has no `Effect`",
        "A statement without `Effect` neither allows nor denies.",
        "AA MISSING_EFFECT",
        r#"{"Statement": {"Action": "*", "Resource": "*"}}"#,
    ),
    refused(
        "E110",
        "invalid-effect",
        "an effect other than `Allow` and `Deny`",
        "`Effect` is exactly `Allow` or `Deny`, letter case included.",
        "AA INVALID_EFFECT",
        r#"{"Statement": {"Effect": "deny", "Action": "*", "Resource": "*"}}"#,
    ),
    refused(
        "E111",
        "missing-action",
        "a statement has neither `Action` nor `NotAction`",
        "A statement says to which actions it applies, by `Action` or by `NotAction`.",
        "AA MISSING_ACTION; parliament MALFORMED",
        r#"{"Statement": {"Effect": "Allow", "Resource": "*"}}"#,
    ),
    refused(
        "E112",
        "missing-resource",
        "a statement has neither `Resource` nor `NotResource`, and this type of policy needs one",
        "In this type of policy a statement says to which resources it applies. Read literally, one \
         that does not would apply to everything.",
        "AA MISSING_RESOURCE",
        r#"{"Statement": {"Effect": "Allow", "Action": "*"}}"#,
    ),
    Meta {
        bad: Example::of(PolicyType::Resource, E113_REFUSED),
        good: Example::of(PolicyType::Resource, E113_TAKEN),
        ..refused(
            "E113",
            "missing-principal",
            "a statement has no `Principal`, and this type of policy needs one",
            "A policy of a resource says whom it is about. Read literally, a statement that does not \
         would apply to everybody.",
            "AA MISSING_PRINCIPAL",
            E113_REFUSED,
        )
    },
    refused(
        "E114",
        "unsupported-principal",
        "a policy that is attached to somebody names a principal",
        "A policy that is attached to a user, a group or a role applies to whom it is attached; it \
         names nobody.",
        "AA UNSUPPORTED_PRINCIPAL, SCP_SYNTAX_ERROR_PRINCIPAL",
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
    ),
    refused(
        "E115",
        "element-combination",
        "an element stands beside its `Not…` form",
        "An element and its `Not…` form exclude each other. AWS does not say which one would count.",
        "AA UNSUPPORTED_ELEMENT_COMBINATION",
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "NotAction": "iam:*", "Resource": "*"}}"#,
    ),
    refused(
        "E128",
        "unknown-operator",
        "AWS documents no such condition operator",
        "AWS documents no such condition operator. Taken for true or for false, some statement would \
         silently fire or die; a Deny with a misspelled operator must not vanish.",
        "AA INVALID_CONDITION_OPERATOR; parliament UNKNOWN_OPERATOR",
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"BoolEquals": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    ),
    refused(
        "E130",
        "condition-key-twice",
        "two names in a condition differ by capitals only",
        "Letter case does not count in names of condition keys and operators, so these two are one \
         name, given twice.",
        "AA DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"Bool": {"aws:SecureTransport": "false", "AWS:securetransport": "true"}}}}"#,
    ),
    refused(
        "E131",
        "null-if-exists",
        "`IfExists` behind `Null`",
        "`Null` asks whether a key is there; there is no form of it for keys that are not.",
        "AA NULL_WITH_IF_EXISTS",
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"NullIfExists": {"aws:MultiFactorAuthAge": "true"}}}}"#,
    ),
    refused(
        "E132",
        "condition-value-types",
        "a condition value that is neither text, number nor boolean",
        "A condition compares a key with a text, a number or a boolean, or with a list of these. \
         `null`, objects and lists in lists cannot be compared: with such a value nothing is decided. Under \
         the same code a list of several types is pointed at, which decides nevertheless.",
        "AA INVALID_CONDITION_DATA_TYPE",
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": null}}}}"#,
    ),
];

impl Finding {
    /// What the reader said, as a finding.
    pub fn of_refusal(error: &ParseError) -> Option<Self> {
        let meta = REFUSALS.iter().find(|meta| meta.code == error.code())?;
        let diagnostic = error.to_diagnostic();
        let mut finding = Self::new(meta, error.span(), diagnostic.message);
        finding.label = diagnostic.label;
        finding.other = diagnostic.other;
        finding.help = diagnostic.help;
        Some(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn pa_019_the_example_of_each_refusal_is_refused_for_it() {
        for meta in &REFUSALS {
            let found: Vec<_> = match Policy::parse(meta.bad.text) {
                Err(errors) => errors.iter().filter_map(Finding::of_refusal).collect(),
                Ok(policy) => policy.refusals(meta.bad.kind).iter().filter_map(Finding::of_refusal).collect(),
            };
            assert_eq!(found.iter().map(Finding::code).collect::<Vec<_>>(), [meta.code], "{}", meta.bad.text);
            let good = Policy::parse(meta.good.text).unwrap();
            assert!(good.refusals(meta.good.kind).is_empty(), "{}", meta.code);
        }
    }
}
