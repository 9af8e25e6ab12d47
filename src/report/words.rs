//! An answer in words, the same in every format for people.

use super::decision::{Answer, By};
use super::layout::Mark;
use crate::source::escaped;

/// The answer as a mark and a word.
pub(super) fn verdict(answer: &Answer) -> (Mark, &'static str) {
    match &*answer.decision {
        "Undecided" if answer.indeterminate => (Mark::Open, "INDETERMINATE"),
        "Allowed" => (Mark::Yes, "ALLOW"),
        "ExplicitlyDenied" => (Mark::No, "DENY explicit"),
        "ImplicitlyDenied" => (Mark::No, "DENY implicit"),
        _ if answer.is_undecided() => (Mark::Open, "UNDECIDED"),
        // Whichever of the two denials it turns out to be.
        _ => (Mark::No, "DENY"),
    }
}

/// The state of MFA, and that it is stale where a fresh one stands beside it.
pub(super) fn state(answer: &Answer, answers: &[Answer]) -> String {
    let age = |answer: &Answer| answer.mfa_age.as_ref().and_then(serde_json::Number::as_u64);
    let fresher = |other: &Answer| other.mfa == "true" && age(other) < age(answer);
    if answer.mfa == "true" && answers.iter().any(fresher) {
        "true, stale".to_owned()
    } else {
        answer.mfa.to_string()
    }
}

/// What decided, as the end of a sentence.
pub(super) fn decided_by(answer: &Answer) -> String {
    if answer.indeterminate && answer.decision == "Undecided" {
        return "a policy that applies could not be read, so this counts as denied".to_owned();
    }
    if let Some(by) = &answer.by {
        let place = place(by).map(|place| format!(" ({place})")).unwrap_or_default();
        let (layer, policy) = (layer(&answer.layer), escaped(&by.policy));
        return format!("{layer} {policy}, statement {}{place}", statement(by));
    }
    match (&*answer.decision, &*answer.layer) {
        ("Undecided", _) if answer.unknown_keys.is_empty() => "hangs on keys that are unknown".to_owned(),
        ("Undecided", _) => format!("hangs on {}", escaped(&answer.unknown_keys.join(", "))),
        ("Allowed", "exempt") => "no policy can take this call away".to_owned(),
        ("Allowed", "root") => "root may do everything in its own account".to_owned(),
        ("Allowed", layer) => layer.to_owned(),
        (_, "rcp") => "resource control policies do not allow it".to_owned(),
        (_, "scp") => "service control policies do not allow it".to_owned(),
        (_, "endpoint") => "the policy of the VPC endpoint does not allow it".to_owned(),
        (_, "resource") => "the resource's own policy does not allow it".to_owned(),
        (_, "boundary") => "the permissions boundary does not allow it".to_owned(),
        (_, "session") => "no session policy allows it".to_owned(),
        (_, "credential") => "credentials of this kind cannot make this call".to_owned(),
        (_, _) => "no statement allows it".to_owned(),
    }
}

/// `file:line`; in an account the group that brings the policy, or the policy's own lines.
pub(super) fn place(by: &By) -> Option<String> {
    if let Some(via) = &by.via {
        if let Some((_, group)) = via.split_once(", group ") {
            return Some(format!("group {}", escaped(group)));
        }
        return Some(format!("{}:{}", escaped(&by.policy), by.line?));
    }
    Some(format!("{}:{}", escaped(by.file.as_ref()?), by.line?))
}

/// The `Sid`, else the number.
pub(super) fn statement(by: &By) -> String {
    match by.sid.as_deref() {
        None | Some("") => by.index.to_string(),
        Some(sid) => escaped(sid),
    }
}

fn layer(word: &str) -> &str {
    match word {
        "identity" => "identity policy",
        "resource" => "resource policy",
        "boundary" => "permissions boundary",
        "session" => "session policy",
        "scp" => "service control policy",
        "rcp" => "resource control policy",
        "endpoint" => "endpoint policy",
        word => word,
    }
}

