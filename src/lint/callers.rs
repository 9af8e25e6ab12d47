//! Whom a statement with the principal `*` lets in: does its condition choose, and can it be cheated?
//!
//! `*` is everybody, signed in anywhere or not at all. What narrows it is a condition on a key that the
//! caller cannot choose: an organization, an account, an address, an endpoint. A key the caller writes, or
//! a test that is true when the key is missing, only looks like it.

use super::Test;
use super::text::{has_wildcard, whole_arn};
use crate::lint::subject::tests_of;
use crate::name::fold;
use crate::policy::{Comparison, ConditionValue, PrincipalValue, SetPrefix, Statement};
use crate::source::{Span, Spanned};

/// How far a condition narrows the callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// Not at all.
    None,
    /// Only those who do not care to get around it.
    Weak,
    /// To callers that somebody chose.
    Strong,
}

/// Keys that say who calls or from where, and that AWS fills in.
const TRUSTED: &[&str] = &[
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principalisawsservice",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:userid",
    "aws:username",
    "aws:federatedprovider",
    "aws:ec2instancesourcevpc",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "es:vpcid",
    "elasticfilesystem:accessedviamounttarget",
    "lambda:eventsourcetoken",
];

/// Keys that look like a choice of callers and are none: the caller writes them, or any account can
/// arrange for them.
const CHEATED: &[&str] = &["aws:referer", "aws:useragent", "aws:principaltype", "aws:viaawsservice"];

/// The place where a statement says that everybody is its principal.
pub(super) fn everybody(statement: &Statement) -> Option<Span> {
    let part = statement.principal.as_ref().filter(|part| !part.negated)?;
    match &part.value {
        PrincipalValue::Text(text) => (text.value == "*").then_some(text.span),
        PrincipalValue::Map(groups) => groups
            .iter()
            .filter(|group| group.kind.value == "AWS")
            .flat_map(|group| &group.values)
            .find(|value| value.value == "*")
            .map(|value| value.span),
    }
}

/// The service principals of a statement.
pub(super) fn services(statement: &Statement) -> impl Iterator<Item = &Spanned<String>> {
    let part = statement.principal.as_ref().filter(|part| !part.negated);
    let groups = part.map_or(&[][..], |part| match &part.value {
        PrincipalValue::Map(groups) => groups.as_slice(),
        PrincipalValue::Text(_) => &[],
    });
    groups.iter().filter(|group| group.kind.value == "Service").flat_map(|group| &group.values)
}

/// Keys by which a service says for which thing of which account it calls: the thing, and its owner.
pub(super) const SOURCE_ARN: &[&str] = &["aws:SourceArn"];
/// The owner's half of them.
pub(super) const SOURCE_OWNER: &[&str] =
    &["aws:SourceAccount", "aws:SourceOwner", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Does a condition ask for one of these keys?
pub(super) fn asks_for(statement: &Statement, keys: &[&str]) -> bool {
    tests_of(statement).any(|test| keys.iter().any(|key| test.is_on(key)))
}

/// The tests of a condition that narrow the callers, as far as they do.
pub(super) fn narrowing(statement: &Statement) -> Narrowing {
    let mut most = Narrowing::None;
    for test in tests_of(statement) {
        match narrowing_of(&test) {
            Narrowing::Strong => return Narrowing::Strong,
            Narrowing::Weak => most = Narrowing::Weak,
            Narrowing::None => {}
        }
    }
    most
}

/// How far one test narrows the callers.
pub(super) fn narrowing_of(test: &Test<'_>) -> Narrowing {
    let key = fold(test.key());
    let tag = key.starts_with("aws:principaltag/");
    if tag || CHEATED.contains(&key.as_str()) {
        return Narrowing::Weak;
    }
    if !TRUSTED.contains(&key.as_str()) {
        return Narrowing::None;
    }
    let operator = test.operator();
    let holds_without = operator.if_exists || operator.set == Some(SetPrefix::ForAllValues);
    let chosen = !operator.base.negated
        && !holds_without
        && test.comparison() != Comparison::Null
        && !test.values().iter().any(|value| is_anybody(&key, value));
    if chosen { Narrowing::Strong } else { Narrowing::Weak }
}

/// Does a value let in callers of every account?
fn is_anybody(key: &str, value: &ConditionValue) -> bool {
    let text = value.text.as_str();
    if text.is_empty() {
        return false;
    }
    match key {
        "aws:sourceip" | "aws:vpcsourceip" => text.ends_with("/0"),
        "aws:principalarn" => {
            has_wildcard(text) && whole_arn(text).is_none_or(|[.., account, _]| has_wildcard(account))
        }
        // Names of buckets are unique, so their ARNs have no account.
        "aws:sourcearn" => {
            let open = |[_, _, service, _, account, resource]: [&str; 6]| {
                has_wildcard(service)
                    || has_wildcard(account) && (service != "s3" || has_wildcard(resource))
                    || resource.starts_with('*')
            };
            has_wildcard(text) && whole_arn(text).is_none_or(open)
        }
        // An id is followed by the name of the session, which its holder chooses.
        "aws:userid" => text.starts_with(['*', '?']),
        "aws:principalisawsservice" | "elasticfilesystem:accessedviamounttarget" => {
            !text.eq_ignore_ascii_case("true")
        }
        _ => text.starts_with('*') || text == "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn what_narrows_the_callers_and_what_only_looks_like_it() {
        for (condition, expected) in [
            (r"{}", Narrowing::None),
            (r#"{"Bool": {"aws:SecureTransport": "true"}}"#, Narrowing::None),
            (r#"{"StringEquals": {"AWS:principalorgid": "o-a1b2c3d4e5"}}"#, Narrowing::Strong),
            (r#"{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, Narrowing::Weak),
            (r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, Narrowing::Weak),
            (r#"{"StringLike": {"aws:PrincipalOrgID": "*"}}"#, Narrowing::Weak),
            (r#"{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}"#, Narrowing::Strong),
            (r#"{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}"#, Narrowing::Weak),
            (r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#, Narrowing::Strong),
            (r#"{"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}}"#, Narrowing::Weak),
            (r#"{"StringLike": {"aws:Referer": "https://example.com/*"}}"#, Narrowing::Weak),
            (r#"{"StringEquals": {"aws:PrincipalTag/team": "a"}}"#, Narrowing::Weak),
            (r#"{"Null": {"aws:SourceVpce": "false"}}"#, Narrowing::Weak),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}"#, Narrowing::Weak),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}"#, Narrowing::Strong),
            (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:amzn-s3-demo-bucket"}}"#, Narrowing::Strong),
            (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}"#, Narrowing::Weak),
            (
                r#"{"StringLike": {"aws:Referer": "x*"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}"#,
                Narrowing::Strong,
            ),
        ] {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {condition}}}}}"#
            );
            let policy = Policy::parse(&text).unwrap();
            assert_eq!(narrowing(&policy.statements[0]), expected, "{condition}");
        }
    }
}
