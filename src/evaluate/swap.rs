//! Sentences → the same sentences about other actors → how many decisions change.
//!
//! What is said must count, not who says it, so a model that has learned its task decides the same of both. Actors are the
//! tokens that the model's tokenizer masks and, because a swap of those alone could not show what the mask misses, every
//! name of a list of our own that stands in the text. Nothing but the actors changes, not even `a` before a vowel.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::names::{
    BODIES, COMPANIES_AND_OUTLETS, GIVEN_NAMES, LEADERS, ORGANISATIONS, STATES, SURNAMES, TITLES,
};
use super::predict;
use crate::Span;
use crate::model::Model;
use crate::token::{ActorTable, TokenKind, Tokenizer};
use crate::train::SplitMix;

/// How many decisions change when the actors do. A decision is whether one sentence carries one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwapReport {
    /// Sentences.
    pub n_samples: usize,
    /// Sentences in which an actor was found and replaced.
    pub n_swapped: usize,
    /// Sentences × labels.
    pub n_decisions: usize,
    /// Decisions that changed: the length of `changes`.
    pub n_changed: usize,
    /// `n_changed / n_decisions`; 0 without decisions.
    pub rate: f64,
    /// Sentences with at least one changed decision.
    pub n_changed_samples: usize,
    /// `n_changed_samples / n_samples`; 0 without sentences.
    pub sample_rate: f64,
    /// `n_changed_samples / n_swapped`: how often a swap matters; 0 without swaps.
    pub swapped_rate: f64,
    /// Every changed decision, by row, then by label.
    pub changes: Vec<SwapChange>,
}

/// A decision that changed with the actors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwapChange {
    /// The sentence, from 0.
    pub row: usize,
    /// Its text with other actors.
    pub swapped: String,
    /// The label.
    pub label: String,
    /// Whether the sentence as it was carries the label; with other actors it is the contrary.
    pub carried: bool,
    /// The probability of the label before the swap.
    pub before: f64,
    /// The probability of the label after it.
    pub after: f64,
}

/// Replaces the actors of each text, taken as one sentence, and predicts both.
///
/// A country, demonym, capital or organisation gives way to another, any other name to an invented person or
/// organisation of about its length, with a title now and then; the same name to the same one within a sentence.
/// Possessives and the case of texts all in capitals or all in lower case are kept. The same `seed` draws the same actors for
/// any number of threads.
#[must_use]
pub fn swap_actors(model: &Arc<Model>, texts: &[impl AsRef<str> + Sync], seed: u64) -> SwapReport {
    let swapped = swap_texts(model, texts, seed);
    let (before, after) = (predict(model, texts), predict(model, &swapped));
    let mut changes = Vec::new();
    for (row, (before, after)) in before.iter().zip(&after).enumerate() {
        for (label, name) in model.labels().names().iter().enumerate() {
            let carried = before.labels.contains(label);
            if carried != after.labels.contains(label) {
                changes.push(SwapChange {
                    row,
                    swapped: swapped[row].clone(),
                    label: name.clone(),
                    carried,
                    before: before.probabilities[label],
                    after: after.probabilities[label],
                });
            }
        }
    }
    let n_samples = texts.len();
    let n_swapped = texts
        .iter()
        .zip(&swapped)
        .filter(|(text, swapped)| text.as_ref() != swapped.as_str())
        .count();
    let n_decisions = n_samples * model.labels().len();
    let n_changed_samples = changes.chunk_by(|a, b| a.row == b.row).count();
    SwapReport {
        n_samples,
        n_swapped,
        n_decisions,
        n_changed: changes.len(),
        rate: rate(changes.len(), n_decisions),
        n_changed_samples,
        sample_rate: rate(n_changed_samples, n_samples),
        swapped_rate: rate(n_changed_samples, n_swapped),
        changes,
    }
}

fn rate(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn swap_texts(model: &Arc<Model>, texts: &[impl AsRef<str> + Sync], seed: u64) -> Vec<String> {
    let finder = ActorFinder::new(&model.resources().actors);
    let mut seeds = SplitMix::new(seed);
    let seeds: Vec<u64> = texts.iter().map(|_| seeds.next()).collect();
    texts
        .par_iter()
        .zip(seeds)
        .map_init(
            || Tokenizer::new(Arc::clone(model.resources())),
            |tokenizer, (text, seed)| {
                let actors = finder.find(tokenizer, text.as_ref());
                replace(text.as_ref(), &actors, &mut SplitMix::new(seed))
            },
        )
        .collect()
}

/// What can stand in for an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Country,
    Demonym,
    City,
    Organisation,
    Person,
}

