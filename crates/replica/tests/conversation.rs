//! Saving, sending and taking: the laws and rules by their numbers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use records::wire::{Reply, Verdict};
use records::{DeviceTime, RecordId, Seq};
use replica::{Fault, Pace};
use uuid::Uuid;
use world::{Server, TODAY_MS, Tablet, act, batch_ids, head_of, note, punch, together};

#[test]
fn what_was_saved_is_there_after_reopening_and_waits() {
    let mut tablet = Tablet::new(1);
    tablet.write(&note(1), "朝から元気", &[]);
    tablet.open().unwrap();
    assert_eq!(tablet.texts(&note(1)), ["朝から元気"]);
    assert_eq!(tablet.store().queue().unwrap().len(), 1);
}

#[test]
fn saving_an_act_twice_is_saving_it_once() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let act = act(vec![tablet.change(&note(1), "text", "a", &[])]);
    tablet.store().save(&act, Pace::Now).unwrap();
    tablet.store().save(&act, Pace::Now).unwrap();
    assert_eq!(tablet.store().queue().unwrap().len(), 1);
    tablet.sync(&mut server);
    tablet.store().save(&act, Pace::Now).unwrap();
    assert_eq!(tablet.store().queue().unwrap().len(), 0);
}

#[test]
fn rule_1_what_the_screen_did_not_show_is_not_replaced() {
    let (mut mother, mut father, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    let c0 = mother.write(&note(1), "c0", &[]);
    mother.sync(&mut server);
    father.sync(&mut server);
    let shown = father.seen(&note(1)); // the form is open with c0
    assert_eq!(shown, [c0]);
    mother.write(&note(1), "c9", &[c0]);
    mother.sync(&mut server);
    father.sync(&mut server); // a pull brings c9 while he types
    father.write(&note(1), "his", &shown);
    father.sync(&mut server);
    assert_eq!(father.texts(&note(1)), ["c9", "his"]);
}

#[test]
fn rule_2_a_refused_write_does_not_leave_what_its_successor_replaced() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c0 = tablet.write(&note(1), "c0", &[]);
    tablet.sync(&mut server);
    let c1 = tablet.write(&note(1), "c1", &[c0]);
    tablet.next(); // c1 is in flight and cannot be rewritten any more
    let c2 = tablet.write(&note(1), "c2", &[c1]);
    server.refuse(c1);
    tablet.sync(&mut server);
    tablet.sync(&mut server);
    assert_eq!(tablet.texts(&note(1)), ["c2"]);
    assert_eq!(tablet.seen(&note(1)), [c2]);
    let tray = tablet.store().tray().unwrap();
    assert_eq!(tray.len(), 1);
    assert_eq!((tray[0].change.id, tray[0].code.as_str()), (c1, "not_allowed"));
}

#[test]
fn law_3_a_reply_taken_twice_is_a_reply_taken_once() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.write(&note(1), "a", &[]);
    let exchange = tablet.next();
    let reply = server.answer(&exchange);
    tablet.take(&reply);
    let once = tablet.record(&note(1));
    tablet.take(&reply);
    assert_eq!(tablet.record(&note(1)), once);
    assert!(tablet.store().queue().unwrap().is_empty());
}

#[test]
fn rule_3_and_5_a_batch_flies_again_byte_for_byte_until_it_is_answered() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "c1", &[]);
    let first = serde_json::to_string(&tablet.next().batch).unwrap();
    server.answer(&serde_json::from_str(&format!("{{\"batch\":{first}}}")).unwrap()); // the reply is lost
    tablet.open().unwrap();
    tablet.write(&note(2), "later", &[]);
    let again = tablet.next();
    assert_eq!(serde_json::to_string(&again.batch).unwrap(), first);
    let reply = server.answer(&again);
    tablet.take(&reply);
    assert_eq!(server.applied, [c1]);
    assert_eq!(batch_ids(&tablet.next()).len(), 1);
}

#[test]
fn rule_5_own_write_does_not_stand_beside_what_replaced_it() {
    let (mut mother, mut father, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    let c1 = mother.write(&note(1), "c1", &[]);
    let exchange = mother.next();
    server.answer(&exchange); // committed, the reply is lost
    father.sync(&mut server);
    father.write(&note(1), "c3", &[c1]);
    father.sync(&mut server);
    mother.sync(&mut server); // verdict on c1, and the record as it is now
    assert_eq!(mother.texts(&note(1)), ["c3"]);
}

#[test]
fn rule_5_own_write_does_not_vanish_while_its_record_is_pages_away() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    for number in 10..16 {
        other.write(&note(number), "x", &[]);
    }
    other.sync(&mut server);
    server.page = 1;
    tablet.write(&note(1), "mine", &[]);
    for _ in 0..8 {
        tablet.sync(&mut server);
        assert_eq!(tablet.texts(&note(1)), ["mine"]);
    }
    assert_eq!(tablet.texts(&note(15)), ["x"]);
}

