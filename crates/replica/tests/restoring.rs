//! What a device does when its server was restored from an older state.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod world;

use records::wire::{Exchange, Reply, Verdict};
use records::{ChangeId, DeviceTime, Epoch, Record, RecordId, Seq, ServerTime};
use std::collections::BTreeMap;
use uuid::Uuid;
use world::{Server, TODAY_MS, Tablet, note};

type Backup = (BTreeMap<RecordId, Record>, BTreeMap<ChangeId, Verdict>, u64);

fn backup(server: &Server) -> Backup {
    (server.records.clone(), server.verdicts.clone(), server.seq)
}

fn restore(server: &mut Server, backup: Backup) {
    (server.records, server.verdicts, server.seq) = backup;
    server.epoch = Epoch(Uuid::from_u128(server.epoch.0.as_u128() + 1));
}

fn copied(exchange: &Exchange) -> Vec<RecordId> {
    exchange.copies.iter().map(|copy| copy.head.id).collect()
}

/// A tablet that holds a record of its own and one of another device, both lost by the server, and has pulled all that
/// the restored server has.
fn recovered() -> (Tablet, Server, ChangeId) {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    tablet.sync(&mut server);
    let backup = backup(&server);
    let mine = tablet.write(&note(1), "mine", &[]);
    tablet.sync(&mut server);
    other.write(&note(2), "theirs", &[]);
    other.sync(&mut server);
    tablet.sync(&mut server);
    restore(&mut server, backup);
    tablet.sync(&mut server);
    (tablet, server, mine)
}

#[test]
fn rule_31_a_re_offer_carries_the_receipt_of_its_acceptance() {
    let (mut tablet, mut server, mine) = recovered();
    let fresh = tablet.write(&note(3), "new", &[]);
    let batch = tablet.next().batch.unwrap();
    assert_eq!(batch.receipts, [(mine, "r1".to_owned())].into());
    assert_eq!(batch.letters.len(), 2, "{fresh} goes along without one");
    tablet.sync(&mut server);
    tablet.write(&note(4), "newer", &[]);
    assert!(tablet.next().batch.unwrap().receipts.is_empty());
}

#[test]
fn rule_29_what_the_new_epoch_did_not_send_is_offered_once_everything_else_has_come() {
    let (mut tablet, mut server, _) = recovered();
    assert_eq!(copied(&tablet.next()), [], "own changes first");
    tablet.sync(&mut server);
    assert!(tablet.store().has_unsent(DeviceTime(TODAY_MS)).unwrap());
    assert_eq!(copied(&tablet.next()), [note(2).id]);
    assert_eq!(copied(&tablet.next()), [note(2).id], "and again, because the answer was lost");
    let reply = {
        let exchange = tablet.next();
        server.answer(&exchange)
    };
    tablet.take(&reply);
    tablet.take(&reply);
    assert!(!tablet.store().has_unsent(DeviceTime(TODAY_MS)).unwrap());
    assert_eq!(copied(&tablet.next()), []);
}

#[test]
fn rule_29_a_copy_that_the_server_cannot_take_stays_and_is_offered_to_the_next_epoch() {
    let (mut tablet, mut server, _) = recovered();
    server.takes_copies = false;
    let before = backup(&server);
    tablet.sync(&mut server);
    tablet.sync(&mut server);
    assert_eq!(copied(&tablet.next()), []);
    assert!(!tablet.store().has_unsent(DeviceTime(TODAY_MS)).unwrap(), "nobody asks again and again");
    restore(&mut server, before);
    (0..2).for_each(|_| tablet.sync(&mut server));
    assert_eq!(copied(&tablet.next()), [note(2).id]);
    // the office has let it in meanwhile, from another device
    let copy = tablet.next().copies.remove(0);
    server.seq += 1;
    server.records.insert(copy.head.id, Record { seq: Some(Seq(server.seq)), ..copy });
    tablet.sync(&mut server);
    assert_eq!(tablet.texts(&note(2)), ["theirs"]);
}

#[test]
fn rule_29_what_waits_for_its_beginning_keeps_no_copy_back_and_is_not_shown_without_it() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    tablet.sync(&mut server);
    let backup = backup(&server);
    let theirs = other.write(&note(2), "theirs", &[]);
    other.sync(&mut server);
    tablet.sync(&mut server);
    let mine = tablet.write(&note(2), "mine", &[theirs]);
    tablet.sync(&mut server);
    restore(&mut server, backup);
    server.will(mine, Verdict::Later { after_s: 300, code: "incomplete".into() });
    (0..2).for_each(|_| tablet.sync(&mut server));
    assert_eq!(copied(&tablet.next()), [note(2).id], "it is the only one that holds the beginning");
    tablet.sync(&mut server);
    assert!(tablet.record(&note(2)).is_none());
    server.will.clear();
    other.sync(&mut server);
    other.sync(&mut server);
    server.now += 400_000;
    tablet.sync(&mut server);
    tablet.sync(&mut server);
    assert_eq!(tablet.texts(&note(2)), ["mine"]);
    assert!(matches!(server.verdicts[&mine], Verdict::Accepted { .. }));
}

#[test]
fn what_stands_behind_a_change_that_must_come_later_is_not_asked_about_without_end() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let first = tablet.write(&note(1), "first", &[]);
    server.will(first, Verdict::Later { after_s: 300, code: "incomplete".into() });
    tablet.sync(&mut server);
    tablet.write(&note(1), "second", &[first]);
    assert!(tablet.next().batch.is_none());
    assert!(!tablet.store().has_unsent(DeviceTime(TODAY_MS)).unwrap());
    let later = DeviceTime(TODAY_MS + 400_000);
    assert!(tablet.store().has_unsent(later).unwrap());
}

#[test]
fn rule_31_what_was_accepted_is_kept_while_the_server_withholds_its_new_epoch() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.sync(&mut server);
    let backup = backup(&server);
    let mine = tablet.write(&note(1), "mine", &[]);
    tablet.sync(&mut server);
    // weeks without a network, and then a server that was restored and says nothing yet
    let late = TODAY_MS + 40 * 86_400_000;
    let said = tablet.write(&note(2), "said meanwhile", &[]);
    server.will(said, Verdict::Later { after_s: 60, code: "recovering".into() });
    let waits = Reply { now: ServerTime(late), ..server.answer(&tablet.next()) };
    tablet.store().take(&waits, DeviceTime(late)).unwrap();
    restore(&mut server, backup);
    server.now = late;
    let reply = server.answer(&tablet.store().next(None, DeviceTime(late)).unwrap());
    tablet.store().take(&reply, DeviceTime(late)).unwrap();
    let batch = tablet.store().next(None, DeviceTime(late)).unwrap().batch.unwrap();
    assert!(batch.receipts.contains_key(&mine));
}
