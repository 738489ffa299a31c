//! Labelled sentences → a vocabulary with its weights, and the sentences as rows of a matrix.
//!
//! The sentences are read once, as hashes of terms, parted by their highest bits. Each part is counted in a small table, side by
//! side with the others, and the hashes give way to the numbers of the terms that are in `min_df` sentences: most are rarer. The
//! numbers, put back by sentence, are the rows. For the texts of the terms the first sentence of each is read again.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::features::{Feature, FeatureExtractor};
use super::{SparseMatrix, Vectorizer, VectorizerParams, Vocabulary};
use crate::token::{HashMap, Token, Tokenizer};
use crate::{Error, Result, Span};

/// Sentences that are read at a time; [`Parted::sentences`] can number as many.
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
        self.check()?;
        let readers = Readers::new(|| {
            let tokenizer = tokenizer();
            let extractor = FeatureExtractor::new(self.features.clone(), tokenizer.lexicon());
            Reader {
                tokenizer,
                extractor,
                features: Vec::new(),
                stems: HashMap::default(),
            }
        });
        let mut chunks: Vec<Parted> = sentences
            .par_chunks(CHUNK)
            .map(|chunk| readers.lend(|reader| reader.hashes(chunk)))
            .collect();
        let (terms, cells) = self.count(&mut chunks);
        if terms.is_empty() {
            return Err(Error::EmptyVocabulary {
                min_df: self.min_df,
                n_samples: sentences.len(),
            });
        }
        let idf = self.idf(&terms, sentences.len());
        let matrix = self.rows(chunks, &cells, sentences.len(), &terms, &idf);
        let names = names(sentences, &readers, &terms);
        drop((readers, terms));
        self.in_order(names, &idf)
            .map(|(vectorizer, order)| (vectorizer, matrix, order))
    }

    /// The terms that enter the vocabulary, those of most sentences first, and how many cells the rows of each chunk have. In the
    /// chunks each hash gives way to the term's [`Term::number`].
    fn count(&self, chunks: &mut [Parted]) -> (Vec<Term>, Vec<usize>) {
        let n_chunks = chunks.len();
        let mut counted: Vec<(Vec<Term>, Vec<u32>)> = by_part(chunks)
            .into_par_iter()
            .map(|part| self.count_part(part))
            .collect();
        let mut cells = vec![0; n_chunks];
        let mut terms = Vec::with_capacity(counted.iter().map(|(terms, _)| terms.len()).sum());
        for (part, (of_part, cells_of_part)) in counted.iter_mut().enumerate() {
            for term in of_part.iter_mut() {
                term.part = part as u32;
            }
            terms.append(of_part);
            for (cells, of_part) in cells.iter_mut().zip(cells_of_part) {
                *cells += *of_part as usize;
            }
        }
        terms.par_sort_unstable_by_key(|term| (std::cmp::Reverse(term.sentences), term.hash));
        (terms, cells)
    }

    /// The frequent terms of a part, and its cells in each chunk.
    fn count_part(&self, mut chunks: Vec<PartOfChunk<'_>>) -> (Vec<Term>, Vec<u32>) {
        let mut numbers: HashMap<u64, u32> = HashMap::default();
        let mut found: Vec<Found> = Vec::new();
        for (chunk, part) in chunks.iter_mut().enumerate() {
            for (term, &sentence) in part.terms.iter_mut().zip(part.sentences) {
                let sentence = (chunk * CHUNK + usize::from(sentence)) as u32;
                let number = *numbers.entry(*term).or_insert_with(|| {
                    found.push(Found {
                        hash: *term,
                        first: sentence,
                        last: u32::MAX,
                        sentences: 0,
                    });
                    found.len() as u32 - 1
                });
                let found = &mut found[number as usize];
                if found.last != sentence {
                    found.last = sentence;
                    found.sentences += 1;
                }
                *term = u64::from(number);
            }
        }
        drop(numbers);
        let mut terms = Vec::new();
        // What takes the place of each term's number, and the last sentence that it was seen in.
        let mut kept: Vec<(u32, u32)> = Vec::with_capacity(found.len());
        for term in found {
            let is_kept = term.sentences >= self.min_df;
            kept.push((if is_kept { terms.len() as u32 } else { NONE }, u32::MAX));
            if is_kept {
                terms.push(Term {
                    hash: term.hash,
                    sentences: term.sentences,
                    first: term.first,
                    part: 0,
                    number: terms.len() as u32,
                });
            }
        }
        let mut cells = vec![0; chunks.len()];
        for ((chunk, part), cells) in chunks.iter_mut().enumerate().zip(&mut cells) {
            for (term, &sentence) in part.terms.iter_mut().zip(part.sentences) {
                let sentence = (chunk * CHUNK + usize::from(sentence)) as u32;
                let (number, last) = &mut kept[*term as usize];
                *cells += u32::from(*number != NONE && *last != sentence);
                *last = sentence;
                *term = u64::from(*number);
            }
        }
        (terms, cells)
    }

    fn idf(&self, terms: &[Term], n_samples: usize) -> Vec<f32> {
        let n_samples = n_samples as f64;
        terms
            .iter()
            .map(|term| {
                if !self.idf {
                    return 1.0;
                }
                let document_frequency = f64::from(term.sentences);
                (((1.0 + n_samples) / (1.0 + document_frequency)).ln() + 1.0) as f32
            })
            .collect()
    }

    /// The sentences as rows, with a column for each term in their order. `cells` is how many the rows of each chunk have.
    fn rows(
        &self,
        chunks: Vec<Parted>,
        cells: &[usize],
        n_samples: usize,
        terms: &[Term],
        idf: &[f32],
    ) -> SparseMatrix {
        let columns = Columns::new(terms);
        let n_cells = cells.iter().sum();
        let mut starts = vec![0; n_samples + 1];
        let (mut indices, mut values) = (vec![0; n_cells], vec![0.0; n_cells]);
        let mut work = Vec::with_capacity(chunks.len());
        let (mut starts_left, mut start) = (&mut starts[1..], 0);
        let (mut indices_left, mut values_left) = (&mut indices[..], &mut values[..]);
        for (chunk, &n_cells) in chunks.into_iter().zip(cells) {
            let rows = Rows {
                start,
                ends: starts_left
                    .split_off_mut(..CHUNK.min(starts_left.len()))
                    .unwrap_or_default(),
                indices: indices_left.split_off_mut(..n_cells).unwrap_or_default(),
                values: values_left.split_off_mut(..n_cells).unwrap_or_default(),
            };
            start += n_cells;
            work.push((chunk, rows));
        }
        work.into_par_iter()
            .for_each(|(chunk, rows)| rows.fill(&chunk, &columns, self, idf));
        SparseMatrix::from_cells(starts, indices, values, terms.len())
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
        let vocabulary = Vocabulary::new(terms.join("\n")).map_err(Error::Solver)?;
        let vectorizer = Vectorizer::from_parts(self.clone(), vocabulary, idf)?;
        Ok((vectorizer, order))
    }
}

