//! The morning that every picture of the product shows: みなと保育園 with うさぎ組, and their families.

use super::build::{span, tie};
use super::{Adult, Builder, Scripted, Town};
use crate::names::{self, Word};
use nursery::attendance::{Channel, PunchSource, Reason};
use nursery::ids::HouseholdId;
use records::TimeOfDay;

type Hm = (u16, u16);
type Date = (i16, i8, i8);
type Parent = (&'static str, Word, &'static str);

/// A child known by name.
struct Row {
    site: &'static str,
    class: &'static str,
    family: Word,
    given: Word,
    birth: Date,
    usual: (Hm, Hm),
    comes: Option<Hm>,
    goes: Option<Hm>,
    parents: &'static [Parent],
    allergy: &'static str,
    initial: bool,
}

const fn row(class: &'static str, family: Word, given: Word, birth: Date) -> Row {
    let usual = ((8, 0), (17, 0));
    let site = "minato";
    Row { site, class, family, given, birth, usual, comes: None, goes: None, parents: &[], allergy: "", initial: false }
}

impl Row {
    const fn usually(mut self, from: Hm, to: Hm) -> Self {
        self.usual = (from, to);
        self
    }
    const fn today(mut self, comes: Hm, goes: Hm) -> Self {
        self.comes = Some(comes);
        self.goes = Some(goes);
        self
    }
    const fn of(mut self, parents: &'static [Parent]) -> Self {
        self.parents = parents;
        self
    }
    const fn allergic(mut self, to: &'static str) -> Self {
        self.allergy = to;
        self
    }
    const fn initial(mut self) -> Self {
        self.initial = true;
        self
    }
    const fn at(mut self, site: &'static str) -> Self {
        self.site = site;
        self
    }
}

const SATO: &[Parent] =
    &[("mother", ("千晶", "ちあき"), "080-0000-2041"), ("father", ("大輔", "だいすけ"), "080-0000-2042")];
const TAKAHASHI: &[Parent] =
    &[("father", ("拓也", "たくや"), "080-0000-7093"), ("mother", ("麻里", "まり"), "080-0000-7094")];
const NGUYEN: &[Parent] =
    &[("mother", ("リン", "リン"), "080-0000-4051"), ("father", ("ミン", "ミン"), "080-0000-4052")];
const SUZUKI: &[Parent] =
    &[("mother", ("由佳", "ゆか"), "080-0000-3101"), ("father", ("亮", "りょう"), "080-0000-3102")];

