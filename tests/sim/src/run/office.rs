//! What the office decides: who may see and do what, from now on.

use super::World;
use crate::bug::Bug;
use crate::city::compose;
use crate::device::Hands;
use anyhow::{Result, bail, ensure};
use hub::{Failure, Restriction};
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::{Composer, Records};
use nursery::people::Protection;
use nursery::server::SYSTEM;
use records::{Change, Day, DeviceId, DeviceTime, GrantsVersion, RecordId, ServerTime, Value, Write};

impl World {
    pub(super) fn office(&mut self) -> Result<()> {
        self.outcome.grants += 1;
        let number = self.chance.below(self.devices.len());
        match self.chance.below(100) {
            0..40 => self.place(),
            40..65 => self.guard(),
            65..80 => self.protect(),
            80..90 => self.block(number),
            _ => self.retire(number),
        }
    }

    fn today(&self) -> Day {
        service_day(DeviceTime(self.now_ms), DEFAULT_BOUNDARY)
    }

    /// A placement ends, or goes on after all.
    fn place(&mut self) -> Result<()> {
        let child = self.chance.below(self.city.folk.children.len());
        let Some((record, _)) = self.chance.pick(&self.city.folk.children[child].placements) else { return Ok(()) };
        let yesterday = self.today().plus(-1);
        let until = if self.chance.permille(500) { Some(serde_json::to_value(yesterday)?) } else { None };
        self.set(record, "until", until)
    }

    /// A parent may see nothing any more, or all again.
    fn guard(&mut self) -> Result<()> {
        let Some(parent) = self.chance.pick(&self.city.folk.parents) else { return Ok(()) };
        let sight = self.chance.pick(&["none", "full"]).unwrap_or("full");
        self.oracle.narrow(&self.devices_of(&parent.person.0));
        self.set(parent.guardianship, "sight", Some(sight.into()))
    }

    /// A parent must not learn anything about the child any more. Nobody takes that back here.
    fn protect(&mut self) -> Result<()> {
        let Some(parent) = self.chance.pick(&self.city.folk.parents) else { return Ok(()) };
        let (child, feed, from) = (self.city.folk.children[parent.child].id, self.city.feed(), Some(self.today()));
        let changes = self.composed(|c| {
            let new = Protection { child, person: parent.person.0, from, ..Protection::default() };
            let keys = new.key_ids();
            c.make(feed, child.into(), None, new, keys).unwrap();
        });
        if self.strikes(Bug::RestrictionNotWritten, 500) {
            self.oracle.forbid(self.devices_of(&parent.person.0), Some(child.into()));
            return Ok(());
        }
        self.enter(changes)?;
        self.oracle.forbid(self.devices_of(&parent.person.0), Some(child.into()));
        Ok(())
    }

    /// The person of a private device is blocked.
    fn block(&mut self, number: usize) -> Result<()> {
        let Hands::Parent(parent) = self.devices[number].hands else { return Ok(()) };
        let person = self.city.folk.parents[parent].person;
        self.restrict(Restriction::Block { person })?;
        self.oracle.forbid(self.devices_of(&person.0), None);
        Ok(())
    }

    /// A device is lost. The first of each site stays: somebody must be there at rest.
    fn retire(&mut self, number: usize) -> Result<()> {
        if number == 0 || self.chance.permille(500) {
            return Ok(());
        }
        let device = self.devices[number].session.device;
        if self.chance.permille(500) {
            let today = serde_json::to_value(self.today())?;
            self.set(device.0.into(), "retired", Some(today))?;
        } else {
            self.restrict(Restriction::Retire { device })?;
        }
        self.oracle.forbid(vec![number], None);
        Ok(())
    }

    fn devices_of(&self, person: &uuid::Uuid) -> Vec<usize> {
        let theirs = |hands: Hands| match hands {
            Hands::Parent(parent) => self.city.folk.parents[parent].person.0 == *person,
            Hands::Staff(_) => false,
        };
        (0..self.devices.len()).filter(|number| theirs(self.devices[*number].hands)).collect()
    }

    // ── entering it ──

    fn composed(&mut self, write: impl FnOnce(&mut Composer<'_, '_>)) -> Vec<Change> {
        compose(&mut self.chance, self.now_ms, DeviceId(SYSTEM.0), SYSTEM, GrantsVersion(0), write)
    }

    fn set(&mut self, id: RecordId, field: &str, value: Option<Value>) -> Result<()> {
        let Some(record) = self.city.hub().records()?.get(id).map_err(|fault| anyhow::anyhow!("{fault}"))? else {
            bail!("the server lacks {id}, of which rights hang");
        };
        let writes = vec![Write { field: field.to_owned(), value, over: record.seen(field) }];
        self.say(|| format!("the office sets {field} of {} {id}: {writes:?}", record.head.kind));
        let changes = self.composed(|c| c.write(record.head.clone(), writes));
        self.enter(changes)
    }

    /// Enters changes, again after a crash until it is done.
    fn enter(&mut self, changes: Vec<Change>) -> Result<()> {
        loop {
            let done = self.city.hub().system(changes.clone(), ServerTime(self.now_ms));
            if let Some(done) = self.office_survived(done)? {
                ensure!(done.refused().is_none(), "the office is refused: {:?}", done.refused());
                return Ok(());
            }
            if self.is_entered(&changes)? {
                return Ok(());
            }
        }
    }

    /// What was cut off after its commit is there already: entered anew it would have other salts, and be refused.
    fn is_entered(&self, changes: &[Change]) -> Result<bool> {
        let Some(first) = changes.first() else { return Ok(true) };
        let record = self.city.hub().records()?.get(first.head.id).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        Ok(record.is_some_and(|record| record.live().any(|change| change == first.id)))
    }

    fn restrict(&mut self, what: Restriction) -> Result<()> {
        if self.strikes(Bug::RestrictionNotWritten, 500) {
            return Ok(());
        }
        self.say(|| format!("the office says {what:?}"));
        loop {
            let done = self.city.hub().restrict(what, ServerTime(self.now_ms));
            if self.office_survived(done)?.is_some() {
                return Ok(());
            }
        }
    }

    fn office_survived<T>(&mut self, done: Result<T, Failure>) -> Result<Option<T>> {
        let done = match done {
            Ok(done) => Some(done),
            Err(_) if self.city.machine.is_dead() => None,
            Err(_) if self.city.machine.is_troubled() => {
                self.city.machine.mend();
                None
            }
            Err(failure) => bail!("the office: {failure}"),
        };
        if self.city.machine.is_dead() {
            self.outcome.cut += 1;
            self.server_down();
        }
        Ok(done)
    }
}
