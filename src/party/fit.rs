//! The weights of `labels/party_weights.csv`, learned from the parts `develop` of the tables of parties.

use std::cell::RefCell;
use std::fmt::Write as _;

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array2;

use super::rank::feature::{N_FEATURES, name};
use super::rank::{COLUMNS, Dictionary, Feature, Party, Question, Side, Weights};
use super::score::{names, overlaps};
use super::{Deed, PartyFinder};
use crate::claim::Mention;
use crate::{LogisticParams, Span, SparseMatrix, SparseVector};

/// A feature counts when at least so many candidates have it.
const LEAST: usize = 2;
/// A word in a place counts when at least so many candidates have it there.
pub(crate) const LEAST_OF_WORDS: usize = 20;
/// Inverse strength of the penalty, chosen on folds of articles.
const C: f64 = 0.1;

/// How often a claim counts whose table tells nothing of other sentences: sentences without their article, which are few.
const ALONE: usize = 8;

/// What is right, and what was asked so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lesson {
    /// Source and target of what the sentence claims.
    gold: Vec<(Deed, [String; 2])>,
    /// Whether the table names targets of other sentences.
    names_others: bool,
    samples: [Vec<Sample>; 2],
}

#[derive(Debug, Clone)]
struct Sample {
    deed: Deed,
    features: Vec<Feature>,
    is_right: bool,
    /// How often it counts.
    times: usize,
}

impl Lesson {
    /// Forgets what was right in the sentence before.
    pub(crate) fn turn(&mut self) {
        self.gold.clear();
    }

    /// Takes in what is right for one label of the sentence. `names_others` tells whether a target of another sentence would be told.
    pub(crate) fn tell(&mut self, label: &str, parties: [&str; 2], names_others: bool) {
        let parties = parties.map(str::to_owned);
        self.gold.push((Deed::of_label(label), parties));
        self.names_others = names_others;
    }

    /// The right source, and the right target beside it.
    pub(super) fn choose(&mut self, question: &Question<'_>) -> [Option<Party>; 2] {
        let sources = question.sources();
        let source = self.right(question, Side::Source, &sources);
        let others = question.others(&sources);
        let beside = question.beside(&others, source);
        let targets = others.into_iter().zip(beside);
        let targets: Vec<_> = targets
            .filter_map(|((party, own), beside)| Some((party, [own, beside?].concat())))
            .collect();
        [source, self.right(question, Side::Target, &targets)]
    }

    /// The right party, rather the one that the rules name.
    fn right(
        &mut self,
        question: &Question<'_>,
        side: Side,
        parties: &[(Party, Vec<Feature>)],
    ) -> Option<Party> {
        let told = self.gold.iter().find(|(deed, _)| *deed == question.deed)?;
        let gold = told.1[side as usize].clone();
        let gold = names(&gold);
        let ruled = |party| {
            let is_ruled = |at| question.ruled.sources.contains(&at) && side == Side::Source;
            matches!(party, Party::Here(at) if is_ruled(at))
        };
        let mut chosen = None;
        for (party, features) in parties {
            if !self.names_others && matches!(party, Party::Earlier(_)) {
                continue;
            }
            let is_gold = |span: Span| {
                let mention = Mention {
                    span,
                    code: None,
                    role: None,
                    antecedent: None,
                };
                gold.iter()
                    .any(|gold| overlaps(question.sentence.text, &mention, gold))
            };
            let is_right = question.span(*party).is_some_and(is_gold);
            if is_right && (chosen.is_none() || ruled(*party) && !chosen.is_some_and(ruled)) {
                chosen = Some(*party);
            }
            self.samples[side as usize].push(Sample {
                deed: question.deed,
                features: features.clone(),
                is_right,
                times: if self.names_others { 1 } else { ALONE },
            });
        }
        chosen
    }

    /// The table of weights, for a finder that knew the words of `dictionary`.
    fn table(&self, dictionary: &Dictionary) -> String {
        let n_features = dictionary.n_features();
        let weights = |samples: &Vec<Sample>| weights(samples, n_features);
        let [sources, targets] = self.samples.each_ref().map(weights);
        let mut table = format!("{}\n", COLUMNS.join(","));
        for feature in 0..n_features {
            let row: Vec<f64> = [&sources, &targets]
                .into_iter()
                .flat_map(|weights| weights[feature])
                .collect();
            let name = if feature < N_FEATURES {
                name(feature)
            } else {
                Some(dictionary.name(feature))
            };
            if let Some(name) = name.filter(|_| row.iter().any(|weight| weight.abs() >= 0.005)) {
                table.push_str(&name);
                for weight in row {
                    // No `-0.00`.
                    let _ = write!(table, ",{:.2}", (weight * 100.0).round() / 100.0 + 0.0);
                }
                table.push('\n');
            }
        }
        table
    }
}

impl PartyFinder {
    /// Begins to learn, with the stems of some words.
    pub(crate) fn begin_to_learn(&mut self, stems: impl IntoIterator<Item = String>) {
        let mut weights = Weights::parse(&format!("{}\n", COLUMNS.join(","))).unwrap();
        for stem in stems {
            weights.dictionary.insert(&stem);
        }
        let n_features = weights.dictionary.n_features();
        assert!(Feature::try_from(n_features).is_ok(), "{n_features}");
        self.weights = Box::leak(Box::new(weights));
        self.lesson = Some(RefCell::default());
    }

    /// The table of weights that was learned.
    pub(crate) fn learned(&self) -> String {
        let lesson = self.lesson.as_ref().unwrap().borrow();
        lesson.table(&self.weights.dictionary)
    }
}

/// The weights of one side: those that all labels share, with those of the label.
fn weights(samples: &[Sample], n_features: usize) -> Vec<[f64; 3]> {
    let mut counts = vec![0; 4 * n_features];
    let columns = |sample: &Sample| -> Vec<u32> {
        let own = n_features * (1 + sample.deed.column());
        let shared = sample.features.iter().map(|&feature| usize::from(feature));
        let mut all: Vec<u32> = shared
            .flat_map(|feature| [feature, own + feature])
            .map(|column| column as u32)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    for sample in samples {
        for column in columns(sample) {
            counts[column as usize] += 1;
        }
    }
    let (mut x, mut y) = (SparseMatrix::new(counts.len()), Vec::new());
    for sample in samples {
        let mut indices = columns(sample);
        indices.retain(|&column| {
            let feature = column as usize % n_features;
            let is_known = feature < N_FEATURES || counts[feature] >= LEAST_OF_WORDS;
            is_known && counts[column as usize] >= LEAST
        });
        let row = SparseVector {
            values: vec![1.0; indices.len()],
            indices,
        };
        for _ in 0..sample.times {
            x.push(&row);
            y.push(sample.is_right);
        }
    }
    let y = Array2::from_shape_vec((y.len(), 1), y).unwrap();
    let params = LogisticParams::default().c(C).tol(1e-6).max_iter(500);
    let model = params.fit(&DatasetBase::new(x, y)).unwrap();
    let coefficient = |column: usize| model.coefficients()[(0, column)];
    (0..n_features)
        .map(|feature| {
            let any = if feature == 0 {
                model.intercepts()[0]
            } else {
                0.0
            };
            std::array::from_fn(|deed| {
                any + coefficient(feature) + coefficient(n_features * (1 + deed) + feature)
            })
        })
        .collect()
}
