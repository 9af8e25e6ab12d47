//! What a store keeps: one record for each thing, and the changes of records.

use serde::{Deserialize, Serialize};

use super::{AccessKey, AccountRecord, Device, Group, ManagedPolicy, Revocation, Role, ThrottleRecord, User};

/// One thing of the account.
// The name of the kind goes around the record: a tag inside would clash with a field of that name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// The account and its root user.
    Account(AccountRecord),
    /// A user.
    User(User),
    /// A group.
    Group(Group),
    /// A role.
    Role(Role),
    /// A managed policy, of the account or of AWS.
    Policy(ManagedPolicy),
    /// An MFA device.
    Device(Device),
    /// A long-term access key.
    AccessKey(AccessKey),
    /// How often a user has failed on all devices together.
    Throttle(ThrottleRecord),
    /// Since when the sessions of a principal are void.
    Revocation(Revocation),
}

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The account and its root user.
    Account,
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A managed policy.
    Policy,
    /// An MFA device.
    Device,
    /// A long-term access key.
    AccessKey,
    /// Failures of a user.
    Throttle,
    /// Void sessions.
    Revocation,
}

/// What a handler asks the store to do. All changes of one call are committed together or not at all.
#[derive(Debug, Clone)]
pub enum Change {
    /// Writes a record, in place of the one with its id if there is one.
    Put(Box<Record>),
    /// Removes a record.
    Remove(Kind, String),
}

impl Kind {
    /// All of them, in the order in which a store is filled.
    pub const ALL: [Self; 9] = [
        Self::Account,
        Self::Group,
        Self::User,
        Self::Role,
        Self::Policy,
        Self::Device,
        Self::AccessKey,
        Self::Throttle,
        Self::Revocation,
    ];

    /// The word that stands for it on disk.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::Device => "device",
            Self::AccessKey => "access_key",
            Self::Throttle => "throttle",
            Self::Revocation => "revocation",
        }
    }

    /// Can a change of such a record alter what someone's policies say?
    pub fn decides(self) -> bool {
        matches!(self, Self::Account | Self::User | Self::Group | Self::Role | Self::Policy)
    }
}

impl Record {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Account(_) => Kind::Account,
            Self::User(_) => Kind::User,
            Self::Group(_) => Kind::Group,
            Self::Role(_) => Kind::Role,
            Self::Policy(_) => Kind::Policy,
            Self::Device(_) => Kind::Device,
            Self::AccessKey(_) => Kind::AccessKey,
            Self::Throttle(_) => Kind::Throttle,
            Self::Revocation(_) => Kind::Revocation,
        }
    }

    /// What tells it from the others of its kind.
    pub fn id(&self) -> &str {
        match self {
            Self::Account(_) => "account",
            Self::User(user) => &user.id,
            Self::Group(group) => &group.id,
            Self::Role(role) => &role.id,
            Self::Policy(policy) => &policy.arn,
            Self::Device(device) => &device.serial,
            Self::AccessKey(key) => &key.id,
            Self::Throttle(throttle) => &throttle.owner,
            Self::Revocation(revocation) => &revocation.principal,
        }
    }
}

macro_rules! into_change {
    ($($record:ident($inner:ty)),* $(,)?) => {$(
        impl From<$inner> for Change {
            fn from(inner: $inner) -> Self {
                Self::Put(Box::new(Record::$record(inner)))
            }
        }
    )*};
}

into_change! {
    Account(AccountRecord), User(User), Group(Group), Role(Role), Policy(ManagedPolicy),
    Device(Device), AccessKey(AccessKey), Throttle(ThrottleRecord), Revocation(Revocation),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::{Keys, Purpose};
    use crate::start::System;
    use crate::state::DeviceKind;

    /// A device has a kind, too: what is written must be read again, or no folder with a device opens.
    #[test]
    fn rl_042_a_device_is_read_as_it_was_written() {
        let sealed = Keys::new([7; 32]).seal(Purpose::Seed, b"s", b"seed", &System).unwrap();
        let device = Device {
            serial: "arn:aws:iam::123456789012:mfa/a".to_owned(),
            kind: DeviceKind::Virtual,
            seed: sealed,
            created: 1,
            life: twokeys::mfa::Device::default(),
            tags: Vec::new(),
        };
        let written = serde_json::to_string(&Record::Device(device.clone())).unwrap();
        let Ok(Record::Device(read)) = serde_json::from_str(&written) else { panic!("{written}") };
        assert_eq!(read, device);
    }
}
