//! The children of a site and who is with them, class by class and room by room.

use super::Asking;
use super::board::{Seen, counts, number, staff_rooms};
use super::messages::unread;
use crate::core::Fault;
use crate::ids::{ClassId, RoomId};
use crate::place::ClassGroup;
use crate::rules::{Site, Where, staff_guide};
use crate::view::{ClassRow, Counts, JointRoom, RoomLine, State};
use records::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody who matters to a site now.
pub(super) struct Crowd<'a> {
    site: &'a Site,
    all: &'a [Seen],
    enrolled: BTreeMap<ClassId, u16>,
    staff: BTreeMap<PersonId, RoomId>,
}

impl<'a> Crowd<'a> {
    pub(super) fn of(asking: &Asking<'_>, site: &'a Site, all: &'a [Seen]) -> Result<Self, Fault> {
        let mut enrolled: BTreeMap<ClassId, u16> = BTreeMap::new();
        for placement in site.placements(asking.r, None)? {
            *enrolled.entry(placement.class).or_default() += 1;
        }
        Ok(Self { site, all, enrolled, staff: staff_rooms(asking, site)? })
    }

    /// Staff in the building.
    pub(super) fn staff(&self) -> u16 {
        number(self.staff.len())
    }

    /// One row per class, and one for children from other facilities if there are any.
    pub(super) fn rows(&self, asking: &Asking<'_>) -> Result<Vec<ClassRow>, Fault> {
        let mut rows = vec![];
        for class in &self.site.classes {
            rows.push(self.row(asking, Some(class))?);
        }
        let guests = self.row(asking, None)?;
        if guests.counts.all > 0 {
            rows.push(guests);
        }
        Ok(rows)
    }

    fn row(&self, asking: &Asking<'_>, class: Option<&ClassGroup>) -> Result<ClassRow, Fault> {
        let id = class.map(|class| ClassId::from(class.meta.id));
        let of_row: Vec<&Seen> = self.all.iter().filter(|s| self.class_of(s) == id).collect();
        let own = id.and_then(|id| self.site.home_room(id));
        let mut numbers = Counts::default();
        let mut to_confirm = 0;
        for seen in &of_row {
            add(&mut numbers, counts(std::slice::from_ref(seen)));
            to_confirm += unread(asking, std::slice::from_ref(seen), self.site)?;
        }
        let unreported = |s: &&&Seen| matches!(s.state, State::Unreported | State::Unknown);
        let rooms: BTreeSet<RoomId> = of_row.iter().filter_map(|s| self.room(s)).collect();
        let other = |room: &RoomId| rooms.contains(room) && Some(*room) != own;
        Ok(ClassRow {
            class: id,
            name: class.and_then(|class| class.name.clone()).unwrap_or_default(),
            age: class.and_then(|class| class.age),
            enrolled: id.and_then(|id| self.enrolled.get(&id).copied()).unwrap_or_default(),
            unreported: number(of_row.iter().filter(unreported).count()),
            unread: to_confirm,
            counts: numbers,
            room_line: own.map(|room| self.room_line(room)).filter(|line| line.here > 0),
            joint: self.rooms().filter(other).map(|room| self.site.room_name(room)).collect(),
        })
    }

    /// Rooms that belong to no class and have children in them.
    pub(super) fn joint_rooms(&self) -> Vec<JointRoom> {
        let shared = self.site.rooms.iter().filter(|room| room.home_of.is_none());
        shared
            .map(|room| JointRoom {
                room: room.meta.id.into(),
                name: room.name.clone().unwrap_or_default(),
                room_line: self.room_line(room.meta.id.into()),
            })
            .filter(|room| room.room_line.here > 0)
            .collect()
    }

    fn rooms(&self) -> impl Iterator<Item = RoomId> + '_ {
        self.site.rooms.iter().map(|room| room.meta.id.into())
    }

    /// The class of a child that is placed in a class of this site.
    fn class_of(&self, seen: &Seen) -> Option<ClassId> {
        let class = seen.facts.placement.as_ref().map(|p| p.class)?;
        self.site.classes.iter().any(|c| c.meta.id.0 == class.0).then_some(class)
    }

    /// The room in which a child of this site is now; its class's own room if nobody said which.
    fn room(&self, seen: &Seen) -> Option<RoomId> {
        match &seen.place {
            Where::Here { facility, room, .. } if *facility == self.site.id => {
                room.or_else(|| self.site.home_room(self.class_of(seen)?))
            }
            _ => None,
        }
    }

    fn room_line(&self, room: RoomId) -> RoomLine {
        let inside: Vec<&Seen> = self.all.iter().filter(|s| self.room(s) == Some(room)).collect();
        RoomLine {
            here: number(inside.len()),
            elsewhere: 0,
            away: 0,
            staff: number(self.staff.values().filter(|at| **at == room).count()),
            guide: staff_guide(inside.iter().filter_map(|s| s.age)),
        }
    }
}

fn add(sum: &mut Counts, one: Counts) {
    sum.all += one.all;
    sum.yet += one.yet;
    sum.here += one.here;
    sum.away += one.away;
    sum.left += one.left;
    sum.absent += one.absent;
}