/// An actor of a sentence. The kind is known for names in the table or in our own list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FoundActor {
    span: Span,
    kind: Option<Kind>,
}

struct ActorFinder {
    /// The kinds of the names in the actor table, in one spelling.
    table: BTreeMap<String, Kind>,
}

impl ActorFinder {
    fn new(actors: &ActorTable) -> Self {
        let mut rows = csv::Reader::from_reader(actors.source().as_bytes());
        let header = rows.headers().cloned().unwrap_or_default();
        let column = |name: &str| header.iter().position(|column| column == name);
        let columns = column("name").zip(column("kind"));
        let table = rows
            .records()
            .flatten() // the table was read without an error before
            .filter_map(|row| {
                let (name, kind) = columns?;
                let kind = match row.get(kind)? {
                    "country" => Kind::Country,
                    "demonym" => Kind::Demonym,
                    "city" => Kind::City,
                    "organisation" => Kind::Organisation,
                    _ => return None,
                };
                Some((one_spelling(row.get(name)?), kind))
            })
            .collect();
        Self { table }
    }

    /// The actors of a sentence, in order: what the tokenizer masks, and the names of our own list outside of that.
    fn find(&self, tokenizer: &mut Tokenizer, text: &str) -> Vec<FoundActor> {
        let masked = tokenizer.tokenize(text, Span::new(0, text.len())).iter();
        let masked = masked
            .filter(|token| token.kind == TokenKind::Actor)
            .map(|token| FoundActor {
                span: token.span,
                kind: self
                    .table
                    .get(&one_spelling(without_possessive(token.span.of(text))))
                    .copied(),
            });
        let mut found: Vec<FoundActor> = masked.collect();
        for (name, kind) in own_names() {
            for span in whole_words(text, name).chain(whole_words(text, &name.to_uppercase())) {
                add_own_name(&mut found, span, kind);
            }
        }
        found.sort_unstable_by_key(|actor| actor.span);
        found
    }
}

/// Adds a name of our own list, unless it stands inside an actor that was found; it swallows actors that it only touches,
/// as when the mask takes `THERESA` for a name and `MAY` for a month.
fn add_own_name(found: &mut Vec<FoundActor>, span: Span, kind: Kind) {
    if found
        .iter()
        .any(|other| other.span.start <= span.start && span.end <= other.span.end)
    {
        return;
    }
    let touches = |other: &FoundActor| other.span.intersects(span);
    let union = found
        .iter()
        .filter(|other| touches(other))
        .fold(span, |union, other| {
            Span::new(
                union.start.min(other.span.start),
                union.end.max(other.span.end),
            )
        });
    found.retain(|other| !touches(other));
    found.push(FoundActor {
        span: union,
        kind: Some(kind),
    });
}

/// How a name is looked up: in lower case, without the dots of acronyms.
fn one_spelling(name: &str) -> String {
    name.to_lowercase().replace('.', "")
}

fn without_possessive(name: &str) -> &str {
    name.strip_suffix("'s")
        .or_else(|| name.strip_suffix("’s"))
        .unwrap_or(name)
}

/// Where `name` stands in `text` as a word or several.
fn whole_words(text: &str, name: &str) -> impl Iterator<Item = Span> {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name)
        .map(|(start, name)| Span::new(start, start + name.len()))
        .filter(move |span| {
            !is_part(text[..span.start].chars().next_back())
                && !is_part(text[span.end..].chars().next())
        })
}

/// Puts another name in the place of each actor.
fn replace(text: &str, actors: &[FoundActor], random: &mut SplitMix) -> String {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut swapped = String::with_capacity(text.len());
    let mut at = 0;
    for actor in actors {
        let surface = actor.span.of(text);
        let name = without_possessive(surface);
        let before = &text[..actor.span.start];
        let other = names.entry(name).or_insert_with(|| {
            let kind = actor
                .kind
                .unwrap_or_else(|| guess_kind(before, name, random));
            in_case_of(text, draw(kind, name, random))
        });
        swapped.push_str(&text[at..actor.span.start]);
        swapped.push_str(other);
        swapped.push_str(&surface[name.len()..]);
        if surface.ends_with('.') && actor.span.end == text.len() {
            swapped.push('.'); // the dot of `U.S.` was the full stop as well
        }
        at = actor.span.end;
    }
    swapped.push_str(&text[at..]);
    swapped
}

