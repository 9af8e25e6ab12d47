//! The data folder: who may read it, who holds it, and the key to what is sealed in it (API-064, API-065).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use argon2::Argon2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::seal::{Keys, Purpose, Sealed};
use crate::state::Entropy;
use crate::store::{Sqlite, StoreError};

/// What tells the right master key from a wrong one.
const CHECK: &str = "master-key-check";
const SALT: &str = "passphrase-salt";

/// A folder that this process holds.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// The open database.
    pub store: Sqlite,
    /// The keys to what is sealed.
    pub keys: Keys,
    /// Held as long as the process lives (RL-044).
    lock: File,
}

/// Where the master key comes from.
#[derive(Debug)]
pub enum Master {
    /// A file with 32 bytes as one line of base64; made where there is none and the folder is empty.
    File(PathBuf),
    /// A passphrase.
    Passphrase(secrecy::SecretString),
}

/// Why a folder is not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Someone else holds it.
    #[error("{0} is in use by another process: one process, one data folder")]
    InUse(PathBuf),
    /// Others may read or write what only we may.
    #[error("{path}: {what} may be {verb} by others (mode {mode:o}); chmod {fix}")]
    TooOpen {
        /// The folder or file.
        path: PathBuf,
        /// Which of the two.
        what: &'static str,
        /// What others may do.
        verb: &'static str,
        /// Its mode.
        mode: u32,
        /// What it should be.
        fix: &'static str,
    },
    /// The master key is not there, is none, or opens nothing.
    #[error("{0}")]
    Key(String),
    /// The system refuses.
    #[error("{path}: {source}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What it says.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> FolderError + '_ {
    |source| FolderError::Io { path: path.to_owned(), source }
}

impl Folder {
    /// The store, the keys, and the lock, which must outlive both.
    pub fn into_parts(self) -> (Sqlite, Keys, File) {
        (self.store, self.keys, self.lock)
    }

    /// Opens a data folder, or makes it.
    ///
    /// # Errors
    ///
    /// It is held by another process, open to others, damaged, or sealed with another master key. Nothing
    /// is changed then.
    pub fn open(path: &Path, master: &Master, entropy: &dyn Entropy) -> Result<Self, FolderError> {
        let lock = hold(path)?;
        let database = path.join("twokeys.db");
        let is_new = !database.exists();
        if is_new {
            // Its mode from the first moment on.
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&database)
                .map_err(io(&database))?;
        } else {
            private(&database, "the database", 0o077)?;
        }
        let mut store = Sqlite::open(&database)?;
        let check = store.meta(CHECK)?;
        let keys = match master {
            Master::File(file) => Keys::new(*key_of_file(file, check.is_none(), entropy)?),
            Master::Passphrase(passphrase) => {
                of_passphrase(passphrase, &mut store, check.is_none(), entropy)?
            }
        };
        match check {
            Some(check) => {
                let sealed: Sealed = serde_json::from_value(serde_json::Value::String(check))
                    .map_err(|error| FolderError::Key(error.to_string()))?;
                keys.open(Purpose::Check, CHECK.as_bytes(), &sealed).map_err(|_| {
                    FolderError::Key(format!(
                        "{}: this is not the master key that sealed what is in the folder",
                        path.display()
                    ))
                })?;
            }
            None => {
                let sealed = keys
                    .seal(Purpose::Check, CHECK.as_bytes(), b"twokeys", entropy)
                    .map_err(|error| FolderError::Key(error.to_string()))?;
                let text =
                    serde_json::to_value(&sealed).ok().and_then(|value| value.as_str().map(str::to_owned));
                store.set_meta(CHECK, &text.unwrap_or_default())?;
            }
        }
        Ok(Self { path: path.to_owned(), store, keys, lock })
    }
}

/// Makes the folder if need be, and holds its lock.
///
/// # Errors
///
/// It is held by another process, or open to others.
pub fn hold(path: &Path) -> Result<File, FolderError> {
    if !path.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io(path))?;
    }
    private(path, "the folder", 0o022)?;
    let file = path.join("lock");
    let lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&file)
        .map_err(io(&file))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(FolderError::Io { path: file, source }),
    }
}

/// Refuses what others may read (or write, for a folder).
fn private(path: &Path, what: &'static str, forbidden: u32) -> Result<(), FolderError> {
    let metadata = fs::metadata(path).map_err(io(path))?;
    let mode = metadata.mode() & 0o777;
    if mode & forbidden == 0 {
        return Ok(());
    }
    let folder = metadata.is_dir();
    Err(FolderError::TooOpen {
        path: path.to_owned(),
        what,
        verb: if folder { "written" } else { "read" },
        mode,
        fix: if folder { "700" } else { "600" },
    })
}

/// Where the key stands if nothing else is said: beside the folder, not in it.
pub fn default_key_file(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn key_of_file(
    file: &Path,
    may_make: bool,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<[u8; 32]>, FolderError> {
    if file.exists() {
        private(file, "the master key", 0o077)?;
        let text = Zeroizing::new(fs::read_to_string(file).map_err(io(file))?);
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
        let key = <[u8; 32]>::try_from(bytes.as_slice());
        return key.map(Zeroizing::new).map_err(|_| {
            FolderError::Key(format!("{}: a master key is 32 bytes as one line of base64", file.display()))
        });
    }
    if !may_make {
        return Err(FolderError::Key(format!(
            "{}: the master key is not there, and without it nothing in the folder opens; give --master-key-file FILE",
            file.display()
        )));
    }
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(&mut *key).map_err(|error| FolderError::Key(error.to_string()))?;
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(*key)));
    let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(io(file))?;
    new.write_all(text.as_bytes()).and_then(|()| new.sync_all()).map_err(io(file))?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(io(file))?;
    Ok(key)
}

fn of_passphrase(
    passphrase: &secrecy::SecretString,
    store: &mut Sqlite,
    may_make: bool,
    entropy: &dyn Entropy,
) -> Result<Keys, FolderError> {
    use secrecy::ExposeSecret as _;
    let none =
        || FolderError::Key("the folder was sealed with a master key file, not with a passphrase".to_owned());
    let salt = match store.meta(SALT)? {
        Some(salt) => STANDARD.decode(salt).map_err(|_| none())?,
        None if may_make => {
            let mut salt = [0; 16];
            entropy.fill(&mut salt).map_err(|error| FolderError::Key(error.to_string()))?;
            store.set_meta(SALT, &STANDARD.encode(salt))?;
            salt.to_vec()
        }
        None => return Err(none()),
    };
    let mut key = Zeroizing::new([0; 32]);
    Argon2::default()
        .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, &mut *key)
        .map_err(|error| FolderError::Key(format!("the passphrase: {error}")))?;
    Ok(Keys::new(*key))
}
