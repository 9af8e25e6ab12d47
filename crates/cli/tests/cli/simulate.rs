//! `twokeys simulate`: answers in every format, and what the shell is told.

use std::fs;

use super::scratch::Scratch;
use super::{Outcome, command, root, run, run_with, typed};

const WORLD: &str =
    "twokeys simulate --policy policies/mfa/self-manage.json policies/power-user.json -p user/alice";
const OBJECT: &str = "arn:aws:s3:::amzn-s3-demo-bucket1/report.csv";

fn asked(rest: &str) -> Outcome {
    typed(&format!("{WORLD} {rest}"))
}

#[test]
fn three_answers_stand_side_by_side() {
    insta::assert_snapshot!(asked(
        "-a ec2:TerminateInstances -r arn:aws:ec2:us-east-1:111122223333:instance/i-1"
    ));
}

#[test]
fn a_stale_second_factor_is_a_fourth_answer_where_its_age_is_compared() {
    insta::assert_snapshot!(typed(
        "twokeys simulate --policy policies/administrator.json policies/mfa/recent-mfa-for-production.json \
         -p user/alice -a s3:DeleteBucket -r arn:aws:s3:::amzn-s3-demo-bucket-production"
    ));
    let given = typed(
        "twokeys simulate --policy policies/administrator.json policies/mfa/recent-mfa-for-production.json \
         -p user/alice -a s3:DeleteBucket --mfa-age 60 -f json",
    );
    assert_eq!(given.stdout.matches("\"mfa\": \"true\"").count(), 1, "{given}");
}

#[test]
fn ux_060_every_step_of_an_explicit_denial() {
    insta::assert_snapshot!(asked(&format!("-a s3:GetObject -r {OBJECT} --mfa missing --explain")));
}

#[test]
fn ux_060_statements_that_came_close_to_allowing_are_told() {
    insta::assert_snapshot!(typed(
        "twokeys simulate --policy policies/mfa/self-manage.json -p user/alice -a iam:EnableMFADevice \
         -r arn:aws:iam::111122223333:user/bob --mfa true --explain"
    ));
}

#[test]
fn ux_060_all_layers_of_a_session_across_accounts() {
    insta::assert_snapshot!(typed(&format!(
        "twokeys simulate --policy policies/administrator.json --boundary policies/boundary-developer.json \
         --session-policy policies/session-read-only.json --scp policies/scp-full-access.json \
         --scp policies/scp-region-lock.json --rcp policies/rcp-identity-perimeter.json \
         --endpoint-policy policies/endpoint-own-buckets.json \
         --resource-policy policies/bucket-cross-account.json --resource-account 444455556666 \
         -p role/ops -a s3:GetObject -r {OBJECT} --mfa false --explain"
    )));
}

#[test]
fn ux_043_a_key_nobody_knows_leaves_the_answer_open() {
    let outcome = typed(
        "twokeys simulate --policy policies/mfa/sensitive-actions.json -p user/alice -a ec2:StopInstances \
         -c aws:MultiFactorAuthPresent:unknown --explain",
    );
    assert_eq!(outcome.code, 3, "{outcome}");
    insta::assert_snapshot!(outcome);
}

#[test]
fn the_deciding_statements_are_shown() {
    insta::assert_snapshot!(asked(&format!("-a s3:GetObject -r {OBJECT} --show-policy")));
}

#[test]
fn markdown_json_and_records() {
    insta::assert_snapshot!("markdown", asked("-a s3:GetObject -a iam:ListUsers --format md"));
    insta::assert_snapshot!("json", asked("-a s3:GetObject --mfa true --format json"));
    insta::assert_snapshot!(
        "json_of_several",
        asked("-a s3:GetObject -a iam:ListUsers --mfa true --format json")
    );
    insta::assert_snapshot!("jsonl", asked("-a s3:GetObject -a iam:ListUsers --mfa missing --format jsonl"));
    insta::assert_snapshot!("json_trace", asked("-a s3:GetObject --mfa missing --explain --format json"));
}

#[test]
fn ux_015_ascii_color_and_width() {
    insta::assert_snapshot!("ascii", asked("-a s3:GetObject --ascii --mfa missing --explain"));
    insta::assert_snapshot!("color", asked("-a s3:GetObject --color always").stdout.replace('\u{1b}', "ESC"));
    insta::assert_snapshot!("no_wrap", asked("-a s3:GetObject --no-wrap"));
    let never = command(&["simulate", "--policy", "policies/administrator.json", "-a", "s3:GetObject"])
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(!String::from_utf8(never.stdout).unwrap().contains('\u{1b}'));
    let locale = command(&["simulate", "--policy", "policies/administrator.json", "-a", "s3:GetObject"])
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(locale.stdout.is_ascii());
}

