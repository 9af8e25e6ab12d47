//! `twokeys serve`: a local IAM and STS endpoint that checks codes, signatures and policies.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use twokeys::mfa::{Profile, Window};
use twokeys::name::AccountId;
use twokeys_server::audit::{Audit, Log};
use twokeys_server::bootstrap::{RootKey, Shown};
use twokeys_server::folder::{Master, default_key_file};
use twokeys_server::from_dump::Dump;
use twokeys_server::http::MOST_BODY;
use twokeys_server::query::Settings;
use twokeys_server::serve::{Service, serve};
use twokeys_server::start::{Start, Started, secret, start_from};

use super::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input;
use crate::intake::{AccountFiles, Home};

/// Serve IAM and STS on this machine: real clients, real codes, every call decided by policies
///
/// The first start makes an account with nothing but its root user, whose access key is printed once.
/// Everything is kept in the data folder; a code is good once, and that outlives a restart. There is no
/// switch that makes the endpoint accept any code or skip a policy.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys serve
  twokeys serve --in-memory --listen 127.0.0.1:0
  twokeys serve --in-memory --listen 127.0.0.1:0 --account tests/data/account/moto.json

Then, in another terminal, with the key that was printed:
  aws --endpoint-url http://127.0.0.1:4599 iam create-user --user-name alice")]
pub(crate) struct Serve {
    /// The address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4599")]
    listen: SocketAddr,
    /// Listen on an address that others can reach, without TLS
    #[arg(long)]
    i_know_this_is_exposed: bool,
    /// A host name to serve beside loopback's
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// The folder where the account is kept
    #[arg(long, value_name = "DIR", default_value = "twokeys-data", conflicts_with = "in_memory")]
    data: PathBuf,
    /// Keep nothing: the account goes with the process
    #[arg(long)]
    in_memory: bool,
    /// What to fill an empty account with: users, groups, roles, policies, devices
    #[arg(long, value_name = "FILE")]
    bootstrap: Option<PathBuf>,
    /// A dump to fill an empty account with, as `aws iam get-account-authorization-details` prints it.
    /// Pages may be given one by one. It has no secrets: root's key makes new ones
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bootstrap", "world"])]
    account: Vec<PathBuf>,
    /// A folder to fill an empty account with, as `account unpack` writes it
    #[arg(long, value_name = "DIR", conflicts_with = "bootstrap")]
    world: Option<PathBuf>,
    /// The number of a new account [default: 123456789012]
    #[arg(long, value_name = "ID")]
    account_id: Option<AccountId>,
    /// The key that seals seeds and secrets [default: the folder's name with `.key` behind it]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["in_memory", "master_passphrase_stdin"])]
    master_key_file: Option<PathBuf>,
    /// Read a passphrase from standard input instead of a key file
    #[arg(long, conflicts_with = "in_memory")]
    master_passphrase_stdin: bool,
    /// Managed policies of AWS that may be attached: {"policies": [{"arn", "document"}]}
    #[arg(long, value_name = "FILE")]
    managed_policies: Option<PathBuf>,
    /// How many steps a code may be early or late
    #[arg(long, value_name = "STEPS", default_value = "1", value_parser = ["0", "1"])]
    otp_window: String,
    /// Which reading of AWS to follow where its pages and reports differ
    #[arg(long, value_enum, default_value_t = MfaProfile::Documented)]
    mfa_profile: MfaProfile,
    /// End a user's sessions when a device of theirs is deactivated
    #[arg(long)]
    revoke_on_deactivate: bool,
    /// Log every answer on standard error
    #[arg(long, value_enum, value_name = "FORM")]
    log: Option<LogForm>,
    /// Change nothing: what would, fails, and so does every code, as its use could not be kept
    #[arg(long)]
    read_only: bool,
    /// Refuse longer bodies of requests, in bytes; at most 1 MiB
    #[arg(long, value_name = "BYTES", value_parser = body_size)]
    max_body: Option<usize>,
    /// Serve health and counters on this address too, to whoever can reach it
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    /// Write the address and a line end to this open descriptor once the socket accepts
    #[arg(long, value_name = "N")]
    ready_fd: Option<u32>,
    /// How many threads answer [default: one for each core]
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MfaProfile {
    Documented,
    Observed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogForm {
    Json,
    Human,
}

/// Who issues the codes, in the words of an authenticator (MFA-016).
const ISSUER: &str = "twokeys";

/// `1MiB`, `64KiB` or bytes.
fn body_size(text: &str) -> Result<usize, String> {
    let (digits, unit) = match (text.strip_suffix("KiB"), text.strip_suffix("MiB")) {
        (Some(digits), _) => (digits, 1024),
        (_, Some(digits)) => (digits, 1024 * 1024),
        _ => (text, 1),
    };
    let bytes = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    bytes.filter(|bytes| (1..=MOST_BODY).contains(bytes)).ok_or_else(|| "a size from 1 to 1MiB".to_owned())
}

fn trouble(error: impl std::fmt::Display) -> Failure {
    Problem::new("serve", error.to_string()).into()
}

impl Serve {
    /// Exit status: 0 it served and was asked to end, 2 it could not start.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        if !self.listen.ip().is_loopback() && !self.i_know_this_is_exposed {
            return Err(Problem::new("serve", format!("{} can be reached by others", self.listen.ip()))
                .help("listen on 127.0.0.1, or say --i-know-this-is-exposed: signatures are checked, but nothing is encrypted")
                .into());
        }
        let begun = std::time::Instant::now();
        let dump = self.dump(io)?;
        let started = start_from(self.settings(io)?, dump.as_ref()).map_err(trouble)?;
        self.tell(io, &started)?;
        let audit = (!self.in_memory).then(|| self.data.join("audit.jsonl"));
        let log = self.log.map(|form| match form {
            LogForm::Json => Log::Json,
            LogForm::Human => Log::Human,
        });
        let service = Service {
            endpoint: started.endpoint,
            audit: Audit::new(audit.as_deref(), log).map_err(trouble)?,
            listen: self.listen,
            hosts: self.hosts.clone(),
            decision_token: input::variable("TWOKEYS_DECISION_TOKEN").map(secret),
            metrics_listen: self.metrics_listen,
            most_body: self.max_body,
            workers: self.workers,
        };
        // Opened before, so that one that is not there is told now. It is a pipe of whoever started us.
        let mut waiting = self.ready_fd.map(input::descriptor).transpose().map_err(trouble)?;
        let err = &mut *io.err;
        serve(service, |address| {
            let said = writeln!(
                err,
                "endpoint  http://{address}/   iam, sts   aws --endpoint-url http://{address} sts get-caller-identity\n\
                 ready in {} ms; Ctrl-C stops",
                begun.elapsed().as_millis()
            );
            // Whoever reads it may be gone; the endpoint is not for them alone.
            let _ = said.and_then(|()| err.flush());
            if let Some(waiting) = &mut waiting {
                let _ = writeln!(waiting, "http://{address}/");
            }
        })
        .map_err(|error| trouble(format!("{}: {error}", self.listen)))?;
        Ok(Exit::Yes)
    }

