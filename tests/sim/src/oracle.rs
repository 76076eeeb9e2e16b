//! The oracle keeps books of its own: what people were told is saved, what their screens had shown, and what the server
//! answered. From these alone follows what must stand in every field. It shares no code with what merges and shows.

mod rest;

pub use rest::all;

use crate::city::MORNING_MS;
use crate::device::Device;
use crate::run::carrier;
use anyhow::{Result, bail, ensure};
use records::wire::{Reply, Verdict};
use records::{Change, ChangeId, Field, Head, Letter, RecordId, Seen, Subject, Value};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// One change that a person was told is saved.
#[derive(Clone, Debug)]
pub struct Written {
    pub device: usize,
    pub head: Head,
    /// Per field the last text, and everything that screens had shown when it was written.
    pub fields: BTreeMap<Field, (Option<Value>, Seen)>,
}

/// What the server has accepted, and where in its feed.
type Accepted = BTreeMap<ChangeId, (Change, u64)>;

/// What a device must learn nothing of any more.
#[derive(Default)]
struct Forbidden {
    everything: bool,
    subjects: BTreeSet<Subject>,
}

/// What was written on a device when its files were copied, and what of it was not shown then.
#[derive(Default)]
struct Copied {
    written: BTreeMap<ChangeId, Written>,
    unknown: BTreeSet<ChangeId>,
}

/// The books.
#[derive(Default)]
pub struct Oracle {
    written: BTreeMap<ChangeId, Written>,
    /// Written once, and gone with a disk or a server that went back: nobody promises them any more.
    gone: BTreeMap<ChangeId, Written>,
    accepted: Accepted,
    refused: BTreeMap<ChangeId, String>,
    /// Own changes that a device has shown once, and whether it does now.
    shown: BTreeMap<(usize, ChangeId), bool>,
    /// Own accepted changes that a device need not know; until they are shown again.
    unknown: BTreeSet<(usize, ChangeId)>,
    /// Acts of which nobody knows whether they were saved before the power failed.
    doubtful: BTreeMap<usize, Vec<Vec<Change>>>,
    /// What was written on a device when its files were copied.
    copies: BTreeMap<usize, Copied>,
    /// Accepted, and no longer on the disk of the device that wrote it.
    orphans: BTreeSet<ChangeId>,
    backup: Accepted,
    /// Accepted, and its device has stored so: it holds the receipt.
    told: BTreeSet<ChangeId>,
    /// Accepted and told, and taken back by a restore of the server: it becomes law again by itself.
    law: BTreeSet<ChangeId>,
    /// Records of which a restore has taken something that nobody brings back by himself.
    incomplete: BTreeSet<RecordId>,
    /// Devices that went back: a text may be sent again as it was before its last writing.
    went_back: BTreeSet<usize>,
    /// The server has gone back at least once.
    branched: bool,
    forbidden: BTreeMap<usize, Forbidden>,
    /// Devices that may see less than they once did.
    narrowed: BTreeSet<usize>,
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

    /// A store is open again: what was doubtful is there or not, but not half of it (rule 9).
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
    pub fn answered(&mut self, device: usize, letters: &[Letter], reply: &Reply, now_ms: i64) -> Result<()> {
        for letter in letters {
            let change = letter.open()?;
            let verdict = reply.verdicts.iter().find(|a| a.change == change.id).map(|a| &a.verdict);
            match verdict {
                Some(Verdict::Accepted { seq, .. }) => self.accept(&change, seq.0)?,
                // the same id with other bytes, from a store that does not know what it has sent
                Some(Verdict::Refused { code }) if code == "bad_input" && self.went_back.contains(&device) => {}
                Some(Verdict::Refused { code }) => self.refuse(change.id, code)?,
                Some(Verdict::Held { .. } | Verdict::Later { .. }) | None => {}
            }
        }
        for record in reply.page.iter().chain(&reply.echoes) {
            let accepted = record.accepted.map_or(MORNING_MS, |accepted| accepted.0);
            ensure!((MORNING_MS..=now_ms).contains(&accepted), "{} was accepted at {accepted}", record.head.id);
            if let Some(forbidden) = self.forbidden.get(&device) {
                let seen = forbidden.everything || forbidden.subjects.contains(&record.head.subject);
                ensure!(
                    !seen,
                    "device {device} is sent {} {}, which it must not see",
                    record.head.kind,
                    record.head.id
                );
            }
        }
        Ok(())
    }

