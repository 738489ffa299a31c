//! Labelled sentences → a model.
//!
//! Fit the vectorizer and the regression on all rows; score each sentence by a regression fitted on the other folds; from
//! those held-out scores fit the calibration and choose the thresholds. The held-out regressions stop ten times earlier than the one that
//! is kept, which moves no calibrated probability by more than 0.001, and share the vocabulary and
//! the idf of all rows, which no label enters; `evaluate --cross-validate` shares nothing.

mod dataset;
mod fold;

use std::collections::BTreeMap;
use std::sync::Arc;

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::dataset::{Dataset, DatasetOptions, Sample};
pub(crate) use self::fold::SplitMix;
pub use self::fold::grouped_folds;
use crate::evaluate::{Confusion, average_precision, best_threshold};
use crate::model::{
    Calibration, HeldOut, LogisticModel, LogisticParams, LogisticValidParams, Model, Scorer,
    TrainingRecord, Weights,
};
use crate::token::{ActorTable, Lexicon, Resources, Spellings, Tokenizer};
use crate::vectorize::{SparseMatrix, VectorizerParams};
use crate::{Error, Labels, Result, Span};

/// Everything that decides what comes out of training, but for the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainParams {
    /// Terms and their weights.
    pub vectorizer: VectorizerParams,
    /// The regression.
    pub logistic: LogisticValidParams,
    /// Folds for held-out scores.
    pub folds: usize,
    /// What decides which group goes to which fold.
    pub seed: u64,
    /// The share of sentences that carry a label where the model will be used. Labels that are not named are taken to be
    /// as frequent there as in the data. Calibration and thresholds are fitted for these shares.
    #[serde(default)]
    pub shares: BTreeMap<String, f64>,
    /// The share that the clause of a sentence which scores highest has in the score of the sentence, from 0 to 1: 0 scores the
    /// sentence as a whole.
    #[serde(default)]
    pub clause_share: f64,
}

impl Default for TrainParams {
    fn default() -> Self {
        Self {
            vectorizer: VectorizerParams::default(),
            logistic: LogisticParams::default()
                .check()
                .expect("the default is valid"),
            folds: 5,
            seed: 0,
            shares: BTreeMap::new(),
            clause_share: 0.3,
        }
    }
}

/// The fewest rows that a label must be on, and missing from.
const FEWEST_ROWS: usize = 2;

impl TrainParams {
    /// Trains a model. The same data, parameters and version give the same model, for any number of threads.
    ///
    /// # Errors
    /// [`Error::NoLabels`], [`Error::RareLabel`] for a label on, or missing from, fewer than 2 rows, and the errors of fitting.
    pub fn train(&self, data: &Dataset, lexicon: Lexicon, actors: ActorTable) -> Result<Model> {
        check_labels(data)?;
        self.check_shares(&data.labels)?;
        let known = lower_case_stems(data).join("\n");
        let resources = Arc::new(Resources::new(lexicon, actors, known.lines()));
        let texts: Vec<&str> = data
            .samples
            .iter()
            .map(|sample| sample.text.as_str())
            .collect();
        let (vectorizer, x, order) = self
            .vectorizer
            .fit_by_frequency(&texts, || Tokenizer::new(Arc::clone(&resources)))?;
        let y = data.targets();
        let dataset = DatasetBase::new(x, y);
        let logistic = self.logistic.fit(&dataset)?;
        let (fold_of, fits) = self.fit_others(data, &dataset, &logistic)?;
        drop(dataset.records);
        let y = dataset.targets;

        let coefficients = in_vocabulary_order(logistic.coefficients(), &order);
        let model = Model {
            labels: data.labels.clone(),
            resources,
            known,
            weights: Weights::new(&coefficients, vectorizer.vocabulary()),
            vectorizer,
            coefficients,
            intercepts: logistic.intercepts().clone(),
            calibrations: Vec::new(),
            thresholds: Vec::new(),
            record: TrainingRecord {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                params: self.clone(),
                data_sha256: data.sha256(),
                n_samples: data.samples.len(),
                held_out: Vec::new(),
            },
        };
        let model = Arc::new(model);
        let held_out = held_out_scores(&model, &texts, &fold_of, &fits, &order);
        let columns: Vec<_> = held_out
            .axis_iter(Axis(1))
            .zip(y.axis_iter(Axis(1)))
            .collect();
        let decisions: Vec<_> = columns
            .into_par_iter()
            .zip(data.labels.names())
            .map(|((scores, gold), label)| self.decide(label, &scores.to_vec(), &gold.to_vec()))
            .collect();
        let mut model = Arc::unwrap_or_clone(model);
        for (calibration, threshold, held_out) in decisions {
            model.calibrations.push(calibration);
            model.thresholds.push(threshold);
            model.record.held_out.push(held_out);
        }
        Ok(model)
    }

    /// The calibration and the threshold of a label, and how well it does with them, from scores of rows held out.
    fn decide(&self, label: &str, scores: &[f64], gold: &[bool]) -> (Calibration, f64, HeldOut) {
        let weights = self.weights(label, gold);
        let calibration = Calibration::fit(scores, gold, weights);
        let probabilities: Vec<f64> = scores
            .iter()
            .map(|&score| calibration.probability(score))
            .collect();
        let (threshold, _) = best_threshold(&probabilities, gold, weights);
        let passed = probabilities
            .iter()
            .map(|&probability| probability >= threshold);
        let confusion = Confusion::count(gold.iter().copied().zip(passed));
        let held_out = HeldOut {
            support: confusion.support(),
            precision: confusion.precision(),
            recall: confusion.recall(),
            f1: confusion.f1(),
            average_precision: average_precision(scores, gold),
        };
        (calibration, threshold, held_out)
    }

