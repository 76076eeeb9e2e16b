//! Where a child is: one pure function over the facts of all facilities. Contradictions are shown, not resolved.

use super::{ChildDay, Expectation};
use crate::attendance::{Announced, Away, Punch, PunchSort, Reason};
use crate::calendar::Span;
use crate::clock::{time_on, whole_minutes};
use crate::ids::{FacilityId, RoomId};
use crate::view::Contradiction;
use records::{Day, DeviceTime, TimeOfDay};

/// At most one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// Not expected at the facility asked about, and nowhere else either.
    NotExpected,
    /// Expected, not here yet.
    Expected(Span),
    /// In a facility.
    Here {
        /// Which.
        facility: FacilityId,
        /// Which room, if known.
        room: Option<RoomId>,
        /// Since the first arrival of this stay.
        since: DeviceTime,
    },
    /// Out of a facility, to come back.
    Away {
        /// Which.
        facility: FacilityId,
        /// Since when.
        since: DeviceTime,
        /// Where to, in words.
        place: String,
        /// Code.
        reason: String,
        /// With whom, in words.
        with: String,
        /// Expected back.
        expected_back: Option<TimeOfDay>,
    },
    /// Left a facility.
    Left {
        /// Which.
        facility: FacilityId,
        /// When.
        at: DeviceTime,
    },
    /// Announced absent.
    Absent(Reason),
}

/// Where a child is, and what does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The one place.
    pub place: Where,
    /// Contradictions, by facility id where a facility is named.
    pub contradictions: Vec<Contradiction>,
    /// Facilities that both claim the child.
    pub two_places: Vec<FacilityId>,
}

/// One stay at a facility while punches are walked through.
struct Stay {
    facility: FacilityId,
    arrivals: Vec<DeviceTime>,
    room: Option<RoomId>,
}

impl Stay {
    /// First arrival.
    fn since(&self) -> DeviceTime {
        self.arrivals.first().copied().unwrap_or_default()
    }

    /// Goings-out of this stay that count. One that an earlier stay of the day left open, because its departure was
    /// entered later or taken back, says nothing of this one.
    fn aways<'a>(&self, facts: &'a ChildDay) -> impl DoubleEndedIterator<Item = &'a Away> {
        let (facility, since) = (self.facility, self.since());
        facts.aways.iter().filter(move |away| {
            let left = away.at.is_some_and(|left| since <= left);
            away.meta.counts() && FacilityId::from(away.meta.feed) == facility && left
        })
    }
}

/// Where a child is, from the facts of its day; `asked` is the facility that asks, for absence and expectation.
#[must_use]
pub fn whereabouts(facts: &ChildDay, asked: FacilityId) -> Whereabouts {
    let day = facts.punches.iter().find_map(|p| p.meta.day).or_else(|| facts.announcements.first()?.meta.day);
    let counted: Vec<&Punch> = facts.punches.iter().filter(|p| p.meta.counts()).collect();
    let mut walk = Walk::default();
    for punch in &counted {
        walk.out = walk.stay.as_ref().is_some_and(|stay| out_at(facts, stay, punch.true_at()));
        walk.take(punch);
    }
    let mut contradictions = walk.contradictions(day.unwrap_or_default_day());
    contradictions.extend(out_without_stay(facts, &counted));
    let place = place(facts, &walk, asked);
    add_sources(facts, &walk, &place, asked, &mut contradictions);
    if let Some(last) = counted.last().filter(|p| p.doubtful()) {
        contradictions.push(Contradiction::UncertainClock { minutes: last.error_ms.map(whole_minutes) });
    }
    Whereabouts { place, contradictions, two_places: walk.two_places }
}

/// A day to count times on where no fact has one; never shown, because no time is shown then.
trait OrEpoch {
    fn unwrap_or_default_day(self) -> Day;
}
impl OrEpoch for Option<Day> {
    fn unwrap_or_default_day(self) -> Day {
        self.unwrap_or_else(|| Day::from_number(0))
    }
}

