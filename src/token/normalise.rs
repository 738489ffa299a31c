//! One spelling for each word: lower case, plain apostrophes, no possessive, no acronym dots.

/// How a word is written, as far as it tells names from other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `talks`
    Lower,
    /// `Talks`
    Capitalised,
    /// `TALKS`, `U.S.`
    Upper,
    /// `3,500`, `2019`
    Number,
}

/// A word in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Normalised {
    pub(crate) form: String,
    pub(crate) shape: Shape,
    pub(crate) possessive: bool,
}

/// Normalises a word as it stands in the text. Normalising the form again changes nothing.
pub(crate) fn normalise(surface: &str) -> Normalised {
    if surface.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Normalised {
            form: surface.to_ascii_lowercase(),
            shape: shape_of_letters(surface.as_bytes()),
            possessive: false,
        };
    }
    let shape = shape(surface);
    let mut form: String = surface
        .chars()
        .filter(|&c| c != '\u{ad}')
        .flat_map(char::to_lowercase)
        .map(|c| if c == '’' { '\'' } else { c })
        .collect();
    if shape != Shape::Number {
        form.retain(|c| c != '.');
    }
    let mut possessive = false;
    while let Some(stripped) = form.strip_suffix("'s") {
        form.truncate(stripped.len());
        possessive = true;
    }
    Normalised {
        form,
        shape,
        possessive,
    }
}

/// How a word ends, as far as it tells tense and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// `denied`
    Ed,
    /// `denying`
    Ing,
    /// `denies`, `denials`
    S,
    /// `deny`, `said`
    Bare,
}

impl Ending {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 4] = [Self::Ed, Self::Ing, Self::S, Self::Bare];

    /// The ending of a normalised word.
    pub(crate) fn of(form: &str) -> Self {
        match form {
            _ if form.ends_with("ed") => Self::Ed,
            _ if form.ends_with("ing") => Self::Ing,
            _ if form.ends_with('s') => Self::S,
            _ => Self::Bare,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ed => "ed",
            Self::Ing => "ing",
            Self::S => "s",
            Self::Bare => "bare",
        }
    }
}

/// The first five letters of a normalised word and a star, as terms have them; `None` for a word that is no longer.
pub(crate) fn prefix(form: &str) -> Option<String> {
    const LETTERS: usize = 5;
    let (end, _) = form.char_indices().nth(LETTERS)?;
    Some(format!("{}*", &form[..end]))
}

/// Whether a beginning holds the whole stem, and so tells no more than the stem does: `denie*` of `denied`.
pub(crate) fn tells_no_more(prefix: &str, stem: &str) -> bool {
    prefix.starts_with(stem)
}

/// What [`shape`] says of a word of ASCII letters alone.
fn shape_of_letters(letters: &[u8]) -> Shape {
    match letters {
        [first, ..] if !first.is_ascii_uppercase() => Shape::Lower,
        [] => Shape::Lower,
        [_] => Shape::Capitalised,
        _ if letters.iter().all(u8::is_ascii_uppercase) => Shape::Upper,
        _ => Shape::Capitalised,
    }
}

fn shape(surface: &str) -> Shape {
    let mut letters = surface.chars().filter(|c| c.is_alphabetic());
    let first = surface.chars().next();
    if first.is_some_and(char::is_numeric) {
        return Shape::Number;
    }
    if !first.is_some_and(char::is_uppercase) {
        return Shape::Lower;
    }
    let possessive = surface.ends_with("'s") || surface.ends_with("’s");
    let several = letters.by_ref().count() - usize::from(possessive) > 1;
    let upper = surface
        .trim_end_matches("'s")
        .trim_end_matches("’s")
        .chars()
        .all(|c| !c.is_alphabetic() || c.is_uppercase());
    if several && upper {
        Shape::Upper
    } else {
        Shape::Capitalised
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_have_one_spelling() {
        let cases = [
            ("Tehran’s", "tehran", Shape::Capitalised, true),
            ("U.S.", "us", Shape::Upper, false),
            ("US's", "us", Shape::Upper, true),
            ("us", "us", Shape::Lower, false),
            ("didn’t", "didn't", Shape::Lower, false),
            ("3,500.5", "3,500.5", Shape::Number, false),
            ("I", "i", Shape::Capitalised, false),
            ("ÉLAN", "élan", Shape::Upper, false),
            ("G20", "g20", Shape::Capitalised, false),
            ("1990s", "1990s", Shape::Number, false),
        ];
        for (surface, form, shape, possessive) in cases {
            let expected = Normalised {
                form: form.into(),
                shape,
                possessive,
            };
            assert_eq!(normalise(surface), expected, "{surface}");
        }
    }

    proptest! {
        #[test]
        fn letters_have_the_shape_of_words(surface in "[A-Za-z]{0,4}|[A-Z]{1,4}") {
            prop_assert_eq!(shape_of_letters(surface.as_bytes()), shape(&surface));
        }

        #[test]
        fn normalising_twice_equals_once(surface in "[A-Za-zÀ-ž0-9'’.]{1,12}") {
            let once = normalise(&surface).form;
            prop_assert_eq!(&normalise(&once).form, &once);
        }
    }
}
