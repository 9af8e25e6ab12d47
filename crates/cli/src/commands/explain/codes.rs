//! The codes of mistakes and warnings: what is wrong, and why it matters.

use twokeys::account;
use twokeys::lint::{self, FixKind, GAINED, Meta, REFUSALS, RULES, RUN};
use twokeys::report::Style;
use twokeys::request::object;

use super::page::Page;
use crate::{failure, testfile};

/// The page of a code, or of a rule by its name.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    let is = |code: &str| code.eq_ignore_ascii_case(word);
    let named = |meta: &&Meta| is(meta.code) || is(meta.name);
    let refusal = REFUSALS.iter().find(named);
    let rule = lint::find(word).map(lint::Rule::meta);
    let of_run = RUN.iter().chain([&GAINED]).find(named);
    if let Some(meta) = refusal.or(rule).or(of_run) {
        let mut page = Page::new(style, meta.code, meta.name);
        if let Some(refusal) = refusal {
            refused(refusal, &mut page);
        }
        if let Some(rule) = rule {
            reported(rule, &mut page);
        }
        if let Some(meta) = of_run {
            page.paragraph(&sentence(meta.summary));
            page.paragraph(meta.explanation);
        }
        if meta.code == GAINED.code {
            page.paragraph(
                "It comes with `twokeys lint --against OLD`, whatever is selected, and nothing accepts it.",
            );
        } else if refusal.is_none() {
            page.paragraph(&how_to_accept(meta));
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

fn refused(refusal: &Meta, page: &mut Page) {
    page.paragraph(refusal.explanation);
    page.heading("Refused:");
    page.verbatim(refusal.bad.text);
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

/// How far it can be mended, and how it is accepted where it is meant.
fn how_to_accept(meta: &Meta) -> String {
    let fix = match meta.fix {
        FixKind::None => "There is no automatic fix.",
        FixKind::Safe => "`twokeys lint --fix` mends it; no decision changes.",
        FixKind::Unsafe => "`twokeys lint --unsafe-fixes` mends it; decisions can change.",
        FixKind::Depends => "Simple cases are mended by `twokeys lint --fix`, others by `--unsafe-fixes`.",
    };
    let opt_in = if meta.opt_in { " It runs only where it is selected by name." } else { "" };
    format!(
        "Class {}. {fix}{opt_in} Where it is meant, accept it under `[[lint.suppress]]` in twokeys.toml: \
         code = \"{}\", a file, policy or sid, and a reason.",
        meta.class().as_str(),
        meta.code
    )
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
    let of_run = RUN.iter().chain([&GAINED]).flat_map(|meta| [meta.code, meta.name]);
    refusals.chain(rules).chain(of_run).chain(tables().map(|(code, _)| *code))
}

/// The codes that are words.
fn tables() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [object::CODES, WARNINGS, account::CODES, failure::CODES, testfile::CODES].into_iter().flatten()
}

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

    use super::*;

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
        // E132 is one code for two mistakes: a value that is refused, and values of several types. The warning
        // `unknown-action` is about a request, the rule of that name about a policy.
        assert_eq!(twice, ["E132", "condition-value-types", "unknown-action"]);
    }
}
