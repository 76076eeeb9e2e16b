//! Copies that devices bring after a restore: what the log lacks of them waits for the office as a `witness` (rule 29).

use crate::commit::Turn;
use crate::error::{Failure, StoreError};
use crate::hub::{Hub, Session};
use crate::standings::Held;
use crate::store::{change, epoch, record};
use nursery::access::Principal;
use nursery::core::{Code, Form, get};
use nursery::devices::Device;
use nursery::registry;
use nursery::server::{Witness, writes_alone};
use records::{Record, RecordId, ServerTime, limits};

impl Hub {
    /// Takes copies; returns those that the device need not keep.
    pub(super) fn take_copies(
        &self,
        who: &Session,
        copies: Vec<Record>,
        now: ServerTime,
    ) -> Result<Vec<RecordId>, Failure> {
        if copies.is_empty() {
            return Ok(vec![]);
        }
        if copies.len() > limits::COPIES_PER_EXCHANGE {
            return Err(Code::TooLarge.into());
        }
        let held = self.held(Principal::Device(who.device), now)?;
        let name = get::<Device>(&self.records()?, who.device.0)?.and_then(|device| device.name).unwrap_or_default();
        self.write(now, move |turn| {
            let mut taken = vec![];
            for copy in copies {
                let id = copy.head.id;
                // one that does not fit stays with the device; the others do not suffer
                if turn.savepoint(|turn| turn.witness(copy, &held, &name))?.unwrap_or(false) {
                    taken.push(id);
                }
            }
            Ok(taken)
        })
    }
}

impl Turn<'_> {
    /// True if the device need not keep the copy.
    fn witness(&mut self, mut copy: Record, held: &Held, device_name: &str) -> Result<bool, StoreError> {
        let Some(definition) = registry::by_name(copy.head.kind.as_str()) else { return Ok(false) };
        // a device is told only those audiences that it holds
        copy.head.audiences = (definition.audiences)(&copy);
        let id_fits = match (definition.natural_key)(&copy) {
            Some(key) => copy.head.id == RecordId::derived(copy.head.feed, definition.name, &key),
            None => true,
        };
        let senseless = copy.seq.is_none() || copy.gone.is_some() || !id_fits;
        if senseless || writes_alone(definition.name) || self.hub.notes.erased(copy.head.subject) {
            return Ok(true);
        }
        // without a restore nothing is lost, and nobody asks the office about what somebody made up
        if !epoch::is_young(&self.rows, self.now)? {
            return Ok(true);
        }
        if held.standing.blocked || !held.sight.sees(&copy) || !self.lacks(&copy)? {
            return Ok(true);
        }
        let witness = Witness {
            record: copy.head.id.0,
            epoch: Some(self.hub.epoch),
            device_name: Some(device_name.to_owned()),
            copy: Some(copy.clone()),
            ..Witness::default()
        };
        let (feed, head) = (copy.head.feed, copy.head);
        let derived =
            RecordId::derived(feed, Witness::NAME, &nursery::core::Kind::natural_key(&witness).unwrap_or_default());
        if record::find(&self.rows, derived)?.is_none() {
            self.make(feed, head.subject, head.day, witness, Witness::key_ids)?;
        }
        Ok(true)
    }

    /// True if the log has not met some entry of the copy.
    pub fn lacks(&self, copy: &Record) -> Result<bool, StoreError> {
        for id in copy.live() {
            if !change::accepted(&self.rows, id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
