//! A class tablet with thirteen months behind it.

use crate::figures::Times;
use anyhow::{Context, Result};
use nursery::access::{Principal, standing};
use nursery::ask::ask;
use nursery::attendance::Punch;
use nursery::command::{Command, act};
use nursery::core::{Clock, Form, Ids, Moment, Proof, Refusal, Scan, Who, collect};
use nursery::ids::{ChildId, FacilityId, MunicipalityId};
use nursery::people::{Assignment, Placement};
use nursery::place::Municipality;
use nursery::view::{PlaceRef, Query, View};
use records::wire::{Cursor, Reply};
use records::{Day, DeviceId, DeviceTime, Epoch, GrantsVersion, PersonId, Record, Seq, ServerTime, TimeOfDay};
use replica::{Counter, Device, Key, Keys, Pace};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Opens the database of the measurement.
pub const KEY: [u8; 32] = [7; 32];
const DEVICE: DeviceId = DeviceId(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001));

/// A tablet and what is measured on it.
pub struct Bench {
    path: PathBuf,
    device: Option<Device>,
    facility: FacilityId,
    municipality: MunicipalityId,
    teacher: PersonId,
    children: Vec<ChildId>,
    place: PlaceRef,
    day: Day,
    ids: Drawn,
}

struct Drawn(u64);

impl Ids for Drawn {
    fn next(&mut self) -> Uuid {
        self.0 += 1;
        uuid::Builder::from_unix_timestamp_millis(1_795_000_000_000 + self.0, &[9; 10]).into_uuid()
    }
}

struct Kept(u64);

impl Counter for Kept {
    fn get(&self) -> Result<u64, String> {
        Ok(self.0)
    }
    fn set(&mut self, value: u64) -> Result<(), String> {
        self.0 = value;
        Ok(())
    }
}

fn open(path: &Path) -> Result<Device> {
    let server = seal::ServerKeys::from_seed([9; 32]);
    let keys = Keys {
        database: Key(KEY),
        device: seal::DeviceKey::from_seed([5; 32]),
        server: Some(replica::ServerKey { public: server.public(), seal: server.outbox_seal()? }),
        chance: [1; 32],
        app: "bench".into(),
    };
    Ok(Device::open(path, keys, Box::new(Kept(0)))?)
}

impl Bench {
    /// Fills a store as a first sync would, and closes the day before the measurement.
    pub fn fill(folder: &Path, children: u16, months: u16) -> Result<Self> {
        let path = folder.join("tablet.db");
        let day = Day::new(2026, 11, 24).context("a day")?;
        let device = open(&path)?;
        let history = demo::history(1, day, children, months);
        let facility = history.facility();
        let count = pour(&device, history, day)?;
        eprintln!("{count} records in the store");
        let mut bench = Self {
            path,
            device: Some(device),
            facility,
            municipality: MunicipalityId::default(),
            teacher: PersonId::default(),
            children: vec![],
            place: PlaceRef::Facility { facility },
            day,
            ids: Drawn(0),
        };
        bench.look_around()?;
        Ok(bench)
    }

    fn device(&self) -> Result<&Device> {
        self.device.as_ref().context("the store is closed")
    }

    fn look_around(&mut self) -> Result<()> {
        let (facility, day) = (self.facility, self.day);
        let (placements, staff, cities) = self.device()?.ask(|view, _| -> Result<_, Refusal> {
            let placements = collect::<Placement>(view, &Scan::of::<Placement>().key(1, facility))?;
            let staff = collect::<Assignment>(view, &Scan::of::<Assignment>().key(1, facility))?;
            let cities = collect::<Municipality>(view, &Scan::of::<Municipality>())?;
            Ok((placements, staff, cities))
        })?;
        let here: Vec<&Placement> = placements.iter().filter(|p| p.holds_on(day)).collect();
        // the fullest class
        let class = here.iter().map(|p| p.class).max_by_key(|c| here.iter().filter(|p| p.class == *c).count());
        self.place = PlaceRef::Class { facility, class: class.context("a class")? };
        self.children = here.iter().map(|p| p.child).collect();
        self.teacher = PersonId(staff.iter().find(|a| a.holds_on(day)).context("a teacher")?.person);
        self.municipality = cities.first().context("a city")?.meta.id.0.into();
        Ok(())
    }

    fn who(&self, on: Day) -> Result<Who> {
        let (municipality, teacher) = (self.municipality, self.teacher);
        let standing = self.device()?.ask(|view, _| -> Result<_, Refusal> {
            Ok(standing(view, municipality, Principal::Person(teacher), on)?)
        })?;
        Ok(Who { device: DEVICE, person: Some(teacher), standing, proof: Proof::Face })
    }

