//! `twokeys fmt`: files laid out, files named, files left alone.

use super::run_with;
use super::scratch::Scratch;

const LOOSE: &str = r#"{"Statement":[{"Effect":"Deny","Action":["s3:*"],"Resource":"*",
  "Condition":{"Bool":{"aws:SecureTransport":false}},"Sid":"Tls"}],"Version":"2012-10-17"}"#;
const BROKEN: &str = "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\" \"Resource\": \"*\"}]}\n";

#[test]
fn ux_019_files_are_laid_out_and_broken_ones_left_alone() {
    let scratch = Scratch::new("fmt");
    scratch.put("loose.json", LOOSE).put("broken.json", BROKEN);
    let outcome = scratch.run(&["fmt", "broken.json", "loose.json"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome);
    insta::assert_snapshot!(scratch.text("loose.json"));
    assert_eq!(scratch.text("broken.json"), BROKEN);
    let again = scratch.run(&["fmt", "loose.json"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""), "{again}");
    assert_eq!(std::fs::read_dir(scratch.path(".")).unwrap().count(), 2, "a file is left over");
}

#[test]
fn check_names_what_would_change_and_changes_nothing() {
    let scratch = Scratch::new("fmt-check");
    scratch.put("loose.json", LOOSE);
    let outcome = scratch.run(&["fmt", "--check", "loose.json"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, "loose.json\n"), "{outcome}");
    assert_eq!(scratch.text("loose.json"), LOOSE);
    let outcome = scratch.run(&["fmt", "--diff", "loose.json", "-q"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome);
    scratch.run(&["fmt", "loose.json"]);
    assert_eq!(scratch.run(&["fmt", "--check", "--diff", "loose.json"]).code, 0);
}

#[test]
fn a_policy_comes_through_a_pipe() {
    let outcome = run_with(&["fmt", "-"], LOOSE);
    assert!(outcome.code == 0 && outcome.stdout.starts_with("{\n  \"Version\""), "{outcome}");
    assert_eq!(run_with(&["fmt", "--check", "-"], LOOSE).stdout, "<stdin>\n");
    let broken = run_with(&["fmt", "-"], BROKEN);
    assert_eq!((broken.code, broken.stdout.as_str()), (2, ""), "{broken}");
}

#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("fmt-links");
    scratch.put("real.json", LOOSE);
    let only_mine = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(scratch.path("real.json"), only_mine).unwrap();
    std::os::unix::fs::symlink("real.json", scratch.path("link.json")).unwrap();
    assert_eq!(scratch.run(&["fmt", "link.json"]).code, 0);
    assert!(scratch.path("link.json").is_symlink());
    assert_ne!(scratch.text("real.json"), LOOSE);
    let mode = std::fs::metadata(scratch.path("real.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn rl_025_what_a_terminal_would_obey_is_shown_by_number() {
    let scratch = Scratch::new("fmt-hidden");
    let hidden = LOOSE.replace("Tls", "T\u{202e}l\u{9b}s");
    let outcome = scratch.put("p.json", &hidden).run(&["fmt", "--diff", "p.json"]);
    assert!(outcome.stdout.contains("T\\u{202e}l\\u{9b}s"), "{outcome}");
}
