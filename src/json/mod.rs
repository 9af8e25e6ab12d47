//! JSON with the place of every node, duplicate keys refused, and recovery.
//!
//! `serde_json` keeps the last of two equal keys, rounds long numbers and forgets where things
//! stand; for a policy each of these can turn a `Deny` into nothing. This reader keeps numbers as
//! written and goes on after a mistake, so that one run reports all of them.

mod encoding;
mod error;
mod limits;
mod reader;
mod recovery;
mod scalar;
mod scan;
mod token;

pub use error::{Error, ErrorKind};
pub use limits::Limits;
pub(crate) use scan::is_plain;

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

impl Member<'_> {
    /// Does it stand for a member whose name could not be read? This has been reported, and the
    /// object may lack what was meant by it.
    pub fn is_unreadable(&self) -> bool {
        self.key.is_empty() && self.value.value == Value::Broken
    }
}

impl Value<'_> {
    /// The JSON type, as messages name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
            Self::Broken => "something unreadable",
        }
    }
}

/// What came out of reading a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'t> {
    /// The document as far as it was understood; to be used only if there are no errors, or to look
    /// for more of them.
    pub root: Option<Node<'t>>,
    /// All mistakes, in the order of the text.
    pub errors: Vec<Error>,
    /// Where `\u0000` stands in strings: fine in JSON, not in a policy.
    pub nuls: Vec<Span>,
    /// How many characters of white space stand outside strings.
    pub white_space: usize,
}

/// Reads a JSON document.
///
/// ```
/// use twokeys::json::{self, Limits};
///
/// let reading = json::read(br#"{"a": 1 "b": 2,}"#, &Limits::default());
/// let messages: Vec<String> = reading.errors.iter().map(ToString::to_string).collect();
/// assert_eq!(messages, ["a comma is missing", "a comma follows the last entry"]);
/// ```
pub fn read<'t>(bytes: &'t [u8], limits: &Limits) -> Reading<'t> {
    let mut reader = reader::Reader::new("", *limits);
    let mut root = None;
    match encoding::decode(bytes, limits) {
        Ok(text) => {
            reader.text = text;
            if text.starts_with(encoding::BYTE_ORDER_MARK) {
                reader.at = encoding::BYTE_ORDER_MARK.len_utf8();
                reader.fail(Span::new(0, reader.at), ErrorKind::ByteOrderMark);
            }
            root = reader.document();
        }
        Err(error) => reader.errors.push(error),
    }
    let mut errors = reader.errors;
    errors.sort_by_key(Error::span);
    Reading { root, errors, nuls: reader.nuls, white_space: reader.white_space }
}
