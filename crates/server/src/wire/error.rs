//! Errors as clients read them: code, status, message.

use std::borrow::Cow;

/// A refusal. Codes and statuses are those of the API's model; clients act on the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// `NoSuchEntity`
    pub code: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// For people; some tools match on it (API-050).
    pub message: String,
}

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        impl ApiError {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(message: impl Into<String>) -> Self {
                Self { code: Cow::Borrowed($code), status: $status, message: message.into() }
            }
        )*}
    };
}

errors! {
    /// The caller may not do this.
    access_denied = "AccessDenied", 403;
    /// Two calls changed the same thing.
    concurrent_modification = "ConcurrentModification", 409;
    /// Something still belongs to what is to be deleted.
    delete_conflict = "DeleteConflict", 409;
    /// There is one of that name.
    entity_already_exists = "EntityAlreadyExists", 409;
    /// The header or the query of a signature lacks something.
    incomplete_signature = "IncompleteSignature", 400;
    /// The codes are not two right ones in a row.
    invalid_authentication_code = "InvalidAuthenticationCode", 403;
    /// The message was not made here.
    invalid_authorization_message = "InvalidAuthorizationMessageException", 400;
    /// No such operation.
    invalid_action = "InvalidAction", 400;
    /// The form can be read in no way, or in two (API-002).
    invalid_query_parameter = "InvalidQueryParameter", 400;
    /// A value that the model allows and the operation does not.
    invalid_input = "InvalidInput", 400;
    /// The path has a broken escape.
    invalid_uri_path = "InvalidURIPath", 400;
    /// Only users can do this.
    invalid_user_type = "InvalidUserType", 400;
    /// A quota.
    limit_exceeded = "LimitExceeded", 409;
    /// The policy is none that AWS stores.
    malformed_policy_document = "MalformedPolicyDocument", 400;
    /// The query has a broken escape (API-021).
    malformed_query_string = "MalformedQueryString", 404;
    /// Nothing has that name.
    no_such_entity = "NoSuchEntity", 404;
    /// Session policies and tags are too long.
    packed_policy_too_large = "PackedPolicyTooLarge", 400;
    /// The password is not what the account's policy asks for.
    password_policy_violation = "PasswordPolicyViolation", 400;
    /// Policies could not be evaluated.
    policy_evaluation = "PolicyEvaluation", 500;
    /// It cannot be attached to anything.
    policy_not_attachable = "PolicyNotAttachable", 400;
    /// The report is too old; make a new one.
    report_expired = "ReportExpired", 410;
    /// Wait for the report.
    report_in_progress = "ReportInProgress", 404;
    /// There is no report.
    report_not_present = "ReportNotPresent", 410;
    /// Our fault.
    service_failure = "ServiceFailure", 500;
    /// Too much at once.
    service_unavailable = "ServiceUnavailable", 503;
    /// The signature, its date or its scope is not right.
    signature_does_not_match = "SignatureDoesNotMatch", 403;
    /// It belongs to AWS.
    unmodifiable_entity = "UnmodifiableEntity", 400;
    /// The parameters are not what the model says.
    validation = "ValidationError", 400;
}

impl ApiError {
    /// The request is signed by nobody (API-020).
    #[must_use]
    pub fn missing_authentication_token() -> Self {
        Self::of("MissingAuthenticationToken", 403, "Request is missing Authentication Token")
    }

    /// The form has no `Action`.
    #[must_use]
    pub fn missing_action() -> Self {
        Self::of("MissingAction", 400, "The request must contain the parameter Action")
    }

    /// The credential is none (STS-032).
    #[must_use]
    pub fn invalid_client_token_id() -> Self {
        Self::of("InvalidClientTokenId", 403, "The security token included in the request is invalid.")
    }

    /// The session has ended (STS-032).
    #[must_use]
    pub fn expired_token() -> Self {
        Self::of("ExpiredToken", 403, "The security token included in the request is expired")
    }

    /// The body is beyond 1 MiB (API-008).
    #[must_use]
    pub fn request_entity_too_large() -> Self {
        Self::of("RequestEntityTooLarge", 413, "The request is larger than 1 MiB")
    }

    fn of(code: &'static str, status: u16, message: &str) -> Self {
        Self { code: Cow::Borrowed(code), status, message: message.to_owned() }
    }

    /// The body is encoded in a way that is not read.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::of("UnsupportedMediaType", 415, "The body must be a form, without a content encoding")
    }

    /// Whose fault it is, in the words of the protocol.
    #[must_use]
    pub fn fault(&self) -> &'static str {
        if self.status >= 500 { "Receiver" } else { "Sender" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Annex A of the specification.
    #[test]
    fn api_050_codes_have_the_statuses_of_the_model() {
        type Make = fn(String) -> ApiError;
        let rows: [(Make, &str, u16); 17] = [
            (ApiError::concurrent_modification, "ConcurrentModification", 409),
            (ApiError::delete_conflict, "DeleteConflict", 409),
            (ApiError::entity_already_exists, "EntityAlreadyExists", 409),
            (ApiError::invalid_authentication_code, "InvalidAuthenticationCode", 403),
            (ApiError::invalid_authorization_message, "InvalidAuthorizationMessageException", 400),
            (ApiError::invalid_input, "InvalidInput", 400),
            (ApiError::invalid_user_type, "InvalidUserType", 400),
            (ApiError::limit_exceeded, "LimitExceeded", 409),
            (ApiError::malformed_policy_document, "MalformedPolicyDocument", 400),
            (ApiError::no_such_entity, "NoSuchEntity", 404),
            (ApiError::packed_policy_too_large, "PackedPolicyTooLarge", 400),
            (ApiError::password_policy_violation, "PasswordPolicyViolation", 400),
            (ApiError::policy_evaluation, "PolicyEvaluation", 500),
            (ApiError::policy_not_attachable, "PolicyNotAttachable", 400),
            (ApiError::report_expired, "ReportExpired", 410),
            (ApiError::report_in_progress, "ReportInProgress", 404),
            (ApiError::service_failure, "ServiceFailure", 500),
        ];
        for (make, code, status) in rows {
            let error = make("why".to_owned());
            assert_eq!((&*error.code, error.status, &*error.message), (code, status, "why"));
            assert_eq!(error.fault(), if status == 500 { "Receiver" } else { "Sender" }, "{code}");
        }
    }
}