    /// How much a row without and with the label counts, so that labelled rows make up their share.
    fn weights(&self, label: &str, gold: &[bool]) -> [f64; 2] {
        let found = gold.iter().filter(|&&gold| gold).count() as f64 / gold.len() as f64;
        let share = self.shares.get(label).copied().unwrap_or(found);
        [(1.0 - share) / (1.0 - found), share / found]
    }

    fn check_shares(&self, labels: &Labels) -> Result<()> {
        for (label, &share) in &self.shares {
            if labels.index(label).is_none() || !(share > 0.0 && share < 1.0) {
                return Err(Error::Parameter {
                    name: "shares",
                    found: format!("{label}={share}"),
                    needed: "a label of the data and a share between 0 and 1",
                });
            }
        }
        if !(0.0..=1.0).contains(&self.clause_share) {
            return Err(Error::Parameter {
                name: "clause_share",
                found: self.clause_share.to_string(),
                needed: "a number from 0 to 1",
            });
        }
        Ok(())
    }

    /// The fold of each row, and for each fold a regression on the rows of the others.
    fn fit_others(
        &self,
        data: &Dataset,
        dataset: &DatasetBase<SparseMatrix, Array2<bool>>,
        start: &LogisticModel,
    ) -> Result<(Vec<usize>, Vec<LogisticModel>)> {
        let groups: Vec<&str> = data
            .samples
            .iter()
            .map(|sample| sample.group.as_str())
            .collect();
        let sets: Vec<_> = data.samples.iter().map(|sample| sample.labels).collect();
        let distinct = groups
            .iter()
            .collect::<std::collections::HashSet<_>>()
            .len();
        let folds = self.folds.min(distinct);
        let fold_of = grouped_folds(&groups, &sets, folds, self.seed)?;
        let fits = self.logistic.fit_others(start, dataset, &fold_of, folds)?;
        Ok((fold_of, fits))
    }
}

/// Scores of every sentence, as the model would score it, by the regression that was not fitted on its fold.
fn held_out_scores(
    model: &Arc<Model>,
    texts: &[&str],
    fold_of: &[usize],
    fits: &[LogisticModel],
    order: &[u32],
) -> Array2<f64> {
    /// The fewest sentences that one tokenizer reads.
    const FEWEST: usize = 1000;
    let vectorizer = &model.vectorizer;
    let weights: Vec<Weights> = fits
        .iter()
        .map(|fit| {
            let coefficients = in_vocabulary_order(fit.coefficients(), order);
            Weights::new(&coefficients, vectorizer.vocabulary())
        })
        .collect();
    let score = |tokenizer: &mut Tokenizer, scorer: &mut Scorer, text: &str, fold: usize| {
        let tokens = tokenizer.tokenize(text, Span::new(0, text.len()));
        let mut scores = Vec::new();
        scorer.read(vectorizer.vocabulary(), tokens);
        scorer.score(vectorizer, &weights[fold], tokens, &mut scores);
        for (score, intercept) in scores.iter_mut().zip(fits[fold].intercepts()) {
            *score += intercept;
        }
        scores
    };
    let rows: Vec<Vec<f64>> = texts
        .par_iter()
        .zip(fold_of)
        .with_min_len(FEWEST)
        .map_init(
            || (model.tokenizer(), model.scorer()),
            |(tokenizer, scorer), (text, &fold)| score(tokenizer, scorer, text, fold),
        )
        .collect();
    Array2::from_shape_fn((rows.len(), fits[0].intercepts().len()), |(row, label)| {
        rows[row][label]
    })
}

/// Coefficients as they are kept: single precision, in the order of the vocabulary.
fn in_vocabulary_order(coefficients: &Array2<f64>, order: &[u32]) -> Array2<f32> {
    let mut kept = Array2::zeros(coefficients.raw_dim());
    for (column, &place) in coefficients.columns().into_iter().zip(order) {
        kept.column_mut(place as usize)
            .assign(&column.mapv(|w| w as f32));
    }
    kept
}

fn check_labels(data: &Dataset) -> Result<()> {
    let n_samples = data.samples.len();
    if data.labels.is_empty() {
        return Err(Error::NoLabels { n_samples });
    }
    for (index, label) in data.labels.names().iter().enumerate() {
        let on = data
            .samples
            .iter()
            .filter(|sample| sample.labels.contains(index))
            .count();
        for (state, found) in [("on", on), ("missing from", n_samples - on)] {
            if found < FEWEST_ROWS {
                let label = label.clone();
                return Err(Error::RareLabel {
                    label,
                    state,
                    found,
                    n_samples,
                    needed: FEWEST_ROWS,
                });
            }
        }
    }
    Ok(())
}

/// The stems of the words that stand in lower case somewhere in the data, sorted.
fn lower_case_stems(data: &Dataset) -> Vec<String> {
    let spellings_of = |samples: &[Sample]| {
        let mut spellings = Spellings::default();
        for sample in samples {
            spellings.read(&sample.text);
        }
        spellings
    };
    let share = data
        .samples
        .len()
        .div_ceil(rayon::current_num_threads())
        .max(1);
    let chunks = data.samples.par_chunks(share).map(spellings_of);
    chunks
        .reduce(Spellings::default, Spellings::and)
        .lower_case_stems()
}
