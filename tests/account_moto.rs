//! An account that moto made and the AWS CLI printed: answers for each principal, worked out by hand.
//!
//! `tests/data/account/README.md` says how the files came about. What each principal has is in
//! `scripts/moto-dump`; beside each row stands why the answer is what it is.

use std::fs;

use twokeys::account::{
    Account, Attachments, CallerKind, Circumstances, CredentialReport, Form, Limits, ManagedPolicies, Matrix,
    MfaDevices, ReadOptions, Sensitive, audit, who_can,
};
use twokeys::catalog;
use twokeys::engine::{Actions, PolicySet};
use twokeys::verdict::Verdict;

const FOLDER: &str = "tests/data/account";

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{FOLDER}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The account, with what the other files tell.
fn account() -> Account {
    let mut account = Account::read(&[&file("moto.json")], &ReadOptions::default()).unwrap();
    let report = CredentialReport::read(&file("moto-credential-report.csv")).unwrap();
    account.add_credential_report(&report).unwrap();
    for name in ["moto-virtual-devices.json", "moto-devices-of-alice.json"] {
        account.add_mfa_devices(&MfaDevices::read(&file(name)).unwrap()).unwrap();
    }
    account
}

fn actions(names: &[&str]) -> Actions {
    Actions::new(names.iter().map(|name| name.parse().unwrap()).collect())
}

fn all_actions() -> Actions {
    Actions::new(catalog::actions().map(|action| action.to_string().parse().unwrap()).collect())
}

/// The letters of a principal's cells, and `!` behind a gap.
fn letters(matrix: &Matrix<'_>) -> Vec<String> {
    let rows = matrix.account().principals().map(|principal| {
        let row = matrix.row(matrix.account().principal(&principal.label()).unwrap()).unwrap();
        let letter = |gap: bool| if gap { "!" } else { "" };
        let cells = row.cells().map(|cell| format!("{}{}", cell.verdict.letter(), letter(cell.is_gap())));
        format!("{} {}", principal.label(), cells.collect::<Vec<_>>().join(" "))
    });
    rows.collect()
}

#[test]
fn everything_that_the_command_line_printed_is_read() {
    let account = account();
    assert_eq!(account.id().to_string(), "111122223333");
    assert_eq!((account.users().len(), account.groups().len(), account.roles().len()), (12, 2, 7));
    assert_eq!(account.policies().len(), 9);
    assert_eq!(account.notices(), []);
    assert_eq!(account.unassigned_devices(), ["arn:aws:iam::111122223333:mfa/spare"]);
    let grace = account.user("grace").unwrap();
    assert_eq!((grace.path.as_str(), grace.arn.resource()), ("/engineering/", "user/engineering/grace"));
    assert_eq!(grace.tags[0].value, "blue");
    let keys: Vec<_> = account.users().iter().filter_map(|user| user.sign_in.access_keys).collect();
    assert_eq!(keys, [0, 1, 0, 2, 1, 0, 1, 0, 0, 1, 0, 1]);
    for (label, document) in account.documents() {
        assert_eq!(document.place().form, Form::Object);
        assert!(document.place().text(&file("moto.json")).unwrap().starts_with('{'), "{label}");
    }
}

