//! Whom to call about children of whom nothing is known.

use super::Asking;
use super::board::{Seen, children};
use super::faces::{child_face, child_names, family_names, guardians};
use crate::clock::time_on;
use crate::core::{Fault, Refusal};
use crate::ids::ChildId;
use crate::rules::{Site, Today, hearing};
use crate::view::{CallItem, CallList, CallsView, PlaceRef, State};
use std::collections::BTreeMap;

/// Numbers stay on the screen for five minutes after the outcome.
const NUMBER_MS: i64 = 5 * 60_000;

/// Only the calls of a place: what every staff page rings by.
pub(super) fn calls_of(asking: &Asking<'_>, place: PlaceRef) -> Result<CallsView, Refusal> {
    let (site, today) = asking.place_site(place)?;
    let all = children(asking, &site, today, place)?;
    let hearing = hearing(&asking.clock, today.day, today.now, site.facility.day_ends());
    Ok(CallsView { place, calls: calls(asking, &site, today, &all, hearing.fresh)?, hearing })
}

pub(super) fn calls(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    all: &[Seen],
    heard: bool,
) -> Result<Option<CallList>, Fault> {
    let mut due_first = None;
    let mut items = vec![];
    let mut ring = false;
    let families = family_names(all.iter().map(|s| &s.facts.child));
    for seen in all.iter().filter(|s| matches!(s.state, State::Unreported | State::Unknown)) {
        due_first = due_first.into_iter().chain(seen.due).min();
        let item = call_item(asking, site, today, seen, &families)?;
        ring |= item.outcome.is_none();
        items.push(item);
    }
    items.sort_by_key(|i| (i.taken_by.is_none(), i.outcome.is_some()));
    let due = due_first.unwrap_or_else(|| site.facility.calls_from());
    Ok(if items.is_empty() { None } else { Some(CallList { due, heard, items, ring }) })
}

fn call_item(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    seen: &Seen,
    families: &BTreeMap<ChildId, String>,
) -> Result<CallItem, Fault> {
    let facts = &seen.facts;
    let call = facts.call();
    let shows_number =
        call.is_some_and(|c| c.outcome.is_none() || today.now.0 - c.at.unwrap_or_default().0 <= NUMBER_MS);
    let callees = guardians(asking, facts.id(), today.day)?.iter().map(|g| g.callee(shows_number)).collect();
    Ok(CallItem {
        child: facts.id(),
        face: child_face(&facts.child),
        kana: child_names(&facts.child).0,
        family_kana: families.get(&facts.id()).cloned(),
        class_name: facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        callees,
        taken_by: call.and_then(|c| c.by_name.clone()),
        taken_at: call.and_then(|c| c.at).map(|at| time_on(today.day, at)),
        outcome: call.and_then(|c| c.outcome),
    })
}
