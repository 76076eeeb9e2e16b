//! What waits for the office: changes that were allowed when they were written, and copies that came after a restore.

use super::Asking;
use super::faces::{child_face, child_names};
use crate::attendance::{Announcement, Punch};
use crate::clock::{corrected, time_on};
use crate::core::{Code, Fault, Form, Refusal, Scan, collect, get, typed};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Child, Person};
use crate::registry;
use crate::server::{Hold, Witness};
use crate::view::{WaitingItem, WaitingView, WaitingWhat, WaitingWhy};
use records::{Letter, Record, RecordId};
use serde::Deserialize;
use serde::de::value::StrDeserializer;

pub(super) fn waiting(asking: &Asking<'_>, facility: FacilityId) -> Result<WaitingView, Refusal> {
    let (site, _) = asking.staff_site(facility)?;
    if !asking.who.standing.office_at(facility) {
        return Err(Code::NotFound.into());
    }
    let mut items = vec![];
    for (id, why, record) in open(asking, facility)? {
        items.push(item(asking, id, why, &record)?);
    }
    items.sort_by(|one, other| (one.day, &one.child_name, one.at).cmp(&(other.day, &other.child_name, other.at)));
    Ok(WaitingView { facility, facility_name: site.name(), items })
}

/// How much waits for whoever asks.
pub(super) fn undecided(asking: &Asking<'_>, facility: FacilityId) -> Result<usize, Fault> {
    Ok(if asking.who.standing.office_at(facility) { open(asking, facility)?.len() } else { 0 })
}

/// What is not decided yet: where it is decided, why it waits, and the record.
fn open(asking: &Asking<'_>, facility: FacilityId) -> Result<Vec<(RecordId, WaitingWhy, Record)>, Fault> {
    let mut all = vec![];
    for hold in collect::<Hold>(asking.r, &Scan::of::<Hold>().feed(facility))? {
        if hold.decision.is_none()
            && let Some(record) = held(&hold)
        {
            let code = code(hold.code.as_deref().unwrap_or_default());
            all.push((hold.meta.id, WaitingWhy::Held { code }, record));
        }
    }
    for witness in collect::<Witness>(asking.r, &Scan::of::<Witness>().feed(facility))? {
        let Some(copy) = witness.copy.filter(|_| witness.decision.is_none()) else { continue };
        if lacks(asking, &copy)? {
            let why = WaitingWhy::Copy { device_name: witness.device_name.unwrap_or_default() };
            all.push((witness.meta.id, why, copy));
        }
    }
    Ok(all)
}

/// The record that the letters of a hold would make, as far as they tell.
fn held(hold: &Hold) -> Option<Record> {
    let letters = hold.letters.iter().flatten();
    let changes = letters.filter_map(|text| serde_json::from_str::<Letter>(text.as_str()?).ok()?.open().ok());
    let ours = changes.filter(|change| change.head.id.0 == hold.record);
    ours.fold(None, |record, change| Some(records::overlay(record, &change)))
}

/// Two devices may have brought two states of one record: what has been let in with one is not asked for again.
fn lacks(asking: &Asking<'_>, copy: &Record) -> Result<bool, Fault> {
    let Some(here) = asking.r.get(copy.head.id)? else { return Ok(true) };
    let live: Vec<_> = here.live().collect();
    Ok(copy.live().any(|change| !live.contains(&change)))
}

fn code(text: &str) -> Code {
    Code::deserialize(StrDeserializer::<serde::de::value::Error>::new(text)).unwrap_or(Code::NotAllowed)
}

fn item(asking: &Asking<'_>, id: RecordId, why: WaitingWhy, record: &Record) -> Result<WaitingItem, Fault> {
    let head = &record.head;
    let definition = registry::by_name(head.kind.as_str());
    if definition.is_some_and(|kind| kind.sensitive) {
        asking.looked(id);
    }
    let about_child = definition.is_some_and(|kind| kind.keys.contains(&"child"));
    let child = about_child.then(|| ChildId::from(head.subject));
    let known = match child {
        Some(child) => get::<Child>(asking.r, child)?,
        None => None,
    };
    let mut authors = vec![];
    for entry in record.fields.values().flat_map(records::Register::all) {
        let name = get::<Person>(asking.r, entry.author.0)?.and_then(|person| person.names).map(|names| names.legal);
        authors.extend(name.filter(|name| !authors.contains(name)));
    }
    Ok(WaitingItem {
        record: id,
        why,
        kind: head.kind.as_str().to_owned(),
        what: what(record),
        child,
        face: known.as_ref().map(child_face),
        child_name: known.as_ref().map(|child| child_names(child).1).unwrap_or_default(),
        day: head.day,
        authors,
        at: record.origin().map(|entry| entry.at),
        by_hand: definition.is_some_and(|kind| kind.grants),
    })
}

fn what(record: &Record) -> WaitingWhat {
    let void = record.shown("void").is_some_and(|entry| entry.value.is_some());
    match record.head.kind.as_str() {
        Punch::NAME => {
            let punch = typed::<Punch>(record);
            let at = punch.at.map(|at| corrected(at, punch.error_ms));
            let time = at.zip(record.head.day).map(|(at, day)| time_on(day, at));
            WaitingWhat::Punch { sort: punch.sort.unwrap_or_default(), time, void }
        }
        Announcement::NAME => match typed::<Announcement>(record).announced {
            Some(announced) => WaitingWhat::Announced { announced, void },
            None => WaitingWhat::Record,
        },
        kind => match registry::by_name(kind).map(|kind| (kind.text)(record)).filter(|text| !text.is_empty()) {
            Some(text) => WaitingWhat::Text { text },
            None => WaitingWhat::Record,
        },
    }
}
