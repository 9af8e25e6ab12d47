//! What a gate leaves free: the list behind `NotAction`, less what another `Deny` takes back.

use super::guard::{Guard, all_statements, gates, other_tests, outline, reach};
use super::mend;
use super::names::{self, Names};
use crate::catalog;
use crate::lint::text::{arn_fields, has_wildcard};
use crate::lint::{Edit, Subject};
use crate::name::fold;
use crate::policy::{Effect, Statement};
use crate::source::Spanned;

/// What a user without MFA needs in order to register a device and to start a session with it.
pub(in crate::lint) const STANDARD: [&str; 7] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
];

/// The two without which nobody gets a first device.
pub(in crate::lint) const ENROLLMENT: [&str; 2] = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"];

/// Is it one of those, or does it only read what IAM holds?
pub(in crate::lint) fn is_harmless(action: &str) -> bool {
    let folded = fold(action);
    let reads = ["iam:get", "iam:list"].iter().any(|start| folded.starts_with(start));
    reads || STANDARD.iter().any(|standard| fold(standard) == folded)
}

/// Does a statement speak of nothing but enrollment?
pub(in crate::lint) fn is_enrollment(statement: &Statement) -> bool {
    let enrolls = |action: &catalog::Action| {
        let name = action.to_string();
        name == "iam:GetMFADevice" || STANDARD.contains(&name.as_str())
    };
    !statement.action.negated
        && statement.action.entries.iter().all(|entry| {
            let actions = if names::action(&entry.value).is_star() {
                Vec::new()
            } else {
                catalog::expand(&entry.value)
            };
            !actions.is_empty() && actions.iter().all(enrolls)
        })
}

/// The call by which an access key becomes a session with MFA.
pub(in crate::lint) const SESSION_TOKEN: &str = "sts:GetSessionToken";

/// The user of whoever asks.
const OWN_USER: &str = "arn:aws:iam::*:user/${aws:username}";

/// A gate on every resource that names what it leaves free.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Exemption<'p> {
    pub(in crate::lint) gate: Guard<'p>,
}

/// The gates of a policy that leave something free by name.
pub(in crate::lint) fn exemptions<'p>(
    subject: &Subject<'p>,
) -> impl Iterator<Item = Exemption<'p>> + use<'p> {
    let whole =
        |gate: &Guard<'p>| gate.statement.action.negated && Names::resources(gate.statement).is_everything();
    gates(subject).filter(whole).map(|gate| Exemption { gate })
}

impl<'p> Exemption<'p> {
    /// The entries of its list.
    pub(in crate::lint) fn entries(&self) -> &'p [Spanned<String>] {
        &self.gate.statement.action.entries
    }

    /// The entry that leaves an action free, unless another `Deny` takes it back.
    pub(in crate::lint) fn frees(&self, subject: &Subject<'_>, action: &str) -> Option<&'p Spanned<String>> {
        let folded = fold(action);
        let entry = self.entries().iter().find(|entry| names::action(&entry.value).matches(&folded))?;
        (!self.takes_back(subject, action)).then_some(entry)
    }

    /// Takes an entry out of the list, if it says one action only.
    pub(in crate::lint) fn without(&self, entry: &Spanned<String>) -> Option<Edit> {
        let part = &self.gate.statement.action;
        (!has_wildcard(&entry.value)).then(|| mend::remove_name(part, entry.span))?
    }

    /// Does another `Deny` stop callers without MFA from an action?
    pub(in crate::lint) fn takes_back(&self, subject: &Subject<'_>, action: &str) -> bool {
        let conditions: Vec<_> = other_tests(self.gate.statement).map(|test| outline(&test)).collect();
        let pattern = names::action(action);
        all_statements(subject).any(|(policy, statement)| {
            let stopped = || reach(policy, statement);
            statement.effect.value == Effect::Deny
                && !std::ptr::eq(statement, self.gate.statement)
                && Names::actions(statement).holds(&pattern)
                && other_tests(statement).all(|test| conditions.contains(&outline(&test)))
                && stopped().missing
                && stopped().without
                && covers_resources_of(statement, action)
        })
    }
}

