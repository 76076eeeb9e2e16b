//! Each family that breaks a simple model, by what makes it hard.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod world;

use nursery::attendance::{Punch, PunchSource};
use nursery::calendar::{CarePattern, ExpectedDay, Visit};
use nursery::people::{
    CareNote, ChildSafety, Consent, Guardianship, Hours, HouseholdMember, Joining, Person, Protection, SightRight,
};
use nursery::place::ClassGroup;
use records::Day;
use std::collections::{BTreeMap, BTreeSet};
use world::World;

fn world() -> std::sync::Arc<World> {
    World::at("2026-11-24 09:34")
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn households(world: &World, child: &nursery::people::Child) -> BTreeSet<nursery::ids::HouseholdId> {
    let members: Vec<HouseholdMember> = world.all();
    members.iter().filter(|m| m.child == child.meta.id.into()).map(|m| m.household).collect()
}

fn class_name(world: &World, class: nursery::ids::ClassId) -> String {
    world.all::<ClassGroup>().into_iter().find(|c| c.meta.id == class.into()).unwrap().name.unwrap()
}

#[test]
fn every_public_facility_has_its_number_of_children() {
    let world = world();
    let rows = [
        ("minato", 95),
        ("sakura", 95),
        ("kawagishi", 86),
        ("kitanosawa", 71),
        ("tsubame", 52),
        ("wanomori", 49),
        ("hidamari", 37),
        ("izumi", 30),
    ];
    for (site, children) in rows {
        assert_eq!(world.placed(site, world.city.today).len(), children, "{site}");
    }
    assert!(world.site("izumi").sandbox);
    assert_eq!(world.city.facilities.iter().filter(|site| site.sandbox).count(), 1);
}

#[test]
fn the_age_of_a_class_is_that_of_its_children() {
    let world = world();
    let ages: BTreeMap<_, _> = world.all::<ClassGroup>().iter().map(|c| (c.meta.id, c.age)).collect();
    for site in &world.city.facilities {
        for placed in world.placed(site.key, world.city.today) {
            if let Some(age) = ages[&placed.class.into()] {
                let names = world.child(placed.child).names;
                assert_eq!(placed.class_age, Some(age), "{names:?}");
            }
        }
    }
}

#[test]
fn seats_of_a_class_are_given_once() {
    let world = world();
    for site in &world.city.facilities {
        let seats: Vec<_> =
            world.placed(site.key, world.city.today).iter().map(|p| (p.class, p.seat.unwrap())).collect();
        assert_eq!(seats.iter().collect::<BTreeSet<_>>().len(), seats.len(), "{}", site.key);
    }
}

#[test]
fn twins_of_one_class_are_read_alike_and_only_one_carries_an_epipen() {
    let world = world();
    let twins = [world.child_called("柏木 遥斗"), world.child_called("柏木 晴翔")];
    let [a, b] = &twins;
    assert_eq!(a.birth, b.birth);
    assert_eq!(a.names.as_ref().unwrap().kana, b.names.as_ref().unwrap().kana);
    assert_eq!(households(&world, a), households(&world, b));
    assert_eq!(world.placements(a)[0].class, world.placements(b)[0].class);
    let carries = twins.map(|t| world.of_child::<ChildSafety>(t.meta.id.into()).len());
    assert_eq!(carries, [0, 1]);
}

#[test]
fn two_children_of_one_class_have_the_same_name_and_nothing_else_in_common() {
    let world = world();
    let both = world.children_called("佐々木 結愛");
    assert_eq!(both.len(), 2);
    assert_eq!(world.placements(&both[0])[0].class, world.placements(&both[1])[0].class);
    assert!(households(&world, &both[0]).is_disjoint(&households(&world, &both[1])));
    assert_eq!(world.guardians(&both[0]).len(), 2);
    assert_eq!(world.guardians(&both[1]).len(), 1);
}

#[test]
fn the_foster_home_has_another_name_and_one_telephone() {
    let world = world();
    let kid = world.child_called("瀬川 廉");
    let ties = world.guardians(&kid);
    let phones: BTreeSet<_> = ties.iter().map(|t| world.person(t.person).phones.unwrap()).collect();
    assert_eq!((ties.len(), phones.len()), (2, 1));
    assert!(ties.iter().all(|t| t.legal.as_deref() == Some("foster")));
    assert_eq!(kid.names.as_ref().unwrap().tile(), "れんくん");
    assert_eq!(world.placements(&kid)[0].from, Some(day("2026-06-10")));
    assert_eq!(world.of_child::<CareNote>(kid.meta.id.into()).len(), 1);
}

#[test]
fn the_grandmother_is_called_first_has_no_telephone_and_wants_paper() {
    let world = world();
    let ties = world.guardians(&world.child_called("沼田 紬"));
    let first = world.person(ties[0].person);
    assert_eq!(ties[0].relation.as_deref(), Some("grandmother"));
    assert_eq!((first.phones, first.on_paper), (Some(vec![]), Some(true)));
    assert_eq!(ties[0].joining, Some(Joining::Listed));
    assert_eq!(world.person(ties[1].person).phones.unwrap().len(), 1);
}

#[test]
fn the_protected_child_is_kept_from_the_father_by_three_facts() {
    let world = world();
    let kid = world.child_called("照屋 凪沙");
    let father = world.guardians(&kid).into_iter().find(|t| t.relation.as_deref() == Some("father")).unwrap();
    assert_eq!(
        (father.sight, father.pickup, father.legal.as_deref()),
        (Some(SightRight::None), Some(false), Some("none"))
    );
    let protections: Vec<Protection> = world.of_child(kid.meta.id.into());
    assert_eq!(protections.iter().map(|p| p.person).collect::<Vec<_>>(), [father.person]);
    let consent: Vec<Consent> = world.of_child(kid.meta.id.into());
    assert!(consent[0].refused.as_ref().unwrap().contains(&"outside".to_owned()));
    assert_eq!(world.city.people.protected_child, kid.meta.id.into());
    let punches: Vec<Punch> = world.of_child(kid.meta.id.into());
    assert!(!punches.is_empty());
    assert!(punches.iter().all(|p| p.source != Some(PunchSource::Kiosk)));
}

#[test]
fn the_child_of_two_homes_belongs_to_both_and_both_parents_have_joint_custody() {
    let world = world();
    let kid = world.child_called("伊東 湊斗");
    assert_eq!(households(&world, &kid).len(), 2);
    let ties = world.guardians(&kid);
    assert!(ties.iter().all(|t| t.legal.as_deref() == Some("joint") && t.sight == Some(SightRight::Full)));
    let fetched = |moment| {
        let world = World::at(moment);
        let punches: Vec<Punch> = world.of_child(kid.meta.id.into());
        let today = punches.into_iter().find(|p| p.meta.day == Some(world.city.today) && p.collector.is_some());
        today.map(|p| p.collector_name.unwrap())
    };
    let names: BTreeSet<_> = ["2026-11-25 20:00", "2026-11-26 20:00"].into_iter().filter_map(fetched).collect();
    assert!(names.is_subset(&["小笠原 直哉", "伊東 香澄"].map(str::to_owned).into()) && !names.is_empty(), "{names:?}");
}

#[test]
fn sister_and_brother_are_at_two_sites_and_the_parents_read_chinese() {
    let world = world();
    let (sister, brother) = (world.child_called("王 梓涵"), world.child_called("王 浩宇"));
    assert_ne!(world.placements(&sister)[0].facility, world.placements(&brother)[0].facility);
    let parents = |child| world.guardians(child).iter().map(|t| t.person).collect::<BTreeSet<_>>();
    assert_eq!(parents(&sister), parents(&brother));
    assert!(parents(&sister).iter().all(|p| world.person(*p).language.as_deref() == Some("zh-Hans")));
}

#[test]
fn three_children_belong_to_a_nursery_and_to_the_centre() {
    let world = world();
    for (name, site) in [("王 紬", "minato"), ("菅野 律", "kitanosawa"), ("細川 芽生", "sakura")] {
        let kid = world.child_called(name);
        let sites: BTreeSet<_> = world.placements(&kid).iter().map(|p| p.facility).collect();
        assert_eq!(sites, [site, "hidamari"].map(|s| world.site(s).facility).into(), "{name}");
        let slots: Vec<ExpectedDay> = world.of_child(kid.meta.id.into());
        assert!(slots.iter().any(|d| d.reason.as_deref() == Some("centre_slot")));
        assert!(slots.iter().all(|d| [2, 4].contains(&d.meta.day.unwrap().weekday())));
    }
    assert!(world.child_called("菅野 律").number.unwrap().contains(" / T-"));
}

#[test]
fn who_tries_the_centre_is_its_guest_on_thursdays_and_then_back_home() {
    let world = World::at("2026-11-26 12:40");
    let child = world.child_called("沼田 紬").meta.id.into();
    let (home, centre) = (world.site("sakura").facility, world.site("hidamari").facility);
    let visits: Vec<Visit> = world.of_child(child);
    let today = visits.iter().find(|v| v.holds_on(world.city.today)).unwrap();
    assert_eq!((today.home, today.host, today.purpose.as_deref()), (home, centre, Some("centre")));
    assert!(visits.iter().all(|v| v.from == v.until && v.from.unwrap().weekday() == 4));
    assert_eq!(world.today::<Punch>(centre).iter().filter(|p| p.child == child).count(), 2);
    assert_eq!(world.states("sakura")[&child], world::State::Here);
}

#[test]
fn one_day_apart_is_one_class_apart() {
    let world = world();
    let first = world.child_called("小田島 一");
    let second = world.child_called("小田桐 二葉");
    assert_eq!(second.birth.unwrap().number() - first.birth.unwrap().number(), 1);
    assert_eq!(world.placements(&first)[0].class_age, Some(1));
    assert_eq!(world.placements(&second)[0].class_age, Some(0));
    assert_eq!(class_name(&world, world.placements(&first)[0].class), "りす組");
    assert_eq!(class_name(&world, world.placements(&second)[0].class), "ひよこ組");
}

#[test]
fn next_spring_s_child_is_in_the_books_and_on_no_board() {
    let world = world();
    let placement = world.placements(&world.child_called("千田 新")).remove(0);
    assert_eq!(placement.from, Some(day("2027-04-01")));
    assert!(!placement.holds_on(world.city.today));
    assert_eq!(placement.class_age, Some(0));
}

#[test]
fn who_left_on_the_20th_is_on_the_board_until_then() {
    let world = world();
    let placement = world.placements(&world.child_called("工藤 花")).remove(0);
    assert!(placement.holds_on(day("2026-11-20")) && !placement.holds_on(day("2026-11-21")));
}

#[test]
fn who_is_on_leave_is_back_on_1_december() {
    let world = world();
    let placement = world.placements(&world.child_called("熊坂 奏汰")).remove(0);
    assert!(placement.holds_on(world.city.today) && placement.on_leave(world.city.today));
    assert!(!placement.on_leave(day("2026-12-01")));
    let later = World::at("2026-12-01 12:00");
    assert!(later.expected(later.site("wanomori").facility).contains_key(&placement.child));
}

#[test]
fn who_settles_in_stays_a_little_longer_every_other_day() {
    let world = world();
    let kid = world.child_called("梅津 灯");
    let mut days: Vec<ExpectedDay> = world.of_child(kid.meta.id.into());
    days.sort_by_key(|d| d.meta.day);
    assert_eq!(days.len(), 10);
    assert_eq!((days[0].meta.day, days[9].meta.day), (Some(day("2026-11-16")), Some(day("2026-11-27"))));
    assert!(days.is_sorted_by_key(|d| d.span.unwrap().to));
}

#[test]
fn the_kodomoen_has_a_child_with_hours_of_education() {
    let world = world();
    assert_eq!(world.placements(&world.child_called("遠野 心陽"))[0].hours, Some(Hours::Education));
}

#[test]
fn names_are_kept_byte_for_byte_whatever_they_are_made_of() {
    let world = world();
    let many = world.child_called("モリタ マリア・フェルナンダ ドス サントス デ オリヴェイラ").names.unwrap();
    assert_eq!(many.tile(), "マリアちゃん");
    let one = world.child_called("スカルディ").names.unwrap();
    assert_eq!((one.tile(), one.family_kana.as_str()), ("スカルディ", ""));
    let rare = world.child_called("神﨑 葛\u{E0100}");
    assert_eq!(rare.names.as_ref().unwrap().used, "葛\u{E0100}");
    let mother = world.person(world.guardians(&rare)[0].person).names.unwrap().legal;
    assert!(mother.contains('髙') && mother.contains('𠮷'));
}

#[test]
fn some_parents_share_a_number_and_one_has_none() {
    let world = world();
    let phones = |name: &str| -> Vec<Vec<String>> {
        let ties = world.guardians(&world.child_called(name));
        ties.iter().map(|t| world.person(t.person).phones.unwrap()).collect()
    };
    let shared = phones("湯沢 帆乃");
    assert_eq!(shared[0], shared[1]);
    assert_eq!(phones("岩淵 千草"), [Vec::<String>::new()]);
}

#[test]
fn a_caregiver_is_also_a_mother_and_is_one_person() {
    let world = world();
    let people: Vec<Person> = world.all();
    let kikuchi: Vec<_> = people.iter().filter(|p| p.names.as_ref().unwrap().legal == "菊池 恵").collect();
    assert_eq!(kikuchi.len(), 1);
    let ties: Vec<Guardianship> = world.all();
    assert!(ties.iter().any(|t| t.person == kikuchi[0].meta.id.0));
    assert_eq!(world.city.people.caregiver_and_mother.0, kikuchi[0].meta.id.0);
}

#[test]
fn brothers_and_sisters_share_their_parents() {
    let world = world();
    for (one, other) in
        [("佐藤 澪", "佐藤 蓮"), ("鈴木 陽葵", "鈴木 颯太"), ("高橋 咲良", "高橋 陸"), ("グエン 詩", "グエン ハイ")]
    {
        let (one, other) = (world.child_called(one), world.child_called(other));
        assert_eq!(households(&world, &one), households(&world, &other));
        assert_eq!(world.guardians(&one)[0].person, world.guardians(&other)[0].person);
    }
}

#[test]
fn everybody_expected_by_pattern_comes_before_half_past_nine_or_in_the_afternoon() {
    let world = world();
    let patterns: Vec<CarePattern> = world.all();
    let nursery = |p: &&CarePattern| p.meta.feed != world.site("hidamari").facility.into();
    for pattern in patterns.iter().filter(nursery) {
        for span in pattern.week.as_ref().unwrap().values() {
            let (from, to) = (span.from.to_string(), span.to.to_string());
            assert!(("07:15".."09:05").contains(&from.as_str()) && to.as_str() > "15:40", "{from} {to}");
        }
    }
}

#[test]
fn telephone_numbers_belong_to_nobody() {
    let world = world();
    for person in world.all::<Person>() {
        for phone in person.phones.unwrap() {
            assert!(["090-0000-", "080-0000-", "0191-00-"].iter().any(|start| phone.starts_with(start)), "{phone}");
        }
    }
}

#[test]
fn in_another_school_year_the_children_are_of_the_right_age_again() {
    let world = World::at("2028-05-16 09:34");
    let kid = world.child_called("佐藤 澪");
    assert_eq!(world.placements(&kid)[0].class_age, Some(2));
    assert_eq!(world.placed("minato", world.city.today).len(), 95);
}
