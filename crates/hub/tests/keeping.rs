//! What the server keeps: sealed, whole, and taken away for good where it must be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use hub::{Hub, Restriction};
use nursery::access::Principal;
use nursery::core::{Composer, Records};
use nursery::devices::Purpose;
use nursery::ids::ChildId;
use nursery::people::Role;
use records::wire::Exchange;
use records::{RecordId, ServerTime, Subject};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use world::tablet::code;
use world::{DAY_MS, World, absence, arrival};

fn announce(world: &World, child: ChildId) -> RecordId {
    world.make_about(world.wakaba.into(), child, Some(world.today()), absence(child))
}

fn punch(c: &mut Composer<'_, '_>, world: &World, child: ChildId) -> RecordId {
    let new = arrival(c.at(), child);
    let keys = new.key_ids();
    c.make(world.wakaba.into(), child.into(), Some(world.today()), new, keys).unwrap()
}

#[test]
fn rule_46_a_dump_of_the_database_tells_no_name_and_no_field() {
    let world = World::new();
    let hana = world.child("ひみつのなまえ", world.wakaba, world.usagi);
    announce(&world, hana);
    world.tablet("うさぎ組 1", world.wakaba).sync(&world);
    let dump = world.folder.path().join("dump.db");
    world.hub.backup(&dump).unwrap();
    let mut bytes = std::fs::read(&dump).unwrap();
    bytes.extend(std::fs::read(world.folder.path().join("restrictions.log")).unwrap());
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for text in ["ひみつのなまえ", "わかば保育園", "うさぎ組", "fever", "announced", "announcement", "guardianship"]
    {
        assert!(!found(text), "{text} is readable");
    }
    assert!(found("staff@"), "audiences are in the clear, as said in docs/schema.sql");
}

#[test]
fn rule_54_an_act_that_fails_twice_is_held_and_the_others_go_on() {
    let world = World::new();
    let (hana, sora) = (world.child("はな", world.wakaba, world.usagi), world.child("そら", world.wakaba, world.usagi));
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let (made, id) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    tablet.send(&world, &made);
    // the stored body of this one record is damaged on disk
    let file = Connection::open(world.folder.path().join("hub.db")).unwrap();
    file.execute("UPDATE record SET body = zeroblob(40) WHERE id = ?1", [id.0.as_bytes()]).unwrap();
    let (mut changes, ()) = tablet.compose(&world, sato, |c| {
        let value = serde_json::json!({"reason": "undo"});
        let write = records::Write { field: "void".into(), value: Some(value), over: Default::default() };
        c.write(made[0].head.clone(), vec![write]);
    });
    let (other, other_id) = tablet.compose(&world, sato, |c| punch(c, &world, sora));
    changes.extend(other);
    let batch = tablet.batch(&changes);
    let reply = tablet.exchange(&world, Some(batch)).unwrap();
    assert_eq!(reply.verdicts.iter().map(code).collect::<Vec<_>>(), ["held", "accepted"]);
    assert!(world.exists(other_id));
    assert_eq!(world.hub.broken_records().unwrap(), [id]);
    let mut fresh = world.tablet("うさぎ組 2", world.wakaba);
    fresh.sync(&world);
    assert!(fresh.holds(other_id) && !fresh.holds(id), "one damaged record does not stop everybody's pull");
}

#[test]
fn an_erased_subject_is_gone_for_ever_and_devices_forget_it() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let id = announce(&world, hana);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    let (late, _) = tablet.compose(&world, sato, |c| punch(c, &world, hana));
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    world.hub.restrict(Restriction::Erase { subject: Subject(hana.0) }, world.now()).unwrap();
    assert!(!world.exists(id));
    let verdicts = tablet.send(&world, &late);
    assert_eq!(code(&verdicts[0]), "gone");
    assert!(!tablet.stored.values().any(|record| record.head.subject.0 == hana.0));
    assert_eq!(world.hub.broken_chains().unwrap(), [], "the chain is whole without the bodies");
    // an old backup does not bring it back
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    assert!(!world.exists(id));
}