#[test]
fn a_record_that_is_older_than_what_is_here_is_not_stored() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "c1", &[]);
    let exchange = tablet.next();
    let old = server.answer(&exchange);
    tablet.take(&old);
    tablet.write(&note(1), "c2", &[c1]);
    tablet.sync(&mut server);
    tablet.take(&old);
    assert_eq!(tablet.texts(&note(1)), ["c2"]);
}

#[test]
fn a_reply_that_does_not_answer_the_batch_in_flight_changes_nothing() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let before = tablet.next();
    let reply = server.answer(&before);
    tablet.write(&note(1), "a", &[]);
    tablet.next();
    assert!(matches!(tablet.fault(&reply), Fault::BadReply(_)));
    assert_eq!(tablet.store().queue().unwrap().len(), 1);
    assert!(tablet.next().cursor.is_none());
}

#[test]
fn a_reply_cut_anywhere_is_an_error() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.write(&note(1), "a", &[]);
    let exchange = tablet.next();
    let whole = serde_json::to_vec(&server.answer(&exchange)).unwrap();
    assert!(replica::read_reply(&whole).is_ok());
    for end in 0..whole.len() {
        assert!(replica::read_reply(&whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn law_6_own_entry_does_not_go_back_while_others_write() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    let c0 = tablet.write(&note(1), "c0", &[]);
    tablet.sync(&mut server);
    other.sync(&mut server);
    tablet.write(&note(1), "mine", &[c0]);
    let exchange = tablet.next(); // in flight, on its way
    other.write(&note(1), "theirs", &[c0]);
    other.sync(&mut server);
    let shown = |t: &mut Tablet| t.texts(&note(1)).last().cloned().unwrap();
    assert_eq!(shown(&mut tablet), "mine");
    tablet.open().unwrap();
    assert_eq!(shown(&mut tablet), "mine");
    let reply = server.answer(&exchange);
    tablet.take(&reply);
    assert_eq!(tablet.texts(&note(1)), ["theirs", "mine"]);
}

#[test]
fn rule_9_an_act_of_several_changes_is_never_split() {
    let mut tablet = Tablet::new(1);
    for number in 0..70 {
        let changes = (0..8).map(|n| tablet.change(&note(number * 10 + n), "text", "x", &[])).collect();
        tablet.store().save(&together(changes), Pace::Now).unwrap();
    }
    let first = tablet.next().batch.unwrap();
    assert_eq!(first.letters.len(), 496, "62 acts of 8, not 500 changes");
}

#[test]
fn a_batch_of_long_texts_stays_under_a_mebibyte() {
    let mut tablet = Tablet::new(1);
    for number in 0..60 {
        tablet.write(&note(number), &"あ".repeat(9_000), &[]);
    }
    let batch = tablet.next().batch.unwrap();
    let bytes = serde_json::to_string(&batch).unwrap().len();
    assert!(bytes <= records::limits::BATCH_BYTES + 1024, "{bytes}");
    assert!(batch.letters.len() > 30);
}

#[test]
fn an_act_larger_than_allowed_is_refused_whole() {
    let mut tablet = Tablet::new(1);
    let small = tablet.change(&note(1), "text", "x", &[]);
    let large = tablet.change(&note(2), "text", &"x".repeat(40_000), &[]);
    let fault = tablet.store().save(&together(vec![small, large]), Pace::Now).unwrap_err();
    assert!(matches!(fault, Fault::TooLarge(_)));
    assert!(tablet.store().queue().unwrap().is_empty());
    assert!(tablet.record(&note(1)).is_none());
}

#[test]
fn rule_12_typing_is_one_change_until_it_flies() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.types(&note(1), "あ", &[]);
    for text in ["あさ", "あさは", "あさはパン"] {
        tablet.types(&note(1), text, &[c1]);
    }
    assert_eq!(tablet.store().queue().unwrap().len(), 1);
    assert_eq!(tablet.texts(&note(1)), ["あさはパン"]);
    assert!(tablet.next().batch.is_none(), "somebody is still typing");
    tablet.store().settle().unwrap();
    let exchange = tablet.next();
    assert_eq!(batch_ids(&exchange), [c1]);
    let c2 = tablet.types(&note(1), "あさはごはん", &[c1]);
    assert_eq!(tablet.store().queue().unwrap().len(), 2, "what flies is not rewritten");
    let reply = server.answer(&exchange);
    tablet.take(&reply);
    tablet.store().settle().unwrap();
    tablet.sync(&mut server);
    assert_eq!(server.applied, [c1, c2]);
    assert_eq!(tablet.texts(&note(1)), ["あさはごはん"]);
}

#[test]
fn rule_12_ten_seconds_without_a_key_are_enough() {
    let mut tablet = Tablet::new(1);
    tablet.types(&note(1), "x", &[]);
    assert!(tablet.store().next(None, DeviceTime(TODAY_MS + 9_999)).unwrap().batch.is_none());
    assert!(tablet.store().next(None, DeviceTime(TODAY_MS + 10_000)).unwrap().batch.is_some());
}

#[test]
fn typing_in_a_second_window_that_did_not_show_the_first_is_kept_beside_it() {
    let mut tablet = Tablet::new(1);
    tablet.types(&note(1), "one", &[]);
    tablet.types(&note(1), "two", &[]);
    assert_eq!(tablet.texts(&note(1)), ["one", "two"]);
}

#[test]
fn resting_text_goes_before_what_was_written_later_in_its_record() {
    let mut tablet = Tablet::new(1);
    let text = tablet.types(&note(1), "x", &[]);
    let change = tablet.change(&note(1), "sent", "yes", &[]);
    let sent = change.id;
    tablet.store().save(&act(vec![change]), Pace::Now).unwrap();
    assert_eq!(batch_ids(&tablet.next()), [text, sent]);
}

#[test]
fn todays_facts_go_before_what_waited_longer() {
    let mut tablet = Tablet::new(1);
    let today = nursery::clock::service_day(DeviceTime(TODAY_MS), nursery::clock::DEFAULT_BOUNDARY).number();
    let text = tablet.write(&note(1), "long ago", &[]);
    let old = tablet.write(&punch(2, today - 1), "x", &[]);
    let new = tablet.write(&punch(3, today), "x", &[]);
    assert_eq!(batch_ids(&tablet.next()), [new, text, old]);
}

#[test]
fn a_fact_does_not_overtake_what_its_act_needs() {
    let mut tablet = Tablet::new(1);
    let today = nursery::clock::service_day(DeviceTime(TODAY_MS), nursery::clock::DEFAULT_BOUNDARY).number();
    let made = tablet.write(&note(1), "made first", &[]);
    let changes = vec![tablet.change(&punch(2, today), "at", "8", &[]), tablet.change(&note(1), "more", "x", &[])];
    let ids: Vec<_> = changes.iter().map(|c| c.id).collect();
    tablet.store().save(&together(changes), Pace::Now).unwrap();
    assert_eq!(batch_ids(&tablet.next()), [made, ids[0], ids[1]]);
}

#[test]
fn a_refused_change_stays_with_its_content_until_a_person_lets_go() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "園庭で転んだ", &[]);
    server.refuse(c1);
    tablet.sync(&mut server);
    tablet.open().unwrap();
    assert!(tablet.record(&note(1)).is_none(), "what was refused is not shown as if it counted");
    let trouble = tablet.store().tray().unwrap().pop().unwrap();
    assert_eq!(trouble.change.writes[0].value, Some("園庭で転んだ".into()));
    assert!(tablet.next().batch.is_none(), "it is not sent again");
    assert!(tablet.store().discard(trouble.act).unwrap());
    assert!(tablet.store().tray().unwrap().is_empty());
}

