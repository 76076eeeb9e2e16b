//! The restore drill: a server burns down after a morning of which last night's backup knows nothing.
//!
//! Real stores, real sockets, the restored server on another address. One tablet is thought lost and comes back at the
//! end; a guardian who was blocked this morning asks before everybody else; the copy of the restrictions is as old as the
//! backup.

use crate::tablet::has;
use crate::{Tablet, World};
use nursery::attendance::{Announced, Channel, Reason};
use nursery::command::Command;
use nursery::ids::ChildId;
use nursery::people::Role;
use records::wire::Exchange;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// Arrivals before the backup, and on each of two tablets after it.
const ARRIVALS: usize = 10;

/// What the drill counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Arrivals that somebody was told are saved.
    pub saved: usize,
    /// Of these, what the backup had.
    pub in_backup: usize,
    /// Came back by themselves, with the receipts of their devices.
    pub by_themselves: usize,
    /// Came as copies and were let in by the office.
    pub as_copies: usize,
    /// Not there at the end.
    pub lost: usize,
    /// There more than once.
    pub doubled: usize,
    /// Records that the blocked guardian was sent.
    pub to_the_blocked: usize,
    /// Status of the blocked guardian's request, the first after the restore.
    pub first_status: u16,
    /// Status of another guardian's request before and after the tablets have come back.
    pub family_status: (u16, u16),
    /// What that guardian announced meanwhile is on the server.
    pub announced_meanwhile: bool,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { saved, in_backup, by_themselves, as_copies, lost, doubled, .. } = self;
        writeln!(f, "arrivals said to be saved      {saved}")?;
        writeln!(f, "  in the backup                {in_backup}")?;
        writeln!(f, "  came back by themselves      {by_themselves}")?;
        writeln!(f, "  as copies, by the office     {as_copies}")?;
        writeln!(f, "  lost                         {lost}")?;
        writeln!(f, "  doubled                      {doubled}")?;
        writeln!(f, "the blocked guardian, first    status {}, {} records", self.first_status, self.to_the_blocked)?;
        let (before, after) = self.family_status;
        writeln!(f, "another guardian               status {before}, with the tablets back {after}")?;
        write!(f, "  what she announced meanwhile {}", if self.announced_meanwhile { "is there" } else { "IS LOST" })
    }
}

struct Morning {
    world: World,
    children: Vec<ChildId>,
    burnt: Tablet,
    second: Tablet,
    third: Tablet,
    blocked: Tablet,
    mother: Tablet,
}

/// Runs the drill.
pub async fn run() -> Counts {
    let mut m = morning().await;
    let mut counts = Counts::default();
    let backup = tempfile::tempdir().unwrap();
    back_up(&m.world, backup.path());
    after_the_backup(&m, &mut counts).await;
    restore(&mut m.world, backup.path()).await;
    counts.in_backup = arrivals(&m);
    families_first(&m, &mut counts).await;
    tablets_return(&m, &mut counts).await;
    office_decides(&m, &mut counts).await;
    // the tablet that was thought lost was only in a drawer
    m.burnt.sync(&m.world.base).await;
    let there: Vec<usize> = m.children.iter().map(|child| has(&m.world.server, *child)).collect();
    counts.lost = there.iter().filter(|many| **many == 0).count();
    counts.doubled = there.iter().filter(|many| **many > 1).count();
    counts
}

async fn morning() -> Morning {
    let world = World::new().await;
    let children: Vec<ChildId> = (0..3 * ARRIVALS).map(|_| world.child("みお", world.wakaba, world.usagi)).collect();
    let father = world.guardian("父", children[0]);
    let mother = world.guardian("母", children[1]);
    let [burnt, second, third] = ["うさぎ組 1", "うさぎ組 2", "うさぎ組 3"].map(|name| Tablet::paired(&world, name));
    let (blocked, mother) = (Tablet::phone(&world, father), Tablet::phone(&world, mother));
    for device in [&burnt, &second, &third, &blocked, &mother] {
        device.sync(&world.base).await;
    }
    for child in &children[..ARRIVALS] {
        burnt.arrive(*child);
    }
    burnt.sync(&world.base).await;
    Morning { world, children, burnt, second, third, blocked, mother }
}

