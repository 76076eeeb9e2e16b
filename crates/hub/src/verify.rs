//! Whether what is stored is whole.

use crate::error::StoreError;
use crate::hub::Hub;
use crate::store::{feed, log, record};
use records::{FeedId, RecordId, Seq};

impl Hub {
    /// Follows the chain of every feed from its first change; returns for each broken one the first seq that does not
    /// fit. Empty: all is whole.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn broken_chains(&self) -> Result<Vec<(FeedId, Seq)>, StoreError> {
        let records = self.records()?;
        let rows = records.rows()?;
        let mut broken = vec![];
        for (number, head) in feed::all(&rows)? {
            if let Some(seq) = log::first_broken(&rows, number, head)? {
                broken.push((feed::id(&rows, number)?, seq));
            }
        }
        Ok(broken)
    }

    /// Records whose body does not open or does not read, although its subject was not erased. Such a record is sent to
    /// nobody; acts on it are held with code `fault`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn broken_records(&self) -> Result<Vec<RecordId>, StoreError> {
        let records = self.records()?;
        record::broken(&records.rows()?)
    }
}
