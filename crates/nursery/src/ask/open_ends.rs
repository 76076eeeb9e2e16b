//! Evening list of open ends.

use super::Asking;
use super::board::{Seen, children};
use super::faces::{child_face, child_names};
use crate::attendance::{Channel, Punch, PunchSort};
use crate::clock::time_on;
use crate::core::{Fault, Refusal, Scan, collect};
use crate::ids::{ChildId, FacilityId};
use crate::rules::{Expectation, Site, Today, Where, progress};
use crate::view::{Contradiction, OpenEnd, OpenEndKind, OpenEndsView, PlaceRef, State};
use records::{Day, DeviceTime, RecordId, TimeOfDay};

pub(super) fn open_ends(asking: &Asking<'_>, facility: FacilityId, day: Option<Day>) -> Result<OpenEndsView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    let (site, asked) = asking.on(site, today, day)?;
    let all = children(asking, &site, asked, PlaceRef::Facility { facility })?;
    let mut items: Vec<OpenEnd> = vec![];
    for seen in &all {
        items.extend(ends_of(asking, &site, asked, seen, asked.day == today.day)?);
    }
    items.sort_by_key(|item| (item.kind, item.since));
    let mut earlier = vec![];
    if asked.day == today.day {
        earlier = earlier_days(asking, facility, today)?;
    }
    Ok(OpenEndsView {
        facility,
        facility_name: site.name(),
        day: asked.day,
        weekday: asked.day.weekday(),
        today: asked.day == today.day,
        now: time_on(today.day, today.now),
        here: u16::try_from(all.iter().filter(|s| matches!(s.state, State::Here | State::Away)).count())
            .unwrap_or(u16::MAX),
        items,
        earlier,
    })
}

fn earlier_days(asking: &Asking<'_>, facility: FacilityId, today: Today) -> Result<Vec<Day>, Fault> {
    let mut days = vec![];
    for back in 1..=7 {
        let day = today.day.plus(-back);
        let punches = collect::<Punch>(asking.r, &Scan::of::<Punch>().feed(facility).day(day))?;
        if unbalanced(&punches) {
            days.push(day);
        }
    }
    Ok(days)
}

/// True if some child has not as many counting departures as arrivals.
fn unbalanced(punches: &[Punch]) -> bool {
    let mut balance: std::collections::BTreeMap<ChildId, i32> = std::collections::BTreeMap::new();
    for punch in punches.iter().filter(|p| p.meta.counts()) {
        *balance.entry(punch.child).or_default() += match punch.sort.unwrap_or_default() {
            PunchSort::Arrival => 1,
            PunchSort::Departure => -1,
        };
    }
    balance.values().any(|b| *b != 0)
}

/// What is open, since when, and the record it is about.
type End = (OpenEndKind, Option<TimeOfDay>, Option<RecordId>);

fn ends_of(asking: &Asking<'_>, site: &Site, on: Today, seen: &Seen, is_today: bool) -> Result<Vec<OpenEnd>, Fault> {
    let usual = match seen.facts.expectation {
        Some(Expectation::Expected(span)) => Some(span.to),
        _ => None,
    };
    let mut found: Vec<End> = place_end(site, on, seen, is_today, usual).into_iter().collect();
    found.extend(contradiction_ends(seen));
    for announcement in seen.facts.counting(site.id) {
        let by_family = announcement.channel.unwrap_or_default() == Channel::App;
        if by_family && progress(asking.r, announcement)?.acknowledged.is_none() {
            let at = time_on(on.day, announcement.at.unwrap_or_default());
            found.push((OpenEndKind::Unread, Some(at), Some(announcement.meta.id)));
        }
    }
    Ok(found.into_iter().map(|end| open_end(site, seen, end, usual)).collect())
}

/// Still here, not back, or nothing known: an hour after the usual end of the child's day, or on any earlier day.
fn place_end(site: &Site, on: Today, seen: &Seen, is_today: bool, usual: Option<TimeOfDay>) -> Option<End> {
    let now = time_on(on.day, on.now);
    let since = |at: DeviceTime| Some(time_on(on.day, at));
    let overdue = !is_today || usual.is_none_or(|to| now.0 >= to.0 + 60);
    match &seen.place {
        Where::Here { facility, since: at, .. } if *facility == site.id && overdue => {
            Some((OpenEndKind::NoDeparture, since(*at), None))
        }
        Where::Away { facility, since: at, expected_back, .. }
            if *facility == site.id && (overdue || expected_back.is_some_and(|back| now > back)) =>
        {
            Some((OpenEndKind::NotBack, since(*at), None))
        }
        _ if matches!(seen.state, State::Unreported | State::Unknown) => {
            Some((OpenEndKind::NothingKnown, seen.due, None))
        }
        _ => None,
    }
}

fn contradiction_ends(seen: &Seen) -> Vec<End> {
    let without_arrival = seen.contradictions.iter().find_map(|c| match c {
        Contradiction::LeftWithoutArrival { at } => Some((OpenEndKind::NoArrival, Some(*at), None)),
        _ => None,
    });
    let other = |c: &Contradiction| {
        !matches!(c, Contradiction::LeftWithoutArrival { .. } | Contradiction::UncertainClock { .. })
    };
    let unclear = seen.contradictions.iter().any(other).then_some((OpenEndKind::Contradiction, None, None));
    without_arrival.into_iter().chain(unclear).collect()
}

fn open_end(site: &Site, seen: &Seen, (kind, since, record): End, usual: Option<TimeOfDay>) -> OpenEnd {
    let (kana, kanji) = child_names(&seen.facts.child);
    OpenEnd {
        child: seen.facts.id(),
        face: child_face(&seen.facts.child),
        kana,
        kanji,
        class_name: seen.facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        kind,
        since,
        contradictions: if kind == OpenEndKind::Contradiction { seen.contradictions.clone() } else { vec![] },
        record,
        usual,
    }
}
