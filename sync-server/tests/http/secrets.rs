//! Not there and not yours: byte for byte the same answer, on every endpoint that names an id.

use super::world::{Browser, World};
use nursery::people::{CareNote, Joining, Role};
use serde_json::{Value, json};
use uuid::Uuid;

/// The names that stand for ids in a template, in the order of [`Ids`].
const NAMES: [&str; 6] = ["$FACILITY", "$CHILD", "$CLASS", "$ROOM", "$RECORD", "$PERSON"];

type Ids = [Uuid; 6];

/// Fills a template: the ids of `other` where `from_other` says so, the own ones elsewhere.
fn filled(template: &Value, own: &Ids, other: &Ids, from_other: &[usize]) -> Value {
    let mut text = template.to_string();
    for (index, name) in NAMES.iter().enumerate() {
        let id = if from_other.contains(&index) { other[index] } else { own[index] };
        text = text.replace(name, &id.to_string());
    }
    serde_json::from_str(&text).unwrap()
}

/// Which names a template has: each alone, and all together.
fn mixtures(template: &Value) -> Vec<Vec<usize>> {
    let text = template.to_string();
    let here: Vec<usize> = (0..NAMES.len()).filter(|index| text.contains(NAMES[*index])).collect();
    let mut all: Vec<Vec<usize>> = here.iter().map(|index| vec![*index]).collect();
    all.push(here);
    all
}

fn queries() -> Vec<Value> {
    let site = |query: &str| json!({ "query": query, "facility": "$FACILITY" });
    let child = |query: &str| json!({ "query": query, "facility": "$FACILITY", "child": "$CHILD" });
    let places = [
        json!({ "place": "class", "facility": "$FACILITY", "class": "$CLASS" }),
        json!({ "place": "room", "facility": "$FACILITY", "room": "$ROOM" }),
        json!({ "place": "facility", "facility": "$FACILITY" }),
    ];
    let mut all: Vec<Value> = ["open_ends", "site_today", "joins"].map(site).into();
    all.extend(["child_sheet", "care_notes", "departure"].map(child));
    for query in ["board", "messages", "entry_form"] {
        all.extend(places.iter().map(|place| json!({ "query": query, "place": place })));
    }
    all.push(json!({ "query": "receipt", "announcement": "$RECORD" }));
    all
}

fn commands() -> Vec<Value> {
    let (facility, child, record) = ("$FACILITY", "$CHILD", "$RECORD");
    let absence = json!({ "what": "absence", "reason": "fever" });
    let day = "2026-11-24";
    vec![
        json!({ "command": "arrive", "facility": facility, "children": [child] }),
        json!({ "command": "arrive", "facility": facility, "children": [child], "room": "$ROOM" }),
        json!({ "command": "depart", "facility": facility, "children": [child],
                "collector": { "who": "guardian", "person": "$PERSON" } }),
        json!({ "command": "depart", "facility": facility, "children": [child],
                "collector": { "who": "registered", "pickup": record } }),
        json!({ "command": "undo", "records": [record] }),
        json!({ "command": "void", "record": record, "reason": "other" }),
        json!({ "command": "correct_punch", "facility": facility, "child": child, "day": day, "sort": "arrival",
                "at": "07:30", "reason": "forgotten" }),
        json!({ "command": "correct_punch", "facility": facility, "child": child, "day": day, "sort": "arrival",
                "at": "07:30", "reason": "forgotten", "instead_of": record }),
        json!({ "command": "see", "facility": facility, "child": child, "seen": true }),
        json!({ "command": "announce", "children": [child], "day": day, "announced": absence }),
        json!({ "command": "announce", "children": [child], "facility": facility, "day": day, "announced": absence,
                "channel": "phone", "caller": "$PERSON" }),
        json!({ "command": "announce", "children": [child], "facility": facility, "day": day, "announced": absence,
                "replaces": record }),
        json!({ "command": "acknowledge", "announcements": [record] }),
        json!({ "command": "take_call", "facility": facility, "child": child }),
        json!({ "command": "end_call", "facility": facility, "child": child, "outcome": "spoke" }),
        json!({ "command": "told_by_phone", "announcement": record }),
        json!({ "command": "move", "facility": facility, "children": [child], "room": "$ROOM" }),
        json!({ "command": "start_count", "facility": facility, "transition": "walk_out", "children": [child] }),
        json!({ "command": "second_count", "head_count": record, "count": 1 }),
        json!({ "command": "cancel_count", "head_count": record }),
        json!({ "command": "go_out", "facility": facility, "child": child, "reason": "hospital" }),
        json!({ "command": "come_back", "facility": facility, "children": [child] }),
        json!({ "command": "be_present", "facility": facility, "room": "$ROOM" }),
        json!({ "command": "write_care_note", "facility": facility, "child": child, "text": "x" }),
        json!({ "command": "write_care_note", "facility": facility, "child": child, "record": record, "text": "x" }),
        json!({ "command": "decide_join", "guardianship": record, "confirm": true }),
    ]
}

