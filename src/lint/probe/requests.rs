//! The requests that a policy speaks of.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::{AccountId, Action, Pattern};
use crate::policy::{ConditionBlock, Policy, PolicyType, PrincipalValue, Segment, Statement, Template};
use crate::request::{Context, MFA_AGE, MFA_PRESENT, MfaState, Principal, Request, Resource, names_mfa};

/// No more requests than this are made of one change.
const MOST: usize = 20_000;
/// The longest session, 36 hours, in seconds.
const STALE: u64 = 129_600;
/// Up to so many resources or keys, those of all statements are tried on each.
const FEW: usize = 24;
/// No more circumstances than this are tried for one action.
const MOST_CONTEXTS: usize = 40;
/// Stands where a name or a value is open.
const WORD: &str = "twokeysprobe";
const OWN_ACCOUNT: &str = "111122223333";

/// Requests made from the statements of these policies.
pub(super) fn of(policies: &[&Policy], kind: PolicyType) -> Vec<Request> {
    let principals = principals(policies);
    let variables = variables(policies);
    let own: Option<AccountId> = OWN_ACCOUNT.parse().ok();
    let statements: Vec<&Statement> = policies.iter().flat_map(|policy| &policy.statements).collect();
    let share = MOST / statements.len().max(1);
    let mut requests = Vec::new();
    for statement in &statements {
        let contexts = contexts(&statements, statement, &variables);
        let resources = resources(&statements, statement, kind);
        let resources: Vec<Resource> = resources.iter().filter_map(|text| text.parse().ok()).collect();
        let actions: Vec<Action> = actions(statement).iter().filter_map(|text| text.parse().ok()).collect();
        let all = actions.len() * resources.len() * principals.len() * contexts.len();
        let stride = stride(all, share);
        for at in (0..all.min(share)).map(|number| number.wrapping_mul(stride) % all.max(1)) {
            let (at, context) = (at / contexts.len(), contexts.get(at % contexts.len()));
            let (at, principal) = (at / principals.len(), principals.get(at % principals.len()));
            let (at, resource) = (at / resources.len(), resources.get(at % resources.len()));
            if let (Some(principal), Some(action), Some(resource), Some(context)) =
                (principal, actions.get(at), resource, context)
            {
                let mut request =
                    Request::new(principal.clone(), action.clone(), resource.clone(), context.clone());
                request.resource_account = own;
                requests.push(request);
            }
        }
    }
    requests
}

/// Requests about any action, on what the statements about it name.
pub(super) struct Probe {
    /// Patterns of actions with the resources of their statement, as written and filled in.
    statements: Vec<(Vec<Pattern>, bool, Vec<(String, Resource)>)>,
    principals: Vec<Principal>,
    contexts: Vec<Context>,
}

impl Probe {
    pub(super) fn of(policies: &[&Policy], kind: PolicyType) -> Self {
        let all: Vec<&Statement> = policies.iter().flat_map(|policy| &policy.statements).collect();
        let variables = variables(policies);
        let statements = all.iter().map(|statement| {
            let patterns = statement.action.entries.iter();
            let patterns = patterns.map(|entry| Pattern::new(&entry.value.to_ascii_lowercase())).collect();
            let named = statement.resource.iter().filter(|part| !part.negated).flat_map(|part| &part.entries);
            let mut written: BTreeSet<String> = named.map(|entry| entry.value.clone()).collect();
            if written.is_empty() {
                written.extend(resources(&[], statement, kind));
            }
            let filled_in = written.into_iter().filter_map(|text| {
                let resource = if text == "*" { text.clone() } else { instance(&filled(&text)) };
                Some((text, resource.parse().ok()?))
            });
            (patterns, statement.action.negated, filled_in.collect())
        });
        let mut values = BTreeMap::new();
        for block in all.iter().flat_map(|statement| &statement.condition) {
            for test in block.tests.iter().filter(|test| !names_mfa(&test.key.value)) {
                let texts = test.values.iter().flat_map(|value| candidates(block, &value.text));
                values.entry(test.key.value.to_ascii_lowercase()).or_insert_with(BTreeSet::new).extend(texts);
            }
        }
        let contexts = assignments(&values).into_iter().filter_map(|given| {
            let mut builder = Context::builder();
            for (key, value) in given {
                builder = builder.set(key, value);
            }
            for variable in variables.iter().filter(|variable| !values.contains_key(*variable)) {
                builder = builder.set(variable, [WORD]);
            }
            builder.build().ok()
        });
        Self {
            statements: statements.collect(),
            principals: principals(policies),
            contexts: contexts.take(MOST_CONTEXTS).collect(),
        }
    }

