//! The word before a full stop, or after it → what it says about the end of a sentence.
//!
//! `Gen` is a title, `Inc` an abbreviation that may end a sentence, `U.S` an acronym; `The` opens sentences, `Lavrov` does not.

/// What a word with a full stop behind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No abbreviation.
    Ordinary,
    /// Stands before a name: `Gen.`
    Title,
    /// Can end a sentence, and mostly does not: `Inc.`
    Abbreviation,
    /// Abbreviates before a number only: `No.`
    Numbered,
    /// Never ends a sentence: `vs.`
    Never,
    /// One letter.
    Initial,
    /// Letters with full stops between them.
    Acronym,
    /// `a.m` or `p.m`.
    HalfDay,
    /// Digits.
    Number,
}

impl Kind {
    /// The kind of a word, without the full stop behind it.
    pub(super) fn of(word: &str) -> Self {
        if word.len() > LONGEST {
            return Self::Ordinary;
        }
        if let Some((_, last)) = word.rsplit_once('.') {
            return Self::of_dotted(word, last);
        }
        let mut chars = word.chars();
        match (chars.next(), chars.next()) {
            (Some(letter), None) if letter.is_alphabetic() => Self::Initial,
            _ if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) => Self::Number,
            _ => Self::listed(word),
        }
    }

    fn of_dotted(word: &str, last: &str) -> Self {
        match word {
            "a.m" | "p.m" | "A.M" | "P.M" => Self::HalfDay,
            "e.g" | "i.e" => Self::Never,
            _ if word
                .split('.')
                .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(is_letter)) =>
            {
                Self::Acronym
            }
            _ if word
                .bytes()
                .all(|byte| byte == b'.' || byte.is_ascii_digit()) =>
            {
                Self::Number
            }
            _ => Self::listed(last),
        }
    }

    fn listed(word: &str) -> Self {
        if word.len() > LONGEST_ABBREVIATION {
            return Self::Ordinary; // as most are
        }
        let capitalised = word.starts_with(|letter: char| letter.is_ascii_uppercase());
        let Some(key) = Key::new(word) else {
            return Self::Ordinary;
        };
        match ABBREVIATIONS.binary_search_by_key(&key.as_str(), |&(known, ..)| known) {
            Ok(at) if capitalised || !ABBREVIATIONS[at].2 => ABBREVIATIONS[at].1,
            _ => Self::Ordinary,
        }
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic()
}

/// Whether a capitalised word is one that opens sentences, rather than a name.
pub(super) fn is_starter(word: &str) -> bool {
    is_listed(STARTERS, word)
}

/// Whether a word can tell who speaks: `"Why?" Lavrov asked.`
pub(super) fn is_speech_verb(word: &str) -> bool {
    is_listed(SPEECH, word)
}

/// Whether a word dates a time of day: `5 p.m. Monday`.
pub(super) fn dates_a_time(word: &str) -> bool {
    is_listed(DATING, word)
}

/// Whether a line that ends with this word goes on in the next.
pub(super) fn goes_on(word: &str) -> bool {
    matches!(word, "a" | "an" | "and" | "of" | "the")
}

/// Whether the stop belongs to a name: `Yahoo!`
pub(super) fn is_name_with_mark(word: &str) -> bool {
    matches!(word, "Yahoo" | "Jeopardy" | "Jeb")
}

/// Whether a word is a small Roman number, as lists have them.
pub(super) fn is_roman(word: &str) -> bool {
    matches!(word.len(), 2..=4)
        && word
            .bytes()
            .all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x'))
}

fn is_listed(list: &[&str], word: &str) -> bool {
    Key::new(word).is_some_and(|key| list.binary_search(&key.as_str()).is_ok())
}

/// The length in bytes past which no word is looked up.
pub(super) const LONGEST: usize = 12;

