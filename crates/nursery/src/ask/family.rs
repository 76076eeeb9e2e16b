//! The guardians' side.

use super::Asking;
use super::board::look;
use super::faces::{child_face, child_names, person_face};
use super::messages::{REASONS, days, early_times, late_times};
use crate::attendance::{Announced, Announcement, Channel, LONGEST_DAYS, PunchSort, Reason, ToldByPhone};
use crate::clock::{service_day, time_on};
use crate::core::{Code, Fault, Refusal, Scan, collect, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Guardianship, Joining, Person, Placement, SightRight};
use crate::rules::{
    ARRIVAL_GRACE_MINUTES, ChildDay, DAYS_AHEAD, Expectation, Progress, Site, Today, Where, as_registered, expectation,
    known_to, next_open_day, progress,
};
use crate::view::{
    AbsenceFormView, Caller, ChildCard, Contradiction, FormChild, GuardianHomeView, PickupChoice, Reach, ReceiptView,
    SaidBefore, SentLine, State, Stuck, TimelineEntry,
};
use records::{Day, DeviceTime, PersonId, RecordId, TimeOfDay};

/// A child of the asking guardian at one facility.
struct Mine {
    site: Site,
    today: Today,
    placement: Placement,
    facts: ChildDay,
}

/// Every child × facility of the asking guardian, in the order of birth.
fn mine(asking: &Asking<'_>) -> Result<Vec<Mine>, Refusal> {
    let mut all = vec![];
    for (child, right) in &asking.who.standing.family {
        if right.sight == SightRight::None {
            continue;
        }
        for placement in collect::<Placement>(asking.r, &Scan::of::<Placement>().key(0, *child))? {
            let (site, today) = asking.site(placement.facility)?;
            let soon = placement.from.is_some_and(|f| f <= today.day.plus(LONGEST_DAYS));
            if soon && placement.until.is_none_or(|u| today.day <= u) && placement.meta.counts() {
                let facts = ChildDay::read(asking.r, &site, *child, Some(placement.clone()))?;
                all.push(Mine { site, today, placement, facts });
            }
        }
    }
    all.sort_by_key(|m| (m.facts.child.birth, m.facts.id(), m.site.facility.order));
    Ok(all)
}

pub(super) fn home(asking: &Asking<'_>) -> Result<GuardianHomeView, Refusal> {
    let person = asking.who.person()?;
    let me = get::<Person>(asking.r, person.0)?.unwrap_or_default();
    let all = mine(asking)?;
    let today = all.first().map_or_else(|| asking.today(crate::clock::DEFAULT_BOUNDARY), |m| m.today);
    let mut cards = vec![];
    let mut sent = vec![];
    let mut timeline = vec![];
    for m in &all {
        cards.push(card(asking, m)?);
        for announcement in announcements_from(asking, m)? {
            sent.push(sent_line(asking, m, &announcement)?);
        }
        timeline.extend(entries(m));
    }
    sent.sort_by_key(|(at, line)| (std::cmp::Reverse(*at), line.announcement));
    timeline.sort_by_key(|(at, entry)| (std::cmp::Reverse(*at), entry.record));
    let ties = collect::<Guardianship>(asking.r, &Scan::of::<Guardianship>().key(1, person.0))?;
    let joining = |state: Joining| {
        let count = ties.iter().filter(|g| g.meta.counts() && g.joining == Some(state)).count();
        u16::try_from(count).unwrap_or(u16::MAX)
    };
    Ok(GuardianHomeView {
        me: person_face(person.0, &me.names.unwrap_or_default()),
        day: today.day,
        weekday: today.day.weekday(),
        now: time_on(today.day, today.now),
        announce_first: all.iter().all(|m| m.facts.arrived(m.site.id).is_none()),
        children: cards,
        sent: sent.into_iter().map(|(_, line)| line).collect(),
        timeline: timeline.into_iter().map(|(_, entry)| entry).collect(),
        pending: joining(Joining::Pending),
        refused: joining(Joining::Refused),
    })
}

