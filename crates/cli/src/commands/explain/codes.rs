//! The codes of mistakes and warnings: what is wrong, and why it matters.

use twokeys::account;
use twokeys::lint::{self, Meta, RULES};
use twokeys::report::Style;
use twokeys::request::object;

use super::page::Page;
use crate::{failure, testfile};

/// The page of a code, or of a rule by its name.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    let is = |code: &str| code.eq_ignore_ascii_case(word);
    let refusal = REFUSALS.iter().find(|refusal| is(refusal.code) || is(refusal.name));
    let rule = lint::find(word).map(lint::Rule::meta);
    if let Some((code, name)) =
        refusal.map(|refusal| (refusal.code, refusal.name)).or_else(|| Some((rule?.code, rule?.name)))
    {
        let mut page = Page::new(style, code, name);
        if let Some(refusal) = refusal {
            refused(refusal, &mut page);
        }
        if let Some(rule) = rule {
            reported(rule, &mut page);
        }
        if let Some((_, words)) = tables().find(|(code, _)| is(code)) {
            page.heading("Of a question:");
            page.paragraph(words);
        }
        return Some(page.into_text());
    }
    let (code, words) = tables().find(|(code, _)| is(code))?;
    let mut page = Page::new(
        style,
        code,
        if WARNINGS.iter().any(|(known, _)| known == code) { "a warning" } else { "an error" },
    );
    page.paragraph(words);
    Some(page.into_text())
}

fn refused(refusal: &Refusal, page: &mut Page) {
    page.paragraph(refusal.words);
    page.heading("Refused:");
    page.verbatim(refusal.refused);
    page.paragraph("A policy with this mistake is not read, so that nothing is decided by half of it.");
}

fn reported(rule: &Meta, page: &mut Page) {
    page.paragraph(&sentence(rule.summary));
    page.paragraph(rule.explanation);
    page.heading("Flagged, and decided all the same:");
    page.verbatim(rule.bad.text);
    page.heading("Not flagged:");
    page.verbatim(rule.good.text);
    if !rule.elsewhere.is_empty() {
        page.paragraph(&format!("In other tools: {}.", rule.elsewhere));
    }
}

/// A summary as a sentence.
fn sentence(summary: &str) -> String {
    let mut rest = summary.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

/// All codes, and the names of those that have one.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let refusals = REFUSALS.iter().flat_map(|refusal| [refusal.code, refusal.name]);
    let rules = RULES.iter().flat_map(|rule| [rule.meta().code, rule.meta().name]);
    refusals.chain(rules).chain(tables().map(|(code, _)| *code))
}

/// The codes that are words.
fn tables() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [object::CODES, WARNINGS, account::CODES, failure::CODES, testfile::CODES].into_iter().flatten()
}

