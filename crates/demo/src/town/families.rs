//! Ordinary families, drawn until every class is full.

use super::build::{WEEK, WEEK_AND_SATURDAY, tie};
use super::{Adult, Builder, Kid, Place, Stay};
use crate::names::{self, BOYS, FAMILIES, FATHERS, GIRLS, MOTHERS, Word};
use nursery::calendar::Span;
use nursery::ids::HouseholdId;
use nursery::people::{Hours, Joining};
use records::{Day, TimeOfDay};

const ALLERGIES: &[&str] = &["卵", "乳", "小麦", "落花生", "くるみ", "えび", "そば", "キウイ"];
const NOTES: &[&str] = &[
    "熱性けいれんの既往。37.5℃で連絡",
    "肘内障を繰り返す。左手を引かない",
    "母の勤務により月末の迎えが遅い",
    "大きな音が苦手。避難訓練の前に知らせる",
];

/// Fills the classes of a site up to their size on the reference day.
pub(crate) fn fill(builder: &mut Builder, plan: &Place) {
    let sizes: Vec<u16> = plan.classes.iter().map(|class| class.2).collect();
    fill_sizes(builder, plan, &sizes);
}

pub(crate) fn fill_sizes(builder: &mut Builder, plan: &Place, sizes: &[u16]) {
    let reference = builder.town.year.day(2026, 11, 24);
    for (&(name, age, _), &size) in plan.classes.iter().zip(sizes) {
        let Some(site) = builder.town.site(plan.key) else { continue };
        let Some(class) = site.class(name).map(|c| c.id) else { continue };
        let there = builder
            .town
            .kids
            .iter()
            .flat_map(|kid| &kid.stays)
            .filter(|stay| stay.class == class && stay.holds_on(reference))
            .count();
        for _ in there..usize::from(size) {
            builder.ordinary(plan, name, age);
        }
    }
}

