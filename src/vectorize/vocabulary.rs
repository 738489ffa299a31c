//! Term → column.

use crate::vectorize::features::FeatureExtractor;

/// The terms of a model in sorted order; a term's place is its column.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    terms: Vec<String>,
    columns: Columns,
    filter: Filter,
}

/// A bit for each hash, to turn away most n-grams that are no term before the table is asked: the bits stay in a core's
/// cache, the table does not.
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

/// Hash → column: open addressing with linear probing, since the hashes are well mixed already.
#[derive(Debug, Clone)]
struct Columns {
    /// The hash in each slot, 0 where there is none.
    hashes: Vec<u64>,
    columns: Vec<u32>,
}

impl Columns {
    /// Two slots or more a term.
    fn new(n_terms: usize) -> Self {
        let size = (2 * n_terms).next_power_of_two().max(2);
        Self {
            hashes: vec![0; size],
            columns: vec![0; size],
        }
    }

    /// Whether the hash is new; 0, which no slot can hold, never is.
    fn insert(&mut self, hash: u64, column: u32) -> bool {
        let slot = self.slot(hash);
        let is_new = hash != 0 && self.hashes[slot] == 0;
        if is_new {
            (self.hashes[slot], self.columns[slot]) = (hash, column);
        }
        is_new
    }

    /// The slot that holds the hash, or the empty one where it would go.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let last = self.hashes.len() - 1;
        let mut slot = hash as usize & last;
        while self.hashes[slot] != hash && self.hashes[slot] != 0 {
            slot = (slot + 1) & last;
        }
        slot
    }

    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let slot = self.slot(hash);
        (self.hashes[slot] == hash && hash != 0).then(|| self.columns[slot])
    }
}

impl Vocabulary {
    /// Takes terms that are sorted and distinct.
    ///
    /// # Errors
    /// The first term that is not above the one before it, or whose hash another term has.
    pub fn new(terms: Vec<String>) -> Result<Self, String> {
        let mut columns = Columns::new(terms.len());
        let mut filter = Filter::new(terms.len());
        for (column, term) in terms.iter().enumerate() {
            if column > 0 && terms[column - 1] >= *term {
                return Err(format!("term {column} `{term}` is out of order"));
            }
            let hash = FeatureExtractor::hash_of_term(term);
            filter.insert(hash);
            if !columns.insert(hash, column as u32) {
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
        self.columns.get(hash)
    }
}
