//! What must not pass in silence: lines, policies and facts that would be left out without a word.

use serde_json::Value;

use super::scratch::Scratch;
use super::{Outcome, run_with};

const ALLOW: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
const CLOSED: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket";

/// A folder with an allowing identity policy and two resource policies.
fn world(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch
        .put("allow.json", ALLOW)
        .put("open.json", OPEN)
        .put("closed.json", CLOSED)
        .put("broken.json", "{");
    scratch
}

fn ask(scratch: &Scratch, line: &str) -> Outcome {
    let words = super::words(&format!("simulate --policy allow.json {line}"));
    scratch.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}\n{outcome}"))
}

fn states(outcome: &Outcome) -> Vec<String> {
    let answers = json(outcome)["answers"].as_array().unwrap().clone();
    answers.iter().map(|answer| answer["mfa"].as_str().unwrap().to_owned()).collect()
}

/// The command must fail with this code, and say these words.
fn refused(scratch: &Scratch, line: &str, code: &str, words: &str) {
    let outcome = ask(scratch, line);
    assert_eq!(outcome.code, 2, "{line}\n{outcome}");
    let told = outcome.stderr.replace('\n', " ");
    assert!(told.contains(&format!("error[{code}]")) && told.contains(words), "{line}\n{outcome}");
}

fn warned(scratch: &Scratch, line: &str, code: &str, words: &str) {
    let outcome = ask(scratch, &format!("{line} --no-wrap -q"));
    assert!(outcome.stderr.contains(&format!("warning[{code}]")), "{line}\n{outcome}");
    assert!(outcome.stderr.contains(words), "{line}\n{outcome}");
}

#[test]
fn ux_087_a_line_too_long_is_an_error_however_it_begins() {
    let requests = format!(
        "{{\"action\": \"s3:GetObject\"}}\n{}{{\"action\": \"s3:PutObject\"}}\n",
        " ".repeat((1 << 20) + 1)
    );
    let words = ["simulate", "--policy", "policies/administrator.json", "--requests", "-", "-f", "jsonl"];
    let outcome = run_with(&words, &requests);
    assert_eq!((outcome.code, outcome.stdout.lines().count()), (2, 2), "{outcome}");
    assert!(outcome.stdout.contains("file-too-large"), "{outcome}");
}

#[test]
fn ux_030_no_request_at_all_is_trouble() {
    let words = ["simulate", "--policy", "policies/administrator.json", "--requests", "-"];
    for stdin in ["", "\n \n\t\n"] {
        for more in [&[][..], &["--expect", "deny"], &["-f", "json"], &["-f", "jsonl"], &["-f", "md"]] {
            let outcome = run_with(&[&words[..], more].concat(), stdin);
            assert_eq!(outcome.code, 2, "{more:?}\n{outcome}");
            assert!(format!("{outcome}").contains("no-request"), "{more:?}\n{outcome}");
        }
    }
}

#[test]
fn re_001_a_policy_of_a_resource_is_not_that_of_what_its_name_begins() {
    let scratch = world("belongs");
    let topic = "arn:aws:sns:us-east-1:111122223333:topic";
    let line = format!("-a sns:Publish --resource-policy {topic}=closed.json --mfa true -r");
    assert_eq!(ask(&scratch, &format!("{line} {topic}")).code, 1);
    assert_eq!(ask(&scratch, &format!("{line} {topic}:9c1e")).code, 0);
    let bucket = format!("-a s3:GetObject --resource-policy {BUCKET}=closed.json --mfa true -r");
    assert_eq!(ask(&scratch, &format!("{bucket} {BUCKET}/a/b")).code, 1, "the objects of a bucket");
}

#[test]
fn two_policies_of_one_resource_are_refused() {
    let scratch = world("two-policies");
    for other in [BUCKET.to_owned(), format!("{BUCKET}/key")] {
        let line = format!(
            "-a s3:GetObject -r {BUCKET}/key --resource-policy {BUCKET}=closed.json --resource-policy {other}=open.json"
        );
        refused(&scratch, &line, "given-twice", "two policies are given for");
    }
}