const USAGI: &[Row] = &[
    row("うさぎ組", ("伊藤", "いとう"), ("結衣", "ゆい"), (2023, 6, 3))
        .usually((8, 10), (17, 0))
        .today((8, 11), (17, 5))
        .of(&[("mother", ("沙耶", "さや"), "080-0000-1011"), ("father", ("悟", "さとる"), "080-0000-1012")]),
    row("うさぎ組", ("遠藤", "えんどう"), ("莉央", "りお"), (2023, 8, 21)).usually((8, 30), (17, 0)).of(&[(
        "mother",
        ("智美", "ともみ"),
        "080-0000-1021",
    )]),
    row("うさぎ組", ("王", "ワン"), ("紬", "つむぎ"), (2023, 4, 17))
        .usually((8, 0), (15, 45))
        .today((8, 9), (15, 40))
        .of(&[("mother", ("静", "ジン"), "080-0000-1031"), ("father", ("偉", "ウェイ"), "080-0000-1032")]),
    row("うさぎ組", ("及川", "おいかわ"), ("悠真", "ゆうま"), (2023, 11, 2))
        .usually((8, 30), (17, 0))
        .of(&[("mother", ("彩", "あや"), "080-0000-5128"), ("father", ("健一", "けんいち"), "080-0000-5129")]),
    row("うさぎ組", ("小原", "おばら"), ("心春", "こはる"), (2024, 1, 30))
        .usually((8, 45), (16, 15))
        .today((10, 4), (16, 15))
        .of(&[("mother", ("恵美", "えみ"), "080-0000-1051"), ("father", ("光", "ひかる"), "080-0000-1052")]),
    row("うさぎ組", ("川邉", "かわべ"), ("朝陽", "あさひ"), (2023, 7, 7))
        .usually((7, 30), (17, 40))
        .today((7, 28), (17, 40))
        .of(&[("mother", ("綾乃", "あやの"), "080-0000-1061")])
        .initial(),
    row("うさぎ組", ("グエン", "グエン"), ("詩", "うた"), (2023, 9, 12))
        .usually((8, 0), (17, 0))
        .today((8, 2), (16, 36))
        .of(NGUYEN),
    row("うさぎ組", ("熊谷", "くまがい"), ("樹", "いつき"), (2023, 12, 5))
        .usually((8, 45), (16, 0))
        .today((9, 52), (16, 5))
        .of(&[("father", ("直人", "なおと"), "080-0000-3377"), ("mother", ("早苗", "さなえ"), "080-0000-3378")])
        .allergic("乳"),
    row("うさぎ組", ("昆野", "こんの"), ("伊織", "いおり"), (2023, 5, 25))
        .usually((7, 55), (18, 0))
        .today((7, 55), (17, 55))
        .of(&[("mother", ("理沙", "りさ"), "080-0000-1091"), ("father", ("剛", "ごう"), "080-0000-1092")])
        .initial(),
    row("うさぎ組", ("佐々木", "ささき"), ("湊", "みなと"), (2024, 2, 14))
        .usually((8, 15), (17, 10))
        .today((8, 15), (17, 10))
        .of(&[("mother", ("加奈", "かな"), "080-0000-1101"), ("father", ("修", "おさむ"), "080-0000-1102")]),
    row("うさぎ組", ("佐藤", "さとう"), ("澪", "みお"), (2023, 10, 9))
        .usually((8, 30), (16, 15))
        .today((8, 47), (16, 12))
        .of(SATO),
    row("うさぎ組", ("菅原", "すがわら"), ("律", "りつ"), (2023, 6, 28))
        .usually((7, 30), (16, 20))
        .today((7, 33), (16, 20))
        .of(&[("mother", ("真由美", "まゆみ"), "080-0000-1121")])
        .allergic("小麦"),
    row("うさぎ組", ("鈴木", "すずき"), ("陽葵", "ひまり"), (2023, 8, 3))
        .usually((8, 0), (17, 30))
        .today((8, 6), (17, 30))
        .of(SUZUKI),
    row("うさぎ組", ("高橋", "たかはし"), ("咲良", "さくら"), (2024, 3, 20))
        .usually((8, 0), (16, 30))
        .today((8, 2), (16, 31))
        .of(TAKAHASHI),
    row("うさぎ組", ("千葉", "ちば"), ("美桜", "みお"), (2023, 4, 30))
        .usually((8, 30), (17, 0))
        .of(&[("mother", ("裕美", "ひろみ"), "080-0000-1151"), ("father", ("圭", "けい"), "080-0000-1152")]),
    row("うさぎ組", ("照井", "てるい"), ("陽翔", "はると"), (2023, 11, 19))
        .usually((8, 30), (16, 50))
        .today((8, 34), (16, 50))
        .of(&[("mother", ("歩", "あゆみ"), "080-0000-1161"), ("father", ("昇", "のぼる"), "080-0000-1162")])
        .allergic("落花生"),
    row("うさぎ組", ("藤原", "ふじわら"), ("空", "そら"), (2023, 7, 23))
        .usually((8, 15), (17, 20))
        .today((8, 51), (17, 20))
        .of(&[("father", ("誠", "まこと"), "080-0000-4816"), ("mother", ("純", "じゅん"), "080-0000-4817")]),
    row("うさぎ組", ("三浦", "みうら"), ("凪", "なぎ"), (2023, 12, 27))
        .usually((8, 30), (17, 45))
        .today((9, 34), (17, 45))
        .of(&[("mother", ("友里", "ゆり"), "080-0000-1181"), ("father", ("豊", "ゆたか"), "080-0000-1183")]),
    row("うさぎ組", ("八重樫", "やえがし"), ("圭佑", "けいすけ"), (2023, 5, 11))
        .usually((8, 30), (17, 15))
        .today((10, 41), (17, 15))
        .of(&[("mother", ("文", "ふみ"), "080-0000-1191")])
        .initial(),
    row("うさぎ組", ("李", "り"), ("琴音", "ことね"), (2024, 1, 8))
        .usually((7, 45), (18, 10))
        .today((7, 41), (18, 10))
        .of(&[("mother", ("愛", "あい"), "080-0000-6640"), ("father", ("俊", "しゅん"), "080-0000-6641")])
        .allergic("卵"),
];

