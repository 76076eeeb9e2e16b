//! Pieces of work on a device: afterwards its store is as it was before, or as it is after, and nothing else.

use super::{Cut, Report, Seen, chance, report};
use crate::chance::Chance;
use crate::city::{City, MORNING_MS};
use crate::device::{Copied, Device, Hands};
use crate::work;
use anyhow::{Result, ensure};
use nursery::core::{Act, Done};
use records::wire::Reply;
use records::{DeviceTime, Epoch, ServerTime};
use replica::{Fault, Pace};

const NOW: i64 = MORNING_MS + 60_000;

/// A tablet in the middle of a morning, and what the server has to tell it.
struct Scene {
    city: City,
    tablet: Device,
    files: Copied,
    reply: Reply,
}

/// What is done to it; the number of the act comes in, so that each is another.
type Work = fn(&mut Scene, &mut Chance) -> Result<(), Fault>;

const WORKS: [(&str, Work); 9] = [
    ("device: save an act of several changes", |scene, chance| save(scene, chance, Pace::Now)),
    ("device: save while somebody types", |scene, chance| save(scene, chance, Pace::Resting)),
    ("device: take a reply, and make the next batch", |scene, _| {
        let reply = scene.reply.clone();
        scene.tablet.store().take(&reply, DeviceTime(NOW))?;
        scene.tablet.store().next(None, DeviceTime(NOW)).map(|_| ())
    }),
    ("device: take a reply with a page", |scene, _| {
        let reply = scene.reply.clone();
        scene.tablet.store().take(&reply, DeviceTime(NOW)).map(|_| ())
    }),
    ("device: forget a child", |scene, _| {
        let mut reply = scene.reply.clone();
        reply.forget = reply.page.iter().map(|record| record.head.subject).take(1).collect();
        reply.page.clear();
        scene.tablet.store().take(&reply, DeviceTime(NOW)).map(|_| ())
    }),
    ("device: lose an audience", |scene, _| {
        let mut reply = scene.reply.clone();
        reply.lost = reply.page.iter().flat_map(|record| record.head.audiences.clone()).collect();
        scene.tablet.store().take(&reply, DeviceTime(NOW)).map(|_| ())
    }),
    ("device: begin a new epoch", |scene, _| {
        let reply = Reply { epoch: Epoch(uuid::Uuid::from_u128(7)), more: true, ..scene.reply.clone() };
        scene.tablet.store().take(&reply, DeviceTime(NOW)).map(|_| ())
    }),
    ("device: begin a new incarnation", |scene, _| scene.tablet.store().renew()),
    ("device: empty the log", |scene, _| {
        scene.tablet.checkpoint();
        Ok(())
    }),
];

pub fn reports(most: Option<usize>) -> Vec<Report> {
    let mut scene = Scene::new();
    let mut reports = vec![
        report("device: open a new store and save", most, |cut, seen| opening(&mut scene, true, cut, seen)),
        report("device: open a store of which the keyring knows another, and save", most, |cut, seen| {
            opening(&mut scene, false, cut, seen)
        }),
    ];
    for (name, work) in WORKS {
        reports.push(report(name, most, |cut, seen| once(&mut scene, work, cut, seen)));
    }
    reports
}

impl Scene {
    /// Two tablets have written; one has sent a batch, to which the reply is there and not taken, and writes on.
    fn new() -> Self {
        let mut dice = Chance::new(42);
        let mut city = City::of(0, &mut dice);
        let mut tablets: Vec<Device> =
            (0..2).map(|number| Device::pair(&city, &mut dice, number, Hands::Staff(0), false, MORNING_MS)).collect();
        for tablet in &mut tablets {
            assert!(tablet.open(&mut dice));
            write(tablet, &city, &mut dice, 6);
            exchange(&mut city, tablet);
        }
        let mut tablet = tablets.remove(0);
        write(&mut tablet, &city, &mut dice, 4);
        let request = tablet.store().next(None, DeviceTime(NOW)).unwrap();
        let reply = city.hub().exchange(&tablet.session, request, ServerTime(NOW)).unwrap();
        write(&mut tablet, &city, &mut dice, 2);
        tablet.copy_files();
        let files = tablet.copy.take().unwrap();
        Self { city, tablet, files, reply }
    }

