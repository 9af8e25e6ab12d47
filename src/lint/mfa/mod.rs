//! What the rules about MFA share: the judgment by caller class, and who speaks for whom.
//!
//! A statement that names an MFA key is a [`guard`]. For whom its MFA tests hold is its [`vector`], and
//! the engine says so. A `Deny` that stops everyone but those with MFA is a gate; what its `NotAction`
//! leaves free is its [`exemption`].

mod exemption;
mod guard;
pub(super) mod mend;
mod names;
mod reach;
mod stand_in;
mod truth;
mod vector;

pub(super) use exemption::{
    ENROLLMENT, SESSION_TOKEN, STANDARD, denied_to_own_user, exemptions, is_enrollment, is_harmless, is_own,
    reaches_own_user,
};
pub(super) use guard::{
    Guard, Stops, all_statements, covers_principals, first_test, gates, guards, is_everyone, named,
    other_tests,
};
pub(super) use names::{Names, action, resource};
pub(super) use reach::{free_on_others, names_mfa, open_to_everyone};
pub(super) use stand_in::stand_in;
pub use truth::MfaTruth;
pub(super) use vector::{LONGEST, Vector};

use super::Test;
use crate::name::fold;
use crate::policy::PolicyType;
use crate::request::{MFA_AGE, MFA_PRESENT};

/// The kinds of policy in which a gate keeps users from acting without MFA.
pub(super) const OF_USERS: &[PolicyType] =
    &[PolicyType::Identity, PolicyType::Boundary, PolicyType::ServiceControl];

/// Is a test on one of the two MFA keys?
pub(super) fn is_on_mfa_key(test: &Test<'_>) -> bool {
    is_mfa_key(test.key())
}

fn is_mfa_key(key: &str) -> bool {
    key.eq_ignore_ascii_case(MFA_PRESENT) || key.eq_ignore_ascii_case(MFA_AGE)
}

/// Does a test spare callers for whom a gate is commonly left open: services, and callers by name?
pub(super) fn is_carve_out(test: &Test<'_>) -> bool {
    let key = fold(test.key());
    match key.as_str() {
        "aws:viaawsservice" | "aws:principalisawsservice" => {
            test.values().iter().all(|value| fold(&value.text) == "false")
        }
        "aws:principalarn" | "aws:principaltype" | "aws:principalaccount" | "aws:username" | "aws:userid" => {
            true
        }
        _ => key.starts_with("aws:principaltag/") || key.starts_with("aws:calledvia"),
    }
}

/// Does a test rest on what the caller sends along?
pub(super) fn is_spoofable(test: &Test<'_>) -> bool {
    test.is_on("aws:UserAgent") || test.is_on("aws:Referer")
}
