//! What AWS would put into the context of a request, as far as the facts at hand tell (UX-084).
//!
//! The engine asks the context it is given and adds nothing (CK-001). Whoever has a request of a
//! person, who names a user and an action, completes it here first. Nothing that was given is touched.

use std::sync::Arc;

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};

use super::context::ContextBuilder;
use super::credential::MfaState;
use super::key::KeyName;
use super::principal::{Principal, PrincipalKind};
use crate::name::AccountId;

/// The keys that AWS fills in, each with its number.
mod keys {
    use crate::request::KeyName;

    /// One of them.
    pub(super) struct Filled(pub(super) usize, pub(super) KeyName);

    pub(super) const PRINCIPAL_ARN: Filled = Filled(0, KeyName::known("aws:PrincipalArn"));
    pub(super) const PRINCIPAL_ACCOUNT: Filled = Filled(1, KeyName::known("aws:PrincipalAccount"));
    pub(super) const PRINCIPAL_TYPE: Filled = Filled(2, KeyName::known("aws:PrincipalType"));
    pub(super) const USER_ID: Filled = Filled(3, KeyName::known("aws:userid"));
    pub(super) const USER_NAME: Filled = Filled(4, KeyName::known("aws:username"));
    pub(super) const PRINCIPAL_IS_AWS_SERVICE: Filled =
        Filled(5, KeyName::known("aws:PrincipalIsAWSService"));
    pub(super) const TOKEN_ISSUE_TIME: Filled = Filled(6, KeyName::known("aws:TokenIssueTime"));
    pub(super) const CURRENT_TIME: Filled = Filled(7, KeyName::known("aws:CurrentTime"));
    pub(super) const EPOCH_TIME: Filled = Filled(8, KeyName::known("aws:EpochTime"));
    pub(super) const SECURE_TRANSPORT: Filled = Filled(9, KeyName::known("aws:SecureTransport"));
    pub(super) const VIA_AWS_SERVICE: Filled = Filled(10, KeyName::known("aws:ViaAWSService"));
    pub(super) const RESOURCE_ACCOUNT: Filled = Filled(11, KeyName::known("aws:ResourceAccount"));
    pub(super) const PRINCIPAL_ORG_ID: Filled = Filled(12, KeyName::known("aws:PrincipalOrgID"));
    pub(super) const PRINCIPAL_ORG_PATHS: Filled = Filled(13, KeyName::known("aws:PrincipalOrgPaths"));
    pub(super) const CALLED_VIA: Filled = Filled(14, KeyName::known("aws:CalledVia"));
    pub(super) const CALLED_VIA_FIRST: Filled = Filled(15, KeyName::known("aws:CalledViaFirst"));
    pub(super) const CALLED_VIA_LAST: Filled = Filled(16, KeyName::known("aws:CalledViaLast"));
    pub(super) const TAG_KEYS: Filled = Filled(17, KeyName::known("aws:TagKeys"));

    pub(super) const ALL: [Filled; 18] = [
        PRINCIPAL_ARN,
        PRINCIPAL_ACCOUNT,
        PRINCIPAL_TYPE,
        USER_ID,
        USER_NAME,
        PRINCIPAL_IS_AWS_SERVICE,
        TOKEN_ISSUE_TIME,
        CURRENT_TIME,
        EPOCH_TIME,
        SECURE_TRANSPORT,
        VIA_AWS_SERVICE,
        RESOURCE_ACCOUNT,
        PRINCIPAL_ORG_ID,
        PRINCIPAL_ORG_PATHS,
        CALLED_VIA,
        CALLED_VIA_FIRST,
        CALLED_VIA_LAST,
        TAG_KEYS,
    ];
}

