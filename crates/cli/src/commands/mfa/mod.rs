//! `twokeys mfa`: the life of an MFA device, from its making to its end.

mod assign;
mod code;
mod list;

use clap::{Args, Subcommand};

use super::Io;
use crate::client::{Client, Operation, Remote, Stop, dry_run, prompt, settle};
use crate::exit::Exit;
use crate::failure::Failure;

/// MFA devices: make, enable, list, bring in step, deactivate, delete
///
/// Calls a local endpoint (`twokeys serve`), never AWS. Names and parameters are those of the API of IAM;
/// `--dry-run` prints the same call as a line for the AWS CLI.
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  twokeys mfa assign --user alice --name alice-phone --dry-run
  twokeys mfa list --user alice --dry-run"
)]
pub(crate) struct Mfa {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Assign(assign::Assign),
    Create(assign::Create),
    Enable(Enable),
    List(list::List),
    Status(list::Status),
    Resync(Resync),
    Deactivate(Deactivate),
    Delete(Delete),
    Code(code::CodeOf),
}

/// Enable a device for a user, by two codes in a row
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa enable --user carol --name carol-phone --code1 123456 --code2 654321 --dry-run
  twokeys mfa enable --user carol --serial GAHT12345678 --code1 123456 --code2 654321 --dry-run")]
struct Enable {
    #[command(flatten)]
    pair: Pair,
}

/// Bring a device in step that shows codes too early or too late
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa resync --user alice --name alice-phone --code1 123456 --code2 654321 --dry-run
  twokeys mfa resync --name alice-phone --code1 123456 --code2 654321 --dry-run")]
struct Resync {
    #[command(flatten)]
    pair: Pair,
}

/// A user, a device, and two codes.
#[derive(Debug, Args)]
struct Pair {
    /// The user [default: the one who calls]
    #[arg(long = "user-name", visible_alias = "user", value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    device: Device,
    /// The first code
    #[arg(long = "authentication-code1", visible_alias = "code1", value_name = "CODE")]
    first: String,
    /// The code that came next; the two prove that the device's clock and secret agree
    #[arg(long = "authentication-code2", visible_alias = "code2", value_name = "CODE")]
    second: String,
    #[command(flatten)]
    remote: Remote,
}

/// Which device.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Device {
    /// Its serial number: the ARN of a virtual device, the vendor's number of another
    #[arg(long, visible_alias = "serial", value_name = "SERIAL")]
    serial_number: Option<String>,
    /// The name of a virtual device of the account
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// Take a device away from its user; the device stays and can be enabled again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa deactivate --user alice --name alice-phone --dry-run
  twokeys mfa deactivate --user alice --name alice-phone --yes --dry-run")]
struct Deactivate {
    /// The user [default: the one who calls]
    #[arg(long = "user-name", visible_alias = "user", value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    device: Device,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Delete a virtual device that is enabled for nobody
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa delete --name alice-phone --dry-run
  twokeys mfa delete --serial-number arn:aws:iam::123456789012:mfa/alice-old --dry-run")]
struct Delete {
    #[command(flatten)]
    device: Device,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

impl Mfa {
    /// Exit status: 0 done, 1 the server refused, 2 trouble, 4 sign in first.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let done = match &self.command {
            What::Assign(command) => command.run(io),
            What::Create(command) => command.run(io),
            What::Enable(command) => command.pair.run(io, "EnableMFADevice"),
            What::List(command) => command.run(io),
            What::Status(command) => command.run(io),
            What::Resync(command) => command.pair.run(io, "ResyncMFADevice"),
            What::Deactivate(command) => command.run(io),
            What::Delete(command) => command.run(io),
            What::Code(command) => command.run(io),
        };
        settle(io, done)
    }

    /// Are errors to be told as data, on standard output?
    pub(crate) fn wants_json(&self) -> bool {
        matches!(&self.command, What::List(command) if command.wants_json())
    }
}

impl Device {
    /// The serial number; a name stands for the ARN in the account of the keys.
    pub(super) fn serial(&self, client: &Client) -> Result<String, Stop> {
        match (&self.serial_number, &self.name) {
            (Some(serial), _) => Ok(serial.clone()),
            (None, Some(name)) => serial_of(name, client),
            (None, None) => Ok(String::new()),
        }
    }

    /// The same call with the device, as a line for the AWS CLI.
    pub(super) fn on_line(&self, operation: Operation, url: &str) -> Operation {
        match (&self.serial_number, &self.name) {
            (None, Some(name)) => operation.shell(&format!("--serial-number {}", serial_on_line(name, url))),
            (serial, _) => operation.with_some("SerialNumber", serial.clone()),
        }
    }
}

