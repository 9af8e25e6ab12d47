//! E160: characters that nobody sees, that look like others, or that IAM does not take.

use crate::lint::meta::{ALL, Example, FixKind, IAM, Meta};
use crate::lint::text::{arn_fields, is_hidden, posing, quoted};
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::source::{Severity, Span};

pub(super) struct InvisibleCharacter;

static META: Meta = Meta {
    code: "E160",
    name: "invisible-character",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a name has a character that is invisible, looks like another, or is none that IAM takes",
    explanation: "\
A zero-width space or a Cyrillic letter in an action, a key or an ARN looks right on the page and \
matches nothing: a `Deny` spelled so protects nothing. Policies that IAM stores have no characters \
beyond U+00FF and no control characters at all, not even in values.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:Delete\u200bObject", "Resource": "*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}}"#,
    ),
};

/// What may stand in a text.
#[derive(Clone, Copy)]
enum Alphabet {
    /// ASCII only: names that AWS gave.
    Ascii,
    /// Any letters, but none that hide or pose as others: names that users gave.
    Letters,
    /// Anything that the kind of policy takes.
    Any,
}

impl Rule for InvisibleCharacter {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let of_iam = IAM.contains(&subject.kind());
        let mut look = |span: Span, parts: &[(&str, Alphabet)], joint: &str| {
            let wrong = parts.iter().find_map(|(text, alphabet)| wrong(text, *alphabet, of_iam));
            found.extend(wrong.map(|(c, label)| {
                let message = format!("U+{:04X} stands in this text", u32::from(c));
                let finding = META.at(span, message).label(label);
                if !is_hidden(c) {
                    return finding;
                }
                let text = parts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(joint);
                let seen: String = text.chars().filter(|c| !is_hidden(*c)).collect();
                finding.fix(Fix::replace("drop what nobody sees", span, quoted(&seen), false))
            }));
        };
        for action in subject.actions() {
            look(action.span, &[(action.text, Alphabet::Ascii)], "");
        }
        for principal in subject.principals() {
            look(principal.span, &[(principal.text, Alphabet::Ascii)], "");
        }
        for resource in subject.resources().filter(|resource| !is_plain(resource.text)) {
            // Only the last field is the user's to name.
            let mut fields: Vec<_> =
                arn_fields(resource.text).into_iter().map(|field| (field, Alphabet::Ascii)).collect();
            if let [_, _, _, _, _, (_, last)] = fields.as_mut_slice() {
                *last = Alphabet::Letters;
            }
            look(resource.span, &fields, ":");
        }
        for test in subject.tests() {
            // Behind the slash stands the key of a tag.
            let (name, tag) = match test.key().find('/') {
                Some(at) => test.key().split_at(at),
                None => (test.key(), ""),
            };
            look(test.test.key.span, &[(name, Alphabet::Ascii), (tag, Alphabet::Letters)], "");
            for value in test.values() {
                look(value.span, &[(&value.text, Alphabet::Any)], "");
            }
        }
        let sids = subject.statements().filter_map(|statement| statement.sid.as_ref());
        for sid in sids.chain(&subject.policy.id) {
            look(sid.span, &[(&sid.value, Alphabet::Any)], "");
        }
    }
}

/// A character that must not stand in a text, and what is wrong with it.
fn wrong(text: &str, alphabet: Alphabet, of_iam: bool) -> Option<(char, &'static str)> {
    if is_plain(text) {
        return None;
    }
    let first = |is_wrong: fn(char) -> bool, label| text.chars().find(|c| is_wrong(*c)).map(|c| (c, label));
    let hidden = || first(is_hidden, "an invisible character");
    let foreign = || first(|c| !c.is_ascii(), "no name has this letter");
    let posing = || posing(text).map(|c| (c, "looks like another letter"));
    let refused = || first(|c| !is_stored(c), "IAM stores no such character").filter(|_| of_iam);
    match alphabet {
        Alphabet::Ascii => hidden().or_else(foreign),
        Alphabet::Letters => hidden().or_else(posing).or_else(refused),
        Alphabet::Any => refused(),
    }
}

/// Nearly all texts are printed ASCII, and that is fine everywhere.
fn is_plain(text: &str) -> bool {
    // Without an early end this is done many letters at a time.
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Does IAM take this character in a policy? (PA-001)
fn is_stored(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{show, show_on};
    use crate::policy::PolicyType;

    #[test]
    fn points_at_the_action() {
        insta::assert_snapshot!(show(&InvisibleCharacter), @r#"
        E160 U+200B stands in this text
          "Effect": "Deny", "Action": "s3:Delete\u200bObject", "Resource": "*"}}
                                      ^^^^^^^^^^^^^^^^^^^^^^^ an invisible character
        "#);
    }

    #[test]
    fn pa_001_only_iam_minds_foreign_letters_in_names_that_users_give() {
        for (text, of_iam, of_resource) in [
            ("b/report.txt", None, None),
            ("b/été", None, None),
            ("b/отчет", Some("IAM stores"), None),
            ("b/rep\u{43e}rt", Some("looks like"), Some("looks like")),
            ("b/\u{202e}txt", Some("an invisible"), Some("an invisible")),
        ] {
            for (of_iam, expected) in [(true, of_iam), (false, of_resource)] {
                let label = wrong(text, Alphabet::Letters, of_iam).map(|(_, label)| label);
                assert_eq!(label.is_some(), expected.is_some(), "{text:?}");
                assert!(label.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{text:?}");
            }
        }
    }

    #[test]
    fn each_text_is_told_once_and_at_its_place() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*",
  "Principal": "*", "Resource": "arn:aws:s3:::b/r\u0435port",
  "Condition": {"Bool": {"aws:Secur\u0435Transport": "false"}}}}"#;
        insta::assert_snapshot!(show_on(&InvisibleCharacter, &Example::of(PolicyType::Resource, text)), @r#"
        E160 U+0435 stands in this text
          "Principal": "*", "Resource": "arn:aws:s3:::b/r\u0435port",
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ looks like another letter
        E160 U+0435 stands in this text
          "Condition": {"Bool": {"aws:Secur\u0435Transport": "false"}}}}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^ no name has this letter
        "#);
    }
}
