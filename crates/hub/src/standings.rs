//! What principals are, computed from records and remembered until records that decide about rights move, or the day
//! turns.

use crate::error::StoreError;
use crate::notes::Notes;
use crate::reading::View;
use crate::store::{Rows, meta, standing};
use nursery::access::{Principal, Sight, Standing, sight};
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use records::{Day, DeviceTime, GrantsVersion, ServerTime};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

const REMEMBERED: usize = 100_000;
/// How long after its end a right still leads to a hold instead of a refusal: 35 days.
pub const GRACE_MS: i64 = 35 * 86_400_000;

/// What a principal is and may hold.
#[derive(Clone, Debug)]
pub struct Held {
    /// What it is.
    pub standing: Standing,
    /// What it may hold.
    pub sight: Sight,
    /// From which version of rights.
    pub since: GrantsVersion,
    pub(crate) moved: u64,
    pub(crate) day: Day,
}

/// Remembered standings.
#[derive(Default)]
pub struct Standings(Mutex<HashMap<Principal, Arc<Held>>>);

/// The service day of the server's clock.
pub fn today(now: ServerTime) -> Day {
    service_day(DeviceTime(now.0), DEFAULT_BOUNDARY)
}

impl Standings {
    /// What is remembered of a principal and still true in these rows.
    pub fn known(&self, rows: &Rows<'_>, of: Principal, day: Day) -> Result<Option<Arc<Held>>, StoreError> {
        let moved = meta::moved(rows)?;
        let remembered = self.lock().get(&of).cloned();
        Ok(remembered.filter(|held| held.moved == moved && held.day == day))
    }

    /// Computes a principal's standing; remembers and returns it if it is what is stored already.
    pub fn unchanged(
        &self,
        rows: &Rows<'_>,
        notes: &Notes,
        of: Principal,
        now: ServerTime,
    ) -> Result<Option<Arc<Held>>, StoreError> {
        let fresh = compute(rows, notes, of, now)?;
        let stored = standing::at(rows, of, meta::version(rows)?)?;
        let Some(stored) = stored.filter(|past| past.ended.is_none() && past.standing == fresh) else {
            return Ok(None);
        };
        Ok(Some(self.remember(rows, of, fresh, stored.since, now)?))
    }

    /// As [`Standings::unchanged`], but stores what has changed. Only in a writing transaction.
    pub fn settle(
        &self,
        rows: &Rows<'_>,
        notes: &Notes,
        of: Principal,
        now: ServerTime,
    ) -> Result<Arc<Held>, StoreError> {
        if let Some(held) = self.known(rows, of, today(now))? {
            return Ok(held);
        }
        if let Some(held) = self.unchanged(rows, notes, of, now)? {
            return Ok(held);
        }
        let fresh = compute(rows, notes, of, now)?;
        let since = meta::next_version(rows)?;
        standing::put(rows, of, since, &fresh, now)?;
        self.remember(rows, of, fresh, since, now)
    }

    /// Forgets everything: after a transaction that did not commit.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn remember(
        &self,
        rows: &Rows<'_>,
        of: Principal,
        standing: Standing,
        since: GrantsVersion,
        now: ServerTime,
    ) -> Result<Arc<Held>, StoreError> {
        let sight = sight(&standing);
        let held = Arc::new(Held { standing, sight, since, moved: meta::moved(rows)?, day: today(now) });
        let mut all = self.lock();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(of, Arc::clone(&held));
        Ok(held)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Principal, Arc<Held>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compute(rows: &Rows<'_>, notes: &Notes, of: Principal, now: ServerTime) -> Result<Standing, StoreError> {
    let municipality = meta::municipality(rows)?.into();
    let mut standing = nursery::access::standing(&View(*rows), municipality, of, today(now))?;
    notes.restrict(rows, of, &mut standing)?;
    Ok(standing)
}

/// What a principal was at the version of rights that a late change names, if that ended no more than 35 days ago.
pub fn at_basis(
    rows: &Rows<'_>,
    of: Principal,
    basis: GrantsVersion,
    now: ServerTime,
) -> Result<Option<Standing>, StoreError> {
    let past = standing::at(rows, of, basis)?;
    let recent = past.filter(|past| past.ended.is_none_or(|ended| now.0.saturating_sub(ended.0) <= GRACE_MS));
    Ok(recent.map(|past| past.standing))
}
