//! What the catalog knows of the actions that a policy names: looked up once, asked by many rules.

use std::cell::OnceCell;

use super::mfa::names_mfa;
use super::services::Services;
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
    /// What stands before its colon and behind it.
    pub(super) parts: Option<(&'p str, &'p str)>,
    /// The service before its colon, if there is one of this name.
    pub(super) service: Option<Service>,
    /// The action of this name.
    action: Option<Action>,
    /// What the pattern matches, once somebody asks.
    matched: OnceCell<Vec<Action>>,
    /// Where its service may be.
    pub(super) services: Services,
}

/// The action elements of all statements.
#[derive(Debug, Clone, Default)]
pub(super) struct AllNamed<'p> {
    by_statement: Vec<Element<'p>>,
    /// The services of all that is allowed.
    allowed: Services,
}

/// What the action element of a statement names.
#[derive(Debug, Clone)]
pub(super) struct Element<'p> {
    /// Its entries.
    pub(super) named: Vec<Named<'p>>,
    /// The services of what it takes in.
    pub(super) services: Services,
    /// Could the statement grant some actions on everything?
    pub(super) is_wide: bool,
    /// Does it speak of MFA devices?
    pub(super) names_mfa: bool,
}

impl<'p> Subject<'p> {
    /// The statements with what their action elements name.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'p Statement, &[Named<'p>])> {
        self.elements().map(|(statement, element)| (statement, element.named.as_slice()))
    }

    /// The statements with their action elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&'p Statement, &Element<'p>)> {
        self.statements().zip(&self.all_named().by_statement)
    }

    /// What the action element of one of the policy's statements names.
    pub(super) fn named_by(&self, statement: &Statement) -> &[Named<'p>] {
        let at = self.policy.statements.element_offset(statement);
        at.and_then(|at| self.all_named().by_statement.get(at)).map_or(&[], |element| &element.named)
    }

    /// Can an `Allow` take in an action of these services? A quick look that rules out most.
    pub(super) fn may_allow(&self, services: Services) -> bool {
        self.all_named().allowed.meet(services)
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
                let own = named.iter().fold(Services::default(), |all, named| all.and(named.services));
                let services = if statement.action.negated { Services::ALL } else { own };
                if statement.effect.value == Effect::Allow {
                    all.allowed = all.allowed.and(services);
                }
                let (is_wide, names_mfa) =
                    (grants::may_grant_widely(statement), names_mfa(statement).next().is_some());
                all.by_statement.push(Element { named, services, is_wide, names_mfa });
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
        let parts = at_colon(text);
        let same = |prefix: &str| before.filter(|before| before.prefix().eq_ignore_ascii_case(prefix));
        let service = parts.and_then(|(prefix, _)| same(prefix).or_else(|| catalog::service(prefix)));
        let name = parts.filter(|_| !is_wild).map(|(_, name)| name);
        let action = name.and_then(|name| service?.action(name));
        let is_open = |prefix: &str| is_wild && has_wildcard(prefix);
        let services = match parts {
            Some((prefix, _)) if !is_open(prefix) => Services::of(prefix),
            _ => Services::ALL,
        };
        Self {
            entry,
            is_action: is_action(text),
            is_wild,
            parts,
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
        let (prefix, name) = self.parts.filter(|_| self.is_action)?;
        let all = name == "*" && has_wildcard(prefix);
        (!all).then(|| self.actions()).filter(|actions| !actions.is_empty())
    }

    /// Does it name this action? As `grants::names`, and quicker: most entries are no pattern, and of another length.
    pub(super) fn names(&self, action: &str) -> bool {
        let text = self.entry.value.as_str();
        (self.is_wild || text.len() == action.len()) && grants::names(text, action)
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
            let may = Subject::new(&policy, &options).may_allow(Services::of("iam"));
            assert_eq!(may, expected, "{statement}");
        }
    }
}
