//! The examples of docs/protocol.md are real messages.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use nursery::access::By;
use nursery::core::{Code, Definition, Keep, Shape};
use nursery::registry::kinds;
use records::wire::{Exchange, Reply};
use records::{
    ChangeId, Day, DeviceId, DeviceTime, FeedId, Head, Incarnation, Letter, PersonId, Record, RecordId, Salt, Subject,
    limits,
};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md")).unwrap()
}

/// The blocks of the page that begin with this word: the public key named in the first line, and the text.
fn blocks(word: &str) -> Vec<(String, String)> {
    let mut blocks = vec![];
    for block in page().split("```json ").skip(1) {
        let (first, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        if let Some(key) = first.strip_prefix(word) {
            blocks.push((key.trim().to_owned(), text.to_owned()));
        }
    }
    blocks
}

#[test]
fn every_request_on_the_page_parses_and_its_signature_verifies() {
    let requests = blocks("exchange");
    assert!(!requests.is_empty());
    for (key, text) in requests {
        let request: Exchange = serde_json::from_str(&text).unwrap();
        let batch = request.batch.unwrap();
        let hashes: Vec<_> = batch.letters.iter().map(seal::hash).collect();
        seal::verify_batch(&key, batch.incarnation, batch.number, &hashes, &batch.signature).unwrap();
        for letter in &batch.letters {
            letter.open().unwrap();
        }
    }
}

#[test]
fn every_reply_on_the_page_parses_and_its_notes_verify() {
    let replies = blocks("reply");
    assert!(!replies.is_empty());
    for (key, text) in replies {
        let reply: Reply = serde_json::from_str(&text).unwrap();
        assert!(!reply.notes.is_empty() && !reply.echoes.is_empty() && !reply.page.is_empty());
        for note in &reply.notes {
            seal::verify_note(&key, note).unwrap();
        }
    }
}

/// The codes that there are, as serde tells whoever names another.
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

#[test]
fn every_code_of_a_refusal_is_explained_on_the_page_and_no_other() {
    let Known(known) = Code::deserialize("no such".into_deserializer()).unwrap_err();
    let page = page();
    let (_, table) = page.split_once("| code | meaning |\n|---|---|\n").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let explained: Vec<&str> = table.lines().map(|line| line.split('`').nth(1).unwrap()).collect();
    assert_eq!(explained.iter().copied().collect::<BTreeSet<_>>(), known.iter().copied().collect());
    assert_eq!(explained.len(), known.len(), "each once");
}

const SEED: [u8; 32] = [7; 32];
const INCARNATION: &str = "01a20aa3-3d80-7000-8000-000000000017";

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// What is signed, put together by hand from what the page says.
fn message(domain: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    [domain, &parts.concat()].concat()
}

/// A batch whose every byte is told: two letters, one with text beyond ASCII and with blanks.
fn vectors() -> Value {
    let letters = [
        ("00112233445566778899aabbccddeeff", r#"{"a":1}"#),
        ("ffeeddccbbaa99887766554433221100", r#"{ "text": "おはよう\u3002", "n": 1.50 }"#),
    ];
    let key = seal::DeviceKey::from_seed(SEED);
    let incarnation: Incarnation = INCARNATION.parse().unwrap();
    let letters = letters.map(|(salt, bytes)| Letter {
        salt: Salt(salt.to_owned()),
        bytes: serde_json::value::RawValue::from_string(bytes.to_owned()).unwrap(),
    });
    let hashes: Vec<seal::Hash> = letters.iter().map(seal::hash).collect();
    let number = 3_u64.to_be_bytes();
    let count = 2_u64.to_be_bytes();
    let parts = [incarnation.0.as_bytes().as_slice(), &number, &count, &hashes[0].0, &hashes[1].0];
    let told = letters.iter().zip(&hashes);
    let told: Vec<Value> =
        told.map(|(letter, hash)| json!({ "salt": letter.salt, "bytes": letter.bytes.get(), "hash": hash })).collect();
    json!({
        "seed": hex(&SEED),
        "public_key": key.public(),
        "incarnation": incarnation,
        "number": 3,
        "letters": told,
        "message": hex(&message(b"sazanami batch v1\0", &parts)),
        "signature": key.sign_batch(incarnation, 3, &hashes),
    })
}

/// The other bytes that a client makes or checks.
fn derived() -> Value {
    let server = seal::ServerKeys::from_seed(SEED);
    let what = r#"{"retire":{"device":"01a20aa3-3d80-76bd-98b0-054437d9c5eb"}}"#;
    let note = server.sign_note(4, what).unwrap();
    let number = 4_u64.to_be_bytes();
    let feed = FeedId("01a0c450-6c00-7202-8202-020202020202".parse().unwrap());
    let (kind, key) = ("expected_day", "01a20aa3-3d80-7000-8000-00000000000b 2026-11-24");
    let secret = seal::OutboxSecret::from_bytes(SEED);
    let mut chance = <seal::Chance as seal::rand_core::SeedableRng>::from_seed(SEED);
    let plain = r#"{"salt":"00112233445566778899aabbccddeeff","bytes":{"a":1}}"#;
    let sealed = seal::seal_item(&secret.public().unwrap(), plain.as_bytes(), &mut chance).unwrap();
    let letter: Letter = serde_json::from_str(plain).unwrap();
    let item = [&seal::hash(&letter).0, sealed.as_slice()].concat();
    json!({
        "note": {
            "server_key": server.public(),
            "number": 4,
            "what": what,
            "message": hex(&message(b"sazanami note v1\0", &[&number, what.as_bytes()])),
            "signature": note.signature,
        },
        "id": { "feed": feed, "kind": kind, "key": key, "id": RecordId::derived(feed, kind, key) },
        "sealed": {
            "server_box_secret": hex(&SEED),
            "server_box_key": secret.public().unwrap().to_string(),
            "letter": plain,
            "sealed": hex(&sealed),
        },
        "frame": { "item": hex(&item), "framed": hex(&seal::frame(&item)) },
    })
}

fn told(word: &str) -> Value {
    let blocks = blocks(word);
    let [(_, text)] = &blocks[..] else { panic!("{} blocks begin with {word}", blocks.len()) };
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_worked_example_of_the_page_is_what_the_code_computes() {
    let computed = vectors();
    assert_eq!(told("vectors"), computed, "the page should say\n{computed:#}");
    let batch = json!({
        "incarnation": computed["incarnation"], "number": 3, "letters": [], "signature": computed["signature"],
    });
    let batch: records::wire::Batch = serde_json::from_value(batch).unwrap();
    let hashes = computed["letters"].as_array().unwrap().iter().map(|l| l["hash"].as_str().unwrap().parse().unwrap());
    let hashes: Vec<seal::Hash> = hashes.collect();
    let public = computed["public_key"].as_str().unwrap();
    seal::verify_batch(public, batch.incarnation, batch.number, &hashes, &batch.signature).unwrap();
}

#[test]
fn the_other_bytes_of_the_page_are_what_the_code_computes() {
    let computed = derived();
    assert_eq!(told("derived"), computed, "the page should say\n{computed:#}");
    let sealed = data_encoding::HEXLOWER.decode(computed["sealed"]["sealed"].as_str().unwrap().as_bytes()).unwrap();
    let opened = seal::open_item(&seal::OutboxSecret::from_bytes(SEED), &sealed).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), computed["sealed"]["letter"]);
}

#[test]
fn every_limit_of_the_page_is_the_one_that_is_checked() {
    let page = page();
    for (what, limit) in [
        ("letters of a batch", limits::CHANGES_PER_BATCH),
        ("bytes of a batch: salts and changes", limits::BATCH_BYTES),
        ("bytes of a change", limits::CHANGE_BYTES),
        ("changes of an act", limits::CHANGES_PER_ACT),
        ("writes of a change", limits::WRITES_PER_CHANGE),
        ("characters of a field's name", limits::FIELD_CHARS),
        ("ids in `over`", limits::SEEN_PER_WRITE),
        ("clear keys of a head", limits::KEYS_PER_RECORD),
        ("audiences of a head", limits::ATOMS_PER_RECORD),
        ("entries of one author in a field", limits::LIVE_PER_AUTHOR),
        ("entries in a field", limits::LIVE_PER_REGISTER),
        ("ids that a field waits for", limits::AWAITED_PER_REGISTER),
        ("bytes of a record's fields", limits::RECORD_BYTES),
        ("records of a page", limits::RECORDS_PER_PAGE),
        ("bytes of a page", limits::BATCH_BYTES),
        ("copies of a request", limits::COPIES_PER_EXCHANGE),
        ("bytes of a note", seal::NOTE_BYTES),
        ("bytes of an item of the outbox", seal::FRAME_BYTES),
    ] {
        let row = format!("| {what} | {limit} |");
        assert!(page.contains(&row), "the page should say {row}");
    }
}

/// The head of a record whose ids are 1, 2, 3 …, so that they can be named in what follows from it.
fn head(kind: &Definition) -> Head {
    let keys = (4..).map(Uuid::from_u128).take(kind.keys.len()).collect();
    Head {
        id: RecordId(Uuid::from_u128(2)),
        kind: kind.kind(),
        feed: FeedId(Uuid::from_u128(1)),
        subject: Subject(Uuid::from_u128(3)),
        day: Day::new(2026, 11, 24),
        keys,
        audiences: BTreeSet::new(),
    }
}

/// A record of which every field that a natural key names says its own name.
fn record(kind: &Definition) -> Record {
    let mut record = Record::empty(head(kind));
    let value = Some("capability".into());
    let entry = records::Entry {
        change: ChangeId::default(),
        author: PersonId::default(),
        device: DeviceId::default(),
        at: DeviceTime(0),
        value,
    };
    record.fields.entry("capability".to_owned()).or_default().entries.push(entry);
    record
}

fn named(text: &str, kind: &Definition) -> String {
    let names = ["feed", "id", "subject"].iter().chain(kind.keys);
    let named = (1..).map(Uuid::from_u128).zip(names);
    named.fold(text.replace("2026-11-24", "day"), |text, (id, name)| text.replace(&id.to_string(), name))
}

fn by(all: &[By]) -> String {
    let word = |by: &By| match by {
        By::StaffHere => "staff".to_owned(),
        By::OfficeHere => "office".to_owned(),
        By::FamilyOfSubject => "family".to_owned(),
        By::OfficeOfCare => "office of care".to_owned(),
        By::OfficeOfKey(_) => "office of `facility`".to_owned(),
        By::IctOfKey(_) => "office or ICT contact of the site".to_owned(),
        By::Oneself => "oneself".to_owned(),
        By::City => "city".to_owned(),
        By::Server => "server".to_owned(),
    };
    all.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn row(kind: &Definition) -> String {
    let record = record(kind);
    let shape = match kind.shape {
        Shape::Fact => "fact",
        Shape::Form => "form",
    };
    let keep = match kind.keep {
        Keep::Always => "always".to_owned(),
        Keep::Months(months) => format!("{months} months"),
    };
    let feed = if kind.of_the_city { "city" } else { "site" };
    let access = nursery::access::row(kind.name).unwrap();
    // an id that no device ever makes needs no explanation
    let key = (kind.natural_key)(&record).filter(|_| access.make != [By::Server]);
    let natural = key.map_or("–".to_owned(), |key| named(&key, kind));
    let atoms: Vec<String> = (kind.audiences)(&record).iter().map(|atom| named(&atom.0, kind)).collect();
    [
        format!("| `{}` | {} | {shape} | {feed} | {keep} | {natural} ", kind.name, kind.keys.join(", ")),
        format!("| {} | {} | {} |", by(access.make), by(access.write), atoms.join(", ")),
    ]
    .concat()
}

#[test]
fn every_kind_stands_on_the_page_with_its_keys_and_audiences() {
    let rows: Vec<String> = kinds().iter().map(row).collect();
    let page = page();
    let (_, table) = page.split_once("| kind | clear keys |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    assert_eq!(table.lines().skip(2).collect::<Vec<_>>(), rows, "the page should say\n{}", rows.join("\n"));
}
