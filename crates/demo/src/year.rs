//! The school year in which the city is shown, and its closed days.

use nursery::clock;
use records::{Day, DeviceTime, TimeOfDay};

/// The year for which every date of this crate was written: 1 April 2026 to 31 March 2027.
const WRITTEN_FOR: i16 = 2026;

/// A school year. Dates are written for 2026 and moved to the year shown, so that the city has children of the right
/// age whenever it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Year {
    shift: i16,
}

impl Year {
    pub(crate) fn of(day: Day) -> Self {
        let date = day.0;
        let year = if date.month() >= 4 { date.year() } else { date.year() - 1 };
        Self { shift: year - WRITTEN_FOR }
    }

    /// The calendar year in which it begins.
    pub(crate) fn begins(self) -> i16 {
        WRITTEN_FOR + self.shift
    }

    /// A date written for 2026, in this year.
    pub(crate) fn day(self, year: i16, month: i8, day: i8) -> Day {
        let year = year + self.shift;
        Day::new(year, month, day).or_else(|| Day::new(year, month, 28)).unwrap_or(Day::from_number(0))
    }

    /// Nine in the morning of a date written for 2026: when the office entered something.
    pub(crate) fn office(self, year: i16, month: i8, day: i8) -> DeviceTime {
        clock::moment(self.day(year, month, day), TimeOfDay::hm(9, 0))
    }

    /// Age on 1 April of this year. Who is born on 1 April completes a year of life on 31 March (年齢計算ニ関スル法律)
    /// and so belongs to the class above.
    pub(crate) fn class_age(self, birth: Day) -> u8 {
        let date = birth.0;
        let born = if (date.month(), date.day()) <= (4, 1) { date.year() - 1 } else { date.year() };
        u8::try_from((self.begins() - 1 - born).max(0)).unwrap_or(0)
    }

    /// Closed days besides Sundays, with their names. Movable holidays are listed for 2026 only.
    pub(crate) fn closed(self) -> Vec<(Day, &'static str)> {
        let movable = if self.shift == 0 { MOVABLE } else { &[] };
        let mut days: Vec<_> = FIXED.iter().chain(movable).map(|&(y, m, d, name)| (self.day(y, m, d), name)).collect();
        days.sort_unstable();
        days
    }

    /// True unless it is a Sunday or a closed day.
    pub(crate) fn is_open(self, day: Day) -> bool {
        day.weekday() != 7 && !self.closed().iter().any(|(closed, _)| *closed == day)
    }
}

/// Closed on the same date every year.
const FIXED: &[(i16, i8, i8, &str)] = &[
    (2026, 4, 29, "昭和の日"),
    (2026, 5, 3, "憲法記念日"),
    (2026, 5, 4, "みどりの日"),
    (2026, 5, 5, "こどもの日"),
    (2026, 8, 11, "山の日"),
    (2026, 11, 3, "文化の日"),
    (2026, 11, 23, "勤労感謝の日"),
    (2026, 12, 29, "年末の休み"),
    (2026, 12, 30, "年末の休み"),
    (2026, 12, 31, "年末の休み"),
    (2027, 1, 1, "元日"),
    (2027, 1, 2, "年始の休み"),
    (2027, 1, 3, "年始の休み"),
    (2027, 2, 11, "建国記念の日"),
    (2027, 2, 23, "天皇誕生日"),
];

/// Holidays that move, and substitutes, of the school year 2026.
const MOVABLE: &[(i16, i8, i8, &str)] = &[
    (2026, 5, 6, "振替休日"),
    (2026, 7, 20, "海の日"),
    (2026, 9, 21, "敬老の日"),
    (2026, 9, 22, "国民の休日"),
    (2026, 9, 23, "秋分の日"),
    (2026, 10, 12, "スポーツの日"),
    (2027, 1, 11, "成人の日"),
    (2027, 3, 21, "春分の日"),
    (2027, 3, 22, "振替休日"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn who_is_born_on_1_april_belongs_to_the_class_above() {
        let year = Year::of(day("2026-11-24"));
        assert_eq!(year.class_age(day("2025-04-02")), 0);
        assert_eq!(year.class_age(day("2025-04-01")), 1);
        assert_eq!(year.class_age(day("2020-04-02")), 5);
    }

    #[test]
    fn the_nurseries_are_closed_on_holidays_sundays_and_at_the_year_s_end() {
        let year = Year::of(day("2026-11-24"));
        for closed in ["2026-11-22", "2026-11-23", "2026-12-29", "2027-01-03", "2027-01-11"] {
            assert!(!year.is_open(day(closed)), "{closed}");
        }
        for open in ["2026-11-21", "2026-11-24", "2026-12-28", "2027-01-04"] {
            assert!(year.is_open(day(open)), "{open}");
        }
    }

    #[test]
    fn march_belongs_to_the_year_before() {
        assert_eq!(Year::of(day("2027-03-31")), Year::of(day("2026-04-01")));
        assert_eq!(Year::of(day("2027-04-01")).day(2026, 11, 24), day("2027-11-24"));
    }
}
