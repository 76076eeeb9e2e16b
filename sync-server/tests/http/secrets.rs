//! Not there and not yours: byte for byte the same answer, whatever is asked and whoever asks.

use super::asked::{FIRST_RECORD, Ids, NAMES, PIN, everything, filled, names};
use super::world::{Browser, Reply, World};
use nursery::core::Records as _;
use nursery::devices::Purpose;
use nursery::ids::{ChildId, ClassId, FacilityId};
use nursery::people::{AuthorizedPickup, CareNote, Joining, Names, Role};
use nursery::server::Hold;
use records::wire::Batch;
use records::{
    ActId, Change, ChangeId, DeviceTime, FeedId, GrantsVersion, Head, Incarnation, Letter, PersonId, RecordId,
};
use records::{Salt, Seen, Subject, Write};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Both nurseries with everything that has an id.
struct Two {
    world: World,
    own: Ids,
    theirs: Ids,
}

async fn two() -> Two {
    let world = World::new().await;
    let own = site(&world, world.wakaba, world.usagi).await;
    let theirs = site(&world, world.tsubame, world.kuma).await;
    Two { world, own, theirs }
}

/// A nursery with a child, and one of each sort of record that a command may name.
async fn site(world: &World, facility: FacilityId, class: ClassId) -> Ids {
    let child = world.child("みお", facility, class);
    let room = nursery::place::Room { facility, name: Some("部屋".into()), ..Default::default() };
    let (room_id, keys) = (world.id(), room.key_ids());
    world.make_as(room_id, room, keys);
    let guardian = world.guardian("母", child);
    let join = world.guard(world.person("祖母"), child, Joining::Pending).0;
    let note = CareNote { child, text: Some("x".into()), ..Default::default() };
    let keys = note.key_ids();
    let note = world.make_in(facility.into(), child, None, note, keys).0;
    let names = Some(Names { legal: "木村 梅".into(), ..Names::default() });
    let pickup = AuthorizedPickup { child, names, ..Default::default() };
    let keys = pickup.key_ids();
    let pickup = world.make(child, pickup, keys).0;
    let held = Hold {
        author: guardian.0,
        record: note,
        letters: Some(vec![]),
        code: Some("not_allowed".into()),
        ..Default::default()
    };
    let keys = held.key_ids();
    let held = world.make_in(facility.into(), child, None, held, keys).0;
    let staff = world.staff("主任", facility, Role::LeadTeacher);
    super::pins::give(world, staff, PIN);
    let [punch, notice, differed, count] = written(world, facility, child).await;
    [
        facility.0, child.0, class.0, room_id, guardian.0, staff.0, punch, notice, count, differed, note, join, pickup,
        held,
    ]
}

/// A punch, an announcement, a count whose numbers differed, and one that waits.
async fn written(world: &World, facility: FacilityId, child: ChildId) -> [Uuid; 4] {
    let director = world.browser(world.staff("園長", facility, Role::Director)).await;
    let second = world.browser(world.staff("阿部", facility, Role::Caregiver)).await;
    let start =
        json!({ "command": "start_count", "facility": facility, "transition": "walk_out", "children": [child] });
    let punch = makes(&director, json!({ "command": "arrive", "facility": facility, "children": [child] })).await;
    let notice = json!({ "command": "announce", "children": [child], "facility": facility, "day": "2026-11-24",
                         "announced": { "what": "early", "at": "15:00" }, "channel": "phone", "caller_name": "父" });
    let notice = makes(&director, notice).await;
    let differed = makes(&director, start.clone()).await;
    makes(&second, json!({ "command": "second_count", "head_count": differed, "count": 0 })).await;
    [punch, notice, differed, makes(&director, start).await]
}

/// Carries a command out; gives the first record that it made.
async fn makes(browser: &Browser, command: Value) -> Uuid {
    let reply = browser.act(json!({ "command": command })).await;
    assert_eq!(reply.status, 200, "{command}: {}", reply.text);
    reply.json()["records"][0].as_str().unwrap().parse().unwrap()
}

impl Two {
    /// Whoever may ask at わかば.
    async fn people(&self) -> Vec<(&'static str, Browser)> {
        let world = &self.world;
        let at = |name, role| world.staff(name, world.wakaba, role);
        let mut all = vec![("guardian", world.browser(PersonId(self.own[4])).await)];
        for (name, role) in [
            ("caregiver", Role::Caregiver),
            ("office", Role::Office),
            ("ICT contact", Role::IctContact),
            ("city", Role::City),
        ] {
            all.push((name, world.browser(at(name, role)).await));
        }
        all
    }

    /// What may stand in the place of a name: of the other nursery, for a record each sort of record that there is. Who
    /// joined, and what waits for an office, is for the city to see, and to decide, in every nursery.
    fn foreign(&self, who: &str, name: usize) -> Vec<Uuid> {
        if name < FIRST_RECORD {
            return vec![self.theirs[name]];
        }
        let records =
            (FIRST_RECORD..NAMES.len()).filter(|name| who != "city" || !["$JOIN", "$HELD"].contains(&NAMES[*name]));
        records.map(|name| self.theirs[name]).collect()
    }

