//! The files of a server: restrictions, keys, database, and a backup to be restored.

use crate::bytes::Bytes;
use hub::{Hub, Restriction};
use records::{PersonId, ServerTime};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use uuid::Uuid;

const NOW: ServerTime = ServerTime(1_795_474_800_000);
const DATABASE: &str = "hub.db";
const NOTES: &str = "restrictions.log";
const FILES: [&str; 4] = [DATABASE, "keys.db", NOTES, "server.key"];

/// Every file of a server that has restricted somebody, and a backup of it.
struct Whole {
    files: [Vec<u8>; 4],
    backup: Vec<u8>,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::open(folder.path(), [1; 32], NOW).unwrap();
    for person in 1..4 {
        hub.restrict(Restriction::Block { person: PersonId(Uuid::from_u128(person)) }, NOW).unwrap();
    }
    let backup = folder.path().join("backup.db");
    hub.backup(&backup).unwrap();
    drop(hub);
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    Whole { files: FILES.map(read), backup: read("backup.db") }
});

pub fn open(data: &[u8]) {
    let mut bytes = Bytes(data);
    let whole = &*WHOLE;
    let shape = bytes.byte();
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in FILES.iter().zip(&whole.files) {
        fs::write(folder.path().join(name), file).unwrap();
    }
    let damaged =
        |file: &[u8], bytes: &mut Bytes<'_>| if shape & 8 == 0 { bytes.damage(file) } else { bytes.rest().to_vec() };
    let which = usize::from(shape % 5);
    match whole.files.get(which) {
        Some(file) => {
            let file = damaged(file, &mut bytes);
            fs::write(folder.path().join(FILES[which]), file).unwrap();
            start(folder.path());
        }
        None => restore(folder.path(), &damaged(&whole.backup, &mut bytes)),
    }
}

/// Starts, or says why not; restrictions are never cut away on the way to an error.
fn start(folder: &Path) {
    let before = fs::read(folder.join(NOTES)).unwrap();
    match Hub::open(folder, [2; 32], NOW) {
        Ok(hub) => {
            let _ = hub.open_notes();
            let _ = hub.broken_records();
        }
        Err(why) => {
            assert!(!why.to_string().is_empty());
            assert!(fs::read(folder.join(NOTES)).unwrap() == before, "restrictions were changed: {why}");
        }
    }
}

fn restore(folder: &Path, backup: &[u8]) {
    let path = folder.join("copy.db");
    fs::write(&path, backup).unwrap();
    let before = fs::read(folder.join(DATABASE)).unwrap();
    match hub::restore(folder, &path, [2; 32], NOW) {
        Ok(_) => start(folder),
        Err(why) => {
            assert!(!why.to_string().is_empty());
            assert!(fs::read(folder.join(DATABASE)).unwrap() == before, "a restore that failed changed it: {why}");
        }
    }
}
