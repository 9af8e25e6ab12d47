//! Every case in `tests/cases/`, and every worked case of the specification, ends as it says.
//!
//! A file is a JSON list of cases. A case is one request, the policies that apply to it and the
//! outcome that follows from the rule it is named after; `why` is the reason in one sentence, `source`
//! the AWS page that says or shows it. `expected` is a decision, or `Refused` where no decision must be
//! made. `layer` and `by` (a Sid) say where it is made, `possible` what an undecided answer can become.
//! The engine, its explanation and the plain evaluator must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use twokeys::engine::{Decision, Evaluation, Options, PolicySet, evaluate, explain};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{Request, RequestObject};
use twokeys_naive::World;

use crate::ask::prepared;

/// Rules of the specification's sections on conditions and on the decision. Each has a case of our own.
pub(crate) const RULES: &[(&str, &[u16])] = &[
    (
        "CO",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 21, 22, 30, 31, 40, 41, 50, 51, 60, 61, 70,
            80, 81,
        ],
    ),
    ("VA", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (
        "EV",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 21, 22, 23, 30, 31, 40, 41, 42, 43, 45, 46, 50, 51, 52,
            53, 54, 60, 61, 62, 63, 70, 71, 80, 81, 82, 90, 91, 92, 93, 94, 95, 96, 97, 98, 100,
        ],
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) rule: String,
    description: String,
    source: Option<String>,
    request: Value,
    policies: Policies,
    expected: String,
    possible: Option<BTreeSet<String>>,
    layer: Option<String>,
    by: Option<String>,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    #[serde(default)]
    identity: Vec<Value>,
    resource: Option<Value>,
    boundary: Option<Value>,
    #[serde(default)]
    session: Vec<Value>,
    #[serde(default)]
    scps: Vec<Vec<Value>>,
    #[serde(default)]
    rcps: Vec<Vec<Value>>,
    vpce: Option<Value>,
}

#[test]
fn every_case_ends_as_it_says() {
    let mut wrong = Vec::new();
    let own = own_cases();
    for (file, case) in own.iter().chain(&specified_cases()) {
        if let Err(found) = run(case) {
            wrong.push(format!("{file}: {} {}: {found} ({})", case.id, case.description, case.why));
        }
    }
    assert!(!own.is_empty(), "tests/cases is empty");
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_on_conditions_and_decisions_has_a_case_of_our_own() {
    let shown: BTreeSet<String> = own_cases().into_iter().map(|(_, case)| case.rule).collect();
    let rules =
        RULES.iter().flat_map(|(area, numbers)| numbers.iter().map(move |n| format!("{area}-{n:03}")));
    let without: Vec<String> = rules.filter(|rule| !shown.contains(rule)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn case_ids_are_unique_and_name_the_rule() {
    let mut seen = BTreeMap::new();
    for (file, case) in own_cases() {
        let number = case.id.strip_prefix(&format!("C-{}-", case.rule)).and_then(|n| n.parse::<u16>().ok());
        assert!(number.is_some(), "{file}: the id `{}` is not C-{}-number", case.id, case.rule);
        assert!(!case.description.is_empty() && !case.why.is_empty(), "{file}: {} says too little", case.id);
        let aws = case.source.iter().all(|page| page.starts_with("https://docs.aws.amazon.com/"));
        assert!(aws, "{file}: the source of {} is no AWS page", case.id);
        if let Some(other) = seen.insert(case.id.clone(), file.clone()) {
            panic!("{} stands in {other} and in {file}", case.id);
        }
    }
}

#[test]
fn ev_046_a_service_can_be_made_to_demand_a_resource_policy() {
    let mandatory = vec!["secretsmanager".to_owned()];
    let asked =
        with_options("C-EV-046-1", Options { resource_policy_mandatory: mandatory, ..Options::default() });
    assert_eq!(asked.decision(), Decision::ImplicitlyDenied);
}

#[test]
fn ev_096_the_exemption_of_two_actions_can_be_switched_off() {
    let asked = with_options("C-EV-096-1", Options { exempt_actions: false, ..Options::default() });
    assert_eq!(asked.decision(), Decision::ExplicitlyDenied);
}

fn with_options(id: &str, options: Options) -> Evaluation {
    let (_, case) = own_cases().into_iter().find(|(_, case)| case.id == id).unwrap();
    let set = policy_set(&case.policies).unwrap().to_builder().options(options).build().unwrap();
    evaluate(&set, &request(&case.request).unwrap())
}

/// The cases in `tests/cases/`, with the names of their files.
pub(crate) fn own_cases() -> Vec<(String, Case)> {
    let mut files: Vec<_> = fs::read_dir("tests/cases").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| cases(file)).collect()
}

pub(crate) fn specified_cases() -> Vec<(String, Case)> {
    cases(Path::new("tests/data/evaluation-cases.json"))
}

fn cases(file: &Path) -> Vec<(String, Case)> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(file).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!cases.is_empty(), "{name} is empty");
    cases.into_iter().map(|case| (name.clone(), case)).collect()
}

