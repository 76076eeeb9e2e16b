//! Writing: what many threads want to write is committed together by whichever of them is first, without waiting to
//! gather. Nobody is answered before the commit.

mod act;
mod collectors;
mod held;
mod web;
mod witnessed;

pub use act::{Origin, Piece};
pub use web::{Committed, Hands, Here};

use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use crate::notes::Taken;
use crate::pokes::Moved;
use crate::standings::Held;
use crate::store::Rows;
use nursery::access::Principal;
use nursery::ids::ChildId;
use records::ServerTime;
use rusqlite::Connection;
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Jobs that may wait; beyond, the server is busy.
const WAITING: usize = 10_000;

type Work = Box<dyn FnOnce(&mut Turn<'_>) -> Result<(), StoreError> + Send>;
type End = Arc<Mutex<Option<Result<(), Failure>>>>;

struct Job {
    work: Work,
    now: ServerTime,
    end: End,
}

/// What waits to be written.
#[derive(Default)]
pub struct Queue(Mutex<VecDeque<Job>>);

/// One job's turn in the running transaction.
pub struct Turn<'a> {
    /// The transaction's rows.
    pub rows: Rows<'a>,
    /// The server.
    pub hub: &'a Hub,
    /// When.
    pub now: ServerTime,
    /// What this job touched: poked after the commit.
    pub touched: Moved,
    /// Restrictions that follow from what this job wrote: appended before the commit.
    pub restrictions: Vec<Taken>,
    /// Children of whom somebody else may collect now, perhaps: their families are told before the commit.
    pub collected: BTreeSet<ChildId>,
}

impl Turn<'_> {
    /// What a principal is now, stored if it has changed.
    pub fn settle(&mut self, of: Principal) -> Result<Arc<Held>, StoreError> {
        self.hub.standings.settle(&self.rows, &self.hub.notes, of, self.now)
    }

    /// Runs `work` so that it leaves nothing behind if it fails; a panic is a failure. The outer error ends the whole
    /// transaction.
    pub fn savepoint<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<Result<T, StoreError>, StoreError> {
        let (touched, restrictions) = (self.touched.clone(), self.restrictions.len());
        self.rows.conn.execute_batch("SAVEPOINT act")?;
        let failed = match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(value)) => {
                self.rows.conn.execute_batch("RELEASE act")?;
                return Ok(Ok(value));
            }
            Ok(Err(error)) if error.ends_transaction() => return Err(error),
            Ok(Err(error)) => error,
            Err(_) => StoreError::Own("the server itself failed".to_owned()),
        };
        self.rows.conn.execute_batch("ROLLBACK TO act; RELEASE act")?;
        self.hub.standings.forget();
        self.touched = touched;
        self.restrictions.truncate(restrictions);
        Ok(Err(failed))
    }
}

impl Hub {
    /// Writes `work` together with whatever else is queued; returns after the commit.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        now: ServerTime,
        work: impl FnOnce(&mut Turn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let out = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&out);
        let end: End = Arc::default();
        self.enqueue(Job {
            work: Box::new(move |turn| {
                *lock(&slot) = Some(work(turn)?);
                Ok(())
            }),
            now,
            end: Arc::clone(&end),
        })?;
        let moved = {
            let mut writer = self.store.writer();
            if lock(&end).is_none() { self.commit_queued(&mut writer) } else { Moved::default() }
        };
        self.pokes.poke(&moved);
        lock(&end).take().unwrap_or_else(|| Err(Failure::Busy("the commit was lost".to_owned())))?;
        lock(&out).take().ok_or_else(|| Failure::Busy("the outcome was lost".to_owned()))
    }

    fn enqueue(&self, job: Job) -> Result<(), Failure> {
        let mut queue = lock(&self.queue.0);
        if queue.len() >= WAITING {
            return Err(Failure::Busy("too much waits to be written".to_owned()));
        }
        queue.push_back(job);
        Ok(())
    }

    fn commit_queued(&self, writer: &mut Connection) -> Moved {
        let jobs = std::mem::take(&mut *lock(&self.queue.0));
        let mut ends = vec![];
        let committed = self.transaction(writer, jobs, &mut ends);
        if committed.is_err() {
            self.standings.forget();
        }
        for (end, result) in ends {
            let busy = committed.as_ref().err().map(|error| Failure::Busy(error.to_string()));
            *lock(&end) = Some(busy.map_or(result, Err));
        }
        committed.unwrap_or_default()
    }

    fn transaction(
        &self,
        writer: &mut Connection,
        jobs: VecDeque<Job>,
        ends: &mut Vec<(End, Result<(), Failure>)>,
    ) -> Result<Moved, StoreError> {
        let ours: Vec<(Work, ServerTime, usize)> = jobs
            .into_iter()
            .enumerate()
            .map(|(at, job)| {
                ends.push((job.end, Ok(())));
                (job.work, job.now, at)
            })
            .collect();
        let transaction = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut moved = Moved::default();
        let mut restrictions = vec![];
        for (work, now, at) in ours {
            let rows = self.rows(&transaction);
            let mut turn = Turn {
                rows,
                hub: self,
                now,
                touched: Moved::default(),
                restrictions: vec![],
                collected: BTreeSet::new(),
            };
            let outcome =
                turn.savepoint(|turn| work(turn).and_then(|()| turn.tell_collectors()))?.map_err(Failure::from);
            moved.add(turn.touched);
            restrictions.append(&mut turn.restrictions);
            if let Some(end) = ends.get_mut(at) {
                end.1 = outcome;
            }
        }
        self.keys.flush()?;
        self.notes.append(&self.rows(&transaction), &self.server, &restrictions)?;
        transaction.commit()?;
        Ok(moved)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
