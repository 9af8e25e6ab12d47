//! `twokeys mfa code`: an authenticator for scripts and tests. It asks no server.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use twokeys::mfa::{STEP, Seed};
use zeroize::Zeroizing;

use crate::client::{Stop, clock};
use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::Problem;
use crate::input;

/// Show the code of a secret that stands in a file, as an authenticator does
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys mfa code --secret-file tests/data/example.seed
  twokeys mfa code --secret-file tests/data/example.seed --at 2026-01-05T09:00:00Z --count 2")]
pub(super) struct CodeOf {
    /// The secret in Base32, or an otpauth address; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    secret_file: PathBuf,
    /// The time of the first code [default: now]
    #[arg(long, value_name = "TIME", value_parser = input::instant)]
    at: Option<DateTime<Utc>>,
    /// How many codes in a row
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    count: u64,
    /// Wait until the next code begins, for one that was not used yet
    #[arg(long, conflicts_with = "at")]
    wait: bool,
}

impl CodeOf {
    pub(super) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Stop> {
        let document = io.input.read(&self.secret_file, "secret")?;
        let text = Zeroizing::new(document.text().into_owned());
        let seed = Seed::from_base32(secret_in(text.trim())).map_err(|error| {
            Problem::new("no-code", format!("`{}` holds no secret: {error}", document.name))
                .help("a secret is Base32, such as `twokeys mfa assign --secret-file FILE` writes")
        })?;
        let now = match self.at {
            Some(at) => at,
            None => io.input.now()?,
        };
        let mut step = u64::try_from(now.timestamp()).unwrap_or(0) / STEP;
        if self.wait {
            let seconds = u64::try_from(clock().timestamp()).unwrap_or(0);
            step = seconds / STEP + 1;
            std::thread::sleep(Duration::from_secs(STEP - seconds % STEP));
        }
        for step in step..step.saturating_add(self.count) {
            let code =
                seed.code(step).ok_or_else(|| Problem::new("no-code", "there is no code for this time"))?;
            writeln!(io.out, "{}", code.as_str())?;
        }
        Ok(Exit::Yes)
    }
}

/// The secret of an otpauth address, or the text itself.
fn secret_in(text: &str) -> &str {
    let query = text.strip_prefix("otpauth://").and_then(|rest| rest.split_once('?')).map(|(_, query)| query);
    let secret = query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("secret=")));
    secret.unwrap_or(text)
}
