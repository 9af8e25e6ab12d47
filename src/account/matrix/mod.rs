//! What every principal may do, in the three states of MFA.
//!
//! A matrix has a row for each principal and a cell for each action, as a stream: nothing grows with the
//! number of cells. Twenty thousand actions fall into a few dozen classes that the policies of a principal
//! do not tell apart; each class is decided once, and where no statement asks who the principal is, once
//! for all who have the same policies.

mod asker;
mod candidates;
mod plan;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) use self::asker::Asker;
use self::plan::{Found, Plan};
use super::Account;
use super::attached::{Attached, Attachments, Origin};
use super::circumstances::Circumstances;
use super::principal::PrincipalRef;
use super::problem::Indeterminate;
use super::sensitive::Sensitive;
use crate::engine::{Actions, Evaluation, PolicySet, StatementId, StatementRef};
use crate::name::Action;
use crate::request::Resource;
use crate::verdict::{Answers, Verdict};

/// Principals and actions, ready to be asked. Rows can be asked from several threads.
///
/// ```
/// use twokeys::account::{Account, Attachments, Circumstances, Matrix, ReadOptions, Sensitive};
/// use twokeys::engine::{Actions, PolicySet};
///
/// let dump = br#"{"UserDetailList": [{"UserName": "bob", "Path": "/",
///   "Arn": "arn:aws:iam::111122223333:user/bob", "UserPolicyList": [{"PolicyName": "keys",
///     "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
///       "Action": "iam:*AccessKey", "Resource": "arn:aws:iam::*:user/${aws:username}"}]}}]}]}"#;
/// let account = Account::read(&[dump], &ReadOptions::default())?;
/// let attachments = Attachments::new(&account, PolicySet::builder());
/// let actions = Actions::new(vec!["iam:CreateAccessKey".parse()?, "iam:GetUser".parse()?]);
/// let circumstances = Circumstances::default();
/// let matrix = Matrix::new(&attachments, &actions, &circumstances, &Sensitive::default());
/// for principal in account.principals() {
///     for cell in matrix.row(principal)?.cells().filter(|cell| cell.is_gap()) {
///         assert_eq!(cell.action.as_str(), "iam:CreateAccessKey");
///         assert_eq!(cell.resource.as_str(), "arn:aws:iam::111122223333:user/bob");
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Matrix<'a> {
    attachments: &'a Attachments<'a>,
    actions: &'a Actions,
    circumstances: &'a Circumstances,
    /// The resources asked about; none: one is looked for.
    resources: Vec<Resource>,
    /// For each action, is it sensitive?
    sensitive: Vec<bool>,
    plans: Mutex<HashMap<usize, Arc<Plan>>>,
}

/// The answers for one principal.
#[derive(Debug, Clone)]
pub struct Row<'m> {
    principal: PrincipalRef<'m>,
    attached: Attached<'m>,
    actions: &'m [Action],
    sensitive: &'m [bool],
    plan: Arc<Plan>,
    /// For each class, one entry a resource.
    answers: Vec<Arc<[Found]>>,
}

/// One principal, one action, one resource.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'r> {
    /// Who asks.
    pub principal: PrincipalRef<'r>,
    /// What is to be done.
    pub action: &'r Action,
    /// To which thing: as given, or one that was found.
    pub resource: &'r Resource,
    /// The answers in the three states.
    pub answers: &'r Answers,
    /// What they say.
    pub verdict: Verdict,
    /// Is the action among the sensitive ones?
    pub is_sensitive: bool,
    attached: &'r Attached<'r>,
}

/// A statement that decides, and how the principal comes by its policy.
#[derive(Debug, Clone, Copy)]
pub struct Deciding<'r> {
    /// Its place in the set.
    pub id: StatementId,
    /// The statement with its policy.
    pub statement: StatementRef<'r>,
    /// How the principal comes by the policy; none for policies that are not the account's.
    pub origin: Option<Origin<'r>>,
}

/// No more plans than this are kept; memory must not grow with the number of principals.
const MOST_PLANS: usize = 256;

impl<'a> Matrix<'a> {
    /// Asks each action whether there is a resource on which it is allowed (UX-045).
    pub fn new(
        attachments: &'a Attachments<'a>,
        actions: &'a Actions,
        circumstances: &'a Circumstances,
        sensitive: &Sensitive,
    ) -> Self {
        let sensitive = actions.as_slice().iter().map(|action| sensitive.contains(action)).collect();
        Self {
            attachments,
            actions,
            circumstances,
            resources: Vec::new(),
            sensitive,
            plans: Mutex::default(),
        }
    }

