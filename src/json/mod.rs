//! JSON with the place of every node, duplicate keys refused, and recovery.
//!
//! `serde_json` keeps the last of two equal keys, rounds long numbers and forgets where things
//! stand; for a policy each of these can turn a `Deny` into nothing. This reader keeps numbers as
//! written and goes on after a mistake, so that one run reports all of them.

use std::borrow::Cow;

use crate::source::Span;

/// A JSON value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'t> {
    /// The value.
    pub value: Value<'t>,
    /// Its place.
    pub span: Span,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number with its digits as written.
    Number(&'t str),
    /// A string with its escapes resolved.
    String(Cow<'t, str>),
    /// A list.
    Array(Vec<Node<'t>>),
    /// An object, in the order of the text, without duplicates.
    Object(Vec<Member<'t>>),
    /// Something unreadable, already reported.
    Broken,
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'t> {
    /// The key with its escapes resolved.
    pub key: Cow<'t, str>,
    /// Where the key stands, with its quotation marks.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}
