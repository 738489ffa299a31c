//! Article → claims: segmentation, tokens, features, scores, parties, in this order.
//!
//! ```
//! use rejoinder::{Article, Model, Pipeline, Unit};
//!
//! let mut pipeline = Pipeline::new(Model::shipped().into());
//! let text = "Tehran denied the charge. It rained.".to_owned();
//! let article = Article { text, ..Article::default() };
//! let claims = pipeline.classify(&article, Unit::Sentence);
//! assert_eq!(claims[0].span.of(&article.text), "Tehran denied the charge.");
//! ```

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::json;

use crate::article::{ArticleRef, furniture};
use crate::claim::{Claim, Evidence, Mention, Relation, Role};
use crate::model::{Model, Prediction, Scorer, Screen};
use crate::party::{Memory, Parties, PartyFinder};
use crate::reprint::{Print, PrintReader, Prints};
use crate::speaker::SpeakerFinder;
use crate::token::{Token, Tokenizer};
use crate::vectorize::Hit;
use crate::{CodePoints, Error, LabelSet, Labels, Result, Span, SparseVector, segment};

/// What is classified as one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Every sentence of an article.
    #[default]
    Sentence,
    /// The whole text of a record.
    Record,
}

/// The stages joined, with the memory that they reuse: one for each thread.
pub struct Pipeline {
    model: Arc<Model>,
    tokenizer: Tokenizer,
    scorer: Scorer,
    screen: Option<Screen>,
    parties: PartyFinder,
    memory: Memory,
    speakers: SpeakerFinder,
    with_parties: bool,
    thresholds: Vec<f64>,
    sentences: Vec<Span>,
    prediction: Prediction,
    /// Made when it is first needed.
    prints: Option<PrintReader>,
}

/// Why a sentence scores as it does: for each label the intercept and what every term adds; their sum is the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What the model says.
    pub prediction: Prediction,
    /// One a label.
    pub intercepts: Vec<f64>,
    /// Every known term of the sentence.
    pub terms: Vec<TermWeights>,
    /// Who does what each label that is given says to whom.
    pub relations: Vec<Relation>,
}

/// One term of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct TermWeights {
    /// The term, as the vocabulary has it.
    pub term: String,
    /// Where it stands first.
    pub span: Span,
    /// What it adds to the score of each label.
    pub contributions: Vec<f64>,
}

impl Pipeline {
    /// The most terms that are given as evidence for a label.
    pub const EVIDENCE: usize = 5;

    /// Joins the stages around a model.
    pub fn new(model: Arc<Model>) -> Self {
        let (screen, parties) = rayon::join(
            || Screen::new(&model),
            || PartyFinder::new(&model.labels, &model.resources.lexicon), // the first one reads its tables
        );
        Self {
            tokenizer: model.tokenizer(),
            scorer: model.scorer(),
            screen,
            parties,
            memory: Memory::default(),
            speakers: SpeakerFinder::default(),
            with_parties: true,
            thresholds: model.thresholds.clone(),
            model,
            sentences: Vec::new(),
            prediction: Prediction::default(),
            prints: None,
        }
    }

    /// Whether claims are told their speaker, source and target, which they are by default. Looking for them takes longer than
    /// all else where claims stand close.
    #[must_use]
    pub fn with_parties(mut self, with_parties: bool) -> Self {
        self.with_parties = with_parties;
        self
    }

    /// The model.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// Gives labels from these probabilities on, one a label, instead of the model's thresholds.
    ///
    /// # Errors
    /// [`Error::Dimension`] when there is not one for each label.
    pub fn set_thresholds(&mut self, thresholds: &[f64]) -> Result<()> {
        if thresholds.len() != self.model.labels.len() {
            return Err(Error::Dimension {
                what: "thresholds",
                expected: self.model.labels.len(),
                found: thresholds.len(),
            });
        }
        self.thresholds.clear();
        self.thresholds.extend_from_slice(thresholds);
        if let Some(screen) = &mut self.screen {
            screen.set_thresholds(&self.model, thresholds);
        }
        Ok(())
    }