#[test]
fn nothing_waits_behind_a_refused_change() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "a", &[]);
    tablet.write(&note(2), "b", &[]);
    server.refuse(c1);
    tablet.sync(&mut server);
    assert_eq!(tablet.store().sync_state(false).unwrap().counts.review, 1);
    assert_eq!(tablet.store().sync_state(false).unwrap().counts.waiting, 0);
}

#[test]
fn what_the_server_does_not_know_yet_rests_until_its_time() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&head_of("from_the_future", 1), "a", &[]);
    server.will(c1, Verdict::Later { after_s: 60, code: "upgrade".into() });
    tablet.sync(&mut server);
    assert!(tablet.next().batch.is_none());
    assert_eq!(tablet.texts(&head_of("from_the_future", 1)), ["a"]);
    let minute_later = tablet.store().next(None, DeviceTime(TODAY_MS + 62_000)).unwrap();
    assert_eq!(batch_ids(&minute_later), [c1]);
}

#[test]
fn a_held_change_leaves_the_tray_when_the_office_accepts_it() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "a", &[]);
    let hold = RecordId(Uuid::from_u128(77));
    server.will(c1, Verdict::Held { hold });
    let exchange = tablet.next();
    let held = exchange.batch.clone().unwrap().letters[0].open().unwrap();
    let reply = server.answer(&exchange);
    tablet.take(&reply);
    assert_eq!(tablet.store().tray().unwrap()[0].hold, Some(hold));
    server.will.clear();
    server.verdicts.clear();
    server.accept(&held);
    tablet.sync(&mut server);
    assert!(tablet.store().tray().unwrap().is_empty());
    assert_eq!(tablet.texts(&note(1)), ["a"]);
}

