//! Which candidate is the source of a claim, and which its target: what is true of each candidate → a score → the best pair, in which
//! nobody may stand on either side.
//!
//! What is true of a candidate are features: its kind and place, the words in it and around it, its part in the clauses of the
//! sentence, what the rules of [`direction`](super::direction) make of it, and what the claims before it in the article say
//! of the same party. A score is the sum of their weights in `labels/party_weights.csv`: a logistic regression for each side, fitted on the
//! parts `develop` of `labels/parties.csv` and `labels/article_parties.csv`
//! (`cargo test --lib weights_of_parties -- --ignored` writes the table anew).

mod cast;
mod dictionary;
pub(super) mod feature;
mod view;

use std::sync::OnceLock;

pub(super) use self::cast::Cast;
use self::cast::Told;
pub(super) use self::dictionary::Dictionary;
pub(super) use self::feature::{Feature, PRONOUNS};
use self::feature::{
    Features, N_FEATURES, PARTS, RULED_SOURCE, RULED_TARGET, SEVERAL, Template, VALUES, count,
    distance, feature_named, pair,
};
pub(super) use self::view::{Classes, Views};
use super::Deed;
use super::alias::key;
use super::candidate::Sentence;
use super::direction::Found;
use crate::Result;
#[cfg(test)]
use crate::Span;
use crate::claim::Mention;
use crate::token::for_each_row;

/// The log odds from which on a party is named as a source: those of 0.35.
const LEAST_OF_SOURCE: f32 = -0.62;
/// What no source adds to the score of a pair, in log odds; a source adds what it is above [`LEAST_OF_SOURCE`].
const NO_SOURCE: f32 = -0.6;

const TABLE: &str = include_str!("../../labels/party_weights.csv");
pub(super) const COLUMNS: [&str; 7] = [
    "feature",
    "source_accusation",
    "source_denial",
    "source_cooperation",
    "target_accusation",
    "target_denial",
    "target_cooperation",
];

/// A side of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Source,
    Target,
}

/// Who may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    /// A candidate of the sentence.
    Here(usize),
    /// Who speaks, named in another sentence.
    Speaker,
    /// A party of an earlier claim, by its number in the memory.
    Earlier(usize),
}

/// A claim whose parties are sought.
pub(super) struct Question<'a> {
    pub(super) sentence: &'a Sentence<'a>,
    pub(super) views: &'a Views,
    pub(super) deed: Deed,
    pub(super) ruled: &'a Found,
    pub(super) cast: &'a Cast,
    /// The keys of the candidates; none for a pronoun.
    pub(super) keys: &'a [Option<u64>],
    /// Who speaks, where that is named in another sentence.
    pub(super) speaker: Option<&'a Mention>,
    /// How many sentences of the article were read before.
    pub(super) number: usize,
}

