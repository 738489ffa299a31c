//! The model file: one `safetensors` file that holds numbers and text and cannot run anything.
//!
//! | tensor | type | shape | content |
//! | --- | --- | --- | --- |
//! | `coefficients` | F32 | labels × terms | of the regression |
//! | `intercepts` | F64 | labels | of the regression |
//! | `idf` | F32 | terms | inverse document frequencies |
//! | `calibration` | F64 | labels × 2 | slope and intercept of each label's curve |
//! | `thresholds` | F64 | labels | the probability from which on a label is given |
//! | `vocabulary` | U8 | bytes | the terms, sorted, one a line |
//! | `known` | U8 | bytes | stems met in lower case, sorted, one a line |
//! | `lexicon`, `actors` | U8 | bytes | the tables that the tokens are made with, as CSV |
//!
//! The header's metadata has one key, `rejoinder`: a JSON object with `format` (this layout's version), `labels` and
//! `record` (how the model was trained). A reader checks every type, shape and value before it uses any.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use super::{Calibration, Model, TrainingRecord, Weights};
use crate::token::Resources;
use crate::vectorize::{Vectorizer, Vocabulary};
use crate::{Error, Labels, Result, output};

/// The newest layout that this version reads, and the one that it writes.
const FORMAT: u64 = 1;
const KEY: &str = "rejoinder";

#[derive(Serialize, Deserialize)]
struct Header {
    format: u64,
    labels: Labels,
    record: TrainingRecord,
}

/// The one field that every version of the header has.
#[derive(Deserialize)]
struct Version {
    format: u64,
}

impl Model {
    /// The bytes of the model's file; the same model gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Solver`] never occurs for a model that was trained or read.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let header = Header {
            format: FORMAT,
            labels: self.labels.clone(),
            record: self.record.clone(),
        };
        let header = serde_json::to_string(&header).map_err(|e| Error::Solver(e.to_string()))?;
        let calibration: Vec<f64> = self
            .calibrations
            .iter()
            .flat_map(|c| [c.slope, c.intercept])
            .collect();
        let (labels, terms) = self.coefficients.dim();
        let text = |text: String| (Dtype::U8, vec![text.len()], text.into_bytes());
        let tensors = [
            (
                "coefficients",
                (
                    Dtype::F32,
                    vec![labels, terms],
                    f32_bytes(self.coefficients.iter()),
                ),
            ),
            (
                "intercepts",
                (Dtype::F64, vec![labels], f64_bytes(self.intercepts.iter())),
            ),
            (
                "idf",
                (Dtype::F32, vec![terms], f32_bytes(self.vectorizer.idf())),
            ),
            (
                "calibration",
                (Dtype::F64, vec![labels, 2], f64_bytes(&calibration)),
            ),
            (
                "thresholds",
                (Dtype::F64, vec![labels], f64_bytes(&self.thresholds)),
            ),
            (
                "vocabulary",
                text(self.vectorizer.vocabulary().text().to_owned()),
            ),
            ("known", text(self.known.clone())),
            ("lexicon", text(self.resources.lexicon.source().to_owned())),
            ("actors", text(self.resources.actors.source().to_owned())),
        ];
        let views = tensors
            .iter()
            .map(|(name, (dtype, shape, data))| {
                Ok((*name, TensorView::new(*dtype, shape.clone(), data)?))
            })
            .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>();
        views
            .and_then(|views| {
                safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), header)])))
            })
            .map_err(|e| Error::Solver(e.to_string()))
    }

    /// Writes the model to a file, which appears whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(&self, path: &Path) -> Result<()> {
        let bytes = self.to_bytes()?;
        output::write_whole(path, |file| file.write_all(&bytes))
    }

    /// Reads a model from a file.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Model`] for a file that is no model or is damaged, [`Error::FutureModel`].
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Self::from_bytes(&bytes, path)
    }

    /// Reads a model from the bytes of its file; `path` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Model`] for bytes that are no model or are damaged, [`Error::FutureModel`].
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self> {
        let problem = |problem: String| Error::Model {
            path: path.to_path_buf(),
            problem,
        };
        let (_, metadata) =
            SafeTensors::read_metadata(bytes).map_err(|e| problem(e.to_string()))?;
        let header = metadata
            .metadata()
            .as_ref()
            .and_then(|map| map.get(KEY))
            .ok_or_else(|| {
                problem(format!(
                    "its metadata has no `{KEY}`: another program wrote it"
                ))
            })?;
        let version: Version =
            serde_json::from_str(header).map_err(|e| problem(format!("metadata: {e}")))?;
        if version.format > FORMAT {
            return Err(Error::FutureModel {
                path: path.to_path_buf(),
                found: version.format,
                known: FORMAT,
            });
        }
        let header: Header =
            serde_json::from_str(header).map_err(|e| problem(format!("metadata: {e}")))?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| problem(e.to_string()))?;
        assemble(&Tensors(tensors), header).map_err(problem)
    }
}