    /// Bytes of a punch as stored.
    pub fn sample_bytes(&self) -> Result<usize> {
        let facility = self.facility;
        let day = self.day.plus(-1);
        let punches = self.device()?.ask(|view, _| -> Result<_, Refusal> {
            Ok(collect::<Punch>(view, &Scan::of::<Punch>().feed(facility).days(day.plus(-7), day))?)
        })?;
        let written = punches.first().context("a punch")?.written()?;
        Ok(written.iter().map(|(name, value)| name.len() + value.to_string().len() + 150).sum::<usize>())
    }

    /// One tap after the other: composing, saving durably, sealing the outbox.
    pub fn arrivals(&mut self, rounds: usize) -> Result<Times> {
        let mut times = Times::default();
        let mut left = rounds;
        let mut day = self.day;
        while left > 0 {
            let who = self.who(day)?;
            let at = nursery::clock::moment(day, TimeOfDay::hm(8, 10));
            for child in self.children.clone().into_iter().take(left) {
                left -= 1;
                let command = Command::Arrive { facility: self.facility, children: vec![child], room: None };
                let clock = Clock { error_ms: Some(0), highest_ms: at.0, confirmed: None, heard_ms: at.0 };
                let (device, ids) = (self.device.as_ref().context("open")?, &mut self.ids);
                times.time(|| {
                    device.act(Pace::Now, |view, _| {
                        let mut moment = Moment { at, clock, basis: GrantsVersion(1), app: "bench", ids };
                        act(view, &who, &mut moment, command)
                    })
                })?;
            }
            day = day.plus(1);
        }
        Ok(times)
    }

    fn board(&self, who: &Who) -> Result<usize> {
        let at = nursery::clock::moment(self.day, TimeOfDay::hm(9, 34));
        let clock = Clock { error_ms: Some(0), highest_ms: at.0, confirmed: None, heard_ms: at.0 };
        let query = Query::Board { place: self.place };
        let answer = self.device()?.ask(|view, _| ask(view, who, at, clock, &query))?;
        match answer.view {
            View::Board(board) => Ok(board.tiles.len()),
            _ => anyhow::bail!("no board"),
        }
    }

    /// The class grid, again and again.
    pub fn boards(&self, rounds: usize) -> Result<Times> {
        let who = self.who(self.day)?;
        let tiles = self.board(&who)?;
        eprintln!("{tiles} tiles on the board");
        let mut times = Times::default();
        for _ in 0..rounds {
            times.time(|| self.board(&who))?;
        }
        Ok(times)
    }

    /// Opening the store up to the first board, standing included.
    pub fn openings(&mut self, rounds: usize) -> Result<Times> {
        let mut times = Times::default();
        for _ in 0..rounds {
            self.device = None;
            times.time(|| -> Result<()> {
                self.device = Some(open(&self.path)?);
                let who = self.who(self.day)?;
                self.board(&who)?;
                Ok(())
            })?;
        }
        Ok(times)
    }
}

/// Pours a history into the store, page by page, as replies of a server.
fn pour(device: &Device, history: demo::History, day: Day) -> Result<usize> {
    let now = nursery::clock::moment(day, TimeOfDay::hm(6, 0));
    let mut seq = 0;
    let mut page: Vec<Record> = vec![];
    for change in history.flatten() {
        let mut record = records::apply(None, &change, &|_| true)?;
        seq += 1;
        record.seq = Some(Seq(seq));
        record.accepted = Some(ServerTime(change.at.0));
        page.push(record);
        if page.len() == 1_000 {
            take(device, std::mem::take(&mut page), now)?;
        }
    }
    take(device, page, now)?;
    Ok(usize::try_from(seq)?)
}

fn take(device: &Device, page: Vec<Record>, now: DeviceTime) -> Result<()> {
    device.next(None, now)?;
    let reply = Reply {
        epoch: Epoch(Uuid::from_u128(1)),
        grants: GrantsVersion(1),
        verdicts: vec![],
        echoes: vec![],
        page,
        lost: vec![],
        forget: vec![],
        notes: vec![],
        want: vec![],
        copied: vec![],
        cursor: Cursor("bench".into()),
        more: true,
        now: ServerTime(now.0),
        schema: nursery::registry::SCHEMA,
    };
    device.take(&reply, now)?;
    Ok(())
}
