//! A line → whether it is nothing but a date or a time: `Updated 6:05 p.m. EDT`, `18th June, 2019`, `3 hours ago`.

/// Whether `line` is made of words of time alone, and tells a date or a time.
pub(super) fn is_time(line: &str) -> bool {
    let (mut has_digit, mut is_certain) = (false, false);
    for word in
        line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '•' | '·'))
    {
        match weigh(word) {
            Weight::None => return false,
            Weight::Filler => {}
            Weight::Digits => has_digit = true,
            Weight::Certain => is_certain = true,
            Weight::Alone => (has_digit, is_certain) = (true, true),
        }
    }
    has_digit && is_certain
}

/// Whether a word is one of a date or a time.
pub(super) fn is_time_word(word: &str) -> bool {
    weigh(word) != Weight::None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// No word of time.
    None,
    /// Can stand beside a time: `updated`.
    Filler,
    /// A number.
    Digits,
    /// Makes numbers a time: `June`, `p.m.`
    Certain,
    /// A time by itself: `04:44`, `2019-06-18`.
    Alone,
}

fn weigh(word: &str) -> Weight {
    let word = word.trim_end_matches([':', '.']);
    if word.len() > 12 {
        return Weight::None;
    }
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return weigh_number(word);
    }
    match word.to_ascii_lowercase().as_str() {
        "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august"
        | "september" | "october" | "november" | "december" | "jan" | "feb" | "mar" | "apr"
        | "jun" | "jul" | "aug" | "sep" | "sept" | "oct" | "nov" | "dec" | "monday" | "tuesday"
        | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "mon" | "tue" | "tues"
        | "wed" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun" | "a.m" | "p.m" | "am"
        | "pm" | "ago" => Weight::Certain,
        "" | "-" | "–" | "—" | "/" | "at" | "on" | "an" | "updated" | "published" | "posted"
        | "last" | "modified" | "date" | "time" | "hour" | "hours" | "minute" | "minutes"
        | "min" | "mins" | "day" | "days" | "week" | "weeks" | "gmt" | "utc" | "est" | "edt"
        | "et" | "pst" | "pdt" | "pt" | "cet" | "cest" | "bst" | "ist" | "pkt" | "msk"
        | "local" => Weight::Filler,
        _ => Weight::None,
    }
}

/// `18`, `18th`, `5pm`, `04:44`, `2019-06-18`, `18/06/2019`
fn weigh_number(word: &str) -> Weight {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let marks = word
        .bytes()
        .filter(|byte| matches!(byte, b':' | b'-' | b'/' | b'.'))
        .count();
    let letters =
        word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-' | '/' | '.'));
    match letters.to_ascii_lowercase().as_str() {
        "" | "st" | "nd" | "rd" | "th" if marks == 0 && digits <= 4 => Weight::Digits,
        "" if word.contains(':') && digits <= 6 => Weight::Alone,
        "" if marks == 2 && (4..=8).contains(&digits) => Weight::Alone,
        "am" | "pm" | "a.m" | "p.m" if digits <= 4 => Weight::Alone,
        "z" | "gmt" if word.contains(':') => Weight::Alone,
        _ => Weight::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_recognised() {
        for line in [
            "7 p.m.",
            "6:05 p.m.",
            "18th June, 2019",
            "Tue 18th June 2019 | 04:44 PM",
            "Updated at 5:30 p.m. EDT",
            "Published: March 3, 2021 10:00 GMT",
            "2019-06-18",
            "18/06/2019",
            "3 hours ago",
            "5pm",
            "Monday, May 3",
        ] {
            assert!(is_time(line), "{line}");
        }
    }

    #[test]
    fn other_lines_are_not_times() {
        for line in [
            "1984",
            "May",
            "March on Monday",
            "June denied it",
            "5",
            "At 5 p.m. he left.",
            "3.5",
            "10-4",
            "",
            "Sun",
        ] {
            assert!(!is_time(line), "{line}");
        }
    }
}
