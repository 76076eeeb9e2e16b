//! The only way in which a rule reads.

use super::kind::{Form, Meta};
use records::{Day, FeedId, KindName, Record, RecordId, Subject};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use thiserror::Error;
use uuid::Uuid;

/// The store could not be read. The text is for the log, not for people.
#[derive(Debug, Clone, Error)]
#[error("the store could not be read: {0}")]
pub struct Fault(pub String);

/// Which records to read: of one kind, narrowed by whatever is set. Every combination is answered from an index.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Kind of record.
    pub kind: KindName,
    /// Only of this feed.
    pub feed: Option<FeedId>,
    /// Only those whose clear key at this position (0–2) has this value.
    pub key: Option<(usize, Uuid)>,
    /// Only of this subject.
    pub subject: Option<Subject>,
    /// Only of these service days, both ends included.
    pub days: Option<(Day, Day)>,
}

impl Scan {
    /// All records of kind `K`.
    #[must_use]
    pub fn of<K: Form>() -> Self {
        Self { kind: KindName::of(K::NAME), feed: None, key: None, subject: None, days: None }
    }
    /// Narrowed to one feed.
    #[must_use]
    pub fn feed(mut self, feed: impl Into<FeedId>) -> Self {
        self.feed = Some(feed.into());
        self
    }
    /// Narrowed by the clear key at `position`.
    #[must_use]
    pub fn key(mut self, position: usize, id: impl Into<Uuid>) -> Self {
        self.key = Some((position, id.into()));
        self
    }
    /// Narrowed to one service day.
    #[must_use]
    pub fn day(mut self, day: Day) -> Self {
        self.days = Some((day, day));
        self
    }
    /// Narrowed to service days, both ends included.
    #[must_use]
    pub fn days(mut self, from: Day, to: Day) -> Self {
        self.days = Some((from, to));
        self
    }
    /// Narrowed to one subject.
    #[must_use]
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }
    /// True if `record` is asked for.
    #[must_use]
    pub fn fits(&self, record: &Record) -> bool {
        let head = &record.head;
        head.kind == self.kind
            && self.feed.is_none_or(|f| head.feed == f)
            && self.key.is_none_or(|(at, id)| head.keys.get(at) == Some(&id))
            && self.subject.is_none_or(|s| head.subject == s)
            && self.days.is_none_or(|(from, to)| head.day.is_some_and(|d| from <= d && d <= to))
    }
}

/// What one principal may hold, pending laid over confirmed.
pub trait Records {
    /// One record, if it exists and may be held.
    ///
    /// # Errors
    /// [`Fault`] if the store cannot be read.
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault>;

    /// Gives each record that `which` asks for, in no promised order, until `each` breaks.
    ///
    /// # Errors
    /// [`Fault`] if the store cannot be read.
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault>;
}

/// One record of kind `K`; `None` also if the id is of another kind or only the head is left.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn get<K: Form>(r: &dyn Records, id: impl Into<Uuid>) -> Result<Option<K>, Fault> {
    let record = r.get(RecordId(id.into()))?;
    Ok(record.filter(|r| r.head.kind.as_str() == K::NAME && r.gone.is_none()).map(|r| K::read(Meta::of(&r), &r)))
}

/// All records that `which` asks for, typed; `which.kind` must be `K`'s. Records of which only the head is left are skipped.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn collect<K: Form>(r: &dyn Records, which: &Scan) -> Result<Vec<K>, Fault> {
    let mut all = vec![];
    scan_kind::<K>(r, which, &mut |k| all.push(k))?;
    Ok(all)
}

/// As [`collect`], without the list.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub fn scan_kind<K: Form>(r: &dyn Records, which: &Scan, each: &mut dyn FnMut(K)) -> Result<(), Fault> {
    r.scan(which, &mut |record| {
        if record.gone.is_none() {
            each(K::read(Meta::of(&record), &record));
        }
        ControlFlow::Continue(())
    })
}

/// Records in memory: for tests, and to lay the outcome of an act over a store while it is judged.
#[derive(Debug, Default, Clone)]
pub struct MemoryRecords {
    /// By id.
    pub records: BTreeMap<RecordId, Record>,
}

impl MemoryRecords {
    /// Puts a record in, replacing what had its id.
    pub fn put(&mut self, record: Record) {
        self.records.insert(record.head.id, record);
    }
}

impl Records for MemoryRecords {
    fn get(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        Ok(self.records.get(&id).cloned())
    }
    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        for record in self.records.values().filter(|r| which.fits(r)) {
            if each(record.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }
}