#[test]
fn ux_041_wildcards_are_written_out_if_that_is_asked_for() {
    let all = asked("-a sts:Get*Token -a sts:getsessiontoken --catalog --mfa true --format jsonl");
    let actions = all.stdout.split("\"action\":\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let expected = ["DelegatedAccess", "Federation", "ServiceBearer", "Session", "WebIdentity"];
    assert!(actions.eq(expected.map(|kind| format!("sts:Get{kind}Token"))), "{all}");
    let outcome = asked("-a s3:Fetch* --catalog");
    assert_eq!(outcome.code, 2, "{outcome}");
    insta::assert_snapshot!(outcome);
}

#[test]
fn ux_088_misspelled_actions_and_unnamed_resources_are_warned_of() {
    insta::assert_snapshot!(asked("-a s3:GetObjekt -a iam:AssumeRole -a zebra:Run -r * --mfa true"));
    let quiet = asked("-a s3:ListAllMyBuckets --mfa true");
    assert_eq!(quiet.stderr, "", "it takes no resource");
    let twice = asked("-a s3:GetObject -a s3:PutObject --mfa true");
    assert_eq!(twice.stderr.matches("star-resource").count(), 1, "{twice}");
}

#[test]
fn ux_030_the_exit_status_is_the_answer() {
    for (rest, expected) in [
        ("-a s3:GetObject --mfa true", 0),
        ("-a s3:GetObject --mfa missing", 1),
        ("-a s3:GetObject", 1),
        ("-a s3:GetObject -a iam:CreateUser --mfa true", 1),
        ("-a s3:GetObject -c aws:MultiFactorAuthPresent:unknown", 3),
        ("-a s3:GetObject --mfa missing --expect deny", 0),
        ("-a s3:GetObject --mfa missing --expect explicit-deny@identity", 0),
        ("-a s3:GetObject --mfa missing --expect explicit-deny@scp", 1),
        ("-a s3:GetObject --mfa missing --expect implicit-deny", 1),
        ("-a s3:GetObject --expect deny", 1),
        ("-a s3:GetObject -c aws:MultiFactorAuthPresent:unknown --expect undecided", 0),
        ("-a s3:GetObject --credential session-mfa:60", 0),
        ("-a s3:GetObject --credential access-key", 1),
        ("-a iam:CreateVirtualMFADevice -r arn:aws:iam::111122223333:mfa/alice --credential access-key", 0),
    ] {
        let outcome = asked(rest);
        assert_eq!(outcome.code, expected, "{rest}\n{outcome}");
    }
}

#[test]
fn ux_031_what_was_not_expected_is_told() {
    let outcome = asked("-a s3:GetObject --expect deny -q");
    assert_eq!(outcome.stderr, "expected deny, but it is Allowed in the layer identity with MFA true\n");
}

#[test]
fn ux_042_credentials_bring_their_own_keys() {
    // A role session carries no MFA, however it was made; some tool authors say otherwise.
    let made_with_mfa = "twokeys simulate --policy policies/mfa/in-role-permissions.json -p role/ops \
                         --credential role-mfa:60 -a ec2:StopInstances -f json";
    assert!(typed(made_with_mfa).stdout.contains("\"mfa\": \"false\""));
    assert!(typed(&format!("{made_with_mfa} --mfa-profile observed")).stdout.contains("\"mfa\": \"true\""));
    // What a service forwards for an access key is signed with temporary credentials.
    let forwarded =
        asked("-a s3:GetObject --credential access-key --via-service athena.amazonaws.com -f json");
    assert!(forwarded.stdout.contains("\"mfa\": \"false\""), "{forwarded}");
}

#[test]
fn ux_082_a_request_comes_from_a_file_and_flags_fill_it_up() {
    let request = r#"{"id": "r-1", "principal": "arn:aws:iam::111122223333:user/alice", "mfa": "true",
        "context": {"aws:SourceIp": "203.0.113.7"}}"#;
    let words =
        ["simulate", "--policy", "policies/administrator.json", "--request", "-", "-a", "s3:GetObject"];
    insta::assert_snapshot!(run_with(&[&words[..], &["-f", "json"]].concat(), request));
}

