//! Which of several faults a client is told of: the first in the order of the specification.

use super::*;

const NOW: u64 = 1_767_603_600;

#[derive(Debug)]
struct Known;

impl Secret for Known {
    fn secret(&self) -> &[u8] {
        b"secret"
    }
}

/// What a signed request is made of.
struct Parts {
    path: &'static str,
    query: &'static str,
    algorithm: Option<&'static str>,
    other_algorithm: bool,
    access_key_id: &'static str,
    scope_date: &'static str,
    region: &'static str,
    service: &'static str,
    end: &'static str,
    signed_headers: &'static str,
    signature: Option<&'static str>,
    date: &'static str,
    expires: &'static str,
}

const RIGHT_BUT_FOR_THE_SIGNATURE: Parts = Parts {
    path: "/",
    query: "",
    algorithm: Some(ALGORITHM),
    other_algorithm: false,
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    scope_date: "20260105",
    region: "eu-west-1",
    service: "iam",
    end: "/aws4_request",
    signed_headers: "host",
    signature: Some("0"),
    date: "20260105T090000Z",
    expires: "60",
};

/// A fault: its rule, how to make it, and what is said of it where the header or the query is signed.
type Fault = (&'static str, fn(&mut Parts), &'static str, &'static str);

const FAULTS: &[Fault] = &[
    (
        "API-020",
        |parts| parts.algorithm = None,
        "MissingAuthenticationToken: Request is missing Authentication Token",
        "MissingAuthenticationToken: Request is missing Authentication Token",
    ),
    (
        "API-021, both",
        |parts| parts.other_algorithm = true,
        "SignatureDoesNotMatch: The request is signed in more than one place",
        "SignatureDoesNotMatch: The request is signed in more than one place",
    ),
    ("API-021, path", |parts| parts.path = "/%4", "InvalidURIPath", "InvalidURIPath"),
    ("API-021, query", |parts| parts.query = "a=%zz", "MalformedQueryString", "MalformedQueryString"),
    (
        "API-022",
        |parts| parts.algorithm = Some("AWS4-ECDSA-P256-SHA256"),
        "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'",
        "MissingAuthenticationToken",
    ),
    (
        "API-023",
        |parts| parts.signature = None,
        "IncompleteSignature: Authorization header requires 'Signature' parameter.",
        "IncompleteSignature: AWS query-string parameters must include 'X-Amz-Signature'.",
    ),
    (
        "API-024, host",
        |parts| parts.signed_headers = "nowhere",
        "SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader'",
        "SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader'",
    ),
    (
        "API-024, absent",
        |parts| parts.signed_headers = "host;nowhere;x-amz-date",
        "SignatureDoesNotMatch: The signed header 'nowhere' is not in the request.",
        "SignatureDoesNotMatch: The signed header 'nowhere' is not in the request.",
    ),
    (
        "API-025",
        |parts| parts.date = "20260105T090000+00",
        "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '20260105T090000+00'.",
        "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '20260105T090000",
    ),
    (
        "API-026",
        |parts| parts.date = "20260105T084459Z",
        "SignatureDoesNotMatch: Signature expired: 20260105T084459Z is now earlier than 20260105T084500Z \
         (20260105T090000Z - 15 min.)",
        "SignatureDoesNotMatch: Signature expired: 20260105T084459Z is now earlier than 20260105T085900Z \
         (20260105T090000Z - 1 min.)",
    ),
    (
        "API-027",
        |parts| parts.date = "20260105T091501Z",
        "SignatureDoesNotMatch: Signature not yet current: 20260105T091501Z is still later than 20260105T091500Z \
         (20260105T090000Z + 15 min.)",
        "SignatureDoesNotMatch: Signature not yet current",
    ),
    (
        "API-028",
        |parts| parts.end = "",
        "IncompleteSignature: Credential must have exactly 5 slash-delimited elements",
        "IncompleteSignature: Credential must have exactly 5 slash-delimited elements",
    ),
    (
        "API-029, day",
        |parts| parts.scope_date = "20260104",
        "SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD",
        "SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD",
    ),
    (
        "API-029, service",
        |parts| parts.service = "s3",
        "SignatureDoesNotMatch: Credential should be scoped to correct service: 'iam'.",
        "SignatureDoesNotMatch: Credential should be scoped to correct service: 'iam'.",
    ),
    (
        "API-029, region",
        |parts| parts.region = "EU_WEST",
        "SignatureDoesNotMatch: Credential should be scoped to a valid region.",
        "SignatureDoesNotMatch: Credential should be scoped to a valid region.",
    ),
    ("API-030", |parts| parts.access_key_id = "NOBODY", "InvalidClientTokenId", "InvalidClientTokenId"),
    (
        "API-031",
        |_| {},
        "SignatureDoesNotMatch: The request signature we calculated",
        "SignatureDoesNotMatch: The request signature we calculated",
    ),
];

fn said(parts: &Parts, presigned: bool) -> String {
    let Parts { access_key_id, scope_date, region, service, end, signed_headers, .. } = parts;
    let credential = format!("{access_key_id}/{scope_date}/{region}/{service}{end}");
    let (mut authorization, mut query) = (String::new(), parts.query.to_owned());
    let mut headers = vec![("Host", "h")];
    if presigned {
        for (name, value) in [
            ("Algorithm", parts.algorithm),
            ("Credential", Some(&*credential)),
            ("SignedHeaders", Some(signed_headers)),
            ("Date", Some(parts.date)),
            ("Expires", Some(parts.expires)),
            ("Signature", parts.signature),
        ] {
            query.extend(value.map(|value| format!("&X-Amz-{name}={value}")));
        }
        if parts.other_algorithm {
            headers.push(("Authorization", "AWS4-HMAC-SHA256 x"));
        }
        if signed_headers.contains("x-amz-date") {
            headers.push(("X-Amz-Date", parts.date));
        }
    } else {
        headers.push(("X-Amz-Date", parts.date));
        if let Some(algorithm) = parts.algorithm {
            let signature =
                parts.signature.map(|signature| format!(", Signature={signature}")).unwrap_or_default();
            let signed = if *signed_headers == "host" { "host;x-amz-date" } else { signed_headers };
            authorization = format!("{algorithm} Credential={credential}, SignedHeaders={signed}{signature}");
        }
        if parts.other_algorithm {
            query.push_str("&X-Amz-Algorithm=AWS4-HMAC-SHA256");
        }
        if !authorization.is_empty() {
            headers.push(("Authorization", &authorization));
        }
    }
    let request =
        SignedRequest { method: "GET", path: parts.path, query: &query, headers: &headers, body: b"" };
    let look_up = |key: &KeyQuery<'_>| {
        if key.access_key_id == "NOBODY" {
            Err(crate::wire::ApiError::invalid_client_token_id())
        } else {
            Ok(Known)
        }
    };
    verify(&request, NOW, look_up)
        .map_or_else(|error| format!("{}: {}", error.code, error.message), |_| "ok".to_owned())
}

