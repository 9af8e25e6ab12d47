//! `twokeys lint`: findings in every format, accepted, mended, compared.

use serde_json::Value;

use super::scratch::Scratch;
use super::{Outcome, run, run_with};

/// The gate that spares long-term access keys.
const FORCE_MFA: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
    },
    {
      "Sid": "DenyWithoutMfa",
      "Effect": "Deny",
      "Action": "s3:*",
      "Resource": "*",
      "Condition": {
        "Bool": { "aws:MultiFactorAuthPresent": "false" }
      }
    }
  ]
}
"#;
const NO_VERSION: &str = "{\"Statement\": [{\"Sid\": \"é\", \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\",\n  \"Resource\": \"arn:aws:s3:::amzn-s3-demo-bucket/*\"}]}\n";
const BROKEN: &str = "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\" \"Resource\": \"*\"}]}\n";

/// A folder with one policy of each sort.
pub(crate) fn examples(scratch: &Scratch) {
    scratch.put("force-mfa.json", FORCE_MFA).put("old/no-version.json", NO_VERSION);
    scratch.put("old/broken.json", BROKEN).put("package.json", "{\"name\": \"no policy\"}");
    scratch
        .put("notes.md", "# Statement")
        .put(".gitignore", "build/\n")
        .put("build/no-version.json", NO_VERSION);
    scratch.put(
        "twokeys.toml",
        "[[lint.suppress]]\ncode = \"W209\"\nfile = \"old/*.json\"\nreason = \"on its way out\"\n",
    );
}

fn lint(scratch: &Scratch, words: &[&str]) -> Outcome {
    scratch.run(&[&["lint"], words].concat())
}

fn codes(outcome: &Outcome) -> Vec<String> {
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_format_has_its_golden_file() {
    let scratch = Scratch::new("lint-formats");
    examples(&scratch);
    // Only rules that stay as they are: a new one must not change these files.
    let select = "E101,W209,M402,L906";
    for format in ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"] {
        let outcome = lint(&scratch, &["--select", select, "--show-suppressed", "-f", format, "."]);
        assert_eq!(outcome.code, 1, "{format}\n{outcome}");
        insta::assert_snapshot!(format!("lint_{format}"), outcome);
    }
}

#[test]
fn ux_050_suggestions_wait_until_they_are_asked_for() {
    let scratch = Scratch::new("lint-human");
    examples(&scratch);
    let words = ["force-mfa.json", "--isolated", "--ignore", "E,W,S,M,I"];
    let quiet = lint(&scratch, &words);
    assert_eq!(quiet.code, 0, "{quiet}");
    assert!(quiet.stdout.contains("1 suggestion (hidden; -v)"), "{quiet}");
    let all = lint(&scratch, &[&words[..], &["-v"]].concat());
    assert!(all.stdout.contains("info[L906]") && all.stdout.ends_with("1 suggestion\n"), "{all}");
}

#[test]
fn ux_014_the_report_is_what_the_schema_says() {
    let scratch = Scratch::new("lint-schema");
    examples(&scratch);
    let schema = super::schemas::schema("lint");
    for words in [
        &["-f", "json", "."][..],
        &["-f", "json", "--show-suppressed", "--select", "ALL", "."],
        &["-f", "json", "nowhere.json", "force-mfa.json", "--against", "force-mfa.json"],
    ] {
        let outcome = lint(&scratch, words);
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
        assert_eq!(super::schemas::mismatches(&schema, &report), [""; 0], "{words:?}");
        assert!(!report["findings"].as_array().unwrap().is_empty(), "{words:?}");
    }
}

