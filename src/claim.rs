//! A claim: a sentence with its labels, how sure they are, who speaks, about whom, and which words decided.

use crate::model::Prediction;
use crate::{Labels, Span};

/// A classified sentence of an article. Spans index the article's text in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Number of the sentence in the article, from 1.
    pub sentence: usize,
    /// Where the sentence stands.
    pub span: Span,
    /// Labels, scores and probabilities.
    pub prediction: Prediction,
    /// Who says it, when the sentence tells.
    pub speaker: Option<Mention>,
    /// Who accuses, denies or offers, when the sentence tells.
    pub source: Option<Mention>,
    /// Who is accused, answered or addressed, when the sentence tells.
    pub target: Option<Mention>,
    /// The terms that weigh most for each of the labels, heaviest first; empty without a label.
    pub evidence: Vec<Evidence>,
}

impl Claim {
    /// The names of the labels, given the model's.
    pub fn labels<'a>(&self, labels: &'a Labels) -> impl Iterator<Item = &'a str> {
        labels.names_of(self.prediction.labels)
    }
}

/// A party as it is named in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name stands.
    pub span: Span,
    /// ISO 3166-1 alpha-3 or CAMEO code, where the actor table has one.
    pub code: Option<String>,
}

/// What one term adds to the score of one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Column of the label.
    pub label: usize,
    /// The term, as the vocabulary has it.
    pub term: String,
    /// Where it stands first in the sentence.
    pub span: Span,
    /// Coefficient times value, in log-odds before calibration.
    pub contribution: f64,
}
