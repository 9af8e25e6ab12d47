//! `docs/fidelity.md` has a row for every rule, and what a row names is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::cases::{RULES, own_cases, specified_cases};

/// The rules beside those of [`RULES`]: grammar, names, limits, context, MFA and its codes.
const OTHER_RULES: &[(&str, &[u16])] = &[
    ("PA", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]),
    ("AC", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("RE", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    ("PR", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]),
    ("LM", &[1, 2]),
    ("CK", &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11]),
    ("MF", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
    (
        "MFA",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
            27, 28, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 50, 51, 52,
            53, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70,
        ],
    ),
    (
        "STS",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
            36, 37, 40, 41, 42, 43, 44, 45,
        ],
    ),
    (
        "API",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
            34, 35, 36, 40, 41, 42, 43, 44, 45, 46, 47, 50, 51, 52, 60, 61, 62, 63, 64, 65, 66, 67, 68,
        ],
    ),
];
const MARKS: &[&str] = &["documented", "observed", "our choice", "uncertain"];

#[test]
fn every_rule_has_its_row() {
    let rows = rows();
    let rules = RULES.iter().chain(OTHER_RULES);
    let ids: Vec<String> = rules
        .flat_map(|(area, numbers)| numbers.iter().map(move |number| format!("{area}-{number:03}")))
        .collect();
    let missing: Vec<&String> = ids.iter().filter(|id| !rows.contains_key(*id)).collect();
    let unknown: Vec<&String> = rows.keys().filter(|id| !ids.contains(id)).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "without a row: {missing:?}; no rule: {unknown:?}");
}

#[test]
fn what_a_row_names_is_there() {
    let page = page();
    let own = own_cases();
    let specified = specified_cases();
    let mut wrong = Vec::new();
    for (rule, [_, source, tested, mark]) in &rows() {
        if !page.contains(&format!("\n{source}: https://docs.aws.amazon.com/")) {
            wrong.push(format!("{rule}: {source} leads nowhere"));
        }
        if !MARKS.iter().any(|known| mark.contains(known)) {
            wrong.push(format!("{rule}: `{mark}` is no mark"));
        }
        let names: Vec<&str> = tested.split('`').skip(1).step_by(2).collect();
        if names.is_empty() && tested != "no effect on decisions" {
            wrong.push(format!("{rule}: says nothing of tests"));
        }
        for name in &names {
            let found = match *name {
                "evaluation-cases" => specified.iter().any(|(_, case)| case.rule == *rule),
                path if path.contains('/') => Path::new(path).exists(),
                file => own.iter().any(|(of, case)| *of == format!("{file}.json") && case.rule == *rule),
            };
            if !found {
                wrong.push(format!("{rule}: nothing in `{name}`"));
            }
        }
        let unnamed = own.iter().find(|(of, case)| {
            case.rule == *rule && !names.iter().any(|name| of.strip_suffix(".json") == Some(*name))
        });
        if let Some((file, case)) = unnamed {
            wrong.push(format!("{rule}: does not name {file}, which has {}", case.id));
        }
    }
    assert!(wrong.is_empty(), "docs/fidelity.md\n{}", wrong.join("\n"));
}

fn page() -> String {
    fs::read_to_string("docs/fidelity.md").unwrap()
}

/// The rules of the page, with the other four cells of their rows.
fn rows() -> BTreeMap<String, [String; 4]> {
    let page = page();
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Rule ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [rule, says, source, tested, mark] = cells[..] else { panic!("not five cells: {line}") };
        let twice = rows.insert(rule.to_owned(), [says, source, tested, mark].map(str::to_owned));
        assert!(twice.is_none(), "{rule} has two rows");
    }
    rows
}
