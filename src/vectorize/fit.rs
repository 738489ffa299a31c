//! Labelled sentences → a vocabulary with its weights, and the sentences as rows of a matrix.
//!
//! The sentences are read twice. The first time only hashes of terms come out, parted by their highest bits, so that each part is
//! counted in a small table, side by side with the others; most terms are rarer than `min_df` and end there. The second time
//! the rows come out, and each term that stayed is written out once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::features::{Feature, FeatureExtractor};
use super::{SparseMatrix, Vectorizer, VectorizerParams, Vocabulary};
use crate::token::{HashMap, Tokenizer};
use crate::{Error, Result, Span};

/// Sentences that are read at a time.
const CHUNK: usize = 2048;

/// Parts in which terms are counted.
const PARTS: usize = 256;

impl VectorizerParams {
    /// Counts the terms of every sentence, keeps those in at least `min_df`, and weights them by smoothed inverse
    /// document frequency.
    ///
    /// `idf(t) = ln((1 + n) / (1 + df(t))) + 1`: `n` sentences, `df(t)` of them with `t` (scikit-learn
    /// `TfidfTransformer`, `smooth_idf`). The last 1 keeps a term found everywhere from vanishing. Without `idf` it is 1.
    ///
    /// Returns the vectorizer and the sentences as rows. `tokenizer` makes a tokenizer for a thread.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a parameter out of range, [`Error::EmptyVocabulary`] when no term is frequent enough.
    pub fn fit(
        &self,
        sentences: &[impl AsRef<str> + Sync],
        tokenizer: impl Fn() -> Tokenizer + Sync,
    ) -> Result<(Vectorizer, SparseMatrix)> {
        let (vectorizer, matrix, order) = self.fit_by_frequency(sentences, tokenizer)?;
        Ok((vectorizer, matrix.renumbered(&order)))
    }

    /// As [`VectorizerParams::fit`], but with the columns of the matrix numbered by how many rows have them, most first, and the
    /// place in the vocabulary of each.
    ///
    /// A solver that adds to one number a column runs faster so: the columns that most rows touch lie side by side.
    pub(crate) fn fit_by_frequency(
        &self,
        sentences: &[impl AsRef<str> + Sync],
        tokenizer: impl Fn() -> Tokenizer + Sync,
    ) -> Result<(Vectorizer, SparseMatrix, Vec<u32>)> {
        self.features.check()?;
        let readers = Readers::new(|| {
            let tokenizer = tokenizer();
            let extractor = FeatureExtractor::new(self.features.clone(), tokenizer.lexicon());
            Reader {
                tokenizer,
                extractor,
                features: Vec::new(),
            }
        });
        let frequent = self.frequent(sentences, &readers);
        if frequent.is_empty() {
            return Err(Error::EmptyVocabulary {
                min_df: self.min_df,
                n_samples: sentences.len(),
            });
        }
        let n_samples = sentences.len() as f64;
        let idf: Vec<f32> = frequent
            .iter()
            .map(|term| {
                if !self.idf {
                    return 1.0;
                }
                let document_frequency = f64::from(term.document_frequency);
                (((1.0 + n_samples) / (1.0 + document_frequency)).ln() + 1.0) as f32
            })
            .collect();
        let columns = Columns::new(&frequent);
        drop(frequent);
        let (matrix, names) = self.rows(sentences, &readers, &columns, &idf);
        drop((readers, columns));
        self.in_order(names, &idf)
            .map(|(vectorizer, order)| (vectorizer, matrix, order))
    }

    /// The terms that enter the vocabulary, those of most sentences first.
    fn frequent<F: Fn() -> Reader + Sync>(
        &self,
        sentences: &[impl AsRef<str> + Sync],
        readers: &Readers<F>,
    ) -> Vec<Frequent> {
        let chunks: Vec<Parted> = sentences
            .par_chunks(CHUNK)
            .map(|chunk| readers.lend(|reader| reader.hashes(chunk)))
            .collect();
        let count = |part: usize| {
            let mut counts: HashMap<u64, u32> = HashMap::default();
            for &hash in chunks.iter().flat_map(|chunk| chunk.part(part)) {
                *counts.entry(hash).or_default() += 1;
            }
            counts
                .into_iter()
                .filter(|&(_, count)| count >= self.min_df)
                .map(|(hash, document_frequency)| Frequent {
                    hash,
                    document_frequency,
                })
                .collect::<Vec<_>>()
        };
        let mut frequent: Vec<Frequent> = (0..PARTS)
            .into_par_iter()
            .map(count)
            .collect::<Vec<_>>()
            .concat();
        frequent.par_sort_unstable_by_key(|term| {
            (std::cmp::Reverse(term.document_frequency), term.hash)
        });
        frequent
    }