impl Question<'_> {
    fn rules(&self) -> usize {
        pair(
            !self.ruled.sources.is_empty(),
            !self.ruled.targets.is_empty(),
        )
    }

    /// Where a party is named.
    #[cfg(test)]
    pub(super) fn span(&self, party: Party) -> Option<Span> {
        match party {
            Party::Here(at) => Some(self.sentence.candidates[at].span),
            Party::Speaker => self.speaker.map(|speaker| speaker.span),
            Party::Earlier(at) => Some(self.cast.mention(at).span),
        }
    }

    /// What is true of each candidate as a source.
    pub(super) fn sources(&self) -> Vec<(Party, Vec<Feature>)> {
        let mut parties = self.candidates();
        if self.speaker.is_some() {
            let mut of = Features::default();
            of.add(Template::Any, 0);
            of.add(Template::Speaker, self.views.sayer);
            of.add(Template::SpeakerQuoted, self.views.quoted);
            of.add(Template::SpeakerRules, self.rules());
            parties.push((Party::Speaker, of.0));
        }
        parties
    }

    fn candidates(&self) -> Vec<(Party, Vec<Feature>)> {
        let of = |at: usize| {
            let mut of = Features::with_room();
            of.0.extend(&self.views.of[at].0);
            let is_first = self.cast.0.is_empty();
            if is_first {
                of.add(Template::First, 0);
            }
            let ruled = [
                (&self.ruled.sources, RULED_SOURCE, 1),
                (&self.ruled.targets, RULED_TARGET, 2),
            ];
            for (parties, place, first) in ruled {
                if parties.contains(&at) {
                    of.add(Template::Is, place);
                    if is_first {
                        of.add(Template::First, first);
                    }
                }
            }
            of.add(Template::Rules, self.rules());
            of.add(Template::Quoted, self.views.quoted);
            if let Some(key) = self.keys[at] {
                self.cast.add_known(&mut of, key);
            }
            (Party::Here(at), of.0)
        };
        (0..self.views.of.len()).map(of).collect()
    }

    /// Whether two candidates are one party, or are enumerated with one another.
    pub(super) fn is_same(&self, one: usize, other: usize) -> bool {
        let sentence = self.sentence;
        one == other
            || sentence.candidates[one].group == sentence.candidates[other].group
            || sentence
                .finish(&Found::new(None, Some(one)))
                .targets
                .contains(&other)
    }

    /// Who may be a target, and what is true of each whoever the source is: the candidates with what is true of them as
    /// [sources](Self::sources), and the parties of earlier claims that are none of the candidates.
    pub(super) fn others(&self, sources: &[(Party, Vec<Feature>)]) -> Vec<(Party, Vec<Feature>)> {
        let here = sources.iter().filter(|(party, _)| *party != Party::Speaker);
        let told = self.cast.0.iter().enumerate();
        let earlier = told
            .filter(|(_, told)| !self.keys.contains(&Some(told.key)))
            .map(|(at, told)| (Party::Earlier(at), self.earlier(told)));
        here.cloned().chain(earlier).collect()
    }

    /// What is true besides of each of the [others](Self::others) where this is the source; `None` for a party of an earlier claim that is
    /// the source itself.
    pub(super) fn beside(
        &self,
        others: &[(Party, Vec<Feature>)],
        source: Option<Party>,
    ) -> Vec<Option<Vec<Feature>>> {
        let sources = match source {
            Some(Party::Here(at)) => self.sentence.finish(&Found::new(None, Some(at))).targets,
            _ => Vec::new(),
        };
        let keys: Vec<u64> = match source {
            Some(Party::Speaker) => {
                let name = |speaker: &Mention| key(speaker.span.of(self.sentence.text));
                self.speaker.map(name).into_iter().collect()
            }
            _ => sources.iter().filter_map(|&at| self.keys[at]).collect(),
        };
        let told = |(party, features): &(Party, Vec<Feature>)| match *party {
            Party::Earlier(at) => self.earlier_beside(&self.cast.0[at], source, &keys),
            Party::Here(at) => Some(self.here_beside(features, at, source, &sources)),
            Party::Speaker => None,
        };
        others.iter().map(told).collect()
    }

    fn here_beside(
        &self,
        features: &[Feature],
        at: usize,
        source: Option<Party>,
        sources: &[usize],
    ) -> Vec<Feature> {
        let mut of = Features::default();
        let Some(Party::Here(source)) = source else {
            of.add(Template::Source, usize::from(source.is_some()));
            return of.0;
        };
        let same = sources.contains(&at)
            || self.sentence.candidates[at].group == self.sentence.candidates[source].group;
        if !same {
            of.add(Template::Source, if source < at { 3 } else { 4 });
            of.add(Template::SourceStep, (at + 3).saturating_sub(source).min(6));
            return of.0;
        }
        of.add(Template::Source, 2);
        for feature in features.iter().map(|&feature| usize::from(feature)) {
            if feature / VALUES == Template::SubjectOf as usize {
                of.add(Template::MutualSubjectOf, feature % VALUES);
            }
        }
        for place in [SEVERAL, RULED_TARGET] {
            if features.contains(&Template::Is.feature(place)) {
                of.add(Template::Mutual, place);
            }
        }
        of.0
    }

    fn earlier(&self, told: &Told) -> Vec<Feature> {
        let mut of = Features::default();
        of.add(Template::Any, 0);
        of.add(Template::Earlier, 0);
        for part in 0..PARTS.len() {
            if let Some(last) = told.last[part] {
                let later = self
                    .cast
                    .0
                    .iter()
                    .filter(|other| other.last[part] > Some(last))
                    .count();
                of.add(Template::EarlierRank, 4 * part + count(later, 3));
            }
        }
        let later = self
            .cast
            .0
            .iter()
            .filter(|other| other.latest > told.latest)
            .count();
        of.add(Template::EarlierLately, count(later, 4));
        of.add(
            Template::EarlierAgo,
            distance(self.number - told.latest.min(self.number)),
        );
        of.add(Template::EarlierRules, self.rules());
        of.add(Template::EarlierSayer, self.views.sayer);
        of.0
    }

    fn earlier_beside(
        &self,
        told: &Told,
        source: Option<Party>,
        keys: &[u64],
    ) -> Option<Vec<Feature>> {
        if keys.contains(&told.key) {
            return None;
        }
        let mut of = Features::default();
        of.add(
            Template::EarlierSource,
            match source {
                None => 0,
                Some(_) if keys.is_empty() => 1,
                Some(_) if self.cast.0.iter().any(|other| keys.contains(&other.key)) => 2,
                Some(_) => 3,
            },
        );
        if told.accused.iter().any(|key| keys.contains(key)) {
            of.add(Template::EarlierAccused, 0);
        }
        Some(of.0)
    }
}

