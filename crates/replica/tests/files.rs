//! Files: keys, versions, damage, copies, crashes, and the sealed outbox.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use replica::{Unopened, sealed_path};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use world::{Server, Tablet, batch_ids, note};

#[test]
fn another_key_does_not_open_the_store_and_harms_nothing() {
    let mut tablet = Tablet::new(1);
    tablet.write(&note(1), "a", &[]);
    tablet.close();
    tablet.number = 2;
    assert!(matches!(tablet.open(), Err(Unopened::WrongKey)));
    tablet.number = 1;
    tablet.open().unwrap();
    assert_eq!(tablet.texts(&note(1)), ["a"]);
}

#[test]
fn nothing_readable_is_in_any_file() {
    let mut tablet = Tablet::new(1);
    tablet.write(&note(1), "himawari-gumi no hiyari", &[]);
    for file in std::fs::read_dir(&tablet.folder.0).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|w| w == b"himawari" || w == b"SQLite f"));
    }
}

#[test]
fn a_newer_store_is_left_alone() {
    let mut tablet = Tablet::new(1);
    tablet.close();
    let db = rusqlite::Connection::open(tablet.path()).unwrap();
    let key: String = [1u8; 32].iter().map(|b| format!("{b:02x}")).collect();
    db.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    assert!(matches!(tablet.open(), Err(Unopened::Newer { found: 999, .. })));
}

#[test]
fn a_file_that_was_cut_is_called_damaged_and_kept() {
    let mut tablet = Tablet::new(1);
    tablet.write(&note(1), "a", &[]);
    tablet.close();
    std::fs::write(tablet.path(), [7; 1000]).unwrap();
    assert!(matches!(tablet.open(), Err(Unopened::Damaged(_))));
    assert_eq!(std::fs::read(tablet.path()).unwrap(), [7; 1000]);
}

#[test]
fn rule_35_a_copy_of_the_store_begins_a_new_incarnation_and_keeps_its_changes() {
    let mut tablet = Tablet::new(1);
    let c1 = tablet.write(&note(1), "a", &[]);
    tablet.close();
    let copy = std::fs::read(tablet.path()).unwrap();
    tablet.open().unwrap();
    let before = tablet.next().batch.unwrap();
    tablet.close();
    let _ = std::fs::remove_file(tablet.path().with_extension("db-wal"));
    std::fs::write(tablet.path(), copy).unwrap();
    tablet.open().unwrap();
    let after = tablet.next();
    assert_eq!(batch_ids(&after), [c1]);
    assert_ne!(after.batch.unwrap().incarnation, before.incarnation);
}

#[test]
fn rule_35_reopening_the_same_store_is_the_same_incarnation() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.write(&note(1), "a", &[]);
    let exchange = tablet.next();
    let first = exchange.batch.as_ref().unwrap().clone();
    let reply = server.answer(&exchange);
    tablet.take(&reply);
    tablet.open().unwrap();
    tablet.write(&note(2), "b", &[]);
    let second = tablet.next().batch.unwrap();
    assert_eq!((second.incarnation, second.number), (first.incarnation, first.number + 1));
}

#[test]
fn rule_35_a_device_that_has_a_twin_begins_anew_and_keeps_its_changes() {
    let mut tablet = Tablet::new(1);
    let c1 = tablet.write(&note(1), "a", &[]);
    let first = tablet.next().batch.unwrap();
    tablet.store().renew().unwrap();
    let again = tablet.next();
    assert_eq!(batch_ids(&again), [c1]);
    let again = again.batch.unwrap();
    assert_ne!(again.incarnation, first.incarnation);
    assert_eq!(serde_json::to_string(&again.letters).unwrap(), serde_json::to_string(&first.letters).unwrap());
}

/// What the server would read from the sealed outbox: the texts in it.
fn sealed_texts(tablet: &Tablet) -> Vec<String> {
    let file = std::fs::read(sealed_path(&tablet.path())).unwrap();
    let keys = world::server_keys();
    let open = |item: &[u8]| -> records::Letter {
        serde_json::from_slice(&seal::open_item(keys.outbox_secret(), &item[32..]).unwrap()).unwrap()
    };
    let text =
        |letter: records::Letter| letter.open().unwrap().writes[0].value.as_ref().unwrap().as_str().unwrap().to_owned();
    seal::frames(&file).map(open).map(text).collect()
}

#[test]
fn rule_33_the_sealed_outbox_holds_what_waits_and_is_emptied_with_it() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.write(&note(1), "a", &[]);
    tablet.write(&note(2), "b", &[]);
    assert_eq!(sealed_texts(&tablet), ["a", "b"]);
    tablet.sync(&mut server);
    assert_eq!(sealed_texts(&tablet), Vec::<String>::new());
}

