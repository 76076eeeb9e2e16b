//! A device as its host uses it: threads may ask while the network is slow and while another thread writes.

use crate::store::{Pace, Reader, Store, Touched, View};
use crate::upkeep::Upkeep;
use crate::{Counter, Fault, Keys, SyncState, Unopened};
use nursery::core::{Act, Clock};
use records::wire::{Exchange, Reply};
use records::{DeviceTime, GrantsVersion};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Called after every change of the store, with the kinds that moved and whether something may be sent.
pub type Listener = Box<dyn Fn(&Touched, Pushed) + Send + Sync>;

/// What a change of the store means for the conversation with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It came from the server.
    No,
    /// It may be sent at once.
    Now,
    /// It may be sent once the person stops typing.
    Soon,
}

/// What a command needs besides the records.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What is known about the device's clock.
    pub clock: Clock,
    /// The version of rights that the device knows.
    pub basis: GrantsVersion,
}

/// One open store: a writer, a reader, and those who want to hear of changes.
pub struct Device {
    upkeep: Upkeep, // ends before the connections close
    writer: Mutex<Store>,
    reader: Mutex<Reader>,
    listeners: Mutex<Vec<Listener>>,
}

impl Device {
    /// Opens or makes the store in the file `path`.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(path: &Path, keys: Keys, counter: Box<dyn Counter>) -> Result<Self, Unopened> {
        let key = keys.database.clone();
        let writer = Mutex::new(Store::open(path, keys, counter)?);
        let reader = Mutex::new(Reader::open(path, &key)?);
        let upkeep = Upkeep::begin(path, key).map_err(Fault::from)?;
        Ok(Self { upkeep, writer, reader, listeners: Mutex::default() })
    }

    /// Asks for a view. Waits for no writer and no network.
    ///
    /// # Errors
    /// What `ask` says, or the store's.
    pub fn ask<T, E: From<Fault>>(&self, ask: impl FnOnce(&View<'_>, &Clock) -> Result<T, E>) -> Result<T, E> {
        let reader = lock(&self.reader);
        let clock = reader.clock()?;
        let view = reader.records()?;
        ask(&view, &clock)
    }

    /// Composes an act over what the device holds and stores it before anything else is written. What it returns is
    /// durable.
    ///
    /// # Errors
    /// What `compose` refuses, or the store's; nothing is stored then.
    pub fn act<E: From<Fault>>(
        &self,
        pace: Pace,
        compose: impl FnOnce(&View<'_>, &Facts) -> Result<Act, E>,
    ) -> Result<Act, E> {
        let (act, touched) = {
            let mut writer = lock(&self.writer);
            let facts = Facts { clock: writer.clock()?, basis: writer.basis()? };
            let act = compose(&writer.records()?, &facts)?;
            let touched = writer.save(&act, pace)?;
            (act, touched)
        };
        self.tell(&touched, if pace == Pace::Now { Pushed::Now } else { Pushed::Soon });
        Ok(act)
    }

    /// The field was left: what was typed may be sent.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn settle(&self) -> Result<(), Fault> {
        if lock(&self.writer).settle()? {
            self.tell(&Touched::default(), Pushed::Now);
        }
        Ok(())
    }

    /// Anything else of the store: dates confirmed, troubles discarded, old days dropped, export.
    ///
    /// # Errors
    /// What `work` says.
    pub fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, Fault>) -> Result<T, Fault> {
        let done = work(&mut lock(&self.writer));
        self.upkeep.committed();
        done
    }

    /// The whole device in one word; waits for no writer.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn sync_state(&self, failed: bool) -> Result<SyncState, Fault> {
        lock(&self.reader).sync_state(failed)
    }

    /// Hears of every change from now on.
    pub fn listen(&self, listener: Listener) {
        lock(&self.listeners).push(listener);
    }

    /// What to send; see [`Store::next`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn next(&self, room: Option<u32>, at: DeviceTime) -> Result<Exchange, Fault> {
        lock(&self.writer).next(room, at)
    }

    /// Stores a reply; see [`Store::take`]. True if something waits to be sent.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn take(&self, reply: &Reply, at: DeviceTime) -> Result<bool, Fault> {
        let (touched, unsent) = {
            let mut writer = lock(&self.writer);
            let touched = writer.take(reply, at)?;
            (touched, writer.has_unsent(at)?)
        };
        self.tell(&touched, Pushed::No);
        Ok(unsent)
    }

    fn tell(&self, touched: &Touched, pushed: Pushed) {
        self.upkeep.committed();
        for listener in lock(&self.listeners).iter() {
            listener(touched, pushed);
        }
    }
}

/// A thread that panicked while it held the lock has rolled its transaction back: what is inside is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
