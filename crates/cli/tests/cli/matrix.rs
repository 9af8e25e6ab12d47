//! `matrix` and `who-can`: everyone of an account, in every format, and in the pipelines they are made for.

use std::fmt::Write;

use serde_json::Value;

use super::schemas::{mismatches, schema};
use super::scratch::Scratch;
use super::{Outcome, typed};

const MOTO: &str = "--account tests/data/account/moto.json";
const THREE: &str = "-a iam:CreateUser -a s3:DeleteBucket -a ec2:RunInstances";

/// The same without the time it took, which is never the same twice.
fn timeless(mut outcome: Outcome) -> Outcome {
    let words: Vec<&str> = outcome.stderr.split(' ').collect();
    let mut kept: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for at in 1..words.len() {
        if (words[at].starts_with("ms;") || words[at].starts_with("s;"))
            && words[at - 1].parse::<f64>().is_ok()
        {
            "TIME".clone_into(&mut kept[at - 1]);
            kept[at] = words[at].replace("ms;", "s;");
        }
    }
    outcome.stderr = kept.join(" ");
    outcome
}

fn matrix(rest: &str) -> Outcome {
    timeless(typed(&format!("twokeys matrix {MOTO} {rest}")))
}

fn who_can(rest: &str) -> Outcome {
    typed(&format!("twokeys who-can {MOTO} {rest}"))
}

#[test]
fn ux_062_letters_say_what_mfa_does() {
    insta::assert_snapshot!("letters", matrix(&format!("--principals 'user/*' {THREE} --no-wrap")));
    insta::assert_snapshot!(
        "letters_in_80_columns",
        matrix(&format!("--principals 'role/*' {THREE} -a sts:AssumeRole"))
    );
    insta::assert_snapshot!(
        "letters_by_resource",
        matrix(
            "--principals user/ivan --principals user/grace -a s3:GetObject -a s3:DeleteBucket \
             -r arn:aws:s3:::amzn-s3-demo-bucket-green/k -r arn:aws:s3:::amzn-s3-demo-bucket-green --no-wrap"
        )
    );
    insta::assert_snapshot!(
        "letters_colored",
        matrix(&format!("{THREE} --color always -q")).stdout.replace('\u{1b}', "ESC")
    );
    assert!(matrix(&format!("{THREE} --ascii")).stdout.is_ascii());
}

#[test]
fn a_single_state_is_told_alone() {
    for state in ["missing", "false", "true"] {
        insta::assert_snapshot!(
            format!("state_{state}"),
            matrix(&format!("--principals 'user/*' --mfa {state} {THREE} --no-wrap -q"))
        );
    }
    let one = matrix("--principals user/frank -a iam:CreateUser --mfa false --format jsonl");
    let cell: Value = serde_json::from_str(&one.stdout).unwrap();
    assert_eq!(cell["answers"], serde_json::json!({ "false": "Allowed" }));
    assert_eq!((&cell["verdict"], &cell["mfa_gap"]), (&Value::Null, &true.into()));
}

#[test]
fn ux_092_cells_in_every_format() {
    for format in ["csv", "json", "jsonl", "md"] {
        let rest = format!(
            "--principals user/alice --principals 'role/b*' -a iam:CreateUser -a s3:GetObject --format {format}"
        );
        insta::assert_snapshot!(format!("cells_as_{format}"), matrix(&rest));
    }
    let schema = schema("matrix");
    for rest in ["", "--only mfa-gap", "--mfa true -a s3:*", "--principals user/carol --only mfa-gap"] {
        let outcome = matrix(&format!("{rest} --format json"));
        let value: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(mismatches(&schema, &value), [""; 0], "{rest}");
        let lines = matrix(&format!("{rest} --format jsonl")).stdout;
        let cells: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(value["cells"], Value::from(cells), "{rest}");
        let csv = matrix(&format!("{rest} --format csv")).stdout;
        assert_eq!(csv.lines().count(), value["cells"].as_array().unwrap().len() + 1, "{rest}");
    }
}

