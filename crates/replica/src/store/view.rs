//! Reading: pending laid over confirmed.

use super::{body, outbox};
use crate::Fault;
use nursery::core::{Records, Scan};
use records::{Atom, Atoms, Change, Day, FeedId, Head, KindName, Record, RecordId, Seq, Subject};
use rusqlite::{Connection, OptionalExtension, Row, ToSql};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use uuid::Uuid;

const COLUMNS: &str = "id, kind, feed, subject, day, k1, k2, k3, seq, pending, atoms, body";

/// Names of atoms by number. Only ever grows, so one copy per connection stays true.
#[derive(Default)]
pub struct AtomNames(RefCell<BTreeMap<i64, Atom>>);

impl AtomNames {
    fn of(&self, db: &Connection, number: i64) -> Result<Option<Atom>, Fault> {
        if let Some(known) = self.0.borrow().get(&number) {
            return Ok(Some(known.clone()));
        }
        let mut statement = db.prepare_cached("SELECT name FROM atom WHERE number = ?1")?;
        let found: Option<String> = statement.query_row([number], |row| row.get(0)).optional()?;
        Ok(found.map(|name| self.0.borrow_mut().entry(number).or_insert(Atom(name)).clone()))
    }
}

/// What this device may hold, as it was at one moment: nothing moves while a view is open.
pub struct View<'a> {
    db: &'a Connection,
    names: &'a AtomNames,
    ours: bool,
}

impl<'a> View<'a> {
    pub(super) fn open(db: &'a Connection, names: &'a AtomNames) -> Result<Self, Fault> {
        let ours = db.is_autocommit();
        if ours {
            db.execute_batch("BEGIN")?;
        }
        Ok(Self { db, names, ours })
    }

    /// The record, whole, if it is held or pending here.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn record(&self, id: RecordId) -> Result<Option<Record>, Fault> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE id = ?1 AND before < 2");
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0.as_bytes()])?;
        match rows.next()? {
            Some(row) => self.read(row, None),
            None => Ok(None),
        }
    }

    /// Gives each record that `which` asks for.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn each(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), Fault> {
        let Some(asked) = Asked::of(which) else { return Ok(()) };
        let mut statement = self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE {}", asked.wheres))?;
        let values: Vec<&dyn ToSql> = asked.values.iter().map(AsRef::as_ref).collect();
        let mut rows = statement.query(values.as_slice())?;
        let kind = kind_name(which.kind.as_str());
        while let Some(row) = rows.next()? {
            if let Some(record) = self.read(row, Some(&kind))?
                && each(record).is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// Records as the server sent them, without what is pending; `wheres` is over the columns of the table.
    pub(super) fn confirmed(&self, wheres: &str, most: usize) -> Result<Vec<Record>, Fault> {
        let sql = format!("SELECT {COLUMNS} FROM record WHERE {wheres} ORDER BY row LIMIT {most}");
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut records = vec![];
        while let Some(row) = rows.next()? {
            records.extend(self.sent(row, None)?);
        }
        Ok(records)
    }

    fn sent(&self, row: &Row<'_>, kind: Option<&KindName>) -> Result<Option<Record>, Fault> {
        let Some(seq) = row.get::<_, Option<i64>>(8)? else { return Ok(None) };
        let content = body::read(row.get_ref(11)?.as_str().map_err(rusqlite::Error::from)?)?;
        let body::Content { fields, accepted, gone } = content;
        Ok(Some(Record { head: self.head(row, kind)?, fields, seq: Some(Seq(seq.unsigned_abs())), accepted, gone }))
    }

    fn read(&self, row: &Row<'_>, kind: Option<&KindName>) -> Result<Option<Record>, Fault> {
        let id = RecordId(Uuid::from_bytes(row.get(0)?));
        let pending: bool = row.get(9)?;
        let confirmed = self.sent(row, kind)?;
        if !pending || confirmed.as_ref().is_some_and(|r| r.gone.is_some()) {
            return Ok(confirmed);
        }
        let pending = outbox::laid_over(self.db, id)?;
        Ok(pending.iter().fold(confirmed, |record, change| Some(lay_over(record, change))))
    }

    fn head(&self, row: &Row<'_>, kind: Option<&KindName>) -> Result<Head, Fault> {
        let numbers: Vec<i64> = serde_json::from_str(row.get_ref(10)?.as_str().map_err(rusqlite::Error::from)?)?;
        let mut audiences = Atoms::new();
        for number in numbers {
            audiences.extend(self.names.of(self.db, number)?);
        }
        let key = |at: usize| -> Result<Option<Uuid>, Fault> {
            Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(Uuid::from_bytes))
        };
        let keys = [key(5)?, key(6)?, key(7)?];
        Ok(Head {
            id: RecordId(Uuid::from_bytes(row.get(0)?)),
            kind: match kind {
                Some(kind) => kind.clone(),
                None => kind_name(&row.get::<_, String>(1)?),
            },
            feed: FeedId(Uuid::from_bytes(row.get(2)?)),
            subject: Subject(Uuid::from_bytes(row.get(3)?)),
            day: row.get::<_, Option<i32>>(4)?.map(Day::from_number),
            keys: keys.into_iter().map_while(|key| key).collect(),
            audiences,
        })
    }
}

