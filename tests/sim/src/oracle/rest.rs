//! What the oracle asks when everything has come to rest.

use super::Oracle;
use crate::city::City;
use crate::device::Device;
use anyhow::{Result, bail, ensure};
use nursery::access::Principal;
use nursery::core::{Records, Scan};
use nursery::view::host::SyncWord;
use records::{Change, ChangeId, Field, Record, RecordId, Seen, ServerTime, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What devices keep that is not in the log.
#[derive(Default)]
struct Kept {
    trays: BTreeMap<ChangeId, Change>,
    /// Sealed, or waiting for a server that knows the kind.
    away: BTreeSet<ChangeId>,
}

impl Oracle {
    /// Every acknowledged change is in the log, once, or waits in a tray with its content (promise 1).
    pub fn nothing_missing(&self, devices: &mut [Device]) -> Result<()> {
        let mut kept = Kept::default();
        for device in &mut *devices {
            kept.trays.extend(device.store().tray()?.into_iter().map(|t| (t.change.id, t.change)));
            kept.away.extend(device.store().sealed_away()?.into_iter().map(|sealed| sealed.change));
        }
        let begun: BTreeSet<RecordId> = self.accepted.values().map(|(change, _)| change.head.id).collect();
        for device in devices {
            nothing_waits(device, self.branched, &begun, &mut kept)?;
        }
        for (id, written) in &self.written {
            let logged = self.accepted.get(id).map(|(change, _)| change);
            let found: Vec<&Change> = logged.into_iter().chain(kept.trays.get(id)).collect();
            ensure!(
                !found.is_empty() || kept.away.contains(id),
                "{id} ({}) was acknowledged and is nowhere",
                written.head.kind
            );
            let whole = |change: &&Change| written.fields.iter().all(|(field, (value, _))| has(change, field, value));
            ensure!(found.is_empty() || found.iter().any(whole), "{id}: {found:?} stands for {written:?}");
        }
        self.law_again(&kept)
    }

    /// Rule 31: what was law before a restore is law after it, except for those from whom rights were taken.
    fn law_again(&self, kept: &Kept) -> Result<()> {
        for id in &self.law {
            let Some(written) = self.written.get(id) else { continue };
            let restricted = self.forbidden.contains_key(&written.device);
            let away = kept.away.contains(id) || self.incomplete.contains(&written.head.id);
            let code = self.refused.get(id);
            ensure!(
                restricted || away || self.accepted.contains_key(id),
                "{id} was law before the restore and is not any more: {code:?}"
            );
        }
        Ok(())
    }

    /// The chain of every feed is whole, and every body opens.
    pub fn log_is_whole(&self, city: &City) -> Result<()> {
        let (chains, records) = (city.hub().broken_chains()?, city.hub().broken_records()?);
        ensure!(chains.is_empty(), "broken chains: {chains:?}");
        ensure!(records.is_empty(), "bodies that do not open: {records:?}");
        Ok(())
    }

    /// Law 2: in every field stand exactly the accepted entries that no accepted write has knowingly replaced.
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

    /// Law 4: a device holds exactly what the server holds and it may see.
    pub fn sights_are_equal(&self, city: &City, devices: &mut [Device], now_ms: i64) -> Result<()> {
        let held_by_server = all(&city.hub().records()?)?;
        for device in devices {
            let held = city.hub().held(Principal::Device(device.session.device), ServerTime(now_ms))?;
            let mut right = held_by_server.clone();
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
            // a refused creation is not shown; what waits for its beginning after a restore is, and nothing else
            let waits = |record: &Record| self.branched && record.seq.is_none();
            let more = there.values().find(|record| !right.contains_key(&record.head.id) && !waits(record));
            ensure!(more.is_none(), "{name} holds {more:#?}, which it may not see");
        }
        Ok(())
    }
}

/// Nothing is held up but what the server cannot know: a kind of tomorrow, or, after a restore, a record whose beginning
/// nobody has brought back.
fn nothing_waits(device: &mut Device, branched: bool, begun: &BTreeSet<RecordId>, kept: &mut Kept) -> Result<()> {
    for item in device.store().queue()? {
        let unknown = nursery::registry::by_name(item.kind.as_str()).is_none();
        let headless = item.code.as_deref() == Some("incomplete") && branched && !begun.contains(&item.record);
        if unknown || headless {
            kept.away.insert(item.change);
        } else if item.word != SyncWord::Review {
            bail!("{} still has {} {:?} ({:?}) waiting", device.name, item.kind, item.word, item.code);
        }
    }
    Ok(())
}

fn has(change: &Change, field: &Field, value: &Option<Value>) -> bool {
    change.writes.iter().any(|write| write.field == *field && write.value == *value)
}

/// Every record of every known kind.
pub fn all(records: &dyn Records) -> Result<BTreeMap<RecordId, Record>> {
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
