//! `twokeys demo`: what it says to type next works.

use super::scratch::Scratch;

#[test]
fn ux_026_the_three_commands_that_it_prints_work() {
    let scratch = Scratch::new("demo");
    let told = scratch.run(&["demo", "it's mine"]);
    assert_eq!(told.code, 0, "{told}");
    let lines: Vec<&str> =
        told.stdout.lines().map(str::trim).filter(|line| line.starts_with("twokeys ")).collect();
    assert_eq!(lines.len(), 3, "{told}");
    let answers: Vec<_> = lines.iter().map(|line| scratch.shell(line)).collect();
    assert_eq!(answers.iter().map(|answer| answer.code).collect::<Vec<_>>(), [1, 1, 0]);
    assert!(answers[0].stdout.contains("MFA decides this request."), "{}", answers[0]);
    assert!(answers[1].stdout.contains("an access key, which carries none, passes"), "{}", answers[1]);
    insta::assert_snapshot!(answers[2]);
    let named = told.stdout.split('`').nth(1).unwrap();
    assert_eq!(scratch.shell(named).code, 0, "{named}");
}

#[test]
fn nothing_is_overwritten() {
    let scratch = Scratch::new("demo-again");
    scratch.put("mine/note.txt", "mine").put("file", "mine");
    std::fs::create_dir(scratch.path("empty")).unwrap();
    assert_eq!(scratch.run(&["demo", "empty"]).code, 0);
    for folder in ["mine", "file", "empty"] {
        let outcome = scratch.run(&["demo", folder]);
        assert_eq!(outcome.code, 2, "{folder}: {outcome}");
        assert_eq!(outcome.stdout, "");
    }
    assert_eq!(std::fs::read_dir(scratch.path("mine")).unwrap().count(), 1);
    insta::assert_snapshot!(scratch.run(&["demo", "mine"]));
    insta::assert_snapshot!(scratch.run(&["demo", "file/below"]));
}
