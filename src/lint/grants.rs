//! What an `Allow` gives away: which actions it reaches, and whether anybody chose the resources.
//!
//! Many rules ask the same of a statement: does it grant one of these actions, and on everything? A
//! wildcard that only reaches things of a chosen name is no offense to them. Neither is `*` in the
//! policy of a key or a secret, where it stands for that very thing.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Subject;
use super::known::ArnPattern;
use super::named::{Element, Named};
use super::services::ActionList;
use super::subject::tests_of;
use super::text::{beginning, begins_with, has_variable, has_wildcard, whole_arn};
use crate::catalog::{self, Action, Level, ResourceType, TakenResource};
use crate::name::{Pattern, at_colon, fold};
use crate::policy::{Comparison, Effect, NamesPart, PolicyType, Statement};
use crate::source::Spanned;

/// The kinds of policy that grant. Guard rails and ceilings only look like it.
pub(super) const GRANTING: &[PolicyType] = &[PolicyType::Identity, PolicyType::Session, PolicyType::Resource];

/// Services in whose resource policies `*` is the thing that has the policy.
const STAR_IS_SELF: &[&str] = &["kms", "secretsmanager", "backup"];

/// Keys that say how a caller comes, not what is touched: they leave the grant as wide as it is.
const ABOUT_THE_CALLER: &[&str] = &[
    "aws:multifactorauth",
    "aws:principal",
    "aws:userid",
    "aws:username",
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:sourcevpc",
    "aws:vpce",
    "aws:securetransport",
    "aws:currenttime",
    "aws:epochtime",
    "aws:tokenissuetime",
    "aws:requestedregion",
    "aws:useragent",
    "aws:referer",
];

/// A name in AWS's place: nobody has chosen anything that is called so.
const NOBODYS: &str = "q7zv0w";

/// The action by which a service gets a role.
pub(super) const PASS_ROLE: &str = "iam:PassRole";

/// How much of the things an action can be asked of must be reached to count as everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// All, in whatever account and region.
    Everywhere,
    /// All of one account or region.
    Account,
}

/// An entry of an action element, and which actions of a list it grants.
#[derive(Debug)]
pub(super) struct Granted<'p> {
    /// The entry.
    pub(super) entry: &'p Spanned<String>,
    /// The actions as the list spells them.
    pub(super) actions: Vec<&'static str>,
}

/// An entry of an action element, and which actions of a level it grants.
#[derive(Debug)]
pub(super) struct Leveled<'p> {
    /// The statement.
    pub(super) statement: &'p Statement,
    /// The entry.
    pub(super) entry: &'p Spanned<String>,
    /// The actions.
    pub(super) actions: Vec<Action>,
}

impl<'p> Subject<'p> {
    /// The statements that grant.
    pub(super) fn allows(&self) -> impl Iterator<Item = &'p Statement> + use<'p> {
        self.statements().filter(|statement| statement.effect.value == Effect::Allow)
    }

    /// The statements that deny whatever the circumstances, on everything.
    fn flat_denies(&self) -> impl Iterator<Item = &'p Statement> + use<'p> {
        self.statements().filter(|statement| {
            let resources = statement.resource.as_ref();
            statement.effect.value == Effect::Deny
                && statement.condition.is_empty()
                && resources
                    .is_some_and(|part| !part.negated && part.entries.iter().any(|it| is_star(&it.value)))
                && statement.principal.is_none()
        })
    }

    /// Does another statement take this action back?
    pub(super) fn takes_back(&self, action: &str) -> bool {
        self.flat_denies().any(|statement| touches(statement, action))
    }

    /// Does `*` among the resources of this policy mean more than the thing that has the policy?
    pub(super) fn star_is_everything(&self) -> bool {
        let service = self.options.service.as_deref().unwrap_or_default();
        self.kind() != PolicyType::Resource || !STAR_IS_SELF.contains(&service)
    }

    /// Are the resources of a statement everything there is?
    pub(super) fn is_on_star(&self, statement: &Statement) -> bool {
        let Some(part) = &statement.resource else { return false };
        let star = part.entries.iter().any(|entry| is_star(&entry.value));
        // `NotResource` excepts something, and who knows what that leaves.
        self.star_is_everything() && !part.negated && star
    }

    /// Does a statement reach everything that an action can be asked of?
    pub(super) fn is_on_all(&self, statement: &Statement, action: &str, width: Width) -> bool {
        self.reach(statement, width).is_some_and(|reach| reach.is_all_for(|| catalog::action(action)))
    }