const OTHERS: &[Row] = &[
    row("ひよこ組", ("菊池", "きくち"), ("杏", "あん"), (2025, 9, 23))
        .usually((7, 50), (16, 10))
        .today((7, 52), (16, 10))
        .of(&[("mother", ("恵", "めぐみ"), "080-0000-1182"), ("father", ("周平", "しゅうへい"), "080-0000-1184")]),
    row("ひよこ組", ("佐々木", "ささき"), ("翔", "しょう"), (2025, 5, 2))
        .usually((7, 20), (17, 30))
        .today((7, 22), (17, 0))
        .of(&[("mother", ("愛", "あい"), "080-0000-2210")])
        .initial(),
    row("りす組", ("小野", "おの"), ("絵麻", "えま"), (2024, 10, 1))
        .usually((7, 25), (17, 0))
        .today((7, 25), (16, 55))
        .of(&[("mother", ("京子", "きょうこ"), "080-0000-2301")])
        .initial(),
    row("りす組", ("長沢", "ながさわ"), ("叶太", "かなた"), (2024, 12, 13))
        .usually((7, 35), (17, 30))
        .today((7, 36), (17, 28))
        .of(&[("mother", ("響子", "きょうこ"), "080-0000-2311"), ("father", ("樹生", "みきお"), "080-0000-2312")]),
    row("りす組", ("大沼", "おおぬま"), ("帆花", "ほのか"), (2024, 6, 6))
        .usually((8, 0), (16, 30))
        .today((7, 59), (16, 33))
        .of(&[("mother", ("希", "のぞみ"), "080-0000-2321")])
        .initial(),
    row("きりん組", ("荒井", "あらい"), ("日向", "ひなた"), (2022, 8, 8))
        .usually((7, 30), (17, 0))
        .today((7, 31), (17, 2))
        .of(&[("mother", ("円", "まどか"), "080-0000-2401")]),
    row("きりん組", ("堀内", "ほりうち"), ("碧", "あおい"), (2022, 11, 30))
        .usually((7, 40), (17, 0))
        .of(&[("mother", ("泰子", "やすこ"), "080-0000-2411"), ("father", ("陸斗", "りくと"), "080-0000-2412")])
        .initial(),
    row("くま組", ("奥山", "おくやま"), ("大河", "たいが"), (2021, 7, 1))
        .usually((7, 20), (18, 0))
        .today((7, 19), (18, 5))
        .of(&[("father", ("将", "まさる"), "080-0000-2501")]),
    row("くま組", ("リベイロ", "リベイロ"), ("マリア", "マリア"), (2021, 10, 18))
        .usually((7, 40), (17, 30))
        .today((7, 38), (17, 30))
        .of(&[("mother", ("アナ", "アナ"), "080-0000-2511")])
        .initial(),
    row("ぞう組", ("高橋", "たかはし"), ("陸", "りく"), (2020, 12, 4))
        .usually((8, 0), (16, 30))
        .today((8, 2), (16, 31))
        .of(TAKAHASHI),
    row("ぞう組", ("佐藤", "さとう"), ("蓮", "れん"), (2020, 5, 16))
        .usually((8, 20), (16, 15))
        .today((8, 46), (16, 13))
        .of(SATO),
    row("ぞう組", ("藤原", "ふじわら"), ("柚希", "ゆずき"), (2020, 9, 9))
        .usually((7, 15), (18, 45))
        .today((7, 15), (18, 53))
        .of(&[("mother", ("麻衣", "まい"), "080-0000-8216")])
        .initial(),
    row("ぞう組", ("グエン", "グエン"), ("ハイ", "ハイ"), (2020, 6, 20))
        .usually((8, 0), (17, 0))
        .today((8, 2), (16, 37))
        .of(NGUYEN),
    row("グループA", ("鈴木", "すずき"), ("颯太", "そうた"), (2021, 3, 5))
        .usually((9, 0), (16, 0))
        .today((9, 5), (16, 0))
        .of(SUZUKI)
        .at("hidamari"),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    USAGI.iter().chain(OTHERS)
}

