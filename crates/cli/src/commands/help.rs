//! `twokeys help`: what is not about one command, and the long help of each.

use clap::{Args, CommandFactory};
use twokeys::name::nearest;
use twokeys::source::shown;

use super::{Cli, Io};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Say more about a command, a topic or a format
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys help fmt
  twokeys help exit-codes
  twokeys help schema test-file")]
pub(crate) struct Help {
    /// A command, `exit-codes`, `environment`, or `schema NAME`
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

const TOPICS: [&str; 3] = ["exit-codes", "environment", "schema"];

const EXIT_CODES: &str = "\
Every command answers the shell by one table, so that `if twokeys simulate …; then` is right and
every trouble reads as \"no\":

  0    the good answer: allowed, all tests pass, nothing to lay out, done
  1    the bad answer, reliably computed: denied, a test failed, a file would change
  2    trouble: wrong words, something unreadable or invalid, an error of ours
  3    undecided: the answer hangs on context keys that are unknown, or on a policy that is missing
  4    sign in first, or give a second factor
  130  interrupted
  141  whoever read the output went away

Of several answers in one run 2 wins over 3, 3 over 1, and 1 over 0.
";

const ENVIRONMENT: &str = "\
  TWOKEYS_NOW      the time to decide at, as 2026-01-05T09:00:00Z; --now wins over it
  TWOKEYS_ENDPOINT
                   where `twokeys serve` is; --endpoint wins over it, and it over AWS_ENDPOINT_URL
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                   the keys that `mfa` and `session` sign with
  AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE
                   where they are looked for otherwise, as the AWS CLI does
  NO_COLOR         if not empty: no color
  CLICOLOR_FORCE   if not 0: color, also where there is no terminal
  TERM             `dumb`: no color
  LC_ALL, LC_CTYPE, LANG
                   the first that is set names the locale; one without UTF-8 gets ASCII marks
";

/// The published schemas.
const SCHEMAS: &[(&str, &str)] = &[
    ("request", include_str!("../../../../docs/schema/request.schema.json")),
    ("decision", include_str!("../../../../docs/schema/decision.schema.json")),
    ("lint", include_str!("../../../../docs/schema/lint.schema.json")),
    ("error", include_str!("../../../../docs/schema/error.schema.json")),
    ("test-file", include_str!("../../../../docs/schema/test-file.schema.json")),
    ("matrix", include_str!("../../../../docs/schema/matrix.schema.json")),
    ("who-can", include_str!("../../../../docs/schema/who-can.schema.json")),
    ("test-report", include_str!("../../../../docs/schema/test-report.schema.json")),
];

impl Help {
    /// Exit status: 0 told, 2 there is no such topic.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let words: Vec<&str> = self.topic.iter().map(String::as_str).collect();
        let text = match words.as_slice() {
            [] => Cli::command().render_long_help().ansi().to_string(),
            ["exit-codes"] => EXIT_CODES.to_owned(),
            ["environment"] => ENVIRONMENT.to_owned(),
            ["schema"] => SCHEMAS.iter().flat_map(|(name, _)| [name, "\n"]).collect(),
            ["schema", name] => schema(name)?.to_owned(),
            [name] => of_command(name)?,
            [..] => return Err(no_topic(&words.join(" ")).into()),
        };
        io.out.write_all(text.as_bytes())?;
        Ok(Exit::Yes)
    }
}

fn schema(name: &str) -> Result<&'static str, Problem> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, schema)| *schema);
    found.ok_or_else(|| {
        let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        Problem::new("unknown-topic", format!("there is no schema `{}`", shown(name))).help(help)
    })
}

fn of_command(name: &str) -> Result<String, Problem> {
    let mut root = Cli::command();
    root.build();
    match root.find_subcommand_mut(name) {
        Some(command) => Ok(command.render_long_help().ansi().to_string()),
        None => Err(no_topic(name)),
    }
}

fn no_topic(written: &str) -> Problem {
    let root = Cli::command();
    let names = root.get_subcommands().map(clap::Command::get_name).chain(TOPICS);
    let help = match nearest(written, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are the commands, and {}", TOPICS.join(", ")),
    };
    Problem::new("unknown-topic", format!("there is no topic `{}`", shown(written))).help(help)
}