#[test]
fn mf_018_what_each_principal_gets_to_do_in_the_three_states() {
    let account = account();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let circumstances = Circumstances::default();
    let asked = actions(&[
        "iam:CreateUser",
        "s3:DeleteBucket",
        "ec2:RunInstances",
        "iam:DeactivateMFADevice",
        "iam:GetUser",
        "ec2:TerminateInstances",
    ]);
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let expected = [
        // Power user by a group whose gate denies all but enrollment and GetUser.
        "user/alice . M M M A M",
        // Administrator without any gate.
        "user/bob A! A! A A! A A!",
        // May view; creates, deletes and starts nothing. ViewOnlyAccess has no iam:GetUser.
        "user/carol . . . . . .",
        // Two keys and three actions.
        "user/ci-deploy . A! A . . .",
        // A gate with `Bool`: a key slips past, a session without MFA does not.
        "user/dave . K! K K! K K!",
        // A gate without exemptions: even GetUser needs MFA.
        "user/erin . M M M M M",
        // `Null` keeps keys out, sessions without MFA not.
        "user/frank S! S! S S! S S!",
        // One bucket, behind the gate; the gate leaves GetUser free.
        "user/grace . M . M A .",
        // All of S3, by an Allow that asks for MFA.
        "user/heidi . M . . . .",
        // One bucket, no gate.
        "user/ivan . A! . . . .",
        // In both groups: the gate of the one holds for the other, too.
        "user/judy M M M M A M",
        // A Deny against those with MFA.
        "user/mallory I! I! I I! I I!",
        "role/audit . . . . . .",
        "role/break-glass A! A! A A! A A!",
        // Administrator within a boundary that has no users of IAM.
        "role/builder . A! A . . A!",
        // The Deny asks for MFA, which a session of a role never has: M, but nobody gets there.
        "role/never . . A . . M",
        "role/ops A! A! A A! A A!",
        // Power user: nothing of IAM but looking.
        "role/partner . A! A . A A!",
        // The bucket is named after a tag that the role does not have.
        "role/worker . . . . . .",
    ];
    assert_eq!(letters(&matrix), expected);
}

#[test]
fn ux_045_the_resource_that_was_found_and_the_statement_that_lets_in() {
    let account = account();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let circumstances = Circumstances::default();
    let asked = actions(&["s3:DeleteBucket", "sqs:SendMessage"]);
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let found = |label: &str| -> Vec<String> {
        let row = matrix.row(account.principal(label).unwrap()).unwrap();
        let shown = row.cells().map(|cell| {
            format!("{}: {}", cell.resource, cell.by().map(|by| by.to_string()).unwrap_or_default())
        });
        shown.collect()
    };
    assert_eq!(
        found("user/ivan"),
        ["arn:aws:s3:::amzn-s3-demo-bucket-green/xyzzy: Buckets/1 (attached)", "*: "]
    );
    let power = "PowerUser/EverythingButIdentities (attached, group Developers)";
    assert_eq!(found("user/alice"), [format!("*: {power}"), format!("*: {power}")]);
    assert_eq!(found("user/ci-deploy"), ["*: deploy/1 (inline)", "*: "]);
    let row = matrix.row(account.principal("user/alice").unwrap()).unwrap();
    let deleting = row.cells().next().unwrap();
    let deny = row.deciding(deleting.answers.missing).unwrap();
    assert_eq!(deny.to_string(), "ForceMFA/DenyAllExceptListedIfNoMFA (attached, group Developers)");
}

#[test]
fn who_can_switch_off_a_device_without_mfa() {
    let account = account();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let (circumstances, asked) = (Circumstances::default(), actions(&["iam:DeactivateMFADevice"]));
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let mut found = Vec::new();
    for (principal, access) in who_can(&matrix) {
        let access = access.unwrap();
        for cell in access.grants_without_mfa() {
            found.push(format!("{}: {}", principal.label(), cell.by().unwrap()));
        }
    }
    assert_eq!(
        found,
        [
            "user/bob: AdministratorAccess/1 (attached, group Admins)",
            "user/dave: OwnDevice/AllowManageOwnUserMFA (inline)",
            "user/frank: AdministratorAccess/1 (attached)",
            "user/mallory: AdministratorAccess/1 (attached)",
            "role/break-glass: AdministratorAccess/1 (attached)",
            "role/ops: all/1 (inline)",
        ]
    );
}

