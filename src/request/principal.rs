//! Who asks: the seven kinds of requesters (PR-001).

use std::str::FromStr;

use thiserror::Error;

use crate::name::{AccountId, Arn, InvalidArn};

/// A requester, told apart by the form of its name.
///
/// A role is never a requester; a session of it is. See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    kind: PrincipalKind,
    name: Name,
    account: Option<AccountId>,
    /// Facts that the name does not tell.
    pub details: PrincipalDetails,
}

/// The name of a requester.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Arn(Arn),
    /// A service, a provider or `anonymous`.
    Word(String),
}

/// The kinds of requesters. Exhaustive on purpose: each has its own row in EV-011.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A session of a role (`assumed-role`).
    RoleSession,
    /// A session made by `GetFederationToken`.
    FederatedUser,
    /// An AWS service calling on its own behalf.
    Service,
    /// Someone who calls `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`.
    FederatedCaller,
    /// Nobody: an unsigned request.
    Anonymous,
}

/// Facts about a requester that its name does not tell. All may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrincipalDetails {
    /// The role of a session, with its path.
    pub role_arn: Option<Arn>,
    /// The IAM user who called `GetFederationToken`.
    pub issuer_user_arn: Option<Arn>,
    /// The unique id: `AIDA…` of a user, `AROA…` of a session's role.
    pub unique_id: Option<String>,
    /// The canonical user id of the requester's account.
    pub canonical_user: Option<String>,
    /// All names of a service principal.
    pub service_names: Vec<String>,
    /// Does the requester belong to the management account of its organization?
    pub management_account: bool,
    /// What signed the request, where it is known (EV-097).
    pub credential: Option<CredentialType>,
}

/// What signed a request, as far as AWS restricts it (EV-097).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialType {
    /// An access key of a user or of root.
    LongTerm,
    /// Credentials from `GetSessionToken`.
    GetSessionToken,
    /// Credentials from `GetFederationToken`.
    GetFederationToken,
}

/// Why a text names no requester.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidPrincipal {
    /// It looks like an ARN and is none.
    #[error(transparent)]
    Arn(#[from] InvalidArn),
    /// A role cannot ask; a session of it can.
    #[error("a role cannot ask, a session of it can: `{0}`")]
    Role(String),
    /// An ARN of something that is no requester.
    #[error("`{0}` is the ARN of something that cannot ask")]
    Kind(String),
    /// The account field is no account.
    #[error("`{0}` has no account in its fifth field")]
    Account(String),
    /// A fact is given that this kind of requester does not have.
    #[error("`{name}` has no `{fact}`")]
    Fact {
        /// The fact, as members of a request object spell it.
        fact: &'static str,
        /// The requester.
        name: String,
    },
    /// The role of a session is another than its name says.
    #[error("`{name}` is no session of `{role}`: partition, account and name must agree")]
    OtherRole {
        /// The role given.
        role: String,
        /// The session.
        name: String,
    },
    /// The issuer of a federated session is no user of its account.
    #[error("`{user}` is no IAM user of the account of `{name}`")]
    OtherIssuer {
        /// The issuer given.
        user: String,
        /// The federated user.
        name: String,
    },
    /// The name of a service or provider in capital letters.
    #[error("`{0}` has capital letters, but names of services and providers are written small")]
    Capitals(String),
    /// It is neither an ARN, nor a service, nor a provider, nor `anonymous`.
    #[error("`{0}` is no ARN, no service name, no provider and not `anonymous`")]
    Unknown(String),
}

impl Principal {
    /// What kind of requester this is.
    pub fn kind(&self) -> PrincipalKind {
        self.kind
    }

    /// The name as written: an ARN, a service, a provider or `anonymous`.
    pub fn as_str(&self) -> &str {
        match &self.name {
            Name::Arn(arn) => arn.as_str(),
            Name::Word(word) => word,
        }
    }

    /// The ARN, for the kinds that have one.
    pub fn arn(&self) -> Option<&Arn> {
        match &self.name {
            Name::Arn(arn) => Some(arn),
            Name::Word(_) => None,
        }
    }

    /// The account the requester belongs to; none for services, providers and anonymous.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// The same requester with these facts.
    ///
    /// # Errors
    ///
    /// A fact belongs to another kind of requester, or contradicts the name: a session of the role `ops` is
    /// none of the role `admin`, whatever the facts say.
    pub fn with_details(mut self, details: PrincipalDetails) -> Result<Self, InvalidPrincipal> {
        self.set_details(details)?;
        Ok(self)
    }

