//! The policies in `policies/` are what its README says they are, and do what it says they do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use twokeys::engine::Decision;
use twokeys::policy::PolicyType;
use twokeys::request::{Context, ContextBuilder, MfaState};

use crate::ask::{ALICE, Placed, ask, enrollment, file, set};

const INSTANCE: &str = "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc";
const BOB: &str = "arn:aws:iam::444455556666:user/bob";
const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf";
const BUCKET: &str = "arn:aws:s3:::amzn-s3-demo-bucket";
const READER: &str = "arn:aws:sts::111122223333:assumed-role/InvoiceReader/s1";
const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

#[test]
fn the_readme_lists_every_policy_with_a_type_that_fits() {
    let listed = rows("| File | Type |");
    let names: BTreeSet<String> = listed.iter().map(|row| row[0].clone()).collect();
    assert_eq!(names.len(), listed.len(), "a policy is listed twice");
    assert_eq!(names, files(), "policies/README.md and the folder differ");
    for row in &listed {
        file(&row[0], kind(&row[1]));
    }
}

#[test]
fn the_mfa_policies_do_what_the_readme_says() {
    let kinds = rows("| File | Type |");
    let kind_of = |name: &str| kind(&kinds.iter().find(|row| row[0] == name).unwrap()[1]);
    let mut wrong = Vec::new();
    let table = rows("| File | With |");
    for row in &table {
        let [name, with, asked, cells @ .., enroll] = row.as_slice() else { panic!("{row:?}") };
        let companions = with.split_whitespace().filter(|word| is_policy(word));
        let names: Vec<&str> = [name.as_str()].into_iter().chain(companions).collect();
        let set = set(&names.iter().map(|name| file(name, kind_of(name))).collect::<Vec<Placed>>());
        let who = if kind_of(name) == PolicyType::Trust { BOB } else { ALICE };
        let (action, resource) = asked.split_once(' ').unwrap_or((asked, default_resource(asked)));
        let states =
            [MfaState::Missing, MfaState::False, MfaState::True { age: 120 }, MfaState::True { age: 7200 }];
        for (cell, state) in cells.iter().zip(states) {
            let found = word(ask(&set, (who, action, resource), of_user(who), state));
            if found != cell {
                wrong.push(format!("{name}, {asked}, {state:?}: {cell} in the table, {found} asked"));
            }
        }
        let enrolls = |state| {
            let allowed = |(action, resource): &(&str, String)| {
                ask(&set, (who, action, resource), of_user(who), state) == Decision::Allowed
            };
            enrollment(who).iter().all(allowed)
        };
        let found = match (enrolls(MfaState::Missing), enrolls(MfaState::False)) {
            (true, true) => "both",
            (true, false) => "key",
            (false, true) => "console",
            (false, false) => "no",
        };
        if found != enroll {
            wrong.push(format!("{name}, enrolling: {enroll} in the table, {found} asked"));
        }
    }
    let shown: BTreeSet<&String> = table.iter().map(|row| &row[0]).collect();
    wrong.extend(files().iter().filter(|name| name.starts_with("mfa/") && !shown.contains(name)).cloned());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Policy, who, action, resource, context beyond the user's own, outcome.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const PROJECT: &str = "aws:PrincipalTag/access-project";
const TEAM: &str = "aws:PrincipalTag/access-team";
const SAME: &[(&str, &str)] = &[
    (PROJECT, "peg"),
    (TEAM, "eng"),
    ("aws:ResourceTag/access-project", "peg"),
    ("aws:ResourceTag/access-team", "eng"),
];
const OTHER: &[(&str, &str)] = &[(PROJECT, "uni"), (TEAM, "eng"), ("aws:ResourceTag/access-project", "peg")];
const ORG: &[(&str, &str)] = &[("aws:PrincipalOrgID", "o-a1b2c3d4e5"), ("aws:ResourceOrgID", "o-a1b2c3d4e5")];

#[rustfmt::skip]
const OTHERS: &[Row] = &[
    ("power-user.json", ALICE, "ec2:RunInstances", "*", &[], "yes"),
    ("power-user.json", ALICE, "iam:CreateUser", ALICE, &[], "no"),
    ("power-user.json", ALICE, "iam:GetUser", ALICE, &[], "yes"),
    ("abac-project.json", ALICE, "secretsmanager:GetSecretValue", SECRET, SAME, "yes"),
    ("abac-project.json", ALICE, "secretsmanager:GetSecretValue", SECRET, OTHER, "no"),
    ("abac-project.json", ALICE, "secretsmanager:GetSecretValue", SECRET, &[], "no"),
    ("abac-project.json", ALICE, "secretsmanager:TagResource", SECRET, &[(PROJECT, "uni"), ("aws:ResourceTag/access-project", "peg"), ("aws:TagKeys", "access-project")], "denied"),
    ("abac-project.json", ALICE, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/company-wide/x", &[], "yes"),
    ("abac-project.json", ALICE, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/company-wide/x", &[(TEAM, "eng")], "no"),
    ("home-without-version.json", ALICE, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/home/alice/x", &[], "no"),
    ("boundary-developer.json", ALICE, "s3:GetObject", BUCKET, &[], "yes"),
    ("boundary-developer.json", ALICE, "iam:CreateUser", ALICE, &[], "no"),
    ("boundary-developer.json", ALICE, "iam:CreateRole", "arn:aws:iam::111122223333:role/app/web", &[("iam:PermissionsBoundary", "arn:aws:iam::111122223333:policy/boundary-developer")], "yes"),
    ("boundary-developer.json", ALICE, "iam:CreateRole", "arn:aws:iam::111122223333:role/app/web", &[], "no"),
    ("boundary-developer.json", ALICE, "iam:DeleteUserPermissionsBoundary", ALICE, &[], "denied"),
    ("session-read-only.json", READER, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/reports/x", &[], "yes"),
    ("session-read-only.json", READER, "s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/reports/x", &[], "no"),
    ("session-read-only.json", READER, "s3:ListBucket", BUCKET, &[("s3:prefix", "reports/2026")], "yes"),
    ("bucket-cross-account.json", BOB, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/reports/x", &[], "yes"),
    ("bucket-cross-account.json", BOB, "s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/reports/x", &[], "no"),
    ("bucket-cross-account.json", ALICE, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/reports/x", &[("aws:SecureTransport", "false")], "denied"),
    ("kms-key-delegation.json", ALICE, "kms:Decrypt", KEY, &[], "yes"),
    ("kms-key-delegation.json", ALICE, "kms:DisableKey", KEY, &[], "denied"),
    ("scp-full-access.json", ALICE, "s3:GetObject", BUCKET, &[], "yes"),
    ("scp-region-lock.json", ALICE, "ec2:RunInstances", "*", &[("aws:RequestedRegion", "us-east-1")], "denied"),
    ("scp-region-lock.json", ALICE, "iam:GetUser", ALICE, &[("aws:RequestedRegion", "us-east-1")], "no"),
    ("rcp-identity-perimeter.json", ALICE, "s3:GetObject", BUCKET, &[("aws:PrincipalOrgID", "o-zzzzzzzzzz"), ("aws:PrincipalIsAWSService", "false")], "denied"),
    ("rcp-identity-perimeter.json", ALICE, "s3:GetObject", BUCKET, ORG, "yes"),
    ("rcp-identity-perimeter.json", ALICE, "s3:GetObject", BUCKET, &[("aws:SourceAccount", "444455556666"), ("aws:SourceOrgID", "o-zzzzzzzzzz"), ("aws:PrincipalIsAWSService", "true")], "denied"),
    ("endpoint-own-buckets.json", ALICE, "s3:GetObject", BUCKET, ORG, "yes"),
    ("endpoint-own-buckets.json", ALICE, "s3:GetObject", BUCKET, &[("aws:PrincipalOrgID", "o-a1b2c3d4e5")], "no"),
    ("endpoint-own-buckets.json", ALICE, "s3:GetObject", "arn:aws:s3:::al2023-repos-eu-central-1-de612dc2/x", &[], "yes"),
];

/// What is no identity policy stands beside full access.
#[test]
fn the_other_policies_do_what_they_are_for() {
    let kinds = rows("| File | Type |");
    let mut wrong = Vec::new();
    for (name, who, action, resource, context, expected) in OTHERS {
        let kind = kind(&kinds.iter().find(|row| row[0] == *name).unwrap()[1]);
        let mut policies = vec![file(name, kind)];
        if kind != PolicyType::Identity {
            policies.push(file("administrator.json", PolicyType::Identity));
        }
        let given = context.iter().fold(of_user(who), |context, (key, value)| context.set(key, [*value]));
        let found = word(ask(&set(&policies), (who, action, resource), given, MfaState::Missing));
        if found != *expected {
            wrong.push(format!("{name}, {action} on {resource}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn of_user(who: &str) -> ContextBuilder {
    let context = Context::builder().set("aws:PrincipalArn", [who]);
    match who.split_once(":user/") {
        Some((_, name)) => context.set("aws:username", [name]),
        None => context,
    }
}

fn default_resource(action: &str) -> &'static str {
    if action.starts_with("iam:") { ALICE } else { INSTANCE }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "yes",
        Decision::ImplicitlyDenied => "no",
        Decision::ExplicitlyDenied => "denied",
        Decision::Undecided => "undecided",
    }
}

fn kind(word: &str) -> PolicyType {
    PolicyType::ALL.into_iter().find(|kind| kind.as_str() == word).unwrap_or_else(|| panic!("type `{word}`"))
}

/// The rows of the README's table whose heading begins like this, without the marks of code.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string("policies/README.md").unwrap();
    let table = text.lines().skip_while(|line| !line.starts_with(heading)).skip(2);
    let rows: Vec<_> = table.take_while(|line| line.starts_with('|')).map(cells).collect();
    assert!(!rows.is_empty(), "policies/README.md has no table `{heading}`");
    rows
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
}

/// The policies that can be read: those of the folder and of `mfa/`.
fn files() -> BTreeSet<String> {
    ["", "mfa/"]
        .into_iter()
        .flat_map(|folder| {
            let entries = fs::read_dir(Path::new("policies").join(folder)).unwrap();
            entries.map(move |entry| format!("{folder}{}", entry.unwrap().file_name().to_string_lossy()))
        })
        .filter(|name| is_policy(name))
        .collect()
}

fn is_policy(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}