#[test]
fn folders_are_walked_and_ignore_files_respected() {
    let scratch = Scratch::new("lint-walk");
    examples(&scratch);
    let outcome = lint(&scratch, &["-f", "concise", "--isolated", "--select", "E101,W209"]);
    let files: Vec<&str> = outcome.stdout.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files, ["old/broken.json", "old/no-version.json"], "{outcome}");
    let named = lint(&scratch, &["-f", "concise", "--isolated", "--select", "W209", "build/no-version.json"]);
    assert!(named.stdout.starts_with("build/no-version.json:1:1: W209"), "{named}");
    scratch.put("twokeys.toml", "[lint]\nexclude = [\"old/**\"]\n");
    assert_eq!(lint(&scratch, &["-f", "concise", "--select", "E101,W209"]).stdout, "");
    let empty = lint(&scratch, &["build/..", "--config", "twokeys.toml", "--select", "E"]);
    assert_eq!(empty.code, 0, "{empty}");
    std::fs::create_dir(scratch.path("empty")).unwrap();
    assert_eq!(lint(&scratch, &["empty"]).code, 2);
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let words = ["lint", "--isolated", "--select", "W209", "-f", "concise", "-"];
    let outcome = run_with(&words, NO_VERSION);
    assert!(outcome.code == 1 && outcome.stdout.starts_with("-:1:1: W209"), "{outcome}");
    let named = run_with(&[&words[..], &["--stdin-filename", "a/b.json"]].concat(), NO_VERSION);
    assert!(named.stdout.starts_with("a/b.json:1:1: W209"), "{named}");
}

#[test]
fn what_cannot_be_read_is_trouble_and_the_others_are_linted() {
    let scratch = Scratch::new("lint-trouble");
    examples(&scratch);
    let outcome =
        lint(&scratch, &["nowhere.json", "old/broken.json", "old/no-version.json", "-f", "concise"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stdout.contains("E101") && outcome.stderr.contains("no-such-file"), "{outcome}");
    let json = lint(&scratch, &["nowhere.json", "-f", "json"]);
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.code, &report["troubles"][0]["code"]), (2, &"no-such-file".into()), "{json}");
    scratch.put("big.json", &" ".repeat(16 * 1024 * 1024 + 1));
    scratch.put("deep.json", &format!("{{\"Statement\": {}", "[".repeat(10_000)));
    std::fs::write(scratch.path("bytes.json"), b"{\"Statement\": \"\xff\"}").unwrap();
    let outcome = lint(&scratch, &["big.json", "deep.json", "bytes.json", "-f", "concise"]);
    assert!(outcome.code == 2 && outcome.stderr.contains("file-too-large"), "{outcome}");
    assert!(outcome.stdout.contains("bytes.json:1:16: E101"), "{outcome}");
    assert!(outcome.stdout.contains("deep.json:1:") && outcome.stdout.contains("E101"), "{outcome}");
}

#[test]
fn a_file_without_a_policy_is_told_where_it_was_named() {
    let scratch = Scratch::new("lint-none");
    examples(&scratch);
    let outcome = lint(&scratch, &["package.json", "-f", "json"]);
    assert_eq!((outcome.code, codes(&outcome)), (1, vec!["L903".to_owned()]), "{outcome}");
    assert!(!lint(&scratch, &["-f", "concise"]).stdout.contains("package.json"));
}