#[test]
fn a_restore_brings_data_back_and_never_rights() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let mut phone = world.phone(mother);
    let id = announce(&world, hana);
    phone.sync(&world);
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    world.protect(hana, mother);
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    tablet.sync(&world);
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    assert!(world.exists(id));
    let mother = Principal::Person(mother);
    assert!(world.hub.records_for(mother, world.now()).unwrap().get(id).unwrap().is_none());
    assert_eq!(world.hub.open_notes().unwrap().len(), 1, "the office is told what it must enter again");
    phone.sync(&world);
    assert!(!phone.holds(id));
}

#[test]
fn a_file_of_restrictions_that_was_damaged_is_not_cut_but_told() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let people: Vec<_> = (0..5).map(|_| world.guardian("親", hana)).collect();
    for person in people {
        world.hub.restrict(Restriction::Block { person }, world.now()).unwrap();
    }
    let path = world.folder.path().join("restrictions.log");
    let whole = std::fs::read(&path).unwrap();
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    let opens = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let opened = Hub::open(world.folder.path(), [4; 32], world.now()).map(|hub| hub.open_notes().unwrap().len());
        let told =
            opened.map_err(|error| error.to_string().contains("in its place, or see \"A lost restrictions.log\""));
        (told, std::fs::read(&path).unwrap() == bytes)
    };
    for at in [0, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        assert_eq!(opens(&damaged), (Err(true), true), "byte {at}");
    }
    let torn = [&whole[..], &whole[..20]].concat();
    assert_eq!(opens(&torn), (Ok(5), false));
    assert_eq!(std::fs::read(&path).unwrap(), whole, "what a crash left is cut off");
}

/// A server with five blocked people that was stopped, its file of restrictions, and where each note in it ends.
struct Stopped {
    world: World,
    path: PathBuf,
    whole: Vec<u8>,
    ends: Vec<usize>,
}

impl Stopped {
    fn new() -> Self {
        let mut world = World::new();
        let path = world.folder.path().join("restrictions.log");
        let mut ends = vec![];
        let blocked: Vec<_> = (0..5).map(|_| world.staff("親", world.wakaba, Role::Caregiver)).collect();
        for person in &blocked {
            world.hub.restrict(Restriction::Block { person: *person }, world.now()).unwrap();
            ends.push(usize::try_from(std::fs::metadata(&path).unwrap().len()).unwrap());
        }
        let whole = std::fs::read(&path).unwrap();
        world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
        Self { world, path, whole, ends }
    }

    /// Starts the server: how many are restricted, or what the operator reads.
    fn starts(&self) -> Result<usize, String> {
        let hub = Hub::open(self.world.folder.path(), [4; 32], self.world.now()).map_err(|error| error.to_string())?;
        Ok(hub.open_notes().unwrap().len())
    }

    fn lacks(&self, first: u64, more: usize) {
        let told = self.starts().unwrap_err();
        assert!(told.contains(&format!("lacks restriction {first} and {more} more")), "{told}");
        assert!(told.contains("docs/operations.md"), "{told}");
    }
}

#[test]
fn a_file_of_restrictions_that_is_missing_or_ends_too_early_is_no_silent_start() {
    let stopped = Stopped::new();
    std::fs::remove_file(&stopped.path).unwrap();
    stopped.lacks(1, 4);
    stopped.lacks(1, 4); // a second try is no way out
    for (lost, end) in [(5, 0), (4, stopped.ends[0]), (1, stopped.ends[3])] {
        let first = 6 - lost as u64;
        std::fs::write(&stopped.path, &stopped.whole[..end]).unwrap();
        stopped.lacks(first, lost - 1);
        let inside = &stopped.whole[..end + 30];
        std::fs::write(&stopped.path, inside).unwrap();
        stopped.lacks(first, lost - 1);
        assert_eq!(std::fs::read(&stopped.path).unwrap(), inside, "what may be a restriction is not cut off");
    }
    let without_the_second = [&stopped.whole[..stopped.ends[0]], &stopped.whole[stopped.ends[1]..]].concat();
    std::fs::write(&stopped.path, without_the_second).unwrap();
    stopped.lacks(2, 0);
    std::fs::write(&stopped.path, &stopped.whole).unwrap();
    assert_eq!(stopped.starts(), Ok(5), "a copy of it put in its place");
}

