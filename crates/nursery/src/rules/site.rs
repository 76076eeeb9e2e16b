//! A facility as rules need it: its own facts, classes, rooms, and what kind of day it is.

use crate::calendar::{DayType, SiteDay, Span};
use crate::core::{Fault, Form, Records, Scan, collect, get};
use crate::ids::{ClassId, FacilityId, RoomId};
use crate::people::Placement;
use crate::place::{ClassGroup, Facility, Room};
use records::{Day, RecordId, TimeOfDay};

const FIRST_HOUR: TimeOfDay = TimeOfDay::hm(7, 0);
const LAST_HOUR: TimeOfDay = TimeOfDay::hm(20, 0);

/// A facility on one day.
#[derive(Clone, Debug)]
pub struct Site {
    /// Which.
    pub id: FacilityId,
    /// Its own facts.
    pub facility: Facility,
    /// In order.
    pub classes: Vec<ClassGroup>,
    /// In order.
    pub rooms: Vec<Room>,
    /// The day that this was read for.
    pub day: Day,
    /// What is said about that day in the calendar, if anything.
    pub special: Option<SiteDay>,
}

impl Site {
    /// Reads a facility; `None` if it may not be seen or is not there.
    ///
    /// # Errors
    /// [`Fault`] if the store cannot be read.
    pub fn read(r: &dyn Records, id: FacilityId, day: Day) -> Result<Option<Self>, Fault> {
        let Some(facility) = get::<Facility>(r, id)? else { return Ok(None) };
        let mut classes = collect::<ClassGroup>(r, &Scan::of::<ClassGroup>().key(0, id))?;
        classes.sort_by_key(|c| c.order);
        let mut rooms = collect::<Room>(r, &Scan::of::<Room>().key(0, id))?;
        rooms.sort_by_key(|c| c.order);
        let special = get::<SiteDay>(r, RecordId::derived(id.into(), SiteDay::NAME, &day.to_string()).0)?;
        Ok(Some(Self { id, facility, classes, rooms, day, special }))
    }

    /// As shown.
    #[must_use]
    pub fn name(&self) -> String {
        self.facility.name.clone().unwrap_or_default()
    }

    /// What kind of day it is: what the calendar says, else closed on Sundays.
    #[must_use]
    pub fn day_type(&self) -> DayType {
        match self.special.as_ref().filter(|s| s.meta.counts()).and_then(|s| s.day_type) {
            Some(said) => said,
            None if self.day.weekday() == 7 => DayType::Closed,
            None => DayType::Open,
        }
    }

    /// From first arrival to last departure on its day; 07:00 to 20:00 where nothing is said.
    #[must_use]
    pub fn hours(&self) -> Span {
        let from = self.facility.opens.unwrap_or(FIRST_HOUR);
        let to = self.facility.closes.unwrap_or(LAST_HOUR);
        let shortened = self.special.as_ref().filter(|s| s.meta.counts() && self.day_type() == DayType::Shortened);
        Span { from, to: shortened.and_then(|s| s.closes).map_or(to, |closes| to.min(closes)) }
    }

    /// Name of the day, such as 勤労感謝の日; empty on ordinary days.
    #[must_use]
    pub fn day_name(&self) -> String {
        self.special.as_ref().and_then(|s| s.name.clone()).unwrap_or_default()
    }

    /// Name of a class.
    #[must_use]
    pub fn class_name(&self, class: ClassId) -> String {
        self.classes.iter().find(|c| c.meta.id.0 == class.0).and_then(|c| c.name.clone()).unwrap_or_default()
    }

    /// Name of a room.
    #[must_use]
    pub fn room_name(&self, room: RoomId) -> String {
        self.rooms.iter().find(|c| c.meta.id.0 == room.0).and_then(|c| c.name.clone()).unwrap_or_default()
    }

    /// True if this class is one of its own.
    #[must_use]
    pub fn has_class(&self, class: ClassId) -> bool {
        self.classes.iter().any(|c| c.meta.id.0 == class.0)
    }

    /// True if this room is one of its own.
    #[must_use]
    pub fn has_room(&self, room: RoomId) -> bool {
        self.rooms.iter().any(|r| r.meta.id.0 == room.0)
    }

    /// The own room of a class.
    #[must_use]
    pub fn home_room(&self, class: ClassId) -> Option<RoomId> {
        self.rooms.iter().find(|r| r.home_of == Some(class)).map(|r| r.meta.id.into())
    }

    /// Placements that hold here on the day, of one class or of all, in roster order.
    ///
    /// # Errors
    /// [`Fault`] if the store cannot be read.
    pub fn placements(&self, r: &dyn Records, class: Option<ClassId>) -> Result<Vec<Placement>, Fault> {
        let which = match class {
            Some(class) => Scan::of::<Placement>().key(2, class),
            None => Scan::of::<Placement>().key(1, self.id),
        };
        let mut all = collect::<Placement>(r, &which)?;
        all.retain(|p| p.facility == self.id && p.holds_on(self.day));
        let order = |p: &Placement| self.classes.iter().position(|c| c.meta.id.0 == p.class.0);
        all.sort_by(|a, b| {
            (order(a), a.seat, &a.written_name, a.meta.id).cmp(&(order(b), b.seat, &b.written_name, b.meta.id))
        });
        Ok(all)
    }
}
