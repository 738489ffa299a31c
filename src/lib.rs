//! Finds the sentences of news articles in which somebody makes an **accusation**, a **denial**, or an offer of
//! **cooperation**; says how sure it is, who speaks, about whom, and which words decided.
//!
//! ```
//! use rejoinder::{Article, Model, Pipeline, Unit};
//!
//! let mut pipeline = Pipeline::new(Model::shipped().into());
//! let text = "Tehran denied any involvement in the attack. It rained in the capital.";
//! let article = Article { text: text.to_owned(), ..Article::default() };
//! let claims = pipeline.classify(&article, Unit::Sentence);
//! let labels: Vec<&str> = claims[0].labels(pipeline.model().labels()).collect();
//! assert_eq!(labels, ["denial"]);
//! assert!(claims[1].prediction.labels.is_empty());
//! ```
//!
//! The stages, in the order of the data:
//!
//! 1. [`article`]: files, folders, standard input → [`Article`].
//! 2. [`segment`]: the text of an article → sentences, as [`Span`]s.
//! 3. [`token`]: a sentence → [`Token`]s: stems, lexicon classes, actors masked.
//! 4. [`vectorize`]: tokens → a [`SparseVector`] of weighted terms.
//! 5. [`model`]: a vector → scores, probabilities, labels; one inert file.
//! 6. [`Pipeline`]: all of these joined: an article → [`Claim`]s.
//! 7. [`attribution`]: the sentences of an article → who says what, as [`Attribution`]s; [`Pipeline`] takes the speakers of claims from it.
//! 8. [`Reprints`]: claims → clusters of those that say the same in other prints, each with its first print.
//! 9. [`link`]: claims → which accusation each denial answers.
//! 10. [`report`]: claims, attributions, links and scores → text, JSON lines, CSV; counts of events.
//!
//! [`train`] makes a model from labelled CSV by the same stages; [`evaluate`] scores one; [`mod@bench`] times one.
//!
//! It does not check whether a claim is true, does not read languages other than English, and does not carry a label from one
//! sentence to the next.

pub mod article;
pub mod attribution;
pub mod bench;
mod claim;
mod date;
#[cfg(feature = "serve")]
pub mod desk;
mod error;
pub mod evaluate;
mod input;
mod label;
pub mod link;
pub mod model;
mod output;
mod parallel;
mod party;
mod pipeline;
pub mod report;
mod reprint;
mod resume;
mod segment;
#[cfg(feature = "serve")]
pub mod serve;
mod span;
mod speaker;
mod table;
pub mod token;
pub mod train;
pub mod vectorize;

pub use crate::article::{Article, ArticleReader, ArticleRef, ReadOptions};
pub use crate::attribution::{Attribution, Attributor, CueTable};
pub use crate::claim::{Claim, Cluster, Evidence, Mention, Relation, Role};
pub use crate::error::{Error, Result};
pub use crate::label::{LabelSet, Labels, NONE};
pub use crate::model::{ClassWeight, LogisticModel, LogisticParams, Model, Prediction, Solver};
pub use crate::output::WholeFile;
pub use crate::parallel::{InTurn, map_in_order};
pub use crate::pipeline::{Explanation, Pipeline, TermWeights, Unit};
pub use crate::reprint::{Prints, Reprints};
pub use crate::resume::{ContentHash, DonePortions, ResumedFile};
pub use crate::segment::segment;
pub use crate::span::{CodePoints, Span};
pub use crate::token::{ActorTable, Lexicon, Resources, Token, TokenKind, Tokenizer};
pub use crate::train::{Dataset, DatasetOptions, Sample, TrainParams};
pub use crate::vectorize::{SparseMatrix, SparseVector};
