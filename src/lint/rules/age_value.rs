//! M424: an age of MFA that cannot be meant.

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::LONGEST;
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::Comparison;
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct AgeValue;

static META: Meta = Meta {
    code: "M424",
    name: "age-value",
    severity: Severity::Warning,
    security: Some(4.0),
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an age of MFA that no session has, or that is in the wrong unit",
    explanation: "\
The age is given in seconds. No session lives longer than 129,600 seconds (36 hours), none is \
younger than 0, and a limit below one minute leaves no time to work: such numbers are mostly minutes \
or milliseconds.",
    elsewhere: "AA TYPE_MISMATCH_NUMBER",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600000"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let numeric = |test: &Test<'_>| matches!(test.comparison(), Comparison::Numeric(_));
        for test in subject.tests().filter(|test| test.is_on(MFA_AGE)).filter(numeric) {
            for value in test.values() {
                let text = value.text.as_str();
                let number = text.trim().parse::<f64>().ok().filter(|_| is_readable(test.comparison(), text));
                let Some((message, meant)) = judged(text, number) else { continue };
                let finding = META.at(value.span, message).about(&test);
                found.push(match meant {
                    Some(meant) => finding.help(format!("ages are in seconds; did you mean `{meant}`?")),
                    None => finding.help(format!("ages are in seconds, up to {LONGEST}")),
                });
            }
        }
    }
}

/// What is wrong with an age, and the number that was perhaps meant.
fn judged(text: &str, number: Option<f64>) -> Option<(String, Option<f64>)> {
    const LONGEST_AGE: f64 = 129_600.0;
    let Some(seconds) = number else { return Some((format!("`{text}` is no number of seconds"), None)) };
    if seconds <= 0.0 {
        return Some((format!("an age of `{text}` seconds separates nobody: ages begin at 0"), None));
    }
    if seconds > LONGEST_AGE {
        let meant = seconds / 1000.0;
        let whole = meant.fract() == 0.0 && meant <= LONGEST_AGE;
        return Some((format!("no MFA session is `{text}` seconds old"), whole.then_some(meant)));
    }
    let message = format!("`{text}` seconds after MFA leave no time to work");
    (seconds < 60.0).then_some((message, Some(seconds * 60.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AgeValue), @r#"
        M424 no MFA session is `3600000` seconds old
          "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600000"}}}}
                                                                      ^^^^^^^^^
        help: ages are in seconds; did you mean `3600`?
        "#);
    }

    #[test]
    fn the_unit_is_guessed_and_usual_ages_are_fine() {
        for (text, meant) in
            [("30", Some(1800.0)), ("0", None), ("-5", None), ("3600000", Some(3600.0)), ("1e9", None)]
        {
            assert_eq!(judged(text, text.parse().ok()).unwrap().1, meant, "{text}");
        }
        assert!(judged("soon", None).is_some());
        for text in ["60", "3600", "129600"] {
            assert_eq!(judged(text, text.parse().ok()), None, "{text}");
        }
    }
}
