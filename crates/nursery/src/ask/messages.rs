//! Morning messages, and the form for what comes by telephone.

use super::Asking;
use super::board::{Seen, children, counts, place_title};
use super::child::{candidates_among, said_by};
use super::faces::{child_face, child_names, family_names, given_name, guardians, search_keys};
use crate::attendance::{Announced, Announcement, Channel, Reason};
use crate::clock::{service_day, time_on};
use crate::core::{Fault, Refusal};
use crate::ids::ChildId;
use crate::rules::{Site, Today, against_time, hearing, next_open_day, progress};
use crate::view::{
    Caller, DayChoice, EntryChild, EntryFormView, MessageItem, MessageSort, MessagesView, PlaceRef, State,
};
use records::{Day, PersonId, TimeOfDay};
use std::collections::BTreeMap;

/// Reasons of an absence, in the order of screens.
pub(super) const REASONS: [Reason; 8] = [
    Reason::Fever,
    Reason::Cough,
    Reason::Stomach,
    Reason::Rash,
    Reason::Injury,
    Reason::Infection,
    Reason::Family,
    Reason::Other,
];

pub(super) fn messages(asking: &Asking<'_>, place: PlaceRef) -> Result<MessagesView, Refusal> {
    let (site, today) = asking.place_site(place)?;
    let all = children(asking, &site, today, place)?;
    let families = family_names(all.iter().map(|s| &s.facts.child));
    let (mut open, mut done) = (vec![], vec![]);
    let (mut late_or_early, mut pickups) = (0, 0);
    for seen in &all {
        for announcement in seen.facts.counting(site.id) {
            match announcement.announced {
                Some(Announced::Late { .. } | Announced::Early { .. }) => late_or_early += 1,
                Some(Announced::Pickup { .. }) => pickups += 1,
                _ => {}
            }
            let item = item(asking, &site, today, seen, announcement, &families)?;
            if item.acknowledged_by.is_some() { done.push(item) } else { open.push(item) }
        }
    }
    open.sort_by_key(|i| (i.sort, rank(&i.announced), i.at_day.is_none(), i.at, i.announcement));
    done.sort_by_key(|i| (i.at_day.is_none(), i.at, i.announcement));
    Ok(MessagesView {
        place,
        title: place_title(&site, place),
        facility_name: site.name(),
        day: today.day,
        weekday: today.day.weekday(),
        now: time_on(today.day, today.now),
        open,
        done,
        absent: counts(&all).absent,
        late_or_early,
        pickups,
        hearing: hearing(&asking.clock, today.day, today.now, site.facility.day_ends()),
    })
}

fn rank(announced: &Announced) -> u8 {
    match announced {
        Announced::Absence { .. } => 0,
        Announced::Late { .. } => 1,
        Announced::Early { .. } => 2,
        Announced::Pickup { .. } => 3,
    }
}

fn item(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    seen: &Seen,
    announcement: &Announcement,
    families: &BTreeMap<ChildId, String>,
) -> Result<MessageItem, Fault> {
    let progress = progress(asking.r, announcement)?;
    let (kana, kanji) = child_names(&seen.facts.child);
    let at = announcement.at.unwrap_or_default();
    let written = service_day(at, site.facility.day_ends());
    let announced = announcement.announced.clone().unwrap_or(Announced::Absence { reason: Reason::Other });
    let sort = match announced {
        Announced::Absence { .. } | Announced::Late { .. } => MessageSort::Together,
        Announced::Early { .. } | Announced::Pickup { .. } => MessageSort::OneByOne,
    };
    Ok(MessageItem {
        announcement: announcement.meta.id,
        child: seen.facts.id(),
        face: child_face(&seen.facts.child),
        kana,
        family_kana: families.get(&seen.facts.id()).cloned(),
        kanji,
        class_name: seen.facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        announced,
        day: announcement.meta.day.unwrap_or(today.day),
        until: announcement.until,
        temperature: announcement.temperature,
        note: announcement.note.clone().unwrap_or_default(),
        channel: announcement.channel.unwrap_or_default(),
        caller: said_by(announcement),
        at: time_on(written, at),
        at_day: (written != today.day).then_some(written),
        reach: progress.reach,
        sort,
        acknowledged_at: progress.acknowledged.as_ref().and_then(|a| a.at).map(|at| time_on(today.day, at)),
        acknowledged_by: progress.acknowledged.and_then(|a| a.by_name),
        withdrawn: !announcement.meta.counts(),
        not_open: announcement.announced.as_ref().is_some_and(|said| against_time(site, said).is_some()),
    })
}