#[test]
fn rule_33_a_torn_tail_of_the_sealed_outbox_is_cut_and_made_good() {
    let mut tablet = Tablet::new(1);
    tablet.write(&note(1), "a", &[]);
    tablet.write(&note(2), "b", &[]);
    tablet.close();
    let path = sealed_path(&tablet.path());
    let whole = std::fs::read(&path).unwrap();
    for cut in [whole.len() - 1, whole.len() / 2 + 3, 5, 0] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        tablet.open().unwrap();
        assert_eq!(sealed_texts(&tablet), ["a", "b"], "cut at {cut}");
        tablet.close();
    }
}

/// Started by the test below as a process of its own; writes until it is killed.
#[test]
#[ignore = "the child of the next test"]
fn child_that_writes_until_it_is_killed() {
    let mut tablet = Tablet::new(1);
    let mut out = std::io::stdout();
    writeln!(out, "\nfolder {}", tablet.folder.0.display()).unwrap();
    for number in 0.. {
        tablet.write(&note(number), &format!("text {number}"), &[]);
        writeln!(out, "saved {number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child_that_writes_until_it_is_killed", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let folder = lines.find_map(|l| l.strip_prefix("folder ").map(ToOwned::to_owned)).unwrap();
    lines.by_ref().find(|l| l == "saved 40").unwrap();
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let last: u128 = lines.filter_map(|l| l.strip_prefix("saved ")?.parse().ok()).max().unwrap_or(40);

    let mut tablet = Tablet::new(1);
    tablet.close();
    tablet.folder = world::Folder(folder.into());
    tablet.open().unwrap();
    for number in 0..=last {
        assert_eq!(tablet.texts(&note(number)), [format!("text {number}")]);
    }
    let waiting = tablet.store().queue().unwrap().len();
    assert_eq!(sealed_texts(&tablet).len(), waiting);
}

/// Started by the test below as a process of its own; writes three times.
#[test]
#[ignore = "the child of the next test"]
fn child_that_writes_three_times() {
    let mut tablet = Tablet::new(1);
    tablet.close();
    tablet.folder = world::Folder(std::env::var_os("SAZANAMI_TEST_FOLDER").unwrap().into());
    tablet.open().unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "\nopen").unwrap();
    for number in 0..3 {
        tablet.write(&note(number), &format!("text {number}"), &[]);
        writeln!(out, "saved {number}").unwrap();
        out.flush().unwrap();
    }
    std::mem::forget(tablet); // the folder is the parent's
}

/// Runs the child with its power cut at the `nth` write to a file; what it said that it has saved, or `None` if it
/// came to its end.
#[cfg(target_os = "linux")]
fn saved_before_write(nth: usize, folder: &std::path::Path) -> Option<u128> {
    use std::os::unix::process::ExitStatusExt;
    let cut = format!("inject=pwrite64:signal=SIGKILL:when={nth}");
    let child = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", &cut])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child_that_writes_three_times", "--nocapture"])
        .env("SAZANAMI_TEST_FOLDER", folder)
        .output()
        .unwrap_or_else(|why| panic!("strace cuts the power here ({why}): apt-get install strace"));
    let said = String::from_utf8(child.stdout).unwrap();
    let killed = child.status.signal() == Some(9) || child.status.code() == Some(128 + 9);
    assert!(killed || child.status.success(), "strace cannot cut here: {}", String::from_utf8_lossy(&child.stderr));
    (!child.status.success()).then(|| said.lines().filter(|line| line.starts_with("saved ")).count() as u128)
}

#[test]
#[cfg(target_os = "linux")]
fn power_that_fails_at_any_write_takes_nothing_that_was_said_to_be_saved_and_leaves_no_half() {
    let mut cuts = 0;
    for nth in 1..2000 {
        let mut tablet = Tablet::new(1);
        tablet.close();
        let Some(saved) = saved_before_write(nth, &tablet.folder.0) else { break };
        cuts += 1;
        tablet.open().unwrap();
        let there: Vec<_> = (0..3).map(|number| tablet.texts(&note(number))).collect();
        for number in 0..saved {
            assert_eq!(there[number as usize], [format!("text {number}")], "write {nth}");
        }
        let more = there.iter().filter(|texts| !texts.is_empty()).count() as u128;
        assert!(more <= saved + 1, "write {nth}: {there:?}");
        let waiting = tablet.store().queue().unwrap().len();
        assert_eq!(waiting as u128, more, "write {nth}");
        assert_eq!(sealed_texts(&tablet).len(), waiting, "write {nth}");
    }
    assert!(cuts > 10, "only {cuts} writes");
}
