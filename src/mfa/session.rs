//! Which credential puts which MFA keys into a request: the rows of MF-002.
//!
//! `aws:MultiFactorAuthPresent` is missing for long-term credentials, and `true` or `false` for
//! temporary ones. `aws:MultiFactorAuthAge` is there only where the first is `true` (MF-003). See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>.

use crate::request::MfaState;

/// Which reading of AWS to follow where its pages and reports differ (MF-002, rows 11, 12, 14 to 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// As documented: the default.
    #[default]
    Documented,
    /// As some tool authors report.
    Observed,
}

/// The credential that signs a request. Each variant is a row of MF-002, or several that agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signing {
    /// Rows 1, 6, 17: access key of a user or of root, the `AssumeRole` call included.
    AccessKey,
    /// Row 7: the `AssumeRole` call of an access key that passes a device and a code with it.
    AccessKeyWithCode,
    /// Rows 2, 3, 18, 25: console sign-in, and what is derived from it.
    Console {
        /// Seconds since the code was typed, if MFA was used.
        mfa_age: Option<u64>,
    },
    /// Rows 4, 5, 8, 18: credentials from `GetSessionToken`, their `AssumeRole` calls included.
    SessionToken {
        /// Seconds since the code was typed, if one was given.
        mfa_age: Option<u64>,
    },
    /// Rows 9, 10, 21, 22: a role session, made by an access key, with a code or without, or by a service.
    Role,
    /// Rows 11, 12: a role session made from a session with MFA.
    RoleFromMfaSession {
        /// Seconds since the code was typed.
        mfa_age: u64,
    },
    /// Row 13: the unsigned call of `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`.
    FederationCall,
    /// Rows 14, 15, 16: sessions of SAML, web identity, Identity Center and `GetFederationToken`.
    Federated,
    /// Rows 19, 20: a service forwards a call of someone whose own request would carry this state.
    Forwarded(MfaState),
    /// Row 23: a service on its own behalf, and unsigned requests.
    ServiceOrAnonymous,
    /// Row 24: a session of `AssumeRoot`.
    AssumedRoot,
}

impl Signing {
    /// The MFA keys that requests signed like this carry.
    ///
    /// No profile turns a credential without MFA into one with.
    pub fn mfa(self, profile: Profile) -> MfaState {
        let observed = profile == Profile::Observed;
        match self {
            Self::AccessKey | Self::FederationCall | Self::ServiceOrAnonymous | Self::AssumedRoot => {
                MfaState::Missing
            }
            Self::AccessKeyWithCode => MfaState::True { age: 0 },
            Self::Console { mfa_age } | Self::SessionToken { mfa_age } => {
                mfa_age.map_or(MfaState::False, |age| MfaState::True { age })
            }
            Self::RoleFromMfaSession { mfa_age } if observed => MfaState::True { age: mfa_age },
            Self::Role | Self::RoleFromMfaSession { .. } => MfaState::False,
            Self::Federated if observed => MfaState::False,
            Self::Federated => MfaState::Missing,
            // The service signs with temporary credentials, so a missing key becomes false.
            Self::Forwarded(MfaState::True { age }) => MfaState::True { age },
            Self::Forwarded(MfaState::Missing | MfaState::False) => MfaState::False,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Context, KeyState, MFA_AGE, MFA_PRESENT};

    /// Row of MF-002, credential, state as documented, state as observed: `-`, `F`, or the age.
    const ROWS: &[(u8, Signing, &str, &str)] = &[
        (1, Signing::AccessKey, "-", "-"),
        (2, Signing::Console { mfa_age: None }, "F", "F"),
        (3, Signing::Console { mfa_age: Some(9) }, "9", "9"),
        (4, Signing::SessionToken { mfa_age: None }, "F", "F"),
        (5, Signing::SessionToken { mfa_age: Some(9) }, "9", "9"),
        (6, Signing::AccessKey, "-", "-"),
        (7, Signing::AccessKeyWithCode, "0", "0"),
        (8, Signing::SessionToken { mfa_age: Some(9) }, "9", "9"),
        (9, Signing::Role, "F", "F"),
        (10, Signing::Role, "F", "F"),
        (11, Signing::RoleFromMfaSession { mfa_age: 9 }, "F", "9"),
        (12, Signing::RoleFromMfaSession { mfa_age: 9 }, "F", "9"),
        (13, Signing::FederationCall, "-", "-"),
        (14, Signing::Federated, "-", "F"),
        (15, Signing::Federated, "-", "F"),
        (16, Signing::Federated, "-", "F"),
        (17, Signing::AccessKey, "-", "-"),
        (18, Signing::Console { mfa_age: None }, "F", "F"),
        (18, Signing::SessionToken { mfa_age: Some(9) }, "9", "9"),
        (19, Signing::Forwarded(MfaState::Missing), "F", "F"),
        (19, Signing::Forwarded(MfaState::False), "F", "F"),
        (20, Signing::Forwarded(MfaState::True { age: 9 }), "9", "9"),
        (21, Signing::Role, "F", "F"),
        (22, Signing::Role, "F", "F"),
        (23, Signing::ServiceOrAnonymous, "-", "-"),
        (24, Signing::AssumedRoot, "-", "-"),
        (25, Signing::Console { mfa_age: Some(9) }, "9", "9"),
    ];

    fn shown(state: MfaState) -> String {
        let context = state.apply(Context::builder()).build().unwrap();
        match (context.get(MFA_PRESENT), context.get(MFA_AGE)) {
            (KeyState::Absent, KeyState::Absent) => "-".to_owned(),
            (KeyState::Known([present]), KeyState::Absent) if present == "false" => "F".to_owned(),
            (KeyState::Known([present]), KeyState::Known([age])) if present == "true" => age.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn mf_002_every_row_in_both_profiles() {
        for (row, signing, documented, observed) in ROWS {
            assert_eq!(shown(signing.mfa(Profile::Documented)), *documented, "row {row}, documented");
            assert_eq!(shown(signing.mfa(Profile::Observed)), *observed, "row {row}, observed");
        }
        let rows: std::collections::BTreeSet<_> = ROWS.iter().map(|(row, ..)| *row).collect();
        assert_eq!(rows, (1..=25).collect());
    }

    #[test]
    fn mf_002_no_profile_turns_a_credential_without_mfa_into_one_with() {
        for (row, signing, documented, _) in ROWS {
            let with_mfa = matches!(signing.mfa(Profile::Observed), MfaState::True { .. });
            let from_mfa = matches!(signing, Signing::RoleFromMfaSession { .. });
            assert!(!with_mfa || from_mfa || !matches!(*documented, "-" | "F"), "row {row}");
        }
    }
}