/// What is known beside the names in the request.
///
/// ```
/// use chrono::DateTime;
/// use twokeys::request::{Context, Facts, KeyState, MfaState, Principal};
///
/// let alice: Principal = "arn:aws:iam::111122223333:user/alice".parse()?;
/// let now = DateTime::from_timestamp(1_767_603_600, 0).unwrap_or_default();
/// let facts = Facts { mfa: Some(MfaState::True { age: 60 }), ..Facts::at(now) };
/// let context = facts.complete(Context::builder(), &alice, alice.account()).build()?;
/// assert_eq!(context.get("aws:username"), KeyState::Known(&["alice".to_owned()]));
/// assert_eq!(context.get("aws:TokenIssueTime"), KeyState::Known(&["2026-01-05T08:59:00Z".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// When the request is made.
    pub now: DateTime<Utc>,
    /// The state of MFA; without one the two keys are left as they are.
    pub mfa: Option<MfaState>,
    /// How many seconds ago temporary credentials were issued, where that is known beside MFA.
    pub issued_ago: Option<u64>,
    /// The service that forwards the request for the requester, if one does.
    pub via_service: Option<String>,
    /// The organization of the requester's account.
    pub organization: Option<Membership>,
    /// Tags of the requester, keys and values.
    pub principal_tags: Vec<(String, String)>,
    /// Tags of the resource.
    pub resource_tags: Vec<(String, String)>,
    /// Tags that the request would set.
    pub request_tags: Vec<(String, String)>,
    /// Only these keys are filled in, where it is known that nobody asks for another. What MFA says is always
    /// filled in.
    pub only: Option<Arc<Wanted>>,
}

/// The keys that somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Sorted.
    keys: Vec<KeyName>,
    /// A bit for each of those that AWS fills in.
    filled: u32,
}

/// An account's place in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// `o-…`
    pub organization: String,
    /// `o-…/r-…/ou-…/`
    pub path: String,
}

