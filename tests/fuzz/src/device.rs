//! The files of a device, damaged or of somebody else: opening says what is wrong, and nothing is deleted.

use crate::bytes::Bytes;
use crate::merge;
use nursery::core::{Act, Done};
use replica::{Counter, Key, Keys, Pace, ServerKey, Store, sealed_path};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// A store in which something waits: the database and the sealed outbox beside it.
struct Whole {
    database: Vec<u8>,
    outbox: Vec<u8>,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut store = Store::open(&path, keys(), Box::new(Keyring(0))).unwrap();
    for number in 0..3 {
        let act = Act { changes: vec![merge::any(number)], done: Done::default() };
        store.save(&act, Pace::Now).unwrap();
    }
    drop(store);
    Whole { database: fs::read(&path).unwrap(), outbox: fs::read(sealed_path(&path)).unwrap() }
});

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

fn keys() -> Keys {
    let server = seal::ServerKeys::from_seed([9; 32]);
    Keys {
        database: Key([1; 32]),
        device: seal::DeviceKey::from_seed([1; 32]),
        server: Some(ServerKey { public: server.public(), seal: server.outbox_seal().unwrap() }),
        chance: [1; 32],
        app: "0.1.0".into(),
    }
}

pub fn open(data: &[u8]) {
    let mut bytes = Bytes(data);
    let whole = &*WHOLE;
    let shape = bytes.byte();
    let (database, outbox) = match shape % 4 {
        0 => (bytes.rest().to_vec(), whole.outbox.clone()),
        1 => (whole.database.clone(), bytes.rest().to_vec()),
        2 => (bytes.damage(&whole.database), whole.outbox.clone()),
        _ => (whole.database.clone(), bytes.damage(&whole.outbox)),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    fs::write(&path, &database).unwrap();
    fs::write(sealed_path(&path), &outbox).unwrap();
    match Store::open(&path, keys(), Box::new(Keyring(u64::from(shape >> 6)))) {
        Ok(store) => opened(&store, &path, &outbox),
        Err(why) => {
            assert!(!why.to_string().is_empty());
            assert!(fs::read(&path).unwrap() == database, "a store that does not open was changed: {why}");
            assert!(fs::read(sealed_path(&path)).unwrap() == outbox, "so was what waits for the server: {why}");
        }
    }
}

/// What waits in the database lies in the sealed file too, behind whatever was whole of it.
fn opened(store: &Store, path: &Path, before: &[u8]) {
    let Ok(waiting) = store.queue() else { return };
    let after = fs::read(sealed_path(path)).unwrap();
    let items = seal::frames(&after).count();
    assert!(items >= waiting.len(), "{} wait, {items} are sealed", waiting.len());
    if !waiting.is_empty() {
        let mut frames = seal::frames(before);
        frames.by_ref().for_each(drop);
        assert!(after.starts_with(&before[..frames.whole_bytes()]), "a whole item was taken out of the file");
    }
}