#[test]
fn kinds_come_from_flags_patterns_and_content() {
    let scratch = Scratch::new("lint-kinds");
    let scp = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}"#;
    scratch.put("scp/a.json", scp);
    let kind = |words: &[&str]| {
        let outcome = lint(&scratch, &[words, &["-f", "json", "--select", "ALL", "scp/a.json"]].concat());
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let policy = &report["findings"][0]["policy"];
        format!("{} {}", policy["kind"].as_str().unwrap(), policy["guessed"])
    };
    assert_eq!(kind(&[]), "identity true");
    assert_eq!(kind(&["--kind", "boundary"]), "boundary false");
    scratch.put("twokeys.toml", "[lint]\npolicy-types = [{ glob = \"scp/*.json\", kind = \"scp\" }]\n");
    assert_eq!(kind(&[]), "scp false");
    assert_eq!(kind(&["--kind", "boundary"]), "boundary false");
    let wrong = lint(&scratch, &["--kind", "identitty", "scp"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean `identity`?"), "{wrong}");
}

#[test]
fn ux_051_findings_are_accepted_with_a_reason_until_a_day() {
    let scratch = Scratch::new("lint-suppress");
    examples(&scratch);
    let select = ["--select", "W209,L", "-f", "json"];
    let outcome = lint(&scratch, &[&select[..], &["old/no-version.json", "--ignore", "L906"]].concat());
    assert_eq!((outcome.code, codes(&outcome).len()), (0, 0), "{outcome}");
    let shown = lint(&scratch, &[&select[..], &["old/no-version.json", "--show-suppressed"]].concat());
    assert!(shown.stdout.contains("\"reason\": \"on its way out\""), "{shown}");

    let suppress = |rest: &str| {
        scratch.put("twokeys.toml", &format!("[[lint.suppress]]\nfile = \"old/no*.json\"\n{rest}"));
        let outcome = lint(&scratch, &[&select[..], &["old/no-version.json", "--ignore", "L906"]].concat());
        codes(&outcome)
    };
    assert_eq!(
        suppress("code = \"W209\"\nuntil = 2026-01-05\nreason = \"r\""),
        [""; 0],
        "the last day counts"
    );
    assert_eq!(suppress("code = \"W209\"\nuntil = 2026-01-04\nreason = \"r\""), ["W209", "L901"]);
    assert_eq!(suppress("code = \"W210\"\nreason = \"r\""), ["W209", "L901"]);
    assert_eq!(suppress("code = \"W2099\"\nreason = \"r\""), ["W209", "L902"]);
    assert_eq!(suppress("code = \"missing-version\"\n[lint]\nrequire-reason = true"), ["L905"]);
    assert_eq!(
        suppress("code = \"W209\"\nsid = \"é*\"\nreason = \"r\""),
        ["W209", "L901"],
        "the finding lies outside statements"
    );
}

#[test]
fn sids_accept_only_where_it_is_switched_on() {
    let scratch = Scratch::new("lint-sid");
    let doubled = r#"{"Version": "2012-10-17", "Statement": [
      {"Sid": "ReadNoLintI501", "Effect": "Allow", "Action": [], "Resource": "*"}]}"#;
    scratch.put("p.json", doubled);
    let words = ["-f", "json", "--select", "I501", "p.json"];
    assert_eq!(codes(&lint(&scratch, &words)), ["I501"]);
    scratch.put("twokeys.toml", "[lint]\nsid-suppressions = true\n");
    assert_eq!(codes(&lint(&scratch, &words)), [""; 0]);
}

#[test]
fn a_baseline_accepts_what_was_there() {
    let scratch = Scratch::new("lint-baseline");
    examples(&scratch);
    let select = ["--isolated", "--select", "W209,E101,L901", "-f", "json"];
    let written = lint(&scratch, &[&select[..], &["--write-baseline", "base.json", "old"]].concat());
    assert_eq!(written.code, 0, "{written}");
    insta::assert_snapshot!(scratch.text("base.json"));
    let with = |rest: &[&str]| lint(&scratch, &[&select[..], &["--baseline", "base.json"], rest].concat());
    assert_eq!((with(&["old"]).code, codes(&with(&["old"]))), (0, Vec::new()));
    // Lines may move.
    scratch.put("old/no-version.json", &format!("\n\n{NO_VERSION}"));
    assert_eq!(codes(&with(&["old"])), [""; 0]);
    scratch.put("old/broken.json", NO_VERSION);
    assert_eq!(codes(&with(&["old"])), ["L901", "W209"], "the broken file became another");
    scratch.put("base.json", "{}");
    assert_eq!(with(&["old"]).code, 2);
}

#[test]
fn a_misspelled_code_is_told_with_the_right_one() {
    let outcome =
        run(&["lint", "--isolated", "--select", "W20,W2099,missing-verison", "policies/administrator.json"]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome);
}