#[derive(Default)]
struct Walk {
    stay: Option<Stay>,
    /// True if the child is out of the place of its stay when the next punch comes.
    out: bool,
    /// The stay to which the child comes back from another facility, such as the centre.
    paused: Option<Stay>,
    last_left: Option<(FacilityId, DeviceTime)>,
    two_arrivals: Vec<DeviceTime>,
    two_departures: Vec<DeviceTime>,
    without_arrival: Vec<DeviceTime>,
    two_places: Vec<FacilityId>,
}

impl Walk {
    fn take(&mut self, punch: &Punch) {
        let facility = FacilityId::from(punch.meta.feed);
        let at = punch.true_at();
        match punch.sort.unwrap_or_default() {
            PunchSort::Arrival => self.arrive(facility, at, punch.room),
            PunchSort::Departure => self.leave(facility, at),
        }
    }

    fn arrive(&mut self, facility: FacilityId, at: DeviceTime, room: Option<RoomId>) {
        match &mut self.stay {
            Some(stay) if stay.facility == facility => stay.arrivals.push(at),
            other => {
                match other.take() {
                    Some(stay) if self.out => self.paused = Some(stay),
                    Some(stay) => self.two_places = vec![stay.facility, facility],
                    None => {}
                }
                *other = Some(Stay { facility, arrivals: vec![at], room });
            }
        }
        if let Some(stay) = &self.stay
            && different_minutes(&stay.arrivals)
        {
            self.two_arrivals.clone_from(&stay.arrivals);
        }
    }

    fn leave(&mut self, facility: FacilityId, at: DeviceTime) {
        if self.two_places.contains(&facility) {
            // one of the two claims is settled; the other place keeps the child
            self.two_places.clear();
            if self.stay.as_ref().is_some_and(|stay| stay.facility != facility) {
                return;
            }
        }
        match self.stay.take() {
            Some(stay) if stay.facility == facility => self.stay = self.paused.take(),
            other => {
                self.stay = other;
                match self.last_left {
                    Some((last, first)) if last == facility => {
                        if different_minutes(&[first, at]) {
                            self.two_departures = vec![first, at];
                        }
                    }
                    _ => self.without_arrival.push(at),
                }
            }
        }
        self.last_left = Some((facility, at));
    }

    fn contradictions(&self, day: Day) -> Vec<Contradiction> {
        let times = |all: &[DeviceTime]| all.iter().map(|t| time_on(day, *t)).collect::<Vec<_>>();
        let mut found = vec![];
        if !self.two_arrivals.is_empty() {
            found.push(Contradiction::TwoArrivals { times: times(&self.two_arrivals) });
        }
        if !self.two_departures.is_empty() {
            found.push(Contradiction::TwoDepartures { times: times(&self.two_departures) });
        }
        if let Some(at) = self.without_arrival.first() {
            found.push(Contradiction::LeftWithoutArrival { at: time_on(day, *at) });
        }
        if !self.two_places.is_empty() {
            found.push(Contradiction::TwoPlaces {
                facilities: self.two_places.iter().map(ToString::to_string).collect(),
            });
        }
        found
    }
}

fn different_minutes(times: &[DeviceTime]) -> bool {
    let mut minutes = times.iter().map(|t| t.0.div_euclid(60_000));
    let first = minutes.next();
    minutes.any(|m| Some(m) != first)
}

fn place(facts: &ChildDay, walk: &Walk, asked: FacilityId) -> Where {
    if let Some(stay) = walk.paused.as_ref().filter(|stay| stay.facility == asked)
        && let Some(away) = open_away(facts, stay)
    {
        return out(away, asked);
    }
    if let Some(stay) = &walk.stay {
        let since = stay.since();
        if let Some(away) = open_away(facts, stay) {
            return match walk.last_left {
                // on the way back: the place that it left is done with it
                Some((facility, at)) if facility == asked && stay.facility != asked => Where::Left { facility, at },
                _ => out(away, stay.facility),
            };
        }
        return Where::Here { facility: stay.facility, room: room(facts, stay), since };
    }
    if let Some((facility, at)) = walk.last_left {
        return Where::Left { facility, at };
    }
    if let Some(Announced::Absence { reason }) = facts.absence(asked).and_then(|a| a.announced.clone()) {
        return Where::Absent(reason);
    }
    match facts.expectation {
        Some(Expectation::Expected(span)) => Where::Expected(span),
        _ => Where::NotExpected,
    }
}

