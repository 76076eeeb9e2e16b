//! Reading records: unfiltered for the judge and for server duties, and through the sight of a principal for all else.

use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use crate::standings::Held;
use crate::store::{Rows, Store, record};
use nursery::access::{Principal, Sight};
use nursery::core::{Fault, Records, Scan};
use records::{Record, RecordId, ServerTime};
use rusqlite::Connection;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The rows of a transaction, read by the domain.
#[derive(Clone, Copy)]
pub struct View<'a>(pub Rows<'a>);

impl Records for View<'_> {
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        Ok(record::find(&self.0, id)?.map(|(_, record)| record))
    }
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        Ok(record::scan(&self.0, which, each)?)
    }
}

/// Every record, as one snapshot: for server duties and exports. Nothing of it reaches a person unfiltered.
pub struct HubRecords<'h> {
    hub: &'h Hub,
    connection: Lent<'h>,
}

struct Lent<'h> {
    store: &'h Store,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.store.give_back(connection);
        }
    }
}

impl HubRecords<'_> {
    pub(crate) fn rows(&self) -> Result<Rows<'_>, StoreError> {
        let connection = self.connection.connection.as_ref().ok_or(StoreError::Lacks("a connection"))?;
        Ok(self.hub.rows(connection))
    }
}

impl Records for HubRecords<'_> {
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        View(self.rows()?).get(id)
    }
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        View(self.rows()?).scan(which, each)
    }
}

/// Rows of a transaction as a principal with this sight may hold them.
#[derive(Clone, Copy)]
pub struct Sighted<'a>(pub View<'a>, pub &'a Sight);

impl Records for Sighted<'_> {
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        Ok(self.0.get(id)?.and_then(|record| seen(self.1, record)))
    }
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        self.0.scan(which, &mut |record| match seen(self.1, record) {
            Some(record) => each(record),
            None => ControlFlow::Continue(()),
        })
    }
}

/// Records as one principal may hold them: what is not in its sight is not there.
pub struct Filtered<'h> {
    records: HubRecords<'h>,
    held: Arc<Held>,
}

impl Filtered<'_> {
    /// What the principal is and may hold.
    #[must_use]
    pub fn held(&self) -> &Held {
        &self.held
    }
}

impl Records for Filtered<'_> {
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        Sighted(View(self.records.rows()?), &self.held.sight).get(id)
    }
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        Sighted(View(self.records.rows()?), &self.held.sight).scan(which, each)
    }
}

/// The record as somebody with this sight receives it: with the audiences held only; `None` if it is not in sight.
pub fn seen(sight: &Sight, mut record: Record) -> Option<Record> {
    if !sight.sees(&record) {
        return None;
    }
    let day = record.head.day;
    record.head.audiences.retain(|atom| sight.reaches(atom, day));
    Some(record)
}

impl Hub {
    /// Every record, unfiltered, as of now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn records(&self) -> Result<HubRecords<'_>, StoreError> {
        let connection = self.store.reader()?;
        Ok(HubRecords { hub: self, connection: Lent { store: &self.store, connection: Some(connection) } })
    }

    /// Records as a principal may hold them now: the same that its device holds.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn records_for(&self, of: Principal, now: ServerTime) -> Result<Filtered<'_>, Failure> {
        let held = self.held(of, now)?;
        Ok(Filtered { records: self.records()?, held })
    }
}
