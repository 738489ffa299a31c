//! A desk for labelling: sentences in their articles → labels by several people, and a model that learns from them meanwhile.
//!
//! Everything is kept in one `SQLite` file ([`Desk::open`]); what somebody says of a sentence is on the disk before it is answered for,
//! so that whatever ends the process loses at most the label that is being typed.
//!
//! Coders do not see each other's labels. A share of the sentences is given to two of them ([`Desk::set_double`]); where
//! they differ, a third person rules. The labels that count for a sentence are the ruling, else what all of its coders say.
//!
//! ```
//! use rejoinder::Model;
//! use rejoinder::desk::{Desk, NewArticle, NewSentence, Order};
//!
//! let folder = tempfile::tempdir()?;
//! let mut desk = Desk::open(&folder.path().join("desk.sqlite"), Model::shipped().into())?;
//! let sentence = NewSentence { name: "a:1".into(), text: "Moscow denied it.".into(), ..NewSentence::default() };
//! desk.add(&[NewArticle { name: "a".into(), sentences: vec![sentence], ..NewArticle::default() }])?;
//!
//! let next = desk.next("ada", Order::Uncertainty).expect("nobody has labelled it");
//! desk.code(next, "ada", [1].into_iter().collect(), None)?;
//! assert_eq!(desk.next("ada", Order::Uncertainty), None);
//! assert_eq!(desk.gold(next).map(|labels| labels.len()), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod exchange;
mod learn;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

pub use self::choose::{Coverage, Order, uncertainty};
pub use self::exchange::{ExportFormat, ImportFormat};
use self::learn::Test;
pub use self::learn::{Learned, Lesson};
use self::store::Store;
pub use self::store::{Coding, DeskArticle, DeskSentence, NewArticle, NewCoding, NewSentence};
use crate::evaluate::{Agreement, CodedUnit, EvaluationOptions, Suspect, agreement};
use crate::train::SplitMix;
use crate::{Error, LabelSet, Model, Prediction, Result};

/// The setting for the share of sentences, in percent, that two people code.
const DOUBLE: &str = "double";

/// The share while nobody has set another.
const USUAL_DOUBLE: u8 = 20;

/// A desk, with what its file holds in memory.
pub struct Desk {
    store: Store,
    articles: Vec<DeskArticle>,
    sentences: Vec<DeskSentence>,
    /// What counts of each sentence.
    codings: Vec<Vec<Coding>>,
    double: u8,
    /// What each person has put off.
    skipped: BTreeMap<String, BTreeSet<usize>>,
    model: Arc<Model>,
    /// What the model says of each sentence.
    predictions: Vec<Prediction>,
    coverage: Coverage,
    suspects: Vec<Suspect>,
    scores: Vec<Learned>,
    test: Option<Arc<Test>>,
}

/// How far a desk has come.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// Sentences, without those of the test data.
    pub sentences: usize,
    /// Those whose labels are settled.
    pub settled: usize,
    /// Those on which coders differ and nobody has ruled.
    pub disputed: usize,
    /// How many each person has coded.
    pub annotators: BTreeMap<String, usize>,
}

impl Desk {
    /// Opens the file of a desk, or makes one; its labels are those of the model, which says what is uncertain until another has learned
    /// from the desk.
    ///
    /// # Errors
    /// [`Error::Desk`] when the file is no desk, or one for other labels.
    pub fn open(path: &Path, model: Arc<Model>) -> Result<Self> {
        let store = Store::open(path, model.labels())?;
        let double = store.setting(DOUBLE)?;
        let mut desk = Self {
            double: double
                .and_then(|share| share.parse().ok())
                .unwrap_or(USUAL_DOUBLE),
            store,
            articles: Vec::new(),
            sentences: Vec::new(),
            codings: Vec::new(),
            skipped: BTreeMap::new(),
            predictions: Vec::new(),
            coverage: Coverage::new(Vec::new(), 0),
            suspects: Vec::new(),
            scores: Vec::new(),
            test: None,
            model,
        };
        desk.load()?;
        Ok(desk)
    }

    /// Reads everything from the file.
    fn load(&mut self) -> Result<()> {
        self.articles = self.store.articles()?;
        self.sentences = self.store.sentences()?;
        let place: BTreeMap<i64, usize> = self
            .sentences
            .iter()
            .enumerate()
            .map(|(at, sentence)| (sentence.row, at))
            .collect();
        self.codings = vec![Vec::new(); self.sentences.len()];
        for (row, coding) in self.store.codings()? {
            if let Some(&at) = place.get(&row) {
                self.codings[at].push(coding);
            }
        }
        self.look_again();
        Ok(())
    }

