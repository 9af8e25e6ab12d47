//! Dumps that must not be believed (RL-024, group D), and what becomes of those they touch (UX-044).

use std::fmt::Write;

use twokeys::account::{Account, Form, Limits, ManagedPolicies, Problem, Problems, ReadOptions, Synthetic};

/// A policy that is fine.
const POLICY: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#;

fn read(dump: &str) -> Result<Account, Problems> {
    Account::read(&[dump.as_bytes()], &ReadOptions::default())
}

fn keep_going(dump: &str) -> Result<Account, Problems> {
    Account::read(&[dump.as_bytes()], &ReadOptions { keep_going: true, ..ReadOptions::default() })
}

fn told(outcome: Result<Account, Problems>) -> Vec<String> {
    match outcome {
        Ok(account) => panic!("accepted, with {:?}", account.problems()),
        Err(problems) => problems.iter().map(|problem| format!("{}: {problem}", problem.code())).collect(),
    }
}

/// The text of a case of the corpus.
fn case(id: &str) -> String {
    let corpus = include_str!("data/bad-inputs.jsonl");
    let mut cases = corpus.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let case = cases.find(|case| case.get("id").unwrap() == id).unwrap();
    case.get("text").unwrap().as_str().unwrap().to_owned()
}

fn user(name: &str, more: &str) -> String {
    format!(
        r#"{{"UserName": "{name}", "Path": "/", "Arn": "arn:aws:iam::111122223333:user/{name}", "UserId": "AIDA{name}"{more}}}"#
    )
}

fn users(users: &[String]) -> String {
    format!(r#"{{"UserDetailList": [{}]}}"#, users.join(", "))
}

fn inline(name: &str, document: &str) -> String {
    format!(r#", "UserPolicyList": [{{"PolicyName": "{name}", "PolicyDocument": {document}}}]"#)
}

/// Why nothing can be said of a principal; empty if something can.
fn reasons(account: &Account, principal: &str) -> Vec<String> {
    let principal = account.principal(principal).unwrap();
    account.policy_set(principal).map_or_else(|indeterminate| indeterminate.reasons, |_| Vec::new())
}

#[test]
fn d_001_a_managed_policy_that_is_not_there_stops_or_leaves_its_users_without_answer() {
    let text = case("D001");
    let missing = "the managed policy `arn:aws:iam::111122223333:policy/x` is not in the dump";
    assert_eq!(told(read(&text)), [format!("missing-managed-policy: user/a: {missing}")]);
    let account = keep_going(&text).unwrap();
    assert_eq!(reasons(&account, "user/a"), [missing]);
    assert_eq!(account.problems().len(), 1);
}

#[test]
fn d_001_a_file_of_managed_policies_fills_the_gap_and_only_what_is_named_is_read() {
    let aws = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let attached = format!(r#", "AttachedManagedPolicies": [{{"PolicyArn": "{aws}", "PolicyName": "x"}}]"#);
    let dump = users(&[user("a", &attached), user("b", "")]);
    let managed = format!(
        r#"{{"policies": [{{"arn": "{aws}", "document": {POLICY}}}, {{"arn": "arn:aws:iam::aws:policy/Broken", "document": 7}}]}}"#
    );
    let managed = vec![ManagedPolicies::read(0, managed.as_bytes(), &Limits::default()).unwrap()];
    let options = ReadOptions { managed, ..ReadOptions::default() };
    let account = Account::read(&[dump.as_bytes()], &options).unwrap();
    assert_eq!(account.policies().len(), 1);
    assert_eq!(reasons(&account, "user/a"), [""; 0]);
    let help = read(&dump).unwrap_err().first().diagnostics()[0].help.clone().unwrap();
    assert!(help.contains("--managed-policies"), "{help}");
}

#[test]
fn d_001_a_boundary_and_a_policy_of_a_group_that_are_missing_count_too() {
    let boundary = r#", "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/B"}"#;
    let dump = format!(
        r#"{{"UserDetailList": [{}, {}, {}], "GroupDetailList": [{{"GroupName": "g", "Arn": "arn:aws:iam::111122223333:group/g",
            "AttachedManagedPolicies": [{{"PolicyArn": "arn:aws:iam::aws:policy/G", "PolicyName": "G"}}]}}]}}"#,
        user("bounded", boundary),
        user("member", r#", "GroupList": ["g"]"#),
        user("free", ""),
    );
    let account = keep_going(&dump).unwrap();
    assert_eq!(
        reasons(&account, "user/bounded"),
        ["the managed policy `arn:aws:iam::aws:policy/B` is not in the dump"]
    );
    assert_eq!(
        reasons(&account, "user/member"),
        ["the managed policy `arn:aws:iam::aws:policy/G` is not in the dump"]
    );
    assert_eq!(reasons(&account, "user/free"), [""; 0]);
}