    /// Sends a template with foreign ids, and with ids of nothing: both must be refused, and alike.
    async fn tells(&self, who: &str, browser: &Browser, (path, template): &(&str, Value)) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let here = names(template);
        let alone = here.iter().map(|name| vec![*name]);
        for mixture in alone.chain([here.clone()]).filter(|mixture| !mixture.is_empty()) {
            let put = |id: &dyn Fn(usize) -> Uuid| {
                filled(template, |name| if mixture.contains(&name) { id(name) } else { self.own[name] })
            };
            let nothing = browser.post(path, &put(&|_| self.world.id())).await;
            let sorts = mixture.iter().map(|name| self.foreign(who, *name).len()).max().unwrap_or(0);
            for sort in 0..sorts {
                let foreign = |name: usize| {
                    let all = self.foreign(who, name);
                    all[sort % all.len()]
                };
                let reply = browser.post(path, &put(&foreign)).await;
                let of = || format!("{:?} of {template}", mixture.iter().map(|name| NAMES[*name]).collect::<Vec<_>>());
                if reply.whole() != nothing.whole() {
                    found.insert(format!("{who}: {}: {} but {}", of(), reply.text, nothing.text));
                }
                if !(400..500).contains(&reply.status) {
                    found.insert(format!("{who}: {}: {} {}", of(), reply.status, reply.text));
                }
            }
        }
        found
    }
}

#[tokio::test]
async fn an_id_of_another_nursery_is_answered_like_an_id_of_nothing() {
    let two = two().await;
    let mut found = BTreeSet::new();
    for (who, browser) in two.people().await {
        // a family's own entry names no caller: what stands there is not read
        let family = |body: &Value| who == "guardian" && body["command"]["channel"] == "phone";
        for asked in everything().iter().filter(|(_, body)| !family(body)) {
            found.extend(two.tells(who, &browser, asked).await);
        }
    }
    assert!(found.is_empty(), "{}", found.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Who asks about nothing but their own is told so: else the rows above would compare one mistake with another.
#[tokio::test]
async fn the_own_are_there_for_somebody() {
    let two = two().await;
    let director = two.world.browser(two.world.staff("園長", two.world.wakaba, Role::Director)).await;
    let guardian = two.world.browser(PersonId(two.own[4])).await;
    let mut found = vec![];
    // no device waits for the code of that row
    for (path, template) in everything().iter().filter(|(_, body)| body["request"] != "pair_confirm") {
        let body = filled(template, |name| two.own[name]);
        let replies = [director.post(path, &body).await, guardian.post(path, &body).await];
        if replies.iter().all(|reply| reply.status == 404) || replies.iter().any(|reply| reply.status >= 500) {
            found.push(format!("{template}: {} {}", replies[0].text, replies[1].text));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A device that sends one change at a time, each about a record that it should not know.
struct Sending<'a> {
    world: &'a World,
    session: hub::Session,
    token: String,
    key: seal::DeviceKey,
    author: PersonId,
    number: u64,
}

impl<'a> Sending<'a> {
    fn new(world: &'a World, seed: u8, owner: Uuid, purpose: Purpose, author: PersonId) -> Self {
        let key = seal::DeviceKey::from_seed([seed; 32]);
        let (session, token) = world.hub().admit(owner, purpose, "端末", &key.public(), world.now()).unwrap();
        Self { world, session, token, key, author, number: 0 }
    }

    /// Sends a change; gives the reply without what differs by the change's own id.
    async fn tells(&mut self, head: &Head, field: &str) -> (u16, Value, Value) {
        self.number += 1;
        let at = DeviceTime(self.world.now().0);
        let write = Write { field: field.to_owned(), value: Some(json!({ "reason": "undo" })), over: Seen::default() };
        let change = Change {
            id: ChangeId(self.world.id()),
            act: ActId(self.world.id()),
            head: head.clone(),
            writes: vec![write],
            author: self.author,
            device: self.session.device,
            basis: GrantsVersion(0),
            at,
            app: "0.1.0".into(),
        };
        let letter = Letter::seal(&change, Salt("0".repeat(32))).unwrap();
        let incarnation = Incarnation(self.session.device.0);
        let signature = self.key.sign_batch(incarnation, self.number, &[seal::hash(&letter)]);
        let batch =
            Batch { incarnation, number: self.number, letters: vec![letter], signature, receipts: Default::default() };
        let asked = json!({ "batch": batch, "notes_seen": 0, "notes": [], "app": "0.1.0" });
        let reply = Reply::of(self.world.request("POST", "/v1/sync").bearer_auth(&self.token).json(&asked)).await;
        let mut told = reply.json();
        let mut verdict = told["verdicts"][0].take();
        verdict.as_object_mut().unwrap().remove("change");
        (reply.status, verdict, told["echoes"].take())
    }
}

#[tokio::test]
async fn a_device_that_writes_into_another_nursery_is_told_nothing_of_what_is_there() {
    let two = two().await;
    let world = &two.world;
    let caregiver = world.staff("阿部", world.wakaba, Role::Caregiver);
    let guardian = PersonId(two.own[4]);
    let refused = (200, json!({ "verdict": "refused", "code": "not_allowed" }), json!([]));
    for mut device in [
        Sending::new(world, 4, world.wakaba.0, Purpose::ClassTablet, caregiver),
        Sending::new(world, 5, world.wakaba.0, Purpose::Kiosk, caregiver),
        Sending::new(world, 6, guardian.0, Purpose::Personal, guardian),
    ] {
        for id in &two.theirs[FIRST_RECORD..] {
            let there = world.hub().records().unwrap().get(RecordId(*id)).unwrap().unwrap().head;
            let nowhere = Head { id: RecordId(world.id()), ..there.clone() };
            let nobody = Head { subject: Subject(world.id()), keys: vec![world.id()], ..nowhere.clone() };
            let no_feed = Head { feed: FeedId(world.id()), ..nobody.clone() };
            for field in ["void", "note", "state"] {
                for head in [&there, &nowhere, &nobody, &no_feed] {
                    assert_eq!(device.tells(head, field).await, refused, "{field} of {head:?}");
                }
            }
        }
    }
}
