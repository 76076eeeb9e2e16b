//! An open store in somebody's hands: asking and acting as the person who is there.

use crate::clock::{Clock, Now};
use crate::ids::FreshIds;
use crate::keyring::Pairing;
use crate::person::Seat;
use crate::pin::{self, Attempts};
use crate::standings::Standings;
use crate::trouble::Trouble;
use nursery::access::Standing;
use nursery::clock::{DEFAULT_BOUNDARY, corrected, service_day};
use nursery::command::{Order, act};
use nursery::core::{self, Code, Done, Moment, Proof, Records, Who, get};
use nursery::devices::Purpose;
use nursery::people::Person;
use nursery::view::{Query, View};
use records::PersonId;
use replica::{Device, Pace};
use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Version of the app, as changes and requests carry it.
pub const APP: &str = env!("CARGO_PKG_VERSION");
/// Under this name the store keeps wrong PINs.
const ATTEMPTS: &str = "pin_attempts";

/// An answer as the screens get it.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    /// What the screen shows.
    pub view: View,
    /// Kinds that were read.
    pub kinds: Vec<&'static str>,
    /// After how many ms the clock alone may change the answer.
    pub stale_in_ms: u32,
    /// The best guess of now, ms since the epoch: the screens' clock goes by it.
    pub now_ms: i64,
}

/// A paired device with its store.
pub struct Desk {
    /// The store.
    pub device: Arc<Device>,
    /// What pairing gave.
    pub pairing: Pairing,
    clock: Clock,
    seat: Mutex<Seat>,
    standings: Arc<Standings>,
}

impl Desk {
    /// Sits down at an open store.
    #[must_use]
    pub fn new(device: Arc<Device>, pairing: Pairing, clock: Clock) -> Self {
        let standings = Arc::new(Standings::on(pairing.device));
        let watching = Arc::clone(&standings);
        device.listen(Box::new(move |touched, _| watching.moved(touched.kinds.iter().map(String::as_str))));
        Self { device, pairing, clock, seat: Mutex::default(), standings }
    }

    /// Answers a screen. Looks at sensitive records are written down before the view is returned.
    ///
    /// # Errors
    /// A refusal, or the store's.
    pub fn ask(&self, query: &Query) -> Result<Answered, Trouble> {
        let now = self.clock.now();
        let answer = self.device.ask(|view, clock| {
            let who = self.who(view, clock, now)?;
            Ok::<_, Trouble>(nursery::ask::ask(view, &who, now.at, *clock, query)?)
        })?;
        if !answer.looks.is_empty() {
            self.device.with(|store| store.note_looks(&answer.looks, now.at))?;
        }
        let now_ms = answer.now.0;
        let view = self.paired_as(answer.view);
        Ok(Answered { view, kinds: answer.kinds, stale_in_ms: answer.stale_in_ms, now_ms })
    }

    /// Before the first exchange only pairing knows whose hands this device is for.
    fn paired_as(&self, mut view: View) -> View {
        if let View::Me(me) = &mut view {
            me.purpose = self.pairing.purpose;
        }
        view
    }

    /// Does what a screen says; durable when it returns.
    ///
    /// # Errors
    /// A refusal, or the store's; nothing was changed then.
    pub fn act(&self, order: Order) -> Result<Done, Trouble> {
        let now = self.clock.now();
        let typed = self.prove(&order, now)?;
        let mut ids = FreshIds::at(now.at);
        let act = self.device.act(Pace::Now, |view, facts| {
            let who = match typed {
                Some(person) => self.person_here(view, &facts.clock, now, person, Proof::Pin)?,
                None => self.recording(view, &facts.clock, now)?,
            };
            let mut moment = Moment { at: now.at, clock: facts.clock, basis: facts.basis, app: APP, ids: &mut ids };
            let act = act(view, &who, &mut moment, order.command)?;
            match ids.failed() {
                Some(why) => Err(Trouble::Chance(why.to_owned())),
                None => Ok(act),
            }
        })?;
        self.seat().acted(now);
        Ok(act.done)
    }

