//! Wrong words and wrong files: each gets a sentence with a place and a next step, and exit status 2.

use std::fmt::Write;

use super::{Outcome, run_with, typed};

/// A line, perhaps with something on standard input, that must fail.
fn fails(line: &str, stdin: &str) -> Outcome {
    let words = super::words(line);
    let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    let outcome = run_with(&words, stdin);
    assert_eq!(outcome.code, 2, "{line}\n{outcome}");
    assert_eq!(outcome.stdout, "", "{line}");
    outcome
}

#[test]
fn every_wrong_word_gets_a_sentence_and_a_next_step() {
    const ADMIN: &str = "twokeys simulate --policy policies/administrator.json";
    let mut told = String::new();
    for line in [
        "twokeys simulat",
        "twokeys simulate --polcy x -a s3:GetObject",
        "twokeys simulate -a s3:GetObject",
        "twokeys simulate --policy policies/administrator.json",
        "twokeys simulate --policy policies/nowhere.json -a s3:GetObject",
        "twokeys simulate --policy policies -a s3:GetObject",
        "twokeys simulate --policy - --boundary - -a s3:GetObject",
        &format!("{ADMIN} -a s3:*"),
        &format!("{ADMIN} -a GetObject"),
        &format!("{ADMIN} -a s3:GetObject -p arn:aws:iam::111122223333:role/team/ops"),
        &format!("{ADMIN} -a s3:GetObject -p alice"),
        &format!("{ADMIN} -a s3:GetObject -r my-bucket"),
        &format!("{ADMIN} -a s3:GetObject --mfa yes"),
        &format!("{ADMIN} -a s3:GetObject --mfa-age -5"),
        &format!("{ADMIN} -a s3:GetObject --mfa missing --mfa-age 5"),
        &format!("{ADMIN} -a s3:GetObject --mfa true --credential root"),
        &format!("{ADMIN} -a s3:GetObject --credential sesion"),
        &format!("{ADMIN} -a s3:GetObject --credential session-mfa"),
        &format!("{ADMIN} -a s3:GetObject --credential role"),
        &format!("{ADMIN} -a s3:GetObject --mfa true -c aws:MultiFactorAuthPresent=true"),
        &format!("{ADMIN} -a s3:GetObject -c aws:MultiFactorAuthAge=-1"),
        &format!("{ADMIN} -a s3:GetObject -c aws:SourceIp"),
        &format!("{ADMIN} -a s3:GetObject -c aws:SourceIp=10.0.0.1 --source-ip 10.0.0.2"),
        &format!("{ADMIN} -a s3:GetObject --source-ip here"),
        &format!("{ADMIN} -a s3:GetObject --resource-account 1234"),
        &format!("{ADMIN} -a s3:GetObject --principal-detail rolArn=x"),
        &format!("{ADMIN} -a s3:GetObject --principal-tag team"),
        &format!("{ADMIN} -a s3:GetObject --principal-tag a=1 --principal-tag A=2"),
        &format!("{ADMIN} -a s3:GetObject --expect alow"),
        &format!("{ADMIN} -a s3:GetObject --expect deny@scpp"),
        &format!("{ADMIN} -a s3:GetObject --resource-policy policies/mfa/bucket-age.json"),
        &format!("{ADMIN} -a s3:GetObject --now yesterday"),
        &format!("{ADMIN} -a s3:GetObject --format yaml"),
        &format!("{ADMIN} -a s3:GetObject --org policies"),
        &format!("{ADMIN} -a s3:GetObject --scp policies/scp-full-access.json --org policies"),
    ] {
        let outcome = fails(line, "");
        writeln!(told, "$ {line}\n{}", outcome.stderr).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn ux_083_a_misspelled_requester_is_answered_with_the_right_one() {
    for (who, words) in [
        ("Root", "did you mean `root`?"),
        ("ANONYMOUS", "did you mean `anonymous`?"),
        ("''", "names nobody"),
        ("*", "one requester asks"),
        ("role/", "names nobody"),
        ("user/a/", "names nobody"),
        ("Lambda.amazonaws.com", "did you mean `lambda.amazonaws.com`?"),
    ] {
        let line = format!("twokeys simulate --policy policies/administrator.json -a s3:GetObject -p {who}");
        let told = fails(&line, "").stderr;
        assert!(told.contains(words), "{who}\n{told}");
    }
    let line = "twokeys simulate --policy policies/administrator.json -a s3:GetObject --mfa-age 99999999999999999999";
    assert!(fails(line, "").stderr.contains("beyond all time"));
    let rcp = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    let line = "twokeys simulate --policy policies/administrator.json --rcp - -a s3:GetObject";
    assert!(fails(line, rcp).stderr.contains(r#""Principal": "*""#));
}

#[test]
fn broken_policies_are_shown_where_they_break() {
    let mut told = String::new();
    for file in ["duplicate-key", "operator-misspelled", "missing-comma", "many-mistakes", "missing-resource"]
    {
        let line = format!("twokeys simulate --policy policies/broken/{file}.json -a s3:GetObject");
        writeln!(told, "$ {line}\n{}", fails(&line, "").stderr).unwrap();
    }
    let line = "twokeys simulate --policy policies/mfa/bucket-age.json -a s3:GetObject";
    writeln!(told, "$ {line}\n{}", fails(line, "").stderr).unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn broken_requests_are_shown_where_they_break() {
    let mut told = String::new();
    for request in [
        r#"{"acton": "s3:GetObject"}"#,
        r#"{"action": "s3:GetObject", "context": {"aws:MultiFactorAuthAge": 1e3}}"#,
        r#"{"action": "s3:GetObject", "action": "s3:PutObject"}"#,
        r#"{"action": "s3:GetObject", "mfa": "true", "credential": "root"}"#,
        r#"{"action": "s3:GetObject", "principal": "arn:aws:iam::111122223333:role/ops"}"#,
        "{}",
        "[",
        "",
    ] {
        let outcome = fails("twokeys simulate --policy policies/administrator.json --request -", request);
        writeln!(told, "$ {request}\n{}", outcome.stderr).unwrap();
    }
    let given_twice = fails(
        "twokeys simulate --policy policies/administrator.json --request - -a s3:PutObject --expect allow",
        "{\"action\": \"s3:GetObject\", \"expect\": \"deny\"}",
    );
    told.push_str(&given_twice.stderr);
    insta::assert_snapshot!(told);
}

#[test]
fn rl_025_what_a_file_says_cannot_forge_the_terminal() {
    let policy = "{\"Statement\": [{\"Sid\": \"a\\u001b[2Jb\\u202e\", \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}";
    let outcome = run_with(&["simulate", "--policy", "-", "-a", "s3:GetObject", "-p", "user/a"], policy);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{202e}']), "{outcome}");
    assert!(outcome.stdout.contains("\\u{1b}[2Jb"), "{outcome}");
}

#[test]
fn ux_018_errors_are_data_where_data_is_wanted() {
    let line = "twokeys simulate --policy policies/broken/duplicate-key.json -a s3:GetObject --format json";
    insta::assert_snapshot!(typed(line));
}