    /// Every sentence of the article, in order, with or without labels.
    pub fn classify<'a>(&mut self, article: impl Into<ArticleRef<'a>>, unit: Unit) -> Vec<Claim> {
        self.classify_where(article, unit, |_| true)
    }

    /// The sentences of the article that carry a label, in order: [`Pipeline::classify`] without the others, at less cost.
    pub fn labelled<'a>(&mut self, article: impl Into<ArticleRef<'a>>, unit: Unit) -> Vec<Claim> {
        let wanted = |prediction: &Prediction| !prediction.labels.is_empty();
        self.classify_each(article.into().text, unit, true, wanted, |_, _| {})
    }

    /// The sentences of the article that was read last.
    pub fn sentences(&self) -> &[Span] {
        &self.sentences
    }

    /// The sentences of the article whose prediction is wanted, in order. `wanted` is asked once for every sentence.
    ///
    /// ```
    /// # use rejoinder::{Article, Model, Pipeline, Unit};
    /// # let mut pipeline = Pipeline::new(Model::shipped().into());
    /// # let text = "Tehran denied the charge. It rained.".to_owned();
    /// # let article = Article { text, ..Article::default() };
    /// let claims = pipeline.classify_where(&article, Unit::Sentence, |prediction| !prediction.labels.is_empty());
    /// assert_eq!(claims.len(), 1);
    /// ```
    pub fn classify_where<'a>(
        &mut self,
        article: impl Into<ArticleRef<'a>>,
        unit: Unit,
        wanted: impl FnMut(&Prediction) -> bool,
    ) -> Vec<Claim> {
        self.classify_each(article.into().text, unit, false, wanted, |_, _| {})
    }

    /// The same, with what [`Reprints`](crate::Reprints) need to know the article and the claims again.
    pub fn classify_with_prints<'a>(
        &mut self,
        article: impl Into<ArticleRef<'a>>,
        unit: Unit,
        wanted: impl FnMut(&Prediction) -> bool,
    ) -> (Vec<Claim>, Prints) {
        let text = article.into().text;
        let mut reader = self.prints.take().unwrap_or_else(|| {
            PrintReader::new(&self.model.vectorizer, &self.model.resources.lexicon)
        });
        reader.begin();
        let mut prints = Vec::new();
        let claims = self.classify_each(text, unit, false, wanted, |stages, claim| {
            reader.read(&stages.model.vectorizer, &stages.tokenizer, text);
            if let Some(claim) = claim {
                let labelled = !claim.prediction.labels.is_empty();
                prints.push(if labelled {
                    reader.sentence()
                } else {
                    Print::default()
                });
            }
        });
        let prints = Prints {
            article: reader.article(),
            claims: prints,
        };
        self.prints = Some(reader);
        (claims, prints)
    }

    /// The sentences whose prediction is wanted; none is without a label if `labelled`. `read` is shown every sentence, as its
    /// tokens are, with its claim if wanted.
    fn classify_each(
        &mut self,
        text: &str,
        unit: Unit,
        labelled: bool,
        mut wanted: impl FnMut(&Prediction) -> bool,
        mut read: impl FnMut(&Self, Option<&Claim>),
    ) -> Vec<Claim> {
        let mut sentences = std::mem::take(&mut self.sentences);
        sentences.clear();
        match unit {
            Unit::Sentence => segment(text, &furniture(text), &mut sentences),
            Unit::Record => sentences.push(Span::new(0, text.len()).trim(text)),
        }
        let mut prediction = std::mem::take(&mut self.prediction);
        let mut claims = Vec::new();
        self.memory.clear();
        for (at, &span) in sentences.iter().enumerate() {
            self.read(text, span);
            let claim = if labelled && !self.may_carry_label() {
                None
            } else {
                self.score(&mut prediction);
                wanted(&prediction).then(|| self.claim(text, &sentences, at, prediction.clone()))
            };
            read(self, claim.as_ref());
            claims.extend(claim);
            if self.with_parties {
                self.memory.push(self.tokenizer.tokens());
            }
        }
        (self.sentences, self.prediction) = (sentences, prediction);
        claims
    }

    /// What the model says of one sentence.
    pub fn predict(&mut self, sentence: &str) -> Prediction {
        let mut prediction = Prediction::default();
        self.read(sentence, Span::new(0, sentence.len()));
        self.score(&mut prediction);
        prediction
    }

    /// The terms of one sentence, weighted: a row over the columns of the model's vocabulary.
    pub fn vector(&mut self, sentence: &str) -> SparseVector {
        self.predict(sentence);
        let vocabulary = self.model.vectorizer.vocabulary();
        let mut entries: Vec<(u32, f32)> = self
            .scorer
            .hits()
            .iter()
            .map(|hit| (vocabulary.column(hit.rank) as u32, hit.value))
            .collect();
        entries.sort_unstable_by_key(|&(column, _)| column);
        let (indices, values) = entries.into_iter().unzip();
        SparseVector { indices, values }
    }

    /// What every term of one sentence adds to every score.
    pub fn explain(&mut self, sentence: &str) -> Explanation {
        let prediction = self.predict(sentence);
        self.memory.clear();
        let all = [Span::new(0, sentence.len())];
        let relations = self.parties(sentence, &all, 0, prediction.labels).relations;
        let tokens = self.tokenizer.tokens();
        let contributions: Vec<Vec<f64>> = (0..self.model.labels.len())
            .map(|label| self.model.contributions(&mut self.scorer, label))
            .collect();
        let terms = self
            .scorer
            .hits()
            .iter()
            .enumerate()
            .map(|(at, hit)| TermWeights {
                term: self.term(*hit),
                span: span_of(tokens, *hit),
                contributions: contributions.iter().map(|of_label| of_label[at]).collect(),
            });
        Explanation {
            terms: terms.collect(),
            relations,
            prediction,
            intercepts: self.model.intercepts.to_vec(),
        }
    }

    /// What the sentence of number `at`, which was read last, claims.
    fn claim(
        &mut self,
        text: &str,
        sentences: &[Span],
        at: usize,
        prediction: Prediction,
    ) -> Claim {
        let (mut parties, mut evidence) = (Parties::default(), Vec::new());
        if !prediction.labels.is_empty() {
            evidence = self.evidence(&prediction);
            if self.with_parties {
                parties = self.parties(text, sentences, at, prediction.labels);
            }
        }
        Claim {
            sentence: at + 1,
            span: sentences[at],
            prediction,
            speaker: parties.speaker,
            relations: parties.relations,
            evidence,
            cluster: None,
            reprint_of: None,
        }
    }

    /// Who says the sentence of number `at`, which was read last, and who does what its labels say to whom.
    fn parties(&mut self, text: &str, sentences: &[Span], at: usize, labels: LabelSet) -> Parties {
        let said = self.speakers.speaker(text, sentences, at);
        let (tokenizer, tokens) = (&self.tokenizer, self.tokenizer.tokens());
        self.parties
            .find(tokenizer, &mut self.memory, text, tokens, labels, &said)
    }

    /// Reads a sentence: its tokens, and the model's terms in it.
    fn read(&mut self, text: &str, span: Span) {
        let tokens = self.tokenizer.tokenize(text, span);
        self.scorer.read(self.model.vectorizer.vocabulary(), tokens);
    }

    /// Whether the sentence that was read last may carry a label.
    fn may_carry_label(&mut self) -> bool {
        let (tokens, terms) = (self.tokenizer.tokens(), self.scorer.occurrences());
        let screen = self.screen.as_mut();
        screen.is_none_or(|screen| screen.may_carry_label(tokens, terms))
    }

    /// Scores the sentence that was read last.
    fn score(&mut self, prediction: &mut Prediction) {
        let tokens = self.tokenizer.tokens();
        self.model
            .predict(&mut self.scorer, tokens, &self.thresholds, prediction);
    }

    fn term(&self, hit: Hit) -> String {
        let vocabulary = self.model.vectorizer.vocabulary();
        vocabulary.term(vocabulary.column(hit.rank)).to_owned()
    }

    fn evidence(&mut self, prediction: &Prediction) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for label in prediction.labels.iter() {
            let contributions = self.model.contributions(&mut self.scorer, label);
            let mut heaviest: Vec<(f64, Hit)> = Vec::with_capacity(Self::EVIDENCE + 1);
            let mut lightest = 0.0; // from which on a term is none of the heaviest
            for (contribution, &hit) in contributions.into_iter().zip(self.scorer.hits()) {
                if contribution > lightest {
                    let place = heaviest.partition_point(|kept| kept.0 >= contribution);
                    heaviest.truncate(Self::EVIDENCE - 1);
                    heaviest.insert(place, (contribution, hit));
                    if heaviest.len() == Self::EVIDENCE {
                        lightest = heaviest[Self::EVIDENCE - 1].0;
                    }
                }
            }
            evidence.extend(heaviest.into_iter().map(|(contribution, hit)| Evidence {
                label,
                term: self.term(hit),
                span: span_of(self.tokenizer.tokens(), hit),
                contribution,
            }));
        }
        evidence
    }
}