fn out(away: &Away, facility: FacilityId) -> Where {
    Where::Away {
        facility,
        since: away.at.unwrap_or_default(),
        place: away.place.clone().unwrap_or_default(),
        reason: away.reason.clone().unwrap_or_default(),
        with: away.with.clone().unwrap_or_default(),
        expected_back: away.expected_back,
    }
}

/// True if the child was out of the place of its stay at that moment: then an arrival elsewhere is no contradiction.
fn out_at(facts: &ChildDay, stay: &Stay, at: DeviceTime) -> bool {
    let back_before = |away: &Away| {
        facts.backs.iter().any(|b| b.meta.counts() && b.away == away.meta.id.0 && b.at.is_some_and(|back| back <= at))
    };
    stay.aways(facts).any(|away| away.at.is_some_and(|left| left <= at) && !back_before(away))
}

/// The first going-out that lies in no stay at its facility: the child had been handed over, or its arrival was taken
/// back, while a group was counted elsewhere. Nothing is said where a clock is in doubt, which is said by itself.
fn out_without_stay(facts: &ChildDay, counted: &[&Punch]) -> Option<Contradiction> {
    let outside = |away: &&Away| {
        let here = || counted.iter().filter(|punch| punch.meta.feed == away.meta.feed);
        let before = here().filter(|punch| Some(punch.true_at()) <= away.at).max_by_key(|punch| punch.true_at());
        let in_stay =
            before.is_some_and(|punch| punch.sort == Some(PunchSort::Arrival) || Some(punch.true_at()) == away.at);
        away.meta.counts() && !in_stay && !here().any(|punch| punch.doubtful())
    };
    let away = facts.aways.iter().find(outside)?;
    let at = time_on(away.meta.day.unwrap_or_default_day(), away.at.unwrap_or_default());
    Some(Contradiction::OutWithoutStay { at })
}

fn open_away<'a>(facts: &'a ChildDay, stay: &Stay) -> Option<&'a Away> {
    let is_back = |away: &Away| facts.backs.iter().any(|b| b.meta.counts() && b.away == away.meta.id.0);
    stay.aways(facts).rev().find(|away| !is_back(away))
}

fn room(facts: &ChildDay, stay: &Stay) -> Option<RoomId> {
    let moved = facts
        .movements
        .iter()
        .rev()
        .find(|m| m.meta.counts() && FacilityId::from(m.meta.feed) == stay.facility && m.at >= Some(stay.since()))
        .and_then(|m| m.room);
    moved.or(stay.room)
}

fn add_sources(facts: &ChildDay, walk: &Walk, place: &Where, asked: FacilityId, found: &mut Vec<Contradiction>) {
    let seen_last = facts.sightings.iter().rev().find(|s| s.meta.counts());
    let in_house = matches!(place, Where::Here { .. } | Where::Away { .. });
    if let Some(sighting) = seen_last {
        let at = sighting.at.unwrap_or_default();
        let day = sighting.meta.day.unwrap_or_default_day();
        let after_arrival = walk.stay.as_ref().and_then(|s| s.arrivals.first()).is_some_and(|since| *since <= at);
        if sighting.seen == Some(false) && in_house && after_arrival {
            found.push(Contradiction::PunchedNotSeen { at: time_on(day, at) });
        }
        if sighting.seen == Some(true) && matches!(place, Where::Absent(_)) {
            found.push(Contradiction::AbsentButHere { at: time_on(day, at) });
        }
    }
    if let (Some(stay), Some(_)) = (&walk.stay, facts.absence(asked))
        && stay.facility == asked
        && let Some(since) = stay.arrivals.first()
    {
        let day = facts.punches.iter().find_map(|p| p.meta.day).unwrap_or_default_day();
        found.push(Contradiction::AbsentButHere { at: time_on(day, *since) });
    }
}
