//! What would turn a denial into "allowed"? Found by search, confirmed by evaluation (UX-061).
//!
//! Four kinds of change are tried, each by itself, the mildest first: another MFA state, one context key,
//! one `Deny` less, one `Allow` more. What is reported was evaluated with the change made; nothing is
//! concluded from the look of a policy.

use std::fmt;
use std::sync::Arc;

use super::decision::{Layer, StatementId};
use super::policy_set::{PolicySet, Prepared};
use super::trace::{Explanation, explain};
use super::{evaluate, truth::Truth};
use crate::policy::{
    Comparison, ConditionTest, Effect, NamesPart, Order, Place, Policy, PolicyType, PrincipalGroup,
    PrincipalPart, PrincipalValue, Size, Statement, Version,
};
use crate::request::{ContextBuilder, MFA_AGE, MFA_PRESENT, Request};
use crate::source::{Span, Spanned};

/// A change that makes the request allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The MFA keys: `Present` with this value, and an age of 0 where it is true; neither for `None`.
    Mfa(Option<bool>),
    /// A context key with another value, or absent.
    Context {
        /// The key as a policy writes it.
        key: String,
        /// Its new value; none: the key is absent.
        value: Option<String>,
    },
    /// One `Deny` statement less.
    RemoveDeny(StatementId),
    /// One `Allow` for this very action and resource more, in this layer.
    AddAllow(Layer),
}

impl Change {
    /// The word used in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Mfa(_) => "mfa",
            Self::Context { .. } => "context",
            Self::RemoveDeny(_) => "remove-deny",
            Self::AddAllow(_) => "add-allow",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mfa(None) => f.write_str("MFA missing (a long-term access key)"),
            Self::Mfa(Some(present)) => write!(f, "MFA {present}"),
            Self::Context { key, value: Some(value) } => write!(f, "{key} = {value}"),
            Self::Context { key, value: None } => write!(f, "{key} absent"),
            Self::RemoveDeny(_) => f.write_str("one Deny statement less"),
            Self::AddAllow(layer) => write!(f, "an Allow for this action and resource in the layer {layer}"),
        }
    }
}

/// The most evaluations spent on one search.
const MAX_TRIES: usize = 500;

/// The smallest change of each kind that makes a denied request allowed; none if it is allowed.
pub fn would_allow(set: &PolicySet, request: &Request) -> Vec<Change> {
    if evaluate(set, request).decision().is_allowed() {
        return Vec::new();
    }
    let explanation = explain(set, request);
    let changes = [
        another_mfa_state(set, request),
        another_value(set, request, &explanation),
        one_deny_less(set, request, &explanation),
        one_allow_more(set, request, explanation.evaluation().layer()),
    ];
    changes.into_iter().flatten().collect()
}

fn allows(set: &PolicySet, request: &Request, context: ContextBuilder) -> bool {
    let Ok(context) = context.build() else { return false };
    evaluate(set, &Request { context, ..request.clone() }).decision().is_allowed()
}

fn another_mfa_state(set: &PolicySet, request: &Request) -> Option<Change> {
    [Some(true), Some(false), None].into_iter().map(Change::Mfa).find(|change| {
        let bare = request.context.to_builder().forget(MFA_PRESENT).forget(MFA_AGE);
        let context = match change {
            Change::Mfa(Some(true)) => bare.set(MFA_PRESENT, ["true"]).set(MFA_AGE, ["0"]),
            Change::Mfa(Some(false)) => bare.set(MFA_PRESENT, ["false"]),
            _ => bare.absent(MFA_PRESENT).absent(MFA_AGE),
        };
        allows(set, request, context)
    })
}