    /// What the resources of a statement reach, if that is known.
    fn reach<'s>(&self, statement: &'s Statement, width: Width) -> Option<Reach<'s>> {
        statement.resource.as_ref().filter(|_| self.star_is_everything()).map(|part| Reach::of(part, width))
    }

    /// For each entry of an `Action` element, the actions of a list that it grants on everything, and under
    /// no condition that says on what.
    ///
    /// Statements that grant all actions are left out: S301 and S303 speak of them.
    pub(super) fn granted(&self, list: &'static ActionList, width: Width) -> Vec<Granted<'p>> {
        let mut granted = Vec::new();
        let services = list.services();
        if !self.may_allow(services) {
            return granted;
        }
        let concerns = |element: &Element<'_>| element.is_wide && element.services.meet(services);
        for (statement, element) in self.elements().filter(|(it, own)| concerns(own) && !is_narrowed(it)) {
            let Some(reach) = self.reach(statement, width) else { continue };
            for named in element.named.iter().filter(|named| named.services.meet(services)) {
                let reached = list.named(named).filter(|action| {
                    reach.is_all_for(|| catalog::action(action)) && !self.takes_back(action)
                });
                let actions: Vec<_> = reached.collect();
                if !actions.is_empty() {
                    granted.push(Granted { entry: named.entry, actions });
                }
            }
        }
        granted
    }

    /// The same for all actions of a level that take resources, with what `svc:*` reaches left to S302.
    pub(super) fn granted_of_level(&self, level: Level) -> Vec<Leveled<'p>> {
        let mut granted = Vec::new();
        for (statement, element) in self.elements().filter(|(_, element)| element.is_wide) {
            let Some(reach) = self.reach(statement, Width::Everywhere) else { continue };
            let whole = |named: &Named<'_>| named.parts.is_some_and(|(_, name)| is_star(name));
            for named in element.named.iter().filter(|named| !whole(named)) {
                let reached = named.actions().iter().copied().filter(|action| {
                    action.level() == level
                        && action.takes_resource()
                        && reach.is_all_for(|| Some(*action))
                        && !self.takes_back(&action.to_string())
                });
                let actions: Vec<_> = reached.collect();
                if !actions.is_empty() {
                    granted.push(Leveled { statement, entry: named.entry, actions });
                }
            }
        }
        granted
    }

    /// Does a statement grant everything on everything? Who finds that has said all that is to say.
    pub(super) fn is_admin(&self, statement: &Statement) -> bool {
        every_action(statement).is_some() && self.is_on_star(statement)
    }
}

/// The entry by which a statement reaches every action.
pub(super) fn every_action(statement: &Statement) -> Option<&Spanned<String>> {
    let every = |entry: &&Spanned<String>| {
        entry.value.starts_with('*')
            && at_colon(&entry.value)
                .map_or_else(|| is_star(&entry.value), |(service, name)| is_star(service) && is_star(name))
    };
    (!statement.action.negated).then(|| statement.action.entries.iter().find(every)).flatten()
}

/// Does an action element, of either form, take in this action?
pub(super) fn touches(statement: &Statement, action: &str) -> bool {
    entry_for(statement, action).is_some() != statement.action.negated
}

/// The first entry of an `Action` or `NotAction` element that names this action.
pub(super) fn entry_for<'s>(statement: &'s Statement, action: &str) -> Option<&'s Spanned<String>> {
    statement.action.entries.iter().find(|entry| names(&entry.value, action))
}

/// Does an entry of an action element name this action? (AC-002 to AC-004)
pub(super) fn names(entry: &str, action: &str) -> bool {
    // Nearly all pairs that are asked about differ in their first letter or in their last.
    let differ = |own: Option<&u8>, of: Option<&u8>| match (own, of) {
        (Some(b'*' | b'?'), _) => false,
        (Some(own), Some(of)) => !own.eq_ignore_ascii_case(of),
        _ => true,
    };
    let (own, of) = (entry.as_bytes(), action.as_bytes());
    if differ(own.first(), of.first()) || differ(own.last(), of.last()) {
        return false;
    }
    if !has_wildcard(entry) {
        return entry.eq_ignore_ascii_case(action) && at_colon(entry).is_some();
    }
    let Some((service, name)) = at_colon(entry) else { return is_star(entry) };
    let here = action.as_bytes().get(service.len()) == Some(&b':');
    // Nearly all entries are of another service; that is seen at one place of the name.
    if !here && !has_wildcard(service) {
        return false;
    }
    let Some((of, called)) = at_colon(action) else { return false };
    // Most have no wildcard, or one star at the end: no pattern need be made of those.
    let fits = |pattern: &str, text: &str| match beginning(pattern) {
        Some(start) => begins_with(text, start),
        None if has_wildcard(pattern) => Pattern::new(&fold(pattern)).matches(&fold(text)),
        None => pattern.eq_ignore_ascii_case(text),
    };
    fits(service, of) && fits(name, called)
}

