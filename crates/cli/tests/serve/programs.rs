//! What programs ask in JSON: sign-in and the decision API; and what a start says of root's key (MFA-070, API-066, API-060).

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::process::{Answer, Folder, Server, call, root};

const PASSWORD: &str = "Correct-horse-7";
const TOKEN: &str = "the-token-of-these-tests";

/// A server with a token for decisions.
fn start(folder: &Folder, more: &[&str]) -> Server {
    let mut command = Command::new("env");
    command.arg(format!("TWOKEYS_DECISION_TOKEN={TOKEN}"));
    Server::start_with(command, &folder.0, more)
}

fn post(server: &Server, path: &str, headers: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let head = format!("host: {}\r\ncontent-type: application/json\r\n{headers}", server.address);
    let whole = format!("POST {path} HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
    server.send(whole.as_bytes()).unwrap()
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// An account with Alice, who may do all, but make users only with MFA, and never delete any.
fn bootstrap(folder: &Folder) -> String {
    let file = folder.0.join("bootstrap.json");
    let account = json!({
        "users": [{ "name": "alice", "password": PASSWORD, "policies": { "own": { "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*",
              "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } } },
            { "Effect": "Deny", "Action": "iam:DeleteUser", "Resource": "*" }] } } }],
        "roles": [{ "name": "helper", "trust": { "Version": "2012-10-17", "Statement": { "Effect": "Allow",
            "Principal": { "AWS": "123456789012" }, "Action": "sts:AssumeRole" } } }],
        "virtual_mfa": [{ "name": "phone", "user": "alice" }],
    });
    std::fs::write(&file, account.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn mfa_070_mfa_051_sign_in_by_json_and_whoever_guesses_is_told_to_wait() {
    let folder = Folder::new("sign-in");
    let server = start(&folder, &["--bootstrap", &bootstrap(&folder)]);
    let step = |path: &str, body: &Value| post(&server, path, "", body);
    let first = json!({ "account": "123456789012", "user": "alice", "password": PASSWORD });
    let answer = step("/sign-in", &first);
    let asked = read(&answer);
    assert_eq!((answer.status, &asked["mfa_required"]), (200, &json!(true)));
    assert_eq!(asked["serials"], json!(["arn:aws:iam::123456789012:mfa/phone"]));
    let incorrect = json!({ "error": "Your authentication information is incorrect. Please try again." });
    let second = json!({ "challenge": asked["challenge"], "code": "000000" });
    let again = json!({ "challenge": read(&step("/sign-in", &first))["challenge"], "code": "000000" });
    for _ in 0..5 {
        let answer = step("/sign-in/mfa", &second);
        assert_eq!((answer.status, read(&answer)), (401, incorrect.clone()));
    }
    // The wait is a second, then two: who is slow here tries again.
    let answer = (0..5).map(|_| step("/sign-in/mfa", &again)).find(|answer| answer.status == 429).unwrap();
    assert_eq!(read(&answer), incorrect);
    let head = answer.head.to_ascii_lowercase();
    assert!(head.contains("\r\nretry-after: 1") || head.contains("\r\nretry-after: 2"), "{head}");
    let wrong = step("/sign-in", &json!({ "account": "123456789012", "user": "alice", "password": "x" }));
    assert_eq!((wrong.status, read(&wrong)), (401, incorrect));
    let deactivate = [
        ("Action", "DeactivateMFADevice"),
        ("UserName", "alice"),
        ("SerialNumber", "arn:aws:iam::123456789012:mfa/phone"),
    ];
    let done = call(&mut server.connect(), &server.address, &root(), "iam", &deactivate).unwrap();
    assert_eq!(done.status, 200, "{}", done.body);
    let session = read(&step("/sign-in", &first));
    for name in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] {
        assert!(session[name].is_string(), "{session}");
    }
    for unknown in
        [json!({}), json!({ "account": "1", "user": "a", "password": "b", "code": "1" }), json!([])]
    {
        assert_eq!(step("/sign-in", &unknown).status, 400, "{unknown}");
    }
}

#[test]
fn api_066_decisions_for_programs_with_mfa_as_advice_exactly_where_it_helps() {
    let folder = Folder::new("decisions");
    let server = start(&folder, &["--bootstrap", &bootstrap(&folder)]);
    let bearer = format!("authorization: Bearer {TOKEN}\r\nx-request-id: abc-123\r\n");
    let ask = |question: &Value| post(&server, "/access/v1/evaluation", &bearer, question);
    let question = |kind: &str, who: &str, action: &str, context: &Value| {
        json!({ "subject": { "type": kind, "id": who }, "action": { "name": action }, "unknown": 1,
            "resource": { "type": "any", "id": "arn:aws:iam::123456789012:user/bob" }, "context": context })
    };
    let alice = "arn:aws:iam::123456789012:user/alice";
    let of_alice = |action: &str, context: &Value| read(&ask(&question("iam-user", alice, action, context)));

    let answer = ask(&question("iam-user", alice, "iam:GetUser", &json!({})));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.to_ascii_lowercase().contains("\r\nx-request-id: abc-123"), "{}", answer.head);
    let allowed = read(&answer);
    assert_eq!(allowed["decision"], json!(true));
    assert!(
        allowed["context"]["decision_object"].is_object() && allowed["context"].get("amr_values").is_none()
    );

    // A key that is not given is missing.
    let step_up = of_alice("iam:CreateUser", &json!({ "time": "now" }));
    assert_eq!((&step_up["decision"], &step_up["context"]["amr_values"]), (&json!(false), &json!("mfa")));
    let reason = step_up["context"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("User: arn:aws:iam::123456789012:user/alice is not authorized"), "{reason}");
    assert!(reason.ends_with("with an explicit deny in an identity-based policy"), "{reason}");
    let given = json!({ "aws:MultiFactorAuthPresent": true, "aws:MultiFactorAuthAge": 30 });
    assert_eq!(of_alice("iam:CreateUser", &given)["decision"], json!(true));
    let never = of_alice("iam:DeleteUser", &json!({}));
    assert_eq!((&never["decision"], never["context"].get("amr_values")), (&json!(false), None));

    for (kind, who, decision) in [
        ("root", "arn:aws:iam::123456789012:root", true),
        ("iam-role", "arn:aws:iam::123456789012:role/helper", false),
        ("session", "arn:aws:sts::123456789012:assumed-role/helper/one", false),
        ("federated", "arn:aws:sts::123456789012:federated-user/one", false),
        ("iam-user", "arn:aws:iam::123456789012:user/nobody", false),
    ] {
        let answer = ask(&question(kind, who, "iam:GetUser", &json!({})));
        assert_eq!((answer.status, &read(&answer)["decision"]), (200, &json!(decision)), "{kind} {who}");
    }
    let several = json!({ "subject": { "type": "iam-user", "id": alice },
        "resource": { "type": "any", "id": "*" },
        "evaluations": [{ "action": { "name": "iam:ListUsers" } }, { "action": { "name": "iam:DeleteUser" } }] });
    let several = read(&post(&server, "/access/v1/evaluations", &bearer, &several));
    assert_eq!(several["evaluations"][0]["decision"], json!(true));
    assert_eq!(several["evaluations"][1]["decision"], json!(false));
    for wrong in [
        json!({}),
        question("cat", alice, "iam:GetUser", &json!({})),
        question("iam-user", "arn:aws:iam::123456789012:root", "iam:GetUser", &json!({})),
        question("iam-user", alice, "iam:GetUser", &json!({ "aws:SourceIp": {} })),
        question(
            "iam-user",
            alice,
            "iam:GetUser",
            &json!({ "aws:SourceIp": "1.2.3.4", "AWS:sourceip": "1.2.3.4" }),
        ),
    ] {
        assert_eq!(ask(&wrong).status, 400, "{wrong}");
    }
    let host = &server.address;
    let metadata = format!("GET /.well-known/authzen-configuration HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let metadata = read(&server.send(metadata.as_bytes()).unwrap());
    assert_eq!(metadata["access_evaluation_endpoint"], json!(format!("http://{host}/access/v1/evaluation")));
}

#[test]
fn api_066_without_the_token_nothing_is_decided_and_the_audit_trail_says_why() {
    let folder = Folder::new("no-token");
    let whys = |why: &str| {
        let lines = std::fs::read_to_string(folder.0.join("data/audit.jsonl")).unwrap();
        lines.lines().filter(|line| line.contains(r#""status":401"#) && line.contains(why)).count()
    };
    let paths = ["/access/v1/evaluation", "/access/v1/evaluations"];
    let mut server = Server::start(&folder.0);
    for path in paths {
        for headers in ["", "authorization: Bearer \r\n", "authorization: Bearer x\r\n"] {
            assert_eq!(post(&server, path, headers, &json!({})).status, 401, "{path} {headers}");
        }
    }
    assert_eq!(whys("TWOKEYS_DECISION_TOKEN is not set"), 6);
    server.end();
    let server = start(&folder, &[]);
    for path in paths {
        for headers in ["", "authorization: Bearer x\r\n", "authorization: Basic x\r\n"] {
            assert_eq!(post(&server, path, headers, &json!({})).status, 401, "{path} {headers}");
        }
    }
    assert_eq!(whys("not the token of"), 6);
    let audit = folder.0.join("data/audit.jsonl");
    assert!(!std::fs::read_to_string(&audit).unwrap().contains(TOKEN));
    let mode = std::fs::metadata(audit).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "API-064");
}

#[test]
fn api_060_root_s_key_is_told_once_as_lines_for_a_shell_and_half_a_key_is_none() {
    let folder = Folder::new("root-key");
    let run = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twokeys"));
        command
            .args(["serve", "--in-memory", "--listen", "127.0.0.1:0", "--ready-fd", "999"])
            .current_dir(&folder.0)
            .env_remove("TWOKEYS_ROOT_ACCESS_KEY_ID")
            .env_remove("TWOKEYS_ROOT_SECRET_ACCESS_KEY")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // It ends by itself: there is no such descriptor to say "ready" to.
        let output = command.output().unwrap();
        assert!(output.stdout.is_empty());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&[]);
    assert_eq!(code, Some(2), "{said}");
    for line in
        ["export AWS_ACCESS_KEY_ID=AKIA", "export AWS_SECRET_ACCESS_KEY=", "export AWS_DEFAULT_REGION="]
    {
        assert_eq!(said.lines().filter(|said| said.starts_with(line)).count(), 1, "{line} in {said}");
    }
    let (id, secret) = ("TWOKEYS_ROOT_ACCESS_KEY_ID", "TWOKEYS_ROOT_SECRET_ACCESS_KEY");
    for half in [[(id, "AKIAROOTOFTHESETESTS")], [(secret, "the secret of root")]] {
        let (code, said) = run(&half);
        assert!(code == Some(2) && said.contains("or neither") && !said.contains("export"), "{said}");
    }
    let (_, said) = run(&[(id, "AKIAROOTOFTHESETESTS"), (secret, "the secret of root")]);
    assert!(
        said.contains("account   123456789012") && !said.contains("export"),
        "what was given is not told: {said}"
    );
}

/// The world of `simulate` and `matrix` may be an endpoint that runs.
#[test]
fn a_running_endpoint_is_an_account_to_ask_about() {
    let folder = Folder::new("account");
    let server = start(&folder, &["--bootstrap", &bootstrap(&folder)]);
    let ask = |words: &[&str], id: &str| {
        let url = format!("http://{}", server.address);
        let output = Command::new(env!("CARGO_BIN_EXE_twokeys"))
            .args(words)
            .args(["--account", &url])
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", root().secret)
            .env_remove("AWS_SESSION_TOKEN")
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let id = root().id;
    let gated = ["matrix", "-a", "iam:CreateUser", "-a", "iam:DeleteUser", "-a", "s3:GetObject", "--no-wrap"];
    let (status, told, wrong) = ask(&gated, &id);
    assert_eq!(status, Some(0), "{wrong}");
    let row = told.lines().find(|line| line.starts_with("user/alice")).unwrap();
    assert_eq!(row.split_whitespace().skip(1).take(3).collect::<Vec<_>>(), ["M", ".", "A"], "{told}");
    let one =
        ["simulate", "-p", "user/alice", "-a", "iam:CreateUser", "--mfa", "missing", "--expect", "deny"];
    assert_eq!(ask(&one, &id).0, Some(0));
    // Whoever may not read the account is told so, and nothing is decided.
    let (status, told, wrong) = ask(&one, "AKIANOBODYNOBODYNOBO");
    assert_eq!((status, told.as_str()), (Some(2), ""), "{wrong}");
    assert!(wrong.contains("does not tell its account"), "{wrong}");
}
