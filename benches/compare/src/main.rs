//! Times other evaluators beside ours and checks what they answer; `benches/compare/run` calls it.

mod peers;
mod table;
mod workload;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::workload::Plain;

/// What a peer did with a workload.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    peer: String,
    workload: String,
    /// For one decision; none if it refuses them all.
    nanoseconds: Option<f64>,
    answers: Vec<String>,
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("workloads") => println!("{}", serde_json::to_string(&workload::all()).expect("texts are JSON")),
        Some("measure") => workload::all().iter().for_each(measure),
        Some("table") => table::print(),
        _ => eprintln!("twokeys-compare workloads|measure|table"),
    }
}

fn measure(workload: &Plain) {
    for (peer, ready) in peers::ALL {
        let mut decide = ready(workload);
        let all = 0..workload.asks.len();
        let answers: Vec<String> = all.clone().map(&mut decide).map(str::to_owned).collect();
        let nanoseconds = time(|| {
            for ask in all.clone() {
                std::hint::black_box(decide(ask));
            }
            workload.asks.len()
        });
        let measured = Measured {
            peer: (*peer).to_owned(),
            workload: workload.name.clone(),
            nanoseconds: Some(nanoseconds),
            answers,
        };
        println!("{}", serde_json::to_string(&measured).expect("texts and a number are JSON"));
    }
}

/// Nanoseconds for one of what `round` does several of: the best of five half seconds, for the machine has
/// other work.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn time(mut round: impl FnMut() -> usize) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begin = Instant::now();
        let mut done = 0;
        while begin.elapsed() < Duration::from_millis(500) {
            // The clock is not to be what is measured.
            for _ in 0..20 {
                done += round();
            }
        }
        best = best.min(begin.elapsed().as_nanos() as f64 / done as f64);
    }
    best
}
