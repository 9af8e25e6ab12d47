//! Requests that botocore signed (`scripts/sigv4-requests`), and the same with something changed.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::wire::{ApiError, Params};

const NOW: u64 = 1_767_603_600;

#[derive(Debug, Deserialize)]
struct Recorded {
    suite: Vec<Row>,
    clients: Vec<Row>,
}

#[derive(Debug, Clone, Deserialize)]
struct Row {
    name: String,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    region: String,
    token: Option<String>,
}

struct Known;

impl Secret for Known {
    fn secret(&self) -> &[u8] {
        b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    }
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

impl Row {
    fn with<T>(&self, ask: impl FnOnce(&SignedRequest<'_>) -> T) -> T {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ask(&SignedRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: self.body.as_bytes(),
        })
    }

    fn verified(&self, now: u64) -> Result<(String, String), ApiError> {
        let look_up = |query: &KeyQuery<'_>| {
            let prefix = if self.token.is_some() { "ASIA" } else { "AKIA" };
            let right = query.access_key_id == format!("{prefix}IOSFODNN7EXAMPLE")
                && query.session_token == self.token.as_deref();
            if right { Ok(Known) } else { Err(ApiError::invalid_client_token_id()) }
        };
        self.with(|request| verify(request, now, look_up)).map(|found| (found.service, found.region))
    }
}

#[test]
fn api_035_the_published_suite() {
    let suite = recorded().suite;
    assert!(suite.len() >= 24);
    for row in suite {
        let mut unsigned = row.clone();
        unsigned.headers.retain(|(name, _)| name != "Authorization");
        let signed = unsigned.with(|request| {
            let secret = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
            sign(request, "AKIDEXAMPLE", secret, "us-east-1", "service")
        });
        let expected = &row.headers.iter().find(|(name, _)| name == "Authorization").unwrap().1;
        assert_eq!(&signed, expected, "{}", row.name);
    }
}

#[test]
fn api_033_api_034_what_clients_sign_is_right() {
    for row in recorded().clients {
        assert_eq!(row.verified(NOW).unwrap(), (row.service.clone(), row.region.clone()), "{}", row.name);
        let params = row.with(Params::of_request).unwrap();
        assert!(params.get("Action").is_some() && !params.has("X-Amz-Signature"), "{}", row.name);
    }
}

#[test]
fn api_034_the_smaller_of_expiry_and_a_quarter_of_an_hour() {
    let presigned: Vec<_> = recorded().clients.into_iter().filter(|row| !row.query.is_empty()).collect();
    // Asked for 60, 3600 and 900 seconds.
    for (row, life) in presigned.iter().zip([60, 900, 900]) {
        assert!(row.verified(NOW + life).is_ok(), "{}", row.name);
        assert_eq!(row.verified(NOW + life + 1).unwrap_err().code, "SignatureDoesNotMatch", "{}", row.name);
        assert_eq!(row.verified(NOW - 901).unwrap_err().code, "SignatureDoesNotMatch", "{}", row.name);
    }
    for expires in ["0", "604801", "-1", "x", "+60", "99999999999999999999"] {
        let mut row = presigned[0].clone();
        row.query = row.query.replace("X-Amz-Expires=60", &format!("X-Amz-Expires={expires}"));
        assert_eq!(row.verified(NOW).unwrap_err().code, "IncompleteSignature", "{expires}");
    }
}