impl Facts {
    /// Nothing is known but the time.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, ..Self::default() }
    }

    /// Fills in what `builder` does not mention. `owner` is the account of the resource (EV-010).
    #[must_use]
    pub fn complete(
        &self,
        builder: ContextBuilder,
        principal: &Principal,
        owner: Option<AccountId>,
    ) -> ContextBuilder {
        let builder = self.of_principal(builder, principal);
        let builder = self.of_session(builder);
        self.of_request(builder, principal, owner)
    }

    /// Fills in a key, if anybody asks for it and there is a value.
    fn fill(
        &self,
        builder: ContextBuilder,
        keys::Filled(at, key): keys::Filled,
        value: impl FnOnce() -> Option<String>,
    ) -> ContextBuilder {
        if self.only.as_ref().is_some_and(|only| only.filled >> at & 1 == 0) {
            return builder;
        }
        match value() {
            Some(value) => builder.fill(key, [value]),
            None => builder,
        }
    }

    /// The same for a tag.
    fn fill_tag(&self, builder: ContextBuilder, key: KeyName, value: &str) -> ContextBuilder {
        match &self.only {
            Some(only) if only.keys.binary_search(&key).is_err() => builder,
            _ => builder.fill(key, [value]),
        }
    }

    /// The table of CK-010, and what every signed request carries.
    fn of_principal(&self, mut builder: ContextBuilder, principal: &Principal) -> ContextBuilder {
        let kind = principal.kind();
        let account = || principal.account().map(|account| account.to_string());
        let unique_id = principal.details.unique_id.as_deref();
        let word = match kind {
            PrincipalKind::Root => Some("Account"),
            PrincipalKind::User => Some("User"),
            PrincipalKind::FederatedUser => Some("FederatedUser"),
            PrincipalKind::RoleSession => Some("AssumedRole"),
            PrincipalKind::Anonymous => Some("Anonymous"),
            PrincipalKind::Service | PrincipalKind::FederatedCaller => None,
        };
        let userid = || match kind {
            PrincipalKind::Root => account(),
            PrincipalKind::User => unique_id.map(str::to_owned),
            PrincipalKind::FederatedUser => joined(account().as_deref(), principal),
            PrincipalKind::RoleSession => joined(unique_id, principal),
            PrincipalKind::Anonymous => Some("anonymous".to_owned()),
            PrincipalKind::Service | PrincipalKind::FederatedCaller => None,
        };
        let named =
            || if kind == PrincipalKind::Anonymous { Some("anonymous".to_owned()) } else { account() };
        let user = || principal.user_name().filter(|_| kind == PrincipalKind::User);
        builder = self.fill(builder, keys::PRINCIPAL_ARN, || arn(principal));
        builder = self.fill(builder, keys::PRINCIPAL_ACCOUNT, named);
        builder = self.fill(builder, keys::PRINCIPAL_TYPE, || word.map(str::to_owned));
        builder = self.fill(builder, keys::USER_ID, userid);
        builder = self.fill(builder, keys::USER_NAME, || user().map(str::to_owned));
        // All signed requests carry it; those two are not signed.
        match kind {
            PrincipalKind::Anonymous | PrincipalKind::FederatedCaller => builder,
            _ => self.fill(builder, keys::PRINCIPAL_IS_AWS_SERVICE, || {
                Some((kind == PrincipalKind::Service).to_string())
            }),
        }
    }

    fn of_session(&self, mut builder: ContextBuilder) -> ContextBuilder {
        if let Some(state) = self.mfa {
            builder = state.apply(builder);
        }
        let by_mfa = match self.mfa {
            Some(MfaState::True { age }) => Some(age),
            Some(MfaState::False) => Some(0),
            Some(MfaState::Missing) | None => None,
        };
        if let Some(age) = self.issued_ago.or(by_mfa) {
            let issued = i64::try_from(age)
                .ok()
                .and_then(TimeDelta::try_seconds)
                .and_then(|age| self.now.checked_sub_signed(age))
                // Earlier years have no form that a policy could be compared with.
                .filter(|issued| issued.year() >= 0);
            if let Some(issued) = issued {
                builder = self.fill(builder, keys::TOKEN_ISSUE_TIME, || Some(time(issued)));
            }
        }
        builder
    }

    fn of_request(
        &self,
        mut builder: ContextBuilder,
        principal: &Principal,
        owner: Option<AccountId>,
    ) -> ContextBuilder {
        builder = self.fill(builder, keys::CURRENT_TIME, || Some(time(self.now)));
        builder = self.fill(builder, keys::EPOCH_TIME, || Some(self.now.timestamp().to_string()));
        builder = self.fill(builder, keys::SECURE_TRANSPORT, || Some("true".to_owned()));
        builder = self.fill(builder, keys::VIA_AWS_SERVICE, || Some(self.via_service.is_some().to_string()));
        if let Some(owner) = owner {
            builder = self.fill(builder, keys::RESOURCE_ACCOUNT, || Some(owner.to_string()));
        }
        // A service, a provider and nobody belong to no organization (EV-092).
        if let Some(membership) = self.organization.as_ref().filter(|_| principal.account().is_some()) {
            builder = self.fill(builder, keys::PRINCIPAL_ORG_ID, || Some(membership.organization.clone()));
            builder = self.fill(builder, keys::PRINCIPAL_ORG_PATHS, || Some(membership.path.clone()));
        }
        self.said(builder)
    }

    /// Fills in what was given beside the context and stands for keys of it: tags, and the service that
    /// forwards. A context with these asks the same without them.
    #[must_use]
    pub fn said(&self, builder: ContextBuilder) -> ContextBuilder {
        let tags = [&self.principal_tags, &self.resource_tags, &self.request_tags];
        if self.via_service.is_none() && tags.iter().all(|tags| tags.is_empty()) {
            return builder;
        }
        self.said_beside(builder)
    }

    fn said_beside(&self, mut builder: ContextBuilder) -> ContextBuilder {
        if let Some(service) = &self.via_service {
            builder = self.fill(builder, keys::VIA_AWS_SERVICE, || Some("true".to_owned()));
            for key in [keys::CALLED_VIA, keys::CALLED_VIA_FIRST, keys::CALLED_VIA_LAST] {
                builder = self.fill(builder, key, || Some(service.clone()));
            }
        }
        for (family, tags) in [
            ("aws:PrincipalTag/", &self.principal_tags),
            ("aws:ResourceTag/", &self.resource_tags),
            ("aws:RequestTag/", &self.request_tags),
        ] {
            for (key, value) in tags {
                builder = self.fill_tag(builder, KeyName::new(&format!("{family}{key}")), value);
            }
        }
        if self.request_tags.is_empty() {
            builder
        } else {
            builder.fill(keys::TAG_KEYS.1, self.request_tags.iter().map(|(key, _)| key.as_str()))
        }
    }
}

