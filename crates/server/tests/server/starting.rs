//! How an account begins and is found again: root's key, the bootstrap file, the data folder, the master key
//! (API-060 to API-068).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use twokeys_server::bootstrap::RootKey;
use twokeys_server::folder::{Master, default_key_file};
use twokeys_server::query::Service;
use twokeys_server::start::{Start, Started, new_root_key, secret, start};

use crate::calls::furnished;
use crate::world::{Key, NOW, SEED, ask, code, element, outcome, records, settings, user};

/// Nothing given.
fn nothing() -> Start {
    Start {
        data: None,
        account_id: None,
        bootstrap: None,
        managed_policies: None,
        root_key: None,
        read_only: false,
        settings: settings(),
        now: NOW - 3_600,
    }
}

fn root_key(key: &Key) -> Option<RootKey> {
    Some(RootKey { id: key.id.clone(), secret: secret(key.secret.clone()) })
}

/// A folder for `data`, and what is beside it.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

fn with_key_file(data: &Path) -> Option<(PathBuf, Master)> {
    Some((data.to_owned(), Master::File(default_key_file(data))))
}

fn why(started: Result<Started, impl std::fmt::Display>) -> String {
    match started {
        Ok(_) => "it started".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn as_root(started: &Started, pairs: &[(&str, &str)]) -> String {
    let answer = ask(&started.endpoint, NOW, &Key::root(), Service::Iam, pairs);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[test]
fn api_060_nothing_given_makes_root_alone_with_a_key_that_is_shown() {
    let started = start(nothing()).unwrap();
    assert!(started.is_new);
    let state = started.endpoint.state();
    assert_eq!((state.id().to_string().as_str(), state.users().count()), ("123456789012", 0));
    let [shown] = &started.shown[..] else { panic!("{:?}", started.shown) };
    let id = shown.what.strip_prefix("access key ").unwrap();
    assert!(shown.of == "root" && id.starts_with("AKIA") && shown.secret.len() == 40, "{id}");
    drop(state);
    let key = Key { id: id.to_owned(), secret: shown.secret.to_string(), token: None };
    let who = ask(&started.endpoint, NOW, &key, Service::Sts, &[("Action", "GetCallerIdentity")]);
    assert_eq!(element(&who.body, "Arn"), Some("arn:aws:iam::123456789012:root"));

    let named = Start { account_id: Some("210987654321".parse().unwrap()), ..nothing() };
    assert_eq!(start(named).unwrap().endpoint.state().id().to_string(), "210987654321");
}

#[test]
fn api_060_a_start_never_changes_credentials() {
    let (_folder, data) = place();
    let again = |root_key, account: Option<&str>, bootstrap: Option<&str>| Start {
        data: with_key_file(&data),
        account_id: account.map(|id| id.parse().unwrap()),
        bootstrap: bootstrap.map(str::to_owned),
        root_key,
        ..nothing()
    };
    let started = start(again(root_key(&Key::root()), None, None)).unwrap();
    assert!(started.shown.is_empty(), "what was given is not told");
    let before = records(&started.endpoint);
    drop(started);
    let other_secret = Key { secret: "another".to_owned(), ..Key::root() };
    for (what, start_again, said) in [
        (
            "another key",
            again(root_key(&Key::of("other")), None, None),
            "is not root's key in the data folder",
        ),
        (
            "another secret",
            again(root_key(&other_secret), None, None),
            "is not root's key in the data folder",
        ),
        ("another account", again(None, Some("210987654321"), None), "holds account 123456789012"),
        ("a bootstrap file", again(None, None, Some("{}")), "read into an empty one only"),
    ] {
        let why = why(start(start_again));
        assert!(why.contains(said), "{what}: {why}");
    }
    for root_key in [None, root_key(&Key::root())] {
        let started = start(again(root_key, None, None)).unwrap();
        assert!(!started.is_new && started.shown.is_empty());
        assert_eq!(records(&started.endpoint), before);
    }
    let shown = new_root_key(&data, &Master::File(default_key_file(&data)), NOW).unwrap();
    assert_eq!(shown.len(), 1);
    let started = start(again(None, None, None)).unwrap();
    let who = ask(&started.endpoint, NOW, &Key::root(), Service::Sts, &[("Action", "GetCallerIdentity")]);
    assert_eq!(outcome(&who), "InvalidClientTokenId", "the old key ended");
}

#[test]
fn api_062_a_bootstrap_file_makes_all_that_it_names() {
    let all = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let everything = "arn:aws:iam::210987654321:policy/everything";
    let trust = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": "210987654321" } } });
    let file = json!({
        "account_id": "210987654321", "alias": "two-keys", "root_password": "Correct-horse-7",
        "users": [{ "name": "alice", "path": "/staff/", "password": "Correct-horse-7", "tags": { "team": "blue" },
            "groups": ["crew"], "access_keys": [{ "id": Key::of("alice").id, "secret": Key::of("alice").secret }, {}],
            "policies": { "own": all }, "attached": [everything], "boundary": everything }],
        "groups": [{ "name": "crew", "path": "/", "policies": { "own": all }, "attached": [everything] }],
        "roles": [{ "name": "helper", "path": "/ops/", "trust": trust, "max_session_duration": 7200,
            "tags": { "team": "blue" }, "policies": { "own": all }, "attached": [everything], "boundary": everything }],
        "policies": { "everything": all },
        "virtual_mfa": [{ "name": "phone", "seed": SEED, "user": "alice" }, { "name": "spare" }],
        "hardware_mfa": [{ "serial": "GAHT12345678", "seed": SEED, "user": "alice" }],
    });
    let started =
        start(Start { bootstrap: Some(file.to_string()), root_key: root_key(&Key::root()), ..nothing() })
            .unwrap();
    let shown: Vec<(&str, &str)> = started
        .shown
        .iter()
        .map(|shown| (shown.of.as_str(), shown.what.split(' ').next().unwrap()))
        .collect();
    let spare = "arn:aws:iam::210987654321:mfa/spare";
    assert_eq!(shown, [("user/alice", "access"), (spare, "seed")], "what was missing was made, and is told");
    let user = as_root(&started, &[("Action", "GetUser"), ("UserName", "alice")]);
    assert_eq!(element(&user, "Arn"), Some("arn:aws:iam::210987654321:user/staff/alice"));
    assert_eq!(element(&user, "PermissionsBoundaryArn"), Some(everything));
    assert_eq!(element(&user, "Value"), Some("blue"));
    let role = as_root(&started, &[("Action", "GetRole"), ("RoleName", "helper")]);
    assert_eq!(element(&role, "MaxSessionDuration"), Some("7200"));
    let group = as_root(&started, &[("Action", "GetGroup"), ("GroupName", "crew")]);
    assert_eq!(element(&group, "UserName"), Some("alice"));
    let details = as_root(&started, &[("Action", "GetAccountAuthorizationDetails")]);
    assert_eq!(details.matches("<PolicyName>everything</PolicyName>").count(), 4, "{details}");
    assert_eq!(details.matches("<PolicyName>own</PolicyName>").count(), 3, "{details}");
    let alias = as_root(&started, &[("Action", "ListAccountAliases")]);
    assert_eq!(element(&alias, "member"), Some("two-keys"));
    // A hardware device is good where it can be: at STS, for the user it was given to.
    let number = code(NOW, 0);
    let pairs = [("Action", "GetSessionToken"), ("SerialNumber", "GAHT12345678"), ("TokenCode", &number)];
    assert_eq!(outcome(&ask(&started.endpoint, NOW, &Key::of("alice"), Service::Sts, &pairs)), "ok");
}

#[test]
fn api_062_what_a_bootstrap_file_cannot_mean_is_refused() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut file = furnished(vec![user("alice", &json!([]))]);
        change(&mut file);
        why(start(Start { bootstrap: Some(file.to_string()), ..nothing() }))
    };
    let cases: [(&str, &dyn Fn(&mut Value)); 14] = [
        ("unknown field", &|file| file["user"] = json!([])),
        ("unknown field", &|file| file["users"][0]["key"] = json!([])),
        ("unknown field", &|file| file["virtual_mfa"][0]["owner"] = json!("alice")),
        ("twelve digits", &|file| file["account_id"] = json!("1")),
        ("there is no group", &|file| file["users"][0]["groups"] = json!(["none"])),
        ("is not known", &|file| {
            file["users"][0]["attached"] = json!(["arn:aws:iam::123456789012:policy/none"]);
        }),
        ("there is no user", &|file| file["virtual_mfa"][0]["user"] = json!("nobody")),
        ("is there twice", &|file| file["users"][1]["name"] = json!("ALICE")),
        ("is there twice", &|file| file["virtual_mfa"][1]["name"] = json!("PHONE")),
        ("at most 8", &|file| {
            let devices = (0..9).map(|at| json!({ "name": format!("d{at}"), "user": "alice" }));
            file["virtual_mfa"] = devices.collect();
        }),
        ("regular expression pattern", &|file| file["users"][0]["name"] = json!("a b")),
        ("regular expression pattern", &|file| file["virtual_mfa"][0]["name"] = json!("a/b")),
        ("minimum length of 8", &|file| file["users"][0]["password"] = json!("short")),
        ("minimum length of 8", &|file| file["root_password"] = json!("")),
    ];
    for (said, change) in cases {
        let why = refused(change);
        assert!(why.contains(said), "{said}: {why}");
    }
}

#[test]
fn api_062_a_policy_that_is_given_twice_is_refused() {
    let text = r#"{"users": [{"name": "alice", "policies": {
        "own": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}},
        "own": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}}]}"#;
    let why = why(start(Start { bootstrap: Some(text.to_owned()), ..nothing() }));
    assert!(why.contains("`own`") && why.contains("line 3 column 9"), "{why}");
}

