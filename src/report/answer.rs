//! From a set of policies and a request to an [`Answer`], with what is worth a warning.

use super::decision::{Answer, Sources, WouldAllow};
use super::stages::stages;
use super::warning::{self, Warning};
use crate::engine::{Change, PolicySet, explain, explain_action, would_allow};
use crate::policy::Comparison;
use crate::request::{KeyState, MFA_AGE, PrincipalKind, Request};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// The answer.
    #[default]
    Answer,
    /// Every step, too, and what would allow the request.
    Trace,
}

/// Decides a request and says why.
///
/// ```
/// use twokeys::engine::{PolicySet, Prepared};
/// use twokeys::policy::{Policy, PolicyType};
/// use twokeys::report::{Detail, answer};
/// use twokeys::request::{Context, Request};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": {"Sid": "Read", "Effect": "Allow",
///   "Action": "s3:GetObject", "Resource": "*",
///   "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}}"#;
/// let policy = Prepared::new("office", Policy::parse(text)?, PolicyType::Identity)?;
/// let set = PolicySet::builder().identity(policy).build()?;
/// let who = "arn:aws:iam::111122223333:user/alice".parse()?;
/// let request =
///     Request::new(who, "s3:GetObject".parse()?, "arn:aws:s3:::b/k".parse()?, Context::default());
/// let (answer, _) = answer(&set, &request, &(), Detail::Answer);
/// assert_eq!((&*answer.decision, &*answer.layer), ("ImplicitlyDenied", "identity"));
/// assert_eq!(answer.assumed_absent, ["aws:SourceIp"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(
    set: &PolicySet,
    request: &Request,
    sources: &dyn Sources,
    detail: Detail,
) -> (Answer, Vec<Warning>) {
    let explanation = match detail {
        Detail::Answer => explain_action(set, request),
        Detail::Trace => explain(set, request),
    };
    let mut answer = Answer::new(set, request, explanation.evaluation(), sources);
    answer.unknown_keys = explanation.unknown_keys().to_vec();
    if detail == Detail::Trace {
        answer.trace = Some(stages(set, request, &explanation, sources));
        let mut changes = would_allow(set, request);
        changes.retain(|change| !matches!(change, Change::Mfa(state) if !can_be(request, *state)));
        answer.would_allow = Some(changes.iter().map(|change| WouldAllow::new(set, change)).collect());
    }
    let met = warning::of_explanation(set, request, &explanation, sources);
    answer.assumed_absent = explanation.into_absent_keys();
    answer.assumed_absent.retain(|key| !request.context.mentions(key));
    (answer, met)
}

/// Can the requester come to this state of MFA at all (MF-002, MF-016)? Other advice would be no help.
fn can_be(request: &Request, mfa: Option<bool>) -> bool {
    let forwarded = matches!(
        request.context.get("aws:ViaAWSService"),
        KeyState::Known([value]) if value.eq_ignore_ascii_case("true")
    );
    match request.principal.kind() {
        PrincipalKind::User | PrincipalKind::Root => mfa.is_some() || !forwarded,
        PrincipalKind::RoleSession => mfa == Some(false) || (mfa.is_none() && !forwarded),
        _ => mfa.is_none(),
    }
}

/// An age at which MFA is stale for every statement that compares it: one second above the largest.
/// None if no statement compares it (UX-042).
pub fn stale_age(set: &PolicySet) -> Option<u64> {
    let blocks = set.statements().flat_map(|(_, statement)| &statement.statement.condition);
    let numeric =
        blocks.filter(|block| matches!(block.operator.value.base.comparison, Comparison::Numeric(_)));
    let tests = numeric.flat_map(|block| &block.tests);
    let values =
        tests.filter(|test| test.key.value.eq_ignore_ascii_case(MFA_AGE)).flat_map(|test| &test.values);
    values.filter_map(|value| whole_seconds(&value.text)).max().map(|largest| largest.saturating_add(1))
}

/// The seconds without their fraction.
fn whole_seconds(text: &str) -> Option<u64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Prepared;
    use crate::policy::{Policy, PolicyType};

    fn stale(conditions: &str) -> Option<u64> {
        let text = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {conditions}}}}}"#
        );
        let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
        stale_age(&PolicySet::builder().identity(policy).build().unwrap())
    }

    #[test]
    fn ux_042_stale_is_a_second_more_than_the_largest_age_that_is_compared() {
        for (conditions, expected) in [
            (r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}"#, Some(3601)),
            (r#"{"NumericLessThan": {"AWS:multifactorauthage": ["60", 900.5]}}"#, Some(901)),
            (r#"{"NumericLessThan": {"aws:EpochTime": "3600"}}"#, None),
            (r#"{"Null": {"aws:MultiFactorAuthAge": "true"}}"#, None),
            (r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "soon"}}"#, None),
            (r#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "18446744073709551615"}}"#, Some(u64::MAX)),
        ] {
            assert_eq!(stale(conditions), expected, "{conditions}");
        }
    }
}
