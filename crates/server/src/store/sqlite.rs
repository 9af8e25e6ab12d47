//! A store in one SQLite file (RL-042 to RL-044).
//!
//! One table holds every record as JSON; what must not be read from a disk is sealed inside. A commit is
//! one transaction with `synchronous=FULL`: acknowledged means on disk. After a write that failed the
//! store refuses all others until it is opened again: what a disk does after an error is not known.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

use super::{Store, StoreError};
use crate::state::{Change, Kind, Record};

/// The schema written by this version.
pub const SCHEMA: i64 = 1;

/// Tells our files from other SQLite files: `twok`.
const APPLICATION: i64 = 0x7477_6f6b;

/// A log that has grown so long is worked into the file; SQLite's own measure.
const LONG_LOG: u64 = 4096 * 1000;

/// The steps from each version of the schema to the next.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE record (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body)),
        PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
"];

/// An open file.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    log: PathBuf,
    failed: Option<String>,
}

impl Sqlite {
    /// Opens a file, or makes it; checks it, and brings it to the present schema.
    ///
    /// # Errors
    ///
    /// The file is damaged, of a newer version, or no file of ours. It is left as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |error: rusqlite::Error| Self::unusable(path, &error.to_string());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let mut connection = Connection::open_with_flags(path, flags).map_err(unusable)?;
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let version = pragma("user_version").map_err(unusable)?;
        let application = pragma("application_id").map_err(unusable)?;
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(unusable)?;
        if tables > 0 && application != APPLICATION {
            return Err(Self::unusable(path, "it is a SQLite file of another program"));
        }
        if version > SCHEMA {
            let why = format!("its schema is version {version}, and this program knows up to {SCHEMA}");
            return Err(Self::unusable(path, &why));
        }
        // Before anything is written to it.
        let check: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(unusable)?;
        if check != "ok" {
            return Err(Self::unusable(path, &format!("the file is damaged: {check}")));
        }
        connection
            .execute_batch(
                // SQLite's own checkpoints keep their errors to themselves.
                "PRAGMA journal_mode = WAL;
                 PRAGMA wal_autocheckpoint = 0;
                 PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON;
                 PRAGMA trusted_schema = OFF;
                 PRAGMA secure_delete = ON;",
            )
            .map_err(unusable)?;
        migrate(&mut connection, version).map_err(unusable)?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self { connection, path: path.to_owned(), log: log.into(), failed: None })
    }

    /// A value that stands beside the records, such as the salt of a passphrase.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut query = self
            .connection
            .prepare("SELECT value FROM meta WHERE name = ?1")
            .map_err(|error| Self::unusable(&self.path, &error.to_string()))?;
        match query.query_row([name], |row| row.get(0)) {
            Ok(value) => Ok(Some(value)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(Self::unusable(&self.path, &error.to_string())),
        }
    }

    /// Writes such a value.
    ///
    /// # Errors
    ///
    /// It is not durable.
    pub fn set_meta(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction
                .execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", [name, value])
                .map(|_| ())
        })
    }

    /// Copies the file while it is open.
    ///
    /// # Errors
    ///
    /// The copy cannot be written, or there is a file already.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        // Made here, for its owner alone; the copy goes into an empty file, and over no other.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(to)
            .map_err(|error| Self::unusable(to, &error.to_string()))?;
        self.connection
            .execute("VACUUM INTO ?1", [to.to_string_lossy()])
            .map(|_| ())
            .map_err(|error| Self::unusable(to, &error.to_string()))
    }

    fn write(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        if let Some(why) = &self.failed {
            return Err(StoreError::ReadOnly(why.clone()));
        }
        let attempt = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            work(&transaction)?;
            transaction.commit()
        };
        let done = attempt().map_err(|error| StoreError::ReadOnly(self.close(&error)));
        if done.is_ok() && fs::metadata(&self.log).is_ok_and(|log| log.len() > LONG_LOG) {
            // What was committed is durable either way: only those that follow are refused.
            let shortened = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = shortened.map_err(|error| self.close(&error));
        }
        done
    }

    /// From now on nothing is written any more, not even when the file is closed (RL-043).
    fn close(&mut self, error: &rusqlite::Error) -> String {
        // It only sets a flag of the connection.
        let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        self.failed.insert(error.to_string()).clone()
    }

    fn unusable(path: &Path, why: &str) -> StoreError {
        StoreError::Unusable(format!("{}: {why}", path.display()))
    }
}

