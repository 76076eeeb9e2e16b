//! Changes that no device signed: from browsers and from the server itself. The server signs them.

use super::Turn;
use super::act::{Origin, Piece};
use crate::error::{Failure, StoreError};
use crate::hub::Hub;
use crate::reading::{Sighted, View};
use crate::store::batch::{self, Signed};
use nursery::access::{Principal, Standing};
use nursery::core::{Act, Clock, Code, Composer, Ids, Kind, Moment, Proof, Records, Refusal, Who};
use nursery::server::SYSTEM;
use records::wire::{Answered, Verdict};
use records::{
    Change, Day, DeviceId, DeviceTime, FeedId, GrantsVersion, Incarnation, Letter, PersonId, RecordId, Salt,
    ServerTime, Subject, limits,
};
use seal::Hash;
use uuid::Uuid;

/// Changes of the server in one transaction.
const TOGETHER: usize = 20_000;

/// What became of changes that were written on the server.
#[derive(Clone, Debug)]
pub struct Committed {
    /// One per change, in order.
    pub verdicts: Vec<Answered>,
}

impl Committed {
    /// The code of the first change that was refused, if any was.
    #[must_use]
    pub fn refused(&self) -> Option<&str> {
        self.verdicts.iter().find_map(|answered| match &answered.verdict {
            Verdict::Refused { code } => Some(code.as_str()),
            _ => None,
        })
    }
}

/// In whose session an act is composed, and who records it.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    /// Signed in; what this person may hold is what the act is composed over.
    pub session: PersonId,
    /// In whose name it is written.
    pub recorder: PersonId,
}

/// What an act is composed over: everything that is written until now, and nothing that comes meanwhile.
pub struct Here<'a> {
    /// What the session may hold.
    pub records: &'a dyn Records,
    /// What the signed-in person is.
    pub session: &'a Standing,
    /// What the recorder is.
    pub recorder: &'a Standing,
    /// The rights that are judged by.
    pub basis: GrantsVersion,
}

struct NewIds<'a, 'b>(&'a Turn<'b>);

impl Ids for NewIds<'_, '_> {
    fn next(&mut self) -> Uuid {
        self.0.hub.keys.new_id(self.0.now)
    }
}

impl Turn<'_> {
    /// Signs hashes for the server and keeps the batch.
    pub fn sign(&mut self, hashes: &[Hash], origin: Origin) -> Result<i64, StoreError> {
        let device = match origin {
            Origin::Device(device) => device,
            Origin::Web(person) => DeviceId(person.0),
            Origin::System => DeviceId(SYSTEM.0),
        };
        let incarnation = Incarnation(self.hub.epoch.0);
        let number = batch::next_number(&self.rows, device, incarnation)?;
        let signature = self.hub.server.sign_web_batch(incarnation, number, hashes);
        let signed = Signed { device, incarnation, number, via_web: true, hashes: hashes.to_vec(), signature };
        batch::keep(&self.rows, &signed, self.now)
    }

    /// Puts changes into their final bytes.
    pub fn letters(&self, changes: Vec<Change>) -> Result<Vec<Piece>, StoreError> {
        changes
            .into_iter()
            .map(|change| {
                let salt: [u8; 16] = self.hub.keys.random();
                let letter = Letter::seal(&change, Salt(data_encoding::HEXLOWER.encode(&salt)))?;
                Ok(Piece { hash: seal::hash(&letter), letter, change, once: false })
            })
            .collect()
    }

    /// Signs, judges and writes changes that no device signed.
    pub fn write(&mut self, origin: Origin, changes: Vec<Change>) -> Result<Vec<Answered>, StoreError> {
        let pieces = self.letters(changes)?;
        let hashes: Vec<Hash> = pieces.iter().map(|piece| piece.hash).collect();
        let batch = self.sign(&hashes, origin)?;
        self.take(origin, batch, pieces)
    }

    /// Makes one record as the server.
    pub fn make<K: Kind>(
        &mut self,
        feed: FeedId,
        subject: Subject,
        day: Option<Day>,
        new: K,
        keys: impl FnOnce(&K) -> Vec<Uuid>,
    ) -> Result<RecordId, StoreError> {
        let keys = keys(&new);
        let (id, changes) = self.composed(|composer| composer.make(feed, subject, day, new, keys))?;
        let verdicts = self.write(Origin::System, changes)?;
        match verdicts.first().map(|answered| &answered.verdict) {
            Some(Verdict::Accepted { .. }) => Ok(id),
            other => Err(StoreError::Own(format!("{}: {other:?}", K::NAME))),
        }
    }

    pub(super) fn composed(
        &self,
        compose: impl FnOnce(&mut Composer<'_, '_>) -> Result<RecordId, nursery::core::Refusal>,
    ) -> Result<(RecordId, Vec<Change>), StoreError> {
        let who =
            Who { device: DeviceId(SYSTEM.0), person: Some(SYSTEM), standing: Standing::default(), proof: Proof::Own };
        let mut ids = NewIds(self);
        let mut moment = Moment {
            at: DeviceTime(self.now.0),
            clock: Clock::default(),
            basis: crate::store::meta::version(&self.rows)?,
            app: env!("CARGO_PKG_VERSION"),
            ids: &mut ids,
        };
        let mut composer = Composer::new(&who, SYSTEM, &mut moment);
        let id = compose(&mut composer).map_err(|refusal| StoreError::Own(refusal.to_string()))?;
        Ok((id, composer.finish().changes))
    }
}

