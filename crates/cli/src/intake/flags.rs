//! The flags that say which policies there are and what is asked; every deciding command has them.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use twokeys::mfa::Profile;
use twokeys::name::{Action, Arn};
use twokeys::request::{Credential, InvalidCredential, MfaAsked, RequestErrorKind, RequestObject, Resource};
use twokeys::source::{Span, Spanned, shown};

use super::home::AccountFiles;
use super::person;
use super::question::Given;
use super::surroundings::Surroundings;
use super::world::{World, WorldFiles};
use crate::failure::Problem;
use crate::reference;

/// Which policies there are
#[derive(Debug, Args)]
#[command(next_help_heading = "Policies")]
pub(crate) struct WorldArgs {
    /// Identity policies of the principal; `-` is standard input
    #[arg(long, num_args = 1.., value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// Permissions boundary of the principal
    #[arg(long, value_name = "FILE")]
    boundary: Option<PathBuf>,
    /// Session policies of the session that asks
    #[arg(long, num_args = 1.., value_name = "FILE")]
    session_policy: Vec<PathBuf>,
    /// Policy of a resource, of a role its trust policy; without ARN that of the one `-r`
    #[arg(long, value_name = "[ARN=]FILE")]
    resource_policy: Vec<String>,
    /// Policy of the VPC endpoint that the request comes through
    #[arg(long, value_name = "FILE")]
    endpoint_policy: Option<PathBuf>,
    #[command(flatten)]
    levels: Levels,
    /// Folder of an organization, with `org.json`
    #[arg(long, value_name = "DIR", conflicts_with_all = ["scp", "rcp"])]
    org: Option<PathBuf>,
    /// Go on without policies that cannot be read; what they touch counts as denied
    #[arg(long)]
    keep_going: bool,
    #[command(flatten)]
    account: AccountArgs,
}

/// Whose users and roles there are
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    /// Output of `aws iam get-account-authorization-details`, all pages, also gzipped; `-` is standard input, and
    /// `http://127.0.0.1:4599` a running `twokeys serve`, which is asked with the keys of the environment
    #[arg(long, num_args = 1.., value_name = "FILE")]
    account: Vec<PathBuf>,
    /// Read all versions of managed policies, not only those in force
    #[arg(long)]
    all_versions: bool,
    /// Output of `aws iam get-credential-report`, decoded: who has a password, a device, access keys
    #[arg(long, value_name = "FILE")]
    credential_report: Option<PathBuf>,
    /// Output of `aws iam list-virtual-mfa-devices` or `list-mfa-devices`
    #[arg(long, num_args = 1.., value_name = "FILE")]
    mfa_devices: Vec<PathBuf>,
    /// Managed policies that a dump names and lacks: `{"policies": [{"arn", "document"}]}`
    #[arg(long, num_args = 1.., value_name = "FILE")]
    managed_policies: Vec<PathBuf>,
    /// A folder as `account unpack` writes it, in place of a dump or with entities that a dump lacks
    #[arg(long, value_name = "DIR")]
    world: Option<PathBuf>,
}

/// `--scp` and `--rcp`, a level for each occurrence.
#[derive(Debug, Clone, Default)]
struct Levels {
    scps: Vec<Vec<PathBuf>>,
    rcps: Vec<Vec<PathBuf>>,
}

/// What is asked
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct QuestionArgs {
    /// Who asks: `user/NAME`, `role/NAME`, `root`, an ARN, a service, `anonymous` [default: user/example]
    #[arg(short, long, value_name = "WHO")]
    principal: Option<String>,
    /// What is to be done, as `service:Operation`; may be given several times
    #[arg(short, long, value_name = "ACTION")]
    action: Vec<String>,
    /// Ask about every action of AWS that a wildcard in `-a` matches
    #[arg(long)]
    catalog: bool,
    /// To which thing; may be given several times [default: *]
    #[arg(short, long, value_name = "ARN")]
    resource: Vec<String>,
    /// The account that owns the resource
    #[arg(long, value_name = "ID")]
    resource_account: Option<String>,
    /// A fact about the principal that its name does not tell, such as `uniqueId=AIDA…`
    #[arg(long, value_name = "NAME=VALUE")]
    principal_detail: Vec<String>,
    #[command(flatten)]
    surroundings: Surroundings,
    /// The state of MFA: `missing` (an access key), `false`, `true`, or `all` three [default: all]
    #[arg(long, value_name = "STATE", help_heading = "MFA", conflicts_with = "credential")]
    mfa: Option<String>,
    /// Seconds since MFA [default: 0, and where a policy compares the age, a stale one too]
    #[arg(
        long,
        value_name = "SECONDS",
        help_heading = "MFA",
        conflicts_with = "credential",
        allow_negative_numbers = true
    )]
    mfa_age: Option<String>,
    /// What signs the request: access-key, root, session, session-mfa:AGE, console, console-mfa:AGE,
    /// role, role-mfa:AGE or federated
    #[arg(long, value_name = "KIND", help_heading = "MFA")]
    credential: Option<String>,
    /// Whose word counts where AWS's pages and what was observed differ [default: documented]
    #[arg(long, value_enum, value_name = "PROFILE", help_heading = "MFA")]
    mfa_profile: Option<MfaProfile>,
}

