//! `twokeys mfa create` and `assign`: a new device, its secret shown once, and two codes that prove it arrived.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use twokeys::mfa::{Provisioning, STEP, Seed};
use zeroize::Zeroizing;

use super::{about_codes, note_of_enabling};
use crate::client::session_file::secret_file;
use crate::client::{Client, Operation, Remote, Stop, clock, dry_run, prompt};
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::Problem;

/// Make a virtual device; its secret is shown once
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa create --name alice-phone --dry-run
  twokeys mfa create --name alice-phone --path /phones/ --dry-run")]
pub(super) struct Create {
    #[command(flatten)]
    new: New,
    #[command(flatten)]
    remote: Remote,
}

/// Make a virtual device and enable it for a user, step by step
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa assign --user alice --name alice-phone --dry-run
  twokeys mfa assign --user alice --name ci --secret-file ci.seed --dry-run

With --secret-file nobody is asked: the file is the authenticator, and
`twokeys mfa code --secret-file ci.seed` shows its codes.")]
pub(super) struct Assign {
    /// The user
    #[arg(long = "user-name", visible_alias = "user", value_name = "USER")]
    user: String,
    #[command(flatten)]
    new: New,
    #[command(flatten)]
    remote: Remote,
}

/// A device to be made, and how its secret is handed over.
#[derive(Debug, Args)]
struct New {
    /// The device's name
    #[arg(long = "virtual-mfa-device-name", visible_alias = "name", value_name = "NAME")]
    name: String,
    /// The path of its ARN
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Write the QR code as a picture, too
    #[arg(long, value_name = "FILE")]
    qr_png: Option<PathBuf>,
    /// Show no QR code, only the secret
    #[arg(long, conflicts_with = "uri")]
    no_qr: bool,
    /// Show the otpauth address in place of the QR code
    #[arg(long)]
    uri: bool,
    /// Show nothing: keep the secret in a new file that only you may read
    #[arg(long, value_name = "FILE", conflicts_with_all = ["uri", "no_qr", "qr_png"])]
    secret_file: Option<PathBuf>,
}

impl Create {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        if self.remote.dry_run {
            dry_run(io, &self.remote, &[self.new.on_line()])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let (serial, _) = self.new.make(io, &client)?;
        writeln!(io.out, "Created {serial}; it is enabled by two codes in a row: twokeys mfa enable")?;
        Ok(Exit::Yes)
    }
}

impl Assign {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let enable = Operation::iam("EnableMFADevice").with("UserName", &self.user);
        if self.remote.dry_run {
            let url = crate::client::iam_url(&self.remote)?;
            let name = format!(
                "{}{}",
                self.new.path.as_deref().unwrap_or("/").trim_start_matches('/'),
                self.new.name
            );
            let serial = format!("--serial-number {}", super::serial_on_line(&name, &url));
            let enable =
                enable.shell(&serial).shell("--authentication-code1 CODE1 --authentication-code2 CODE2");
            dry_run(io, &self.remote, &[self.new.on_line(), enable])?;
            return Ok(Exit::Yes);
        }
        let client = Client::new(&self.remote)?;
        let (serial, seed) = self.new.make(io, &client)?;
        let enable = enable.with("SerialNumber", &serial);
        let codes = match &self.new.secret_file {
            Some(_) => codes_before(&seed)?,
            None => asked(io, &serial)?,
        };
        let [first, second] = &codes;
        let call = enable.with("AuthenticationCode1", first).with("AuthenticationCode2", second);
        if let Err(stop) = client.call(&call) {
            writeln!(
                io.err,
                "{serial} is made and not enabled: try again with `twokeys mfa enable`, or `twokeys mfa delete` it"
            )?;
            return Err(about_codes(stop, &[first, second], &[]));
        }
        writeln!(io.out, "Enabled {serial} for {} at {}", self.user, clock().format("%FT%TZ"))?;
        note_of_enabling(io, &self.user, &self.new.name)?;
        Ok(Exit::Yes)
    }
}

