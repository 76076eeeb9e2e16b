//! Families that break simple models. Each is asserted in `tests/families.rs`.

use super::build::{WEEK, span, tie};
use super::{Adult, Builder, Kid, Stay};
use crate::names::{self, Word};
use nursery::ids::HouseholdId;
use nursery::people::{Hours, Joining, Names, SightRight};

const DAY: ((u16, u16), (u16, u16)) = ((8, 20), (17, 0));

fn usual() -> nursery::calendar::Span {
    span(DAY.0, DAY.1)
}

fn as_is(_: &mut Stay) {}

/// Settles all of them.
pub(crate) fn settle(builder: &mut Builder) {
    builder.twins_read_alike();
    builder.two_children_of_one_name();
    builder.foster_home_with_one_telephone();
    builder.grandmother_on_paper();
    builder.protected_from_the_father();
    builder.two_homes_by_turns();
    builder.two_sites_one_household();
    builder.nursery_and_centre();
    builder.first_and_second_of_april();
    builder.next_spring();
    builder.leaves_in_mid_month();
    builder.long_absence();
    builder.settling_in();
    builder.education_hours();
    builder.names_of_every_kind();
    builder.one_number_for_two_and_none_for_one();
}

impl Builder {
    fn born(&mut self, names: Names, (year, month, day): (i16, i8, i8)) -> Kid {
        let birth = self.town.year.day(year, month, day);
        self.kid(names, birth)
    }

    fn pair(&mut self, family: Word, mother: Word, father: Word) -> (HouseholdId, Adult, Adult) {
        (self.household(), self.parent(family, mother), self.parent(family, father))
    }

    /// Twins of one class whose given names are read alike.
    fn twins_read_alike(&mut self) {
        let family = ("柏木", "かしわぎ");
        let (home, mother, father) = self.pair(family, ("志保", "しほ"), ("周", "あまね"));
        for (given, carries) in [(("遥斗", "はると"), false), (("晴翔", "はると"), true)] {
            let mut kid = self.born(names::full(family, given), (2021, 9, 14));
            kid.households = vec![home];
            kid.ties = vec![tie(&mother, "mother"), tie(&father, "father")];
            if carries {
                kid.allergies = vec!["くるみ"];
                kid.carries = vec!["エピペン"];
            }
            self.settle(kid, "kawagishi", "くま組", usual(), as_is);
        }
    }

    /// Two children of one class with the same name, of two families, one of them with one parent.
    fn two_children_of_one_name(&mut self) {
        let family = ("佐々木", "ささき");
        let name = || names::full(family, ("結愛", "ゆあ"));
        let (home, mother, father) = self.pair(family, ("梓", "あずさ"), ("渉", "わたる"));
        let mut first = self.born(name(), (2022, 5, 20));
        first.households = vec![home];
        first.ties = vec![tie(&mother, "mother"), tie(&father, "father")];
        first.allergies = vec!["卵"];
        self.settle(first, "kitanosawa", "きりん組", usual(), as_is);

        let (home, mother) = (self.household(), self.parent(family, ("晶子", "あきこ")));
        let mut second = self.born(name(), (2023, 1, 11));
        second.households = vec![home];
        second.ties = vec![super::Tie { legal: "sole", ..tie(&mother, "mother") }];
        self.settle(second, "kitanosawa", "きりん組", usual(), |stay| stay.hours = Hours::Short);
    }

    /// Another family name than the foster parents', who share one telephone at home.
    fn foster_home_with_one_telephone(&mut self) {
        let family = ("八木沢", "やぎさわ");
        let (home, mut mother, mut father) = self.pair(family, ("智恵子", "ちえこ"), ("勲", "いさお"));
        mother.phones = vec!["0191-00-2233".to_owned()];
        father.phones = mother.phones.clone();
        let mut kid = self.born(names::full(("瀬川", "せがわ"), ("廉", "れん")), (2023, 1, 20));
        kid.names.used = "れんくん".to_owned();
        kid.names.used_kana = "れんくん".to_owned();
        kid.care_note = "実の親との連絡は児童相談所を通す";
        kid.households = vec![home];
        let foster = |adult, relation| super::Tie { legal: "foster", ..tie(adult, relation) };
        kid.ties = vec![foster(&mother, "foster"), foster(&father, "foster")];
        let from = self.town.year.day(2026, 6, 10);
        self.settle(kid, "sakura", "きりん組", usual(), |stay| stay.from = from);
    }

