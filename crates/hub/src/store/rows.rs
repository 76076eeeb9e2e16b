//! The rows of one transaction or snapshot, and the keys that open them.

use crate::error::StoreError;
use records::{ServerTime, Subject};
use rusqlite::{Connection, OptionalExtension};
use seal::rand_core::{Rng, SeedableRng};
use seal::{Chance, NONCE_BYTES, SubjectKey};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// In a file of its own: a dropped key erases its subject from database and backups alike.
pub const KEYS_TABLE: &str = "
CREATE TABLE subject_key (
    subject BLOB PRIMARY KEY,   -- 16 bytes
    key     BLOB NOT NULL       -- 32 bytes; the row is deleted when the subject is erased
) STRICT, WITHOUT ROWID;
";

const CACHED: usize = 50_000;

/// Keys of subjects, and the server's chance.
pub struct Keyring {
    file: Mutex<Connection>,
    cache: Mutex<HashMap<Subject, SubjectKey>>,
    /// Made in the running transaction; written before it commits.
    fresh: Mutex<Vec<Subject>>,
    chance: Mutex<Chance>,
}

impl Keyring {
    /// Opens or makes the key file.
    pub fn open(path: &Path, seed: [u8; 32]) -> Result<Self, StoreError> {
        crate::keyfile::private(path)?;
        let file = Connection::open(path)?;
        file.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        // EXTRA: a deleted journal that comes back after a power cut would take a key with it that a body needs
        file.execute_batch("PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON;")?;
        let made: i64 = file.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if made == 0 {
            file.execute_batch(&format!("BEGIN; {KEYS_TABLE} PRAGMA user_version = 1; COMMIT;"))?;
        }
        Ok(Self {
            file: Mutex::new(file),
            cache: Mutex::default(),
            fresh: Mutex::default(),
            chance: Mutex::new(Chance::from_seed(seed)),
        })
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        lock(&self.chance).fill_bytes(&mut bytes);
        bytes
    }

    /// A new time-ordered id.
    pub fn new_id(&self, now: ServerTime) -> Uuid {
        let millis = u64::try_from(now.0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }

    /// The key of a subject, if it has one.
    pub fn find(&self, subject: Subject) -> Result<Option<SubjectKey>, StoreError> {
        if let Some(key) = lock(&self.cache).get(&subject) {
            return Ok(Some(key.clone()));
        }
        let found: Option<[u8; 32]> = lock(&self.file)
            .prepare_cached("SELECT key FROM subject_key WHERE subject = ?1")?
            .query_row([subject.0.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(found.map(|key| self.keep(subject, SubjectKey(key))))
    }

    /// The key of a subject, made if it has none. Durable after [`Keyring::flush`].
    pub fn key(&self, subject: Subject) -> Result<SubjectKey, StoreError> {
        if let Some(key) = self.find(subject)? {
            return Ok(key);
        }
        lock(&self.fresh).push(subject);
        Ok(self.keep(subject, SubjectKey(self.random())))
    }

    /// Writes keys made since the last call; must succeed before what they seal is committed.
    pub fn flush(&self) -> Result<(), StoreError> {
        let mut fresh = lock(&self.fresh);
        if fresh.is_empty() {
            return Ok(());
        }
        let mut file = lock(&self.file);
        let transaction = file.transaction()?;
        for subject in fresh.iter() {
            let key = lock(&self.cache).get(subject).map(|key| key.0).ok_or(StoreError::Lacks("a new key"))?;
            transaction
                .prepare_cached("INSERT OR IGNORE INTO subject_key (subject, key) VALUES (?1, ?2)")?
                .execute((subject.0.as_bytes(), key))?;
        }
        transaction.commit()?;
        fresh.clear();
        Ok(())
    }

    /// Drops the key of an erased subject: nothing that it sealed opens again.
    pub fn drop_key(&self, subject: Subject) -> Result<(), StoreError> {
        lock(&self.file).execute("DELETE FROM subject_key WHERE subject = ?1", [subject.0.as_bytes()])?;
        lock(&self.cache).remove(&subject);
        Ok(())
    }

    fn keep(&self, subject: Subject, key: SubjectKey) -> SubjectKey {
        let fresh = lock(&self.fresh);
        let mut cache = lock(&self.cache);
        if cache.len() >= CACHED && fresh.is_empty() {
            cache.clear();
        }
        cache.insert(subject, key.clone());
        key
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One transaction or snapshot, with the keys that open its bodies.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// Where the rows are.
    pub conn: &'a Connection,
    /// What opens them.
    pub keys: &'a Keyring,
}

impl Rows<'_> {
    /// Seals a body by its subject's key; `place` says what it is and `id` which one.
    pub fn seal(&self, subject: Subject, place: &str, id: Uuid, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let key = self.keys.key(subject)?;
        let nonce: [u8; NONCE_BYTES] = self.keys.random();
        Ok(seal::seal_body(&key, &aad(place, id), nonce, plain)?)
    }

    /// Opens a body; `None` if its subject was erased.
    pub fn open(&self, subject: Subject, place: &str, id: Uuid, body: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.keys.find(subject)? {
            Some(key) => Ok(Some(seal::open_body(&key, &aad(place, id), body)?)),
            None => Ok(None),
        }
    }
}

fn aad(place: &str, id: Uuid) -> Vec<u8> {
    [place.as_bytes(), b"\0", id.as_bytes()].concat()
}
