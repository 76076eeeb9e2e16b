//! A device: a real store and engine on a computer of its own, and a host that can be killed at any moment.

use crate::chance::Chance;
use crate::city::{City, folder};
use crate::disk::{Image, Loss, Machine};
use hub::Session;
use nursery::devices::Purpose;
use records::{DeviceTime, Epoch, PersonId, ServerTime};
use replica::engine::{Effect, Engine, Input, Mono, Ticket};
use replica::{Counter, Key, Keys, ServerKey, Store};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

#[derive(Clone, Default)]
struct Keyring(Arc<Mutex<u64>>);

impl Counter for Keyring {
    fn get(&self) -> Result<u64, String> {
        Ok(*self.0.lock().unwrap())
    }
    fn set(&mut self, value: u64) -> Result<(), String> {
        *self.0.lock().unwrap() = value;
        Ok(())
    }
}

/// Whose hands a device is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// Of the staff of this site.
    Staff(usize),
    /// Of this parent.
    Parent(usize),
}

/// Files of an earlier moment.
#[derive(Clone)]
pub struct Copied {
    image: Image,
    sealed: Vec<u8>,
    counter: u64,
}

/// One device.
pub struct Device {
    pub name: String,
    pub hands: Hands,
    pub session: Session,
    pub authors: Vec<PersonId>,
    /// Somebody who may not write here.
    pub stranger: PersonId,
    pub store: Option<Store>,
    pub engine: Engine,
    /// Its clock minus the true time, ms.
    pub skew_ms: i64,
    pub online: bool,
    /// Nothing comes through until then.
    pub parted_until_ms: i64,
    pub wake: Option<Mono>,
    /// How often the process was started: an answer to an earlier one finds nobody.
    pub life: u32,
    /// The reply that has come, as bytes, and its ticket.
    pub reply: Option<(Ticket, Vec<u8>)>,
    pub copy: Option<Copied>,
    /// The lineage of the last reply that it took.
    pub epoch: Option<Epoch>,
    pub machine: Machine,
    seed: [u8; 32],
    key: Key,
    folder: TempDir,
    keyring: Keyring,
    server: ServerKey,
}

impl Device {
    /// Pairs a device with the server; it is not started yet.
    pub fn pair(city: &City, chance: &mut Chance, number: usize, hands: Hands, encrypted: bool, now_ms: i64) -> Self {
        let seed = chance.bytes();
        let public = seal::DeviceKey::from_seed(seed).public();
        let (owner, purpose, authors) = match hands {
            Hands::Staff(site) => {
                (city.folk.sites[site].id.0, Purpose::ClassTablet, city.folk.sites[site].staff.clone())
            }
            Hands::Parent(parent) => {
                let person = city.folk.parents[parent].person;
                (person.0, Purpose::Personal, vec![person])
            }
        };
        let name = format!("device {number} ({hands:?})");
        let (session, _) = city.hub().admit(owner, purpose, &name, &public, ServerTime(now_ms)).unwrap();
        let (public, seal) = city.hub().public_keys().unwrap();
        let folder = folder();
        Self {
            name,
            hands,
            session,
            authors,
            stranger: city.folk.parents[0].person,
            store: None,
            engine: Engine::new(),
            skew_ms: if chance.permille(300) { chance.between(-7_200_000, 7_200_000) } else { 0 },
            online: true,
            parted_until_ms: 0,
            wake: None,
            life: 0,
            reply: None,
            copy: None,
            epoch: None,
            machine: Machine::new(folder.path()),
            seed,
            key: if encrypted { Key(seed) } else { Key::none() },
            folder,
            keyring: Keyring::default(),
            server: ServerKey { public, seal },
        }
    }

