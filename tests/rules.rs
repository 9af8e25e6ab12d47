//! The table of lint rules: every rule proves itself on its own examples, and none is forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use twokeys::lint::{Class, Example, Fix, FixKind, Options, RULES, Rule, Subject, lint};
use twokeys::policy::{Policy, PolicyType};
use twokeys::source::Severity;

/// How often a rule speaks of an example.
fn speaks(rule: &dyn Rule, example: &Example) -> usize {
    let meta = rule.meta();
    assert!(
        meta.types.contains(&example.kind),
        "{}: the example is of a kind it does not look at",
        meta.code
    );
    let policy = Policy::parse(example.text).unwrap_or_else(|errors| panic!("{}: {errors}", meta.code));
    assert!(policy.refusals(example.kind).is_empty(), "{}: the example would be refused", meta.code);
    let mut found = Vec::new();
    rule.check(&Subject::new(&policy, &example.options()), &mut found);
    assert!(
        found.iter().all(|finding| finding.code() == meta.code),
        "{}: speaks for another rule",
        meta.code
    );
    let text = |finding: &twokeys::lint::Finding| example.text.get(finding.span.range()).unwrap_or_default();
    assert!(found.iter().all(|finding| !text(finding).is_empty()), "{}: points at nothing", meta.code);
    found.len()
}

#[test]
fn thousands_of_equal_statements_do_not_stall_the_rules() {
    let statement = r#"{"Effect": "Deny", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::b/*",
      "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}"#;
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, vec![statement; 3_000].join(","));
    let policy = Policy::parse(&text).unwrap();
    let begin = Instant::now();
    assert!(lint(&policy, &Options::new(PolicyType::Identity)).len() > 3_000);
    // Each held against each, they took minutes.
    assert!(begin.elapsed() < Duration::from_secs(20), "took {:?}", begin.elapsed());
}

#[test]
fn each_rule_flags_its_bad_example_and_is_silent_on_its_good_one() {
    for rule in RULES {
        assert!(speaks(*rule, &rule.meta().bad) > 0, "{} is silent on its bad example", rule.meta().code);
        assert_eq!(speaks(*rule, &rule.meta().good), 0, "{} flags its good example", rule.meta().code);
    }
}

#[test]
fn a_fix_of_a_bad_example_leaves_a_policy_without_the_finding() {
    let mut mended = 0;
    for rule in RULES {
        let (meta, bad) = (rule.meta(), &rule.meta().bad);
        let find = |policy: &Policy| {
            let mut found = Vec::new();
            rule.check(&Subject::new(policy, &bad.options()), &mut found);
            found
        };
        let found = find(&Policy::parse(bad.text).unwrap());
        let fixes: Vec<&Fix> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        if fixes.is_empty() {
            continue;
        }
        assert_ne!(meta.fix, FixKind::None, "{} has a fix and says it has none", meta.code);
        let (text, made) = Fix::apply(bad.text, fixes.iter().copied());
        let policy = Policy::parse(&text).unwrap_or_else(|errors| panic!("{}: {errors}\n{text}", meta.code));
        assert!(find(&policy).len() < found.len(), "{}: still there in {text}", meta.code);
        assert!(fixes.iter().all(|fix| !fix.safe || meta.fix != FixKind::Unsafe), "{}", meta.code);
        mended += made;
    }
    assert!(mended >= 25, "only {mended} fixes made");
}

#[test]
fn no_good_example_has_an_error() {
    for rule in RULES {
        let good = &rule.meta().good;
        let policy = Policy::parse(good.text).unwrap();
        let errors: Vec<_> = lint(&policy, &good.options())
            .iter()
            .filter(|finding| finding.meta.class() == Class::Error)
            .map(|finding| finding.message.clone())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", rule.meta().code);
    }
}

#[test]
fn codes_are_unique_and_ascending_within_their_groups() {
    let place = |code: &str| {
        let (group, number) = code.split_at(1);
        ("EWSMIL".find(group).unwrap(), number.parse::<u16>().unwrap())
    };
    for (one, next) in RULES.iter().zip(RULES.iter().skip(1)) {
        let (one, next) = (one.meta().code, next.meta().code);
        assert!(place(one) < place(next), "{one} stands before {next}");
    }
    let names: BTreeSet<_> = RULES.iter().map(|rule| rule.meta().name).collect();
    assert_eq!(names.len(), RULES.len(), "two rules have one name");
}

#[test]
fn each_file_is_a_rule_of_the_table_and_says_so_first() {
    let files: BTreeSet<String> = fs::read_dir("src/lint/rules")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "mod")
        .collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.meta().name.replace('-', "_")).collect();
    assert_eq!(files, rules);
    for rule in RULES {
        let path = Path::new("src/lint/rules").join(rule.meta().name.replace('-', "_")).with_extension("rs");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(&format!("//! {}: ", rule.meta().code)), "{}", path.display());
    }
}

#[test]
fn every_rule_explains_itself() {
    for rule in RULES {
        let meta = rule.meta();
        let plain = |text: &str| !text.is_empty() && !text.contains("  ") && text.trim() == text;
        assert!(plain(meta.summary) && !meta.summary.ends_with('.'), "{}", meta.code);
        assert!(plain(meta.explanation) && meta.explanation.ends_with('.'), "{}", meta.code);
        assert!(!meta.types.is_empty() && !meta.since.is_empty(), "{}", meta.code);
        let about_security = matches!(meta.class(), Class::Security);
        assert!(!about_security || meta.security.is_some(), "{}", meta.code);
        assert_eq!(meta.severity == Severity::Info, meta.class() == Class::Suggestion, "{}", meta.code);
    }
}

/// `TWOKEYS_UPDATE_RULES=1 cargo test --test twokeys rules` writes the page anew.
#[test]
fn the_page_of_rules_is_what_the_table_prints() {
    let page = twokeys::report::lint::catalog();
    if std::env::var_os("TWOKEYS_UPDATE_RULES").is_some() {
        fs::write("docs/rules.md", &page).unwrap();
    }
    let kept = fs::read_to_string("docs/rules.md").unwrap_or_default();
    assert!(kept == page, "docs/rules.md is not what the table prints; set TWOKEYS_UPDATE_RULES to write it");
}

#[test]
fn refusals_and_rules_about_the_run_have_codes_of_their_own() {
    let mut codes: Vec<_> = twokeys::lint::metas().map(|meta| meta.code).collect();
    codes.dedup();
    // One code for two mistakes: a value that is refused, and values of several types.
    assert_eq!(twokeys::lint::metas().count(), codes.len() + 1);
    for meta in twokeys::lint::REFUSALS.iter().chain(&twokeys::lint::RUN) {
        assert!(!meta.summary.ends_with('.') && meta.explanation.ends_with('.'), "{}", meta.code);
    }
}