impl Drop for View<'_> {
    fn drop(&mut self) {
        if self.ours {
            let _ = self.db.execute_batch("ROLLBACK"); // nothing was written
        }
    }
}

impl Records for View<'_> {
    fn get(&self, id: RecordId) -> Result<Option<Record>, nursery::core::Fault> {
        Ok(self.record(id)?)
    }

    fn scan(&self, which: &Scan, each: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<(), nursery::core::Fault> {
        Ok(self.each(which, each)?)
    }
}

/// Lays a change over, except where somebody has already replaced it before it came (rule 4).
fn lay_over(record: Option<Record>, change: &Change) -> Record {
    let replaced =
        |field: &str| record.as_ref().and_then(|r| r.fields.get(field)).is_some_and(|r| r.awaited.contains(&change.id));
    if !change.writes.iter().any(|write| replaced(&write.field)) {
        return records::overlay(record, change);
    }
    let mut rest = change.clone();
    rest.writes.retain(|write| !replaced(&write.field));
    records::overlay(record, &rest)
}

/// A known kind's name without allocation.
fn kind_name(name: &str) -> KindName {
    nursery::registry::by_name(name).map_or_else(|| KindName(name.to_owned().into()), nursery::core::Definition::kind)
}

/// A scan as SQL. The narrowest index is chosen here, not by statistics: `+` keeps the others out.
struct Asked {
    wheres: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Asked {
    /// `None` if nothing can fit.
    fn of(which: &Scan) -> Option<Self> {
        let mut asked = Self { wheres: "before < 2".to_owned(), values: vec![] };
        let narrow = which.key.is_some() || which.subject.is_some();
        asked.term("kind = ?", which.kind.as_str().to_owned());
        if let Some((at, id)) = which.key {
            let column = ["k1 = ?", "k2 = ?", "k3 = ?"].get(at)?;
            asked.term(column, id.into_bytes());
        }
        if let Some(subject) = which.subject {
            asked.term(if which.key.is_some() { "+subject = ?" } else { "subject = ?" }, subject.0.into_bytes());
        }
        if let Some(feed) = which.feed {
            asked.term(if narrow { "+feed = ?" } else { "feed = ?" }, feed.0.into_bytes());
        }
        if let Some((from, to)) = which.days {
            asked.term("day >= ?", from.number());
            asked.term("day <= ?", to.number());
        }
        Some(asked)
    }

    fn term(&mut self, term: &str, value: impl ToSql + 'static) {
        self.wheres.push_str(" AND ");
        self.wheres.push_str(term);
        self.values.push(Box::new(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The index that SQLite uses for a scan.
    fn index(which: &Scan) -> String {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(super::super::record::SQL).unwrap();
        let asked = Asked::of(which).unwrap();
        let values: Vec<&dyn ToSql> = asked.values.iter().map(AsRef::as_ref).collect();
        let sql = format!("EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM record WHERE {}", asked.wheres);
        let detail: String = db.query_row(&sql, values.as_slice(), |row| row.get(3)).unwrap();
        detail.split("INDEX ").nth(1).unwrap_or(&detail).to_owned()
    }

    #[test]
    fn every_combination_of_a_scan_is_answered_from_an_index() {
        let punches = || Scan::of::<nursery::attendance::Punch>();
        let (day, id) = (Day::from_number(20_000), Uuid::from_u128(1));
        assert_eq!(index(&punches()), "record_by_day (kind=?)");
        assert_eq!(index(&punches().day(day)), "record_by_day (kind=? AND day>? AND day<?)");
        assert_eq!(
            index(&punches().feed(FeedId(id)).day(day)),
            "record_by_feed (feed=? AND kind=? AND day>? AND day<?)"
        );
        assert_eq!(index(&punches().subject(Subject(id))), "record_by_subject (subject=? AND kind=?)");
        for (at, column) in ["k1", "k2", "k3"].into_iter().enumerate() {
            let all = punches().key(at, id).feed(FeedId(id)).subject(Subject(id)).day(day);
            let expected = format!("record_by_{column} ({column}=? AND kind=? AND day>? AND day<?)");
            assert_eq!(index(&all), expected);
        }
    }
}
