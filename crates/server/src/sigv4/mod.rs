//! AWS Signature Version 4, verified (API-020 to API-036).
//!
//! The order of the checks is the specification: it decides which error a client with several faults
//! sees. Everything is taken as it came: the raw path, the raw query, the raw body.

mod authorization;
mod canonical;
mod sign;
mod verify;

use percent_encoding::percent_decode;

pub use sign::sign;
pub use verify::{KeyQuery, Secret, Verified, verify};

/// The one algorithm that is served.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A request, as it came.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'r> {
    /// `POST`
    pub method: &'r str,
    /// The path, not decoded.
    pub path: &'r str,
    /// The query without its question mark, not decoded.
    pub query: &'r str,
    /// Names in any letter case, values as they came, in their order.
    pub headers: &'r [(&'r str, &'r str)],
    /// The body's bytes.
    pub body: &'r [u8],
}

impl<'r> SignedRequest<'r> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'r str> {
        self.all(name).next()
    }

    pub(crate) fn all<'n>(&self, name: &'n str) -> impl Iterator<Item = &'r str> + use<'r, 'n> {
        let headers = self.headers;
        headers.iter().filter(move |(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The first parameter of the query with this name, decoded.
    fn query_parameter(&self, name: &str) -> Option<String> {
        let (_, value) = self.query_pairs().find(|(key, _)| key == name.as_bytes())?;
        Some(String::from_utf8_lossy(&value).into_owned())
    }

    /// The pairs of the query, decoded to bytes: what is no text is signed as well, and stays distinct.
    fn query_pairs(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + use<'r> {
        let decoded = |text: &str| percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<u8>>();
        self.query.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
    }
}

#[cfg(test)]
mod order;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