#[test]
fn api_034_nothing_can_be_added_to_a_presigned_request() {
    let row = recorded().clients.into_iter().find(|row| !row.query.is_empty()).unwrap();
    let said = |change: &dyn Fn(&mut Row)| {
        let mut row = row.clone();
        change(&mut row);
        row.verified(NOW).map_or_else(|error| format!("{} {}", error.status, error.code), |_| "ok".to_owned())
    };
    assert_eq!(said(&|_| {}), "ok");
    assert_eq!(said(&|row| row.body = "Action=DeleteUser".to_owned()), "403 SignatureDoesNotMatch");
    assert_eq!(said(&|row| row.query.push_str("&UserName=bob")), "403 SignatureDoesNotMatch");
    assert_eq!(said(&|row| row.query.push_str("&X-Amz-Signature=0")), "400 IncompleteSignature");
    assert_eq!(said(&|row| row.query.push_str("&x-amz-%73ignature=0")), "400 IncompleteSignature");
    assert_eq!(said(&|row| row.query.push_str("&X-Amz-Credential=x")), "400 IncompleteSignature");
    assert_eq!(said(&|row| row.query.push_str("&X-Amz-Security-Token=x")), "403 InvalidClientTokenId");
    let unsigned =
        |name: &'static str| move |row: &mut Row| row.headers.push((name.to_owned(), "x".to_owned()));
    assert_eq!(said(&unsigned("X-Amz-Security-Token")), "403 SignatureDoesNotMatch");
    assert_eq!(said(&unsigned("Authorization")), "403 SignatureDoesNotMatch");
    assert_eq!(
        said(&|row| row.query = row.query.replace("AWS4-HMAC", "AWS5-HMAC")),
        "403 MissingAuthenticationToken"
    );
    assert_eq!(
        said(&|row| row.query = row.query.replace("X-Amz-Expires", "Expires")),
        "400 IncompleteSignature"
    );
}

/// Whatever in the query stands beside a signature in the header is signed, its name notwithstanding.
#[test]
fn api_032_a_query_beside_a_header_is_signed_whole() {
    for row in recorded().clients.into_iter().filter(|row| row.query.is_empty()) {
        for query in ["X-Amz-Signature=x", "a", "=", "%FF=1"] {
            let changed = Row { query: query.to_owned(), ..row.clone() };
            assert_eq!(changed.verified(NOW).unwrap_err().code, "SignatureDoesNotMatch", "{query}");
        }
    }
}

#[test]
fn h016_to_h018_what_is_not_signed_or_not_meant() {
    let row = recorded().clients.into_iter().next().unwrap();
    let said = |name: &str, value: &str| {
        let mut row = row.clone();
        row.headers.push((name.to_owned(), value.to_owned()));
        row.verified(NOW).map_or_else(|error| format!("{} {}", error.status, error.code), |_| "ok".to_owned())
    };
    for (name, value, expected) in [
        ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD", "403 SignatureDoesNotMatch"),
        ("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "403 SignatureDoesNotMatch"),
        ("X-Amz-Security-Token", "x", "403 SignatureDoesNotMatch"),
        ("X-Amz-Date", "20260105T090000Z", "403 SignatureDoesNotMatch"),
        ("Authorization", "Bearer x", "403 SignatureDoesNotMatch"),
        ("Host", "attacker.example", "403 SignatureDoesNotMatch"),
        ("User-Agent", "x", "ok"),
        ("amz-sdk-request", "attempt=2", "ok"),
    ] {
        assert_eq!(said(name, value), expected, "{name}");
    }
}

/// What is no text is not made one: two such requests have two signatures.
#[test]
fn api_032_bytes_that_are_no_text_stay_apart() {
    let headers = [("Host", "h"), ("X-Amz-Date", "20260105T090000Z")];
    let signed = |path, query| {
        let request = SignedRequest { method: "GET", path, query, headers: &headers, body: b"" };
        sign(&request, "AKIAIOSFODNN7EXAMPLE", Known.secret(), "us-east-1", "iam")
    };
    assert_ne!(signed("/%FF", ""), signed("/%FE", ""));
    assert_ne!(signed("/", "a=%FF"), signed("/", "a=%FE"));
    assert_ne!(signed("/", "a=%2B"), signed("/", "a=+"));
    assert_ne!(signed("/a%2Fb", ""), signed("/a/b", ""));
    assert_ne!(signed("/%2E%2E/a", ""), signed("/../a", ""));
    // One meaning, one signature.
    assert_eq!(signed("/%7ea", "b=%7e&a"), signed("/~a", "a=&b=~"));
}

/// The claim of a body's hash is what is signed, as clients do; only the true one is taken.
#[test]
fn h017_a_signed_claim_of_an_unsigned_body() {
    let body = b"Action=GetUser";
    let hash = canonical::body_hash(body);
    let shouted = hash.to_uppercase();
    for (claimed, right) in [
        (hash.as_str(), true),
        (shouted.as_str(), false),
        ("UNSIGNED-PAYLOAD", false),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", false),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false),
        ("", false),
    ] {
        let mut headers =
            vec![("Host", "h"), ("X-Amz-Content-Sha256", claimed), ("X-Amz-Date", "20260105T090000Z")];
        let names = ["host", "x-amz-content-sha256", "x-amz-date"].map(str::to_owned);
        let request = SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body };
        let scope = canonical::Scope { date: "20260105", region: "us-east-1", service: "iam" };
        let text = canonical::canonical_request(&request, false, &names, claimed);
        let to_sign = canonical::string_to_sign("20260105T090000Z", scope, &text);
        let signature = canonical::signature(Known.secret(), scope, &to_sign).unwrap();
        let authorization = format!(
            "{ALGORITHM} Credential=AKIAIOSFODNN7EXAMPLE/20260105/us-east-1/iam/aws4_request, SignedHeaders={}, \
             Signature={signature}",
            names.join(";")
        );
        headers.push(("Authorization", &authorization));
        let request = SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body };
        assert_eq!(verify(&request, NOW, |_| Ok(Known)).is_ok(), right, "{claimed}");
    }
}

