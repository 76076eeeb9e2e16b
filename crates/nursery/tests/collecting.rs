//! Who may not collect: the door stops by itself, without network, before anybody is called.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod kit;

use kit::{World, at, day, hm};
use nursery::access::{Principal, sight, standing};
use nursery::attendance::{Announced, Channel, Collector, OtherCollector, PunchSort};
use nursery::command::Command;
use nursery::core::{Code, Ids, MemoryRecords};
use nursery::ids::{ChildId, PickupId};
use nursery::people::{AuthorizedPickup, Guardianship, Joining, Names, Person, Protection, SightRight};
use nursery::view::{DepartureView, Query, View};
use records::{PersonId, Subject};

/// なぎ, who is here, and from whom nobody may collect: 髙橋 誠, who is no guardian of hers.
fn world() -> (World, ChildId) {
    let mut w = World::new();
    let child = w.child("なぎ");
    let names = Names {
        legal: "髙橋 誠".into(),
        kana: "たかはし まこと".into(),
        latin: "Takahashi Makoto".into(),
        used: "誠".into(),
        ..Names::default()
    };
    protect(&mut w, child, names);
    let abe = w.abe();
    w.does(&abe, "08:30", w.arrive("なぎ")).unwrap();
    (w, child)
}

fn protect(w: &mut World, child: ChildId, names: Names) -> PersonId {
    let person = PersonId(w.ids.next());
    w.put(person.0, Person { names: Some(names), ..Default::default() }, vec![]);
    let protection = Protection { from: Some(day("2026-04-01")), child, person: person.0, ..Default::default() };
    let id = w.ids.next();
    w.put_in(w.municipality.into(), Subject(child.0), None, id, protection, vec![child.0, person.0]);
    person
}

fn stops(w: &World, child: ChildId, name: &str) -> bool {
    let query = Query::Collecting { facility: w.minato, child, name: name.into() };
    match w.ask(&w.abe(), at("16:30"), &query) {
        Ok(View::Collecting(view)) => view.call_director,
        other => panic!("{other:?}"),
    }
}

fn departure(w: &World, child: ChildId) -> DepartureView {
    match w.ask(&w.abe(), at("16:30"), &Query::Departure { facility: w.minato, child }) {
        Ok(View::Departure(view)) => view,
        other => panic!("{other:?}"),
    }
}

fn hand(w: &World, child: ChildId, collector: Collector) -> Command {
    Command::Depart { facility: w.minato, children: vec![child], collector }
}

fn stranger(w: &World, name: &str) -> Collector {
    Collector::Other(OtherCollector {
        name: name.into(),
        relation: "叔父".into(),
        agreed_by: w.people["なぎの母"],
        called_before_ms: 60_000,
    })
}

#[test]
fn the_question_and_the_command_stop_at_the_same_names() {
    let (mut w, child) = world();
    let pin = w.with_pin(w.abe);
    for said in ["髙橋 誠", "高橋　誠", "高橋誠", "タカハシマコト", "ﾀｶﾊｼ ﾏｺﾄ", "makoto takahashi", "高橋", "まこと"]
    {
        assert!(stops(&w, child, said), "{said} goes on");
        let leave = hand(&w, child, stranger(&w, said));
        assert_eq!(w.does(&pin, "16:30", leave), Err(Code::CallDirector), "{said} is handed the child");
    }
    for said in ["高橋 花", "グエン タオ", ""] {
        assert!(!stops(&w, child, said), "{said} is stopped");
    }
    let aunt = hand(&w, child, stranger(&w, "グエン タオ"));
    assert!(w.does(&pin, "16:31", aunt).is_ok());
}

#[test]
fn a_name_is_stopped_as_it_is_typed_at_a_door() {
    let (mut w, child) = world();
    let pin = w.with_pin(w.abe);
    let titled = ["さん", "様", "さま", "くん", "君", "ちゃん", "先生", "氏", " さん", "サン"];
    let titled = titled.iter().flat_map(|title| ["高橋", "高橋誠", "髙橋　誠"].map(|name| format!("{name}{title}")));
    let among = [
        "父の高橋誠",
        "父の髙橋 誠さん",
        "父の高橋",
        "父の高橋さん",
        "おじ（高橋誠）",
        "たかはしさん",
        "Mr. Takahashi Makoto",
    ];
    for said in titled.chain(among.map(String::from)) {
        assert!(stops(&w, child, &said), "{said} goes on");
        let leave = hand(&w, child, stranger(&w, &said));
        assert_eq!(w.does(&pin, "16:30", leave), Err(Code::CallDirector), "{said} is handed the child");
    }
    for said in ["高橋 花さん", "母の高橋花", "グエンさん", "お父さん", "さん", "先生"] {
        assert!(!stops(&w, child, said), "{said} is stopped");
    }
}

