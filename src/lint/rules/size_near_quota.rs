//! I522: a policy that is nearly full.

use super::size_quota::length_and_quota;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct SizeNearQuota;

static META: Meta = Meta {
    code: "I522",
    name: "size-near-quota",
    severity: Severity::Info,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the policy fills more than nine tenths of what AWS stores",
    explanation: "\
The next statement may not fit, and the day one is needed is a bad day to learn that. Shorten \
the policy with wildcards, or split it.",
    elsewhere: "",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
  "Action": "sts:AssumeRole", "Principal": {"AWS": [
    "arn:aws:iam::111122223333:user/division/team/member-01", "arn:aws:iam::111122223333:user/division/team/member-02",
    "arn:aws:iam::111122223333:user/division/team/member-03", "arn:aws:iam::111122223333:user/division/team/member-04",
    "arn:aws:iam::111122223333:user/division/team/member-05", "arn:aws:iam::111122223333:user/division/team/member-06",
    "arn:aws:iam::111122223333:user/division/team/member-07", "arn:aws:iam::111122223333:user/division/team/member-08",
    "arn:aws:iam::111122223333:user/division/team/member-09", "arn:aws:iam::111122223333:user/division/team/member-10",
    "arn:aws:iam::111122223333:user/division/team/member-11", "arn:aws:iam::111122223333:user/division/team/member-12",
    "arn:aws:iam::111122223333:user/division/team/member-13", "arn:aws:iam::111122223333:user/division/team/member-14",
    "arn:aws:iam::111122223333:user/division/team/member-15", "arn:aws:iam::111122223333:user/division/team/member-16",
    "arn:aws:iam::111122223333:user/division/team/member-17", "arn:aws:iam::111122223333:user/division/team/member-18",
    "arn:aws:iam::111122223333:user/division/team/member-19", "arn:aws:iam::111122223333:user/division/team/member-20",
    "arn:aws:iam::111122223333:user/division/team/member-21", "arn:aws:iam::111122223333:user/division/team/member-22",
    "arn:aws:iam::111122223333:user/division/team/member-23", "arn:aws:iam::111122223333:user/division/team/member-24",
    "arn:aws:iam::111122223333:user/division/team/member-25", "arn:aws:iam::111122223333:user/division/team/member-26",
    "arn:aws:iam::111122223333:user/division/team/member-27", "arn:aws:iam::111122223333:user/division/team/member-28",
    "arn:aws:iam::111122223333:user/division/team/member-29", "arn:aws:iam::111122223333:user/division/team/member-30",
    "arn:aws:iam::111122223333:user/ana"]}}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"}}}"#,
    ),
};

impl Rule for SizeNearQuota {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let Some((length, quota, unit)) = length_and_quota(subject) else { return };
        if length <= quota && length.saturating_mul(10) > quota.saturating_mul(9) {
            let message = format!("the policy has {length} {unit} of the {quota} that AWS stores");
            found.push(META.at(subject.start(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn lm_001_tells_before_it_is_too_late() {
        insta::assert_snapshot!(show(&SizeNearQuota), @r#"
        I522 the policy has 1850 characters without white space of the 2048 that AWS stores
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        ^
        "#);
    }
}
