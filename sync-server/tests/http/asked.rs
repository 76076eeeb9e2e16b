//! Everything that a screen may ask, order or want of its host, once per id that it may name. The list of what there is
//! comes from the types themselves, so that a new question without a row here fails.

use nursery::command::{Command, Order};
use nursery::view::Query;
use nursery::view::host::HostRequest;
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The names that stand for ids in a template, in the order of [`Ids`].
pub const NAMES: [&str; 14] = [
    "$FACILITY",
    "$CHILD",
    "$CLASS",
    "$ROOM",
    "$GUARDIAN",
    "$STAFF",
    "$PUNCH",
    "$NOTICE",
    "$COUNT",
    "$DIFFERED",
    "$NOTE",
    "$JOIN",
    "$PICKUP",
    "$HELD",
];
/// From here on the names are those of records.
pub const FIRST_RECORD: usize = 6;
/// The PIN of `$STAFF`.
pub const PIN: &str = "4649";

pub type Ids = [Uuid; NAMES.len()];

/// Where a template goes.
pub const ASK: &str = "/v1/app/ask";
pub const ACT: &str = "/v1/app/act";
pub const HOST: &str = "/v1/app/host";

/// Fills a template; `id` gives what stands in the place of each name.
pub fn filled(template: &Value, id: impl Fn(usize) -> Uuid) -> Value {
    let mut text = template.to_string();
    for (index, name) in NAMES.iter().enumerate() {
        text = text.replace(&format!("\"{name}\""), &format!("\"{}\"", id(index)));
    }
    serde_json::from_str(&text).unwrap()
}

/// The names that a template has.
pub fn names(template: &Value) -> Vec<usize> {
    let text = template.to_string();
    (0..NAMES.len()).filter(|index| text.contains(&format!("\"{}\"", NAMES[*index]))).collect()
}

pub fn queries() -> Vec<Value> {
    let site = |query: &str| json!({ "query": query, "facility": "$FACILITY" });
    let child = |query: &str| json!({ "query": query, "facility": "$FACILITY", "child": "$CHILD" });
    let places = [
        json!({ "place": "class", "facility": "$FACILITY", "class": "$CLASS" }),
        json!({ "place": "room", "facility": "$FACILITY", "room": "$ROOM" }),
        json!({ "place": "facility", "facility": "$FACILITY" }),
    ];
    let mut all: Vec<Value> = ["me", "guardian_home", "absence_form"].map(|query| json!({ "query": query })).into();
    all.extend(["open_ends", "site_today", "joins", "waiting"].map(site));
    all.extend(["child_sheet", "care_notes", "departure"].map(child));
    for query in ["board", "calls", "messages", "entry_form"] {
        all.extend(places.iter().map(|place| json!({ "query": query, "place": place })));
    }
    all.extend([
        json!({ "query": "open_ends", "facility": "$FACILITY", "day": "2026-11-20" }),
        json!({ "query": "child_sheet", "facility": "$FACILITY", "child": "$CHILD", "day": "2026-11-20" }),
        json!({ "query": "collecting", "facility": "$FACILITY", "child": "$CHILD", "name": "木村 健" }),
        json!({ "query": "receipt", "announcement": "$NOTICE" }),
        json!({ "query": "search_key", "text": "髙橋" }),
    ]);
    all
}

/// Orders: a command, and here and there a colleague who types a PIN for it.
pub fn orders() -> Vec<Value> {
    let mut all: Vec<Value> = [at_the_door(), announced(), on_the_way(), of_the_office()]
        .concat()
        .into_iter()
        .map(|command| json!({ "command": command }))
        .collect();
    let other = json!({ "who": "other", "name": "木村 健", "relation": "uncle", "agreed_by": "$GUARDIAN",
                        "called_before_ms": 60_000 });
    for command in [
        json!({ "command": "depart", "facility": "$FACILITY", "children": ["$CHILD"], "collector": other }),
        json!({ "command": "second_count", "head_count": "$COUNT", "count": 1 }),
    ] {
        all.push(json!({ "command": command, "person": "$STAFF", "pin": PIN }));
    }
    all
}