    /// Rule 3: once, at one place.
    fn accept(&mut self, change: &Change, seq: u64) -> Result<()> {
        let (_, first) = self.accepted.entry(change.id).or_insert_with(|| (change.clone(), seq));
        ensure!(*first == seq, "{} is accepted twice: as {first} and as {seq}", change.id);
        let before = self.refused.get(&change.id);
        ensure!(before.is_none(), "{} is accepted and was refused before: {before:?}", change.id);
        Ok(())
    }

    /// Law 5: the judgement of a replay is the stored one.
    fn refuse(&mut self, id: ChangeId, code: &str) -> Result<()> {
        if self.law.contains(&id)
            && let Some(written) = self.written.get(&id)
        {
            self.incomplete.insert(written.head.id); // its device must not bring it back
        }
        ensure!(!self.accepted.contains_key(&id), "{id} is refused ({code}) and was accepted before");
        let before = self.refused.entry(id).or_insert_with(|| code.to_owned());
        ensure!(before == code, "{id} is refused twice: {before} and {code}");
        Ok(())
    }

    /// A device stores a reply; it may not come to it.
    pub fn taking(&mut self, device: usize, reply: &Reply) {
        if self.narrowed.contains(&device) {
            // accepted while it could see it, and answered when it cannot any more
            let accepted = reply.verdicts.iter().filter(|a| matches!(a.verdict, Verdict::Accepted { .. }));
            self.unknown.extend(accepted.map(|answered| (device, answered.change)));
        }
        if reply.lost.is_empty() && reply.forget.is_empty() {
            return;
        }
        // what it wrote itself may be among what it may no longer hold
        self.shown.retain(|(of, _), _| *of != device);
        self.unknown.extend(self.written.iter().filter(|(_, w)| w.device == device).map(|(id, _)| (device, *id)));
    }

    /// A device has stored a reply.
    pub fn took(&mut self, reply: &Reply) {
        let accepted = reply.verdicts.iter().filter(|a| matches!(a.verdict, Verdict::Accepted { .. }));
        self.told.extend(accepted.map(|answered| answered.change));
    }

    // ── what goes back ──

    pub fn copied(&mut self, device: usize) {
        // what it lost by going back before is on the server, and not on the disk that is copied
        let own = self.written.iter().filter(|(id, w)| w.device == device && !self.orphans.contains(id));
        let unknown = self.unknown.iter().filter(|(of, _)| *of == device).map(|(_, id)| *id).collect();
        self.copies.insert(device, Copied { written: own.map(|(id, w)| (*id, w.clone())).collect(), unknown });
    }

    /// The disk is as it was at the copy: what was written since and never reached the server is gone with it.
    pub fn restored(&mut self, device: usize) {
        self.went_back.insert(device);
        let Copied { written: copy, unknown } = self.copies.remove(&device).unwrap_or_default();
        self.doubtful.remove(&device);
        let written = &self.written;
        self.told.retain(|id| written.get(id).is_none_or(|written| written.device != device));
        let own: Vec<ChangeId> = self.written.iter().filter(|(_, w)| w.device == device).map(|(id, _)| *id).collect();
        for id in own {
            if copy.contains_key(&id) {
                continue;
            }
            self.orphans.insert(id);
            if !self.accepted.contains_key(&id) {
                self.let_go(id);
            }
        }
        for (id, written) in copy {
            if !self.accepted.contains_key(&id) {
                self.written.insert(id, written);
            }
        }
        self.shown.retain(|(of, _), _| *of != device);
        let own = self.written.iter().filter(|(id, w)| w.device == device && self.accepted.contains_key(id));
        self.unknown.extend(own.map(|(id, _)| (device, *id)));
        self.unknown.extend(unknown.into_iter().map(|id| (device, id)));
    }

    pub fn backed_up(&mut self) {
        self.backup.clone_from(&self.accepted);
    }

