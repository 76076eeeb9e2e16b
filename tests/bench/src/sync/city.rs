//! A city with one hub in a folder, its tablets, and letters that they have written already.

use anyhow::{Context, Result};
use hub::{Hub, Session};
use nursery::access::Standing;
use nursery::attendance::{Punch, PunchSort, PunchSource};
use nursery::core::{Clock, Composer, Ids, Moment, Proof, Who};
use nursery::devices::Purpose;
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, facility_year};
use nursery::people::{Assignment, Child, Names, Person, Placement, Role};
use nursery::place::{ClassGroup, Facility, Municipality};
use nursery::server::SYSTEM;
use records::wire::{Batch, Cursor, Exchange, Reply};
use records::{
    Change, Day, DeviceId, DeviceTime, Epoch, FeedId, GrantsVersion, Incarnation, Letter, PersonId, Salt, ServerTime,
    Subject,
};
use seal::DeviceKey;
use std::collections::BTreeMap;
use uuid::Uuid;

/// 2026-11-24 08:00 in Japan.
pub const NOW: ServerTime = ServerTime(1_795_474_800_000);
const CHILDREN: usize = 30;

/// Random-looking, time-ordered ids, always the same.
pub struct Drawn(u64);

impl Ids for Drawn {
    fn next(&mut self) -> Uuid {
        self.0 += 1;
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&seal::Hash::of(&self.0.to_le_bytes()).0[..10]);
        uuid::Builder::from_unix_timestamp_millis(NOW.0.unsigned_abs() + self.0 / 8, &bytes).into_uuid()
    }
}

/// One nursery.
pub struct Site {
    /// Which.
    pub facility: FacilityId,
    children: Vec<ChildId>,
    teacher: PersonId,
}

/// The city, apart from its hub.
pub struct City {
    /// Its nurseries.
    pub sites: Vec<Site>,
    ids: Drawn,
}

/// A tablet as the protocol sees it.
pub struct Tablet {
    /// For [`Hub::exchange`].
    pub session: Session,
    /// For HTTP.
    pub token: String,
    key: DeviceKey,
    incarnation: Incarnation,
    number: u64,
    epoch: Option<Epoch>,
    cursor: Option<Cursor>,
}

impl City {
    /// Founds a city of so many nurseries.
    pub fn found(hub: &Hub, sites: usize) -> Result<Self> {
        let mut city = Self { sites: vec![], ids: Drawn(0) };
        let municipality = MunicipalityId(city.ids.next());
        let feed = FeedId(municipality.0);
        let year = facility_year(feed, today());
        city.write(hub, |c| {
            let new = Municipality { name: Some("みなと市".into()), ..Municipality::default() };
            c.make_as(municipality.0.into(), feed, year, None, new, vec![])?;
            Ok(())
        })?;
        for _ in 0..sites {
            let site = Site {
                facility: city.ids.next().into(),
                children: (0..CHILDREN).map(|_| city.ids.next().into()).collect(),
                teacher: PersonId(city.ids.next()),
            };
            let class = ClassId(city.ids.next());
            city.write(hub, |c| open(c, feed, &site, class))?;
            city.sites.push(site);
        }
        Ok(city)
    }

    fn write(
        &mut self,
        hub: &Hub,
        write: impl FnOnce(&mut Composer<'_, '_>) -> Result<(), nursery::core::Refusal>,
    ) -> Result<()> {
        let changes = compose(&mut self.ids, DeviceId(SYSTEM.0), SYSTEM, write)?;
        let done = hub.system(changes, NOW).map_err(|failure| anyhow::anyhow!("{failure}"))?;
        anyhow::ensure!(done.refused().is_none(), "the city is not accepted: {:?}", done.refused());
        Ok(())
    }

    /// Pairs a tablet of a nursery.
    pub fn tablet(&mut self, hub: &Hub, site: usize) -> Result<Tablet> {
        let facility = self.sites.get(site).context("a site")?.facility;
        let id = self.ids.next();
        let key = DeviceKey::from_seed(seal::Hash::of(id.as_bytes()).0);
        let admitted = hub.admit(facility.0, Purpose::ClassTablet, "うさぎ組 1", &key.public(), NOW);
        let (session, token) = admitted.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        let incarnation = Incarnation(id);
        Ok(Tablet { session, token, key, incarnation, number: 0, epoch: None, cursor: None })
    }

    /// So many arrivals of a nursery's children, one act each, written on a tablet.
    pub fn arrivals(&mut self, site: usize, tablet: &Tablet, many: usize) -> Result<Vec<Letter>> {
        let Site { facility, children, teacher } = self.sites.get(site).context("a site")?;
        let (facility, teacher, device) = (*facility, *teacher, tablet.session.device);
        let mut letters = Vec::with_capacity(many);
        for child in children.clone().into_iter().cycle().take(many) {
            let changes = compose(&mut self.ids, device, teacher, |c| {
                let (sort, source) = (Some(PunchSort::Arrival), Some(PunchSource::Staff));
                let new = Punch { child, sort, at: Some(c.at()), source, error_ms: Some(0), ..Punch::default() };
                let keys = new.key_ids();
                c.make(facility.into(), child.into(), Some(today()), new, keys).map(|_| ())
            })?;
            for change in changes {
                let salt = seal::Hash::of(change.id.0.as_bytes()).to_string();
                letters.push(Letter::seal(&change, Salt(salt[..32].to_owned()))?);
            }
        }
        Ok(letters)
    }
}

