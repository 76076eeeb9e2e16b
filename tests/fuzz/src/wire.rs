//! What travels: requests as the server reads them, replies as a device does, letters, frames.

use crate::bytes::Bytes;
use records::Letter;
use records::wire::{Exchange, Reply};

pub fn decode(data: &[u8]) {
    let mut bytes = Bytes(data);
    match bytes.byte() % 4 {
        0 => request(bytes.rest(), false),
        1 => request(bytes.rest(), true),
        2 => reply(bytes.rest()),
        _ => frames(bytes.rest()),
    }
}

fn request(body: &[u8], packed: bool) {
    let Ok(request) = sync_server::read_exchange(body, packed) else { return };
    let again: Exchange = serde_json::from_slice(&serde_json::to_vec(&request).unwrap()).unwrap();
    let (Some(batch), Some(again)) = (request.batch, again.batch) else { return };
    for (letter, again) in batch.letters.iter().zip(&again.letters) {
        open(letter);
        assert_eq!(seal::hash(letter), seal::hash(again), "a letter is kept byte for byte");
    }
    let hashes: Vec<_> = batch.letters.iter().map(seal::hash).collect();
    let key = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
    let signed = seal::verify_batch(key, batch.incarnation, batch.number, &hashes, &batch.signature);
    // the key of another: only what a test has signed with it may pass
    assert!(signed.is_err() || !hashes.is_empty());
}

fn open(letter: &Letter) {
    let Ok(change) = letter.open() else { return };
    let sealed = Letter::seal(&change, letter.salt.clone()).unwrap();
    assert_eq!(sealed.open().unwrap().id, change.id);
}

fn reply(body: &[u8]) {
    let Ok(reply) = replica::read_reply(body) else { return };
    let text = serde_json::to_vec(&reply).unwrap();
    let again: Reply = serde_json::from_slice(&text).unwrap();
    assert_eq!(again.verdicts, reply.verdicts);
    for note in &reply.notes {
        let _ = seal::verify_note("c78859c57acf2ca796ca802179cf10668cded0c5840aca5b77d4096f0a94f644", note);
    }
}

fn frames(file: &[u8]) {
    let mut frames = seal::frames(file);
    let items: Vec<&[u8]> = frames.by_ref().collect();
    let written: Vec<u8> = items.iter().flat_map(|item| seal::frame(item)).collect();
    assert_eq!(written, file[..frames.whole_bytes()], "what was read is the beginning of the file");
    let secret = seal::OutboxSecret::from_bytes([5; 32]);
    for item in items {
        let _ = seal::open_item(&secret, item);
    }
}
