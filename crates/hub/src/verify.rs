//! Whether what is stored is whole.

use crate::error::StoreError;
use crate::hub::Hub;
use crate::store::{feed, log};
use records::{FeedId, Seq};

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
}