fn open(c: &mut Composer<'_, '_>, feed: FeedId, site: &Site, class: ClassId) -> Result<(), nursery::core::Refusal> {
    let (year, from) = (facility_year(feed, today()), "2026-04-01".parse().ok());
    let new = Facility { name: Some("わかば保育園".into()), ..Facility::default() };
    c.make_as(site.facility.0.into(), feed, year, None, new, vec![])?;
    c.next_act();
    let new = ClassGroup { facility: site.facility, name: Some("うさぎ組".into()), ..ClassGroup::default() };
    let keys = new.key_ids();
    c.make_as(class.0.into(), feed, year, None, new, keys)?;
    c.next_act();
    c.make_as(
        site.teacher.0.into(),
        feed,
        Subject(site.teacher.0),
        None,
        Person { names: named("保育 花"), ..Person::default() },
        vec![],
    )?;
    c.next_act();
    let role = Some(Role::LeadTeacher);
    let new = Assignment { person: site.teacher.0, facility: site.facility, role, from, ..Assignment::default() };
    let keys = new.key_ids();
    c.make(feed, Subject(site.teacher.0), None, new, keys)?;
    for child in &site.children {
        c.next_act();
        let new = Child { names: named("園児 咲"), birth: "2023-05-05".parse().ok(), ..Child::default() };
        c.make_as(child.0.into(), feed, Subject(child.0), None, new, vec![])?;
        c.next_act();
        let new = Placement { child: *child, facility: site.facility, class, from, ..Placement::default() };
        let keys = new.key_ids();
        c.make(feed, (*child).into(), None, new, keys)?;
    }
    Ok(())
}

fn named(name: &str) -> Option<Names> {
    Some(Names { legal: name.to_owned(), ..Names::default() })
}

fn today() -> Day {
    nursery::clock::service_day(DeviceTime(NOW.0), nursery::clock::DEFAULT_BOUNDARY)
}

fn compose(
    ids: &mut Drawn,
    device: DeviceId,
    author: PersonId,
    write: impl FnOnce(&mut Composer<'_, '_>) -> Result<(), nursery::core::Refusal>,
) -> Result<Vec<Change>> {
    let who = Who { device, person: Some(author), standing: Standing::default(), proof: Proof::Own };
    let (at, clock, basis) = (DeviceTime(NOW.0), Clock::default(), GrantsVersion(u64::from(author != SYSTEM)));
    let mut moment = Moment { at, clock, basis, app: "bench", ids };
    let mut composer = Composer::new(&who, author, &mut moment);
    write(&mut composer).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    Ok(composer.finish().changes)
}

impl Tablet {
    /// A request that brings these letters, or none.
    pub fn request(&mut self, letters: &[Letter]) -> Exchange {
        let batch = (!letters.is_empty()).then(|| {
            self.number += 1;
            let hashes: Vec<seal::Hash> = letters.iter().map(seal::hash).collect();
            let signature = self.key.sign_batch(self.incarnation, self.number, &hashes);
            Batch {
                incarnation: self.incarnation,
                number: self.number,
                letters: letters.to_vec(),
                signature,
                receipts: BTreeMap::new(),
            }
        });
        Exchange {
            epoch: self.epoch,
            cursor: self.cursor.clone(),
            batch,
            notes_seen: 0,
            notes: vec![],
            copies: vec![],
            room: None,
            app: "bench".to_owned(),
        }
    }

    /// Stands where a reply says.
    pub fn take(&mut self, reply: &Reply) {
        (self.epoch, self.cursor) = (Some(reply.epoch), Some(reply.cursor.clone()));
    }

    /// Pulls until nothing more is there; gives how many records came.
    pub fn pull(&mut self, hub: &Hub) -> Result<usize> {
        let mut records = 0;
        loop {
            let request = self.request(&[]);
            let reply = exchange(hub, &self.session, request)?;
            records += reply.page.len();
            self.take(&reply);
            if !reply.more {
                return Ok(records);
            }
        }
    }
}

/// One exchange; every change of it must be accepted.
pub fn exchange(hub: &Hub, session: &Session, request: Exchange) -> Result<Reply> {
    let reply = hub.exchange(session, request, NOW).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    all_accepted(&reply)?;
    Ok(reply)
}

/// An error if a change was not accepted.
pub fn all_accepted(reply: &Reply) -> Result<()> {
    use records::wire::Verdict;
    match reply.verdicts.iter().find(|answered| !matches!(answered.verdict, Verdict::Accepted { .. })) {
        Some(answered) => anyhow::bail!("not accepted: {answered:?}"),
        None => Ok(()),
    }
}