/// The text of each term, and its column: its place among them.
fn names<F: Fn() -> Reader + Sync>(
    sentences: &[impl AsRef<str> + Sync],
    readers: &Readers<F>,
    terms: &[Term],
) -> Vec<(String, u32)> {
    /// Sentences that are read at a time: few, since the first have most of the terms.
    const CHUNK: usize = 64;
    let mut wanted: Vec<(u32, u64, u32)> = terms
        .iter()
        .zip(0..)
        .map(|(term, column)| (term.first, term.hash, column))
        .collect();
    wanted.par_sort_unstable();
    let by_sentence: Vec<&[(u32, u64, u32)]> = wanted.chunk_by(|a, b| a.0 == b.0).collect();
    by_sentence
        .par_chunks(CHUNK)
        .flat_map_iter(|chunk| {
            readers.lend(|reader| {
                let mut names = Vec::new();
                for wanted in chunk {
                    let text = sentences[wanted[0].0 as usize].as_ref();
                    reader.read(text);
                    let mut is_named = vec![false; wanted.len()];
                    for feature in 0..reader.features.len() {
                        let hash = reader.features[feature].hash;
                        let place = wanted.binary_search_by_key(&hash, |term| term.1);
                        if let Ok(place) = place
                            && !is_named[place]
                        {
                            is_named[place] = true;
                            names.push((reader.term(feature, text), wanted[place].2));
                        }
                    }
                }
                names
            })
        })
        .collect()
}

