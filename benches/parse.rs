//! How fast a policy text becomes a tree: bytes a second.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use twokeys::policy::Policy;
use twokeys_benches::{Filler, Workload, buckets, growing, self_manage, services};

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let workloads: [(&str, Workload); 4] = [
        ("i-self-manage", self_manage()),
        ("ii-services", services()),
        ("iii-buckets", buckets()),
        ("iv-10000-statements", growing(10_000, Filler::OtherActions)),
    ];
    for (name, workload) in workloads {
        let bytes: usize = workload.policies.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for text in &workload.policies {
                    black_box(Policy::parse(black_box(text)).expect("the policy is fine"));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
