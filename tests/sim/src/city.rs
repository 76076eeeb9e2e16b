//! A city with two nurseries, its people, and the real server on a computer of its own.

use crate::chance::{Chance, NewIds};
use crate::disk::{Image, Loss, Machine};
use crate::founding;
use hub::Hub;
use nursery::access::Standing;
use nursery::core::{Clock, Composer, Moment, Proof, Who};
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId};
use records::{Change, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, ServerTime};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tempfile::TempDir;

/// 2026-11-24 08:00 in Japan.
pub const MORNING_MS: i64 = 1_795_474_800_000;
/// Cities that differ in nothing but their ids; a run lives in one of them.
const CITIES: u64 = 4;
/// Files beside the database, which are real.
const REAL: [&str; 2] = ["server.key", "restrictions.log"];
/// Where a backup lies in the server's folder.
const BACKUP: &str = "backup.db";

/// A nursery.
#[derive(Clone)]
pub struct Site {
    pub id: FacilityId,
    pub class: ClassId,
    pub staff: Vec<PersonId>,
}

/// A child, and where it is placed: the record that says so, and which of the sites.
#[derive(Clone)]
pub struct Enrolled {
    pub id: ChildId,
    pub placements: Vec<(RecordId, usize)>,
}

/// A parent, of which child, by which record.
#[derive(Clone)]
pub struct Parent {
    pub person: PersonId,
    pub child: usize,
    pub guardianship: RecordId,
}

/// Everybody.
#[derive(Clone)]
pub struct Folk {
    pub id: MunicipalityId,
    pub sites: Vec<Site>,
    pub children: Vec<Enrolled>,
    pub parents: Vec<Parent>,
}

