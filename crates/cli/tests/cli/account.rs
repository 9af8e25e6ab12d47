//! A whole account: who is in it, what holds for whom, who is held to MFA.

use std::fmt::Write;

use super::scratch::Scratch;
use super::{Outcome, root, run_with, typed};

/// What real tools printed of a made-up account.
const MOTO: &str = "--account tests/data/account/moto.json";
const REPORT: &str = "--credential-report tests/data/account/moto-credential-report.csv";

fn asked(rest: &str) -> Outcome {
    typed(&format!("twokeys simulate {MOTO} {rest}"))
}

#[test]
fn a_request_is_decided_by_the_policies_of_the_one_who_asks() {
    insta::assert_snapshot!(
        "example",
        asked("-p user/alice -a ec2:TerminateInstances -r '*' --mfa all --no-wrap")
    );
    insta::assert_snapshot!(
        "example_explained",
        asked("-p user/alice -a ec2:TerminateInstances -r '*' --mfa missing --explain")
    );
}

#[test]
fn nobody_is_told_to_enroll_who_has_a_device() {
    let devices = "--mfa-devices tests/data/account/moto-virtual-devices.json";
    let outcome = asked(&format!("{devices} -p user/alice -a ec2:TerminateInstances -r '*'"));
    assert!(outcome.stdout.contains("\nMFA decides this request.\n"), "{outcome}");
}

#[test]
fn ux_083_people_are_named_with_or_without_their_path() {
    let decided = |who: &str| {
        asked(&format!("-p {who} -a s3:GetObject -r arn:aws:s3:::amzn-s3-demo-bucket-red/k -f json"))
    };
    let by_name = decided("user/grace");
    assert!(by_name.stdout.contains("arn:aws:iam::111122223333:user/engineering/grace"), "{by_name}");
    for other in ["user/engineering/grace", "arn:aws:iam::111122223333:user/engineering/grace"] {
        assert_eq!(decided(other).stdout, by_name.stdout, "{other}");
    }
    let session = decided("arn:aws:sts::111122223333:assumed-role/worker/job-7");
    assert!(
        session.stdout.contains("\"role_arn\": \"arn:aws:iam::111122223333:role/service/worker\""),
        "{session}"
    );
}

#[test]
fn what_the_account_tells_of_someone_is_in_the_context() {
    // Alice is of the team red by the dump; a flag counts before that.
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:userid": "AIDA00000000000000001"}}}]}"#;
    let scratch = Scratch::with_examples("account-tags");
    scratch.put("deny-red.json", policy);
    let line = "twokeys simulate --account tests/data/account/moto.json --policy deny-red.json \
                -p user/alice -a s3:GetObject -r '*' --mfa true -f json";
    let decision = |line: &str| {
        let outcome = scratch.shell(line);
        let data: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        data["answers"][0]["decision"].as_str().unwrap().to_owned()
    };
    assert_eq!(decision(line), "ExplicitlyDenied");
    assert_eq!(decision(&format!("{line} --principal-tag team=blue")), "Allowed");
}

#[test]
fn the_trust_policy_of_a_role_counts_when_it_is_assumed() {
    let to = |role: &str| {
        asked(&format!("-p user/bob -a sts:AssumeRole -r arn:aws:iam::111122223333:role/{role} -q"))
    };
    insta::assert_snapshot!(format!("{}\n{}", to("audit"), to("engineering/builder")));
}

