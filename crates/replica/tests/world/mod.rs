//! Devices by name and a server that answers by the rules of merging alone.
#![allow(dead_code, unreachable_pub, missing_docs)] // each test file uses a part
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use nursery::core::{Act, Done, Records};
use records::wire::{Answered, Cursor, Exchange, Reply, Verdict};
use records::{
    ActId, Atom, Change, ChangeId, Day, DeviceId, DeviceTime, Epoch, FeedId, GrantsVersion, Head, KindName, PersonId,
    Record, RecordId, Seen, Seq, ServerTime, Subject, Write,
};
use replica::{Counter, Fault, Key, Keys, Pace, ServerKey, Store, Unopened};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub const TODAY_MS: i64 = 1_795_500_000_000; // 2026-11-24 in the morning
static FOLDERS: AtomicU64 = AtomicU64::new(0);

/// A folder that goes when the test ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sazanami-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[derive(Clone, Default)]
pub struct Keyring(pub Arc<Mutex<u64>>);

impl Counter for Keyring {
    fn get(&self) -> Result<u64, String> {
        Ok(*self.0.lock().unwrap())
    }
    fn set(&mut self, value: u64) -> Result<(), String> {
        *self.0.lock().unwrap() = value;
        Ok(())
    }
}

pub fn server_keys() -> seal::ServerKeys {
    seal::ServerKeys::from_seed([9; 32])
}

pub fn keys(database: u8, opening: u64) -> Keys {
    let mut chance = [database; 32];
    chance[..8].copy_from_slice(&opening.to_le_bytes());
    Keys {
        database: Key([database; 32]),
        device: seal::DeviceKey::from_seed([database; 32]),
        server: Some(ServerKey { public: server_keys().public(), seal: server_keys().outbox_seal().unwrap() }),
        chance,
        app: "0.1.0".into(),
    }
}

/// A tablet in whose hands one person's entries are made.
pub struct Tablet {
    pub folder: Folder,
    pub keyring: Keyring,
    pub number: u8,
    pub openings: u64,
    store: Option<Store>,
    ids: u128,
}

impl Tablet {
    pub fn new(number: u8) -> Self {
        let mut tablet = Self {
            folder: Folder::new(),
            keyring: Keyring::default(),
            number,
            openings: 0,
            store: None,
            ids: u128::from(number) << 64,
        };
        tablet.open().unwrap();
        tablet
    }

    pub fn path(&self) -> PathBuf {
        self.folder.0.join("store.db")
    }

    pub fn open(&mut self) -> Result<(), Unopened> {
        self.store = None;
        self.openings += 1;
        let keys = keys(self.number, self.openings);
        self.store = Some(Store::open(&self.path(), keys, Box::new(self.keyring.clone()))?);
        Ok(())
    }

    pub fn close(&mut self) {
        self.store = None;
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 | self.ids)
    }

    /// A change that is an act by itself.
    pub fn change(&mut self, head: &Head, field: &str, value: &str, over: &[ChangeId]) -> Change {
        let writes =
            vec![Write { field: field.into(), value: Some(value.into()), over: over.iter().copied().collect() }];
        Change {
            id: ChangeId(self.id()),
            act: ActId(self.id()),
            head: head.clone(),
            writes,
            author: PersonId(Uuid::from_u128(u128::from(self.number) + 100)),
            device: DeviceId(Uuid::from_u128(u128::from(self.number))),
            basis: GrantsVersion(0),
            at: DeviceTime(TODAY_MS),
            app: "0.1.0".into(),
        }
    }

    /// Saves one write and gives its change.
    pub fn write(&mut self, head: &Head, value: &str, over: &[ChangeId]) -> ChangeId {
        let change = self.change(head, "text", value, over);
        let id = change.id;
        self.store().save(&act(vec![change]), Pace::Now).unwrap();
        id
    }

    /// Saves one write as while typing.
    pub fn types(&mut self, head: &Head, value: &str, over: &[ChangeId]) -> ChangeId {
        let change = self.change(head, "text", value, over);
        let id = change.id;
        self.store().save(&act(vec![change]), Pace::Resting).unwrap();
        id
    }

    pub fn next(&mut self) -> Exchange {
        self.store().next(None, DeviceTime(TODAY_MS)).unwrap()
    }

    pub fn take(&mut self, reply: &Reply) {
        self.store().take(reply, DeviceTime(TODAY_MS)).unwrap();
    }

    /// One whole round trip.
    pub fn sync(&mut self, server: &mut Server) {
        let exchange = self.next();
        let reply = server.answer(&exchange);
        self.take(&reply);
    }

    pub fn record(&mut self, head: &Head) -> Option<Record> {
        self.store().records().unwrap().get(head.id).unwrap()
    }

    /// Every text that is shown in the field `text`.
    pub fn texts(&mut self, head: &Head) -> Vec<String> {
        let Some(record) = self.record(head) else { return vec![] };
        let Some(register) = record.fields.get("text") else { return vec![] };
        register.entries.iter().filter_map(|e| Some(e.value.as_ref()?.as_str()?.to_owned())).collect()
    }

    /// What a form that shows the text would bring back.
    pub fn seen(&mut self, head: &Head) -> Vec<ChangeId> {
        self.record(head).map(|r| r.seen("text").into_iter().collect()).unwrap_or_default()
    }

    pub fn fault(&mut self, reply: &Reply) -> Fault {
        self.store().take(reply, DeviceTime(TODAY_MS)).unwrap_err()
    }
}