/// The two codes, from a person or a pipe.
fn asked(io: &mut Io<'_>, serial: &str) -> Result<[String; 2], Stop> {
    let first = prompt::line(io, "First code:  ")?;
    let second = match &first {
        Some(_) => prompt::line(io, "Second code, the one that comes next: ")?,
        None => None,
    };
    match (first, second) {
        (Some(first), Some(second)) => Ok([first, second]),
        _ => Err(Problem::new("no-code", format!("{serial} is made and not enabled, since no two codes came"))
            .help("enable it with `twokeys mfa enable`, or keep the secret in a file from the start: --secret-file FILE")
            .into()),
    }
}

/// Two codes of the steps just past, so that the present one is still good afterwards.
fn codes_before(seed: &Seed) -> Result<[String; 2], Stop> {
    let step = u64::try_from(clock().timestamp()).unwrap_or(0) / STEP;
    let code = |back: u64| step.checked_sub(back).and_then(|step| seed.code(step));
    match (code(2), code(1)) {
        (Some(first), Some(second)) => Ok([first.as_str().to_owned(), second.as_str().to_owned()]),
        _ => Err(Problem::new("no-code", "the clock is before 1970, so there is no code").into()),
    }
}

impl New {
    fn operation(&self) -> Operation {
        let operation = Operation::iam("CreateVirtualMFADevice").with("VirtualMFADeviceName", &self.name);
        operation.with_some("Path", self.path.clone())
    }

    fn on_line(&self) -> Operation {
        self.operation().shell("--bootstrap-method Base32StringSeed --outfile seed.txt")
    }

    /// Makes the device and hands its secret over.
    fn make(&self, io: &mut Io<'_>, client: &Client) -> Result<(String, Seed), Stop> {
        let answer = client.call(&self.operation())?;
        let text = |name: &str| answer.text(&format!("VirtualMFADevice/{name}")).unwrap_or_default();
        let serial = text("SerialNumber").to_owned();
        let secret = STANDARD.decode(text("Base32StringSeed")).ok();
        let secret = secret.and_then(|bytes| String::from_utf8(bytes).ok()).map(Zeroizing::new);
        let seed = secret.and_then(|secret| Seed::from_base32(&secret).ok());
        let seed =
            seed.ok_or_else(|| Problem::new("no-endpoint", "the answer has no secret for the device"))?;
        self.hand_over(io, &serial, &seed)?;
        Ok((serial, seed))
    }

    fn hand_over(&self, io: &mut Io<'_>, serial: &str, seed: &Seed) -> Result<(), Stop> {
        let secret = seed.to_base32();
        if let Some(file) = &self.secret_file {
            secret_file(file, format!("{}\n", *secret).as_bytes(), false)?;
            return Ok(());
        }
        let account = serial.split(':').nth(4).unwrap_or_default();
        let picture = |error| Problem::new("unwritable", format!("there is no QR code: {error}"));
        let provisioning = Provisioning::new("twokeys", &self.name, account, seed).map_err(picture)?;
        if let Some(file) = &self.qr_png {
            secret_file(file, &provisioning.png().map_err(picture)?, false)?;
        }
        if self.uri {
            writeln!(io.out, "{}", provisioning.uri())?;
        } else {
            // Half blocks are not ASCII; where those cannot be shown, the secret alone must do.
            if !self.no_qr && !io.look.ascii {
                writeln!(
                    io.out,
                    "Scan this code with an authenticator app, or type the secret (shown once):\n"
                )?;
                writeln!(io.out, "{}", *provisioning.half_blocks())?;
            }
            let groups: Vec<String> =
                secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
            writeln!(io.out, "  secret  {}", Zeroizing::new(groups.join(" ")).as_str())?;
        }
        io.out.flush()?;
        Ok(())
    }
}
