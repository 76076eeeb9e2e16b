//! The laws of merging, over every permutation of small change sets and over random ones.

use super::*;
use crate::head::{Head, KindName};
use crate::ids::{ActId, DeviceId, FeedId, GrantsVersion, PersonId, RecordId, Subject};
use crate::time::DeviceTime;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn head() -> Head {
    Head {
        id: RecordId(Uuid::from_u128(1)),
        kind: KindName::of("note"),
        feed: FeedId(Uuid::from_u128(2)),
        subject: Subject(Uuid::from_u128(3)),
        day: None,
        keys: vec![],
        audiences: BTreeSet::new(),
    }
}

/// Change `id` writes its own number over the changes in `over`.
fn change(id: u128, over: &[u128]) -> Change {
    Change {
        id: ChangeId(Uuid::from_u128(id)),
        act: ActId(Uuid::from_u128(id)),
        head: head(),
        writes: vec![Write {
            field: "text".into(),
            value: Some(serde_json::json!(id as u64)),
            over: over.iter().map(|o| ChangeId(Uuid::from_u128(*o))).collect(),
        }],
        author: PersonId(Uuid::from_u128(100 + id)),
        device: DeviceId(Uuid::from_u128(200)),
        basis: GrantsVersion(0),
        at: DeviceTime(0),
        app: String::new(),
    }
}

/// Merges in this order and gives the live numbers, sorted, and the awaited ones.
fn merged(changes: &[Change]) -> (Vec<u64>, Vec<u128>) {
    let mut record = None;
    let mut log: BTreeSet<ChangeId> = BTreeSet::new();
    for change in changes {
        record = Some(apply(record, change, &|id| log.contains(&id)).unwrap());
        log.insert(change.id);
    }
    let record = record.unwrap();
    let register = record.fields.get("text").cloned().unwrap_or_default();
    let mut live: Vec<u64> = register.entries.iter().filter_map(|e| e.value.as_ref()?.as_u64()).collect();
    live.sort_unstable();
    (live, register.awaited.iter().map(|c| c.0.as_u128()).collect())
}

fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.len() <= 1 {
        return vec![items.to_vec()];
    }
    let mut all = vec![];
    for i in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(i);
        for mut tail in permutations(&rest) {
            tail.insert(0, first.clone());
            all.push(tail);
        }
    }
    all
}

fn check_every_order(changes: &[Change], live: &[u64]) {
    for order in permutations(changes) {
        let ids: Vec<u128> = order.iter().map(|c| c.id.0.as_u128()).collect();
        assert_eq!(merged(&order).0, live, "in order {ids:?}");
    }
}

#[test]
fn a_write_replaces_what_its_author_saw_and_nothing_else() {
    check_every_order(&[change(1, &[]), change(2, &[1]), change(3, &[])], &[2, 3]);
}

#[test]
fn two_who_saw_the_same_stand_side_by_side() {
    check_every_order(&[change(1, &[]), change(2, &[1]), change(3, &[1])], &[2, 3]);
}

#[test]
fn a_chain_ends_in_its_last_whatever_the_order() {
    check_every_order(&[change(1, &[]), change(2, &[1]), change(3, &[2]), change(4, &[3])], &[4]);
}

#[test]
fn a_pending_chain_survives_the_refusal_of_its_middle() {
    // 2 was refused; 3 names 2 and everything that 2 had named
    check_every_order(&[change(1, &[]), change(3, &[1, 2])], &[3]);
}

#[test]
fn a_diamond_is_closed_by_whoever_saw_both() {
    check_every_order(
        &[change(1, &[]), change(2, &[1]), change(3, &[1]), change(4, &[2, 3]), change(5, &[2])],
        &[4, 5],
    );
}

#[test]
fn emptying_a_field_is_an_entry_too() {
    let mut empty = change(2, &[1]);
    empty.writes[0].value = None;
    let record = apply(Some(apply(None, &change(1, &[]), &|_| false).unwrap()), &empty, &|_| true).unwrap();
    assert_eq!(record.read::<u64>("text"), crate::Reading::Missing);
    assert_eq!(record.seen("text").len(), 1);
}

#[test]
fn another_head_under_the_same_id_is_refused() {
    let record = apply(None, &change(1, &[]), &|_| false).unwrap();
    let mut other = change(2, &[]);
    other.head.kind = KindName::of("punch");
    assert_eq!(apply(Some(record), &other, &|_| true), Err(Misfit::OtherHead));
}

#[test]
fn a_field_that_was_told_of_a_change_which_wrote_elsewhere_does_not_wait_for_it() {
    let (first, mut second) = (change(1, &[]), change(2, &[1]));
    second.writes[0].field = "other".into();
    let forth = apply(Some(apply(None, &first, &|_| false).unwrap()), &second, &|_| true).unwrap();
    let back = apply(Some(apply(None, &second, &|_| false).unwrap()), &first, &|_| true).unwrap();
    assert_eq!(back, forth);
    assert!(back.fields["other"].awaited.is_empty());
}

#[test]
fn a_change_that_writes_a_field_twice_is_refused() {
    let mut twice = change(1, &[]);
    twice.writes.push(twice.writes[0].clone());
    assert_eq!(apply(None, &twice, &|_| false), Err(Misfit::Twice("text".into())));
}

#[test]
fn one_author_cannot_flood_a_field() {
    let mut record = None;
    for id in 1..=3 {
        let mut c = change(id, &[]);
        c.author = PersonId(Uuid::from_u128(7));
        record = Some(apply(record, &c, &|_| false).unwrap());
    }
    let mut fourth = change(4, &[]);
    fourth.author = PersonId(Uuid::from_u128(7));
    assert_eq!(apply(record.clone(), &fourth, &|_| false), Err(Misfit::LookFirst("text".into())));
    let mut wiser = change(5, &[1, 2, 3]);
    wiser.author = PersonId(Uuid::from_u128(7));
    assert!(apply(record, &wiser, &|_| true).is_ok());
}

proptest! {
    /// Law 1 with random predecessor sets: forward and backward and rotated orders give one record.
    #[test]
    fn any_order_gives_one_record(overs in proptest::collection::vec(proptest::collection::vec(1u128..9, 0..4), 1..9), turn in 0usize..9) {
        let changes: Vec<Change> = overs.iter().enumerate().map(|(i, over)| {
            let id = i as u128 + 1;
            let over: Vec<u128> = over.iter().copied().filter(|o| *o < id).collect();
            change(id, &over)
        }).collect();
        let expected = merged(&changes);
        let mut back = changes.clone();
        back.reverse();
        prop_assert_eq!(&merged(&back), &expected);
        let mut turned = changes.clone();
        turned.rotate_left(turn % changes.len());
        prop_assert_eq!(&merged(&turned), &expected);
    }

    /// Law 2: whatever is not live was named by somebody.
    #[test]
    fn an_entry_disappears_only_if_named(overs in proptest::collection::vec(proptest::collection::vec(1u128..9, 0..4), 1..9)) {
        let changes: Vec<Change> = overs.iter().enumerate().map(|(i, over)| change(i as u128 + 1, over)).collect();
        let (live, _) = merged(&changes);
        for c in &changes {
            let id = c.id.0.as_u128();
            let named = changes.iter().any(|o| o.writes[0].over.contains(&c.id));
            prop_assert!(live.contains(&(id as u64)) || named);
        }
    }
}