/// A mistake for which a policy is refused.
struct Refusal {
    code: &'static str,
    name: &'static str,
    words: &'static str,
    /// A policy that has it.
    refused: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        code: "E101",
        name: "json-syntax",
        words: "The text is no JSON. Comments, commas before a closing bracket and single quotation marks are none, \
                either; a byte-order mark, UTF-16 and more than 64 levels are refused, too.",
        refused: r#"{"Version": "2012-10-17", "Statement": [}"#,
    },
    Refusal {
        code: "E102",
        name: "duplicate-json-key",
        words: "One object has the same name twice. Readers of JSON disagree on which of the two counts, so a \
                condition could vanish for one of them.",
        refused: r#"{"Statement": {"Effect": "Deny", "Action": "*", "Action": "s3:*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E103",
        name: "root-not-object",
        words: "A policy is one JSON object. A list, or a policy inside a string, is none.",
        refused: r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"}]"#,
    },
    Refusal {
        code: "E104",
        name: "missing-statement",
        words: "A policy without `Statement` says nothing.",
        refused: r#"{"Version": "2012-10-17"}"#,
    },
    Refusal {
        code: "E106",
        name: "unknown-element",
        words: "The policy or a statement has an element that the policy language does not know. Names of elements \
                are written exactly as AWS prints them, letter case included. Skipping one could turn a limited \
                statement into an unlimited one.",
        refused: r#"{"Statement": {"effect": "Deny", "Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E107",
        name: "wrong-json-type",
        words: "An element has a value of the wrong JSON type: a number where a text belongs, a list in a list.",
        refused: r#"{"Statement": {"Effect": "Allow", "Action": 5, "Resource": "*"}}"#,
    },
    Refusal {
        code: "E108",
        name: "invalid-version",
        words: "There are two versions of the policy language: 2012-10-17 and 2008-10-17. It is not the date of your \
                last change.",
        refused: r#"{"Version": "2026-01-05", "Statement": []}"#,
    },
    Refusal {
        code: "E109",
        name: "missing-effect",
        words: "A statement without `Effect` neither allows nor denies.",
        refused: r#"{"Statement": {"Action": "*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E110",
        name: "invalid-effect",
        words: "`Effect` is exactly `Allow` or `Deny`, letter case included.",
        refused: r#"{"Statement": {"Effect": "deny", "Action": "*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E111",
        name: "missing-action",
        words: "A statement says to which actions it applies, by `Action` or by `NotAction`.",
        refused: r#"{"Statement": {"Effect": "Allow", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E112",
        name: "missing-resource",
        words: "In this type of policy a statement says to which resources it applies. Read literally, one that does \
                not would apply to everything.",
        refused: r#"{"Statement": {"Effect": "Allow", "Action": "*"}}"#,
    },
    Refusal {
        code: "E113",
        name: "missing-principal",
        words: "A policy of a resource says whom it is about. Read literally, a statement that does not would apply \
                to everybody.",
        refused: r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E114",
        name: "unsupported-principal",
        words: "A policy that is attached to a user, a group or a role applies to whom it is attached; it names \
                nobody.",
        refused: r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E115",
        name: "element-combination",
        words: "An element and its `Not…` form exclude each other. AWS does not say which one would count.",
        refused: r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "NotAction": "iam:*", "Resource": "*"}}"#,
    },
    Refusal {
        code: "E128",
        name: "unknown-operator",
        words: "AWS documents no such condition operator. Taken for true or for false, some statement would silently \
                fire or die; a Deny with a misspelled operator must not vanish.",
        refused: r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"BoolEquals": {"aws:MultiFactorAuthPresent": "false"}}}}"#,
    },
    Refusal {
        code: "E130",
        name: "condition-key-twice",
        words: "Letter case does not count in names of condition keys and operators, so these two are one name, \
                given twice.",
        refused: r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"Bool": {"aws:SecureTransport": "false", "AWS:securetransport": "true"}}}}"#,
    },
    Refusal {
        code: "E131",
        name: "null-if-exists",
        words: "`Null` asks whether a key is there; there is no form of it for keys that are not.",
        refused: r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"NullIfExists": {"aws:MultiFactorAuthAge": "true"}}}}"#,
    },
    Refusal {
        code: "E132",
        name: "condition-value-types",
        words: "A condition compares a key with a text, a number or a boolean, or with a list of these. `null`, \
                objects and lists in lists cannot be compared.",
        refused: r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
  "Condition": {"Bool": {"aws:MultiFactorAuthPresent": null}}}}"#,
    },
];