/// Both nurseries with everything that has an id, and somebody who belongs to わかば alone.
struct Two {
    world: World,
    own: Ids,
    /// Of つばめ, once per sort of record that a command may name.
    theirs: Vec<Ids>,
}

async fn two() -> Two {
    let world = World::new().await;
    let mine = world.child("みお", world.wakaba, world.usagi);
    let other = world.child("そう", world.tsubame, world.kuma);
    let rooms = [world.wakaba, world.tsubame].map(|facility| {
        let room = nursery::place::Room { facility, name: Some("部屋".into()), ..Default::default() };
        let (id, keys) = (world.id(), room.key_ids());
        world.make_as(id, room, keys);
        id
    });
    let (mother, father) = (world.guardian("母", mine), world.guardian("父", other));
    let joins = |child| world.guard(world.person("祖母"), child, Joining::Pending).0;
    let note = CareNote { child: other, text: Some("x".into()), ..Default::default() };
    let keys = note.key_ids();
    let note = world.make_in(world.tsubame.into(), other, None, note, keys).0;
    let there = world.browser(world.staff("園長", world.tsubame, Role::Director)).await;
    let written = written(&world, &there, other).await;
    let own = [world.wakaba.0, mine.0, world.usagi.0, rooms[0], joins(mine), mother.0];
    let records = [written, vec![note, joins(other)]].concat();
    let of = |record| [world.tsubame.0, other.0, world.kuma.0, rooms[1], record, father.0];
    let theirs = records.into_iter().map(of).collect();
    Two { world, own, theirs }
}

/// A punch, an announcement and a count, as somebody of つばめ writes them.
async fn written(world: &World, there: &Browser, child: nursery::ids::ChildId) -> Vec<Uuid> {
    let facility = world.tsubame;
    let mut records = vec![];
    for command in [
        json!({ "command": "arrive", "facility": facility, "children": [child] }),
        json!({ "command": "announce", "children": [child], "facility": facility, "day": "2026-11-24",
                "announced": { "what": "early", "at": "15:00" }, "channel": "phone", "caller_name": "父" }),
        json!({ "command": "start_count", "facility": facility, "transition": "walk_out", "children": [child] }),
    ] {
        let reply = there.act(json!({ "command": command })).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let made = reply.json()["records"].as_array().unwrap().clone();
        records.extend(made.iter().map(|id| id.as_str().unwrap().parse::<Uuid>().unwrap()));
    }
    records
}

impl Two {
    fn nowhere(&self) -> Ids {
        std::array::from_fn(|_| self.world.id())
    }

    /// Sends a template with foreign ids, and with ids of nothing: both must be refused alike.
    async fn tells(&self, browser: &Browser, path: &str, template: &Value) -> Vec<String> {
        let mut found = vec![];
        for mixture in mixtures(template) {
            let nothing = browser.post(path, &filled(template, &self.own, &self.nowhere(), &mixture)).await;
            for theirs in &self.theirs {
                let body = filled(template, &self.own, theirs, &mixture);
                let foreign = browser.post(path, &body).await;
                if foreign.whole() != nothing.whole() {
                    let names: Vec<&str> = mixture.iter().map(|index| NAMES[*index]).collect();
                    found.push(format!("{names:?} of {template}: {} but {}", foreign.text, nothing.text));
                }
                if foreign.status == 200 {
                    found.push(format!("done: {body}: {}", foreign.text));
                }
                if !template.to_string().contains("$RECORD") {
                    break;
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

#[tokio::test]
async fn an_id_of_another_nursery_is_answered_like_an_id_of_nothing() {
    let two = two().await;
    let world = &two.world;
    let people = [
        records::PersonId(two.own[5]),
        world.staff("阿部", world.wakaba, Role::Caregiver),
        world.staff("事務", world.wakaba, Role::Office),
        world.staff("元職員", world.wakaba, Role::IctContact),
    ];
    let mut found = vec![];
    for person in people {
        let browser = world.browser(person).await;
        for query in queries() {
            found.extend(two.tells(&browser, "/v1/app/ask", &query).await);
        }
        let family = person.0 == two.own[5];
        // a family's own entry names no caller: what stands there is not read
        for command in commands().iter().filter(|command| !family || command["channel"] != "phone") {
            found.extend(two.tells(&browser, "/v1/app/act", &json!({ "command": command })).await);
        }
        for request in [
            json!({ "request": "invite", "child": "$CHILD", "facility": "$FACILITY" }),
            json!({ "request": "pair_confirm", "code": "000000", "facility": "$FACILITY" }),
        ] {
            found.extend(two.tells(&browser, "/v1/app/host", &request).await);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