    pub fn shared(&self) -> bool {
        matches!(self.hands, Hands::Staff(_))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// Opens the store from its files, as after a start of the app. False if its power or its disk failed meanwhile.
    pub fn open(&mut self, chance: &mut Chance) -> bool {
        let keys = Keys {
            database: self.key.clone(),
            device: seal::DeviceKey::from_seed(self.seed),
            server: Some(self.server.clone()),
            chance: chance.bytes(),
            app: "0.1.0".into(),
        };
        match Store::open(&self.path(), keys, Box::new(self.keyring.clone())) {
            Ok(store) => self.store = Some(store),
            Err(_) if self.machine.is_dead() || self.machine.is_troubled() => return false,
            Err(error) => panic!("{} does not open: {error}", self.name),
        }
        self.engine = Engine::new();
        self.life += 1;
        true
    }

    /// Ends the process without a word, as a kill or a power cut does.
    pub fn down(&mut self, chance: &mut Chance) {
        let loss = chance.pick(&Loss::EACH).unwrap_or(Loss::None);
        self.down_with(loss, chance);
    }

    pub fn down_with(&mut self, loss: Loss, chance: &mut Chance) {
        self.machine.stop();
        self.store = None;
        self.engine = Engine::new();
        self.wake = None;
        self.reply = None;
        self.machine.start(loss, chance);
    }

    /// Copies the files as they are.
    pub fn copy_files(&mut self) {
        let sealed = std::fs::read(replica::sealed_path(&self.path())).unwrap_or_default();
        let counter = self.keyring.get().unwrap_or_default();
        self.copy = Some(Copied { image: self.machine.image(), sealed, counter });
    }

    /// Puts the copied files back; `wholly`: the keyring too, as when the whole machine was copied.
    pub fn restore_files(&mut self, wholly: bool, chance: &mut Chance) -> bool {
        let Some(copy) = self.copy.take() else { return false };
        let counter = self.keyring.get().unwrap_or_default();
        self.down(chance);
        self.put_files(&copy);
        if !wholly {
            *self.keyring.0.lock().unwrap() = counter;
        }
        true
    }

    /// The machine as it was when it was copied.
    pub fn put_files(&mut self, copied: &Copied) {
        self.store = None;
        self.machine.set_image(&copied.image);
        std::fs::write(replica::sealed_path(&self.path()), &copied.sealed).unwrap();
        *self.keyring.0.lock().unwrap() = copied.counter;
    }

    /// A machine on which the app was never opened.
    pub fn empty(&mut self) {
        self.store = None;
        self.machine.set_image(&Image::new());
        std::fs::write(replica::sealed_path(&self.path()), []).unwrap();
        *self.keyring.0.lock().unwrap() = 0;
    }

    /// The keyring remembers another number than the store.
    pub fn lose_keyring(&mut self) {
        *self.keyring.0.lock().unwrap() = 99;
    }

    /// Brings the write-ahead log into the file, as upkeep does beside the open store.
    pub fn checkpoint(&self) {
        let db = rusqlite::Connection::open(self.path()).unwrap();
        let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())); // cut off, it is done another time
    }

    /// Does something to the store that only a bug would.
    pub fn surgery(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.path()).unwrap();
        if !self.key.is_none() {
            let key: String = self.seed.iter().map(|byte| format!("{byte:02x}")).collect();
            db.pragma_update(None, "key", format!("x'{key}'")).unwrap();
        }
        db.execute_batch(sql).unwrap();
    }

    pub fn sign(&self, batch: &mut records::wire::Batch) {
        let hashes: Vec<seal::Hash> = batch.letters.iter().map(seal::hash).collect();
        batch.signature = seal::DeviceKey::from_seed(self.seed).sign_batch(batch.incarnation, batch.number, &hashes);
    }

    pub fn alive(&self) -> bool {
        self.store.is_some()
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    /// What its clock says at the true time `now_ms`.
    pub fn clock(&self, now_ms: i64) -> DeviceTime {
        DeviceTime(now_ms + self.skew_ms)
    }

    /// Whether the network reaches it.
    pub fn reached(&self, now_ms: i64) -> bool {
        self.online && self.parted_until_ms <= now_ms
    }

    /// Tells the engine; gives what the host must do.
    pub fn step(&mut self, now_ms: i64, input: Input) -> Vec<Effect> {
        self.engine.step(Mono(u64::try_from(now_ms).unwrap()), input)
    }

    /// True if it is time to wake.
    pub fn due(&self, now_ms: i64) -> bool {
        self.alive() && self.wake.is_some_and(|at| at.0 <= u64::try_from(now_ms).unwrap())
    }
}
