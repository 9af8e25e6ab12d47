//! How long the rules take for policies that are read already.
//!
//! `POLICIES=FOLDER` names other policies than those of this project, one a file, such as AWS's managed ones.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads files and the environment")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use twokeys::lint::{Options, lint};
use twokeys::policy::{Policy, PolicyType};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, found),
            path => found.push(path),
        }
    }
}

/// The identity policies of a folder.
fn policies() -> Vec<Policy> {
    let folder = std::env::var_os("POLICIES").unwrap_or_else(|| "../policies".into());
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found);
    found.sort();
    let texts = found.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    texts
        .filter_map(|text| Policy::parse(&text).ok())
        .filter(|policy| policy.statements.iter().all(|it| it.principal.is_none()))
        .collect()
}

fn rules(c: &mut Criterion) {
    let policies = policies();
    let options = Options::new(PolicyType::Identity);
    let mut group = c.benchmark_group("lint");
    group.throughput(Throughput::Elements(policies.len() as u64));
    group.bench_function("policies", |b| {
        b.iter(|| policies.iter().map(|policy| lint(black_box(policy), &options).len()).sum::<usize>());
    });
}

criterion_group!(benches, rules);
criterion_main!(benches);
