//! Every cell of a matrix is what the plain question gets, for made-up accounts of all kinds.

use chrono::DateTime;
use twokeys::account::{
    Account, Attachments, Cell, Circumstances, Matrix, PrincipalRef, ReadOptions, Sensitive, Synthetic,
};
use twokeys::catalog;
use twokeys::engine::{Actions, Decision, Evaluation, PolicySet, evaluate};
use twokeys::name::Action;
use twokeys::request::{Context, Facts, MfaState, Request};
use twokeys::verdict::Verdict;

/// Actions of all services, and all that the policies of made-up accounts are about.
fn actions(step: usize) -> Actions {
    let sensitive = ["iam", "sts", "s3", "sqs", "kms", "secretsmanager"];
    let some = catalog::actions().step_by(step);
    let all = catalog::services().filter(|service| sensitive.contains(&service.prefix()));
    let all = all.flat_map(catalog::Service::actions);
    Actions::new(some.chain(all).map(|action| action.to_string().parse().unwrap()).collect())
}

fn account(seed: u64, size: usize) -> Account {
    let mut dump = String::new();
    Synthetic { statements: 1 + usize::try_from(seed % 5).unwrap(), ..Synthetic::of_size(size, seed) }
        .write_dump(&mut dump)
        .unwrap();
    Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap()
}

fn facts() -> Facts {
    Facts::at(DateTime::from_timestamp(1_767_603_600, 0).unwrap())
}

/// The question of a cell, asked from scratch.
fn plain(set: &PolicySet, cell: &Cell<'_>, state: MfaState) -> Evaluation {
    let principal = cell.principal.to_principal().unwrap();
    let mut request =
        Request::new(principal.clone(), cell.action.clone(), cell.resource.clone(), Context::default());
    let principal_tags = cell.principal.tags().iter().map(|tag| (tag.key.clone(), tag.value.clone()));
    let facts = Facts { mfa: Some(state), principal_tags: principal_tags.collect(), ..facts() };
    let builder = facts.complete(Context::builder(), &principal, request.owner());
    request.context = builder.build().unwrap();
    evaluate(set, &request)
}

#[test]
fn ux_045_every_cell_is_what_the_plain_question_gets() {
    let actions = actions(301);
    let circumstances = Circumstances { facts: facts(), ..Circumstances::default() };
    let (mut cells, mut compared) = (0_usize, 0_usize);
    let mut verdicts = [0_usize; 6];
    for seed in 0..200 {
        let account = account(seed, 8);
        let attachments = Attachments::new(&account, PolicySet::builder());
        let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
        for principal in account.principals() {
            let row = matrix.row(principal).unwrap();
            let set = account.policy_set(principal).unwrap();
            for cell in row.cells() {
                cells += 1;
                verdicts[Verdict::ALL.iter().position(|verdict| *verdict == cell.verdict).unwrap()] += 1;
                // A fourth of what MFA decides, and a few of the rest.
                if !cells.is_multiple_of(if cell.is_changed_by_mfa() { 4 } else { 14 }) {
                    continue;
                }
                compared += 1;
                let states = [
                    (MfaState::Missing, cell.answers.missing),
                    (MfaState::False, cell.answers.false_),
                    (MfaState::True { age: 0 }, cell.answers.true_),
                ];
                for (state, answer) in states {
                    let plain = plain(&set, &cell, state);
                    let place =
                        format!("seed {seed}: {} {} on {}", principal.label(), cell.action, cell.resource);
                    assert_eq!(plain.decision(), answer.decision(), "{place} {state:?}");
                    assert_eq!(plain.layer(), answer.layer(), "{place} {state:?}");
                    assert_eq!(plain.by(), answer.by(), "{place} {state:?}");
                    assert_ne!(plain.decision(), Decision::Undecided);
                }
            }
        }
    }
    assert!(compared >= 100_000, "{compared} of {cells} cells were compared");
    assert!(verdicts.iter().all(|count| *count > 0), "a verdict never came up: {verdicts:?}");
}

