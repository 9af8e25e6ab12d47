//! What the rules of groups E and W find in policies that others wrote: how often each speaks is pinned, so
//! that a rule that begins to cry wolf is seen.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;
use twokeys::lint::{Options, lint};
use twokeys::policy::{Policy, PolicyType};

use crate::outside;

#[derive(Deserialize)]
struct Corpus {
    policies: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    /// The kind of policy; identity policies where nothing is said.
    #[serde(rename = "type")]
    kind: Option<String>,
    document: serde_json::Value,
}

/// How often each rule speaks of the policies in a file, and in how many of them, one rule a line.
fn counted(file: &str) -> Option<String> {
    let packed = outside::data(file)?;
    let text = outside::output_of(Command::new("zstd").arg("-dcq").arg(packed))?;
    let corpus: Corpus = serde_json::from_slice(&text).unwrap();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for entry in &corpus.policies {
        let word = entry.kind.as_deref().unwrap_or("identity");
        let kind = PolicyType::ALL.into_iter().find(|kind| kind.as_str() == word).unwrap();
        // What the reader refuses is told by other tests.
        let Ok(policy) = Policy::parse(&entry.document.to_string()) else { continue };
        let mut options = Options::new(kind);
        options.select = ["E", "W", "W230"].map(str::to_owned).to_vec();
        // 2026-11-24.
        options.now = Some(1_795_478_400);
        let mut told: Vec<&str> = lint(&policy, &options).iter().map(twokeys::lint::Finding::code).collect();
        for code in &told {
            counts.entry(code).or_default().0 += 1;
        }
        told.sort_unstable();
        told.dedup();
        for code in told {
            counts.entry(code).or_default().1 += 1;
        }
    }
    let line =
        |(code, (findings, policies)): (&str, (usize, usize))| format!("{code} {findings} in {policies}");
    Some(counts.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[test]
fn policies_of_aws_have_few_errors_and_warnings() {
    let Some(counted) = counted("aws-managed-policies.json.zst") else { return };
    insta::assert_snapshot!(counted, @r#"
    E127 8 in 2
    E154 87 in 87
    W201 61 in 10
    W202 67 in 46
    W204 2 in 1
    W205 4 in 3
    W206 9 in 7
    W207 94 in 79
    W208 345 in 204
    W211 7 in 4
    W212 44 in 32
    W223 6 in 6
    W230 26 in 17
    "#);
}

#[test]
fn examples_of_others_have_the_mistakes_they_are_known_for() {
    let Some(counted) = counted("example-policies.json.zst") else { return };
    insta::assert_snapshot!(counted, @r#"
    E116 2 in 2
    E118 3 in 3
    E120 2 in 2
    E121 36 in 36
    E122 1 in 1
    E123 35 in 33
    E127 11 in 6
    E141 33 in 33
    E143 31 in 29
    E150 3 in 3
    E156 3 in 3
    E164 46 in 42
    W201 12 in 10
    W202 7 in 6
    W206 8 in 8
    W207 21 in 21
    W208 44 in 44
    W209 549 in 549
    W210 8 in 8
    W211 1 in 1
    W212 20 in 20
    W216 1 in 1
    W219 45 in 45
    W222 6 in 5
    W223 18 in 18
    W227 4 in 4
    W230 172 in 130
    "#);
}