/// An organisation after an article, in capitals or by its last word; else mostly a person.
fn guess_kind(before: &str, name: &str, random: &mut SplitMix) -> Kind {
    let article = before.split_whitespace().next_back().is_some_and(|word| {
        ["a", "an", "the"]
            .iter()
            .any(|article| word.eq_ignore_ascii_case(article))
    });
    let acronym = name.len() > 1 && !name.contains(char::is_lowercase);
    let named_so = name
        .split_whitespace()
        .next_back()
        .is_some_and(|word| BODIES.contains(&word));
    if article || acronym || named_so || random.below(4) == 0 {
        Kind::Organisation
    } else {
        Kind::Person
    }
}

fn draw(kind: Kind, name: &str, random: &mut SplitMix) -> String {
    match kind {
        Kind::Country => another(&STATES.map(|state| state[0]), name, random).to_owned(),
        Kind::Demonym => another(&STATES.map(|state| state[1]), name, random).to_owned(),
        Kind::City => another(&STATES.map(|state| state[2]), name, random).to_owned(),
        Kind::Organisation => another(&ORGANISATIONS, name, random).to_owned(),
        Kind::Person => {
            let words = name.split_whitespace().count();
            let mut parts = Vec::new();
            if words > 2 || random.below(6) == 0 {
                parts.push(another(&TITLES, name, random));
            }
            if words > 1 {
                parts.push(another(&GIVEN_NAMES, name, random));
            }
            parts.push(another(&SURNAMES, name, random));
            parts.join(" ")
        }
    }
}

/// One of the names, but not `name` itself.
fn another<'a>(names: &[&'a str], name: &str, random: &mut SplitMix) -> &'a str {
    let at = random.below(names.len());
    if names[at] == name {
        names[(at + 1) % names.len()]
    } else {
        names[at]
    }
}

/// The name in capitals in a text all in capitals, in lower case in one without any.
fn in_case_of(text: &str, name: String) -> String {
    match (
        text.contains(char::is_uppercase),
        text.contains(char::is_lowercase),
    ) {
        (true, false) => name.to_uppercase(),
        (false, true) => name.to_lowercase(),
        _ => name,
    }
}