#[test]
fn a_wrong_configuration_is_shown_where_it_is_wrong() {
    let scratch = Scratch::new("lint-settings");
    examples(&scratch);
    scratch.put("twokeys.toml", "[lint]\nselekt = [\"E\"]\nfail-on = \"high\"\n");
    let outcome = lint(&scratch, &["force-mfa.json"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome);
    assert_eq!(lint(&scratch, &["--isolated", "--fail-on", "never", "force-mfa.json"]).code, 0);
}

#[test]
fn show_settings_prints_what_counts() {
    let scratch = Scratch::new("lint-show-settings");
    examples(&scratch);
    scratch.put("old/twokeys.toml", "[lint]\nfail-on = \"security\"\n");
    insta::assert_snapshot!(lint(&scratch, &["--show-settings", "--ignore", "W209"]));
}

#[test]
fn ux_050_fixes_are_made_where_they_do_good() {
    let scratch = Scratch::new("lint-fix");
    examples(&scratch);
    let select = ["--isolated", "--select", "M402", "force-mfa.json"];
    let safe = lint(&scratch, &[&select[..], &["--fix"]].concat());
    assert_eq!((safe.code, scratch.text("force-mfa.json")), (1, FORCE_MFA.to_owned()), "{safe}");
    let diff = lint(&scratch, &[&select[..], &["--unsafe-fixes", "--diff"]].concat());
    assert_eq!((diff.code, scratch.text("force-mfa.json")), (1, FORCE_MFA.to_owned()), "{diff}");
    insta::assert_snapshot!(diff);
    let mended = lint(&scratch, &[&select[..], &["--unsafe-fixes"]].concat());
    assert_eq!(mended.code, 0, "{mended}");
    assert_eq!(scratch.text("force-mfa.json"), FORCE_MFA.replace("\"Bool\"", "\"BoolIfExists\""));
    let words = ["lint", "--isolated", "--select", "M402", "--unsafe-fixes", "--diff", "-"];
    assert!(run_with(&words, FORCE_MFA).stdout.contains("+        \"BoolIfExists\""));
}

#[test]
fn what_a_change_opens_to_callers_without_mfa_is_told() {
    let scratch = Scratch::new("lint-against");
    let policy = |operator: &str| FORCE_MFA.replace("\"Bool\"", &format!("\"{operator}\""));
    scratch.put("old/p.json", &policy("BoolIfExists")).put("p.json", &policy("Bool"));
    let words = ["--isolated", "--ignore", "E,W,S,M,I", "p.json", "--against"];
    let opened = lint(&scratch, &[&words[..], &["old"]].concat());
    assert_eq!(opened.code, 1, "{opened}");
    insta::assert_snapshot!(opened);
    let same = lint(&scratch, &[&words[..], &["p.json"]].concat());
    assert_eq!(same.code, 0, "{same}");
    let gone = lint(&scratch, &[&words[..], &["git:nowhere"]].concat());
    assert_eq!(gone.code, 2, "{gone}");
}

#[test]
fn output_is_the_same_whatever_the_order_of_work() {
    let words = ["lint", "--isolated", "-f", "concise", "policies"];
    let first = run(&words).stdout;
    assert!(first.lines().count() > 20);
    for _ in 0..3 {
        assert_eq!(run(&words).stdout, first);
    }
}

#[test]
fn statistics_count_the_rules() {
    let scratch = Scratch::new("lint-stats");
    examples(&scratch);
    let outcome = lint(&scratch, &["--isolated", "--select", "E101,W209", "--stats", "-f", "concise"]);
    assert!(outcome.stderr.contains("      1  W209  missing-version\n"), "{outcome}");
}

#[test]
fn a_mended_policy_has_standard_output_to_itself() {
    for format in ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"] {
        let words = ["lint", "--isolated", "--select", "M402,L906", "-v", "--stats", "-f", format, "-"];
        let mended = run_with(&[&words[..], &["--unsafe-fixes"]].concat(), FORCE_MFA);
        assert_eq!(mended.stdout, FORCE_MFA.replace("\"Bool\"", "\"BoolIfExists\""), "{format}");
        assert!(mended.stderr.contains("L906"), "{format}\n{mended}");
        let left = run_with(&[&words[..], &["--fix"]].concat(), FORCE_MFA);
        assert_eq!(left.stdout, FORCE_MFA, "{format}: nothing to be mended safely");
    }
}

