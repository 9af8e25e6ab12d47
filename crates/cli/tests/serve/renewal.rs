//! `twokeys login` where the password must be changed: over the socket, with the new one from standard input.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::process::{Folder, Server, call, root};

#[test]
fn mfa_060_a_password_that_must_be_changed_is_changed_at_sign_in() {
    let folder = Folder::new("renewal");
    let server = Server::start(&folder.0);
    let may = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ChangePassword",
        "Resource":"arn:aws:iam::*:user/${aws:username}"}}"#;
    let who = ("UserName", "alice");
    for pairs in [
        &[("Action", "CreateUser"), who][..],
        &[("Action", "PutUserPolicy"), who, ("PolicyName", "own"), ("PolicyDocument", may)],
        &[
            ("Action", "CreateLoginProfile"),
            who,
            ("Password", "The-first-1"),
            ("PasswordResetRequired", "true"),
        ],
    ] {
        let answer = call(&mut server.connect(), &server.address, &root(), "iam", pairs).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let login = |more: &[&str], typed: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_twokeys"))
            .args(["login", "--account", "123456789012", "--user", "alice", "--password-stdin"])
            .args(["--endpoint", &format!("http://{}", server.address)])
            .args(more)
            .env("HOME", &folder.0)
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Whoever refuses early reads no more.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = login(&[], "The-first-1\n");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("--new-password-stdin"), "{said}");
    let (code, said) = login(&["--new-password-stdin"], "The-first-1\n");
    assert_eq!(code, Some(4), "none came: {said}");
    for (new, why) in [("The-first-1", "must not be the old one"), ("short", "a minimum length of 8")] {
        let (code, said) = login(&["--new-password-stdin"], &format!("The-first-1\n{new}\n"));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{said}");
    }
    let (code, said) = login(&["--new-password-stdin"], "The-first-1\nThe-second-2\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Signed in as alice without MFA"), "{said}");
    assert_eq!(login(&[], "The-first-1\n").0, Some(1));
    assert_eq!(login(&[], "The-second-2\n").0, Some(0));
}
