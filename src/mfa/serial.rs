//! Serial numbers of MFA devices, and the names that virtual devices may bear.
//!
//! A serial number is 9 to 256 characters of `[\w+=/:,.@-]`, ASCII only. What kind of device it names, and so
//! whether it can give codes, is read off its form.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html>

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::name::{AccountId, Arn};

/// How many characters a serial number has, ends included.
const LENGTH: std::ops::RangeInclusive<usize> = 9..=256;
/// How long a path may be, in characters.
const LONGEST_PATH: usize = 512;
/// The name that the sign-in page gives to the device of the root user.
const OF_ROOT: &str = "root-account-mfa-device";

/// The serial number of a device, as the parameter `SerialNumber` carries it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MfaSerial {
    text: String,
    kind: MfaKind,
}

/// What a serial number names.
///
/// Exhaustive: who serves devices has to say what becomes of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MfaKind {
    /// `arn:aws:iam::ACCOUNT:mfa/[PATH/]NAME`: an app that shows codes.
    Virtual,
    /// A vendor's number: a token that shows codes.
    Hardware,
    /// `arn:aws:iam::ACCOUNT:u2f/user/NAME/KEY`: a key or passkey; it gives no codes.
    Fido,
    /// Another ARN, such as the one of a user that was typed in its place: no device at all.
    Other,
}

/// Why a text is no serial number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a serial number has 9 to 256 characters of letters, digits and `_+=/:,.@-`, but `{0}` has not")]
pub struct InvalidSerial(String);

/// Why a virtual device may not be called so (MFA-010).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidDeviceName {
    /// The name is empty or has other characters.
    #[error("the name of a device is made of letters, digits and `_+=,.@-`")]
    Name,
    /// The path does not begin and end with `/`, is too long or has other characters.
    #[error("a path is `/` or begins and ends with `/`, at most {LONGEST_PATH} visible ASCII characters")]
    Path,
    /// Its ARN would not be a serial number: it is too long, or the path has characters that it may not have.
    #[error("path and name make no serial number: at most 256 characters of letters, digits and `_+=/:,.@-`")]
    Serial,
}

impl MfaSerial {
    /// The serial number of the virtual device `name` under `path` (`/` if it has none).
    ///
    /// # Errors
    ///
    /// Name or path break MFA-010, or the ARN made of them is no serial number.
    pub fn of_virtual(
        partition: &str,
        account: AccountId,
        path: &str,
        name: &str,
    ) -> Result<Self, InvalidDeviceName> {
        if name.is_empty() || !name.bytes().all(is_of_name) {
            return Err(InvalidDeviceName::Name);
        }
        if !is_path(path) {
            return Err(InvalidDeviceName::Path);
        }
        let text = format!("arn:{partition}:iam::{account}:mfa{path}{name}");
        let serial: Self = text.parse().map_err(|_| InvalidDeviceName::Serial)?;
        // A partition that is none makes no ARN of a device.
        if serial.kind == MfaKind::Virtual { Ok(serial) } else { Err(InvalidDeviceName::Serial) }
    }

    /// The serial number as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it names.
    pub fn kind(&self) -> MfaKind {
        self.kind
    }

    /// Can the device give codes, for `GetSessionToken` and `AssumeRole`?
    pub fn gives_codes(&self) -> bool {
        matches!(self.kind, MfaKind::Virtual | MfaKind::Hardware)
    }

    /// The account of an ARN; a vendor's number has none.
    pub fn account(&self) -> Option<AccountId> {
        self.text.parse::<Arn>().ok()?.account()
    }

    /// The name of a virtual device, without its path.
    pub fn device_name(&self) -> Option<&str> {
        (self.kind == MfaKind::Virtual).then(|| self.text.rsplit('/').next()).flatten()
    }

    /// Is it what the sign-in page calls the device of the root user? Root may have chosen another name.
    pub fn is_named_for_root(&self) -> bool {
        self.text.parse::<Arn>().is_ok_and(|arn| arn.resource().strip_prefix("mfa/") == Some(OF_ROOT))
    }
}

impl FromStr for MfaSerial {
    type Err = InvalidSerial;

    fn from_str(text: &str) -> Result<Self, InvalidSerial> {
        let of_serial = |byte: u8| is_of_name(byte) || matches!(byte, b'/' | b':');
        if LENGTH.contains(&text.len()) && text.bytes().all(of_serial) {
            Ok(Self { text: text.to_owned(), kind: kind_of(text) })
        } else {
            Err(InvalidSerial(text.to_owned()))
        }
    }
}

impl fmt::Display for MfaSerial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An ARN is never a vendor's number, even a broken one: it would name a device that is none.
fn kind_of(text: &str) -> MfaKind {
    if !text.starts_with("arn:") {
        return MfaKind::Hardware;
    }
    let Ok(arn) = text.parse::<Arn>() else { return MfaKind::Other };
    let [_, partition, service, region, _, resource] = arn.fields();
    if partition.is_empty() || service != "iam" || !region.is_empty() || arn.account().is_none() {
        return MfaKind::Other;
    }
    match resource.split_once('/') {
        Some(("mfa", rest)) if rest.rsplit('/').next().is_some_and(is_device_name) => MfaKind::Virtual,
        Some(("u2f", rest)) if !rest.is_empty() => MfaKind::Fido,
        _ => MfaKind::Other,
    }
}

