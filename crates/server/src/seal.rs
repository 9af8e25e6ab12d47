//! Sealing what must not be read from the disk, and making the keys for it (RL-031, API-065).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::state::Entropy;

/// A sealed text: base64 of nonce and ciphertext.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// What a key seals. Each has a key of its own, so that nothing sealed for one place opens in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Seeds of MFA devices.
    Seed,
    /// Secret access keys.
    SecretKey,
    /// Session tokens, and the secrets that belong to them.
    Token,
    /// Messages about denials.
    Message,
    /// Markers of pages and challenges of sign-ins.
    Transient,
    /// The value that tells whether a master key is the right one.
    Check,
}

/// Why something does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed with another key or for another place, or it was altered.
    #[error("it does not open: it was sealed with another key, or altered")]
    DoesNotOpen,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoEntropy,
}

/// The keys that come from one master key.
pub struct Keys {
    master: Zeroizing<[u8; 32]>,
    /// What seals, for each purpose, made once.
    ciphers: [XChaCha20Poly1305; Purpose::ALL.len()],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Purpose {
    const ALL: [Self; 6] =
        [Self::Seed, Self::SecretKey, Self::Token, Self::Message, Self::Transient, Self::Check];

    const fn label(self) -> &'static [u8] {
        match self {
            Self::Seed => b"twokeys seed v1",
            Self::SecretKey => b"twokeys secret access key v1",
            Self::Token => b"twokeys session token v1",
            Self::Message => b"twokeys authorization message v1",
            Self::Transient => b"twokeys transient v1",
            Self::Check => b"twokeys check v1",
        }
    }
}

impl Keys {
    /// The keys of a master key.
    pub fn new(master: [u8; 32]) -> Self {
        let master = Zeroizing::new(master);
        let cipher = |purpose| XChaCha20Poly1305::new(&(*derive(&master, purpose, b"seal")).into());
        Self { ciphers: Purpose::ALL.map(cipher), master }
    }

    /// 32 bytes for one purpose and one text.
    pub fn derive(&self, purpose: Purpose, info: &[u8]) -> Zeroizing<[u8; 32]> {
        derive(&self.master, purpose, info)
    }

    /// Seals bytes; they open only with the same purpose and the same associated data.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn seal(
        &self,
        purpose: Purpose,
        associated: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        Ok(Sealed(STANDARD_NO_PAD.encode(self.seal_bytes(purpose, associated, plain, entropy)?)))
    }

    /// [`Self::seal`] without the base64.
    ///
    /// # Errors
    ///
    /// There is no entropy.
    pub fn seal_bytes(
        &self,
        purpose: Purpose,
        associated: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; 24];
        entropy.fill(&mut nonce).map_err(|_| SealError::NoEntropy)?;
        let payload = Payload { msg: plain, aad: associated };
        let sealed = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SealError::DoesNotOpen)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    ///
    /// It was sealed with another key or for another place, or it was altered.
    pub fn open(
        &self,
        purpose: Purpose,
        associated: &[u8],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = STANDARD_NO_PAD.decode(&sealed.0).map_err(|_| SealError::DoesNotOpen)?;
        self.open_bytes(purpose, associated, &bytes)
    }

    /// Opens what [`Self::seal_bytes`] made.
    ///
    /// # Errors
    ///
    /// It was sealed with another key or for another place, or it was altered.
    pub fn open_bytes(
        &self,
        purpose: Purpose,
        associated: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, message) = sealed.split_first_chunk::<24>().ok_or(SealError::DoesNotOpen)?;
        let payload = Payload { msg: message, aad: associated };
        let opened = self.cipher(purpose).decrypt(&XNonce::from(*nonce), payload);
        opened.map(Zeroizing::new).map_err(|_| SealError::DoesNotOpen)
    }

    fn cipher(&self, purpose: Purpose) -> &XChaCha20Poly1305 {
        let [seed, secret, token, message, transient, check] = &self.ciphers;
        match purpose {
            Purpose::Seed => seed,
            Purpose::SecretKey => secret,
            Purpose::Token => token,
            Purpose::Message => message,
            Purpose::Transient => transient,
            Purpose::Check => check,
        }
    }
}

fn derive(master: &[u8; 32], purpose: Purpose, info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(None, master);
    // The one error is a length of more than 255 blocks.
    let long = hkdf.expand_multi_info(&[purpose.label(), b"\0", info], &mut *key).is_err();
    debug_assert!(!long, "32 bytes are one block");
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::NoEntropy;

    struct Same;

    impl Entropy for Same {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            bytes.fill(9);
            Ok(())
        }
    }

    #[test]
    fn rl_031_what_is_sealed_opens_in_its_own_place_alone() {
        let (keys, other) = (Keys::new([1; 32]), Keys::new([2; 32]));
        for purpose in Purpose::ALL {
            let sealed = keys.seal(purpose, b"alice", b"secret", &Same).unwrap();
            assert_eq!(&**keys.open(purpose, b"alice", &sealed).unwrap(), b"secret");
            assert_eq!(keys.open(purpose, b"bob", &sealed).unwrap_err(), SealError::DoesNotOpen);
            assert_eq!(other.open(purpose, b"alice", &sealed).unwrap_err(), SealError::DoesNotOpen);
            for elsewhere in Purpose::ALL.into_iter().filter(|elsewhere| *elsewhere != purpose) {
                assert_eq!(keys.open(elsewhere, b"alice", &sealed).unwrap_err(), SealError::DoesNotOpen);
            }
        }
        assert_eq!(keys.open_bytes(Purpose::Seed, b"", b"short").unwrap_err(), SealError::DoesNotOpen);
    }
}
