//! Counts that wait for their second person, and where walks usually go.

use super::Asking;
use super::faces::{child_face, child_names, family_names, staff_face};
use crate::attendance::{CountState, HeadCount};
use crate::core::{Fault, Scan, collect, get};
use crate::people::Child;
use crate::rules::{Site, Today};
use crate::view::{CountGap, GapChild, WaitingCount};
use std::collections::BTreeMap;

pub(super) fn waiting_counts(asking: &Asking<'_>, site: &Site, today: Today) -> Result<Vec<WaitingCount>, Fault> {
    let mut waiting = vec![];
    for count in collect::<HeadCount>(asking.r, &Scan::of::<HeadCount>().feed(site.id).day(today.day))? {
        let state = count.state.unwrap_or_default();
        if !count.meta.counts() || !matches!(state, CountState::Waiting | CountState::Differed) {
            continue;
        }
        let Some(first) = staff_face(asking, count.first_by.unwrap_or_default())? else { continue };
        waiting.push(WaitingCount {
            head_count: count.meta.id,
            transition: count.transition.unwrap_or_default(),
            place: count.place.clone().unwrap_or_default(),
            first,
            gap: if state == CountState::Differed { Some(gap(asking, &count)?) } else { None },
        });
    }
    Ok(waiting)
}

/// What two numbers left open. Told only once they have differed: the second count is blind.
fn gap(asking: &Asking<'_>, count: &HeadCount) -> Result<CountGap, Fault> {
    let mut children = vec![];
    for child in count.children.iter().flatten() {
        children.extend(get::<Child>(asking.r, *child)?);
    }
    let families = family_names(children.iter());
    let chosen = u16::try_from(children.len()).unwrap_or(u16::MAX);
    let counted = count.second_count.unwrap_or_default();
    let children = children.iter().map(|child| GapChild {
        child: child.meta.id.into(),
        face: child_face(child),
        kana: child_names(child).0,
        family_kana: families.get(&child.meta.id.into()).cloned(),
    });
    Ok(CountGap { chosen, counted, missing: chosen.saturating_sub(counted), children: children.collect() })
}

/// Goals of walks of the last two months, most used first; at most three.
pub(super) fn walk_places(asking: &Asking<'_>, site: &Site, today: Today) -> Result<Vec<String>, Fault> {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let range = Scan::of::<HeadCount>().feed(site.id).days(today.day.plus(-62), today.day);
    for count in collect::<HeadCount>(asking.r, &range)? {
        if let Some(place) = count.place.filter(|p| !p.is_empty()) {
            *used.entry(place).or_default() += 1;
        }
    }
    let mut places: Vec<(String, usize)> = used.into_iter().collect();
    places.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(places.into_iter().take(3).map(|(place, _)| place).collect())
}