fn card(asking: &Asking<'_>, m: &Mine) -> Result<ChildCard, Fault> {
    let seen = look(asking, &m.site, m.today, m.facts.id(), Some(m.placement.clone()))?;
    let pickup = m.facts.counting(m.site.id).rev().find_map(|a| match &a.announced {
        Some(Announced::Pickup { person, relation, name, at, .. }) => {
            Some((Some(Caller { person: *person, relation: relation.clone(), name: name.clone() }), *at))
        }
        Some(Announced::Early { at }) => Some((None, Some(*at))),
        _ => None,
    });
    let (time, place) = match &seen.place {
        Where::Here { since, .. } => (Some(*since), None),
        Where::Away { since, place, .. } => (Some(*since), Some(place.clone())),
        Where::Left { at, .. } => (Some(*at), None),
        _ => (None, None),
    };
    Ok(ChildCard {
        child: m.facts.id(),
        face: child_face(&m.facts.child),
        kana: child_names(&m.facts.child).0,
        facility: m.site.id,
        facility_name: m.site.name(),
        class_name: m.site.class_name(m.placement.class),
        // a family is never told 連絡なし: to them the child is not there yet
        state: match seen.state {
            State::Unreported | State::Unknown => State::Yet,
            other => other,
        },
        time: time.map(|at| time_on(m.today.day, at)),
        reason: match seen.place {
            Where::Absent(reason) => Some(reason),
            _ => None,
        },
        place,
        pickup: pickup.as_ref().and_then(|(name, _)| name.clone()),
        pickup_at: pickup.and_then(|(_, at)| at),
        day_type: m.site.day_type(),
        day_name: m.site.day_name(),
        two_places: seen.contradictions.iter().any(|c| matches!(c, Contradiction::TwoPlaces { .. })),
        absent_but_here: seen.contradictions.iter().any(|c| matches!(c, Contradiction::AbsentButHere { .. })),
        next: next_day(asking, m)?,
    })
}

/// When the child is expected next, once nothing more is to come today.
fn next_day(asking: &Asking<'_>, m: &Mine) -> Result<Option<Day>, Fault> {
    let now = time_on(m.today.day, m.today.now);
    let to_come = matches!(m.facts.expectation, Some(Expectation::Expected(_))) && now < m.site.hours().to;
    if to_come && m.facts.absence(m.site.id).is_none() && m.facts.left(m.site.id).is_none() {
        return Ok(None);
    }
    next_open_day(asking.r, &m.site, m.facts.id(), Some(&m.placement), &m.facts.visits)
}

/// Announcements about this child and facility for today or later.
fn announcements_from(asking: &Asking<'_>, m: &Mine) -> Result<Vec<Announcement>, Fault> {
    let range = Scan::of::<Announcement>()
        .feed(m.site.id)
        .key(0, m.facts.id())
        .days(m.today.day.plus(-LONGEST_DAYS), m.today.day.plus(366));
    let mut all = collect::<Announcement>(asking.r, &range)?;
    all.retain(|a| a.meta.counts() && a.until.or(a.meta.day).is_some_and(|last| last >= m.today.day));
    all.into_iter().map(|a| as_registered(asking.r, a)).collect()
}

fn sent_line(asking: &Asking<'_>, m: &Mine, announcement: &Announcement) -> Result<(DeviceTime, SentLine), Fault> {
    let progress = progress(asking.r, announcement)?;
    let at = announcement.at.unwrap_or_default();
    let entered = announcement.channel.unwrap_or_default() != Channel::App;
    let stuck = stuck(asking, m, announcement, &progress)?;
    let line = SentLine {
        announcement: announcement.meta.id,
        child: m.facts.id(),
        kana: child_names(&m.facts.child).0,
        announced: announcement.announced.clone().unwrap_or(Announced::Absence { reason: Reason::Other }),
        day: announcement.meta.day.unwrap_or(m.today.day),
        until: announcement.until,
        reach: progress.reach,
        at: time_on(service_day(at, m.site.facility.day_ends()), at),
        entered_by: announcement.by_name.clone().filter(|_| entered),
        stuck: stuck.is_some_and(|s| s.call_now && !s.told),
    };
    Ok((at, line))
}

fn entries(m: &Mine) -> Vec<(DeviceTime, TimelineEntry)> {
    let entry = |meta: &crate::core::Meta, at: DeviceTime, what: &str, detail: String, doubtful: bool| {
        let entry = TimelineEntry {
            record: meta.id,
            child: m.facts.id(),
            face: child_face(&m.facts.child),
            kana: child_names(&m.facts.child).0,
            facility_name: m.site.name(),
            what: what.to_owned(),
            relation: String::new(),
            detail,
            at: time_on(m.today.day, at),
            doubtful,
        };
        (at, entry)
    };
    let here = |feed| FacilityId::from(feed) == m.site.id;
    let mut all = vec![];
    for punch in m.facts.punches.iter().filter(|p| p.meta.counts() && here(p.meta.feed)) {
        let what = if punch.sort == Some(PunchSort::Departure) { "departure" } else { "arrival" };
        let name = punch.collector_name.clone().unwrap_or_default();
        let (at, mut line) = entry(&punch.meta, punch.true_at(), what, name, punch.doubtful());
        line.relation = punch.collector_relation.clone().unwrap_or_default();
        all.push((at, line));
    }
    for away in m.facts.aways.iter().filter(|p| p.meta.counts() && here(p.meta.feed)) {
        all.push(entry(&away.meta, away.at.unwrap_or_default(), "away", away.place.clone().unwrap_or_default(), false));
    }
    for back in m.facts.backs.iter().filter(|p| p.meta.counts() && here(p.meta.feed)) {
        all.push(entry(&back.meta, back.at.unwrap_or_default(), "back", String::new(), false));
    }
    all
}

