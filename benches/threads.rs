//! How much two threads decide in the time of one, best of five.
//!
//! A plain program and no criterion: what counts is the whole of a batch, not one call.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(clippy::cast_precision_loss, reason = "a rate for people")]

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use twokeys::engine::{PolicySet, evaluate};
use twokeys::request::Request;
use twokeys_benches::{Workload, self_manage, services};

/// Rounds over all requests of a workload, for each thread.
const ROUNDS: usize = 300_000;

fn main() {
    println!("{:<14} {:>14} {:>14} {:>9}", "workload", "1 thread", "2 threads", "of linear");
    for (name, workload) in [("i-self-manage", self_manage()), ("ii-services", services())] {
        let set = workload.ready();
        let requests = requests(&workload);
        let decisions = |threads: usize| {
            let took = (0..5).map(|_| batch(&set, &requests, threads)).min().unwrap_or_default();
            (threads * ROUNDS * requests.len()) as f64 / took.as_secs_f64()
        };
        let (one, two) = (decisions(1), decisions(2));
        println!("{name:<14} {one:>12.0}/s {two:>12.0}/s {:>7.0} %", two / one / 2.0 * 100.0);
    }
}

fn requests(workload: &Workload) -> Vec<Request> {
    workload.asks.iter().map(|(request, _)| request.clone()).collect()
}

/// Each thread decides all requests so many times.
fn batch(set: &PolicySet, requests: &[Request], threads: usize) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    for request in requests {
                        black_box(evaluate(black_box(set), black_box(request)));
                    }
                }
            });
        }
    });
    start.elapsed()
}
