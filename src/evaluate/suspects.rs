//! Out-of-fold predictions × gold labels → the labels that look wrong, the most suspicious first.

use serde::Serialize;

use super::gold::Gold;
use crate::model::Prediction;
use crate::{Dataset, Labels, Result};

/// A label of a row that the probabilities speak against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspect {
    /// The row of the dataset, from 0.
    pub row: usize,
    /// The label.
    pub label: String,
    /// Whether the row carries it.
    pub gold: bool,
    /// The probability that it should.
    pub probability: f64,
    /// The log-odds against the gold label, above 0: `ln(p / (1 - p))` for a label that is missing, its negative for one
    /// that is there.
    pub contradiction: f64,
    /// Whether confident learning counts the row as mislabelled: the contrary is at least as probable as it is on average
    /// over the rows that are labelled so (Northcutt, Jiang, Chuang 2021, equations 1 and 2, for the two classes
    /// "carries the label" and "does not").
    pub confident: bool,
}

/// Ranks the labels that the probabilities contradict (more likely wrong than right) from the strongest contradiction
/// down; ties by row, then by label.
///
/// Give it predictions of [`cross_validate`](super::cross_validate): a model that has learned from a wrong label agrees
/// with it. A row is listed once for each of its labels that look wrong.
///
/// # Errors
/// As [`Evaluation::new`](super::Evaluation::new): a label of the data that `labels` lack, or another number of
/// predictions or probabilities.
pub fn suspects(
    data: &Dataset,
    labels: &Labels,
    predictions: &[Prediction],
) -> Result<Vec<Suspect>> {
    let gold = Gold::new(data, labels, predictions)?;
    let mut suspects = Vec::new();
    for (label, name) in labels.names().iter().enumerate() {
        let rows: Vec<(bool, f64)> = predictions
            .iter()
            .enumerate()
            .map(|(row, prediction)| (gold.carries(row, label), prediction.probabilities[label]))
            .collect();
        let (when_carried, when_missing) =
            (mean_confidence(&rows, true), mean_confidence(&rows, false));
        for (row, &(gold, probability)) in rows.iter().enumerate() {
            let contradiction = if gold {
                -log_odds(probability)
            } else {
                log_odds(probability)
            };
            if contradiction > 0.0 {
                let confident = if gold {
                    1.0 - probability >= when_missing
                } else {
                    probability >= when_carried
                };
                suspects.push(Suspect {
                    row,
                    label: name.clone(),
                    gold,
                    probability,
                    contradiction,
                    confident,
                });
            }
        }
    }
    suspects.sort_by(|a, b| {
        b.contradiction
            .total_cmp(&a.contradiction)
            .then(a.row.cmp(&b.row))
            .then_with(|| a.label.cmp(&b.label))
    });
    Ok(suspects)
}

/// The mean probability of the class `gold` over the rows labelled so; 1 when there are none.
fn mean_confidence(rows: &[(bool, f64)], gold: bool) -> f64 {
    let own = rows
        .iter()
        .filter(|row| row.0 == gold)
        .map(|&(gold, p)| if gold { p } else { 1.0 - p });
    let (count, sum) = own.fold((0, 0.0), |(count, sum), p| (count + 1, sum + p));
    if count == 0 {
        1.0
    } else {
        sum / f64::from(count)
    }
}

/// `ln(p / (1 - p))`, kept finite so that it can be written as JSON.
fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{dataset, predictions};
    use super::*;

    #[test]
    fn strongest_contradictions_come_first() {
        let data = dataset([
            ("a", &[0][..], "a"), // as sure as can be that it should not
            ("b", &[0], "b"),
            ("c", &[], "c"), // should be 1, quite surely
            ("d", &[], "d"), // should be 0, perhaps
            ("e", &[1], "e"),
        ]);
        let predictions =
            predictions(&[[0.0, 0.1], [0.9, 0.1], [0.1, 0.97], [0.6, 0.1], [0.1, 0.9]]);
        let found = suspects(&data, &data.labels, &predictions).unwrap();
        let named: Vec<_> = found
            .iter()
            .map(|s| (s.row, s.label.as_str(), s.gold, s.confident))
            .collect();
        // Mean probability of `accusation` on the rows that carry it: 0.45; so 0.6 is confidently there.
        assert_eq!(
            named,
            [
                (0, "accusation", true, true),
                (2, "denial", false, true),
                (3, "accusation", false, true)
            ]
        );
        assert!(found[0].contradiction.is_finite());
        assert!((found[2].contradiction - 1.5_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn doubt_below_the_usual_is_not_confident() {
        let data = dataset([("a", &[][..], "a"), ("b", &[0], "b"), ("c", &[0], "c")]);
        let predictions = predictions(&[[0.6, 0.1], [0.9, 0.1], [0.8, 0.1]]);
        let found = suspects(&data, &data.labels, &predictions).unwrap();
        assert_eq!(
            (found.len(), found[0].row, found[0].confident),
            (1, 0, false)
        );
    }

    #[test]
    fn agreement_leaves_no_suspect() {
        let data = dataset([("a", &[0][..], "a"), ("b", &[], "b")]);
        let found = suspects(&data, &data.labels, &predictions(&[[0.5, 0.1], [0.4, 0.5]])).unwrap();
        assert_eq!(found, []);
    }
}
