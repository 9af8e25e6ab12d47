//! `twokeys explain`: pages of reference, and decisions in prose.

use super::{run, run_with, typed};

#[test]
fn pages_are_found_by_every_kind_of_name() {
    for (word, title) in [
        ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthPresent   Bool, one value"),
        ("aws:sourceip", "aws:SourceIp   IpAddress, one value"),
        ("aws:TagKeys", "aws:TagKeys   String, several values: wants ForAnyValue: or ForAllValues:"),
        ("aws:ResourceTag/team", "aws:ResourceTag/KEY   String, one value"),
        ("ForAnyValue:StringLikeIfExists", "ForAnyValue:StringLikeIfExists   a condition operator"),
        ("IfExists", "IfExists   a part of condition operators"),
        ("session", "session   session policy"),
        ("ImplicitlyDenied", "implicit-deny   implicit deny, ImplicitlyDenied"),
        ("e128", "E128   unknown-operator"),
        ("duplicate-json-key", "E102   duplicate-json-key"),
        ("W209", "W209   missing-version"),
        ("missing-version", "W209   missing-version"),
        ("mfa-gained", "MFA-GAINED   gained-without-mfa"),
        ("set-operator-needed", "set-operator-needed   a warning"),
        ("bad-principal", "bad-principal   an error"),
        ("IAM:enablemfadevice", "iam:EnableMFADevice   AWS Identity and Access Management (IAM); Write"),
        ("s3:prefix", "s3:prefix   String, one value"),
    ] {
        let outcome = run(&["explain", word]);
        assert_eq!(outcome.stdout.lines().next(), Some(title), "{word}\n{outcome}");
        assert_eq!(outcome.code, 0);
    }
}

#[test]
fn the_mfa_keys_are_explained_with_tables() {
    insta::assert_snapshot!(run(&["explain", "aws:MultiFactorAuthPresent"]));
    insta::assert_snapshot!(run(&["explain", "aws:MultiFactorAuthAge"]));
}

#[test]
fn an_operator_a_stage_and_a_code() {
    insta::assert_snapshot!(run(&["explain", "BoolIfExists"]));
    insta::assert_snapshot!(run(&["explain", "scp"]));
    insta::assert_snapshot!(run(&["explain", "E128"]));
}

#[test]
fn ux_018_a_misspelled_word_is_answered_with_the_right_one() {
    for (word, help) in [
        ("aws:MultiFactorAuthPresnt", "did you mean `aws:MultiFactorAuthPresent`?"),
        ("BolIfExists", "did you mean `BoolIfExists`?"),
        ("mising-version", "did you mean `missing-version`?"),
        ("s3:GetObjekt", "did you mean `s3:GetObject`?"),
        ("boundry", "did you mean `boundary`?"),
        ("something", "`twokeys explain` without a word lists what there is"),
    ] {
        let outcome = run(&["explain", word]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{word}");
        assert!(outcome.stderr.contains(help), "{word}\n{outcome}");
    }
    let list = run(&["explain"]);
    assert!(list.code == 0 && list.stdout.contains("E128") && list.stdout.contains("aws:SourceIp"), "{list}");
}

#[test]
fn a_decision_is_told_in_prose() {
    let simulate =
        "twokeys simulate -p user/alice --policy policies/mfa/self-manage.json policies/power-user.json";
    for (name, rest) in [
        (
            "every_state",
            "-a ec2:TerminateInstances -r arn:aws:ec2:eu-central-1:111122223333:instance/i-1 --explain",
        ),
        ("close", "-a iam:EnableMFADevice -r arn:aws:iam::111122223333:mfa/alice --mfa missing --explain"),
        ("short", "-a ec2:TerminateInstances --mfa missing"),
        ("open", "-a ec2:TerminateInstances -c aws:MultiFactorAuthPresent:unknown"),
    ] {
        let decision = typed(&format!("{simulate} {rest} -f json"));
        insta::assert_snapshot!(name, run_with(&["explain", "-"], &decision.stdout));
    }
    let lines = typed(&format!("{simulate} -a s3:GetObject -a s3:PutObject -f jsonl")).stdout;
    let told = run_with(&["explain", "-"], &lines);
    assert_eq!(told.stdout.matches("Asked by").count(), 2, "{told}");
    let list = typed(&format!("{simulate} -a s3:GetObject -a s3:PutObject -f json")).stdout;
    assert_eq!(run_with(&["explain", "-"], &list).stdout, told.stdout);
}

#[test]
fn what_is_no_decision_is_refused() {
    for text in ["", "{", "[]", "{}", r#"{"schema_version": 1, "errors": []}"#, r#"{"decisions": []}"#, "5"] {
        let outcome = run_with(&["explain", "-"], text);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{text}\n{outcome}");
        assert!(outcome.stderr.contains("error[no-decision]"), "{text}\n{outcome}");
    }
}
