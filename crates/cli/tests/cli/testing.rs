//! `twokeys test`: what passes, what fails and how it is told, what is refused.

use serde_json::Value;

use super::scratch::Scratch;
use super::{run, run_with};

/// Two cases that fail, for two reasons, and one that passes.
const MIXED: &str = r#"
[world]
policies = ["administrator.json", "deny-with-bool.json"]
principal = "user/alice"

[[case]]
name = "nothing dangerous without MFA"
action = ["ec2:TerminateInstances", "s3:DeleteBucket"]
resource = "*"
mfa = { missing = "explicit-deny", false = "explicit-deny", true = "allow" }

[[case]]
name = "a device can be enrolled"
action = "iam:EnableMFADevice"
resource = "arn:aws:iam::111122223333:user/${aws:username}"
expect = "allow"
decided_by = "AllowEnrollment"

[[case]]
name = "sessions without MFA are denied"
action = "s3:ListAllMyBuckets"
resource = "*"
mfa = { false = "deny@identity" }
decided_by = "deny-with-bool/2"
"#;

fn mixed(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.policies(&["administrator.json", "mfa/deny-with-bool.json", "mfa/self-manage.json"]);
    scratch.put("mixed.twokeys-test.toml", MIXED);
    scratch
}

/// Runs one test file with these cases about the two policies.
fn cases(name: &str, cases: &str) -> super::Outcome {
    let scratch = mixed(name);
    let world = MIXED.split("[[case]]").next().unwrap();
    scratch.put("mixed.twokeys-test.toml", &format!("{world}{cases}"));
    scratch.run(&["test"])
}

