//! Term → column.

use crate::token::HashMap;
use crate::vectorize::features::FeatureExtractor;

/// The terms of a model in sorted order; a term's place is its column.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    terms: Vec<String>,
    columns: HashMap<u64, u32>,
}

impl Vocabulary {
    /// Takes terms that are sorted and distinct.
    ///
    /// # Errors
    /// The first term that is not above the one before it, or whose hash another term has.
    pub fn new(terms: Vec<String>) -> Result<Self, String> {
        let mut columns = HashMap::default();
        for (column, term) in terms.iter().enumerate() {
            if column > 0 && terms[column - 1] >= *term {
                return Err(format!("term {column} `{term}` is out of order"));
            }
            if columns
                .insert(FeatureExtractor::hash_of_term(term), column as u32)
                .is_some()
            {
                return Err(format!(
                    "term {column} `{term}` has the hash of another term"
                ));
            }
        }
        Ok(Self { terms, columns })
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
        self.columns.get(&hash).copied()
    }
}
