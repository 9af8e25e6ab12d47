//! Commands against an endpoint that really serves: devices, sessions, sign-in, and the folder afterwards.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use super::scratch::Scratch;
use super::{Outcome, command};

const ALICE: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAALICEALICEALICE0"),
    ("AWS_SECRET_ACCESS_KEY", "alice-knows-the-secret-of-her-key"),
];

const PASSWORD: &str = "Correct-Horse-9";

/// An account with Alice, who may do all with MFA and look after her device without.
const ACCOUNT: &str = r#"{"users": [{"name": "alice", "password": "Correct-Horse-9",
    "access_keys": [{"id": "AKIAALICEALICEALICE0", "secret": "alice-knows-the-secret-of-her-key"}],
    "policies": {"All": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}}}],
    "roles": [{"name": "Ops", "trust": {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}}]}"#;

/// `twokeys serve`, as long as it is needed.
struct Server {
    child: Child,
    scratch: Scratch,
    url: String,
}

impl Server {
    fn start(name: &str, words: &[&str]) -> Self {
        let scratch = Scratch::with_examples(name);
        scratch.put("account.json", ACCOUNT);
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0"]);
        serve.args(words).current_dir(scratch.path("")).stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = serve.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let line =
            said.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("endpoint"))).unwrap().unwrap();
        let url = line.split_whitespace().nth(1).unwrap().trim_end_matches('/').to_owned();
        // What it says later must not break it.
        std::thread::spawn(move || said.count());
        Self { child, scratch, url }
    }

    /// Asks it to end, and waits.
    fn end(&mut self) {
        let _ = std::process::Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }

    fn run_as(&self, keys: &[(&str, &str)], words: &[&str], stdin: &str) -> Outcome {
        let mut command = command(words);
        command
            .env_remove("TWOKEYS_NOW")
            .env("TWOKEYS_ENDPOINT", &self.url)
            .env("HOME", self.scratch.path(""));
        command.envs(keys.iter().copied()).current_dir(self.scratch.path(""));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let mut outcome = Outcome::of(&child.wait_with_output().unwrap());
        for text in [&mut outcome.stdout, &mut outcome.stderr] {
            *text = text.replace(&self.url, "URL");
        }
        outcome
    }

    fn alice(&self, words: &[&str]) -> Outcome {
        self.run_as(&ALICE, words, "")
    }

    /// The present code of Alice's device.
    fn code(&self) -> String {
        self.alice(&["mfa", "code", "--secret-file", "alice.seed"]).stdout
    }

    fn assign(&self) -> Outcome {
        self.alice(&["mfa", "assign", "--user", "alice", "--name", "phone", "--secret-file", "alice.seed"])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Times and keys differ from run to run.
fn steady(text: &str) -> String {
    let time = regex_lite::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    time.replace_all(text, "TIME").into_owned()
}

/// The variables of `export` lines.
fn exported(text: &str) -> Vec<(&str, &str)> {
    text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('=')).collect()
}

#[test]
fn ux_070_a_device_lives_from_assignment_to_deletion() {
    let server = Server::start("mfa-life", &["--in-memory", "--bootstrap", "account.json"]);
    let assigned = server.assign();
    assert_eq!(assigned.code, 0, "{assigned}");
    let seed = server.scratch.path("alice.seed");
    assert_eq!(std::fs::metadata(&seed).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&seed).unwrap();
    assert!(!assigned.stdout.contains(text.trim()) && !assigned.stderr.contains(text.trim()));
    insta::assert_snapshot!(steady(&server.alice(&["mfa", "list", "--all"]).stdout), @r"
    SERIAL                               TYPE      STATE       ENABLED               USER
    arn:aws:iam::123456789012:mfa/phone  virtual   enabled     TIME  alice
    ");
    for (words, code, expected) in [
        (&["mfa", "create", "--name", "phone"][..], 1, "the name is taken"),
        (
            &["mfa", "enable", "--name", "phone", "--code1", "123456", "--code2", "123456"],
            1,
            "both codes are the same",
        ),
        (&["mfa", "resync", "--name", "phone", "--code1", "12345", "--code2", "123456"], 1, "has 5 digits"),
        (
            &["mfa", "delete", "--name", "phone", "--yes"],
            1,
            "refused[DeleteConflict]: MFA VirtualDevice in use",
        ),
        (&["mfa", "deactivate", "--name", "phone"], 2, "say --yes if that is meant"),
        (&["mfa", "deactivate", "--name", "phone", "--yes"], 0, ""),
        (&["mfa", "deactivate", "--name", "phone", "--yes"], 1, "MFA Device invalid for user."),
        (&["mfa", "delete", "--name", "phone", "--yes"], 0, ""),
        (&["mfa", "delete", "--name", "phone", "--yes"], 1, "refused[NoSuchEntity]"),
        (&["mfa", "list"], 0, "no devices"),
    ] {
        let outcome = server.alice(words);
        assert_eq!(outcome.code, code, "{words:?}\n{outcome}");
        assert!(outcome.stderr.contains(expected), "{words:?}\n{outcome}");
    }
}

#[test]
fn mfa_068_whoever_enables_a_device_is_told_that_access_keys_carry_no_mfa() {
    let server = Server::start("mfa-note", &["--in-memory", "--bootstrap", "account.json"]);
    let note = "Calls with an access key still carry no MFA:\n  twokeys session token --mfa ";
    let assigned = server.assign();
    assert!(assigned.stderr.contains(note), "{assigned}");
    assert_eq!(server.alice(&["mfa", "deactivate", "--name", "phone", "--yes"]).code, 0);
    // Two codes that were not used yet.
    let codes = server.alice(&["mfa", "code", "--secret-file", "alice.seed", "--count", "2"]).stdout;
    let codes: Vec<&str> = codes.lines().collect();
    let words = ["mfa", "enable", "--name", "phone", "--code1", codes[0], "--code2", codes[1]];
    let enabled = server.alice(&words);
    assert!(enabled.code == 0 && enabled.stderr.contains(note), "{enabled}");
}

#[test]
fn ux_070_a_person_or_a_pipe_types_the_codes_of_a_device_that_is_shown() {
    let server = Server::start("mfa-typed", &["--in-memory", "--bootstrap", "account.json"]);
    let words = ["mfa", "assign", "--user", "alice", "--name", "phone", "--uri"];
    let outcome = server.run_as(&ALICE, &words, "000000\n000001\n");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stdout.starts_with("otpauth://totp/twokeys:phone@123456789012?secret="), "{outcome}");
    assert!(outcome.stderr.contains("refused[InvalidAuthenticationCode]: "), "{outcome}");
    assert!(outcome.stderr.contains("is made and not enabled"), "{outcome}");
    // Nobody there at all.
    let outcome = server.alice(&["mfa", "assign", "--user", "alice", "--name", "other", "--no-qr"]);
    assert_eq!(outcome.code, 2, "{outcome}");
}