    /// The server is as it was at the backup. Devices bring back what they wrote (rule 29); what no device has any more
    /// may come back as a copy, which nobody promises.
    pub fn server_restored(&mut self) {
        let lost: Vec<ChangeId> = self.accepted.keys().filter(|id| !self.backup.contains_key(id)).copied().collect();
        for id in lost {
            if let Some((change, _)) = self.accepted.remove(&id) {
                if self.orphans.contains(&id) || !self.written.contains_key(&id) {
                    self.incomplete.insert(change.head.id);
                    self.let_go(id);
                } else if self.told.contains(&id) {
                    self.law.insert(id); // without a receipt it is judged by the rights of now
                }
            }
        }
        self.refused.clear();
        self.branched = true;
    }

    fn let_go(&mut self, id: ChangeId) {
        if let Some(written) = self.written.remove(&id) {
            self.incomplete.insert(written.head.id);
            self.gone.insert(id, written);
        }
    }

    /// From now on these devices are sent nothing, or nothing about this subject, whatever happens (rule 32).
    pub fn forbid(&mut self, devices: Vec<usize>, subject: Option<Subject>) {
        self.narrow(&devices);
        for device in devices {
            let forbidden = self.forbidden.entry(device).or_default();
            forbidden.everything |= subject.is_none();
            forbidden.subjects.extend(subject);
        }
    }

    /// From now on these devices may see less than they did, for a while at least.
    pub fn narrow(&mut self, devices: &[usize]) {
        self.narrowed.extend(devices);
    }

    // ── what must be seen ──

    /// Everything that a write of `field` by `change` replaces: what its screen had shown, and what those had replaced.
    fn named(&self, change: ChangeId, field: &str) -> Seen {
        let mut all = Seen::new();
        let mut open = vec![change];
        while let Some(id) = open.pop() {
            let written = self.written.get(&id).or_else(|| self.gone.get(&id));
            let screen = written.and_then(|w| w.fields.get(field)).map(|(_, screen)| screen);
            for named in screen.into_iter().flatten() {
                if all.insert(*named) {
                    open.push(*named);
                }
            }
        }
        all
    }

    fn is_named(&self, change: ChangeId, head: &Head, field: &str) -> bool {
        let all = self.written.iter().chain(&self.gone);
        let others = all.filter(|(id, w)| **id != change && w.head.id == head.id);
        others.filter(|(_, w)| w.fields.contains_key(field)).any(|(id, _)| self.named(*id, field).contains(&change))
    }

    /// Law 6, after every step of a device: own entries are shown until somebody knowingly replaces them, and never
    /// vanish and come back.
    pub fn look(&mut self, number: usize, device: &mut Device) -> Result<()> {
        let tray: BTreeSet<ChangeId> = device.store().tray()?.iter().map(|t| t.change.id).collect();
        let name = device.name.clone();
        let view = device.store().records()?;
        let own: Vec<ChangeId> =
            self.written.iter().filter(|(id, w)| w.device == number && !tray.contains(id)).map(|(id, _)| *id).collect();
        let mut held = BTreeMap::new();
        for id in own {
            let Some(Written { head, fields, .. }) = self.written.get(&id) else { continue };
            let record = match held.entry(head.id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(view.record(head.id)?),
            };
            let shows = |field: &str| {
                let register = record.as_ref().and_then(|r| r.fields.get(field));
                register.is_some_and(|r| r.entries.iter().any(|e| e.change == id))
            };
            let shown = fields.keys().any(|field| shows(field));
            if self.unknown.contains(&(number, id)) {
                if shown {
                    self.unknown.remove(&(number, id));
                }
                continue;
            }
            if record.is_none() && self.branched {
                continue; // its beginning has not come again
            }
            let hidden = fields.keys().find(|field| !shows(field) && !self.is_named(id, head, field));
            if let Some(field) = hidden {
                bail!("{name} does not show its own {id} in {} field {field}", head.kind);
            }
            // what stood over it was refused, and is taken back from the screen
            let freed = tray.iter().any(|over| fields.keys().any(|field| self.named(*over, field).contains(&id)));
            let back = self.shown.insert((number, id), shown) == Some(false) && shown;
            ensure!(!back || freed || self.branched, "on {name} {id} has vanished and come back");
        }
        Ok(())
    }

    /// How much was written, and how much of it accepted.
    pub fn counts(&self) -> (usize, usize) {
        (self.written.len(), self.accepted.keys().filter(|id| self.written.contains_key(id)).count())
    }
}
