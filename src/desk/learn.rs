//! The labels of a desk → a model, what it is unsure of, and which labels it contradicts.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Coverage, Desk};
use crate::evaluate::{
    Evaluation, EvaluationOptions, Scores, Suspect, cross_validate, predict, suspects,
};
use crate::{Dataset, LabelSet, Model, Pipeline, Prediction, Result, Sample, TrainParams};

/// Folds of the predictions that labels are suspected by, where there are as many articles.
const FOLDS: usize = 5;

/// The sentences of a desk whose labels are settled, apart from it: training needs no hold of the desk.
pub struct Lesson {
    data: Dataset,
    /// The place in the desk of each row.
    places: Vec<usize>,
    model: Arc<Model>,
    texts: Vec<String>,
    test: Option<Arc<Test>>,
}

/// Labelled sentences that models are only measured on.
pub(super) struct Test {
    data: Dataset,
    texts: BTreeSet<String>,
    /// The scores of the model that the desk began with.
    before: Scores,
}

/// How well a model did that learned from a desk.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Learned {
    /// Sentences that it learned from.
    pub sentences: usize,
    /// F1 of each label on held-out folds of them.
    pub f1: Vec<f64>,
    /// Their mean.
    pub macro_f1: f64,
    /// Scores on the test data, where the desk has some.
    pub test: Option<Scores>,
}

/// A model that has learned, and what it says of every sentence.
pub struct Outcome {
    model: Arc<Model>,
    learned: Learned,
    sight: Sight,
}

/// What a model sees in every sentence.
struct Sight {
    predictions: Vec<Prediction>,
    coverage: Coverage,
}

impl Desk {
    /// Measures every model on these sentences too, the present one at once. Nobody is given them to label, and no model learns from
    /// them: sentences of the desk with the same text are left out of both.
    ///
    /// # Errors
    /// Those of [`Evaluation::new`], as for a label that the model lacks.
    pub fn set_test(&mut self, data: Dataset) -> Result<&Scores> {
        let texts = data.samples.iter().map(|sample| sample.text.clone());
        let test = self.test.insert(Arc::new(Test {
            before: measure(&self.model, &data)?,
            texts: texts.collect(),
            data,
        }));
        Ok(&test.before)
    }

    /// The scores on the test data of the model that the desk began with.
    pub fn tested(&self) -> Option<&Scores> {
        self.test.as_ref().map(|test| &test.before)
    }

    /// Whether the text of a sentence is one of the test data.
    pub(super) fn is_test(&self, sentence: usize) -> bool {
        let text = &self.sentences[sentence].text;
        self.test
            .as_ref()
            .is_some_and(|test| test.texts.contains(text))
    }

    /// What there is to learn.
    pub fn lesson(&self) -> Lesson {
        let settled: Vec<(usize, LabelSet)> = (0..self.sentences.len())
            .filter(|&at| !self.is_test(at))
            .filter_map(|at| Some((at, self.gold(at)?)))
            .collect();
        let sample = |&(at, labels): &(usize, LabelSet)| {
            let sentence = &self.sentences[at];
            Sample {
                text: sentence.text.clone(),
                labels,
                group: self.articles[sentence.article].name.clone(),
                id: sentence.name.clone(),
                part: String::new(),
            }
        };
        Lesson {
            data: Dataset {
                samples: settled.iter().map(sample).collect(),
                labels: self.model.labels().clone(),
                warnings: Vec::new(),
            },
            places: settled.into_iter().map(|(at, _)| at).collect(),
            model: Arc::clone(&self.model),
            texts: self
                .sentences
                .iter()
                .map(|sentence| sentence.text.clone())
                .collect(),
            test: self.test.clone(),
        }
    }

    /// Goes on with a model that has learned. Returns how well it did, and how well the ones before it did.
    pub fn take(&mut self, outcome: Outcome) -> &[Learned] {
        let Outcome {
            model,
            learned,
            sight,
        } = outcome;
        self.model = model;
        self.scores.push(learned);
        if sight.predictions.len() == self.sentences.len() {
            self.see(sight);
        } else {
            self.look_again(); // sentences came meanwhile
        }
        &self.scores
    }