fn span_of(tokens: &[Token], hit: Hit) -> Span {
    Span::new(
        tokens[hit.first as usize].span.start,
        tokens[hit.last as usize].span.end,
    )
}

fn mention_json(text: &str, mention: &Mention) -> serde_json::Value {
    let mut points = CodePoints::new(text);
    json!({
        "text": mention.span.of(text),
        "code": mention.code,
        "role": mention.role.map(Role::code),
        "start": points.at(mention.span.start),
        "end": points.at(mention.span.end),
    })
}

impl Explanation {
    /// The fewest terms, taken greedily, without which the decision on a label would be the other one; `None` when no
    /// choice of terms flips it. The values of the other terms are taken to stay as they are.
    pub fn flip(&self, model: &Model, label: usize) -> Option<Vec<String>> {
        let given = self.prediction.labels.contains(label);
        let towards = |term: &&TermWeights| (term.contributions[label] > 0.0) == given;
        let mut order: Vec<&TermWeights> = self.terms.iter().filter(towards).collect();
        order.sort_by(|a, b| {
            b.contributions[label]
                .abs()
                .total_cmp(&a.contributions[label].abs())
        });
        let mut score = self.prediction.scores[label];
        let mut left_out = Vec::new();
        for term in order {
            score -= term.contributions[label];
            left_out.push(term.term.clone());
            let probability = model.calibrations()[label].probability(score);
            if (probability >= model.thresholds()[label]) != given {
                return Some(left_out);
            }
        }
        None
    }

