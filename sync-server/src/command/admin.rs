//! What the operator of a city does by hand: beginning it, letting people in, taking devices back.

use crate::chance::{self, NewIds};
use crate::pin::{self, Work};
use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use hub::{Hub, HubRecords};
use nursery::access::Standing;
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::{Clock, Composer, Meta, Moment, Proof, Records, Refusal, Scan, Who, collect, get};
use nursery::devices::Device;
use nursery::ids::{ClassId, FacilityId, MunicipalityId, facility_year, person_subject};
use nursery::people::{Assignment, Names, Person, Role};
use nursery::place::{ClassGroup, Facility, FacilityType, Municipality, Room};
use nursery::server::SYSTEM;
use records::{Change, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, ServerTime, TimeOfDay, Write};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;
use uuid::Uuid;

/// A link that an operator makes lasts three days.
const LINK_MS: i64 = 3 * 86_400_000;
/// Letters of a name at most, as every kind has it.
const NAME_CHARS: usize = 60;
/// Digits of a PIN.
const PIN_DIGITS: usize = 4;

/// What an operator orders. Works beside a running server.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
pub enum Order {
    /// Begin a city: once per folder.
    CreateCity {
        /// As shown, such as さざなみ市.
        name: String,
    },
    /// Add a facility, with its classes and their rooms, a hall and an office.
    AddFacility {
        /// As shown, such as みなと保育園.
        name: String,
        /// The number that families call.
        #[arg(long)]
        phone: String,
        /// A class and its age on 1 April, such as うさぎ組:3; without an age for mixed groups. Once per class.
        #[arg(long = "class", value_name = "NAME[:AGE]")]
        classes: Vec<String>,
        /// First arrival of the day.
        #[arg(long, default_value = "07:00")]
        opens: TimeOfDay,
        /// Last departure of the day.
        #[arg(long, default_value = "19:00")]
        closes: TimeOfDay,
        /// What it is.
        #[arg(long, default_value = "nursery")]
        kind: Kind,
    },
    /// Add somebody who works in a facility, or for the city.
    AddPerson {
        /// As in the register, such as 小野寺 恵.
        name: String,
        /// Reading.
        #[arg(long, default_value = "")]
        kana: String,
        /// As what.
        #[arg(long)]
        role: Position,
        /// Where; not for the city's child-care division.
        #[arg(long, value_name = "ID")]
        facility: Option<Uuid>,
    },
    /// Print a link that signs somebody in once, within three days.
    Link {
        /// Whom.
        #[arg(long, value_name = "ID")]
        person: Option<Uuid>,
        /// The first person of the office of this facility.
        #[arg(long, value_name = "FACILITY ID", conflicts_with = "person", required_unless_present = "person")]
        office: Option<Uuid>,
        /// Address by which people reach the server, such as https://hoiku.example.jp.
        #[arg(long, default_value = "http://127.0.0.1:8700")]
        url: String,
    },
    /// Draw a new PIN for a member of staff, and print it once.
    Pin {
        /// Whose.
        #[arg(long, value_name = "ID")]
        person: Uuid,
    },
    /// Sign somebody out of every browser: a cookie was stolen, a computer was left open.
    SignOut {
        /// Whom.
        #[arg(long, value_name = "ID")]
        person: Uuid,
    },
    /// List facilities, the people who work there, and devices.
    List,
    /// List paired devices.
    Devices,
    /// Take a device back: lost, broken or replaced. Nothing reaches it any more.
    RetireDevice {
        /// As `devices` shows it.
        id: Uuid,
    },
    /// After a restore: list the facilities for whose tablets families wait.
    Recovery,
    /// After a restore: let families in, because no restriction that a tablet held can be missing.
    LetFamiliesIn,
    /// Write a copy of the database while the server runs.
    #[command(hide = true)]
    Backup {
        /// Where to; must not exist.
        file: PathBuf,
    },
}

/// What a facility is.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
pub enum Kind {
    /// 保育園
    Nursery,
    /// 児童発達支援センター
    DevelopmentCenter,
    /// 認定こども園
    KodomoEn,
}

/// As what somebody works.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
pub enum Position {
    /// 保育士
    Caregiver,
    /// 主任
    LeadTeacher,
    /// 園長
    Director,
    /// 事務
    Office,
    /// 担当者: pairs tablets and prints invitations
    Ict,
    /// 子育て支援課
    City,
}

