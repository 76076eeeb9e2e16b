//! A device: a real encrypted store, and one person in front of it.

use crate::world::World;
use nursery::access::{Principal, standing, through};
use nursery::attendance::Punch;
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::command::Command;
use nursery::core::{Ids, Moment, Proof, Scan, Who, collect};
use nursery::devices::Purpose;
use nursery::ids::{ChildId, FacilityId, MunicipalityId};
use nursery::people::{Child, Role};
use records::wire::{Exchange, Reply};
use records::{DeviceId, DeviceTime, PersonId};
use replica::{Counter, Device, Key, Keys, Pace, ServerKey, View, read_reply};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

pub struct Tablet {
    pub device: Arc<Device>,
    pub token: String,
    id: DeviceId,
    person: PersonId,
    proof: Proof,
    facility: FacilityId,
    city: MunicipalityId,
    now: DeviceTime,
    ids: AtomicU64,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

#[derive(Default)]
struct Keyring(u64);

impl Counter for Keyring {
    fn get(&self) -> Result<u64, String> {
        Ok(self.0)
    }
    fn set(&mut self, value: u64) -> Result<(), String> {
        self.0 = value;
        Ok(())
    }
}

struct Counting<'a>(&'a Tablet);

impl Ids for Counting<'_> {
    fn next(&mut self) -> Uuid {
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&self.0.id.0.as_bytes()[14..]);
        bytes[2..].copy_from_slice(&self.0.ids.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.0.now.0.unsigned_abs(), &bytes).into_uuid()
    }
}

impl Tablet {
    /// A tablet of わかば that was paired just now and holds nothing yet.
    pub fn paired(world: &World, name: &str) -> Self {
        let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
        Self::of(world, name, (world.wakaba.0, Purpose::ClassTablet), sato, Proof::Face)
    }

    /// Somebody's own phone, paired just now.
    pub fn phone(world: &World, person: PersonId) -> Self {
        Self::of(world, "phone", (person.0, Purpose::Personal), person, Proof::Own)
    }

    fn of(world: &World, name: &str, (owner, purpose): (Uuid, Purpose), person: PersonId, proof: Proof) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(world.id().as_bytes());
        let key = seal::DeviceKey::from_seed(seed);
        let admitted = world.hub().admit(owner, purpose, name, &key.public(), world.now());
        let (session, token) = admitted.unwrap();
        let (public, seal) = world.hub().public_keys().unwrap();
        let server = Some(ServerKey { public, seal });
        let keys = Keys { database: Key(seed), device: key, server, chance: seed, app: "0.1.0".into() };
        let folder = tempfile::tempdir().unwrap();
        let device = Device::open(&folder.path().join("store.db"), keys, Box::<Keyring>::default()).unwrap();
        Self {
            device: Arc::new(device),
            token,
            id: session.device,
            person,
            proof,
            facility: world.wakaba,
            city: world.city,
            now: DeviceTime(world.now().0),
            ids: AtomicU64::default(),
            client: crate::world::client(),
            _folder: folder,
        }
    }

    /// Somebody taps a child: durable when this returns.
    pub fn arrive(&self, child: ChildId) {
        self.does(Command::Arrive { facility: self.facility, children: vec![child], room: None });
    }

    /// The person does something: durable when this returns.
    pub fn does(&self, command: Command) {
        let acted = self.device.act(Pace::Now, |view, facts| {
            let who = self.who(view)?;
            let mut ids = Counting(self);
            let (at, clock, basis) = (self.now, facts.clock, facts.basis);
            let mut moment = Moment { at, clock, basis, app: "0.1.0", ids: &mut ids };
            Ok::<_, anyhow::Error>(nursery::command::act(view, &who, &mut moment, command)?)
        });
        acted.unwrap();
    }

    fn who(&self, view: &View<'_>) -> anyhow::Result<Who> {
        let today = service_day(self.now, DEFAULT_BOUNDARY);
        let device = standing(view, self.city, Principal::Device(self.id), today)?;
        let person = standing(view, self.city, Principal::Person(self.person), today)?;
        let standing = through(person, &device);
        Ok(Who { device: self.id, person: Some(self.person), standing, proof: self.proof })
    }

    /// Whose hands hold it.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// What it would send now.
    pub fn next(&self) -> Exchange {
        self.device.next(None, self.now).unwrap()
    }

    /// Sends an exchange to an address; the bytes of the answer.
    pub async fn send(&self, base: &str, exchange: &Exchange) -> Vec<u8> {
        let request = self.client.post(format!("{base}/v1/sync")).bearer_auth(&self.token).json(exchange);
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        response.bytes().await.unwrap().to_vec()
    }

    /// The status of one request that brings nothing.
    pub async fn knock(&self, base: &str) -> u16 {
        let asked = Exchange { batch: None, ..self.next() };
        let request = self.client.post(format!("{base}/v1/sync")).bearer_auth(&self.token).json(&asked);
        request.send().await.unwrap().status().as_u16()
    }

    pub fn take(&self, bytes: &[u8]) -> Reply {
        let reply = read_reply(bytes).unwrap();
        self.device.take(&reply, self.now).unwrap();
        reply
    }

    /// Exchanges until nothing more is there on either side.
    pub async fn sync(&self, base: &str) {
        loop {
            let reply = self.take(&self.send(base, &self.next()).await);
            let next = self.next();
            if !reply.more && next.batch.is_none() && next.copies.is_empty() && next.notes.is_empty() {
                return;
            }
        }
    }

    /// Punches of a child, as this tablet shows them.
    pub fn punches(&self, child: ChildId) -> usize {
        let read = self
            .device
            .ask(|view, _| Ok::<_, anyhow::Error>(collect::<Punch>(view, &Scan::of::<Punch>().key(0, child))?));
        read.unwrap().len()
    }

    /// Children that it holds.
    pub fn children(&self) -> usize {
        let read = self.device.ask(|view, _| Ok::<_, anyhow::Error>(collect::<Child>(view, &Scan::of::<Child>())?));
        read.unwrap().len()
    }
}

/// Punches of a child that the server of a world has.
pub fn of_server(world: &World, child: ChildId) -> usize {
    has(&world.server, child)
}

/// Punches of a child that a server has.
pub fn has(server: &sync_server::Server, child: ChildId) -> usize {
    collect::<Punch>(&server.hub().records().unwrap(), &Scan::of::<Punch>().key(0, child)).unwrap().len()
}