/// One key changed, among those that the conditions reached ask for.
fn another_value(set: &PolicySet, request: &Request, explanation: &Explanation) -> Option<Change> {
    let mut tries = 0;
    for trace in explanation.statements().iter().filter(|trace| trace.consulted) {
        let Some(statement) = set.statement(trace.id) else { continue };
        for condition in &trace.conditions {
            let block = statement.statement.condition.get(condition.block);
            let Some((block, test)) =
                block.and_then(|block| block.tests.get(condition.test).map(|test| (block, test)))
            else {
                continue;
            };
            let key = &test.key.value;
            if key.eq_ignore_ascii_case(MFA_PRESENT) || key.eq_ignore_ascii_case(MFA_AGE) {
                continue;
            }
            for value in candidates(block.operator.value.base.comparison, test) {
                tries += 1;
                if tries > MAX_TRIES {
                    return None;
                }
                let bare = request.context.to_builder().forget(key);
                let context = match &value {
                    Some(value) => bare.set(key, [value.as_str()]),
                    None => bare.absent(key),
                };
                if allows(set, request, context) {
                    return Some(Change::Context { key: key.clone(), value });
                }
            }
        }
    }
    None
}

/// Values that satisfy or break a test: those of the policy, something else, and nothing.
fn candidates(comparison: Comparison, test: &ConditionTest) -> Vec<Option<String>> {
    let mut values = Vec::new();
    for text in test.values.iter().map(|value| value.text.as_str()) {
        match comparison {
            Comparison::StringLike | Comparison::Arn(_) => values.push(text.replace(['*', '?'], "x")),
            Comparison::Numeric(order) | Comparison::Date(order) => {
                values.push(text.to_owned());
                if let Ok(number) = text.parse::<i64>() {
                    let down = !matches!(order, Order::GreaterThan | Order::GreaterThanEquals);
                    let beside = if down { number.checked_sub(1) } else { number.checked_add(1) };
                    values.extend(beside.filter(|beside| *beside >= 0).map(|beside| beside.to_string()));
                }
            }
            Comparison::Ip => values.extend(text.split('/').next().map(str::to_owned)),
            Comparison::Bool => {
                values.extend([text.to_owned(), (!text.eq_ignore_ascii_case("true")).to_string()]);
            }
            Comparison::Null => values.push("x".to_owned()),
            Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::Binary => {
                values.push(text.to_owned());
            }
        }
    }
    values.truncate(32);
    values.into_iter().map(Some).chain([None]).collect()
}

fn one_deny_less(set: &PolicySet, request: &Request, explanation: &Explanation) -> Option<Change> {
    let denies = explanation.statements().iter().filter(|trace| {
        let found = set.statement(trace.id);
        let denies = found.is_some_and(|found| found.statement.effect.value == Effect::Deny);
        trace.consulted && trace.truth == Truth::True && denies
    });
    // Where two deny, one less changes nothing.
    let mut ids = denies.map(|trace| trace.id);
    let (Some(id), None) = (ids.next(), ids.next()) else { return None };
    let found = set.statement(id)?;
    let without = changed(set, std::ptr::from_ref(found.policy), |policy| {
        policy.statements.remove(found.index.checked_sub(1)?);
        Some(())
    })?;
    evaluate(&without, request).decision().is_allowed().then_some(Change::RemoveDeny(id))
}

/// One Allow for this action and resource in the layer that did not allow.
fn one_allow_more(set: &PolicySet, request: &Request, layer: Layer) -> Option<Change> {
    let kind = match layer {
        Layer::Identity => PolicyType::Identity,
        Layer::Resource => PolicyType::Resource,
        Layer::Boundary | Layer::Session | Layer::Endpoint => PolicyType::Boundary,
        Layer::Scp | Layer::Rcp | Layer::Credential | Layer::Exempt | Layer::Root => return None,
    };
    let existing = set.policies().find(|(of, _)| *of == layer).map(|(_, policy)| policy);
    let with_more = match existing {
        Some(policy) => changed(set, Arc::as_ptr(policy), |tree| {
            tree.statements.push(allow_statement(request, policy.kind()));
            Some(())
        })?,
        None => {
            let policy = Prepared::new("", single(allow_statement(request, kind)), kind).ok()?;
            let builder = set.to_builder();
            match layer {
                Layer::Identity => builder.identity(policy),
                Layer::Resource => builder.resource(policy),
                _ => return None,
            }
            .build()
            .ok()?
        }
    };
    evaluate(&with_more, request).decision().is_allowed().then_some(Change::AddAllow(layer))
}

