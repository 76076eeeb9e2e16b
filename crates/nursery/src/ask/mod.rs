//! Answering what screens ask, over exactly the records that the principal may hold.

mod board;
mod calls;
mod child;
mod counts;
mod crowd;
mod faces;
mod family;
mod messages;
mod office;
mod open_ends;
mod waiting;

use crate::clock::{corrected, service_day};
use crate::core::{Clock, Code, Records, Refusal, Who, text_key};
use crate::ids::FacilityId;
use crate::rules::{Site, Today};
use crate::view::{Answer, Look, PlaceRef, Query, SearchKeyView, View};
use records::{Day, DeviceTime, RecordId, TimeOfDay};
use std::cell::RefCell;

/// A question in its setting: who asks, when, with what known about the clock.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// What the principal may hold.
    pub r: &'a dyn Records,
    /// Who asks.
    pub who: &'a Who,
    /// What the host's clock says.
    pub at: DeviceTime,
    /// What is known about that clock.
    pub clock: Clock,
    looks: &'a RefCell<Vec<Look>>,
}

/// Answers one query.
///
/// # Errors
/// [`Code::NotFound`] for what is not there or not yours (the same answer), [`Code::Store`] if the store fails.
pub fn ask(r: &dyn Records, who: &Who, at: DeviceTime, clock: Clock, query: &Query) -> Result<Answer, Refusal> {
    let looks = RefCell::new(vec![]);
    let asking = Asking { r, who, at, clock, looks: &looks };
    let view = match query {
        Query::Me => View::Me(office::me(&asking)?),
        Query::Board { place } => View::Board(board::board(&asking, *place)?),
        Query::Calls { place } => View::Calls(calls::calls_of(&asking, *place)?),
        Query::ChildSheet { facility, child, day } => View::ChildSheet(child::sheet(&asking, *facility, *child, *day)?),
        Query::CareNotes { facility, child } => View::CareNotes(child::care_notes(&asking, *facility, *child)?),
        Query::Departure { facility, child } => View::Departure(child::departure(&asking, *facility, *child)?),
        Query::Collecting { facility, child, name } => {
            View::Collecting(child::collecting(&asking, *facility, *child, name)?)
        }
        Query::Messages { place } => View::Messages(messages::messages(&asking, *place)?),
        Query::EntryForm { place } => View::EntryForm(messages::entry_form(&asking, *place)?),
        Query::OpenEnds { facility, day } => View::OpenEnds(open_ends::open_ends(&asking, *facility, *day)?),
        Query::GuardianHome => View::GuardianHome(family::home(&asking)?),
        Query::AbsenceForm => View::AbsenceForm(family::form(&asking)?),
        Query::Receipt { announcement } => View::Receipt(family::receipt(&asking, *announcement)?),
        Query::SiteToday { facility } => View::SiteToday(office::site_today(&asking, *facility)?),
        Query::Joins { facility } => View::Joins(office::joins(&asking, *facility)?),
        Query::Waiting { facility } => View::Waiting(waiting::waiting(&asking, *facility)?),
        Query::SearchKey { text } => View::SearchKey(SearchKeyView { key: text_key(text) }),
    };
    let (now, stale_in_ms) = (asking.now(), to_next_minute(asking.now()));
    Ok(Answer { view, kinds: kinds(query), looks: looks.into_inner(), stale_in_ms, now })
}

/// Screens show minutes, and alarms become due on minutes.
fn to_next_minute(now: DeviceTime) -> u32 {
    const MINUTE: i64 = 60_000;
    u32::try_from(MINUTE - now.0.rem_euclid(MINUTE)).unwrap_or(0)
}

const ATTENDANCE: &[&str] = &[
    "punch",
    "sighting",
    "movement",
    "away",
    "away_back",
    "announcement",
    "acknowledgement",
    "calling",
    "expected_day",
    "care_pattern",
    "site_day",
    "visit",
    "placement",
    "child",
    "child_safety",
    "presence",
    "head_count",
    "room_session",
    "facility",
    "class_group",
    "room",
    "assignment",
    "person",
    "guardianship",
    "delivery",
];

fn kinds(query: &Query) -> Vec<&'static str> {
    match query {
        Query::Me => vec!["assignment", "person", "class_group", "room", "facility", "device", "guardianship"],
        Query::Receipt { .. } => vec!["announcement", "acknowledgement", "delivery", "told_by_phone", "punch"],
        Query::AbsenceForm => ATTENDANCE.iter().copied().chain(["collectors"]).collect(),
        Query::CareNotes { .. } => vec!["care_note"],
        Query::SearchKey { .. } => vec![],
        Query::Collecting { .. } => vec!["protection", "person"],
        Query::Departure { .. } | Query::ChildSheet { .. } => {
            ATTENDANCE.iter().copied().chain(["authorized_pickup", "protection", "household_member"]).collect()
        }
        Query::SiteToday { .. } => ATTENDANCE.iter().copied().chain(["hold", "witness"]).collect(),
        Query::Waiting { .. } => vec!["hold", "witness", "child", "person"],
        Query::Joins { .. } => vec!["guardianship", "person", "placement", "invitation", "child"],
        _ => ATTENDANCE.to_vec(),
    }
}

impl Asking<'_> {
    /// Notes that a sensitive record is about to be shown.
    pub(crate) fn looked(&self, record: RecordId) {
        self.looks.borrow_mut().push(Look { record, person: self.who.person });
    }

    /// The best guess of the true time.
    pub(crate) fn now(&self) -> DeviceTime {
        corrected(self.at, self.clock.error_ms)
    }

    /// The service day by this boundary, and the moment.
    pub(crate) fn today(&self, boundary: TimeOfDay) -> Today {
        let now = self.now();
        Today { day: service_day(now, boundary), now }
    }

    /// A facility at which the asking principal works, on today's service day.
    pub(crate) fn staff_site(&self, id: FacilityId) -> Result<(Site, Today), Refusal> {
        if !self.who.standing.staff_at(id) {
            return Err(Code::NotFound.into());
        }
        self.site(id)
    }

    /// A facility, on today's service day.
    pub(crate) fn site(&self, id: FacilityId) -> Result<(Site, Today), Refusal> {
        let facility = crate::core::get::<crate::place::Facility>(self.r, id)?.ok_or(Code::NotFound)?;
        let today = self.today(facility.day_ends());
        let site = Site::read(self.r, id, today.day)?.ok_or(Code::NotFound)?;
        Ok((site, today))
    }

    /// A site on an earlier day, seen from now; today where `day` is not set or not earlier.
    pub(crate) fn on(&self, site: Site, today: Today, day: Option<Day>) -> Result<(Site, Today), Refusal> {
        match day.filter(|day| *day < today.day) {
            None => Ok((site, today)),
            Some(day) => Ok((Site::read(self.r, site.id, day)?.ok_or(Code::NotFound)?, Today { day, now: today.now })),
        }
    }

    /// The facility of a place at which the asking principal works.
    pub(crate) fn place_site(&self, place: PlaceRef) -> Result<(Site, Today), Refusal> {
        let (site, today) = self.staff_site(place.facility())?;
        let there = match place {
            PlaceRef::Class { class, .. } => site.has_class(class),
            PlaceRef::Room { room, .. } => site.has_room(room),
            PlaceRef::Facility { .. } => true,
        };
        if there { Ok((site, today)) } else { Err(Code::NotFound.into()) }
    }
}
