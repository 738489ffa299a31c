//! Parties of claims → actors, by code and role where they have one, else by name.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::line::PartyLine;
use crate::Result;
use crate::token::{ACTORS, for_each_row};

/// Codes that tell what a party is, not which one.
const KINDS: [&str; 6] = ["NGO", "IGO", "MNC", "IMG", "NGM", "UIS"];
/// The letters of the code of a country.
const COUNTRY_CODE: usize = 3;
/// The role that stands for its country.
const GOVERNMENT: &str = "GOV";
/// What stands for somebody who was named before: alone it names nobody.
const PRONOUNS: [&str; 22] = [
    "i", "me", "you", "he", "him", "she", "her", "it", "we", "us", "they", "them", "this", "that",
    "these", "those", "who", "whom", "one", "others", "everyone", "nobody",
];

/// Actors by number.
#[derive(Debug)]
pub(super) struct Actors {
    /// Names of countries and of their people, in lower case.
    countries: HashSet<String>,
    /// What names stand for that have a code anywhere.
    known: HashMap<String, Identity>,
    numbers: HashMap<String, usize>,
    all: Vec<Actor>,
}

/// What tells one actor from others.
#[derive(Debug, Clone)]
struct Identity {
    key: String,
    code: Option<String>,
    /// Whether it is a country, with its government.
    is_country: bool,
}

#[derive(Debug)]
struct Actor {
    code: Option<String>,
    is_country: bool,
    /// How often it is called by a name.
    names: BTreeMap<String, usize>,
}

impl Actors {
    pub(super) fn new() -> Self {
        Self {
            countries: countries().expect("a test reads the shipped actor table"),
            known: HashMap::new(),
            numbers: HashMap::new(),
            all: Vec::new(),
        }
    }

    /// Takes note of the code of a proper name: where the same name stands without one, it is the same actor. The first code counts.
    pub(super) fn learn(&mut self, party: &PartyLine) {
        let name = plain(party.name());
        if is_proper(&name)
            && let Some(identity) = self.told(party)
        {
            self.known.entry(key_of_name(&name)).or_insert(identity);
        }
    }

    /// The number of a party's actor; `None` where nothing tells who it is.
    pub(super) fn number(&mut self, party: &PartyLine) -> Option<usize> {
        let name = plain(party.name());
        let key = key_of_name(&name);
        let is_named = !name.is_empty() && !PRONOUNS.contains(&key.as_str());
        let by_name = || is_named.then(|| Identity::of_name(&key, None));
        let told = self.told(party).or_else(|| self.known.get(&key).cloned());
        let identity = told.or_else(by_name)?;
        let number = *self.numbers.entry(identity.key).or_insert_with(|| {
            self.all.push(Actor {
                code: identity.code,
                is_country: identity.is_country,
                names: BTreeMap::new(),
            });
            self.all.len() - 1
        });
        if is_named {
            *self.all[number].names.entry(name).or_default() += 1;
        }
        Some(number)
    }

    /// Who a party with a code is: by code and role, as `RUS MIL`, a country with its government, an organisation; or a name of its own
    /// in a country, as the Democrats in `USA`.
    fn told(&self, party: &PartyLine) -> Option<Identity> {
        let code = plain(party.code.as_deref()?);
        if code.is_empty() || KINDS.contains(&code.as_str()) {
            return None;
        }
        let role = party.role.as_deref().map(plain).unwrap_or_default();
        if !role.is_empty() && role != GOVERNMENT {
            return Some(Identity::of_code(format!("{code} {role}"), false));
        }
        let name = key_of_name(&plain(party.name()));
        let is_country = code.len() == COUNTRY_CODE;
        let names_nobody_else = !is_country
            || role == GOVERNMENT
            || name.is_empty()
            || PRONOUNS.contains(&name.as_str())
            || self.countries.contains(&name);
        Some(if names_nobody_else {
            Identity::of_code(code, is_country)
        } else {
            Identity::of_name(&name, Some(code))
        })
    }

    /// What the actors are called: their most frequent name, that of the country first, and their code.
    pub(super) fn into_names(self) -> Vec<String> {
        let countries = self.countries;
        let name = |actor: Actor| {
            let is_countrys =
                |name: &str| actor.is_country && countries.contains(&key_of_name(name));
            // Of equals the first of the alphabet.
            let names = actor.names.into_iter().rev();
            let most = names.max_by_key(|(name, n)| (is_countrys(name), *n));
            let name = most.map_or_else(String::new, |(name, _)| name);
            match actor.code {
                Some(code) if name.is_empty() => code,
                Some(code) if code != name => format!("{name} ({code})"),
                _ => name,
            }
        };
        self.all.into_iter().map(name).collect()
    }
}

impl Identity {
    fn of_code(code: String, is_country: bool) -> Self {
        Self {
            key: format!("code {code}"),
            code: Some(code),
            is_country,
        }
    }

    fn of_name(name: &str, code: Option<String>) -> Self {
        Self {
            key: format!("name {name}"),
            code,
            is_country: false,
        }
    }
}

/// The names of countries and their people, in lower case.
fn countries() -> Result<HashSet<String>> {
    let mut names = HashSet::new();
    let columns = ["name", "kind", "code", "cased"];
    for_each_row("labels/actors.csv", ACTORS, columns, |[name, kind, ..]| {
        if matches!(kind, "country" | "demonym") {
            names.insert(name.to_lowercase());
        }
        Ok(())
    })?;
    Ok(names)
}