#[test]
fn api_020_to_031_of_all_faults_together_the_first_is_told() {
    for presigned in [false, true] {
        for (first, (rule, _, of_header, of_query)) in FAULTS.iter().enumerate() {
            // A request that is signed nowhere is not signed twice.
            let faults =
                FAULTS.iter().skip(first).filter(|(of, ..)| *rule != "API-020" || *of != "API-021, both");
            let mut parts = RIGHT_BUT_FOR_THE_SIGNATURE;
            // From the last to the first: where two faults are of one part, the earlier rule's stays.
            faults.rev().for_each(|(_, make, ..)| make(&mut parts));
            let expected = if presigned { of_query } else { of_header };
            let said = said(&parts, presigned);
            assert!(said.starts_with(expected), "{rule}, presigned: {presigned}\n{said}\n{expected}");
        }
    }
}

#[test]
fn api_023_all_that_is_missing_is_named_at_once() {
    let headers = [("Authorization", "AWS4-HMAC-SHA256 Credential=x")];
    let request = SignedRequest { method: "GET", path: "/", query: "", headers: &headers, body: b"" };
    let error = verify(&request, NOW, |_| Ok(Known)).unwrap_err();
    insta::assert_snapshot!(error.message, @"Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Authorization header: AWS4-HMAC-SHA256)");
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Date=";
    let request = SignedRequest { method: "GET", path: "/", query, headers: &[], body: b"" };
    let error = verify(&request, NOW, |_| Ok(Known)).unwrap_err();
    insta::assert_snapshot!(error.message, @"AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. AWS query-string parameters must include 'X-Amz-Expires'.");
}
