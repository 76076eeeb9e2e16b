//! One act, wholly: judged in a savepoint, then logged and merged, or held, or refused.

use super::Turn;
use crate::error::StoreError;
use crate::reading::View;
use crate::standings::{Held, at_basis};
use crate::store::change::Known;
use crate::store::{change, epoch, feed, log, meta, record, tracked};
use nursery::access::{Principal, Standing, through};
use nursery::core::Code;
use nursery::judge::{Judgement, judge};
use nursery::{place, registry};
use records::wire::{Answered, Verdict};
use records::{ActId, Change, ChangeId, DeviceId, Letter, PersonId, Record, Seq};
use seal::Hash;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Merged records that one request may echo, in bytes; what comes after in the batch waits for the next request.
const ECHO_BYTES: usize = 4 << 20;
/// Seconds after which an app asks again whether the server knows its kinds.
const UPGRADE_S: u32 = 3_600;
/// Seconds after which a device asks again whether what its change is about has come.
const BEGINNING_S: u32 = 300;

/// A letter that could be read.
#[derive(Clone, Debug)]
pub struct Piece {
    /// As it came.
    pub letter: Letter,
    /// What is in it.
    pub change: Change,
    /// Its hash.
    pub hash: Hash,
    /// It came with a good receipt: this server had accepted it before it was restored.
    pub once: bool,
}

/// On whose word a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A paired device signed it.
    Device(DeviceId),
    /// A signed-in person wrote it in a browser.
    Web(PersonId),
    /// The server wrote it: duties, import, demo.
    System,
}

/// The author's rights when an act was written and now, `None` where nobody is asked; or why there are none.
type Rights = Result<(Option<Standing>, Option<Standing>), Code>;
/// What becomes of the changes of one act, in their order.
type Fates = Vec<(ChangeId, Verdict)>;