/// Does a statement speak of nothing, for it excepts every action or every resource?
pub(super) fn excepts_everything(statement: &Statement) -> bool {
    let all = |part: &NamesPart| part.negated && part.entries.iter().any(|entry| is_star(&entry.value));
    all(&statement.action) || statement.resource.as_ref().is_some_and(all)
}

/// Is this nothing but stars?
pub(super) fn is_star(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// Is this `svc:*`?
pub(super) fn is_whole_service(entry: &str) -> bool {
    at_colon(entry).is_some_and(|(_, name)| is_star(name))
}

/// Could a statement grant some actions on everything? Most that name their resources are soon done with.
pub(super) fn may_grant_widely(statement: &Statement) -> bool {
    let wide = |text: &str| text.contains('*');
    let on_much = |part: &NamesPart| part.negated || part.entries.iter().any(|it| wide(&it.value));
    statement.effect.value == Effect::Allow
        && !statement.action.negated
        && statement.resource.as_ref().is_some_and(on_much)
        && every_action(statement).is_none()
}

/// Does a statement's condition say anything about what is touched or how?
pub(super) fn is_narrowed(statement: &Statement) -> bool {
    is_narrowed_beside(statement, "")
}

/// The same, without regard to one key.
pub(super) fn is_narrowed_beside(statement: &Statement, beside: &str) -> bool {
    tests_of(statement).filter(|test| !test.is_on(beside)).any(|test| {
        let key = fold(test.key());
        !ABOUT_THE_CALLER.iter().any(|start| key.starts_with(start))
    })
}

/// Does a statement's condition say which service may get a role?
pub(super) fn is_passed_to_some(statement: &Statement) -> bool {
    tests_of(statement).any(|test| {
        ["iam:PassedToService", "iam:AssociatedResourceArn"].iter().any(|key| test.is_on(key))
            && test.comparison() != Comparison::Null
            && !test.values().iter().any(|value| is_star(&value.text))
    })
}

/// What a list of resources reaches, made ready once and asked about many actions.
struct Reach<'p> {
    part: &'p NamesPart,
    width: Width,
    /// Is a star among them?
    star: bool,
    /// What stands for all the things of a name, by service and name, once somebody asks.
    wide: OnceCell<Vec<Pattern>>,
}

impl<'p> Reach<'p> {
    fn of(part: &'p NamesPart, width: Width) -> Self {
        let star = part.entries.iter().any(|entry| is_star(&entry.value));
        Self { part, width, star, wide: OnceCell::new() }
    }

    /// Is it everything that an action can be asked of?
    fn is_all_for(&self, action: impl FnOnce() -> Option<Action>) -> bool {
        if self.star {
            return !self.part.negated;
        }
        let entries = self.part.entries.iter();
        let wide = self.wide.get_or_init(|| entries.filter_map(|it| wide(&it.value, self.width)).collect());
        if wide.is_empty() {
            return self.part.negated;
        }
        let action = action();
        let mut kinds = action.into_iter().flat_map(Action::resources).map(TakenResource::resource_type);
        let covered = kinds.any(|kind| wide.iter().any(|pattern| covers_kind(pattern, kind)));
        if self.part.negated { !covered } else { covered && !is_bounded_elsewhere(self.part, action) }
    }
}

/// The service and the name of a resource pattern that may match a thing of a name that nobody chose.
fn wide(text: &str, width: Width) -> Option<Pattern> {
    if !text.contains('*') {
        return None;
    }
    let [_, _, service, region, account, resource] = whole_arn(text)?;
    let open = |field: &str| field.is_empty() || is_star(field);
    let wide_enough = width == Width::Account || open(region) && open(account);
    wide_enough.then(|| Pattern::new(&format!("{service}:{resource}")))
}

fn covers_kind(pattern: &Pattern, kind: ResourceType) -> bool {
    let sample = filled_in(kind.arn());
    let thing = whole_arn(&sample).map(|[_, _, of, _, _, thing]| format!("{of}:{thing}"));
    thing.is_some_and(|thing| pattern.matches(&thing))
}

/// Does an action that acts on things of several kinds find all of one, but only chosen ones of another?
fn is_bounded_elsewhere(part: &NamesPart, action: Option<Action>) -> bool {
    if part.entries.iter().any(|entry| is_star(&entry.value)) {
        return false;
    }
    let kinds = action.into_iter().flat_map(Action::resources);
    let patterns: Vec<_> = part
        .entries
        .iter()
        .filter_map(|entry| {
            let [_, _, service, _, _, resource] = whole_arn(&entry.value)?;
            let pattern = Pattern::new(&format!("{service}:{resource}"));
            Some((pattern, ArnPattern::completed(&entry.value)))
        })
        .collect();
    kinds.map(TakenResource::resource_type).any(|kind| {
        patterns.iter().any(|(_, arn)| arn.may_be(kind))
            && !patterns.iter().any(|(pattern, _)| covers_kind(pattern, kind))
    })
}