    /// The sentences as rows, and every term with its column.
    fn rows<F: Fn() -> Reader + Sync>(
        &self,
        sentences: &[impl AsRef<str> + Sync],
        readers: &Readers<F>,
        columns: &Columns,
        idf: &[f32],
    ) -> (SparseMatrix, Vec<(String, u32)>) {
        let written: Vec<AtomicBool> = idf.iter().map(|_| AtomicBool::new(false)).collect();
        let chunks: Vec<(SparseMatrix, Vec<(String, u32)>)> = sentences
            .par_chunks(CHUNK)
            .map(|chunk| {
                readers.lend(|reader| {
                    let mut rows = SparseMatrix::new(idf.len());
                    let mut names = Vec::new();
                    let mut found: Vec<u32> = Vec::new();
                    for text in chunk {
                        let text = text.as_ref();
                        reader.read(text);
                        found.clear();
                        for feature in &reader.features {
                            let Some(column) = columns.get(feature.hash) else {
                                continue;
                            };
                            found.push(column);
                            // Whichever thread comes first writes the same name.
                            let is_written = &written[column as usize];
                            if !is_written.load(Ordering::Relaxed)
                                && !is_written.swap(true, Ordering::Relaxed)
                            {
                                names.push((reader.term(feature, text), column));
                            }
                        }
                        found.sort_unstable();
                        let cells = found.chunk_by(|a, b| a == b).map(|same| {
                            let tf = self.tf.weight(same.len() as u32);
                            (same[0], tf * idf[same[0] as usize])
                        });
                        rows.push_unit(cells);
                    }
                    (rows, names)
                })
            })
            .collect();
        let mut names = Vec::with_capacity(idf.len());
        let mut matrix = SparseMatrix::new(idf.len());
        matrix.reserve(
            sentences.len(),
            chunks.iter().map(|(rows, _)| rows.n_cells()).sum(),
        );
        for (rows, chunk_names) in chunks {
            matrix.append(&rows);
            names.extend(chunk_names);
        }
        (matrix, names)
    }

    /// Puts terms, named by their columns, in the order of a vocabulary. Returns the place of each column, too.
    fn in_order(
        &self,
        mut names: Vec<(String, u32)>,
        idf: &[f32],
    ) -> Result<(Vectorizer, Vec<u32>)> {
        names.par_sort_unstable();
        let mut order = vec![0; names.len()];
        for (place, &(_, column)) in names.iter().enumerate() {
            order[column as usize] = place as u32;
        }
        let idf = names
            .iter()
            .map(|&(_, column)| idf[column as usize])
            .collect();
        let terms: Vec<&str> = names.iter().map(|(term, _)| term.as_str()).collect();
        let vectorizer = Vectorizer {
            params: self.clone(),
            vocabulary: Vocabulary::new(terms.join("\n")).map_err(Error::Solver)?,
            idf,
        };
        Ok((vectorizer, order))
    }
}

/// A term that enters the vocabulary.
#[derive(Debug, Clone, Copy)]
struct Frequent {
    hash: u64,
    document_frequency: u32,
}

