//! The session of `twokeys login`: one file that only its owner reads.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::shared_files::home;
use crate::failure::{Failure, Problem};
use crate::input::unreadable;

/// Temporary credentials, and the endpoint that gave them, which is asked if no other is named.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Session {
    /// Where it is good.
    pub(crate) endpoint: String,
    /// The account that was signed in to, as it was written.
    pub(crate) account: String,
    /// The user; empty for root.
    pub(crate) user: String,
    /// Was a code given?
    pub(crate) mfa: bool,
    /// `ASIA…`
    pub(crate) access_key_id: String,
    /// The secret.
    pub(crate) secret_access_key: String,
    /// The token.
    pub(crate) session_token: String,
    /// When it ends.
    #[serde(with = "moment")]
    pub(crate) expiration: DateTime<Utc>,
}

/// A time in the form of RFC 3339.
pub(crate) mod moment {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc()).map_err(D::Error::custom)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// `~/.config/twokeys/session.json`
pub(crate) fn path() -> Option<PathBuf> {
    home().map(|home| home.join(".config/twokeys/session.json"))
}

/// The session, if there is one. A file that others may read is refused.
pub(crate) fn read() -> Result<Option<Session>, Failure> {
    let Some(path) = path() else { return Ok(None) };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&path, "session of `twokeys login`", &error)),
    };
    let wrong = |why: String| {
        let message = format!("the session of `twokeys login` cannot be used: {}: {why}", path.display());
        Problem::new("session-file", message).help("remove it with `twokeys logout` and sign in again")
    };
    let mode = fs::metadata(&path).map_or(0, |metadata| metadata.mode() & 0o777);
    if mode & 0o077 != 0 {
        return Err(wrong(format!("others may read it (mode {mode:o})")).into());
    }
    // What stands there is a secret: the error tells a place and no text.
    let place = |error: serde_json::Error| wrong(format!("line {}, column {}", error.line(), error.column()));
    Ok(Some(serde_json::from_str(&text).map_err(place)?))
}

/// Writes it, in place of the one before.
pub(crate) fn write(session: &Session) -> Result<PathBuf, Failure> {
    let path = path().ok_or_else(no_home)?;
    let text = serde_json::to_vec_pretty(session)?;
    secret_file(&path, &text, true)?;
    Ok(path)
}

/// Removes it; false if there is none.
pub(crate) fn remove() -> Result<bool, Failure> {
    let Some(path) = path() else { return Ok(false) };
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unwritable(&path, &error).into()),
    }
}

/// Writes what only its owner may read. A file that is there is replaced only where that is meant.
pub(crate) fn secret_file(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    let told = |error: io::Error| Failure::from(unwritable(path, &error));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(told)?;
    }
    let new = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if !replace {
        return new(path)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .map_err(told);
    }
    let mut beside = path.to_owned().into_os_string();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    new(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path))
        .map_err(told)
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::new("unwritable", format!("`{}` cannot be written: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            problem.help("a file with a secret is never overwritten; give a new name")
        }
        _ => problem.help("check that the folder is there and may be written"),
    }
}

fn no_home() -> Problem {
    Problem::new("session-file", "HOME is not set, so there is no place for the session")
        .help("set HOME, or have the keys printed: --format env")
}
