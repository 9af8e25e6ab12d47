//! Who is really held to MFA: the facts of an account in one place.
//!
//! Every fact comes from deciding requests, none from the look of a policy. Users are asked as themselves;
//! roles are asked twice, for the call that assumes them and for what their sessions may do.

use super::matrix::{Cell, Matrix, Row};
use super::own_device::{Enrollment, OwnDevice, enrollment, removal};
use super::principal::PrincipalRef;
use super::problem::Indeterminate;
use super::sign_in::SignIn;
use super::trust::Trust;
use super::{Role, User};
use crate::engine::Evaluation;
use crate::name::Action;
use crate::request::Resource;
use crate::verdict::{Answers, Verdict};

/// What an audit finds.
#[derive(Debug, Clone)]
pub struct Audit<'a> {
    /// How many users.
    pub users: usize,
    /// How many roles.
    pub roles: usize,
    /// How many policies: managed ones, inline ones and trust policies.
    pub policies: usize,
    /// Who can sign in to the console, and has a device; none without a credential report.
    pub console: Option<Console<'a>>,
    /// Users who get to do nothing sensitive without MFA.
    pub held: Vec<&'a User>,
    /// Users who do.
    pub not_held: Vec<NotHeld<'a>>,
    /// How root signs in.
    pub root: &'a SignIn,
    /// Users who can get rid of the own device without MFA (M447).
    pub can_switch_off: Vec<SwitchOff<'a>>,
    /// Users who need MFA and cannot enroll a device without it.
    pub locked_out: Vec<LockedOut<'a>>,
    /// The roles, asked twice.
    pub role_audits: Vec<RoleAudit<'a>>,
    /// Those of whom nothing can be said. They count as neither held nor not held.
    pub indeterminate: Vec<(PrincipalRef<'a>, Indeterminate)>,
}

/// Users with a password for the console.
#[derive(Debug, Clone, Default)]
pub struct Console<'a> {
    /// Those with an MFA device.
    pub with_device: Vec<&'a User>,
    /// Those without.
    pub without_device: Vec<&'a User>,
}

/// A user who gets to do something sensitive without MFA.
#[derive(Debug, Clone)]
pub struct NotHeld<'a> {
    /// The user.
    pub user: &'a User,
    /// How many sensitive actions.
    pub gaps: usize,
    /// The first of them.
    pub example: Witness,
}

/// A question with its answers, and the statement that lets in.
#[derive(Debug, Clone)]
pub struct Witness {
    /// What is to be done.
    pub action: Action,
    /// To which thing.
    pub resource: Resource,
    /// The answers in the three states.
    pub answers: Answers,
    /// What they say.
    pub verdict: Verdict,
    /// What decides, in words: `PowerUser/1 (attached, group Developers)`.
    pub by: Option<String>,
}

/// A user who can get rid of the own device without MFA.
#[derive(Debug, Clone)]
pub struct SwitchOff<'a> {
    /// The user.
    pub user: &'a User,
    /// The calls that succeed without MFA, at least one.
    pub calls: Vec<OwnDevice>,
}

/// A user who needs MFA for something, and cannot enroll a device without it.
#[derive(Debug, Clone)]
pub struct LockedOut<'a> {
    /// The user. Who has a device already is locked out the day it is lost.
    pub user: &'a User,
    /// The calls of the enrollment with their answers.
    pub enrollment: Enrollment,
    /// The policy that denies them, if one does.
    pub under: Option<String>,
}

/// A role, asked twice.
#[derive(Debug, Clone)]
pub struct RoleAudit<'a> {
    /// The role.
    pub role: &'a Role,
    /// Who comes in, and what it takes.
    pub trust: Result<Trust, Indeterminate>,
    /// How many sensitive actions a session may do.
    pub sensitive: usize,
    /// The first of them.
    pub example: Option<Witness>,
}

impl RoleAudit<'_> {
    /// Can someone come in without MFA, and then do something sensitive?
    pub fn is_gap(&self) -> bool {
        self.sensitive > 0 && self.trust.as_ref().is_ok_and(Trust::lets_in_without_mfa)
    }
}

impl Audit<'_> {
    /// Is there anything to mend? Someone of whom nothing can be said counts as a reason.
    pub fn has_gap(&self) -> bool {
        let console = self.console.as_ref().is_some_and(|console| !console.without_device.is_empty());
        let root =
            self.root.has_device() == Some(false) || self.root.access_keys.is_some_and(|keys| keys > 0);
        console
            || root
            || !self.not_held.is_empty()
            || !self.can_switch_off.is_empty()
            || !self.locked_out.is_empty()
            || !self.indeterminate.is_empty()
            || self.role_audits.iter().any(RoleAudit::is_gap)
    }
}

