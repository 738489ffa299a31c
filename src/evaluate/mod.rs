//! Gold labels × predictions → [`Evaluation`]: how right a model is, label by label, and how sure one can be of that.
//!
//! Where predictions come from: [`predict`] for a model and sentences that it has not seen, [`cross_validate`] for
//! labelled sentences only. The same two make [`suspects`], the labels that look wrong; [`swap_actors`] tells whether a
//! model learned who speaks instead of what is said.
//!
//! ```
//! use rejoinder::evaluate::{Evaluation, EvaluationOptions};
//! use rejoinder::{Dataset, LabelSet, Labels, Prediction, Sample};
//!
//! let sample = |text: &str, labels: &[usize]| Sample {
//!     text: text.into(),
//!     labels: labels.iter().copied().collect(),
//!     group: text.into(),
//!     id: text.into(),
//!     part: String::new(),
//! };
//! let samples = vec![sample("Kyiv denied it.", &[0]), sample("It rained.", &[])];
//! let labels = Labels::new(["denial"])?;
//! let data = Dataset { samples, labels: labels.clone(), warnings: Vec::new() };
//! let prediction = |probability: f64| Prediction {
//!     labels: LabelSet::from_iter((probability >= 0.5).then_some(0)),
//!     scores: vec![0.0],
//!     probabilities: vec![probability],
//! };
//! let predictions = [prediction(0.9), prediction(0.6)];
//!
//! let evaluation = Evaluation::new(&data, &labels, &predictions, &EvaluationOptions::default())?;
//! let denial = &evaluation.overall.labels[0];
//! assert_eq!((denial.precision.value, denial.recall.value, denial.support), (0.5, 1.0, 1));
//!
//! let strangers = Labels::new(["offer"])?; // the model must know every label of the data
//! let error = Evaluation::new(&data, &strangers, &predictions, &EvaluationOptions::default()).unwrap_err();
//! assert!(error.to_string().contains("denial"));
//! # Ok::<(), rejoinder::Error>(())
//! ```

mod agreement;
mod bootstrap;
mod cross_validate;
mod gold;
mod metrics;
mod names;
mod predict;
mod suspects;
mod swap;

use serde::Serialize;

pub use self::agreement::{Agreement, CodedUnit, PairAgreement, agreement};
use self::bootstrap::{Column, Rows};
pub use self::cross_validate::cross_validate;
use self::gold::Gold;
pub use self::metrics::{Confusion, average_precision, best_threshold, expected_calibration_error};
pub use self::predict::predict;
pub use self::suspects::{Suspect, suspects};
pub use self::swap::{SwapChange, SwapReport, swap_actors};
use crate::model::Prediction;
use crate::{Dataset, Error, Labels, Result};

/// How an [`Evaluation`] finds its intervals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvaluationOptions {
    /// Bootstrap resamples: 1,000 by default, at least 1.
    pub resamples: usize,
    /// What decides which groups each resample draws.
    pub seed: u64,
}

impl Default for EvaluationOptions {
    fn default() -> Self {
        Self {
            resamples: 1_000,
            seed: 0,
        }
    }
}

/// How predictions compare with gold labels: over all rows, and over each part of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// How the intervals were found.
    pub options: EvaluationOptions,
    /// Over all rows.
    pub overall: Scores,
    /// Over the rows of each distinct part that has a name, in order of first appearance.
    pub parts: Vec<PartScores>,
}

/// Scores over the rows of one part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartScores {
    /// What the data call the part.
    pub part: String,
    /// Its scores.
    #[serde(flatten)]
    pub scores: Scores,
}

/// Scores over some rows.
///
/// The means `macro_f1` and `mean_average_precision` run over the labels with support: a label that no row carries has no
/// recall. What was wrongly predicted of it still counts in `micro_f1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Sentences.
    pub n_samples: usize,
    /// Distinct groups among them: what the bootstrap draws.
    pub n_groups: usize,
    /// One a label of the model, in its order.
    pub labels: Vec<LabelScores>,
    /// The mean of the labels' F1.
    pub macro_f1: Estimate,
    /// F1 of the labels' confusions added up.
    pub micro_f1: Estimate,
    /// The mean of the labels' average precision.
    pub mean_average_precision: Estimate,
}

/// Scores of one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScores {
    /// The label.
    pub label: String,
    /// Rows that carry it.
    pub support: usize,
    /// The share of rows predicted to carry it that do; 0 when there are none.
    pub precision: Estimate,
    /// The share of rows that carry it that were predicted to; 0 when there are none.
    pub recall: Estimate,
    /// Their harmonic mean.
    pub f1: Estimate,
    /// [`average_precision`] of the probabilities.
    pub average_precision: f64,
    /// [`expected_calibration_error`] of the probabilities.
    pub expected_calibration_error: f64,
    /// Rows by gold and predicted.
    pub confusion: Confusion,
}

