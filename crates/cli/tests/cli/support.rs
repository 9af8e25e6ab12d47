//! Completions, manual pages, help.

use super::run;
use super::scratch::Scratch;

#[test]
fn ux_023_every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = run(&["completions", shell]);
        assert_eq!(outcome.code, 0, "{shell}: {}", outcome.stderr);
        for word in ["simulate", "explain", "mfa-age"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn ux_023_every_command_gets_a_manual_page() {
    let scratch = Scratch::new("man");
    let outcome = scratch.run(&["man", "man1"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    let page = scratch.text("man1/twokeys-fmt.1");
    assert!(page.contains("twokeys\\-fmt") && page.contains("\\-\\-check"), "{page}");
    assert!(scratch.text("man1/twokeys.1").contains("simulate"));
    scratch.put("file", "");
    let outcome = scratch.run(&["man", "file/below"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome);
}

#[test]
fn help_knows_commands_topics_and_schemas() {
    assert_eq!(run(&["help", "fmt"]).stdout, run(&["fmt", "--help"]).stdout);
    assert_eq!(run(&["help"]).stdout, run(&["--help"]).stdout);
    insta::assert_snapshot!(run(&["help", "exit-codes"]));
    insta::assert_snapshot!(run(&["help", "environment"]));
    for name in run(&["help", "schema"]).stdout.lines() {
        let schema: serde_json::Value = serde_json::from_str(&run(&["help", "schema", name]).stdout).unwrap();
        assert_eq!(schema["$id"], format!("urn:twokeys:schema:{name}:1"));
        let published =
            std::fs::read_to_string(super::root().join(format!("docs/schema/{name}.schema.json")));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&published.unwrap()).unwrap(), schema);
    }
}

#[test]
fn ux_014_every_published_schema_is_printed() {
    let files = std::fs::read_dir(super::root().join("docs/schema")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.map(|name| name.trim_end_matches(".schema.json").to_owned()).collect();
    names.sort();
    let mut printed: Vec<_> = run(&["help", "schema"]).stdout.lines().map(str::to_owned).collect();
    printed.sort();
    assert_eq!(printed, names);
}

#[test]
fn an_unknown_topic_is_answered_with_the_right_one() {
    for (words, help) in [
        (&["help", "exit-code"][..], "did you mean `exit-codes`?"),
        (&["help", "simulat"], "did you mean `simulate`?"),
        (&["help", "schema", "test-files"], "did you mean `test-file`?"),
        (&["help", "nothing", "of", "it"], "there are the commands, and exit-codes, environment, schema"),
    ] {
        let outcome = run(words);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{words:?}");
        assert!(outcome.stderr.contains(help), "{words:?}\n{outcome}");
    }
}
