//! The decision API: OpenID AuthZEN 1.0, with MFA as step-up advice (API-066).
//!
//! `amr_values: "mfa"` stands in an answer exactly when it is "no" and the same request would be allowed
//! with MFA that was given just now.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;
use twokeys::report::{AskedRequest, DecisionObject, Detail, answer};
use twokeys::request::{Context, ContextBuilder, MFA_AGE, MFA_PRESENT};

use crate::caller::{Caller, Credential, Identity};
use crate::endpoint::Event;
use crate::gate::{self, Question, Scene};
use crate::http::{self, Shared};
use crate::state::{self, Tags};

/// How many questions one request may ask.
const MOST_QUESTIONS: usize = 1_000;

/// One question. Members that are not known here are ignored, as the standard asks.
#[derive(Debug, Clone, Deserialize)]
pub struct Evaluation {
    subject: Option<Entity>,
    action: Option<ActionName>,
    resource: Option<Entity>,
    context: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    #[serde(default)]
    properties: Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct ActionName {
    name: String,
    #[serde(default)]
    properties: Map<String, Value>,
}

/// Several questions, with defaults for what they leave out.
#[derive(Debug, Deserialize)]
pub struct Evaluations {
    #[serde(flatten)]
    defaults: Evaluation,
    evaluations: Option<Vec<Evaluation>>,
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
struct Options {
    #[serde(default)]
    evaluations_semantic: Semantic,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Semantic {
    #[default]
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

/// Who asks must have the token; without one set the routes are closed.
fn is_let_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let said = headers.get("authorization").and_then(|value| value.to_str().ok());
    let said = said.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    shared
        .decision_token
        .as_ref()
        .is_some_and(|token| bool::from(token.expose_secret().as_bytes().ct_eq(said.as_bytes())))
}

/// Whoever asks learns that a token is needed; why theirs is none stands in the audit trail alone.
fn turned_away(shared: &Shared, peer: SocketAddr, id: &str) -> Response {
    let why = match shared.decision_token {
        Some(_) => "not the token of TWOKEYS_DECISION_TOKEN",
        None => "TWOKEYS_DECISION_TOKEN is not set, so the decision API is closed",
    };
    let event = Event {
        action: Some("decision".to_owned()),
        error: Some("401".to_owned()),
        why: Some(why.to_owned()),
        ..Event::default()
    };
    shared.audit.write(id, peer.ip(), 401, &event);
    refuse(401, "A bearer token is needed", id)
}

/// One question.
pub(crate) async fn evaluation(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = request_id(&shared, request.headers());
    if !is_let_in(&shared, request.headers()) {
        return turned_away(&shared, peer, &id);
    }
    let question = match http::json::<Evaluation>(&shared, request, &id).await {
        Ok((question, _)) => question,
        Err(response) => return with_id(response, &id),
    };
    let decided = tokio::task::block_in_place(|| decide(&shared, &question));
    match decided {
        Ok(answer) => say(200, &answer, &id),
        Err(why) => refuse(400, &why, &id),
    }
}

/// Several.
pub(crate) async fn evaluations(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = request_id(&shared, request.headers());
    if !is_let_in(&shared, request.headers()) {
        return turned_away(&shared, peer, &id);
    }
    let asked = match http::json::<Evaluations>(&shared, request, &id).await {
        Ok((asked, _)) => asked,
        Err(response) => return with_id(response, &id),
    };
    let Some(questions) = asked.evaluations.filter(|questions| !questions.is_empty()) else {
        // Without a list it is one question.
        return match tokio::task::block_in_place(|| decide(&shared, &asked.defaults)) {
            Ok(answer) => say(200, &answer, &id),
            Err(why) => refuse(400, &why, &id),
        };
    };
    if questions.len() > MOST_QUESTIONS {
        return refuse(400, &format!("One request may ask {MOST_QUESTIONS} questions"), &id);
    }
    let answers = tokio::task::block_in_place(|| {
        let mut answers = Vec::new();
        for question in &questions {
            let whole = Evaluation {
                subject: question.subject.clone().or_else(|| asked.defaults.subject.clone()),
                action: question.action.clone().or_else(|| asked.defaults.action.clone()),
                resource: question.resource.clone().or_else(|| asked.defaults.resource.clone()),
                context: question.context.clone().or_else(|| asked.defaults.context.clone()),
            };
            // A question that cannot be decided is a "no" of its own; the others are answered.
            let answer = decide(&shared, &whole).unwrap_or_else(
                |why| json!({"decision": false, "context": {"error": {"status": 400, "message": why}}}),
            );
            let allowed = answer.get("decision") == Some(&Value::Bool(true));
            answers.push(answer);
            match asked.options.evaluations_semantic {
                Semantic::DenyOnFirstDeny if !allowed => break,
                Semantic::PermitOnFirstPermit if allowed => break,
                _ => {}
            }
        }
        answers
    });
    say(200, &json!({ "evaluations": answers }), &id)
}

/// Where the routes are.
pub(crate) async fn metadata(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let id = request_id(&shared, request.headers());
    if !shared.serves(request.headers()) {
        return refuse(421, "This host is not served here", &id);
    }
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let base = format!("http://{host}");
    let body = json!({
        "policy_decision_point": base,
        "access_evaluation_endpoint": format!("{base}/access/v1/evaluation"),
        "access_evaluations_endpoint": format!("{base}/access/v1/evaluations"),
    });
    say(200, &body, &id)
}

fn request_id(shared: &Shared, headers: &HeaderMap) -> String {
    let said = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    let plain = said.filter(|id| id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic()));
    plain.map_or_else(|| shared.request_id(), str::to_owned)
}

fn say(status: u16, body: &Value, id: &str) -> Response {
    with_id(http::respond(status, "application/json", body.to_string(), id), id)
}

fn refuse(status: u16, why: &str, id: &str) -> Response {
    say(status, &json!({ "error": why }), id)
}

fn with_id(mut response: Response, id: &str) -> Response {
    if let Ok(value) = id.parse() {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn decide(shared: &Shared, asked: &Evaluation) -> Result<Value, String> {
    let subject = asked.subject.as_ref().ok_or("subject is missing")?;
    let action = asked.action.as_ref().ok_or("action is missing")?;
    let resource = asked.resource.as_ref().ok_or("resource is missing")?;
    let state = shared.endpoint.state();
    let given = given(asked, subject, action, resource)?;
    // Said once for the whole context, so that a key that is given twice is an error.
    given.clone().build().map_err(|error| error.to_string())?;
    let Some(caller) = caller(&state, &subject.kind, &subject.id)? else {
        return Ok(
            json!({"decision": false, "context": {"reason": format!("{} is not known here", subject.id)}}),
        );
    };
    let scene = Scene {
        now: http::now(),
        source_ip: std::net::Ipv4Addr::LOCALHOST.into(),
        user_agent: None,
        region: "us-east-1",
        profile: shared.endpoint.settings().profile,
    };
    let none = Tags::new();
    let ask = |keys: ContextBuilder| {
        let question = Question {
            state: &state,
            caller: &caller,
            action: &action.name,
            resource: &resource.id,
            keys,
            resource_tags: &none,
            request_tags: &none,
            resource_policy: None,
            mfa: gate::Mfa::AsGiven,
            scene,
        };
        gate::prepare(shared.endpoint.sets(), &question)
            .map_err(|denial| denial.why)
            .map(|(request, set)| (gate::pass(shared.endpoint.sets(), &question), request, set))
    };
    let (passed, request, set) = match ask(given.clone()) {
        Ok(asked) => asked,
        Err(why) => return Ok(json!({"decision": false, "context": {"reason": "undecided", "why": why}})),
    };
    let (told, warnings) = answer(&set, &request, &(), Detail::Answer);
    let object = DecisionObject::new(None, AskedRequest::new(&request, given.clone()), vec![told], warnings);
    let object = serde_json::to_value(&object).map_err(|error| error.to_string())?;
    let mut context = Map::new();
    context.insert("decision_object".to_owned(), object);
    let decision = passed.is_ok();
    if let Err(denial) = passed {
        context.insert("reason".to_owned(), denial.message.into());
        let fresh = given.forget(MFA_PRESENT).forget(MFA_AGE).set(MFA_PRESENT, ["true"]).set(MFA_AGE, ["0"]);
        if ask(fresh).is_ok_and(|(passed, ..)| passed.is_ok()) {
            context.insert("amr_values".to_owned(), "mfa".into());
        }
    }
    Ok(json!({ "decision": decision, "context": context }))
}

/// Condition keys: members of the context and of the properties whose names hold a colon.
fn given(
    asked: &Evaluation,
    subject: &Entity,
    action: &ActionName,
    resource: &Entity,
) -> Result<ContextBuilder, String> {
    let mut builder = Context::builder();
    let all = asked
        .context
        .iter()
        .flatten()
        .chain(&subject.properties)
        .chain(&action.properties)
        .chain(&resource.properties);
    for (name, value) in all.filter(|(name, _)| name.contains(':')) {
        let one = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
            _ => Err(format!("{name}: a text, a number, true, false, or a list of these is needed")),
        };
        let values = match value {
            Value::Array(values) => values.iter().map(one).collect::<Result<Vec<_>, _>>()?,
            value => vec![one(value)?],
        };
        builder = builder.set(name, values);
    }
    Ok(builder)
}

/// Who asks; none if the account does not know them.
fn caller(state: &state::State, kind: &str, arn: &str) -> Result<Option<Caller>, String> {
    let wrong = || format!("subject: {arn} is no {kind}");
    let account = state.id();
    let last = arn.rsplit('/').next().unwrap_or_default();
    let identity = match kind {
        "root" if arn == state.arn("root") => Some(Identity::Root),
        "iam-user" if arn.contains(":user/") => {
            state.user(last).filter(|user| user.arn(state) == arn).cloned().map(Identity::User)
        }
        "iam-role" if arn.contains(":role/") => state
            .role(last)
            .filter(|role| role.arn(state) == arn)
            .cloned()
            .map(|role| Identity::Role { role, session: "decision".to_owned() }),
        "session" => {
            let rest =
                arn.strip_prefix(&format!("arn:aws:sts::{account}:assumed-role/")).ok_or_else(wrong)?;
            let (role, session) = rest.split_once('/').ok_or_else(wrong)?;
            let role = state.role(role).filter(|found| found.name == role).cloned();
            role.map(|role| Identity::Role { role, session: session.to_owned() })
        }
        // Its session policies are in its token alone, and without them nothing is allowed.
        "federated" => None,
        "root" | "iam-user" | "iam-role" => return Err(wrong()),
        _ => {
            return Err(format!(
                "subject.type: {kind}: iam-user, iam-role, session, root and federated are known"
            ));
        }
    };
    let credential = Credential { key_id: String::new(), session: None };
    Ok(identity.map(|identity| Caller { identity, credential }))
}
