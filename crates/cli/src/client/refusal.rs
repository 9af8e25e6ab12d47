//! Why a call did not do what was asked: in AWS's words, and then what the client itself can know (UX-070).

use std::io;

use twokeys::source::escaped;

use crate::commands::Io;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// What ends a command that talks to an endpoint.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Trouble: exit 2.
    Failure(Failure),
    /// The server refused: exit 1.
    Refused(Box<Refusal>),
    /// Sign in, or give a second factor, first: exit 4.
    SignIn(Problem),
}

/// An answer of the server that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `EnableMFADevice`
    pub(crate) action: String,
    /// `InvalidAuthenticationCode`
    pub(crate) code: String,
    /// AWS's text.
    pub(crate) message: String,
    /// How many seconds the local clock is ahead of the server's.
    pub(crate) ahead: Option<i64>,
    /// What else is known here, each a sentence.
    pub(crate) notes: Vec<String>,
}

/// What a refusal means beside its text, where the client knows it: action, code, meaning.
const MEANINGS: &[(&str, &str, &str)] = &[
    (
        "CreateVirtualMFADevice",
        "EntityAlreadyExists",
        "the name is taken; choose another --name, or delete that device: twokeys mfa delete",
    ),
    (
        "EnableMFADevice",
        "EntityAlreadyExists",
        "the device is enabled for a user already, perhaps for this one: twokeys mfa list --all",
    ),
    (
        "EnableMFADevice",
        "LimitExceeded",
        "a user has at most eight devices; deactivate one first: twokeys mfa list",
    ),
    (
        "DeleteVirtualMFADevice",
        "DeleteConflict",
        "a device that is enabled cannot be deleted; deactivate it first: twokeys mfa deactivate",
    ),
    (
        "GetSessionToken",
        "InvalidClientTokenId",
        "the key is unknown, or inactive, or a token does not belong to it",
    ),
    (
        "*",
        "SignatureDoesNotMatch",
        "the secret is not that of the access key id, or the key is one of another endpoint",
    ),
    (
        "*",
        "InvalidClientTokenId",
        "the key is unknown here, or it is a session without MFA and IAM was asked",
    ),
];

/// The seconds for which one code is good.
const STEP: i64 = twokeys::mfa::STEP.cast_signed();

impl Refusal {
    /// Is it about a code?
    pub(crate) fn is_about_codes(&self) -> bool {
        self.code == "InvalidAuthenticationCode" || self.message.contains("one time pass code")
    }

    /// Notes what can be known of the codes that were sent; `resync` is what to do about a clock that is off.
    pub(crate) fn about(&mut self, codes: &[&str], earlier: &[String], resync: &str) {
        let malformed = |code: &&&str| code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(code) = codes.iter().find(malformed) {
            self.notes.push(format!("a code is six digits, and one of yours has {}", described(code)));
        }
        if let [first, second] = codes
            && first == second
        {
            self.notes.push("both codes are the same; the second must be the one that comes next".to_owned());
        }
        if !self.is_about_codes() {
            return;
        }
        if codes.iter().any(|code| earlier.iter().any(|sent| sent == code)) {
            self.notes.push("the code was sent before; each is good once, so wait for the next".to_owned());
        }
        match self.ahead.map(|ahead| (ahead, ahead / STEP)) {
            Some((ahead, steps)) if steps != 0 => {
                let side = if ahead > 0 { "ahead of" } else { "behind" };
                let (seconds, steps) = (ahead.abs(), steps.abs());
                self.notes.push(format!(
                    "the clock here is {seconds} s {side} the server's: {steps} steps; if the authenticator goes by this clock, {resync}"
                ));
            }
            _ => self.notes.push(
                "a code is good once, for about a minute, on the device it is of; too many wrong ones make the server wait"
                    .to_owned(),
            ),
        }
    }

    /// Tells it: the code and the text as they came, then the notes.
    fn tell(&self, io: &mut Io<'_>) -> io::Result<()> {
        writeln!(io.err, "refused[{}]: {}", escaped(&self.code), escaped(&self.message))?;
        let meaning = MEANINGS
            .iter()
            .find(|(action, code, _)| (*action == "*" || *action == self.action) && *code == self.code);
        let meaning = meaning.map(|(_, _, meaning)| (*meaning).to_owned());
        for note in meaning.iter().chain(&self.notes) {
            writeln!(io.err, "  {}", escaped(note))?;
        }
        Ok(())
    }
}

/// What a text that should be a code looks like, without showing it.
fn described(code: &str) -> String {
    let digits = code.chars().filter(char::is_ascii_digit).count();
    match code.chars().count() {
        all if all == digits => format!("{digits} digits"),
        all => format!("{all} characters, {digits} of them digits"),
    }
}

/// What the shell is told: a refusal is a "no", what was not tried is trouble.
pub(crate) fn settle(io: &mut Io<'_>, done: Result<Exit, Stop>) -> Result<Exit, Failure> {
    match done {
        Ok(exit) => Ok(exit),
        Err(Stop::Failure(failure)) => Err(failure),
        Err(Stop::Refused(refusal)) => {
            io.out.flush()?;
            refusal.tell(io)?;
            // What was temporary has ended: that is mended by signing in.
            Ok(if refusal.code == "ExpiredToken" { Exit::SignIn } else { Exit::No })
        }
        Err(Stop::SignIn(problem)) => {
            io.err.write_all(problem.to_text(io.look.colors_err()).as_bytes())?;
            Ok(Exit::SignIn)
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Failure(problem.into())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong_code(ahead: i64) -> Refusal {
        Refusal {
            action: "EnableMFADevice".to_owned(),
            code: "InvalidAuthenticationCode".to_owned(),
            message: "Authentication code for device is not valid.".to_owned(),
            ahead: Some(ahead),
            notes: Vec::new(),
        }
    }

    #[test]
    fn ux_070_the_client_says_what_it_can_know_and_never_the_code() {
        for (codes, ahead, word) in [
            (&["123456", "123456"][..], 0, "the same"),
            (&["12345", "654321"], 0, "has 5 digits"),
            (&["12345x", "654321"], 0, "6 characters, 5 of them digits"),
            (&["111111", "222222"], 0, "sent before"),
            (&["333333", "222222"], 95, "95 s ahead of the server's: 3 steps"),
            (&["333333", "222222"], -31, "31 s behind the server's: 1 steps"),
        ] {
            let mut refusal = wrong_code(ahead);
            refusal.about(codes, &["111111".to_owned()], "resync it");
            let notes = refusal.notes.join("\n");
            assert!(notes.contains(word), "{codes:?}: {notes}");
            assert!(codes.iter().all(|code| !notes.contains(code)), "{notes}");
        }
    }
}