#[test]
fn te_002_the_worked_cases_all_pass() {
    let outcome = run(&["test", "tests/data/evaluation-cases.json"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert!(outcome.stdout.ends_with("422 passed, 0 failed; 422 decisions\n"), "{outcome}");
}

#[test]
fn ux_090_our_own_scenarios_all_pass() {
    let files = std::fs::read_dir(super::root().join("tests/cases")).unwrap();
    let files: Vec<String> = files.map(|file| file.unwrap().path().display().to_string()).collect();
    let words: Vec<&str> = ["test", "-q"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let outcome = run(&words);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{outcome}");
}

#[test]
fn failures_are_told_with_their_difference() {
    let scratch = mixed("test-mixed");
    let outcome = scratch.run(&["test"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome);
    insta::assert_snapshot!("ascii", scratch.run(&["test", "--ascii", "-q", "--run", "dangerous"]));
    insta::assert_snapshot!("listed", scratch.run(&["test", "--list"]));
    let first = scratch.run(&["test", "--fail-fast"]);
    assert!(first.code == 1 && first.stdout.contains("0 passed, 1 failed"), "{first}");
}

#[test]
fn coverage_names_what_was_never_seen() {
    let scratch = mixed("test-coverage");
    let words = ["test", "--run", "enrolled|sessions", "--coverage"];
    insta::assert_snapshot!(scratch.run(&words));
    let below = scratch.run(&["test", "--run", "sessions", "--threshold", "90"]);
    assert_eq!(below.code, 1, "{below}");
    assert!(below.stderr.contains("the coverage is below 90 percent"), "{below}");
    assert_eq!(scratch.run(&["test", "--run", "sessions", "--threshold", "30"]).code, 0);
}

#[test]
fn machines_get_the_same() {
    let scratch = mixed("test-machines");
    insta::assert_snapshot!("json", scratch.run(&["test", "-f", "json", "--coverage"]));
    insta::assert_snapshot!("junit", scratch.run(&["test", "-f", "junit"]));
    insta::assert_snapshot!("github", scratch.run(&["test", "-f", "github"]));
}

#[test]
fn ux_091_reports_are_what_the_schema_says() {
    let scratch = mixed("test-schema");
    scratch.put("broken.twokeys-test.toml", "case = 5\n");
    let outcome = scratch.run(&["test", "-f", "json", "--coverage"]);
    assert_eq!(outcome.code, 2, "{outcome}");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(super::schemas::mismatches(&super::schemas::schema("test-report"), &report), [""; 0]);
}

#[test]
fn ux_089_json_test_files_say_the_same() {
    let scratch = mixed("test-json");
    let toml: toml::Table = MIXED.parse().unwrap();
    let json = serde_json::to_value(&toml).unwrap();
    assert_eq!(super::schemas::mismatches(&super::schemas::schema("test-file"), &json), [""; 0]);
    scratch.put("same.twokeys-test.json", &json.to_string());
    let report = |file| {
        let outcome = scratch.run(&["test", "-f", "json", file]);
        let mut report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        for case in report["files"][0]["cases"].as_array_mut().unwrap() {
            case["line"] = Value::Null;
        }
        report["files"][0]["cases"].take()
    };
    assert_eq!(report("same.twokeys-test.json"), report("mixed.twokeys-test.toml"));
}

#[test]
fn update_writes_what_comes_out_and_nothing_else() {
    let scratch = mixed("test-update");
    let world = MIXED.split("[[case]]").next().unwrap();
    let empty = "[[case]] # new\nname = \"one\" # comment\naction = \"s3:GetObject\"\nresource = \"*\"\n\n\
                 [[case]]\nname = \"two\"\naction = \"s3:GetObject\"\nresource = \"*\"\ncredential = \"console\"\n\n\
                 [[case]]\nname = \"three\"\naction = [\"s3:GetObject\", \"iam:EnableMFADevice\"]\nresource = \"*\"\n";
    scratch.put("mixed.twokeys-test.toml", &format!("{world}{empty}"));
    let outcome = scratch.run(&["test", "--update"]);
    insta::assert_snapshot!(outcome);
    insta::assert_snapshot!("updated", scratch.text("mixed.twokeys-test.toml"));
    let inline = r#"{"world": {"policies": ["administrator.json"], "principal": "root", "resource": "*"},
        "case": [{"name": "one", "action": "s3:GetObject"}]}"#;
    scratch.put("inline.twokeys-test.json", inline);
    assert_eq!(scratch.run(&["test", "--update", "inline.twokeys-test.json"]).code, 0);
    let expected = inline
        .replace(r#""one","#, r#""one", "mfa": { "missing": "allow", "false": "allow", "true": "allow" },"#);
    assert_eq!(scratch.text("inline.twokeys-test.json"), expected);
}

#[test]
fn files_are_found_by_name_and_nowhere_else() {
    let scratch = mixed("test-find");
    for folder in ["b/deep", ".hidden", "node_modules", "built"] {
        scratch.put(&format!("{folder}/x.twokeys-test.toml"), "case = []\n");
    }
    scratch.put("built/CACHEDIR.TAG", "").put("a/other.json", "[]").put("b/y.twokeys-test.json", "{}");
    std::os::unix::fs::symlink(scratch.path("."), scratch.path("b/around")).unwrap();
    let report: Value = serde_json::from_str(&scratch.run(&["test", "-f", "json"]).stdout).unwrap();
    assert_eq!(report["files"].as_array().unwrap().len(), 1, "files without cases are not told: {report}");
    let none = scratch.run(&["test", "b"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("the test files hold no case"), "{none}");
    assert!(scratch.run(&["test", "a"]).stderr.contains("there is no test file here"));
    assert!(scratch.run(&["test", "--run", "^x$"]).stderr.contains("no case has a name that matches"));
    let twice = scratch.run(&["test", "mixed.twokeys-test.toml", "."]).stdout;
    assert_eq!(twice.matches("mixed.twokeys-test.toml\n").count(), 1, "each file once: {twice}");
}

#[test]
fn every_mistake_of_a_test_file_is_told_with_its_place() {
    insta::assert_snapshot!(
        "members",
        cases(
            "test-members",
            r#"
acount = 5
[[case]]
nme = "one"
action = "s3:*"
[[case]]
name = "two"
action = "s3:GetObject"
expect = "alow"
mfa = { mising = "deny", true = 5 }
[[case]]
name = "two"
action = "s3:GetObject"
expect = "allow@identiy"
credential = "sesion"
mfa_age = -5
principal_details = { rol_arn = "x", management_account = "yes" }
context = { "aws:SourceIp" = ["192.0.2.1"], "AWS:sourceip" = 5, n = 1e3, d = 2026-01-05 }
"#
        )
    );
    insta::assert_snapshot!("toml", cases("test-toml", "[[case]\nname = \"one\"\nname = \"two\"\n"));
    insta::assert_snapshot!(
        "scenario",
        run_with(
            &["test", "-"],
            r#"[
  {"id": "a", "request": {"principal": "anonymous", "action": "s3:GetObject", "mfa": true},
   "policies": {"identities": [], "identity": [{"Statement": {"Effect": "Permit"}}]}, "expected": "Allow", "layer": "x"},
  {"id": "a", "request": {}, "policies": {}}]"#
        )
    );
}

#[test]
fn ux_063_what_cannot_be_asked_is_an_error_and_no_pass() {
    for (name, text, code) in [
        (
            "sid",
            "name = \"a\"\naction = \"s3:GetObject\"\nexpect = \"deny\"\ndecided_by = \"DenyIfNoMfa\"",
            "unknown-statement",
        ),
        (
            "index",
            "name = \"a\"\naction = \"s3:GetObject\"\nexpect = \"deny\"\ndecided_by = \"administrator/2\"",
            "unknown-statement",
        ),
        ("nothing", "name = \"a\"\naction = \"s3:GetObject\"", "no-expectation"),
        ("no-action", "name = \"a\"\nexpect = \"deny\"", "no-action"),
        (
            "principal",
            "name = \"a\"\naction = \"s3:GetObject\"\nexpect = \"deny\"\nprincipal = \"alice\"",
            "bad-principal",
        ),
        (
            "variable",
            "name = \"a\"\naction = \"s3:GetObject\"\nexpect = \"deny\"\nresource = \"arn:aws:s3:::${aws:userid}\"",
            "unresolved-variable",
        ),
        (
            "credential",
            "name = \"a\"\naction = \"s3:GetObject\"\nexpect = \"deny\"\ncredential = \"role\"",
            "bad-credential",
        ),
        (
            "twice",
            "name = \"a\"\naction = \"s3:GetObject\"\nmfa = { true = \"allow\" }\ncontext = { \"aws:MultiFactorAuthPresent\" = true }",
            "mfa-twice",
        ),
    ] {
        let outcome = cases(&format!("test-error-{name}"), &format!("[[case]]\n{text}\n"));
        assert_eq!(outcome.code, 2, "{name}\n{outcome}");
        assert!(outcome.stdout.contains(&format!("error[{code}]")), "{name}\n{outcome}");
        assert!(outcome.stdout.contains("mixed.twokeys-test.toml:"), "no place: {name}\n{outcome}");
    }
}

#[test]
fn ux_044_a_policy_that_cannot_be_read_fails_its_file_and_no_other() {
    let scratch = mixed("test-broken");
    scratch.put("broken.json", "{\"Statement\": [}");
    scratch.put("a.twokeys-test.toml", "world = { policies = [\"broken.json\", \"administrator.json\"] }\n[[case]]\nname = \"x\"\naction = \"s3:GetObject\"\nexpect = \"allow\"\n");
    scratch.put("b.twokeys-test.toml", "world = { policies = [\"nowhere.json\"] }\n[[case]]\nname = \"x\"\naction = \"s3:GetObject\"\nexpect = \"allow\"\n");
    let outcome = scratch.run(&["test", "--run", "x|sessions"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome);
}

#[test]
fn a_pattern_is_limited_and_checked() {
    for pattern in ["a(", "(a{1000}){1000}{1000}"] {
        let outcome = run(&["test", "--run", pattern]);
        assert_eq!(outcome.code, 2, "{pattern}");
        assert!(outcome.stderr.contains("this is no regular expression"), "{outcome}");
    }
}

#[test]
fn a_failed_scenario_says_where_its_policy_stands() {
    let text = "[\n  {\"id\": \"one\", \"request\": {\"principal\": \"arn:aws:iam::111122223333:user/a\", \"action\": \"s3:GetObject\"},\n   \
                \"policies\": {\"identity\": [{\"Statement\": [\n      {\"Sid\": \"No\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}]}]},\n   \
                \"expected\": \"Allowed\", \"by\": \"No\", \"layer\": \"identity\"}]";
    let outcome = run_with(&["test", "-f", "json", "-"], text);
    assert_eq!(outcome.code, 1, "{outcome}");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let by = &report["files"][0]["cases"][0]["failures"][0]["by"];
    assert_eq!((&by["line"], &by["column"]), (&4.into(), &7.into()), "{by}");
    let start = usize::try_from(by["span"][0].as_u64().unwrap()).unwrap();
    assert!(text.get(start..).unwrap().starts_with("{\"Sid\""));
}
