//! What a device gets: records of the audiences it holds, in the order of each feed, first the new, then the past of
//! audiences that it has gained.

use super::Asked;
use super::cursor::{FILLS, Fill, Reached};
use crate::error::StoreError;
use crate::hub::Hub;
use crate::reading::seen;
use crate::standings::{Held, today};
use crate::store::{Rows, audience, feed, meta, record, standing};
use nursery::access::{Principal, Sight, sight};
use nursery::core::Keep;
use nursery::registry;
use records::{Atom, Day, Record, RecordId, Seq, Subject, limits};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

/// Places of one audience read at a time.
const READ: usize = 256;

/// What a reply carries besides verdicts and echoes.
pub struct Pulled {
    /// New and moved records.
    pub page: Vec<Record>,
    /// Audiences no longer held.
    pub lost: Vec<Atom>,
    /// Subjects to be forgotten.
    pub forget: Vec<Subject>,
    /// Where the device stands once it has stored this.
    pub reached: Reached,
    /// Another page is ready.
    pub more: bool,
}

/// What changed for a device between its cursor and now.
struct Turned {
    reached: Reached,
    lost: Vec<Atom>,
    forget: Vec<Subject>,
}

impl Hub {
    /// One page for a principal.
    pub(super) fn pull(&self, rows: &Rows<'_>, asked: &Asked<'_>) -> Result<Pulled, StoreError> {
        let grants = meta::version(rows)?;
        let (notes, erased) = self.notes.erased_after(asked.reached.map_or(0, |reached| reached.notes));
        let mut turned = match asked.reached {
            Some(reached) => turn(rows, asked.of, asked.held, reached)?,
            None => Turned { reached: Reached::nothing(self.epoch, grants, notes), lost: vec![], forget: vec![] },
        };
        if asked.synced_before {
            turned.forget.extend(erased);
        }
        if asked.synced_before && asked.reached.is_none() {
            // what a device of another epoch holds is not known
            turned.forget.extend(&asked.held.sight.excluded);
        }
        turned.reached.grants = grants;
        turned.reached.notes = notes;
        let room = asked.room.and_then(|room| usize::try_from(room).ok()).unwrap_or(limits::BATCH_BYTES);
        let mut page = Page {
            rows,
            sight: &asked.held.sight,
            echoed: &asked.echoed,
            today: today(asked.now),
            room: room.min(limits::BATCH_BYTES),
            records: vec![],
            full: false,
        };
        page.news(&mut turned.reached)?;
        page.fills(&mut turned.reached)?;
        let Turned { reached, lost, forget } = turned;
        Ok(Pulled { page: page.records, lost, forget, reached, more: page.full })
    }
}

/// Compares what the device held when its cursor was made with what it holds now.
fn turn(rows: &Rows<'_>, of: Principal, held: &Held, reached: &Reached) -> Result<Turned, StoreError> {
    if held.since <= reached.grants {
        return Ok(Turned { reached: reached.clone(), lost: vec![], forget: vec![] });
    }
    let past = standing::at(rows, of, reached.grants)?;
    let before = past.map(|past| sight(&past.standing)).unwrap_or_default();
    let now = &held.sight;
    let mut next = reached.clone();
    if before == *now {
        return Ok(Turned { reached: next, lost: vec![], forget: vec![] });
    }
    let lost = before.atoms.iter().filter(|(atom, since)| now.atoms.get(*atom).is_none_or(|now| now > *since));
    let lost: Vec<Atom> = lost.map(|(atom, _)| atom.clone()).collect();
    let gained = now.atoms.iter().filter(|(atom, since)| before.atoms.get(*atom) != Some(since));
    let gained: Vec<i64> = numbers(rows, gained.map(|(atom, _)| atom))?;
    let gone: Vec<i64> = numbers(rows, lost.iter())?;
    for fill in &mut next.fills {
        fill.atoms.retain(|atom| !gone.contains(atom));
    }
    next.fills.retain(|fill| !fill.atoms.is_empty());
    let shown_again = before.excluded.difference(&now.excluded).next().is_some();
    fill(&mut next, gained);
    if shown_again || next.fills.len() > FILLS {
        next = Reached::nothing(reached.epoch, reached.grants, reached.notes);
    }
    let forget = now.excluded.difference(&before.excluded).copied().collect();
    Ok(Turned { reached: next, lost, forget })
}

fn fill(next: &mut Reached, gained: Vec<i64>) {
    if gained.is_empty() {
        return;
    }
    for fill in &mut next.fills {
        fill.atoms.retain(|atom| !gained.contains(atom));
    }
    next.fills.retain(|fill| !fill.atoms.is_empty());
    for (feed, to) in &next.feeds {
        if to.0 > 0 {
            next.fills.push(Fill { atoms: gained.clone(), feed: *feed, at: Seq(0), to: *to });
        }
    }
}

fn numbers<'a>(rows: &Rows<'_>, atoms: impl Iterator<Item = &'a Atom>) -> Result<Vec<i64>, StoreError> {
    let mut all = vec![];
    for atom in atoms {
        all.extend(audience::find(rows, atom)?);
    }
    Ok(all)
}

struct Page<'a> {
    rows: &'a Rows<'a>,
    sight: &'a Sight,
    echoed: &'a BTreeSet<RecordId>,
    today: Day,
    room: usize,
    records: Vec<Record>,
    full: bool,
}

