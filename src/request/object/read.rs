//! From the tree of a JSON text to a request object: one line a member.

use std::collections::HashSet;
use std::str::FromStr;

use super::super::context::{self, ContextBuilder};
use super::super::credential::MfaAsked;
use super::super::key::{KeyName, names_mfa};
use super::super::principal::CredentialType;
use super::{Details, RequestError, RequestErrorKind as Kind, RequestErrors, RequestObject, error};
use crate::json::{self, Limits, Member, Node, Value};
use crate::name::fold;
use crate::source::{Span, Spanned};

/// The members of a request object.
pub(super) const MEMBERS: &[&str] = &[
    "id",
    "principal",
    "principalDetails",
    "action",
    "resource",
    "resourceAccount",
    "resourceInManagementAccount",
    "context",
    "unknown",
    "mfa",
    "mfaAge",
    "credential",
    "expect",
];

/// Reads a text whose root `as_what` understands.
pub(super) fn read(
    text: &[u8],
    as_what: impl FnOnce(&mut Reader, &Node<'_>),
) -> Result<RequestObject, RequestErrors> {
    let reading = json::read(text, &Limits::default().with_document(RequestObject::MAX_BYTES));
    let mut reader = Reader::default();
    reader.errors.extend(reading.errors.into_iter().map(|error| RequestError::new(error.span(), error)));
    if let Some(root) = &reading.root {
        as_what(&mut reader, root);
    }
    // What is broken was told once, by the reader of JSON.
    reader.errors.retain(|error| !error.is_about_broken_text());
    RequestErrors::of(reader.errors).map_or(Ok(reader.object), Err)
}

/// Collects what is read and what is wrong.
#[derive(Default)]
pub(super) struct Reader {
    object: RequestObject,
    errors: Vec<RequestError>,
}

impl Reader {
    /// The whole request.
    pub(super) fn root(&mut self, root: &Node<'_>) {
        // Where a text breaks off at its start, that is all there is to be told.
        if !self.errors.is_empty() && !matches!(root.value, Value::Object(_)) {
            return;
        }
        let Some(members) = self.take(object("a request", root)) else { return };
        let mut unknown = None;
        for member in members {
            if &*member.key == "unknown" {
                unknown = Some(&member.value);
            } else if let Err(error) = self.member(member) {
                self.errors.push(error);
            }
        }
        // Behind the context, whatever the order of the text, so that a key in both is seen.
        if let Some(unknown) = unknown {
            self.unknown(unknown);
        }
        self.once();
    }

    fn member(&mut self, Member { key, key_span, value: node }: &Member<'_>) -> Result<(), RequestError> {
        let object = &mut self.object;
        match &**key {
            "id" => object.id = Some(text("`id`", node)?.to_owned()),
            "principal" => object.principal = Some(parsed("`principal`", node)?),
            "principalDetails" => self.details(node),
            "action" => object.action = Some(parsed("`action`", node)?),
            "resource" => object.resource = Some(parsed("`resource`", node)?),
            "resourceAccount" => object.resource_account = Some(parsed("`resourceAccount`", node)?),
            "resourceInManagementAccount" => {
                object.resource_in_management_account = Some(truth("`resourceInManagementAccount`", node)?);
            }
            "context" => self.context(node),
            "mfa" => object.mfa = Some(mfa(node)?),
            "mfaAge" => object.mfa_age = Some(age(node)?),
            "credential" => object.credential = Some(parsed("`credential`", node)?),
            "expect" => {
                object.expect = Some(Spanned::new(text("`expect`", node)?.to_owned(), node.span));
            }
            name => return Err(RequestError::new(*key_span, Kind::Member(name.to_owned()))),
        }
        Ok(())
    }

    fn details(&mut self, node: &Node<'_>) {
        let Some(members) = self.take(object("`principalDetails`", node)) else { return };
        for member in members {
            let read = detail(&mut self.object.details, &member.key, member.key_span, &member.value);
            self.take(read);
        }
    }

    /// `context`: keys with a value or a list of values.
    pub(super) fn context(&mut self, node: &Node<'_>) {
        let Some(members) = self.take(object("`context`", node)) else { return };
        let mut builder = std::mem::take(&mut self.object.context);
        for member in members {
            let Some(found) = self.take(values(&member.key, &member.value)) else { continue };
            if let Err(error) = context::check(&member.key, &found) {
                self.errors.push(RequestError::new(member.value.span, error));
                continue;
            }
            self.note_mfa_key(&member.key, member.key_span);
            let key = KeyName::new(&member.key);
            builder = if found.is_empty() { builder.absent(key) } else { builder.set(key, found) };
        }
        self.twice(members);
        self.object.context = builder;
    }

    /// Keys that differ only by case; equal ones are the JSON reader's to refuse.
    fn twice(&mut self, members: &[Member<'_>]) {
        // Of few keys each is quickly compared with all before it.
        let are_few = members.len() <= 16;
        let differ = |(at, member): (usize, &Member<'_>)| {
            members.iter().take(at).all(|before| !before.key.eq_ignore_ascii_case(&member.key))
        };
        if are_few && members.iter().enumerate().all(differ) {
            return;
        }
        let mut folded: Vec<(String, usize)> =
            members.iter().enumerate().map(|(at, member)| (fold(&member.key), at)).collect();
        folded.sort_unstable();
        for ((one, _), (other, at)) in folded.iter().zip(folded.iter().skip(1)) {
            if one == other
                && let Some(second) = members.get(*at)
            {
                let error = context::ContextError::Twice(second.key.clone().into_owned());
                self.errors.push(RequestError::new(second.key_span, error));
            }
        }
    }

    fn unknown(&mut self, node: &Node<'_>) {
        let Some(entries) = self.take(list("`unknown`", "a list of context keys", node)) else { return };
        let found = entries.len();
        if found > ContextBuilder::MAX_VALUES {
            let error = context::ContextError::Values { key: "unknown".to_owned(), found };
            self.errors.push(RequestError::new(node.span, error));
            return;
        }
        let mut builder = std::mem::take(&mut self.object.context);
        let given: HashSet<String> = builder.keys().map(fold).collect();
        let mut before = HashSet::new();
        for entry in entries {
            let Some(key) = self.take(text("an entry of `unknown`", entry)) else { continue };
            let folded = fold(key);
            if let Err(error) = ContextBuilder::check_unknown(key) {
                self.errors.push(RequestError::new(entry.span, error));
            } else if given.contains(&folded) {
                self.errors.push(RequestError::new(entry.span, Kind::Unknown(key.to_owned())));
            } else if !before.insert(folded) {
                let error = context::ContextError::Twice(key.to_owned());
                self.errors.push(RequestError::new(entry.span, error));
            } else {
                self.note_mfa_key(key, entry.span);
                builder = builder.unknown(key);
            }
        }
        self.object.context = builder;
    }

    /// Remembers where an MFA key is mentioned: by its name, or by a family that it belongs to.
    fn note_mfa_key(&mut self, key: &str, span: Span) {
        if self.object.mfa_key.is_none() && names_mfa(key) {
            self.object.mfa_key = Some(span);
        }
    }

    /// The state of MFA comes from one place.
    fn once(&mut self) {
        let object = &self.object;
        let mfa = object.mfa.as_ref().map(|mfa| ("`mfa`", mfa.span));
        let age = object.mfa_age.as_ref().map(|age| ("`mfaAge`", age.span));
        let credential = object.credential.as_ref().map(|credential| ("`credential`", credential.span));
        let by_key = object.mfa_key.is_some().then_some("an MFA key in the context");
        let mut clash = Vec::new();
        if let Some(key) = by_key {
            let beside = mfa.or(age).or(credential);
            clash.extend(beside.map(|(word, span)| RequestError::new(span, Kind::MfaTwice(key, word))));
        }
        if let (Some((word, _)), Some((other, span))) = (mfa.or(age), credential) {
            clash.push(RequestError::new(span, Kind::MfaTwice(word, other)));
        }
        if let (Some(mfa), Some((_, span))) = (&object.mfa, age) {
            match mfa.value {
                MfaAsked::Missing => clash.push(RequestError::new(span, Kind::AgeWithout("missing"))),
                MfaAsked::False => clash.push(RequestError::new(span, Kind::AgeWithout("false"))),
                MfaAsked::True | MfaAsked::All => {}
            }
        }
        self.errors.append(&mut clash);
    }

    fn take<T>(&mut self, result: Result<T, RequestError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }
}

/// One member of `principalDetails`.
pub(super) fn detail(
    details: &mut Details,
    name: &str,
    name_span: Span,
    node: &Node<'_>,
) -> Result<(), RequestError> {
    match name {
        "roleArn" => details.role_arn = Some(parsed("`roleArn`", node)?.value),
        "issuerUserArn" => details.issuer_user_arn = Some(parsed("`issuerUserArn`", node)?.value),
        "uniqueId" => details.unique_id = Some(text("`uniqueId`", node)?.to_owned()),
        "canonicalUser" => details.canonical_user = Some(text("`canonicalUser`", node)?.to_owned()),
        "serviceNames" => {
            let entries = list("`serviceNames`", "a list of names", node)?;
            let names: Result<Vec<_>, _> =
                entries.iter().map(|entry| text("a service name", entry).map(str::to_owned)).collect();
            details.service_names = Some(names?);
        }
        "managementAccount" => details.management_account = Some(truth("`managementAccount`", node)?),
        "credential" => {
            details.credential = Some(match text("`credential`", node)? {
                "long-term" => CredentialType::LongTerm,
                "get-session-token" => CredentialType::GetSessionToken,
                "get-federation-token" => CredentialType::GetFederationToken,
                word => return Err(RequestError::new(node.span, Kind::CredentialType(word.to_owned()))),
            });
        }
        _ => return Err(RequestError::new(name_span, Kind::Detail(name.to_owned()))),
    }
    Ok(())
}

/// The values of a context key. None if it is absent.
fn values(key: &str, node: &Node<'_>) -> Result<Vec<String>, RequestError> {
    match &node.value {
        Value::Null => Ok(Vec::new()),
        Value::Array(entries) => entries.iter().map(|entry| value(key, entry)).collect(),
        _ => value(key, node).map(|value| vec![value]),
    }
}

fn value(key: &str, node: &Node<'_>) -> Result<String, RequestError> {
    match &node.value {
        Value::String(text) => Ok(text.clone().into_owned()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(digits) if digits.contains(['e', 'E']) => {
            Err(RequestError::new(node.span, Kind::Exponent((*digits).to_owned())))
        }
        Value::Number(digits) => Ok((*digits).to_owned()),
        _ => {
            let expected = "a string, a boolean, a number or a list of these";
            Err(wrong(&format!("a value of `{key}`"), expected, node))
        }
    }
}

/// `mfa`: one of its words; `true` and `false` may go without quotation marks.
fn mfa(node: &Node<'_>) -> Result<Spanned<MfaAsked>, RequestError> {
    let asked = match node.value {
        Value::Bool(true) => MfaAsked::True,
        Value::Bool(false) => MfaAsked::False,
        _ => return parsed("`mfa`", node),
    };
    Ok(Spanned::new(asked, node.span))
}

fn age(node: &Node<'_>) -> Result<Spanned<u64>, RequestError> {
    let Value::Number(digits) = &node.value else {
        return Err(wrong("`mfaAge`", "a number of seconds", node));
    };
    let age = digits.parse().map_err(|_| RequestError::new(node.span, Kind::Age((*digits).to_owned())))?;
    Ok(Spanned::new(age, node.span))
}

fn parsed<T: FromStr<Err: Into<Kind>>>(what: &str, node: &Node<'_>) -> Result<Spanned<T>, RequestError> {
    let value = text(what, node)?.parse().map_err(|error| RequestError::new(node.span, error))?;
    Ok(Spanned::new(value, node.span))
}

fn text<'n>(what: &str, node: &'n Node<'_>) -> Result<&'n str, RequestError> {
    match &node.value {
        Value::String(text) => Ok(text),
        _ => Err(wrong(what, "a string", node)),
    }
}

fn truth(what: &str, node: &Node<'_>) -> Result<bool, RequestError> {
    match node.value {
        Value::Bool(truth) => Ok(truth),
        _ => Err(wrong(what, "`true` or `false`", node)),
    }
}

fn list<'n, 't>(
    what: &str,
    expected: &'static str,
    node: &'n Node<'t>,
) -> Result<&'n [Node<'t>], RequestError> {
    match &node.value {
        Value::Array(entries) => Ok(entries),
        _ => Err(wrong(what, expected, node)),
    }
}

fn object<'n, 't>(what: &str, node: &'n Node<'t>) -> Result<&'n [Member<'t>], RequestError> {
    match &node.value {
        Value::Object(members) => Ok(members),
        _ => Err(wrong(what, "an object", node)),
    }
}

fn wrong(what: &str, expected: &'static str, node: &Node<'_>) -> RequestError {
    let found = match node.value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Broken => error::BROKEN,
    };
    RequestError::new(node.span, Kind::Type { member: what.to_owned(), expected, found })
}
