//! Labels of the data × labels of the model → the gold labels of each row in the model's columns.

use crate::model::Prediction;
use crate::{Dataset, Error, LabelSet, Labels, Result};

/// The gold labels of each row, by the model's columns.
pub(super) struct Gold(Vec<LabelSet>);

impl Gold {
    /// Maps the labels by name, and checks that there is one prediction a row with one probability a label.
    pub(super) fn new(data: &Dataset, labels: &Labels, predictions: &[Prediction]) -> Result<Self> {
        let column_of = data.labels.names().iter().map(|name| {
            labels.index(name).ok_or_else(|| Error::Parameter {
                name: "gold label",
                found: format!("`{name}`"),
                needed: "one of the labels of the model",
            })
        });
        let column_of: Vec<usize> = column_of.collect::<Result<_>>()?;
        expect("predictions", data.samples.len(), predictions.len())?;
        for prediction in predictions {
            expect(
                "probabilities",
                labels.len(),
                prediction.probabilities.len(),
            )?;
        }
        let sets = data
            .samples
            .iter()
            .map(|sample| sample.labels.iter().map(|label| column_of[label]).collect());
        Ok(Self(sets.collect()))
    }

    /// Whether a row carries the label in a column of the model.
    pub(super) fn carries(&self, row: usize, label: usize) -> bool {
        self.0[row].contains(label)
    }
}

fn expect(what: &'static str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        Ok(())
    } else {
        Err(Error::Dimension {
            what,
            expected,
            found,
        })
    }
}