/// A score and its 95 % interval.
///
/// The interval runs from the 2.5th to the 97.5th percentile of the score over resamples of as many groups as there
/// are, drawn with replacement (Efron, Tibshirani 1993, section 13.3; sentences of one article resemble each other, so
/// whole groups are drawn). Percentiles are interpolated linearly, as in numpy. A score that a resample leaves undefined
/// is 0. The model is taken as given: how scores would vary with other training data is not in the interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Estimate {
    /// The score of the rows themselves.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Evaluation {
    /// Compares the gold labels of `data` with one prediction a row. `labels` are those of the model that predicted:
    /// they are matched with the labels of the data by name.
    ///
    /// The same arguments give the same numbers for any number of threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a label of the data that the model lacks, and for no resamples; [`Error::Dimension`]
    /// unless there is one prediction a row and one probability a label.
    pub fn new(
        data: &Dataset,
        labels: &Labels,
        predictions: &[Prediction],
        options: &EvaluationOptions,
    ) -> Result<Self> {
        if options.resamples == 0 {
            let found = options.resamples.to_string();
            return Err(Error::Parameter {
                name: "resamples",
                found,
                needed: "at least 1",
            });
        }
        let gold = Gold::new(data, labels, predictions)?;
        let score = |rows: &[usize]| score(data, &gold, labels, predictions, rows, options);
        let all: Vec<usize> = (0..data.samples.len()).collect();
        let parts = parts(data)
            .into_iter()
            .map(|(part, rows)| PartScores {
                part: part.to_owned(),
                scores: score(&rows),
            })
            .collect();
        Ok(Self {
            options: options.clone(),
            overall: score(&all),
            parts,
        })
    }
}

/// The rows of each part that has a name, in order of first appearance.
fn parts(data: &Dataset) -> Vec<(&str, Vec<usize>)> {
    let mut parts: Vec<(&str, Vec<usize>)> = Vec::new();
    for (row, sample) in data
        .samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| !sample.part.is_empty())
    {
        match parts.iter_mut().find(|(part, _)| *part == sample.part) {
            Some((_, rows)) => rows.push(row),
            None => parts.push((&sample.part, vec![row])),
        }
    }
    parts
}

fn score(
    data: &Dataset,
    gold: &Gold,
    labels: &Labels,
    predictions: &[Prediction],
    rows: &[usize],
    options: &EvaluationOptions,
) -> Scores {
    let columns = (0..labels.len())
        .map(|label| {
            let gold = rows.iter().map(|&row| gold.carries(row, label)).collect();
            let predicted = rows
                .iter()
                .map(|&row| predictions[row].labels.contains(label))
                .collect();
            Column::new(
                gold,
                predicted,
                rows.iter()
                    .map(|&row| predictions[row].probabilities[label])
                    .collect(),
            )
        })
        .collect();
    let table = Rows::new(
        columns,
        rows.iter().map(|&row| data.samples[row].group.as_str()),
    );
    let mut estimates = table.estimates(options).into_iter();
    let mut estimate = || estimates.next().unwrap_or_default();
    let labels = labels
        .names()
        .iter()
        .zip(table.columns())
        .map(|(label, column)| LabelScores {
            label: label.clone(),
            support: column.confusion().support(),
            precision: estimate(),
            recall: estimate(),
            f1: estimate(),
            average_precision: column.average_precision(),
            expected_calibration_error: column.calibration_error(),
            confusion: column.confusion(),
        })
        .collect();
    Scores {
        n_samples: rows.len(),
        n_groups: table.n_groups(),
        labels,
        macro_f1: estimate(),
        micro_f1: estimate(),
        mean_average_precision: estimate(),
    }
}

#[cfg(test)]
mod fixture {
    use crate::model::Model;
    use crate::token::{ActorTable, Lexicon};
    use crate::train::TrainParams;
    use crate::{Dataset, Labels, Prediction, Sample};

    pub(super) const ACTORS: &str = "name,kind,code,cased\nRussia,country,RUS,\nRussian,demonym,RUS,\nMoscow,city,RUS,\n\
        NATO,organisation,IGOATO,\nUS,country,USA,yes\nMinister,title,,\n";

    /// A row for each of the texts, its labels and its group.
    pub(super) fn dataset<'a>(
        rows: impl IntoIterator<Item = (&'a str, &'a [usize], &'a str)>,
    ) -> Dataset {
        let samples = rows
            .into_iter()
            .map(|(text, labels, group)| Sample {
                text: text.to_owned(),
                labels: labels.iter().copied().collect(),
                group: group.to_owned(),
                id: String::new(),
                part: String::new(),
            })
            .collect();
        let labels = Labels::new(["accusation", "denial"]).unwrap();
        Dataset {
            samples,
            labels,
            warnings: Vec::new(),
        }
    }