/// Audits the account of a matrix, by the actions that the matrix asks about and holds to be sensitive.
///
/// Lock-outs are found the better the more actions the matrix has: a user is locked out who may do
/// something with MFA only.
pub fn audit<'a>(matrix: &'a Matrix<'a>) -> Audit<'a> {
    let account = matrix.account();
    let mut audit = Audit {
        users: account.users().len(),
        roles: account.roles().len(),
        policies: account.documents().count(),
        console: console(account.users()),
        held: Vec::new(),
        not_held: Vec::new(),
        root: account.root(),
        can_switch_off: Vec::new(),
        locked_out: Vec::new(),
        role_audits: Vec::new(),
        indeterminate: Vec::new(),
    };
    for principal in account.principals() {
        let outcome = matrix.row(principal).and_then(|row| match principal {
            PrincipalRef::User(user) => audit.user(matrix, user, &row),
            PrincipalRef::Role(role) => {
                audit.role(matrix, role, &row);
                Ok(())
            }
        });
        if let Err(reason) = outcome {
            audit.indeterminate.push((principal, reason));
        }
    }
    audit
}

impl<'a> Audit<'a> {
    fn user(&mut self, matrix: &Matrix<'_>, user: &'a User, row: &Row<'_>) -> Result<(), Indeterminate> {
        let (account, circumstances) = (matrix.account(), matrix.circumstances());
        let enrollment = enrollment(account, user, row.attached(), circumstances)?;
        let mut calls = removal(account, user, row.attached(), circumstances)?;
        let mut gaps = row.cells().filter(Cell::is_gap);
        match gaps.next() {
            None => self.held.push(user),
            Some(first) => {
                let example = Witness::of(&first);
                self.not_held.push(NotHeld { user, gaps: 1 + gaps.count(), example });
            }
        }
        calls.retain(|call| call.verdict().is_gap());
        if !calls.is_empty() {
            self.can_switch_off.push(SwitchOff { user, calls });
        }
        let possible = enrollment.possible();
        let needs_mfa = || row.cells().any(|cell| cell.verdict == Verdict::Enforced);
        if !(possible.missing && possible.false_) && needs_mfa() {
            let under = under(&enrollment, row);
            self.locked_out.push(LockedOut { user, enrollment, under });
        }
        Ok(())
    }

    fn role(&mut self, matrix: &Matrix<'_>, role: &'a Role, row: &Row<'_>) {
        // A session of a role carries no MFA: the key is there and false (MF-002, row 9).
        let in_session = |cell: &Cell<'_>| cell.is_sensitive && cell.answers.false_.decision().is_allowed();
        let mut cells = row.cells().filter(in_session);
        let example = cells.next().map(|cell| Witness::of(&cell));
        let sensitive = usize::from(example.is_some()) + cells.count();
        let trust = Trust::of(role, matrix.circumstances());
        self.role_audits.push(RoleAudit { role, trust, sensitive, example });
    }
}

impl Witness {
    fn of(cell: &Cell<'_>) -> Self {
        Self {
            action: cell.action.clone(),
            resource: cell.resource.clone(),
            answers: *cell.answers,
            verdict: cell.verdict,
            by: cell.by().map(|by| by.to_string()),
        }
    }
}

fn console(users: &[User]) -> Option<Console<'_>> {
    if users.iter().all(|user| user.sign_in.password.is_none()) {
        return None;
    }
    let mut console = Console::default();
    for user in users.iter().filter(|user| user.sign_in.password == Some(true)) {
        match user.sign_in.has_device() {
            Some(true) => console.with_device.push(user),
            _ => console.without_device.push(user),
        }
    }
    Some(console)
}

/// The policy whose `Deny` keeps from enrolling.
fn under(enrollment: &Enrollment, row: &Row<'_>) -> Option<String> {
    let denied = |answer: &Evaluation| !answer.decision().is_allowed();
    let answers = enrollment.calls.iter().flat_map(|call| [call.answers.missing, call.answers.false_]);
    answers
        .filter(denied)
        .find_map(|answer| row.deciding(answer))
        .map(|by| by.statement.policy.name().to_owned())
}
