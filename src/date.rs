//! The date of an article as it is written → a day.

use std::fmt;

/// A day: how many have passed since the first of January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// The names of the months; three letters are enough.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Date {
    /// The day that a text tells: in numbers from the year on at its beginning (`2021-03-04`, `2021/03/04`, `20210304`, whatever
    /// follows), or with the name of the month beside the day (`4 March 2021`, `March 4th, 2021 Thursday`,
    /// `Thu, 04 Mar 2021 05:06:07 GMT`). `None` for anything else, such as `03/04/2021`, which could be two days, and for a day that no
    /// calendar has.
    ///
    /// ```
    /// use rejoinder::link::Date;
    ///
    /// let [from, to] = ["2024-02-28T23:59:00Z", "March 1, 2024"].map(|text| Date::parse(text).unwrap());
    /// assert_eq!((to.to_string().as_str(), to.days_since(from)), ("2024-03-01", 2));
    /// assert_eq!(Date::parse("2023-02-29"), None);
    /// assert_eq!(Date::parse("03/04/2021"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start();
        let (year, month, day) = of_numbers(text).or_else(|| of_words(text))?;
        let is_day = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        is_day.then(|| Self((days_before(year, month) + day - 1) as i32))
    }

    /// How many days lie between an earlier day and this one; below 0 when the other is the later one.
    pub fn days_since(self, other: Self) -> i64 {
        i64::from(self.0) - i64::from(other.0)
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + days as i32)
    }

    /// The first day of a month, which is counted from 1; `None` for a year outside 0 to 9999 and for no month.
    pub fn first_of(year: i64, month: i64) -> Option<Self> {
        let is_month = (0..=9999).contains(&year) && (1..=12).contains(&month);
        is_month.then(|| Self(days_before(year, month) as i32))
    }

    /// Year, month and day, the latter two counted from 1.
    pub fn calendar(self) -> (i64, i64, i64) {
        let days = i64::from(self.0);
        // No year has more than 366 days: this is the year, or an earlier one.
        let mut year = (days + TO_1970).div_euclid(366);
        while days_before(year + 1, 1) <= days {
            year += 1;
        }
        let has_begun = |month: &i64| days_before(year, *month) <= days;
        let month = (2..=12).take_while(has_begun).last().unwrap_or(1);
        (year, month, days - days_before(year, month) + 1)
    }

    /// Days since the Monday before, 0 for a Monday.
    pub fn weekday(self) -> i64 {
        (i64::from(self.0) + 3).rem_euclid(7) // 1 January 1970 was a Thursday
    }
}

/// Written as `2021-03-04`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.calendar();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A date as it is handed on: as it stands where it begins as `2021-03-04`, else in this form where it tells a day, else as it
/// stands.
pub(crate) fn written(date: String) -> String {
    let Some(day) = Date::parse(&date) else {
        return date;
    };
    let day = day.to_string();
    if date.starts_with(&day) { date } else { day }
}

/// Year, month and day in this order, at the beginning of a text.
fn of_numbers(text: &str) -> Option<(i64, i64, i64)> {
    let text = text.as_bytes();
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
    (!goes_on).then_some((year, month, day))
}

/// The name of a month with a day on one side of it, and a year.
fn of_words(text: &str) -> Option<(i64, i64, i64)> {
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '/' | '(' | ')');
    let words: Vec<&str> = text.split(parts).filter(|word| !word.is_empty()).collect();
    let (at, month) = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| Some((at, month_of(word)?)))?;
    let before = at.checked_sub(1).and_then(|at| day_of(words[at]));
    let after = words.get(at + 1).and_then(|word| day_of(word));
    let ((Some(day), None) | (None, Some(day))) = (before, after) else {
        return None;
    };
    let year = words.iter().find(|word| word.len() == 4 && is_number(word));
    Some((year?.parse().ok()?, month, day))
}

/// The number of a month by its name, or by three letters of it or more.
fn month_of(word: &str) -> Option<i64> {
    let word = word.to_ascii_lowercase();
    let known = |month: &&str| word.len() >= 3 && month.starts_with(&word);
    (1..)
        .zip(&MONTHS)
        .find(|(_, month)| known(month))
        .map(|(number, _)| number)
}

/// `4`, `04` and `4th` are days.
fn day_of(word: &str) -> Option<i64> {
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    (number.len() <= 2 && is_number(number)).then(|| number.parse().ok())?
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
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

/// Days from the first of January of the year 0 to that of 1970.
const TO_1970: i64 = 719_528;

/// Days from the first of January 1970 to the first of a month; the year is not negative.
fn days_before(year: i64, month: i64) -> i64 {
    let leap_years = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let months: i64 = (1..month).map(|month| days_of(year, month)).sum();
    365 * year + leap_years + months - TO_1970
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
            assert_eq!(Date(days).to_string(), text);
        }
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for text in [
            "2019-06-18",
            "2019-06-18T04:44:00Z",
            "2019-06-18T04:44:00.123+02:00",
            "2019/06/18 04:44",
            "20190618",
            "20190618T044400Z",
            "18 June 2019",
            "18th June, 2019",
            "18-Jun-2019",
            "June 18, 2019",
            "June 18, 2019 Tuesday 10:15 PM GMT",
            "Tuesday, June 18, 2019 at 10 am",
            "10:15 June 18th, 2019",
            "(JUNE 18, 2019)",
            "Tue, 18 Jun 2019 04:44:00 GMT",
        ] {
            let read = Date::parse(text).map(|date| date.to_string());
            assert_eq!(read.as_deref(), Some("2019-06-18"), "{text}");
        }
        let named = Date::parse("Sept. 5, 1899").map(|date| date.to_string());
        assert_eq!(named.as_deref(), Some("1899-09-05"));
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
            "06/18/2019",
            "२०२१-०३-०४",
            "June 2019",
            "17 June 18 2019",
            "31 June 2019",
            "18 June",
            "Tuesday",
            "18 Ju 2019",
            "18 Junes 2019",
            "né 5",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn date_is_handed_on_as_it_stands_or_in_one_form() {
        for (date, on) in [
            ("2021-03-04", "2021-03-04"),
            ("2021-03-04T05:06:07Z", "2021-03-04T05:06:07Z"),
            ("20210304", "2021-03-04"),
            ("March 4, 2021", "2021-03-04"),
            ("spring 2021", "spring 2021"),
            ("04/03/2021", "04/03/2021"),
        ] {
            assert_eq!(written(date.to_owned()), on);
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        let weekday = |text| Date::parse(text).map(Date::weekday);
        assert_eq!(weekday("1969-12-29"), Some(0));
        assert_eq!(weekday("2026-11-27"), Some(4));
        assert_eq!(weekday("0000-01-02"), Some(6));
    }

    #[test]
    fn months_begin_on_their_first_day() {
        assert_eq!(Date::first_of(2024, 3), Date::parse("2024-03-01"));
        assert_eq!(
            [Date::first_of(2024, 13), Date::first_of(10_000, 1)],
            [None, None]
        );
    }

    proptest! {
        #[test]
        fn days_are_written_as_they_are_read(days in -719_528..2_932_897_i32) {
            let date = Date(days);
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        }

        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            let _ = Date::parse(&text);
        }

        #[test]
        fn what_is_written_is_read_back(days in -719_528_i32..2_932_896) {
            prop_assert_eq!(Date::parse(&Date(days).to_string()), Some(Date(days)));
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
