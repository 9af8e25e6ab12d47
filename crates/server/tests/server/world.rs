//! An account to ask: an endpoint in memory, keys to sign with, and a clock that the test sets.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use twokeys::mfa::{Profile, STEP, Seed, Window};
use twokeys_server::bootstrap::RootKey;
use twokeys_server::endpoint::{Endpoint, Incoming, Outgoing};
use twokeys_server::query::{Service, Settings};
use twokeys_server::sigv4::{SignedRequest, sign};
use twokeys_server::start::{Start, secret, start};

/// The middle of a step of codes.
pub(crate) const NOW: u64 = 1_767_603_615;
pub(crate) const ACCOUNT: &str = "123456789012";
/// The seed of every device of these tests.
pub(crate) const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// An access key, long-term or of a session.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// A test's clock stays where it is until the test moves it.
pub(crate) struct World {
    pub(crate) endpoint: Endpoint,
    pub(crate) now: Cell<u64>,
}

impl Key {
    /// The key of a user of [`World::of`], who has one of their own name.
    pub(crate) fn of(user: &str) -> Self {
        let letters: String = user.to_ascii_uppercase().chars().filter(char::is_ascii_uppercase).collect();
        Self { id: format!("AKIA{letters:A<16}"), secret: format!("secret of {user}"), token: None }
    }

    pub(crate) fn root() -> Self {
        Self::of("root")
    }

    /// The key that an answer gives.
    pub(crate) fn given(body: &str) -> Self {
        let member = |name| element(body, name).unwrap_or_else(|| panic!("{name} in {body}")).to_owned();
        Self {
            id: member("AccessKeyId"),
            secret: member("SecretAccessKey"),
            token: element(body, "SessionToken").map(str::to_owned),
        }
    }
}

/// A user for a bootstrap file, with an inline policy and a key that [`Key::of`] knows.
pub(crate) fn user(name: &str, statements: &Value) -> Value {
    let Key { id, secret, .. } = Key::of(name);
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    json!({ "name": name, "access_keys": [{ "id": id, "secret": secret }], "policies": { "own": policy } })
}

pub(crate) fn settings() -> Settings {
    Settings {
        issuer: "twokeys".to_owned(),
        window: Window::Adjacent,
        profile: Profile::Documented,
        revoke_on_deactivate: false,
    }
}

/// Asks with a body and headers as a real client makes them.
pub(crate) fn ask(
    endpoint: &Endpoint,
    now: u64,
    key: &Key,
    service: Service,
    pairs: &[(&str, &str)],
) -> Outgoing {
    send(endpoint, now, key, service, form(service, pairs))
}

/// Asks with a body as it is.
pub(crate) fn send(
    endpoint: &Endpoint,
    now: u64,
    key: &Key,
    service: Service,
    body: impl AsRef<[u8]>,
) -> Outgoing {
    let (body, date) = (body.as_ref(), date(now));
    let mut headers = vec![
        ("host", "127.0.0.1:4599"),
        ("x-amz-date", date.as_str()),
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
    ];
    if let Some(token) = &key.token {
        headers.push(("x-amz-security-token", token));
    }
    let authorization = {
        let request = SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body };
        sign(&request, &key.id, key.secret.as_bytes(), "us-east-1", service.as_str())
    };
    headers.push(("authorization", &authorization));
    raw(endpoint, now, &headers, body)
}

/// Asks with whatever it is given.
pub(crate) fn raw(
    endpoint: &Endpoint,
    now: u64,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Outgoing {
    let signed = SignedRequest { method: "POST", path: "/", query: "", headers, body: body.as_ref() };
    let incoming = Incoming { signed, source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST), now };
    endpoint.answer(&incoming, "00000000-0000-0000-0000-000000000000")
}

pub(crate) fn form(service: Service, pairs: &[(&str, &str)]) -> String {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("Version", service.version()).extend_pairs(pairs).finish()
}

pub(crate) fn date(now: u64) -> String {
    let time = chrono::DateTime::from_timestamp(i64::try_from(now).unwrap(), 0).unwrap();
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

impl World {
    /// An account as a bootstrap file describes it.
    pub(crate) fn of(bootstrap: &Value) -> Self {
        let Key { id, secret: text, .. } = Key::root();
        let started = start(Start {
            data: None,
            account_id: None,
            bootstrap: Some(bootstrap.to_string()),
            managed_policies: None,
            root_key: Some(RootKey { id, secret: secret(text) }),
            read_only: false,
            settings: settings(),
            now: NOW - 3_600,
        });
        Self { endpoint: started.unwrap().endpoint, now: Cell::new(NOW) }
    }

    pub(crate) fn iam(&self, key: &Key, pairs: &[(&str, &str)]) -> Outgoing {
        ask(&self.endpoint, self.now.get(), key, Service::Iam, pairs)
    }

    pub(crate) fn sts(&self, key: &Key, pairs: &[(&str, &str)]) -> Outgoing {
        ask(&self.endpoint, self.now.get(), key, Service::Sts, pairs)
    }

    /// All that is kept, as text.
    pub(crate) fn records(&self) -> Vec<String> {
        records(&self.endpoint)
    }
}

pub(crate) fn records(endpoint: &Endpoint) -> Vec<String> {
    let mut all: Vec<String> =
        endpoint.state().records().map(|record| serde_json::to_string(&record).unwrap()).collect();
    all.sort();
    all
}

/// The text of the first element of this name.
pub(crate) fn element<'b>(body: &'b str, name: &str) -> Option<&'b str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// The code of an error, or `ok`.
pub(crate) fn outcome(answer: &Outgoing) -> &str {
    if answer.status == 200 { "ok" } else { element(&answer.body, "Code").unwrap_or("no code") }
}

/// What an authenticator shows `steps` from `now`.
pub(crate) fn code(now: u64, steps: i64) -> String {
    let step = (now / STEP).checked_add_signed(steps).unwrap();
    Seed::from_base32(SEED).unwrap().code(step).unwrap().as_str().to_owned()
}

pub(crate) fn serial(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:mfa/{name}")
}