    /// The grandmother is first in the order of calling, has no telephone, and wants paper. The child visits the centre
    /// once a week on trial.
    fn grandmother_on_paper(&mut self) {
        let family = ("沼田", "ぬまた");
        let (home, mut grandmother, mother) = self.pair(family, ("キヨ", "キヨ"), ("麻友", "まゆ"));
        grandmother.phones = vec![];
        grandmother.on_paper = true;
        let mut kid = self.born(names::full(family, ("紬", "つむぎ")), (2022, 9, 9));
        kid.care_note = "祖母は携帯電話なし。紙での連絡を希望";
        kid.tries_centre = true;
        kid.households = vec![home];
        let granny = super::Tie { legal: "none", ..tie(&grandmother, "grandmother") };
        kid.ties = vec![granny, super::Tie { legal: "sole", ..tie(&mother, "mother") }];
        self.settle(kid, "sakura", "きりん組", usual(), as_is);
    }

    /// 支援措置: the father must not learn where the child is.
    fn protected_from_the_father(&mut self) {
        let (home, mother, father) = self.pair(("照屋", "てるや"), ("恵子", "けいこ"), ("卓", "すぐる"));
        let mut kid = self.born(names::full(("照屋", "てるや"), ("凪沙", "なぎさ")), (2022, 12, 24));
        kid.care_note = "支援措置あり。父への所在の開示不可。写真の園外公開不可";
        kid.households = vec![home];
        kid.kept_from = vec![father.person];
        kid.refuses = &["class_album", "newsletter", "outside"];
        kid.ties = vec![
            super::Tie { legal: "sole", ..tie(&mother, "mother") },
            super::Tie { legal: "none", sight: SightRight::None, pickup: false, ..tie(&father, "father") },
        ];
        self.settle(kid, "kawagishi", "きりん組", usual(), as_is);
    }

    /// 共同親権: Monday, Wednesday and Friday with the father, who has a household of his own.
    fn two_homes_by_turns(&mut self) {
        let mother = self.parent(("伊東", "いとう"), ("香澄", "かすみ"));
        let father = self.parent(("小笠原", "おがさわら"), ("直哉", "なおや"));
        let homes = vec![self.household(), self.household()];
        let mut kid = self.born(names::full(("伊東", "いとう"), ("湊斗", "みなと")), (2022, 7, 7));
        kid.allergies = vec!["落花生"];
        kid.care_note = "月・水・金は父宅。連絡は父母それぞれに";
        kid.households = homes;
        kid.ties = vec![tie(&mother, "mother"), tie(&father, "father")];
        self.settle(kid, "kawagishi", "きりん組", usual(), |stay| stay.hours = Hours::Short);
    }

    /// Sister and brother at two sites; the family reads Chinese.
    fn two_sites_one_household(&mut self) {
        let family = ("王", "ワン");
        let (home, mut mother, mut father) = self.pair(family, ("莉", "リー"), ("強", "チャン"));
        (mother.language, father.language) = ("zh-Hans", "zh-Hans");
        let children = [
            (("梓涵", "ズーハン"), "シュエン", (2025, 8, 14), "tsubame", "ひよこ組"),
            (("浩宇", "ハオユー"), "ハオ", (2020, 10, 10), "wanomori", "ぞう組"),
        ];
        for (given, used, birth, site, class) in children {
            let mut kid = self.born(names::full(family, given), birth);
            kid.names.used = used.to_owned();
            kid.names.used_kana = used.to_owned();
            kid.households = vec![home];
            kid.ties = vec![tie(&mother, "mother"), tie(&father, "father")];
            self.settle(kid, site, class, usual(), as_is);
        }
    }

