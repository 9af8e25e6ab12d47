//! AWS's policy simulator, answered by our engine: a missing MFA key stays missing (API-047).

use std::sync::Arc;

use chrono::DateTime;
use twokeys::engine::{self, Layer, PolicySet, PolicySetBuilder, Prepared};
use twokeys::name::{AccountId, Action};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{Context, ContextBuilder, Facts, Principal, PrincipalDetails, Request, Resource};
use twokeys::source::Position;

use super::account::whole_account;
use super::{Answer, Call, Handled, Operation, Subject, reads};
use crate::gate::Permit;
use crate::state::Attachments;
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    reads("SimulateCustomPolicy", whole_account, custom),
    reads("SimulatePrincipalPolicy", subject_of_source, principal),
    reads("GetContextKeysForCustomPolicy", whole_account, keys_of_custom),
    reads("GetContextKeysForPrincipalPolicy", subject_of_source, keys_of_principal),
];

/// So many questions one call may ask: actions times resources.
const MOST_QUESTIONS: usize = 10_000;

fn subject_of_source(call: &Call<'_>) -> Result<Subject, ApiError> {
    Ok(Subject::of(call.required("PolicySourceArn")?))
}

/// The policies of a simulation, with the texts that places are told in.
#[derive(Default)]
struct World {
    identity: Vec<Named>,
    boundary: Vec<Named>,
    scps: Vec<Vec<Named>>,
    resource: Option<Named>,
}

/// A policy, its text, and what AWS calls its kind.
#[derive(Clone)]
struct Named {
    policy: Arc<Prepared>,
    text: Arc<str>,
    kind: &'static str,
}

fn read(name: String, text: &str, kind: PolicyType, shown: &'static str) -> Result<Named, ApiError> {
    let policy = Policy::parse(text)
        .and_then(|policy| Prepared::new(name.clone(), policy, kind))
        .map_err(|errors| ApiError::invalid_input(format!("{name}: {errors}")))?;
    Ok(Named { policy, text: text.into(), kind: shown })
}

fn inputs(call: &Call<'_>, list: &str, kind: PolicyType) -> Result<Vec<Named>, ApiError> {
    let texts = call.params.list(list);
    let read = |(at, text): (usize, &str)| read(format!("{list}.{}", at + 1), text, kind, "none");
    texts.into_iter().enumerate().map(read).collect()
}

impl World {
    /// What the call brings itself.
    fn given(call: &Call<'_>) -> Result<Self, ApiError> {
        let mut world = Self {
            identity: inputs(call, "PolicyInputList", PolicyType::Identity)?,
            boundary: inputs(call, "PermissionsBoundaryPolicyInputList", PolicyType::Boundary)?,
            ..Self::default()
        };
        for (at, level) in call.params.structures("OrderedOrganizationPolicyInputList").iter().enumerate() {
            let texts = level.list("ServiceControlPolicyInputList").into_iter().enumerate();
            let read = |(policy, text): (usize, &str)| {
                let name = format!("OrderedOrganizationPolicyInputList.{}.{}", at + 1, policy + 1);
                read(name, text, PolicyType::ServiceControl, "none")
            };
            world.scps.push(texts.map(read).collect::<Result<_, _>>()?);
        }
        if let Some(text) = call.params.get("ResourcePolicy") {
            world.resource = Some(read("ResourcePolicy".to_owned(), text, PolicyType::Resource, "resource")?);
        }
        Ok(world)
    }

    /// Adds what a user, group or role of the account holds.
    fn add(
        &mut self,
        call: &Call<'_>,
        kind: &'static str,
        name: &str,
        held: &Attachments,
    ) -> Result<(), ApiError> {
        for (policy, text) in &held.inline {
            self.identity.push(read(format!("{kind}_{name}_{policy}"), text, PolicyType::Identity, kind)?);
        }
        for arn in &held.managed {
            let (text, kind) = managed(call, arn)?;
            let policy = arn.rsplit('/').next().unwrap_or(arn);
            self.identity.push(read(policy.to_owned(), text, PolicyType::Identity, kind)?);
        }
        Ok(())
    }

