//! The operations of IAM and STS: one table, from which requests are routed and authorized.
//!
//! An [`Operation`] is pure: it reads the account and answers with changes. Who calls it has verified
//! the signature, validated the parameters against the model, and asked the gate. That order is held by
//! types: a handler takes a [`Permit`], which nothing but the gate makes.

mod access_keys;
mod account;
mod attach;
mod call;
pub(crate) mod codes;
mod details;
mod groups;
mod holder;
mod inline;
mod login;
mod managed;
mod mfa_devices;
mod report;
mod roles;
mod shape;
mod simulator;
mod sts;
mod tags;
mod users;

pub(crate) use sts::of_sign_in;

pub use call::{Answer, Call, Handled, Refusal, Settings, Spent};

use twokeys::request::{Context, ContextBuilder};

use crate::gate::Permit;
use crate::state::Tags;
use crate::wire::ApiError;

/// One operation of the API.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// `CreateUser`
    pub name: &'static str,
    /// `iam` or `sts`
    pub service: Service,
    /// Can it change the account? Such calls are made one at a time.
    pub writes: bool,
    /// Verifies the code that comes with the call, before anything else is looked at (STS-020).
    pub code: Option<fn(&Call<'_>) -> Result<Option<Spent>, Refusal>>,
    /// What the gate is asked about.
    pub subject: fn(&Call<'_>) -> Result<Subject, ApiError>,
    /// What it does once it is allowed.
    pub handler: fn(&Call<'_>, Permit) -> Handled,
}

/// The two services of the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// IAM, version 2010-05-08.
    Iam,
    /// STS, version 2011-06-15.
    Sts,
}

/// What the gate is asked about: the resource of a call, with what is known of it.
#[derive(Debug)]
pub struct Subject {
    /// The ARN, or `*` (API-043).
    pub resource: String,
    /// Its tags, if it exists and has some.
    pub resource_tags: Tags,
    /// Tags that the call would set.
    pub request_tags: Tags,
    /// Keys of the service, such as `iam:PolicyARN`.
    pub keys: ContextBuilder,
    /// The resource's own policy: for `sts:AssumeRole` the trust policy.
    pub resource_policy: Option<std::sync::Arc<str>>,
    /// What must be allowed besides.
    pub also: Vec<Also>,
}

/// What a call needs beside its own action on its own resource.
#[derive(Debug)]
pub enum Also {
    /// Another action on the same resource, such as `sts:TagSession`.
    Action(&'static str),
    /// The same action on another resource: what something is called afterwards.
    Resource(String),
}

impl Subject {
    /// A resource without tags or keys of its own.
    pub fn of(resource: impl Into<String>) -> Self {
        Self {
            resource: resource.into(),
            resource_tags: Tags::new(),
            request_tags: Tags::new(),
            keys: Context::builder(),
            resource_policy: None,
            also: Vec::new(),
        }
    }

    /// With the tags that the resource has: `aws:ResourceTag/…`, and IAM's own name for them.
    #[must_use]
    pub fn tagged(mut self, tags: &Tags) -> Self {
        for tag in tags {
            self.keys = self.keys.fill(&format!("iam:ResourceTag/{}", tag.key), [tag.value.as_str()]);
        }
        self.resource_tags.clone_from(tags);
        self
    }

    /// With a key that the call carries, if it does.
    #[must_use]
    pub fn with(mut self, key: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.keys = self.keys.fill(key, [value]);
        }
        self
    }
}

impl Service {
    /// The service's word in credential scopes and actions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Sts => "sts",
        }
    }

    /// The namespace of its XML.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        }
    }

    /// `Version`
    pub fn version(self) -> &'static str {
        match self {
            Self::Iam => "2010-05-08",
            Self::Sts => "2011-06-15",
        }
    }
}

/// The tables of operations, one for each kind of thing.
const TABLES: &[&[Operation]] = &[
    users::OPERATIONS,
    groups::OPERATIONS,
    roles::OPERATIONS,
    inline::OPERATIONS,
    managed::OPERATIONS,
    attach::OPERATIONS,
    login::OPERATIONS,
    access_keys::OPERATIONS,
    mfa_devices::OPERATIONS,
    tags::OPERATIONS,
    account::OPERATIONS,
    report::OPERATIONS,
    details::OPERATIONS,
    simulator::OPERATIONS,
    sts::OPERATIONS,
];

/// An operation of IAM that only reads.
const fn reads(
    name: &'static str,
    subject: fn(&Call<'_>) -> Result<Subject, ApiError>,
    handler: fn(&Call<'_>, Permit) -> Handled,
) -> Operation {
    Operation { name, service: Service::Iam, writes: false, code: None, subject, handler }
}

/// An operation of IAM that can change the account.
const fn writes(
    name: &'static str,
    subject: fn(&Call<'_>) -> Result<Subject, ApiError>,
    handler: fn(&Call<'_>, Permit) -> Handled,
) -> Operation {
    Operation { writes: true, ..reads(name, subject, handler) }
}

/// A user, as the gate is asked about one.
pub(crate) fn subject_of_user(
    user: &std::sync::Arc<crate::state::User>,
    state: &crate::state::State,
) -> Subject {
    holder::subject_of(&holder::Holder::User(std::sync::Arc::clone(user)), state)
}

/// All operations.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    TABLES.iter().copied().flatten()
}

/// The operation of this name; names are compared with case.
pub fn operation(service: Service, name: &str) -> Option<&'static Operation> {
    operations().find(|operation| operation.service == service && operation.name == name)
}
