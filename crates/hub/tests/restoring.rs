//! After a restore: what was accepted comes back, others' words come as copies, and nobody learns what was taken from
//! them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use hub::{Hub, Restriction};
use nursery::core::{Scan, collect};
use nursery::ids::ChildId;
use nursery::people::Role;
use nursery::server::Witness;
use records::wire::{Exchange, Reply, Verdict};
use records::{Change, PersonId, RecordId, Subject};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use world::tablet::{code, letter};
use world::{Tablet, World, absence, arrival, write};

/// A morning: one child, two tablets of its nursery with a teacher, its mother's phone, and last night's backup.
struct Morning {
    world: World,
    hana: ChildId,
    sato: PersonId,
    director: PersonId,
    mother: PersonId,
    tablet: Tablet,
    second: Tablet,
    phone: Tablet,
    backup: PathBuf,
}

impl Morning {
    fn new() -> Self {
        let world = World::new();
        let hana = world.child("はな", world.wakaba, world.usagi);
        let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
        let director = world.staff("園長", world.wakaba, Role::Director);
        let mother = world.guardian("母", hana);
        let mut tablet = world.tablet("うさぎ組 1", world.wakaba);
        let mut second = world.tablet("うさぎ組 2", world.wakaba);
        let mut phone = world.phone(mother);
        [&mut tablet, &mut second, &mut phone].into_iter().for_each(|device| device.sync(&world));
        let backup = world.folder.path().join("backup.db");
        world.hub.backup(&backup).unwrap();
        Self { world, hana, sato, director, mother, tablet, second, phone, backup }
    }

    fn restore(&mut self) {
        let world = &mut self.world;
        world.hub = Arc::new(Hub::open(&world.folder.path().join("other"), [3; 32], world.now()).unwrap());
        hub::restore(world.folder.path(), &self.backup, [4; 32], world.now()).unwrap();
        world.hub = Arc::new(Hub::open(world.folder.path(), [5; 32], world.now()).unwrap());
    }

    /// A punch of the teacher on the class's tablet, composed.
    fn punch(&self) -> (Vec<Change>, RecordId) {
        let (world, child) = (&self.world, self.hana);
        self.tablet.compose(world, self.sato, |c| {
            let new = arrival(c.at(), child);
            let keys = new.key_ids();
            c.make(world.wakaba.into(), child.into(), Some(world.today()), new, keys).unwrap()
        })
    }

    fn decide(&self, witness: &Witness, decision: &str) -> Option<String> {
        let record = self.world.record(witness.meta.id);
        let writes = vec![write(&record, "decision", decision)];
        let committed = self.world.in_browser(self.director, |c| c.write(record.head.clone(), writes)).unwrap();
        committed.refused().map(str::to_owned)
    }

    fn witnesses(&self) -> Vec<Witness> {
        collect::<Witness>(&self.world.hub.records().unwrap(), &Scan::of::<Witness>()).unwrap()
    }

    /// Brings records as copies and gives those that need not be kept.
    fn bring(&self, device: &Tablet, copies: Vec<records::Record>) -> Vec<RecordId> {
        let request = Exchange { copies, ..device.request(None) };
        self.world.hub.exchange(&device.session, request, self.world.now()).unwrap().copied
    }
}

fn receipts(reply: &[records::wire::Answered]) -> BTreeMap<records::ChangeId, String> {
    let receipt = |a: &records::wire::Answered| match &a.verdict {
        Verdict::Accepted { receipt, .. } => Some((a.change, receipt.clone())),
        _ => None,
    };
    reply.iter().filter_map(receipt).collect()
}

/// Offers changes again, with receipts.
fn offer(
    tablet: &mut Tablet,
    world: &World,
    changes: &[Change],
    receipts: BTreeMap<records::ChangeId, String>,
) -> Vec<String> {
    let mut batch = tablet.batch(changes);
    batch.receipts = receipts;
    let reply: Reply = world.hub.exchange(&tablet.session, tablet.request(Some(batch)), world.now()).unwrap();
    reply.verdicts.iter().map(|answered| code(answered).to_owned()).collect()
}

