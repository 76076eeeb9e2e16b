//! A device as the protocol sees it: a batch in flight, a cursor, and the records that replies gave it.

use super::World;
use hub::{Failure, Session};
use nursery::core::Composer;
use nursery::devices::Purpose;
use records::wire::{Answered, Batch, Cursor, Exchange, Reply, Verdict};
use records::{Change, Epoch, GrantsVersion, Incarnation, Letter, PersonId, Record, RecordId, Salt};
use seal::DeviceKey;
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct Tablet {
    pub session: Session,
    pub key: DeviceKey,
    pub incarnation: Incarnation,
    pub number: u64,
    pub grants: GrantsVersion,
    pub epoch: Option<Epoch>,
    pub cursor: Option<Cursor>,
    pub room: Option<u32>,
    /// What it holds.
    pub stored: BTreeMap<RecordId, Record>,
    /// Records of pages received, counting repeats.
    pub received: usize,
}

impl Tablet {
    pub fn paired(world: &World, name: &str, owner: Uuid, purpose: Purpose) -> Self {
        let id = world.id();
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(id.as_bytes());
        let key = DeviceKey::from_seed(seed);
        let (session, _) = world.hub.admit(owner, purpose, name, &key.public(), world.now()).unwrap();
        Self {
            session,
            key,
            incarnation: Incarnation(id),
            number: 0,
            grants: GrantsVersion(0),
            epoch: None,
            cursor: None,
            room: None,
            stored: BTreeMap::new(),
            received: 0,
        }
    }

    /// Composes changes as a person on this device, with the basis that it knows.
    pub fn compose<T>(
        &self,
        world: &World,
        author: PersonId,
        compose: impl FnOnce(&mut Composer<'_, '_>) -> T,
    ) -> (Vec<Change>, T) {
        world.compose(self.session.device, author, self.grants, compose)
    }

    /// Puts changes into the next batch.
    pub fn batch(&mut self, changes: &[Change]) -> Batch {
        self.number += 1;
        self.batch_of(changes.iter().map(letter).collect())
    }

    /// Signs letters under the present number.
    pub fn batch_of(&self, letters: Vec<Letter>) -> Batch {
        let hashes: Vec<_> = letters.iter().map(seal::hash).collect();
        let signature = self.key.sign_batch(self.incarnation, self.number, &hashes);
        Batch { incarnation: self.incarnation, number: self.number, letters, signature, receipts: Default::default() }
    }

    pub fn request(&self, batch: Option<Batch>) -> Exchange {
        Exchange {
            epoch: self.epoch,
            cursor: self.cursor.clone(),
            batch,
            notes_seen: 0,
            notes: vec![],
            copies: vec![],
            room: self.room,
            app: "0.1.0".into(),
        }
    }

    /// One round trip; what comes is stored.
    pub fn exchange(&mut self, world: &World, batch: Option<Batch>) -> Result<Reply, Failure> {
        let reply = world.hub.exchange(&self.session, self.request(batch), world.now())?;
        self.store(&reply);
        Ok(reply)
    }

    /// Stores a reply as a device does: lost audiences leave, then what came is put over what was there.
    pub fn store(&mut self, reply: &Reply) {
        for record in self.stored.values_mut() {
            record.head.audiences.retain(|atom| !reply.lost.contains(atom));
        }
        self.stored
            .retain(|_, record| !record.head.audiences.is_empty() && !reply.forget.contains(&record.head.subject));
        for record in reply.echoes.iter().chain(&reply.page) {
            let newer = self.stored.get(&record.head.id).is_none_or(|stored| stored.seq <= record.seq);
            if newer {
                self.stored.insert(record.head.id, record.clone());
            }
        }
        self.received += reply.page.len();
        self.cursor = Some(reply.cursor.clone());
        self.epoch = Some(reply.epoch);
        self.grants = reply.grants;
    }

    /// Exchanges until nothing more is ready.
    pub fn sync(&mut self, world: &World) {
        for _ in 0..10_000 {
            if !self.exchange(world, None).unwrap().more {
                return;
            }
        }
        panic!("the server always has more");
    }

    /// Sends changes and returns the verdicts.
    pub fn send(&mut self, world: &World, changes: &[Change]) -> Vec<Answered> {
        let batch = self.batch(changes);
        self.exchange(world, Some(batch)).unwrap().verdicts
    }

    pub fn holds(&self, id: RecordId) -> bool {
        self.stored.contains_key(&id)
    }
}

pub fn letter(change: &Change) -> Letter {
    let salt = seal::Hash::of(change.id.0.as_bytes()).to_string()[..32].to_owned();
    Letter::seal(change, Salt(salt)).unwrap()
}

pub fn code(answered: &Answered) -> &str {
    match &answered.verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Held { .. } => "held",
        Verdict::Refused { code } | Verdict::Later { code, .. } => code,
    }
}