    /// Belongs to a nursery and to the centre, under two numbers; goes to the centre in the afternoon of slot days.
    fn nursery_and_centre(&mut self) {
        let places = [
            (("菅野", "かんの"), ("律", "りつ"), ("真弓", "まゆみ"), "kitanosawa", "きりん組", "グループC"),
            (("細川", "ほそかわ"), ("芽生", "めい"), ("泉", "いずみ"), "sakura", "くま組", "グループD"),
        ];
        for (family, given, mother, site, class, group) in places {
            let (home, mother) = (self.household(), self.parent(family, mother));
            let birth = if class == "きりん組" { (2022, 6, 1) } else { (2021, 6, 1) };
            let mut kid = self.born(names::full(family, given), birth);
            kid.number = format!("{} / T-{:03}", kid.number, self.town.kids.len());
            kid.allergies = vec!["小麦"];
            kid.care_note = "加配。受給者証は年度末まで、月8回";
            kid.households = vec![home];
            kid.ties = vec![tie(&mother, "mother")];
            self.also_at_the_centre(&mut kid, group);
            self.settle(kid, site, class, usual(), as_is);
        }
    }

    /// A second place, at the centre, without usual hours: the child comes on slot days.
    pub(crate) fn also_at_the_centre(&mut self, kid: &mut Kid, group: &str) {
        let stay = self.town.site("hidamari").and_then(|site| self.stay(site, group, None));
        kid.stays.extend(stay.map(|stay| Stay { from: self.town.year.day(2026, 5, 12), ..stay }));
    }

    /// One day apart, one class apart.
    fn first_and_second_of_april(&mut self) {
        let children = [
            (("小田島", "おだじま"), ("一", "はじめ"), ("佑実", "ゆみ"), (2025, 4, 1), "りす組"),
            (("小田桐", "おだぎり"), ("二葉", "ふたば"), ("美咲", "みさき"), (2025, 4, 2), "ひよこ組"),
        ];
        for (family, given, mother, birth, class) in children {
            let (home, mother) = (self.household(), self.parent(family, mother));
            let mut kid = self.born(names::full(family, given), birth);
            kid.households = vec![home];
            kid.ties = vec![tie(&mother, "mother")];
            self.settle(kid, "minato", class, usual(), as_is);
        }
    }

    /// Enters next 1 April; already in the books.
    fn next_spring(&mut self) {
        let family = ("千田", "ちだ");
        let (home, mother) = (self.household(), self.parent(family, ("麻里子", "まりこ")));
        let mut kid = self.born(names::full(family, ("新", "あらた")), (2026, 6, 30));
        kid.households = vec![home];
        kid.ties = vec![super::Tie { joining: Joining::Listed, ..tie(&mother, "mother") }];
        let from = self.town.year.day(2027, 4, 1);
        self.settle(kid, "sakura", "ひよこ組", usual(), |stay| stay.from = from);
    }

    /// Moves to another city after the 20th.
    fn leaves_in_mid_month(&mut self) {
        let family = ("工藤", "くどう");
        let (home, mother) = (self.household(), self.parent(family, ("彩佳", "あやか")));
        let mut kid = self.born(names::full(family, ("花", "はな")), (2021, 1, 1));
        kid.care_note = "市外へ転出";
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother")];
        let until = self.town.year.day(2026, 11, 20);
        self.settle(kid, "sakura", "ぞう組", usual(), |stay| stay.until = Some(until));
    }

    /// 休園: away for three months, back on 1 December.
    fn long_absence(&mut self) {
        let family = ("熊坂", "くまさか");
        let (home, mother) = (self.household(), self.parent(family, ("愛実", "まなみ")));
        let mut kid = self.born(names::full(family, ("奏汰", "かなた")), (2022, 8, 8));
        kid.care_note = "里帰りのため休園";
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother")];
        let year = self.town.year;
        let leave = (year.day(2026, 9, 1), year.day(2026, 11, 30));
        self.settle(kid, "wanomori", "きりん組", usual(), |stay| stay.leave = Some(leave));
    }

