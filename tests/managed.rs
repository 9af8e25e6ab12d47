//! The policies that AWS itself publishes, where they exist beside the project: all are read, written and
//! read back the same.

use std::process::Command;

use twokeys::policy::{Policy, PolicyType};

use crate::outside;

#[derive(serde::Deserialize)]
struct Corpus {
    count: usize,
    policies: Vec<Entry>,
}

#[derive(serde::Deserialize)]
struct Entry {
    name: String,
    document: serde_json::Value,
}

#[test]
fn no_policy_of_aws_is_refused_and_each_survives_writing() {
    let Some(packed) = outside::data("aws-managed-policies.json.zst") else { return };
    let Some(text) = outside::output_of(Command::new("zstd").arg("-dcq").arg(packed)) else { return };
    let corpus: Corpus = serde_json::from_slice(&text).unwrap();
    let mut wrong = Vec::new();
    for Entry { name, document } in &corpus.policies {
        let policy = match Policy::parse(&document.to_string()) {
            Ok(policy) => policy,
            Err(errors) => {
                wrong.push(format!("{name}: {errors}"));
                continue;
            }
        };
        for refusal in policy.refusals(PolicyType::Identity) {
            wrong.push(format!("{name}: {refusal}"));
        }
        let written = policy.to_json();
        match Policy::parse(&written) {
            Ok(again) if again == policy && again.to_json() == written => {}
            again => wrong.push(format!("{name}: written as {written}, read back as {again:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(corpus.policies.len(), corpus.count);
    assert_eq!(corpus.count, 1661);
}