#[test]
fn a_lost_file_of_restrictions_is_written_again_from_what_the_database_knows() {
    let stopped = Stopped::new();
    let folder = stopped.world.folder.path();
    let mend = || hub::mend_restrictions(folder, [6; 32], stopped.world.now()).unwrap();
    std::fs::remove_file(&stopped.path).unwrap();
    assert_eq!(mend(), hub::Mended { back: vec![1, 2, 3, 4, 5], before: None });
    assert_eq!(std::fs::read(&stopped.path).unwrap(), stopped.whole);
    assert_eq!(stopped.starts(), Ok(5));

    let mut damaged = stopped.whole.clone();
    damaged[stopped.ends[1] + 20] ^= 1;
    std::fs::write(&stopped.path, &damaged).unwrap();
    assert!(stopped.starts().is_err());
    let mended = mend();
    assert_eq!(mended.back, [3, 4, 5]);
    assert_eq!(std::fs::read(mended.before.unwrap()).unwrap(), damaged, "what was there stays beside it");
    assert_eq!(stopped.starts(), Ok(5));
    assert_eq!(mend().back, [0; 0], "twice is no fault");
}

#[test]
fn a_database_of_long_ago_opens_with_the_newer_file_and_learns_from_it() {
    let mut world = World::new();
    let [early, late] = [(); 2].map(|()| world.staff("職員", world.wakaba, Role::Caregiver));
    world.hub.restrict(Restriction::Block { person: early }, world.now()).unwrap();
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    world.hub.restrict(Restriction::Block { person: late }, world.now()).unwrap();
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    let open = || Hub::open(world.folder.path(), [5; 32], world.now());
    assert_eq!(open().unwrap().open_notes().unwrap().len(), 2);
    // from now on it knows the second too
    let path = world.folder.path().join("restrictions.log");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(open().err().unwrap().to_string().contains("lacks restriction 2 and 0 more"));
}

#[test]
fn a_backup_of_a_newer_program_leaves_the_database_in_its_place() {
    let world = World::new();
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    Connection::open(&backup).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let World { folder, hub, .. } = world;
    drop(hub);
    let names = || {
        let all = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        all.collect::<std::collections::BTreeSet<_>>()
    };
    let (database, before) = (std::fs::read(folder.path().join("hub.db")).unwrap(), names());
    assert!(hub::restore(folder.path(), &backup, [4; 32], ServerTime(0)).is_err());
    assert!(std::fs::read(folder.path().join("hub.db")).unwrap() == database);
    assert_eq!(names(), before, "nothing is left behind");
}

#[test]
fn a_restore_opens_no_session_and_no_link_again() {
    let mut world = World::new();
    let sato = world.staff("佐藤", world.wakaba, nursery::people::Role::Caregiver);
    let session = world.hub.session_open(sato, DAY_MS, world.now()).unwrap();
    let link = world.hub.link_make(sato, DAY_MS, world.now()).unwrap();
    let tablet = world.hub.admit(world.wakaba.0, Purpose::ClassTablet, "うさぎ組 1", &"0".repeat(64), world.now());
    let (device, token) = tablet.unwrap();
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    world.hub.sessions_close_all(sato, world.now()).unwrap();
    world.hub.link_use(&link, DAY_MS, world.now()).unwrap();
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    assert_eq!(world.hub.session_of(&session.token, world.now()).unwrap_err().code(), "not_found");
    assert_eq!(world.hub.link_use(&link, DAY_MS, world.now()).unwrap_err().code(), "not_found");
    assert_eq!(world.hub.device_of(&token).unwrap(), device, "a device offers again what was lost");
}

