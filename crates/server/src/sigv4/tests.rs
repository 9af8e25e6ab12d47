//! Signatures: published ones, ours, and every one bit off.

use super::*;
use crate::wire::ApiError;

const NOW: u64 = 1_767_603_600;
const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &[u8] = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

struct Known;

impl Secret for Known {
    fn secret(&self) -> &[u8] {
        SECRET
    }
}

fn check(request: &SignedRequest<'_>) -> Result<(), ApiError> {
    let known = |query: &KeyQuery<'_>| {
        if query.access_key_id == KEY { Ok(Known) } else { Err(ApiError::invalid_client_token_id()) }
    };
    verify(request, NOW, known).map(|_| ())
}

fn signed(body: &str, change: impl Fn(&mut Vec<(String, String)>)) -> (Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = [
        ("Host", "127.0.0.1:4599"),
        ("X-Amz-Date", "20260105T090000Z"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let view: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request =
        SignedRequest { method: "POST", path: "/", query: "", headers: &view, body: body.as_bytes() };
    let authorization = sign(&request, KEY, SECRET, "eu-west-1", "iam");
    headers.push(("Authorization".to_owned(), authorization));
    change(&mut headers);
    (headers, body.to_owned())
}

fn outcome(headers: &[(String, String)], query: &str, body: &str) -> String {
    let view: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = SignedRequest { method: "POST", path: "/", query, headers: &view, body: body.as_bytes() };
    check(&request).map_or_else(|error| format!("{} {}", error.status, error.code), |()| "ok".to_owned())
}

/// The first request of the suite that AWS published for this algorithm: `get-vanilla`.
#[test]
fn api_035_the_published_canonical_request_and_signature() {
    let headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")];
    let request = SignedRequest { method: "GET", path: "/", query: "", headers: &headers, body: b"" };
    let secret = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let authorization = sign(&request, "AKIDEXAMPLE", secret, "us-east-1", "service");
    assert!(
        authorization.ends_with("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        "{authorization}"
    );
}

/// `get-vanilla-query-order-key-case` and `get-header-value-trim` of the same suite.
#[test]
fn api_035_queries_are_sorted_and_values_trimmed() {
    let secret = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")];
    let query = "Param2=value2&Param1=value1";
    let request = SignedRequest { method: "GET", path: "/", query, headers: &headers, body: b"" };
    let authorization = sign(&request, "AKIDEXAMPLE", secret, "us-east-1", "service");
    assert!(
        authorization.ends_with("Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        "{authorization}"
    );
    let headers = [
        ("Host", "example.amazonaws.com"),
        ("My-Header1", " value1"),
        ("My-Header2", " \"a   b   c\""),
        ("X-Amz-Date", "20150830T123600Z"),
    ];
    let request = SignedRequest { method: "GET", path: "/", query: "", headers: &headers, body: b"" };
    let authorization = sign(&request, "AKIDEXAMPLE", secret, "us-east-1", "service");
    assert!(
        authorization.ends_with("Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        "{authorization}"
    );
}

#[test]
fn a_right_signature_is_right_in_any_region() {
    let (headers, body) = signed("Action=GetUser&Version=2010-05-08", |_| {});
    assert_eq!(outcome(&headers, "", &body), "ok");
}

#[test]
fn api_035_one_bit_off_anywhere_is_refused() {
    let (headers, body) = signed("Action=GetUser&Version=2010-05-08", |_| {});
    for (at, (_, value)) in headers.iter().enumerate() {
        for byte in 0..value.len() {
            for bit in 0..7 {
                let mut changed = headers.clone();
                let mut bytes = value.clone().into_bytes();
                bytes[byte] ^= 1 << bit;
                let Ok(text) = String::from_utf8(bytes) else { continue };
                // White space around and inside a value does not count.
                if text.split_whitespace().eq(value.split_whitespace()) {
                    continue;
                }
                changed[at].1 = text.clone();
                assert_ne!(outcome(&changed, "", &body), "ok", "{text}");
            }
        }
    }
    for byte in 0..body.len() {
        let mut bytes = body.clone().into_bytes();
        bytes[byte] ^= 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(outcome(&headers, "", &changed), "403 SignatureDoesNotMatch", "{changed}");
    }
    assert_eq!(outcome(&headers, "Action=DeleteUser", &body), "403 SignatureDoesNotMatch");
}

/// Each row has the defect of its rule and of all rules after it; the first is what the client sees.
#[test]
fn api_020_to_031_the_first_defect_decides() {
    let authorization = |value: &'static str| {
        move |headers: &mut Vec<(String, String)>| {
            headers.last_mut().unwrap().1 = value.to_owned();
        }
    };
    let old = "AWS4-HMAC-SHA256 Credential=NOBODY/20200101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";
    let cases: Vec<(&str, Box<dyn Fn(&mut Vec<(String, String)>)>, &str)> = vec![
        ("API-020", Box::new(|headers| drop(headers.pop())), "403 MissingAuthenticationToken"),
        ("API-022", Box::new(authorization("AWS4-HMAC-SHA512 x")), "400 IncompleteSignature"),
        ("API-023", Box::new(authorization("AWS4-HMAC-SHA256 Credential=x")), "400 IncompleteSignature"),
        (
            "API-024",
            Box::new(authorization("AWS4-HMAC-SHA256 Credential=x, SignedHeaders=x-amz-date, Signature=x")),
            "403 SignatureDoesNotMatch",
        ),
        ("API-024, unsigned", Box::new(authorization(old)), "403 SignatureDoesNotMatch"),
        (
            "API-025",
            Box::new(|headers| headers[1].1 = "2026-01-05T09:00:00Z".to_owned()),
            "400 IncompleteSignature",
        ),
        (
            "API-026",
            Box::new(|headers| headers[1].1 = "20260105T084459Z".to_owned()),
            "403 SignatureDoesNotMatch",
        ),
        (
            "API-027",
            Box::new(|headers| headers[1].1 = "20260105T091501Z".to_owned()),
            "403 SignatureDoesNotMatch",
        ),
        (
            "API-028",
            Box::new(authorization(
                "AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=content-type;host;x-amz-date, Signature=x",
            )),
            "400 IncompleteSignature",
        ),
        (
            "API-029",
            Box::new(authorization(
                "AWS4-HMAC-SHA256 Credential=x/20260105/us-east-1/s3/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date, Signature=x",
            )),
            "403 SignatureDoesNotMatch",
        ),
        (
            "API-030",
            Box::new(authorization(
                "AWS4-HMAC-SHA256 Credential=NOBODY/20260105/us-east-1/iam/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date, Signature=x",
            )),
            "403 InvalidClientTokenId",
        ),
    ];
    for (rule, change, expected) in cases {
        let (headers, body) = signed("Action=GetUser", change);
        assert_eq!(outcome(&headers, "", &body), expected, "{rule}");
    }
    let (headers, body) = signed("Action=GetUser", |_| {});
    let both = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
    assert_eq!(outcome(&headers, both, &body), "403 SignatureDoesNotMatch", "API-021");
    assert_eq!(outcome(&headers, "a=%4", &body), "404 MalformedQueryString", "API-021");
    let (headers, body) = signed("Action=GetUser", authorization("AWS5 Credential=x"));
    assert_eq!(outcome(&headers, "a=%4", &body), "404 MalformedQueryString", "API-021 before API-022");
    let view: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for path in ["/%4", "/%zz", "", ".", "*"] {
        let request = SignedRequest { method: "POST", path, query: "a=%4", headers: &view, body: b"" };
        assert_eq!(check(&request).unwrap_err().code, "InvalidURIPath", "API-021: the path before the query");
    }
    let (headers, body) = signed("Action=GetUser", |headers| drop(headers.pop()));
    assert_eq!(outcome(&headers, "a=%4", &body), "403 MissingAuthenticationToken", "API-020 before API-021");
}

#[test]
fn api_026_the_edges_of_a_quarter_of_an_hour() {
    for (date, expected) in [
        ("20260105T084500Z", "ok"),
        ("20260105T084459Z", "403 SignatureDoesNotMatch"),
        ("20260105T091500Z", "ok"),
        ("20260105T091501Z", "403 SignatureDoesNotMatch"),
    ] {
        let mut headers = vec![("Host", "h"), ("X-Amz-Date", date)];
        let request = SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body: b"" };
        let authorization = sign(&request, KEY, SECRET, "us-east-1", "sts");
        headers.push(("Authorization", &authorization));
        let request = SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body: b"" };
        let said =
            check(&request).map_or_else(|error| format!("{} {}", error.status, error.code), |()| "ok".into());
        assert_eq!(said, expected, "{date}");
    }
}