/// Names that are looked for in the text whether or not the tokenizer masks them: real ones as news has them, and ours.
fn own_names() -> impl Iterator<Item = (&'static str, Kind)> {
    let states = STATES.into_iter().flat_map(|[country, demonym, city]| {
        [
            (country, Kind::Country),
            (demonym, Kind::Demonym),
            (city, Kind::City),
        ]
    });
    let leaders = LEADERS.into_iter().map(|name| (name, Kind::Person));
    let organisations = COMPANIES_AND_OUTLETS
        .into_iter()
        .map(|name| (name, Kind::Organisation));
    states.chain(leaders).chain(organisations)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::{ACTORS, easy_dataset, easy_model, tables};
    use super::*;
    use crate::TrainParams;
    use crate::token::{Lexicon, Resources};

    fn find(text: &str) -> Vec<(&str, Option<Kind>)> {
        let actors = ActorTable::parse("actors", ACTORS).unwrap();
        let finder = ActorFinder::new(&actors);
        let mut tokenizer = Tokenizer::new(Resources::new(Lexicon::shipped(), actors, []).into());
        finder
            .find(&mut tokenizer, text)
            .into_iter()
            .map(|actor| (actor.span.of(text), actor.kind))
            .collect()
    }

    fn swap(text: &str, seed: u64) -> String {
        let actors = ActorTable::parse("actors", ACTORS).unwrap();
        let finder = ActorFinder::new(&actors);
        let mut tokenizer = Tokenizer::new(Resources::new(Lexicon::shipped(), actors, []).into());
        let found = finder.find(&mut tokenizer, text);
        replace(text, &found, &mut SplitMix::new(seed))
    }

    #[test]
    fn masked_actors_have_the_kind_of_the_table() {
        let found =
            find("Russian officials told the U.S. and Anna Smith that Moscow’s offer stands.");
        let known = [
            ("Russian", Some(Kind::Demonym)),
            ("U.S.", Some(Kind::Country)),
            ("Anna Smith", None),
            ("Moscow’s", Some(Kind::City)),
        ];
        assert_eq!(found, known);
    }

    #[test]
    fn own_names_are_found_where_the_mask_misses_them() {
        let shouted = find("HE SAYS THERESA MAY LIED");
        assert!(
            shouted.contains(&("THERESA MAY", Some(Kind::Person))),
            "{shouted:?}"
        );
        assert_eq!(whole_words("(BP) BP's BPs they", "BP").count(), 2);
    }

    #[test]
    fn other_actors_keep_possessives_case_and_full_stop() {
        for seed in 0..50 {
            let swapped = swap("Russia’s aim, Russia said, hurts the U.S.", seed);
            let country = swapped.split('’').next().unwrap();
            assert!(STATES.iter().any(|state| state[0] == country), "{swapped}");
            assert!(
                country != "Russia" && swapped.contains(&format!("’s aim, {country} said")),
                "{swapped}"
            );
            assert!(swapped.ends_with('.'), "{swapped}");
            let shouted = swap("RUSSIA DENIED IT", seed);
            assert!(
                !shouted.contains(char::is_lowercase) && !shouted.contains("RUSSIA"),
                "{shouted}"
            );
        }
    }

    #[test]
    fn after_an_article_stands_an_organisation() {
        for seed in 0..20 {
            let swapped = swap("He blamed the Kremlin.", seed);
            assert!(
                ORGANISATIONS
                    .iter()
                    .any(|name| swapped == format!("He blamed the {name}.")),
                "{swapped}"
            );
        }
    }

    #[test]
    fn model_that_ignores_actors_does_not_flip() {
        let model = Arc::new(easy_model());
        let texts: Vec<String> = easy_dataset()
            .samples
            .into_iter()
            .map(|sample| sample.text)
            .collect();
        let report = swap_actors(&model, &texts, 1);
        assert_eq!(
            (report.n_samples, report.n_decisions, report.n_swapped),
            (48, 96, 36)
        );
        assert_eq!((report.n_changed, &report.changes[..]), (0, &[][..]));
        assert_eq!(report, swap_actors(&model, &texts, 1));
    }

    #[test]
    fn changed_decisions_are_listed() {
        // In lower case the data make a word of a name, so at the front of a sentence it is not masked, and it decides.
        let mut data = easy_dataset();
        for sample in &mut data.samples {
            let (text, label) = if sample.labels.contains(1) {
                ("putin spoke.", 1)
            } else {
                ("he spoke.", 0)
            };
            (sample.text, sample.labels) = (text.to_owned(), [label].into_iter().collect());
        }
        let (lexicon, actors) = tables();
        let mut model = TrainParams::default()
            .train(&data, lexicon, actors)
            .unwrap();
        model.thresholds = vec![0.75; 2];
        let report = swap_actors(&Arc::new(model), &["He spoke.", "Putin spoke."], 0);
        assert_eq!(
            (
                report.n_swapped,
                report.n_changed_samples,
                report.swapped_rate
            ),
            (1, 1, 1.0)
        );
        let change = report
            .changes
            .iter()
            .find(|change| change.label == "denial")
            .unwrap();
        assert!(
            change.row == 1 && change.carried && change.before > change.after,
            "{change:?}"
        );
        assert!(
            change.swapped.ends_with(" spoke.") && !change.swapped.contains("Putin"),
            "{change:?}"
        );
    }

    #[test]
    fn no_texts_have_no_rate() {
        let report = swap_actors(&Arc::new(easy_model()), &[""; 0], 0);
        assert_eq!(
            (report.rate, report.sample_rate, report.swapped_rate),
            (0.0, 0.0, 0.0)
        );
    }

    proptest! {
        #[test]
        fn replacing_nothing_changes_nothing(text: String, seed: u64) {
            prop_assert_eq!(replace(&text, &[], &mut SplitMix::new(seed)), text);
        }

        #[test]
        fn text_without_actors_stays(text in "([b-dfghj-np-tv-xz]{2,7}[ ,.]){0,12}", seed: u64) {
            prop_assert_eq!(swap(&text, seed), text);
        }

        #[test]
        fn any_text_can_be_swapped(text in "(Russia|the|US|[ ,.'’“\"-]|Putin|\\PC){0,20}", seed: u64) {
            swap(&text, seed);
        }
    }
}