#[test]
fn api_064_the_folder_and_what_is_in_it_are_ours_alone() {
    let (_folder, data) = place();
    let begin = || start(Start { data: with_key_file(&data), root_key: root_key(&Key::root()), ..nothing() });
    let started = begin().unwrap();
    as_root(&started, &[("Action", "CreateUser"), ("UserName", "alice")]);
    assert_eq!(mode(&data), 0o700);
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["lock", "twokeys.db", "twokeys.db-shm", "twokeys.db-wal"]);
    assert!(why(begin()).contains("in use by another process"));
    drop(started);
    for open in [0o720, 0o702, 0o777] {
        std::fs::set_permissions(&data, PermissionsExt::from_mode(open)).unwrap();
        let why = why(begin());
        assert!(why.contains("may be written by others"), "{open:o}: {why}");
    }
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::set_permissions(data.join("twokeys.db"), PermissionsExt::from_mode(0o640)).unwrap();
    assert!(why(begin()).contains("may be read by others"));
}

#[test]
fn api_065_the_master_key_is_made_once_and_no_other_opens_the_folder() {
    let (folder, data) = place();
    let with = |master| {
        start(Start { data: Some((data.clone(), master)), root_key: root_key(&Key::root()), ..nothing() })
    };
    let file = default_key_file(&data);
    assert_eq!(file, folder.path().join("data.key"));
    drop(with(Master::File(file.clone())).unwrap());
    assert_eq!(mode(&file), 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(STANDARD.decode(text.strip_suffix('\n').unwrap()).unwrap().len(), 32);
    // It is used again, not made again.
    drop(with(Master::File(file.clone())).unwrap());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);

    let missing = folder.path().join("missing.key");
    assert!(why(with(Master::File(missing.clone()))).contains("the master key is not there"));
    assert!(!missing.exists());
    let other = folder.path().join("other.key");
    std::fs::write(&other, STANDARD.encode([7; 32])).unwrap();
    std::fs::set_permissions(&other, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(why(with(Master::File(other.clone()))).contains("this is not the master key that sealed"));
    std::fs::write(&other, "short").unwrap();
    assert!(why(with(Master::File(other.clone()))).contains("32 bytes as one line of base64"));
    std::fs::set_permissions(&other, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(why(with(Master::File(other))).contains("may be read by others"));
    let passphrase = |text: &str| Master::Passphrase(secret(text.to_owned()));
    assert!(why(with(passphrase("any"))).contains("not with a passphrase"));
    drop(with(Master::File(file)).unwrap());
}

#[test]
fn api_065_a_passphrase_serves_instead_of_a_file() {
    let (_folder, data) = place();
    let with = |master| {
        start(Start { data: Some((data.clone(), master)), root_key: root_key(&Key::root()), ..nothing() })
    };
    let passphrase = |text: &str| Master::Passphrase(secret(text.to_owned()));
    drop(with(passphrase("two keys are better than one")).unwrap());
    assert!(!default_key_file(&data).exists());
    drop(with(passphrase("two keys are better than one")).unwrap());
    assert!(why(with(passphrase("two keys"))).contains("this is not the master key that sealed"));
    assert!(why(with(Master::File(default_key_file(&data)))).contains("the master key is not there"));
}

#[test]
fn api_065_in_memory_every_start_has_a_master_key_of_its_own() {
    let file = furnished(vec![user("alice", &json!([]))]).to_string();
    let begin = || {
        start(Start { bootstrap: Some(file.clone()), root_key: root_key(&Key::root()), ..nothing() }).unwrap()
    };
    let (one, other) = (begin(), begin());
    let token = ask(&one.endpoint, NOW, &Key::of("alice"), Service::Sts, &[("Action", "GetSessionToken")]);
    let session = Key::given(&token.body);
    let who = |started: &Started| {
        outcome(&ask(&started.endpoint, NOW, &session, Service::Sts, &[("Action", "GetCallerIdentity")]))
            .to_owned()
    };
    assert_eq!((who(&one).as_str(), who(&other).as_str()), ("ok", "InvalidClientTokenId"));
}

#[test]
fn api_068_policies_of_aws_are_those_of_the_file_and_no_others() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let all = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let file = json!({ "policies": [{ "arn": admin, "document": all }] });
    let begin = |managed_policies| {
        let mut account = furnished(vec![user("alice", &json!([]))]);
        account["policies"]["own"] = all.clone();
        let root_key = root_key(&Key::root());
        start(Start { bootstrap: Some(account.to_string()), managed_policies, root_key, ..nothing() })
            .unwrap()
    };
    let attach = |started: &Started, arn: &str| {
        let pairs = [("Action", "AttachUserPolicy"), ("UserName", "alice"), ("PolicyArn", arn)];
        let answer = ask(&started.endpoint, NOW, &Key::root(), Service::Iam, &pairs);
        (answer.status, outcome(&answer).to_owned())
    };
    let unknown = (404, "NoSuchEntity".to_owned());
    let without = begin(None);
    assert_eq!(attach(&without, admin), unknown);
    let with = begin(Some(file.to_string()));
    assert_eq!(attach(&with, "arn:aws:iam::aws:policy/ReadOnlyAccess"), unknown);
    let list = |scope: &str| as_root(&with, &[("Action", "ListPolicies"), ("Scope", scope)]);
    assert!(list("AWS").contains(admin) && !list("AWS").contains("policy/own"));
    assert!(!list("Local").contains(admin) && list("All").contains(admin));
    let read = as_root(&with, &[("Action", "GetPolicyVersion"), ("PolicyArn", admin), ("VersionId", "v1")]);
    assert!(element(&read, "Document").is_some());
    let users = [("Action", "ListUsers")];
    let may = || outcome(&ask(&with.endpoint, NOW, &Key::of("alice"), Service::Iam, &users)).to_owned();
    assert_eq!(may(), "AccessDenied");
    assert_eq!(attach(&with, admin), (200, "ok".to_owned()));
    assert_eq!(may(), "ok");
    let delete = [("Action", "DeletePolicy"), ("PolicyArn", admin)];
    assert_eq!(outcome(&ask(&with.endpoint, NOW, &Key::root(), Service::Iam, &delete)), "AccessDenied");
}
