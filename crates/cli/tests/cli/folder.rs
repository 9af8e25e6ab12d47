//! An account as a folder and back: the same world, and never a file outside.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::root;
use super::scratch::Scratch;

const UNPACK: &str = "twokeys account unpack w --account tests/data/account/moto.json";

fn with_folder(name: &str) -> Scratch {
    let scratch = Scratch::with_examples(name);
    let outcome = scratch.shell(UNPACK);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{outcome}");
    scratch
}

/// All files below a folder with what is in them.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The same files with the same text. (A difference is named, not printed as bytes.)
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    let differ: Vec<&String> =
        one.iter().filter(|(name, text)| other[*name] != **text).map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn ux_085_an_account_becomes_a_folder_with_one_file_a_policy() {
    let scratch = with_folder("folder");
    let names: Vec<String> = files(&scratch.path("w")).into_keys().collect();
    insta::assert_snapshot!("files_of_a_world", names.join("\n"));
    insta::assert_snapshot!("entity_of_a_world", scratch.text("w/users/ci-deploy/entity.json"));
    assert_eq!(scratch.text("w/account.json"), "{\n  \"account_id\": \"111122223333\"\n}\n");
}

#[test]
fn ux_085_packed_again_it_is_the_same_world() {
    let scratch = with_folder("folder-again");
    let packed = scratch.shell("twokeys account pack w -o again.json && twokeys account pack w > other.json");
    assert_eq!(packed.code, 0, "{packed}");
    assert_eq!(scratch.text("again.json"), scratch.text("other.json"));
    let again = scratch.shell("twokeys account unpack v --account again.json");
    assert_eq!(again.code, 0, "{again}");
    assert_same(&files(&scratch.path("v")), &files(&scratch.path("w")));
    // What is decided is the same, and by the same statements, though they stand elsewhere.
    let cells = |flags: &str| {
        let outcome =
            scratch.shell(&format!("twokeys matrix {flags} -a 'iam:*' -a s3:GetObject --format csv -q"));
        assert_eq!(outcome.code, 0, "{outcome}");
        outcome.stdout
    };
    let dump = cells("--account tests/data/account/moto.json");
    assert_eq!(cells("--world w"), dump);
    assert_eq!(cells("--account again.json"), dump);
    let audit = |flags: &str| scratch.shell(&format!("twokeys account audit {flags} --format json")).stdout;
    assert_eq!(audit("--world w"), audit("--account tests/data/account/moto.json"));
}

#[test]
fn a_folder_is_written_again_and_what_is_gone_is_gone() {
    let scratch = with_folder("folder-twice");
    let before = files(&scratch.path("w"));
    scratch.put("w/users/zoe/entity.json", "{}").put("w/.git/HEAD", "ref").put("w/NOTES.md", "mine");
    assert_eq!(scratch.shell(UNPACK).code, 0);
    let mut after = files(&scratch.path("w"));
    assert_eq!(after.remove(".git/HEAD").as_deref(), Some(&b"ref"[..]));
    assert_eq!(after.remove("NOTES.md").as_deref(), Some(&b"mine"[..]));
    assert_same(&after, &before);
    scratch.put("other/file.txt", "mine");
    for (folder, words) in [("other", "it holds no account"), ("other/file.txt", "is no folder")] {
        let outcome = scratch.shell(&UNPACK.replace(" w ", &format!(" {folder} ")));
        assert!(outcome.code == 2 && outcome.stderr.contains(words), "{outcome}");
    }
    let foreign = scratch.text("w/account.json").replace("111122223333", "444455556666");
    scratch.put("w/account.json", &foreign);
    assert!(scratch.shell(UNPACK).stderr.contains("holds another account"));
    assert_eq!(scratch.text("other/file.txt"), "mine");
}