#[test]
fn a_held_change_is_refused_in_the_tray_when_the_office_refuses_it() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "a", &[]);
    let hold = head_of("hold", 77);
    server.will(c1, Verdict::Held { hold: hold.id });
    tablet.sync(&mut server);
    let mut office = Tablet::new(2);
    let decision = office.change(&hold, "decision", "refused", &[]);
    server.accept(&decision);
    tablet.sync(&mut server);
    let trouble = tablet.store().tray().unwrap().pop().unwrap();
    assert!(tablet.store().discard(trouble.act).unwrap());
}

#[test]
fn rule_57_what_is_only_pending_is_found_by_every_key() {
    use nursery::core::{Records, Scan};
    let mut tablet = Tablet::new(1);
    let head = punch(1, 20_781);
    tablet.write(&head, "x", &[]);
    let of = || Scan { kind: head.kind.clone(), feed: None, key: None, subject: None, days: None };
    let scans = [
        of(),
        of().feed(head.feed),
        of().key(0, head.keys[0]),
        of().subject(head.subject),
        of().day(head.day.unwrap()),
        of().feed(head.feed).key(0, head.keys[0]).day(head.day.unwrap()),
    ];
    let view = tablet.store().records().unwrap();
    for scan in scans {
        let mut found = vec![];
        view.scan(&scan, &mut |record| {
            found.push(record.head.clone());
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(found, std::slice::from_ref(&head), "{scan:?}");
    }
}

#[test]
fn a_lost_atom_takes_the_records_that_nothing_else_gives_sight_of() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    let mut both = note(2);
    both.audiences.insert(records::Atom("family@x".into()));
    other.write(&note(1), "a", &[]);
    other.write(&both, "b", &[]);
    other.sync(&mut server);
    tablet.sync(&mut server);
    let exchange = tablet.next();
    let mut reply = server.answer(&exchange);
    reply.lost = vec![records::Atom("staff@f".into())];
    tablet.take(&reply);
    assert!(tablet.record(&note(1)).is_none());
    let left = tablet.record(&both).unwrap();
    assert_eq!(left.head.audiences.iter().map(|a| a.0.as_str()).collect::<Vec<_>>(), ["family@x"]);
}

#[test]
fn an_audience_that_is_lost_and_comes_again_in_one_reply_keeps_what_came() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let c1 = tablet.write(&note(1), "a", &[]);
    tablet.sync(&mut server);
    tablet.write(&note(1), "b", &[c1]);
    let mut reply = server.answer(&serde_json::from_str("{}").unwrap()); // as to a device that holds nothing
    reply.lost = vec![records::Atom("staff@f".into())];
    tablet.take(&reply);
    assert_eq!(tablet.texts(&note(1)), ["b"], "still pending, laid over what came again");
}

#[test]
fn rule_33_what_must_be_kept_of_a_forgotten_subject_is_for_the_server_alone() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    tablet.write(&note(1), "accepted", &[]);
    tablet.sync(&mut server);
    let exchange = tablet.next();
    let mut reply = server.answer(&exchange);
    let unsent = tablet.write(&note(1), "unsent secret", &[]);
    reply.forget = vec![note(1).subject];
    tablet.take(&reply);
    assert!(tablet.record(&note(1)).is_none());
    assert!(tablet.store().queue().unwrap().is_empty());
    let kept = tablet.store().sealed_away().unwrap();
    assert_eq!(kept.len(), 2);
    let item = kept.iter().find(|k| k.change == unsent).unwrap();
    let opened = seal::open_item(world::server_keys().outbox_secret(), &item.item).unwrap();
    assert!(String::from_utf8(opened).unwrap().contains("unsent secret"));
    let mut export = vec![];
    tablet.store().export(&mut export).unwrap();
    assert_eq!(export, b"");
}

