//! The date of an article, as a number of days.

/// A day: how many have passed since the first of January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// The day that a text begins with, written `2021-03-04`, `2021/03/04` or `20210304`; what follows, such as the time of day, is not
    /// read. `None` for anything else, and for a day that no calendar has.
    ///
    /// ```
    /// use rejoinder::link::Date;
    ///
    /// let [from, to] = ["2024-02-28T23:59:00Z", "20240301"].map(|text| Date::parse(text).unwrap());
    /// assert_eq!(to.days_since(from), 2);
    /// assert_eq!(Date::parse("2023-02-29"), None);
    /// assert_eq!(Date::parse("4 March 2021"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start().as_bytes();
        let number = |from: usize, to: usize| {
            text.get(from..to)?.iter().try_fold(0_i64, |number, byte| {
                byte.is_ascii_digit()
                    .then(|| 10 * number + i64::from(byte - b'0'))
            })
        };
        let year = number(0, 4)?;
        let mark = *text.get(4)?;
        let (month, day, end) = match mark {
            b'-' | b'/' if text.get(7) == Some(&mark) => (number(5, 7)?, number(8, 10)?, 10),
            _ => (number(4, 6)?, number(6, 8)?, 8),
        };
        let goes_on = text.get(end).is_some_and(u8::is_ascii_digit);
        let is_day =
            !goes_on && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        is_day.then(|| Self(days_before(year, month) + day - 1))
    }

    /// How many days lie between an earlier day and this one; below 0 when the other is the later one.
    pub fn days_since(self, other: Self) -> i64 {
        self.0 - other.0
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from the first of January 1970 to the first of a month; the year is not negative.
fn days_before(year: i64, month: i64) -> i64 {
    const TO_1970: i64 = 719_528; // from the first of January of the year 0
    let leap_years = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let months: i64 = (1..month).map(|month| days_of(year, month)).sum();
    365 * year + leap_years + months - TO_1970
}

#[cfg(test)]
impl Date {
    /// The day so many days later.
    pub(super) fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }
}

#[cfg(test)]
impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mut year, mut month) = (1970, 1);
        while days_before(year + 1, 1) <= self.0 {
            year += 1;
        }
        while month < 12 && days_before(year, month + 1) <= self.0 {
            month += 1;
        }
        let day = self.0 - days_before(year, month) + 1;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2026-11-26", 20_783),
            ("0000-01-01", -719_528),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(Date::parse(text), Some(Date(days)), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "2021",
            "2021-3-4",
            "2021-13-01",
            "2021-00-10",
            "1900-02-29",
            "2021-04-31",
            "2021-04-00",
            "2021/04-02",
            "202104021",
            "04.03.2021",
            "२०२१-०३-०४",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            let _ = Date::parse(&text);
        }

        #[test]
        fn the_next_day_is_one_more(year in 1_i64..4000, month in 1_i64..=12, day in 1_i64..=31) {
            prop_assume!(day <= days_of(year, month));
            let (next_year, next_month, next_day) = match (month, day == days_of(year, month)) {
                (_, false) => (year, month, day + 1),
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
            };
            let date = |y: i64, m: i64, d: i64| Date::parse(&format!("{y:04}-{m:02}-{d:02}")).unwrap();
            prop_assert_eq!(date(next_year, next_month, next_day).days_since(date(year, month, day)), 1);
        }
    }
}
