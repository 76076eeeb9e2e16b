//! Who somebody is on this device, kept until rights or the day change.

use crate::trouble::Trouble;
use nursery::access::{Principal, Standing, standing, through};
use nursery::core::{Fault, Records, Scan, collect};
use nursery::ids::MunicipalityId;
use nursery::place::Municipality;
use nursery::registry;
use records::{Day, DeviceId, PersonId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Standings computed from what the store holds.
#[derive(Debug)]
pub struct Standings {
    device: DeviceId,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Counts how often everything was forgotten, so that what was computed meanwhile is not kept.
    age: u64,
    day: Option<Day>,
    of: HashMap<Option<PersonId>, Standing>,
}

impl Standings {
    /// On this device.
    #[must_use]
    pub fn on(device: DeviceId) -> Self {
        Self { device, known: Mutex::default() }
    }

    /// Something moved in the store; if rights hang on it, everything is computed anew.
    pub fn moved<'a>(&self, mut kinds: impl Iterator<Item = &'a str>) {
        if kinds.any(|name| registry::by_name(name).is_some_and(|kind| kind.grants)) {
            let mut known = self.lock();
            known.age += 1;
            known.of.clear();
        }
    }

    /// The device itself, or a person through it.
    ///
    /// # Errors
    /// The store's.
    pub fn of(&self, r: &dyn Records, person: Option<PersonId>, day: Day) -> Result<Standing, Trouble> {
        let age = {
            let mut known = self.lock();
            if known.day != Some(day) {
                known.day = Some(day);
                known.age += 1;
                known.of.clear();
            }
            if let Some(found) = known.of.get(&person) {
                return Ok(found.clone());
            }
            known.age
        };
        let computed = self.compute(r, person, day)?;
        let mut known = self.lock();
        if known.age == age {
            known.of.insert(person, computed.clone());
        }
        Ok(computed)
    }

    fn compute(&self, r: &dyn Records, person: Option<PersonId>, day: Day) -> Result<Standing, Fault> {
        let municipality = municipality(r)?;
        let device = standing(r, municipality, Principal::Device(self.device), day)?;
        match person.filter(|person| device.person != Some(*person)) {
            Some(person) => Ok(through(standing(r, municipality, Principal::Person(person), day)?, &device)),
            None => Ok(device),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one municipality of the store; nil before the first exchange.
fn municipality(r: &dyn Records) -> Result<MunicipalityId, Fault> {
    let all = collect::<Municipality>(r, &Scan::of::<Municipality>())?;
    Ok(all.first().map(|m| m.meta.id.into()).unwrap_or_default())
}
