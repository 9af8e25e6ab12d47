//! The checks, one after the other (API-020 to API-036).

use chrono::{DateTime, NaiveDateTime};
use subtle::ConstantTimeEq;

use super::SignedRequest;
use super::authorization::{self, short};
use super::canonical::{self, Scope};
use crate::wire::ApiError;

/// How far a clock may be off, in seconds.
const SKEW: u64 = 15 * 60;
/// The longest life of a presigned request that can be asked for.
const LONGEST_EXPIRY: u64 = 604_800;

/// A credential, as a request names it.
#[derive(Debug, Clone, Copy)]
pub struct KeyQuery<'q> {
    /// The id.
    pub access_key_id: &'q str,
    /// The session token that came with it.
    pub session_token: Option<&'q str>,
}

/// A request whose signature is right.
#[derive(Debug)]
pub struct Verified<K> {
    /// What the look-up found.
    pub key: K,
    /// The service of the scope: `iam` or `sts`.
    pub service: String,
    /// The region of the scope.
    pub region: String,
}

/// What a look-up gives: something with a secret.
pub trait Secret {
    /// The secret access key.
    fn secret(&self) -> &[u8];
}

/// Verifies a signature at `now`, in seconds since 1970. `look_up` finds the credential.
///
/// # Errors
///
/// The first check that fails, in the order of the specification.
pub fn verify<K: Secret>(
    request: &SignedRequest<'_>,
    now: u64,
    look_up: impl FnOnce(&KeyQuery<'_>) -> Result<K, ApiError>,
) -> Result<Verified<K>, ApiError> {
    let place = authorization::place(request)?;
    if !request.path.starts_with('/') || !escapes_are_whole(request.path) {
        return Err(ApiError::invalid_uri_path("The path has no leading slash, or a broken escape"));
    }
    if !escapes_are_whole(request.query) {
        return Err(ApiError::malformed_query_string("The query has a broken escape"));
    }
    let said = authorization::read(request, &place)?;
    let signed = signed_headers(request, &said.signed_headers)?;
    let date = date(&said.date)?;
    in_time(&said, date, now)?;

    let parts: Vec<&str> = said.credential.split('/').collect();
    let [access_key_id, day, region, service, "aws4_request"] = parts.as_slice() else {
        return Err(ApiError::incomplete_signature(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'",
            short(&said.credential)
        )));
    };
    let scope = scope(&said.date, day, region, service)?;

    let token = said.token.as_deref();
    let key = look_up(&KeyQuery { access_key_id, session_token: token })?;

    let body_hash = body_hash(request, said.presigned)?;
    let canonical = canonical::canonical_request(request, said.presigned, &signed, &body_hash);
    let to_sign = canonical::string_to_sign(&said.date, scope, &canonical);
    let right = canonical::signature(key.secret(), scope, &to_sign).ok_or_else(mismatch)?;
    if !bool::from(right.as_bytes().ct_eq(said.signature.as_bytes())) {
        return Err(mismatch());
    }
    Ok(Verified { key, service: (*service).to_owned(), region: (*region).to_owned() })
}

fn mismatch() -> ApiError {
    ApiError::signature_does_not_match(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
         Access Key and signing method. Consult the service documentation for details.",
    )
}

fn escapes_are_whole(text: &str) -> bool {
    let mut rest = text.split('%');
    rest.next();
    rest.all(|after| {
        let mut digits = after.bytes();
        digits.next().is_some_and(|byte| byte.is_ascii_hexdigit())
            && digits.next().is_some_and(|byte| byte.is_ascii_hexdigit())
    })
}

