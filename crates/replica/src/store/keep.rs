//! How long a device keeps what it holds.

use super::{Store, Touched, record};
use crate::Fault;
use nursery::core::Keep;
use records::{Day, ServerTime};
use rusqlite::TransactionBehavior;

impl Store {
    /// Drops what its kind lets a device keep no longer, and own accepted changes that every backup holds. Called
    /// daily. Unknown kinds and records with pending changes stay.
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
