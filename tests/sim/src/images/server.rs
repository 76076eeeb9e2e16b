//! Pieces of work on the server: whoever asks again gets the answer that he would have got, and the log is whole.

use super::{Cut, Report, Seen, chance, report};
use crate::chance::Chance;
use crate::city::{City, MORNING_MS};
use crate::device::{Device, Hands};
use crate::work;
use anyhow::{Result, anyhow, ensure};
use hub::Restriction;
use nursery::core::{Act, Done};
use records::wire::{Exchange, Reply, Verdict};
use records::{DeviceTime, ServerTime};

const NOW: i64 = MORNING_MS + 60_000;
const TOMORROW: i64 = MORNING_MS + 86_400_000;

/// The server as it stands in the morning, and requests that have not reached it.
struct Scene {
    city: City,
    morning: crate::city::Kept,
    tablet: Device,
    phone: Device,
    batch: Exchange,
    question: Exchange,
}

type Work = fn(&Scene) -> Result<Option<Reply>>;

const WORKS: [(&str, Work); 4] = [
    ("server: commit a batch of several acts", |scene| {
        Ok(Some(scene.city.hub().exchange(&scene.tablet.session, scene.batch.clone(), ServerTime(NOW))?))
    }),
    ("server: answer the first question of a day, which settles what everybody is", |scene| {
        Ok(Some(scene.city.hub().exchange(&scene.phone.session, scene.question.clone(), ServerTime(TOMORROW))?))
    }),
    ("server: restrict", |scene| {
        let what = Restriction::Block { person: scene.city.folk.parents[0].person };
        scene.city.hub().restrict(what, ServerTime(NOW))?;
        Ok(None)
    }),
    ("server: erase a child", |scene| {
        let what = Restriction::Erase { subject: scene.city.folk.children[0].id.into() };
        scene.city.hub().restrict(what, ServerTime(NOW))?;
        Ok(None)
    }),
];

pub fn reports(most: Option<usize>) -> Vec<Report> {
    let mut scene = Scene::new();
    let mut reports = vec![report("server: open", most, |cut, seen| opening(&mut scene, cut, seen))];
    for (name, work) in WORKS {
        reports.push(report(name, most, |cut, seen| once(&mut scene, work, cut, seen)));
    }
    reports.push(report("server: restore a backup and begin an epoch", most, |cut, seen| {
        restoring(&mut scene, cut, seen)
    }));
    reports
}

impl Scene {
    fn new() -> Self {
        let mut dice = Chance::new(43);
        let mut city = City::of(1, &mut dice);
        let mut tablet = Device::pair(&city, &mut dice, 0, Hands::Staff(0), false, MORNING_MS);
        let mut phone = Device::pair(&city, &mut dice, 1, Hands::Parent(0), false, MORNING_MS);
        assert!(tablet.open(&mut dice) && phone.open(&mut dice));
        for _ in 0..4 {
            let changes = work::arrival_of_all(&tablet, &city, &mut dice, NOW);
            tablet.store().save(&Act { changes, done: Done::default() }, replica::Pace::Now).unwrap();
        }
        let batch = tablet.store().next(None, DeviceTime(NOW)).unwrap();
        let question = phone.store().next(None, DeviceTime(NOW)).unwrap();
        assert!(city.back_up());
        let morning = city.keep();
        Self { city, morning, tablet, phone, batch, question }
    }

    fn reset(&mut self) {
        self.city.put(&self.morning);
        self.city.open(&mut Chance::new(5), NOW);
    }

    /// Everything in the log, in the records and among the restrictions, as text.
    fn content(&self) -> Result<String> {
        let hub = self.city.hub();
        ensure!(hub.broken_chains()?.is_empty() && hub.broken_records()?.is_empty(), "the log is not whole");
        let records = crate::oracle::all(&hub.records()?)?;
        // an erasure applies by itself; whether its note also stands open tells nothing
        let notes: Vec<_> = hub.open_notes()?.into_iter().filter(|note| !note.what.contains("erase")).collect();
        Ok(format!("{records:?}\n{notes:?}"))
    }