    /// Adds articles and the codings that they bring, all of them or none. Returns how many sentences are new.
    ///
    /// # Errors
    /// [`Error::Desk`].
    pub fn add(&mut self, articles: &[NewArticle]) -> Result<usize> {
        let new = self.store.add(articles)?;
        self.load()?;
        Ok(new)
    }

    /// Gives this share of the sentences, in percent, to two people.
    ///
    /// # Errors
    /// [`Error::Desk`].
    pub fn set_double(&mut self, percent: u8) -> Result<()> {
        self.double = percent.min(100);
        self.store.set(DOUBLE, &self.double.to_string())
    }

    /// The articles, in the order in which they came.
    pub fn articles(&self) -> &[DeskArticle] {
        &self.articles
    }

    /// The sentences, those of an article together.
    pub fn sentences(&self) -> &[DeskSentence] {
        &self.sentences
    }

    /// What counts of a sentence, rulings last.
    pub fn codings(&self, sentence: usize) -> &[Coding] {
        &self.codings[sentence]
    }

    /// The model that learned last.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// What the model says of a sentence.
    pub fn prediction(&self, sentence: usize) -> &Prediction {
        &self.predictions[sentence]
    }

    /// The places of the sentences of the same article.
    pub fn article_of(&self, sentence: usize) -> std::ops::Range<usize> {
        let article = self.sentences[sentence].article;
        let start = self
            .sentences
            .partition_point(|other| other.article < article);
        let end = self
            .sentences
            .partition_point(|other| other.article <= article);
        start..end
    }

    /// The labels that count for a sentence: the ruling, else what all who coded it say.
    pub fn gold(&self, sentence: usize) -> Option<LabelSet> {
        let codings = &self.codings[sentence];
        if let Some(ruling) = codings.iter().rfind(|coding| coding.ruling) {
            return Some(ruling.labels);
        }
        let first = codings.first()?.labels;
        let agree = codings.iter().all(|coding| coding.labels == first);
        agree.then_some(first)
    }

    /// Whether those who coded a sentence differ and nobody has ruled.
    pub fn is_disputed(&self, sentence: usize) -> bool {
        !self.codings[sentence].is_empty() && self.gold(sentence).is_none()
    }

    /// The sentences on which somebody has to rule.
    pub fn disputed(&self) -> Vec<usize> {
        (0..self.sentences.len())
            .filter(|&sentence| self.is_disputed(sentence))
            .collect()
    }

    /// How far the desk has come.
    pub fn progress(&self) -> Progress {
        let mut annotators: BTreeMap<String, usize> = BTreeMap::new();
        for coding in self
            .codings
            .iter()
            .flatten()
            .filter(|coding| !coding.ruling)
        {
            *annotators.entry(coding.annotator.clone()).or_default() += 1;
        }
        let open = (0..self.sentences.len()).filter(|&at| !self.is_test(at));
        Progress {
            sentences: open.clone().count(),
            settled: open.filter(|&at| self.gold(at).is_some()).count(),
            disputed: self.disputed().len(),
            annotators,
        }
    }

    /// The sentence that a person should code next; `None` when nothing is left for them.
    pub fn next(&self, annotator: &str, order: Order) -> Option<usize> {
        if order == Order::Suspects {
            return self.next_suspect(annotator);
        }
        let left = (0..self.sentences.len()).filter(|&at| self.is_for(annotator, at));
        // What was put off comes last.
        let rank = |at: usize| (self.is_skipped(annotator, at), self.urgency(at, order));
        left.map(|at| (rank(at), at))
            .min_by(|((off, one), _), ((other_off, other), _)| {
                off.cmp(other_off).then(other.total_cmp(one))
            })
            .map(|(_, at)| at)
    }

    fn next_suspect(&self, annotator: &str) -> Option<usize> {
        let mut suspects = self.suspects.iter().map(|suspect| suspect.row);
        suspects.find(|&at| !self.is_skipped(annotator, at))
    }

    /// Whether a person still has to code a sentence.
    fn is_for(&self, annotator: &str, sentence: usize) -> bool {
        let codings = &self.codings[sentence];
        let needed = if draw(&self.sentences[sentence].name) % 100 < u64::from(self.double) {
            2
        } else {
            1
        };
        let is_settled = codings.iter().any(|coding| coding.ruling);
        !is_settled
            && !self.is_test(sentence)
            && codings.len() < needed
            && codings.iter().all(|coding| coding.annotator != annotator)
    }

    /// How much a sentence comes before others.
    fn urgency(&self, sentence: usize, order: Order) -> f64 {
        match order {
            Order::Uncertainty => uncertainty(&self.predictions[sentence]),
            Order::Diversity => f64::from(self.coverage.novelty(sentence)),
            Order::Random | Order::Suspects => {
                draw(&self.sentences[sentence].row.to_string()) as f64
            }
        }
    }

