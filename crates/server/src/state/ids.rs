//! Unique ids and secrets, made from entropy that is passed in (STS-030).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Random bytes of the operating system; in tests, of a seed.
pub trait Entropy: Send + Sync {
    /// Fills the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// The source gives none. Nothing may be made then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

/// There are no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoEntropy;

/// What an id is the id of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `AKIA`: a long-term access key.
    AccessKey,
    /// `ASIA`: a temporary access key.
    SessionKey,
    /// `AIDA`
    User,
    /// `AROA`
    Role,
    /// `AGPA`
    Group,
    /// `ANPA`
    ManagedPolicy,
}

impl Prefix {
    fn letters(self) -> (&'static str, usize) {
        match self {
            Self::AccessKey => ("AKIA", 16),
            Self::SessionKey => ("ASIA", 16),
            Self::User => ("AIDA", 17),
            Self::Role => ("AROA", 17),
            Self::Group => ("AGPA", 17),
            Self::ManagedPolicy => ("ANPA", 17),
        }
    }
}

/// Four letters, then 16 (keys) or 17 of `[A-Z2-7]`.
///
/// # Errors
///
/// There is no entropy.
pub fn unique_id(prefix: Prefix, entropy: &dyn Entropy) -> Result<String, NoEntropy> {
    let (letters, length) = prefix.letters();
    let mut random = [0; 17];
    entropy.fill(&mut random)?;
    let rest = random.iter().take(length).map(|byte| match byte % 32 {
        letter @ 0..26 => char::from(b'A' + letter),
        digit => char::from(b'2' + (digit - 26)),
    });
    Ok(letters.chars().chain(rest).collect())
}

/// Forty characters of the alphabet of base64.
///
/// # Errors
///
/// There is no entropy.
pub fn secret_access_key(entropy: &dyn Entropy) -> Result<String, NoEntropy> {
    let mut random = [0; 30];
    entropy.fill(&mut random)?;
    Ok(STANDARD.encode(random))
}
