//! The encrypted store of a device.

mod body;
mod clock;
mod copy;
mod forget;
mod host;
mod keep;
mod meta;
mod migrate;
mod next;
mod note;
mod offered;
mod outbox;
mod queue;
mod record;
mod save;
mod sealed;
mod take;
mod view;

pub use forget::SealedAway;
pub use migrate::{SCHEMA_VERSION, schema};
pub use queue::{Counts, Item, SyncState, Trouble};
pub use save::Pace;
pub use sealed::sealed_path;
pub use take::read_reply;
pub use view::View;

use crate::{Counter, Fault, Key, Keys, Unopened};
use records::Incarnation;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use sealed::{Chance, SealedFile};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;
use view::AtomNames;

/// Kinds of which something may look different now: what live queries watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Names of kinds.
    pub kinds: BTreeSet<String>,
}

/// The store, for writing. One per file; readers open a [`Reader`] each.
pub struct Store {
    db: Connection,
    names: AtomNames,
    keys: Keys,
    counter: Box<dyn Counter>,
    chance: Chance,
    sealed: Option<SealedFile>,
}

impl Store {
    /// Opens the store at `path`, or makes one.
    ///
    /// # Errors
    /// [`Unopened`] says which of the expected reasons it was. Nothing is ever deleted here: the host may set the files
    /// aside and begin anew, and the sealed outbox beside them still reaches the server.
    pub fn open(path: &Path, keys: Keys, mut counter: Box<dyn Counter>) -> Result<Self, Unopened> {
        let mut db = connect(path, &keys.database, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate::migrate(&mut db)?;
        outbox::readable(&db)?; // what is damaged of it is found before anything is written
        let mut chance = Chance::new(keys.chance);
        recognise(&mut db, counter.as_mut(), &mut chance)?;
        let sealed = match &keys.server {
            Some(server) => Some(SealedFile::open(path, &db, server, &mut chance)?),
            None => None,
        };
        Ok(Self { db, names: AtomNames::default(), keys, counter, chance, sealed })
    }

    /// What this device holds, pending laid over confirmed, as it is now.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn records(&self) -> Result<View<'_>, Fault> {
        View::open(&self.db, &self.names)
    }
}

/// A second connection that only reads. It never waits for the writer, nor the writer for it.
pub struct Reader {
    db: Connection,
    names: AtomNames,
}

impl Reader {
    /// Opens the store that a [`Store`] has made at `path`.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(path: &Path, key: &Key) -> Result<Self, Unopened> {
        let db = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.execute_batch("PRAGMA query_only = ON")?;
        Ok(Self { db, names: AtomNames::default() })
    }

    /// As [`Store::records`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn records(&self) -> Result<View<'_>, Fault> {
        View::open(&self.db, &self.names)
    }
}

/// SQLCipher makes itself ready outside the lock of the first opening: a second thread that opens meanwhile would be
/// told that its key is wrong. So the first opening of this process is one that nobody else can take part in.
static READY: Once = Once::new();

/// A connection to a store that is open already, for upkeep.
pub fn connect_beside(path: &Path, key: &Key) -> Result<Connection, Unopened> {
    connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

fn connect(path: &Path, key: &Key, flags: OpenFlags) -> Result<Connection, Unopened> {
    READY.call_once(|| drop(Connection::open_in_memory())); // what is wrong with it, the opening below tells
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.pragma_update(None, "cipher_log_level", "NONE")?; // a wrong key is told by an error, not on stderr
    if !key.is_none() {
        db.pragma_update(None, "key", key.pragma())?;
    }
    if let Err(error) = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)) {
        return Err(unopened(path, error));
    }
    db.busy_timeout(Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(128);
    // EXTRA, and first: the rollback journal with which the file itself begins must not come back after a power cut
    db.execute_batch(
        "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000;",
    )?; // the log is emptied by `Upkeep` long before; this is for stores without one
    Ok(db)
}

/// A file that is a whole number of pages long and does not open has another key; any other is damaged.
fn unopened(path: &Path, error: rusqlite::Error) -> Unopened {
    const PAGE: u64 = 4096;
    let whole = std::fs::metadata(path).is_ok_and(|m| m.len() >= PAGE && m.len() % PAGE == 0);
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) && whole {
        return Unopened::WrongKey;
    }
    if matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)) {
        return Unopened::Damaged(error.to_string());
    }
    error.into()
}

/// Rule 35: a file whose counter is not the keyring's is a copy, and begins a new incarnation.
fn recognise(db: &mut Connection, counter: &mut dyn Counter, chance: &mut Chance) -> Result<(), Unopened> {
    let outside = counter.get().map_err(Unopened::Keyring)?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let inside = meta::get(&tx, &meta::COUNTER)?.unwrap_or(0);
    let new = meta::get(&tx, &meta::INCARNATION)?.is_none();
    if inside == outside && !new {
        return Ok(());
    }
    let next = inside.max(outside).saturating_add(1);
    next::begin_incarnation(&tx, Incarnation(chance.id()))?;
    meta::set(&tx, &meta::COUNTER, &next)?;
    tx.commit()?;
    let _ = counter.set(next); // if it is not kept, the next opening begins another incarnation, which harms nothing
    Ok(())
}
