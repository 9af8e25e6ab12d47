//! E154: a policy longer than AWS stores.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct SizeQuota;

/// A trust policy that names this one user, and more text behind it.
macro_rules! trust {
    ($($more:tt)*) => {
        concat!(
            "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\",\n",
            "  \"Action\": \"sts:AssumeRole\", \"Principal\": {\"AWS\": [\n",
            $($more)*
            "    \"arn:aws:iam::111122223333:user/ana\"]}}}"
        )
    };
}

/// Eight more users, of nearly 300 characters.
macro_rules! eight {
    ($first:literal) => {
        concat!(
            "    \"arn:aws:iam::111122223333:user/",
            $first,
            "1\", \"arn:aws:iam::111122223333:user/",
            $first,
            "2\",\n",
            "    \"arn:aws:iam::111122223333:user/",
            $first,
            "3\", \"arn:aws:iam::111122223333:user/",
            $first,
            "4\",\n",
            "    \"arn:aws:iam::111122223333:user/",
            $first,
            "5\", \"arn:aws:iam::111122223333:user/",
            $first,
            "6\",\n",
            "    \"arn:aws:iam::111122223333:user/",
            $first,
            "7\", \"arn:aws:iam::111122223333:user/",
            $first,
            "8\",\n"
        )
    };
}

static META: Meta = Meta {
    code: "E154",
    name: "size-quota",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "the policy is longer than AWS stores",
    explanation: "\
AWS limits the length of every kind of policy and refuses what is longer. IAM does not count white \
space; Organizations counts every character, and S3 every byte. Some limits are raised on request: \
then say so in the configuration. Shorten the policy with wildcards, or split it.",
    elsewhere: "Access Analyzer POLICY_SIZE_EXCEEDS_*_QUOTA",
    bad: Example::of(
        PolicyType::Trust,
        trust!(eight!("a"), eight!("b"), eight!("c"), eight!("d"), eight!("e"), eight!("f"), eight!("g"),),
    ),
    good: Example::of(PolicyType::Trust, trust!()),
};

impl Rule for SizeQuota {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        let Some((length, quota, unit)) = length_and_quota(subject) else { return };
        if length > quota {
            let message = format!("the policy has {length} {unit}, and AWS stores at most {quota}");
            found.push(META.at(subject.start(), message));
        }
    }
}

/// How long the policy is, how long it may be, and what is counted; none where no limit is known.
pub(super) fn length_and_quota(subject: &Subject<'_>) -> Option<(usize, usize, &'static str)> {
    let (quotas, size) = (subject.options.quotas, subject.policy.size);
    let without = (size.without_white_space, "characters without white space");
    let all = (size.all, "characters");
    let ((length, unit), quota) = match subject.kind() {
        PolicyType::Identity | PolicyType::Boundary => (without, quotas.managed),
        PolicyType::Trust => (without, quotas.trust),
        PolicyType::Session => (without, quotas.session),
        PolicyType::ServiceControl => (all, quotas.scp),
        PolicyType::ResourceControl => (all, quotas.rcp),
        PolicyType::Resource if subject.options.service.as_deref() == Some("s3") => {
            let whole = subject.policy.span.0;
            ((whole.range().len(), "bytes"), quotas.bucket)
        }
        PolicyType::Resource | PolicyType::Endpoint => return None,
    };
    Some((length, quota, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Options, lint, show};
    use crate::policy::Policy;

    #[test]
    fn lm_001_counts_what_the_quota_counts() {
        insta::assert_snapshot!(show(&SizeQuota), @r#"
        E154 the policy has 2156 characters without white space, and AWS stores at most 2048
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        ^
        "#);
    }

    #[test]
    fn lm_001_white_space_counts_for_organizations_only() {
        let spaces = " ".repeat(11_000);
        let text = format!(
            r#"{{"Version": "2012-10-17", {spaces}"Statement": {{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}}}"#
        );
        let policy = Policy::parse(&text).unwrap();
        let is_too_long =
            |kind| lint(&policy, &Options::new(kind)).iter().any(|finding| finding.code() == META.code);
        assert!(is_too_long(PolicyType::ServiceControl));
        assert!(!is_too_long(PolicyType::Identity));
        assert!(!is_too_long(PolicyType::Session));
    }
}
