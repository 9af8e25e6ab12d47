//! What all peers did, as a table: time for a decision, how many times ours, and which answers are wrong.

use std::io;

use crate::workload::{Ask, all};
use crate::{Measured, peers};

/// Reads the lines of all peers and prints them beside each other.
pub(crate) fn print() {
    let lines = io::stdin().lines().map(|line| line.expect("the results are text"));
    let measured: Vec<Measured> =
        lines.map(|line| serde_json::from_str(&line).expect("a line of results")).collect();
    for workload in all() {
        println!("\n| {} | one decision | times ours | right answers |\n|---|---|---|---|", workload.name);
        let of_workload: Vec<&Measured> =
            measured.iter().filter(|line| line.workload == workload.name).collect();
        let ours = of_workload.iter().find(|line| line.peer == peers::OURS).and_then(|line| line.nanoseconds);
        for line in of_workload {
            let time = line.nanoseconds.map_or_else(|| "–".to_owned(), readable);
            let ratio = line.nanoseconds.zip(ours).map_or_else(String::new, |(one, ours)| ratio(one / ours));
            let right = line.answers.iter().zip(&workload.asks).filter(|(answer, ask)| is_right(answer, ask));
            println!(
                "| {} | {time} | {ratio} | {} of {}{} |",
                line.peer,
                right.count(),
                workload.asks.len(),
                refused(line)
            );
        }
    }
    println!();
    for line in &measured {
        let workload = all().into_iter().find(|workload| workload.name == line.workload);
        for (answer, ask) in line.answers.iter().zip(workload.iter().flat_map(|workload| &workload.asks)) {
            if !is_right(answer, ask) {
                let mfa = ask.context.get("aws:MultiFactorAuthPresent").map_or("absent", String::as_str);
                println!(
                    "{}: {} on {}, MFA {mfa}: {answer}, not {}",
                    line.peer, ask.action, ask.resource, ask.expected
                );
            }
        }
    }
}

/// Some peers do not tell the two kinds of denial apart; that is no mistake.
fn is_right(answer: &str, ask: &Ask) -> bool {
    answer == ask.expected || (answer == "denied" && ask.expected.ends_with("denied"))
}

fn readable(nanoseconds: f64) -> String {
    match nanoseconds {
        few if few < 1e3 => format!("{few:.0} ns"),
        some if some < 1e6 => format!("{:.1} µs", some / 1e3),
        many => format!("{:.1} ms", many / 1e6),
    }
}

fn ratio(times: f64) -> String {
    if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") }
}

/// A peer that declines to answer is not wrong, but it has not answered.
fn refused(line: &Measured) -> String {
    match line.answers.iter().filter(|answer| answer.starts_with("refused")).count() {
        0 => String::new(),
        count => format!(", {count} refused"),
    }
}