    /// Predictions with these probabilities of two labels, at thresholds of a half.
    pub(super) fn predictions(probabilities: &[[f64; 2]]) -> Vec<Prediction> {
        let prediction = |row: &[f64; 2]| Prediction {
            labels: (0..2).filter(|&label| row[label] >= 0.5).collect(),
            scores: row.to_vec(),
            probabilities: row.to_vec(),
        };
        probabilities.iter().map(prediction).collect()
    }

    /// Twelve groups of sentences that a few words tell apart.
    pub(super) fn easy_dataset() -> Dataset {
        let mut data = dataset([]);
        for group in 0..12 {
            let group = format!("g{group}");
            data.samples.extend(
                dataset([
                    ("Russia accused NATO of a plot.", &[0][..], group.as_str()),
                    ("Moscow denied the claims.", &[1], &group),
                    ("It rained in the north.", &[], &group),
                    ("NATO denied it and accused Russia.", &[0, 1], &group),
                ])
                .samples,
            );
        }
        data
    }

    pub(super) fn tables() -> (Lexicon, ActorTable) {
        (
            Lexicon::shipped(),
            ActorTable::parse("actors", ACTORS).unwrap(),
        )
    }

    pub(super) fn easy_model() -> Model {
        let (lexicon, actors) = tables();
        TrainParams::default()
            .train(&easy_dataset(), lexicon, actors)
            .unwrap()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fixture::{dataset, predictions};
    use super::*;

    fn evaluate(data: &Dataset, predictions: &[Prediction]) -> Evaluation {
        Evaluation::new(
            data,
            &data.labels,
            predictions,
            &EvaluationOptions::default(),
        )
        .unwrap()
    }

    fn near(found: f64, known: f64) {
        assert!((found - known).abs() < 1e-12, "{found} is not {known}");
    }

    fn six_rows() -> (Dataset, Vec<Prediction>) {
        let data = dataset([
            ("a", &[0][..], "g"),
            ("b", &[1], "g"),
            ("c", &[0, 1], "g"),
            ("d", &[], "h"),
            ("e", &[], "h"),
            ("f", &[0], "i"),
        ]);
        let probabilities = [
            [0.9, 0.2],
            [0.4, 0.7],
            [0.3, 0.6],
            [0.6, 0.1],
            [0.2, 0.3],
            [0.7, 0.6],
        ];
        (data, predictions(&probabilities))
    }

    #[test]
    fn scores_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: f1_score(average="macro"), f1_score(average="micro"), average_precision_score
        let (data, predictions) = six_rows();
        let overall = evaluate(&data, &predictions).overall;
        near(overall.macro_f1.value, 0.733_333_333_333_333_4);
        near(overall.micro_f1.value, 0.727_272_727_272_727_3);
        near(overall.mean_average_precision.value, 0.85);
        assert_eq!(
            (
                overall.n_samples,
                overall.n_groups,
                overall.labels[1].support
            ),
            (6, 3, 2)
        );
    }

    #[test]
    fn parts_come_in_order_of_appearance_and_rows_without_one_only_in_all() {
        let (mut data, predictions) = six_rows();
        for (sample, part) in data
            .samples
            .iter_mut()
            .zip(["wire", "", "natural", "wire", "wire", "wire"])
        {
            part.clone_into(&mut sample.part);
        }
        let evaluation = evaluate(&data, &predictions);
        let found: Vec<_> = evaluation
            .parts
            .iter()
            .map(|part| (part.part.as_str(), part.scores.n_samples))
            .collect();
        assert_eq!(found, [("wire", 4), ("natural", 1)]);
        assert_eq!(evaluation.overall.n_samples, 6);
    }

    #[test]
    fn labels_are_matched_by_name() {
        let (mut data, _) = six_rows();
        data.samples.truncate(2);
        let labels = Labels::new(["aaa", "accusation", "denial"]).unwrap();
        let prediction = |labels: &[usize]| Prediction {
            labels: labels.iter().copied().collect(),
            scores: vec![0.0; 3],
            probabilities: vec![0.5; 3],
        };
        let predictions = [prediction(&[1]), prediction(&[2])];
        let overall = Evaluation::new(&data, &labels, &predictions, &EvaluationOptions::default())
            .unwrap()
            .overall;
        let found: Vec<_> = overall
            .labels
            .iter()
            .map(|label| (label.support, label.f1.value))
            .collect();
        assert_eq!(found, [(0, 0.0), (1, 1.0), (1, 1.0)]);
        near(overall.macro_f1.value, 1.0); // over labels with support
    }