fn is_device_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_of_name)
}

/// `[\w+=,.@-]`, without the letters of other scripts.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

fn is_path(text: &str) -> bool {
    let framed = text == "/" || (text.len() > 2 && text.starts_with('/') && text.ends_with('/'));
    framed && text.len() <= LONGEST_PATH && text.bytes().all(|byte| (0x21..=0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(path: &str, name: &str) -> Result<String, InvalidDeviceName> {
        let account = "012345678901".parse().unwrap();
        MfaSerial::of_virtual("aws", account, path, name).map(|serial| serial.to_string())
    }

    #[test]
    fn mfa_010_path_and_name_make_the_serial_number() {
        assert_eq!(made("/", "phone").unwrap(), "arn:aws:iam::012345678901:mfa/phone");
        assert_eq!(
            made("/a/b/", "my+phone=1,2.@-_").unwrap(),
            "arn:aws:iam::012345678901:mfa/a/b/my+phone=1,2.@-_"
        );
        let serial: MfaSerial = made("/a/b/", "phone").unwrap().parse().unwrap();
        assert_eq!(
            (serial.device_name(), serial.account().unwrap().to_string().as_str()),
            (Some("phone"), "012345678901")
        );
    }

    #[test]
    fn mfa_010_names_are_ascii_and_paths_stand_between_slashes() {
        for name in ["", "a b", "a/b", "a:b", "téléphone", "ｐ", "a\n", "a*"] {
            assert_eq!(made("/", name), Err(InvalidDeviceName::Name), "{name}");
        }
        let long = format!("/{}/", "x".repeat(511));
        for path in ["", "a", "/a", "a/", "//", "/a b/", "/é/", "/\u{80}/", &long] {
            assert_eq!(made(path, "phone"), Err(InvalidDeviceName::Path), "{path}");
        }
        assert_eq!(made("/a*b/", "phone"), Err(InvalidDeviceName::Serial));
        let nowhere = MfaSerial::of_virtual("", "012345678901".parse().unwrap(), "/", "phone");
        assert_eq!(nowhere, Err(InvalidDeviceName::Serial));
    }

    #[test]
    fn mfa_010_the_arn_fits_in_256_characters() {
        let frame = "arn:aws:iam::012345678901:mfa/".len();
        assert_eq!(made("/", &"x".repeat(256 - frame)).unwrap().len(), 256);
        assert_eq!(made("/", &"x".repeat(257 - frame)), Err(InvalidDeviceName::Serial));
    }

    #[test]
    fn the_form_tells_the_kind() {
        for (text, kind) in [
            ("arn:aws:iam::123456789012:mfa/alice", MfaKind::Virtual),
            ("arn:aws-cn:iam::123456789012:mfa/path/alice", MfaKind::Virtual),
            ("arn:aws:iam::123456789012:mfa/root-account-mfa-device", MfaKind::Virtual),
            ("GAHT12345678", MfaKind::Hardware),
            ("arn:aws:iam::123456789012:u2f/user/alice/key-ABC", MfaKind::Fido),
            // Many send the ARN of the user (STS-005).
            ("arn:aws:iam::123456789012:user/alice", MfaKind::Other),
            ("arn:aws:iam::123456789012:mfa/", MfaKind::Other),
            ("arn:aws:iam::123456789012:u2f/", MfaKind::Other),
            ("arn:aws:iam::123456789012:mfa/a:b", MfaKind::Other),
            ("arn:aws:iam::12345:mfa/alice", MfaKind::Other),
            ("arn:aws:sts::123456789012:mfa/alice", MfaKind::Other),
            ("arn:aws:iam:eu:123456789012:mfa/alice", MfaKind::Other),
            ("arn:aws:iam", MfaKind::Other),
        ] {
            let serial: MfaSerial = text.parse().unwrap();
            assert_eq!(serial.kind(), kind, "{text}");
            assert_eq!((serial.as_str(), serial.to_string().as_str()), (text, text));
            assert_eq!(serial.gives_codes(), matches!(kind, MfaKind::Virtual | MfaKind::Hardware), "{text}");
        }
        let root: MfaSerial = "arn:aws:iam::123456789012:mfa/root-account-mfa-device".parse().unwrap();
        assert!(root.is_named_for_root());
        for other in ["arn:aws:iam::123456789012:mfa/alice", "root-account-mfa-device", "GAHT12345678"] {
            assert!(!other.parse::<MfaSerial>().unwrap().is_named_for_root(), "{other}");
        }
    }

    #[test]
    fn near_misses_are_no_serial_numbers() {
        let long = "x".repeat(257);
        for text in
            ["", "12345678", "GAHT 12345678", "GAHT1234567８", "ａｒｎ:aws:iam", "GAHT12345678\n", &long]
        {
            assert!(text.parse::<MfaSerial>().is_err(), "{text}");
        }
    }
}