/// The names of the signed headers; all exist, and the host is among them (API-024).
fn signed_headers(request: &SignedRequest<'_>, said: &str) -> Result<Vec<String>, ApiError> {
    let names: Vec<String> = said.split(';').map(str::to_owned).collect();
    let wrong = |why: String| Err(ApiError::signature_does_not_match(why));
    if !names.iter().any(|name| name == "host" || name == ":authority") {
        return wrong("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned());
    }
    let ascending = names.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
    if !ascending || names.iter().any(|name| name.bytes().any(|byte| byte.is_ascii_uppercase())) {
        return wrong("'SignedHeaders' must be lower-case, sorted, and without repetitions.".to_owned());
    }
    if let Some(name) = names.iter().find(|name| request.header(name).is_none()) {
        return wrong(format!("The signed header '{}' is not in the request.", short(name)));
    }
    // What AWS reads must be signed where it is there. Not so the content type, which some clients leave
    // out: only one is served.
    let unsigned = request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .find(|name| name.starts_with("x-amz-") && !names.contains(name));
    match unsigned {
        Some(name) => wrong(format!(
            "There were headers present in the request which were not signed: {}",
            short(&name)
        )),
        None => Ok(names),
    }
}

/// `YYYYMMDDThhmmssZ` (API-025), as seconds since 1970.
fn date(text: &str) -> Result<u64, ApiError> {
    let plain = text.len() == 16
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    let time = plain.then(|| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()).flatten();
    let seconds = time.and_then(|time| u64::try_from(time.and_utc().timestamp()).ok());
    seconds.ok_or_else(|| {
        ApiError::incomplete_signature(format!(
            "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
            short(text)
        ))
    })
}

/// Neither too old nor too far ahead (API-026, API-027, API-034).
fn in_time(said: &authorization::Authorization, date: u64, now: u64) -> Result<(), ApiError> {
    let basic = |seconds: u64| {
        let time = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        time.unwrap_or_default().format("%Y%m%dT%H%M%SZ").to_string()
    };
    let life = match &said.expires {
        None => SKEW,
        Some(text) => {
            let plain = !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
            let seconds = plain.then(|| text.parse::<u64>().ok()).flatten();
            let fits = seconds.filter(|seconds| (1..=LONGEST_EXPIRY).contains(seconds));
            fits.ok_or_else(|| {
                ApiError::incomplete_signature(format!(
                    "X-Amz-Expires must be a number of seconds from 1 to {LONGEST_EXPIRY}"
                ))
            })?
            .min(SKEW)
        }
    };
    if date.saturating_add(life) < now {
        return Err(ApiError::signature_does_not_match(format!(
            "Signature expired: {} is now earlier than {} ({} - {})",
            said.date,
            basic(now.saturating_sub(life)),
            basic(now),
            if life % 60 == 0 { format!("{} min.", life / 60) } else { format!("{life} sec.") }
        )));
    }
    if date > now.saturating_add(SKEW) {
        return Err(ApiError::signature_does_not_match(format!(
            "Signature not yet current: {} is still later than {} ({} + 15 min.)",
            said.date,
            basic(now.saturating_add(SKEW)),
            basic(now)
        )));
    }
    Ok(())
}

/// The scope is of the request's day, and of a service that is served; any region will do (API-029).
fn scope<'s>(date: &str, day: &'s str, region: &'s str, service: &'s str) -> Result<Scope<'s>, ApiError> {
    let wrong = |why: String| Err(ApiError::signature_does_not_match(why));
    if date.get(..8) != Some(day) {
        return wrong(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', \
             from '{date}'.",
            short(day),
            date.get(..8).unwrap_or_default()
        ));
    }
    if !matches!(service, "iam" | "sts") {
        return wrong("Credential should be scoped to correct service: 'iam'.".to_owned());
    }
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !(1..=32).contains(&region.len()) || !region.bytes().all(plain) {
        return wrong("Credential should be scoped to a valid region.".to_owned());
    }
    Ok(Scope { date: day, region, service })
}

/// The hash of the body as it came; one that the client claims must be the same.
fn body_hash(request: &SignedRequest<'_>, presigned: bool) -> Result<String, ApiError> {
    let hash = canonical::body_hash(request.body);
    match request.header("x-amz-content-sha256") {
        Some(claimed) if claimed != hash => Err(mismatch()),
        // Nothing but the query is signed there, so nothing but the query may count.
        None if presigned && !request.body.is_empty() => Err(mismatch()),
        _ => Ok(hash),
    }
}