#[test]
fn junit_fails_what_fails_the_run() {
    let scratch = Scratch::new("lint-junit");
    examples(&scratch);
    let words = ["force-mfa.json", "--isolated", "--select", "M402,L906", "-f", "junit"];
    let usual = lint(&scratch, &words);
    assert!(usual.code == 1 && usual.stdout.contains("tests=\"2\" failures=\"1\""), "{usual}");
    assert!(usual.stdout.contains("<system-out>force-mfa.json:1:1: taken for"), "{usual}");
    let never = lint(&scratch, &[&words[..], &["--fail-on", "never"]].concat());
    assert!(never.code == 0 && never.stdout.contains("tests=\"2\" failures=\"0\""), "{never}");
    assert!(!never.stdout.contains("<failure"), "{never}");
}

/// The step of `action.yml` that lints, with these inputs: its outputs, and what it wrote.
fn action(scratch: &Scratch, inputs: &[(&str, &str)]) -> (String, String) {
    let action = std::fs::read_to_string(super::root().join("action.yml")).unwrap();
    let step = action.split("id: lint\n").nth(1).and_then(|rest| rest.split("run: |\n").nth(1)).unwrap();
    let script = step.split("    - name:").next().unwrap();
    scratch.put("twokeys/bin/.keep", "").put("outputs", "");
    let _ = std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_twokeys"), scratch.path("twokeys/bin/twokeys"));
    let mut bash = std::process::Command::new("bash");
    bash.args(["-eo", "pipefail", "-c", script])
        .current_dir(scratch.path(""))
        .env("RUNNER_TEMP", scratch.path(""));
    bash.env("GITHUB_OUTPUT", scratch.path("outputs")).env("TWOKEYS_NOW", "2026-01-05T09:00:00Z");
    for name in ["PATHS", "FAIL_ON", "ARGS"] {
        bash.env(name, inputs.iter().find(|(input, _)| *input == name).map_or("", |(_, value)| value));
    }
    let output = bash.output().unwrap();
    assert!(output.status.success(), "{}", Outcome::of(&output));
    (scratch.text("outputs"), Outcome::of(&output).stdout)
}

#[test]
fn the_action_leaves_the_threshold_to_the_configuration() {
    let scratch = Scratch::new("lint-action");
    scratch.put("force-mfa.json", FORCE_MFA).put("twokeys.toml", "[lint]\nfail-on = \"never\"\n");
    let paths = ("PATHS", "force-mfa.json");
    let (outputs, told) = action(&scratch, &[paths, ("ARGS", "--select M402")]);
    assert!(outputs.starts_with("sarif=/") && outputs.ends_with("code=0\n"), "{outputs}");
    assert!(told.starts_with("::error file=force-mfa.json"), "{told}");
    let (outputs, _) = action(&scratch, &[paths, ("ARGS", "--select M402"), ("FAIL_ON", "security")]);
    assert!(outputs.ends_with("code=1\n"), "{outputs}");
    let (outputs, _) = action(&scratch, &[paths, ("ARGS", "--config nowhere.toml")]);
    assert_eq!(outputs, "code=2\n", "no report, nothing to be uploaded");
}