impl From<Position> for Role {
    fn from(work: Position) -> Self {
        match work {
            Position::Caregiver => Self::Caregiver,
            Position::LeadTeacher => Self::LeadTeacher,
            Position::Director => Self::Director,
            Position::Office => Self::Office,
            Position::Ict => Self::IctContact,
            Position::City => Self::City,
        }
    }
}

impl From<Kind> for FacilityType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Nursery => Self::Nursery,
            Kind::DevelopmentCenter => Self::DevelopmentCenter,
            Kind::KodomoEn => Self::KodomoEn,
        }
    }
}

/// Carries an order out; the answer is for the operator to read.
///
/// # Errors
/// In words.
pub fn carry_out(hub: &Hub, order: Order, now: ServerTime) -> anyhow::Result<String> {
    let desk = Desk { hub, now };
    match order {
        Order::CreateCity { name } => desk.create_city(name),
        Order::AddFacility { name, phone, classes, opens, closes, kind } => {
            let new = Facility {
                name: Some(name),
                phone: Some(phone),
                opens: Some(opens),
                closes: Some(closes),
                facility_type: Some(kind.into()),
                ..Facility::default()
            };
            desk.add_facility(new, &classes)
        }
        Order::AddPerson { name, kana, role, facility } => {
            let names = Names { legal: name, kana, ..Names::default() };
            desk.add_person(names, role.into(), facility)
        }
        Order::Link { person, office, url } => desk.link(person, office, &url),
        Order::Pin { person } => desk.pin(PersonId(person)),
        Order::SignOut { person } => desk.sign_out(PersonId(person)),
        Order::List => desk.list(),
        Order::Devices => desk.devices(),
        Order::RetireDevice { id } => desk.retire(id),
        Order::Recovery => desk.recovery(),
        Order::LetFamiliesIn => {
            hub.let_families_in(now)?;
            Ok("families are let in".to_owned())
        }
        Order::Backup { file } => {
            if file.exists() {
                bail!("{} exists; a backup never replaces anything", file.display());
            }
            hub.backup(&file).with_context(|| format!("cannot copy to {}", file.display()))?;
            Ok(format!("copied to {}", file.display()))
        }
    }
}

struct Desk<'h> {
    hub: &'h Hub,
    now: ServerTime,
}

