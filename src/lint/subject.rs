//! A policy under examination, and the ways rules walk through it.

use std::cell::OnceCell;
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};

use super::mfa::Ground;
use super::named::AllNamed;
use super::text::has_variable;
use super::{Attached, Fix, Options};
use crate::policy::{
    Comparison, ConditionBlock, ConditionTest, ConditionValue, Effect, NamesPart, Operator, Policy,
    PolicyType, PrincipalPart, PrincipalValue, SetPrefix, Statement,
};
use crate::request::GlobalKey;
use crate::source::{Span, Spanned};

/// What a rule looks at.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Subject<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// What is known beside its text.
    pub options: &'p Options,
    /// What the rules about MFA share.
    pub(super) ground: Ground<'p>,
    /// What the action elements name.
    pub(super) named: OnceCell<AllNamed<'p>>,
}

/// One entry of an `Action`, `NotAction`, `Resource` or `NotResource` element.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The element.
    pub part: &'p NamesPart,
    /// The entry as written.
    pub text: &'p str,
    /// Where it stands.
    pub span: Span,
}

/// One key under one operator of a condition.
#[derive(Debug, Clone, Copy)]
pub struct Test<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The operator with all its keys.
    pub block: &'p ConditionBlock,
    /// The key with its values.
    pub test: &'p ConditionTest,
}

/// One value of a principal element, with the kind it stands under; a bare text has none.
#[derive(Debug, Clone, Copy)]
pub struct Principal<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// `AWS`, `Service`, … as written.
    pub kind: Option<&'p str>,
    /// The value as written.
    pub text: &'p str,
    /// Where it stands.
    pub span: Span,
}

impl<'p> Subject<'p> {
    /// A policy with what is known about it.
    pub fn new(policy: &'p Policy, options: &'p Options) -> Self {
        Self { policy, options, ground: Ground::default(), named: OnceCell::new() }
    }

    /// The policy's first character, where what is missing from the whole is pointed out.
    pub fn start(&self) -> Span {
        let start = self.policy.span.0.start;
        Span { start, end: start.saturating_add(1) }
    }

    /// What kind of policy it is.
    pub fn kind(&self) -> PolicyType {
        self.options.kind
    }

    /// The statements in the order of the text.
    pub fn statements(&self) -> impl Iterator<Item = &'p Statement> + use<'p> {
        self.policy.statements.iter()
    }

    /// Does a role have it? Its sessions carry no user name and no MFA.
    pub fn is_of_a_role(&self) -> bool {
        self.options.attached_to == Some(Attached::Role)
    }

    /// The entries of all `Action` and `NotAction` elements.
    pub fn actions(&self) -> impl Iterator<Item = Entry<'p>> + use<'p> {
        self.statements().flat_map(|statement| entries(statement, Some(&statement.action)))
    }

    /// The entries of all `Resource` and `NotResource` elements.
    pub fn resources(&self) -> impl Iterator<Item = Entry<'p>> + use<'p> {
        self.statements().flat_map(|statement| entries(statement, statement.resource.as_ref()))
    }

    /// The values of all `Principal` and `NotPrincipal` elements.
    pub fn principals(&self) -> impl Iterator<Item = Principal<'p>> + use<'p> {
        self.statements().flat_map(|statement| {
            let values = statement.principal.as_ref().map(values).unwrap_or_default();
            values.into_iter().map(move |(kind, value)| Principal {
                statement,
                kind,
                text: &value.value,
                span: value.span,
            })
        })
    }

    /// The keys of all conditions, each under its operator.
    pub fn tests(&self) -> impl Iterator<Item = Test<'p>> + use<'p> {
        self.statements().flat_map(tests_of)
    }

