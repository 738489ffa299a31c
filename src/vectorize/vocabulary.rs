//! Term → column.

use crate::token::HashMap;
use crate::vectorize::features::FeatureExtractor;

/// The terms of a model in sorted order; a term's place is its column.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    terms: Vec<String>,
    columns: HashMap<u64, u32>,
    filter: Filter,
}

/// A bit for each hash, to turn away most n-grams that are no term before the map is asked: the bits stay in a core's
/// cache, the map does not.
#[derive(Debug, Clone)]
struct Filter {
    bits: Vec<u64>,
    shift: u32,
}

impl Filter {
    /// Eight bits or more a term: one unknown n-gram in eight gets through.
    fn new(n_terms: usize) -> Self {
        let size = (8 * n_terms).next_power_of_two().max(64);
        Self {
            bits: vec![0; size / 64],
            shift: 64 - size.trailing_zeros(),
        }
    }

    fn insert(&mut self, hash: u64) {
        let bit = (hash >> self.shift) as usize;
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    #[inline]
    fn may_contain(&self, hash: u64) -> bool {
        let bit = (hash >> self.shift) as usize;
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }
}

impl Vocabulary {
    /// Takes terms that are sorted and distinct.
    ///
    /// # Errors
    /// The first term that is not above the one before it, or whose hash another term has.
    pub fn new(terms: Vec<String>) -> Result<Self, String> {
        let mut columns = HashMap::default();
        let mut filter = Filter::new(terms.len());
        for (column, term) in terms.iter().enumerate() {
            if column > 0 && terms[column - 1] >= *term {
                return Err(format!("term {column} `{term}` is out of order"));
            }
            let hash = FeatureExtractor::hash_of_term(term);
            filter.insert(hash);
            if columns.insert(hash, column as u32).is_some() {
                return Err(format!(
                    "term {column} `{term}` has the hash of another term"
                ));
            }
        }
        Ok(Self {
            terms,
            columns,
            filter,
        })
    }

    /// The terms in order.
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The column of a term by its hash.
    #[inline]
    pub(crate) fn column(&self, hash: u64) -> Option<u32> {
        if !self.filter.may_contain(hash) {
            return None;
        }
        self.columns.get(&hash).copied()
    }
}