pub(super) fn form(asking: &Asking<'_>) -> Result<AbsenceFormView, Refusal> {
    let me = asking.who.person()?;
    let all = mine(asking)?;
    let today = all.first().map_or_else(|| asking.today(crate::clock::DEFAULT_BOUNDARY), |m| m.today);
    let now = time_on(today.day, today.now);
    let mut children = vec![];
    for m in &all {
        let may_announce = asking.who.standing.family.get(&m.facts.id()).is_some_and(|f| f.sight == SightRight::Full);
        if may_announce {
            children.push(form_child(asking, me, m)?);
        }
    }
    Ok(AbsenceFormView {
        today: today.day,
        now,
        children,
        reasons: REASONS.to_vec(),
        late_times: within(late_times(now), &all),
        early_times: within(early_times(now), &all),
        last_day: today.day.plus(DAYS_AHEAD),
    })
}

/// Times at which every site of the family is open.
fn within(times: Vec<TimeOfDay>, all: &[Mine]) -> Vec<TimeOfDay> {
    let open = |at: &TimeOfDay| all.iter().map(|m| m.site.hours()).all(|hours| hours.from <= *at && *at <= hours.to);
    times.into_iter().filter(open).collect()
}

fn form_child(asking: &Asking<'_>, me: PersonId, m: &Mine) -> Result<FormChild, Fault> {
    let now = time_on(m.today.day, m.today.now);
    let closed = m.site.hours().to <= now;
    let expected = matches!(m.facts.expectation, Some(Expectation::Expected(_)));
    let left = m.facts.left(m.site.id).is_some();
    let next = next_open_day(asking.r, &m.site, m.facts.id(), Some(&m.placement), &m.facts.visits)?;
    let pickups = known_to(asking.r, me, m.facts.id(), m.today.day)?
        .into_iter()
        .map(|one| PickupChoice { collector: one.collector, relation: one.relation, name: one.name })
        .collect();
    let arrived = m.facts.arrived(m.site.id).filter(|_| !left);
    Ok(FormChild {
        child: m.facts.id(),
        face: child_face(&m.facts.child),
        kana: child_names(&m.facts.child).0,
        facility: m.site.id,
        facility_name: m.site.name(),
        class_name: m.site.class_name(m.placement.class),
        phone: m.site.facility.phone.clone().unwrap_or_default(),
        days: days(m.today.day, expected && !closed && !left, next),
        cut_off: m.site.facility.cut_off,
        after_cut_off: m.site.facility.cut_off.is_some_and(|cut_off| now > cut_off),
        pickups,
        arrived: arrived.map(|punch| time_on(m.today.day, punch.true_at())),
        said: said_before(asking, m)?,
    })
}

/// What counts already, for today or later, oldest day first.
fn said_before(asking: &Asking<'_>, m: &Mine) -> Result<Vec<SaidBefore>, Fault> {
    let mut all = announcements_from(asking, m)?;
    all.sort_by_key(|a| (a.meta.day, a.at, a.meta.id));
    let said = |a: Announcement| {
        let (announcement, day, until) = (a.meta.id, a.meta.day?, a.until);
        Some(SaidBefore { announcement, announced: a.announced?, day, until })
    };
    Ok(all.into_iter().filter_map(said).collect())
}

