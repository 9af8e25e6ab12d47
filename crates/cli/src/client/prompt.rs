//! What is asked of a person: codes, passwords, yes or no. Where nobody can answer, nothing waits.

use std::io::{self, BufRead, IsTerminal};

use secrecy::SecretString;

use super::Stop;
use crate::commands::Io;
use crate::failure::Problem;

/// A line that may be seen, such as a code that is good once. From a pipe it is read without asking.
pub(crate) fn line(io: &mut Io<'_>, question: &str) -> Result<Option<String>, Stop> {
    io.out.flush()?;
    if io::stdin().is_terminal() {
        write!(io.err, "{question}")?;
        io.err.flush()?;
    }
    let mut text = String::new();
    let read = io::stdin().lock().read_line(&mut text)?;
    Ok((read > 0).then(|| text.trim().to_owned()))
}

/// What nobody may see, asked on the terminal. Without one it cannot be asked, and signing in ends.
pub(crate) fn secret(question: &str, instead: &str) -> Result<SecretString, Stop> {
    let nobody = || {
        let message = format!("{question} is needed, and there is no terminal to ask on");
        Stop::SignIn(Problem::new("no-terminal", message).help(instead))
    };
    if !io::stdin().is_terminal() {
        return Err(nobody());
    }
    rpassword::prompt_password(format!("{question}: ")).map(SecretString::from).map_err(|_| nobody())
}

/// A code: as it was given, from standard input for `-`, else asked for.
pub(crate) fn code(io: &mut Io<'_>, given: Option<&str>, question: &str) -> Result<String, Stop> {
    use secrecy::ExposeSecret as _;
    match given {
        Some("-") => line(io, "")?.ok_or_else(|| {
            Problem::new("no-code", "the code was to come from standard input, and nothing came")
                .help("pipe it in: twokeys mfa code --secret-file FILE | …")
                .into()
        }),
        Some(code) => Ok(code.to_owned()),
        None => secret(question, "give it: --code CODE, or --code - and the code on standard input")
            .map(|code| code.expose_secret().trim().to_owned()),
    }
}

/// Asks before something is lost; a script says `--yes` (UX-071).
pub(crate) fn confirm(io: &mut Io<'_>, loss: &str, yes: bool) -> Result<bool, Stop> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(Problem::new("not-confirmed", format!("{loss}, and nobody is there to ask"))
            .help("say --yes if that is meant")
            .into());
    }
    writeln!(io.err, "{loss}.")?;
    let answer = line(io, "Go on? [y/N] ")?.unwrap_or_default();
    Ok(matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
}