#[test]
fn ux_062_only_the_cells_that_are_wanted() {
    let all = matrix("--format jsonl").stdout;
    let cells: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (only, wanted) in [
        ("mfa-gap", (|cell| cell["mfa_gap"] == true) as fn(&Value) -> bool),
        ("changed", |cell| !["open", "denied"].contains(&cell["verdict"].as_str().unwrap())),
        ("allowed", |cell| cell["answers"].as_object().unwrap().values().any(|answer| answer == "Allowed")),
    ] {
        let expected = cells.iter().filter(|cell| wanted(cell)).count();
        let told = matrix(&format!("--only {only} --format jsonl")).stdout;
        let told: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(told.len() == expected && expected > 0 && told.iter().all(wanted), "{only}");
    }
    insta::assert_snapshot!(
        "only_gaps",
        matrix("--principals user/ivan --principals user/ci-deploy --only mfa-gap --fail-on gap")
    );
    insta::assert_snapshot!("only_changed_in_a_table", matrix(&format!("{THREE} --only changed --no-wrap")));
    insta::assert_snapshot!("lines_as_markdown", matrix("--principals user/ivan --only mfa-gap --format md"));
}

#[test]
fn the_records_are_the_same_whatever_the_number_of_threads() {
    let scratch = Scratch::new("matrix-threads");
    let made = scratch.shell("twokeys account synth --principals 60 > d.json");
    assert_eq!(made.code, 0, "{made}");
    let with = |jobs: &str| {
        scratch
            .run(&["matrix", "--account", "d.json", "-a", "iam:*", "--format", "jsonl", "-j", jobs, "-q"])
            .stdout
    };
    let alone = with("1");
    assert!(alone.lines().count() > 5000);
    assert_eq!(with("7"), alone);
    assert_eq!(with("2"), alone);
}

