//! A device: a real store and engine, and a host that can be killed at any moment.

use crate::chance::Chance;
use crate::city::{City, folder};
use hub::Session;
use nursery::devices::Purpose;
use records::wire::Exchange;
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

/// What the host must do because the engine wanted it.
pub enum Wish {
    /// Send this.
    Send(Ticket, Box<Exchange>),
    /// Store the reply to this ticket.
    Take(Ticket),
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
    pub copy: Option<Vec<(PathBuf, Vec<u8>)>>,
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
            seed,
            folder: folder(),
            keyring: Keyring::default(),
            server: ServerKey { public, seal },
        };
        device.open(chance);
        device
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// Opens the store from its files, as after a start of the app.
    pub fn open(&mut self, chance: &mut Chance) {
        let keys = Keys {
            database: Key(self.seed),
            device: seal::DeviceKey::from_seed(self.seed),
            server: Some(self.server.clone()),
            chance: chance.bytes(),
            app: "0.1.0".into(),
        };
        self.store = Some(Store::open(&self.path(), keys, Box::new(self.keyring.clone())).unwrap());
        self.engine = Engine::new();
        self.life += 1;
    }

    /// Ends the process without a word.
    pub fn kill(&mut self) {
        self.store = None;
        self.engine = Engine::new();
        self.wake = None;
        self.reply = None;
    }

    /// Copies the files as they are.
    pub fn copy_files(&mut self) {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let kept = files.filter(|path| !path.ends_with("store.db-shm"));
        self.copy = Some(kept.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect());
    }

    /// Puts the copied files back. The keyring is not among them.
    pub fn restore_files(&mut self) -> bool {
        let Some(copy) = self.copy.take() else { return false };
        self.kill();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        copy.into_iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
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
    pub fn step(&mut self, now_ms: i64, input: Input) -> Vec<Wish> {
        if !self.alive() {
            return vec![];
        }
        let mut wishes = vec![];
        let mono = Mono(u64::try_from(now_ms).unwrap());
        for effect in self.engine.step(mono, input) {
            match effect {
                Effect::Exchange(ticket) => {
                    let at = self.clock(now_ms);
                    self.reply = None;
                    wishes.push(Wish::Send(ticket, Box::new(self.store().next(None, at).unwrap())));
                }
                Effect::Take(ticket) => wishes.push(Wish::Take(ticket)),
                Effect::WakeAt(at) => self.wake = Some(at),
                Effect::Listen(_) | Effect::Show(_) => {}
                Effect::SignInAgain | Effect::SetStoreAside => panic!("{} gave up: {effect:?}", self.name),
            }
        }
        wishes
    }

    /// True if it is time to wake.
    pub fn due(&self, now_ms: i64) -> bool {
        self.alive() && self.wake.is_some_and(|at| at.0 <= u64::try_from(now_ms).unwrap())
    }
}
