//! A paragraph → the length of its dateline: `OSLO, March 3 (Reuters) --` of `OSLO, March 3 (Reuters) -- The envoy denied it.`
//!
//! A dateline is a place, perhaps a region or a date, perhaps an agency in brackets, and a dash. The dash may be missing after
//! an agency that is known, or that stands with a date; without an agency the place is in capitals.

use super::time;

/// The most bytes of a dateline.
const LIMIT: usize = 140;

/// The most words of a place.
const WORDS: usize = 6;

/// How the agencies are called that datelines name, in lower case.
#[rustfmt::skip]
const AGENCIES: &[&str] = &[
    "aa", "afp", "anadolu", "ani", "ansa", "ap", "app", "bbc", "bloomberg", "bns", "cnn", "dpa", "dw", "efe", "ians", "ifx",
    "interfax", "irna", "itar-tass", "kuna", "kyodo", "news", "novosti", "online", "pti", "reuters", "rferl", "rfe/rl", "ria",
    "spa", "sputnik", "tass", "thomson", "ukrinform", "upi", "urdupoint", "voa", "wam", "xinhua", "yonhap",
];

/// Organisations that open sentences in capitals, and are no place.
const NO_PLACES: &[&str] = &[
    "ASEAN", "BREXIT", "IAEA", "INTERPOL", "NATO", "OPEC", "OSCE", "UNESCO", "UNHCR", "UNICEF",
];

/// The length in bytes of the dateline with its dash.
pub(super) fn len(line: &str) -> Option<usize> {
    let mut limit = LIMIT.min(line.len());
    while !line.is_char_boundary(limit) {
        limit -= 1;
    }
    let head = &line[..limit];
    let find =
        |mark: u8, from: usize| memchr::memchr(mark, &head.as_bytes()[from..]).map(|at| from + at);
    let bracket = find(b'(', 0).and_then(|open| Some((open, find(b')', open)?)));
    let with_agency = bracket.and_then(|(open, close)| with_agency(head, open, close));
    let end = with_agency.or_else(|| without_agency(head))?;
    // Something must follow, or the line is no paragraph with a dateline.
    line[end..].contains(char::is_alphanumeric).then_some(end)
}

/// `OSLO (AP) —`, `(CNN) --`, `OSLO (Example News - 3rd March, 2021)`, `Oslo, March 3 (Reuters) -`
fn with_agency(head: &str, open: usize, close: usize) -> Option<usize> {
    let (place, agency) = (head[..open].trim(), &head[open + 1..close]);
    let is_known = agency
        .split([' ', '/', ',', '-', '–'])
        .any(|word| is_listed(AGENCIES, word));
    let dash = dash_end(head, close + 1);
    let is_place = if is_capital_place(place) {
        is_known || dash.is_some() && is_short_name(agency)
    } else {
        is_known && (place.is_empty() || dash.is_some() && is_title_case_place(place))
    };
    is_place.then(|| dash.unwrap_or(close + 1))
}

/// `OSLO —`, `KYIV, Ukraine —`, `OSLO, March 3 -`
fn without_agency(head: &str) -> Option<usize> {
    // Most paragraphs end the search here: the place is in capitals.
    if !head.chars().take(2).all(char::is_uppercase) {
        return None;
    }
    let mut starts = head
        .char_indices()
        .filter(|(_, letter)| matches!(letter, ' ' | '—'))
        .map(|(at, _)| at);
    let dash = starts.find(|&at| dash_end(head, at).is_some())?;
    let (place, end) = (&head[..dash], dash_end(head, dash)?);
    let first = place.split([',', ' ']).next()?;
    let opens = head[end..]
        .trim_start()
        .trim_start_matches(['"', '“', '\'', '‘']);
    let is_dateline = is_capital_place(place)
        && place.bytes().filter(u8::is_ascii_uppercase).count() >= 4
        && !NO_PLACES.contains(&first)
        && opens.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit())
        && head[end..].contains(char::is_lowercase);
    is_dateline.then_some(end)
}

/// The end of the dash that stands at `at`, behind white space.
fn dash_end(head: &str, at: usize) -> Option<usize> {
    let rest = head[at..].trim_start();
    let marks = rest.trim_start_matches(['-', '–', '—', '\u{FFFD}']);
    let is_apart = marks.starts_with(char::is_whitespace)
        || rest.starts_with(['—', '–'])
        || rest.starts_with("--");
    (marks.len() < rest.len() && is_apart).then(|| head.len() - marks.len())
}

