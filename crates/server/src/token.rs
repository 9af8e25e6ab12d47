//! Session tokens: sealed records, so that no table of sessions is needed (STS-031).

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::caller::Session;
use crate::seal::{Keys, Purpose, SealError};
use crate::state::Entropy;

/// What binds the seal to its use.
const ASSOCIATED: &[u8] = b"session";

/// No record is longer once it is unpacked: 2,048 characters of policy, 50 tags, ten ARNs.
const MOST_UNPACKED: u64 = 256 * 1024;

/// Makes the token of a session, of at least `shortest` characters (STS-037).
///
/// # Errors
///
/// There is no entropy.
pub fn seal(
    session: &Session,
    keys: &Keys,
    entropy: &dyn Entropy,
    shortest: usize,
) -> Result<String, SealError> {
    let record = serde_json::to_vec(session).map_err(|_| SealError::DoesNotOpen)?;
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    let mut packed =
        packer.write_all(&record).and_then(|()| packer.finish()).map_err(|_| SealError::DoesNotOpen)?;
    // What stands behind the end of the packed record is not read. The seal adds 40 bytes.
    let length = shortest.div_ceil(4).saturating_mul(3).saturating_sub(40);
    packed.resize(packed.len().max(length), 0);
    let sealed = keys.seal_bytes(Purpose::Token, ASSOCIATED, &packed, entropy)?;
    Ok(STANDARD.encode(sealed))
}

/// Reads a token. Whether the session has ended is the caller's to ask.
///
/// # Errors
///
/// It was not made here, or was altered.
pub fn open(token: &str, keys: &Keys) -> Result<Session, SealError> {
    let sealed = STANDARD.decode(token).map_err(|_| SealError::DoesNotOpen)?;
    let packed = keys.open_bytes(Purpose::Token, ASSOCIATED, &sealed)?;
    let mut record = Vec::new();
    DeflateDecoder::new(packed.as_slice())
        .take(MOST_UNPACKED)
        .read_to_end(&mut record)
        .map_err(|_| SealError::DoesNotOpen)?;
    serde_json::from_slice(&record).map_err(|_| SealError::DoesNotOpen)
}

/// The secret access key that goes with a session: derived, never stored.
pub fn secret(session: &Session, keys: &Keys) -> String {
    let info = format!("secret\0{}\0{}\0{}", session.key_id, session.issued, session.principal);
    let derived = keys.derive(Purpose::Token, info.as_bytes());
    // 30 bytes are 40 characters.
    STANDARD.encode(derived.get(..30).unwrap_or_default())
}
