//! Lists of MFA devices: what `aws iam list-virtual-mfa-devices` and `list-mfa-devices` print.

use serde::Deserialize;

use super::problem::{Problem, ProblemKind};
use crate::name::{AccountId, Arn};

/// Devices that are enabled for someone, and those that wait for an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MfaDevices {
    /// Serial numbers with their owners; of a hardware device the number, else an ARN.
    pub enabled: Vec<(Owner, String)>,
    /// Virtual devices that nobody has.
    pub unassigned: Vec<String>,
}

/// Whose device it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The root user of an account.
    Root(AccountId),
    /// A user, by name; the account where the list tells it.
    User(String, Option<AccountId>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    #[serde(rename = "VirtualMFADevices")]
    virtual_devices: Option<Vec<VirtualDevice>>,
    #[serde(rename = "MFADevices")]
    devices: Option<Vec<Device>>,
    is_truncated: Option<bool>,
    next_token: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VirtualDevice {
    serial_number: String,
    user: Option<Who>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Who {
    user_name: Option<String>,
    arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    user_name: String,
    serial_number: String,
}

impl MfaDevices {
    /// Reads lists of either kind, one or several one after the other.
    ///
    /// ```
    /// use twokeys::account::{MfaDevices, Owner};
    ///
    /// let text = br#"{"MFADevices": [{"UserName": "bob", "SerialNumber": "GAHT12345678"}]}"#;
    /// let devices = MfaDevices::read(text)?;
    /// assert_eq!(devices.enabled, [(Owner::User("bob".into(), None), "GAHT12345678".into())]);
    /// # Ok::<(), twokeys::account::Problem>(())
    /// ```
    ///
    /// # Errors
    ///
    /// It is neither list, a value has the wrong type, or a further page is missing.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let problem = |kind| Problem::new(None, "", kind);
        let text = str::from_utf8(bytes).map_err(|_| problem(ProblemKind::NotUtf8))?;
        let mut devices = Self::default();
        let mut truncated = false;
        let mut lists = 0;
        for listed in serde_json::Deserializer::from_str(text).into_iter::<Listed>() {
            let listed = listed.map_err(|error| problem(ProblemKind::Json(error.to_string())))?;
            lists += usize::from(listed.virtual_devices.is_some() || listed.devices.is_some());
            truncated = listed.is_truncated == Some(true) || listed.next_token.is_some();
            for device in listed.virtual_devices.unwrap_or_default() {
                match device.user {
                    Some(who) => devices.enabled.push((who.owner().map_err(problem)?, device.serial_number)),
                    None => devices.unassigned.push(device.serial_number),
                }
            }
            for device in listed.devices.unwrap_or_default() {
                devices.enabled.push((Owner::User(device.user_name, None), device.serial_number));
            }
        }
        if truncated {
            return Err(problem(ProblemKind::Truncated));
        }
        if lists == 0 {
            let words = "this is not what `aws iam list-virtual-mfa-devices` or `list-mfa-devices` prints";
            return Err(problem(ProblemKind::Json(words.to_owned())));
        }
        Ok(devices)
    }
}

impl Who {
    fn owner(self) -> Result<Owner, ProblemKind> {
        let arn: Arn = self.arn.parse()?;
        let account = arn.account();
        match (arn.resource(), account) {
            ("root", Some(account)) => Ok(Owner::Root(account)),
            (resource, _) => {
                let last = resource.rsplit('/').next().unwrap_or_default();
                Ok(Owner::User(self.user_name.unwrap_or_else(|| last.to_owned()), account))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_read_and_root_is_known_by_its_arn() {
        let text = r#"{"VirtualMFADevices": [
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/root-account-mfa-device",
             "User": {"Arn": "arn:aws:iam::111122223333:root", "UserId": "111122223333"}, "EnableDate": "x"},
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/spare"},
            {"SerialNumber": "arn:aws:iam::111122223333:mfa/a",
             "User": {"Arn": "arn:aws:iam::111122223333:user/eng/a", "UserName": "a"}}]}
          {"MFADevices": [{"UserName": "b", "SerialNumber": "GAHT12345678", "EnableDate": "x"}]}"#;
        let devices = MfaDevices::read(text.as_bytes()).unwrap();
        let account = "111122223333".parse().unwrap();
        let owners: Vec<_> = devices.enabled.into_iter().map(|(owner, _)| owner).collect();
        assert_eq!(
            owners,
            [Owner::Root(account), Owner::User("a".into(), Some(account)), Owner::User("b".into(), None)]
        );
        assert_eq!(devices.unassigned, ["arn:aws:iam::111122223333:mfa/spare"]);
    }

    #[test]
    fn what_is_no_list_or_not_all_of_it_is_refused() {
        for (text, code) in [
            ("{}", "dump-json"),
            ("", "dump-json"),
            (r#"{"MFADevices": [{"SerialNumber": 1}]}"#, "dump-json"),
            (r#"{"MFADevices": [], "IsTruncated": true}"#, "truncated-dump"),
        ] {
            assert_eq!(MfaDevices::read(text.as_bytes()).unwrap_err().code(), code, "{text}");
        }
    }
}