/// Whose word counts on the MFA keys of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MfaProfile {
    /// AWS's documentation
    Documented,
    /// What tool authors report
    Observed,
}

impl WorldArgs {
    /// The files. `resources` are those that are asked about, if that is known.
    pub(crate) fn files(&self, resources: &[Resource]) -> Result<WorldFiles, Problem> {
        let of_resources = self
            .resource_policy
            .iter()
            .map(|text| resource_policy(text, resources))
            .collect::<Result<_, _>>()?;
        Ok(WorldFiles {
            policies: self.policy.clone(),
            boundary: self.boundary.clone(),
            session_policies: self.session_policy.clone(),
            resource_policies: of_resources,
            endpoint_policy: self.endpoint_policy.clone(),
            scps: self.levels.scps.clone(),
            rcps: self.levels.rcps.clone(),
            org: self.org.clone(),
            account: self.account.files(),
            keep_going: self.keep_going,
        })
    }
}

impl WorldArgs {
    /// The flags that give the account, to be typed again.
    pub(crate) fn account_flags(&self) -> String {
        let account = &self.account;
        let dumps = account.account.iter().map(|path| format!("--account {}", path.display()));
        let folder = account.world.iter().map(|path| format!("--world {}", path.display()));
        dumps.chain(folder).collect::<Vec<_>>().join(" ")
    }
}

impl AccountArgs {
    /// The files.
    pub(crate) fn files(&self) -> AccountFiles {
        AccountFiles {
            dumps: self.account.clone(),
            folder: self.world.clone(),
            all_versions: self.all_versions,
            credential_report: self.credential_report.clone(),
            mfa_devices: self.mfa_devices.clone(),
            managed_policies: self.managed_policies.clone(),
        }
    }
}

/// `ARN=FILE`, split at the last `=`, or `FILE` alone for the one resource that is asked about.
fn resource_policy(text: &str, resources: &[Resource]) -> Result<(Arn, PathBuf), Problem> {
    if let Some((arn, file)) = text.rsplit_once('=').filter(|(arn, _)| arn.starts_with("arn:")) {
        let arn = arn.parse().map_err(|error: twokeys::name::InvalidArn| {
            Problem::new("bad-arn", format!("--resource-policy: {error}"))
                .help("write `--resource-policy arn:aws:s3:::bucket=FILE`")
        })?;
        return Ok((arn, file.into()));
    }
    match resources {
        [Resource::Arn(arn)] => Ok((arn.clone(), text.into())),
        _ => {
            let message = format!("it is not clear which resource has the policy `{text}`");
            Err(Problem::new("whose-policy", message).help(format!(
                "write `--resource-policy ARN={text}`, or ask about one resource with `-r ARN`"
            )))
        }
    }
}

impl QuestionArgs {
    /// The actions that are asked for.
    pub(crate) fn actions(&self) -> Result<Vec<Action>, Problem> {
        reference::actions(&self.action, self.catalog)
    }

    /// The resources that are asked about.
    pub(crate) fn resources(&self) -> Result<Vec<Resource>, Problem> {
        self.resource.iter().map(|text| parsed(text, "-r")).collect()
    }