/// Puts the children who are known by name into their classes, in the order of the board.
pub(crate) fn settle(builder: &mut Builder) {
    let mut families: Vec<(&'static str, Word, HouseholdId, Vec<Adult>)> = vec![];
    for row in rows() {
        let first = row.parents.first().map_or("", |parent| parent.2);
        if !families.iter().any(|family| family.0 == first) {
            let adults = row.parents.iter().map(|&(_, given, phone)| builder.known(row.family, given, phone)).collect();
            families.push((first, row.family, builder.household(), adults));
        }
        let Some((_, _, household, adults)) = families.iter().find(|family| family.0 == first) else { continue };
        builder.known_child(row, *household, adults);
    }
}

impl Builder {
    /// A parent with this number; the one person who is also a member of staff is met, not made again.
    fn known(&mut self, family: Word, given: Word, phone: &str) -> Adult {
        let mut adult = self.parent(family, given);
        adult.phones = vec![phone.to_owned()];
        if family.0 == "グエン" {
            adult.language = "vi";
        }
        if let Some(worker) = self.town.workers.iter().find(|w| w.names.legal == adult.names.legal) {
            adult.person = worker.person;
        }
        adult
    }

    fn known_child(&mut self, row: &Row, household: HouseholdId, adults: &[Adult]) {
        let (year, month, day) = row.birth;
        let birth = self.town.year.day(year, month, day);
        let mut kid = self.kid(names::full(row.family, row.given), birth);
        kid.households = vec![household];
        kid.ties = row.parents.iter().zip(adults).map(|(parent, adult)| tie(adult, parent.0)).collect();
        if row.initial {
            kid.face = "initial";
        }
        if !row.allergy.is_empty() {
            kid.allergies = vec![row.allergy];
        }
        if row.allergy == "落花生" {
            kid.carries = vec!["エピペン"];
        }
        if let Some((given, relation)) = grandmother(row.family.0) {
            kid.pickups = vec![self.collects(names::full(row.family, given), relation)];
        }
        if row.family.0 == "王" {
            self.also_at_the_centre(&mut kid, "グループA");
        }
        self.settle(kid, row.site, row.class, span(row.usual.0, row.usual.1), |_| {});
    }
}

/// Grandmothers on the list.
fn grandmother(family: &str) -> Option<(Word, &'static str)> {
    match family {
        "グエン" => Some((("ホア", "ホア"), "grandmother")),
        "及川" => Some((("和子", "かずこ"), "grandmother")),
        _ => None,
    }
}

/// What the children known by name do on a weekday.
pub(crate) fn script() -> impl Iterator<Item = Scripted> {
    rows().map(|row| Scripted {
        family: row.family.1,
        given: row.given.1,
        comes: row.comes.map(|(h, m)| TimeOfDay::hm(h, m)),
        goes: row.goes.filter(|_| row.family.0 != "リベイロ").map(|(h, m)| TimeOfDay::hm(h, m)),
        source: if row.family.0 == "高橋" { PunchSource::Kiosk } else { PunchSource::Staff },
    })
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Say {
    Absent(Reason),
    Late(Hm, &'static str),
    Early(Hm),
    /// The first of those on the list comes.
    Registered(Hm),
    /// The father comes.
    Father(Hm),
}

/// A message from a family on the scripted weekday.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    pub(crate) family: &'static str,
    pub(crate) given: &'static str,
    pub(crate) by: &'static str,
    /// True if it was written the evening before.
    pub(crate) evening_before: bool,
    pub(crate) at: Hm,
    pub(crate) say: Say,
    pub(crate) temperature: Option<f32>,
    pub(crate) channel: Channel,
    /// Who confirmed, when.
    pub(crate) confirmed: (&'static str, Hm),
}

/// The messages of the scripted weekday: half of them are confirmed by 9:34.
pub(crate) fn messages() -> Vec<Message> {
    let base = |family, given, by, at, say, confirmed| Message {
        family,
        given,
        by,
        evening_before: false,
        at,
        say,
        temperature: None,
        channel: Channel::App,
        confirmed,
    };
    use Say::{Absent, Early, Father, Late, Registered};
    vec![
        Message {
            evening_before: true,
            ..base("えんどう", "りお", "mother", (18, 20), Absent(Reason::Family), ("田村", (7, 5)))
        },
        Message {
            evening_before: true,
            ..base("ささき", "しょう", "mother", (20, 45), Early((17, 0)), ("菊池", (7, 6)))
        },
        Message {
            temperature: Some(37.9),
            ..base("ほりうち", "あおい", "mother", (7, 2), Absent(Reason::Fever), ("菊池", (8, 4)))
        },
        base("ふじわら", "そら", "father", (7, 18), Late((8, 50), "hospital"), ("阿部", (8, 5))),
        Message {
            temperature: Some(38.2),
            ..base("ちば", "みお", "mother", (7, 41), Absent(Reason::Fever), ("阿部", (8, 58)))
        },
        base("おばら", "こはる", "father", (7, 52), Late((10, 0), ""), ("阿部", (8, 58))),
        base("グエン", "うた", "mother", (8, 1), Registered((16, 30)), ("阿部", (9, 2))),
        base("やえがし", "けいすけ", "mother", (8, 10), Late((10, 30), "hospital"), ("阿部", (9, 48))),
        Message {
            channel: Channel::Phone,
            ..base("みうら", "なぎ", "mother", (8, 20), Late((9, 30), ""), ("阿部", (8, 20)))
        },
        base("すずき", "そうた", "mother", (8, 31), Father((16, 0)), ("", (8, 40))),
        Message {
            channel: Channel::Phone,
            ..base("おいかわ", "ゆうま", "mother", (9, 43), Absent(Reason::Fever), ("阿部", (9, 43)))
        },
    ]
}

/// The announcement as the kind has it.
pub(crate) fn announced(say: Say, kid: &super::Kid) -> nursery::attendance::Announced {
    use nursery::attendance::Announced;
    let time = |(h, m): Hm| TimeOfDay::hm(h, m);
    match say {
        Say::Absent(reason) => Announced::Absence { reason },
        Say::Late(at, why) => Announced::Late { at: time(at), why: why.to_owned() },
        Say::Early(at) => Announced::Early { at: time(at) },
        Say::Registered(at) => {
            let who = kid.pickups.first();
            let name = who.map(|w| w.names.legal.clone()).unwrap_or_default();
            let relation = who.map(|w| w.relation.to_owned()).unwrap_or_default();
            Announced::Pickup { person: None, pickup: who.map(|w| w.id), relation, name, at: Some(time(at)) }
        }
        Say::Father(at) => {
            let who = kid.tie("father");
            let name = who.map(super::Tie::given).unwrap_or_default();
            let relation = "father".to_owned();
            Announced::Pickup { person: who.map(|w| w.adult.person), pickup: None, relation, name, at: Some(time(at)) }
        }
    }
}

impl Town {
    /// A child of みなと or ひだまり who is known by name.
    pub(crate) fn known(&self, family: &str, given: &str) -> Option<&super::Kid> {
        self.kids.iter().find(|kid| kid.called(family, given))
    }
}
