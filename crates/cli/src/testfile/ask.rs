//! What a case asks: the members that a case has and for which `world` may hold defaults.

use std::collections::BTreeSet;

use twokeys::json::{Member, Node, Value};
use twokeys::name::{AccountId, Action, fold};
use twokeys::request::{ContextBuilder, Credential, Details, MFA_AGE, MFA_PRESENT};
use twokeys::source::{Span, Spanned, shown};

use super::members::Notes;

/// What is asked: every action on every resource.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// `action`
    pub(crate) actions: Vec<Spanned<Action>>,
    /// `resource`; `${…}` in them is filled from the context.
    pub(crate) resources: Vec<Spanned<String>>,
    /// `principal`, as the command line takes it, too.
    pub(crate) principal: Option<Spanned<String>>,
    /// `principal_details`
    pub(crate) details: Details,
    /// `resource_account`
    pub(crate) resource_account: Option<Spanned<AccountId>>,
    /// `context` and `unknown`
    pub(crate) context: ContextBuilder,
    /// `mfa_age`
    pub(crate) mfa_age: Option<Spanned<u64>>,
    /// `credential`
    pub(crate) credential: Option<Spanned<Credential>>,
}

/// The names of its members.
pub(super) const MEMBERS: &[&str] = &[
    "action",
    "resource",
    "principal",
    "principal_details",
    "resource_account",
    "context",
    "unknown",
    "mfa_age",
    "credential",
];

/// The names of `principal_details` with those of the request object.
const DETAILS: [(&str, &str); 7] = [
    ("role_arn", "roleArn"),
    ("issuer_user_arn", "issuerUserArn"),
    ("unique_id", "uniqueId"),
    ("canonical_user", "canonicalUser"),
    ("service_names", "serviceNames"),
    ("management_account", "managementAccount"),
    ("credential", "credential"),
];

impl Ask {
    /// Does the context itself say something of MFA? Then it is asked once, as it is.
    pub(crate) fn has_mfa_key(&self) -> bool {
        self.context.mentions(MFA_PRESENT) || self.context.mentions(MFA_AGE)
    }

    /// Reads a member, if it is one of ours. What is given replaces a default.
    pub(super) fn member(&mut self, member: &Member<'_>, notes: &mut Notes) -> bool {
        let node = &member.value;
        match &*member.key {
            "action" => {
                let texts = notes.texts("`action`", node);
                let help = "write it as `s3:GetObject`; ask for the actions one by one, without wildcards";
                self.actions =
                    texts.iter().filter_map(|text| notes.parsed("bad-action", text, help)).collect();
            }
            "resource" => self.resources = notes.texts("`resource`", node),
            "principal" => self.principal = notes.text("`principal`", node),
            "principal_details" => self.details(node, notes),
            "resource_account" => {
                let text = notes.text("`resource_account`", node);
                self.resource_account =
                    text.and_then(|text| notes.parsed("bad-account", &text, "write it as \"111122223333\""));
            }
            "context" => self.context(node, notes),
            "unknown" => self.unknown(node, notes),
            "mfa_age" => self.mfa_age = notes.seconds("`mfa_age`", node),
            "credential" => {
                let help = format!("there are {}", Credential::WORDS.join(", "));
                let text = notes.text("`credential`", node);
                self.credential = text.and_then(|text| notes.parsed("bad-credential", &text, &help));
            }
            _ => return false,
        }
        true
    }

    fn details(&mut self, node: &Node<'_>, notes: &mut Notes) {
        for member in notes.object("`principal_details`", node).unwrap_or_default() {
            let Some((_, name)) = DETAILS.iter().find(|(name, _)| *name == member.key) else {
                notes.unknown(member, "`principal_details`", &DETAILS.map(|(name, _)| name));
                continue;
            };
            let value = match &member.value.value {
                Value::Bool(truth) if *name == "managementAccount" => truth.to_string(),
                _ if *name == "managementAccount" => {
                    notes.wrong_type("`management_account`", "`true` or `false`", &member.value);
                    continue;
                }
                _ => {
                    let texts = notes.texts(&format!("`{}`", member.key), &member.value);
                    texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>().join(",")
                }
            };
            if let Err(kind) = self.details.set(name, &value) {
                let help = kind.help().unwrap_or_else(|| "see `twokeys help schema test-file`".to_owned());
                notes.note(kind.code(), member.value.span, kind.to_string(), help);
            }
        }
    }

    fn context(&mut self, node: &Node<'_>, notes: &mut Notes) {
        let mut seen = BTreeSet::new();
        for member in notes.object("`context`", node).unwrap_or_default() {
            if !seen.insert(fold(&member.key)) {
                let message = format!("the context key `{}` is given twice", shown(&member.key));
                notes.note(
                    "bad-context",
                    member.key_span,
                    message,
                    "keys compare without case; keep one of the two",
                );
                continue;
            }
            let Some(values) = values(&member.key, &member.value, notes) else { continue };
            let bare = std::mem::take(&mut self.context).forget(&member.key);
            self.context =
                if values.is_empty() { bare.absent(&member.key) } else { bare.set(&member.key, values) };
        }
        self.check(node.span, notes);
    }

    fn unknown(&mut self, node: &Node<'_>, notes: &mut Notes) {
        for key in notes.list("`unknown`", "context keys", node).unwrap_or_default() {
            if let Some(key) = notes.text("an entry of `unknown`", key) {
                self.context = std::mem::take(&mut self.context).forget(&key.value).unknown(&key.value);
            }
        }
        self.check(node.span, notes);
    }

    fn check(&self, span: Span, notes: &mut Notes) {
        if let Err(error) = self.context.clone().build() {
            notes.note("bad-context", span, error.to_string(), "shorten it, or leave it out");
        }
    }
}

/// The values of a context key; none if it is absent.
fn values(key: &str, node: &Node<'_>, notes: &mut Notes) -> Option<Vec<String>> {
    match &node.value {
        Value::Null => Some(Vec::new()),
        Value::Array(entries) => entries.iter().map(|entry| value(key, entry, notes)).collect(),
        _ => value(key, node, notes).map(|value| vec![value]),
    }
}

fn value(key: &str, node: &Node<'_>, notes: &mut Notes) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(digits) if digits.contains(['e', 'E']) => {
            let message =
                format!("`{digits}` has an exponent; numbers keep the digits they are written with");
            notes.note("bad-number", node.span, message, "write the number out, or as a string");
            None
        }
        Value::Number(digits) => Some((*digits).to_owned()),
        _ => {
            let expected = "a string, a boolean, a number or a list of these";
            notes.wrong_type(&format!("a value of `{}`", shown(key)), expected, node);
            None
        }
    }
}
