//! The text that is signed (API-032).

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{ALGORITHM, SignedRequest};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a credential is good for: `20260105/us-east-1/iam/aws4_request`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) date: &'s str,
    pub(super) region: &'s str,
    pub(super) service: &'s str,
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a body, as it is signed.
pub(super) fn body_hash(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

/// The canonical request. `signed` are the names of the signed headers, lower-case and sorted.
pub(super) fn canonical_request(
    request: &SignedRequest<'_>,
    presigned: bool,
    signed: &[String],
    body_hash: &str,
) -> String {
    let mut text = format!("{}\n{}\n{}\n", request.method, path(request.path), query(request, presigned));
    for name in signed {
        let values: Vec<String> = request.all(name).map(collapsed).collect();
        text.push_str(name);
        text.push(':');
        text.push_str(&values.join(","));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&signed.join(";"));
    text.push('\n');
    text.push_str(body_hash);
    text
}

/// The text whose HMAC is the signature.
pub(super) fn string_to_sign(date: &str, scope: Scope<'_>, canonical_request: &str) -> String {
    let Scope { date: day, region, service } = scope;
    let hash = hex(&Sha256::digest(canonical_request));
    format!("{ALGORITHM}\n{date}\n{day}/{region}/{service}/aws4_request\n{hash}")
}

/// The signature, in hexadecimal digits. None only if the secret could be no key; every secret can.
pub(super) fn signature(secret: &[u8], scope: Scope<'_>, string_to_sign: &str) -> Option<String> {
    let mut key = Zeroizing::new([b"AWS4", secret].concat());
    for text in [scope.date, scope.region, scope.service, "aws4_request"] {
        key = Zeroizing::new(hmac(&key, text)?);
    }
    hmac(&key, string_to_sign).map(|bytes| hex(&bytes))
}

fn hmac(key: &[u8], text: &str) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

/// Dots and empty parts resolved, then encoded once more: every service but S3 does so.
fn path(raw: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in raw.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut text = String::new();
    for part in &parts {
        text.push('/');
        // What the client sent is encoded already, in whatever way it likes; brought to one form first.
        let bytes: Vec<u8> = percent_decode_str(part).collect();
        text.extend(utf8_percent_encode(&encoded(&bytes), UNRESERVED));
    }
    let folder = raw.ends_with('/') || raw.ends_with("/.") || raw.ends_with("/..");
    if text.is_empty() || folder {
        text.push('/');
    }
    text
}

/// Names and values encoded anew and sorted; a signature in the query cannot sign itself.
fn query(request: &SignedRequest<'_>, presigned: bool) -> String {
    let mut pairs: Vec<(String, String)> = request
        .query_pairs()
        .filter(|(name, _)| !(presigned && name == b"X-Amz-Signature"))
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, UNRESERVED).to_string()
}

/// A header's value without blanks around it, and with one where there are several.
fn collapsed(value: &str) -> String {
    value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