    /// This person records from now on; nobody when `None`.
    ///
    /// # Errors
    /// `not_allowed` on a personal device and for whoever does not work here; `pin_needed` for a wrong PIN.
    pub fn choose(&self, person: Option<PersonId>, pin: Option<&str>) -> Result<(), Trouble> {
        let now = self.clock.now();
        let Some(person) = person else {
            self.seat().leave();
            return Ok(());
        };
        if !self.shared() {
            return Err(Code::NotAllowed.into());
        }
        self.device.ask(|view, clock| self.person_here(view, clock, now, person, Proof::Face).map(|_| ()))?;
        if let Some(pin) = pin {
            self.check_pin(person, pin, now)?;
        }
        self.seat().choose(person, pin.is_some(), now);
        Ok(())
    }

    /// True for a tablet that several people use.
    #[must_use]
    pub fn shared(&self) -> bool {
        self.pairing.purpose != Purpose::Personal
    }

    /// What this device is by itself.
    ///
    /// # Errors
    /// The store's.
    pub fn standing(&self) -> Result<Standing, Trouble> {
        let now = self.clock.now();
        self.device.ask(|view, clock| self.stands(view, clock, now, None))
    }

    /// What the app's clock shows.
    #[must_use]
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// Who asks: the person who is there, or the device alone.
    fn who(&self, r: &dyn Records, clock: &core::Clock, now: Now) -> Result<Who, Trouble> {
        let device = self.pairing.device;
        if !self.shared() {
            let standing = self.stands(r, clock, now, None)?;
            return Ok(Who { device, person: standing.person, standing, proof: Proof::Own });
        }
        let (person, proof) = self.seat().at(now);
        Ok(Who { device, person, standing: self.stands(r, clock, now, person)?, proof })
    }

    /// Who acts without a PIN of their own for it: a PIN typed for something else proves nothing about this act.
    fn recording(&self, r: &dyn Records, clock: &core::Clock, now: Now) -> Result<Who, Trouble> {
        let who = self.who(r, clock, now)?;
        Ok(if who.proof == Proof::Pin { Who { proof: Proof::Face, ..who } } else { who })
    }

    /// A person who works where this shared device stands.
    fn person_here(
        &self,
        r: &dyn Records,
        clock: &core::Clock,
        now: Now,
        person: PersonId,
        proof: Proof,
    ) -> Result<Who, Trouble> {
        let standing = self.stands(r, clock, now, Some(person))?;
        if standing.places.is_empty() {
            return Err(Code::NotAllowed.into());
        }
        Ok(Who { device: self.pairing.device, person: Some(person), standing, proof })
    }

    fn stands(
        &self,
        r: &dyn Records,
        clock: &core::Clock,
        now: Now,
        person: Option<PersonId>,
    ) -> Result<Standing, Trouble> {
        let day = service_day(corrected(now.at, clock.error_ms), DEFAULT_BOUNDARY);
        self.standings.of(r, person, day)
    }

    /// The person who typed a PIN for this one command. A personal device needs none.
    fn prove(&self, order: &Order, now: Now) -> Result<Option<PersonId>, Trouble> {
        if !self.shared() {
            return Ok(None);
        }
        let there = self.seat().at(now).0;
        match (order.person, &order.pin) {
            (person, Some(pin)) => {
                let person = person.or(there).ok_or(Code::WhoIsThere)?;
                self.check_pin(person, pin, now)?;
                Ok(Some(person))
            }
            (Some(person), None) if Some(person) != there => Err(Code::PinNeeded.into()),
            _ => Ok(None),
        }
    }

    fn check_pin(&self, person: PersonId, typed: &str, now: Now) -> Result<(), Trouble> {
        let hash = self
            .device
            .ask(|view, _| Ok::<_, Trouble>(get::<Person>(view, person.0)?.and_then(|person| person.pin)))?;
        let begun = self.device.with(|store| {
            let mut attempts: Attempts = store.kept(ATTEMPTS)?.unwrap_or_default();
            let begun = attempts.begin(person, now.at);
            store.keep(ATTEMPTS, &attempts)?;
            Ok(begun)
        })?;
        if !begun {
            return Err(Code::PinLocked.into());
        }
        if !hash.is_some_and(|hash| pin::fits(typed, &hash)) {
            return Err(Code::PinNeeded.into());
        }
        self.device.with(|store| {
            let mut attempts: Attempts = store.kept(ATTEMPTS)?.unwrap_or_default();
            attempts.right(person);
            store.keep(ATTEMPTS, &attempts)
        })?;
        Ok(())
    }

    fn seat(&self) -> MutexGuard<'_, Seat> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
