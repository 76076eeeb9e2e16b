//! People write, and their screens show.

use super::World;
use crate::bug::Bug;
use crate::device::Device;
use crate::work::{Deed, OpenForm, deed};
use anyhow::{Context, Result};
use nursery::core::{Act, Done};
use records::{Change, ChangeId};
use replica::Pace;
use replica::engine::Input;

impl World {
    pub(super) fn work(&mut self, number: usize) -> Result<()> {
        if !self.devices[number].alive() {
            return Ok(());
        }
        let (device, forms) = (&mut self.devices[number], &mut self.forms[number]);
        let Some(deed) = deed(&self.city, &mut self.chance, device, forms, self.now_ms) else { return Ok(()) };
        if self.strikes(Bug::AcknowledgeBeforeCommit, 50) {
            deed.changes.iter().for_each(|change| self.oracle.saved(number, change.id, change));
            self.down(number);
            return Ok(());
        }
        if !self.save(number, &deed)? {
            return Ok(());
        }
        self.draw_again(number, deed.form)?;
        self.tell(number, if deed.pace == Pace::Now { Input::Saved } else { Input::Typed })
    }

    /// False if it was not saved, as far as the person knows.
    fn save(&mut self, number: usize, deed: &Deed) -> Result<bool> {
        let device = &mut self.devices[number];
        let mut act = Act { changes: deed.changes.clone(), done: Done::default() };
        if let (Some(Bug::PredecessorsFromStore), Some(form)) = (self.bug, &deed.form) {
            let seen = device.store().records()?.record(form.record)?.map(|r| r.seen(form.field)).unwrap_or_default();
            act.changes.iter_mut().flat_map(|c| &mut c.writes).for_each(|w| w.over.extend(seen.iter().copied()));
        }
        let saved = device.store().save(&act, deed.pace);
        if self.survived(number, saved)?.is_none() {
            self.oracle.doubted(number, &deed.changes);
            return Ok(false);
        }
        let device = &mut self.devices[number];
        for change in &deed.changes {
            self.trace.note(change.id.0.as_bytes());
            self.trace.say(self.now_ms, || {
                let fields: Vec<_> = change.writes.iter().map(|w| &w.field).collect();
                format!("{number} saves {} in {} {} {fields:?}", change.id, change.head.kind, change.head.id)
            });
            let holder = holder(device, change)?;
            self.oracle.saved(number, holder, change);
        }
        self.look(number)?;
        Ok(true)
    }

    /// The form stays open; sometimes its screen is drawn again before the next key, sometimes not.
    fn draw_again(&mut self, number: usize, form: Option<OpenForm>) -> Result<()> {
        let Some(mut form) = form.filter(|_| self.chance.permille(700)) else { return Ok(()) };
        if self.chance.permille(850)
            && let Some(record) = self.devices[number].store().records()?.record(form.record)?
        {
            form.seen = record.seen(form.field);
        }
        self.forms[number].push(form);
        Ok(())
    }
}

/// The change that carries what was just saved.
fn holder(device: &mut Device, change: &Change) -> Result<ChangeId> {
    let carrier = carrier(device, change)?;
    carrier.with_context(|| format!("{} is saved and not shown", change.id))
}

/// The change in which a device shows what `change` wrote: itself, or the one that it became part of.
pub fn carrier(device: &mut Device, change: &Change) -> Result<Option<ChangeId>> {
    let Some(record) = device.store().records()?.record(change.head.id)? else { return Ok(None) };
    if record.live().any(|id| id == change.id) {
        return Ok(Some(change.id));
    }
    let carries = |w: &records::Write| {
        let entries = record.fields.get(&w.field).map(records::Register::all).unwrap_or_default();
        entries.iter().find(|e| e.value == w.value && e.device == change.device).map(|e| e.change)
    };
    Ok(change.writes.iter().find_map(carries))
}