    fn builder(&self) -> PolicySetBuilder {
        let mut builder = PolicySet::builder();
        for named in &self.identity {
            builder = builder.identity(Arc::clone(&named.policy));
        }
        for named in &self.boundary {
            builder = builder.boundary(Arc::clone(&named.policy));
        }
        for level in &self.scps {
            builder = builder.scp_level(level.iter().map(|named| Arc::clone(&named.policy)));
        }
        builder
    }

    fn all(&self) -> impl Iterator<Item = &Named> {
        let scps = self.scps.iter().flatten();
        self.identity.iter().chain(&self.boundary).chain(scps).chain(&self.resource)
    }
}

fn managed<'c>(call: &Call<'c>, arn: &str) -> Result<(&'c str, &'static str), ApiError> {
    let unknown = || ApiError::no_such_entity(format!("Policy {arn} is attached but not known."));
    let policy = call.state.policy(arn).ok_or_else(unknown)?;
    let text = policy.default_document().ok_or_else(unknown)?;
    Ok((text, if policy.is_of_aws() { "aws-managed" } else { "user-managed" }))
}

/// The policies of `PolicySourceArn`, and the one who would call.
fn of_source(call: &Call<'_>) -> Result<(World, Option<Principal>), ApiError> {
    let arn = call.required("PolicySourceArn")?;
    let unknown = || ApiError::no_such_entity(format!("The entity {arn} cannot be found."));
    let mut world = World::given(call)?;
    let given = std::mem::take(&mut world.identity);
    let name = arn.rsplit('/').next().unwrap_or_default();
    let (mut caller, mut boundary) = (None, None);
    if let Some(user) = call.state.user(name).filter(|user| user.arn(call.state) == arn) {
        world.add(call, "user", &user.name, &user.attachments)?;
        for group in user.groups.iter().filter_map(|id| call.state.group_by_id(id)) {
            world.add(call, "group", &group.name, &group.attachments)?;
        }
        boundary = user.boundary.as_deref();
        let details = PrincipalDetails { unique_id: Some(user.id.clone()), ..PrincipalDetails::default() };
        caller = arn.parse::<Principal>().and_then(|caller| caller.with_details(details)).ok();
    } else if let Some(role) = call.state.role(name).filter(|role| role.arn(call.state) == arn) {
        world.add(call, "role", &role.name, &role.attachments)?;
        boundary = role.boundary.as_deref();
        let details = PrincipalDetails {
            unique_id: Some(role.id.clone()),
            role_arn: role.arn(call.state).parse().ok(),
            ..PrincipalDetails::default()
        };
        let session = format!("arn:aws:sts::{}:assumed-role/{}/simulated", call.state.id(), role.name);
        caller = session.parse::<Principal>().and_then(|caller| caller.with_details(details)).ok();
    } else if let Some(group) = call.state.group(name).filter(|group| group.arn(call.state) == arn) {
        world.add(call, "group", &group.name, &group.attachments)?;
    } else {
        return Err(unknown());
    }
    world.identity.extend(given);
    // A boundary that the call brings stands in place of the entity's own.
    if let (Some(arn), true) = (boundary, world.boundary.is_empty()) {
        let (text, kind) = managed(call, arn)?;
        let name = arn.rsplit('/').next().unwrap_or(arn);
        world.boundary.push(read(name.to_owned(), text, PolicyType::Boundary, kind)?);
    }
    Ok((world, caller))
}

fn custom(call: &Call<'_>, _: Permit) -> Handled {
    let world = World::given(call)?;
    simulate(call, &world, None)
}

fn principal(call: &Call<'_>, _: Permit) -> Handled {
    let (world, caller) = of_source(call)?;
    simulate(call, &world, caller)
}

