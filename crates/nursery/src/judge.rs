//! Judging one act, wholly: rights then and now, heads recomputed, kind rules on the outcome.

use crate::access::{Denied, Doing, Standing, may};
use crate::attendance::{Announcement, Channel};
use crate::calendar::Visit;
use crate::core::{Code, Definition, Fault, Form, MemoryRecords, Records, Scan, Shape, collect, typed};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Consent, Person, Placement};
use crate::registry;
use crate::rules::against_family;
use crate::server::writes_alone;
use records::{Change, ChangeId, Day, Misfit, Record, RecordId, apply, limits};

/// What becomes of an act.
#[derive(Debug, Clone)]
pub enum Judgement {
    /// The records that result, one per touched record, without sequence; and whether rights may have moved.
    Accept {
        /// Merged records, in the order in which the act touched them.
        records: Vec<Record>,
        /// True if somebody's rights may be others now.
        grants: bool,
    },
    /// Allowed when it was written, ended in the ordinary course since: the office decides.
    Hold(Code),
    /// Not accepted.
    Refuse(Code),
    /// Not judged now; the code is `upgrade`.
    Later(Code),
}

/// Judges the changes of one act, which were written under `then` and arrive under `now`.
///
/// `r` reads without a filter, `met` tells whether the log holds a change, `today` is the server's service day. Writes by the server itself
/// ([`crate::server::SYSTEM`]) pass `None` as standing and are not asked for rights.
///
/// # Errors
/// [`Fault`] if the store cannot be read; nothing is decided then.
pub fn judge(
    r: &dyn Records,
    met: &dyn Fn(ChangeId) -> bool,
    then: Option<&Standing>,
    now: Option<&Standing>,
    act: &[Change],
    today: Day,
) -> Result<Judgement, Fault> {
    if act.is_empty() || act.len() > limits::CHANGES_PER_ACT {
        return Ok(Judgement::Refuse(Code::TooLarge));
    }
    let mut outcome = MemoryRecords::default();
    let mut touched: Vec<RecordId> = vec![];
    let mut grants = false;
    let mut held = false;
    for change in act {
        let Some(definition) = registry::by_name(change.head.kind.as_str()) else {
            return Ok(Judgement::Later(Code::Upgrade));
        };
        let id = change.head.id;
        let before = match outcome.records.get(&id) {
            Some(record) => Some(record.clone()),
            None => r.get(id)?,
        };
        match rights(change, before.as_ref(), then, now) {
            Ok(false) => {}
            Ok(true) => held = true,
            Err(code) => return Ok(Judgement::Refuse(code)),
        }
        let merged = merge(definition, before.clone(), change, met).and_then(|record| {
            if let Some(now) = now {
                belongs(definition, &record, now)?;
                family_may(before.as_ref(), &record, change, now)?;
            }
            Ok(record)
        });
        match merged {
            Ok(record) => {
                if let (None, Some(now)) = (&before, now)
                    && let Some(code) = against(r, definition, &record, now, today)?
                {
                    return Ok(Judgement::Refuse(code));
                }
                grants |= definition.grants;
                if !touched.contains(&id) {
                    touched.push(id);
                }
                outcome.put(record);
            }
            Err(code) => return Ok(Judgement::Refuse(code)),
        }
    }
    if held {
        return Ok(Judgement::Hold(Code::NotAllowed));
    }
    let records = touched.iter().filter_map(|id| outcome.records.remove(id)).collect();
    Ok(Judgement::Accept { records, grants })
}

/// `Ok(true)` if it was allowed then and has ended in the ordinary course.
fn rights(
    change: &Change,
    before: Option<&Record>,
    then: Option<&Standing>,
    now: Option<&Standing>,
) -> Result<bool, Code> {
    let Some(now) = now else { return Ok(false) };
    let doing = if before.is_some() { Doing::Write } else { Doing::Make };
    match may(now, doing, &change.head) {
        Ok(()) => Ok(false),
        // the same answer whether the record is there or not
        Err(Denied::TakenAway) => Err(Code::NotAllowed),
        Err(Denied::NoRight) => match then.map(|then| may(then, doing, &change.head)) {
            Some(Ok(())) => Ok(true),
            _ => Err(Code::NotAllowed),
        },
    }
}

/// What a record is about and where it lies must be what its kind and keys say: rights are asked about subject and feed,
/// readers go by keys.
fn belongs(definition: &Definition, record: &Record, now: &Standing) -> Result<(), Code> {
    let head = &record.head;
    let child = definition.keys.iter().position(|key| *key == "child").and_then(|at| head.keys.get(at));
    let about = match definition.name {
        "child" | "person" => Some(head.id.0),
        "device" | "assignment" => head.keys.first().copied(),
        _ => child.copied(),
    };
    let in_city = head.feed == records::FeedId::from(now.municipality);
    // what the server writes lies beside the record that it is about
    let misplaced = definition.of_the_city != in_city && !writes_alone(definition.name);
    if about.is_some_and(|id| head.subject.0 != id) || misplaced {
        return Err(Code::BadHead);
    }
    Ok(())
}