#[test]
fn what_is_shown_with_a_resource_is_what_simulate_says_of_it() {
    let found = matrix("-a s3:* -a sqs:SendMessage -a kms:PutKeyPolicy --only allowed --format jsonl").stdout;
    let cells: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut checked = 0;
    for cell in cells.iter().step_by(41) {
        let text = |name: &str| cell[name].as_str().unwrap().to_owned();
        let line = format!(
            "twokeys simulate {MOTO} -p {} -a {} -r {} -f json",
            text("principal"),
            text("action"),
            text("resource")
        );
        let decision: Value = serde_json::from_str(&typed(&line).stdout).unwrap();
        for answer in decision["answers"].as_array().unwrap() {
            let fresh = answer["mfa_age"].as_u64().unwrap_or_default() == 0;
            if fresh {
                assert_eq!(cell["answers"][answer["mfa"].as_str().unwrap()], answer["decision"], "{line}");
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn ux_043_what_is_unknown_is_no_letter() {
    let outcome =
        matrix("--principals user/ivan -a s3:GetObject --missing unknown -c aws:PrincipalTag/team:unknown");
    assert_eq!(outcome.code, 3, "{outcome}");
    assert!(outcome.stdout.contains("?  unknown, counts as denied"), "{outcome}");
    assert_eq!(matrix("-a s3:GetObject -c aws:MultiFactorAuthPresent=true").code, 2);
}

#[test]
fn ux_033_findings_fail_only_where_that_is_asked_for() {
    for (rest, expected) in [
        ("", 0),
        ("--fail-on gap", 1),
        ("--fail-on gap --principals user/alice", 0),
        ("--fail-on change --principals user/alice", 1),
        ("--fail-on any --principals user/carol", 0),
        ("--fail-on any --principals user/carol -a ec2:DescribeInstances", 1),
    ] {
        let outcome = matrix(&format!("{rest} --format csv"));
        assert_eq!(outcome.code, expected, "{rest}\n{outcome}");
    }
}

#[test]
fn every_wrong_word_gets_a_next_step() {
    let mut told = String::new();
    for rest in [
        "--principals 'user/x*'",
        "-a s3:Fetch*",
        "-a s3:GetObjekt -q",
        "-a s3",
        "-a s3:GetObject -r bucket",
        "--actions no-such-file.txt",
        "--actions policies/README.md",
        "--sensitive tests/data/README.md",
        "--format html --only mfa-gap",
        "--boundary policies/boundary-developer.json -a s3:GetObject",
        "-a s3:GetObject -q --resource-policy arn:aws:s3:::amzn-s3-demo-bucket1=policies/bucket-cross-account.json",
        "-a s3:GetObject -q --org crates/cli/tests/cli/data/org",
    ] {
        let outcome = matrix(rest);
        writeln!(told, "$ matrix {rest}\n{}--- exit {}\n", outcome.stderr, outcome.code).unwrap();
    }
    let several = who_can("-a s3:Get*");
    writeln!(told, "$ who-can -a s3:Get*\n{}--- exit {}", several.stderr, several.code).unwrap();
    insta::assert_snapshot!(told);
}

#[test]
fn lists_come_from_files() {
    let scratch = Scratch::with_examples("matrix-lists");
    scratch.put(
        "actions.txt",
        "# what counts here\niam:CreateUser\n\ns3:Delete* # all of them\nIAM:createuser\n",
    );
    scratch.put("sensitive.txt", "s3:DeleteObject\n");
    let outcome = scratch.shell(
        "twokeys matrix --account tests/data/account/moto.json --principals user/bob --actions actions.txt \
         --sensitive sensitive.txt --format jsonl",
    );
    let cells: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cells.iter().filter(|cell| cell["action"] == "iam:CreateUser").count(), 1, "{outcome}");
    let gaps: Vec<&str> = cells
        .iter()
        .filter(|cell| cell["mfa_gap"] == true)
        .filter_map(|cell| cell["action"].as_str())
        .collect();
    assert_eq!(gaps, ["s3:DeleteObject"]);
    let all = matrix("--principals user/carol --actions all --format csv --only allowed");
    assert!(all.stderr.contains("1 principal × 22,321 actions"), "{}", all.stderr);
}

#[test]
fn who_can_names_the_statement_that_lets_in() {
    insta::assert_snapshot!(
        "who_can_without_mfa",
        who_can("-a iam:DeactivateMFADevice --without-mfa --fail-on any --no-wrap")
    );
    insta::assert_snapshot!("who_can", who_can("-a iam:DeactivateMFADevice"));
    insta::assert_snapshot!(
        "who_can_assume",
        who_can("-a sts:AssumeRole -r arn:aws:iam::111122223333:role/audit")
    );
    insta::assert_snapshot!(
        "who_can_json",
        who_can("-a s3:PutBucketPolicy --without-mfa --format json --principals 'role/*'")
    );
    assert_eq!(who_can("-a iam:CreateUser --principals user/alice --fail-on any").code, 0);
    let schema = schema("who-can");
    for rest in ["-a s3:GetObject", "-a iam:CreateUser --without-mfa", "-a s3:GetObject -r arn:aws:s3:::b/k"]
    {
        let value: Value = serde_json::from_str(&who_can(&format!("{rest} --format json")).stdout).unwrap();
        assert_eq!(mismatches(&schema, &value), [""; 0], "{rest}");
    }
}

#[test]
fn guard_rails_of_the_organization_count_for_everyone() {
    let deny = "--scp policies/scp-full-access.json policies/scp-deny-users-without-mfa.json";
    let outcome = matrix(&format!(
        "--principals user/bob --principals role/ops {deny} -a s3:DeleteBucket --format jsonl"
    ));
    let verdicts: Vec<Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&verdicts[0]["verdict"], &verdicts[1]["verdict"]),
        (&"enforced".into(), &"open".into()),
        "{outcome}"
    );
    let nothing =
        matrix("--scp policies/scp-region-lock.json -a s3:DeleteBucket --only allowed --format csv");
    assert_eq!(nothing.stdout.lines().count(), 1, "no level allows: {nothing}");
}

#[test]
fn ux_080_the_pipelines_of_an_account() {
    let scratch = Scratch::with_examples("matrix-pipes");
    if scratch.shell("jq --version").code != 0 {
        return;
    }
    scratch.put("sensitive.txt", "iam:CreateUser\ns3:DeleteBucket\n");
    let gaps = scratch.shell(
        "twokeys matrix --account tests/data/account/moto.json --principals 'user/*' --actions sensitive.txt --format jsonl \
         | jq -r 'select(.mfa_gap)|.principal' | sort -u",
    );
    assert_eq!(
        gaps.stdout, "user/bob\nuser/ci-deploy\nuser/dave\nuser/frank\nuser/ivan\nuser/mallory\n",
        "{gaps}"
    );
    let nobody = scratch.shell(
        "twokeys who-can -a iam:CreateUser --account tests/data/account/moto.json --without-mfa --format json \
         | jq -e '.principals|length==0'",
    );
    assert_eq!((nobody.code, nobody.stdout.as_str()), (1, "false\n"), "{nobody}");
    let requests = r#"[{"principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject"},
        {"principal": "arn:aws:iam::111122223333:user/bob", "action": "s3:GetObject"},
        {"principal": "arn:aws:sts::111122223333:assumed-role/ops/x", "action": "s3:GetObject"},
        {"principal": "arn:aws:iam::111122223333:user/carol", "action": "s3:GetObject"}]"#;
    scratch.put("requests.json", requests);
    let streamed = scratch.shell(
        "jq '.[]' requests.json -c | twokeys simulate --account tests/data/account/moto.json --requests - --format jsonl | head -3",
    );
    let lines: Vec<Value> = streamed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let decided: Vec<bool> = lines.iter().map(|line| line["mfa_decides"] == true).collect();
    assert_eq!(decided, [true, false, false], "{streamed}");
    let closed = scratch
        .shell("twokeys matrix --account tests/data/account/moto.json --format jsonl | head -1 >/dev/null");
    assert_eq!(closed.code, 0);
    assert!(!closed.stderr.contains("panic"), "{closed}");
}