/// What came out otherwise than the case says.
fn run(case: &Case) -> Result<(), String> {
    let asked = policy_set(&case.policies).and_then(|set| Ok((set, request(&case.request)?)));
    let (set, request) = match asked {
        Ok(asked) if case.expected != "Refused" => asked,
        Ok(_) => return Err("nothing was refused".to_owned()),
        Err(_) if case.expected == "Refused" => return Ok(()),
        Err(refusal) => return Err(format!("refused: {refusal}")),
    };
    let found = evaluate(&set, &request);
    same("decision", case.expected.as_str(), found.decision().as_str())?;
    let possible: BTreeSet<String> = found.possible().iter().map(|outcome| outcome.to_string()).collect();
    if let Some(wanted) = &case.possible {
        same("possible outcomes", wanted, &possible)?;
    }
    if let Some(layer) = &case.layer {
        same("layer", layer.as_str(), found.layer().as_str())?;
    }
    if let Some(by) = &case.by {
        let statement = found.by().and_then(|id| set.statement(id)).map(|found| found.statement);
        let sid = statement.and_then(|statement| statement.sid.as_ref()).map(|sid| sid.value.as_str());
        same("statement", &Some(by.as_str()), &sid)?;
    }
    // The fast path looks only at statements that can match; the slow one looks at all.
    let explained = explain(&set, &request).evaluation();
    same("explained answer", &explained, &found)?;
    let second = twokeys_naive::evaluate(&world(&case.policies)?, &request).possible;
    same("second opinion", &second.iter().map(|outcome| format!("{outcome:?}")).collect(), &possible)
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, wanted: &T, found: &T) -> Result<(), String> {
    if wanted == found { Ok(()) } else { Err(format!("{what}: {wanted:?} was expected, {found:?} found")) }
}

fn policy_set(policies: &Policies) -> Result<PolicySet, String> {
    use PolicyType::{Boundary, Endpoint, Identity, Resource, ResourceControl, ServiceControl, Session};
    let mut set = PolicySet::builder();
    for policy in &policies.identity {
        set = set.identity(prepared(&policy.to_string(), Identity)?);
    }
    for policy in &policies.session {
        set = set.session(prepared(&policy.to_string(), Session)?);
    }
    for level in &policies.scps {
        set = set.scp_level(
            level
                .iter()
                .map(|policy| prepared(&policy.to_string(), ServiceControl))
                .collect::<Result<Vec<_>, _>>()?,
        );
    }
    for level in &policies.rcps {
        set = set.rcp_level(
            level
                .iter()
                .map(|policy| prepared(&policy.to_string(), ResourceControl))
                .collect::<Result<Vec<_>, _>>()?,
        );
    }
    if let Some(policy) = &policies.resource {
        set = set.resource(prepared(&policy.to_string(), Resource)?);
    }
    if let Some(policy) = &policies.boundary {
        set = set.boundary(prepared(&policy.to_string(), Boundary)?);
    }
    if let Some(policy) = &policies.vpce {
        set = set.endpoint(prepared(&policy.to_string(), Endpoint)?);
    }
    set.build().map_err(|error| error.to_string())
}

/// The same policies for the plain evaluator.
fn world(policies: &Policies) -> Result<World, String> {
    let policy = |text: &Value| Policy::parse(&text.to_string()).map_err(|errors| errors.first().to_string());
    let list = |texts: &Vec<Value>| texts.iter().map(policy).collect::<Result<Vec<_>, _>>();
    Ok(World {
        identity: list(&policies.identity)?,
        boundary: policies.boundary.as_ref().map(policy).transpose()?,
        session: list(&policies.session)?,
        resource: policies.resource.as_ref().map(policy).transpose()?,
        scps: policies.scps.iter().map(list).collect::<Result<_, _>>()?,
        rcps: policies.rcps.iter().map(list).collect::<Result<_, _>>()?,
        endpoint: policies.vpce.as_ref().map(policy).transpose()?,
        ..World::default()
    })
}

fn request(object: &Value) -> Result<Request, String> {
    let object = RequestObject::read(object.to_string().as_bytes()).map_err(|errors| errors.to_string())?;
    let principal = object.principal.ok_or("no principal")?.value;
    let principal =
        principal.with_details(object.details.into_principal_details()).map_err(|error| error.to_string())?;
    let action = object.action.ok_or("no action")?.value;
    let resource = object.resource.ok_or("no resource")?.value;
    let context = object.context.build().map_err(|error| error.to_string())?;
    let mut request = Request::new(principal, action, resource, context);
    request.resource_account = object.resource_account.map(|account| account.value);
    request.resource_in_management_account = object.resource_in_management_account.unwrap_or(false);
    Ok(request)
}
