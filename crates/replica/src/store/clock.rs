//! What a device knows of the time, and of the rights under which it writes.

use super::{Reader, Store, meta};
use crate::Fault;
use nursery::core::Clock;
use records::{Day, GrantsVersion};
use rusqlite::Connection;

impl Store {
    /// What is known about the device's clock.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn clock(&self) -> Result<Clock, Fault> {
        clock(&self.db)
    }

    /// The version of rights that the device knows.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn basis(&self) -> Result<GrantsVersion, Fault> {
        Ok(meta::get(&self.db, &meta::GRANTS)?.unwrap_or_default())
    }

    /// A person has confirmed that today is this day.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn confirm_date(&mut self, day: Day) -> Result<(), Fault> {
        meta::set(&self.db, &meta::CONFIRMED, &day)
    }

    /// A monotonic clock has counted this many milliseconds since the last call. Moves the highest time seen, on which
    /// the lease runs (rule 36); the wall clock never does, since it can be set.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn elapsed(&mut self, ms: u32) -> Result<(), Fault> {
        match meta::get(&self.db, &meta::HIGHEST_MS)? {
            Some(highest) => meta::set(&self.db, &meta::HIGHEST_MS, &highest.saturating_add(i64::from(ms))),
            None => Ok(()),
        }
    }
}

impl Reader {
    /// As [`Store::clock`].
    ///
    /// # Errors
    /// [`Fault`].
    pub fn clock(&self) -> Result<Clock, Fault> {
        clock(&self.db)
    }
}

fn clock(db: &Connection) -> Result<Clock, Fault> {
    Ok(Clock {
        error_ms: meta::get(db, &meta::ERROR_MS)?,
        highest_ms: meta::get(db, &meta::HIGHEST_MS)?.unwrap_or(0),
        confirmed: meta::get(db, &meta::CONFIRMED)?,
        heard_ms: meta::get(db, &meta::HEARD_MS)?.unwrap_or(0),
    })
}