impl Page<'_> {
    /// What every audience has that the device has not met, feed by feed.
    fn news(&mut self, reached: &mut Reached) -> Result<(), StoreError> {
        let feeds = feed::all(self.rows)?;
        if feeds.iter().all(|(feed, head)| reached.feeds.get(feed).copied().unwrap_or_default() >= *head) {
            return Ok(()); // the usual case: nothing anywhere
        }
        let atoms = numbers(self.rows, self.sight.atoms.keys())?;
        for (feed, head) in feeds {
            let from = reached.feeds.get(&feed).copied().unwrap_or_default();
            if from < head && !self.full {
                let to = self.merge(&atoms, feed, from, head)?;
                reached.feeds.insert(feed, to);
            }
            self.full |= reached.feeds.get(&feed).copied().unwrap_or_default() < head;
        }
        Ok(())
    }

    /// The past of gained audiences.
    fn fills(&mut self, reached: &mut Reached) -> Result<(), StoreError> {
        for fill in &mut reached.fills {
            if !self.full {
                let held = self.held(&fill.atoms)?;
                fill.at = self.merge(&held, fill.feed, fill.at, fill.to)?;
            }
            self.full |= fill.at < fill.to;
        }
        reached.fills.retain(|fill| fill.at < fill.to);
        Ok(())
    }

    /// Of these atoms those that are held: a cursor is only a device's word.
    fn held(&self, atoms: &[i64]) -> Result<Vec<i64>, StoreError> {
        let mut held = vec![];
        for atom in atoms {
            if audience::name(self.rows, *atom)?.is_some_and(|name| self.sight.atoms.contains_key(&name)) {
                held.push(*atom);
            }
        }
        Ok(held)
    }

    /// Sends the records of these audiences in one feed after `from` up to `to`, in order, each once, while there is
    /// room; returns the seq up to which everything was sent.
    fn merge(&mut self, atoms: &[i64], feed: i64, from: Seq, to: Seq) -> Result<Seq, StoreError> {
        let mut lanes: Vec<Lane> = vec![];
        let mut next = BinaryHeap::new();
        for atom in atoms {
            let mut lane = Lane { atom: *atom, feed, at: from, to, read: VecDeque::new(), ended: false };
            if let Some((seq, row)) = lane.next(self.rows)? {
                next.push(Reverse((seq, row, lanes.len())));
                lanes.push(lane);
            }
        }
        let mut done = from;
        while let Some(Reverse((seq, row, lane))) = next.pop() {
            if seq > done {
                if !self.send(row)? {
                    return Ok(done);
                }
                done = seq;
            }
            if let Some(lane_of) = lanes.get_mut(lane)
                && let Some((seq, row)) = lane_of.next(self.rows)?
            {
                next.push(Reverse((seq, row, lane)));
            }
        }
        Ok(to)
    }

    /// Puts a record into the page if the device may hold it; `false` if there is no room for it.
    fn send(&mut self, row: i64) -> Result<bool, StoreError> {
        let Some(clear) = record::clear(self.rows, row)? else { return Ok(true) };
        if self.sight.excluded.contains(&clear.subject) || !self.kept(clear.kind, clear.day) {
            return Ok(true);
        }
        if self.records.len() >= limits::RECORDS_PER_PAGE {
            return Ok(false);
        }
        let Some(record) = whole(record::at(self.rows, row))?.and_then(|record| seen(self.sight, record)) else {
            return Ok(true);
        };
        if self.echoed.contains(&record.head.id) {
            return Ok(true);
        }
        let bytes = serde_json::to_vec(&record)?.len();
        if bytes > self.room && !self.records.is_empty() {
            return Ok(false);
        }
        self.room = self.room.saturating_sub(bytes);
        self.records.push(record);
        Ok(true)
    }

    /// False for days that devices no longer keep.
    fn kept(&self, kind: u16, day: Option<Day>) -> bool {
        match (registry::by_number(kind).map(|kind| kind.keep), day) {
            (Some(Keep::Months(months)), Some(day)) => day >= self.today.plus(-31 * i32::from(months)),
            _ => true,
        }
    }
}

/// One damaged body must not stop everybody's pull: it is left out, and [`Hub::broken_records`] tells the operator.
fn whole(found: Result<Option<Record>, StoreError>) -> Result<Option<Record>, StoreError> {
    match found {
        Err(StoreError::Sealed(_) | StoreError::Json(_)) => Ok(None),
        other => other,
    }
}

/// One audience's places in a feed, read a few at a time.
struct Lane {
    atom: i64,
    feed: i64,
    at: Seq,
    to: Seq,
    read: VecDeque<(Seq, i64)>,
    ended: bool,
}

impl Lane {
    fn next(&mut self, rows: &Rows<'_>) -> Result<Option<(Seq, i64)>, StoreError> {
        if self.read.is_empty() && !self.ended {
            let found = audience::after(rows, self.atom, self.feed, self.at, self.to, READ)?;
            self.ended = found.len() < READ;
            self.read = found.into();
        }
        let next = self.read.pop_front();
        if let Some((seq, _)) = next {
            self.at = seq;
        }
        Ok(next)
    }
}