#[test]
fn notes_are_taken_from_the_server_alone() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let exchange = tablet.next();
    let mut reply = server.answer(&exchange);
    let good = world::server_keys().sign_note(1, r#"{"block":"x"}"#).unwrap();
    let forged = records::wire::Note { number: 2, ..good.clone() };
    reply.notes = vec![good, forged];
    tablet.take(&reply);
    assert_eq!(tablet.next().notes_seen, 1);
}

#[test]
fn messages_are_complete_only_up_to_an_exchange_that_reached_the_end() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    other.write(&note(1), "a", &[]);
    other.write(&note(2), "b", &[]);
    other.sync(&mut server);
    server.page = 1;
    tablet.sync(&mut server);
    assert_eq!(tablet.store().clock().unwrap().heard_ms, 0);
    tablet.sync(&mut server);
    let clock = tablet.store().clock().unwrap();
    assert_eq!(clock.heard_ms, server.now);
    assert_eq!(clock.highest_ms, server.now);
    assert_eq!(clock.error_ms, Some(server.now - TODAY_MS));
}

#[test]
fn a_new_epoch_brings_back_what_the_server_lost() {
    let (mut tablet, mut other, mut server) = (Tablet::new(1), Tablet::new(2), Server::new());
    let c1 = tablet.write(&note(1), "before the backup", &[]);
    tablet.sync(&mut server);
    let backup = (server.records.clone(), server.verdicts.clone(), server.seq);
    let c2 = tablet.write(&note(1), "after the backup", &[c1]);
    let mine = tablet.write(&note(2), "mine", &[]);
    tablet.sync(&mut server);
    other.write(&note(3), "theirs", &[]);
    other.sync(&mut server);
    tablet.sync(&mut server);

    (server.records, server.verdicts, server.seq) = backup;
    server.epoch = records::Epoch(Uuid::from_u128(2));
    tablet.write(&note(4), "new", &[]);
    tablet.sync(&mut server);
    assert_eq!(tablet.texts(&note(1)), ["after the backup"], "not shown twice, not gone back");
    assert_eq!(tablet.texts(&note(2)), ["mine"]);
    let offered = batch_ids(&tablet.next());
    assert_eq!(offered, [c1, c2, mine]);
    tablet.sync(&mut server);
    assert_eq!(server.records[&note(1).id].seq, Some(Seq(3)));
    assert_eq!(tablet.texts(&note(1)), ["after the backup"]);
    assert_eq!(tablet.texts(&note(2)), ["mine"]);
    assert_eq!(tablet.texts(&note(3)), Vec::<String>::new(), "kept to be witnessed, no longer shown");
}

#[test]
fn old_days_go_when_a_new_day_has_come_and_not_by_a_clock_that_jumped_ahead() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let day: records::Day = "2025-10-30".parse().unwrap();
    tablet.write(&punch(1, day.number()), "thirteen months ago in a week", &[]);
    tablet.sync(&mut server);
    let reply = |server: &mut Server, tablet: &mut Tablet| server.answer(&tablet.next());
    let jumped = Reply { now: records::ServerTime(TODAY_MS + 3_650 * 86_400_000), ..reply(&mut server, &mut tablet) };
    tablet.take(&jumped);
    assert!(tablet.record(&punch(1, 0)).is_some());
    let next_week = TODAY_MS + 8 * 86_400_000;
    let later = Reply { now: records::ServerTime(next_week), ..reply(&mut server, &mut tablet) };
    tablet.store().take(&later, records::DeviceTime(next_week)).unwrap();
    assert!(tablet.record(&punch(1, 0)).is_none());
}

#[test]
fn days_are_kept_as_long_as_their_kind_says() {
    let (mut tablet, mut server) = (Tablet::new(1), Server::new());
    let today: records::Day = "2026-11-24".parse().unwrap();
    let day = |text: &str| text.parse::<records::Day>().unwrap().number();
    tablet.write(&punch(1, day("2025-10-23")), "old", &[]);
    tablet.write(&punch(2, day("2025-10-24")), "kept", &[]);
    tablet.write(&note(3), "without a day", &[]);
    tablet.sync(&mut server);
    tablet.write(&punch(4, day("2024-01-01")), "never sent", &[]);
    tablet.store().drop_old(today, records::ServerTime(TODAY_MS)).unwrap();
    assert!(tablet.record(&punch(1, 0)).is_none());
    assert!(tablet.record(&punch(2, 0)).is_some());
    assert!(tablet.record(&note(3)).is_some());
    assert!(tablet.record(&punch(4, 0)).is_some());
}