/// The set with one policy changed.
fn changed(
    set: &PolicySet,
    policy: *const Prepared,
    change: impl Fn(&mut Policy) -> Option<()>,
) -> Option<PolicySet> {
    let replace = |prepared: &Arc<Prepared>| {
        if !std::ptr::eq(Arc::as_ptr(prepared), policy) {
            return Some(Arc::clone(prepared));
        }
        let mut tree = prepared.policy().clone();
        change(&mut tree)?;
        Prepared::new(prepared.name(), tree, prepared.kind()).ok()
    };
    set.to_builder().map(|_, _, prepared| replace(prepared)).build().ok()
}

fn single(statement: Statement) -> Policy {
    Policy {
        version: Some(Spanned::new(Version::V2012, Span::default())),
        id: None,
        statements: vec![statement],
        statements_span: Place::default(),
        span: Place::default(),
        size: Size::default(),
    }
}

fn allow_statement(request: &Request, kind: PolicyType) -> Statement {
    let text = |text: &str| Spanned::new(text.to_owned(), Span::default());
    let names = |name: &str| NamesPart {
        negated: false,
        entries: vec![text(name)],
        name_span: Place::default(),
        span: Place::default(),
    };
    let has_principal = matches!(kind, PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint);
    let principal = has_principal.then(|| PrincipalPart {
        negated: false,
        value: PrincipalValue::Map(vec![PrincipalGroup { kind: text("AWS"), values: vec![text("*")] }]),
        name_span: Place::default(),
        span: Place::default(),
    });
    Statement {
        sid: None,
        effect: Spanned::new(Effect::Allow, Span::default()),
        principal,
        action: names(request.action.as_str()),
        resource: (kind != PolicyType::Trust).then(|| names(request.resource.as_str())),
        condition: Vec::new(),
        condition_span: None,
        span: Place::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Context;

    fn set(statements: &str) -> PolicySet {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
        PolicySet::builder().identity(policy).build().unwrap()
    }

    fn ask(set: &PolicySet, context: ContextBuilder) -> Vec<String> {
        let who = "arn:aws:iam::111122223333:user/alice".parse().unwrap();
        let action = "s3:GetObject".parse().unwrap();
        let request =
            Request::new(who, action, "arn:aws:s3:::b/k".parse().unwrap(), context.build().unwrap());
        would_allow(set, &request).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ux_061_each_kind_of_change_is_found_and_confirmed() {
        let allow = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
        let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "*",
                       "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}"#;
        insta::assert_debug_snapshot!(ask(&set(&format!("{allow}, {deny}")), Context::builder()), @r#"
        [
            "MFA true",
            "one Deny statement less",
        ]
        "#);
        insta::assert_debug_snapshot!(ask(&set(deny), Context::builder().set(MFA_PRESENT, ["true"])), @r#"
        [
            "an Allow for this action and resource in the layer identity",
        ]
        "#);
        let tagged = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                         "Condition": {"StringLike": {"aws:PrincipalTag/team": "red-*"}}}"#;
        insta::assert_debug_snapshot!(ask(&set(tagged), Context::builder()), @r#"
        [
            "aws:PrincipalTag/team = red-x",
            "an Allow for this action and resource in the layer identity",
        ]
        "#);
        assert!(ask(&set(allow), Context::builder()).is_empty());
    }

    #[test]
    fn ux_061_an_allow_goes_into_the_layer_that_lacks_it() {
        let allow = |kind: PolicyType, action: &str| {
            let text =
                format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}}}"#);
            Prepared::new("p", Policy::parse(&text).unwrap(), kind).unwrap()
        };
        for (identity, bound, expected) in [
            ("s3:*", "ec2:*", "an Allow for this action and resource in the layer boundary"),
            ("ec2:*", "s3:*", "an Allow for this action and resource in the layer identity"),
        ] {
            let set = PolicySet::builder()
                .identity(allow(PolicyType::Identity, identity))
                .boundary(allow(PolicyType::Boundary, bound));
            assert_eq!(ask(&set.build().unwrap(), Context::builder()), [expected]);
        }
    }
}