#[test]
fn rl_025_nothing_is_written_outside_whatever_things_are_called() {
    let scratch = Scratch::new("folder-names");
    let long = "x".repeat(400);
    let names = [
        "../../escape",
        "/etc/passwd",
        "..",
        ".",
        "con",
        "NUL.txt",
        "a/b",
        "a\\b",
        "same",
        "SAME",
        "Same",
        "c:d",
        " ",
        "\u{1b}[2J",
        "\u{202e}x",
        "index",
        "entity.json",
        "é",
        &long,
        ".git",
        "-rf",
        "~root",
        "a%2Fb",
        "%2e%2e",
    ];
    let policy =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    let inline: Vec<String> = names
        .iter()
        .map(|name| {
            format!(r#"{{"PolicyName": {}, "PolicyDocument": {policy}}}"#, serde_json::Value::from(*name))
        })
        .collect();
    let users: Vec<String> = names
        .iter()
        .filter(|name| !name.contains(['\u{1b}']))
        .map(|name| {
            let arn = serde_json::Value::from(format!("arn:aws:iam::111122223333:user/{name}"));
            let name = serde_json::Value::from(*name);
            format!(r#"{{"UserName": {name}, "Arn": {arn}, "UserPolicyList": [{}]}}"#, inline.join(","))
        })
        .collect();
    let managed: Vec<String> = ["index", "Index", "../../p", "p", "P"]
        .iter()
        .map(|name| {
            format!(
                r#"{{"PolicyName": "{name}", "Arn": "arn:aws:iam::111122223333:policy/{name}", "PolicyVersionList": [
                    {{"VersionId": "v1", "IsDefaultVersion": true, "Document": {policy}}}]}}"#
            )
        })
        .collect();
    let dump = format!(r#"{{"UserDetailList": [{}], "Policies": [{}]}}"#, users.join(","), managed.join(","));
    scratch.put("dump.json", &dump).put("below/outside.txt", "mine");
    let outcome = scratch.shell("cd below && twokeys account unpack world --account ../dump.json");
    assert_eq!(outcome.code, 0, "{outcome}");
    let written = files(&scratch.path("."));
    for (name, text) in &written {
        let known = ["dump.json", "below/outside.txt"].contains(&name.as_str());
        assert!(known || name.starts_with("below/world/"), "{name}");
        assert!(name.is_ascii() && name.split('/').all(|part| part.len() < 255), "{name}");
        assert!(known || !text.is_empty(), "{name}");
    }
    assert_eq!(written["below/outside.txt"], b"mine");
    assert_eq!(written.keys().filter(|name| name.ends_with("entity.json")).count(), users.len());
    // On a disk that does not tell capitals apart, nothing falls together.
    let mut folded: Vec<String> = written.keys().map(|name| name.to_ascii_lowercase()).collect();
    folded.sort();
    folded.dedup();
    assert_eq!(folded.len(), written.len());
    let again = scratch.shell(
        "cd below && twokeys account pack world -o ../again.json && twokeys account unpack other --account ../again.json",
    );
    assert_eq!(again.code, 0, "{again}");
    assert_same(&files(&scratch.path("below/other")), &files(&scratch.path("below/world")));
}

#[test]
fn rl_025_links_are_replaced_and_never_followed() {
    let scratch = with_folder("folder-links");
    scratch.put("precious/users/file.txt", "mine");
    fs::remove_dir_all(scratch.path("w/users")).unwrap();
    std::os::unix::fs::symlink("../precious/users", scratch.path("w/users")).unwrap();
    assert_eq!(scratch.shell(UNPACK).code, 0);
    assert!(!scratch.path("w/users").is_symlink() && scratch.path("w/users/alice").is_dir());
    assert_eq!(files(&scratch.path("precious")).len(), 1);
    // A folder that came from elsewhere must not make us read what is not its own.
    let secret = scratch.path("precious/users/file.txt");
    fs::remove_file(scratch.path("w/policies/Buckets.json")).unwrap();
    std::os::unix::fs::symlink(secret, scratch.path("w/policies/Buckets.json")).unwrap();
    let outcome = scratch.run(&["account", "pack", "w"]);
    assert!(outcome.code == 2 && outcome.stderr.contains("is a link"), "{outcome}");
}