    /// The same in place; where it fails, nothing changes.
    ///
    /// # Errors
    ///
    /// As for [`with_details`](Self::with_details).
    pub fn set_details(&mut self, details: PrincipalDetails) -> Result<(), InvalidPrincipal> {
        use PrincipalKind::{FederatedUser, RoleSession, Root, Service, User};
        let kind = self.kind;
        let fits = |fact: &'static str, given: bool, kinds: &[PrincipalKind]| {
            let fits = !given || kinds.contains(&kind);
            fits.then_some(()).ok_or_else(|| InvalidPrincipal::Fact { fact, name: self.as_str().to_owned() })
        };
        fits("roleArn", details.role_arn.is_some(), &[RoleSession])?;
        fits("issuerUserArn", details.issuer_user_arn.is_some(), &[FederatedUser])?;
        fits("uniqueId", details.unique_id.is_some(), &[User, RoleSession])?;
        fits("serviceNames", !details.service_names.is_empty(), &[Service])?;
        match details.credential {
            Some(CredentialType::GetFederationToken) => fits("credential", true, &[FederatedUser])?,
            other => fits("credential", other.is_some(), &[User, Root])?,
        }
        let role = details.role_arn.as_ref();
        if let Some(role) = role.filter(|role| !is_role(role, self)) {
            return Err(InvalidPrincipal::OtherRole {
                role: role.to_string(),
                name: self.as_str().to_owned(),
            });
        }
        let issuer = details.issuer_user_arn.as_ref();
        let of_account = |user: &&Arn| user.resource().starts_with("user/") && user.account() == self.account;
        if let Some(user) = issuer.filter(|user| !of_account(user)) {
            let (user, name) = (user.to_string(), self.as_str().to_owned());
            return Err(InvalidPrincipal::OtherIssuer { user, name });
        }
        self.details = details;
        Ok(())
    }

    /// For a role session: the name of the role, without its path.
    pub fn role_name(&self) -> Option<&str> {
        let session = self.arn()?.resource().strip_prefix("assumed-role/")?;
        session.split_once('/').map(|(role, _)| role)
    }

    /// For an IAM user: the name, without its path.
    pub fn user_name(&self) -> Option<&str> {
        let path = self.arn()?.resource().strip_prefix("user/")?;
        path.get(memchr::memrchr(b'/', path.as_bytes()).map_or(0, |slash| slash + 1)..)
    }

    /// For a session: the part of its ARN after the role, or the name of a federated user.
    pub fn session_name(&self) -> Option<&str> {
        let resource = self.arn()?.resource();
        let of_role = resource.strip_prefix("assumed-role/").and_then(|rest| rest.split_once('/'));
        of_role.map(|(_, session)| session).or_else(|| resource.strip_prefix("federated-user/"))
    }

    /// Is it a session of a service-linked role? Organization policies do not reach those.
    pub fn is_service_linked(&self) -> bool {
        let of_service = |role: &Arn| role.resource().starts_with("role/aws-service-role/");
        self.kind == PrincipalKind::RoleSession && self.details.role_arn.as_ref().is_some_and(of_service)
    }
}

impl FromStr for Principal {
    type Err = InvalidPrincipal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |kind| Self {
            kind,
            name: Name::Word(text.to_owned()),
            account: None,
            details: PrincipalDetails::default(),
        };
        if text.starts_with("arn:") {
            let arn: Arn = text.parse()?;
            let kind = kind_of(&arn)?;
            let account = arn.account();
            if account.is_none() && kind != PrincipalKind::FederatedCaller {
                return Err(InvalidPrincipal::Account(text.to_owned()));
            }
            // A provider lives in an account, yet whoever comes through it does not (EV-011).
            let account = account.filter(|_| kind != PrincipalKind::FederatedCaller);
            return Ok(Self { kind, name: Name::Arn(arn), account, details: PrincipalDetails::default() });
        }
        if text == "anonymous" {
            return Ok(named(PrincipalKind::Anonymous));
        }
        let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_' | ':');
        if !text.chars().all(host) || !text.contains('.') || text.starts_with('.') {
            return Err(InvalidPrincipal::Unknown(text.to_owned()));
        }
        // Behind the host, the path of a provider may have any letters.
        if text.split('/').next().unwrap_or(text).contains(|c: char| c.is_ascii_uppercase()) {
            return Err(InvalidPrincipal::Capitals(text.to_owned()));
        }
        let of_aws = text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn");
        // Amazon Cognito is the one provider whose name looks like a service.
        let cognito = text == "cognito-identity.amazonaws.com";
        Ok(named(if of_aws && !cognito { PrincipalKind::Service } else { PrincipalKind::FederatedCaller }))
    }
}

/// Can the session be one of this role?
fn is_role(role: &Arn, session: &Principal) -> bool {
    let name = role.resource().strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    role.service() == "iam"
        && role.account() == session.account
        && session.arn().is_some_and(|arn| arn.partition() == role.partition())
        && name.is_some()
        && name == session.role_name()
}

