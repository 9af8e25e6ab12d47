//! Every example of every help text runs (UX-025).

use super::{run, scratch::Scratch, typed};

/// All commands, as the help lists them; those below another one, too.
fn commands() -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(above) = open.pop() {
        let words: Vec<&str> = above.iter().map(String::as_str).chain(["--help"]).collect();
        let help = run(&words).stdout;
        let Some(list) = help.split("Commands:\n").nth(1) else { continue };
        let lines = list.lines().take_while(|line| !line.is_empty());
        for line in lines.filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
            let word = line.split_whitespace().next().unwrap().to_owned();
            let command: Vec<String> = above.iter().cloned().chain([word]).collect();
            open.push(command.clone());
            commands.push(command);
        }
    }
    commands
}

/// The lines that begin with `twokeys`, those that a backslash breaks put together.
fn examples(help: &str) -> Vec<String> {
    let joined = help.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| line.starts_with("twokeys "));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// An endpoint serves until it is told to end, at a port that nobody else has; a data folder is one that was served.
fn bounded(example: &str) -> String {
    let serve = "timeout --preserve-status 2 twokeys serve --listen 127.0.0.1:0";
    match example.strip_prefix("twokeys serve") {
        Some(rest) => format!("{serve}{}", rest.replace("--listen 127.0.0.1:0", "")),
        None if example.starts_with("twokeys store") => format!("{serve} 2> serve.log; {example}"),
        None => example.to_owned(),
    }
}

#[test]
fn ux_025_every_command_has_two_examples_and_they_run() {
    let commands = commands();
    assert!(commands.iter().any(|command| command.join(" ") == "account unpack"), "{commands:?}");
    let mut wrong = Vec::new();
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let (help, command) = (run(&words), command.join(" "));
        assert_eq!(help.code, 0, "{command}");
        let examples = examples(&help.stdout);
        if examples.len() < 2 {
            wrong.push(format!("{command}: {} examples", examples.len()));
        }
        for example in examples {
            let outcome = Scratch::with_examples("examples").shell(&bounded(&example));
            if !matches!(outcome.code, 0 | 1 | 3) {
                wrong.push(format!("{example}\n{outcome}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ux_025_the_short_help_shows_examples_first_and_fits_a_screen() {
    let help = run(&["-h"]).stdout;
    assert!(help.starts_with("Examples:"), "{help}");
    assert!(help.lines().count() <= 40, "{} lines", help.lines().count());
    for example in examples(help.split("Usage:").next().unwrap()) {
        assert!(matches!(typed(&example).code, 0 | 1 | 3), "{example}");
    }
}