    /// The explanation as JSON: for each label the score, its parts, and every term's contribution.
    pub fn to_json(&self, labels: &Labels, text: &str) -> serde_json::Value {
        let parties = |label: usize, side: fn(&Relation) -> &[Mention]| -> Vec<serde_json::Value> {
            let relations = self
                .relations
                .iter()
                .filter(|relation| relation.label == label);
            let mentions = relations.flat_map(side);
            mentions
                .map(|mention| mention_json(text, mention))
                .collect()
        };
        let of_label = |(label, name): (usize, &String)| {
            let terms: Vec<_> = self
                .terms
                .iter()
                .map(|term| {
                    let start = CodePoints::new(text).at(term.span.start);
                    let end = CodePoints::new(text).at(term.span.end);
                    json!({"term": term.term, "start": start, "end": end, "contribution": term.contributions[label]})
                })
                .collect();
            let value = json!({
                "given": self.prediction.labels.contains(label),
                "probability": self.prediction.probabilities[label],
                "score": self.prediction.scores[label],
                "intercept": self.intercepts[label],
                "sources": parties(label, |relation| &relation.sources),
                "targets": parties(label, |relation| &relation.targets),
                "terms": terms,
            });
            (name.clone(), value)
        };
        json!({"text": text, "labels": labels.names().iter().enumerate().map(of_label).collect::<serde_json::Map<_, _>>()})
    }
}
