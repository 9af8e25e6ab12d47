//! Requests made from a policy's own text, to try a change of it on.
//!
//! Two policies that say the same decide the same; the reverse cannot be shown by trying, but a
//! change that matters mostly shows. The requests are those that the text speaks of: its actions,
//! resources and principals, and its keys at values that hit, at values that miss, and missing, each in
//! every state of MFA that AWS puts into a request (MF-002).

mod against;
mod requests;

pub use against::{Changed, gained_and_lost};

use std::sync::Arc;

use crate::engine::{Decision, PolicySet, Prepared, evaluate};
use crate::policy::{Policy, PolicyType};
use crate::request::Request;

/// A request that two policies decide differently.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The request.
    pub request: Box<Request>,
    /// What the first decides.
    pub before: Decision,
    /// What the second decides.
    pub after: Decision,
}

/// A request on which the two policies differ, if the probes find one.
///
/// `None` also if one of them could not be evaluated as this kind: then there is no decision to keep.
///
/// ```
/// use twokeys::lint::difference;
/// use twokeys::policy::{Policy, PolicyType};
///
/// let policy = |operator: &str| {
///     Policy::parse(&format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "s3:*",
///       "Resource": "*", "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "false"}}}}}}}}"#))
/// };
/// let (one, other) = (policy("Bool")?, policy("BoolIfExists")?);
/// assert!(difference(&one, &one, PolicyType::ServiceControl).is_none());
/// assert!(difference(&one, &other, PolicyType::ServiceControl).is_some());
/// # Ok::<(), twokeys::policy::ParseErrors>(())
/// ```
pub fn difference(before: &Policy, after: &Policy, kind: PolicyType) -> Option<Difference> {
    let pairs: Vec<_> = sets_of(before, kind)?.into_iter().zip(sets_of(after, kind)?).collect();
    requests::of(&[before, after], kind).into_iter().find_map(|request| {
        let decisions = pairs.iter().map(|(one, other)| {
            let decided = |set| evaluate(set, &request).decision();
            (decided(one), decided(other))
        });
        let (before, after) = decisions.into_iter().find(|(before, after)| before != after)?;
        Some(Difference { request: Box::new(request), before, after })
    })
}

/// A policy in its layer, with a policy that allows everything beside it where it grants nothing itself;
/// one of a resource without it, too, for whom it allows alone.
fn sets_of(policy: &Policy, kind: PolicyType) -> Option<Vec<PolicySet>> {
    let prepared = Prepared::new("probe", policy.clone(), kind).ok()?;
    let (alone, with_all) = (PolicySet::builder(), PolicySet::builder().identity(everything()?));
    let builders = match kind {
        PolicyType::Identity => vec![alone.identity(prepared)],
        PolicyType::Resource | PolicyType::Trust => {
            vec![alone.resource(Arc::clone(&prepared)), with_all.resource(prepared)]
        }
        PolicyType::Boundary => vec![with_all.boundary(prepared)],
        PolicyType::Session => vec![with_all.session(prepared)],
        PolicyType::ServiceControl => vec![with_all.scp_level([prepared])],
        PolicyType::ResourceControl => vec![with_all.rcp_level([prepared])],
        PolicyType::Endpoint => vec![with_all.endpoint(prepared)],
    };
    builders.into_iter().map(|builder| builder.build().ok()).collect()
}

fn everything() -> Option<Arc<Prepared>> {
    let text =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    Prepared::new("everything", Policy::parse(text).ok()?, PolicyType::Identity).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(before: &str, after: &str, kind: PolicyType) -> bool {
        let parsed = |text: &str| Policy::parse(text).unwrap();
        difference(&parsed(before), &parsed(after), kind).is_some()
    }

    fn statement(rest: &str) -> String {
        format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {rest}}}}}"#)
    }

    #[test]
    fn what_changes_a_decision_is_found() {
        const S3: &str = r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#;
        let identity = PolicyType::Identity;
        for (before, after) in [
            (statement(S3), statement(r#""Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*""#)),
            (statement(S3), statement(r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x*""#)),
            (
                statement(S3),
                statement(&format!(
                    r#"{S3}, "Condition": {{"Bool": {{"aws:MultiFactorAuthPresent": "true"}}}}"#
                )),
            ),
            (
                statement(&format!(
                    r#"{S3}, "Condition": {{"StringEquals": {{"aws:RequestedRegion": ["a", "b"]}}}}"#
                )),
                statement(&format!(
                    r#"{S3}, "Condition": {{"StringEquals": {{"aws:RequestedRegion": ["a"]}}}}"#
                )),
            ),
            (
                statement(&format!(
                    r#"{S3}, "Condition": {{"NumericLessThan": {{"aws:MultiFactorAuthAge": "300"}}}}"#
                )),
                statement(&format!(
                    r#"{S3}, "Condition": {{"NumericLessThanEquals": {{"aws:MultiFactorAuthAge": "300"}}}}"#
                )),
            ),
        ] {
            assert!(differs(&before, &after, identity), "{before}\n{after}");
            assert!(differs(&after, &before, PolicyType::ServiceControl), "{before}\n{after}");
        }
        let trust = |principal: &str| {
            format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"AWS": "{principal}"}}}}}}"#
            )
        };
        let (root, user) = ("arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:user/bob");
        assert!(differs(&trust(user), &trust("arn:aws:iam::444455556666:user/eve"), PolicyType::Trust));
        assert!(!differs(&trust(root), &trust("444455556666"), PolicyType::Trust));
    }

    #[test]
    fn what_changes_nothing_is_not_found() {
        let before =
            statement(r#""Action": ["s3:GetObject", "s3:Get*"], "Resource": ["*", "arn:aws:s3:::b"]"#);
        let after = statement(r#""Action": "s3:Get*", "Resource": "*""#);
        assert!(!differs(&before, &after, PolicyType::Identity));
        assert!(!differs(&before, &after, PolicyType::Boundary));
    }
}
