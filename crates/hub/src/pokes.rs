//! Pokes: hints that something moved for somebody, by audience, coalesced. The data always comes by sync or ask.

use crate::error::Failure;
use crate::hub::Hub;
use crate::standings::Held;
use nursery::access::Principal;
use records::{Atom, Record, ServerTime, Subject};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Streams that may listen at a time.
const LISTENERS: usize = 200_000;

/// What moved for a listener since it last took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Kinds of records that moved.
    pub kinds: BTreeSet<&'static str>,
    /// True if rights may have moved: everything is to be asked again.
    pub all: bool,
}

/// What a transaction moved.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    atoms: BTreeMap<Atom, BTreeSet<(&'static str, Subject)>>,
    /// Rights may be others now.
    pub rights: bool,
    /// Why acts were held with code `fault`, for the operator.
    pub faults: Vec<String>,
}

impl Moved {
    /// A record of this kind moved.
    pub fn record(&mut self, kind: &'static str, record: &Record) {
        for atom in &record.head.audiences {
            self.atoms.entry(atom.clone()).or_default().insert((kind, record.head.subject));
        }
    }

    /// And also this.
    pub fn add(&mut self, other: Self) {
        for (atom, moved) in other.atoms {
            self.atoms.entry(atom).or_default().extend(moved);
        }
        self.rights |= other.rights;
        self.faults.extend(other.faults);
    }
}

type Wake = Arc<dyn Fn() + Send + Sync>;

struct Listener {
    of: Principal,
    /// `None` until somebody has computed what the principal may hold now: rights have moved.
    held: Option<Arc<Held>>,
    /// Under which atoms it is found.
    found_by: Vec<Atom>,
    touched: Touched,
    wake: Wake,
}

#[derive(Default)]
struct Listeners {
    next: u64,
    all: HashMap<u64, Listener>,
    by_atom: HashMap<Atom, BTreeSet<u64>>,
    by_principal: HashMap<Principal, BTreeSet<u64>>,
}

/// Who listens.
#[derive(Clone, Default)]
pub struct Pokes(Arc<Mutex<Listeners>>);

/// Listens until dropped.
pub struct Subscription {
    pokes: Pokes,
    number: u64,
}

impl Subscription {
    /// What moved since the last call; empty if nothing did.
    #[must_use]
    pub fn take(&self) -> Touched {
        let mut listeners = self.pokes.lock();
        listeners.all.get_mut(&self.number).map(|listener| std::mem::take(&mut listener.touched)).unwrap_or_default()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.pokes.lock().remove(self.number);
    }
}

impl Pokes {
    /// Tells listeners what a commit moved.
    pub fn poke(&self, moved: &Moved) {
        let woken = self.lock().mark(moved);
        for wake in woken {
            wake();
        }
    }

    /// What a principal holds was asked for: its listeners are listed under it, if they are not yet.
    pub fn refresh(&self, of: Principal, held: &Arc<Held>) {
        self.lock().refresh(of, held);
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listeners {
    fn mark(&mut self, moved: &Moved) -> Vec<Wake> {
        let mut woken: BTreeMap<u64, Wake> = BTreeMap::new();
        if moved.rights {
            for (number, listener) in &mut self.all {
                listener.touched.all = true;
                listener.held = None;
                woken.insert(*number, Arc::clone(&listener.wake));
            }
            return woken.into_values().collect();
        }
        for (atom, records) in &moved.atoms {
            for number in self.by_atom.get(atom).into_iter().flatten() {
                let Some(listener) = self.all.get_mut(number) else { continue };
                // after rights have moved nothing more is told until the principal has come with its new rights
                let Some(held) = &listener.held else { continue };
                let seen: Vec<&'static str> = records
                    .iter()
                    .filter(|(_, subject)| !held.sight.excluded.contains(subject))
                    .map(|(kind, _)| *kind)
                    .collect();
                if !seen.is_empty() {
                    listener.touched.kinds.extend(seen);
                    woken.insert(*number, Arc::clone(&listener.wake));
                }
            }
        }
        woken.into_values().collect()
    }

    fn refresh(&mut self, of: Principal, held: &Arc<Held>) {
        if !self.by_principal.contains_key(&of) {
            return;
        }
        for number in self.by_principal.get(&of).cloned().unwrap_or_default() {
            let Some(listener) = self.all.get_mut(&number) else { continue };
            if listener.held.as_ref().is_some_and(|known| Arc::ptr_eq(known, held)) {
                continue;
            }
            listener.held = Some(Arc::clone(held));
            let before = std::mem::replace(&mut listener.found_by, held.sight.atoms.keys().cloned().collect());
            self.unlist(number, &before);
            for atom in held.sight.atoms.keys() {
                self.by_atom.entry(atom.clone()).or_default().insert(number);
            }
        }
    }

    fn remove(&mut self, number: u64) {
        let Some(listener) = self.all.remove(&number) else { return };
        self.unlist(number, &listener.found_by);
        if let Some(numbers) = self.by_principal.get_mut(&listener.of) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.by_principal.remove(&listener.of);
            }
        }
    }

    fn unlist(&mut self, number: u64, atoms: &[Atom]) {
        for atom in atoms {
            if let Some(numbers) = self.by_atom.get_mut(atom) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    self.by_atom.remove(atom);
                }
            }
        }
    }
}

impl Hub {
    /// Listens for a principal; `wake` is called after each commit that moved something for it, outside any lock of
    /// the database. It must return at once. What moved before this returns is not told: sync or ask once afterwards.
    ///
    /// # Errors
    /// [`Failure::Busy`] if too many listen, or the principal's rights could not be read.
    pub fn subscribe(
        &self,
        of: Principal,
        now: ServerTime,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Subscription, Failure> {
        let number = {
            let mut listeners = self.pokes.lock();
            if listeners.all.len() >= LISTENERS {
                return Err(Failure::Busy("too many listen".to_owned()));
            }
            listeners.next += 1;
            let number = listeners.next;
            let listener =
                Listener { of, held: None, found_by: vec![], touched: Touched::default(), wake: Arc::new(wake) };
            listeners.all.insert(number, listener);
            listeners.by_principal.entry(of).or_default().insert(number);
            number
        };
        let subscription = Subscription { pokes: self.pokes.clone(), number };
        let held = self.held(of, now)?;
        self.pokes.refresh(of, &held);
        Ok(subscription)
    }
}
