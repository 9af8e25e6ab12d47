//! `twokeys login` and `logout`: a session by password and code, kept in one file.

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::Io;
use super::session::Form;
use crate::client::session_file::{self, Session};
use crate::client::{Endpoints, Http, Profile, Refusal, Remote, Stop, clock, prompt, settle};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Sign in to a local endpoint with a password and, if the user has a device, a code
///
/// The session lasts twelve hours and stands in `~/.config/twokeys/session.json`, which only you may read;
/// `mfa` and `session` use it where the environment and the shared files have no keys.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys login --account 123456789012 --user alice --password-stdin < /dev/null || true
  twokeys login --account 123456789012 --user alice --mfa-code 123456 < /dev/null || true")]
pub(crate) struct Login {
    /// The account's number or alias
    #[arg(long, value_name = "ID")]
    account: String,
    /// The user [default: the root user]
    #[arg(long, value_name = "NAME", default_value = "")]
    user: String,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// The code; `-` reads it from standard input, behind the password
    #[arg(long, value_name = "CODE")]
    mfa_code: Option<String>,
    /// Where the password must be changed: read the new one from standard input, behind the rest
    #[arg(long)]
    new_password_stdin: bool,
    /// Which device the code is of [default: each of the user's is tried]
    #[arg(long, value_name = "SERIAL")]
    serial_number: Option<String>,
    #[command(flatten)]
    form: Form,
    /// The endpoint, on this machine [default: as for `mfa`]
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

/// Forget the session of `twokeys login`
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys logout
  twokeys logout --quiet")]
pub(crate) struct Logout {}

/// What is asked for instead of giving a session.
#[derive(Deserialize)]
struct Challenge {
    challenge: String,
    #[serde(default)]
    mfa_required: bool,
    #[serde(default)]
    password_reset_required: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    #[serde(with = "session_file::moment")]
    expiration: chrono::DateTime<chrono::Utc>,
}

impl Login {
    /// Exit status: 0 signed in, 1 refused, 2 trouble, 4 a password or code is needed.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let done = self.sign_in(io);
        settle(io, done)
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.form.wants_json()
    }

    fn sign_in(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        self.form.check()?;
        let remote = Remote { endpoint: self.endpoint.clone(), ..Remote::default() };
        let endpoints = Endpoints::find(&remote, &Profile::find(&remote)?, None)?;
        let endpoint = endpoints.of(twokeys_server::query::Service::Sts);
        let password = if self.password_stdin {
            prompt::line(io, "")?
                .map(SecretString::from)
                .filter(|password| !password.expose_secret().is_empty())
        } else {
            Some(prompt::secret("Password", "pipe it in: --password-stdin")?)
        };
        let password = password.ok_or_else(|| {
            Stop::SignIn(Problem::new(
                "no-password",
                "the password was to come from standard input, and nothing came",
            ))
        })?;
        let http = Http::new();
        let step = |path: &str, body: &serde_json::Value| -> Result<Vec<u8>, Stop> {
            let headers = [("content-type", "application/json")];
            let response = http.post(endpoint, path, &headers, body.to_string().as_bytes())?;
            if response.status == 200 {
                return Ok(response.body);
            }
            let told: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
            let message = told.get("error").and_then(serde_json::Value::as_str);
            let wait =
                response.retry_after.map(|seconds| format!("too many failures; try again in {seconds} s"));
            let mut refusal = Refusal {
                action: "sign-in".to_owned(),
                code: response.status.to_string(),
                message: message.unwrap_or("the endpoint does not sign anyone in").to_owned(),
                ahead: response.ahead,
                notes: wait.into_iter().collect(),
            };
            if let Some(ahead) = refusal.ahead.filter(|ahead| ahead.abs() >= 30) {
                refusal.notes.push(format!(
                    "the clock here is {ahead} s ahead of the server's; a code goes by the time"
                ));
            }
            Err(refusal.into())
        };
        let said =
            json!({ "account": self.account, "user": self.user, "password": password.expose_secret() });
        let mut answer = step("/sign-in", &said)?;
        let asked = |answer: &[u8]| serde_json::from_slice::<Challenge>(answer).ok();
        let mut mfa = false;
        if let Some(Challenge { challenge, .. }) = asked(&answer).filter(|asked| asked.mfa_required) {
            let code = prompt::code(io, self.mfa_code.as_deref(), "MFA code")?;
            let said = json!({ "challenge": challenge, "code": code, "serial": self.serial_number });
            answer = step("/sign-in/mfa", &said)?;
            mfa = true;
        }
        if let Some(Challenge { challenge, .. }) =
            asked(&answer).filter(|asked| asked.password_reset_required)
        {
            let new = self.new_password(io)?;
            let said = json!({ "challenge": challenge, "new_password": new.expose_secret() });
            answer = step("/sign-in/new-password", &said)?;
        }
        let credentials: Credentials = serde_json::from_slice(&answer)
            .map_err(|_| Problem::new("no-endpoint", format!("{} gave no session", endpoint.url())))?;
        let session = Session {
            endpoint: endpoint.url(),
            account: self.account.clone(),
            user: self.user.clone(),
            mfa,
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
            expiration: credentials.expiration,
        };
        if self.form.is_given() {
            self.form.write(io, &session, Some(mfa))?;
            return Ok(Exit::Yes);
        }
        let path = session_file::write(&session)?;
        let who = if self.user.is_empty() { "root" } else { &self.user };
        let left = (session.expiration - clock()).num_minutes();
        writeln!(
            io.err,
            "Signed in as {who} {}, for {} h {} min; {}",
            if mfa { "with MFA" } else { "without MFA" },
            left / 60,
            left % 60,
            path.display()
        )?;
        Ok(Exit::Yes)
    }
}

impl Login {
    /// The password that takes the place of one that must be changed.
    fn new_password(&self, io: &mut Io<'_>) -> Result<SecretString, Stop> {
        if self.new_password_stdin {
            let nothing = || {
                Stop::SignIn(Problem::new(
                    "no-password",
                    "the new password was to come from standard input, and nothing came",
                ))
            };
            return prompt::line(io, "")?
                .filter(|new| !new.is_empty())
                .map(SecretString::from)
                .ok_or_else(nothing);
        }
        writeln!(io.err, "The password must be changed.")?;
        let new = prompt::secret("A new password", "pipe it in: --new-password-stdin")?;
        let again = prompt::secret("Once more", "pipe it in: --new-password-stdin")?;
        if new.expose_secret() != again.expose_secret() {
            return Err(Problem::new("no-password", "the two are not the same").into());
        }
        Ok(new)
    }
}

impl Logout {
    /// Exit status: 0 whether or not there was a session.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let said = if session_file::remove()? { "The session is forgotten" } else { "There was no session" };
        if !io.look.quiet {
            writeln!(io.err, "{said}")?;
        }
        Ok(Exit::Yes)
    }
}
