//! One punch, however the wire breaks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use nursery::view::host::SyncWord;
use records::DeviceTime;
use replica::driver::{Address, Driver, Status};
use replica::engine::Talk;
use replica::read_reply;
use std::sync::Arc;
use std::time::Duration;
use wire::tablet::{has, of_server};
use wire::{Tablet, Wire, World};

/// A city with one child, and two tablets that know it.
async fn two() -> (World, nursery::ids::ChildId, Tablet, Tablet) {
    let world = World::new().await;
    let child = world.child("みお", world.wakaba, world.usagi);
    let (first, second) = (Tablet::paired(&world, "うさぎ組 1"), Tablet::paired(&world, "うさぎ組 2"));
    first.sync(&world.base).await;
    second.sync(&world.base).await;
    (world, child, first, second)
}

#[tokio::test]
async fn a_reply_that_is_lost_after_the_commit_leaves_one_punch() {
    let (world, child, first, second) = two().await;
    first.arrive(child);
    let sent = first.next();
    let _lost = first.send(&world.base, &sent).await;
    assert_eq!((of_server(&world, child), first.punches(child)), (1, 1));
    // meanwhile somebody else's comes by another tablet
    let other = world.child("れん", world.wakaba, world.usagi);
    second.sync(&world.base).await;
    second.arrive(other);
    second.sync(&world.base).await;

    let again = first.next();
    assert_eq!(serde_json::to_string(&again.batch).unwrap(), serde_json::to_string(&sent.batch).unwrap());
    first.take(&first.send(&world.base, &again).await);
    assert_eq!(first.punches(child), 1, "its own entry never goes and never doubles");
    first.sync(&world.base).await;
    second.sync(&world.base).await;
    for tablet in [&first, &second] {
        assert_eq!((tablet.punches(child), tablet.punches(other)), (1, 1));
    }
    assert_eq!(of_server(&world, child), 1);
}

#[tokio::test]
async fn the_same_batch_ten_times_at_once_is_one_punch() {
    let (world, child, first, second) = two().await;
    first.arrive(child);
    let sent = first.next();
    let replies = futures_util::future::join_all((0..10).map(|_| first.send(&world.base, &sent))).await;
    let verdicts = replies.iter().map(|bytes| serde_json::to_string(&read_reply(bytes).unwrap().verdicts).unwrap());
    let mut verdicts: Vec<String> = verdicts.collect();
    verdicts.dedup();
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    assert!(verdicts[0].contains("accepted"));
    for reply in &replies {
        first.take(reply);
        assert_eq!(first.punches(child), 1);
    }
    second.sync(&world.base).await;
    assert_eq!((of_server(&world, child), second.punches(child)), (1, 1));
}

#[tokio::test]
async fn a_page_that_is_cut_anywhere_is_not_stored_and_comes_whole_the_next_time() {
    let world = World::new().await;
    let children: Vec<_> = (0..30).map(|_| world.child("みお", world.wakaba, world.usagi)).collect();
    let tablet = Tablet::paired(&world, "うさぎ組 1");
    let asked = tablet.next();
    let page = tablet.send(&world.base, &asked).await;
    for cut in (0..page.len()).step_by(page.len() / 50) {
        assert!(read_reply(&page[..cut]).is_err(), "cut at {cut} of {}", page.len());
    }
    assert_eq!(tablet.children(), 0);
    assert_eq!(serde_json::to_string(&tablet.next()).unwrap(), serde_json::to_string(&asked).unwrap());
    tablet.sync(&world.base).await;
    assert_eq!(tablet.children(), children.len());
    tablet.take(&page);
    assert_eq!(tablet.children(), children.len(), "a page that comes late changes nothing");
}

fn drive(tablet: &Tablet, base: &str) -> Driver {
    let address = Address { server: base.to_owned(), token: tablet.token.clone() };
    let wall = DeviceTime(wire::world::MORNING_MS);
    Driver::start(Arc::clone(&tablet.device), address, Arc::new(move || wall), 7).unwrap()
}

/// Waits until the status is as wanted; the limit only ends a test that would hang.
async fn until(driver: &Driver, wanted: impl FnMut(&Status) -> bool) {
    let mut status = driver.status();
    tokio::time::timeout(Duration::from_secs(60), status.wait_for(wanted)).await.unwrap().unwrap();
}

fn quiet(status: &Status) -> bool {
    status.talk == Talk::Idle && status.state.is_some_and(|state| state.word == SyncWord::Sent)
}

/// From tap to the other tablet through sockets, drivers and pokes, with the wire cut within the answer.
async fn travels_with_the_answer_cut_after(bytes: usize) {
    let world = World::new().await;
    let child = world.child("みお", world.wakaba, world.usagi);
    let (first, second) = (Tablet::paired(&world, "うさぎ組 1"), Tablet::paired(&world, "うさぎ組 2"));
    let wire = Wire::to(&world.base).await;
    let (mine, theirs) = (drive(&first, &wire.base), drive(&second, &world.base));
    until(&mine, quiet).await;
    until(&theirs, quiet).await;
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    second.device.listen(Box::new(move |touched, _| {
        let _ = heard.send(touched.kinds.contains("punch"));
    }));

    let server = world.server.clone();
    wire.cut(bytes, move || has(&server, child) == 1);
    first.arrive(child);
    wire.broke().await;
    assert_eq!((of_server(&world, child), first.punches(child)), (1, 1));
    mine.now();
    until(&mine, quiet).await;
    while !tokio::time::timeout(Duration::from_secs(60), hears.recv()).await.unwrap().unwrap() {}
    assert_eq!((of_server(&world, child), first.punches(child), second.punches(child)), (1, 1, 1));
    mine.stop().await;
    theirs.stop().await;
}

#[tokio::test]
async fn a_punch_travels_though_the_answer_is_swallowed() {
    travels_with_the_answer_cut_after(0).await;
}

#[tokio::test]
async fn a_punch_travels_though_the_answer_is_cut_in_the_middle() {
    travels_with_the_answer_cut_after(400).await;
}