    fn down(&mut self, cut: Cut, seen: &mut Seen) {
        self.city.down_with(cut.loss, &mut chance(cut));
        seen.add(&self.city.machine);
    }
}

/// Opens a server that was cut off between the note of a restriction and its commit.
fn opening(scene: &mut Scene, cut: Option<Cut>, seen: &mut Seen) -> Result<u64> {
    scene.reset();
    let person = scene.city.folk.parents[0].person;
    scene.city.hub().restrict(Restriction::Block { person }, ServerTime(NOW))?;
    scene.city.put_but(&scene.morning, "restrictions.log");
    let begun = scene.city.machine.steps();
    if let Some(cut) = cut {
        scene.city.machine.set_fuse(cut.after);
    }
    scene.city.open(&mut cut.map_or_else(|| Chance::new(5), chance), NOW);
    seen.add(&scene.city.machine);
    ensure!(scene.content()?.contains("block"), "the restriction does not apply");
    Ok(scene.city.machine.steps() - begun)
}

fn once(scene: &mut Scene, work: Work, cut: Option<Cut>, seen: &mut Seen) -> Result<u64> {
    scene.reset();
    let begun = scene.city.machine.steps();
    let right = work(scene)?;
    let after = scene.content()?;
    let steps = scene.city.machine.steps() - begun;
    let Some(cut) = cut else { return Ok(steps) };

    scene.reset();
    scene.city.machine.set_fuse(cut.after);
    let answer = work(scene);
    scene.down(cut, seen);
    scene.city.open(&mut Chance::new(6), NOW);
    let there = scene.content()?;
    ensure!(answer.is_err() || there == after, "it was answered and is not there");
    ensure!(acts_are_whole(scene)?, "half an act is there");
    let again = work(scene).map_err(|error| anyhow!("asked again: {error}"))?;
    ensure!(scene.content()? == after, "asked again, it is not as it should be");
    ensure!(verdicts(again.as_ref()) == verdicts(right.as_ref()), "asked again, the answer is another");
    Ok(steps)
}

/// A restore that is cut off is begun again, as the manual says.
fn restoring(scene: &mut Scene, cut: Option<Cut>, seen: &mut Seen) -> Result<u64> {
    scene.reset();
    let before = scene.content()?;
    scene.city.hub().exchange(&scene.tablet.session, scene.batch.clone(), ServerTime(NOW))?;
    let epoch = scene.city.hub().epoch();
    let begun = scene.city.machine.steps();
    scene.city.begin_restore(cut.map(|cut| cut.after), &mut Chance::new(6), NOW);
    let steps = scene.city.machine.steps() - begun;
    if let Some(cut) = cut {
        scene.down(cut, seen);
        scene.city.begin_restore(None, &mut Chance::new(7), NOW);
    }
    scene.city.open(&mut Chance::new(8), NOW);
    ensure!(scene.content()? == before, "the backup is not what is there");
    ensure!(scene.city.hub().epoch() != epoch, "no epoch was begun");
    Ok(steps)
}

fn acts_are_whole(scene: &Scene) -> Result<bool> {
    let letters = scene.batch.batch.iter().flat_map(|batch| &batch.letters);
    let records = crate::oracle::all(&scene.city.hub().records()?)?;
    let mut acts = std::collections::BTreeMap::new();
    for letter in letters {
        let change = letter.open()?;
        acts.entry(change.act)
            .or_insert_with(std::collections::BTreeSet::new)
            .insert(records.contains_key(&change.head.id));
    }
    Ok(acts.values().all(|there| there.len() == 1))
}

fn verdicts(reply: Option<&Reply>) -> Vec<Option<u64>> {
    let seq = |verdict: &Verdict| match verdict {
        Verdict::Accepted { seq, .. } => Some(seq.0),
        _ => None,
    };
    reply.iter().flat_map(|reply| &reply.verdicts).map(|answered| seq(&answered.verdict)).collect()
}
