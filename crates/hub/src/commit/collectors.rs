//! Who may collect a child is told to its families: what they may know of it follows from records that they do not hold.

use super::Turn;
use super::act::Origin;
use crate::error::StoreError;
use crate::reading::View;
use crate::standings::today;
use crate::store::{meta, record};
use nursery::core::{Form, Meta, Scan, collect};
use nursery::people::{AuthorizedPickup, Guardianship, Person, Protection};
use nursery::rules::told_to_families;
use nursery::server::Collectors;
use records::wire::Verdict;
use records::{Day, Record, RecordId, Write};

impl Turn<'_> {
    /// Notes the children of whom an accepted record may say that somebody else collects.
    pub(super) fn note_collectors(&mut self, record: &Record) -> Result<(), StoreError> {
        match record.head.kind.as_str() {
            Guardianship::NAME | AuthorizedPickup::NAME | Protection::NAME => {
                self.collected.insert(record.head.subject.into());
            }
            Person::NAME => {
                let ties = Scan::of::<Guardianship>().key(1, record.head.id.0);
                let ties: Vec<Guardianship> = collect(&View(self.rows), &ties)?;
                self.collected.extend(ties.into_iter().map(|tie| tie.child));
                let protections = Scan::of::<Protection>().key(1, record.head.id.0);
                let protections: Vec<Protection> = collect(&View(self.rows), &protections)?;
                self.collected.extend(protections.into_iter().map(|protection| protection.child));
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes the children of whom the day alone says that somebody else collects: a protection holds on this day and did
    /// not on the day of the last telling, or the other way round. A database that has told nobody yet notes all.
    pub(crate) fn note_day(&mut self, day: Day) -> Result<(), StoreError> {
        match meta::told(&self.rows)? {
            Some(told) if told == day => return Ok(()),
            Some(told) => {
                let mut turned: Vec<Protection> = collect(&View(self.rows), &Scan::of::<Protection>())?;
                turned.retain(|protection| protection.holds_on(told) != protection.holds_on(day));
                self.collected.extend(turned.into_iter().map(|protection| protection.child));
            }
            None => {
                let ties: Vec<Guardianship> = collect(&View(self.rows), &Scan::of::<Guardianship>())?;
                self.collected.extend(ties.into_iter().map(|tie| tie.child));
                let entries: Vec<AuthorizedPickup> = collect(&View(self.rows), &Scan::of::<AuthorizedPickup>())?;
                self.collected.extend(entries.into_iter().map(|entry| entry.child));
            }
        }
        meta::set_told(&self.rows, day)
    }

    /// Writes for each noted child what has become another.
    pub(super) fn tell_collectors(&mut self) -> Result<(), StoreError> {
        for child in std::mem::take(&mut self.collected) {
            let list = told_to_families(&View(self.rows), child, today(self.now))?;
            let feed = meta::municipality(&self.rows)?;
            let id = RecordId::derived(feed, Collectors::NAME, &child.to_string());
            match record::find(&self.rows, id)? {
                Some((_, known)) if told(&known).as_ref() == Some(&list) => {}
                Some((_, known)) => self.tell_again(known, &list)?,
                None if list.is_empty() => {}
                None => {
                    let new = Collectors { child, list: Some(list), ..Collectors::default() };
                    self.make(feed, child.into(), None, new, |new| new.key_ids())?;
                }
            }
        }
        Ok(())
    }

    fn tell_again(&mut self, known: Record, list: &[nursery::server::MayCollect]) -> Result<(), StoreError> {
        let write =
            Write { field: "list".to_owned(), value: Some(serde_json::to_value(list)?), over: known.seen("list") };
        let id = known.head.id;
        let (_, changes) = self.composed(|composer| {
            composer.write(known.head, vec![write]);
            Ok(id)
        })?;
        let verdicts = self.write(Origin::System, changes)?;
        match verdicts.first().map(|answered| &answered.verdict) {
            Some(Verdict::Accepted { .. }) => Ok(()),
            other => Err(StoreError::Own(format!("{}: {other:?}", Collectors::NAME))),
        }
    }
}

fn told(record: &Record) -> Option<Vec<nursery::server::MayCollect>> {
    Collectors::read(Meta::of(record), record).list
}