/// What a request says, whatever way it is written; two requests of one meaning may share a signature.
fn meaning(row: &Row) -> impl PartialEq + use<> {
    let mut query: Vec<_> = row.with(|request| request.query_pairs().collect());
    query.sort();
    let mut headers: Vec<_> = row
        .headers
        .iter()
        .filter(|(name, _)| name != "Content-Length")
        .map(|(name, value)| {
            (name.to_ascii_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .collect();
    headers.sort();
    (row.method.clone(), row.path.clone(), query, headers, row.body.clone())
}

fn flipped(text: &mut String, at: usize, bit: u8) {
    let mut bytes = std::mem::take(text).into_bytes();
    if !bytes.is_empty() {
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
    }
    *text = String::from_utf8_lossy(&bytes).into_owned();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn api_035_one_bit_of_anything_signed(which in 0..7_usize, place in 0..6_usize, at: usize, bit in 0..7_u8) {
        let row = recorded().clients.swap_remove(which);
        let mut changed = row.clone();
        match place {
            0 => flipped(&mut changed.method, at, bit),
            1 => flipped(&mut changed.path, at, bit),
            2 => flipped(&mut changed.query, at, bit),
            3 => flipped(&mut changed.body, at, bit),
            _ => {
                let header = at % changed.headers.len();
                flipped(&mut changed.headers[header].1, at / 7, bit);
            }
        }
        prop_assume!(meaning(&row) != meaning(&changed));
        prop_assert!(changed.verified(NOW).is_err(), "{changed:?}");
    }

    #[test]
    fn no_request_makes_it_panic(
        method in "GET|POST|PUT|\\PC{0,5}",
        path in "(/|\\.|%|[a-z]|\\PC){0,12}",
        query in "((&|=|%|%[0-9A-F]{2}|X-Amz-(Algorithm=AWS4-HMAC-SHA256|Date|Credential|Expires=9)|\\PC)){0,20}",
        authorization in "(AWS4-HMAC-SHA256 |Credential=|SignedHeaders=|Signature=|host|;|,|/|\\PC){0,20}",
        date in "[0-9]{8}T[0-9]{6}Z|\\PC{0,20}",
        body in "(&|=|%|%[0-9a-f]{2}|\\.member\\.|[A-Za-z0-9]|\\PC){0,40}",
    ) {
        let headers = vec![
            ("Host".to_owned(), "h".to_owned()),
            ("Authorization".to_owned(), authorization),
            ("X-Amz-Date".to_owned(), date),
        ];
        let mut row = Row {
            name: String::new(), method, path, query, headers, body,
            service: String::new(), region: String::new(), token: None,
        };
        prop_assert!(row.verified(NOW).is_err());
        row.headers.remove(1);
        prop_assert!(row.verified(NOW).is_err());
        let _ = row.with(Params::of_request);
        let _ = Params::read(row.body.as_bytes());
    }
}
