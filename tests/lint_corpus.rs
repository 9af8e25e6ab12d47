//! What the rules find in policies that others wrote: how often each speaks is pinned, so
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
        options.select = vec!["ALL".to_owned()];
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
fn policies_of_aws_have_findings_of_these_codes_only() {
    let Some(counted) = counted("aws-managed-policies.json.zst") else { return };
    insta::assert_snapshot!(counted, @r#"
    E127 8 in 2
    E154 87 in 87
    I506 48 in 14
    I507 179 in 35
    I508 25 in 18
    I512 126 in 63
    I513 29 in 14
    I517 2745 in 901
    I518 6236 in 83
    I519 36 in 23
    I520 18 in 9
    I521 1926 in 559
    I522 17 in 17
    I523 952 in 364
    I525 29 in 18
    I526 5332 in 1035
    I527 9199 in 1661
    I528 1409 in 650
    M490 2057 in 553
    M492 2 in 2
    S301 2 in 2
    S302 549 in 312
    S303 2 in 2
    S304 8 in 8
    S308 18 in 16
    S309 24 in 23
    S310 66 in 55
    S311 237 in 110
    S312 27 in 25
    S313 101 in 62
    S314 55 in 37
    S315 6094 in 703
    S322 103 in 69
    S323 9 in 3
    S325 7 in 7
    S327 26 in 22
    S330 1 in 1
    W201 61 in 10
    W202 67 in 46
    W204 2 in 1
    W205 4 in 3
    W207 78 in 70
    W208 315 in 186
    W211 1 in 1
    W212 44 in 32
    W223 6 in 6
    W230 24 in 15
    "#);
}

#[test]
fn examples_of_others_have_findings_of_these_codes_only() {
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
    I507 1 in 1
    I508 60 in 60
    I512 7 in 2
    I514 1 in 1
    I517 1016 in 618
    I518 5 in 3
    I519 48 in 48
    I520 24 in 24
    I521 78 in 67
    I523 149 in 95
    I526 718 in 379
    I527 1910 in 1063
    I528 84 in 67
    M414 11 in 11
    M425 1 in 1
    M430 1 in 1
    M431 3 in 3
    M433 1 in 1
    M434 1 in 1
    M437 7 in 7
    M438 6 in 6
    M440 1 in 1
    M441 1 in 1
    M442 1 in 1
    M448 4 in 4
    M482 4 in 4
    M488 5 in 5
    M490 762 in 500
    M491 6 in 6
    M492 6 in 6
    S301 6 in 6
    S302 124 in 108
    S303 2 in 2
    S304 9 in 9
    S306 164 in 163
    S307 15 in 15
    S308 18 in 18
    S309 3 in 3
    S310 34 in 23
    S311 42 in 12
    S312 112 in 111
    S313 27 in 27
    S314 10 in 10
    S315 211 in 112
    S322 5 in 5
    S326 54 in 54
    S327 3 in 2
    S328 1 in 1
    S330 6 in 4
    W201 12 in 10
    W202 7 in 6
    W206 8 in 8
    W207 20 in 20
    W208 44 in 44
    W209 549 in 549
    W210 8 in 8
    W211 1 in 1
    W212 20 in 20
    W216 1 in 1
    W219 45 in 45
    W222 5 in 5
    W223 18 in 18
    W227 4 in 4
    W230 146 in 106
    "#);
}
