//! Who can get at what without MFA.

use memchr::memchr2_iter;

use super::exemption::{can_be_user, is_own};
use super::ground::Stops;
use super::guard::{Guard, guards, is_everyone, other_tests};
use super::names::{self, Names};
use super::{Vector, resource};
use crate::lint::{Subject, Test};
use crate::name::fold;
use crate::policy::{Effect, Statement};
use crate::source::{Span, Spanned};

/// Actions on devices that are allowed without MFA on more than the own user.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Free<'p> {
    pub(in crate::lint) statement: &'p Statement,
    /// The entry that allows them.
    pub(in crate::lint) entry: Span,
    pub(in crate::lint) actions: Vec<&'static str>,
    /// The resource that goes beyond the own user, or the element that leaves some out.
    pub(in crate::lint) place: Span,
    text: Option<&'p str>,
}

impl Free<'_> {
    /// Is it everything or every user, and is the statement about nothing but users?
    pub(in crate::lint) fn is_star_of_users(&self) -> bool {
        let entries = &self.statement.action.entries;
        let of_users = |entry: &Spanned<String>| {
            ["iam:EnableMFADevice", "iam:ResyncMFADevice", "iam:DeactivateMFADevice", "iam:ListMFADevices"]
                .iter()
                .any(|action| entry.value.eq_ignore_ascii_case(action))
        };
        let wide = self.text.is_some_and(|text| text == "*" || text.ends_with(":user/*"));
        wide && entries.iter().all(of_users)
    }
}

/// The entries of a statement's `Action` that speak of MFA devices: those that hold the text.
///
/// `iam:*` and `*` allow the same and far more; that is for other rules to say.
pub(in crate::lint) fn names_mfa(statement: &Statement) -> impl Iterator<Item = &Spanned<String>> {
    let part = &statement.action;
    let names = |text: &str| {
        let around = |at: usize| text.as_bytes().get(at.checked_sub(1)?..at + 2);
        memchr2_iter(b'f', b'F', text.as_bytes()).filter_map(around).any(|it| it.eq_ignore_ascii_case(b"mfa"))
    };
    part.entries.iter().filter(move |entry| !part.negated && names(&entry.value))
}

/// Which of these actions are allowed without MFA beyond the own user, and where?
///
/// A role has no own user and no MFA to be asked for: what may be said of it is that it reaches everyone.
pub(in crate::lint) fn free_on_others<'p>(subject: &Subject<'p>, actions: &[&'static str]) -> Vec<Free<'p>> {
    let mut found = Vec::new();
    let allows = |statement: &Statement| statement.effect.value == Effect::Allow;
    for (statement, _) in subject.elements().filter(|(it, element)| element.names_mfa && allows(it)) {
        if Vector::of(subject.policy, statement).is_some_and(|vector| !vector.without_mfa()) {
            continue;
        }
        let stops = Stops::over(subject, statement);
        for entry in names_mfa(statement) {
            let pattern = names::action(&entry.value);
            let named: Vec<_> =
                actions.iter().copied().filter(|name| pattern.includes(&names::action(name))).collect();
            for (place, text) in beyond(statement) {
                if subject.is_of_a_role() && !text.is_none_or(is_everything) {
                    continue;
                }
                let free = |action: &&'static str| {
                    let reached =
                        text.map_or_else(|| Names::resources(statement), |text| Names::only(resource(text)));
                    text.is_none_or(|text| can_be_about(text, action))
                        && !stops.guard(&Names::only(names::action(action)), &reached)
                };
                let actions: Vec<_> = named.iter().copied().filter(free).collect();
                if !actions.is_empty() {
                    found.push(Free { statement, entry: entry.span, actions, place, text });
                }
            }
        }
    }
    found
}

/// The resources of a statement that are not within the own user.
fn beyond(statement: &Statement) -> Vec<(Span, Option<&str>)> {
    let Some(part) = &statement.resource else { return Vec::new() };
    if part.negated {
        return vec![(part.name_span.0, None)];
    }
    let foreign = part.entries.iter().filter(|entry| !is_own(&entry.value));
    foreign.map(|entry| (entry.span, Some(entry.value.as_str()))).collect()
}

/// Is it all users, all devices, or all there is?
fn is_everything(text: &str) -> bool {
    text.rsplit(':').next().is_some_and(|name| matches!(name, "*" | "user/*" | "mfa/*"))
}

/// Can an action on devices be about this resource? Devices themselves are only created and deleted.
fn can_be_about(text: &str, action: &str) -> bool {
    if fold(action).contains("virtualmfadevice") {
        resource(text).overlaps(&resource("arn:aws:iam::*:mfa/*"))
    } else {
        can_be_user(text)
    }
}

/// Allows for everyone with MFA tests, and without a test of who the caller is or from where.
pub(in crate::lint) fn open_to_everyone<'s, 'p>(
    subject: &'s Subject<'p>,
) -> impl Iterator<Item = Guard<'p>> + use<'s, 'p> {
    guards(subject).filter(|guard| {
        let everyone = guard.statement.principal.as_ref().is_some_and(is_everyone);
        guard.allows() && everyone && !other_tests(guard.statement).any(|test| narrows(&test))
    })
}

/// Does a test say who the caller is or where the call comes from? One that a missing key passes, or
/// that only excludes some, does not.
fn narrows(test: &Test<'_>) -> bool {
    const STARTS: [&str; 5] = ["aws:principal", "aws:source", "aws:user", "aws:vpcsource", "aws:calledvia"];
    const KEYS: [&str; 5] = [
        "sts:externalid",
        "kms:calleraccount",
        "kms:viaservice",
        "s3:dataaccesspointaccount",
        "aws:federatedprovider",
    ];
    let (key, operator) = (fold(test.key()), test.operator());
    let excludes = operator.base.negated || operator.base.comparison == crate::policy::Comparison::Null;
    let tolerant = operator.if_exists || operator.set == Some(crate::policy::SetPrefix::ForAllValues);
    let everything = test.values().iter().any(|value| value.text == "*");
    let known = STARTS.iter().any(|start| key.starts_with(start)) || KEYS.contains(&key.as_str());
    known && key != "aws:useragent" && !excludes && !tolerant && !everything
}