    fn is_skipped(&self, annotator: &str, sentence: usize) -> bool {
        let skipped = self.skipped.get(annotator);
        skipped.is_some_and(|skipped| skipped.contains(&sentence))
    }

    /// Puts a sentence off for a person, until the others are done.
    pub fn skip(&mut self, sentence: usize, annotator: &str) {
        let skipped = self.skipped.entry(annotator.to_owned()).or_default();
        skipped.insert(sentence);
    }

    /// Keeps what a person says of a sentence. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`Error::Desk`]; [`Error::Parameter`] for a person without a name.
    pub fn code(
        &mut self,
        sentence: usize,
        annotator: &str,
        labels: LabelSet,
        rule: Option<&str>,
    ) -> Result<()> {
        self.keep(sentence, annotator, labels, rule, false)
    }

    /// Keeps how a person rules on what others said of a sentence.
    ///
    /// # Errors
    /// As [`Desk::code`].
    pub fn rule(
        &mut self,
        sentence: usize,
        annotator: &str,
        labels: LabelSet,
        rule: Option<&str>,
    ) -> Result<()> {
        self.keep(sentence, annotator, labels, rule, true)
    }

    fn keep(
        &mut self,
        sentence: usize,
        annotator: &str,
        labels: LabelSet,
        rule: Option<&str>,
        ruling: bool,
    ) -> Result<()> {
        let annotator = annotator.trim();
        if annotator.is_empty() {
            return Err(Error::Parameter {
                name: "annotator",
                found: "empty".to_owned(),
                needed: "a name",
            });
        }
        let row = self.sentences[sentence].row;
        self.store.code(row, annotator, labels, rule, ruling)?;
        self.codings[sentence] = self.store.codings_of(row)?;
        self.coverage.take(sentence);
        self.suspects.retain(|suspect| suspect.row != sentence);
        Ok(())
    }

    /// Takes back the last thing that a person said; returns the sentence.
    ///
    /// # Errors
    /// [`Error::Desk`].
    pub fn undo(&mut self, annotator: &str) -> Result<Option<usize>> {
        let Some(row) = self.store.undo(annotator)? else {
            return Ok(None);
        };
        let at = self
            .sentences
            .iter()
            .position(|sentence| sentence.row == row);
        if let Some(at) = at {
            self.codings[at] = self.store.codings_of(row)?;
        }
        Ok(at)
    }

    /// The names of those who have coded, and how far they agree; rulings do not enter.
    pub fn agreement(&self, options: &EvaluationOptions) -> (Vec<String>, Agreement) {
        let names: Vec<String> = self.progress().annotators.into_keys().collect();
        let units: Vec<CodedUnit> = self
            .codings
            .iter()
            .zip(&self.sentences)
            .map(|(codings, sentence)| CodedUnit {
                group: sentence.article,
                codings: codings
                    .iter()
                    .filter(|coding| !coding.ruling)
                    .filter_map(|coding| {
                        Some((names.binary_search(&coding.annotator).ok()?, coding.labels))
                    })
                    .collect(),
            })
            .collect();
        let found = agreement(&units, self.model.labels(), options);
        (names, found)
    }

    /// The rules of the codebook under which coders differed, with the sentences: the rule that a ruling names, else what coders name,
    /// else what the data say; an empty name where nobody says.
    pub fn differences(&self) -> Vec<(String, Vec<usize>)> {
        let mut by_rule: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, codings) in self.codings.iter().enumerate() {
            let mut coders = codings.iter().filter(|coding| !coding.ruling);
            let Some(first) = coders.next() else { continue };
            if coders.any(|coding| coding.labels != first.labels) {
                let named = codings.iter().rev().find_map(|coding| coding.rule.clone());
                let rule = named.or_else(|| self.sentences[at].rule.clone());
                by_rule
                    .entry(rule.unwrap_or_default())
                    .or_default()
                    .push(at);
            }
        }
        let mut by_rule: Vec<(String, Vec<usize>)> = by_rule.into_iter().collect();
        by_rule.sort_by_key(|(_, sentences)| std::cmp::Reverse(sentences.len()));
        by_rule
    }
}