#[test]
fn a_baseline_takes_the_place_of_nothing_else() {
    let scratch = Scratch::new("lint-baseline-over");
    examples(&scratch);
    std::fs::create_dir(scratch.path("folder")).unwrap();
    scratch.put("empty.json", "");
    for (over, words) in [
        ("force-mfa.json", "is to be linted"),
        ("old/no-version.json", "is no baseline"),
        ("package.json", "is no baseline"),
        ("empty.json", "is no baseline"),
        ("folder", "no regular file"),
        ("/dev/null", "no regular file"),
    ] {
        let outcome = lint(&scratch, &["force-mfa.json", "--write-baseline", over]);
        assert!(outcome.code == 2 && outcome.stderr.contains(words), "{over}\n{outcome}");
    }
    assert_eq!(scratch.text("force-mfa.json"), FORCE_MFA);
    for _ in 0..2 {
        assert_eq!(lint(&scratch, &["force-mfa.json", "--write-baseline", "base.json"]).code, 0);
    }
}

#[test]
fn a_baseline_fits_from_every_folder() {
    let scratch = Scratch::new("lint-baseline-folder");
    examples(&scratch);
    std::fs::create_dir(scratch.path("ci")).unwrap();
    let select = ["--isolated", "--select", "W209,E101,L901", "-f", "concise"];
    let written = lint(&scratch, &[&select[..], &["--write-baseline", "ci/base.json", "old"]].concat());
    assert_eq!(written.code, 0, "{written}");
    let (base, old) = (scratch.path("ci/base.json"), scratch.path("old"));
    let elsewhere =
        run(&[&["lint"], &select[..], &["--baseline", base.to_str().unwrap(), old.to_str().unwrap()]]
            .concat());
    assert_eq!((elsewhere.code, &*elsewhere.stdout), (0, ""), "{elsewhere}");
}

#[test]
fn a_file_that_is_new_has_gained_all_and_others_are_compared() {
    let scratch = Scratch::new("lint-against-new");
    let policy = |operator: &str| FORCE_MFA.replace("\"Bool\"", &format!("\"{operator}\""));
    scratch.put("old/sub/p.json", &policy("BoolIfExists")).put("old/p.json", &policy("Bool"));
    scratch.put("new/sub/p.json", &policy("Bool")).put("new/p.json", &policy("Bool"));
    let words = ["--isolated", "--ignore", "E,W,S,M,I", "-f", "json", "new", "--against"];
    let gained = |old: &str| {
        let outcome = lint(&scratch, &[&words[..], &[old]].concat());
        let report: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome}"));
        (outcome.code, report["against"]["gained"].as_array().unwrap().len(), outcome.stderr)
    };
    assert_eq!(gained("old"), (1, 1, String::new()), "the one in the folder, and not the other");
    scratch.put("old/broken.json", BROKEN).put("new/broken.json", NO_VERSION);
    let (code, count, _) = gained("old");
    assert_eq!((code, count), (2, 1), "what cannot be compared stops nothing");
    std::fs::remove_file(scratch.path("new/broken.json")).unwrap();
    std::fs::remove_file(scratch.path("old/sub/p.json")).unwrap();
    let (code, count, said) = gained("old");
    assert_eq!((code, count), (1, 1));
    assert!(said.starts_with("new/sub/p.json: not in old; all that it allows"), "{said}");
    assert_eq!(gained("nowhere").0, 2);
    scratch.put("base/new/sub/p.json", &policy("Bool")).put("base/new/p.json", &policy("Bool"));
    let named = ["--isolated", "--select", "M490", "new/p.json", "new/sub/p.json", "--against", "base"];
    let outcome = lint(&scratch, &named);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome}");
}

