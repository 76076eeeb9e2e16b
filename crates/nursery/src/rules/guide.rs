//! めやす: how many staff a room wants, by the ages of the children in it.

use records::Day;

/// Age on 1 April of the school year of `on`, in years. Who is born on 1 April completes a year of life on 31 March and
/// belongs to the year above (年齢計算ニ関スル法律).
#[must_use]
pub fn class_age(birth: Day, on: Day) -> u8 {
    let school_year = if on.0.month() < 4 { on.0.year() - 1 } else { on.0.year() };
    let still_to_come = i16::from((birth.0.month(), birth.0.day()) > (4, 1));
    u8::try_from(school_year - birth.0.year() - still_to_come).unwrap_or(0)
}

/// Children per member of staff at an age (years on 1 April). Source: 児童福祉施設の設備及び運営に関する基準 第33条
/// (as amended 2024: 3 y 15:1, 4–5 y 25:1).
fn children_per_staff(age: u8) -> u32 {
    match age {
        0 => 3,
        1 | 2 => 6,
        3 => 15,
        _ => 25,
    }
}

/// Staff for children of these ages in one room, rounded up. A guide: the law counts facility and hour, not rooms.
#[must_use]
pub fn staff_guide(ages: impl Iterator<Item = u8>) -> u16 {
    // in 150ths, which every ratio divides
    let parts: u32 = ages.map(|age| 150 / children_per_staff(age)).sum();
    u16::try_from(parts.div_ceil(150)).unwrap_or(u16::MAX)
}
