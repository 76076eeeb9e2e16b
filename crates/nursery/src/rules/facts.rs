//! The facts of one child on one day, gathered once.

use super::{Expectation, Site, Whereabouts, as_registered, expectation, whereabouts};
use crate::attendance::{
    Acknowledgement, Announced, Announcement, Away, AwayBack, Calling, LONGEST_DAYS, Movement, Punch, PunchSort,
    Sighting,
};
use crate::calendar::Visit;
use crate::core::{Fault, Form, Meta, Records, Scan, collect, get};
use crate::ids::{ChildId, FacilityId};
use crate::people::{Child, ChildSafety, Names, Placement};
use records::{Day, DeviceTime, RecordId};

/// The facts of one child on one day, of every facility that may be seen, voided ones included.
#[derive(Clone, Debug, Default)]
pub struct ChildDay {
    /// Who.
    pub child: Child,
    /// Allergies and things to carry.
    pub safety: ChildSafety,
    /// Where placed at the site asked about.
    pub placement: Option<Placement>,
    /// Visits that hold on the day.
    pub visits: Vec<Visit>,
    /// 打刻
    pub punches: Vec<Punch>,
    /// 視認
    pub sightings: Vec<Sighting>,
    /// 移動
    pub movements: Vec<Movement>,
    /// 外出
    pub aways: Vec<Away>,
    /// Back from there.
    pub backs: Vec<AwayBack>,
    /// Announcements that cover the day.
    pub announcements: Vec<Announcement>,
    /// Calls.
    pub calls: Vec<Calling>,
    /// Whether expected at the site asked about.
    pub expectation: Option<Expectation>,
}

/// A day and a moment.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    /// The service day.
    pub day: Day,
    /// The best guess of the time.
    pub now: DeviceTime,
}

impl ChildDay {
    /// Gathers the facts of `child` on the site's day.
    ///
    /// # Errors
    /// [`Fault`] if the store cannot be read.
    pub fn read(r: &dyn Records, site: &Site, child: ChildId, placement: Option<Placement>) -> Result<Self, Fault> {
        let day = site.day;
        let safety = RecordId::derived(municipality_of(site), ChildSafety::NAME, &child.to_string());
        let visits = collect::<Visit>(r, &Scan::of::<Visit>().key(0, child))?;
        let expectation = expectation(r, site, child, placement.as_ref(), &visits)?;
        let mut facts = Self {
            child: get::<Child>(r, child)?.or_else(|| as_written(placement.as_ref()?)).unwrap_or_default(),
            safety: get::<ChildSafety>(r, safety.0)?.unwrap_or_default(),
            placement,
            visits,
            expectation: Some(expectation),
            ..Self::default()
        };
        facts.read_day(r, child, day)?;
        Ok(facts)
    }

    fn read_day(&mut self, r: &dyn Records, child: ChildId, day: Day) -> Result<(), Fault> {
        self.punches = collect(r, &Scan::of::<Punch>().key(0, child).day(day))?;
        self.punches.sort_by_key(|p| (p.true_at(), p.meta.id));
        self.sightings = collect(r, &Scan::of::<Sighting>().key(0, child).day(day))?;
        self.sightings.sort_by_key(|s| (s.at, s.meta.id));
        self.movements = collect(r, &Scan::of::<Movement>().key(0, child).day(day))?;
        self.movements.sort_by_key(|s| (s.at, s.meta.id));
        self.aways = collect(r, &Scan::of::<Away>().key(0, child).day(day))?;
        self.aways.sort_by_key(|s| (s.at, s.meta.id));
        if !self.aways.is_empty() {
            self.backs = collect(r, &Scan::of::<AwayBack>().key(0, child).day(day))?;
        }
        let range = Scan::of::<Announcement>().key(0, child).days(day.plus(-LONGEST_DAYS), day);
        for announcement in collect::<Announcement>(r, &range)? {
            let from = announcement.meta.day;
            if from.is_some_and(|from| from <= day && day <= announcement.until.unwrap_or(from)) {
                self.announcements.push(as_registered(r, announcement)?);
            }
        }
        self.announcements.sort_by_key(|a| (a.at, a.meta.id));
        self.calls = collect(r, &Scan::of::<Calling>().key(0, child).day(day))?;
        self.calls.sort_by_key(|c| (c.at, c.meta.id));
        Ok(())
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> ChildId {
        self.child.meta.id.into()
    }

    /// Announcements of this kind that count at a facility, oldest first.
    pub fn counting(&self, facility: FacilityId) -> impl DoubleEndedIterator<Item = &Announcement> + '_ {
        self.announcements.iter().filter(move |a| a.meta.counts() && FacilityId::from(a.meta.feed) == facility)
    }

    /// The absence that counts at a facility: the one announced last.
    #[must_use]
    pub fn absence(&self, facility: FacilityId) -> Option<&Announcement> {
        self.counting(facility).rev().find(|a| matches!(a.announced, Some(Announced::Absence { .. })))
    }

    /// Where the child is, seen from a facility.
    #[must_use]
    pub fn whereabouts(&self, facility: FacilityId) -> Whereabouts {
        whereabouts(self, facility)
    }

    /// First counting arrival at a facility.
    #[must_use]
    pub fn arrived(&self, facility: FacilityId) -> Option<&Punch> {
        self.counted(facility, PunchSort::Arrival).next()
    }

    /// Last counting departure from a facility.
    #[must_use]
    pub fn left(&self, facility: FacilityId) -> Option<&Punch> {
        self.counted(facility, PunchSort::Departure).last()
    }

    fn counted(&self, facility: FacilityId, sort: PunchSort) -> impl Iterator<Item = &Punch> + '_ {
        self.punches
            .iter()
            .filter(move |p| p.meta.counts() && p.sort == Some(sort) && FacilityId::from(p.meta.feed) == facility)
    }

    /// The call that counts: the last one.
    #[must_use]
    pub fn call(&self) -> Option<&Calling> {
        self.calls.iter().rev().find(|c| c.meta.counts())
    }
}

/// A child as its placement wrote it down: who has left is out of sight, and a past day still names it.
fn as_written(placement: &Placement) -> Option<Child> {
    let names = Names { legal: placement.written_name.clone()?, ..Names::default() };
    let meta = Meta { id: RecordId(placement.child.0), ..placement.meta.clone() };
    Some(Child { names: Some(names), meta, ..Child::default() })
}

/// The acknowledgement of an announcement, if somebody confirmed it: the first one that counts.
///
/// # Errors
/// [`Fault`] if the store cannot be read.
pub(crate) fn acknowledged(r: &dyn Records, announcement: RecordId) -> Result<Option<Acknowledgement>, Fault> {
    let mut all = collect::<Acknowledgement>(r, &Scan::of::<Acknowledgement>().key(1, announcement.0))?;
    all.retain(|a| a.meta.counts());
    Ok(all.into_iter().min_by_key(|a| (a.at, a.meta.id)))
}

fn municipality_of(site: &Site) -> records::FeedId {
    site.facility.meta.feed
}