/// A short ASCII word in lower case, without allocation.
struct Key {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Key {
    fn new(word: &str) -> Option<Self> {
        if word.len() > LONGEST || !word.is_ascii() {
            return None;
        }
        let mut bytes = [0; LONGEST];
        for (to, from) in bytes.iter_mut().zip(word.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Some(Self {
            bytes,
            len: word.len(),
        })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

/// The length in bytes of the longest abbreviation.
const LONGEST_ABBREVIATION: usize = 6;

/// Abbreviations in lower case, sorted; those that are words too must be capitalised (`Miss.`, `Ill.`, `Mar.`).
#[rustfmt::skip]
const ABBREVIATIONS: &[(&str, Kind, bool)] = {
    use Kind::{Abbreviation as A, Never, Numbered as N, Title as T};
    &[
        ("adm", T, false), ("al", A, false), ("ala", A, true), ("amb", T, false), ("approx", Never, false), ("apr", A, true),
        ("ariz", A, false), ("ark", A, true), ("art", N, false), ("assn", A, false), ("asst", T, false), ("atty", T, false),
        ("aug", A, true), ("ave", A, false), ("blvd", A, false), ("brig", T, false), ("bros", A, false), ("ca", Never, false),
        ("calif", A, false), ("capt", T, false), ("cf", Never, false), ("ch", N, false), ("cmdr", T, false), ("co", A, false),
        ("col", T, false), ("colo", A, false), ("conn", A, false), ("corp", A, false), ("cos", A, true), ("cpl", T, false),
        ("dec", A, true), ("del", A, true), ("dept", A, false), ("det", T, true), ("dr", T, false), ("esq", A, false),
        ("est", Never, false), ("feb", A, true), ("fig", N, false), ("fla", A, false), ("fr", T, true), ("fri", A, true),
        ("ft", T, true), ("ga", A, true), ("gen", T, false), ("gov", T, false), ("hon", T, true), ("hwy", A, false),
        ("ill", A, true), ("inc", A, false), ("ind", A, true), ("insp", T, false), ("intl", A, false), ("jan", A, true),
        ("jr", A, false), ("jul", A, true), ("jun", A, true), ("kan", A, true), ("ky", A, true), ("la", A, true),
        ("lt", T, false), ("ltd", A, false), ("maj", T, false), ("mar", A, true), ("mass", A, true), ("md", A, true),
        ("messrs", T, false), ("mich", A, true), ("minn", A, true), ("miss", A, true), ("mlle", T, false), ("mme", T, false),
        ("mo", A, true), ("mon", A, true), ("mont", A, true), ("mr", T, false), ("mrs", T, false), ("ms", T, false),
        ("msgr", T, false), ("mt", T, true), ("natl", A, false), ("neb", A, true), ("nev", A, true), ("no", N, false),
        ("nos", N, false), ("nov", A, true), ("oct", A, true), ("okla", A, true), ("op", N, false), ("ore", A, true),
        ("pa", A, true), ("para", N, false), ("penn", A, true), ("pp", N, false), ("pres", T, true), ("prof", T, false),
        ("pvt", T, false), ("rep", T, true), ("reps", T, true), ("rev", T, true), ("rt", T, true), ("sec", A, true),
        ("sen", T, false), ("sens", T, false), ("sep", A, true), ("sept", A, false), ("sgt", T, false), ("spc", T, false),
        ("sr", A, false), ("st", A, false), ("ste", A, true), ("supt", T, false), ("tenn", A, true), ("tex", A, true),
        ("thu", A, true), ("thurs", A, true), ("tue", A, true), ("tues", A, true), ("univ", A, false), ("va", A, true),
        ("vol", N, false), ("vs", Never, false), ("vt", A, true), ("wash", A, true), ("wed", A, true), ("wis", A, true),
        ("wyo", A, true),
    ]
};
/// Words that open a sentence more often than they are a name, in lower case, sorted.
#[rustfmt::skip]
const STARTERS: &[&str] = &[
    "a", "about", "according", "after", "again", "all", "also", "although", "among", "an", "and", "another", "any",
    "are", "as", "at", "back", "because", "before", "both", "but", "by", "can", "could", "despite", "did", "do", "does",
    "during", "each", "earlier", "either", "even", "every", "few", "finally", "first", "for", "former", "from", "had",
    "has", "have", "he", "her", "here", "hers", "his", "how", "however", "i", "if", "in", "instead", "is", "it", "its",
    "just", "last", "later", "let", "many", "meanwhile", "more", "moreover", "most", "much", "my", "neither", "never",
    "no", "nobody", "nor", "not", "nothing", "now", "of", "on", "once", "one", "only", "or", "other", "others", "our",
    "over", "please", "several", "she", "since", "so", "some", "still", "such", "that", "the", "their", "then", "there",
    "these", "they", "this", "those", "though", "thus", "to", "today", "under", "until", "was", "we", "were", "what",
    "when", "where", "which", "while", "who", "why", "with", "you",
];

/// Verbs that tell who speaks, sorted.
#[rustfmt::skip]
const SPEECH: &[&str] = &[
    "added", "adds", "answered", "asked", "asks", "continued", "cried", "declared", "exclaimed", "explained",
    "insisted", "joked", "quipped", "recalled", "replied", "responded", "said", "says", "screamed", "shouted", "told",
    "tweeted", "wondered", "writes", "wrote", "yelled", "yells",
];

/// What follows a time of day, in lower case, sorted.
#[rustfmt::skip]
const DATING: &[&str] = &[
    "akst", "apr", "april", "aug", "august", "bst", "cdt", "central", "cest", "cet", "cst", "ct", "dec", "december",
    "eastern", "edt", "eest", "eet", "est", "et", "feb", "february", "fri", "friday", "gmt", "ist", "jan", "january",
    "jst", "july", "june", "local", "mar", "march", "may", "mdt", "mon", "monday", "moscow", "mountain", "msk", "mst",
    "mt", "nov", "november", "oct", "october", "pacific", "pdt", "pst", "pt", "saturday", "sept", "september", "sunday",
    "thursday", "tomorrow", "tuesday", "utc", "wed", "wednesday", "zulu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted_by(|a, b| a.0 < b.0));
        for list in [STARTERS, SPEECH, DATING] {
            let wrong = list.windows(2).find(|pair| pair[0] >= pair[1]);
            assert_eq!(wrong, None);
        }
        let longest = ABBREVIATIONS.iter().map(|entry| entry.0.len()).max();
        assert_eq!(longest, Some(LONGEST_ABBREVIATION));
    }

    #[test]
    fn words_have_a_kind() {
        for (word, kind) in [
            ("Gen", Kind::Title),
            ("MR", Kind::Title),
            ("mr", Kind::Title),
            ("Inc", Kind::Abbreviation),
            ("Ill", Kind::Abbreviation),
            ("ill", Kind::Ordinary),
            ("No", Kind::Numbered),
            ("vs", Kind::Never),
            ("i.e", Kind::Never),
            ("J", Kind::Initial),
            ("U.S", Kind::Acronym),
            ("Ph.D", Kind::Acronym),
            ("p.m", Kind::HalfDay),
            ("2019", Kind::Number),
            ("1.2", Kind::Number),
            ("example.org", Kind::Ordinary),
            ("caf\u{FFFD}", Kind::Ordinary),
            ("", Kind::Ordinary),
            ("negotiations", Kind::Ordinary),
        ] {
            assert_eq!(Kind::of(word), kind, "{word}");
        }
    }

    #[test]
    fn case_does_not_matter_to_starters() {
        assert!(is_starter("The") && is_starter("THE") && is_starter("He"));
        assert!(!is_starter("Lavrov") && !is_starter("") && !is_starter("Þe"));
    }
}