pub(super) fn receipt(asking: &Asking<'_>, id: RecordId) -> Result<ReceiptView, Refusal> {
    let announcement = as_registered(asking.r, get::<Announcement>(asking.r, id.0)?.ok_or(Code::NotFound)?)?;
    let child = announcement.child;
    let (site, today) = asking.site(announcement.meta.feed.into())?;
    let placement = placement(asking, &site, child)?;
    let facts = ChildDay::read(asking.r, &site, child, placement.clone())?;
    let m = Mine { site, today, placement: placement.unwrap_or_default(), facts };
    let progress = progress(asking.r, &announcement)?;
    let day = announcement.meta.day.unwrap_or(today.day);
    let server_at = announcement.meta.accepted.map(|t| DeviceTime(t.0));
    let classroom_at = progress.delivery.as_ref().and_then(|d| d.at).map(|t| DeviceTime(t.0));
    let person_at = progress.acknowledged.as_ref().and_then(|a| a.at);
    let on_its_day = |at: DeviceTime| time_on(service_day(at, m.site.facility.day_ends()), at);
    let entered = announcement.channel.unwrap_or_default() != Channel::App;
    let family = asking.who.standing.family.get(&child).is_some_and(|f| f.sight == SightRight::Full);
    let arrived = m.facts.arrived(m.site.id).filter(|punch| match announcement.announced {
        Some(Announced::Absence { .. }) => announcement.covers(today.day),
        // who comes after the word has come late, as announced
        Some(Announced::Late { .. }) => announcement.covers(today.day) && Some(punch.true_at()) < announcement.at,
        _ => false,
    });
    Ok(ReceiptView {
        announcement: id,
        arrived: arrived.map(|punch| time_on(today.day, punch.true_at())),
        child,
        face: child_face(&m.facts.child),
        kana: child_names(&m.facts.child).0,
        facility_name: m.site.name(),
        class_name: m.site.class_name(m.placement.class),
        announced: announcement.announced.clone().unwrap_or(Announced::Absence { reason: Reason::Other }),
        day,
        weekday: day.weekday(),
        today: day == today.day,
        until: announcement.until,
        temperature: announcement.temperature,
        note: announcement.note.clone().unwrap_or_default(),
        reach: progress.reach,
        saved_at: on_its_day(announcement.at.unwrap_or_default()),
        server_at: server_at.map(on_its_day),
        classroom_at: classroom_at.map(on_its_day),
        classroom_device: progress.delivery.as_ref().and_then(|d| d.device_name.clone()),
        person_at: person_at.map(on_its_day),
        person_name: progress.acknowledged.as_ref().and_then(|a| a.by_name.clone()),
        stuck: stuck(asking, &m, &announcement, &progress)?,
        withdrawn: !announcement.meta.counts(),
        can_withdraw: family && !entered && announcement.meta.counts(),
        entered_by: announcement.by_name.clone().filter(|_| entered),
    })
}

fn placement(asking: &Asking<'_>, site: &Site, child: ChildId) -> Result<Option<Placement>, Fault> {
    let all = collect::<Placement>(asking.r, &Scan::of::<Placement>().key(0, child))?;
    Ok(all.into_iter().find(|p| p.facility == site.id && p.until.is_none_or(|u| site.day <= u)))
}

/// What to do while the classroom has not got it: wait until the child's expected time on that day, and some minutes
/// for the way, then call.
fn stuck(
    asking: &Asking<'_>,
    m: &Mine,
    announcement: &Announcement,
    progress: &Progress,
) -> Result<Option<Stuck>, Fault> {
    let entered = announcement.channel.unwrap_or_default() != Channel::App;
    if progress.reach >= Reach::Classroom || entered || !announcement.meta.counts() {
        return Ok(None);
    }
    let day = announcement.meta.day.unwrap_or(m.today.day);
    let call_from = expected_from(asking, m, day)?.max(on_its_way_until(m, announcement, day));
    let told = collect::<ToldByPhone>(asking.r, &Scan::of::<ToldByPhone>().key(1, announcement.meta.id.0))?;
    let call_now = day < m.today.day || (day == m.today.day && time_on(m.today.day, m.today.now) >= call_from);
    Ok(Some(Stuck {
        call_now,
        call_from,
        phone: m.site.facility.phone.clone().unwrap_or_default(),
        told: told.iter().any(|t| t.meta.counts()),
    }))
}

/// Until when an announcement for `day` may simply be on its way.
fn on_its_way_until(m: &Mine, announcement: &Announcement, day: Day) -> TimeOfDay {
    let written = announcement.at.unwrap_or_default();
    let sent = announcement.meta.accepted.map_or(written, |at| DeviceTime(at.0));
    if service_day(sent, m.site.facility.day_ends()) != day {
        return TimeOfDay::hm(0, 0);
    }
    TimeOfDay(time_on(day, sent).0.saturating_add(ARRIVAL_GRACE_MINUTES))
}

fn expected_from(asking: &Asking<'_>, m: &Mine, day: Day) -> Result<TimeOfDay, Fault> {
    let said = if day == m.today.day {
        m.facts.expectation
    } else {
        match Site::read(asking.r, m.site.id, day)? {
            Some(then) => Some(expectation(asking.r, &then, m.facts.id(), Some(&m.placement), &m.facts.visits)?),
            None => None,
        }
    };
    Ok(match said {
        Some(Expectation::Expected(span)) => span.from,
        _ => m.site.facility.cut_off.unwrap_or(TimeOfDay::hm(9, 0)),
    })
}