fn simulate(call: &Call<'_>, world: &World, source: Option<Principal>) -> Handled {
    let invalid = |why: String| ApiError::invalid_input(why);
    let caller = match call.params.get("CallerArn") {
        Some(arn) => Some(arn.parse::<Principal>().map_err(|error| invalid(error.to_string()))?),
        None => source,
    };
    if world.resource.is_some() && call.params.get("CallerArn").is_none() && caller.is_none() {
        return Err(invalid("CallerArn is needed with ResourcePolicy".to_owned()).into());
    }
    // Someone of the account whom no policy names.
    let nobody = call.state.arn("user/simulated");
    let caller = caller.or_else(|| nobody.parse().ok()).ok_or_else(|| invalid("no caller".to_owned()))?;
    let actions: Vec<Action> = call
        .params
        .list("ActionNames")
        .into_iter()
        .map(|name| {
            let action = name.parse::<Action>().map_err(|error| invalid(format!("ActionNames: {error}")))?;
            if name.contains(['*', '?']) {
                return Err(invalid(format!("ActionNames: {name} must not have wildcards")));
            }
            Ok(action)
        })
        .collect::<Result<_, _>>()?;
    let arns = call.params.list("ResourceArns");
    let arns = if arns.is_empty() { vec!["*"] } else { arns };
    if actions.len().saturating_mul(arns.len()) > MOST_QUESTIONS {
        return Err(
            invalid(format!("One call may ask {MOST_QUESTIONS} questions: actions times resources")).into()
        );
    }
    let owner = call.params.get("ResourceOwner").map(owner).transpose()?;
    let given = entries(call)?;
    let mut results: Vec<(String, Xml)> = Vec::new();
    for action in &actions {
        for arn in &arns {
            let resource: Resource =
                arn.parse().map_err(|error| invalid(format!("ResourceArns: {error}")))?;
            let xml = one(call, world, &caller, action, &resource, owner, &given)?;
            results.push((format!("{:08}", results.len()), xml));
        }
    }
    let page = page(call.params, results)?;
    Answer::read(page.finish(Xml::new().list("EvaluationResults", page.items.iter().cloned())))
}

fn owner(text: &str) -> Result<AccountId, ApiError> {
    let digits =
        text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(text);
    digits.parse().map_err(|_| ApiError::invalid_input(format!("ResourceOwner: {text} is no account")))
}

/// `ContextEntries`
fn entries(call: &Call<'_>) -> Result<ContextBuilder, ApiError> {
    let mut builder = Context::builder();
    for entry in call.params.structures("ContextEntries") {
        let (Some(name), Some(kind)) = (entry.get("ContextKeyName"), entry.get("ContextKeyType")) else {
            return Err(ApiError::invalid_input("ContextEntries: a name and a type are needed"));
        };
        let values = entry.list("ContextKeyValues");
        if !kind.ends_with("List") && values.len() > 1 {
            let why =
                format!("ContextEntries: {name} has {} values, and {kind} is a type of one", values.len());
            return Err(ApiError::invalid_input(why));
        }
        builder = builder.set(name, values);
    }
    // Said once now, so that a key that is given twice is an error of the call.
    builder.clone().build().map_err(|error| ApiError::invalid_input(format!("ContextEntries: {error}")))?;
    Ok(builder)
}

