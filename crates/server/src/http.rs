//! HTTP around the endpoint: limits, hosts, routes (API-001, API-008, API-011, RL-040, RL-045).

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, get, post};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::Semaphore;

use crate::audit::Audit;
use crate::endpoint::{Endpoint, Event, Incoming, Outgoing};
use crate::gate::Scene;
use crate::metrics::Metrics;
use crate::query::{self, Service};
use crate::renewal::{self, NewPassword};
use crate::sign_in::{self, Challenges, Next, Refused};
use crate::sigv4::SignedRequest;
use crate::wire::{self, ApiError};

/// No body is longer (API-008).
pub const MOST_BODY: usize = 1024 * 1024;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);
/// How many requests wait for a place.
const QUEUE: usize = 256;

/// The type of counters.
const METRICS: &str = "text/plain; version=0.0.4";

/// What all requests share.
#[derive(Debug)]
pub struct Shared {
    /// The account and what decides.
    pub endpoint: Endpoint,
    /// Open sign-ins.
    pub challenges: Challenges,
    /// The audit trail.
    pub audit: Audit,
    /// Counters.
    pub metrics: Metrics,
    /// Host names that are served beside loopback.
    pub hosts: Vec<String>,
    /// The token of the decision API, if it is open.
    pub decision_token: Option<secrecy::SecretString>,
    /// No body is longer: at most [`MOST_BODY`].
    pub most_body: usize,
    /// How many requests run at a time.
    pub places: Semaphore,
    /// How many wait.
    pub waiting: AtomicUsize,
    /// A random number of this process: the beginning of all names of requests.
    pub process: u64,
    /// How many requests there were.
    pub requests: AtomicU64,
}

/// The routes.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/sign-in", post(sign_in_password))
        .route("/sign-in/mfa", post(sign_in_code))
        .route("/sign-in/new-password", post(sign_in_new_password))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .route("/access/v1/evaluation", post(crate::decision_api::evaluation))
        .route("/access/v1/evaluations", post(crate::decision_api::evaluations))
        .route("/.well-known/authzen-configuration", get(crate::decision_api::metadata))
        .fallback(any(call))
        .with_state(shared)
}

/// What watches over the endpoint, on an address of its own: whoever may connect there may read it (API-067).
pub fn watch_router(shared: Arc<Shared>) -> Router {
    let text = |State(shared): State<Arc<Shared>>| async move {
        respond(200, METRICS, shared.metrics.text(), &shared.request_id())
    };
    let well = |State(shared): State<Arc<Shared>>| async move {
        respond(200, "text/plain", "ok\n".to_owned(), &shared.request_id())
    };
    Router::new().route("/healthz", get(well)).route("/metrics", get(text)).with_state(shared)
}

/// Seconds since 1970, from the one clock there is (MFA-048).
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

impl Shared {
    /// A name for a request, in the form of AWS.
    pub fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let [process, rest] = [self.process >> 32, self.process & 0xffff_ffff];
        let (middle, last) = (number >> 32, number & 0xffff_ffff);
        format!(
            "{process:08x}-{:04x}-{:04x}-{:04x}-{middle:04x}{last:08x}",
            rest >> 16,
            rest & 0xffff,
            0x8000
        )
    }

    /// Is this a name of ours? Others may be pages that make a browser ask (API-011).
    pub fn serves(&self, headers: &HeaderMap) -> bool {
        let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
            || self.hosts.iter().any(|served| served.eq_ignore_ascii_case(name))
    }

    /// A place to run in; none if too many wait.
    async fn place(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        if let Ok(permit) = self.places.try_acquire() {
            return Some(permit);
        }
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return None;
        }
        let permit = self.places.acquire().await.ok();
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        permit
    }
}

