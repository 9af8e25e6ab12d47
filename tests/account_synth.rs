//! A made-up account of a thousand principals; the answers for sixteen of them were worked out by hand.
//!
//! The seed decides everything, so these stay the same until the generator changes. The policies of a
//! principal are in the dump that `Synthetic::of_size(1000, 1)` writes.

use twokeys::account::{
    Account, Attachments, Cell, Circumstances, Matrix, ReadOptions, Sensitive, Synthetic, audit, who_can,
};
use twokeys::catalog;
use twokeys::engine::{Actions, PolicySet};

/// Principal, sensitive actions without MFA, letter of `iam:DeactivateMFADevice`, and why.
const BY_HAND: [(&str, usize, char, &str); 16] = [
    ("user/user-0", 0, 'M', "one group with the right gate, which lets users manage their devices with MFA"),
    (
        "user/user-2",
        0,
        'M',
        "a gate with `Bool` in one group, the right one in the other: the stricter holds",
    ),
    ("user/user-3", 0, 'M', "the right gate; what its policies allow of one bucket is behind it, too"),
    ("user/user-5", 0, 'M', "the gate for programs, whose Allow asks for MFA by itself"),
    (
        "user/user-7",
        30,
        '.',
        "power user and a gate with `Bool`: all 27 sensitive actions outside of IAM and Organizations, two on \
         service-linked roles, and ChangePassword on the own user. No policy allows to deactivate",
    ),
    ("user/user-8", 0, 'M', "power user behind the right gate"),
    ("user/user-10", 1, '.', "a gate that exempts all of IAM: PassRole on one role gets past it"),
    ("user/user-15", 1, '.', "a machine: DeleteTable on tables of one name; the keys are for another team"),
    (
        "user/user-16",
        28,
        '.',
        "no gate, and `NotAction` with `NotResource`: the 27 outside of IAM and Organizations, and PassRole",
    ),
    (
        "user/user-19",
        5,
        '.',
        "no gate: four actions on a bucket, and ChangePassword on the own user. DeleteTable asks for MFA",
    ),
    ("user/user-40", 0, '.', "the right gate, but the boundary does not allow to deactivate a device"),
    (
        "role/role-0",
        6,
        '.',
        "four actions on a bucket, TerminateInstances, PassRole; what depends on tags of both sides fails, for \
         the role has none",
    ),
    (
        "role/role-1",
        5,
        '.',
        "of seven the boundary leaves four on buckets and UpdateFunctionCode; PassRole it does not",
    ),
    (
        "role/role-2",
        5,
        '.',
        "two on a bucket, DeleteTable, TerminateInstances, PassRole; the rest of S3 asks for MFA",
    ),
    ("role/role-3", 5, '.', "the same with UpdateFunctionCode instead of TerminateInstances"),
    ("role/role-4", 6, '.', "four on a bucket, DeleteTable, UpdateFunctionCode; the boundary has them all"),
];

#[test]
fn sixteen_of_a_thousand_worked_out_by_hand() {
    let mut dump = String::new();
    Synthetic::of_size(1000, 1).write_dump(&mut dump).unwrap();
    let account = Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let circumstances = Circumstances::default();
    let all = Actions::new(catalog::actions().map(|action| action.to_string().parse().unwrap()).collect());
    let deactivate = Actions::new(vec!["iam:DeactivateMFADevice".parse().unwrap()]);
    let matrix = Matrix::new(&attachments, &all, &circumstances, &Sensitive::default());
    let column = Matrix::new(&attachments, &deactivate, &circumstances, &Sensitive::default());
    for (label, gaps, letter, why) in BY_HAND {
        let principal = account.principal(label).unwrap();
        let row = matrix.row(principal).unwrap();
        assert_eq!(row.cells().filter(Cell::is_gap).count(), gaps, "{label}: {why}");
        let row = column.row(principal).unwrap();
        let letters: Vec<char> = row.cells().map(|cell| cell.verdict.letter()).collect();
        assert_eq!(letters, [letter], "{label}: {why}");
    }

    let audit = audit(&matrix);
    assert_eq!((audit.users, audit.roles), (600, 400));
    assert_eq!(audit.held.len() + audit.not_held.len(), 600);
    for (label, gaps, _, why) in BY_HAND {
        let Some(name) = label.strip_prefix("user/") else { continue };
        let held = audit.held.iter().any(|user| user.name == name);
        let found = audit.not_held.iter().find(|one| one.user.name == name).map_or(0, |one| one.gaps);
        assert_eq!((held, found), (gaps == 0, gaps), "{label}: {why}");
    }

    // Those who can switch off the own device without MFA are among those who can switch off one.
    let mut can: Vec<String> = Vec::new();
    for (principal, access) in who_can(&column) {
        let access = access.unwrap();
        if access.grants_without_mfa().next().is_some() {
            can.push(principal.label());
        }
    }
    assert!(!audit.can_switch_off.is_empty());
    for one in &audit.can_switch_off {
        assert!(can.contains(&format!("user/{}", one.user.name)), "{}", one.user.name);
    }
    for (label, _, letter, _) in BY_HAND {
        assert_eq!(can.contains(&label.to_owned()), !['M', '.'].contains(&letter), "{label}");
    }
}