/// What a name of a device stands for.
pub(super) fn serial_of(name: &str, client: &Client) -> Result<String, Stop> {
    if name.starts_with("arn:") {
        return Ok(name.to_owned());
    }
    let [account, ..] = client.identity()?;
    Ok(format!("arn:aws:iam::{account}:mfa/{name}"))
}

/// The same for a shell, which asks for the account itself.
pub(super) fn serial_on_line(name: &str, url: &str) -> String {
    if name.starts_with("arn:") {
        return crate::client::quoted(name);
    }
    let ask = format!("aws --endpoint-url {url} sts get-caller-identity --query Account --output text");
    format!("\"arn:aws:iam::$({ask}):mfa/\"{}", crate::client::quoted(name))
}

/// The caller's own name, where the API wants one and none is given.
fn user_or_self(given: Option<&String>, client: &Client) -> Result<String, Stop> {
    if let Some(user) = given {
        return Ok(user.clone());
    }
    let [_, arn, _] = client.identity()?;
    Ok(arn.rsplit('/').next().unwrap_or_default().to_owned())
}

impl Pair {
    fn run(&self, io: &mut Io<'_>, action: &'static str) -> Result<Exit, Stop> {
        let codes = |operation: Operation| {
            operation.with("AuthenticationCode1", &self.first).with("AuthenticationCode2", &self.second)
        };
        if self.remote.dry_run {
            let operation = Operation::iam(action).with_some("UserName", self.user.clone());
            let url = crate::client::iam_url(&self.remote)?;
            dry_run(io, &self.remote, &[codes(self.device.on_line(operation, &url))])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let user = user_or_self(self.user.as_ref(), &client)?;
        let serial = self.device.serial(&client)?;
        let operation = Operation::iam(action).with("UserName", &user).with("SerialNumber", &serial);
        client
            .call(&codes(operation))
            .map_err(|stop| about_codes(stop, &[&self.first, &self.second], &[]))?;
        let done = if action == "EnableMFADevice" { "Enabled" } else { "In step again:" };
        writeln!(io.out, "{done} {serial} for {user}")?;
        if action == "EnableMFADevice" {
            note_of_enabling(io, &user, &serial)?;
        }
        Ok(Exit::Yes)
    }
}

/// A device does nothing for access keys by itself, though "enabled" sounds as if it did (MFA-068).
fn note_of_enabling(io: &mut Io<'_>, user: &str, device: &str) -> Result<(), Stop> {
    if !io.look.quiet {
        writeln!(
            io.err,
            "From the next sign-in {user} is asked for a code. Calls with an access key still carry no MFA:\n  \
             twokeys session token --mfa {device}"
        )?;
    }
    Ok(())
}

/// A refusal with what is known of the codes.
fn about_codes(stop: Stop, codes: &[&str], earlier: &[String]) -> Stop {
    match stop {
        Stop::Refused(mut refusal) => {
            refusal.about(codes, earlier, "set the clock, or bring the device in step: twokeys mfa resync");
            Stop::Refused(refusal)
        }
        stop => stop,
    }
}

impl Deactivate {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let operation = Operation::iam("DeactivateMFADevice").with_some("UserName", self.user.clone());
        if self.remote.dry_run {
            let url = crate::client::iam_url(&self.remote)?;
            dry_run(io, &self.remote, &[self.device.on_line(operation, &url)])?;
            return Ok(Exit::Yes);
        }
        let who = self.user.as_deref().unwrap_or("the user who calls");
        let loss = format!(
            "{who} loses this second key: sign-in no longer asks for its code, and what policies allow with MFA only is denied"
        );
        if !prompt::confirm(io, &loss, self.yes)? {
            return Ok(Exit::No);
        }
        let client = Client::new(&self.remote)?;
        let serial = self.device.serial(&client)?;
        client.call(&operation.with("SerialNumber", &serial))?;
        writeln!(io.out, "Deactivated {serial}")?;
        Ok(Exit::Yes)
    }
}

impl Delete {
    fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let operation = Operation::iam("DeleteVirtualMFADevice");
        if self.remote.dry_run {
            let url = crate::client::iam_url(&self.remote)?;
            dry_run(io, &self.remote, &[self.device.on_line(operation, &url)])?;
            return Ok(Exit::Yes);
        }
        let loss = "The device's secret is wiped, and no authenticator that has it will ever do again";
        if !prompt::confirm(io, loss, self.yes)? {
            return Ok(Exit::No);
        }
        let client = Client::new(&self.remote)?;
        let serial = self.device.serial(&client)?;
        client.call(&operation.with("SerialNumber", &serial))?;
        writeln!(io.out, "Deleted {serial}")?;
        Ok(Exit::Yes)
    }
}
