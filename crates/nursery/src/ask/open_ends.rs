//! Evening list of open ends.

use super::Asking;
use super::board::{Seen, children, expected_span, number};
use super::faces::{child_face, child_names};
use crate::attendance::{Channel, Punch, PunchSort};
use crate::clock::time_on;
use crate::core::{Fault, Refusal, Scan, collect};
use crate::ids::{ChildId, FacilityId};
use crate::rules::{Site, Today, Where, progress};
use crate::view::{Contradiction, DayProgress, OpenEnd, OpenEndKind, OpenEndsView, PlaceRef, State};
use records::{Day, DeviceTime, RecordId, TimeOfDay};

pub(super) fn open_ends(asking: &Asking<'_>, facility: FacilityId, day: Option<Day>) -> Result<OpenEndsView, Refusal> {
    let (site, today) = asking.staff_site(facility)?;
    let (site, asked) = asking.on(site, today, day)?;
    let all = children(asking, &site, asked, PlaceRef::Facility { facility })?;
    let is_today = asked.day == today.day;
    let mut items = ends(asking, &site, asked, &all, !is_today)?;
    items.sort_by_key(|item| (item.kind, item.expected, item.at));
    Ok(OpenEndsView {
        facility,
        facility_name: site.name(),
        day: asked.day,
        weekday: asked.day.weekday(),
        today: is_today,
        now: time_on(today.day, today.now),
        progress: progress_of(&all),
        here: number(all.iter().filter(|s| matches!(s.state, State::Here | State::Away)).count()),
        items,
        earlier: if is_today { earlier_days(asking, facility, today)? } else { vec![] },
    })
}

fn progress_of(all: &[Seen]) -> DayProgress {
    let done = |seen: &Seen| matches!(seen.state, State::Left | State::Absent | State::Elsewhere | State::NotExpected);
    match all {
        [] => DayProgress::Closed,
        all if all.iter().all(done) => DayProgress::Over,
        _ => DayProgress::Running,
    }
}

/// What should be closed by now for these children. The length of this list is the number that every screen shows.
/// `past`: the day is over, so that everything should be.
pub(super) fn ends(
    asking: &Asking<'_>,
    site: &Site,
    on: Today,
    all: &[Seen],
    past: bool,
) -> Result<Vec<OpenEnd>, Fault> {
    let mut items = vec![];
    for seen in all {
        items.extend(ends_of(asking, site, on, seen, past)?);
    }
    Ok(items)
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

/// One open end before it is dressed for the screen.
struct End {
    kind: OpenEndKind,
    at: Option<TimeOfDay>,
    expected: Option<TimeOfDay>,
    record: Option<RecordId>,
}

impl End {
    fn new(kind: OpenEndKind, at: Option<TimeOfDay>, expected: Option<TimeOfDay>) -> Self {
        Self { kind, at, expected, record: None }
    }
}

fn ends_of(asking: &Asking<'_>, site: &Site, on: Today, seen: &Seen, past: bool) -> Result<Vec<OpenEnd>, Fault> {
    let over = past || time_on(on.day, on.now) >= child_done(site, seen);
    let mut found: Vec<End> = place_end(site, on, seen, over).into_iter().collect();
    found.extend(contradiction_ends(seen));
    for announcement in seen.facts.counting(site.id).filter(|_| over) {
        let by_family = announcement.channel.unwrap_or_default() == Channel::App;
        if by_family && progress(asking.r, announcement)?.acknowledged.is_none() {
            let at = time_on(on.day, announcement.at.unwrap_or_default());
            let end = End::new(OpenEndKind::Unread, Some(at), None);
            found.push(End { record: Some(announcement.meta.id), ..end });
        }
    }
    Ok(found.into_iter().map(|end| open_end(site, seen, end)).collect())
}

/// From when on everything about a child should be closed: an hour after the usual end of its day, at the latest when
/// the facility closes. Until then a child that is awaited, or a message that came, stands on the list of its own.
fn child_done(site: &Site, seen: &Seen) -> TimeOfDay {
    let hour_later = expected_span(seen).map(|span| TimeOfDay(span.to.0 + 60));
    hour_later.map_or(site.hours().to, |time| time.min(site.hours().to))
}

/// Still here, not back, or nothing known.
fn place_end(site: &Site, on: Today, seen: &Seen, over: bool) -> Option<End> {
    let now = time_on(on.day, on.now);
    let time = |at: DeviceTime| Some(time_on(on.day, at));
    let span = expected_span(seen);
    match &seen.place {
        Where::Here { facility, since, .. } if *facility == site.id && over => {
            Some(End::new(OpenEndKind::NoDeparture, time(*since), span.map(|span| span.to)))
        }
        Where::Away { facility, since, expected_back, .. }
            if *facility == site.id && (over || expected_back.is_some_and(|back| now > back)) =>
        {
            Some(End::new(OpenEndKind::NotBack, time(*since), *expected_back))
        }
        _ if over && matches!(seen.state, State::Unreported | State::Unknown) => {
            Some(End::new(OpenEndKind::NothingKnown, None, span.map(|span| span.from)))
        }
        _ => None,
    }
}

fn contradiction_ends(seen: &Seen) -> Vec<End> {
    let without_arrival = seen.contradictions.iter().find_map(|c| match c {
        Contradiction::LeftWithoutArrival { at } => Some(End::new(OpenEndKind::NoArrival, Some(*at), None)),
        _ => None,
    });
    let other = |c: &Contradiction| {
        !matches!(c, Contradiction::LeftWithoutArrival { .. } | Contradiction::UncertainClock { .. })
    };
    let unclear = seen.contradictions.iter().any(other);
    let unclear = unclear.then_some(End::new(OpenEndKind::Contradiction, None, None));
    without_arrival.into_iter().chain(unclear).collect()
}

fn open_end(site: &Site, seen: &Seen, end: End) -> OpenEnd {
    let (kana, kanji) = child_names(&seen.facts.child);
    OpenEnd {
        child: seen.facts.id(),
        face: child_face(&seen.facts.child),
        kana,
        kanji,
        class: seen.facts.placement.as_ref().map(|p| p.class),
        class_name: seen.facts.placement.as_ref().map(|p| site.class_name(p.class)).unwrap_or_default(),
        kind: end.kind,
        at: end.at,
        expected: end.expected,
        contradictions: if end.kind == OpenEndKind::Contradiction { seen.contradictions.clone() } else { vec![] },
        record: end.record,
        usual: expected_span(seen).map(|span| span.to),
    }
}