#[test]
fn rule_31_what_was_law_is_law_again_although_the_right_has_ended() {
    let mut m = Morning::new();
    let (changes, punch) = m.punch();
    let receipts = receipts(&m.tablet.send(&m.world, &changes));
    let assignment = collect::<nursery::people::Assignment>(
        &m.world.hub.records().unwrap(),
        &Scan::of::<nursery::people::Assignment>(),
    );
    m.restore();
    m.world.set(assignment.unwrap()[0].meta.id, "until", m.world.today().plus(-40));
    let mut other = m.punch();
    assert_eq!(offer(&mut m.tablet, &m.world, &other.0, BTreeMap::new()), ["not_allowed"]);
    other = m.punch();
    let wrong = other.0.iter().map(|change| (change.id, receipts[&changes[0].id].clone())).collect();
    assert_eq!(offer(&mut m.tablet, &m.world, &other.0, wrong), ["not_allowed"], "the receipt of another change");
    assert_eq!(offer(&mut m.tablet, &m.world, &changes, receipts), ["accepted"]);
    assert!(m.world.exists(punch));
}

#[test]
fn rule_31_no_receipt_stands_against_what_was_taken_away() {
    let mut m = Morning::new();
    let (changes, _) = m.punch();
    let receipts = receipts(&m.tablet.send(&m.world, &changes));
    m.restore();
    m.world.hub.restrict(Restriction::Block { person: m.sato }, m.world.now()).unwrap();
    assert_eq!(offer(&mut m.tablet, &m.world, &changes, receipts), ["not_allowed"]);

    let mut m = Morning::new();
    let (changes, _) = m.punch();
    let receipts = self::receipts(&m.tablet.send(&m.world, &changes));
    m.world.hub.restrict(Restriction::Erase { subject: Subject(m.hana.0) }, m.world.now()).unwrap();
    m.restore();
    assert_eq!(offer(&mut m.tablet, &m.world, &changes, receipts), ["gone"]);
}

/// A record that one tablet made and another voided, with the receipts of either.
fn made_and_voided(m: &mut Morning) -> (RecordId, Vec<Change>, Vec<Change>, BTreeMap<records::ChangeId, String>) {
    let (made, punch) = m.punch();
    let mut all = receipts(&m.tablet.send(&m.world, &made));
    m.second.sync(&m.world);
    let seen = m.second.stored[&punch].clone();
    let void = nursery::core::Void { reason: "undo".into(), note: String::new() };
    let (voided, ()) = m.second.compose(&m.world, m.sato, |c| c.void(&seen, &void));
    all.extend(receipts(&m.second.send(&m.world, &voided)));
    (punch, made, voided, all)
}

