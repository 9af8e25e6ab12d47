//! What the catalog knows of the actions that a policy names: looked up once, asked by many rules.

use std::cell::OnceCell;

use super::text::{has_wildcard, is_action};
use super::{Subject, grants};
use crate::catalog::{self, Action, Service};
use crate::name::at_colon;
use crate::policy::{Effect, Statement};
use crate::source::Spanned;

/// An entry of an `Action` or `NotAction` element, and what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Named<'p> {
    /// The entry.
    pub(super) entry: &'p Spanned<String>,
    /// Has it the form of an action, or of a pattern of actions?
    pub(super) is_action: bool,
    /// Is it a pattern?
    pub(super) is_wild: bool,
    /// The service before its colon, if there is one of this name.
    pub(super) service: Option<Service>,
    /// The action of this name.
    action: Option<Action>,
    /// What the pattern matches, once somebody asks.
    matched: OnceCell<Vec<Action>>,
    /// Where its service may be.
    services: Services,
}

/// A set of services, told by two marks of their names: it may hold more than was put into it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Services(u64);

/// The entries of all statements.
#[derive(Debug, Clone, Default)]
pub(super) struct AllNamed<'p> {
    by_statement: Vec<Vec<Named<'p>>>,
    /// The services of all that is allowed.
    allowed: Services,
}

impl<'p> Subject<'p> {
    /// The statements with what their action elements name.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'p Statement, &[Named<'p>])> {
        self.statements().zip(self.all_named().by_statement.iter().map(Vec::as_slice))
    }

    /// What the action element of one of the policy's statements names.
    pub(super) fn named_by(&self, statement: &Statement) -> &[Named<'p>] {
        let at = self.policy.statements.element_offset(statement);
        at.and_then(|at| self.all_named().by_statement.get(at)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Can an `Allow` take in one of these actions? A quick look that rules out most.
    pub(super) fn may_allow(&self, actions: &[&str]) -> bool {
        self.all_named().allowed.meet(Services::of(actions))
    }

    fn all_named(&self) -> &AllNamed<'p> {
        self.named.get_or_init(|| {
            let mut all = AllNamed::default();
            for statement in self.statements() {
                let mut named: Vec<Named<'p>> = Vec::with_capacity(statement.action.entries.len());
                for entry in &statement.action.entries {
                    let before = named.last().and_then(|named| named.service);
                    named.push(Named::of(entry, before));
                }
                if statement.effect.value == Effect::Allow {
                    let own = if statement.action.negated { Services::ALL } else { Services::of_all(&named) };
                    all.allowed.join(own);
                }
                all.by_statement.push(named);
            }
            all
        })
    }
}

impl<'p> Named<'p> {
    /// The entry before it is mostly of the same service.
    fn of(entry: &'p Spanned<String>, before: Option<Service>) -> Self {
        let text = entry.value.as_str();
        let is_wild = has_wildcard(text);
        let at_colon = at_colon(text);
        let same = |prefix: &str| before.filter(|before| before.prefix().eq_ignore_ascii_case(prefix));
        let service = at_colon.and_then(|(prefix, _)| same(prefix).or_else(|| catalog::service(prefix)));
        let name = at_colon.filter(|_| !is_wild).map(|(_, name)| name);
        let action = name.and_then(|name| service?.action(name));
        let services = Services::of_one(text);
        Self {
            entry,
            is_action: is_action(text),
            is_wild,
            service,
            action,
            matched: OnceCell::new(),
            services,
        }
    }

    /// The actions that it matches, as [`catalog::expand`] gives them.
    pub(super) fn actions(&self) -> &[Action] {
        if self.is_wild {
            self.matched.get_or_init(|| catalog::expand(&self.entry.value))
        } else {
            self.action.as_slice()
        }
    }

    /// The actions that it reaches; none if it reaches them all or is about something unknown.
    pub(super) fn reached(&self) -> Option<&[Action]> {
        let (prefix, name) = at_colon(&self.entry.value).filter(|_| self.is_action)?;
        let all = name == "*" && has_wildcard(prefix);
        (!all).then(|| self.actions()).filter(|actions| !actions.is_empty())
    }

    /// Does it name this action? As `grants::names`, and quicker: most entries are no pattern, and of another length.
    pub(super) fn names(&self, action: &str) -> bool {
        let text = self.entry.value.as_str();
        (self.is_wild || text.len() == action.len()) && grants::names(text, action)
    }

    /// Can it be of one of these services?
    pub(super) fn may_be_of(&self, services: Services) -> bool {
        self.services.meet(services)
    }
}

impl Services {
    /// Every service.
    const ALL: Self = Self(u64::MAX);

    /// The services of actions.
    pub(super) fn of(actions: &[&str]) -> Self {
        let mut all = Self::default();
        actions.iter().for_each(|action| all.join(Self::of_one(action)));
        all
    }

    fn of_all(named: &[Named<'_>]) -> Self {
        let mut all = Self::default();
        named.iter().for_each(|named| all.join(named.services));
        all
    }

    /// The service of an action or a pattern; all, if that is open.
    fn of_one(action: &str) -> Self {
        let Some((service, _)) = at_colon(action).filter(|(service, _)| !has_wildcard(service)) else {
            return Self::ALL;
        };
        let first = service.bytes().next().unwrap_or_default().to_ascii_lowercase();
        Self(1 << ((usize::from(first) + 11 * (service.len() % 64)) % 64))
    }

    fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Options;
    use crate::policy::{Policy, PolicyType};

    #[test]
    fn what_is_named_is_what_the_catalog_says() {
        let text = r#"{"Statement": [
          {"Effect": "Allow", "Action": ["s3:getobject", "S3:GetObject?ag*", "s3:*"], "Resource": "*"},
          {"Effect": "Deny", "Action": ["*", "*:*", "s3:Nothing", "nowhere:*", "s3", "s3:a b"], "Resource": "*"}]}"#;
        let (policy, options) = (Policy::parse(text).unwrap(), Options::new(PolicyType::Identity));
        let subject = Subject::new(&policy, &options);
        for (statement, named) in subject.named() {
            assert_eq!(subject.named_by(statement).len(), statement.action.entries.len());
            for named in named {
                assert_eq!(named.actions(), catalog::expand(&named.entry.value), "{}", named.entry.value);
            }
        }
        let counts: Vec<_> =
            subject.named().flat_map(|(_, named)| named).map(|it| it.reached().map(<[_]>::len)).collect();
        let s3 = catalog::service("s3").unwrap().actions().count();
        assert_eq!(counts, [Some(1), Some(1), Some(s3), None, None, None, None, None, None]);
    }

    #[test]
    fn what_may_be_allowed_is_told_by_the_service() {
        for (statement, expected) in [
            (r#""Effect": "Allow", "Action": "IAM:*""#, true),
            (r#""Effect": "Allow", "Action": "i*:PassRole""#, true),
            (r#""Effect": "Allow", "NotAction": "s3:*""#, true),
            (r#""Effect": "Allow", "Action": "s3:*""#, false),
            (r#""Effect": "Deny", "Action": "iam:*""#, false),
        ] {
            let text = format!(r#"{{"Statement": {{{statement}, "Resource": "*"}}}}"#);
            let (policy, options) = (Policy::parse(&text).unwrap(), Options::new(PolicyType::Identity));
            let may = Subject::new(&policy, &options).may_allow(&["iam:PassRole"]);
            assert_eq!(may, expected, "{statement}");
        }
    }
}