/// Stands for the number of a term that is too rare.
const NONE: u32 = u32::MAX;

/// A term of a part, while it is counted.
struct Found {
    hash: u64,
    /// The first and the last sentence that it was seen in, and in how many.
    first: u32,
    last: u32,
    sentences: u32,
}

/// A term that enters the vocabulary.
#[derive(Debug, Clone, Copy)]
struct Term {
    hash: u64,
    /// Its document frequency.
    sentences: u32,
    /// The first sentence that has it.
    first: u32,
    part: u32,
    /// Its place among the terms of its part.
    number: u32,
}

/// Reads the features of a sentence.
struct Reader {
    tokenizer: Tokenizer,
    extractor: FeatureExtractor,
    features: Vec<Feature>,
    /// The text of each stem that was needed, by its hash.
    stems: HashMap<u64, String>,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let tokens = self.tokenizer.tokenize(text, Span::new(0, text.len()));
        self.features.clear();
        self.extractor
            .extract(tokens, |feature| self.features.push(feature));
    }

    /// The text of the term of one of the features that were read last.
    fn term(&mut self, feature: usize, text: &str) -> String {
        let (tokenizer, stems) = (&self.tokenizer, &mut self.stems);
        let stem = |token: &Token| {
            let stem = stems
                .entry(token.meaning.stem)
                .or_insert_with(|| tokenizer.name(text, token));
            stem.clone()
        };
        let tokens = self.tokenizer.tokens();
        self.extractor
            .term(&self.features[feature], stem, text, tokens)
    }

    /// The hashes of the terms of some sentences.
    fn hashes(&mut self, sentences: &[impl AsRef<str>]) -> Parted {
        let mut hashes = Vec::new();
        let mut ends = Vec::with_capacity(sentences.len());
        for text in sentences {
            let text = text.as_ref();
            let tokens = self.tokenizer.tokenize(text, Span::new(0, text.len()));
            self.extractor
                .extract(tokens, |feature: Feature| hashes.push(feature.hash));
            ends.push(hashes.len());
        }
        Parted::new(&hashes, &ends)
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

/// The terms of the sentences of a chunk, in [`PARTS`] parts by the highest bits of their hashes, in each part sentence by sentence.
struct Parted {
    /// Hashes, later numbers within the part.
    terms: Vec<u64>,
    /// The sentence of each, counted from the first of the chunk.
    sentences: Vec<u16>,
    /// Where each part ends.
    ends: Vec<u32>,
}

/// One part of a chunk.
struct PartOfChunk<'a> {
    terms: &'a mut [u64],
    sentences: &'a [u16],
}

impl Parted {
    /// Parts the hashes of sentences, each of which ends where `sentence_ends` says.
    fn new(hashes: &[u64], sentence_ends: &[usize]) -> Self {
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
        let (mut terms, mut sentences) = (vec![0; hashes.len()], vec![0; hashes.len()]);
        let mut start = 0;
        for (sentence, &sentence_end) in (0..).zip(sentence_ends) {
            for &hash in &hashes[start..sentence_end] {
                let end = &mut ends[part(hash)];
                terms[*end as usize] = hash;
                sentences[*end as usize] = sentence;
                *end += 1;
            }
            start = sentence_end;
        }
        Self {
            terms,
            sentences,
            ends,
        }
    }
}

