//! めやす: how many staff a room wants, by the ages of the children in it.

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