fn kind_of(arn: &Arn) -> Result<PrincipalKind, InvalidPrincipal> {
    let resource = arn.resource();
    let named = |prefix: &str| resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
    match arn.service() {
        "iam" if resource == "root" => Ok(PrincipalKind::Root),
        "iam" if named("user/") && !resource.ends_with('/') => Ok(PrincipalKind::User),
        "iam" if named("saml-provider/") || named("oidc-provider/") => Ok(PrincipalKind::FederatedCaller),
        "iam" if named("role/") => Err(InvalidPrincipal::Role(arn.to_string())),
        "sts" if named("federated-user/") => Ok(PrincipalKind::FederatedUser),
        "sts" => match resource.strip_prefix("assumed-role/").and_then(|rest| rest.split_once('/')) {
            Some((role, session)) if !role.is_empty() && !session.is_empty() && !session.contains('/') => {
                Ok(PrincipalKind::RoleSession)
            }
            _ => Err(InvalidPrincipal::Kind(arn.to_string())),
        },
        _ => Err(InvalidPrincipal::Kind(arn.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pr_001_the_form_of_the_name_tells_the_kind() {
        use PrincipalKind::*;
        for (text, kind) in [
            ("arn:aws:iam::111122223333:root", Root),
            ("arn:aws:iam::111122223333:user/division/alice", User),
            ("arn:aws:sts::111122223333:assumed-role/ops/s1", RoleSession),
            ("arn:aws:sts::111122223333:federated-user/bob", FederatedUser),
            ("lambda.amazonaws.com", Service),
            ("arn:aws:iam::111122223333:saml-provider/corp", FederatedCaller),
            ("accounts.google.com", FederatedCaller),
            ("cognito-identity.amazonaws.com", FederatedCaller),
            ("anonymous", Anonymous),
        ] {
            assert_eq!(text.parse::<Principal>().map(|principal| principal.kind()), Ok(kind), "{text}");
        }
    }

    #[test]
    fn what_cannot_ask_is_refused() {
        for text in [
            "",
            "alice",
            "*",
            "arn:aws:iam::111122223333:role/ops",
            "arn:aws:iam::111122223333:group/devs",
            "arn:aws:iam::1111:user/alice",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:sts::111122223333:assumed-role/ops",
            "arn:aws:s3:::bucket",
            "arn:aws:iam::111122223333:user/a\n",
            "Lambda.amazonaws.com",
            "LAMBDA.AMAZONAWS.COM",
        ] {
            assert!(text.parse::<Principal>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn pr_006_facts_must_fit_the_requester() {
        let with = |who: &str, details| who.parse::<Principal>().unwrap().with_details(details).is_ok();
        let role =
            |role: &str| PrincipalDetails { role_arn: role.parse().ok(), ..PrincipalDetails::default() };
        let session = "arn:aws:sts::111122223333:assumed-role/ops/s1";
        for (arn, fits) in [
            ("arn:aws:iam::111122223333:role/ops", true),
            ("arn:aws:iam::111122223333:role/team/ops", true),
            ("arn:aws:iam::111122223333:role/admin", false),
            ("arn:aws:iam::444455556666:role/ops", false),
            ("arn:aws-cn:iam::111122223333:role/ops", false),
            ("arn:aws:iam::999999999999:role/aws-service-role/x/ops", false),
            ("arn:aws:iam::111122223333:user/ops", false),
        ] {
            assert_eq!(with(session, role(arn)), fits, "{arn}");
        }
        assert!(!with("arn:aws:iam::111122223333:user/ops", role("arn:aws:iam::111122223333:role/ops")));
        let of_service = PrincipalDetails {
            service_names: vec!["x.amazonaws.com".to_owned()],
            ..PrincipalDetails::default()
        };
        assert!(!with(session, of_service.clone()) && with("x.amazonaws.com", of_service));
        let federated = PrincipalDetails {
            credential: Some(CredentialType::GetFederationToken),
            ..PrincipalDetails::default()
        };
        assert!(!with("arn:aws:iam::111122223333:user/alice", federated.clone()));
        assert!(with("arn:aws:sts::111122223333:federated-user/bob", federated));
    }

    #[test]
    fn names_are_found_behind_paths() {
        let user: Principal = "arn:aws:iam::111122223333:user/a/b/alice".parse().unwrap();
        assert_eq!(user.user_name(), Some("alice"));
        let session: Principal = "arn:aws:sts::111122223333:assumed-role/ops/s1".parse().unwrap();
        assert_eq!((session.role_name(), session.session_name()), (Some("ops"), Some("s1")));
    }
}