fn one(
    call: &Call<'_>,
    world: &World,
    caller: &Principal,
    action: &Action,
    resource: &Resource,
    owner: Option<AccountId>,
    given: &ContextBuilder,
) -> Result<Xml, ApiError> {
    let invalid = |why: String| ApiError::invalid_input(why);
    let trust = trust(call, world, action, resource)?;
    let mut builder = world.builder();
    if let Some(named) = world.resource.as_ref().or(trust.as_ref()) {
        builder = builder.resource(Arc::clone(&named.policy));
    }
    let set = builder.build().map_err(|error| invalid(error.to_string()))?;
    let now = i64::try_from(call.now()).ok().and_then(|now| DateTime::from_timestamp(now, 0));
    let facts = Facts::at(now.unwrap_or_default());
    let owned = owner.or_else(|| resource.owner(caller)).or(Some(call.state.id()));
    let context =
        facts.complete(given.clone(), caller, owned).build().map_err(|error| invalid(error.to_string()))?;
    let missing: Vec<&str> = set
        .keys()
        .into_iter()
        .filter(|key| !context.mentions(key.as_str()))
        .map(twokeys::request::KeyName::as_str)
        .collect();
    let mut request = Request::new(caller.clone(), action.clone(), resource.clone(), context);
    request.resource_account = owned;
    let explanation = engine::explain(&set, &request);
    let evaluation = explanation.evaluation();
    let word = match evaluation.decision() {
        decision if decision.is_allowed() => "allowed",
        engine::Decision::ExplicitlyDenied => "explicitDeny",
        _ => "implicitDeny",
    };
    let denies = word == "explicitDeny";
    let mut matched = Vec::new();
    for trace in
        explanation.statements().iter().filter(|trace| trace.consulted && trace.truth == engine::Truth::True)
    {
        let Some(statement) = set.statement(trace.id) else { continue };
        let is_deny = statement.statement.effect.value == twokeys::policy::Effect::Deny;
        if denies != is_deny {
            continue;
        }
        let named = world
            .all()
            .chain(&trust)
            .find(|named| std::ptr::eq(Arc::as_ptr(&named.policy), statement.policy));
        let Some(named) = named else { continue };
        let place = |offset: usize| {
            let Position { line, column } = Position::of(&*named.text, offset);
            Xml::new().number("Line", line).number("Column", column)
        };
        let span = statement.statement.span.0;
        matched.push(
            Xml::new()
                .text("SourcePolicyId", statement.policy.name())
                .text("SourcePolicyType", named.kind)
                .inside("StartPosition", &place(span.range().start))
                .inside("EndPosition", &place(span.range().end)),
        );
    }
    let mut xml = Xml::new()
        .text("EvalActionName", &action.to_string())
        .text("EvalResourceName", resource.as_str())
        .text("EvalDecision", word)
        .list("MatchedStatements", matched)
        .texts("MissingContextValues", missing);
    if set.has(Layer::Scp) {
        let blocked = evaluation.layer() == Layer::Scp && word != "allowed";
        xml = xml.inside("OrganizationsDecisionDetail", &Xml::new().flag("AllowedByOrganizations", !blocked));
    }
    if set.has(Layer::Boundary) {
        let blocked = evaluation.layer() == Layer::Boundary && word != "allowed";
        xml = xml.inside(
            "PermissionsBoundaryDecisionDetail",
            &Xml::new().flag("AllowedByPermissionsBoundary", !blocked),
        );
    }
    Ok(xml)
}

/// The trust policy, where a role of the account would be assumed and no other policy is given.
fn trust(
    call: &Call<'_>,
    world: &World,
    action: &Action,
    resource: &Resource,
) -> Result<Option<Named>, ApiError> {
    if world.resource.is_some() || !action.to_string().eq_ignore_ascii_case("sts:AssumeRole") {
        return Ok(None);
    }
    let name = resource.as_str().rsplit('/').next().unwrap_or_default();
    match call.state.role(name).filter(|role| role.arn(call.state) == resource.as_str()) {
        Some(role) => {
            read(format!("role_{}_trust", role.name), &role.trust, PolicyType::Trust, "role").map(Some)
        }
        None => Ok(None),
    }
}

fn keys_of_custom(call: &Call<'_>, _: Permit) -> Handled {
    keys(&World::given(call)?)
}

fn keys_of_principal(call: &Call<'_>, _: Permit) -> Handled {
    keys(&of_source(call)?.0)
}

fn keys(world: &World) -> Handled {
    let set = world.builder().build().map_err(|error| ApiError::invalid_input(error.to_string()))?;
    let names = set.keys();
    Answer::read(Xml::new().texts("ContextKeyNames", names.iter().map(|key| key.as_str())))
}
