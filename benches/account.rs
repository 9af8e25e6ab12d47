//! What it costs to read an account, and to ask what everyone in it may do.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twokeys::account::{
    Account, Attachments, Cell, Circumstances, Matrix, ReadOptions, Sensitive, Synthetic,
};
use twokeys::catalog;
use twokeys::engine::{Actions, PolicySet};

fn dump(synthetic: Synthetic) -> String {
    let mut dump = String::new();
    synthetic.write_dump(&mut dump).expect("a string can be written to");
    dump
}

fn account(dump: &str) -> Account {
    Account::read(&[dump.as_bytes()], &ReadOptions::default()).expect("a made-up account is fine")
}

fn all_actions() -> Actions {
    let actions = catalog::actions().map(|action| action.to_string().parse().expect("an action"));
    Actions::new(actions.collect())
}

/// Bytes of a dump a second.
fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("account/read");
    group.sample_size(10);
    for statements in [3, 50] {
        let dump = dump(Synthetic { policies: 500, statements, ..Synthetic::of_size(1_000, 1) });
        group.throughput(Throughput::Bytes(dump.len() as u64));
        let id = BenchmarkId::new("statements-a-policy", statements);
        group.bench_with_input(id, &dump, |bencher, dump| bencher.iter(|| account(black_box(dump))));
    }
    group.finish();
}

/// All actions in three states for one principal, everything made ready anew each time.
fn one_principal(criterion: &mut Criterion) {
    let dump = dump(Synthetic::of_size(1_000, 1));
    let (account, actions, circumstances) = (account(&dump), all_actions(), Circumstances::default());
    let principal = account.principals().nth(7).expect("there are a thousand");
    criterion.bench_function("account/one-principal", |bencher| {
        bencher.iter(|| {
            let attachments = Attachments::new(&account, PolicySet::builder());
            let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
            let row = matrix.row(principal).expect("nothing is missing");
            row.cells().filter(Cell::is_gap).count()
        });
    });
}

/// Cells a second for a thousand principals; only gaps are kept.
fn everyone(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("account/everyone");
    group.sample_size(10);
    let dump = dump(Synthetic::of_size(1_000, 1));
    let (account, actions, circumstances) = (account(&dump), all_actions(), Circumstances::default());
    let cells = account.principals().count() * actions.as_slice().len();
    group.throughput(Throughput::Elements(cells as u64));
    group.bench_function("thousand-principals", |bencher| {
        bencher.iter(|| {
            let attachments = Attachments::new(&account, PolicySet::builder());
            let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
            let rows =
                account.principals().map(|principal| matrix.row(principal).expect("nothing is missing"));
            rows.map(|row| row.cells().filter(Cell::is_gap).count()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, read, one_principal, everyone);
criterion_main!(benches);