/// Does a statement reach every resource that an action can be about?
fn covers_resources_of(statement: &Statement, action: &str) -> bool {
    let resources = Names::resources(statement);
    if resources.is_everything() {
        return true;
    }
    let Some(action) = catalog::action(action) else { return false };
    let wildcards = |arn: &str| {
        let mut text = arn.replace("${Partition}", "*");
        while let Some((before, rest)) = text.split_once("${") {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            text = format!("{before}*{after}");
        }
        names::resource(&text)
    };
    action.takes_resource()
        && action.resources().all(|taken| resources.holds(&wildcards(taken.resource_type().arn())))
}

/// Does a statement reach the user of whoever asks?
pub(in crate::lint) fn reaches_own_user(statement: &Statement) -> bool {
    let Some(part) = &statement.resource else { return true };
    let own = names::resource(OWN_USER);
    let mut patterns = part.entries.iter().map(|entry| names::resource(&in_any_account(&entry.value)));
    if part.negated {
        return !patterns.any(|pattern| pattern.overlaps(&own));
    }
    patterns.any(|pattern| pattern.includes(&own)) || part.entries.iter().any(|entry| is_own(&entry.value))
}

/// Those of some actions that a statement reaches on the user of whoever asks. The actions are looked at
/// by name: sts:GetSessionToken is always allowed, whatever a policy says (EV-096).
pub(in crate::lint) fn denied_to_own_user(
    statement: &Statement,
    actions: &[&'static str],
) -> Vec<&'static str> {
    if !reaches_own_user(statement) {
        return Vec::new();
    }
    let covered = Names::actions(statement);
    actions.iter().copied().filter(|name| covered.holds(&names::action(name))).collect()
}

/// A resource that is the user of whoever asks, or another thing that bears the user's name. The path
/// of the user may stand before it.
pub(in crate::lint) fn is_own(text: &str) -> bool {
    let fields = arn_fields(text);
    let [_, _, service, _, _, name] = fields.as_slice() else { return false };
    *service == "iam" && fold(name).ends_with("/${aws:username}")
}

/// Can a resource of a statement be a user?
pub(in crate::lint) fn can_be_user(text: &str) -> bool {
    names::resource(text).overlaps(&names::resource("arn:aws:iam::*:user/*"))
}

/// The same ARN without its account: who asks has a user in one account only.
fn in_any_account(text: &str) -> String {
    match arn_fields(text).as_slice() {
        [arn, partition, service, region, _, name] => {
            format!("{arn}:{partition}:{service}:{region}:*:{name}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Options;
    use crate::policy::{Policy, PolicyType};

    #[test]
    fn what_another_deny_takes_back_is_not_free() {
        let text = r#"{"Version": "2012-10-17", "Statement": [
          {"Effect": "Deny", "NotAction": ["iam:*", "sts:GetSessionToken"], "Resource": "*",
           "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
          {"Effect": "Deny", "Action": ["iam:DeactivateMFADevice", "iam:CreateUser"],
           "Resource": "arn:aws:iam::*:user/*",
           "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
          {"Effect": "Deny", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/admin/*",
           "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;
        let (policy, options) = (Policy::parse(text).unwrap(), Options::new(PolicyType::Identity));
        let subject = Subject::new(&policy, &options);
        let exemption = exemptions(&subject).next().unwrap();
        for (action, free) in [
            ("iam:DeactivateMFADevice", false),
            ("iam:createuser", false),
            ("iam:CreateAccessKey", true),
            ("iam:GetUser", true),
            ("s3:GetObject", false),
        ] {
            assert_eq!(exemption.frees(&subject, action).is_some(), free, "{action}");
        }
    }

    #[test]
    fn the_own_user_may_have_a_path() {
        for (text, own) in [
            ("arn:aws:iam::*:user/${aws:username}", true),
            ("arn:aws:iam::111122223333:user/staff/${aws:UserName}", true),
            ("arn:aws:iam::*:user/*/${aws:username}", true),
            ("arn:aws:iam::*:user/${aws:username}*", false),
            ("arn:aws:iam::*:user/*", false),
            ("*", false),
        ] {
            assert_eq!(is_own(text), own, "{text}");
        }
    }

    #[test]
    fn the_actions_of_the_lists_exist() {
        for action in STANDARD.iter().chain(&ENROLLMENT).chain([&SESSION_TOKEN]) {
            assert_eq!(catalog::action(action).map(|known| known.to_string()).as_deref(), Some(*action));
        }
    }
}
