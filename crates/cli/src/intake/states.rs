//! Which states of MFA a requester can be in: the presence table of MF-002, read backwards.

use twokeys::mfa::{Profile, Signing};
use twokeys::report::{NotAsked, Warning};
use twokeys::request::{MfaState, PrincipalKind};

/// What decides which states are possible.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signer {
    /// Who asks.
    pub(super) kind: PrincipalKind,
    /// Whose word counts.
    pub(super) profile: Profile,
    /// Does a service forward the request?
    pub(super) forwarded: bool,
}

impl Signer {
    /// Can a request of this requester be in this state?
    pub(super) fn can_be(self, state: MfaState) -> bool {
        let direct = |state| self.ways().iter().any(|signing| same(signing.mfa(self.profile), state));
        if self.forwarded {
            let ways = self.ways();
            return ways
                .iter()
                .any(|signing| same(Signing::Forwarded(signing.mfa(self.profile)).mfa(self.profile), state));
        }
        direct(state)
    }

    /// The states in which nobody asks, and why not.
    pub(super) fn not_asked(self, states: &[MfaState]) -> Vec<NotAsked> {
        let out = states.iter().filter(|state| !self.can_be(**state));
        out.map(|state| NotAsked { mfa: word(*state).into(), reason: self.why_not(*state).to_owned() })
            .collect()
    }

    /// A word for someone who asks about a state that cannot be.
    pub(super) fn warning(self, state: MfaState) -> Option<Warning> {
        if self.can_be(state) {
            return None;
        }
        let message = format!("MFA {} cannot be here: {}", word(state), self.why_not(state));
        Some(Warning::of_question("impossible-mfa", message, "leave `--mfa` out to ask what can be"))
    }

    /// All that can sign for such a requester.
    fn ways(self) -> &'static [Signing] {
        const USER: &[Signing] = &[
            Signing::AccessKey,
            Signing::SessionToken { mfa_age: None },
            Signing::SessionToken { mfa_age: Some(0) },
        ];
        // Sessions by SAML, web identity and Identity Center are sessions of a role as well.
        const ROLE: &[Signing] =
            &[Signing::Role, Signing::RoleFromMfaSession { mfa_age: 0 }, Signing::Federated];
        match self.kind {
            PrincipalKind::User | PrincipalKind::Root => USER,
            PrincipalKind::RoleSession => ROLE,
            PrincipalKind::FederatedUser => &[Signing::Federated],
            PrincipalKind::FederatedCaller => &[Signing::FederationCall],
            PrincipalKind::Service | PrincipalKind::Anonymous => &[Signing::ServiceOrAnonymous],
        }
    }

    fn why_not(self, state: MfaState) -> &'static str {
        match (self.kind, state) {
            (_, MfaState::Missing) if self.forwarded => {
                "a service that forwards a call signs with temporary credentials (MF-002)"
            }
            (PrincipalKind::RoleSession, MfaState::True { .. }) => {
                "a session of a role carries no MFA, however it was made (MF-016)"
            }
            (PrincipalKind::RoleSession, _) => "every session of a role says false or true, as observed",
            (PrincipalKind::FederatedUser, _) => "a federated user's session carries no MFA (MF-002)",
            _ => "nothing that such a requester signs with carries an MFA key (MF-002)",
        }
    }
}

/// The word of a state.
fn word(state: MfaState) -> &'static str {
    match state {
        MfaState::Missing => "missing",
        MfaState::False => "false",
        MfaState::True { .. } => "true",
    }
}

/// The same but for the age.
fn same(one: MfaState, other: MfaState) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mf_002_a_requester_can_be_in_the_states_of_its_rows() {
        use PrincipalKind::{Anonymous, FederatedUser, RoleSession, Root, Service, User};
        use Profile::{Documented, Observed};
        for (kind, profile, forwarded, expected) in [
            (User, Documented, false, "-FT"),
            (Root, Documented, false, "-FT"),
            (User, Documented, true, "FT"),
            (RoleSession, Documented, false, "-F"),
            (RoleSession, Documented, true, "F"),
            (RoleSession, Observed, false, "FT"),
            (FederatedUser, Documented, false, "-"),
            (FederatedUser, Observed, false, "F"),
            (Service, Documented, false, "-"),
            (Anonymous, Observed, false, "-"),
        ] {
            let signer = Signer { kind, profile, forwarded };
            let states = [(MfaState::Missing, '-'), (MfaState::False, 'F'), (MfaState::True { age: 9 }, 'T')];
            let found: String =
                states.iter().filter(|(state, _)| signer.can_be(*state)).map(|(_, letter)| letter).collect();
            assert_eq!(found, expected, "{kind:?} {profile:?} {forwarded}");
        }
    }
}