/// True if somebody acts on this record only as family or for oneself.
fn only_family(record: &Record, now: &Standing) -> bool {
    let here = FacilityId::from(record.head.feed);
    !(now.staff_at(here) || now.city || now.placed.contains(&ChildId::from(record.head.subject)))
}

/// What speaks against a new record: of a guardian, what is announced; of a site, that it never had this child.
fn against(
    r: &dyn Records,
    definition: &Definition,
    record: &Record,
    now: &Standing,
    today: Day,
) -> Result<Option<Code>, Fault> {
    if only_family(record, now) {
        let announced = definition.name == Announcement::NAME;
        return if announced { against_family(r, &typed::<Announcement>(record), today) } else { Ok(None) };
    }
    let child = definition.keys.iter().position(|key| *key == "child").and_then(|at| record.head.keys.get(at));
    match child {
        Some(child) if !definition.of_the_city && !ever_at(r, ChildId(*child), record.head.feed.into())? => {
            Ok(Some(Code::NotAllowed))
        }
        _ => Ok(None),
    }
}

/// True if a child was ever placed at a facility or its guest, also if that has ended or was taken back since: what is
/// written without network may come late, and its family reads what a site writes.
fn ever_at(r: &dyn Records, child: ChildId, facility: FacilityId) -> Result<bool, Fault> {
    let placed = collect::<Placement>(r, &Scan::of::<Placement>().key(0, child))?;
    if placed.iter().any(|placement| placement.facility == facility) {
        return Ok(true);
    }
    let visits = collect::<Visit>(r, &Scan::of::<Visit>().key(0, child))?;
    Ok(visits.iter().any(|visit| visit.host == facility))
}

/// What holds for whoever acts only as family or for oneself: announcements in the own name, taken back only by their
/// author; consent only for oneself; of the own person only how to be reached.
fn family_may(before: Option<&Record>, after: &Record, change: &Change, now: &Standing) -> Result<(), Code> {
    if !only_family(after, now) {
        return Ok(());
    }
    let announcement = typed::<Announcement>(after);
    let by_app = announcement.channel.unwrap_or_default() == Channel::App;
    let fine = match (after.head.kind.as_str(), before) {
        (Announcement::NAME, None) => by_app && announcement.caller.is_none() && announcement.by_name.is_none(),
        (Announcement::NAME, Some(before)) => {
            by_app && before.origin().is_some_and(|entry| entry.author == change.author)
        }
        // of oneself only how to be reached: names and PINs are what others are protected by. Who waits for the nursery's
        // confirmation writes nothing: the account may be named like the guardian whom staff will call
        (Person::NAME, _) => {
            now.anybody() && change.writes.iter().all(|w| matches!(w.field.as_str(), "phones" | "language"))
        }
        (Consent::NAME, _) => after.head.keys.get(1) == Some(&change.author.0),
        _ => true,
    };
    if fine { Ok(()) } else { Err(Code::NotAllowed) }
}

fn merge(
    definition: &Definition,
    before: Option<Record>,
    change: &Change,
    met: &dyn Fn(ChangeId) -> bool,
) -> Result<Record, Code> {
    let making = before.is_none();
    let outcome = apply(before.clone(), change, met).map_err(|misfit| match misfit {
        Misfit::OtherHead => Code::BadHead,
        Misfit::LookFirst(_) => Code::LookFirst,
        Misfit::Twice(_) => Code::BadInput,
        Misfit::TooManyAwaited(_) | Misfit::TooLarge(_) => Code::TooLarge,
        Misfit::Gone => Code::Gone,
    })?;
    if making {
        check_head(definition, &outcome)?;
    }
    if !making && definition.shape == Shape::Fact && change.writes.iter().any(|w| w.field != "void") {
        return Err(Code::NotAllowed);
    }
    if serde_json::to_string(&outcome.fields).map_or(usize::MAX, |s| s.len()) > limits::RECORD_BYTES {
        return Err(Code::TooLarge);
    }
    (definition.check)(before.as_ref(), &outcome)?;
    Ok(outcome)
}

/// A new record's id, keys and audience must be what the server computes.
fn check_head(definition: &Definition, record: &Record) -> Result<(), Code> {
    let head = &record.head;
    if head.keys.len() != definition.keys.len() || head.audiences != (definition.audiences)(record) {
        return Err(Code::BadHead);
    }
    match (definition.natural_key)(record) {
        Some(key) if head.id != RecordId::derived(head.feed, definition.name, &key) => Err(Code::BadHead),
        Some(_) => Ok(()),
        None if head.id.0.get_version_num() != 7 => Err(Code::BadHead),
        None => Ok(()),
    }
}