fn assemble(tensors: &Tensors<'_>, header: Header) -> std::result::Result<Model, String> {
    let labels = header.labels;
    let sorted = Labels::new(labels.names().to_vec()).map_err(|e| e.to_string())?;
    if labels.is_empty() || labels != sorted {
        return Err("the labels are not sorted and distinct".to_owned());
    }
    let n_labels = labels.len();
    let terms = tensors.text("vocabulary")?.to_owned();
    let known = tensors.text("known")?.to_owned();
    if !known.lines().is_sorted() {
        return Err("the known stems are not sorted".to_owned());
    }
    let (lexicon, actors) = (tensors.text("lexicon")?, tensors.text("actors")?);
    // Nearly all of the time it takes to start, so side by side.
    let (vocabulary, resources) = rayon::join(
        || Vocabulary::new(terms),
        || Resources::parse(lexicon, actors, &known),
    );
    let vocabulary = vocabulary?;
    let resources = resources.map_err(|e| e.to_string())?;
    let n_terms = vocabulary.len();
    if header.record.held_out.len() != n_labels {
        return Err(format!(
            "{} held-out scores for {n_labels} labels",
            header.record.held_out.len()
        ));
    }
    let coefficients = tensors.f32s("coefficients", &[n_labels, n_terms])?;
    let calibration = tensors.f64s("calibration", &[n_labels, 2])?;
    let thresholds = tensors.f64s("thresholds", &[n_labels])?;
    if let Some(threshold) = thresholds
        .iter()
        .find(|threshold| !(0.0..=1.0).contains(*threshold))
    {
        return Err(format!("threshold {threshold} is not a probability"));
    }
    let idf = tensors.f32s("idf", &[n_terms])?;
    let params = header.record.params.vectorizer.clone();
    let vectorizer = Vectorizer::from_parts(params, vocabulary, idf).map_err(|e| e.to_string())?;
    let coefficients =
        Array2::from_shape_vec((n_labels, n_terms), coefficients).map_err(|e| e.to_string())?;
    Ok(Model {
        resources: Arc::new(resources),
        known,
        weights: Weights::new(&coefficients, vectorizer.vocabulary()),
        vectorizer,
        coefficients,
        intercepts: Array1::from_vec(tensors.f64s("intercepts", &[n_labels])?),
        calibrations: calibration
            .chunks_exact(2)
            .map(|pair| Calibration {
                slope: pair[0],
                intercept: pair[1],
            })
            .collect(),
        thresholds,
        record: header.record,
        labels,
    })
}

struct Tensors<'a>(SafeTensors<'a>);

impl Tensors<'_> {
    /// The data of a tensor of this type and shape; `None` in the shape stands for any length.
    fn data(
        &self,
        name: &str,
        dtype: Dtype,
        shape: &[Option<usize>],
    ) -> std::result::Result<&[u8], String> {
        let tensor = self
            .0
            .tensor(name)
            .map_err(|_| format!("it has no tensor `{name}`"))?;
        let fits = tensor.shape().len() == shape.len()
            && tensor
                .shape()
                .iter()
                .zip(shape)
                .all(|(found, wanted)| wanted.is_none_or(|wanted| *found == wanted));
        if tensor.dtype() != dtype || !fits {
            let wanted: Vec<String> = shape
                .iter()
                .map(|n| n.map_or("any".to_owned(), |n| n.to_string()))
                .collect();
            return Err(format!(
                "tensor `{name}` is {:?} {:?}, not {dtype:?} [{}]",
                tensor.dtype(),
                tensor.shape(),
                wanted.join(", ")
            ));
        }
        Ok(tensor.data())
    }

    fn text(&self, name: &str) -> std::result::Result<&str, String> {
        let data = self.data(name, Dtype::U8, &[None])?;
        std::str::from_utf8(data).map_err(|e| format!("tensor `{name}`: {e}"))
    }

    fn f32s(&self, name: &str, shape: &[usize]) -> std::result::Result<Vec<f32>, String> {
        let shape: Vec<_> = shape.iter().copied().map(Some).collect();
        let data = self.data(name, Dtype::F32, &shape)?.as_chunks::<4>().0;
        let values: Vec<f32> = data
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();
        match values.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(format!("tensor `{name}` holds {} at {at}", values[at])),
            None => Ok(values),
        }
    }

    fn f64s(&self, name: &str, shape: &[usize]) -> std::result::Result<Vec<f64>, String> {
        let shape: Vec<_> = shape.iter().copied().map(Some).collect();
        let data = self.data(name, Dtype::F64, &shape)?.as_chunks::<8>().0;
        let values: Vec<f64> = data
            .iter()
            .map(|bytes| f64::from_le_bytes(*bytes))
            .collect();
        match values.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(format!("tensor `{name}` holds {} at {at}", values[at])),
            None => Ok(values),
        }
    }
}

fn f32_bytes<'a>(values: impl IntoIterator<Item = &'a f32>) -> Vec<u8> {
    values
        .into_iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn f64_bytes<'a>(values: impl IntoIterator<Item = &'a f64>) -> Vec<u8> {
    values
        .into_iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}