impl Parted {
    /// The columns of the frequent terms of each sentence, and where those of each end. [`Parted::terms`] are numbers already.
    fn by_sentence(&self, columns: &Columns, n_sentences: usize) -> (Vec<u32>, Vec<u32>) {
        let mut ends = vec![0_u32; n_sentences];
        for (&term, &sentence) in self.terms.iter().zip(&self.sentences) {
            ends[usize::from(sentence)] += u32::from(term != u64::from(NONE));
        }
        let mut end = 0;
        for size in &mut ends {
            // Where the sentence begins, for now.
            (*size, end) = (end, end + *size);
        }
        let mut found = vec![0; end as usize];
        let mut start = 0;
        for (part, &part_end) in self.ends.iter().enumerate() {
            let columns = columns.of_part(part);
            let range = start..part_end as usize;
            start = part_end as usize;
            for (&term, &sentence) in self.terms[range.clone()].iter().zip(&self.sentences[range]) {
                if term != u64::from(NONE) {
                    let end = &mut ends[usize::from(sentence)];
                    found[*end as usize] = columns[term as usize];
                    *end += 1;
                }
            }
        }
        (found, ends)
    }
}

/// The chunks of each part.
fn by_part(chunks: &mut [Parted]) -> Vec<Vec<PartOfChunk<'_>>> {
    let mut parts: Vec<Vec<PartOfChunk<'_>>> = Vec::new();
    parts.resize_with(PARTS, || Vec::with_capacity(chunks.len()));
    for chunk in chunks {
        let (mut terms, mut sentences) = (&mut chunk.terms[..], &chunk.sentences[..]);
        let mut start = 0;
        for (part, &end) in parts.iter_mut().zip(&chunk.ends) {
            let size = (end - start) as usize;
            part.push(PartOfChunk {
                terms: terms.split_off_mut(..size).unwrap_or_default(),
                sentences: sentences.split_off(..size).unwrap_or_default(),
            });
            start = end;
        }
    }
    parts
}

/// The column of each term by its part and its number there.
struct Columns {
    columns: Vec<u32>,
    /// Where each part starts.
    starts: Vec<usize>,
}

impl Columns {
    /// Terms are columns in their order.
    fn new(terms: &[Term]) -> Self {
        let mut starts = vec![0; PARTS + 1];
        for term in terms {
            starts[term.part as usize + 1] += 1;
        }
        for part in 0..PARTS {
            starts[part + 1] += starts[part];
        }
        let mut columns = vec![0; terms.len()];
        for (term, column) in terms.iter().zip(0..) {
            columns[starts[term.part as usize] + term.number as usize] = column;
        }
        Self { columns, starts }
    }

    fn of_part(&self, part: usize) -> &[u32] {
        &self.columns[self.starts[part]..self.starts[part + 1]]
    }
}

/// Where the rows of a chunk go.
struct Rows<'a> {
    /// Where the first starts in the matrix.
    start: usize,
    /// Where each ends in the matrix.
    ends: &'a mut [usize],
    indices: &'a mut [u32],
    values: &'a mut [f32],
}

impl Rows<'_> {
    fn fill(self, chunk: &Parted, columns: &Columns, params: &VectorizerParams, idf: &[f32]) {
        let (mut found, found_ends) = chunk.by_sentence(columns, self.ends.len());
        let (mut start, mut at) = (0, 0);
        for (end, &found_end) in self.ends.iter_mut().zip(&found_ends) {
            let row = &mut found[start..found_end as usize];
            start = found_end as usize;
            row.sort_unstable();
            let first = at;
            for same in row.chunk_by(|a, b| a == b) {
                let column = same[0];
                self.indices[at] = column;
                self.values[at] = params.tf.weight(same.len() as u32) * idf[column as usize];
                at += 1;
            }
            params.scale(&mut self.values[first..at]);
            *end = self.start + at;
        }
    }
}
