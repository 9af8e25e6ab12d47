//! How users sign in, as far as a credential report and lists of devices tell.
//!
//! A dump says nothing of passwords, keys and devices. What the other files say is put beside the users;
//! where they contradict each other or the dump, the later word counts and the contradiction is noted.

use std::fmt;

use super::Account;
use super::credential_report::CredentialReport;
use super::mfa_devices::{MfaDevices, Owner};
use super::problem::{Problem, ProblemKind};
use crate::name::AccountId;

/// Passwords, keys and devices of a user, or of root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// Is there a password for the console? Unknown without a credential report.
    pub password: Option<bool>,
    /// Does the credential report say that a device is active?
    pub mfa_active: Option<bool>,
    /// How many access keys are active? Unknown without a credential report.
    pub access_keys: Option<u8>,
    /// Serial numbers of the devices that lists tell of.
    pub devices: Vec<String>,
}

/// Two files that do not agree. The later one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The report names a user that the dump does not have.
    NotInDump(String),
    /// The dump has a user that the report does not name; reports are up to four hours old.
    NotInReport(String),
    /// A device is listed for a user that the dump does not have.
    DeviceOfNobody {
        /// The user.
        user: String,
        /// The device.
        serial: String,
    },
    /// The report says that there is no active device, a list has one.
    DeviceNotInReport(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInDump(user) => write!(f, "user/{user}: in the credential report, but not in the dump"),
            Self::NotInReport(user) => {
                write!(f, "user/{user}: in the dump, but not in the credential report")
            }
            Self::DeviceOfNobody { user, serial } => {
                write!(f, "user/{user}: has the device `{serial}`, but is not in the dump")
            }
            Self::DeviceNotInReport(user) => write!(
                f,
                "user/{user}: has no device by the credential report, but one by the list of devices"
            ),
        }
    }
}

impl SignIn {
    /// Is there an MFA device? Unknown if nothing that was read tells.
    ///
    /// A list of virtual devices does not tell of those without one: they may have a hardware device.
    pub fn has_device(&self) -> Option<bool> {
        if self.devices.is_empty() { self.mfa_active } else { Some(true) }
    }
}

impl Account {
    /// How the root user signs in; all unknown without other files.
    pub fn root(&self) -> &SignIn {
        &self.root
    }

    /// Where the files that were read do not agree.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Virtual devices that nobody has.
    pub fn unassigned_devices(&self) -> &[String] {
        &self.unassigned
    }

    /// Adds what a credential report tells.
    ///
    /// # Errors
    ///
    /// It is about another account.
    pub fn add_credential_report(&mut self, report: &CredentialReport) -> Result<(), Problem> {
        self.same_account(report.account)?;
        let unknown = report.users.iter().filter(|(name, _)| self.user(name).is_none());
        let unknown: Vec<_> = unknown.map(|(name, _)| Notice::NotInDump(name.clone())).collect();
        self.notices.extend(unknown);
        if let Some(root) = report.root {
            self.root.password = root.password;
            self.root.mfa_active = Some(root.mfa);
            self.root.access_keys = Some(root.access_keys);
        }
        let mut rows: Vec<_> = report.users.iter().collect();
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        for user in &mut self.users {
            let found =
                rows.binary_search_by(|(name, _)| name.cmp(&user.name)).ok().and_then(|at| rows.get(at));
            let Some((_, row)) = found else {
                self.notices.push(Notice::NotInReport(user.name.clone()));
                continue;
            };
            user.sign_in.password = row.password;
            user.sign_in.mfa_active = Some(row.mfa);
            user.sign_in.access_keys = Some(row.access_keys);
        }
        self.devices_agree();
        Ok(())
    }

    /// Adds what lists of devices tell.
    ///
    /// # Errors
    ///
    /// They are about another account.
    pub fn add_mfa_devices(&mut self, devices: &MfaDevices) -> Result<(), Problem> {
        for (owner, _) in &devices.enabled {
            if let Owner::Root(account) | Owner::User(_, Some(account)) = owner {
                self.same_account(*account)?;
            }
        }
        for (owner, serial) in &devices.enabled {
            let sign_in = match owner {
                Owner::Root(_) => Some(&mut self.root),
                Owner::User(name, _) => {
                    let at = self.users.binary_search_by(|user| user.name.cmp(name)).ok();
                    at.and_then(|at| self.users.get_mut(at)).map(|user| &mut user.sign_in)
                }
            };
            match (sign_in, owner) {
                (Some(sign_in), _) if sign_in.devices.contains(serial) => {}
                (Some(sign_in), _) => sign_in.devices.push(serial.clone()),
                (None, Owner::User(user, _)) => {
                    let (user, serial) = (user.clone(), serial.clone());
                    self.notices.push(Notice::DeviceOfNobody { user, serial });
                }
                (None, Owner::Root(_)) => {}
            }
        }
        self.unassigned.extend(devices.unassigned.iter().cloned());
        self.devices_agree();
        Ok(())
    }

    fn same_account(&self, found: AccountId) -> Result<(), Problem> {
        if found == self.id {
            return Ok(());
        }
        Err(Problem::new(None, "", ProblemKind::ForeignFile { found, account: self.id }))
    }

    fn devices_agree(&mut self) {
        for user in &self.users {
            let notice = Notice::DeviceNotInReport(user.name.clone());
            let contradicts = user.sign_in.mfa_active == Some(false) && !user.sign_in.devices.is_empty();
            if contradicts && !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
    }
}