#[test]
fn a_misspelling_in_the_configuration_is_told_whatever_is_selected() {
    let scratch = Scratch::new("lint-settings-codes");
    examples(&scratch);
    let run = |settings: &str| {
        scratch.put("twokeys.toml", &format!("[lint]\n{settings}\n"));
        lint(&scratch, &["-f", "concise", "force-mfa.json"])
    };
    for settings in ["select = [\"Z9\"]", "ignore = [\"M4O2\"]", "select = [\"E\"]\nignore = [\"M4O2\"]"] {
        let outcome = run(settings);
        assert!(outcome.code == 1 && outcome.stdout.contains("twokeys.toml:"), "{outcome}");
        assert!(outcome.stdout.contains("L902"), "{outcome}");
    }
    for wrong in ["foo", "iamm:*", "iam:", ""] {
        let outcome = run(&format!("require-mfa = [\"{wrong}\"]"));
        assert!(outcome.code == 2 && outcome.stderr.contains("is no action of AWS"), "{outcome}");
    }
    let right = run("select = [\"E\"]\nrequire-mfa = [\"*\", \"iam:*\", \"IAM:Delete*\", \"s3:GetObject\"]");
    assert!(!right.stderr.contains("bad-setting"), "{right}");
}

#[test]
fn a_diff_fails_by_what_is_found() {
    let scratch = Scratch::new("lint-diff");
    examples(&scratch);
    let diff = |words: &[&str]| {
        let always = ["--isolated", "--diff", "--select", "M402", "force-mfa.json"];
        lint(&scratch, &[&always[..], words].concat())
    };
    assert_eq!(diff(&[]).code, 1, "found, if nothing safe mends it");
    assert_eq!(diff(&["--unsafe-fixes"]).code, 1);
    let never = diff(&["--unsafe-fixes", "--fail-on", "never"]);
    assert!(never.code == 0 && never.stdout.contains("+        \"BoolIfExists\""), "{never}");
}

#[test]
fn what_is_gained_shows_in_every_format() {
    let scratch = Scratch::new("lint-against-formats");
    scratch.put("old/p.json", &FORCE_MFA.replace("\"Bool\"", "\"BoolIfExists\"")).put("p.json", FORCE_MFA);
    for format in ["concise", "sarif", "github", "gitlab", "junit"] {
        let words = ["--isolated", "--ignore", "E,W,S,M,I", "p.json", "--against", "old", "-f", format];
        let outcome = lint(&scratch, &words);
        assert!(outcome.code == 1 && outcome.stdout.contains("MFA-GAINED"), "{format}\n{outcome}");
        assert!(
            outcome.stdout.contains("s3:GetObject on arn:aws:s3:::amzn-s3-demo-bucket/* (mfa missing)"),
            "{outcome}"
        );
    }
    let words = ["--isolated", "--ignore", "E,W,S,M,I", "p.json", "--against", "old", "-f", "json"];
    let report: Value = serde_json::from_str(&lint(&scratch, &words).stdout).unwrap();
    assert_eq!(report["summary"]["security"], 1);
}

#[test]
fn a_file_that_a_revision_lacks_has_gained_all() {
    let scratch = Scratch::new("lint-against-git");
    let gated = FORCE_MFA.replace("\"Bool\"", "\"BoolIfExists\"");
    scratch.put("p.json", &gated);
    let git = |words: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(scratch.path(".")).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
        ]);
        assert!(command.args(words).output().unwrap().status.success(), "{words:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "p.json"]);
    git(&["commit", "-q", "-m", "One"]);
    scratch.put("new.json", FORCE_MFA);
    let words = ["--isolated", "--ignore", "E,W,S,M,I", "-f", "concise", ".", "--against"];
    let outcome = lint(&scratch, &[&words[..], &["git:HEAD"]].concat());
    assert!(outcome.code == 1 && outcome.stderr.starts_with("new.json: not in git:HEAD"), "{outcome}");
    assert_eq!(outcome.stdout.lines().filter(|line| line.contains("MFA-GAINED")).count(), 1, "{outcome}");
    assert!(outcome.stdout.contains("new.json:1:1: MFA-GAINED"), "{outcome}");
    assert_eq!(lint(&scratch, &[&words[..], &["git:nowhere"]].concat()).code, 2);
}
