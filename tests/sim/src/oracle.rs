//! The oracle keeps books of its own: what people were told is saved, what their screens had shown, and what the server
//! accepted. From these alone follows what must stand in every field.

use crate::city::City;
use crate::device::Device;
use crate::run::carrier;
use anyhow::{Result, ensure};
use nursery::access::Principal;
use nursery::core::{Records, Scan};
use records::wire::{Reply, Verdict};
use records::{Change, ChangeId, Field, Head, Letter, Record, RecordId, Seen, ServerTime, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// One change that a person was told is saved.
#[derive(Clone, Debug)]
pub struct Written {
    pub device: usize,
    pub head: Head,
    /// Per field the last text, and everything that screens had shown when it was written.
    pub fields: BTreeMap<Field, (Option<Value>, Seen)>,
}

/// The books.
#[derive(Default)]
pub struct Oracle {
    pub written: BTreeMap<ChangeId, Written>,
    accepted: BTreeMap<ChangeId, (Change, u64)>,
    /// Own changes that a device has shown once, and whether it does now.
    shown: BTreeMap<(usize, ChangeId), bool>,
    /// Own accepted changes that a device's files of an earlier moment need not know; until they are shown again.
    unknown: BTreeSet<(usize, ChangeId)>,
    /// Acts of which nobody knows whether they were saved before the power failed.
    doubtful: BTreeMap<usize, Vec<Vec<Change>>>,
    /// What was written on a device when its files were copied.
    copies: BTreeMap<usize, BTreeMap<ChangeId, Written>>,
}

impl Oracle {
    /// A person was told that `change` is saved. `holder` is the change that carries it: another one if it was
    /// written over the author's own unsent text.
    pub fn saved(&mut self, device: usize, holder: ChangeId, change: &Change) {
        let entry = self.written.entry(holder).or_insert_with(|| Written {
            device,
            head: change.head.clone(),
            fields: BTreeMap::new(),
        });
        for write in &change.writes {
            let (value, screen) = entry.fields.entry(write.field.clone()).or_default();
            value.clone_from(&write.value);
            screen.extend(write.over.iter().copied().filter(|id| *id != holder));
        }
    }

    /// A save ended with an error: nobody was told that it is saved, and it may be.
    pub fn doubted(&mut self, device: usize, changes: &[Change]) {
        self.doubtful.entry(device).or_default().push(changes.to_vec());
    }

    /// A store is open again: what was doubtful is there or not, but not half of it.
    pub fn came_back(&mut self, number: usize, device: &mut Device) -> Result<()> {
        for act in self.doubtful.remove(&number).unwrap_or_default() {
            let holders = act.iter().map(|change| carrier(device, change)).collect::<Result<Vec<_>>>()?;
            let there = holders.iter().filter(|holder| holder.is_some()).count();
            let name = &device.name;
            ensure!(there == 0 || there == act.len(), "{name} holds {there} of {} changes of an act", act.len());
            for (holder, change) in holders.into_iter().flatten().zip(&act) {
                self.saved(number, holder, change);
            }
        }
        Ok(())
    }

    /// The server has committed an answer, whether or not it ever arrives.
    pub fn committed(&mut self, letters: &[Letter], reply: &Reply) -> Result<()> {
        for letter in letters {
            let change = letter.open()?;
            let verdict = reply.verdicts.iter().find(|a| a.change == change.id).map(|a| &a.verdict);
            let Some(Verdict::Accepted { seq, .. }) = verdict else { continue };
            let (_, first) = self.accepted.entry(change.id).or_insert_with(|| (change.clone(), seq.0));
            ensure!(*first == seq.0, "{} is accepted twice: as {first} and as {}", change.id, seq.0);
        }
        Ok(())
    }

    pub fn copied(&mut self, device: usize) {
        let own = self.written.iter().filter(|(_, w)| w.device == device);
        self.copies.insert(device, own.map(|(id, w)| (*id, w.clone())).collect());
    }

    /// The disk is as it was at the copy: what was written since and never reached the server is gone with it.
    pub fn restored(&mut self, device: usize) {
        let copy = self.copies.remove(&device).unwrap_or_default();
        let accepted = &self.accepted;
        self.written.retain(|id, w| w.device != device || accepted.contains_key(id) || copy.contains_key(id));
        for (id, written) in copy {
            if !self.accepted.contains_key(&id) {
                self.written.insert(id, written);
            }
        }
        self.shown.retain(|(of, _), _| *of != device);
        let own = self.written.iter().filter(|(id, w)| w.device == device && self.accepted.contains_key(id));
        self.unknown.extend(own.map(|(id, _)| (device, *id)));
    }

    /// Everything that a write of `field` by `change` replaces: what its screen had shown, and what those had replaced.
    fn named(&self, change: ChangeId, field: &str) -> Seen {
        let mut all = Seen::new();
        let mut open = vec![change];
        while let Some(id) = open.pop() {
            let screen = self.written.get(&id).and_then(|w| w.fields.get(field)).map(|(_, screen)| screen);
            for named in screen.into_iter().flatten() {
                if all.insert(*named) {
                    open.push(*named);
                }
            }
        }
        all
    }

    fn is_named(&self, change: ChangeId, head: &Head, field: &str) -> bool {
        let others = self.written.iter().filter(|(id, w)| **id != change && w.head.id == head.id);
        others.filter(|(_, w)| w.fields.contains_key(field)).any(|(id, _)| self.named(*id, field).contains(&change))
    }

    /// After every step of a device: own entries are shown until somebody knowingly replaces them, and never vanish
    /// and come back.
    pub fn look(&mut self, number: usize, device: &mut Device) -> Result<()> {
        let tray: BTreeSet<ChangeId> = device.store().tray()?.iter().map(|t| t.change.id).collect();
        let name = device.name.clone();
        let view = device.store().records()?;
        let own: Vec<(ChangeId, Head, Vec<Field>)> = self
            .written
            .iter()
            .filter(|(id, w)| w.device == number && !tray.contains(id))
            .map(|(id, w)| (*id, w.head.clone(), w.fields.keys().cloned().collect()))
            .collect();
        for (id, head, fields) in own {
            let record = view.record(head.id)?;
            let shows = |field: &str| {
                let register = record.as_ref().and_then(|r| r.fields.get(field));
                register.is_some_and(|r| r.entries.iter().any(|e| e.change == id))
            };
            let shown = fields.iter().any(|f| shows(f));
            if self.unknown.contains(&(number, id)) {
                if shown {
                    self.unknown.remove(&(number, id));
                }
                continue;
            }
            let hidden = fields.iter().find(|f| !shows(f) && !self.is_named(id, &head, f));
            if let Some(field) = hidden {
                anyhow::bail!("{name} does not show its own {id} in {} field {field}", head.kind);
            }
            let back = self.shown.insert((number, id), shown) == Some(false) && shown;
            // what stood over it was refused, and is taken back from the screen
            let freed = || tray.iter().any(|over| fields.iter().any(|f| self.named(*over, f).contains(&id)));
            ensure!(!back || freed(), "on {name} {id} has vanished and come back");
        }
        Ok(())
    }

    /// At rest: every acknowledged change is in the log, once, or waits in a tray with its content.
    pub fn nothing_missing(&self, devices: &mut [Device]) -> Result<()> {
        let mut trays: BTreeMap<ChangeId, Change> = BTreeMap::new();
        for device in devices {
            let name = device.name.clone();
            for item in device.store().queue()? {
                ensure!(
                    item.word == nursery::view::host::SyncWord::Review,
                    "{name} still has {} {:?} ({:?}) waiting",
                    item.kind,
                    item.word,
                    item.code
                );
            }
            trays.extend(device.store().tray()?.into_iter().map(|t| (t.change.id, t.change)));
        }
        for (id, written) in &self.written {
            let kept = self.accepted.get(id).map(|(change, _)| change).or_else(|| trays.get(id));
            let Some(kept) = kept else {
                anyhow::bail!("{id} ({}) was acknowledged and is nowhere", written.head.kind);
            };
            for (field, (value, _)) in &written.fields {
                let there = kept.writes.iter().find(|w| w.field == *field).map(|w| &w.value);
                ensure!(there == Some(value), "{id} field {field}: {there:?} stands for {value:?}");
            }
        }
        Ok(())
    }

    /// At rest: in every field stand exactly the accepted entries that no accepted write has knowingly replaced.
    pub fn fields_are_right(&self, city: &City) -> Result<()> {
        let mut fields: BTreeMap<(RecordId, Field), (Seen, Seen)> = BTreeMap::new();
        for (id, (change, _)) in &self.accepted {
            for write in &change.writes {
                let (wrote, named) = fields.entry((change.head.id, write.field.clone())).or_default();
                wrote.insert(*id);
                named.extend(self.named(*id, &write.field));
            }
        }
        let records = city.hub().records()?;
        for ((id, field), (wrote, named)) in fields {
            let register = records.get(id)?.and_then(|mut r| r.fields.remove(&field)).unwrap_or_default();
            let there: Seen = register.seen();
            ensure!(there.len() == register.entries.len(), "{id} field {field}: an entry stands twice");
            let right: Seen = wrote.difference(&named).copied().collect();
            ensure!(there == right, "{id} field {field}: {there:?} stands, {right:?} should");
        }
        Ok(())
    }

    /// At rest: a device holds exactly what the server holds and it may see.
    pub fn sights_are_equal(&self, city: &City, devices: &mut [Device], now_ms: i64) -> Result<()> {
        for device in devices {
            let held = city.hub().held(Principal::Device(device.session.device), ServerTime(now_ms))?;
            let mut right = all(&city.hub().records()?)?;
            right.retain(|_, record| held.sight.sees(record));
            for record in right.values_mut() {
                record.head.audiences.retain(|atom| held.sight.reaches(atom, record.head.day));
            }
            let there = all(&device.store().records()?)?;
            let name = &device.name;
            for (id, record) in &right {
                let found = there.get(id);
                ensure!(found == Some(record), "{name} holds {found:#?}\nthe server {record:#?}");
            }
            // a refused creation is not shown, so nothing else may be there
            let more = there.keys().find(|id| !right.contains_key(id));
            ensure!(more.is_none(), "{name} holds {more:?}, which it may not see");
        }
        Ok(())
    }

    /// How much was written, and how much of it accepted.
    pub fn counts(&self) -> (usize, usize) {
        (self.written.len(), self.accepted.keys().filter(|id| self.written.contains_key(id)).count())
    }
}

/// Every record of every known kind.
fn all(records: &dyn Records) -> Result<BTreeMap<RecordId, Record>> {
    let mut all = BTreeMap::new();
    for kind in nursery::registry::kinds() {
        let which = Scan { kind: kind.kind(), feed: None, key: None, subject: None, days: None };
        records.scan(&which, &mut |record| {
            all.insert(record.head.id, record);
            ControlFlow::Continue(())
        })?;
    }
    Ok(all)
}