fn migrate(connection: &mut Connection, version: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(version).unwrap_or(0);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (step, next) in MIGRATIONS.iter().zip(1_i64..).skip(done) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", next)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
    }
    transaction.commit()
}

impl Store for Sqlite {
    fn load(&mut self) -> Result<Vec<Record>, StoreError> {
        let path = self.path.clone();
        let unusable = |error: rusqlite::Error| Self::unusable(&path, &error.to_string());
        let mut records = Vec::new();
        for kind in Kind::ALL {
            let mut query = self
                .connection
                .prepare_cached("SELECT id, body FROM record WHERE kind = ?1 ORDER BY id")
                .map_err(unusable)?;
            let mut rows = query.query([kind.as_str()]).map_err(unusable)?;
            while let Some(row) = rows.next().map_err(unusable)? {
                let id: String = row.get(0).map_err(unusable)?;
                let body = row.get_ref(1).and_then(|body| Ok(body.as_str()?)).map_err(unusable)?;
                let record: Record = serde_json::from_str(body).map_err(|error| {
                    Self::unusable(
                        &path,
                        &format!("the record {} {id} cannot be read: {error}", kind.as_str()),
                    )
                })?;
                if record.kind() != kind || record.id() != id {
                    let why = format!("the record {} {id} calls itself otherwise", kind.as_str());
                    return Err(Self::unusable(&path, &why));
                }
                records.push(record);
            }
        }
        Ok(records)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut bodies = Vec::with_capacity(changes.len());
        for change in changes {
            bodies.push(match change {
                Change::Put(record) => Some(
                    serde_json::to_string(record)
                        .map_err(|error| StoreError::Unusable(format!("a record has no form: {error}")))?,
                ),
                Change::Remove(..) => None,
            });
        }
        self.write(|transaction| {
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO record (kind, id, body) VALUES (?1, ?2, ?3)")?;
            let mut remove = transaction.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id = ?2")?;
            for (change, body) in changes.iter().zip(&bodies) {
                match change {
                    Change::Put(record) => put.execute(params![record.kind().as_str(), record.id(), body])?,
                    Change::Remove(kind, id) => remove.execute(params![kind.as_str(), id])?,
                };
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Revocation;

    fn put(number: u64) -> Change {
        Revocation { principal: format!("{number:0>1000}"), until: number }.into()
    }

    fn kept(store: &mut Sqlite) -> u64 {
        store.load().unwrap().len() as u64
    }

    /// Writes until it is refused: how many were acknowledged.
    fn fill(store: &mut Sqlite) -> u64 {
        let from = kept(store);
        (from..from + 100_000).take_while(|number| store.commit(&[put(*number)]).is_ok()).count() as u64
    }

    #[test]
    fn rl_043_a_full_disk_closes_the_store_and_after_a_restart_everything_acknowledged_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("twokeys.db");
        let mut store = Sqlite::open(&path).unwrap();
        store.connection.pragma_update(None, "max_page_count", 100).unwrap();
        let told = fill(&mut store);
        assert!(told > 10, "{told}");
        assert_eq!(kept(&mut store), told, "it still reads");
        // There is room again, and it does not try.
        store.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        let again = store.commit(&[put(told)]).unwrap_err();
        assert_eq!(
            again.to_string(),
            "the store is read-only since a write failed: database or disk is full"
        );
        assert!(store.set_meta("name", "value").is_err());
        drop(store);
        let mut store = Sqlite::open(&path).unwrap();
        assert_eq!(kept(&mut store), told);
        store.commit(&[put(told)]).unwrap();
    }

    #[test]
    fn a_log_that_has_grown_long_is_worked_into_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("twokeys.db");
        let mut store = Sqlite::open(&path).unwrap();
        let mut longest = 0;
        for number in 0..5_000 {
            store.commit(&[put(number)]).unwrap();
            let length = fs::metadata(&store.log).unwrap().len();
            if length < longest {
                assert!(longest <= LONG_LOG, "{longest}");
                assert_eq!(kept(&mut store), number + 1);
                return;
            }
            longest = length;
        }
        panic!("the log only grows: {longest}");
    }
}