#[test]
fn policies_that_apply_to_nothing_asked_are_told_once() {
    let scratch = world("idle");
    let other = "arn:aws:s3:::amzn-s3-demo-other";
    for (line, words) in [
        (format!("-r {BUCKET}/k --resource-policy {other}=closed.json"), "nothing is asked about"),
        ("-r * --session-policy allow.json".to_owned(), "is no session"),
        ("-r * -p root".to_owned(), "has no identity policies"),
        ("-r * -p root --boundary allow.json".to_owned(), "has no boundary"),
        ("-r * -p lambda.amazonaws.com --scp allow.json".to_owned(), "do not reach"),
    ] {
        warned(&scratch, &format!("-a s3:GetObject {line}"), "not-applicable", words);
    }
    let twice = ask(&scratch, "-a s3:GetObject -a s3:PutObject -r * --session-policy allow.json -f json");
    assert_eq!(twice.stdout.matches("not-applicable").count(), 1, "{twice}");
    let used =
        ask(&scratch, "-a s3:GetObject -r * -p role/ops --session-policy allow.json --boundary allow.json");
    assert_eq!(used.stderr, "");
    scratch.put("r.jsonl", &format!("{{\"action\": \"s3:GetObject\", \"resource\": \"{BUCKET}\"}}\n"));
    let stream = format!("--requests r.jsonl -f jsonl --resource-policy {other}=closed.json");
    warned(&scratch, &stream, "not-applicable", "nothing is asked about");
}

/// An organization: 111111111111 manages, 111122223333 and 444455556666 are in two units.
fn organization(scratch: &Scratch, rcps: &str) {
    let text = format!(
        r#"{{"id": "o-a1", "management_account": "111111111111", "root": {{"id": "r-1", "rcps": [{rcps}],
          "ous": {{"A": {{"id": "ou-a", "accounts": {{"111122223333": {{}}}}}},
                  "B": {{"id": "ou-b", "scps": ["FullAWSAccess", "b.json"], "accounts": {{"444455556666": {{}}}}}}}}}}}}"#
    );
    scratch.put("org/org.json", &text).put("org/b.json", ALLOW).put("org/rcp.json", OPEN);
}

#[test]
fn ux_085_accounts_outside_of_the_organization_are_told() {
    let scratch = world("outside");
    organization(&scratch, "");
    let ask_as = |account: &str, rest: &str| {
        format!("--org org -p arn:aws:iam::{account}:user/u -a s3:GetObject {rest}")
    };
    refused(&scratch, &ask_as("111122223334", "-r *"), "outside-organization", "did you mean 111122223333?");
    let foreign = format!("-r {BUCKET}/k");
    refused(&scratch, &ask_as("999999999999", &foreign), "outside-organization", "--resource-account");
    let inside = format!("{foreign} --resource-account 111122223333");
    warned(
        &scratch,
        &ask_as("999999999999", &inside),
        "outside-organization",
        "service control policies do not",
    );
    // The management account belongs to it, in the tree or not.
    let outcome = ask(&scratch, &ask_as("111111111111", "-r * --mfa true -f json"));
    assert_eq!((outcome.code, json(&outcome)["warnings"].as_array().unwrap().len()), (0, 0), "{outcome}");
}

#[test]
fn ev_062_resource_control_policies_need_an_owner() {
    let scratch = world("owner");
    organization(&scratch, "\"rcp.json\"");
    for who in ["anonymous", "lambda.amazonaws.com"] {
        let line =
            format!("--org org -p {who} -a s3:GetObject -r {BUCKET}/k --resource-policy {BUCKET}=open.json");
        refused(&scratch, &line, "unknown-owner", "--resource-account");
        let outcome = ask(&scratch, &format!("{line} --resource-account 111122223333"));
        assert!(!outcome.stderr.contains("error"), "{outcome}");
    }
}

