//! Signing, for clients of ours and for tests: the same canonical text as verification.

use super::canonical::{self, Scope};
use super::{ALGORITHM, SignedRequest};

/// The value of `Authorization` for a request whose headers hold `host`, `x-amz-date` and, for a session,
/// `x-amz-security-token`. Every header that is given is signed.
pub fn sign(
    request: &SignedRequest<'_>,
    access_key_id: &str,
    secret: &[u8],
    region: &str,
    service: &str,
) -> String {
    let date = request.header("x-amz-date").unwrap_or_default();
    let scope = Scope { date: date.get(..8).unwrap_or_default(), region, service };
    let mut signed: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    signed.sort();
    signed.dedup();
    let canonical =
        canonical::canonical_request(request, false, &signed, &canonical::body_hash(request.body));
    let to_sign = canonical::string_to_sign(date, scope, &canonical);
    let signature = canonical::signature(secret, scope, &to_sign).unwrap_or_default();
    format!(
        "{ALGORITHM} Credential={access_key_id}/{}/{region}/{service}/aws4_request, SignedHeaders={}, \
         Signature={signature}",
        scope.date,
        signed.join(";")
    )
}
