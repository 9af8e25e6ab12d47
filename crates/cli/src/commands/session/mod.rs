//! `twokeys session`: temporary credentials, with MFA in them if a code is given.

mod form;

pub(crate) use form::Form;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use twokeys::source::escaped;

use super::Io;
use crate::client::session_file::Session;
use crate::client::{Client, Operation, Origin, Remote, Stop, dry_run, iam_url, prompt, settle};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Temporary credentials: get some, with MFA or without, and see which there are
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  twokeys session token --mfa alice-phone --dry-run
  twokeys session assume arn:aws:iam::123456789012:role/Ops --mfa alice-phone --dry-run"
)]
pub(crate) struct SessionCommand {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Token(Token),
    Assume(Assume),
    Whoami(Whoami),
    Show(Show),
}

/// `GetSessionToken`: temporary credentials of the user who calls, by a long-term access key
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys session token --mfa alice-phone --code 123456 --duration 1h --dry-run
  twokeys session token --dry-run

In a shell: eval \"$(twokeys session token --mfa alice-phone)\"")]
struct Token {
    #[command(flatten)]
    factor: Factor,
    /// How long, such as `12h`, `15m` or a number of seconds
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    duration: Option<u64>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    remote: Remote,
}

/// `AssumeRole`: temporary credentials of a role
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys session assume arn:aws:iam::123456789012:role/Ops --mfa alice-phone --dry-run
  twokeys session assume arn:aws:iam::123456789012:role/Ops --session-name nightly --dry-run")]
struct Assume {
    /// The role
    #[arg(value_name = "ROLE-ARN")]
    role: String,
    /// The name of the session
    #[arg(long, value_name = "NAME", default_value = "twokeys")]
    session_name: String,
    /// A policy that the session is cut down to
    #[arg(long, value_name = "FILE")]
    session_policy: Option<PathBuf>,
    #[command(flatten)]
    factor: Factor,
    /// How long, such as `1h`, `15m` or a number of seconds
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    duration: Option<u64>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    remote: Remote,
}

/// `GetCallerIdentity`: who the keys are of
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys session whoami --dry-run
  twokeys session whoami --endpoint http://127.0.0.1:4599 --dry-run")]
struct Whoami {
    #[command(flatten)]
    remote: Remote,
}

/// Which keys would sign, and where they come from; no secret and no network
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=- twokeys session show
  twokeys session show --help
  twokeys session show --dry-run")]
struct Show {
    #[command(flatten)]
    remote: Remote,
}

/// The second key.
#[derive(Debug, Args)]
struct Factor {
    /// The device: its ARN, or the name of a virtual one
    #[arg(long, value_name = "SERIAL|NAME")]
    mfa: Option<String>,
    /// The serial number of a device that has no ARN
    #[arg(long, value_name = "SERIAL", conflicts_with = "mfa")]
    serial_number: Option<String>,
    /// The code; `-` reads it from standard input [default: it is asked for]
    #[arg(long = "code", visible_alias = "token-code", value_name = "CODE")]
    code: Option<String>,
}

impl SessionCommand {
    /// Exit status: 0 done, 1 the server refused, 2 trouble, 4 sign in or give a code first.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let done = match &self.command {
            What::Token(command) => command.run(io),
            What::Assume(command) => command.run(io),
            What::Whoami(command) => command.run(io),
            What::Show(command) => command.run(io),
        };
        settle(io, done)
    }

    /// Are errors to be told as data, on standard output?
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            What::Token(command) => command.form.wants_json(),
            What::Assume(command) => command.form.wants_json(),
            What::Whoami(_) | What::Show(_) => false,
        }
    }
}

impl Token {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let operation = Operation::sts("GetSessionToken").with_some("DurationSeconds", text(self.duration));
        get(io, operation, &self.factor, &self.form, &self.remote)
    }
}

impl Assume {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let policy = self.session_policy.as_deref().map(|path: &Path| io.input.read(path, "session policy"));
        let policy = policy.transpose()?.map(|document| document.text().into_owned());
        let operation = Operation::sts("AssumeRole")
            .with("RoleArn", &self.role)
            .with("RoleSessionName", &self.session_name)
            .with_some("Policy", policy)
            .with_some("DurationSeconds", text(self.duration));
        get(io, operation, &self.factor, &self.form, &self.remote)
    }
}

fn text(seconds: Option<u64>) -> Option<String> {
    seconds.map(|seconds| seconds.to_string())
}