    /// 慣らし保育: entered on 16 November, a little longer every day.
    fn settling_in(&mut self) {
        let family = ("梅津", "うめづ");
        let (home, mother) = (self.household(), self.parent(family, ("小春", "こはる")));
        let mut kid = self.born(names::full(family, ("灯", "あかり")), (2025, 12, 8));
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother")];
        let from = self.town.year.day(2026, 11, 16);
        let until = [(11, 0), (11, 0), (12, 0), (12, 0), (13, 0), (13, 0), (15, 0), (15, 0), (16, 0), (16, 0)];
        let days = (0..).map(|n| from.plus(n)).filter(|day| WEEK.contains(&day.weekday()));
        kid.settling = days.zip(until).map(|(day, to)| (day, span((9, 0), to))).collect();
        self.settle(kid, "sakura", "ひよこ組", span((8, 30), (16, 30)), |stay| stay.from = from);
    }

    /// 1号: four hours of education, from outside the city, with care before and after.
    fn education_hours(&mut self) {
        let family = ("遠野", "とおの");
        let (home, mother) = (self.household(), self.parent(family, ("優花", "ゆうか")));
        let mut kid = self.born(names::full(family, ("心陽", "こはる")), (2022, 12, 12));
        kid.care_note = "広域入所。預かり保育あり";
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother")];
        self.settle(kid, "izumi", "きりん組", span((8, 50), (16, 0)), |stay| stay.hours = Hours::Education);
    }

    /// Many parts, one part, rare letters and a variation selector.
    fn names_of_every_kind(&mut self) {
        let many = "モリタ マリア・フェルナンダ ドス サントス デ オリヴェイラ";
        let mother = "Aparecida dos Santos Morita";
        self.named(many, "マリアちゃん", many, (mother, "アパレシーダ", "pt"), (2024, 1, 15), &[]);
        self.named(
            "スカルディ",
            "スカルディ",
            "スカルディ",
            ("デウィ", "デウィ", "en"),
            (2023, 10, 20),
            &["豚肉（宗教）"],
        );
        let (variant, mother) = ("神﨑 葛\u{E0100}", "髙𠮷 裕莉");
        self.named(variant, "葛\u{E0100}", "かんざき かずら", (mother, "たかよし ゆり", "ja"), (2023, 7, 1), &[]);
    }

    fn named(
        &mut self,
        legal: &str,
        used: &str,
        kana: &str,
        (mother, mother_kana, language): (&str, &str, &'static str),
        birth: (i16, i8, i8),
        allergies: &[&'static str],
    ) {
        let home = self.household();
        let adult = Names { legal: mother.to_owned(), kana: mother_kana.to_owned(), ..Names::default() };
        let mut mother = self.adult(adult);
        mother.names.used = mother.names.legal.split(' ').next_back().unwrap_or_default().to_owned();
        mother.language = language;
        let used_kana = if used.starts_with('葛') { "かずら" } else { used };
        let family_kana = kana.split_once(' ').map_or("", |parts| parts.0);
        let names = Names {
            legal: legal.to_owned(),
            used: used.to_owned(),
            kana: kana.to_owned(),
            used_kana: used_kana.to_owned(),
            family_kana: family_kana.to_owned(),
            latin: String::new(),
        };
        let mut kid = self.born(names, birth);
        kid.allergies = allergies.to_vec();
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother")];
        self.settle(kid, "tsubame", "うさぎ組", usual(), as_is);
    }

    /// Parents who share one mobile telephone, and a father who has none at all.
    fn one_number_for_two_and_none_for_one(&mut self) {
        let family = ("湯沢", "ゆざわ");
        let (home, mother, mut father) = self.pair(family, ("実香", "みか"), ("治", "おさむ"));
        father.phones = mother.phones.clone();
        let mut kid = self.born(names::full(family, ("帆乃", "ほの")), (2020, 8, 30));
        kid.households = vec![home];
        kid.ties = vec![tie(&mother, "mother"), tie(&father, "father")];
        self.settle(kid, "tsubame", "ぞう組", usual(), as_is);

        let family = ("岩淵", "いわぶち");
        let (home, mut father) = (self.household(), self.parent(family, ("実", "みのる")));
        father.phones = vec![];
        father.on_paper = true;
        let mut kid = self.born(names::full(family, ("千草", "ちぐさ")), (2021, 11, 3));
        kid.households = vec![home];
        kid.ties = vec![super::Tie { legal: "sole", ..tie(&father, "father") }];
        self.settle(kid, "tsubame", "くま組", usual(), as_is);
    }
}