impl Hub {
    /// Composes an act and writes it in one turn: of two people who do the same at once, the second composes over what
    /// the first has written. The server signs it, marked as such.
    ///
    /// # Errors
    /// What `compose` refuses; `too_large` beyond the limits of a batch; [`Failure::Busy`] if nothing was decided.
    pub fn act_as(
        &self,
        hands: Hands,
        now: ServerTime,
        compose: impl FnOnce(&Here<'_>) -> Result<Act, Refusal> + Send + 'static,
    ) -> Result<(Act, Committed), Failure> {
        self.write(now, move |turn| {
            let session = turn.settle(Principal::Person(hands.session))?;
            let recorder = turn.settle(Principal::Person(hands.recorder))?;
            let here = Here {
                records: &Sighted(View(turn.rows), &session.sight),
                session: &session.standing,
                recorder: &recorder.standing,
                basis: crate::store::meta::version(&turn.rows)?,
            };
            let act = match compose(&here) {
                Ok(act) if act.changes.len() > limits::CHANGES_PER_BATCH => return Ok(Err(Code::TooLarge.into())),
                Ok(act) => act,
                Err(refusal) => return Ok(Err(refusal.into())),
            };
            let verdicts = turn.write(Origin::Web(hands.recorder), act.changes.clone())?;
            Ok(Ok((act, Committed { verdicts })))
        })?
    }

    /// Writes what a signed-in person composed in a browser; the server signs it, marked as such.
    ///
    /// # Errors
    /// [`Failure::Busy`] if nothing was decided; `too_large` beyond the limits of a batch.
    pub fn commit_as(&self, person: PersonId, changes: Vec<Change>, now: ServerTime) -> Result<Committed, Failure> {
        if changes.len() > limits::CHANGES_PER_BATCH {
            return Err(Code::TooLarge.into());
        }
        let verdicts = self.write(now, move |turn| turn.write(Origin::Web(person), changes))?;
        Ok(Committed { verdicts })
    }

    /// Writes as the server, asked for no rights: duties, import, demo. Up to 20,000 changes are written wholly or not
    /// at all; more in several such parts, cut between acts.
    ///
    /// # Errors
    /// The code of the first change that does not fit; [`Failure::Busy`] if nothing was decided.
    pub fn system(&self, changes: Vec<Change>, now: ServerTime) -> Result<Committed, Failure> {
        let mut verdicts = vec![];
        for part in parts(changes) {
            verdicts.append(&mut self.write(now, move |turn| turn.wholly(part))?);
        }
        Ok(Committed { verdicts })
    }
}

impl Turn<'_> {
    fn wholly(&mut self, changes: Vec<Change>) -> Result<Vec<Answered>, StoreError> {
        let pieces = self.letters(changes)?;
        let mut verdicts = vec![];
        for chunk in chunks(pieces) {
            let hashes: Vec<Hash> = chunk.iter().map(|piece| piece.hash).collect();
            let batch = self.sign(&hashes, Origin::System)?;
            verdicts.append(&mut self.take(Origin::System, batch, chunk)?);
        }
        for answered in &verdicts {
            let code = match &answered.verdict {
                Verdict::Accepted { .. } => continue,
                Verdict::Refused { code } | Verdict::Later { code, .. } => code.clone(),
                Verdict::Held { .. } => Code::Fault.as_str().to_owned(),
            };
            return Err(StoreError::NotWhole("bad_input", format!("{code} for change {}", answered.change)));
        }
        Ok(verdicts)
    }
}

/// Cut between acts, at most [`TOGETHER`] changes each (an act is at most 16).
fn parts(changes: Vec<Change>) -> Vec<Vec<Change>> {
    cut(changes, TOGETHER, |change| change.act)
}

fn chunks(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    cut(pieces, limits::CHANGES_PER_BATCH, |piece| piece.change.act)
}

fn cut<T, A: PartialEq>(all: Vec<T>, most: usize, act: impl Fn(&T) -> A) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = vec![];
    for item in all {
        match parts.last_mut() {
            Some(part) if part.len() < most || part.last().is_some_and(|last| act(last) == act(&item)) => {
                part.push(item)
            }
            _ => parts.push(vec![item]),
        }
    }
    parts
}
