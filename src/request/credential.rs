//! The second factor of a request and what signed it, in the words people use (UX-042).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::context::ContextBuilder;
use super::key::KeyName;
use super::principal::{CredentialType, PrincipalKind};

/// What a request says of MFA. Three states, never two (UX-002).
///
/// Missing is what a long-term access key has; false is what temporary credentials without MFA have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MfaState {
    /// Neither key is there.
    Missing,
    /// `aws:MultiFactorAuthPresent` is `false`; there is no age (MF-003).
    False,
    /// `aws:MultiFactorAuthPresent` is `true`, and the second factor was given this many seconds ago.
    True {
        /// Seconds since then.
        age: u64,
    },
}

/// Which states are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MfaAsked {
    /// [`MfaState::Missing`]
    Missing,
    /// [`MfaState::False`]
    False,
    /// [`MfaState::True`]
    True,
    /// Each of the three.
    #[default]
    All,
}

/// What signed a request. Each sets exactly the keys AWS puts into the context for it (MF-002).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An access key of a user: `access-key`.
    AccessKey,
    /// An access key of root: `root`.
    Root,
    /// `GetSessionToken`: `session`, or `session-mfa:AGE`.
    Session {
        /// Seconds since MFA, if it was given.
        mfa_age: Option<u64>,
    },
    /// Sign-in to the console: `console`, or `console-mfa:AGE`.
    Console {
        /// Seconds since MFA, if it was given.
        mfa_age: Option<u64>,
    },
    /// A session of a role: `role`, or `role-mfa:AGE` if it was made from an MFA session.
    Role {
        /// Seconds since MFA in the session that assumed the role.
        mfa_age: Option<u64>,
    },
    /// A session of someone whom another identity provider vouches for: `federated`.
    Federated,
}

/// Why a text is none of the words of this module.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidCredential {
    /// It is no state of MFA.
    #[error("MFA is `missing`, `false`, `true` or `all`, not `{0}`")]
    Mfa(String),
    /// It is no credential.
    #[error("`{0}` is no kind of credential")]
    Unknown(String),
    /// The age is left out, or is no number of seconds.
    #[error("`{0}` takes the seconds since MFA behind a colon, such as `{word}:300`", word = word_of(.0))]
    Age(String),
    /// An age is given where there can be none.
    #[error("`{0}` has no MFA, so it takes no age")]
    NoAge(String),
}

impl MfaState {
    /// Puts the keys of this state into a context. A key that is absent is *said* to be, so that it
    /// stays so where all that is not given is unknown.
    #[must_use]
    pub fn apply(self, builder: ContextBuilder) -> ContextBuilder {
        match self {
            Self::Missing => builder.absent(KeyName::MFA_PRESENT).absent(KeyName::MFA_AGE),
            Self::False => builder.set(KeyName::MFA_PRESENT, ["false"]).absent(KeyName::MFA_AGE),
            Self::True { age } => {
                builder.set(KeyName::MFA_PRESENT, ["true"]).set(KeyName::MFA_AGE, [age.to_string()])
            }
        }
    }

    /// The state in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::False => "false",
            Self::True { .. } => "true",
        }
    }
}

impl MfaAsked {
    /// The words, in the order of their states.
    pub const WORDS: [&'static str; 4] = ["missing", "false", "true", "all"];

    /// The one state, if it is one; `age` is that of the true one.
    pub fn one(self, age: u64) -> Option<MfaState> {
        match self {
            Self::Missing => Some(MfaState::Missing),
            Self::False => Some(MfaState::False),
            Self::True => Some(MfaState::True { age }),
            Self::All => None,
        }
    }

    /// The states, each once.
    pub fn states(self, age: u64) -> Vec<MfaState> {
        match self.one(age) {
            Some(state) => vec![state],
            None => vec![MfaState::Missing, MfaState::False, MfaState::True { age }],
        }
    }
}

impl FromStr for MfaAsked {
    type Err = InvalidCredential;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "missing" => Ok(Self::Missing),
            "false" => Ok(Self::False),
            "true" => Ok(Self::True),
            "all" => Ok(Self::All),
            _ => Err(InvalidCredential::Mfa(text.to_owned())),
        }
    }
}

impl Credential {
    /// The words; those in `-mfa` take an age, as in `session-mfa:300`.
    pub const WORDS: [&'static str; 9] = [
        "access-key",
        "root",
        "session",
        "session-mfa",
        "console",
        "console-mfa",
        "role",
        "role-mfa",
        "federated",
    ];

    /// Can a requester of this kind have it?
    pub fn fits(self, kind: PrincipalKind) -> bool {
        use PrincipalKind::{FederatedUser, RoleSession, Root, User};
        match self {
            Self::AccessKey | Self::Session { .. } | Self::Console { .. } => matches!(kind, User | Root),
            Self::Root => kind == Root,
            Self::Role { .. } => kind == RoleSession,
            Self::Federated => matches!(kind, FederatedUser | RoleSession),
        }
    }