    fn reset(&mut self) {
        self.tablet.put_files(&self.files);
    }

    /// Everything that the store holds, as text.
    fn content(&mut self) -> Result<String> {
        let store = self.tablet.store();
        let mut lines = vec![];
        store.export(&mut lines)?;
        let mut lines: Vec<&str> = std::str::from_utf8(&lines)?.lines().collect();
        lines.sort_unstable();
        let rest = (store.queue()?, store.sealed_away()?.len(), store.basis()?, store.clock()?);
        Ok(format!("{}\n{rest:?}", lines.join("\n")))
    }
}

/// Opens and saves, cut off; then opens whole.
fn opening(scene: &mut Scene, new: bool, cut: Option<Cut>, seen: &mut Seen) -> Result<u64> {
    scene.reset();
    if new {
        scene.tablet.empty();
    } else {
        scene.tablet.lose_keyring(); // so that there is something to write
    }
    let begun = scene.tablet.machine.steps();
    if let Some(cut) = cut {
        scene.tablet.machine.set_fuse(cut.after);
    }
    let saved = scene.tablet.open(&mut Chance::new(7)) && save(scene, &mut Chance::new(9), Pace::Now).is_ok();
    let steps = scene.tablet.machine.steps() - begun;
    if let Some(cut) = cut {
        scene.tablet.down_with(cut.loss, &mut chance(cut));
        seen.add(&scene.tablet.machine);
        ensure!(scene.tablet.open(&mut Chance::new(8)), "it does not open");
    }
    let waiting = scene.tablet.store().queue()?.len();
    ensure!(waiting > 0 || (new && !saved), "what waited is gone");
    Ok(steps)
}

fn once(scene: &mut Scene, work: Work, cut: Option<Cut>, seen: &mut Seen) -> Result<u64> {
    scene.reset();
    ensure!(scene.tablet.open(&mut Chance::new(7)), "it does not open");
    let before = scene.content()?;
    let begun = scene.tablet.machine.steps();
    work(scene, &mut Chance::new(9))?;
    let after = scene.content()?;
    let steps = scene.tablet.machine.steps() - begun;
    let Some(cut) = cut else { return Ok(steps) };

    scene.reset();
    ensure!(scene.tablet.open(&mut Chance::new(7)), "it does not open");
    scene.tablet.machine.set_fuse(cut.after);
    let acknowledged = work(scene, &mut Chance::new(9)).is_ok();
    scene.tablet.down_with(cut.loss, &mut chance(cut));
    seen.add(&scene.tablet.machine);
    ensure!(scene.tablet.open(&mut Chance::new(8)), "it does not open");
    let there = scene.content()?;
    ensure!(there == after || !acknowledged, "it was acknowledged and is not there");
    let one = [&before, &after].into_iter().any(|whole| there == *whole || begins_anew(&there, whole));
    ensure!(one, "half of it is there");
    Ok(steps)
}

/// The keyring had heard of a batch that the disk has lost, or the other way round: a new incarnation, and the same
/// letters wait for it (rule 35).
fn begins_anew(there: &str, before: &str) -> bool {
    let waits = |text: &str| text.replace("Sending", "Waiting");
    waits(there) == waits(before)
}

fn write(tablet: &mut Device, city: &City, dice: &mut Chance, acts: usize) {
    let mut forms = vec![];
    let mut written = 0;
    while written < acts {
        let Some(deed) = work::deed(city, dice, tablet, &mut forms, NOW) else { continue };
        tablet.store().save(&Act { changes: deed.changes, done: Done::default() }, deed.pace).unwrap();
        written += 1;
    }
}

fn save(scene: &mut Scene, dice: &mut Chance, pace: Pace) -> Result<(), Fault> {
    let changes = work::arrival_of_all(&scene.tablet, &scene.city, dice, NOW);
    scene.tablet.store().save(&Act { changes, done: Done::default() }, pace).map(|_| ())
}

/// One exchange whose reply arrives.
fn exchange(city: &mut City, tablet: &mut Device) {
    tablet.store().settle().unwrap();
    let request = tablet.store().next(None, DeviceTime(NOW)).unwrap();
    let reply = city.hub().exchange(&tablet.session, request, ServerTime(NOW)).unwrap();
    tablet.store().take(&reply, DeviceTime(NOW)).unwrap();
}
