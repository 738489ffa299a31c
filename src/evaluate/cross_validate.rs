//! Labelled sentences → a prediction for each by a model that has seen nothing of its fold: no label, term, idf or name.

use std::sync::Arc;

use crate::model::Prediction;
use crate::token::{ActorTable, Lexicon};
use crate::train::{Dataset, Sample, TrainParams, grouped_folds};
use crate::{LabelSet, Result};

/// Predicts every row by a model trained on the other folds, calibration and thresholds included.
///
/// Folds keep groups whole ([`grouped_folds`] with the seed of `params`). They run one after the other, since training
/// uses every core already; `done` is called after each with the number of folds that are done.
///
/// Returns one prediction a row, in order, with labels in the order of `data.labels`.
///
/// # Errors
/// Those of [`grouped_folds`] and [`TrainParams::train`]: a label can be too rare once a fold is held out.
pub fn cross_validate(
    params: &TrainParams,
    data: &Dataset,
    lexicon: &Lexicon,
    actors: &ActorTable,
    folds: usize,
    mut done: impl FnMut(usize),
) -> Result<Vec<Prediction>> {
    let groups: Vec<&str> = data
        .samples
        .iter()
        .map(|sample| sample.group.as_str())
        .collect();
    let sets: Vec<LabelSet> = data.samples.iter().map(|sample| sample.labels).collect();
    let fold_of = grouped_folds(&groups, &sets, folds, params.seed)?;
    let mut predictions = vec![Prediction::default(); data.samples.len()];
    for fold in 0..folds {
        let (held, rest): (Vec<usize>, Vec<usize>) =
            (0..data.samples.len()).partition(|&row| fold_of[row] == fold);
        let samples: Vec<Sample> = rest.iter().map(|&row| data.samples[row].clone()).collect();
        let rest = Dataset {
            samples,
            labels: data.labels.clone(),
            warnings: Vec::new(),
        };
        let model = params.train(&rest, lexicon.clone(), actors.clone())?;
        let texts: Vec<&str> = held
            .iter()
            .map(|&row| data.samples[row].text.as_str())
            .collect();
        for (&row, prediction) in held.iter().zip(super::predict(&Arc::new(model), &texts)) {
            predictions[row] = prediction;
        }
        done(fold + 1);
    }
    Ok(predictions)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{dataset, easy_dataset, tables};
    use super::*;

    #[test]
    fn every_row_is_predicted_by_models_that_learned_from_others() {
        let data = easy_dataset();
        let (lexicon, actors) = tables();
        let mut calls = Vec::new();
        let params = TrainParams::default();
        let predictions = cross_validate(&params, &data, &lexicon, &actors, 3, |fold| {
            calls.push(fold);
        })
        .unwrap();
        assert_eq!(calls, [1, 2, 3]);
        for (sample, prediction) in data.samples.iter().zip(&predictions) {
            assert_eq!(sample.labels, prediction.labels, "{}", sample.text);
        }
    }

    #[test]
    fn too_few_groups_are_an_error() {
        let data = dataset([("a", &[0][..], "g"), ("b", &[1], "g")]);
        let (lexicon, actors) = tables();
        let error = cross_validate(&TrainParams::default(), &data, &lexicon, &actors, 2, |_| {})
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 folds need at least as many groups, but the data has 1"
        );
    }

    #[test]
    fn label_that_only_one_group_has_is_an_error() {
        let mut data = easy_dataset();
        for sample in data
            .samples
            .iter_mut()
            .filter(|sample| sample.group != "g0")
        {
            sample.labels = sample.labels.iter().filter(|&label| label == 1).collect();
        }
        let (lexicon, actors) = tables();
        let error = cross_validate(&TrainParams::default(), &data, &lexicon, &actors, 3, |_| {})
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("label `accusation` is on only 0 of"),
            "{error}"
        );
    }
}
