//! What a user can do about the own MFA device: enroll a first one, and get rid of it.

use super::Account;
use super::attached::Attached;
use super::circumstances::Circumstances;
use super::matrix::{Asker, Deciding, deciding};
use super::principal::PrincipalRef;
use super::problem::Indeterminate;
use super::user::User;
use crate::engine::Evaluation;
use crate::name::Action;
use crate::request::Resource;
use crate::verdict::{Answers, Verdict};

/// A question about the own device, with its answers.
#[derive(Debug, Clone)]
pub struct OwnDevice {
    /// What is to be done.
    pub action: Action,
    /// The user, the device, or `*`.
    pub resource: Resource,
    /// The answers in the three states.
    pub answers: Answers,
}

/// Can a first device be enrolled, with and without MFA? (MF-018)
#[derive(Debug, Clone)]
pub struct Enrollment {
    /// The four calls it takes.
    pub calls: Vec<OwnDevice>,
}

/// Where the calls go.
#[derive(Debug, Clone, Copy)]
enum Target {
    User,
    Device,
    Star,
}

/// What it takes to enroll a device.
const ENROLL: [(&str, Target); 4] = [
    ("iam:CreateVirtualMFADevice", Target::Device),
    ("iam:EnableMFADevice", Target::User),
    ("iam:ListMFADevices", Target::User),
    ("iam:ListVirtualMFADevices", Target::Star),
];

/// What gets rid of one.
const REMOVE: [(&str, Target); 2] =
    [("iam:DeactivateMFADevice", Target::User), ("iam:DeleteVirtualMFADevice", Target::Device)];

impl OwnDevice {
    /// What the answers say.
    pub fn verdict(&self) -> Verdict {
        self.answers.verdict()
    }

    /// The statement that decides one of the answers.
    pub fn by<'a>(&self, answer: Evaluation, attached: &'a Attached<'a>) -> Option<Deciding<'a>> {
        deciding(attached, answer)
    }
}

impl Enrollment {
    /// Are all four calls allowed, in each state?
    pub fn possible(&self) -> Answers<bool> {
        let all = |answer: fn(&Answers) -> Evaluation| {
            self.calls.iter().all(|call| answer(&call.answers).decision().is_allowed())
        };
        Answers {
            missing: all(|answers| answers.missing),
            false_: all(|answers| answers.false_),
            true_: all(|answers| answers.true_),
        }
    }
}

/// Asks for everything that enrolling a first device takes.
///
/// # Errors
///
/// The context holds a key that is no key.
pub fn enrollment(
    account: &Account,
    user: &User,
    attached: &Attached<'_>,
    circumstances: &Circumstances,
) -> Result<Enrollment, Indeterminate> {
    Ok(Enrollment { calls: ask(&ENROLL, account, user, attached, circumstances)? })
}

/// Asks whether the user can deactivate or delete the own device.
///
/// A device must be deactivated before it is deleted, so the first call is the one that counts.
///
/// # Errors
///
/// The context holds a key that is no key.
pub fn removal(
    account: &Account,
    user: &User,
    attached: &Attached<'_>,
    circumstances: &Circumstances,
) -> Result<Vec<OwnDevice>, Indeterminate> {
    ask(&REMOVE, account, user, attached, circumstances)
}

fn ask(
    calls: &[(&str, Target)],
    account: &Account,
    user: &User,
    attached: &Attached<'_>,
    circumstances: &Circumstances,
) -> Result<Vec<OwnDevice>, Indeterminate> {
    let mut asker = Asker::new(PrincipalRef::User(user), circumstances)?;
    let trouble = |error: &dyn std::fmt::Display| Indeterminate { reasons: vec![error.to_string()] };
    // The device that is there; else one named like the user, as the console proposes.
    let virtual_device = user.sign_in.devices.iter().find(|serial| serial.starts_with("arn:"));
    let device = virtual_device
        .cloned()
        .unwrap_or_else(|| format!("arn:{}:iam::{}:mfa/{}", account.partition(), account.id(), user.name));
    let mut asked = Vec::with_capacity(calls.len());
    for (action, target) in calls {
        let action: Action = action.parse().map_err(|error| trouble(&error))?;
        let resource = match target {
            Target::User => Resource::Arn(user.arn.clone()),
            Target::Device => device.parse().map_err(|error| trouble(&error))?,
            Target::Star => Resource::Star,
        };
        let answers = asker.ask_all(attached.set(), &action, &resource)?;
        asked.push(OwnDevice { action, resource, answers });
    }
    Ok(asked)
}
