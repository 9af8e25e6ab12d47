//! An account in miniature: users, groups, roles and their policies, as IAM itself tells them.
//!
//! `aws iam get-account-authorization-details` prints all that IAM knows of an account. [`Account::read`]
//! reads it; [`Attachments`] says which policies apply to whom; [`Matrix`] asks what each principal may
//! do in the three states of MFA, for a list of actions of any length; [`audit`](audit()) sums up who is really
//! held to MFA.
//!
//! Nothing that was given is dropped in silence (RL-002). A policy that cannot be read or is not there
//! stops the reading, or, where the caller asks to go on, makes every principal it touches
//! [`Indeterminate`]: no answer is given for them, and callers count that as "no".

mod attached;
mod audit;
mod circumstances;
mod credential_report;
mod csv;
mod document;
mod dump;
mod group;
mod held;
mod managed_policy;
mod matrix;
mod mfa_devices;
mod own_device;
mod principal;
mod problem;
mod role;
mod sensitive;
mod sign_in;
mod synth;
mod trust;
mod user;
mod who_can;

pub use attached::{Attached, Attachments, Holding, Origin};
pub use audit::{Audit, Console, LockedOut, NotHeld, RoleAudit, SwitchOff, Witness, audit};
pub use circumstances::Circumstances;
pub use credential_report::{CredentialReport, Credentials};
pub use document::{Document, File, Form, Place};
pub use dump::{Limits, ManagedPolicies, ReadOptions};
pub use group::Group;
pub use held::{Held, Inline, Tag};
pub use managed_policy::{ManagedPolicy, PolicyVersion};
pub use matrix::{Cell, Deciding, Matrix, Row};
pub use mfa_devices::{MfaDevices, Owner};
pub use own_device::{Enrollment, OwnDevice, enrollment, removal};
pub use principal::{PrincipalRef, SESSION_NAME};
pub use problem::{CODES, Indeterminate, Problem, ProblemKind, Problems};
pub use role::Role;
pub use sensitive::Sensitive;
pub use sign_in::{Notice, SignIn};
pub use synth::Synthetic;
pub use trust::{CallerKind, Trust, TrustedCaller};
pub use user::User;
pub use who_can::{Access, who_can};

use crate::name::AccountId;

/// All that is known of an account.
#[derive(Debug)]
pub struct Account {
    id: AccountId,
    partition: String,
    /// Each list is sorted by name, that of policies by ARN.
    users: Vec<User>,
    groups: Vec<Group>,
    roles: Vec<Role>,
    policies: Vec<ManagedPolicy>,
    problems: Vec<Problem>,
    root: SignIn,
    unassigned: Vec<String>,
    notices: Vec<Notice>,
}

impl Account {
    /// The account's number, as its ARNs have it.
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// The partition of its ARNs: `aws`, `aws-cn`, …
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The users, by name.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// The groups, by name.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The roles, by name.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The managed policies that are known, by ARN; AWS's own among them.
    pub fn policies(&self) -> &[ManagedPolicy] {
        &self.policies
    }

    /// What is wrong with the account, if it was read with [`ReadOptions::keep_going`].
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The user of this name.
    pub fn user(&self, name: &str) -> Option<&User> {
        by_key(&self.users, name, |user| &user.name)
    }

    /// The group of this name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        by_key(&self.groups, name, |group| &group.name)
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        by_key(&self.roles, name, |role| &role.name)
    }

    /// The managed policy with this ARN.
    pub fn policy(&self, arn: &str) -> Option<&ManagedPolicy> {
        by_key(&self.policies, arn, |policy| policy.arn.as_str())
    }

    /// Everyone who can ask: users, then roles.
    pub fn principals(&self) -> impl Iterator<Item = PrincipalRef<'_>> {
        let users = self.users.iter().map(PrincipalRef::User);
        users.chain(self.roles.iter().map(PrincipalRef::Role))
    }

    /// Who is called `user/NAME` or `role/NAME`.
    ///
    /// A dump names users and roles apart from their path; so does this.
    pub fn principal(&self, label: &str) -> Option<PrincipalRef<'_>> {
        match label.split_once('/')? {
            ("user", name) => self.user(name).map(PrincipalRef::User),
            ("role", name) => self.role(name).map(PrincipalRef::Role),
            _ => None,
        }
    }

    /// Every policy text, with the words that say whose it is: `user/alice#inline:ForceMFA`.
    pub fn documents(&self) -> impl Iterator<Item = (String, &Document)> {
        let users = self.users.iter().flat_map(|user| inline(format!("user/{}", user.name), &user.held));
        let groups =
            self.groups.iter().flat_map(|group| inline(format!("group/{}", group.name), &group.held));
        let roles = self.roles.iter().flat_map(|role| {
            let label = format!("role/{}", role.name);
            let trust = role.trust.iter().map({
                let label = label.clone();
                move |document| (format!("{label}#trust"), document)
            });
            trust.chain(inline(label, &role.held))
        });
        let policies = self.policies.iter().flat_map(|policy| {
            policy.versions.iter().map(|version| {
                let label = format!("policy/{}", policy.name);
                let label = if version.is_default { label } else { format!("{label}#{}", version.id) };
                (label, &version.document)
            })
        });
        users.chain(groups).chain(roles).chain(policies)
    }
}

fn inline(label: String, held: &Held) -> impl Iterator<Item = (String, &Document)> {
    held.inline.iter().map(move |inline| (format!("{label}#inline:{}", inline.name), &inline.document))
}

fn by_key<'l, T>(sorted: &'l [T], key: &str, key_of: impl Fn(&T) -> &str) -> Option<&'l T> {
    let at = sorted.binary_search_by(|item| key_of(item).cmp(key)).ok()?;
    sorted.get(at)
}