    /// Asks about these resources instead.
    #[must_use]
    pub fn on(mut self, resources: Vec<Resource>) -> Self {
        self.resources = resources;
        self.plans = Mutex::default();
        self
    }

    /// The account.
    pub fn account(&self) -> &'a Account {
        self.attachments.account()
    }

    /// What is the same for all that are asked.
    pub fn circumstances(&self) -> &'a Circumstances {
        self.circumstances
    }

    /// The answers for one principal.
    ///
    /// # Errors
    ///
    /// A policy that applies to the principal is broken or missing, or a key of the context is no key.
    pub fn row(&self, principal: PrincipalRef<'a>) -> Result<Row<'_>, Indeterminate> {
        let attached = self.attachments.of(principal)?;
        let mut asker = Asker::new(principal, self.circumstances)?;
        let plan = self.plan(attached.set());
        let answers = plan.answers(self.actions.as_slice(), &self.resources, &mut asker)?;
        let actions = self.actions.as_slice();
        Ok(Row { principal, attached, actions, sensitive: &self.sensitive, plan, answers })
    }

    fn plan(&self, set: &Arc<PolicySet>) -> Arc<Plan> {
        let key = Arc::as_ptr(set).addr();
        let lock = || self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        // A plan holds its set, so a key cannot come to mean another one while the plan is known.
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let account = self.attachments.account();
        let plan = Arc::new(Plan::new(Arc::clone(set), self.actions, account.id(), account.partition()));
        let mut plans = lock();
        if plans.len() >= MOST_PLANS {
            plans.clear();
        }
        plans.insert(key, Arc::clone(&plan));
        plan
    }
}

impl<'m> Row<'m> {
    /// Who asks.
    pub fn principal(&self) -> PrincipalRef<'m> {
        self.principal
    }

    /// The policies of the principal.
    pub fn attached(&self) -> &Attached<'m> {
        &self.attached
    }

    /// The statement that decides an answer of this row.
    pub fn deciding(&self, answer: Evaluation) -> Option<Deciding<'_>> {
        deciding(&self.attached, answer)
    }

    /// The cells, in the order of the actions; for each action one a resource.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let actions = self.actions.iter().zip(self.sensitive).enumerate();
        actions.flat_map(move |(at, (action, is_sensitive))| {
            let found = self.answers.get(self.plan.class_of(at)).map_or(&[][..], |found| found);
            found.iter().map(move |found| Cell {
                principal: self.principal,
                action,
                resource: &found.resource,
                answers: &found.answers,
                verdict: found.verdict,
                is_sensitive: *is_sensitive,
                attached: &self.attached,
            })
        })
    }
}

impl<'r> Cell<'r> {
    /// Is it a sensitive action that someone gets to do without MFA?
    pub fn is_gap(&self) -> bool {
        self.is_sensitive && self.verdict.is_gap()
    }

    /// Is it allowed without MFA? A session of a role is never without the key, so for a role only
    /// the state counts in which the key is false.
    pub fn is_allowed_without_mfa(&self) -> bool {
        let keys = self.principal.is_user() && self.answers.missing.decision().is_allowed();
        keys || self.answers.false_.decision().is_allowed()
    }

    /// Do the three states differ?
    pub fn is_changed_by_mfa(&self) -> bool {
        !matches!(self.verdict, Verdict::Open | Verdict::Denied)
    }

    /// The statement that matters most: what lets in without MFA, else what lets in with it, else what
    /// denies without it.
    pub fn by(&self) -> Option<Deciding<'r>> {
        let Answers { missing, false_, true_ } = *self.answers;
        let states = [missing, false_, true_];
        let allowed = states.iter().find(|answer| answer.decision().is_allowed());
        deciding(self.attached, *allowed.unwrap_or(&missing))
    }
}

/// The statement that decides an answer.
pub(super) fn deciding<'r>(attached: &'r Attached<'r>, answer: Evaluation) -> Option<Deciding<'r>> {
    let id = answer.by()?;
    let statement = attached.set().statement(id)?;
    Some(Deciding { id, statement, origin: attached.origin(statement.policy) })
}

/// `PowerUser/1 (attached, group Developers)`
impl fmt::Display for Deciding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StatementRef { policy, index, statement, .. } = self.statement;
        f.write_str(policy.name())?;
        match &statement.sid {
            Some(sid) if !sid.value.is_empty() => write!(f, "/{}", sid.value)?,
            _ => write!(f, "/{index}")?,
        }
        match self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}