#[test]
fn ux_063_who_is_not_there_is_no_denial() {
    let mut told = String::new();
    for rest in [
        "-p user/alise -a s3:GetObject",
        "-p role/alice -a s3:GetObject",
        "-p user/elsewhere/grace -a s3:GetObject",
        "-p arn:aws:iam::111122223333:user/grace -a s3:GetObject",
        "-p arn:aws:sts::111122223333:assumed-role/nobody/s -a s3:GetObject",
        "-p arn:aws:sts::111122223333:federated-user/bob -a s3:GetObject",
        "-a s3:GetObject",
    ] {
        let outcome = asked(rest);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{rest}\n{outcome}");
        writeln!(told, "$ {rest}\n{}", outcome.stderr).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn ux_040_later_wins_and_conflicts_are_told() {
    insta::assert_snapshot!(asked(&format!(
        "--boundary policies/boundary-developer.json {REPORT} --mfa-devices tests/data/account/moto-devices-of-alice.json \
         -p role/builder -a s3:GetObject -r '*' --mfa false"
    )));
}

#[test]
fn api_046_files_that_contradict_each_other_are_told_and_wrong_ones_refused() {
    let scratch = Scratch::with_examples("account-files");
    let header = "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active";
    let row = |name: &str| format!("{name},arn:aws:iam::111122223333:user/{name},true,false,false,false");
    scratch.put("report.csv", &format!("{header}\n{}\n{}\n", row("alice"), row("zoe")));
    scratch
        .put("other.csv", &format!("{header}\n{}\n", row("alice").replace("111122223333", "444455556666")));
    scratch.put("no-report.csv", "user,arn\n");
    let summary = "twokeys account summary -q --account tests/data/account/moto.json";
    let mut told = String::new();
    for rest in [
        "--credential-report other.csv",
        "--credential-report no-report.csv",
        "--mfa-devices no-report.csv",
        "--managed-policies no-report.csv",
        "--managed-policies tests/data/account/moto.json",
        "--account tests/data/account/moto.json",
    ] {
        let outcome = scratch.shell(&format!("{summary} {rest}"));
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{rest}\n{outcome}");
        let first: Vec<&str> = outcome.stderr.lines().take(8).collect();
        writeln!(told, "$ {rest}\n{}\n", first.join("\n")).unwrap();
    }
    let notes = scratch.shell(&format!("{summary} --credential-report report.csv").replace(" -q", ""));
    let first: Vec<&str> = notes.stderr.lines().take(3).collect();
    writeln!(told, "{}", first.join("\n")).unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn ux_044_a_policy_that_is_missing_stops_or_leaves_its_users_without_answer() {
    let scratch = Scratch::with_examples("account-missing");
    let attached = |name: &str| {
        format!(
            r#"{{"UserName": "{name}", "Arn": "arn:aws:iam::111122223333:user/{name}", "AttachedManagedPolicies": [
                {{"PolicyName": "R", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}]}}"#
        )
    };
    let free = r#"{"UserName": "free", "Arn": "arn:aws:iam::111122223333:user/free", "UserPolicyList": [{"PolicyName": "p",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}"#;
    let dump = format!(r#"{{"UserDetailList": [{}, {}, {free}]}}"#, attached("a"), attached("b"));
    scratch.put("dump.json", &dump);
    let mut told = String::new();
    for line in [
        "twokeys simulate --account dump.json -p user/free -a s3:GetObject -r '*'",
        "twokeys simulate --account dump.json --keep-going -p user/free -a s3:GetObject -r '*'",
        "twokeys simulate --account dump.json --keep-going -p user/a -a s3:GetObject -r '*'",
        "twokeys matrix --account dump.json --keep-going -a s3:GetObject -q",
        "twokeys matrix --account dump.json --keep-going -a s3:GetObject -q --format csv",
        "twokeys who-can --account dump.json --keep-going -a s3:GetObject --fail-on any",
        "twokeys account audit --account dump.json --keep-going",
    ] {
        writeln!(told, "$ {line}\n{}\n", scratch.shell(line)).unwrap();
    }
    insta::assert_snapshot!(told);
    let managed = r#"{"source": "elsewhere", "policies": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "document":
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}}]}"#;
    scratch.put("managed.json", managed);
    let given = scratch.shell("twokeys simulate --account dump.json --managed-policies managed.json -p user/a -a s3:GetObject -r '*'");
    assert_eq!(given.code, 0, "{given}");
}