impl Desk<'_> {
    /// Writes as the server.
    fn write(&self, compose: impl FnOnce(&mut Composer<'_, '_>) -> Result<(), Refusal>) -> anyhow::Result<()> {
        let changes = composed(self.now, compose)?;
        self.hub.system(changes, self.now)?;
        Ok(())
    }

    fn records(&self) -> anyhow::Result<HubRecords<'_>> {
        Ok(self.hub.records()?)
    }

    fn new_id(&self) -> anyhow::Result<Uuid> {
        Ok(nursery::core::Ids::next(&mut NewIds::at(self.now)?))
    }

    fn municipality(&self) -> anyhow::Result<MunicipalityId> {
        let city = self.hub.municipality()?;
        if city.0.is_nil() {
            bail!("there is no city yet; begin with `admin create-city NAME`");
        }
        Ok(city)
    }

    fn create_city(&self, name: String) -> anyhow::Result<String> {
        named(&name)?;
        if !self.hub.municipality()?.0.is_nil() {
            bail!("there is a city already in this folder");
        }
        let id = self.new_id()?;
        let feed = FeedId(id);
        let subject = facility_year(feed, service_day(DeviceTime(self.now.0), DEFAULT_BOUNDARY));
        let new = Municipality { name: Some(name.clone()), ..Municipality::default() };
        self.write(|c| c.make_as(RecordId(id), feed, subject, None, new, vec![]).map(drop))?;
        Ok(format!("{id}  {name}"))
    }

    fn add_facility(&self, new: Facility, classes: &[String]) -> anyhow::Result<String> {
        named(new.name.as_deref().unwrap_or_default())?;
        let classes = classes.iter().map(|text| class(text)).collect::<anyhow::Result<Vec<_>>>()?;
        let feed = FeedId::from(self.municipality()?);
        let id = FacilityId(self.new_id()?);
        let subject = facility_year(feed, service_day(DeviceTime(self.now.0), DEFAULT_BOUNDARY));
        let mut text = format!("{id}  {}", new.name.clone().unwrap_or_default());
        self.write(|c| {
            c.make_as(id.into(), feed, subject, None, new, vec![])?;
            for (order, (name, age)) in (1u16..).zip(classes) {
                c.next_act();
                let (name, order) = (Some(name), Some(order));
                let group = ClassGroup { facility: id, name: name.clone(), age, order, ..ClassGroup::default() };
                let keys = group.key_ids();
                let made = c.make(feed, subject, None, group, keys)?;
                let _ = write!(text, "\n  {made}  {}", name.as_deref().unwrap_or_default());
                let name = name.map(|name| format!("{name}の部屋"));
                let home_of = Some(ClassId::from(made));
                let room = Room { facility: id, name, order, home_of, ..Room::default() };
                let keys = room.key_ids();
                c.make(feed, subject, None, room, keys)?;
            }
            c.next_act();
            for (order, name) in [(20, "ホール"), (21, "事務室")] {
                let room = Room { facility: id, name: Some(name.to_owned()), order: Some(order), ..Room::default() };
                let keys = room.key_ids();
                c.make(feed, subject, None, room, keys)?;
            }
            Ok(())
        })?;
        Ok(text)
    }

    fn add_person(&self, names: Names, role: Role, facility: Option<Uuid>) -> anyhow::Result<String> {
        named(&names.legal)?;
        let city = self.municipality()?;
        let place = match (role, facility) {
            (Role::City, None) => FacilityId(city.0),
            (Role::City, Some(_)) => bail!("somebody of the city has no facility"),
            (_, None) => bail!("say where with --facility"),
            (_, Some(id)) => {
                get::<Facility>(&self.records()?, id)?.context("there is no such facility")?;
                FacilityId(id)
            }
        };
        let id = self.new_id()?;
        let (feed, name) = (FeedId::from(city), names.legal.clone());
        let from = service_day(DeviceTime(self.now.0), DEFAULT_BOUNDARY);
        self.write(|c| {
            let subject = person_subject(PersonId(id));
            let person = Person { names: Some(names), ..Person::default() };
            c.make_as(RecordId(id), feed, subject, None, person, vec![])?;
            let (role, from) = (Some(role), Some(from));
            let assignment = Assignment { person: id, facility: place, role, from, ..Assignment::default() };
            let keys = assignment.key_ids();
            c.make(feed, subject, None, assignment, keys).map(drop)
        })?;
        Ok(format!("{id}  {name}"))
    }

    fn link(&self, person: Option<Uuid>, office: Option<Uuid>, url: &str) -> anyhow::Result<String> {
        let records = self.records()?;
        let person = match person {
            Some(person) => person,
            None => self.first_of_office(&records, office.unwrap_or_default())?,
        };
        let name = get::<Person>(&records, person)?.context("there is no such person")?.names.unwrap_or_default();
        drop(records);
        let token = self.hub.link_make(PersonId(person), LINK_MS, self.now)?;
        let link = format!("{}/signin#{token}", url.trim_end_matches('/'));
        Ok(format!("{}\n{link}\n\n{}", name.legal, crate::qr::terminal(&link)))
    }

    fn first_of_office(&self, records: &HubRecords<'_>, facility: Uuid) -> anyhow::Result<Uuid> {
        let today = service_day(DeviceTime(self.now.0), DEFAULT_BOUNDARY);
        let all: Vec<Assignment> = collect(records, &Scan::of::<Assignment>().key(1, facility))?;
        let office = all.into_iter().filter(|a| a.role == Some(Role::Office) && a.holds_on(today));
        office.min_by_key(|a| a.meta.id).map(|a| a.person).context("nobody is in the office of this facility")
    }

    fn pin(&self, person: PersonId) -> anyhow::Result<String> {
        let record = self.records()?.get(RecordId(person.0))?.context("there is no such person")?;
        let pin = draw_pin()?;
        let hash = pin::hash(&pin, chance::bytes()?, Work::Usual).context("a PIN cannot be hashed")?;
        let write = Write { field: "pin".to_owned(), value: Some(hash.into()), over: record.seen("pin") };
        self.write(|c| {
            c.write(record.head, vec![write]);
            Ok(())
        })?;
        Ok(pin)
    }

    fn sign_out(&self, person: PersonId) -> anyhow::Result<String> {
        let name = get::<Person>(&self.records()?, person.0)?.context("there is no such person")?.names;
        let ended = self.hub.sessions_close_all(person, self.now)?;
        Ok(format!("{}: {ended} sessions ended", name.unwrap_or_default().legal))
    }

    fn list(&self) -> anyhow::Result<String> {
        let records = self.records()?;
        let mut text = String::new();
        let mut facilities: Vec<Facility> = collect(&records, &Scan::of::<Facility>())?;
        facilities.sort_by_key(|facility| (facility.order, facility.meta.id));
        let city = (self.municipality()?.0, "子育て支援課".to_owned());
        let places = facilities.into_iter().map(|f| (f.meta.id.0, f.name.unwrap_or_default()));
        for (place, name) in std::iter::once(city).chain(places) {
            let _ = writeln!(text, "{place}  {name}");
            for a in collect::<Assignment>(&records, &Scan::of::<Assignment>().key(1, place))? {
                let name = get::<Person>(&records, a.person)?.and_then(|person| person.names).unwrap_or_default();
                let _ = writeln!(text, "  {}  {:?}  {}", a.person, a.role.unwrap_or_default(), name.legal);
            }
        }
        Ok(text + &self.devices()?)
    }

    fn devices(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let mut all: Vec<Device> = collect(&self.records()?, &Scan::of::<Device>())?;
        all.sort_by(|a, b| (&a.name, a.meta.id).cmp(&(&b.name, b.meta.id)));
        for device in all {
            let name = device.name.unwrap_or_default();
            let retired = device.retired.map(|day| format!("  retired {day}")).unwrap_or_default();
            let purpose = device.purpose.unwrap_or_default();
            let _ = writeln!(text, "{}  {name}  {purpose:?} of {}{retired}", device.meta.id, device.owner);
        }
        Ok(text)
    }

    fn recovery(&self) -> anyhow::Result<String> {
        let (awaited, records) = (self.hub.awaited_sites()?, self.records()?);
        let mut text = String::new();
        for id in &awaited {
            let name = get::<Facility>(&records, *id)?.and_then(|facility| facility.name).unwrap_or_default();
            let _ = writeln!(text, "{id}  {name}: none of its tablets has come back yet");
        }
        text.push_str(if awaited.is_empty() { "families do not wait" } else { "families wait until then" });
        Ok(text)
    }

    fn retire(&self, id: Uuid) -> anyhow::Result<String> {
        let record = self.records()?.get(RecordId(id))?.context("there is no such device")?;
        if record.head.kind.as_str() != <Device as nursery::core::Form>::NAME {
            bail!("there is no such device");
        }
        let today = service_day(DeviceTime(self.now.0), DEFAULT_BOUNDARY);
        let value = Some(serde_json::to_value(today)?);
        let write = Write { field: "retired".to_owned(), value, over: record.seen("retired") };
        let name = <Device as nursery::core::Form>::read(Meta::of(&record), &record).name.unwrap_or_default();
        self.write(|c| {
            c.write(record.head, vec![write]);
            Ok(())
        })?;
        self.hub.sign_out_device(DeviceId(id), self.now)?;
        Ok(format!("{id}  {name}  retired {today}"))
    }
}