/// Makes the call and hands the credentials over.
fn get(
    io: &mut Io<'_>,
    operation: Operation,
    factor: &Factor,
    form: &Form,
    remote: &Remote,
) -> Result<Exit, Stop> {
    form.check()?;
    if factor.code.is_some() && factor.mfa.is_none() && factor.serial_number.is_none() {
        let help = "name the device: --mfa NAME; `twokeys mfa list` tells which there are";
        return Err(Problem::new("no-code", "a code is of a device, and none is named").help(help).into());
    }
    let with_mfa = factor.mfa.is_some() || factor.serial_number.is_some();
    if remote.dry_run {
        let mut operation = operation.with_some("SerialNumber", factor.serial_number.clone());
        if let Some(name) = &factor.mfa {
            let serial = super::mfa::serial_on_line(name, &iam_url(remote)?);
            operation = operation.shell(&format!("--serial-number {serial}"));
        }
        if with_mfa {
            let code = factor.code.as_deref().filter(|code| *code != "-").unwrap_or("CODE");
            operation = operation.shell(&format!("--token-code {}", crate::client::quoted(code)));
        }
        dry_run(io, remote, &[operation])?;
        return Ok(Exit::Yes);
    }
    let client = Client::new(remote)?;
    let mut operation = operation;
    let mut code = None;
    if with_mfa {
        let serial = match (&factor.serial_number, &factor.mfa) {
            (Some(serial), _) => serial.clone(),
            (None, name) => super::mfa::serial_of(name.as_deref().unwrap_or_default(), &client)?,
        };
        let device = factor.mfa.as_deref().unwrap_or(&serial);
        let given = prompt::code(io, factor.code.as_deref(), &format!("MFA code for {device}"))?;
        operation = operation.with("SerialNumber", &serial).with("TokenCode", &given);
        code = Some(given);
    }
    let answer = client.call(&operation).map_err(|stop| match (stop, &code) {
        (Stop::Refused(mut refusal), Some(code)) => {
            refusal.about(&[code], &[], "set the clock, or bring the device in step: twokeys mfa resync");
            Stop::Refused(refusal)
        }
        (stop, _) => stop,
    })?;
    let member = |name: &str| answer.text(&format!("Credentials/{name}")).map(str::to_owned);
    let session = || {
        Some(Session {
            endpoint: client.endpoints.of(operation.service).url(),
            account: String::new(),
            user: String::new(),
            mfa: with_mfa,
            access_key_id: member("AccessKeyId")?,
            secret_access_key: member("SecretAccessKey")?,
            session_token: member("SessionToken")?,
            expiration: DateTime::parse_from_rfc3339(&member("Expiration")?).ok()?.to_utc(),
        })
    };
    let session = session().ok_or_else(|| Problem::new("no-endpoint", "the answer has no credentials"))?;
    // A role session carries the MFA of the session it was made from, which only the server knows.
    let known = (operation.action == "GetSessionToken").then_some(with_mfa);
    form.write(io, &session, known)?;
    Ok(Exit::Yes)
}

impl Whoami {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        if self.remote.dry_run {
            dry_run(io, &self.remote, &[Operation::sts("GetCallerIdentity")])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let [account, arn, id] = client.identity()?.map(|text| escaped(&text));
        writeln!(io.out, "arn      {arn}\naccount  {account}\nid       {id}")?;
        Ok(Exit::Yes)
    }
}

impl Show {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        if self.remote.dry_run {
            writeln!(io.out, "aws configure list")?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let origin = match &client.keys.origin {
            Origin::Environment => "the environment".to_owned(),
            Origin::Profile(name) => format!("the profile {}", escaped(name)),
            Origin::Login { .. } => "twokeys login".to_owned(),
        };
        let kind = match (&client.keys.origin, &client.keys.token) {
            (Origin::Login { mfa, .. }, _) => format!("a session, MFA {mfa}"),
            (_, Some(_)) => "a session".to_owned(),
            (_, None) => "a long-term access key, which never carries MFA".to_owned(),
        };
        writeln!(io.out, "key       {}\nfrom      {origin}\nkind      {kind}", escaped(&client.keys.id))?;
        writeln!(io.out, "endpoint  {}", iam_url(&self.remote)?)?;
        if let Origin::Login { expires, .. } = &client.keys.origin {
            writeln!(io.out, "expires   {}, {} left", expires.format("%FT%TZ"), left(*expires))?;
        }
        Ok(Exit::Yes)
    }
}

/// `11 h 59 min`
fn left(expires: DateTime<Utc>) -> String {
    let minutes = (expires - crate::client::clock()).num_minutes().max(0);
    format!("{} h {} min", minutes / 60, minutes % 60)
}

/// `12h`, `15m`, `900s` or `900`.
fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, 'h')) => (text.get(..at), 3_600),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 's')) => (text.get(..at), 1),
        _ => (Some(text), 1),
    };
    let number = number.and_then(|number| number.parse::<u64>().ok());
    let seconds = number.and_then(|number| number.checked_mul(unit));
    seconds.ok_or_else(|| format!("`{text}` is no time such as 12h, 15m or 900"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, expected) in [("12h", 43_200), ("15m", 900), ("900s", 900), ("900", 900)] {
            assert_eq!(seconds(text), Ok(expected));
        }
        for text in ["", "h", "1d", "-1", "1.5h", "99999999999999999999", "9999999999999999999h", "é"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