    /// What AWS restricts it by, if it does (EV-097).
    pub fn credential_type(self, kind: PrincipalKind) -> Option<CredentialType> {
        match self {
            Self::AccessKey | Self::Root => Some(CredentialType::LongTerm),
            Self::Session { .. } => Some(CredentialType::GetSessionToken),
            Self::Federated if kind == PrincipalKind::FederatedUser => {
                Some(CredentialType::GetFederationToken)
            }
            Self::Console { .. } | Self::Role { .. } | Self::Federated => None,
        }
    }

    /// Does it expire?
    pub fn is_temporary(self) -> bool {
        !matches!(self, Self::AccessKey | Self::Root)
    }

    /// Seconds since MFA, as far as the credential tells them.
    pub fn mfa_age(self) -> Option<u64> {
        match self {
            Self::Session { mfa_age } | Self::Console { mfa_age } | Self::Role { mfa_age } => mfa_age,
            Self::AccessKey | Self::Root | Self::Federated => None,
        }
    }
}

impl FromStr for Credential {
    type Err = InvalidCredential;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, age) = match text.split_once(':') {
            Some((word, age)) => (word, Some(age)),
            None => (text, None),
        };
        let seconds = || {
            let digits = age.filter(|age| age.bytes().all(|byte| byte.is_ascii_digit()));
            let age = digits.and_then(|age| age.parse().ok());
            age.map(Some).ok_or_else(|| InvalidCredential::Age(text.to_owned()))
        };
        let without = |credential| match age {
            None => Ok(credential),
            Some(_) => Err(InvalidCredential::NoAge(word.to_owned())),
        };
        match word {
            "access-key" => without(Self::AccessKey),
            "root" => without(Self::Root),
            "session" => without(Self::Session { mfa_age: None }),
            "session-mfa" => Ok(Self::Session { mfa_age: seconds()? }),
            "console" => without(Self::Console { mfa_age: None }),
            "console-mfa" => Ok(Self::Console { mfa_age: seconds()? }),
            "role" => without(Self::Role { mfa_age: None }),
            "role-mfa" => Ok(Self::Role { mfa_age: seconds()? }),
            "federated" => without(Self::Federated),
            _ => Err(InvalidCredential::Unknown(text.to_owned())),
        }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessKey => "access-key",
            Self::Root => "root",
            Self::Session { .. } => "session",
            Self::Console { .. } => "console",
            Self::Role { .. } => "role",
            Self::Federated => "federated",
        })?;
        self.mfa_age().map_or(Ok(()), |age| write!(f, "-mfa:{age}"))
    }
}

fn word_of(text: &str) -> &str {
    text.split(':').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Context, KeyState};

    #[test]
    fn credentials_print_as_they_are_read() {
        for text in ["access-key", "root", "session", "session-mfa:300", "console", "console-mfa:0", "role"] {
            assert_eq!(text.parse::<Credential>().unwrap().to_string(), text);
        }
        for text in ["", "key", "session-mfa", "session-mfa:", "session-mfa:-1", "session-mfa:+1", "role:5"] {
            assert!(text.parse::<Credential>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_word_is_read() {
        for word in Credential::WORDS {
            let text = if word.ends_with("-mfa") { format!("{word}:1") } else { word.to_owned() };
            assert!(text.parse::<Credential>().is_ok(), "{word}");
        }
        assert!(MfaAsked::WORDS.iter().all(|word| word.parse::<MfaAsked>().is_ok()));
    }

    #[test]
    fn ux_042_missing_is_said_even_where_the_rest_is_unknown() {
        let context = MfaState::Missing.apply(Context::builder().unknown("*")).build().unwrap();
        assert_eq!(context.get("aws:MultiFactorAuthPresent"), KeyState::Absent);
        assert_eq!(context.get("aws:MultiFactorAuthAge"), KeyState::Absent);
        assert_eq!(context.get("aws:SourceIp"), KeyState::Unknown);
    }

    #[test]
    fn credentials_tell_whether_they_expire_and_how_old_mfa_is() {
        for (text, expires, age) in [
            ("access-key", false, None),
            ("root", false, None),
            ("session", true, None),
            ("session-mfa:300", true, Some(300)),
            ("console-mfa:7", true, Some(7)),
            ("role-mfa:60", true, Some(60)),
            ("federated", true, None),
        ] {
            let credential: Credential = text.parse().unwrap();
            assert_eq!((credential.is_temporary(), credential.mfa_age()), (expires, age), "{text}");
        }
        let states = [MfaState::Missing, MfaState::False, MfaState::True { age: 1 }];
        assert_eq!(states.map(MfaState::as_str), ["missing", "false", "true"]);
    }

    #[test]
    fn a_user_has_no_role_session_and_a_role_no_access_key() {
        use PrincipalKind::{FederatedUser, RoleSession, Root, User};
        assert!(Credential::AccessKey.fits(User) && !Credential::AccessKey.fits(RoleSession));
        assert!(Credential::Root.fits(Root) && !Credential::Root.fits(User));
        assert!(Credential::Federated.fits(FederatedUser) && !Credential::Federated.fits(User));
        let of_federation = Credential::Federated.credential_type(FederatedUser);
        assert_eq!(of_federation, Some(CredentialType::GetFederationToken));
        assert_eq!(Credential::Federated.credential_type(RoleSession), None);
    }
}