impl Turn<'_> {
    /// Judges and writes letters of one batch; answers each in its place.
    pub fn take(&mut self, origin: Origin, batch: i64, pieces: Vec<Piece>) -> Result<Vec<Answered>, StoreError> {
        let order: Vec<ChangeId> = pieces.iter().map(|piece| piece.change.id).collect();
        let (pieces, contradicted) = once(pieces);
        let mut verdicts: HashMap<ChangeId, Verdict> = HashMap::new();
        let mut bytes = 0;
        for act in by_act(pieces) {
            let fates = if act.iter().any(|piece| contradicted.contains(&piece.change.id)) {
                each(&act, &refused(Code::BadInput))
            } else if bytes > ECHO_BYTES && matches!(origin, Origin::Device(_)) {
                each(&act, &Verdict::Later { after_s: 0, code: "busy".to_owned() })
            } else {
                self.act(origin, batch, &act, &mut bytes)?
            };
            verdicts.extend(fates);
        }
        let answer = |id: ChangeId| verdicts.get(&id).map(|verdict| Answered { change: id, verdict: verdict.clone() });
        Ok(order.into_iter().filter_map(answer).collect())
    }

    fn act(&mut self, origin: Origin, batch: i64, act: &[Piece], bytes: &mut usize) -> Result<Fates, StoreError> {
        if let Some(fates) = self.replayed(act)? {
            return Ok(fates);
        }
        let mut fault = String::new();
        for _ in 0..2 {
            match self.savepoint(|turn| turn.decide(origin, batch, act, bytes))? {
                Ok(fates) => return Ok(fates),
                Err(StoreError::Declined(code)) => return self.answer(act, &refused(code)),
                Err(error) => fault = error.to_string(),
            }
        }
        let held = self.savepoint(|turn| turn.hold(act, Code::Fault, &fault))?;
        let verdict = match held {
            Ok(hold) => Verdict::Held { hold },
            Err(_) => refused(Code::Fault),
        };
        self.answer(act, &verdict)
    }

    /// The stored verdicts if all of it came before. A known id with other bytes, or an act of which only a part is
    /// new, is refused without a trace.
    fn replayed(&self, act: &[Piece]) -> Result<Option<Fates>, StoreError> {
        let mut fates = vec![];
        let mut fresh = 0;
        for piece in act {
            match change::find(&self.rows, piece.change.id)? {
                Some(known) if known.hash == piece.hash => {
                    fates.push((piece.change.id, self.told(known.fate, piece.hash)));
                }
                // let in as a copy that somebody else held, while its author was thought lost
                Some(Known { fate: change::Fate::Accepted(seq), .. }) if piece.once => {
                    fates.push((piece.change.id, self.told(change::Fate::Accepted(seq), piece.hash)));
                }
                Some(_) => return Ok(Some(each(act, &refused(Code::BadInput)))),
                None => fresh += 1,
            }
        }
        Ok(match (fresh, fates.is_empty()) {
            (_, true) => None,
            (0, false) => Some(fates),
            (_, false) => {
                let unmet = act.iter().filter(|p| !fates.iter().any(|(id, _)| *id == p.change.id));
                let unmet: Fates = unmet.map(|p| (p.change.id, refused(Code::BadInput))).collect();
                fates.extend(unmet);
                Some(fates)
            }
        })
    }

    fn told(&self, fate: change::Fate, hash: Hash) -> Verdict {
        match fate {
            change::Fate::Accepted(seq) => Verdict::Accepted { seq, receipt: self.hub.server.receipt(hash) },
            change::Fate::Answered(verdict) => verdict,
        }
    }

    fn decide(&mut self, origin: Origin, batch: i64, act: &[Piece], bytes: &mut usize) -> Result<Fates, StoreError> {
        let changes: Vec<Change> = act.iter().map(|piece| piece.change.clone()).collect();
        let again = act.iter().all(|piece| piece.once);
        let standings = if again { self.unrestricted(origin, &changes)? } else { self.standings(origin, &changes)? };
        let (then, now) = match standings {
            Ok(standings) => standings,
            Err(code) => return self.answer(act, &refused(code)),
        };
        match self.judged(then.as_ref(), now.as_ref(), &changes)? {
            // what it changes may come yet, with another device or as a copy
            Judgement::Refuse(Code::Incomplete | Code::BadHead) if self.may_come(origin, &changes)? => {
                Ok(each(act, &later(BEGINNING_S, Code::Incomplete)))
            }
            Judgement::Accept { records, grants } => {
                *bytes += records.iter().map(size).sum::<usize>();
                self.accept(batch, act, records, grants)
            }
            Judgement::Hold(code) => {
                let hold = self.hold(act, code, "")?;
                self.answer(act, &Verdict::Held { hold })
            }
            Judgement::Refuse(code) => self.answer(act, &refused(code)),
            Judgement::Later(code) => Ok(each(act, &later(UPGRADE_S, code))),
        }
    }

    /// Asks the domain; writes nothing.
    pub fn judged(
        &self,
        then: Option<&Standing>,
        now: Option<&Standing>,
        changes: &[Change],
    ) -> Result<Judgement, StoreError> {
        if changes.iter().any(|change| self.hub.notes.erased(change.head.subject)) {
            return Ok(Judgement::Refuse(Code::Gone));
        }
        let failed = RefCell::new(None);
        let met = |id: ChangeId| match change::accepted(&self.rows, id) {
            Ok(met) => met,
            Err(error) => {
                failed.replace(Some(error));
                false
            }
        };
        let judgement = judge(&View(self.rows), &met, then, now, changes, crate::standings::today(self.now))?;
        match failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(judgement),
        }
    }

    /// The author's rights at the basis and now, through the device; `None` for the server itself.
    pub(super) fn standings(&mut self, origin: Origin, changes: &[Change]) -> Result<Rights, StoreError> {
        let Some(first) = changes.first() else { return Ok(Err(Code::BadInput)) };
        let (author, device, basis) = (first.author, first.device, first.basis);
        let alike = |c: &Change| c.author == author && c.device == device && c.basis == basis;
        if origin != Origin::System && !changes.iter().all(alike) {
            return Ok(Err(Code::BadInput));
        }
        match origin {
            Origin::System => Ok(Ok((None, None))),
            Origin::Web(person) if person != author => Ok(Err(Code::NotAllowed)),
            Origin::Web(person) => {
                let now = self.settle(Principal::Person(person))?.standing.clone();
                Ok(Ok((None, Some(now))))
            }
            Origin::Device(signer) if signer != device => Ok(Err(Code::NotAllowed)),
            Origin::Device(_) => {
                let own = self.settle(Principal::Device(device))?;
                if !own.standing.shared && !own.standing.blocked && own.standing.person != Some(author) {
                    return Ok(Err(Code::NotAllowed));
                }
                let person = self.settle(Principal::Person(author))?;
                let now = through(person.standing.clone(), &own.standing);
                let past = at_basis(&self.rows, Principal::Device(device), basis, self.now)?;
                let author_past = at_basis(&self.rows, Principal::Person(author), basis, self.now)?;
                let then = past.zip(author_past).map(|(device, person)| through(person, &device));
                Ok(Ok((then, Some(now))))
            }
        }
    }

    /// What was accepted once is not asked for rights again, only held against what has been taken away. Whoever brings
    /// it: a device that was paired after the backup comes back as another one.
    fn unrestricted(&mut self, origin: Origin, changes: &[Change]) -> Result<Rights, StoreError> {
        let Origin::Device(signer) = origin else { return self.standings(origin, changes) };
        let device = self.settle(Principal::Device(signer))?;
        for change in changes {
            let author = self.settle(Principal::Person(change.author))?;
            let excluded = |held: &Held| held.sight.excluded.contains(&change.head.subject);
            if device.standing.blocked || author.standing.blocked || excluded(&device) || excluded(&author) {
                return Ok(Err(Code::NotAllowed));
            }
        }
        Ok(Ok((None, None)))
    }

    /// After a restore the records of other devices come in any order.
    fn may_come(&self, origin: Origin, changes: &[Change]) -> Result<bool, StoreError> {
        if !matches!(origin, Origin::Device(_)) || !epoch::is_young(&self.rows, self.now)? {
            return Ok(false);
        }
        for change in changes {
            if record::find(&self.rows, change.head.id)?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Into the log, into the records, into the audiences.
    pub fn accept(
        &mut self,
        batch: i64,
        act: &[Piece],
        records: Vec<Record>,
        grants: bool,
    ) -> Result<Fates, StoreError> {
        let mut fates = vec![];
        let mut newest = BTreeMap::new();
        for piece in act {
            let seq = self.log(batch, piece)?;
            newest.insert(piece.change.head.id, seq);
            let receipt = self.hub.server.receipt(piece.hash);
            fates.push((piece.change.id, Verdict::Accepted { seq, receipt }));
        }
        let mut stored = vec![];
        for mut record in records {
            record.seq = newest.get(&record.head.id).copied();
            let made = record.accepted.is_none();
            record.accepted.get_or_insert(self.now);
            record::put(&self.rows, &record)?;
            self.note(&record, made)?;
            stored.push(record);
        }
        if grants {
            meta::move_grants(&self.rows)?;
            self.touched.rights = true;
        }
        for record in &stored {
            self.consequences(record)?;
        }
        Ok(fates)
    }

    fn log(&mut self, batch: i64, piece: &Piece) -> Result<Seq, StoreError> {
        let feed = feed::make(&self.rows, piece.change.head.feed)?;
        let seq = Seq(feed.head.0 + 1);
        let chain = seal::chain(feed.chain, piece.hash);
        log::append(
            &self.rows,
            &log::Line {
                feed: feed.number,
                seq,
                letter: &piece.letter,
                change: &piece.change,
                hash: piece.hash,
                chain,
                batch,
                received: self.now,
            },
        )?;
        feed::advance(&self.rows, feed.number, seq, chain)?;
        change::accept(&self.rows, piece.change.id, piece.hash, feed.number, seq)?;
        Ok(seq)
    }

    fn note(&mut self, record: &Record, made: bool) -> Result<(), StoreError> {
        let head = &record.head;
        let Some(definition) = registry::by_name(head.kind.as_str()) else { return Ok(()) };
        self.touched.record(definition.name, record);
        if definition.number == <place::Municipality as nursery::core::Form>::NUMBER {
            meta::set_municipality(&self.rows, head.feed)?;
        }
        if definition.tracked && made {
            let feed = feed::make(&self.rows, head.feed)?;
            tracked::wait(&self.rows, feed.number, record.seq.unwrap_or_default(), head.id)?;
        }
        Ok(())
    }

    /// Stores one verdict for the whole act.
    fn answer(&mut self, act: &[Piece], verdict: &Verdict) -> Result<Fates, StoreError> {
        for piece in act {
            change::answer(&self.rows, piece.change.id, piece.hash, verdict)?;
        }
        Ok(each(act, verdict))
    }
}

/// Each change once, and the ids under which different bytes came.
fn once(pieces: Vec<Piece>) -> (Vec<Piece>, BTreeSet<ChangeId>) {
    let mut met: HashMap<ChangeId, Hash> = HashMap::new();
    let mut contradicted = BTreeSet::new();
    let mut distinct = vec![];
    for piece in pieces {
        match met.insert(piece.change.id, piece.hash) {
            None => distinct.push(piece),
            Some(hash) if hash == piece.hash => {}
            Some(_) => {
                contradicted.insert(piece.change.id);
            }
        }
    }
    (distinct, contradicted)
}

fn by_act(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut acts: Vec<Vec<Piece>> = vec![];
    let mut place: HashMap<ActId, usize> = HashMap::new();
    for piece in pieces {
        let at = *place.entry(piece.change.act).or_insert(acts.len());
        match acts.get_mut(at) {
            Some(act) => act.push(piece),
            None => acts.push(vec![piece]),
        }
    }
    acts
}

fn each(act: &[Piece], verdict: &Verdict) -> Fates {
    act.iter().map(|piece| (piece.change.id, verdict.clone())).collect()
}

fn refused(code: Code) -> Verdict {
    Verdict::Refused { code: code.as_str().to_owned() }
}

fn later(after_s: u32, code: Code) -> Verdict {
    Verdict::Later { after_s, code: code.as_str().to_owned() }
}

fn size(record: &Record) -> usize {
    serde_json::to_string(record).map_or(0, |text| text.len())
}