    /// All the rest, for every question of the run.
    pub(crate) fn given(&self, now: DateTime<Utc>, world: &World) -> Result<Given, Problem> {
        let mut object = RequestObject::default();
        if let Some(text) = &self.principal {
            let (principal, role) = person::principal(text, world.home())?;
            object.principal = Some(plain(principal));
            object.details.role_arn = role;
        }
        for text in &self.principal_detail {
            let (name, value) = pair(text, "--principal-detail")?;
            let before = object.details.clone();
            object.details.set(name, value).map_err(|kind| flag_problem("--principal-detail", &kind))?;
            if before == object.details || (name == "roleArn" && before.role_arn.is_some()) {
                return Err(Problem::new(
                    "given-twice",
                    format!("`--principal-detail {name}` is given twice"),
                )
                .help("take one of the two away"));
            }
        }
        object.resource_account = self
            .resource_account
            .as_ref()
            .map(|text| parsed(text, "--resource-account"))
            .transpose()?
            .map(plain);
        self.surroundings.context(&mut object)?;
        self.mfa(&mut object)?;
        let profile = self.mfa_profile.map(|profile| match profile {
            MfaProfile::Documented => Profile::Documented,
            MfaProfile::Observed => Profile::Observed,
        });
        self.surroundings.given(object, profile, now)
    }

    /// `--mfa`, `--mfa-age`, `--credential`.
    fn mfa(&self, object: &mut RequestObject) -> Result<(), Problem> {
        object.mfa = self.mfa.as_ref().map(|text| parsed(text, "--mfa")).transpose()?.map(plain);
        if let Some(text) = &self.mfa_age {
            let age = text.parse::<u64>().map_err(|_| {
                if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
                    let message = format!("--mfa-age: {} seconds are beyond all time", shown(text));
                    return Problem::new("bad-age", message).help("write the seconds since MFA, such as 300");
                }
                flag_problem("--mfa-age", &RequestErrorKind::Age(text.clone()))
            })?;
            if let Some(state @ (MfaAsked::Missing | MfaAsked::False)) =
                object.mfa.as_ref().map(|mfa| mfa.value)
            {
                let word = if state == MfaAsked::False { "false" } else { "missing" };
                return Err(Problem::new(
                    "bad-age",
                    format!("--mfa-age is given, but `--mfa {word}` has no age"),
                )
                .help("take one of the two away"));
            }
            object.mfa_age = Some(plain(age));
        }
        object.credential = self
            .credential
            .as_ref()
            .map(|text| parsed::<Credential>(text, "--credential"))
            .transpose()?
            .map(plain);
        Ok(())
    }
}

pub(super) fn pair<'t>(text: &'t str, flag: &str) -> Result<(&'t str, &'t str), Problem> {
    text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
        Problem::new("bad-pair", format!("`{flag} {text}` has no `=` with a name before it"))
            .help(format!("write `{flag} NAME=VALUE`"))
    })
}

/// Reads the value of a flag; the message is that of a request object.
fn parsed<T: std::str::FromStr<Err: Into<RequestErrorKind>>>(text: &str, flag: &str) -> Result<T, Problem> {
    text.parse::<T>().map_err(|error| flag_problem(flag, &error.into()))
}

pub(super) fn flag_problem(flag: &str, kind: &RequestErrorKind) -> Problem {
    let problem = Problem::new(kind.code(), format!("{flag}: {kind}"));
    let help = match kind {
        RequestErrorKind::Credential(InvalidCredential::Age(_) | InvalidCredential::NoAge(_)) => None,
        _ => kind.help(),
    };
    match help {
        Some(help) => problem.help(help),
        None => problem.help("`twokeys simulate --help` lists what this flag takes"),
    }
}

fn plain<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        let level = |name: &'static str, help: &'static str| {
            Arg::new(name)
                .long(name)
                .value_name("FILE")
                .num_args(1..)
                .action(ArgAction::Append)
                .value_parser(clap::value_parser!(PathBuf))
                .help(help)
        };
        command
            .arg(level("scp", "Service control policies of one level; again for the next, root first"))
            .arg(level("rcp", "Resource control policies of one level; again for the next, root first"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let levels = |name| {
            let occurrences = matches.get_occurrences::<PathBuf>(name);
            occurrences
                .map(|levels| levels.map(|level| level.cloned().collect()).collect())
                .unwrap_or_default()
        };
        Ok(Self { scps: levels("scp"), rcps: levels("rcp") })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
