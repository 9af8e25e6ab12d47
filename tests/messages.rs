//! What a person sees for each policy of `policies/broken`: one snapshot a file.
//!
//! The ending of a name says the type of policy: `.trust.json`, `.resource.json`, `.scp.json`, else identity.

use std::collections::BTreeSet;
use std::path::Path;

use twokeys::policy::{ParseErrors, Policy, PolicyType};
use twokeys::report::{Colors, snippets};

#[test]
fn every_broken_policy_is_refused_with_place_expectation_and_next_step() {
    let mut codes = BTreeSet::new();
    for name in names() {
        let bytes = std::fs::read(folder().join(&name)).unwrap();
        let errors = refused(&bytes, kind(&name)).unwrap_or_else(|| panic!("{name} is not refused"));
        for error in errors.iter() {
            codes.insert(error.code());
            assert!(error.help().is_some(), "{name}: no next step for {error}");
        }
        let shown = snippets(&name, &bytes, &errors.to_diagnostics(), Colors::Plain);
        insta::assert_snapshot!(name.trim_end_matches(".json"), shown);
    }
    // Every code under which the reader refuses has its file.
    let all = [
        "E101", "E102", "E103", "E104", "E106", "E107", "E108", "E109", "E110", "E111", "E112", "E113",
        "E114", "E115", "E128", "E130", "E131", "E132",
    ];
    assert_eq!(codes, BTreeSet::from(all));
}

#[test]
fn every_broken_policy_is_in_the_list() {
    let list = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for name in names() {
        assert!(list.contains(&format!("`{name}`")), "{name} is missing in policies/broken/README.md");
    }
}

fn refused(bytes: &[u8], kind: PolicyType) -> Option<ParseErrors> {
    match Policy::parse_bytes(bytes) {
        Ok(policy) => ParseErrors::from_vec(policy.refusals(kind)),
        Err(errors) => Some(errors),
    }
}

fn kind(name: &str) -> PolicyType {
    let ending = name.trim_end_matches(".json").rsplit_once('.').map_or("identity", |(_, ending)| ending);
    PolicyType::ALL.into_iter().find(|kind| kind.as_str() == ending).unwrap()
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/broken"))
}

fn names() -> Vec<String> {
    let entries =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        entries.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "json")).collect();
    names.sort();
    assert!(names.len() >= 30, "policies/broken has only {} files", names.len());
    names
}
