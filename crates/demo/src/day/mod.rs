//! What happens on a day. Every fact has a time; a moment shows those that have happened, so that a later moment only
//! adds to an earlier one.

mod dated;
mod facts;
mod fates;
mod past;
mod rooms;
mod saturday;
mod walk;
mod weekday;

pub(crate) use dated::dated;
pub(crate) use past::past;

use crate::book::{Book, Pen};
use crate::chance::{Chance, FixedIds};
use crate::town::Town;
use nursery::clock;
use nursery::core::{Composer, Refusal};
use records::{ChangeId, Day, DeviceTime, Head, RecordId, TimeOfDay};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which record a later fact refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tag {
    /// The announcement about a child.
    Announcement,
    /// A child's going out.
    Away,
    /// A count in a room, on the way out.
    CountOut,
    /// A count in a room, on the way back.
    CountIn,
}

/// Records of this day that later facts refer to.
#[derive(Default)]
pub(crate) struct Known {
    ids: BTreeMap<(Tag, Uuid), RecordId>,
    counts: BTreeMap<RecordId, (Head, ChangeId)>,
}

impl Known {
    /// The record, or a refusal if it was never made.
    pub(crate) fn get(&self, tag: Tag, of: impl Into<Uuid>) -> Result<RecordId, Refusal> {
        self.ids.get(&(tag, of.into())).copied().ok_or_else(|| nursery::core::Code::NotFound.into())
    }
    pub(crate) fn put(&mut self, tag: Tag, of: impl Into<Uuid>, id: RecordId) {
        self.ids.insert((tag, of.into()), id);
    }
    /// Head and first change of a head count.
    pub(crate) fn count(&self, id: RecordId) -> Result<(Head, ChangeId), Refusal> {
        self.counts.get(&id).cloned().ok_or_else(|| nursery::core::Code::NotFound.into())
    }
}

type Writing<'a> = Box<dyn FnOnce(&mut Composer, &mut Known) -> Result<(), Refusal> + 'a>;

/// One act with its time.
pub(crate) struct Fact<'a> {
    pen: Pen,
    write: Writing<'a>,
}

/// Collects the facts of one day.
pub(crate) struct Script<'a> {
    pub(crate) town: &'a Town,
    pub(crate) day: Day,
    pub(crate) chance: Chance,
    facts: Vec<Fact<'a>>,
}

impl<'a> Script<'a> {
    pub(crate) fn new(town: &'a Town, seed: u64, day: Day) -> Self {
        Self { town, day, chance: Chance::of(seed, "day", day.number()), facts: vec![] }
    }

    /// A moment of the day.
    pub(crate) fn time(&self, time: TimeOfDay) -> DeviceTime {
        clock::moment(self.day, time)
    }

    pub(crate) fn add(&mut self, pen: Pen, write: impl FnOnce(&mut Composer, &mut Known) -> Result<(), Refusal> + 'a) {
        self.facts.push(Fact { pen, write: Box::new(write) });
    }

    /// Writes what has happened up to `at`, in order of time.
    pub(crate) fn play(mut self, book: &mut Book, at: DeviceTime) {
        self.facts.sort_by_key(|fact| fact.pen.at);
        let mut known = Known::default();
        for fact in self.facts.into_iter().take_while(|fact| fact.pen.at <= at) {
            let before = book.acts.len();
            book.act(fact.pen, |c| (fact.write)(c, &mut known));
            for change in book.acts.iter().skip(before).flatten() {
                if change.head.kind.as_str() == "head_count" {
                    known.counts.entry(change.head.id).or_insert_with(|| (change.head.clone(), change.id));
                }
            }
        }
    }
}

/// Writes what has happened on `day` up to `at`; on a closed day that is nothing.
pub(crate) fn day(town: &Town, seed: u64, day: Day, at: DeviceTime, book: &mut Book) {
    if !town.year.is_open(day) {
        return;
    }
    book.ids = FixedIds::new(Chance::of(seed, "ids of day", day.number()));
    let mut script = Script::new(town, seed, day);
    if day.weekday() == 6 {
        saturday::script(&mut script);
    } else {
        weekday::script(&mut script);
    }
    script.play(book, at);
}
