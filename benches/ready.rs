//! What it costs to make parsed policies ready to be asked: statements a second.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use twokeys::policy::Policy;
use twokeys_benches::{Filler, Workload, buckets, growing, ready, self_manage, services};

fn make_ready(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ready");
    let workloads: [(&str, Workload); 4] = [
        ("i-self-manage", self_manage()),
        ("ii-services", services()),
        ("iii-buckets", buckets()),
        ("iv-10000-statements", growing(10_000, Filler::OtherActions)),
    ];
    for (name, workload) in workloads {
        let parsed: Result<Vec<Policy>, _> =
            workload.policies.iter().map(|text| Policy::parse(text)).collect();
        let parsed = parsed.expect("the policies are fine");
        let statements: usize = parsed.iter().map(|policy| policy.statements.len()).sum();
        group.throughput(Throughput::Elements(statements as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || parsed.clone(),
                |policies| black_box(ready(policies)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, make_ready);
criterion_main!(benches);