#[test]
fn ev_010_an_owner_that_is_assumed_is_told() {
    let scratch = world("assumed-owner");
    let line = format!(
        "-p arn:aws:iam::999999999999:user/u -a s3:GetObject -r {BUCKET}/k --resource-policy {BUCKET}=open.json"
    );
    warned(&scratch, &line, "assumed-owner", "999999999999, is assumed");
    let outcome = ask(&scratch, &format!("{line} --resource-account 111122223333"));
    assert!(!outcome.stderr.contains("assumed-owner"), "{outcome}");
}

#[test]
fn facts_of_another_kind_of_requester_are_refused() {
    let scratch = world("facts");
    for (line, words) in [
        ("-p anonymous --principal-tag a=b", "has no tags"),
        ("-p lambda.amazonaws.com --principal-tag a=b", "has no tags"),
        ("-p anonymous --via-service athena.amazonaws.com", "forwards calls of accounts"),
        ("-p user/u --principal-detail roleArn=arn:aws:iam::111122223333:role/r", "a session of a role"),
        ("-p user/u --principal-detail serviceNames=a.amazonaws.com", "a service"),
        ("-p user/u --principal-detail credential=get-federation-token", "a federated user"),
        ("-p role/r --principal-detail credential=long-term", "a user or root"),
    ] {
        refused(&scratch, &format!("-a s3:GetObject {line}"), "bad-detail", words);
    }
}

#[test]
fn mf_002_forwarded_calls_never_lack_the_key() {
    let scratch = world("forwarded");
    let line = "-a s3:GetObject -r * -p user/u --via-service athena.amazonaws.com -f json";
    assert_eq!(states(&ask(&scratch, line)), ["false", "true"]);
    let by_key = "-a s3:GetObject -r * -p user/u -c aws:ViaAWSService=true -f json";
    assert_eq!(states(&ask(&scratch, by_key)), ["false", "true"]);
    let missing = line.replace("-f json", "--mfa missing");
    refused(&scratch, &missing, "bad-credential", "temporary credentials");
    refused(
        &scratch,
        &line.replace("athena.amazonaws.com -f json", "''"),
        "bad-principal",
        "names no service",
    );
}

#[test]
fn mf_016_only_states_that_can_be_are_asked() {
    let scratch = world("possible");
    for (who, expected) in [
        ("user/u", &["missing", "false", "true"][..]),
        ("role/r", &["missing", "false"]),
        ("role/r --mfa-profile observed", &["false", "true"]),
        ("anonymous", &["missing"]),
        ("lambda.amazonaws.com", &["missing"]),
        ("arn:aws:sts::111122223333:federated-user/f", &["missing"]),
    ] {
        let outcome = ask(&scratch, &format!("-a s3:GetObject -r * -p {who} -f json"));
        assert_eq!(states(&outcome), expected, "{who}");
        let left_out = json(&outcome)["not_asked"].as_array().map_or(0, Vec::len);
        assert_eq!(left_out + expected.len(), 3, "{who}");
    }
    let shown = ask(&scratch, "-a s3:GetObject -r * -p role/r --no-wrap").stdout;
    assert!(shown.contains("not possible") && shown.contains("MF-016"), "{shown}");
    warned(&scratch, "-a s3:GetObject -r * -p role/r --mfa true", "impossible-mfa", "MF-016");
    warned(
        &scratch,
        "-a s3:GetObject -r * -p user/u --mfa-profile observed",
        "not-applicable",
        "--mfa-profile",
    );
    scratch.put(
        "mfa.json",
        &ALLOW.replace(
            "\"*\"}}",
            "\"*\", \"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}}}}",
        ),
    );
    let advice = |who: &str| {
        let words =
            ["simulate", "--policy", "mfa.json", "-a", "s3:GetObject", "-r", "*", "--explain", "-p", who];
        scratch.run(&words).stdout.contains("MFA true")
    };
    assert!(advice("user/u"), "a user can use MFA");
    let words = [
        "simulate",
        "--policy",
        "mfa.json",
        "-a",
        "s3:GetObject",
        "-r",
        "*",
        "--explain",
        "-f",
        "json",
        "-p",
        "role/r",
    ];
    let decision = json(&scratch.run(&words));
    assert!(!decision["answers"][0]["would_allow"].to_string().contains("\"mfa\""), "{decision}");
}

