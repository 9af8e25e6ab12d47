//! How temporary credentials are handed over: to a shell, to a program, to the AWS CLI.

use clap::Args;
use serde_json::json;
use twokeys::report::json_pretty;

use super::left;
use crate::client::session_file::Session;
use crate::client::{Stop, quoted};
use crate::commands::Io;
use crate::failure::Problem;

/// How to write credentials.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// How to write the credentials: `env` (lines for a shell), `json` (as the AWS CLI does),
    /// `credential-process`, or `aws-profile NAME` (a section for the shared credentials file)
    #[arg(long, value_names = ["FORM", "NAME"], num_args = 1..=2)]
    format: Vec<String>,
}

const FORMS: &str = "there are env, json, credential-process, and aws-profile NAME";

impl Form {
    /// Is one asked for?
    pub(crate) fn is_given(&self) -> bool {
        !self.format.is_empty()
    }

    /// Is data asked for?
    pub(crate) fn wants_json(&self) -> bool {
        matches!(self.words().as_slice(), ["json" | "credential-process"])
    }

    fn words(&self) -> Vec<&str> {
        self.format.iter().map(String::as_str).collect()
    }

    /// Before anything is asked for: what is got must be handed over.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        match self.words().as_slice() {
            [] | ["env" | "json" | "credential-process"] => Ok(()),
            ["aws-profile", name] if !name.is_empty() && !name.contains(['[', ']', '\n']) => Ok(()),
            other => {
                Err(Problem::new("usage", format!("`--format {}` is no form", other.join(" "))).help(FORMS))
            }
        }
    }

    /// Writes them, on standard output. `mfa` is what is known of the second key in them.
    pub(crate) fn write(&self, io: &mut Io<'_>, session: &Session, mfa: Option<bool>) -> Result<(), Stop> {
        let Session { access_key_id, secret_access_key, session_token, .. } = session;
        let expires = session.expiration.format("%FT%TZ");
        match self.words().as_slice() {
            ["json"] => {
                let credentials = json!({
                    "AccessKeyId": access_key_id,
                    "SecretAccessKey": secret_access_key,
                    "SessionToken": session_token,
                    "Expiration": expires.to_string(),
                });
                writeln!(io.out, "{}", json_pretty(&json!({ "Credentials": credentials }))?)?;
            }
            ["credential-process"] => {
                let credentials = json!({
                    "Version": 1,
                    "AccessKeyId": access_key_id,
                    "SecretAccessKey": secret_access_key,
                    "SessionToken": session_token,
                    "Expiration": expires.to_string(),
                });
                writeln!(io.out, "{}", json_pretty(&credentials)?)?;
            }
            ["aws-profile", name] => writeln!(
                io.out,
                "[{name}]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n\
                 aws_session_token = {session_token}\nendpoint_url = {}",
                session.endpoint
            )?,
            _ => {
                for (name, value) in [
                    ("AWS_ACCESS_KEY_ID", access_key_id),
                    ("AWS_SECRET_ACCESS_KEY", secret_access_key),
                    ("AWS_SESSION_TOKEN", session_token),
                ] {
                    writeln!(io.out, "export {name}={}", quoted(value))?;
                }
                let present =
                    mfa.map_or_else(String::new, |mfa| format!("aws:MultiFactorAuthPresent={mfa}, "));
                writeln!(io.out, "# {present}expires {expires}, {} left", left(session.expiration))?;
            }
        }
        if mfa == Some(false) && !io.look.quiet {
            writeln!(
                io.err,
                "note: these credentials carry aws:MultiFactorAuthPresent=false; calls of IAM with those of `session token` are refused"
            )?;
        }
        Ok(())
    }
}
