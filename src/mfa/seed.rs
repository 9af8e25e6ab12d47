//! The secret that a device and the account share, and the codes made of it.
//!
//! A code is the TOTP of RFC 6238 with what every authenticator app assumes: HMAC-SHA-1, six digits, 30
//! seconds, counted from 1970 (MFA-041).

use std::fmt;

use subtle::ConstantTimeEq;
use thiserror::Error;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::{Zeroize, Zeroizing};

/// How long a code is shown, in seconds.
pub const STEP: u64 = 30;

/// Fewer bytes can be guessed; RFC 4226 advises this many.
const FEWEST_BYTES: usize = 20;

/// A seed. It is wiped when it is dropped, and its debug form does not tell it.
pub struct Seed {
    totp: Totp,
}

/// Six ASCII digits; leading zeros count (MFA-020).
#[derive(Clone)]
pub struct Code(Zeroizing<[u8; 6]>);

/// Why a text is no seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidSeed {
    /// It has letters that Base32 has not, or one too many or too few.
    #[error("it is no Base32: letters A to Z and digits 2 to 7, none left out")]
    NotBase32,
    /// It is too short to be safe.
    #[error("it has fewer than {FEWEST_BYTES} bytes (32 characters of Base32)")]
    TooShort,
}

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a code is exactly six digits")]
pub struct InvalidCode;

impl Seed {
    /// The seed of 40 random bytes: 64 characters of Base32, as AWS hands out (MFA-013).
    pub fn new(mut entropy: [u8; 40]) -> Self {
        let secret = Secret::new(Box::new(entropy));
        entropy.zeroize();
        Self::of(secret)
    }

    /// Reads Base32, as it is typed: blanks between groups, small letters and padding do no harm.
    ///
    /// # Errors
    ///
    /// It is none, or fewer than 20 bytes.
    pub fn from_base32(text: &str) -> Result<Self, InvalidSeed> {
        let plain: Zeroizing<String> = Zeroizing::new(
            text.trim_end_matches('=')
                .chars()
                .filter(|c| !matches!(c, ' ' | '-' | '\t' | '\r' | '\n'))
                .map(|c| c.to_ascii_uppercase())
                .collect(),
        );
        // No number of bytes ends there: a letter is missing, or one too many.
        if matches!(plain.len() % 8, 1 | 3 | 6) {
            return Err(InvalidSeed::NotBase32);
        }
        let secret = Secret::try_from_base32(&*plain).map_err(|_| InvalidSeed::NotBase32)?;
        if secret.as_bytes().len() < FEWEST_BYTES {
            return Err(InvalidSeed::TooShort);
        }
        Ok(Self::of(secret))
    }

    /// The Base32 form, without padding. Show it once (MFA-018).
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.totp.secret().to_base32())
    }

    fn of(secret: Secret) -> Self {
        // Nothing here can be out of its bounds, so nothing is checked again.
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(STEP)
            .with_secret(secret)
            .build_noncompliant();
        Self { totp }
    }

    /// The code of a step; none beyond the end of time.
    pub fn code(&self, step: u64) -> Option<Code> {
        let time = step.checked_mul(STEP)?;
        let digits = Zeroizing::new(self.totp.generate(time).to_string());
        digits.parse().ok()
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl Code {
    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&*self.0).unwrap_or_default()
    }

    /// Are they the same? Takes the same time whatever the answer (MFA-044).
    pub(super) fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl std::str::FromStr for Code {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let digits: [u8; 6] = text.as_bytes().try_into().map_err(|_| InvalidCode)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(Zeroizing::new(digits)))
        } else {
            Err(InvalidCode)
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn mfa_041_the_vectors_of_rfc_4226() {
        let seed = Seed::from_base32(RFC).unwrap();
        let codes: Vec<String> = (0..10).map(|step| seed.code(step).unwrap().as_str().to_owned()).collect();
        assert_eq!(
            codes,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
                "520489"
            ]
        );
    }

    #[test]
    fn mfa_041_the_vectors_of_rfc_6238_and_of_a_long_seed() {
        let long: [u8; 40] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        for (seed, vectors) in [
            (
                Seed::from_base32(RFC).unwrap(),
                [
                    (59, "287082"),
                    (1_111_111_109, "081804"),
                    (1_111_111_111, "050471"),
                    (1_234_567_890, "005924"),
                    (2_000_000_000, "279037"),
                    (20_000_000_000, "353130"),
                ],
            ),
            (
                Seed::new(long),
                [
                    (59, "928121"),
                    (1_111_111_109, "425479"),
                    (1_111_111_111, "404537"),
                    (1_234_567_890, "837173"),
                    (1_700_000_000, "145417"),
                    (1_700_000_030, "541951"),
                ],
            ),
        ] {
            for (time, code) in vectors {
                assert_eq!(seed.code(time / STEP).unwrap().as_str(), code, "{time}");
            }
        }
        assert!(Seed::from_base32(RFC).unwrap().code(u64::MAX).is_none());
    }

    #[test]
    fn mfa_013_forty_bytes_are_64_characters_without_padding() {
        let long: [u8; 40] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let text = Seed::new(long).to_base32();
        assert_eq!(*text, "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRH");
        let typed = "aaaq eaye auda ocaj bifq ydio b4ib ceqt cqkr mfyy denb wha5 dyps aijc emsc kjrh";
        assert_eq!(Seed::from_base32(typed).unwrap().to_base32(), text);
    }

    #[test]
    fn mfa_013_a_short_seed_and_a_foreign_letter_are_refused() {
        assert_eq!(Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOI").unwrap_err(), InvalidSeed::TooShort);
        assert_eq!(Seed::from_base32("").unwrap_err(), InvalidSeed::TooShort);
        assert_eq!(Seed::from_base32(&RFC.replace('G', "1")).unwrap_err(), InvalidSeed::NotBase32);
        for more in ["A", "AAA", "AAAAAA"] {
            assert_eq!(
                Seed::from_base32(&format!("{RFC}{more}")).unwrap_err(),
                InvalidSeed::NotBase32,
                "{more}"
            );
        }
    }

    #[test]
    fn mfa_020_a_code_is_six_ascii_digits() {
        for text in ["", "12345", "1234567", "12345a", " 12345", "+12345", "12345６", "１２３４５６"] {
            assert_eq!(text.parse::<Code>().err(), Some(InvalidCode), "{text}");
        }
        assert_eq!("000012".parse::<Code>().unwrap().as_str(), "000012");
    }

    #[test]
    fn mfa_018_debug_tells_no_secret() {
        let seed = Seed::from_base32(RFC).unwrap();
        assert_eq!(format!("{seed:?} {:?}", seed.code(1)), "Seed(…) Some(Code(…))");
    }
}
