//! M422: a limit on the age of MFA that points the wrong way.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::mfa::{Guard, guards, mend};
use crate::lint::{Finding, Rule, Subject, Test};
use crate::policy::{Base, Comparison, Operator, Order};
use crate::request::MFA_AGE;
use crate::source::Severity;

pub(super) struct AgeDirection;

static META: Meta = Meta {
    code: "M422",
    name: "age-direction",
    severity: Severity::Error,
    security: Some(7.0),
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an `Allow` takes only old MFA, or a `Deny` stops only fresh MFA",
    explanation: "\
The comparison is the wrong way around: who has just used MFA is kept out, and whose MFA is hours \
old gets in. An `Allow` needs `NumericLessThan`, a `Deny` `NumericGreaterThanIfExists`.",
    elsewhere: "",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
  "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#,
    ),
};

impl Rule for AgeDirection {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for guard in guards(subject).filter(points_backwards) {
            let directed = |test: &Test<'_>| test.is_on(MFA_AGE) && turned(test).is_some();
            let Some(test) = guard.blame(directed) else { continue };
            let message = if guard.allows() {
                "this `Allow` lets in old MFA and not MFA used just now"
            } else {
                "this `Deny` stops MFA used just now and not old MFA"
            };
            let mut finding = META.at(test.block.operator.span, message).label("the wrong way").about(&test);
            if let Some(turned) = turned(&test) {
                finding.fix =
                    mend::unsafe_fix(format!("write `{turned}`"), vec![mend::operator(&test, turned)]);
                finding = finding.help(format!("write `{turned}`"));
            }
            found.push(finding.truth(guard.truth()));
        }
    }
}

fn points_backwards(guard: &Guard<'_>) -> bool {
    let vector = &guard.vector;
    if guard.allows() {
        !vector.without_mfa() && vector.only_when_old()
    } else {
        vector.missing == vector.without && vector.only_when_fresh()
    }
}

/// The operator that compares the other way; in a `Deny` it must hold without MFA as well.
fn turned(test: &Test<'_>) -> Option<Operator> {
    let Comparison::Numeric(order) = test.comparison() else { return None };
    let order = match order {
        Order::LessThan => Order::GreaterThan,
        Order::LessThanEquals => Order::GreaterThanEquals,
        Order::GreaterThan => Order::LessThan,
        Order::GreaterThanEquals => Order::LessThanEquals,
        Order::Equals => return None,
    };
    let base = Base { comparison: Comparison::Numeric(order), ..test.operator().base };
    Some(Operator { base, if_exists: !test.grants(), ..test.operator() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&AgeDirection), @r#"
        M422 this `Allow` lets in old MFA and not MFA used just now
          "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}}
                        ^^^^^^^^^^^^^^^^^^^^ the wrong way
        help: write `NumericLessThan`
        truth: missing → not allowed   false → not allowed   true → not allowed, later allowed
        "#);
    }
}
