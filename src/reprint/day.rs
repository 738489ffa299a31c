//! The date of an article as it is written → a day.

/// The number of a day, 0 for 1 January 1970: `2019-06-18`, `20190618`, `2019/06/18 04:44`, `18 June 2019`, `June 18, 2019`,
/// `Tue, 18 Jun 2019 04:44:00 GMT`. `None` for what tells no day, and for days in numbers alone that do not begin with the year.
pub(crate) fn day(date: &str) -> Option<i32> {
    let (year, month, day) = of_numbers(date).or_else(|| of_words(date))?;
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| number(year, month, day))
}

/// A day by its number, as `2019-06-18`.
pub(crate) fn written(number: i32) -> String {
    // Years begin in March here, so that the day which leap years have more is the last one.
    let days = i64::from(number) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + 400 * era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn number(year: i32, month: i32, day: i32) -> i32 {
    let year = year - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day in this order.
fn of_numbers(date: &str) -> Option<(i32, i32, i32)> {
    let date = date.trim();
    let digits = date.bytes().take_while(u8::is_ascii_digit).count();
    let part = |range: std::ops::Range<usize>| date.get(range)?.parse().ok();
    match digits {
        8.. => Some((part(0..4)?, part(4..6)?, part(6..8)?)),
        4 => {
            let mut parts = date[5.min(date.len())..].splitn(3, ['-', '/', '.']);
            let month = parts.next()?.parse().ok()?;
            let rest = parts.next()?;
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            Some((part(0..4)?, month, rest[..end].parse().ok()?))
        }
        _ => None,
    }
}

/// A day, the name of a month and a year, in any order.
fn of_words(date: &str) -> Option<(i32, i32, i32)> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (mut year, mut month, mut day) = (None, None, None);
    for word in date.split(|c: char| !c.is_alphanumeric()) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        match (digits, word[..digits].parse::<i32>()) {
            (4, Ok(number)) => year = year.or(Some(number)),
            (1 | 2, Ok(number)) => day = day.or(Some(number)),
            (0, _) => {
                let names = |name: &&str| {
                    word.get(..3)
                        .is_some_and(|begin| begin.eq_ignore_ascii_case(name))
                };
                month = month.or_else(|| {
                    (1..)
                        .zip(MONTHS)
                        .find(|(_, name)| names(name))
                        .map(|(n, _)| n)
                });
            }
            _ => {}
        }
    }
    Some((year?, month?, day?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (date, read) in [
            ("1970-01-01", Some("1970-01-01")),
            ("2019-06-18", Some("2019-06-18")),
            ("2019-06-18T04:44:00Z", Some("2019-06-18")),
            ("2020/02/29 04:44", Some("2020-02-29")),
            ("20190618", Some("2019-06-18")),
            ("18 June 2019", Some("2019-06-18")),
            ("18th June, 2019", Some("2019-06-18")),
            ("June 18, 2019", Some("2019-06-18")),
            ("Tue, 18 Jun 2019 04:44:00 GMT", Some("2019-06-18")),
            ("1899-12-31", Some("1899-12-31")),
            ("06/18/2019", None),
            ("2019-13-01", None),
            ("2019", None),
            ("2019-", None),
            ("Tuesday", None),
            ("né 5", None),
            ("", None),
        ] {
            assert_eq!(day(date).map(written).as_deref(), read, "{date}");
        }
    }

    #[test]
    fn days_are_counted_one_by_one() {
        for number in -200_000..200_000 {
            assert_eq!(day(&written(number)), Some(number));
        }
    }
}
