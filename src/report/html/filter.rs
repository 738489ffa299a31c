//! What a number on the page stands for, as the fragment of a link that shows the sentences behind it.

use std::fmt;

use crate::link::Date;

/// The sentences that are shown: those to which all applies that is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) label: Option<usize>,
    pub(super) days: Option<(Date, Date)>,
    pub(super) undated: bool,
    pub(super) source: Option<Side>,
    pub(super) target: Option<Side>,
    pub(super) answered: Option<bool>,
    /// Least and most days to the first answer.
    pub(super) delay: Option<(i64, Option<i64>)>,
    pub(super) once: bool,
}

/// One side of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Actor(usize),
    /// The sentence does not name it.
    Unnamed,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actor(number) => write!(f, "{number}"),
            Self::Unnamed => write!(f, "none"),
        }
    }
}

/// The page's script reads the same names.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = '#';
        let mut field = |name: &str, value: &dyn fmt::Display| {
            let mark = std::mem::replace(&mut before, '&');
            write!(f, "{mark}{name}={value}")
        };
        if let Some(label) = self.label {
            field("label", &label)?;
        }
        if let Some((from, to)) = self.days {
            field("from", &from)?;
            field("to", &to)?;
        }
        if self.undated {
            field("undated", &1)?;
        }
        if let Some(side) = self.source {
            field("source", &side)?;
        }
        if let Some(side) = self.target {
            field("target", &side)?;
        }
        if let Some(answered) = self.answered {
            field("answered", if answered { &"yes" } else { &"no" })?;
        }
        if let Some((least, most)) = self.delay {
            field("least", &least)?;
            if let Some(most) = most {
                field("most", &most)?;
            }
        }
        field("once", &u8::from(self.once))
    }
}

/// A number, and the sentences behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) value: usize,
    pub(super) filter: Filter,
}

impl Count {
    pub(super) fn new(value: usize, filter: Filter) -> Self {
        Self { value, filter }
    }

    /// `1 article`, `1,234 articles`.
    pub(super) fn of(&self, noun: &str) -> String {
        counted(self.value, noun)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", grouped(self.value))
    }
}

/// `1 article`, `1,234 articles`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(number))
}

/// `12345` → `12,345`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_is_a_fragment() {
        let filter = Filter {
            label: Some(2),
            days: Date::parse("2021-03-01").zip(Date::parse("2021-03-31")),
            source: Some(Side::Actor(7)),
            target: Some(Side::Unnamed),
            answered: Some(false),
            delay: Some((8, None)),
            once: true,
            undated: false,
        };
        assert_eq!(
            filter.to_string(),
            "#label=2&from=2021-03-01&to=2021-03-31&source=7&target=none&answered=no&least=8&once=1"
        );
        assert_eq!(Filter::default().to_string(), "#once=0");
    }

    #[test]
    fn thousands_are_grouped() {
        let texts = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn one_is_no_plural() {
        let texts = [0, 1, 2000].map(|number| counted(number, "article"));
        assert_eq!(texts, ["0 articles", "1 article", "2,000 articles"]);
    }
}
