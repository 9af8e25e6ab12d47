//! Scenario files: a list of cases that bring their policies along (TE-001).
//!
//! The context is asked as it is given; nothing is filled in.

use std::collections::HashMap;
use std::sync::Arc;

use twokeys::engine::{Decision, Layer, Outcomes, PolicySet, PolicySetBuilder, Prepared, SetError};
use twokeys::json::{Member, Node};
use twokeys::policy::{ParseErrors, Policy, PolicyType};
use twokeys::request::{Request, RequestObject, Resource};
use twokeys::source::{Diagnostic, Severity, Span, Spanned, shown};

use super::members::Notes;
use super::mistake;

/// One case of a scenario file.
#[derive(Debug)]
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) id: Spanned<String>,
    /// What is asked, or why it cannot be.
    pub(crate) asked: Result<Asked, Vec<Diagnostic>>,
    /// What must come out; none: policies or request must be refused.
    pub(crate) expected: Option<Decision>,
    /// What an undecided answer must be able to become.
    pub(crate) possible: Option<Outcomes>,
    /// Where it must be decided.
    pub(crate) layer: Option<Layer>,
    /// The Sid, or `POLICY/INDEX`, of the statement that must decide it.
    pub(crate) by: Option<Spanned<String>>,
}

/// A request and the policies that apply to it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) set: PolicySet,
    pub(crate) request: Request,
    /// Where the text of each policy begins in the file.
    pub(crate) starts: Vec<(Arc<Prepared>, u32)>,
}

/// The members of a case. Those that only people read are named and not looked at.
const MEMBERS: [&str; 11] = [
    "id",
    "rule",
    "description",
    "source",
    "request",
    "policies",
    "expected",
    "possible",
    "layer",
    "by",
    "why",
];

/// How policies of one kind are added.
type Add<T> = fn(PolicySetBuilder, T) -> PolicySetBuilder;
type Ready = Arc<Prepared>;

/// The members of `policies`, what they hold, and whether they hold a list.
const SINGLE: &[(&str, PolicyType, bool, Add<Ready>)] = &[
    ("identity", PolicyType::Identity, true, PolicySetBuilder::identity),
    ("session", PolicyType::Session, true, PolicySetBuilder::session),
    ("resource", PolicyType::Resource, false, PolicySetBuilder::resource),
    ("boundary", PolicyType::Boundary, false, PolicySetBuilder::boundary),
    ("vpce", PolicyType::Endpoint, false, PolicySetBuilder::endpoint),
];
/// Those that hold a list of levels.
const LEVELS: &[(&str, PolicyType, Add<Vec<Ready>>)] = &[
    ("scps", PolicyType::ServiceControl, PolicySetBuilder::scp_level),
    ("rcps", PolicyType::ResourceControl, PolicySetBuilder::rcp_level),
];
const POLICIES: [&str; 7] = ["identity", "resource", "boundary", "session", "scps", "rcps", "vpce"];
const DECISIONS: [Decision; 4] =
    [Decision::Allowed, Decision::ImplicitlyDenied, Decision::ExplicitlyDenied, Decision::Undecided];
const REFUSED: &str = "Refused";

pub(super) fn read(bytes: &[u8], cases: &[Node<'_>], notes: &mut Notes) -> Vec<Scenario> {
    let read: Vec<Scenario> = cases.iter().filter_map(|case| one(bytes, case, notes)).collect();
    let mut names: HashMap<&str, Span> = HashMap::new();
    for scenario in &read {
        if names.insert(&scenario.id.value, scenario.id.span).is_some() {
            let message = format!("two cases have the id `{}`", shown(&scenario.id.value));
            notes.note("duplicate-name", scenario.id.span, message, "give each case an id of its own");
        }
    }
    read
}

fn one(bytes: &[u8], node: &Node<'_>, notes: &mut Notes) -> Option<Scenario> {
    let members = notes.object("a case", node)?;
    for member in members.iter().filter(|member| !MEMBERS.contains(&&*member.key)) {
        notes.unknown(member, "a case", &MEMBERS);
    }
    let named = |name: &str| member(members, name);
    let mut needed = |name: &str| {
        let found = named(name);
        if found.is_none() {
            let place = Span::new(node.span.range().start, node.span.range().start + 1);
            notes.note("missing-member", place, format!("the case has no `{name}`"), format!("add `{name}`"));
        }
        found
    };
    let (id, request, policies, expected) =
        (needed("id"), needed("request"), needed("policies"), needed("expected"));
    let id = notes.text("`id`", id?)?;
    let expected = expected.and_then(|node| notes.text("`expected`", node)).map(|text| outcome(&text, notes));
    let possible = named("possible").map(|node| {
        let texts = notes.texts("`possible`", node);
        let each = texts.iter().filter_map(|text| outcome(text, notes));
        each.fold(Outcomes::default(), Outcomes::with)
    });
    let layer = named("layer").and_then(|node| notes.text("`layer`", node)).and_then(|text| {
        let layer = Layer::ALL.into_iter().find(|layer| layer.as_str() == text.value);
        if layer.is_none() {
            let help = format!("there are {}", Layer::ALL.map(Layer::as_str).join(", "));
            notes.note("bad-expectation", text.span, format!("`{}` is no layer", shown(&text.value)), help);
        }
        layer
    });
    let by = named("by").and_then(|node| notes.text("`by`", node));
    let asked = asked(bytes, request?, notes.object("`policies`", policies?)?, notes);
    Some(Scenario { id, asked, expected: expected?, possible, layer, by })
}

fn member<'n, 't>(members: &'n [Member<'t>], name: &str) -> Option<&'n Node<'t>> {
    members.iter().find(|member| member.key == name).map(|member| &member.value)
}