#[test]
fn notes_come_back_from_a_tablet_when_their_file_was_lost() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let id = announce(&world, hana);
    let backup = world.folder.path().join("backup.db");
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    world.hub.backup(&backup).unwrap();
    world.protect(hana, mother);
    let notes = tablet.exchange(&world, None).unwrap().notes;
    assert_eq!(notes.len(), 1);
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    std::fs::remove_file(world.folder.path().join("restrictions.log")).unwrap();
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    let sees = |world: &World| {
        world.hub.records_for(Principal::Person(mother), world.now()).unwrap().get(id).unwrap().is_some()
    };
    assert!(sees(&world));
    let mut request = tablet.request(None);
    let mut forged = notes.clone();
    forged[0].number += 1;
    request.notes = forged;
    assert_eq!(world.hub.exchange(&tablet.session, request.clone(), world.now()).unwrap_err().code(), "bad_signature");
    request.notes = notes;
    world.hub.exchange(&tablet.session, request, world.now()).unwrap();
    assert!(!sees(&world));
}

#[test]
fn a_note_comes_back_although_its_number_was_given_anew_after_the_loss() {
    let mut world = World::new();
    let [early, late] = [(); 2].map(|()| world.staff("職員", world.wakaba, Role::Caregiver));
    let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
    let backup = world.folder.path().join("backup.db");
    world.hub.backup(&backup).unwrap();
    world.hub.restrict(Restriction::Block { person: early }, world.now()).unwrap();
    let notes = tablet.exchange(&world, None).unwrap().notes;
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    hub::restore(world.folder.path(), &backup, [4; 32], world.now()).unwrap();
    std::fs::remove_file(world.folder.path().join("restrictions.log")).unwrap();
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    world.hub.restrict(Restriction::Block { person: late }, world.now()).unwrap();
    assert_eq!(world.hub.open_notes().unwrap()[0].number, notes[0].number);
    let blocked =
        |world: &World, person| world.hub.held(Principal::Person(person), world.now()).unwrap().standing.blocked;
    assert_eq!((blocked(&world, early), blocked(&world, late)), (false, true));
    for _ in 0..2 {
        let request = Exchange { notes: notes.clone(), ..tablet.request(None) };
        world.hub.exchange(&tablet.session, request, world.now()).unwrap();
        assert_eq!((blocked(&world, early), blocked(&world, late)), (true, true));
        assert_eq!(world.hub.open_notes().unwrap().len(), 2);
    }
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [6; 32], world.now()).unwrap());
    world.hub = Arc::new(Hub::open(world.folder.path(), [7; 32], world.now()).unwrap());
    assert_eq!((blocked(&world, early), blocked(&world, late)), (true, true));
}

#[test]
fn a_blocked_person_sees_and_writes_nothing_until_released() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let mother = world.guardian("母", hana);
    let id = announce(&world, hana);
    let sees = || world.hub.records_for(Principal::Person(mother), world.now()).unwrap().get(id).unwrap().is_some();
    assert!(sees());
    world.hub.restrict(Restriction::Block { person: mother }, world.now()).unwrap();
    assert!(!sees());
    world.hub.restrict(Restriction::Block { person: mother }, world.now()).unwrap();
    assert_eq!(world.hub.open_notes().unwrap().len(), 1, "said once is said for ever");
    let written = world.in_browser(mother, |c| {
        let new = absence(hana);
        let keys = new.key_ids();
        c.make(world.wakaba.into(), hana.into(), Some(world.today()), new, keys).unwrap();
    });
    assert_eq!(written.unwrap().refused(), Some("not_allowed"));
    let number = world.hub.open_notes().unwrap()[0].number;
    world.hub.release(number, world.now()).unwrap();
    assert!(sees());
}

#[test]
fn the_store_survives_being_closed_at_any_time() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let id = announce(&world, hana);
    let epoch = world.hub.epoch();
    world.reopen();
    assert_eq!(world.hub.epoch(), epoch);
    assert!(world.exists(id));
}

