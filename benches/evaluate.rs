//! How many decisions a second, and what that depends on: the statements that could match, not all of them.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twokeys::engine::{evaluate, explain};
use twokeys_benches::{Filler, Workload, buckets, growing, self_manage, services};

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    measure(&mut group, BenchmarkId::from_parameter("i-self-manage"), &self_manage());
    measure(&mut group, BenchmarkId::from_parameter("ii-services"), &services());
    measure(&mut group, BenchmarkId::from_parameter("iii-buckets"), &buckets());
    for filler in [Filler::OtherActions, Filler::OtherBuckets] {
        for count in [1, 10, 100, 1_000, 10_000, 100_000] {
            measure(&mut group, BenchmarkId::new(format!("iv-{filler:?}"), count), &growing(count, filler));
        }
    }
    group.finish();
}

/// The explained path, for comparison: it walks all statements and writes everything down.
fn explain_it(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    let workload = self_manage();
    let set = workload.ready();
    group.throughput(Throughput::Elements(workload.asks.len() as u64));
    group.bench_function("i-self-manage", |bencher| {
        bencher.iter(|| {
            for (request, _) in &workload.asks {
                black_box(explain(black_box(&set), black_box(request)));
            }
        });
    });
    group.finish();
}

fn measure(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, workload: &Workload) {
    let set = workload.ready();
    group.throughput(Throughput::Elements(workload.asks.len() as u64));
    group.bench_function(id, |bencher| {
        bencher.iter(|| {
            for (request, _) in &workload.asks {
                black_box(evaluate(black_box(&set), black_box(request)));
            }
        });
    });
}

criterion_group!(benches, decide, explain_it);
criterion_main!(benches);
