//! A signed call over HTTP, and its answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use twokeys_server::sigv4::{SignedRequest, sign};
use ureq::Agent;

use super::{Element, Endpoint, Endpoints, Keys, Operation, Profile, Refusal, Remote, Stop};
use crate::commands::Io;
use crate::failure::{Failure, Problem};
use crate::input::variable;

/// No answer is longer.
const MOST: u64 = 64 * 1024 * 1024;
/// An endpoint on this machine answers at once.
const PATIENCE: Duration = Duration::from_mins(1);
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// HTTP to this machine: through no proxy, and to nowhere else.
#[derive(Debug)]
pub(crate) struct Http(Agent);

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How many seconds the local clock is ahead of the server's.
    pub(crate) ahead: Option<i64>,
    /// `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
}

/// A client with keys.
#[derive(Debug)]
pub(crate) struct Client {
    http: Http,
    pub(crate) endpoints: Endpoints,
    pub(crate) keys: Keys,
    region: String,
}

/// The time of the system: signatures and sessions go by it, whatever `--now` says.
pub(crate) fn clock() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

impl Http {
    pub(crate) fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("twokeys/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.new_agent())
    }

    /// Posts a body.
    pub(crate) fn post(
        &self,
        endpoint: &Endpoint,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, Failure> {
        let url = endpoint.url();
        let mut request = self.0.post(format!("{url}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let lost = |error: ureq::Error| {
            Problem::new("no-endpoint", format!("{url} does not answer: {error}"))
                .help("is it running? twokeys serve; --endpoint URL names another")
        };
        let mut response = request.send(body).map_err(lost)?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let date = header("date").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let ahead = date.map(|date| (clock() - date.to_utc()).num_seconds());
        let retry_after = header("retry-after").and_then(|seconds| seconds.parse().ok());
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST).read_to_vec().map_err(lost)?;
        Ok(Response { status, body, ahead, retry_after })
    }
}

impl Client {
    /// With the endpoint and the keys that the flags, the environment and the files say.
    pub(crate) fn new(remote: &Remote) -> Result<Self, Stop> {
        let profile = Profile::find(remote)?;
        let (keys, from) = Keys::find(remote, &profile, clock())?;
        let endpoints = Endpoints::find(remote, &profile, from.as_deref())?;
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).or(profile.region);
        Ok(Self {
            http: Http::new(),
            endpoints,
            keys,
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
        })
    }

    /// Makes a call: the result of its operation, or why there is none.
    pub(crate) fn call(&self, operation: &Operation) -> Result<Element, Stop> {
        let endpoint = self.endpoints.of(operation.service);
        let body = operation.body();
        let date = clock().format("%Y%m%dT%H%M%SZ").to_string();
        let mut headers = vec![
            ("content-type", FORM),
            ("host", endpoint.authority.as_str()),
            ("x-amz-date", date.as_str()),
        ];
        if let Some(token) = &self.keys.token {
            headers.push(("x-amz-security-token", token.expose_secret()));
        }
        let request =
            SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body: body.as_bytes() };
        let secret = self.keys.secret.expose_secret().as_bytes();
        let service = operation.service.as_str();
        let authorization = sign(&request, &self.keys.id, secret, &self.region, service);
        headers.push(("authorization", &authorization));
        let response = self.http.post(endpoint, "/", &headers, body.as_bytes())?;
        let read = std::str::from_utf8(&response.body).ok().and_then(Element::read);
        let action = operation.action;
        let strange = || {
            let message =
                format!("{} gave no answer of IAM or STS (status {})", endpoint.url(), response.status);
            Problem::new("no-endpoint", message).help("is it an endpoint of `twokeys serve`?")
        };
        let document = read.ok_or_else(strange)?;
        if response.status == 200 && document.name() == format!("{action}Response") {
            return Ok(document.at(&format!("{action}Result")).cloned().unwrap_or_default());
        }
        let text = |path| document.text(path).map(str::to_owned);
        match (text("Error/Code"), text("Error/Message")) {
            (Some(code), Some(message)) => {
                let notes = Vec::new();
                Err(Refusal { action: action.to_owned(), code, message, ahead: response.ahead, notes }.into())
            }
            _ => Err(strange().into()),
        }
    }

    /// The pages of a list, one after the other.
    pub(crate) fn all(&self, operation: &Operation, list: &str) -> Result<Vec<Element>, Stop> {
        let mut members = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let page = self.call(&operation.clone().with_some("Marker", marker.clone()))?;
            members.extend_from_slice(page.members(list));
            let next = page.text("Marker").filter(|_| page.text("IsTruncated") == Some("true"));
            // A page that names itself as the next would never end.
            match next {
                Some(next) if marker.as_deref() != Some(next) => marker = Some(next.to_owned()),
                _ => return Ok(members),
            }
        }
    }

    /// Account, ARN and unique id of the caller.
    pub(crate) fn identity(&self) -> Result<[String; 3], Stop> {
        let answer = self.call(&Operation::sts("GetCallerIdentity"))?;
        Ok(["Account", "Arn", "UserId"].map(|name| answer.text(name).unwrap_or_default().to_owned()))
    }
}

/// Prints lines of the AWS CLI in place of calls (`--dry-run`): no network, and no keys.
pub(crate) fn dry_run(io: &mut Io<'_>, remote: &Remote, operations: &[Operation]) -> Result<(), Stop> {
    let profile = Profile::find(remote)?;
    let of_session = super::session_file::read()?.map(|session| session.endpoint);
    let endpoints = Endpoints::find(remote, &profile, of_session.as_deref())?;
    for operation in operations {
        let line = operation.aws_line(&endpoints.of(operation.service).url());
        let profile = remote.profile.as_deref().map(|name| format!(" --profile {}", super::quoted(name)));
        writeln!(io.out, "{line}{}", profile.unwrap_or_default())?;
    }
    Ok(())
}
