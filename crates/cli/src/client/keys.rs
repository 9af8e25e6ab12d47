//! The keys that sign: those of the environment, of a profile, or of `twokeys login`.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::refusal::Stop;
use super::{Profile, Remote, session_file};
use crate::failure::Problem;
use crate::input::variable;

/// An access key, long-term or temporary.
#[derive(Debug)]
pub(crate) struct Keys {
    /// `AKIA…` or `ASIA…`
    pub(crate) id: String,
    /// The secret.
    pub(crate) secret: SecretString,
    /// The token of a temporary key.
    pub(crate) token: Option<SecretString>,
    /// Where they were found.
    pub(crate) origin: Origin,
}

/// Where keys were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// The shared files of the AWS CLI.
    Profile(String),
    /// `twokeys login`
    Login {
        /// When they end.
        expires: DateTime<Utc>,
        /// Was a code given?
        mfa: bool,
    },
}

impl Keys {
    /// Finds them, and the endpoint that gave them if they are of `twokeys login`. No other provider is asked.
    pub(crate) fn find(
        remote: &Remote,
        profile: &Profile,
        now: DateTime<Utc>,
    ) -> Result<(Self, Option<String>), Stop> {
        if !profile.by_flag
            && let Some(keys) = of_environment()?
        {
            return Ok((keys, None));
        }
        if let Some((id, secret, token)) = &profile.key {
            let origin = Origin::Profile(profile.name.clone());
            let keys = Self { id: id.clone(), secret: secret.clone(), token: token.clone(), origin };
            return Ok((keys, None));
        }
        let named = remote.profile.is_some() || variable("AWS_PROFILE").is_some();
        if let Some(other) = profile.other.filter(|_| named) {
            let message =
                format!("the profile {} has no keys but `{other}`, which is not followed here", profile.name);
            let help = "let the AWS CLI do it: eval \"$(aws configure export-credentials --format env)\"";
            return Err(Stop::SignIn(Problem::new("no-keys", message).help(help)));
        }
        if named {
            let message = format!("the profile {} has no keys", profile.name);
            return Err(Stop::SignIn(Problem::new("no-keys", message).help("give it some: aws configure")));
        }
        let Some(session) = session_file::read()? else {
            return Err(Stop::SignIn(Problem::new("no-keys", "nothing says who you are").help(
                "sign in with `twokeys login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile",
            )));
        };
        if session.expiration <= now {
            let message =
                format!("the session of `twokeys login` ended at {}", session.expiration.format("%FT%TZ"));
            return Err(Stop::SignIn(Problem::new("no-keys", message).help("sign in again: twokeys login")));
        }
        let keys = Self {
            id: session.access_key_id,
            secret: session.secret_access_key.into(),
            token: Some(session.session_token.into()),
            origin: Origin::Login { expires: session.expiration, mfa: session.mfa },
        };
        Ok((keys, Some(session.endpoint)))
    }
}

/// Both variables or neither: half a key is a mistake, not an invitation to use another.
fn of_environment() -> Result<Option<Keys>, Problem> {
    match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => Ok(Some(Keys {
            id,
            secret: secret.into(),
            token: variable("AWS_SESSION_TOKEN").map(SecretString::from),
            origin: Origin::Environment,
        })),
        (Some(_), None) => Err(half("AWS_SECRET_ACCESS_KEY")),
        (None, Some(_)) => Err(half("AWS_ACCESS_KEY_ID")),
    }
}

fn half(missing: &str) -> Problem {
    Problem::new("no-keys", format!("half of a key is in the environment: {missing} is missing"))
        .help("set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither")
}
