//! Staff of the facilities and of the city's child-care division.

use super::{Builder, Place, Site};
use crate::names::{self, FAMILIES, FATHERS, MOTHERS, Word};
use nursery::ids::{ClassId, FacilityId};
use nursery::people::{Names, Role};
use records::PersonId;

/// When somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    /// 7:00 to 16:00.
    Early,
    /// 8:30 to 17:30; some come at 7:45 to help in the hall.
    Middle,
    /// 10:00 to 19:00.
    Late,
    /// Not today.
    Off,
}

/// A member of staff at one site.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) person: PersonId,
    pub(crate) names: Names,
    pub(crate) site: FacilityId,
    pub(crate) role: Role,
    /// The class in whose room the person works.
    pub(crate) class: Option<ClassId>,
    pub(crate) shift: Shift,
    pub(crate) pin: String,
    /// Also looks after tablets and invitations.
    pub(crate) ict: bool,
}

impl Worker {
    /// As families and colleagues read it.
    pub(crate) fn by_name(&self) -> &str {
        self.names.legal.split(' ').next().unwrap_or(&self.names.legal)
    }
}

/// Staff of みなと保育園 who appear by name: class, name, shift.
const MINATO: &[(&str, Word, Word, Shift)] = &[
    ("うさぎ組", ("阿部", "あべ"), ("真由", "まゆ"), Shift::Middle),
    ("うさぎ組", ("田村", "たむら"), ("涼", "りょう"), Shift::Early),
    ("うさぎ組", ("大友", "おおとも"), ("葉子", "ようこ"), Shift::Middle),
    ("きりん組", ("菊池", "きくち"), ("恵", "めぐみ"), Shift::Early),
];

impl Builder {
    /// Everybody who works at a site.
    pub(crate) fn staff(&mut self, site: &Site, plan: &Place) {
        let leads = plan.extras >= 3;
        let mut roles = vec![Role::Director, Role::Office, Role::LeadTeacher, Role::Caregiver];
        roles.truncate(usize::from(plan.extras));
        for role in roles {
            self.worker(site, role, None, Shift::Middle);
        }
        if site.key == "minato" {
            for &(class, family, given, shift) in MINATO {
                let class = site.class(class).map(|c| c.id);
                self.named_worker(site, Role::Caregiver, class, shift, names::full(family, given));
            }
        }
        for (class, &(_, age, size)) in site.classes.iter().zip(plan.classes) {
            self.class_staff(site, class.id, need(site, age, size));
        }
        if !leads && let Some(last) = self.town.workers.last_mut() {
            last.role = Role::LeadTeacher;
        }
        for nth in 0..plan.late {
            let role = if plan.extras < 2 && nth == 0 { Role::Office } else { Role::Caregiver };
            self.worker(site, role, None, Shift::Late);
        }
        for _ in 0..plan.off {
            self.worker(site, Role::Caregiver, None, Shift::Off);
        }
        self.finish_staff(site);
    }

    /// Fills a class up to `need` caregivers.
    fn class_staff(&mut self, site: &Site, class: ClassId, need: usize) {
        let there = self.town.workers.iter().filter(|w| w.class == Some(class)).count();
        for _ in there..need {
            self.worker(site, Role::Caregiver, Some(class), Shift::Middle);
        }
    }

    /// Sees to two people at opening and to somebody who looks after the tablets.
    fn finish_staff(&mut self, site: &Site) {
        let early = self.town.workers.iter().filter(|w| w.site == site.id && w.shift == Shift::Early).count();
        let mut here: Vec<_> = self.town.workers.iter_mut().filter(|w| w.site == site.id).collect();
        let rooms = here.iter_mut().rev().filter(|w| w.class.is_some() && w.shift == Shift::Middle);
        for worker in rooms.take(2usize.saturating_sub(early)) {
            worker.shift = Shift::Early;
        }
        if let Some(worker) = here.into_iter().find(|w| w.class.is_some()) {
            worker.ict = true;
        }
    }

    fn worker(&mut self, site: &Site, role: Role, class: Option<ClassId>, shift: Shift) {
        let given = if self.chance.percent(90) { self.chance.pick(MOTHERS) } else { self.chance.pick(FATHERS) };
        let used: Vec<String> = self.town.workers.iter().map(|w| w.names.legal.clone()).collect();
        let mut names = names::full(self.chance.pick(FAMILIES), given);
        while used.contains(&names.legal) {
            names = names::full(self.chance.pick(FAMILIES), self.chance.pick(MOTHERS));
        }
        if site.key == "minato" && role == Role::Office {
            names = names::full(("小野寺", "おのでら"), ("恵", "めぐみ"));
        }
        self.named_worker(site, role, class, shift, names);
    }

    fn named_worker(&mut self, site: &Site, role: Role, class: Option<ClassId>, shift: Shift, names: Names) {
        let person = PersonId(self.id());
        let pin = format!("{:04}", self.chance.between(1_000, 9_998));
        self.town.workers.push(super::Worker { person, names, site: site.id, role, class, shift, pin, ict: false });
    }
}

/// Caregivers by the legal table: 3:1 under one year, 6:1 at one and two, 15:1 at three, 25:1 from four on
/// (児童福祉施設の設備及び運営に関する基準). In うさぎ組 of みなと three do for those who are there.
fn need(site: &Site, age: Option<u8>, size: u16) -> usize {
    let per = match age {
        Some(0) => 3,
        Some(1 | 2) => 6,
        Some(3) => 15,
        Some(_) => 25,
        None => return 2,
    };
    let need = usize::from(size.div_ceil(per));
    if site.key == "minato" && age == Some(2) { need - 1 } else { need }
}

/// The child-care division of the city.
pub(crate) fn city_office(builder: &mut Builder) {
    for (family, given) in [(("藤村", "ふじむら"), ("健", "けん")), (("宮田", "みやた"), ("さやか", "さやか"))]
    {
        let officer = builder.parent(family, given);
        builder.town.officers.push(officer);
    }
}