#[test]
fn sts_003_a_session_carries_mfa_only_if_a_code_was_given() {
    let server = Server::start("mfa-session", &["--in-memory", "--bootstrap", "account.json"]);
    assert_eq!(server.assign().code, 0);
    let without = server.alice(&["session", "token"]);
    assert!(without.stdout.contains("# aws:MultiFactorAuthPresent=false"), "{without}");
    assert!(without.stderr.contains("note: "), "{without}");
    let keys = exported(&without.stdout);
    assert_eq!(server.run_as(&keys, &["mfa", "list"], "").code, 1, "IAM is closed to it");
    let role = "arn:aws:iam::123456789012:role/Ops";
    assert_eq!(server.run_as(&keys, &["session", "assume", role], "").code, 1, "the role asks for MFA");

    let words = ["session", "token", "--mfa", "phone", "--code", "-", "--duration", "15m"];
    let code = server.code();
    let with = server.run_as(&ALICE, &words, &code);
    assert_eq!(with.code, 0, "{with}");
    let keys = exported(&with.stdout);
    assert_eq!(keys.len(), 3);
    let who = server.run_as(&keys, &["session", "whoami"], "");
    assert!(who.stdout.starts_with("arn      arn:aws:iam::123456789012:user/alice\n"), "{who}");
    assert_eq!(server.run_as(&keys, &["mfa", "list"], "").code, 0);
    let assumed = server.run_as(&keys, &["session", "assume", role, "--format", "aws-profile", "ops"], "");
    assert!(assumed.stdout.starts_with("[ops]\naws_access_key_id = ASIA"), "{assumed}");
    // The profile that was printed does.
    server.scratch.put(".aws/credentials", &assumed.stdout.replace("URL", &server.url));
    let who = server.run_as(&[], &["session", "whoami", "--profile", "ops"], "");
    assert!(who.stdout.contains("assumed-role/Ops/twokeys"), "{who}");

    let again = server.run_as(&ALICE, &words, &code);
    assert_eq!(again.code, 1, "a code is good once: {again}");
    assert!(again.stderr.contains("a code is good once"), "{again}");
    assert_eq!(server.alice(&["session", "token", "--mfa", "phone"]).code, 4, "nobody to ask");
    assert_eq!(server.alice(&["session", "token", "--code", "123456"]).code, 2, "a code of no device");
}