#[test]
fn prv_110_a_row_of_many_actions_is_many_rows_of_one() {
    let circumstances = Circumstances { facts: facts(), ..Circumstances::default() };
    let many = actions(97);
    for seed in 300..304 {
        let account = account(seed, 10);
        let attachments = Attachments::new(&account, PolicySet::builder());
        let matrix = Matrix::new(&attachments, &many, &circumstances, &Sensitive::default());
        for (at, action) in many.as_slice().iter().enumerate().step_by(23) {
            let one = Actions::new(vec![action.clone()]);
            let alone = Matrix::new(&attachments, &one, &circumstances, &Sensitive::default());
            for principal in account.principals() {
                let row = matrix.row(principal).unwrap();
                let among = row.cells().nth(at).unwrap();
                let row = alone.row(principal).unwrap();
                let alone = row.cells().next().unwrap();
                assert_eq!(among.action.as_str(), action.as_str());
                assert_eq!((among.resource, among.answers), (alone.resource, alone.answers), "{action}");
            }
        }
    }
}

#[test]
fn ux_045_resources_that_are_given_are_asked_as_they_are() {
    let dump = br#"{"UserDetailList": [{"UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a", "UserPolicyList": [
        {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}]}}]}]}"#;
    let account = Account::read(&[dump], &ReadOptions::default()).unwrap();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let actions = Actions::new(vec!["s3:GetObject".parse().unwrap(), "s3:PutObject".parse().unwrap()]);
    let circumstances = Circumstances::default();
    let found = |matrix: &Matrix<'_>| -> Vec<String> {
        let row = matrix.row(account.principals().next().unwrap()).unwrap();
        row.cells()
            .map(|cell| format!("{} {} {}", cell.action, cell.resource, cell.verdict.letter()))
            .collect()
    };
    let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
    assert_eq!(
        found(&matrix),
        ["s3:GetObject arn:aws:s3:::b/xyzzy A", "s3:PutObject arn:aws:s3:::b/xyzzy A"]
    );
    let matrix = matrix.on(vec!["arn:aws:s3:::b/x".parse().unwrap(), "*".parse().unwrap()]);
    assert_eq!(
        found(&matrix),
        [
            "s3:GetObject arn:aws:s3:::b/x A",
            "s3:GetObject * .",
            "s3:PutObject arn:aws:s3:::b/x A",
            "s3:PutObject * ."
        ]
    );
}

#[test]
fn two_users_of_one_set_differ_only_where_a_statement_asks_who_they_are() {
    let member = |name: &str, team: &str| {
        format!(
            r#"{{"UserName": "{name}", "Arn": "arn:aws:iam::111122223333:user/{name}", "GroupList": ["g"],
                "Tags": [{{"Key": "Team", "Value": "{team}"}}]}}"#
        )
    };
    let dump = format!(
        r#"{{"UserDetailList": [{}, {}], "GroupDetailList": [{{"GroupName": "g", "Arn": "arn:aws:iam::111122223333:group/g",
          "GroupPolicyList": [{{"PolicyName": "p", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}},
            {{"Effect": "Allow", "Action": "sns:*", "Resource": "*", "Condition": {{"StringEquals": {{"aws:PrincipalTag/team": "red"}}}}}},
            {{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/${{aws:username}}"}}]}}}}]}}]}}"#,
        member("a", "red"),
        member("b", "blue"),
    );
    let account = Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap();
    let attachments = Attachments::new(&account, PolicySet::builder());
    let actions: Vec<Action> = ["sqs:SendMessage", "sns:Publish", "iam:GetUser"]
        .iter()
        .map(|action| action.parse().unwrap())
        .collect();
    let (actions, circumstances) = (Actions::new(actions), Circumstances::default());
    let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
    let shown = |principal: PrincipalRef<'_>| -> Vec<String> {
        let row = matrix.row(account.principal(&principal.label()).unwrap()).unwrap();
        row.cells().map(|cell| format!("{} {}", cell.verdict.letter(), cell.resource)).collect()
    };
    let users: Vec<_> = account.principals().map(shown).collect();
    assert_eq!(users[0], ["A *", "A *", "A arn:aws:iam::111122223333:user/a"]);
    assert_eq!(users[1], ["A *", ". *", "A arn:aws:iam::111122223333:user/b"]);
    let sets: Vec<_> = account.principals().map(|who| attachments.of(who).unwrap()).collect();
    assert!(std::sync::Arc::ptr_eq(sets[0].set(), sets[1].set()));
}