#[test]
fn who_is_held_to_mfa_and_who_is_locked_out() {
    let account = account();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let (circumstances, asked) = (Circumstances::default(), all_actions());
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let audit = audit(&matrix);
    let names = |users: &[&twokeys::account::User]| -> Vec<String> {
        users.iter().map(|user| user.name.clone()).collect()
    };

    let console = audit.console.as_ref().unwrap();
    assert_eq!(names(&console.with_device), ["alice", "carol", "frank", "grace", "heidi", "mallory"]);
    assert_eq!(names(&console.without_device), ["bob", "dave", "erin", "judy"]);
    assert_eq!(names(&audit.held), ["alice", "carol", "erin", "grace", "heidi", "judy"]);
    let not_held: Vec<_> = audit.not_held.iter().map(|one| (one.user.name.as_str(), one.gaps)).collect();
    let everything = Sensitive::default_actions().len();
    assert_eq!(
        not_held,
        [
            ("bob", everything),
            ("ci-deploy", 1),
            // All sensitive actions outside of IAM and Organizations, and those on the own user.
            ("dave", 44),
            ("frank", everything),
            // s3:DeleteBucket, DeleteObject, DeleteObjectVersion and PutBucketPolicy.
            ("ivan", 4),
            ("mallory", everything),
        ]
    );
    let off: Vec<_> =
        audit.can_switch_off.iter().map(|one| (one.user.name.as_str(), one.calls.len())).collect();
    assert_eq!(off, [("bob", 2), ("dave", 1), ("frank", 2), ("mallory", 2)]);

    let locked: Vec<_> = audit
        .locked_out
        .iter()
        .map(|one| {
            let possible = one.enrollment.possible();
            let states = [possible.missing, possible.false_, possible.true_];
            (one.user.name.as_str(), states, one.under.as_deref(), one.user.sign_in.has_device())
        })
        .collect();
    assert_eq!(
        locked,
        [
            ("erin", [false, false, true], Some("ForceMFA-v2"), Some(false)),
            // `user/${aws:username}` is not the ARN of a user with a path.
            ("grace", [false, false, false], None, Some(true)),
            // Nothing but S3: someone else must enroll the device.
            ("heidi", [false, false, false], None, Some(true)),
        ]
    );
    assert!(audit.indeterminate.is_empty());
    assert!(audit.has_gap());

    let roles: Vec<_> = audit
        .role_audits
        .iter()
        .map(|one| {
            let trust = one.trust.as_ref().unwrap();
            let door = trust.verdict().map(Verdict::as_str);
            (one.role.name.as_str(), door, trust.lets_in_without_mfa(), one.sensitive > 0, one.is_gap())
        })
        .collect();
    assert_eq!(
        roles,
        [
            ("audit", Some("enforced"), false, false, false),
            ("break-glass", Some("leaks-keys"), true, true, true),
            ("builder", Some("open"), true, true, true),
            ("never", Some("enforced"), false, false, false),
            ("ops", Some("open"), true, true, true),
            ("partner", Some("open"), true, true, true),
            ("worker", None, false, false, false),
        ]
    );
    let worker = audit.role_audits.last().unwrap().trust.as_ref().unwrap();
    assert_eq!(worker.callers[0].kind, CallerKind::Service);
}

#[test]
fn a_second_account_by_hand_has_what_moto_cannot_make() {
    let (first, second) = (file("by-hand-1.json"), file("by-hand-2.json"));
    let managed = file("by-hand-managed.json");
    let managed = vec![ManagedPolicies::read(0, &managed, &Limits::default()).unwrap()];
    let options = ReadOptions { managed, ..ReadOptions::default() };
    let account = Account::read(&[&first, &second], &options).unwrap();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let circumstances = Circumstances::default();
    let asked = actions(&["s3:GetObject", "iam:CreateUser", "sqs:SendMessage"]);
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let expected = [
        // Administrator within a boundary of S3 alone.
        "user/bounded A . .",
        // The policy is percent-encoded and lets in with MFA only.
        "user/encoded M . .",
        // A managed policy of AWS that the dump does not carry.
        "user/named . . A",
    ];
    assert_eq!(letters(&matrix), expected);
    let encoded = &account.user("encoded").unwrap().held.inline[0].document;
    assert_eq!(encoded.place().form, Form::Text);
    assert!(encoded.place().text(&second).unwrap().starts_with('{'));

    let without =
        Account::read(&[&first, &second], &ReadOptions { keep_going: true, ..ReadOptions::default() });
    let account = without.unwrap();
    assert_eq!(account.problems().len(), 1);
    let attachments = Attachments::new(&account, PolicySet::builder());
    let matrix = Matrix::new(&attachments, &asked, &circumstances, &Sensitive::default());
    let outcomes: Vec<_> = account.principals().map(|principal| matrix.row(principal).is_ok()).collect();
    assert_eq!(outcomes, [true, true, false], "only who has the policy that is missing");
}
