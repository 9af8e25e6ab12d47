//! The tables of MFA conditions hold, cell by cell (MF-004, MF-005, MF-006).
//!
//! Each table is written once. A row becomes an `Allow` and a `Deny`, a column a request.

use twokeys::engine::Decision;
use twokeys::request::{Context, MfaState};

use crate::ask::{ALICE, ask, enrollment, identity, set};

const PRESENT: &str = "aws:MultiFactorAuthPresent";
const AGE: &str = "aws:MultiFactorAuthAge";
/// The limit that ages are compared with.
const LIMIT: u64 = 3600;

const FRESH: MfaState = MfaState::True { age: LIMIT - 1 };
const EQUAL: MfaState = MfaState::True { age: LIMIT };
const STALE: MfaState = MfaState::True { age: LIMIT + 1 };

/// MF-004: operator and value, and whether they hold for missing, false and true.
const ON_PRESENT: &[(&str, &str, &str)] = &[
    ("Bool", "true", "FFT"),
    ("Bool", "false", "FTF"),
    ("BoolIfExists", "true", "TFT"),
    ("BoolIfExists", "false", "TTF"),
    ("Null", "true", "TFF"),
    ("Null", "false", "FTT"),
];

/// MF-006: operator and value, and whether they hold for a missing, fresh, equal and stale age.
const ON_AGE: &[(&str, &str, &str)] = &[
    ("NumericLessThan", "3600", "FTFF"),
    ("NumericLessThanEquals", "3600", "FTTF"),
    ("NumericLessThanIfExists", "3600", "TTFF"),
    ("NumericGreaterThan", "3600", "FFFT"),
    ("NumericGreaterThanEquals", "3600", "FFTT"),
    ("NumericGreaterThanIfExists", "3600", "TFFT"),
    ("Null", "true", "TFFF"),
    ("Null", "false", "FTTT"),
];

/// What a statement is worth against someone without MFA.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing without MFA.
    Enforces,
    /// Long-term keys pass.
    LeaksKeys,
    /// Sessions without MFA pass.
    LeaksSessions,
    /// Both pass.
    LeaksBoth,
    /// Fresh MFA does not pass, something else does.
    Inverted,
}
use Verdict::{Enforces, Inverted, LeaksBoth, LeaksKeys, LeaksSessions};

/// Who is kept from registering a first device: holders of long-term keys, users of the console.
type Locked = (bool, bool);
const NEITHER: Locked = (false, false);
const KEYS: Locked = (true, false);
const CONSOLE: Locked = (false, true);
const BOTH: Locked = (true, true);