    /// The models that have learned so far.
    pub fn learned(&self) -> &[Learned] {
        &self.scores
    }

    /// Sets which labels look wrong, from the strongest contradiction down.
    pub fn suspect(&mut self, suspects: Vec<Suspect>) {
        self.suspects = suspects;
        self.skipped.clear();
    }

    /// The labels that look wrong and nobody has looked at again.
    pub fn suspects(&self) -> &[Suspect] {
        &self.suspects
    }

    /// Has the model look at every sentence.
    pub(super) fn look_again(&mut self) {
        let texts: Vec<&str> = self
            .sentences
            .iter()
            .map(|sentence| sentence.text.as_str())
            .collect();
        self.see(look(&self.model, &texts));
    }

    fn see(&mut self, sight: Sight) {
        self.predictions = sight.predictions;
        self.coverage = sight.coverage;
        for (at, codings) in self.codings.iter().enumerate() {
            if !codings.is_empty() {
                self.coverage.take(at);
            }
        }
    }
}

impl Lesson {
    /// Trains a model on the settled sentences; it takes the lexicon and the actors of the one before it.
    ///
    /// # Errors
    /// Those of [`TrainParams::train`], as when a label is on fewer than 2 sentences.
    pub fn learn(&self) -> Result<Outcome> {
        let resources = self.model.resources();
        let params = TrainParams::default();
        let model = params.train(
            &self.data,
            resources.lexicon.clone(),
            resources.actors.clone(),
        )?;
        let f1: Vec<f64> = model
            .record()
            .held_out
            .iter()
            .map(|held_out| held_out.f1)
            .collect();
        let model = Arc::new(model);
        let test = self.test.as_ref().map(|test| measure(&model, &test.data));
        let learned = Learned {
            sentences: self.data.samples.len(),
            macro_f1: f1.iter().sum::<f64>() / f1.len() as f64,
            f1,
            test: test.transpose()?,
        };
        let sight = look(&model, &self.texts);
        Ok(Outcome {
            model,
            learned,
            sight,
        })
    }

    /// The settled labels that models contradict which have learned from the others; rows are places in the desk.
    ///
    /// # Errors
    /// Those of [`cross_validate`].
    pub fn suspects(&self) -> Result<Vec<Suspect>> {
        let resources = self.model.resources();
        let (lexicon, actors) = (&resources.lexicon, &resources.actors);
        let params = TrainParams::default();
        let groups: BTreeSet<&str> = self
            .data
            .samples
            .iter()
            .map(|sample| sample.group.as_str())
            .collect();
        let folds = FOLDS.min(groups.len()).max(2);
        let predictions = cross_validate(&params, &self.data, lexicon, actors, folds, |_| {})?;
        let mut found = suspects(&self.data, &self.data.labels, &predictions)?;
        for suspect in &mut found {
            suspect.row = self.places[suspect.row];
        }
        Ok(found)
    }
}

fn measure(model: &Arc<Model>, data: &Dataset) -> Result<Scores> {
    let texts: Vec<&str> = data
        .samples
        .iter()
        .map(|sample| sample.text.as_str())
        .collect();
    let predictions = predict(model, &texts);
    let options = EvaluationOptions::default();
    Ok(Evaluation::new(data, model.labels(), &predictions, &options)?.overall)
}

fn look(model: &Arc<Model>, texts: &[impl AsRef<str> + Sync]) -> Sight {
    let vectors = texts
        .par_iter()
        .map_init(
            || Pipeline::new(Arc::clone(model)),
            |pipeline, text| pipeline.vector(text.as_ref()),
        )
        .collect();
    Sight {
        predictions: predict(model, texts),
        coverage: Coverage::new(vectors, model.vectorizer().n_features()),
    }
}
