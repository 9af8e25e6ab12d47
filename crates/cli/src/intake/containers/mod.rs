//! The policies in a file, whatever the file is: a policy, an answer of the AWS CLI, an account dump, a
//! CloudFormation template, a Terraform plan.
//!
//! [`open`] looks at the shape of what is in the file, never at its name, and gives every policy with its
//! text, its kind as the place tells it, its owner's name, and a [`Map`] from places in that text to
//! places in the file. The text is always read by `Policy::parse`; where the file does not hold it as
//! JSON it is written out as JSON here.

mod map;

use twokeys::policy::PolicyType;
use twokeys::source::{Diagnostic, Span};

pub(crate) use map::Map;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One policy document and nothing around it.
    Policy,
    /// An answer of the AWS CLI.
    Answer,
    /// `get-account-authorization-details`.
    Dump,
    /// A CloudFormation, SAM or CDK template.
    CloudFormation,
    /// What `terraform show -json` prints.
    Terraform,
    /// None of them; there are no policies.
    Unknown,
}

/// Everything in one file.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    /// What the file is.
    pub(crate) shape: Shape,
    /// Its policies in the order of the file.
    pub(crate) policies: Vec<Found>,
    /// Users, groups, roles and the policies of each.
    pub(crate) identities: Vec<Identity>,
    /// What is wrong with the file around its policies. Spans are bytes of the file.
    pub(crate) problems: Vec<Diagnostic>,
}

/// A policy in a file.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What `Policy::parse` is to read.
    pub(crate) text: String,
    /// From places in `text` to places in the file.
    pub(crate) map: Map,
    /// How the text stands in the file.
    pub(crate) form: Form,
    /// What kind of policy it is, where the place tells it.
    pub(crate) kind: Option<Kind>,
    /// The name of the policy, resource or construct.
    pub(crate) name: Option<String>,
    /// Where it lies in the file, such as `$.Resources.Role.Properties.AssumeRolePolicyDocument`.
    pub(crate) path: String,
    /// Whose permissions it states, as far as the file tells.
    pub(crate) attached_to: Vec<Holder>,
    /// Does it stand in a template, with values that are filled in later?
    pub(crate) template: bool,
    /// Texts that are not known before the template is filled in.
    pub(crate) holes: Vec<Hole>,
    /// What the resource's own `Metadata` says about findings, in the order of the file.
    pub(crate) ignores: Vec<Ignore>,
}

/// How a policy's text stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Byte for byte. Only then edits of the text are edits of the file, moved by [`Map::span`].
    Verbatim,
    /// As JSON in a JSON or YAML string, perhaps percent-encoded (L907).
    Embedded,
    /// As YAML, or with values of a template: the text was written from it.
    Rewritten,
}

/// The kind of a policy and, for policies of resources, the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// What it is attached to.
    pub(crate) policy_type: PolicyType,
    /// `s3`, `sqs`, …
    pub(crate) service: Option<&'static str>,
}

/// A user, group or role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Holder {
    /// Which of the three.
    pub(crate) kind: HolderKind,
    /// Its name, or its logical name in a template.
    pub(crate) name: String,
}

/// What can hold identity policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HolderKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
}

/// A user, group or role with what it is allowed and denied.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// Who it is.
    pub(crate) holder: Holder,
    /// Its identity policies, those of its groups among them: indices of [`Contents::policies`].
    pub(crate) policies: Vec<usize>,
    /// Are these all of them? Not if one is managed elsewhere.
    pub(crate) complete: bool,
}

/// A text that is not known yet: in its place stands a filler that must not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hole {
    /// What is not to be judged, in the policy's text: the value that the filler is part of, or the whole
    /// statement where an unknown effect or condition decides about all of it.
    pub(crate) within: Span,
    /// Where the value that is filled in later stands, in bytes of the file.
    pub(crate) place: Span,
    /// What it is, for people: `Ref Bucket`, `${AWS::AccountId}`, `known after apply`.
    pub(crate) what: String,
}

/// An entry of `Metadata: {twokeys: {ignore: […]}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ignore {
    /// The rule's code or name.
    pub(crate) code: String,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The last day on which it counts, as written.
    pub(crate) until: Option<String>,
    /// Only in statements with such a Sid.
    pub(crate) sid: Option<String>,
    /// Where the entry stands, in bytes of the file.
    pub(crate) place: Span,
}

impl Found {
    /// The hole that makes a finding at `span` unsure, if there is one.
    pub(crate) fn hole_at(&self, span: Span) -> Option<&Hole> {
        self.holes.iter().find(|hole| hole.within.start <= span.start && span.end <= hole.within.end)
    }
}

/// The policies in a file. Its name is only a hint where the content leaves a doubt between JSON and YAML.
pub(crate) fn open(name: &str, bytes: &[u8]) -> Contents {
    let _ = (name, bytes);
    Contents { shape: Shape::Unknown, policies: Vec::new(), identities: Vec::new(), problems: Vec::new() }
}