/// What evaluation meets, or a question leaves open, and goes on with (UX-088).
const WARNINGS: &[(&str, &str)] = &[
    (
        "set-operator-needed",
        "The request has several values for a key, and the operator no set prefix: the condition is not met, \
         whatever the values. Write ForAnyValue: or ForAllValues: in front of the operator.",
    ),
    (
        "unparsable-value",
        "A value cannot be read as what the operator compares, such as a text under Bool or Numeric. It fits \
         nothing: a positive operator is not met, a negated one is.",
    ),
    (
        "unresolved-variable",
        "A ${variable} has nothing to stand for: its key is missing, has several values, or the variable is badly \
         written. The value that holds it fits nothing; in a negated operator it counts as different.",
    ),
    (
        "principal-by-name",
        "The policy names a role by its ARN, and of the requester's role only the name is known, so the names were \
         compared. Give the full ARN: --principal-detail roleArn=ARN.",
    ),
    (
        "notprincipal-account",
        "NotPrincipal with Deny lists a user or a role, but not its account. Some services deny the account and with \
         it everyone in it; list the account, too, or use a condition on aws:PrincipalArn.",
    ),
    (
        "incomplete-arn",
        "An ARN in a Resource has fewer than six fields. In identity policies the missing ones count as `*`; in other \
         policies it may never match.",
    ),
    (
        "over-limit",
        "With its variables filled in, a value is longer than anything that is compared; it fits nothing.",
    ),
    (
        "not-applicable",
        "A policy or a flag was given that has nothing to do with what is asked: a session policy for a user, the policy of a resource that nobody asks about.",
    ),
    (
        "impossible-mfa",
        "The answer is for a state of MFA in which this requester cannot be. A session of a role, for one, carries no MFA.",
    ),
    (
        "assumed-owner",
        "The ARN does not tell the account, so the resource counts as the requester's. If another account owns it, both accounts must allow the request.",
    ),
    (
        "star-resource",
        "The question is about the resource `*`, which only `Resource: \"*\"` matches, but the action works on \
         resources of its own. Ask about one: -r ARN.",
    ),
    ("unknown-action", "No action of this name is known. It is evaluated as it is, and matches wildcards."),
    (
        "assumed-principal",
        "Nobody was named to ask, so a user called `example` in account 111122223333 does. Name one: -p user/NAME.",
    ),
    (
        "other-boundary",
        "A permissions boundary was given as a file, and the one that the account has was left aside.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use twokeys::engine::MetKind;
    use twokeys::policy::{ParseError, Policy, PolicyType};

    use super::*;

    #[test]
    fn pa_019_the_example_of_each_refusal_is_refused_for_it() {
        for refusal in REFUSALS {
            let errors = match Policy::parse(refusal.refused) {
                Err(errors) => errors.iter().map(ParseError::code).collect::<Vec<_>>(),
                Ok(policy) => {
                    let kind = match refusal.code {
                        "E113" => PolicyType::Resource,
                        _ => PolicyType::Identity,
                    };
                    policy.refusals(kind).iter().map(ParseError::code).collect()
                }
            };
            assert_eq!(errors, [refusal.code], "{}", refusal.refused);
        }
    }

    /// The first text in quotation marks behind each `mark` in a source.
    fn literals<'s>(source: &'s str, mark: &str) -> Vec<&'s str> {
        let behind = source.split(mark).skip(1);
        behind.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
    }

    #[test]
    fn every_code_of_the_command_line_has_a_page() {
        // Codes are written in small letters and hyphens, as the first words of what tells a mistake.
        let marks = ["Problem::new(", "problem(", ".note(", "mistake(", "code: ", "of_question(", "parsed("];
        let is_code = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let (mut missing, mut known) = (BTreeSet::new(), 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                let codes = marks.iter().flat_map(|mark| literals(&source, mark));
                for code in
                    codes.filter(|code| code.starts_with(|c: char| c.is_ascii_lowercase())).filter(is_code)
                {
                    known += 1;
                    if page(code, Style::default()).is_none() {
                        missing.insert(code.to_owned());
                    }
                }
            }
        }
        assert!(known > 50, "the marks find {known} codes");
        assert_eq!(missing, BTreeSet::new(), "add them to one of the tables");
    }

    #[test]
    fn ux_088_every_warning_has_a_page() {
        for kind in [
            MetKind::SetOperatorNeeded,
            MetKind::UnparsableValue,
            MetKind::UnresolvedVariable,
            MetKind::PrincipalByName,
            MetKind::NotPrincipalAccount,
            MetKind::IncompleteArn,
            MetKind::OverLimit,
        ] {
            assert!(page(kind.code(), Style::default()).is_some(), "{}", kind.code());
        }
    }

    #[test]
    fn no_code_stands_in_two_tables() {
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = names().filter(|name| !seen.insert(*name)).collect();
        // One code for two mistakes: a value that is refused, and values of several types. An action may be
        // unknown in a policy and in a question.
        assert_eq!(twice, ["E132", "condition-value-types", "unknown-action"]);
    }
}