#[test]
fn d_002_a_page_that_says_more_follows_needs_the_page_that_follows() {
    let text = case("D002");
    let words = "truncated-dump: the dump breaks off: this page says that another follows";
    assert_eq!(told(keep_going(&text))[0], words, "nobody knows whom the missing page touches");
    let (first, last) = (users(&[user("a", "")]), users(&[user("b", "")]));
    let first = first.replacen('{', r#"{"IsTruncated": true, "Marker": "x", "#, 1);
    assert_eq!(told(read(&first)), [words]);
    let options = ReadOptions::default();
    let pages = Account::read(&[first.as_bytes(), last.as_bytes()], &options).unwrap();
    let lines = read(&format!("{first}\n{last}")).unwrap();
    let list = read(&format!("[{first}, {last}]")).unwrap();
    for account in [pages, lines, list] {
        assert_eq!(account.users().len(), 2);
    }
    assert_eq!(told(read(&format!("{last}\n{first}"))), [words], "pages are given in order");
}

#[test]
fn d_003_encoded_and_decoded_policies_are_the_same_account() {
    let encoded: String = POLICY.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    });
    let escaped = serde_json::to_string(POLICY).unwrap();
    for (document, form) in
        [(POLICY.to_owned(), Form::Object), (format!("\"{encoded}\""), Form::Text), (escaped, Form::Text)]
    {
        let dump = users(&[user("a", &inline("p", &document))]);
        let account = read(&dump).unwrap();
        let document = &account.users()[0].held.inline[0].document;
        assert_eq!(document.place().form, form);
        assert_eq!(document.place().text(dump.as_bytes()).unwrap(), POLICY);
        assert_eq!(document.policy().unwrap().policy().statements.len(), 1);
    }
}

#[test]
fn d_004_a_policy_that_was_encoded_twice_is_named_as_such() {
    let dump = users(&[user("a", &inline("p", &format!("\"{}\"", case("D004"))))]);
    let words = "user/a inline policy p: the policy is percent-encoded twice";
    assert_eq!(told(read(&dump)), [format!("policy-encoding: {words}")]);
    assert_eq!(reasons(&keep_going(&dump).unwrap(), "user/a"), [words]);
}

#[test]
fn d_005_a_policy_has_one_version_in_force() {
    let told = told(read(&case("D005")));
    assert!(
        told.iter().any(|words| words.ends_with("2 versions are marked as the one in force, instead of one")),
        "{told:?}"
    );

    let versions = |versions: &str| {
        let attached = r#", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/p", "PolicyName": "p"}]"#;
        format!(
            r#"{{"UserDetailList": [{}], "Policies": [{{"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p",
                "PolicyVersionList": [{versions}]}}]}}"#,
            user("a", attached)
        )
    };
    let version = |id: &str, mark: &str| format!(r#"{{"VersionId": "{id}", {mark} "Document": {POLICY}}}"#);
    let (yes, no) = (r#""IsDefaultVersion": true,"#, r#""IsDefaultVersion": false,"#);
    for (list, count) in [
        (format!("{}, {}", version("v1", yes), version("v2", yes)), Some(2)),
        (format!("{}, {}", version("v1", no), version("v2", no)), Some(0)),
        (String::new(), Some(0)),
        (format!("{}, {}", version("v1", no), version("v2", yes)), None),
    ] {
        let account = keep_going(&versions(&list)).unwrap();
        let found: Vec<String> = account.problems().iter().map(ToString::to_string).collect();
        let expected = count.map(|count| {
            format!("policy/p: {count} versions are marked as the one in force, instead of one")
        });
        assert_eq!(found, Vec::from_iter(expected), "{list}");
        assert_eq!(reasons(&account, "user/a").is_empty(), count.is_none(), "{list}");
    }
}

#[test]
fn d_005_the_other_versions_are_read_only_on_request() {
    let dump = format!(
        r#"{{"Policies": [{{"Arn": "arn:aws:iam::111122223333:policy/p", "DefaultVersionId": "v2", "PolicyVersionList": [
            {{"VersionId": "v1", "IsDefaultVersion": false, "Document": {{"Statement": 7}}}},
            {{"VersionId": "v2", "IsDefaultVersion": true, "Document": {POLICY}}}]}}]}}"#
    );
    assert_eq!(read(&dump).unwrap().policies()[0].versions.len(), 1);
    let options = ReadOptions { all_versions: true, ..ReadOptions::default() };
    let told = told(Account::read(&[dump.as_bytes()], &options));
    assert!(told[0].contains("policy/p version v1"), "{told:?}");
    let wrong = dump.replace(r#""DefaultVersionId": "v2""#, r#""DefaultVersionId": "v1""#);
    assert_eq!(read(&wrong).unwrap_err().first().code(), "default-version");
}

