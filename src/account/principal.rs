//! Someone of an account who can ask: a user, or a session of a role.

use super::held::{Held, Tag};
use super::{Role, User};
use crate::name::Arn;
use crate::request::{InvalidPrincipal, Principal, PrincipalDetails};

/// The name of the session that stands for a role.
pub const SESSION_NAME: &str = "twokeys";

/// A user or a role.
#[derive(Debug, Clone, Copy)]
pub enum PrincipalRef<'a> {
    /// A user.
    User(&'a User),
    /// A role; what asks is a session of it.
    Role(&'a Role),
}

impl<'a> PrincipalRef<'a> {
    /// `user/alice`, `role/ops`: the name without its path.
    pub fn label(self) -> String {
        match self {
            Self::User(user) => format!("user/{}", user.name),
            Self::Role(role) => format!("role/{}", role.name),
        }
    }

    /// The ARN of the user or the role.
    pub fn arn(self) -> &'a Arn {
        match self {
            Self::User(user) => &user.arn,
            Self::Role(role) => &role.arn,
        }
    }

    /// The tags, which are `aws:PrincipalTag/…`.
    pub fn tags(self) -> &'a [Tag] {
        match self {
            Self::User(user) => &user.tags,
            Self::Role(role) => &role.tags,
        }
    }

    /// The policies it holds itself.
    pub fn held(self) -> &'a Held {
        match self {
            Self::User(user) => &user.held,
            Self::Role(role) => &role.held,
        }
    }

    /// The groups whose policies count too.
    pub fn groups(self) -> &'a [String] {
        match self {
            Self::User(user) => &user.groups,
            Self::Role(_) => &[],
        }
    }

    /// Is it a user?
    pub fn is_user(self) -> bool {
        matches!(self, Self::User(_))
    }

    /// Who asks: the user, or a session of the role.
    ///
    /// # Errors
    ///
    /// The name is none that AWS gives, so that no ARN of a session can be made of it.
    pub fn to_principal(self) -> Result<Principal, InvalidPrincipal> {
        match self {
            Self::User(user) => {
                let details = PrincipalDetails { unique_id: user.id.clone(), ..PrincipalDetails::default() };
                user.arn.as_str().parse::<Principal>()?.with_details(details)
            }
            Self::Role(role) => {
                let account = role.arn.account().map(|account| account.to_string()).unwrap_or_default();
                let session = format!(
                    "arn:{}:sts::{account}:assumed-role/{}/{SESSION_NAME}",
                    role.arn.partition(),
                    role.name
                );
                let details = PrincipalDetails {
                    unique_id: role.id.clone(),
                    role_arn: Some(role.arn.clone()),
                    ..PrincipalDetails::default()
                };
                session.parse::<Principal>()?.with_details(details)
            }
        }
    }
}