    /// For each resource that a statement about the action names: requests in all circumstances.
    pub(super) fn on(&self, action: &Action) -> Vec<(String, Vec<Request>)> {
        let about = self.statements.iter().filter(|(patterns, negated, _)| {
            patterns.iter().any(|pattern| pattern.matches(action.folded())) != *negated
        });
        let resources: BTreeMap<&String, &Resource> =
            about.flat_map(|(_, _, resources)| resources).map(|(text, resource)| (text, resource)).collect();
        let own: Option<AccountId> = OWN_ACCOUNT.parse().ok();
        let requests = |resource: &Resource| {
            let of = |principal: &Principal, context: &Context| {
                let mut request =
                    Request::new(principal.clone(), action.clone(), resource.clone(), context.clone());
                request.resource_account = own;
                request
            };
            let each = self.principals.iter();
            each.flat_map(|principal| {
                self.contexts.iter().map(|context| of(principal, context)).collect::<Vec<_>>()
            })
            .collect()
        };
        resources.into_iter().map(|(text, resource)| (text.clone(), requests(resource))).collect()
    }
}

/// How far apart those are that are asked where not all can be: no two the same, spread over all.
fn stride(all: usize, most: usize) -> usize {
    let least = (all / most.max(1)).max(1);
    let is_apart = |step: &usize| {
        let (mut one, mut other) = (all, *step);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        one == 1
    };
    if all <= most { 1 } else { (least + 1..).find(is_apart).unwrap_or(1) }
}

/// An action for each entry, and one that no entry names.
fn actions(statement: &Statement) -> BTreeSet<String> {
    let of_entries = statement
        .action
        .entries
        .iter()
        .map(|entry| if entry.value == "*" { format!("s3:{WORD}") } else { instance(&entry.value) });
    of_entries.chain(["twokeys:Nothing".to_owned()]).collect()
}

/// A resource for each entry, and others that none names.
fn resources(statements: &[&Statement], statement: &Statement, kind: PolicyType) -> BTreeSet<String> {
    let of = |statement: &Statement| {
        let entries = statement.resource.iter().flat_map(|part| &part.entries);
        let named = entries.filter(|entry| entry.value != "*");
        named.map(|entry| instance(&filled(&entry.value))).collect::<BTreeSet<_>>()
    };
    let mut texts = of(statement);
    let of_all: BTreeSet<String> = statements.iter().flat_map(|statement| of(statement)).collect();
    if of_all.len() <= FEW {
        texts.extend(of_all);
    }
    if kind == PolicyType::Trust || texts.is_empty() {
        texts.insert(format!("arn:aws:iam::{OWN_ACCOUNT}:role/{WORD}"));
    }
    texts.insert(format!("arn:aws:s3:::{WORD}/{WORD}"));
    texts.insert("*".to_owned());
    texts
}

/// Those whom the policies name, and a user and a session whom they do not.
fn principals(policies: &[&Policy]) -> Vec<Principal> {
    let mut texts = BTreeSet::from([format!("arn:aws:iam::{OWN_ACCOUNT}:user/{WORD}")]);
    let parts =
        policies.iter().flat_map(|policy| &policy.statements).filter_map(|one| one.principal.as_ref());
    for part in parts {
        texts.insert(format!("arn:aws:sts::444455556666:assumed-role/{WORD}/{WORD}"));
        match &part.value {
            PrincipalValue::Text(_) => {}
            PrincipalValue::Map(groups) => {
                let values = groups.iter().flat_map(|group| &group.values);
                texts.extend(values.map(|value| requester(&value.value)));
            }
        }
    }
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// Somebody to whom an entry of a principal element applies.
fn requester(entry: &str) -> String {
    let of_account = |account: &str| format!("arn:aws:iam::{account}:user/{WORD}");
    if entry.len() == 12 && entry.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_account(entry);
    }
    let fields: Vec<&str> = entry.splitn(6, ':').collect();
    match fields.as_slice() {
        [_, _, "iam", _, account, "root"] => of_account(account),
        [_, _, "iam", _, account, role] if role.starts_with("role/") => {
            let name = role.rsplit('/').next().unwrap_or(WORD);
            format!("arn:aws:sts::{account}:assumed-role/{name}/{WORD}")
        }
        _ => instance(entry),
    }
}