#[test]
fn only_the_word_of_a_guardian_of_this_child_and_a_pin_typed_for_it_let_a_stranger_collect() {
    let (mut w, child) = world();
    let agreed_by = |who: records::PersonId| {
        let Collector::Other(mut other) = stranger(&w, "グエン タオ") else { panic!() };
        other.agreed_by = who;
        hand(&w, child, Collector::Other(other))
    };
    let (mother, director) = (agreed_by(w.people["なぎの母"]), agreed_by(w.abe));
    let (face, pin) = (w.abe(), w.with_pin(w.abe));
    let signed_in = nursery::core::Who { proof: nursery::core::Proof::Own, ..pin.clone() };
    assert_eq!(w.does(&pin, "16:30", director), Err(Code::NotAllowed));
    assert_eq!(w.does(&face, "16:30", mother.clone()), Err(Code::PinNeeded));
    assert_eq!(w.does(&signed_in, "16:30", mother.clone()), Err(Code::PinNeeded));
    assert!(w.does(&pin, "16:30", mother).is_ok());
}

#[test]
fn who_collected_yesterday_is_entered_with_a_word_of_today() {
    let (mut w, child) = world();
    let (pin, monday) = (w.with_pin(w.abe), day("2026-11-23"));
    let entered = |called_before_ms: u32, w: &World| {
        let Collector::Other(other) = stranger(w, "グエン タオ") else { panic!() };
        Command::CorrectPunch {
            facility: w.minato,
            child,
            day: monday,
            sort: PunchSort::Departure,
            at: hm("17:10"),
            instead_of: None,
            reason: "forgotten".into(),
            collector: Some(Collector::Other(OtherCollector { called_before_ms, ..other })),
        }
    };
    let (just_now, left_open) = (entered(60_000, &w), entered(20 * 3_600_000, &w));
    assert_eq!(w.does(&pin, "09:00", left_open), Err(Code::BadInput), "a form left open since yesterday");
    assert!(w.does(&pin, "09:00", just_now).is_ok());
}

#[test]
fn nobody_speaks_for_a_child_who_is_not_confirmed_or_no_longer_its_guardian() {
    let (mut w, child) = world();
    let (pin, mother) = (w.with_pin(w.abe), w.people["なぎの母"]);
    let monday = day("2026-11-23");
    let (full, none) = (SightRight::Full, SightRight::None);
    // whose joining, sight and last day: called if in need, and heard
    for (joining, sight, until, called, heard) in [
        (Joining::Pending, full, None, true, false),
        (Joining::Pending, none, None, false, false),
        (Joining::Refused, full, None, false, false),
        (Joining::Confirmed, none, None, false, false),
        (Joining::Confirmed, full, Some(monday), false, false),
        (Joining::Listed, full, None, true, true),
        (Joining::Confirmed, full, Some(kit::tuesday()), true, true),
    ] {
        let case = format!("{joining:?}, {sight:?}, until {until:?}");
        w.records.records.retain(|_, r| r.head.kind.as_str() != "guardianship");
        let tie = Guardianship {
            relation: Some("mother".into()),
            pickup: Some(true),
            joining: Some(joining),
            sight: Some(sight),
            until,
            child,
            person: mother.0,
            ..Default::default()
        };
        let id = w.ids.next();
        w.put_in(w.municipality.into(), child.into(), None, id, tie, vec![child.0, mother.0]);
        let known = nursery::rules::guardians(&w.records, child, kit::tuesday()).unwrap();
        assert_eq!(!known.is_empty(), called, "called: {case}");
        assert_eq!(!departure(&w, child).callees.is_empty(), heard, "offered as agreeing: {case}");
        let leave = hand(&w, child, stranger(&w, "グエン タオ"));
        let handed = w.compose(&pin, at("16:30"), leave).map(|_| ()).map_err(|r| r.code);
        assert_eq!(handed, if heard { Ok(()) } else { Err(Code::NotAllowed) }, "agreed: {case}");
        let mut told = late_by_phone(&w, child);
        if let Command::Announce { caller, .. } = &mut told {
            *caller = Some(mother);
        }
        let taken = w.compose(&pin, at("16:30"), told).map(|_| ()).map_err(|r| r.code);
        assert_eq!(taken, if heard { Ok(()) } else { Err(Code::BadInput) }, "telephoned: {case}");
    }
}

