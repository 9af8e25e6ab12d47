//! Where a signature stands, and what belongs to it: in the header, or in the query (API-020 to API-023).

use std::collections::HashSet;

use super::{ALGORITHM, SignedRequest};
use crate::wire::ApiError;

/// What a request says about its signature, nothing of it verified.
#[derive(Debug)]
pub(super) struct Authorization {
    /// `AKIA…/20260105/us-east-1/iam/aws4_request`
    pub(super) credential: String,
    /// `host;x-amz-date`
    pub(super) signed_headers: String,
    /// Hexadecimal digits.
    pub(super) signature: String,
    /// `20260105T090000Z`
    pub(super) date: String,
    /// The session token, if there is one.
    pub(super) token: Option<String>,
    /// How long a presigned request is good for; none for one with a header.
    pub(super) expires: Option<String>,
    /// Does it stand in the query?
    pub(super) presigned: bool,
}

/// Where the signature of a request stands.
#[derive(Debug)]
pub(super) enum Place {
    /// In `Authorization`.
    Header,
    /// In the query, with this algorithm.
    Query(String),
}

/// Finds it (API-020, API-021).
pub(super) fn place(request: &SignedRequest<'_>) -> Result<Place, ApiError> {
    let headers = request.all("authorization").count();
    let presigned = request.query_parameter("X-Amz-Algorithm");
    match (headers, presigned) {
        (0, None) => Err(ApiError::missing_authentication_token()),
        (1, None) => Ok(Place::Header),
        (0, Some(algorithm)) => Ok(Place::Query(algorithm)),
        // One request, one signature.
        _ => Err(ApiError::signature_does_not_match(
            "The request is signed in more than one place: in the Authorization header and in the query, or in \
             several headers",
        )),
    }
}

/// Reads it (API-022, API-023).
pub(super) fn read(request: &SignedRequest<'_>, place: &Place) -> Result<Authorization, ApiError> {
    match place {
        Place::Header => of_header(request),
        Place::Query(algorithm) => of_query(request, algorithm),
    }
}

fn of_header(request: &SignedRequest<'_>) -> Result<Authorization, ApiError> {
    let header = request.header("authorization").unwrap_or_default().trim();
    let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
    if algorithm != ALGORITHM {
        return Err(ApiError::incomplete_signature(format!(
            "Unsupported AWS 'algorithm': '{}'",
            short(algorithm)
        )));
    }
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let place = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => {
                let why = format!("'{}' not a valid key=value pair in the Authorization header", short(part));
                return Err(ApiError::incomplete_signature(why));
            }
        };
        if place.replace(value.to_owned()).is_some() {
            let why = format!("The Authorization header has more than one '{name}'");
            return Err(ApiError::incomplete_signature(why));
        }
    }
    if ["x-amz-date", "date", "x-amz-security-token"].iter().any(|name| request.all(name).count() > 1) {
        return Err(ApiError::signature_does_not_match("A header of the signature is given more than once"));
    }
    let date =
        request.header("x-amz-date").or_else(|| request.header("date")).map(|date| date.trim().to_owned());
    let mut missing = Vec::new();
    for (name, value) in
        [("Credential", &credential), ("Signature", &signature), ("SignedHeaders", &signed_headers)]
    {
        if value.as_deref().is_none_or(str::is_empty) {
            missing.push(format!("Authorization header requires '{name}' parameter."));
        }
    }
    if date.is_none() {
        let why = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        missing.push(why.to_owned());
    }
    let (Some(credential), Some(signed_headers), Some(signature), Some(date), true) =
        (credential, signed_headers, signature, date, missing.is_empty())
    else {
        let why = format!("{} (Authorization header: {ALGORITHM})", missing.join(" "));
        return Err(ApiError::incomplete_signature(why));
    };
    let token = request.header("x-amz-security-token").map(str::to_owned);
    Ok(Authorization { credential, signed_headers, signature, date, token, expires: None, presigned: false })
}

fn of_query(request: &SignedRequest<'_>, algorithm: &str) -> Result<Authorization, ApiError> {
    if algorithm != ALGORITHM {
        return Err(ApiError::missing_authentication_token());
    }
    let mut seen = HashSet::new();
    for (name, _) in request.query_pairs() {
        let name = String::from_utf8_lossy(&name).to_ascii_lowercase();
        if name.starts_with("x-amz-") && !seen.insert(name.clone()) {
            let why = format!("The parameter {} is given more than once", short(&name));
            return Err(ApiError::incomplete_signature(why));
        }
    }
    let mut missing = Vec::new();
    let mut take = |name: &str| {
        let value = request.query_parameter(name).filter(|value| !value.is_empty());
        if value.is_none() {
            missing.push(format!("AWS query-string parameters must include '{name}'."));
        }
        value.unwrap_or_default()
    };
    let credential = take("X-Amz-Credential");
    let signature = take("X-Amz-Signature");
    let signed_headers = take("X-Amz-SignedHeaders");
    let date = take("X-Amz-Date");
    let expires = take("X-Amz-Expires");
    if !missing.is_empty() {
        return Err(ApiError::incomplete_signature(missing.join(" ")));
    }
    let token = request.query_parameter("X-Amz-Security-Token");
    Ok(Authorization {
        credential,
        signed_headers,
        signature,
        date,
        token,
        expires: Some(expires),
        presigned: true,
    })
}

/// A part of the request in an error: short, and without what a terminal would act on.
pub(super) fn short(text: &str) -> String {
    text.chars().take(120).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