pub fn act(changes: Vec<Change>) -> Act {
    Act { changes, done: Done::default() }
}

/// Changes that share one act.
pub fn together(mut changes: Vec<Change>) -> Act {
    let one = changes[0].act;
    changes.iter_mut().for_each(|c| c.act = one);
    act(changes)
}

pub fn head_of(kind: &str, number: u128) -> Head {
    Head {
        id: RecordId(Uuid::from_u128(0xA000 + number)),
        kind: KindName(kind.to_owned().into()),
        feed: FeedId(Uuid::from_u128(0xF)),
        subject: Subject(Uuid::from_u128(0xC)),
        day: None,
        keys: vec![],
        audiences: BTreeSet::from([Atom("staff@f".into())]),
    }
}

/// A note that several people write.
pub fn note(number: u128) -> Head {
    head_of("care_note", number)
}

/// A punch of a day, counted from 1970-01-01.
pub fn punch(number: u128, day: i32) -> Head {
    Head { day: Some(Day::from_number(day)), keys: vec![Uuid::from_u128(0xC)], ..head_of("punch", number) }
}

/// Accepts everything but what it was told to refuse; no rights, one feed.
pub struct Server {
    pub epoch: Epoch,
    pub records: BTreeMap<RecordId, Record>,
    pub verdicts: BTreeMap<ChangeId, Verdict>,
    pub will: BTreeMap<ChangeId, Verdict>,
    pub seq: u64,
    pub now: i64,
    pub page: usize,
    pub applied: Vec<ChangeId>,
    /// It lets devices go of copies.
    pub takes_copies: bool,
}

impl Server {
    pub fn new() -> Self {
        Self {
            epoch: Epoch(Uuid::from_u128(1)),
            records: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            will: BTreeMap::new(),
            seq: 0,
            now: TODAY_MS,
            page: 1_000,
            applied: vec![],
            takes_copies: true,
        }
    }

    pub fn will(&mut self, change: ChangeId, verdict: Verdict) {
        self.will.insert(change, verdict);
    }

    pub fn refuse(&mut self, change: ChangeId) {
        self.will(change, Verdict::Refused { code: "not_allowed".into() });
    }

    pub fn accept(&mut self, change: &Change) -> Verdict {
        if let Some(known) = self.verdicts.get(&change.id) {
            return known.clone();
        }
        if let Some(verdict) = self.will.get(&change.id) {
            let verdict = verdict.clone();
            if !matches!(verdict, Verdict::Later { .. }) {
                self.verdicts.insert(change.id, verdict.clone());
            }
            return verdict;
        }
        let verdicts = &self.verdicts;
        let met = |id: ChangeId| matches!(verdicts.get(&id), Some(Verdict::Accepted { .. }));
        let before = self.records.get(&change.head.id).cloned();
        let mut record = records::apply(before, change, &met).unwrap();
        self.seq += 1;
        record.seq = Some(Seq(self.seq));
        self.records.insert(record.head.id, record);
        self.applied.push(change.id);
        let verdict = Verdict::Accepted { seq: Seq(self.seq), receipt: format!("r{}", self.seq) };
        self.verdicts.insert(change.id, verdict.clone());
        verdict
    }

    pub fn answer(&mut self, exchange: &Exchange) -> Reply {
        let mut verdicts = vec![];
        let mut echoes = vec![];
        for letter in exchange.batch.iter().flat_map(|b| &b.letters) {
            let change = letter.open().unwrap();
            let verdict = self.accept(&change);
            if matches!(verdict, Verdict::Accepted { .. }) {
                echoes.push(change.head.id);
            }
            verdicts.push(Answered { change: change.id, verdict });
        }
        let known = exchange.epoch == Some(self.epoch);
        let from: u64 = exchange.cursor.as_ref().filter(|_| known).map_or(0, |c| c.0.parse().unwrap());
        let mut all: Vec<&Record> = self.records.values().filter(|r| r.seq.unwrap().0 > from).collect();
        all.sort_by_key(|r| r.seq);
        let more = all.len() > self.page;
        let page: Vec<Record> = all.into_iter().take(self.page).cloned().collect();
        let cursor = page.last().map_or(from, |r| r.seq.unwrap().0);
        self.now += 1_000;
        Reply {
            epoch: self.epoch,
            grants: GrantsVersion(1),
            verdicts,
            echoes: echoes.iter().map(|id| self.records[id].clone()).collect(),
            page,
            lost: vec![],
            forget: vec![],
            notes: vec![],
            want: vec![],
            copied: exchange.copies.iter().filter(|_| self.takes_copies).map(|copy| copy.head.id).collect(),
            cursor: Cursor(cursor.to_string()),
            more,
            now: ServerTime(self.now),
            schema: 1,
        }
    }
}

pub fn batch_ids(exchange: &Exchange) -> Vec<ChangeId> {
    exchange.batch.iter().flat_map(|b| &b.letters).map(|l| l.open().unwrap().id).collect()
}

pub fn seen(ids: &[ChangeId]) -> Seen {
    ids.iter().copied().collect()
}