fn late_by_phone(w: &World, child: ChildId) -> Command {
    Command::Announce {
        children: vec![child],
        facility: Some(w.minato),
        day: kit::tuesday(),
        until: None,
        announced: Announced::Early { at: kit::hm("16:45") },
        temperature: None,
        note: String::new(),
        channel: Channel::Phone,
        caller: None,
        caller_name: String::new(),
        replaces: None,
    }
}

#[test]
fn a_protection_of_one_child_stops_nobody_at_another() {
    let (mut w, _) = world();
    let other = w.child("うた");
    assert!(!stops(&w, other, "髙橋 誠"));
}

#[test]
fn the_look_that_stopped_is_logged_and_one_that_did_not_is_no_look() {
    let (w, child) = world();
    let looks = |name: &str| {
        let query = Query::Collecting { facility: w.minato, child, name: name.into() };
        let at = at("16:30");
        nursery::ask::ask(&w.records, &w.abe(), at, w.clock(at), &query).unwrap().looks
    };
    assert_eq!(looks("髙橋 誠").len(), 1);
    assert_eq!(looks("髙橋 誠")[0].person, Some(w.abe));
    assert!(looks("グエン タオ").is_empty());
}

#[test]
fn a_stranger_to_the_site_learns_nothing_by_asking() {
    let (w, child) = world();
    let query = Query::Collecting { facility: w.minato, child, name: "髙橋 誠".into() };
    let mother = w.own(w.people["なぎの母"]);
    assert_eq!(w.ask(&mother, at("16:30"), &query), Err(Code::NotFound));
}

#[test]
fn the_tablet_holds_the_name_although_the_person_is_no_guardian() {
    let (w, child) = world();
    let held = |device| {
        let standing = standing(&w.records, w.municipality, Principal::Device(device), kit::tuesday()).unwrap();
        let sight = sight(&standing);
        let mut held = MemoryRecords::default();
        w.records.records.values().filter(|r| sight.sees(r)).for_each(|r| held.put(r.clone()));
        held
    };
    let own = nursery::rules::barred(&held(w.tablet), child, kit::tuesday(), "高橋誠").unwrap();
    assert!(own.is_some(), "a tablet without network knows whom to stop");
    let foreign = nursery::rules::barred(&held(w.tablet_sakura), child, kit::tuesday(), "高橋誠").unwrap();
    assert!(foreign.is_none(), "another site knows nothing of it");
}

#[test]
fn who_is_registered_under_another_entry_is_not_offered_and_not_handed_the_child() {
    let (mut w, child) = world();
    let entry = |legal: &str, kana: &str| AuthorizedPickup {
        names: Some(Names { legal: legal.into(), kana: kana.into(), ..Names::default() }),
        relation: Some("uncle".into()),
        child,
        ..Default::default()
    };
    let (blocked, free) = (PickupId(w.ids.next()), PickupId(w.ids.next()));
    let (uncle, aunt) = (entry("高橋誠", "タカハシ　マコト"), entry("高橋 花", "たかはし はな"));
    w.put_in(w.municipality.into(), Subject(child.0), None, blocked.0, uncle, vec![child.0]);
    w.put_in(w.municipality.into(), Subject(child.0), None, free.0, aunt, vec![child.0]);
    let offered: Vec<_> = departure(&w, child).candidates.into_iter().map(|c| c.name).collect();
    assert_eq!(offered, ["なぎの母", "高橋 花"]);
    let abe = w.abe();
    let leave = hand(&w, child, Collector::Registered { pickup: blocked });
    assert_eq!(w.does(&abe, "16:30", leave), Err(Code::CallDirector));
}

#[test]
fn a_change_of_pick_up_to_somebody_barred_says_to_call_the_director() {
    let (mut w, child) = world();
    let abe = w.abe();
    let facility = Some(w.minato);
    let announce = |name: &str| Command::Announce {
        children: vec![child],
        facility,
        day: kit::tuesday(),
        until: None,
        announced: Announced::Pickup {
            person: None,
            pickup: None,
            relation: "uncle".into(),
            name: name.into(),
            at: None,
        },
        temperature: None,
        note: String::new(),
        channel: Channel::Phone,
        caller: None,
        caller_name: "なぎの母".into(),
        replaces: None,
    };
    w.does(&abe, "12:00", announce("高橋 花")).unwrap();
    assert!(!departure(&w, child).change.unwrap().call_director);
    w.does(&abe, "12:10", announce("高橋 誠")).unwrap();
    assert!(departure(&w, child).change.unwrap().call_director);
}
