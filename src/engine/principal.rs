//! `Principal` and `NotPrincipal` against who asks.
//!
//! A match has a level (PR-002): did the entry name this very requester, the entity behind it, or the
//! account? In the same account a grant to the requester itself needs nothing else, a grant to the
//! account is only a delegation.

use crate::name::{AccountId, Arn};
use crate::policy::{Effect, PrincipalPart, PrincipalValue};
use crate::request::{Principal, PrincipalKind};

/// How closely an entry named the requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The account the requester belongs to.
    Account,
    /// The role of a session, or the user who issued a federated session.
    Entity,
    /// The requester itself, or everyone.
    Direct,
}

/// A principal element, ready to be compared.
#[derive(Debug, Clone)]
pub(crate) struct PrincipalTest {
    negated: bool,
    entries: Box<[Entry]>,
}

#[derive(Debug, Clone)]
enum Entry {
    /// `"*"` or `{"AWS": "*"}`
    Everyone,
    /// Twelve digits, or the ARN of an account's root user with its partition.
    Account {
        account: AccountId,
        partition: Option<Box<str>>,
    },
    /// An ARN of a user, role or session.
    Arn(Arn),
    Service(Box<str>),
    Federated(Box<str>),
    CanonicalUser(Box<str>),
    /// `AIDA…` or `AROA…`: what AWS stores when the entity is gone.
    UniqueId(Box<str>),
    /// What matches nobody: wildcards inside a value, unknown kinds, plain mistakes (PR-013).
    Nobody,
}

impl PrincipalTest {
    pub(crate) fn new(part: &PrincipalPart) -> Self {
        let entries = match &part.value {
            PrincipalValue::Text(text) if text.value == "*" => vec![Entry::Everyone],
            PrincipalValue::Text(_) => vec![Entry::Nobody],
            PrincipalValue::Map(groups) => groups
                .iter()
                .flat_map(|group| {
                    group.values.iter().map(|value| Entry::new(&group.kind.value, &value.value))
                })
                .collect(),
        };
        Self { negated: part.negated, entries: entries.into() }
    }

    /// The level at which the element matches, if it does.
    pub(crate) fn level(&self, who: &Principal, effect: Effect, has_boundary: bool) -> Option<Level> {
        if !self.negated {
            return self.entries.iter().filter_map(|entry| entry.level(who)).max();
        }
        let matches = match effect {
            Effect::Allow => self.entries.iter().all(|entry| entry.level(who).is_none()),
            Effect::Deny => !self.exempts(who, has_boundary),
        };
        matches.then_some(Level::Direct)
    }

    /// Does a `NotPrincipal` of a Deny leave this requester alone? (PR-016, PR-017)
    fn exempts(&self, who: &Principal, has_boundary: bool) -> bool {
        let listed = |test: &dyn Fn(&Entry) -> bool| self.entries.iter().any(test);
        let itself =
            |entry: &Entry| matches!(entry, Entry::Arn(_)) && entry.level(who) == Some(Level::Direct);
        let role = |entry: &Entry| matches!(entry, Entry::Arn(_)) && entry.level(who) == Some(Level::Entity);
        match who.kind() {
            PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser
                if has_boundary =>
            {
                false
            }
            PrincipalKind::User | PrincipalKind::FederatedUser => listed(&itself),
            PrincipalKind::RoleSession => listed(&itself) && listed(&role),
            PrincipalKind::Root => listed(&|entry| entry.is_account() && entry.level(who).is_some()),
            PrincipalKind::Service => {
                listed(&|entry| matches!(entry, Entry::Service(_)) && entry.level(who).is_some())
            }
            PrincipalKind::FederatedCaller => {
                listed(&|entry| matches!(entry, Entry::Federated(_)) && entry.level(who).is_some())
            }
            PrincipalKind::Anonymous => listed(&|entry| matches!(entry, Entry::Everyone)),
        }
    }

    pub(crate) fn is_negated(&self) -> bool {
        self.negated
    }

    /// Is the requester's account among the entries? Where it is not, some services deny (PR-016).
    pub(crate) fn lists_account(&self, who: &Principal) -> bool {
        self.entries.iter().any(|entry| entry.is_account() && entry.level(who).is_some())
    }