/// What MFA does here, where all three states were asked and answered.
pub(super) fn about_mfa(answers: &[Answer]) -> Option<&'static str> {
    let mut fresh = [None; 3];
    let mut stale = None;
    for answer in answers {
        if answer.is_undecided() {
            return None;
        }
        let allowed = Some(answer.is_allowed());
        let place = ["missing", "false", "true"].iter().position(|word| answer.mfa == *word)?;
        match fresh.get_mut(place)? {
            slot @ None => *slot = allowed,
            Some(_) => stale = allowed,
        }
    }
    let [Some(missing), Some(without), Some(with)] = fresh else { return None };
    Some(match (missing, without, with, stale) {
        (false, false, true, Some(false)) => "MFA decides this request, and it must be recent.",
        (false, false, true, _) => "MFA decides this request.",
        (true, false, true, _) => {
            "MFA decides this request, but an access key, which carries none, passes without."
        }
        (false, true, true, _) => {
            "MFA decides this request for access keys only: a session without MFA passes."
        }
        (true, true, true, Some(false)) | (_, _, false, Some(true)) => {
            "MFA decides this request the wrong way round: how long ago it was is tested backwards."
        }
        (true, true, true, _) => "MFA makes no difference: this request is allowed in every state.",
        (false, false, false, _) => "MFA makes no difference: this request is denied in every state.",
        (_, _, false, _) => "MFA decides this request the wrong way round: it is denied with MFA.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(
        mfa: &'static str,
        age: Option<u64>,
        decision: &'static str,
        possible: &[&'static str],
    ) -> Answer {
        Answer {
            mfa: mfa.into(),
            mfa_age: age.map(Into::into),
            decision: decision.into(),
            possible: possible.iter().map(|word| (*word).into()).collect(),
            layer: "identity".into(),
            by: None,
            assumed_absent: Vec::new(),
            unknown_keys: Vec::new(),
            indeterminate: false,
            trace: None,
            would_allow: None,
        }
    }

    /// `A` allowed, `D` denied, `?` open; missing, false, true, and perhaps stale.
    fn answers(letters: &str) -> Vec<Answer> {
        let states = [("missing", None), ("false", None), ("true", Some(0)), ("true", Some(3601))];
        let each = letters.chars().zip(states).map(|(letter, (mfa, age))| match letter {
            'A' => answer(mfa, age, "Allowed", &["Allowed"]),
            'D' => answer(mfa, age, "ExplicitlyDenied", &["ExplicitlyDenied"]),
            _ => answer(mfa, age, "Undecided", &["Allowed", "ExplicitlyDenied"]),
        });
        each.collect()
    }

    #[test]
    fn ux_003_whether_mfa_changes_the_answer_is_said_for_every_combination() {
        for (letters, expected) in [
            ("DDA", "MFA decides this request."),
            ("DDAA", "MFA decides this request."),
            ("DDAD", "MFA decides this request, and it must be recent."),
            ("ADA", "an access key, which carries none, passes without"),
            ("DAA", "for access keys only: a session without MFA passes"),
            ("AAA", "allowed in every state"),
            ("AAAA", "allowed in every state"),
            ("AAAD", "the wrong way round: how long ago"),
            ("DDDA", "the wrong way round: how long ago"),
            ("DDD", "denied in every state"),
            ("DDDD", "denied in every state"),
            ("AAD", "the wrong way round: it is denied with MFA"),
            ("ADD", "the wrong way round: it is denied with MFA"),
            ("DADD", "the wrong way round: it is denied with MFA"),
        ] {
            let sentence = about_mfa(&answers(letters)).unwrap_or_default();
            assert!(sentence.contains(expected), "{letters}: {sentence}");
        }
        for letters in ["A", "DD", "?DA", "DD?"] {
            assert_eq!(about_mfa(&answers(letters)), None, "{letters}");
        }
    }

    #[test]
    fn ev_009_either_of_two_denials_is_a_denial() {
        let denied = answer("unknown", None, "Undecided", &["ImplicitlyDenied", "ExplicitlyDenied"]);
        assert_eq!(verdict(&denied), (Mark::No, "DENY"));
        let open = answer("unknown", None, "Undecided", &["Allowed", "ExplicitlyDenied"]);
        assert_eq!(verdict(&open), (Mark::Open, "UNDECIDED"));
        assert_eq!(verdict(&Answer { indeterminate: true, ..open }), (Mark::Open, "INDETERMINATE"));
    }

    #[test]
    fn the_older_of_two_is_called_stale() {
        let answers = answers("DDAD");
        let states: Vec<String> = answers.iter().map(|answer| state(answer, &answers)).collect();
        assert_eq!(states, ["missing", "false", "true", "true, stale"]);
    }
}