impl Wanted {
    /// These keys and no others.
    pub fn new(keys: impl IntoIterator<Item = KeyName>) -> Self {
        let mut keys: Vec<KeyName> = keys.into_iter().collect();
        keys.sort_unstable();
        let wanted = keys::ALL.into_iter().filter(|keys::Filled(_, key)| keys.binary_search(key).is_ok());
        let filled = wanted.fold(0, |bits, keys::Filled(at, _)| bits | 1 << at);
        Self { keys, filled }
    }
}

/// `aws:PrincipalArn`: for a session that of its role.
fn arn(principal: &Principal) -> Option<String> {
    match principal.kind() {
        PrincipalKind::RoleSession => {
            let given = principal.details.role_arn.as_ref().map(ToString::to_string);
            given.or_else(|| {
                let (session, role) = (principal.arn()?, principal.role_name()?);
                Some(format!("arn:{}:iam::{}:role/{role}", session.partition(), principal.account()?))
            })
        }
        PrincipalKind::FederatedCaller | PrincipalKind::Service | PrincipalKind::Anonymous => None,
        PrincipalKind::Root | PrincipalKind::User | PrincipalKind::FederatedUser => {
            principal.arn().map(ToString::to_string)
        }
    }
}

/// `AROA…:session` or `ACCOUNT:name`.
fn joined(left: Option<&str>, principal: &Principal) -> Option<String> {
    Some(format!("{}:{}", left?, principal.session_name()?))
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::request::{Context, KeyState};

    fn facts() -> Facts {
        Facts::at(DateTime::parse_from_rfc3339("2026-01-05T09:00:00Z").unwrap().to_utc())
    }

    fn shown(facts: &Facts, principal: &Principal) -> String {
        let builder = facts.complete(Context::builder(), principal, principal.account());
        let context = builder.build().unwrap();
        let mut lines: Vec<_> =
            context.known().map(|(key, values)| format!("{key} = {}", values.join(", "))).collect();
        lines.sort();
        lines.iter().fold(String::new(), |mut text, line| {
            writeln!(text, "{line}").unwrap();
            text
        })
    }

    #[test]
    fn ck_010_the_principal_decides_its_keys() {
        for (name, unique_id, expected) in [
            ("arn:aws:iam::111122223333:root", None, "Account 111122223333 -"),
            ("arn:aws:iam::111122223333:user/a/alice", None, "User - alice"),
            ("arn:aws:iam::111122223333:user/alice", Some("AIDAX"), "User AIDAX alice"),
            ("arn:aws:sts::111122223333:federated-user/bob", None, "FederatedUser 111122223333:bob -"),
            ("arn:aws:sts::111122223333:assumed-role/ops/s1", Some("AROAX"), "AssumedRole AROAX:s1 -"),
            ("arn:aws:sts::111122223333:assumed-role/ops/s1", None, "AssumedRole - -"),
            ("anonymous", None, "Anonymous anonymous -"),
            ("lambda.amazonaws.com", None, "- - -"),
        ] {
            let mut principal: Principal = name.parse().unwrap();
            principal.details.unique_id = unique_id.map(str::to_owned);
            let context = facts().complete(Context::builder(), &principal, None).build().unwrap();
            let value = |key| match context.get(key) {
                KeyState::Known(values) => values.join(","),
                _ => "-".to_owned(),
            };
            let found = ["aws:PrincipalType", "aws:userid", "aws:username"].map(value).join(" ");
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn ux_084_a_user_with_mfa_and_nothing_else() {
        let alice: Principal = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
        let facts = Facts {
            mfa: Some(MfaState::True { age: 300 }),
            request_tags: vec![("team".into(), "red".into())],
            organization: Some(Membership { organization: "o-a1".into(), path: "o-a1/r-b2/".into() }),
            ..facts()
        };
        insta::assert_snapshot!(shown(&facts, &alice), @r"
        aws:CurrentTime = 2026-01-05T09:00:00Z
        aws:EpochTime = 1767603600
        aws:MultiFactorAuthAge = 300
        aws:MultiFactorAuthPresent = true
        aws:PrincipalAccount = 111122223333
        aws:PrincipalArn = arn:aws:iam::111122223333:user/alice
        aws:PrincipalIsAWSService = false
        aws:PrincipalOrgID = o-a1
        aws:PrincipalOrgPaths = o-a1/r-b2/
        aws:PrincipalType = User
        aws:RequestTag/team = red
        aws:ResourceAccount = 111122223333
        aws:SecureTransport = true
        aws:TagKeys = team
        aws:TokenIssueTime = 2026-01-05T08:55:00Z
        aws:ViaAWSService = false
        aws:username = alice
        ");
    }

    #[test]
    fn each_key_that_aws_fills_in_has_its_own_number() {
        assert!(keys::ALL.iter().zip(0..).all(|(keys::Filled(at, _), number)| *at == number));
        assert!(keys::ALL.len() <= u32::BITS as usize);
    }

    #[test]
    fn keys_that_nobody_asks_for_are_left_out_but_those_of_mfa() {
        let alice: Principal = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
        let only = Wanted::new(["aws:principaltag/team", "AWS:UserName"].map(KeyName::new));
        let facts = Facts {
            mfa: Some(MfaState::True { age: 300 }),
            principal_tags: vec![("Team".into(), "red".into()), ("cost".into(), "1".into())],
            only: Some(Arc::new(only)),
            ..facts()
        };
        insta::assert_snapshot!(shown(&facts, &alice), @r"
        aws:MultiFactorAuthAge = 300
        aws:MultiFactorAuthPresent = true
        aws:PrincipalTag/Team = red
        aws:username = alice
        ");
    }

    #[test]
    fn a_session_answers_with_the_arn_of_its_role() {
        let mut session: Principal = "arn:aws:sts::111122223333:assumed-role/ops/s1".parse().unwrap();
        assert_eq!(arn(&session).as_deref(), Some("arn:aws:iam::111122223333:role/ops"));
        session.details.role_arn = "arn:aws:iam::111122223333:role/path/ops".parse().ok();
        assert_eq!(arn(&session).as_deref(), Some("arn:aws:iam::111122223333:role/path/ops"));
    }

    #[test]
    fn mfa_that_is_missing_means_no_token() {
        let alice: Principal = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
        let with = |mfa, issued_ago| shown(&Facts { mfa, issued_ago, ..facts() }, &alice);
        assert!(!with(Some(MfaState::Missing), None).contains("TokenIssueTime"));
        assert!(with(Some(MfaState::Missing), Some(9)).contains("TokenIssueTime"));
        assert!(with(Some(MfaState::False), None).contains("aws:TokenIssueTime = 2026-01-05T09:00:00Z"));
    }

    #[test]
    fn an_age_beyond_all_time_leaves_the_issue_time_out() {
        let alice: Principal = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
        for age in [u64::MAX, 100_000_000_000] {
            let facts = Facts { mfa: Some(MfaState::True { age }), ..facts() };
            assert!(!shown(&facts, &alice).contains("TokenIssueTime"), "{age}");
        }
    }
}