#[test]
fn d_006_a_group_that_is_not_there_stops_or_leaves_its_users_without_answer() {
    let told = told(read(&case("D006")));
    assert_eq!(told[0], "unknown-group: user/a: the group `nope` is not in the dump");
    let account = keep_going(&users(&[user("a", r#", "GroupList": ["nope"]"#), user("b", "")])).unwrap();
    assert_eq!(reasons(&account, "user/a"), ["the group `nope` is not in the dump"]);
    assert_eq!(reasons(&account, "user/b"), [""; 0]);
}

#[test]
fn ux_044_a_broken_policy_is_told_with_its_place_in_the_dump_and_touches_only_its_own() {
    let broken =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Acton": "*", "Resource": "*"}]}"#;
    let dump = users(&[user("a", &inline("p", broken)), user("b", &inline("q", POLICY))]);
    let problems = read(&dump).unwrap_err();
    let diagnostics: Vec<_> = problems.iter().flat_map(Problem::diagnostics).collect();
    let misspelled = &diagnostics[0];
    assert_eq!(misspelled.message, "user/a inline policy p: a statement has no element `Acton`");
    assert_eq!(dump.get(misspelled.span.range()), Some("\"Acton\""));
    let account = keep_going(&dump).unwrap();
    assert_eq!(reasons(&account, "user/a").len(), 1);
    assert_eq!(reasons(&account, "user/b"), [""; 0]);

    // In a string there is no place of the file to show; the text is kept.
    let dump = users(&[user("a", &inline("p", &serde_json::to_string(broken).unwrap()))]);
    let problem = read(&dump).unwrap_err().first().clone();
    assert_eq!(problem.text.as_deref(), Some(broken));
    assert_eq!(broken.get(problem.diagnostics()[0].span.range()), Some("\"Acton\""));
}

#[test]
fn the_same_thing_twice_is_refused() {
    let policy = r#"{"Arn": "arn:aws:iam::111122223333:policy/p", "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": POLICY}]}"#
        .replace("POLICY", POLICY);
    for (dump, words) in [
        (users(&[user("a", ""), user("a", "")]), "user/a: the user is there twice"),
        (
            format!("{}\n{}", users(&[user("a", "")]), users(&[user("a", "")])),
            "user/a: the user is there twice",
        ),
        (
            format!(r#"{{"Policies": [{policy}, {policy}]}}"#),
            "arn:aws:iam::111122223333:policy/p: the policy is there twice",
        ),
        (
            users(&[user(
                "a",
                &format!(
                    r#", "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {POLICY}}}, {{"PolicyName": "p", "PolicyDocument": {POLICY}}}]"#
                ),
            )]),
            "user/a: the inline policy `p` is there twice",
        ),
        (
            users(&[user(
                "a",
                r#", "Tags": [{"Key": "team", "Value": "x"}, {"Key": "Team", "Value": "y"}]"#,
            )]),
            "user/a: the tag `team` is there twice",
        ),
    ] {
        assert_eq!(told(keep_going(&dump)), [format!("duplicate-entity: {words}")], "{dump}");
    }
}

#[test]
fn wrong_types_and_contradictions_name_the_entity() {
    for (dump, words) in [
        (
            users(&[user("a", r#", "GroupList": "g""#)]),
            "dump-json: user 1 of its list `a`: invalid type: string \"g\", expected a sequence",
        ),
        (
            users(&[user("a", r#", "AttachedManagedPolicies": [{"PolicyName": "p"}]"#)]),
            "dump-json: user 1 of its list `a`: missing field `PolicyArn`",
        ),
        (
            users(&[r#"{"UserName": 7}"#.into()]),
            "dump-json: user 1 of its list: invalid type: integer `7`, expected a string",
        ),
        (
            users(&["7".into()]),
            "dump-json: user 1 of its list: invalid type: integer `7`, expected struct Entity",
        ),
        (
            users(&[r#"{"Arn": "arn:aws:iam::111122223333:user/a"}"#.into()]),
            "bad-entity: user 1 of its list has no `UserName`",
        ),
        (
            users(&[r#"{"UserName": "a", "Path": "/", "Arn": "arn:aws:iam::111122223333:user/b"}"#.into()]),
            "bad-entity: user/a: the ARN is `arn:aws:iam::111122223333:user/b`, which is not the ARN of `user/a`",
        ),
        (
            users(&[user("a", ""), r#"{"UserName": "b", "Arn": "arn:aws:iam::444455556666:user/b"}"#.into()]),
            "two-accounts: user/b: this belongs to account 444455556666 of partition aws, but the dump is of account 111122223333 of partition aws",
        ),
        (
            users(&[user("a", &inline("p", "null"))]),
            "policy-encoding: user/a inline policy p: a policy is an object or a string, but here stands null",
        ),
        (users(&[user("a", &inline("p", "\"hello\""))]), "E101: user/a inline policy p: "),
    ] {
        let told = told(read(&dump));
        assert!(told[0].starts_with(words), "{dump}: {told:?}");
    }
    assert_eq!(
        told(read(r#"{"UserDetailList": []}"#)),
        ["two-accounts: no ARN in the dump tells the number of the account"]
    );
}

#[test]
fn a_policy_element_twice_in_the_dump_is_refused_like_in_any_policy() {
    let twice = POLICY.replace(r#""Effect": "Allow""#, r#""Effect": "Deny", "Effect": "Allow""#);
    let told = told(read(&users(&[user("a", &inline("p", &twice))])));
    assert!(told[0].starts_with("E102: user/a inline policy p"), "{told:?}");
}

#[test]
fn strange_names_are_data_and_shown_without_their_tricks() {
    let account = read(&users(&[user("../x", ""), user("a\u{202e}b", "")])).unwrap();
    assert_eq!(
        account.users().iter().map(|user| user.name.as_str()).collect::<Vec<_>>(),
        ["../x", "a\u{202e}b"]
    );
    let shown = read(&users(&[user("a\u{202e}b", r#", "GroupList": ["g\u001b"]"#)])).unwrap_err().to_string();
    assert_eq!(shown, r"user/a\u{202e}b: the group `g\u{1b}` is not in the dump");
}

#[test]
fn d_008_a_dump_beyond_the_limit_is_refused_by_size_alone() {
    let limits = Limits::default().with_file(1 << 10);
    let dump = users(&[user("a", &inline("p", &" ".repeat(2 << 10)))]);
    let options = ReadOptions { limits, keep_going: true, ..ReadOptions::default() };
    let told = told(Account::read(&[dump.as_bytes()], &options));
    assert!(told[0].starts_with("dump-limit: the file has"), "{told:?}");
    assert_eq!(Limits::FILE, 1 << 30, "who unpacks a file stops here");
}

/// D007 at a twentieth of its size. At full size, 200 MB, it is measured in `docs/performance.md`.
#[test]
fn d_007_a_large_dump_takes_less_than_four_times_its_size() {
    let synthetic = Synthetic { users: 0, roles: 250, groups: 0, policies: 250, statements: 50, seed: 7 };
    let mut dump = String::new();
    synthetic.write_dump(&mut dump).unwrap();
    assert!(dump.len() > 8_000_000, "{} bytes", dump.len());
    let mut account = None;
    let counted = allocation_counter::measure(|| {
        account = Some(Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap());
    });
    assert_eq!(account.unwrap().roles().len(), 250);
    // The file itself is there all the time. What an allocation costs beside its bytes is not counted.
    let most = usize::try_from(counted.bytes_max).unwrap() + dump.len();
    assert!(most < 4 * dump.len(), "{} percent of the file", most * 100 / dump.len());
}