#[test]
fn an_import_is_written_wholly_or_not_at_all() {
    let world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let (mut changes, ids) = world.compose(
        records::DeviceId(nursery::server::SYSTEM.0),
        nursery::server::SYSTEM,
        records::GrantsVersion(0),
        |c| {
            let mut ids = vec![];
            for _ in 0..700 {
                c.next_act();
                ids.push(punch(c, &world, hana));
            }
            ids
        },
    );
    changes[650].head.audiences.clear();
    let failure = world.hub.system(changes.clone(), world.now()).unwrap_err();
    assert_eq!(failure.code(), "bad_input");
    assert!(!ids.iter().any(|id| world.exists(*id)));
    changes.remove(650);
    world.hub.system(changes, world.now()).unwrap();
    assert_eq!(ids.iter().filter(|id| world.exists(**id)).count(), 699);
}

#[test]
fn rule_25_pokes_go_to_those_who_may_hold_what_moved() {
    let world = World::new();
    let (hana, sora) = (world.child("はな", world.wakaba, world.usagi), world.child("そら", world.wakaba, world.usagi));
    let (mother, other) = (world.guardian("母", hana), world.guardian("父", sora));
    let woken = Arc::new(AtomicUsize::new(0));
    let listen = |of| {
        let woken = Arc::clone(&woken);
        world
            .hub
            .subscribe(of, world.now(), move || {
                woken.fetch_add(1, Ordering::SeqCst);
            })
            .unwrap()
    };
    let (hers, others) = (listen(Principal::Person(mother)), listen(Principal::Person(other)));
    announce(&world, hana);
    assert_eq!(hers.take().kinds, ["announcement"].into());
    assert_eq!(others.take(), hub::Touched::default());
    assert_eq!(woken.load(Ordering::SeqCst), 1);
    announce(&world, hana);
    announce(&world, hana);
    assert_eq!(hers.take().kinds, ["announcement"].into(), "coalesced");
    assert_eq!(hers.take(), hub::Touched::default());
    // a block is effective at once: told that rights moved, then nothing more
    world.protect(hana, mother);
    assert!(hers.take().all);
    announce(&world, hana);
    assert_eq!(hers.take(), hub::Touched::default());
    world.hub.held(Principal::Person(mother), world.now()).unwrap();
    announce(&world, hana);
    assert_eq!(hers.take(), hub::Touched::default());
    // rights move elsewhere; whoever asks next is told again what moves for them
    let _ = others.take();
    world
        .in_browser(other, |c| {
            let new = absence(sora);
            let keys = new.key_ids();
            c.make(world.wakaba.into(), sora.into(), Some(world.today()), new, keys).unwrap();
        })
        .unwrap();
    world.hub.held(Principal::Person(other), world.now()).unwrap();
    announce(&world, sora);
    assert_eq!(others.take().kinds, ["announcement"].into());
    let before = woken.load(Ordering::SeqCst);
    drop(others);
    announce(&world, sora);
    assert_eq!(woken.load(Ordering::SeqCst), before);
}

#[test]
fn a_server_of_an_older_version_does_not_open_a_newer_store() {
    let world = World::new();
    let file = Connection::open(world.folder.path().join("hub.db")).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    let opened = Hub::open(world.folder.path(), [1; 32], ServerTime(0));
    assert!(matches!(opened, Err(hub::StoreError::In("hub.db", why)) if matches!(*why, hub::StoreError::Newer(999))));
}

#[cfg(unix)]
#[test]
fn what_the_server_keeps_is_readable_by_the_server_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    for file in ["server.key", "keys.db", "hub.db", "hub.db-wal", "restrictions.log"] {
        let mode = std::fs::metadata(world.folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_key_that_outlived_its_erasure_is_dropped_when_the_server_opens() {
    let mut world = World::new();
    let hana = world.child("はな", world.wakaba, world.usagi);
    let keys = world.folder.path().join("keys.db");
    let kept = world.folder.path().join("kept.db");
    std::fs::copy(&keys, &kept).unwrap();
    world.hub.restrict(Restriction::Erase { subject: Subject(hana.0) }, world.now()).unwrap();
    world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
    std::fs::copy(&kept, &keys).unwrap(); // as if the server had stopped between note and key
    world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    let count = Connection::open(&keys).unwrap().query_row(
        "SELECT count(*) FROM subject_key WHERE subject = ?1",
        [hana.0.as_bytes()],
        |row| row.get::<_, i64>(0),
    );
    assert_eq!(count.unwrap(), 0);
}
