//! A property of forms: how they are read, and that nothing comes of one without a permission.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use twokeys_server::bootstrap::{Bootstrap, Maker, RootKey};
use twokeys_server::endpoint::Endpoint;
use twokeys_server::model;
use twokeys_server::query::{self, Service};
use twokeys_server::seal::Keys;
use twokeys_server::start::secret;
use twokeys_server::state::{Entropy, NoEntropy, Record, State};
use twokeys_server::store::Memory;
use twokeys_server::wire::Params;

use crate::calls::furnished;
use crate::world::{ACCOUNT, Key, NOW, records, send, settings, user};

/// Policies have no say in these (EV-096).
const EXEMPT: [&str; 2] = ["GetSessionToken", "GetCallerIdentity"];
/// A code that is refused is remembered.
const WITH_CODE: [&str; 4] = ["EnableMFADevice", "ResyncMFADevice", "GetSessionToken", "AssumeRole"];
/// A hash of a password takes as long as a thousand other calls; one in so many is enough.
const WITH_PASSWORD: [&str; 3] = ["CreateLoginProfile", "UpdateLoginProfile", "ChangePassword"];
const FEW: usize = 64;

/// Whatever bytes come as a form, they are read or refused. What is read is written and read the same. A user
/// without permissions gets nothing by it and changes nothing; root gets an answer, and what is refused changes
/// nothing either.
pub fn query_form(data: &[u8]) {
    let params = match Params::read(data) {
        Ok(params) => params,
        Err(error) => return assert_eq!(error.status, 400, "{}", error.message),
    };
    let mut again = form_urlencoded::Serializer::new(String::new());
    for name in params.names() {
        again.append_pair(name, params.get(name).expect("a name has a value"));
    }
    assert!(Params::read(again.finish().as_bytes()).is_ok_and(|read| read == params), "{params:?}");
    for operation in query::operations() {
        if let Err(error) = model::validate(operation.service, operation.name, &params) {
            assert_eq!(error.status, 400, "{}: {}", operation.name, error.message);
        }
    }

    let sts = params.get("Version") == Some(Service::Sts.version());
    let service = if sts { Service::Sts } else { Service::Iam };
    let action = params.get("Action").unwrap_or_default();
    let (endpoint, before) = account();
    let (status, body) = asked(&endpoint, "nothing", service, data);
    let exempt = EXEMPT.contains(&action);
    assert!((400..500).contains(&status) || exempt && status == 200, "{action} by nobody: {status} {body}");
    assert!(records(&endpoint) == before, "{action} by nobody changed something");

    if WITH_PASSWORD.contains(&action) && !data.len().is_multiple_of(FEW) {
        return;
    }
    let (status, body) = asked(&endpoint, "root", service, data);
    assert!(status == 200 || (400..500).contains(&status), "{action} by root: {status} {body}");
    let after = records(&endpoint);
    assert!(
        status == 200 || WITH_CODE.contains(&action) || after == before,
        "{action} changed something: {body}"
    );
    for record in &after {
        let read: Record = serde_json::from_str(record).expect("a record is read as it was written");
        assert_eq!(serde_json::to_string(&read).ok().as_ref(), Some(record), "after {action}");
    }
}

/// The answer to a form of a user; it is well-formed XML as far as its signs are (no others are allowed).
fn asked(endpoint: &Endpoint, who: &str, service: Service, form: &[u8]) -> (u16, String) {
    let answer = send(endpoint, NOW, &Key::of(who), service, form);
    let allowed =
        |c: char| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r');
    assert!(answer.body.chars().all(allowed), "{:?}", answer.body);
    (answer.status, answer.body)
}

/// An endpoint of the same account each time, and what the account is.
fn account() -> (Endpoint, Vec<String>) {
    static MADE: OnceLock<(State, Vec<String>)> = OnceLock::new();
    let keys = || Keys::new([7; 32]);
    let (state, records) = MADE.get_or_init(|| {
        let (keys, entropy) = (keys(), Counted::default());
        let maker = Maker { keys: &keys, entropy: &entropy, now: NOW - 3_600 };
        let nothing = json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }]);
        let file = furnished(vec![user("nothing", &nothing)]).to_string();
        let file = Bootstrap::read(&file).expect("the file is one");
        let id = ACCOUNT.parse().expect("it has twelve digits");
        let mut changes = maker.bootstrap(&file, id, &[], &mut Vec::new()).expect("the account is made");
        let Key { id: key, secret: text, .. } = Key::root();
        let key = RootKey { id: key, secret: secret(text) };
        changes.push(maker.root_key(Some(&key), &mut Vec::new()).expect("the key is made").into());
        let mut state = State::new(maker.account(id));
        changes.iter().for_each(|change| state.apply(change));
        let endpoint = Endpoint::new(state.clone(), Box::new(Memory), keys, settings(), Box::new(entropy));
        (state, records(&endpoint))
    });
    let entropy = Box::new(Counted::default());
    (Endpoint::new(state.clone(), Box::new(Memory), keys(), settings(), entropy), records.clone())
}

/// Bytes that are the same in each run, and never the same in one.
#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
