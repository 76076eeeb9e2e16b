//! A device: a real store and engine, and a host that can be killed at any moment.

use crate::chance::Chance;
use crate::city::{City, folder};
use crate::disk::{Image, Loss, Machine};
use hub::Session;
use nursery::devices::Purpose;
use records::{DeviceTime, PersonId, ServerTime};
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

/// One device.
pub struct Device {
    pub name: String,
    pub session: Session,
    pub authors: Vec<PersonId>,
    /// Somebody who may not write here.
    pub stranger: PersonId,
    pub shared: bool,
    pub store: Option<Store>,
    pub engine: Engine,
    /// Its clock minus the true time, ms.
    pub skew_ms: i64,
    pub online: bool,
    pub wake: Option<Mono>,
    /// How often the process was started: an answer to an earlier one finds nobody.
    pub life: u32,
    /// The reply that has come, as bytes, and its ticket.
    pub reply: Option<(Ticket, Vec<u8>)>,
    /// Files of an earlier moment.
    pub copy: Option<(Image, Vec<u8>)>,
    pub machine: Machine,
    seed: [u8; 32],
    folder: TempDir,
    keyring: Keyring,
    server: ServerKey,
}

impl Device {
    /// Pairs a device: shared by the staff, or the mother's phone.
    pub fn pair(city: &City, chance: &mut Chance, name: String, shared: bool, now_ms: i64) -> Self {
        let seed = chance.bytes();
        let public = seal::DeviceKey::from_seed(seed).public();
        let (owner, purpose) =
            if shared { (city.nursery.0, Purpose::ClassTablet) } else { (city.mother.0, Purpose::Personal) };
        let (session, _) = city.hub().admit(owner, purpose, &name, &public, ServerTime(now_ms)).unwrap();
        let (public, seal) = city.hub().public_keys().unwrap();
        let folder = folder();
        let mut device = Self {
            name,
            session,
            authors: if shared { city.staff.clone() } else { vec![city.mother] },
            stranger: city.mother,
            shared,
            store: None,
            engine: Engine::new(),
            skew_ms: if chance.permille(300) { chance.between(-7_200_000, 7_200_000) } else { 0 },
            online: true,
            wake: None,
            life: 0,
            reply: None,
            copy: None,
            machine: Machine::new(folder.path()),
            seed,
            folder,
            keyring: Keyring::default(),
            server: ServerKey { public, seal },
        };
        device.open(chance);
        device
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// Opens the store from its files, as after a start of the app. False if its power or its disk failed meanwhile.
    pub fn open(&mut self, chance: &mut Chance) -> bool {
        let keys = Keys {
            database: Key(self.seed),
            device: seal::DeviceKey::from_seed(self.seed),
            server: Some(self.server.clone()),
            chance: chance.bytes(),
            app: "0.1.0".into(),
        };
        match Store::open(&self.path(), keys, Box::new(self.keyring.clone())) {
            Ok(store) => self.store = Some(store),
            Err(_) if self.machine.is_dead() => {
                self.down(chance);
                return false;
            }
            Err(_) if self.machine.is_troubled() => return false,
            Err(error) => panic!("{} does not open: {error}", self.name),
        }
        self.engine = Engine::new();
        self.life += 1;
        true
    }

    /// Ends the process without a word, as a kill or a power cut does.
    pub fn down(&mut self, chance: &mut Chance) {
        self.machine.stop();
        self.store = None;
        self.engine = Engine::new();
        self.wake = None;
        self.reply = None;
        let loss = chance.pick(&Loss::EACH).unwrap_or(Loss::None);
        self.machine.start(loss, chance);
    }

    /// Copies the files as they are.
    pub fn copy_files(&mut self) {
        let sealed = std::fs::read(replica::sealed_path(&self.path())).unwrap_or_default();
        self.copy = Some((self.machine.image(), sealed));
    }

    /// Puts the copied files back. The keyring is not among them.
    pub fn restore_files(&mut self, chance: &mut Chance) -> bool {
        let Some((image, sealed)) = self.copy.take() else { return false };
        self.down(chance);
        self.machine.set_image(&image);
        std::fs::write(replica::sealed_path(&self.path()), sealed).unwrap();
        true
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

    /// Tells the engine; gives what the host must do.
    pub fn step(&mut self, now_ms: i64, input: Input) -> Vec<Effect> {
        self.engine.step(Mono(u64::try_from(now_ms).unwrap()), input)
    }

    /// True if it is time to wake.
    pub fn due(&self, now_ms: i64) -> bool {
        self.alive() && self.wake.is_some_and(|at| at.0 <= u64::try_from(now_ms).unwrap())
    }
}