    #[test]
    fn what_does_not_match_is_an_error() {
        let (data, mut predictions) = six_rows();
        let options = EvaluationOptions::default();
        let error = |labels: &Labels, predictions: &[Prediction], options: &EvaluationOptions| {
            Evaluation::new(&data, labels, predictions, options)
                .unwrap_err()
                .to_string()
        };
        let strange = Labels::new(["accusation", "offer"]).unwrap();
        let message =
            "parameter `gold label` is `denial`, but must be one of the labels of the model";
        assert_eq!(error(&strange, &predictions, &options), message);
        assert_eq!(
            error(&data.labels, &predictions[1..], &options),
            "expected 6 predictions, got 5"
        );
        let none = EvaluationOptions {
            resamples: 0,
            ..options
        };
        assert_eq!(
            error(&data.labels, &predictions, &none),
            "parameter `resamples` is 0, but must be at least 1"
        );
        predictions[3].probabilities.pop();
        assert_eq!(
            error(&data.labels, &predictions, &EvaluationOptions::default()),
            "expected 2 probabilities, got 1"
        );
    }

    #[test]
    fn no_rows_score_nothing() {
        let overall = evaluate(&dataset([]), &[]).overall;
        assert_eq!(
            (overall.n_samples, overall.macro_f1),
            (0, Estimate::default())
        );
    }

    #[test]
    fn whole_groups_are_drawn() {
        // One group: every resample is the data themselves.
        let (mut data, predictions) = six_rows();
        data.samples
            .iter_mut()
            .for_each(|sample| sample.group = "g".into());
        let Estimate { value, low, high } = evaluate(&data, &predictions).overall.micro_f1;
        assert_eq!((low, high), (value, value));
        data.samples
            .iter_mut()
            .enumerate()
            .for_each(|(row, sample)| sample.group = row.to_string());
        let Estimate { value, low, high } = evaluate(&data, &predictions).overall.micro_f1;
        assert!(low < value && value < high, "{low} {value} {high}");
    }

    #[test]
    fn interval_of_a_share_is_that_of_theory() {
        // Recall 0.8 of 400 rows: 0.8 ± 1.96 √(0.8 · 0.2 / 400) = [0.761, 0.839].
        let rows: Vec<String> = (0..400).map(|row| row.to_string()).collect();
        let data = dataset(
            rows.iter()
                .map(|row| (row.as_str(), &[0][..], row.as_str())),
        );
        let probabilities: Vec<[f64; 2]> = (0..400)
            .map(|row| [if row % 5 == 0 { 0.1 } else { 0.9 }, 0.1])
            .collect();
        let recall = evaluate(&data, &predictions(&probabilities)).overall.labels[0].recall;
        assert!(
            (recall.low - 0.761).abs() < 0.005 && (recall.high - 0.839).abs() < 0.005,
            "{recall:?}"
        );
    }

    #[test]
    fn threads_do_not_change_the_numbers() {
        let (data, predictions) = six_rows();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| evaluate(&data, &predictions))
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn json_holds_parts_flat() {
        let (mut data, predictions) = six_rows();
        data.samples[0].part = "wire".into();
        let json = serde_json::to_value(evaluate(&data, &predictions)).unwrap();
        assert_eq!(json["parts"][0]["part"], "wire");
        assert_eq!(
            json["parts"][0]["labels"][0]["confusion"]["true_positives"],
            1
        );
        assert_eq!(
            json["overall"]["labels"][0]["f1"]["value"],
            json["overall"]["labels"][0]["precision"]["value"]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn intervals_are_ordered_shares(rows in prop::collection::vec((0..4usize, 0..10u8, 0..10u8, 0..4u8), 0..30)) {
            let sets: [&[usize]; 4] = [&[], &[0], &[1], &[0, 1]];
            let groups = ["g", "h", "i", "j"];
            let data = dataset(rows.iter().map(|row| ("", sets[row.0], groups[usize::from(row.3)])));
            let probabilities: Vec<[f64; 2]> =
                rows.iter().map(|row| [f64::from(row.1) / 9.0, f64::from(row.2) / 9.0]).collect();
            let overall = evaluate(&data, &predictions(&probabilities)).overall;
            let of_labels = overall.labels.iter().flat_map(|label| [label.precision, label.recall, label.f1]);
            for Estimate { value, low, high } in
                of_labels.chain([overall.macro_f1, overall.micro_f1, overall.mean_average_precision])
            {
                prop_assert!(0.0 <= low && low <= high && high <= 1.0, "{low} {high}");
                prop_assert!((0.0..=1.0).contains(&value));
            }
        }
    }
}
