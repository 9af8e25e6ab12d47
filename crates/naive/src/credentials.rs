//! EV-096 and EV-097: what AWS lets every caller do, and what it keeps from some credentials.

use twokeys::request::{CredentialType, KeyState, PrincipalKind, Request};

use crate::maybe::Maybe;

/// The key that decides what signed a request, where nothing else tells.
pub(crate) const MFA_PRESENT: &str = "aws:MultiFactorAuthPresent";

/// EV-096: is the action beyond the reach of policies?
pub(crate) fn is_exempt(request: &Request) -> Maybe {
    use PrincipalKind::{Anonymous, FederatedCaller, Root, User};
    let kind = request.principal.kind();
    match request.action.folded() {
        // Every signed request may ask who it is.
        "sts:getcalleridentity" => Maybe::known(!matches!(kind, Anonymous | FederatedCaller)),
        "sts:getsessiontoken" if matches!(kind, User | Root) => uses_long_term_credentials(request),
        _ => Maybe::NO,
    }
}

/// As told; where nothing is told, a request without the MFA key counts as long-term.
fn uses_long_term_credentials(request: &Request) -> Maybe {
    match (request.principal.details.credential, request.context.get(MFA_PRESENT)) {
        (Some(credential), _) => Maybe::known(credential == CredentialType::LongTerm),
        (None, KeyState::Absent) => Maybe::YES,
        (None, KeyState::Known(_)) => Maybe::NO,
        (None, KeyState::Unknown) => Maybe::EITHER,
    }
}

/// EV-097: does the kind of credential forbid the action?
pub(crate) fn is_restricted(request: &Request) -> Maybe {
    let action = request.action.folded();
    let is_of = |service| Maybe::known(request.action.service() == service);
    let is_one_of = |names: &[&str]| Maybe::known(names.contains(&action));
    let by_credential = match request.principal.details.credential {
        None | Some(CredentialType::LongTerm) => Maybe::NO,
        Some(CredentialType::GetSessionToken) => Maybe::any([
            Maybe::all([is_of("iam"), mfa_was_included(request).not()]),
            Maybe::all([is_of("sts"), is_one_of(&["sts:assumerole", "sts:getcalleridentity"]).not()]),
        ]),
        Some(CredentialType::GetFederationToken) => Maybe::any([
            is_of("iam"),
            Maybe::all([is_of("sts"), is_one_of(&["sts:getcalleridentity"]).not()]),
        ]),
    };
    let of_role_session = Maybe::all([
        Maybe::known(request.principal.kind() == PrincipalKind::RoleSession),
        is_one_of(&["sts:getfederationtoken", "sts:getsessiontoken"]),
    ]);
    Maybe::any([by_credential, of_role_session])
}

/// EV-097: `aws:MultiFactorAuthPresent` is `true`.
fn mfa_was_included(request: &Request) -> Maybe {
    match request.context.get(MFA_PRESENT) {
        KeyState::Known([value]) => Maybe::known(value.eq_ignore_ascii_case("true")),
        KeyState::Known(_) | KeyState::Absent => Maybe::NO,
        KeyState::Unknown => Maybe::EITHER,
    }
}