/// Contexts in which the conditions of a statement come out one way and the other.
fn contexts(statements: &[&Statement], statement: &Statement, variables: &BTreeSet<String>) -> Vec<Context> {
    let tests =
        |statement: &Statement| statement.condition.iter().map(|block| block.tests.len()).sum::<usize>();
    let all = statements.iter().map(|statement| tests(statement)).sum::<usize>() <= FEW;
    let asked = statements.iter().copied().filter(|other| all || std::ptr::eq(*other, statement));
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut ages = BTreeSet::from([0, STALE]);
    for block in asked.flat_map(|one| &one.condition) {
        for test in &block.tests {
            let key = test.key.value.to_ascii_lowercase();
            let texts = test.values.iter().map(|value| value.text.as_str());
            if key.eq_ignore_ascii_case(MFA_AGE) {
                let around = |age: u64| [age.saturating_sub(1), age, age.saturating_add(1)];
                ages.extend(texts.filter_map(|text| text.parse().ok()).flat_map(around));
            } else if !key.eq_ignore_ascii_case(MFA_PRESENT) {
                values.entry(key).or_default().extend(texts.flat_map(|text| candidates(block, text)));
            }
        }
    }
    let states: Vec<MfaState> = [MfaState::Missing, MfaState::False]
        .into_iter()
        .chain(ages.into_iter().map(|age| MfaState::True { age }))
        .collect();
    let mut contexts = Vec::new();
    for given in assignments(&values) {
        for state in &states {
            let mut builder = Context::builder();
            for (key, value) in &given {
                builder = builder.set(key, value.iter().copied());
            }
            for variable in variables.iter().filter(|variable| !values.contains_key(*variable)) {
                builder = builder.set(variable, [WORD]);
            }
            contexts.extend(state.apply(builder).build().ok());
        }
    }
    contexts
}

/// One key after the other at each of its values, with the others at their first value or missing.
fn assignments(values: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<(&str, Vec<&str>)>> {
    let at_first: Vec<(&str, Vec<&str>)> = values
        .iter()
        .map(|(key, texts)| (key.as_str(), texts.first().map(String::as_str).into_iter().collect()))
        .collect();
    let mut all = vec![Vec::new(), at_first.clone()];
    for (key, texts) in values {
        let others: Vec<_> = at_first.iter().filter(|(other, _)| other != key).cloned().collect();
        all.push(others.clone());
        all.push(vec![(key.as_str(), texts.iter().map(String::as_str).collect())]);
        for text in texts.iter().map(String::as_str).chain([WORD]) {
            let mut with = others.clone();
            with.push((key.as_str(), vec![text]));
            all.push(with);
            all.push(vec![(key.as_str(), vec![text])]);
        }
    }
    all
}

/// Texts that a value of a condition is likely to meet, and some next to it.
fn candidates(block: &ConditionBlock, text: &str) -> Vec<String> {
    let word = block.written.to_ascii_lowercase();
    let mut texts = vec![instance(&filled(text))];
    if word.contains("bool") {
        texts.extend(["true", "false"].map(str::to_owned));
    }
    if let (true, Ok(number)) = (word.contains("numeric"), text.parse::<i64>()) {
        texts.extend([number.saturating_sub(1), number.saturating_add(1)].map(|number| number.to_string()));
    }
    if let Some((address, _)) = text.split_once('/').filter(|_| word.contains("ip")) {
        texts.push(address.to_owned());
    }
    texts
}

/// The keys that stand in `${…}`, in small letters.
fn variables(policies: &[&Policy]) -> BTreeSet<String> {
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    let mut keys = BTreeSet::new();
    for statement in statements {
        let resources =
            statement.resource.iter().flat_map(|part| &part.entries).map(|entry| entry.value.as_str());
        let tests = statement.condition.iter().flat_map(|block| &block.tests);
        let values = tests.flat_map(|test| &test.values).map(|value| value.text.as_str());
        for text in resources.chain(values) {
            for segment in Template::parse(text).0 {
                if let Segment::Variable { name, .. } = segment {
                    keys.insert(name.to_ascii_lowercase());
                }
            }
        }
    }
    keys
}

/// A text with its variables filled in.
fn filled(text: &str) -> String {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((variable, rest)) => {
                filled.push_str(if variable.len() == 1 { variable } else { WORD });
                filled.push_str(rest);
            }
            None => filled.push_str(part),
        }
    }
    filled
}

/// A text that a pattern matches.
fn instance(pattern: &str) -> String {
    pattern.replace('*', WORD).replace('?', "q")
}