/// Announcements of these children that nobody has confirmed.
pub(super) fn unread(asking: &Asking<'_>, all: &[Seen], site: &Site) -> Result<u16, Fault> {
    let mut open = 0;
    for seen in all {
        for announcement in seen.facts.counting(site.id) {
            if progress(asking.r, announcement)?.acknowledged.is_none() {
                open += 1;
            }
        }
    }
    Ok(open)
}

pub(super) fn entry_form(asking: &Asking<'_>, place: PlaceRef) -> Result<EntryFormView, Refusal> {
    let (site, today) = asking.place_site(place)?;
    let mut all = children(asking, &site, today, place)?;
    let families = family_names(all.iter().map(|s| &s.facts.child));
    // those of whom nothing is known come first, then those who are not here yet, then the roster
    all.sort_by_key(|seen| match seen.state {
        State::Unreported | State::Unknown => 0,
        State::Yet => 1,
        _ => 2,
    });
    let mut entries = vec![];
    for seen in &all {
        entries.push(entry(asking, &site, today, seen, &families)?);
    }
    let first = all.iter().find(|s| s.facts.placement.is_some());
    let next = match first {
        Some(s) => next_open_day(asking.r, &site, s.facts.id(), s.facts.placement.as_ref(), &s.facts.visits)?,
        None => None,
    };
    let now = time_on(today.day, today.now);
    Ok(EntryFormView {
        place,
        facility: site.id,
        title: place_title(&site, place),
        facility_name: site.name(),
        children: entries,
        reasons: REASONS.to_vec(),
        late_times: late_times(now),
        early_times: early_times(now),
        days: days(today.day, true, next),
        channels: vec![Channel::Oral, Channel::Paper],
        now,
    })
}

fn entry(
    asking: &Asking<'_>,
    site: &Site,
    today: Today,
    seen: &Seen,
    families: &BTreeMap<ChildId, String>,
) -> Result<EntryChild, Fault> {
    let child = seen.facts.id();
    let guardians = guardians(asking, child, today.day)?;
    let callers = guardians
        .iter()
        .filter(|g| g.guardianship.may_speak())
        .map(|g| Caller {
            person: Some(PersonId(g.guardianship.person)),
            relation: g.guardianship.relation.clone().unwrap_or_default(),
            name: given_name(&g.names),
        })
        .collect();
    let (kana, kanji) = child_names(&seen.facts.child);
    Ok(EntryChild {
        child,
        face: child_face(&seen.facts.child),
        kana,
        kanji,
        family_kana: families.get(&child).cloned(),
        class: seen.facts.placement.as_ref().map(|p| p.class),
        class_name: seen.facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        search: search_keys(&seen.facts.child),
        state: seen.state,
        said: seen.facts.counting(site.id).filter_map(|a| a.announced.clone()).next_back(),
        callers,
        collectors: candidates_among(asking, child, today.day, guardians, None)?,
    })
}

/// Today, the next open day; the first offered is chosen.
pub(super) fn days(today: Day, today_possible: bool, next: Option<Day>) -> Vec<DayChoice> {
    let offered = [today_possible.then_some(today), next];
    let mut days: Vec<DayChoice> = offered
        .into_iter()
        .flatten()
        .map(|day| DayChoice { day, weekday: day.weekday(), today: day == today, chosen: false })
        .collect();
    if let Some(first) = days.first_mut() {
        first.chosen = true;
    }
    days
}

/// Half hours from now on, at least 9:30, four of them.
pub(super) fn late_times(now: TimeOfDay) -> Vec<TimeOfDay> {
    let first = now.0.div_ceil(30) * 30;
    (0..4).map(|i| TimeOfDay(first.clamp(9 * 60 + 30, 14 * 60) + i * 30)).collect()
}

/// Usual times of early pick-up that are still to come.
pub(super) fn early_times(now: TimeOfDay) -> Vec<TimeOfDay> {
    let usual = [TimeOfDay::hm(12, 30), TimeOfDay::hm(15, 0), TimeOfDay::hm(15, 30), TimeOfDay::hm(16, 0)];
    let coming: Vec<TimeOfDay> = usual.into_iter().filter(|t| *t > now).collect();
    if coming.is_empty() { vec![TimeOfDay((now.0 + 44) / 15 * 15)] } else { coming.into_iter().take(3).collect() }
}