/// A number drawn for a name: the same for the same name, everywhere.
fn draw(name: &str) -> u64 {
    let mix = |seed: u64, byte: u8| SplitMix::new(seed ^ u64::from(byte)).next();
    name.bytes().fold(0, mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENIAL: &[usize] = &[2];

    /// A desk of one article whose sentences are `texts`; every sentence is for two people.
    fn desk(texts: &[&str]) -> (tempfile::TempDir, Desk) {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = reopen(&folder).unwrap();
        let sentence = |(at, text): (usize, &&str)| NewSentence {
            name: format!("a:{at}"),
            text: (*text).to_owned(),
            ..NewSentence::default()
        };
        let article = NewArticle {
            name: "a".to_owned(),
            sentences: texts.iter().enumerate().map(sentence).collect(),
            ..NewArticle::default()
        };
        desk.add(&[article]).unwrap();
        desk.set_double(100).unwrap();
        (folder, desk)
    }

    fn reopen(folder: &tempfile::TempDir) -> Result<Desk> {
        Desk::open(
            &folder.path().join("desk.sqlite"),
            Arc::new(Model::shipped()),
        )
    }

    fn set(labels: &[usize]) -> LabelSet {
        labels.iter().copied().collect()
    }

    #[test]
    fn two_people_code_each_sentence_and_no_third() {
        let (_folder, mut desk) = desk(&["Moscow denied it."]);
        for annotator in ["ada", "bea"] {
            assert_eq!(desk.next(annotator, Order::Random), Some(0));
            desk.code(0, annotator, set(DENIAL), None).unwrap();
            assert_eq!(desk.next(annotator, Order::Random), None);
        }
        assert_eq!(desk.next("cle", Order::Random), None);
        assert_eq!(desk.gold(0), Some(set(DENIAL)));
    }

    #[test]
    fn differences_are_ruled_on() {
        let (folder, mut desk) = desk(&["Moscow denied it.", "It rained."]);
        desk.code(0, "ada", set(DENIAL), Some("7")).unwrap();
        desk.code(0, "bea", set(&[]), None).unwrap();
        assert_eq!((desk.disputed(), desk.gold(0)), (vec![0], None));
        assert_eq!(desk.differences(), [("7".to_owned(), vec![0])]);
        desk.rule(0, "cle", set(&[0]), Some("12")).unwrap();
        assert_eq!((desk.disputed(), desk.gold(0)), (vec![], Some(set(&[0]))));
        assert_eq!(desk.differences(), [("12".to_owned(), vec![0])]);
        let (names, agreement) = desk.agreement(&EvaluationOptions::default());
        assert_eq!(
            (names, agreement.n_units),
            (vec!["ada".to_owned(), "bea".to_owned()], 1)
        );
        drop(desk);
        assert_eq!(reopen(&folder).unwrap().gold(0), Some(set(&[0])));
    }

    #[test]
    fn last_thing_said_is_taken_back_first() {
        let (_folder, mut desk) = desk(&["One.", "Two."]);
        desk.code(0, "ada", set(DENIAL), None).unwrap();
        desk.code(1, "ada", set(&[]), None).unwrap();
        desk.code(0, "ada", set(&[0]), None).unwrap();
        assert_eq!(desk.undo("ada").unwrap(), Some(0));
        assert_eq!(
            desk.gold(0),
            Some(set(DENIAL)),
            "what was said before counts again"
        );
        assert_eq!(desk.undo("bea").unwrap(), None);
        assert_eq!(desk.undo("ada").unwrap(), Some(1));
        assert_eq!(desk.gold(1), None);
    }

    #[test]
    fn uncertain_sentences_come_first_and_skipped_ones_last() {
        let (_folder, mut desk) = desk(&[
            "It rained.",
            "He said the claim was odd.",
            "Moscow denied it.",
        ]);
        let sureness = |at: usize| uncertainty(desk.prediction(at));
        let most = (0..3)
            .max_by(|&a, &b| sureness(a).total_cmp(&sureness(b)))
            .unwrap();
        assert_eq!(desk.next("ada", Order::Uncertainty), Some(most));
        desk.skip(most, "ada");
        assert_ne!(desk.next("ada", Order::Uncertainty), Some(most));
        for at in (0..3).filter(|&at| at != most) {
            desk.code(at, "ada", set(&[]), None).unwrap();
        }
        assert_eq!(desk.next("ada", Order::Uncertainty), Some(most));
        assert_eq!(
            desk.next("bea", Order::Uncertainty),
            Some(most),
            "she has skipped nothing"
        );
    }

    #[test]
    fn sentences_with_new_words_come_first() {
        let texts = [
            "Moscow denied the charge.",
            "Moscow denied the charges.",
            "The harbour was closed for repairs.",
        ];
        let (_folder, mut desk) = desk(&texts);
        desk.code(0, "ada", set(DENIAL), None).unwrap();
        assert_eq!(desk.next("ada", Order::Diversity), Some(2));
    }

    #[test]
    fn file_for_other_labels_or_no_desk_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("desk.sqlite"),
            "no database, but long enough to be taken for one",
        )
        .unwrap();
        let told = reopen(&folder).err().unwrap().to_string();
        assert!(
            told.ends_with("desk.sqlite: not a usable desk: file is not a database"),
            "{told}"
        );
    }
}
