//! W222: a date that is past.

use crate::engine::is_readable;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject, Test, tried};
use crate::policy::Comparison;
use crate::source::Severity;

pub(super) struct ExpiredDate;

static META: Meta = Meta {
    code: "W222",
    name: "expired-date",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a bound of the current time is past",
    explanation: "\
A bound that has passed decides nothing any more: an `Allow` until then is dead, and a `Deny` from then \
on is always in force. Remove the statement, or the bound. Seen from today, unless `--now` says otherwise.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}}}"#,
    ),
};

impl Rule for ExpiredDate {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let Some(now) = subject.options.now else { return };
        for test in subject.tests().filter(|test| CLOCKS.iter().any(|clock| test.is_on(clock))) {
            let readable = test.values().iter().all(|value| is_readable(test.comparison(), &value.text));
            if !matches!(test.comparison(), Comparison::Date(_)) || !readable || test.values().is_empty() {
                continue;
            }
            let holds = |at: i64| tried::hold(&[&test], false, Some(&at.to_string()));
            let label = match (test.grants(), holds(now), holds(FAR)) {
                (true, false, false) => "grants nothing any more",
                (false, false, false) => "denies nothing any more",
                (false, true, true) if !is_over(&test, now) => "always in force",
                _ => continue,
            };
            found.push(META.at(test.test.span.0, "the time stated here is past").label(label).about(&test));
        }
    }
}

/// Does another test of the clock end the statement's time?
fn is_over(test: &Test<'_>, now: i64) -> bool {
    tests_of(test.statement).filter(|other| CLOCKS.iter().any(|clock| other.is_on(clock))).any(|other| {
        let readable = other.values().iter().all(|value| is_readable(other.comparison(), &value.text));
        readable
            && matches!(other.comparison(), Comparison::Date(_))
            && !tried::hold(&[&other], false, Some(&now.to_string()))
    })
}

const CLOCKS: [&str; 2] = ["aws:CurrentTime", "aws:EpochTime"];

/// A time after which no policy has anything left to say, in the year 9999.
const FAR: i64 = 253_402_300_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;
    use crate::lint::show_on;

    #[test]
    fn points_at_the_date() {
        insta::assert_snapshot!(show(&ExpiredDate), @r#"
        W222 the time stated here is past
          "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}}
                                                            ^^^^^^^^^^^^^^^^^^^^^^ grants nothing any more
        "#);
    }

    #[test]
    fn a_window_that_has_opened_is_no_mistake() {
        for (effect, condition, told) in [
            ("Allow", r#"{"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}"#, false),
            ("Deny", r#"{"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}"#, true),
            ("Deny", r#"{"DateGreaterThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}"#, false),
            ("Deny", r#"{"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}"#, false),
            ("Allow", r#"{"DateLessThan": {"aws:EpochTime": "1577836800"}}"#, true),
            (
                "Deny",
                r#"{"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
                "DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}"#,
                true,
            ),
        ] {
            let text = META.bad.text.replace("Allow", effect);
            let text =
                text.replace(r#"{"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}"#, condition);
            let shown = show_on(&ExpiredDate, &Example::identity(text.leak()));
            assert_eq!(!shown.is_empty(), told, "{effect} {condition}");
        }
    }
}
