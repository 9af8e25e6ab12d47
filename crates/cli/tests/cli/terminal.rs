//! Nothing that others wrote takes hold of a terminal, and data is told in one form.

use std::time::Instant;

use serde_json::Value;

use super::scratch::Scratch;
use super::{command, run, run_with};

const HIDDEN: &str = "a\u{1b}[2Jb\u{7f}c\u{9b}31md\u{202e}e\u{200b}f";

fn is_harmless(text: &str) -> bool {
    !text.chars().any(|c| (c.is_control() && c != '\n') || ['\u{202e}', '\u{200b}'].contains(&c))
}

#[test]
fn rl_025_words_that_make_no_command_are_told_without_their_control_characters() {
    for words in [
        &["simulate", HIDDEN][..],
        &["simulate", "--mfa", "true", HIDDEN],
        &[HIDDEN],
        &["simulate", "-f", HIDDEN],
    ] {
        let outcome = run(words);
        assert_eq!(outcome.code, 2, "{words:?}");
        assert!(
            is_harmless(&outcome.stderr) && outcome.stderr.contains("\\u{1b}[2J"),
            "{:?}",
            outcome.stderr
        );
    }
}

#[test]
fn rl_025_json_escapes_what_is_hidden_and_keeps_every_character() {
    let request = serde_json::json!({ "id": HIDDEN, "action": "s3:GetObject" }).to_string();
    for format in ["json", "jsonl"] {
        let words = [
            "simulate",
            "--policy",
            "policies/administrator.json",
            "--requests",
            "-",
            "-f",
            format,
            "--color",
            "never",
        ];
        let outcome = run_with(&words, &request);
        assert!(is_harmless(&outcome.stdout), "{:?}", outcome.stdout);
        let read: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let decision = read.get("decisions").map_or(&read, |decisions| &decisions[0]);
        assert_eq!(decision["id"], HIDDEN);
    }
}

#[test]
fn rl_025_the_name_of_a_file_of_requests_is_told_harmlessly() {
    let scratch = Scratch::with_examples("hidden-name");
    let name = "r\u{1b}[2J.jsonl";
    scratch.put(name, "{\"action\": \"s3:GetObject\", \"expect\": \"deny\"}\n");
    let outcome = scratch.run(&["simulate", "--policy", "policies/administrator.json", "--requests", name]);
    assert!(outcome.stderr.contains("r\\u{1b}[2J.jsonl:1: expected"), "{outcome}");
}

#[test]
fn ux_018_mistakes_in_words_are_data_in_every_spelling_of_the_format() {
    for words in [&["-fjson"][..], &["-f=json"], &["-qfjson"], &["--format=json"]] {
        let outcome = run(&[&["simulate", "--polcy", "x"], words].concat());
        assert_eq!(outcome.code, 2, "{words:?}");
        let read: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(read["errors"][0]["code"], "usage", "{words:?}");
    }
}

#[test]
fn ux_013_a_failure_among_records_is_one_line() {
    for words in [
        &["simulate", "--policy", "policies/nowhere.json", "-a", "s3:GetObject"][..],
        &["simulate", "--polcy", "x"],
    ] {
        let outcome = run(&[words, &["-f", "jsonl"]].concat());
        assert_eq!((outcome.code, outcome.stdout.lines().count()), (2, 1), "{outcome}");
        assert!(serde_json::from_str::<Value>(&outcome.stdout).is_ok(), "{outcome}");
    }
}

#[test]
fn a_flag_that_a_format_has_no_place_for_is_refused() {
    for (flag, format) in
        [("--show-policy", "json"), ("--show-policy", "jsonl"), ("--show-policy", "md"), ("--explain", "md")]
    {
        let words =
            ["simulate", "--policy", "policies/administrator.json", "-a", "s3:GetObject", flag, "-f", format];
        assert_eq!(run(&words).code, 2, "{flag} {format}");
    }
}

#[test]
fn ux_015_color_and_signs_of_help_and_usage_follow_the_flags() {
    for words in [&["simulate", "--help"][..], &["simulate", "--polcy"]] {
        let outcome = |more: &[&str], locale: &str| {
            let output =
                command(&[words, more].concat()).env("CLICOLOR_FORCE", "1").env("LC_ALL", locale).output();
            let output = output.unwrap();
            String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
        };
        assert!(!outcome(&["--color", "never"], "C.UTF-8").contains('\u{1b}'), "{words:?}");
        assert!(outcome(&["--color=always"], "C.UTF-8").contains('\u{1b}'), "{words:?}");
        assert!(outcome(&["--color", "never"], "C").is_ascii(), "{words:?}");
    }
}

#[test]
fn ux_015_messages_are_ascii_where_nothing_else_can_be_shown() {
    let long = format!("{{\"Version\": \"2012-10-17\", \"Statement\": {{\"{}\": 1}}}}", "x".repeat(400));
    let words = ["simulate", "--policy", "-", "-a", "s3:GetObject", "--ascii"];
    let outcome = run_with(&words, &long);
    assert!(outcome.code == 2 && outcome.stderr.is_ascii(), "{outcome}");
}

#[test]
fn ux_025_commands_in_examples_are_not_broken_by_a_terminal_of_80_columns() {
    for name in ["simulate", "test", "explain", "fmt", "demo", "completions", "man", "help", "lint"] {
        let output = command(&[name, "--help"]).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        let examples = help.split("Examples:\n").nth(1).unwrap_or_default();
        for line in examples.lines().take_while(|line| line.starts_with("  ")) {
            assert!(line.chars().count() < 80, "{name}: {line}");
        }
    }
    let short = run(&["-h"]).stdout;
    let examples = short.split("Examples:\n").nth(1).unwrap_or_default();
    assert!(
        examples.lines().take_while(|line| line.starts_with("  ")).all(|line| line.len() < 80),
        "{short}"
    );
}

#[test]
fn rl_012_many_findings_in_one_long_line_take_no_quadratic_time() {
    let statement = r#"{"Sid": "", "Effect": "Deny", "Action": "foo", "Resource": "bar", "Condition": {"NumericLessThan": {"aws:EpochTime": "soon"}}}"#;
    let statements = vec![statement; 10_000].join(",");
    let policy = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}");
    let started = Instant::now();
    let words = ["simulate", "--policy", "-", "-a", "s3:GetObject", "-r", "*", "-f", "json"];
    let outcome = run_with(&words, &policy);
    assert!(outcome.stdout.len() > 1_000_000, "{}", outcome.stderr);
    // Ten million steps a finding would take minutes; this is far from both.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
