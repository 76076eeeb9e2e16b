//! How long a device keeps what it holds.

use super::{Store, Touched, meta, record};
use crate::Fault;
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::Keep;
use records::{Day, DeviceTime, ServerTime};
use rusqlite::TransactionBehavior;

impl Store {
    /// Once a day, when everything has come: by the earlier of both clocks, so that a server whose clock has jumped ahead
    /// does not empty its devices.
    pub(super) fn drop_daily(&mut self, server: ServerTime, device: DeviceTime) -> Result<Touched, Fault> {
        let now = server.0.min(device.0);
        let today = service_day(DeviceTime(now), DEFAULT_BOUNDARY);
        if meta::get(&self.db, &meta::DROPPED)? == Some(today) {
            return Ok(Touched::default());
        }
        let touched = self.drop_old(today, ServerTime(now))?;
        meta::set(&self.db, &meta::DROPPED, &today)?;
        Ok(touched)
    }

    /// Drops what its kind lets a device keep no longer, and own accepted changes that every backup holds. Unknown kinds
    /// and records with pending changes stay.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn drop_old(&mut self, today: Day, now: ServerTime) -> Result<Touched, Fault> {
        let mut touched = Touched::default();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for kind in nursery::registry::kinds() {
            let Keep::Months(months) = kind.keep else { continue };
            let rows: Vec<i64> = tx
                .prepare_cached("SELECT row FROM record WHERE kind = ?1 AND day < ?2 AND pending = 0")?
                .query_map((kind.name, months_before(today, months).number()), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for row in rows {
                touched.kinds.insert(record::erase(&tx, row)?);
            }
        }
        Self::drop_old_offers(&tx, now.0)?;
        tx.commit()?;
        Ok(touched)
    }
}

/// The same day of the month, so many months before; the last of the month if there is no such day.
fn months_before(day: Day, months: u8) -> Day {
    Day(day.0.saturating_sub(jiff::Span::new().try_months(i64::from(months)).unwrap_or_default()))
}