type Test = (&'static str, &'static str, &'static str);

/// MF-005: effect and condition; x where the statement applies (missing, false, fresh, stale); verdict.
const VERDICTS: &[(&str, &[Test], &str, Verdict, Locked)] = &[
    ("Allow", &[("Bool", PRESENT, "true")], "--xx", Enforces, BOTH),
    ("Allow", &[("Bool", PRESENT, "false")], "-x--", Inverted, KEYS),
    ("Allow", &[("BoolIfExists", PRESENT, "true")], "x-xx", LeaksKeys, CONSOLE),
    ("Allow", &[("BoolIfExists", PRESENT, "false")], "xx--", Inverted, NEITHER),
    ("Allow", &[("Null", PRESENT, "true")], "x---", Inverted, CONSOLE),
    ("Allow", &[("Null", PRESENT, "false")], "-xxx", LeaksSessions, KEYS),
    ("Allow", &[("NumericLessThan", AGE, "3600")], "--x-", Enforces, BOTH),
    ("Allow", &[("NumericLessThanIfExists", AGE, "3600")], "xxx-", LeaksBoth, NEITHER),
    ("Allow", &[("NumericGreaterThan", AGE, "3600")], "---x", Inverted, BOTH),
    ("Allow", &[("NumericGreaterThanIfExists", AGE, "3600")], "xx-x", Inverted, NEITHER),
    ("Deny", &[("Bool", PRESENT, "true")], "--xx", Inverted, NEITHER),
    ("Deny", &[("Bool", PRESENT, "false")], "-x--", LeaksKeys, CONSOLE),
    ("Deny", &[("BoolIfExists", PRESENT, "true")], "x-xx", Inverted, KEYS),
    ("Deny", &[("BoolIfExists", PRESENT, "false")], "xx--", Enforces, BOTH),
    ("Deny", &[("Null", PRESENT, "true")], "x---", LeaksSessions, KEYS),
    ("Deny", &[("Null", PRESENT, "false")], "-xxx", Inverted, CONSOLE),
    ("Deny", &[("NumericLessThan", AGE, "3600")], "--x-", Inverted, NEITHER),
    ("Deny", &[("NumericLessThanIfExists", AGE, "3600")], "xxx-", Inverted, BOTH),
    ("Deny", &[("NumericGreaterThan", AGE, "3600")], "---x", LeaksBoth, NEITHER),
    ("Deny", &[("NumericGreaterThanIfExists", AGE, "3600")], "xx-x", Enforces, BOTH),
    ("Deny", &[("Null", AGE, "true")], "xx--", Enforces, BOTH),
    (
        "Deny",
        &[("BoolIfExists", PRESENT, "false"), ("NumericGreaterThanIfExists", AGE, "3600")],
        "xx--",
        Enforces,
        BOTH,
    ),
];

#[test]
fn mf_004_the_truth_table_of_multi_factor_auth_present() {
    let columns = [&[MfaState::Missing][..], &[MfaState::False], &[FRESH, EQUAL, STALE]];
    hold_cell_by_cell(PRESENT, ON_PRESENT, &columns);
}

#[test]
fn mf_006_the_truth_table_of_multi_factor_auth_age() {
    // Long-term keys and sessions without MFA both have no age.
    let columns = [&[MfaState::Missing, MfaState::False][..], &[FRESH], &[EQUAL], &[STALE]];
    hold_cell_by_cell(AGE, ON_AGE, &columns);
}

fn hold_cell_by_cell(key: &str, table: &[(&str, &str, &str)], columns: &[&[MfaState]]) {
    let mut wrong = Vec::new();
    for (operator, value, row) in table {
        assert_eq!(row.len(), columns.len(), "{operator} {value}");
        for (cell, states) in row.chars().zip(columns) {
            for (effect, state) in
                ["Allow", "Deny"].iter().flat_map(|effect| states.iter().map(move |s| (effect, *s)))
            {
                let applies = applies(effect, &[(operator, key, value)], state);
                if applies != (cell == 'T') {
                    wrong.push(format!("{effect} {operator} {value}, {state:?}: the table says {cell}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mf_005_what_each_statement_is_worth() {
    let states = [MfaState::Missing, MfaState::False, FRESH, STALE];
    let mut wrong = Vec::new();
    for (effect, tests, cells, verdict, locked) in VERDICTS {
        let row = format!("{effect} {tests:?}");
        let mut passes = [false; 4];
        for ((passes, cell), state) in passes.iter_mut().zip(cells.chars()).zip(states) {
            let applies = applies(effect, tests, state);
            *passes = applies == (*effect == "Allow");
            if applies != (cell == 'x') {
                wrong.push(format!("{row}, {state:?}: the table says {cell}"));
            }
        }
        let found = verdict_on(passes);
        if found != *verdict {
            wrong.push(format!("{row}: {verdict:?} in the table, {found:?} asked"));
        }
        let found = (!enrolls(effect, tests, MfaState::Missing), !enrolls(effect, tests, MfaState::False));
        if found != *locked {
            wrong.push(format!("{row}: locked out {locked:?} in the table, {found:?} asked"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn verdict_on([missing, without, fresh, stale]: [bool; 4]) -> Verdict {
    match (missing, without, fresh) {
        (.., false) => {
            assert!(missing || without || stale, "a statement of the table lets nobody pass");
            Inverted
        }
        (true, true, true) => LeaksBoth,
        (true, false, true) => LeaksKeys,
        (false, true, true) => LeaksSessions,
        (false, false, true) => Enforces,
    }
}

/// Does the statement apply to a call in this state?
fn applies(effect: &str, tests: &[(&str, &str, &str)], state: MfaState) -> bool {
    match (effect, decide(effect, tests, state, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/x")) {
        ("Allow", Decision::Allowed) | ("Deny", Decision::ExplicitlyDenied) => true,
        ("Allow", Decision::ImplicitlyDenied) | ("Deny", Decision::Allowed) => false,
        (_, other) => panic!("{effect} {tests:?}, {state:?}: {other}"),
    }
}

/// Can a user in this state register a first device?
fn enrolls(effect: &str, tests: &[(&str, &str, &str)], state: MfaState) -> bool {
    enrollment(ALICE)
        .iter()
        .all(|(action, resource)| decide(effect, tests, state, action, resource) == Decision::Allowed)
}

/// An `Allow` stands alone; a `Deny` stands beside full access.
fn decide(
    effect: &str,
    tests: &[(&str, &str, &str)],
    state: MfaState,
    action: &str,
    resource: &str,
) -> Decision {
    let tests: Vec<String> = tests
        .iter()
        .map(|(operator, key, value)| format!(r#""{operator}": {{"{key}": "{value}"}}"#))
        .collect();
    let condition = tests.join(", ");
    let statement = format!(
        r#"{{"Statement": {{"Effect": "{effect}", "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}}}"#
    );
    let mut policies = vec![identity(&statement)];
    if effect == "Deny" {
        policies.push(identity(r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#));
    }
    ask(&set(&policies), (ALICE, action, resource), Context::builder(), state)
}
