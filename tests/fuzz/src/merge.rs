//! Merging: any changes over one record, in any order.

use crate::bytes::Bytes;
use records::{
    ActId, Change, ChangeId, DeviceId, DeviceTime, FeedId, GrantsVersion, Head, KindName, PersonId, Record, RecordId,
    Register, Subject, Write, limits,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const FIELDS: [&str; 3] = ["a", "b", "c/1"];
const CHANGES: usize = 24;

pub fn apply(data: &[u8]) {
    let mut bytes = Bytes(data);
    let turn = usize::from(bytes.byte());
    let mut changes = vec![];
    while changes.len() < CHANGES && !bytes.0.is_empty() {
        changes.push(change(changes.len(), &mut bytes));
    }
    let first = merged(&changes);
    let Some(first) = first.filter(|merged| merged.accepted == changes.len()) else { return };
    for order in orders(&changes, turn) {
        // a limit may be met in one order and not in another
        let Some(other) = merged(&order).filter(|merged| merged.accepted == changes.len()) else { continue };
        assert_eq!(sorted(other.record), sorted(first.record.clone()), "another order gives another record");
    }
}

struct Merged {
    record: Record,
    accepted: usize,
}

/// As the log does it: each change once, refused ones leave no trace.
fn merged(changes: &[Change]) -> Option<Merged> {
    let mut record: Option<Record> = None;
    let mut log: BTreeMap<ChangeId, &Change> = BTreeMap::new();
    for change in changes {
        let Ok(next) = records::apply(record.clone(), change, &|id| log.contains_key(&id)) else { continue };
        log.insert(change.id, change);
        check(&next, &log);
        record = Some(next);
    }
    Some(Merged { record: record?, accepted: log.len() })
}

/// Limits hold, and an entry disappears only if an accepted write named it.
fn check(record: &Record, log: &BTreeMap<ChangeId, &Change>) {
    for register in record.fields.values() {
        assert!(register.entries.len() <= limits::LIVE_PER_REGISTER);
        assert!(register.awaited.len() <= limits::AWAITED_PER_REGISTER);
        for entry in &register.entries {
            let own = register.entries.iter().filter(|other| other.author == entry.author).count();
            assert!(own <= limits::LIVE_PER_AUTHOR);
        }
        assert!(register.awaited.iter().all(|id| !log.contains_key(id)), "nothing is awaited that came");
    }
    for change in log.values() {
        for write in &change.writes {
            let live = record.fields.get(&write.field).is_some_and(|r| r.entries.iter().any(|e| e.change == change.id));
            let mut named = log.values().flat_map(|other| &other.writes).filter(|other| other.field == write.field);
            assert!(live || named.any(|other| other.over.contains(&change.id)), "an entry that nobody named is gone");
        }
    }
}

/// Backwards, turned, and with neighbours swapped.
fn orders(changes: &[Change], turn: usize) -> [Vec<Change>; 3] {
    let mut back = changes.to_vec();
    back.reverse();
    let mut turned = changes.to_vec();
    turned.rotate_left(turn % changes.len().max(1));
    let mut swapped = changes.to_vec();
    swapped.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    [back, turned, swapped]
}

/// Entries stand in the order of acceptance, which is all in which orders may differ.
fn sorted(record: Record) -> BTreeMap<String, Register> {
    let sort = |(field, mut register): (String, Register)| {
        register.entries.sort_by_key(|entry| entry.change);
        (field, register)
    };
    record.fields.into_iter().map(sort).collect()
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

fn change(number: usize, bytes: &mut Bytes<'_>) -> Change {
    let shape = bytes.byte();
    let writes = (0..=shape % 3).map(|_| write(number, bytes)).collect();
    Change {
        id: ChangeId(id(number)),
        act: ActId(id(number)),
        head: head(),
        writes,
        author: PersonId(id(usize::from(shape >> 5))),
        device: DeviceId(id(0)),
        basis: GrantsVersion(0),
        at: DeviceTime(0),
        app: String::new(),
    }
}

fn write(number: usize, bytes: &mut Bytes<'_>) -> Write {
    let shape = bytes.byte();
    let named = bytes.number() << 8 | usize::from(bytes.byte());
    let near = (0..CHANGES).filter(|at| named >> at & 1 == 1);
    // now and then more than a register can wait for
    let far = (100..100 + if shape & 0xf0 == 0xf0 { 40 } else { 0 }).chain(near);
    Write {
        field: FIELDS[usize::from(shape) % FIELDS.len()].to_owned(),
        value: (shape & 8 == 0).then(|| number.into()),
        over: far.map(|at| ChangeId(id(at))).collect(),
    }
}

fn head() -> Head {
    Head {
        id: RecordId(id(200)),
        kind: KindName::of("note"),
        feed: FeedId(id(201)),
        subject: Subject(id(202)),
        day: None,
        keys: vec![],
        audiences: BTreeSet::new(),
    }
}

/// A change of a record of its own, for a store.
pub fn any(number: usize) -> Change {
    let mut change = change(number, &mut Bytes(&[]));
    change.head.id = RecordId(id(300 + number));
    change
}