fn at_the_door() -> Vec<Value> {
    let (facility, child, day) = ("$FACILITY", "$CHILD", "2026-11-24");
    let correct = |sort: &str, more: Value| {
        let mut command = json!({ "command": "correct_punch", "facility": facility, "child": child, "day": day,
                                  "sort": sort, "at": "07:30", "reason": "forgotten" });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    let by = |collector: Value| json!({ "command": "depart", "facility": facility, "children": [child], "collector": collector });
    vec![
        json!({ "command": "arrive", "facility": facility, "children": [child] }),
        json!({ "command": "arrive", "facility": facility, "children": [child], "room": "$ROOM" }),
        by(json!({ "who": "guardian", "person": "$GUARDIAN" })),
        by(json!({ "who": "registered", "pickup": "$PICKUP" })),
        json!({ "command": "undo", "records": ["$PUNCH"] }),
        json!({ "command": "void", "record": "$PUNCH", "reason": "other" }),
        correct("arrival", json!({})),
        correct("arrival", json!({ "instead_of": "$PUNCH" })),
        correct("departure", json!({ "collector": { "who": "guardian", "person": "$GUARDIAN" } })),
        correct("departure", json!({ "collector": { "who": "registered", "pickup": "$PICKUP" } })),
        json!({ "command": "see", "facility": facility, "child": child, "seen": true }),
    ]
}

fn announced() -> Vec<Value> {
    let (facility, child, day) = ("$FACILITY", "$CHILD", "2026-11-24");
    let absence = json!({ "what": "absence", "reason": "fever" });
    let pickup = |key: &str, id: &str| json!({ "what": "pickup", key: id, "name": "" });
    let of =
        |announced: &Value| json!({ "command": "announce", "children": [child], "day": day, "announced": announced });
    let here = |announced: &Value, more: Value| {
        let mut command = of(announced);
        command["facility"] = json!(facility);
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        command
    };
    vec![
        of(&absence),
        of(&json!({ "what": "late", "at": "10:00" })),
        here(&absence, json!({ "channel": "phone", "caller": "$GUARDIAN" })),
        here(&absence, json!({ "replaces": "$NOTICE" })),
        here(&pickup("person", "$GUARDIAN"), json!({})),
        here(&pickup("pickup", "$PICKUP"), json!({ "channel": "phone" })),
        json!({ "command": "acknowledge", "announcements": ["$NOTICE"] }),
        json!({ "command": "take_call", "facility": facility, "child": child }),
        json!({ "command": "end_call", "facility": facility, "child": child, "outcome": "spoke" }),
        json!({ "command": "told_by_phone", "announcement": "$NOTICE" }),
    ]
}

fn on_the_way() -> Vec<Value> {
    let (facility, child) = ("$FACILITY", "$CHILD");
    let count = |transition: &str| {
        json!({ "command": "start_count", "facility": facility, "transition": transition, "children": [child],
                "room": "$ROOM" })
    };
    vec![
        json!({ "command": "move", "facility": facility, "children": [child], "room": "$ROOM" }),
        count("walk_out"),
        count("room_change"),
        json!({ "command": "second_count", "head_count": "$COUNT", "count": 1 }),
        json!({ "command": "explain_count", "head_count": "$DIFFERED", "gaps": [{ "child": child, "why": "with_staff" }] }),
        json!({ "command": "cancel_count", "head_count": "$COUNT" }),
        json!({ "command": "go_out", "facility": facility, "child": child, "reason": "hospital" }),
        json!({ "command": "come_back", "facility": facility, "children": [child] }),
        json!({ "command": "be_present", "facility": facility, "room": "$ROOM" }),
    ]
}

fn of_the_office() -> Vec<Value> {
    let note = json!({ "command": "write_care_note", "facility": "$FACILITY", "child": "$CHILD", "text": "x" });
    let mut over = note.clone();
    over["record"] = json!("$NOTE");
    vec![
        note,
        over,
        json!({ "command": "decide_join", "guardianship": "$JOIN", "confirm": true }),
        json!({ "command": "decide_waiting", "waiting": ["$HELD"], "accept": true }),
    ]
}

/// What anybody may want of the host, signed in or not.
pub const OPEN_REQUESTS: [&str; 4] = ["start", "join_look", "join", "sign_out"];

pub fn requests() -> Vec<Value> {
    let token = "0".repeat(26);
    let plain = ["start", "sync", "queue", "sync_now", "export_queue", "pair_poll", "pair_waiting", "sign_out"];
    let mut all: Vec<Value> = plain.map(|request| json!({ "request": request })).into();
    all.extend([
        json!({ "request": "dismiss", "change": "$PUNCH" }),
        json!({ "request": "choose_person", "person": "$STAFF", "pin": PIN }),
        json!({ "request": "confirm_date", "day": "2026-11-24" }),
        json!({ "request": "pair_start", "server": "", "name": "うさぎ組 1", "purpose": "class_tablet" }),
        json!({ "request": "pair_confirm", "code": "000000", "facility": "$FACILITY" }),
        json!({ "request": "invite", "child": "$CHILD", "facility": "$FACILITY" }),
        json!({ "request": "join_look", "server": "", "token": token }),
        json!({ "request": "join", "server": "", "token": token, "name": "木村 花", "kana": "きむら はな",
                "relation": "mother", "phone": "080-0000-0001" }),
    ]);
    all
}

/// Every template, with the path that takes it.
pub fn everything() -> Vec<(&'static str, Value)> {
    let at = |path: &'static str, all: Vec<Value>| all.into_iter().map(move |template| (path, template));
    at(ASK, queries()).chain(at(ACT, orders())).chain(at(HOST, requests())).collect()
}

/// The variants that an enum tagged by `tag` has, as serde tells whoever names another.
fn variants<'de, T: Deserialize<'de>>(tag: &'static str) -> BTreeSet<&'static str> {
    let read = T::deserialize(MapDeserializer::<_, Known>::new([(tag, "no such")].into_iter()));
    let known = read.err().map(|Known(all)| all).unwrap_or_default();
    assert!(!known.is_empty(), "no variants of {tag}");
    known.iter().copied().collect()
}

#[derive(Debug)]
struct Known(&'static [&'static str]);

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "known: {:?}", self.0)
    }
}

impl std::error::Error for Known {}

impl serde::de::Error for Known {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self(&[])
    }
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}

fn tags(all: &[Value], tag: &str) -> BTreeSet<String> {
    all.iter().map(|template| template[tag].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_question_every_command_and_every_request_has_a_row() {
    let commands: Vec<Value> = orders().into_iter().map(|order| order["command"].clone()).collect();
    for (has, known) in [
        (tags(&queries(), "query"), variants::<Query>("query")),
        (tags(&commands, "command"), variants::<Command>("command")),
        (tags(&requests(), "request"), variants::<HostRequest>("request")),
    ] {
        assert_eq!(has.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    }
}

#[test]
fn every_row_is_one_that_the_server_reads() {
    for (path, template) in everything() {
        let whole = filled(&template, |index| Uuid::from_u128(index as u128 + 1));
        let read = match path {
            ASK => serde_json::from_value::<Query>(whole.clone()).map(drop),
            ACT => serde_json::from_value::<Order>(whole.clone()).map(drop),
            _ => serde_json::from_value::<HostRequest>(whole.clone()).map(drop),
        };
        assert!(read.is_ok() && !whole.to_string().contains('$'), "{path} {whole}: {read:?}");
    }
}