#[test]
fn ux_044_what_is_not_known_is_denied_in_every_format() {
    let scratch = world("indeterminate");
    let line = "--boundary broken.json --keep-going -a s3:GetObject -r * --mfa true";
    let outcome = ask(&scratch, &format!("{line} -f json"));
    let answer = &json(&outcome)["answers"][0];
    assert_eq!(
        (answer["decision"].as_str(), answer["indeterminate"].as_bool()),
        (Some("Undecided"), Some(true))
    );
    assert!(answer["possible"].to_string().contains("Denied"), "{outcome}");
    assert_eq!(outcome.code, 3);
    let told = ask(&scratch, &format!("{line} --explain")).stdout;
    assert!(told.contains("INDETERMINATE") && !told.contains("ALLOW"), "{told}");
    assert_eq!(ask(&scratch, &format!("{line} --expect deny")).code, 3);
    assert_eq!(ask(&scratch, &format!("{line} --expect allow")).code, 3);
    // A Deny that was read stands, whatever the other policies say.
    scratch.put("deny.json", &ALLOW.replace("Allow", "Deny"));
    assert_eq!(ask(&scratch, &format!("{line} --policy deny.json --expect explicit-deny")).code, 0);
}

#[test]
fn ux_044_a_broken_policy_of_another_unit_leaves_the_answer_alone() {
    let scratch = world("broken-unit");
    organization(&scratch, "");
    scratch.put("org/b.json", "{");
    let line = |account: &str| {
        format!("--org org --keep-going -p arn:aws:iam::{account}:user/u -a s3:GetObject -r * --mfa true")
    };
    assert_eq!(ask(&scratch, &line("111122223333")).code, 0);
    assert_eq!(ask(&scratch, &line("444455556666")).code, 3);
}

#[test]
fn ux_082_nothing_is_said_twice_by_a_request_and_by_flags() {
    let scratch = world("twice");
    for (key, flag) in [
        ("aws:requesttag/Team", "--request-tag team=red"),
        ("AWS:PrincipalTag/TEAM", "--principal-tag team=red"),
        ("aws:ViaAWSService", "--via-service athena.amazonaws.com"),
        ("aws:calledvia", "--via-service athena.amazonaws.com"),
        ("aws:TagKeys", "--request-tag team=red"),
    ] {
        scratch.put(
            "r.json",
            &format!("{{\"action\": \"s3:GetObject\", \"context\": {{\"{key}\": \"true\"}}}}"),
        );
        refused(&scratch, &format!("--request r.json {flag}"), "given-twice", "given twice");
    }
}

#[test]
fn ux_082_keys_that_are_unknown_are_keys() {
    let scratch = world("unknown");
    for key in ["aws:*Tag", "aws: SourceIp", "aws:SourceIp "] {
        let flag = format!("-a s3:GetObject -c '{key}:unknown'");
        refused(&scratch, &flag, "bad-context", "neither a key nor a family");
        scratch.put("r.json", &format!("{{\"action\": \"s3:GetObject\", \"unknown\": [\"{key}\"]}}"));
        refused(&scratch, "--request r.json", "bad-context", "neither a key nor a family");
    }
    let keys: Vec<String> = (0..10_001).map(|number| format!("\"a:k{number}*\"")).collect();
    scratch.put("r.json", &format!("{{\"action\": \"s3:GetObject\", \"unknown\": [{}]}}", keys.join(",")));
    refused(&scratch, "--request r.json", "bad-context", "10001 values");
}

#[test]
fn ux_020_a_time_that_no_policy_can_be_compared_with_is_refused() {
    let scratch = world("time");
    for time in ["2016-12-31T23:59:60Z", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
        assert_eq!(ask(&scratch, &format!("-a s3:GetObject --now {time}")).code, 2, "{time}");
    }
    let line = "TWOKEYS_NOW=$(printf '\\377') twokeys simulate --policy allow.json -a s3:GetObject -r '*'";
    let outcome = scratch.shell(line);
    assert!(outcome.code == 2 && outcome.stderr.contains("not UTF-8"), "{outcome}");
}