    /// Did the role's name have to stand for its ARN? (PR-006)
    pub(crate) fn matches_by_role_name(&self, who: &Principal) -> bool {
        who.kind() == PrincipalKind::RoleSession
            && who.details.role_arn.is_none()
            && self.entries.iter().any(|entry| matches!(entry, Entry::Arn(arn) if is_role_of(arn, who)))
    }
}

impl Entry {
    fn new(kind: &str, value: &str) -> Self {
        let wild = value.contains(['*', '?']);
        match kind {
            "AWS" if value == "*" => Self::Everyone,
            _ if wild => Self::Nobody,
            "AWS" => Self::of_aws(value),
            "Service" => Self::Service(value.into()),
            "Federated" => Self::Federated(value.into()),
            "CanonicalUser" => Self::CanonicalUser(value.into()),
            _ => Self::Nobody,
        }
    }

    fn of_aws(value: &str) -> Self {
        if let Ok(account) = value.parse() {
            return Self::Account { account, partition: None };
        }
        if let Ok(arn) = value.parse::<Arn>() {
            let root = arn.service() == "iam" && arn.resource() == "root";
            return match arn.account() {
                Some(account) if root => Self::Account { account, partition: Some(arn.partition().into()) },
                _ => Self::Arn(arn),
            };
        }
        let unique_id = value.starts_with("AIDA") || value.starts_with("AROA");
        if unique_id { Self::UniqueId(value.into()) } else { Self::Nobody }
    }

    /// Does it name a whole account? A canonical user id does, like its number (PR-011).
    fn is_account(&self) -> bool {
        matches!(self, Self::Account { .. } | Self::CanonicalUser(_))
    }

    fn level(&self, who: &Principal) -> Option<Level> {
        let kind = who.kind();
        let of_account = if kind == PrincipalKind::Root { Level::Direct } else { Level::Account };
        match self {
            Self::Everyone => Some(Level::Direct),
            Self::Account { account, partition } => {
                let same = who.account() == Some(*account);
                let reachable = match (partition, who.arn()) {
                    (Some(partition), Some(arn)) => **partition == *arn.partition(),
                    _ => true,
                };
                (same && reachable).then_some(of_account)
            }
            Self::CanonicalUser(id) => {
                (who.details.canonical_user.as_deref() == Some(&**id)).then_some(of_account)
            }
            Self::Arn(arn) => level_of_arn(arn, who),
            Self::UniqueId(id) if who.details.unique_id.as_deref() == Some(&**id) => match kind {
                PrincipalKind::User if id.starts_with("AIDA") => Some(Level::Direct),
                PrincipalKind::RoleSession if id.starts_with("AROA") => Some(Level::Entity),
                _ => None,
            },
            Self::Service(name) => {
                let known = who.as_str() == &**name
                    || who.details.service_names.iter().any(|other| **other == **name);
                (kind == PrincipalKind::Service && known).then_some(Level::Direct)
            }
            Self::Federated(provider) => (kind == PrincipalKind::FederatedCaller
                && who.as_str() == &**provider)
                .then_some(Level::Direct),
            Self::UniqueId(_) | Self::Nobody => None,
        }
    }
}

fn level_of_arn(arn: &Arn, who: &Principal) -> Option<Level> {
    let itself = who.as_str() == arn.as_str();
    match who.kind() {
        PrincipalKind::User | PrincipalKind::RoleSession | PrincipalKind::FederatedUser if itself => {
            Some(Level::Direct)
        }
        PrincipalKind::RoleSession => is_role_of(arn, who).then_some(Level::Entity),
        PrincipalKind::FederatedUser => {
            (who.details.issuer_user_arn.as_ref() == Some(arn)).then_some(Level::Entity)
        }
        _ => None,
    }
}

/// Is `arn` the role of this session? Without the role's full ARN its last name must do (PR-006).
fn is_role_of(arn: &Arn, who: &Principal) -> bool {
    if let Some(role) = &who.details.role_arn {
        return role == arn;
    }
    let named = arn.resource().strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    arn.service() == "iam"
        && who.arn().is_some_and(|session| session.partition() == arn.partition())
        && arn.account() == who.account()
        && named.is_some()
        && named == who.role_name()
}