#[test]
fn ux_087_many_requests_are_answered_in_order_and_bad_lines_keep_their_place() {
    let requests = "\
{\"id\": \"a\", \"action\": \"s3:GetObject\", \"mfa\": \"true\"}

{\"id\": \"b\", \"action\": \"s3:*\"}
{\"id\": \"c\", \"action\": \"iam:CreateUser\", \"expect\": \"deny\"}
{\"id\": \"d\", \"acton\": \"iam:CreateUser\"}
";
    let words = ["simulate", "--policy", "policies/power-user.json", "-p", "user/alice", "--requests", "-"];
    for format in ["human", "jsonl", "json", "md"] {
        let outcome = run_with(&[&words[..], &["--format", format]].concat(), requests);
        assert_eq!(outcome.code, 2, "{outcome}");
        insta::assert_snapshot!(format!("requests_as_{format}"), outcome);
    }
    let good = "{\"action\": \"s3:GetObject\"}\n".repeat(3);
    let outcome = run_with(&[&words[..], &["--format", "jsonl", "-r", OBJECT]].concat(), &good);
    assert_eq!((outcome.code, outcome.stdout.lines().count()), (0, 3), "{outcome}");
}

#[test]
fn ux_087_threads_change_no_byte_of_a_stream() {
    let lines = (0..3_000).map(|at| match at % 7 {
        0 => format!("{{\"id\": \"{at}\", \"acton\": \"s3:GetObject\"}}\n"),
        1 => format!("{{\"id\": \"{at}\", \"action\": \"s3:Got{at}\", \"resource\": \"*\"}}\n"),
        2 => "\n".to_owned(),
        _ => format!("{{\"id\": \"{at}\", \"action\": \"iam:Get{at}\", \"expect\": \"deny\"}}\n"),
    });
    let requests: String = lines.collect();
    let scratch = Scratch::with_examples("threads");
    scratch.put("r.jsonl", &requests);
    let words =
        ["simulate", "--policy", "policies/power-user.json", "-p", "user/alice", "--requests", "r.jsonl"];
    for format in ["human", "jsonl", "json", "md"] {
        let with = |jobs| scratch.run(&[&words[..], &["-f", format, "-j", jobs]].concat());
        let (one, four) = (with("1"), with("4"));
        assert!(one.code == 2 && one.stdout.lines().count() > 2_000, "{}", one.code);
        assert!(one.stdout == four.stdout && one.stderr == four.stderr && one.code == four.code, "{format}");
    }
}

#[test]
fn ux_032_the_status_of_a_stream_is_that_of_its_worst_line() {
    let scratch = Scratch::with_examples("worst");
    scratch.put(
        "p.json",
        r#"{"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
          {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}]}"#,
    );
    let with = |more: &str| format!(r#"{{"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"{more}}}"#);
    let allowed = with("");
    for (worst, code) in [
        (allowed.clone(), 0),
        (with(r#", "expect": "allow""#), 0),
        (with(r#", "expect": "deny""#), 1),
        (with(r#", "context": {"aws:SourceVpc": "vpc-1"}"#), 1),
        (with(r#", "unknown": ["aws:SourceVpc"]"#), 3),
        (with(r#", "acton": 1"#), 2),
    ] {
        // It stands among others, in the middle of what a thread takes.
        let lines = (0..300).map(|at| format!("{}\n", if at == 150 { &worst } else { &allowed }));
        scratch.put("r.jsonl", &lines.collect::<String>());
        for (format, jobs) in [("jsonl", "1"), ("jsonl", "2"), ("human", "2")] {
            let words =
                ["simulate", "--policy", "p.json", "-p", "user/alice", "--mfa", "missing", "-f", format];
            let run = scratch.run(&[&words[..], &["-j", jobs, "--requests", "r.jsonl", "-q"]].concat());
            assert_eq!(run.code, code, "{format} -j {jobs}: {worst}\n{}", run.stderr);
        }
    }
}

#[test]
fn ux_087_whoever_writes_one_line_and_waits_gets_its_answer() {
    use std::io::{BufRead, BufReader, Write};
    let mut child = command(&[
        "simulate",
        "--policy",
        "policies/power-user.json",
        "-p",
        "user/alice",
        "--requests",
        "-",
        "-f",
        "jsonl",
    ])
    .stdin(std::process::Stdio::piped())
    .stdout(std::process::Stdio::piped())
    .spawn()
    .unwrap();
    let (mut ask, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for id in ["one", "two", "three"] {
        writeln!(ask, "{{\"id\": \"{id}\", \"action\": \"s3:GetObject\"}}").unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.contains(id), "{answer}");
    }
    drop(ask);
    assert!(child.wait().unwrap().success());
}

#[test]
fn ux_088_warnings_are_told_once_and_strict_makes_them_trouble() {
    let loose = "twokeys simulate --policy policies/mfa/misspelled-key-in-deny.json policies/administrator.json \
                 -p user/alice -a s3:GetObject -a s3:PutObject --mfa missing";
    insta::assert_snapshot!(typed(loose));
    assert_eq!(typed(loose).code, 0);
    assert_eq!(typed(&format!("{loose} --strict")).code, 2);
    let quiet = typed(&format!("{} -q", loose.replace("-p user/alice", "")));
    assert!(quiet.stderr.contains("W204") && !quiet.stderr.contains("assumed-principal"), "{quiet}");
    let met = asked(
        "-a s3:GetObject -c aws:MultiFactorAuthPresent=true -c aws:MultiFactorAuthPresent=false -f json",
    );
    assert!(met.stdout.contains("set-operator-needed"), "{met}");
}

#[test]
fn ux_044_a_broken_policy_stops_the_run_or_makes_its_answers_no_permission() {
    let broken = "twokeys simulate --policy policies/administrator.json policies/broken/operator-misspelled.json \
                  -p user/alice -a s3:GetObject";
    assert_eq!(typed(broken).code, 2);
    let outcome = typed(&format!("{broken} --keep-going"));
    assert_eq!(outcome.code, 3, "{outcome}");
    insta::assert_snapshot!(outcome);
}

#[test]
fn ux_085_an_organization_says_which_policies_reach_an_account() {
    let organization = "crates/cli/tests/cli/data/org";
    let ask = |account: &str, region: &str| {
        typed(&format!(
            "twokeys simulate --policy policies/administrator.json --org {organization} \
             -p arn:aws:iam::{account}:user/alice -a ec2:RunInstances -c aws:RequestedRegion={region} \
             --mfa true -f json"
        ))
    };
    let layer = |outcome: &Outcome| {
        let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let answer = &decision["answers"][0];
        format!("{} {}", answer["decision"].as_str().unwrap(), answer["layer"].as_str().unwrap())
    };
    assert_eq!(layer(&ask("111122223333", "ap-south-1")), "ExplicitlyDenied scp");
    assert_eq!(layer(&ask("111122223333", "eu-west-1")), "Allowed identity");
    assert_eq!(layer(&ask("444455556666", "eu-west-1")), "ImplicitlyDenied scp", "`[]` allows nothing");
    assert_eq!(
        layer(&ask("111111111111", "ap-south-1")),
        "Allowed identity",
        "the management account is free"
    );
    assert_eq!(ask("999999999999", "ap-south-1").code, 2, "none of it would apply to a stranger");
}

#[test]
fn a_trust_policy_is_that_of_a_role() {
    let role = "arn:aws:iam::111122223333:role/admin";
    let outcome = typed(&format!(
        "twokeys simulate --policy policies/administrator.json --resource-policy {role}=policies/mfa/trust-with-mfa.json \
         -p arn:aws:iam::444455556666:user/alice -a sts:AssumeRole -r {role}"
    ));
    insta::assert_snapshot!(outcome);
}

#[test]
fn ux_019_a_closed_pipe_ends_quietly() {
    let requests = root().join("crates/cli/tests/cli/data/many.jsonl");
    let line = "{\"action\": \"s3:GetObject\"}\n";
    fs::write(&requests, line.repeat(20_000)).unwrap();
    let path = requests.to_str().unwrap();
    let mut child = command(&[
        "simulate",
        "--policy",
        "policies/administrator.json",
        "--requests",
        path,
        "-f",
        "jsonl",
        "-q",
    ])
    .stdout(std::process::Stdio::piped())
    .stderr(std::process::Stdio::piped())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    fs::remove_file(&requests).unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_ne!(output.status.code(), Some(0), "what was not told is no yes");
}

#[test]
fn ux_020_the_same_words_give_the_same_bytes() {
    let ask = || {
        run(&["simulate", "--policy", "policies/abac-project.json", "-a", "ec2:StartInstances", "--explain"])
    };
    assert_eq!(ask().stdout, ask().stdout);
}