    /// The account of `--account` or `--world`; one with problems is refused with all of them (RL-002).
    fn dump(&self, io: &mut Io<'_>) -> Result<Option<Dump>, Failure> {
        if self.account.is_empty() && self.world.is_none() {
            return Ok(None);
        }
        let files = AccountFiles {
            dumps: self.account.clone(),
            folder: self.world.clone(),
            all_versions: true,
            managed_policies: self.managed_policies.iter().cloned().collect(),
            ..AccountFiles::default()
        };
        Ok(Home::load(&files, false, &mut io.input)?.map(Home::into_dump))
    }

    fn settings(&self, io: &mut Io<'_>) -> Result<Start, Failure> {
        let data = if self.in_memory {
            None
        } else {
            let master = if self.master_passphrase_stdin {
                let text = io.input.read(Path::new("-"), "a passphrase")?;
                Master::Passphrase(secret(text.text().trim_end_matches(['\r', '\n']).to_owned()))
            } else {
                Master::File(self.master_key_file.clone().unwrap_or_else(|| default_key_file(&self.data)))
            };
            Some((self.data.clone(), master))
        };
        let mut read = |path: &Option<PathBuf>, wanted: &str| {
            let text = |path: &PathBuf| io.input.read(path, wanted).map(|file| file.text().into_owned());
            path.as_ref().map(text).transpose()
        };
        let bootstrap = read(&self.bootstrap, "a bootstrap file")?;
        let managed_policies = read(&self.managed_policies, "a file of managed policies")?;
        Ok(Start {
            data,
            account_id: self.account_id,
            bootstrap,
            managed_policies,
            root_key: root_key()?,
            read_only: self.read_only,
            settings: Settings {
                issuer: ISSUER.to_owned(),
                window: if self.otp_window == "0" { Window::Exact } else { Window::Adjacent },
                profile: match self.mfa_profile {
                    MfaProfile::Documented => Profile::Documented,
                    MfaProfile::Observed => Profile::Observed,
                },
                revoke_on_deactivate: self.revoke_on_deactivate,
            },
            now: twokeys_server::http::now(),
        })
    }

    /// What is said once, before the endpoint is ready.
    fn tell(&self, io: &mut Io<'_>, started: &Started) -> Result<(), Failure> {
        let state = started.endpoint.state();
        for shown in &started.shown {
            show(io, shown)?;
        }
        let (users, devices) = (state.users().count(), state.devices().count());
        let place = if self.in_memory { "in memory".to_owned() } else { self.data.display().to_string() };
        let what = if started.is_new { "new" } else { "kept" };
        writeln!(io.err, "account   {} ({what}; {users} users, {devices} devices)   {place}", state.id())?;
        Ok(())
    }
}

/// A secret that was made: shown here and never again.
pub(super) fn show(io: &mut Io<'_>, shown: &Shown) -> Result<(), Failure> {
    match shown.what.strip_prefix("access key ") {
        Some(id) => writeln!(
            io.err,
            "# access key of {}, shown once:\nexport AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY={}\nexport AWS_DEFAULT_REGION=us-east-1",
            shown.of, *shown.secret
        )?,
        None => writeln!(io.err, "# {} of {}, shown once:\n{}", shown.what, shown.of, *shown.secret)?,
    }
    Ok(())
}

/// Root's key from the environment: both variables or neither (API-060).
fn root_key() -> Result<Option<RootKey>, Failure> {
    match (input::variable("TWOKEYS_ROOT_ACCESS_KEY_ID"), input::variable("TWOKEYS_ROOT_SECRET_ACCESS_KEY")) {
        (None, None) => Ok(None),
        (Some(id), Some(text)) => Ok(Some(RootKey { id, secret: secret(text) })),
        _ => {
            Err(trouble("set both TWOKEYS_ROOT_ACCESS_KEY_ID and TWOKEYS_ROOT_SECRET_ACCESS_KEY, or neither"))
        }
    }
}