/// `Refused` is none of the decisions.
fn outcome(text: &Spanned<String>, notes: &mut Notes) -> Option<Decision> {
    let decision = DECISIONS.into_iter().find(|decision| decision.as_str() == text.value);
    if decision.is_none() && text.value != REFUSED {
        let help = format!("there are {}, {REFUSED}", DECISIONS.map(Decision::as_str).join(", "));
        notes.note("bad-expectation", text.span, format!("`{}` is no outcome", shown(&text.value)), help);
    }
    decision
}

fn asked(
    bytes: &[u8],
    request: &Node<'_>,
    policies: &[Member<'_>],
    notes: &mut Notes,
) -> Result<Asked, Vec<Diagnostic>> {
    for member in policies.iter().filter(|member| !POLICIES.contains(&&*member.key)) {
        notes.unknown(member, "`policies`", &POLICIES);
    }
    let mut reader = Reader { bytes, starts: Vec::new(), wrong: Vec::new() };
    let set = reader.set(policies, notes);
    let request = reader.request(request);
    match (request, set) {
        (Some(request), Some(set)) if reader.wrong.is_empty() => {
            Ok(Asked { set, request, starts: reader.starts })
        }
        _ => Err(reader.wrong),
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    starts: Vec<(Arc<Prepared>, u32)>,
    wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn set(&mut self, members: &[Member<'_>], notes: &mut Notes) -> Option<PolicySet> {
        let mut set = PolicySet::builder();
        for (name, kind, is_list, add) in SINGLE {
            let Some(node) = member(members, name) else { continue };
            let nodes =
                if *is_list { notes.list(name, "policies", node) } else { Some(std::slice::from_ref(node)) };
            for (node, number) in nodes.unwrap_or_default().iter().zip(1..) {
                let called = if *is_list { format!("{name} {number}") } else { (*name).to_owned() };
                if let Some(policy) = self.policy(&called, node, *kind) {
                    set = add(set, policy);
                }
            }
        }
        for (name, kind, add) in LEVELS {
            let levels = member(members, name).and_then(|node| notes.list(name, "levels", node));
            for (level, number) in levels.unwrap_or_default().iter().zip(1..) {
                let policies = notes.list("a level", "policies", level).unwrap_or_default();
                let ready = policies
                    .iter()
                    .zip(1..)
                    .filter_map(|(node, at)| self.policy(&format!("{name} {number}.{at}"), node, *kind));
                set = add(set, ready.collect());
            }
        }
        let place = members.first().map(|member| member.key_span).unwrap_or_default();
        let refused = |error: SetError| {
            mistake("too-many-policies", place, error.to_string(), "give only the policies that apply")
        };
        set.build().map_err(|error| self.wrong.push(refused(error))).ok()
    }

    /// A policy in its place, read by the one reader from its part of the text.
    fn policy(&mut self, name: &str, node: &Node<'_>, kind: PolicyType) -> Option<Arc<Prepared>> {
        let text = self.bytes.get(node.span.range()).unwrap_or_default();
        let ready = Policy::parse_bytes(text).and_then(|policy| Prepared::new(name, policy, kind));
        let start = node.span.start;
        let refused =
            |errors: ParseErrors| errors.to_diagnostics().into_iter().map(move |one| moved(one, start));
        match ready {
            Ok(policy) => {
                self.starts.push((Arc::clone(&policy), start));
                Some(policy)
            }
            Err(errors) => {
                self.wrong.extend(refused(errors));
                None
            }
        }
    }

    fn request(&mut self, node: &Node<'_>) -> Option<Request> {
        let text = self.bytes.get(node.span.range()).unwrap_or_default();
        let object = match RequestObject::read(text) {
            Ok(object) => object,
            Err(errors) => {
                let each = errors.iter().map(|error| moved(error.to_diagnostic(), node.span.start));
                self.wrong.extend(each);
                return None;
            }
        };
        if object.mfa.is_some() || object.mfa_age.is_some() || object.credential.is_some() {
            let help = "put the MFA keys into `context`";
            let message =
                "a scenario is asked as it is, so its request has no `mfa`, `mfaAge` or `credential`";
            self.wrong.push(mistake("mfa-twice", node.span, message, help));
        }
        let (Some(principal), Some(action)) = (object.principal, object.action) else {
            let message = "the request names no `principal` or no `action`";
            self.wrong.push(mistake("missing-member", node.span, message, "add `principal` and `action`"));
            return None;
        };
        let context = match object.context.build() {
            Ok(context) => context,
            Err(error) => {
                self.wrong.push(mistake("bad-context", node.span, error.to_string(), "give each key once"));
                return None;
            }
        };
        let principal = match principal.value.with_details(object.details.into_principal_details()) {
            Ok(principal) => principal,
            Err(error) => {
                let help = "leave the fact out, or name the requester it belongs to";
                self.wrong.push(mistake("bad-principal", node.span, error.to_string(), help));
                return None;
            }
        };
        let resource = object.resource.map_or(Resource::Star, |resource| resource.value);
        let mut request = Request::new(principal, action.value, resource, context);
        request.resource_account = object.resource_account.map(|account| account.value);
        request.resource_in_management_account = object.resource_in_management_account.unwrap_or_default();
        Some(request)
    }
}

/// A diagnostic about a part of a text, as one about the whole.
fn moved(mut diagnostic: Diagnostic, by: u32) -> Diagnostic {
    let moved = |span: Span| Span { start: span.start.saturating_add(by), end: span.end.saturating_add(by) };
    diagnostic.severity = Severity::Error;
    diagnostic.span = moved(diagnostic.span);
    diagnostic.other = diagnostic.other.map(|(span, words)| (moved(span), words));
    diagnostic
}