/// A name without its article and its capitals.
fn key_of_name(name: &str) -> String {
    without_article(name).to_lowercase()
}

fn without_article(name: &str) -> &str {
    match name.get(..4) {
        Some(article) if article.eq_ignore_ascii_case("the ") => &name[4..],
        _ => name,
    }
}

/// Whether a name is that of one actor alone: `Minsk`, not `the company` or `They`.
fn is_proper(name: &str) -> bool {
    let name = without_article(name);
    name.starts_with(char::is_uppercase) && !PRONOUNS.contains(&name.to_lowercase().as_str())
}

/// Text on one line, without characters that steer how others are laid out: control characters and marks of direction.
pub(super) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    let words = text.split_whitespace().map(|word| word.replace(steers, ""));
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::line::AntecedentLine;
    use super::*;

    fn party(text: &str, code: Option<&str>, role: Option<&str>) -> PartyLine {
        PartyLine {
            text: text.to_owned(),
            code: code.map(str::to_owned),
            role: role.map(str::to_owned),
            antecedent: None,
        }
    }

    fn names(parties: &[PartyLine]) -> (Vec<Option<usize>>, Vec<String>) {
        let mut actors = Actors::new();
        let numbers = parties.iter().map(|party| actors.number(party)).collect();
        (numbers, actors.into_names())
    }

    #[test]
    fn one_code_is_one_actor_and_its_government() {
        let (numbers, names) = names(&[
            party("Minsk", Some("BLR"), Some("GOV")),
            party("Minsk", Some("BLR"), Some("GOV")),
            party("Belarus", Some("BLR"), None),
            party("the army of Belarus", Some("BLR"), Some("MIL")),
        ]);
        assert_eq!(numbers, [Some(0), Some(0), Some(0), Some(1)]);
        assert_eq!(names, ["Belarus (BLR)", "the army of Belarus (BLR MIL)"]);
    }

    #[test]
    fn those_in_a_country_are_not_the_country() {
        let (numbers, names) = names(&[
            party("the Harbour Union", Some("BLR"), None),
            party("Belarus", Some("BLR"), None),
            party("Ada Obi", Some("BLR"), None),
            party("Ada Obi", Some("BLR"), None),
            party("Ada Obi", Some("BLR"), Some("GOV")),
            party("Security Council members", Some("IGOUNO"), None),
            party("UN", Some("IGOUNO"), None),
        ]);
        let expected = [0, 1, 2, 2, 1, 3, 3].map(Some);
        assert_eq!(numbers, expected);
        assert_eq!(
            names,
            [
                "the Harbour Union (BLR)",
                "Belarus (BLR)",
                "Ada Obi (BLR)",
                "Security Council members (IGOUNO)"
            ]
        );
    }

    #[test]
    fn names_are_one_whatever_their_article_and_capitals() {
        let (numbers, names) = names(&[
            party("The Harbour  Union", None, None),
            party("the harbour union", None, None),
            party("The Harbour Union", None, None),
            party("Clean Water", Some("NGO"), None),
            party(" \u{202E} ", None, None),
        ]);
        assert_eq!(numbers, [Some(0), Some(0), Some(0), Some(1), None]);
        assert_eq!(names, ["The Harbour Union", "Clean Water"]);
    }

    #[test]
    fn name_without_a_code_is_who_has_it_elsewhere() {
        let mut actors = Actors::new();
        let minsk = party("Minsk", Some("BLR"), Some("GOV"));
        actors.learn(&minsk);
        let numbers = [minsk, party("Minsk", None, None)].map(|party| actors.number(&party));
        assert_eq!(numbers, [Some(0), Some(0)]);
    }

    #[test]
    fn pronoun_is_whom_it_stands_for() {
        let he = PartyLine {
            antecedent: Some(AntecedentLine {
                text: "Ada Obi".to_owned(),
            }),
            ..party("he", None, None)
        };
        assert_eq!(
            names(&[he, party("Ada Obi", None, None)]).1,
            ["Ada Obi".to_owned()]
        );
    }

    #[test]
    fn code_of_one_pronoun_or_company_is_not_that_of_another() {
        let they = PartyLine {
            antecedent: Some(AntecedentLine {
                text: "governments of Tajikistan".to_owned(),
            }),
            ..party("They", Some("TJK"), Some("GOV"))
        };
        let company = party("The company", Some("TJK"), Some("BUS"));
        let mut actors = Actors::new();
        actors.learn(&they);
        actors.learn(&company);
        let others = ["They", "you", "the company"].map(|name| party(name, None, None));
        let numbers =
            [&they, &company, &others[0], &others[1], &others[2]].map(|party| actors.number(party));
        assert_eq!(numbers, [Some(0), Some(1), None, None, Some(2)]);
        assert_eq!(
            actors.into_names(),
            [
                "governments of Tajikistan (TJK)",
                "The company (TJK BUS)",
                "the company"
            ]
        );
    }

    #[test]
    fn actor_that_only_pronouns_name_is_called_by_its_code() {
        let (numbers, names) = names(&[party("They", Some("TJK"), None)]);
        assert_eq!((numbers, names), (vec![Some(0)], vec!["TJK".to_owned()]));
    }
}
