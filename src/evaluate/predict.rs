//! A model and sentences → a prediction for each, on all cores.

use std::sync::Arc;

use rayon::prelude::*;

use crate::Pipeline;
use crate::model::{Model, Prediction};

/// Predicts every text as one sentence. Predictions are in the order of the texts, with labels in the order of the model.
pub fn predict(model: &Arc<Model>, texts: &[impl AsRef<str> + Sync]) -> Vec<Prediction> {
    texts
        .par_iter()
        .map_init(
            || Pipeline::new(Arc::clone(model)),
            |pipeline, text| pipeline.predict(text.as_ref()),
        )
        .collect()
}