/// What lies in another building: the database, the keys, and the restrictions of last night.
fn back_up(world: &World, to: &Path) {
    world.hub().backup(&to.join("backup.db")).unwrap();
    for file in std::fs::read_dir(world.folder()).unwrap().map(|file| file.unwrap()) {
        if !file.file_name().to_string_lossy().starts_with("hub.db") && file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

async fn after_the_backup(m: &Morning, counts: &mut Counts) {
    for (at, child) in m.children[ARRIVALS..].iter().enumerate() {
        if at < ARRIVALS { m.burnt.arrive(*child) } else { m.second.arrive(*child) }
    }
    m.burnt.sync(&m.world.base).await;
    m.second.sync(&m.world.base).await;
    let block = hub::Restriction::Block { person: m.blocked.person() };
    m.world.hub().restrict(block, m.world.now()).unwrap();
    m.third.sync(&m.world.base).await;
    counts.saved = arrivals(m);
}

async fn restore(world: &mut World, backup: &Path) {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(backup).unwrap().map(|file| file.unwrap()) {
        if file.file_name() != "backup.db" {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
    }
    hub::restore(folder.path(), &backup.join("backup.db"), [7; 32], world.now()).unwrap();
    world.serve_from(folder).await;
}

async fn families_first(m: &Morning, counts: &mut Counts) {
    let base = &m.world.base;
    counts.first_status = m.blocked.knock(base).await;
    counts.family_status.0 = m.mother.knock(base).await;
    m.mother.does(Command::Announce {
        children: vec![m.children[1]],
        facility: Some(m.world.wakaba),
        day: m.world.today().plus(1),
        until: None,
        announced: Announced::Absence { reason: Reason::Fever },
        temperature: None,
        note: String::new(),
        channel: Channel::App,
        caller: None,
        caller_name: String::new(),
        replaces: None,
    });
    m.mother.take(&m.mother.send(base, &m.mother.next()).await);
    let said = nursery::core::Scan::of::<nursery::attendance::Announcement>();
    let there = nursery::core::collect::<nursery::attendance::Announcement>(&m.world.hub().records().unwrap(), &said);
    counts.announced_meanwhile = !there.unwrap().is_empty();
}

async fn tablets_return(m: &Morning, counts: &mut Counts) {
    let base = &m.world.base;
    m.second.sync(base).await;
    counts.by_themselves = arrivals(m) - counts.in_backup;
    // the third is the only one that knows of the block
    m.third.sync(base).await;
    counts.family_status.1 = m.mother.knock(base).await;
    let mut sent = 0;
    for _ in 0..5 {
        let asked = Exchange { batch: None, ..m.blocked.next() };
        sent += m.blocked.take(&m.blocked.send(base, &asked).await).page.len();
    }
    counts.to_the_blocked = sent;
}

async fn office_decides(m: &Morning, counts: &mut Counts) {
    let before = arrivals(m);
    let office = m.world.browser(m.world.staff("園長", m.world.wakaba, Role::Director)).await;
    let view = office.ask(json!({ "query": "waiting", "facility": m.world.wakaba })).await.json()["view"].clone();
    let waiting: Vec<Value> = view["items"].as_array().unwrap().iter().map(|item| item["record"].clone()).collect();
    let command = json!({ "command": "decide_waiting", "waiting": waiting, "accept": true });
    let reply = office.act(json!({ "command": command })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    counts.as_copies = arrivals(m) - before;
}

fn arrivals(m: &Morning) -> usize {
    m.children.iter().map(|child| has(&m.world.server, *child)).sum()
}