    /// Texts with variables that work, with their places: field six of resources, and the values of
    /// operators that take them (VA-003). None in a policy of the old version.
    pub fn templates(&self) -> impl Iterator<Item = (&'p str, Span)> + use<'p> {
        let works = self.policy.has_variables();
        self.variable_places().filter(move |_| works)
    }

    /// The same texts whatever the policy's version.
    pub fn variable_places(&self) -> impl Iterator<Item = (&'p str, Span)> + use<'p> {
        let resources = self.resources().map(|entry| (entry.text, entry.span));
        let values = self.tests().filter(Test::takes_variables).flat_map(|test| test.values());
        let texts = resources.chain(values.map(|value| (value.text.as_str(), value.span)));
        texts.filter(|(text, _)| has_variable(text))
    }

    /// The statements' names that stood before in the same policy, each with the first of its kind.
    pub fn repeated_sids(&self) -> Vec<(&'p Spanned<String>, &'p Spanned<String>)> {
        let mut first = HashMap::new();
        let mut repeated = Vec::new();
        for sid in self.statements().filter_map(|statement| statement.sid.as_ref()) {
            if !sid.value.is_empty() {
                match first.entry(sid.value.as_str()) {
                    Slot::Occupied(before) => repeated.push((sid, *before.get())),
                    Slot::Vacant(slot) => _ = slot.insert(sid),
                }
            }
        }
        repeated
    }

    /// The repeated names as [`Self::repeated_sids`] gives them, each with one that is free.
    pub(super) fn renamed_sids(&self) -> Vec<(&'p Spanned<String>, &'p Spanned<String>, String)> {
        let mut taken: HashSet<String> =
            self.statements().filter_map(|statement| Some(statement.sid.as_ref()?.value.clone())).collect();
        // Where to go on counting: the same name may stand there ten thousand times.
        let mut next: HashMap<&str, usize> = HashMap::new();
        let free = |(again, first): (&'p Spanned<String>, &'p Spanned<String>)| {
            let number = next.entry(again.value.as_str()).or_insert(2);
            let mut numbered = (*number..).map(|number| (number, format!("{}{number}", again.value)));
            let (at, name) = numbered.find(|(_, name)| taken.insert(name.clone())).unwrap_or_default();
            *number = at.saturating_add(1);
            (again, first, name)
        };
        self.repeated_sids().into_iter().map(free).collect()
    }

    /// Does no text of the policy look like a variable?
    pub(super) fn has_no_variables(&self) -> bool {
        let written = |text: &str| !has_variable(text);
        self.actions().chain(self.resources()).all(|entry| written(entry.text))
            && self.principals().all(|principal| written(principal.text))
            && self.tests().all(|test| test.values().iter().all(|value| written(&value.text)))
    }

    /// States the version in which variables work; keeps every decision if there are none.
    pub(super) fn new_version(&self) -> Fix {
        let start = self.policy.span.0.start.saturating_add(1);
        let (span, text) = match &self.policy.version {
            Some(version) => (version.span, "\"2012-10-17\""),
            None => (Span { start, end: start }, "\"Version\": \"2012-10-17\", "),
        };
        Fix::replace("set `\"Version\": \"2012-10-17\"`", span, text, self.has_no_variables())
    }

    /// The number, counted from 1, of the statement in which a place lies.
    pub fn statement_at(&self, span: Span) -> Option<usize> {
        let statements = &self.policy.statements;
        let after = statements.partition_point(|statement| statement.span.0.start <= span.start);
        let before = statements.get(after.checked_sub(1)?)?;
        (span.end <= before.span.0.end).then_some(after)
    }
}

/// The keys of one statement's condition.
pub(super) fn tests_of(statement: &Statement) -> impl Iterator<Item = Test<'_>> {
    let blocks = statement.condition.iter();
    blocks.flat_map(move |block| block.tests.iter().map(move |test| Test { statement, block, test }))
}

fn entries<'p>(
    statement: &'p Statement,
    part: Option<&'p NamesPart>,
) -> impl Iterator<Item = Entry<'p>> + use<'p> {
    part.into_iter().flat_map(move |part| {
        part.entries.iter().map(move |entry| Entry { statement, part, text: &entry.value, span: entry.span })
    })
}

fn values(part: &PrincipalPart) -> Vec<(Option<&str>, &Spanned<String>)> {
    match &part.value {
        PrincipalValue::Text(text) => vec![(None, text)],
        PrincipalValue::Map(groups) => groups
            .iter()
            .flat_map(|group| group.values.iter().map(|value| (Some(group.kind.value.as_str()), value)))
            .collect(),
    }
}

impl<'p> Test<'p> {
    /// The operator.
    pub fn operator(&self) -> Operator {
        self.block.operator.value
    }

    /// What it compares.
    pub fn comparison(&self) -> Comparison {
        self.operator().base.comparison
    }

    /// The key as written.
    pub fn key(&self) -> &'p str {
        &self.test.key.value
    }

    /// Is it about this key?
    pub fn is_on(&self, key: &str) -> bool {
        self.key().eq_ignore_ascii_case(key)
    }

    /// What is known of its key, if every service shares it.
    pub fn global_key(&self) -> Option<&'static GlobalKey> {
        GlobalKey::find(self.key())
    }

    /// The values in the order of the text.
    pub fn values(&self) -> &'p [ConditionValue] {
        &self.test.values
    }

    /// Are `${…}` resolved in its values? In those of `Bool` they are, though AWS's pages disagree
    /// on it (VA-011).
    pub fn takes_variables(&self) -> bool {
        use Comparison::{Arn, Bool, StringEquals, StringEqualsIgnoreCase, StringLike};
        matches!(self.comparison(), StringEquals | StringEqualsIgnoreCase | StringLike | Arn(_) | Bool)
    }

    /// Can it hold only for requests that have the key?
    pub fn wants_key(&self) -> bool {
        let operator = self.operator();
        if operator.base.comparison == Comparison::Null {
            return !self.values().is_empty()
                && self.values().iter().all(|value| value.text.eq_ignore_ascii_case("false"));
        }
        let by_any = operator.set == Some(SetPrefix::ForAnyValue);
        let by_all = operator.set == Some(SetPrefix::ForAllValues);
        !operator.if_exists && !by_all && (by_any || !operator.base.negated)
    }

    /// Does it stand in an `Allow`?
    pub fn grants(&self) -> bool {
        self.statement.effect.value == Effect::Allow
    }
}