/// The server and everybody in it.
pub struct City {
    pub folk: Folk,
    pub hub: Option<Hub>,
    pub machine: Machine,
    folder: TempDir,
    real: Vec<(&'static str, Vec<u8>)>,
}

/// The server's machine at some moment.
pub struct Kept(Image, Vec<(&'static str, Vec<u8>)>);

/// A city as it was founded.
struct Founded {
    folk: Folk,
    image: Image,
    real: Vec<(&'static str, Vec<u8>)>,
}

impl City {
    /// One of the cities, on the morning of its founding.
    pub fn of(seed: u64, chance: &mut Chance) -> Self {
        static FOUNDED: OnceLock<Mutex<BTreeMap<u64, Arc<Founded>>>> = OnceLock::new();
        let variant = seed % CITIES;
        let founded = {
            let mut all = FOUNDED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(variant).or_insert_with(|| Arc::new(found(variant))))
        };
        let folder = folder();
        let machine = Machine::new(folder.path());
        machine.set_image(&founded.image);
        let mut city = Self { folk: founded.folk.clone(), hub: None, machine, folder, real: founded.real.clone() };
        city.put_real();
        city.open(chance, MORNING_MS);
        city
    }

    /// Starts the server; if the power fails meanwhile, again.
    pub fn open(&mut self, chance: &mut Chance, now_ms: i64) {
        loop {
            match Hub::open(self.folder.path(), chance.bytes(), ServerTime(now_ms)) {
                Ok(hub) => break self.hub = Some(hub),
                Err(_) if self.machine.is_dead() => self.down(chance),
                Err(_) if self.machine.is_troubled() => self.machine.mend(), // somebody made room
                Err(error) => panic!("the server does not open: {error}"),
            }
        }
    }

    /// Ends the server without a word, as a kill or a power cut does.
    pub fn down(&mut self, chance: &mut Chance) {
        let loss = chance.pick(&Loss::EACH).unwrap_or(Loss::None);
        self.down_with(loss, chance);
    }

    pub fn down_with(&mut self, loss: Loss, chance: &mut Chance) {
        self.machine.stop();
        self.hub = None;
        self.machine.start(loss, chance);
    }

    pub fn hub(&self) -> &Hub {
        self.hub.as_ref().unwrap()
    }

    pub fn feed(&self) -> FeedId {
        self.folk.id.into()
    }

    // ── backup and restore ──

    /// Copies the database while it runs, and what an operator must not roll back, for bugs.
    pub fn back_up(&mut self) -> bool {
        ["backup.db", "backup.db-journal"].iter().for_each(|name| self.machine.remove(name));
        self.real = self.read_real();
        let path = self.folder.path().join(BACKUP);
        self.hub().backup(&path).is_ok() && !self.machine.is_dead()
    }

    /// Puts the backup back while the server is stopped.
    pub fn restore(&mut self, chance: &mut Chance, now_ms: i64) {
        let path = self.folder.path().join(BACKUP);
        self.down_with(Loss::None, chance);
        let bytes = self.machine.image()[BACKUP].clone();
        std::fs::write(&path, bytes.as_ref()).unwrap();
        ["hub.db", "hub.db-wal"].iter().for_each(|name| self.machine.remove(name));
        hub::restore(self.folder.path(), &path, chance.bytes(), ServerTime(now_ms)).unwrap();
        self.machine.remove(BACKUP);
        std::fs::remove_file(&path).unwrap();
        self.open(chance, now_ms);
    }

    /// Puts the backup in the place of the database, with a power cut after so many writes; may be done again.
    pub fn begin_restore(&mut self, fuse: Option<u64>, chance: &mut Chance, now_ms: i64) {
        let path = self.folder.path().join(BACKUP);
        self.down_with(Loss::None, chance);
        if let Some(bytes) = self.machine.image().get(BACKUP) {
            std::fs::write(&path, bytes.as_ref()).unwrap();
        }
        ["hub.db", "hub.db-wal", "hub.db-journal"].iter().for_each(|name| self.machine.remove(name));
        if let Some(after) = fuse {
            self.machine.set_fuse(after);
        }
        let done = hub::restore(self.folder.path(), &path, chance.bytes(), ServerTime(now_ms));
        assert!(done.is_ok() || self.machine.is_dead(), "{done:?}");
    }

    /// Everything as it lies there.
    pub fn keep(&self) -> Kept {
        Kept(self.machine.image(), self.read_real())
    }

    /// Puts everything as it lay there; the server is not open then.
    pub fn put(&mut self, kept: &Kept) {
        self.machine.stop();
        self.hub = None;
        self.machine.set_image(&kept.0);
        self.real.clone_from(&kept.1);
        self.put_real();
        let _ = std::fs::write(self.folder.path().join("hub.db"), []); // what a restore has put there
    }

    /// As [`City::put`], but for one of the files beside the database.
    pub fn put_but(&mut self, kept: &Kept, name: &'static str) {
        let stays = std::fs::read(self.folder.path().join(name)).unwrap();
        self.put(kept);
        std::fs::write(self.folder.path().join(name), stays).unwrap();
    }

    fn read_real(&self) -> Vec<(&'static str, Vec<u8>)> {
        REAL.iter().map(|name| (*name, std::fs::read(self.folder.path().join(name)).unwrap())).collect()
    }

    /// As somebody might do it who has not read the manual: the database's file is copied back, and no more.
    pub fn restore_by_copying(&mut self, chance: &mut Chance, now_ms: i64) {
        self.down_with(Loss::None, chance);
        let mut image = self.machine.image();
        image.remove("hub.db-wal");
        let backup = image.remove(BACKUP).unwrap();
        image.insert("hub.db".to_owned(), backup);
        self.machine.set_image(&image);
        self.open(chance, now_ms);
    }

    /// Rolls the files beside the database back to the moment of the backup.
    pub fn put_real(&self) {
        for (name, bytes) in &self.real {
            std::fs::write(self.folder.path().join(name), bytes).unwrap();
        }
    }

    /// Does something to the database that only a bug would.
    pub fn surgery(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.folder.path().join("hub.db")).unwrap();
        db.execute_batch(sql).unwrap();
    }
}

fn found(variant: u64) -> Founded {
    let mut chance = Chance::new(u64::MAX - variant);
    let folder = folder();
    let machine = Machine::new(folder.path());
    let hub = Hub::open(folder.path(), chance.bytes(), ServerTime(MORNING_MS)).unwrap();
    let (folk, changes) = founding::compose(&mut chance);
    let done = hub.system(changes, ServerTime(MORNING_MS)).unwrap();
    assert_eq!(done.refused(), None, "the city itself is not accepted");
    drop(hub);
    let real = REAL.iter().map(|name| (*name, std::fs::read(folder.path().join(name)).unwrap())).collect();
    Founded { folk, image: machine.image(), real }
}

/// Composes the changes of one moment.
pub fn compose(
    chance: &mut Chance,
    now_ms: i64,
    device: DeviceId,
    author: PersonId,
    basis: GrantsVersion,
    write: impl FnOnce(&mut Composer<'_, '_>),
) -> Vec<Change> {
    let who = Who { device, person: Some(author), standing: Standing::default(), proof: Proof::Own };
    let mut ids = NewIds { chance, now_ms };
    let mut moment = Moment { at: DeviceTime(now_ms), clock: Clock::default(), basis, app: "0.1.0", ids: &mut ids };
    let mut composer = Composer::new(&who, author, &mut moment);
    write(&mut composer);
    composer.finish().changes
}

/// In memory where there is such a place: the files that are not SQLite's are real.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}