/// The changes that the server composes by itself.
///
/// # Errors
/// What a kind refuses, in words.
pub fn composed(
    now: ServerTime,
    compose: impl FnOnce(&mut Composer<'_, '_>) -> Result<(), Refusal>,
) -> anyhow::Result<Vec<Change>> {
    let who =
        Who { device: DeviceId(SYSTEM.0), person: Some(SYSTEM), standing: Standing::default(), proof: Proof::Own };
    let mut ids = NewIds::at(now)?;
    let (at, app) = (DeviceTime(now.0), env!("CARGO_PKG_VERSION"));
    let mut moment = Moment { at, clock: Clock::default(), basis: GrantsVersion(0), app, ids: &mut ids };
    let mut composer = Composer::new(&who, SYSTEM, &mut moment);
    compose(&mut composer)?;
    Ok(composer.finish().changes)
}

fn named(name: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS {
        bail!("a name has 1 to {NAME_CHARS} letters");
    }
    Ok(())
}

/// `うさぎ組:3`
fn class(text: &str) -> anyhow::Result<(String, Option<u8>)> {
    match text.rsplit_once(':') {
        None => Ok((text.to_owned(), None)),
        Some((name, age)) => {
            let age = age.parse().ok().filter(|age| *age <= 6);
            Ok((name.to_owned(), Some(age.with_context(|| format!("{text}: an age is a number from 0 to 6"))?)))
        }
    }
}

fn draw_pin() -> anyhow::Result<String> {
    let drawn = u64::from_be_bytes(chance::bytes()?) % 10_u64.pow(u32::try_from(PIN_DIGITS)?);
    Ok(format!("{drawn:0PIN_DIGITS$}"))
}