/// The weights of `labels/party_weights.csv`.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// The words that have weights.
    pub(super) dictionary: Dictionary,
    /// By feature, side and deed.
    of: Vec<[f32; COLUMNS.len() - 1]>,
}

impl Weights {
    /// The weights that ship with this crate, read once.
    ///
    /// # Panics
    /// Never: a test reads the shipped table.
    pub(super) fn shipped() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| Self::parse(TABLE).expect("a test reads the shipped table"))
    }

    pub(super) fn parse(table: &str) -> Result<Self> {
        let mut dictionary = Dictionary::default();
        let mut of = vec![[0.0; COLUMNS.len() - 1]; N_FEATURES];
        for_each_row(
            "labels/party_weights.csv",
            table,
            COLUMNS,
            |[name, row @ ..]| {
                let feature = feature_named(name)
                    .or_else(|| dictionary.feature_named(name))
                    .ok_or_else(|| format!("unknown feature `{name}`"))?;
                of.resize(dictionary.n_features(), [0.0; COLUMNS.len() - 1]);
                for (weight, told) in of[feature].iter_mut().zip(row) {
                    *weight = told.parse().map_err(|_| format!("`{told}` is no weight"))?;
                }
                Ok(())
            },
        )?;
        Ok(Self { dictionary, of })
    }

    /// The source and the target that are likeliest together: `The company tore up the agreement` has a target and no source.
    pub(super) fn choose(&self, question: &Question<'_>) -> [Option<Party>; 2] {
        let deed = question.deed;
        let parties = question.sources();
        let others = question.others(&parties);
        let own = others
            .iter()
            .map(|(_, features)| self.score(features, Side::Target, deed));
        let own: Vec<f32> = own.collect();
        let sources = parties.iter().map(|(party, features)| {
            let likely = self.score(features, Side::Source, deed) - LEAST_OF_SOURCE;
            (likely, Some(*party))
        });
        let sources = sources.filter(|(likely, _)| *likely >= 0.0);
        let pairs = sources
            .chain([(NO_SOURCE, None)])
            .map(|(of_source, source)| {
                let beside = question.beside(&others, source);
                let targets = others.iter().zip(&own).zip(beside);
                let targets = targets.filter_map(|(((party, _), own), features)| {
                    let score = own + self.score(&features?, Side::Target, deed);
                    Some((score - least_of_target(*party), Some(*party)))
                });
                let likely = targets.filter(|(likely, _)| *likely >= 0.0);
                let (of_target, target) = best(likely).unwrap_or_default();
                (of_source + of_target, [source, target])
            });
        best(pairs).map(|(_, pair)| pair).unwrap_or_default()
    }

    fn score(&self, features: &[Feature], side: Side, deed: Deed) -> f32 {
        let column = 3 * side as usize + deed.column();
        let weights = features
            .iter()
            .map(|&feature| self.of[feature as usize][column]);
        weights.sum()
    }
}

/// The log odds from which on a party is named as a target: those of 0.4 and 0.3.
fn least_of_target(party: Party) -> f32 {
    match party {
        Party::Earlier(_) => -0.4,
        _ => -0.85,
    }
}

fn best<T>(scored: impl Iterator<Item = (f32, T)>) -> Option<(f32, T)> {
    scored.max_by(|a, b| a.0.total_cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_features_are_read_back() {
        let named = |feature| Some((feature, feature::name(feature)?));
        for (feature, name) in (0..N_FEATURES).filter_map(named) {
            assert_eq!(feature_named(&name), Some(feature), "{name}");
        }
        assert_eq!(feature_named("pronoun:whom"), None);
        assert_eq!(feature_named("any"), None);
    }

    #[test]
    fn shipped_weights_are_read() {
        let told = Weights::shipped()
            .of
            .iter()
            .filter(|row| row.iter().any(|weight| *weight != 0.0));
        assert_eq!(told.count(), TABLE.lines().count() - 1);
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        let header = COLUMNS.join(",");
        for row in ["any:yes,1,1,1,1,1,much", "any:no,1,1,1,1,1,1"] {
            assert!(
                Weights::parse(&format!("{header}\n{row}\n")).is_err(),
                "{row}"
            );
        }
    }
}