/// IAM and STS.
async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = shared.request_id();
    let (parts, body) = request.into_parts();
    if !shared.serves(&parts.headers) {
        return xml(&ApiError::validation("This host is not served here"), 421, &id);
    }
    if is_packed(&parts.headers) {
        return xml(&ApiError::validation(PACKED), 415, &id);
    }
    let Some(_place) = shared.place().await else {
        shared.metrics.refused_for_load();
        return xml(&ApiError::service_unavailable("Too many requests at once"), 503, &id);
    };
    let body = match read(body, shared.most_body).await {
        Ok(body) => body,
        Err(error) => return xml(&error, error.status, &id),
    };
    let mut headers = Vec::with_capacity(parts.headers.len());
    for (name, value) in &parts.headers {
        match value.to_str() {
            Ok(value) => headers.push((name.as_str(), value)),
            Err(_) => {
                let error = ApiError::validation(format!("The header {name} is not plain ASCII"));
                return xml(&error, 400, &id);
            }
        }
    }
    let incoming = Incoming {
        signed: SignedRequest {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &headers,
            body: &body,
        },
        source_ip: peer.ip(),
        now: now(),
    };
    let started = std::time::Instant::now();
    let run = || catch_unwind(AssertUnwindSafe(|| shared.endpoint.answer(&incoming, &id)));
    // What waits for the disk or computes for long must not hold up what does neither.
    let ran = if is_quick(&body) { run() } else { tokio::task::block_in_place(run) };
    let outgoing = ran.unwrap_or_else(|_| {
        shared.metrics.panicked();
        let error = ApiError::service_failure("internal error");
        let body = wire::error_envelope(Service::Iam, &error, &id);
        let event =
            Event { error: Some(error.code.to_string()), why: Some("panic".to_owned()), ..Event::default() };
        Outgoing { status: 500, body, event }
    });
    shared.metrics.answered(outgoing.event.action.as_deref(), outgoing.status, started.elapsed());
    shared.audit.write(&id, peer.ip(), outgoing.status, &outgoing.event);
    respond(outgoing.status, "text/xml", outgoing.body, &id)
}

/// Is it a call that only reads and answers at once? Nothing but speed hangs on it.
fn is_quick(body: &[u8]) -> bool {
    let action = form_urlencoded::parse(body).find(|(name, _)| name == "Action");
    let operation = action.and_then(|(_, action)| {
        query::operations().find(|operation| operation.name == action && !action.starts_with("Simulate"))
    });
    operation.is_some_and(|operation| !operation.writes && operation.code.is_none())
}

const PACKED: &str = "The body must not be compressed";

/// Is the body something else than it will be read as? Nothing is unpacked here, so nothing can swell.
fn is_packed(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding.as_bytes() != b"identity")
}

/// The whole body, within its limits.
async fn read(body: Body, most: usize) -> Result<Vec<u8>, ApiError> {
    match tokio::time::timeout(BODY_TIME, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(ApiError::request_entity_too_large())
        }
        Ok(Err(_)) => Err(ApiError::invalid_query_parameter("The body was cut off")),
        Err(_) => Err(ApiError { status: 408, ..ApiError::validation("The body took too long") }),
    }
}

fn xml(error: &ApiError, status: u16, id: &str) -> Response {
    respond(status, "text/xml", wire::error_envelope(Service::Iam, error, id), id)
}

/// An answer with the headers that all answers have.
pub fn respond(status: u16, kind: &'static str, body: String, id: &str) -> Response {
    let response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header(header::CONTENT_TYPE, kind)
        .header("x-amzn-RequestId", id)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response.body(Body::from(body)).unwrap_or_default()
}

/// A request that ends in one place for one reader and in another for the next: nothing on its connection
/// can be trusted any more (H002).
pub fn two_lengths() -> Response {
    let mut response = respond(
        400,
        "text/plain",
        "Content-Length and Transfer-Encoding contradict each other\n".to_owned(),
        "-",
    );
    response.headers_mut().insert(header::CONNECTION, axum::http::HeaderValue::from_static("close"));
    response
}