/// Reads the features of a sentence.
struct Reader {
    tokenizer: Tokenizer,
    extractor: FeatureExtractor,
    features: Vec<Feature>,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let tokens = self.tokenizer.tokenize(text, Span::new(0, text.len()));
        self.features.clear();
        self.extractor
            .extract(tokens, |feature| self.features.push(feature));
    }

    /// The text of the term of a feature that was read last.
    fn term(&self, feature: &Feature, text: &str) -> String {
        self.extractor
            .term(feature, &self.tokenizer, text, self.tokenizer.tokens())
    }

    /// The hashes of all sentences, each once a sentence.
    fn hashes(&mut self, sentences: &[impl AsRef<str>]) -> Parted {
        let mut hashes = Vec::new();
        let mut distinct = Distinct::default();
        for text in sentences {
            self.read(text.as_ref());
            distinct.start(self.features.len());
            let features = self.features.iter().map(|feature| feature.hash);
            hashes.extend(features.filter(|&hash| distinct.insert(hash)));
        }
        Parted::new(&hashes)
    }
}

/// Readers that threads take turns with: what one has learned of spellings is not lost.
struct Readers<F> {
    make: F,
    idle: Mutex<Vec<Reader>>,
}

impl<F: Fn() -> Reader> Readers<F> {
    fn new(make: F) -> Self {
        Self {
            make,
            idle: Mutex::new(Vec::new()),
        }
    }

    fn lend<T>(&self, work: impl FnOnce(&mut Reader) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut reader = taken.unwrap_or_else(&self.make);
        let result = work(&mut reader);
        idle().push(reader);
        result
    }
}

/// Hashes in [`PARTS`] parts by their highest bits.
struct Parted {
    hashes: Vec<u64>,
    ends: Vec<u32>,
}

impl Parted {
    fn new(hashes: &[u64]) -> Self {
        let part = |hash: u64| (hash >> (u64::BITS - PARTS.ilog2())) as usize;
        let mut ends = vec![0_u32; PARTS];
        for &hash in hashes {
            ends[part(hash)] += 1;
        }
        let mut end = 0;
        for size in &mut ends {
            // Where the part begins, for now.
            (*size, end) = (end, end + *size);
        }
        let mut parted = vec![0; hashes.len()];
        for &hash in hashes {
            let end = &mut ends[part(hash)];
            parted[*end as usize] = hash;
            *end += 1;
        }
        Self {
            hashes: parted,
            ends,
        }
    }

    fn part(&self, part: usize) -> &[u64] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.hashes[start as usize..self.ends[part] as usize]
    }
}

/// Tells which hashes of a sentence are new in it.
#[derive(Default)]
struct Distinct {
    /// A hash, and the sentence that it was seen in.
    slots: Vec<(u64, u32)>,
    sentence: u32,
}

impl Distinct {
    /// Begins a sentence of so many hashes.
    fn start(&mut self, n_hashes: usize) {
        let size = (2 * n_hashes).next_power_of_two();
        if size > self.slots.len() {
            (self.slots, self.sentence) = (vec![(0, 0); size], 0);
        }
        self.sentence += 1;
    }

    fn insert(&mut self, hash: u64) -> bool {
        let last = self.slots.len() - 1;
        let mut slot = hash as usize & last;
        while self.slots[slot].1 == self.sentence {
            if self.slots[slot].0 == hash {
                return false;
            }
            slot = (slot + 1) & last;
        }
        self.slots[slot] = (hash, self.sentence);
        true
    }
}

/// Hash → column, by open addressing with linear probing.
struct Columns {
    /// A hash and its column; [`Columns::NONE`] in an empty slot.
    slots: Vec<(u64, u32)>,
}

impl Columns {
    const NONE: u32 = u32::MAX;

    /// Numbers the terms in their order; two slots or more a term.
    fn new(terms: &[Frequent]) -> Self {
        let mut slots = vec![(0, Self::NONE); (2 * terms.len()).next_power_of_two()];
        let last = slots.len() - 1;
        for (column, term) in terms.iter().enumerate() {
            let mut slot = term.hash as usize & last;
            while slots[slot].1 != Self::NONE {
                slot = (slot + 1) & last;
            }
            slots[slot] = (term.hash, column as u32);
        }
        Self { slots }
    }

    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let last = self.slots.len() - 1;
        let mut slot = hash as usize & last;
        loop {
            match self.slots[slot] {
                (_, Self::NONE) => return None,
                (found, column) if found == hash => return Some(column),
                _ => slot = (slot + 1) & last,
            }
        }
    }
}