/// An ARN of the reference with its open parts filled in.
fn filled_in(arn: &str) -> Cow<'_, str> {
    let mut filled = String::with_capacity(arn.len());
    let mut rest = arn;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        filled.push_str(NOBODYS);
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    if filled.is_empty() {
        return Cow::Borrowed(arn);
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

/// Can a resource pattern name a thing of this kind, such as `role/` of `iam`?
pub(super) fn may_name(text: &str, service: &str, kind: &str) -> bool {
    let Some([_, _, of, _, _, resource]) = whole_arn(text) else { return has_wildcard(text) };
    let end = resource.find(['*', '?', '$']).unwrap_or(resource.len());
    let literal = resource.get(..end).unwrap_or_default();
    let open = end < resource.len();
    let fits = literal.starts_with(kind) || open && kind.starts_with(literal);
    fits && (of.eq_ignore_ascii_case(service) || has_wildcard(of))
}

/// Does a resource pattern hold nothing but the caller's own user?
pub(super) fn is_own_user(text: &str) -> bool {
    has_variable(text)
        && whole_arn(text).is_some_and(|[.., resource]| {
            let name = resource.rsplit('/').next().unwrap_or_default();
            resource.starts_with("user/") && fold(name) == "${aws:username}"
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Options;
    use crate::policy::Policy;

    #[test]
    fn ac_002_entries_name_actions_in_any_case() {
        for (entry, action, expected) in [
            ("*", "iam:PassRole", true),
            ("*:*", "iam:PassRole", true),
            ("IAM:passrole", "iam:PassRole", true),
            ("iam:Pass*", "iam:PassRole", true),
            ("i?m:PassRole", "iam:PassRole", true),
            ("iam", "iam:PassRole", false),
            ("iam*", "iam:PassRole", false),
            ("sts:*", "iam:PassRole", false),
            ("iam:PassRoles", "iam:PassRole", false),
        ] {
            assert_eq!(names(entry, action), expected, "{entry} {action}");
        }
    }

    #[test]
    fn a_name_that_somebody_chose_is_not_everything() {
        use Width::{Account, Everywhere};
        let is_on_all = |resource: &str, action: &str, width| {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": ["{resource}"]}}}}"#
            );
            let (policy, options) = (Policy::parse(&text).unwrap(), Options::new(PolicyType::Identity));
            Subject::new(&policy, &options).is_on_all(&policy.statements[0], action, width)
        };
        for (resource, action, width, expected) in [
            ("*", "iam:PassRole", Everywhere, true),
            ("arn:aws:iam::*:role/*", "iam:PassRole", Everywhere, true),
            ("arn:*:iam::*:*", "iam:PassRole", Everywhere, true),
            ("arn:aws:iam::111122223333:role/*", "iam:PassRole", Everywhere, false),
            ("arn:aws:iam::111122223333:role/*", "iam:PassRole", Account, true),
            ("arn:aws:iam::*:role/app-*", "iam:PassRole", Account, false),
            ("arn:aws:iam::*:user/*", "iam:PassRole", Account, false),
            ("arn:aws:s3:::*", "s3:PutBucketPolicy", Everywhere, true),
            ("arn:aws:s3:::*/*", "s3:GetObject", Everywhere, true),
            ("arn:aws:s3:::amzn-s3-demo-bucket/*", "s3:GetObject", Account, false),
            ("arn:aws:iam::*:user/${aws:username}", "iam:CreateAccessKey", Account, false),
            ("arn:aws:iam::${aws:PrincipalAccount}:user/*", "iam:CreateAccessKey", Account, true),
            ("arn:aws:sqs:*:*:*", "s3:GetObject", Everywhere, false),
            ("arn:aws:redshift:*:*:dbname:*", "redshift:GetClusterCredentials", Everywhere, true),
            (
                r#"arn:aws:redshift:*:*:dbname:*", "arn:aws:redshift:*:*:dbuser:*/app-*"#,
                "redshift:GetClusterCredentials",
                Everywhere,
                false,
            ),
        ] {
            assert_eq!(is_on_all(resource, action, width), expected, "{resource} {action} {width:?}");
        }
    }

    #[test]
    fn a_kind_of_thing_may_hide_behind_a_wildcard() {
        for (text, expected) in [
            ("*", true),
            ("arn:aws:iam::*:role/app", true),
            ("arn:aws:iam::111122223333:ro*", true),
            ("arn:aws:*:*:*:*", true),
            ("arn:aws:iam::111122223333:user/*", false),
            ("arn:aws:s3:::role/*", false),
        ] {
            assert_eq!(may_name(text, "iam", "role/"), expected, "{text}");
        }
    }
}