/// A JSON request of a program: of this host, of no other page, and JSON (MFA-070).
///
/// # Errors
///
/// The answer to give instead.
pub async fn json<T: serde::de::DeserializeOwned>(
    shared: &Shared,
    request: Request,
    id: &str,
) -> Result<(T, HeaderMap), Response> {
    let refuse = |status: u16, why: &str| respond(status, "application/json", error_body(why), id);
    let (parts, body) = request.into_parts();
    if !shared.serves(&parts.headers) {
        return Err(refuse(421, "This host is not served here"));
    }
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let own = origin.to_str().is_ok_and(|origin| origin == format!("http://{host}"));
        if !own {
            return Err(refuse(403, "Requests of other pages are refused"));
        }
    }
    if is_packed(&parts.headers) {
        return Err(refuse(415, PACKED));
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(refuse(415, "The content type must be application/json"));
    }
    let body = read(body, shared.most_body).await.map_err(|error| refuse(error.status, &error.message))?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok((value, parts.headers)),
        // What was sent may be a password: the error tells a place and no text.
        Err(error) => Err(refuse(
            400,
            &format!("The JSON cannot be used, at line {}, column {}", error.line(), error.column()),
        )),
    }
}

fn error_body(why: &str) -> String {
    serde_json::json!({ "error": why }).to_string()
}

async fn sign_in_password(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = shared.request_id();
    let said = match json::<sign_in::Password>(&shared, request, &id).await {
        Ok((said, _)) => said,
        Err(response) => return response,
    };
    step(&shared, peer, &id, |event| sign_in::password(&shared.endpoint, &said, now(), event)).await
}

async fn sign_in_code(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = shared.request_id();
    let said = match json::<sign_in::WithCode>(&shared, request, &id).await {
        Ok((said, _)) => said,
        Err(response) => return response,
    };
    let run = |event: &mut Event| sign_in::code(&shared.endpoint, &shared.challenges, &said, now(), event);
    step(&shared, peer, &id, run).await
}

async fn sign_in_new_password(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = shared.request_id();
    let (said, headers) = match json::<NewPassword>(&shared, request, &id).await {
        Ok(said) => said,
        Err(response) => return response,
    };
    let scene = Scene {
        now: now(),
        source_ip: peer.ip(),
        user_agent: headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()),
        // IAM is one service for all regions, and lives in this one.
        region: "us-east-1",
        profile: shared.endpoint.settings().profile,
    };
    step(&shared, peer, &id, |event| renewal::new_password(&shared.endpoint, &said, scene, event)).await
}

async fn step(
    shared: &Shared,
    peer: SocketAddr,
    id: &str,
    run: impl FnOnce(&mut Event) -> Result<Next, Refused>,
) -> Response {
    let Some(_place) = shared.place().await else {
        shared.metrics.refused_for_load();
        return respond(503, "application/json", error_body("Too many requests at once"), id);
    };
    let mut event = Event::default();
    let outcome = tokio::task::block_in_place(|| catch_unwind(AssertUnwindSafe(|| run(&mut event))));
    let (status, body, wait) = match outcome {
        Ok(Ok(next)) => match serde_json::to_string(&next) {
            Ok(body) => (200, body, None),
            Err(_) => (500, error_body("internal error"), None),
        },
        Ok(Err(Refused::Incorrect)) => (401, error_body(sign_in::INCORRECT), None),
        Ok(Err(Refused::Throttled(seconds))) => (429, error_body(sign_in::INCORRECT), Some(seconds)),
        Ok(Err(Refused::Because(status, why))) => {
            let body = error_body(&why);
            event.why = Some(why);
            (status, body, None)
        }
        Ok(Err(Refused::Failed(why))) => {
            event.why = Some(why);
            (500, error_body("internal error"), None)
        }
        Err(_) => {
            shared.metrics.panicked();
            (500, error_body("internal error"), None)
        }
    };
    if status != 200 {
        event.error = Some(status.to_string());
    }
    shared.metrics.answered(event.action.as_deref(), status, Duration::ZERO);
    shared.audit.write(id, peer.ip(), status, &event);
    let mut response = respond(status, "application/json", body, id);
    if let Some(value) = wait.and_then(|seconds| seconds.to_string().parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Alive, whatever the load (RL-045).
async fn health(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>) -> Response {
    let id = shared.request_id();
    if !peer.ip().is_loopback() {
        return respond(404, "text/plain", String::new(), &id);
    }
    respond(200, "text/plain", "ok\n".to_owned(), &id)
}

/// Counters, without names (API-067).
async fn metrics(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>) -> Response {
    let id = shared.request_id();
    if !peer.ip().is_loopback() {
        return respond(404, "text/plain", String::new(), &id);
    }
    respond(200, METRICS, shared.metrics.text(), &id)
}