/// `OSLO`, `NEW YORK`, `WASHINGTON, D.C.`, `KYIV, Ukraine`, `LONDON/PARIS`, `OSLO, March 3`, `MOSCOW. June 18`
fn is_capital_place(place: &str) -> bool {
    let (city, region) = place
        .split_once(", ")
        .or_else(|| place.split_once(". "))
        .unwrap_or((place, ""));
    let is_capitals = |word: &str| {
        word.chars()
            .all(|c| c.is_uppercase() || matches!(c, '.' | '-' | '/' | '\'' | '’'))
            && word.chars().filter(|c| c.is_uppercase()).count() >= 2
    };
    let mut words = city.split(' ').peekable();
    words.peek().is_some_and(|word| !word.is_empty())
        && words.all(is_capitals)
        && city.split(' ').count() <= WORDS
        && is_region(region)
}

/// Nothing, a name, a date, or both.
fn is_region(region: &str) -> bool {
    let mut words = region.split([' ', ',']).filter(|word| !word.is_empty());
    region.is_empty()
        || time::is_time(region)
        || (region.split(' ').count() <= WORDS
            && words.all(|word| word.starts_with(char::is_uppercase) || time::is_time_word(word)))
}

/// `Oslo`, `New York`, `Oslo, March 3`
fn is_title_case_place(place: &str) -> bool {
    is_region(place) && !place.ends_with('.')
}

/// Whether the brackets can hold an agency: one to three words, capitalised, and perhaps a date behind a dash.
fn is_short_name(agency: &str) -> bool {
    let (agency, date) = agency.split_once(" - ").unwrap_or((agency, ""));
    (date.is_empty() || time::is_time(date))
        && (1..=3).contains(&agency.split(' ').count())
        && agency
            .split(' ')
            .all(|word| word.starts_with(char::is_uppercase))
}

fn is_listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_are_recognised() {
        for (dateline, rest) in [
            (
                "MOSCOW (UrduPoint News / Sputnik - 18th June, 2019) -",
                " The envoy denied it.",
            ),
            (
                "MOSCOW (UrduPoint News / Sputnik - 18th June, 2019)",
                " The envoy denied it.",
            ),
            ("NAIROBI, March 3 (Reuters) --", " The envoy denied it."),
            ("WASHINGTON —", " The envoy denied it."),
            ("JERUSALEM (AP) --", " The envoy denied it."),
            ("KYIV, Ukraine (AP) —", " The envoy denied it."),
            ("KYIV, Ukraine —", " The envoy denied it."),
            ("NEW YORK —", " 12 people left."),
            ("WASHINGTON, D.C. -", " The envoy denied it."),
            ("LONDON/PARIS (Reuters) -", " The envoy denied it."),
            ("MOSCOW. June 18 (Interfax) -", " The envoy denied it."),
            ("Oslo, March 3 (Reuters) -", " The envoy denied it."),
            ("(CNN) --", " The envoy denied it."),
            ("(CNN)", "The envoy denied it."),
            ("OSLO (Example Wire) –", " “We deny it,” he said."),
            (
                "OSLO (Example Wire - 4th March, 2021) -",
                " The envoy denied it.",
            ),
            ("MIDWAY ATOLL -", " Seventy people left."),
            ("OSLO—", "The envoy denied it."),
        ] {
            let line = format!("{dateline}{rest}");
            let found = len(&line).map(|len| &line[..len]);
            assert_eq!(found, Some(dateline), "{line}");
        }
    }

    #[test]
    fn sentences_are_no_datelines() {
        for line in [
            "NATO (North Atlantic Treaty Organization) denied it.",
            "NATO — The alliance denied it.",
            "IRAN — the country, not the name — denied it.",
            "US - Russia talks failed.",
            "TRUMP DENIES IT - KREMLIN",
            "Trump (R) denied it.",
            "Moscow — The envoy denied it.",
            "The envoy (AP) — The envoy denied it.",
            "MOSCOW (AP)",
            "OSLO —",
            "He left — The end.",
            "",
            "—",
            "( ) x",
        ] {
            assert_eq!(len(line), None, "{line}");
        }
    }
}