#[test]
fn what_is_wrong_in_a_folder_is_shown_in_its_file() {
    let scratch = with_folder("folder-wrong");
    let mut told = String::new();
    let mut wrong = |name: &str, text: &str| {
        let path = scratch.path(name);
        let before = fs::read(&path).ok();
        scratch.put(name, text);
        let outcome = scratch.shell("twokeys matrix --world w -a s3:GetObject");
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{name}\n{outcome}");
        writeln!(told, "$ {name}\n{}", outcome.stderr).unwrap();
        match before {
            Some(bytes) => fs::write(path, bytes).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
    };
    wrong(
        "w/users/ci-deploy/inline/deploy.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Alow\", \"Action\": \"*\", \"Resource\": \"*\"}]\n}\n",
    );
    wrong(
        "w/users/ci-deploy/inline/deploy.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n}\n",
    );
    wrong(
        "w/users/ci-deploy/entity.json",
        "{\"UserName\": \"ci-deploy\", \"Arn\": \"arn:aws:iam::111122223333:user/other\"}\n",
    );
    wrong(
        "w/users/ci-deploy/entity.json",
        "{\"UserName\": \"ci-deploy\", \"UserPolicyList\": [{\"PolicyName\": \"gone\"}]}\n",
    );
    wrong("w/users/ci-deploy/entity.json", "{\"UserName\": }\n");
    wrong("w/users/ci-deploy/notes.txt", "what is this?\n");
    wrong("w/users/stray.json", "{}\n");
    wrong("w/policies/stray.json", "{}\n");
    wrong("w/policies/index.json", "{\"arn:aws:iam::111122223333:policy/Buckets\": \"../../etc/passwd\"}\n");
    wrong("w/policies/index.json", "{\"Buckets\": \"Buckets.json\"}\n");
    wrong("w/account.json", "{\"account_id\": \"444455556666\"}\n");
    wrong("w/account.json", "{\"account\": \"111122223333\"}\n");
    insta::assert_snapshot!(told);
}

#[test]
fn a_policy_that_someone_adds_counts() {
    let scratch = with_folder("folder-added");
    let denied = |who: &str| {
        let line = format!(
            "twokeys simulate --world w -p {who} -a s3:GetObject -r '*' --mfa false --expect deny -q"
        );
        scratch.shell(&line).code == 0
    };
    assert!(!denied("user/bob") && !denied("role/ops"));
    let deny =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    scratch.put("w/users/bob/inline/no%20buckets.json", deny).put("w/roles/ops/inline/no-buckets.json", deny);
    assert!(denied("user/bob") && denied("role/ops"));
    let shown = scratch
        .shell("twokeys simulate --world w -p user/bob -a s3:GetObject -r '*' -f json --mfa true")
        .stdout;
    assert!(
        shown.contains("\"policy\": \"no buckets\"")
            && shown.contains("w/users/bob/inline/no%20buckets.json"),
        "{shown}"
    );
    fs::remove_dir_all(scratch.path("w/users/alice")).unwrap();
    assert!(scratch.shell("twokeys account summary --world w").stdout.contains("11 users"));
}

#[test]
fn ux_040_a_dump_counts_before_the_folder_and_says_so() {
    let scratch = with_folder("folder-and-dump");
    let dump = r#"{"UserDetailList": [{"UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob"}], "GroupDetailList": []}"#;
    scratch.put("newer.json", dump);
    let outcome = scratch.shell(
        "twokeys simulate --world w --account newer.json -p user/bob -a s3:GetObject -r '*' --mfa false",
    );
    assert!(outcome.stderr.contains("note: user/bob: --account counts, not w\n"), "{outcome}");
    assert!(outcome.code == 1 && outcome.stdout.contains("DENY implicit"), "{outcome}");
}

#[test]
fn the_report_and_the_organization_come_along() {
    let scratch = Scratch::with_examples("folder-extras");
    let org = root().join("crates/cli/tests/cli/data/org");
    std::os::unix::fs::symlink(org, scratch.path("org")).unwrap();
    let line =
        format!("{UNPACK} --org org --credential-report tests/data/account/moto-credential-report.csv");
    let outcome = scratch.shell(&line);
    assert_eq!(outcome.code, 0, "{outcome}");
    let with_flags = "twokeys account audit --account tests/data/account/moto.json --org org \
                      --credential-report tests/data/account/moto-credential-report.csv --format json";
    assert_eq!(
        scratch.shell("twokeys account audit --world w --format json").stdout,
        scratch.shell(with_flags).stdout
    );
    let both = scratch.shell("twokeys account audit --world w --org org --format json");
    assert!(both.stderr.contains("note: organization: --org counts, not that of --world"), "{both}");
    let escape = r#"{"id": "o-a1b2c3d4e5", "management_account": "111111111111", "root": {"id": "r-ab12",
        "scps": ["FullAWSAccess", "../precious.json"], "accounts": {"111122223333": {}}, "ous": {}}}"#;
    scratch.put("bad/org.json", escape).put("precious.json", "{}");
    let refused = scratch.shell(&UNPACK.replace(" w ", " v ").replace("--account", "--org bad --account"));
    assert!(refused.code == 2 && refused.stderr.contains("outside its folder"), "{refused}");
    assert!(!scratch.path("v").exists());
}

#[test]
fn what_could_not_be_told_apart_again_is_refused() {
    let scratch = Scratch::new("folder-refused");
    let twice = r#"{"UserDetailList": [{"UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a", "UserPolicyList": [
        {"PolicyName": "p", "PolicyDocument": "%257B%257D"}]}]}"#;
    scratch.put("dump.json", twice);
    let outcome = scratch.run(&["account", "unpack", "w", "--account", "dump.json"]);
    assert!(outcome.code == 2 && outcome.stderr.contains("percent-encoded twice"), "{outcome}");
    assert!(!scratch.path("w").exists());
    // A broken policy is unpacked as it is, for it is there to be mended.
    scratch.put("broken.json", &twice.replace("%257B%257D", "%7B%22Statement%22%3A%5B"));
    let outcome = scratch.run(&["account", "unpack", "w", "--account", "broken.json"]);
    assert_eq!(outcome.code, 0, "{outcome}");
    assert_eq!(scratch.text("w/users/a/inline/p.json"), "{\"Statement\":[");
    assert!(outcome.stderr.contains("note: written as it is"), "{outcome}");
}