#[test]
fn mfa_070_sign_in_asks_for_a_code_and_keeps_the_session_for_its_owner() {
    let server = Server::start("login", &["--in-memory", "--bootstrap", "account.json"]);
    let login = ["login", "--account", "123456789012", "--user", "alice", "--password-stdin"];
    assert_eq!(server.run_as(&[], &["mfa", "list"], "").code, 4, "nobody has signed in");
    let wrong = server.run_as(&[], &login, "wrong\n");
    assert_eq!(wrong.code, 1, "{wrong}");
    assert!(
        wrong.stderr.contains("Your authentication information is incorrect. Please try again."),
        "{wrong}"
    );
    assert_eq!(server.run_as(&[], &login, "").code, 4, "no password came");
    assert_eq!(server.assign().code, 0);
    assert_eq!(server.run_as(&[], &login, &format!("{PASSWORD}\n")).code, 4, "a code is needed");
    let typed = format!("{PASSWORD}\n{}", server.code());
    let outcome = server.run_as(&[], &[&login[..], &["--mfa-code", "-"]].concat(), &typed);
    assert_eq!(outcome.code, 0, "{outcome}");
    let file = server.scratch.path(".config/twokeys/session.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = server.run_as(&[], &["session", "show"], "");
    assert!(shown.stdout.contains("from      twokeys login\nkind      a session, MFA true"), "{shown}");
    assert_eq!(server.run_as(&[], &["mfa", "list"], "").code, 0);
    // What others may read is used no more.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(server.run_as(&[], &["mfa", "list"], "").code, 2);
    assert_eq!(server.run_as(&[], &["logout"], "").code, 0);
    assert!(!file.exists());
    assert_eq!(server.run_as(&[], &["session", "show"], "").code, 4);
}

#[test]
fn ux_021_a_dry_run_calls_nothing_and_prints_the_line_for_the_aws_cli() {
    let scratch = Scratch::new("dry-run");
    let outcome = scratch.run(&[
        "mfa",
        "enable",
        "--user",
        "it's",
        "--serial",
        "GAHT12345678",
        "--code1",
        "123456",
        "--code2",
        "654321",
        "--dry-run",
    ]);
    insta::assert_snapshot!(outcome, @r"
    aws --endpoint-url http://127.0.0.1:4599 iam enable-mfa-device --user-name 'it'\''s' --serial-number GAHT12345678 --authentication-code1 123456 --authentication-code2 654321
    --- exit 0
    ");
    // Without this flag the AWS CLI refuses the line (MFA-001).
    let outcome = scratch.run(&["mfa", "create", "--name", "phone", "--dry-run"]);
    insta::assert_snapshot!(outcome, @r"
    aws --endpoint-url http://127.0.0.1:4599 iam create-virtual-mfa-device --virtual-mfa-device-name phone --bootstrap-method Base32StringSeed --outfile seed.txt
    --- exit 0
    ");
    let outcome = scratch.run(&["session", "whoami", "--endpoint", "https://sts.amazonaws.com", "--dry-run"]);
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(outcome.stderr.contains("AWS itself is never called"), "{outcome}");
}

#[test]
fn api_063_an_endpoint_starts_from_a_dump_and_its_folder_can_be_checked() {
    let words = ["--data", "state", "--account", "tests/data/account/moto.json"];
    let mut server = Server::start("from-dump", &words);
    server.end();
    let checked = server.scratch.run(&["store", "check", "state"]);
    assert_eq!(checked.code, 0, "{checked}");
    insta::assert_snapshot!(checked.stdout, @r"
    state: schema 1, 32 records, check ok
      access_key   1
      account      1
      group        2
      policy       9
      role         7
      user         12
    ");
    assert_eq!(server.scratch.run(&["store", "backup", "state", "copy.db"]).code, 0);
    assert_eq!(server.scratch.run(&["store", "backup", "state", "copy.db"]).code, 2, "over no file");
    let mode = std::fs::metadata(server.scratch.path("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        server.scratch.run(&["store", "root-key", "state"]).stderr.contains("export AWS_ACCESS_KEY_ID=AKIA")
    );
    assert_eq!(server.scratch.run(&["store", "check", "nowhere"]).code, 2);
    assert!(!server.scratch.path("nowhere").exists(), "nothing is made");
    let again =
        server.scratch.run(&["serve", "--data", "state", "--account", "tests/data/account/moto.json"]);
    assert_eq!(again.code, 2, "a dump is read into an empty folder only: {again}");
}

#[test]
fn rl_002_a_dump_with_problems_is_refused_and_nothing_is_made() {
    let scratch = Scratch::new("bad-dump");
    let policy =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]}"#;
    let user = format!(
        r#"{{"UserName": "a", "Path": "/", "UserId": "AIDAAAAAAAAAAAAAAAAAA", "CreateDate": "2026-01-05T09:00:00Z",
            "Arn": "arn:aws:iam::123456789012:user/a", "GroupList": [], "AttachedManagedPolicies": [],
            "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {policy}}}]}}"#
    );
    let dump = format!(
        r#"{{"UserDetailList": [{user}], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}}"#
    );
    scratch.put("dump.json", &dump);
    let words = ["serve", "--data", "state", "--listen", "127.0.0.1:0", "--account", "dump.json"];
    let outcome = scratch.run(&words);
    assert_eq!(outcome.code, 2, "{outcome}");
    assert!(outcome.stderr.contains("Maybe"), "{outcome}");
    assert!(!scratch.path("state").exists() && !scratch.path("state.key").exists());
}

#[test]
fn rl_042_devices_outlive_a_restart() {
    let mut server = Server::start("restart", &["--data", "state", "--bootstrap", "account.json"]);
    assert_eq!(server.assign().code, 0);
    server.end();
    let checked = server.scratch.run(&["store", "check", "state"]);
    assert_eq!(checked.code, 0, "{checked}");
    assert!(checked.stdout.contains("device       1"), "{checked}");
}
