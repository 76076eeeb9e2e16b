//! The open server.

use crate::commit::Queue;
use crate::error::{Failure, StoreError};
use crate::keyfile;
use crate::notes::{self, Notes};
use crate::pokes::Pokes;
use crate::standings::{Held, Standings, today};
use crate::store::{DATABASE, Keyring, Rows, Store, epoch, meta};
use nursery::access::Principal;
use nursery::ids::MunicipalityId;
use records::{Day, DeviceId, Epoch, GrantsVersion, ServerTime};
use rusqlite::Connection;
use seal::ServerKeys;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// File name of the subject keys in the server's folder.
pub const KEYS: &str = "keys.db";

/// A device that has proved to be itself by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub device: DeviceId,
}

/// The server: one per folder. Share it by reference or `Arc` among threads.
pub struct Hub {
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) keys: Keyring,
    pub(crate) server: ServerKeys,
    pub(crate) notes: Notes,
    pub(crate) standings: Standings,
    pub(crate) pokes: Pokes,
    pub(crate) queue: Queue,
    pub(crate) epoch: Epoch,
    /// [`Day::number`] of the service day for which families have been told what the day alone changes.
    pub(crate) told: AtomicI32,
    /// False once nobody is waited for after a restore: nothing of a recovery is asked any more.
    pub(crate) recovering: AtomicBool,
}

impl Hub {
    /// Opens the server in `folder`, making what is missing: database, subject keys, server keys, restriction notes.
    /// `seed` is the source of all chance (fresh from the operating system, except in simulations).
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed if a file is of a newer version.
    pub fn open(folder: &Path, seed: [u8; 32], now: ServerTime) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        let keys = Keyring::open(&folder.join(KEYS), seed).map_err(StoreError::in_file(KEYS))?;
        let server = keyfile::open(folder, &keys).map_err(StoreError::in_file(keyfile::FILE))?;
        let store = Store::open(folder).map_err(StoreError::in_file(DATABASE))?;
        let notes = Notes::open(folder, &server.public()).map_err(StoreError::in_file(notes::FILE))?;
        let epoch = begin(&store, &keys, &notes, now)?;
        Ok(Self {
            folder: folder.to_owned(),
            store,
            keys,
            server,
            notes,
            standings: Standings::default(),
            pokes: Pokes::default(),
            queue: Queue::default(),
            epoch,
            told: AtomicI32::new(i32::MIN),
            recovering: AtomicBool::new(true),
        })
    }

    /// The server's lineage.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The server's public keys: for notes and browser changes, and for what only the server opens. Told to devices at
    /// pairing.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] never happens with a key file that this program wrote.
    pub fn public_keys(&self) -> Result<(String, seal::OutboxSeal), StoreError> {
        Ok((self.server.public(), self.server.outbox_seal()?))
    }

    /// The municipality, once its record exists; nil before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn municipality(&self) -> Result<MunicipalityId, StoreError> {
        let records = self.records()?;
        Ok(meta::municipality(&records.rows()?)?.into())
    }

    /// The version of everybody's rights: the basis of what is written in a browser now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn grants(&self) -> Result<GrantsVersion, StoreError> {
        let records = self.records()?;
        meta::version(&records.rows()?)
    }

    /// What a principal is and may hold now.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn held(&self, of: Principal, now: ServerTime) -> Result<Arc<Held>, Failure> {
        self.turn_day(today(now), now)?;
        let records = self.records()?;
        let rows = records.rows()?;
        if let Some(held) = self.standings.known(&rows, of, today(now))? {
            self.pokes.refresh(of, &held);
            return Ok(held);
        }
        if let Some(held) = self.standings.unchanged(&rows, &self.notes, of, now)? {
            self.pokes.refresh(of, &held);
            return Ok(held);
        }
        drop(records);
        let held = self.write(now, move |turn| turn.settle(of))?;
        self.pokes.refresh(of, &held);
        Ok(held)
    }

    /// Rights are of a day, and so is what follows from them: whoever is first on a day has it written for all.
    fn turn_day(&self, day: Day, now: ServerTime) -> Result<(), Failure> {
        if self.told.load(Ordering::Acquire) == day.number() {
            return Ok(());
        }
        self.write(now, move |turn| turn.note_day(day))?;
        self.told.store(day.number(), Ordering::Release);
        Ok(())
    }

    pub(crate) fn rows<'a>(&'a self, conn: &'a Connection) -> Rows<'a> {
        Rows { conn, keys: &self.keys }
    }
}

/// Begins the first epoch; finds restrictions that this database does not know (after a restore, or a crash between
/// note and commit) and lets them apply.
fn begin(store: &Store, keys: &Keyring, notes: &Notes, now: ServerTime) -> Result<Epoch, StoreError> {
    let mut writer = store.writer();
    let transaction = writer.transaction()?;
    let rows = Rows { conn: &transaction, keys };
    if epoch::current(&rows)?.is_none() {
        epoch::begin(&rows, Epoch(keys.new_id(now)), now)?;
    }
    notes.reconcile(&rows)?;
    let current = epoch::current(&rows)?.ok_or(StoreError::Lacks("an epoch"))?;
    keys.flush()?;
    transaction.commit()?;
    Ok(current)
}
