//! Policy texts on their way into the account: read by the one parser, or refused.

use twokeys::engine::Prepared;
use twokeys::policy::{Policy, PolicyType};

use crate::wire::ApiError;

/// Is it a policy of this type?
///
/// # Errors
///
/// `MalformedPolicyDocument`, with the first mistake and its place.
pub fn check(text: &str, kind: PolicyType) -> Result<(), ApiError> {
    let policy = Policy::parse(text).and_then(|policy| Prepared::new("the policy", policy, kind));
    policy.map(|_| ()).map_err(|errors| ApiError::malformed_policy_document(errors.to_string()))
}

/// Its size as AWS counts it: characters that are not white space.
pub fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_ascii_whitespace()).count()
}
