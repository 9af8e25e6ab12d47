//! What an answer is expected to be, so that "no" can be asserted and not merely happen (UX-031).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::decision::Answer;
use crate::engine::{Decision, Layer};
use crate::name::nearest;

/// An expected answer, and perhaps where it must come from: `explicit-deny@scp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expectation {
    answer: Expected,
    layer: Option<Layer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Expected {
    Allow,
    Deny,
    ExplicitDeny,
    ImplicitDeny,
    Undecided,
}

/// Why a text is no [`Expectation`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidExpectation {
    /// The word is none of the five.
    #[error("`{0}` is no answer to expect")]
    Answer(String),
    /// The layer is none.
    #[error("`{0}` is no layer")]
    Layer(String),
}

const ANSWERS: [(&str, Expected); 5] = [
    ("allow", Expected::Allow),
    ("deny", Expected::Deny),
    ("explicit-deny", Expected::ExplicitDeny),
    ("implicit-deny", Expected::ImplicitDeny),
    ("undecided", Expected::Undecided),
];

impl Expectation {
    /// Is this answer the expected one? One without the policies it needs is open, so it is no denial either.
    pub fn is_met(self, answer: &Answer) -> bool {
        let denials = [Decision::ExplicitlyDenied, Decision::ImplicitlyDenied];
        let is = |decision: Decision| answer.decision == decision.as_str();
        let fits = match self.answer {
            Expected::Allow => is(Decision::Allowed),
            Expected::ExplicitDeny => is(Decision::ExplicitlyDenied),
            Expected::ImplicitDeny => is(Decision::ImplicitlyDenied),
            Expected::Undecided => is(Decision::Undecided),
            // Whichever of the two it turns out to be, it is a denial (EV-009).
            Expected::Deny => {
                answer.possible.iter().all(|word| denials.iter().any(|denial| *word == denial.as_str()))
            }
        };
        fits && self.layer.is_none_or(|layer| answer.layer == layer.as_str())
    }
}

impl Expectation {
    /// Is the request to go through?
    pub fn wants_allow(self) -> bool {
        self.answer == Expected::Allow
    }
}

impl FromStr for Expectation {
    type Err = InvalidExpectation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, layer) = match text.split_once('@') {
            Some((word, layer)) => (word, Some(layer)),
            None => (text, None),
        };
        let answer = ANSWERS.iter().find(|(name, _)| *name == word).map(|(_, answer)| *answer);
        let answer = answer.ok_or_else(|| InvalidExpectation::Answer(word.to_owned()))?;
        let known = |name: &str| Layer::ALL.into_iter().find(|layer| layer.as_str() == name);
        let layer = match layer {
            Some(name) => Some(known(name).ok_or_else(|| InvalidExpectation::Layer(name.to_owned()))?),
            None => None,
        };
        Ok(Self { answer, layer })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = ANSWERS.iter().find(|(_, answer)| *answer == self.answer).map_or("", |(name, _)| name);
        f.write_str(word)?;
        self.layer.map_or(Ok(()), |layer| write!(f, "@{layer}"))
    }
}

impl InvalidExpectation {
    /// The smallest change that mends it.
    pub fn help(&self) -> String {
        let near = |word: &str, words: &[&str]| match nearest(word, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("there are `{}`", words.join("`, `")),
        };
        match self {
            Self::Answer(word) => near(word, &ANSWERS.map(|(name, _)| name)),
            Self::Layer(word) => near(word, &Layer::ALL.map(Layer::as_str)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(decision: &'static str, possible: &[&'static str], layer: &'static str) -> Answer {
        Answer {
            mfa: "missing".into(),
            mfa_age: None,
            decision: decision.into(),
            possible: possible.iter().map(|word| (*word).into()).collect(),
            layer: layer.into(),
            by: None,
            assumed_absent: Vec::new(),
            unknown_keys: Vec::new(),
            indeterminate: false,
            trace: None,
            would_allow: None,
        }
    }

    fn expects(text: &str, answer: &Answer) -> bool {
        text.parse::<Expectation>().unwrap().is_met(answer)
    }

    #[test]
    fn ux_031_deny_is_any_denial_and_the_others_exactly_one() {
        let explicit = answer("ExplicitlyDenied", &["ExplicitlyDenied"], "scp");
        let either = answer("Undecided", &["ImplicitlyDenied", "ExplicitlyDenied"], "identity");
        let open = answer("Undecided", &["Allowed", "ImplicitlyDenied"], "identity");
        assert!(expects("deny", &explicit) && expects("explicit-deny", &explicit));
        assert!(expects("deny@scp", &explicit) && !expects("deny@identity", &explicit));
        assert!(!expects("implicit-deny", &explicit) && !expects("allow", &explicit));
        assert!(expects("deny", &either) && expects("undecided", &either));
        assert!(!expects("deny", &open) && expects("undecided", &open));
    }

    #[test]
    fn ux_044_without_a_policy_that_applies_only_a_deny_is_certain() {
        let mut allowed = answer("Allowed", &["Allowed"], "identity");
        allowed.leave_open();
        assert!(!expects("allow", &allowed) && !expects("deny", &allowed) && expects("undecided", &allowed));
        assert!(!allowed.is_allowed() && allowed.is_undecided());
        let mut denied = answer("ExplicitlyDenied", &["ExplicitlyDenied"], "scp");
        denied.leave_open();
        assert!(denied.indeterminate && expects("deny@scp", &denied) && !denied.is_undecided());
    }

    #[test]
    fn expectations_print_as_they_are_read() {
        for text in ["allow", "deny@boundary", "undecided"] {
            assert_eq!(text.parse::<Expectation>().unwrap().to_string(), text);
        }
        for (text, help) in [
            ("alow", "did you mean `allow`?"),
            ("ALLOW", "did you mean `allow`?"),
            ("no", "there are `allow`, `deny`, `explicit-deny`, `implicit-deny`, `undecided`"),
            ("deny@spc", "did you mean `scp`?"),
        ] {
            assert_eq!(text.parse::<Expectation>().unwrap_err().help(), help, "{text}");
        }
    }
}