#[test]
fn rule_29_a_change_whose_beginning_is_lost_waits_and_is_not_refused() {
    let mut m = Morning::new();
    let (punch, made, voided, receipts) = made_and_voided(&mut m);
    m.restore();
    let mine = |changes: &[Change]| {
        let ids: Vec<_> = changes.iter().map(|change| change.id).collect();
        receipts.iter().filter(|(id, _)| ids.contains(id)).map(|(id, r)| (*id, r.clone())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(offer(&mut m.second, &m.world, &voided, mine(&voided)), ["incomplete"]);
    let letters = vec![letter(&voided[0])];
    let batch = m.second.batch_of(letters);
    let again = m.world.hub.exchange(&m.second.session, m.second.request(Some(batch)), m.world.now());
    assert!(matches!(again.unwrap().verdicts[0].verdict, Verdict::Later { .. }), "it blocks nothing and is not lost");
    assert_eq!(offer(&mut m.tablet, &m.world, &made, mine(&made)), ["accepted"]);
    assert_eq!(offer(&mut m.second, &m.world, &voided, mine(&voided)), ["accepted"]);
    assert!(m.world.record(punch).shown("void").is_some());
}

#[test]
fn rule_29_what_only_others_hold_waits_for_the_office_and_comes_under_its_own_name() {
    let mut m = Morning::new();
    let (punch, made, voided, receipts) = made_and_voided(&mut m);
    m.tablet.sync(&m.world);
    let copy = m.tablet.stored[&punch].clone();
    m.phone.sync(&m.world);
    let seen_by_family = m.phone.stored[&punch].clone();
    m.restore();
    m.world.hub.let_families_in(m.world.now()).unwrap();
    assert_eq!(m.bring(&m.second, vec![copy.clone()]), [punch]);
    assert_eq!(m.bring(&m.tablet, vec![copy]), [punch]);
    assert_eq!(m.bring(&m.phone, vec![seen_by_family]), [punch], "other audiences, the same copy");
    let [witness] = &m.witnesses()[..] else { panic!("one line for all who hold the same") };
    assert!(!m.world.exists(punch), "nothing comes back by itself");
    assert_eq!(m.decide(witness, "accepted"), None);
    let record = m.world.record(punch);
    assert_eq!(record.origin().unwrap().author, m.sato);
    let live: Vec<_> = record.live().collect();
    assert!(live.contains(&made[0].id) && live.contains(&voided[0].id), "under the ids that they always had");
    // the tablet that was thought lost comes back: its change is there already, once
    let before = m.world.record(punch);
    assert_eq!(
        offer(&mut m.tablet, &m.world, &made, [(made[0].id, receipts[&made[0].id].clone())].into()),
        ["accepted"]
    );
    assert_eq!(m.world.record(punch).fields, before.fields);
    assert_eq!(m.world.hub.broken_chains().unwrap(), []);
    assert_eq!(m.bring(&m.second, vec![before]), [punch]);
    assert_eq!(m.witnesses().len(), 1, "of what the log has nobody is asked");
}

#[test]
fn rule_29_copies_bring_no_rights_and_nothing_that_its_bearer_may_not_see() {
    let mut m = Morning::new();
    let placed = m.world.child("そら", m.world.tsubame, m.world.kuma);
    let foreign = m.world.make_about(m.world.tsubame.into(), placed, Some(m.world.today()), absence(placed));
    let foreign = m.world.record(foreign);
    let assigned = m.world.assign(m.sato, m.world.wakaba, Role::Director);
    let assigned = m.world.record(assigned);
    m.restore();
    let ids = [foreign.head.id, assigned.head.id];
    assert_eq!(m.bring(&m.second, vec![foreign, assigned]), ids);
    let [witness] = &m.witnesses()[..] else { panic!("what is out of sight is not even listed") };
    assert_eq!(witness.record, ids[1].0);
    m.director = m.world.person("市の職員");
    m.world.assign(m.director, m.world.city.0.into(), Role::City);
    assert_eq!(m.decide(witness, "accepted").as_deref(), Some("not_allowed"), "rights are entered again by people");
    assert!(!m.world.exists(ids[1]));
    assert_eq!(m.decide(witness, "refused"), None);
}

#[test]
fn rule_29_without_a_restore_nobody_asks_the_office_about_copies() {
    let mut m = Morning::new();
    let (punch, _, _, _) = made_and_voided(&mut m);
    let mut made_up = m.second.stored[&punch].clone();
    let id = records::ChangeId(m.world.id());
    made_up.fields.values_mut().flat_map(|register| &mut register.entries).for_each(|entry| entry.change = id);
    assert_eq!(m.bring(&m.second, vec![made_up]), [punch]);
    assert!(m.witnesses().is_empty());
}

#[test]
fn rule_29_a_kind_that_this_server_does_not_know_stays_with_the_device() {
    let mut m = Morning::new();
    let (_, _, _, _) = made_and_voided(&mut m);
    let mut unknown = m.second.stored.values().find(|record| record.head.kind.as_str() == "punch").unwrap().clone();
    m.restore();
    unknown.head.kind = records::KindName("of_a_newer_server".to_owned().into());
    assert_eq!(m.bring(&m.second, vec![unknown]), []);
}

#[test]
fn rule_32_families_wait_until_every_site_has_shown_its_restrictions() {
    let mut m = Morning::new();
    let announce = |m: &Morning| {
        m.phone.compose(&m.world, m.mother, |c| {
            let new = absence(m.hana);
            let keys = new.key_ids();
            c.make(m.world.wakaba.into(), m.hana.into(), Some(m.world.today()), new, keys).unwrap()
        })
    };
    m.restore();
    let refused = m.world.hub.exchange(&m.phone.session, m.phone.request(None), m.world.now()).unwrap_err();
    assert_eq!(refused.code(), "recovering");
    // what a family has to say is written at once, and promised later
    let (said, id) = announce(&m);
    let stood = (m.phone.epoch, m.phone.cursor.clone());
    let batch = m.phone.batch(&said);
    let reply = m.world.hub.exchange(&m.phone.session, m.phone.request(Some(batch)), m.world.now()).unwrap();
    assert_eq!(code(&reply.verdicts[0]), "recovering");
    assert_eq!((Some(reply.epoch), Some(reply.cursor.clone())), stood);
    assert!(reply.page.is_empty() && reply.echoes.is_empty() && m.world.exists(id));
    // a tablet's first request does not know of the new epoch yet, its second has brought all restrictions
    m.tablet.exchange(&m.world, None).unwrap();
    assert!(m.world.hub.exchange(&m.phone.session, m.phone.request(None), m.world.now()).is_err());
    m.tablet.exchange(&m.world, None).unwrap();
    m.phone.sync(&m.world);
    assert!(m.phone.holds(id));
}

#[test]
fn rule_32_a_blocked_guardian_who_asks_first_gets_nothing_although_the_file_of_restrictions_is_lost() {
    let mut m = Morning::new();
    m.world.hub.restrict(Restriction::Block { person: m.mother }, m.world.now()).unwrap();
    let notes = m.tablet.exchange(&m.world, None).unwrap().notes;
    m.world.hub = Arc::new(Hub::open(&m.world.folder.path().join("other"), [3; 32], m.world.now()).unwrap());
    std::fs::remove_file(m.world.folder.path().join("restrictions.log")).unwrap();
    m.restore();
    let first = m.world.hub.exchange(&m.phone.session, m.phone.request(None), m.world.now());
    assert_eq!(first.unwrap_err().code(), "recovering");
    m.tablet.exchange(&m.world, None).unwrap();
    // a tablet that holds a restriction and has not brought it shows nothing
    let silent = Exchange { notes_seen: notes[0].number, ..m.tablet.request(None) };
    m.world.hub.exchange(&m.tablet.session, silent, m.world.now()).unwrap();
    assert!(!m.world.hub.awaited_sites().unwrap().is_empty());
    let brought = Exchange { notes_seen: notes[0].number, notes, ..m.tablet.request(None) };
    m.world.hub.exchange(&m.tablet.session, brought, m.world.now()).unwrap();
    assert!(m.world.hub.awaited_sites().unwrap().is_empty());
    let before = m.phone.received;
    m.phone.sync(&m.world);
    assert_eq!(m.phone.received, before, "not one record");
}

#[test]
fn rule_32_the_office_lets_families_in_where_no_tablet_is_left() {
    let mut m = Morning::new();
    m.restore();
    assert!(m.world.hub.exchange(&m.phone.session, m.phone.request(None), m.world.now()).is_err());
    m.world.hub.let_families_in(m.world.now()).unwrap();
    m.phone.sync(&m.world);
}