#[test]
fn the_page_holds_all_and_fetches_nothing() {
    let page = matrix("--format html");
    assert_eq!(page.code, 0, "{page}");
    let html = page.stdout;
    for wanted in [
        "<h1>MFA report of account 111122223333</h1>",
        "<b>6</b> do something sensitive without MFA",
        "<b>4</b> let someone in without MFA",
        "Permissions management",
        "AdministratorAccess/<wbr>1",
        "attached, group Admins",
        "<td class=\"gap\" title=\"missing 4, false 4, true 4 of 4; at worst allowed in all three states; 4 gaps\">",
        "prefers-color-scheme: dark",
        "@media print",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    for foreign in ["<script", "http://", "https://", "url(", "@import", "<link", "<img", "javascript:"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    let nobody = matrix("--principals user/alice --format html").stdout;
    assert!(nobody.contains("Nobody gets to do anything sensitive without MFA."));
}

#[test]
fn rl_025_names_of_an_account_are_no_markup_and_no_escape_codes() {
    let scratch = Scratch::new("matrix-names");
    let dump = r#"{"UserDetailList": [{"UserName": "<img src=x onerror=alert(1)>", "Path": "/",
        "Arn": "arn:aws:iam::111122223333:user/<img src=x onerror=alert(1)>", "UserPolicyList": [{"PolicyName": "=1+1\u001b[2J\u202e,\"<b>",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "</style><script>", "Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}]}"#;
    scratch.put("d.json", dump);
    for format in ["html", "md", "csv", "human", "jsonl"] {
        for words in [&["-a", "iam:CreateUser"][..], &["-a", "iam:*"]] {
            let words = [&["matrix", "--account", "d.json", "-q", "--format", format], words].concat();
            let outcome = scratch.run(&words);
            assert_eq!(outcome.code, 0, "{outcome}");
            let text = outcome.stdout;
            assert!(!text.contains('\u{1b}'), "{format}: {text}");
            // JSON is data: what a name holds is in it as it is.
            assert!(format == "jsonl" || !text.contains('\u{202e}'), "{format}: {text}");
            if format == "html" {
                assert!(
                    !text.contains("<script") && !text.contains("<img") && !text.contains("<b>\""),
                    "{text}"
                );
            }
            if format == "csv" {
                assert!(
                    text.lines().skip(1).all(|line| line.starts_with("user/") && !line.contains(",=")),
                    "{text}"
                );
            }
        }
    }
    let who = scratch.run(&["who-can", "--account", "d.json", "-a", "iam:CreateUser"]);
    assert!(!who.stdout.contains(['\u{1b}', '\u{202e}']), "{who}");
}

#[test]
fn ux_017_progress_is_shown_where_it_is_wanted() {
    let shown = typed(&format!("twokeys matrix {MOTO} -a iam:CreateUser --format csv --progress always"));
    let quiet = typed(&format!("twokeys matrix {MOTO} -a iam:CreateUser --format csv"));
    assert_eq!(shown.stdout, quiet.stdout);
    assert_eq!(quiet.stderr.lines().count(), 1, "{quiet}");
}
