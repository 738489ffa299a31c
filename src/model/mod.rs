//! What is learned, and how it is kept: coefficients, calibration, thresholds, and one inert file that holds them all.

pub(crate) mod calibration;
mod dense;
mod dropout;
mod file;
mod logistic;
mod newton;
mod score;
mod screen;
mod weights;

use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

pub use self::calibration::Calibration;
pub use self::logistic::{ClassWeight, LogisticModel, LogisticParams, LogisticValidParams, Solver};
pub(crate) use self::newton::logistic;
pub(crate) use self::score::Scorer;
pub(crate) use self::screen::Screen;
pub(crate) use self::weights::Weights;
use crate::token::{Resources, Token, Tokenizer};
use crate::train::TrainParams;
use crate::vectorize::{Vectorizer, word_hash};
use crate::{Error, LabelSet, Labels, Result};

/// A trained model: everything that turns a sentence into labels.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) labels: Labels,
    pub(crate) resources: Arc<Resources>,
    /// Stems that the training data has in lower case, sorted, one a line.
    pub(crate) known: String,
    pub(crate) vectorizer: Vectorizer,
    /// `n_labels` × `n_features`.
    pub(crate) coefficients: Array2<f32>,
    /// The coefficients as scoring reads them.
    pub(crate) weights: Weights,
    pub(crate) intercepts: Array1<f64>,
    pub(crate) calibrations: Vec<Calibration>,
    pub(crate) thresholds: Vec<f64>,
    pub(crate) record: TrainingRecord,
}

/// How a model came to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingRecord {
    /// The version of this crate that trained it.
    pub version: String,
    /// The parameters.
    pub params: TrainParams,
    /// SHA-256 of the training data: of each row's text, labels and group, in order.
    pub data_sha256: String,
    /// Training sentences.
    pub n_samples: usize,
    /// For each label, in order: sentences that carry it, and how the held-out scores did.
    pub held_out: Vec<HeldOut>,
}

/// Scores of one label on folds that were held out of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Sentences that carry the label.
    pub support: usize,
    /// Precision at the threshold.
    pub precision: f64,
    /// Recall at the threshold.
    pub recall: f64,
    /// F1 at the threshold.
    pub f1: f64,
    /// Average precision.
    pub average_precision: f64,
}

/// What a model says of one sentence: a value for each label, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prediction {
    /// Labels whose probability reaches their threshold.
    pub labels: LabelSet,
    /// Values of the decision function.
    pub scores: Vec<f64>,
    /// Calibrated probabilities.
    pub probabilities: Vec<f64>,
}

/// The model that ships with this crate, as a file.
const SHIPPED: &[u8] = include_bytes!("../../models/default.safetensors");

impl Model {
    /// The model that ships with this crate.
    ///
    /// # Panics
    /// Never: a test reads the shipped file.
    pub fn shipped() -> Self {
        Self::from_bytes(SHIPPED, Path::new("models/default.safetensors"))
            .expect("a test reads the shipped model")
    }

    /// The labels, in the order of every array here.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The fitted vectorizer.
    pub fn vectorizer(&self) -> &Vectorizer {
        &self.vectorizer
    }

    /// The lexicon and the actor table.
    pub fn resources(&self) -> &Arc<Resources> {
        &self.resources
    }

    /// Stems that the training data has in lower case, sorted.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.lines()
    }

    /// `n_labels` × `n_features`.
    pub fn coefficients(&self) -> &Array2<f32> {
        &self.coefficients
    }

    /// One a label.
    pub fn intercepts(&self) -> &Array1<f64> {
        &self.intercepts
    }

    /// One a label.
    pub fn calibrations(&self) -> &[Calibration] {
        &self.calibrations
    }

    /// The probability from which on a sentence carries the label, one a label.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// The same model, which gives a label from this probability on.
    ///
    /// ```
    /// let model = rejoinder::Model::shipped().with_threshold("denial", 0.9)?;
    /// assert_eq!(model.thresholds()[model.labels().index("denial").unwrap()], 0.9);
    /// # Ok::<(), rejoinder::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for a label that the model lacks, or a threshold that is no probability.
    pub fn with_threshold(mut self, label: &str, threshold: f64) -> Result<Self> {
        match self.labels.index(label) {
            Some(label) if (0.0..=1.0).contains(&threshold) => self.thresholds[label] = threshold,
            _ => {
                return Err(Error::Parameter {
                    name: "threshold",
                    found: format!("{label}={threshold}"),
                    needed: "a label of the model and a number between 0 and 1",
                });
            }
        }
        Ok(self)
    }

    /// How the model came to be.
    pub fn record(&self) -> &TrainingRecord {
        &self.record
    }

    /// What reads sentences for [`predict`](Self::predict).
    pub(crate) fn scorer(&self) -> Scorer {
        Scorer::new(
            &self.vectorizer,
            &self.resources.lexicon,
            self.record.params.clause_share,
        )
    }

    /// Scores the sentence of these tokens, which `scorer` has read, and gives the labels that reach `thresholds`.
    pub(crate) fn predict(
        &self,
        scorer: &mut Scorer,
        tokens: &[Token],
        thresholds: &[f64],
        prediction: &mut Prediction,
    ) {
        prediction.labels = LabelSet::default();
        prediction.scores.clear();
        prediction.probabilities.clear();
        scorer.score(
            &self.vectorizer,
            &self.weights,
            tokens,
            &mut prediction.scores,
        );
        for (label, score) in prediction.scores.iter_mut().enumerate() {
            *score += self.intercepts[label];
            let score = *score;
            let probability = self.calibrations[label].probability(score);
            if probability >= thresholds[label] {
                prediction.labels.insert(label);
            }
            prediction.probabilities.push(probability);
        }
    }

    /// What each term of the sentence that was scored last adds to the score of a label.
    pub(crate) fn contributions(&self, scorer: &mut Scorer, label: usize) -> Vec<f64> {
        scorer.contributions(&self.vectorizer, &self.weights, label)
    }

    /// A tokenizer whose tokens tell the ranks of the vocabulary's terms.
    pub(crate) fn tokenizer(self: &Arc<Self>) -> Tokenizer {
        let model = Arc::clone(self);
        Tokenizer::ranking(Arc::clone(&self.resources), move |word| {
            model.vectorizer.vocabulary().rank(word_hash(word))
        })
    }
}