/// Family name, household, and the parents with what each is to the child.
type Family = (Word, HouseholdId, Vec<(Adult, &'static str)>);

impl Builder {
    fn ordinary(&mut self, plan: &Place, class: &str, age: Option<u8>) {
        let age = age.unwrap_or_else(|| u8::try_from(self.chance.between(2, 5)).unwrap_or(3));
        let birth = self.birth(age);
        let girl = self.chance.percent(50);
        let (family, household, parents) = self.sibling(plan, class).unwrap_or_else(|| self.new_family());
        let given = self.given_name(family, girl);
        let mut kid = self.kid(names::full(family, given), birth);
        kid.households = vec![household];
        kid.ties = parents.iter().map(|(adult, relation)| tie(adult, relation)).collect();
        self.details(&mut kid, family);
        let (usual, change) = self.hours_of(plan, class);
        self.settle(kid, plan.key, class, usual, change);
    }

    /// One in seven has an elder or younger one in another class of the same site.
    fn sibling(&mut self, plan: &Place, class: &str) -> Option<Family> {
        if !self.chance.percent(14) {
            return None;
        }
        let site = self.town.site(plan.key)?.clone();
        let this = site.class(class)?.id;
        let others: Vec<usize> = (0..self.town.kids.len())
            .filter(|at| {
                self.town.kids.get(*at).is_some_and(|kid| {
                    kid.stays.iter().all(|s| s.site == site.id && s.class != this && s.until.is_none())
                        && kid.kept_from.is_empty()
                        && kid.households.len() == 1
                        && FAMILIES.iter().any(|f| f.1 == kid.names.family_kana)
                })
            })
            .collect();
        let kid = self.town.kids.get(self.chance.pick(&others))?.clone();
        let family = FAMILIES.iter().find(|f| f.1 == kid.names.family_kana).copied()?;
        let alone = self.town.kids.iter().filter(|k| k.households == kid.households).count() == 1;
        let parents = kid.ties.iter().map(|t| (t.adult.clone(), t.relation)).collect();
        let household = kid.households.first().copied()?;
        alone.then_some((family, household, parents))
    }

    fn new_family(&mut self) -> Family {
        let family = self.chance.pick(FAMILIES);
        let household = self.household();
        let (mother, father) = (self.chance.pick(MOTHERS), self.chance.pick(FATHERS));
        let on_paper = self.chance.percent(3);
        let alone = self.chance.percent(32);
        let mut parents = vec![(self.parent(family, mother), "mother")];
        if alone && self.chance.percent(10) {
            parents = vec![(self.parent(family, father), "father")];
        } else if !alone {
            parents.push((self.parent(family, father), "father"));
        }
        for (adult, _) in &mut parents {
            adult.on_paper = on_paper;
        }
        (family, household, parents)
    }

    /// A given name that no child of this family name has.
    fn given_name(&mut self, family: Word, girl: bool) -> Word {
        let taken: Vec<&str> = self
            .town
            .kids
            .iter()
            .filter(|kid| kid.names.family_kana == family.1)
            .map(|kid| kid.names.used_kana.as_str())
            .collect();
        let free: Vec<Word> =
            if girl { GIRLS } else { BOYS }.iter().copied().filter(|word| !taken.contains(&word.1)).collect();
        self.chance.pick(&free)
    }

    fn birth(&mut self, age: u8) -> Day {
        let first = self.town.year.day(2025 - i16::from(age), 4, 2);
        let days = if age == 0 { 300 } else { 363 };
        first.plus(i32::from(self.chance.between(0, days)))
    }

    fn details(&mut self, kid: &mut Kid, family: Word) {
        if self.chance.percent(9) {
            kid.allergies = vec![self.chance.pick(ALLERGIES)];
            if self.chance.percent(15) {
                kid.carries = vec!["エピペン"];
            }
        }
        if self.chance.percent(4) {
            kid.care_note = self.chance.pick(NOTES);
        }
        if self.chance.percent(45) {
            let names = names::full(family, self.chance.pick(MOTHERS));
            kid.pickups = vec![self.collects(names, "grandmother")];
        }
        if self.chance.percent(8) {
            kid.refuses = &["newsletter", "outside"];
        }
        if self.chance.percent(15) {
            kid.face = "initial";
        }
        if self.chance.percent(3)
            && let Some(second) = kid.ties.get_mut(1)
        {
            second.joining = Joining::Pending;
        }
    }

    /// Usual hours, and what the place is like.
    fn hours_of(&mut self, plan: &Place, class: &str) -> (Span, impl FnOnce(&mut Stay) + use<>) {
        let mut hours = Hours::Standard;
        let quarter = |minutes: u16| TimeOfDay(minutes / 5 * 5);
        let mut span = Span { from: quarter(self.arrival(plan.key)), to: quarter(self.departure()) };
        if plan.key == "hidamari" {
            hours = Hours::Slot;
            let morning = class == "グループA" || class == "グループB";
            let from = TimeOfDay::hm(8, 50).0 + self.chance.between(0, 4) * 5;
            span.from = if morning { TimeOfDay(from) } else { TimeOfDay::hm(13, 30) };
            span.to = if morning { TimeOfDay::hm(15, 30) } else { TimeOfDay::hm(16, 0) };
        } else if self.chance.percent(18) {
            hours = Hours::Short;
            span = Span { from: TimeOfDay::hm(8, 30), to: TimeOfDay::hm(16, 30) };
        }
        let saturday = hours == Hours::Standard && self.chance.percent(11);
        let centre_days = self.chance.pick(&[&[2u8, 4][..], &[1, 2, 3], &[2, 5], &[1, 2, 4], &[2, 3, 5]]);
        let change = move |stay: &mut Stay| {
            stay.hours = hours;
            stay.weekdays = if saturday { WEEK_AND_SATURDAY } else { WEEK };
            if hours == Hours::Slot {
                stay.weekdays = centre_days;
            }
        };
        (span, change)
    }

    /// Minutes after midnight, most of them around a quarter past eight. At みなと those who come before 7:50 are known
    /// by name.
    fn arrival(&mut self, site: &str) -> u16 {
        let earliest = if site == "minato" { 475 } else { 435 };
        let (first, second) = (self.chance.between(earliest, 540), self.chance.between(earliest, 540));
        u16::midpoint(first, second)
    }

    fn departure(&mut self) -> u16 {
        let (first, second) = (self.chance.between(960, 1110), self.chance.between(960, 1110));
        u16::midpoint(first, second)
    }
}
