//! `twokeys mfa list` and `status`: which devices there are, and why codes were refused.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use twokeys::report::json_pretty;
use twokeys::source::escaped;

use crate::client::{Client, Element, Operation, Origin, Remote, Stop, dry_run};
use crate::commands::Io;
use crate::exit::Exit;

/// List devices: those of a user, or all virtual ones of the account
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa list --user alice --dry-run
  twokeys mfa list --all --format json --dry-run")]
pub(super) struct List {
    /// The user [default: the one who calls]
    #[arg(long = "user-name", visible_alias = "user", value_name = "USER", conflicts_with = "all")]
    user: Option<String>,
    /// All virtual devices of the account, also those that are enabled for nobody
    #[arg(long)]
    all: bool,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Human,
    /// One document
    Json,
}

/// Who calls, with which devices; and why codes were refused
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa status --user alice --dry-run
  twokeys mfa status --dry-run")]
pub(super) struct Status {
    /// The user [default: the one who calls]
    #[arg(long = "user-name", visible_alias = "user", value_name = "USER")]
    user: Option<String>,
    /// Tell from the server's audit trail why codes were refused: an administrator of the data folder may
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "twokeys-data/audit.jsonl")]
    why: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

impl List {
    pub(super) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let operation =
            if self.all { Operation::iam("ListVirtualMFADevices") } else { of_user(self.user.as_ref()) };
        if self.remote.dry_run {
            dry_run(io, &self.remote, &[operation])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let list = if self.all { "VirtualMFADevices" } else { "MFADevices" };
        let devices: Vec<Row> = client.all(&operation, list)?.iter().map(Row::of).collect();
        match self.format {
            Format::Human => table(io, &devices)?,
            Format::Json => {
                let devices: Vec<Value> = devices.iter().map(Row::to_json).collect();
                writeln!(io.out, "{}", json_pretty(&json!({ "schema_version": 1, "devices": devices }))?)?;
            }
        }
        Ok(Exit::Yes)
    }
}

fn of_user(user: Option<&String>) -> Operation {
    Operation::iam("ListMFADevices").with_some("UserName", user.cloned())
}

/// A device, as both lists tell it.
struct Row {
    serial: String,
    user: Option<String>,
    enabled: Option<String>,
}

impl Row {
    fn of(device: &Element) -> Self {
        let text = |path| device.text(path).map(str::to_owned);
        let root =
            device.at("User").filter(|user| user.text("UserName").is_none()).map(|_| "root".to_owned());
        Self {
            serial: text("SerialNumber").unwrap_or_default(),
            user: text("UserName").or_else(|| text("User/UserName")).or(root),
            enabled: text("EnableDate"),
        }
    }

    fn kind(&self) -> &'static str {
        if self.serial.contains(":mfa/") { "virtual" } else { "hardware" }
    }

    fn state(&self) -> &'static str {
        if self.enabled.is_some() { "enabled" } else { "unassigned" }
    }

    fn to_json(&self) -> Value {
        json!({
            "serial": self.serial,
            "type": self.kind(),
            "state": self.state(),
            "enabled": self.enabled,
            "user": self.user,
        })
    }
}

fn table(io: &mut Io<'_>, devices: &[Row]) -> Result<(), Stop> {
    if devices.is_empty() {
        if !io.look.quiet {
            writeln!(io.err, "no devices; make one: twokeys mfa assign")?;
        }
        return Ok(());
    }
    let width = devices.iter().map(|device| device.serial.len()).max().unwrap_or_default().max(6);
    let mut line = |serial: &str, rest: [&str; 4]| {
        let [kind, state, enabled, user] = rest;
        let line = format!("{serial:width$}  {kind:8}  {state:10}  {enabled:20}  {user}");
        writeln!(io.out, "{}", line.trim_end())
    };
    line("SERIAL", ["TYPE", "STATE", "ENABLED", "USER"])?;
    for device in devices {
        let enabled = device.enabled.as_deref().map_or_else(|| "-".to_owned(), escaped);
        let user = device.user.as_deref().map_or_else(|| "-".to_owned(), escaped);
        line(&escaped(&device.serial), [device.kind(), device.state(), &enabled, &user])?;
    }
    Ok(())
}

impl Status {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        if self.remote.dry_run {
            dry_run(io, &self.remote, &[Operation::sts("GetCallerIdentity"), of_user(self.user.as_ref())])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let [_, arn, _] = client.identity()?;
        writeln!(io.out, "caller   {}", escaped(&arn))?;
        let key = match (&client.keys.origin, &client.keys.token) {
            (Origin::Login { mfa, expires }, _) => {
                format!("a session of `twokeys login`, MFA {mfa}, until {}", expires.format("%FT%TZ"))
            }
            (_, Some(_)) => {
                "a session; whether it carries MFA stands in its token, which only the server reads"
                    .to_owned()
            }
            (_, None) => "a long-term access key: it never carries MFA".to_owned(),
        };
        writeln!(io.out, "key      {key}")?;
        let devices: Vec<Row> =
            client.all(&of_user(self.user.as_ref()), "MFADevices")?.iter().map(Row::of).collect();
        writeln!(io.out, "devices  {}", devices.len())?;
        table(io, &devices)?;
        if let Some(file) = &self.why {
            let serials: Vec<&str> = devices.iter().map(|device| device.serial.as_str()).collect();
            why(io, file, &serials)?;
        }
        Ok(Exit::Yes)
    }
}

/// The last refusals of codes, from the audit trail.
fn why(io: &mut Io<'_>, file: &std::path::Path, serials: &[&str]) -> Result<(), Stop> {
    let document = io.input.read(file, "audit trail")?;
    let text = document.text();
    let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_ours = |event: &Value| {
        let serial = event.get("serial").and_then(Value::as_str);
        event.get("error").is_some_and(|error| !error.is_null())
            && serial.is_some_and(|serial| serials.contains(&serial))
    };
    let refused: Vec<Value> = events.filter(of_ours).collect();
    writeln!(io.out, "refused  {} (the last ten)", refused.len())?;
    for event in refused.iter().rev().take(10).rev() {
        let member = |name: &str| escaped(event.get(name).and_then(Value::as_str).unwrap_or("-"));
        let [time, action, serial, why] = ["time", "action", "serial", "why"].map(member);
        writeln!(io.out, "  {time}  {action}  {serial}  {why}")?;
    }
    Ok(())
}