#[test]
fn rl_024_dumps_that_must_not_be_believed_are_refused_with_the_entity_and_the_next_step() {
    let corpus = std::fs::read_to_string(root().join("tests/data/bad-inputs.jsonl")).unwrap();
    let cases = corpus.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let words = ["account", "summary", "--account", "-"];
    let mut told = String::new();
    for case in cases.filter(|case| case["target"] == "dump" && case["expect"] == "reject") {
        let Some(text) = case["text"].as_str() else { continue };
        let dump = match case["id"].as_str().unwrap() {
            // The text is that of one policy.
            "D004" => format!(
                r#"{{"UserDetailList": [{{"UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a",
                    "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": "{text}"}}]}}]}}"#
            ),
            _ => text.to_owned(),
        };
        let outcome = run_with(&words, &dump);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{case}\n{outcome}");
        writeln!(told, "{}\n{}", case["id"], outcome.stderr).unwrap();
    }
    for (name, dump) in
        [("no dump", "{\"users\": []}"), ("cut off", "{\"UserDetailList\": [{\"UserName\":"), ("empty", "")]
    {
        let outcome = run_with(&words, dump);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{outcome}");
        writeln!(told, "{name}\n{}", outcome.stderr).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_broken_policy_is_shown_where_it_stands_in_the_dump() {
    let scratch = Scratch::new("account-broken");
    let dump = "{\n  \"UserDetailList\": [{\n    \"UserName\": \"a\", \"Arn\": \"arn:aws:iam::111122223333:user/a\",\n    \"UserPolicyList\": \
                [{\"PolicyName\": \"p\", \"PolicyDocument\": {\"Statement\": [\n      {\"Effect\": \"Alow\", \"Action\": \"*\", \"Resource\": \"*\"}]}}]}]\n}\n";
    scratch.put("dump.json", dump);
    let encoded = dump.replace(
        "{\"Statement\": [\n      {\"Effect\": \"Alow\", \"Action\": \"*\", \"Resource\": \"*\"}]}",
        "\"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Alow%22%2C%22Action%22%3A%22*%22%2C%22Resource%22%3A%22*%22%7D%5D%7D\"",
    );
    assert_ne!(encoded, dump);
    scratch.put("encoded.json", &encoded);
    let told = ["dump.json", "encoded.json"].map(|file| {
        let outcome = scratch.run(&["matrix", "--account", file]);
        assert_eq!(outcome.code, 2);
        outcome.stderr
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn pages_lines_and_packed_files_are_one_account() {
    let scratch = Scratch::with_examples("account-pages");
    let made = scratch.shell(
        "twokeys account synth --principals 6 > whole.json && gzip -k whole.json && \
         jq -c '{UserDetailList, IsTruncated: true}' whole.json > one.json && \
         jq -c 'del(.UserDetailList)' whole.json > two.json && cat one.json two.json > lines.jsonl",
    );
    if made.code != 0 {
        // Without these tools of the system there is nothing to compare.
        assert!(made.stderr.contains("not found"), "{made}");
        return;
    }
    let whole = scratch.shell("twokeys account summary --account whole.json").stdout;
    assert!(whole.starts_with("account 111122223333\n"), "{whole}");
    for files in ["whole.json.gz", "one.json two.json", "lines.jsonl", "- < whole.json.gz"] {
        let outcome = scratch.shell(&format!("twokeys account summary --account {files}"));
        assert_eq!(outcome.stdout, whole, "{files}\n{outcome}");
    }
}

#[test]
fn an_account_is_summed_up() {
    insta::assert_snapshot!("summary", typed(&format!("twokeys account summary {MOTO} {REPORT}")));
    let data = typed(&format!("twokeys account summary {MOTO} --format json"));
    let data: serde_json::Value = serde_json::from_str(&data.stdout).unwrap();
    assert_eq!((&data["users"], &data["policies"]["trust"]), (&12.into(), &7.into()));
}

#[test]
fn an_account_is_audited() {
    insta::assert_snapshot!(
        "audit",
        typed(&format!("twokeys account audit {MOTO} {REPORT} --fail-on gap --no-wrap"))
    );
    insta::assert_snapshot!(
        "audit_verbose",
        typed(&format!("twokeys account audit {MOTO} {REPORT} -v --no-wrap"))
    );
    insta::assert_snapshot!(
        "audit_json",
        typed(&format!("twokeys account audit {MOTO} {REPORT} --format json"))
    );
    let wrong = typed(&format!("twokeys account audit {MOTO} --principals user/bob"));
    assert_eq!(wrong.code, 2, "{wrong}");
}

#[test]
fn who_has_no_account_is_told_so() {
    for (line, code) in [
        ("twokeys account summary", "no-account"),
        ("twokeys matrix --policy policies/administrator.json", "no-account"),
        ("twokeys who-can -a s3:GetObject", "no-account"),
        ("twokeys simulate --credential-report x.csv -a s3:GetObject", "no-account"),
        ("twokeys matrix --account tests/data/account/no-such-file.json", "no-such-file"),
        ("twokeys matrix --account tests/data/account", "is-a-folder"),
    ] {
        let outcome = typed(line);
        assert!(
            outcome.code == 2 && outcome.stderr.contains(code) && outcome.stderr.contains("help:"),
            "{line}\n{outcome}"
        );
    }
}

#[test]
fn made_up_accounts_are_always_the_same() {
    let one = typed("twokeys account synth --principals 9 --seed 3").stdout;
    assert_eq!(typed("twokeys account synth --principals 9 --seed 3").stdout, one);
    assert_ne!(typed("twokeys account synth --principals 9 --seed 4").stdout, one);
    let scratch = Scratch::new("account-synth");
    let outcome = scratch.shell(
        "twokeys account synth --principals 10 --users 4 --groups 1 --policies 2 --credential-report r.csv > d.json && \
         twokeys account summary --account d.json --credential-report r.csv",
    );
    assert!(outcome.stdout.contains("4 users, 1 group, 6 roles"), "{outcome}");
}

#[test]
fn ux_089_a_test_file_names_an_account() {
    let scratch = Scratch::with_examples("account-tests");
    let text = r#"
world = { account = "tests/data/account/moto.json", credential_report = "tests/data/account/moto-credential-report.csv" }

[[case]]
name = "developers need MFA"
principal = "user/alice"
action = "ec2:TerminateInstances"
mfa = { missing = "explicit-deny", false = "explicit-deny", true = "allow" }

[[case]]
name = "admins do not"
principal = "user/bob"
action = "iam:CreateUser"
mfa = { missing = "allow" }
decided_by = "AdministratorAccess/1"
"#;
    scratch.put("account.twokeys-test.toml", text);
    let outcome = scratch.run(&["test", "account.twokeys-test.toml"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    scratch.put("wrong.twokeys-test.toml", &text.replace("user/alice", "user/alise"));
    let outcome = scratch.run(&["test", "wrong.twokeys-test.toml"]);
    assert!(outcome.code == 2 && outcome.stdout.contains("did you mean `user/alice`?"), "{outcome}");
}
