//! The examples of docs/protocol.md are real messages.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use nursery::core::Code;
use records::wire::{Exchange, Reply};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::collections::BTreeSet;
use std::path::Path;

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
