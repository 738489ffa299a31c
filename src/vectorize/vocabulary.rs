//! Term → column.

use super::features::FeatureExtractor;
use crate::input::line_feeds;
use crate::token::Filter;

/// The terms of a model in sorted order; a term's place is its column.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// The terms, one a line.
    text: String,
    /// Where each term ends.
    ends: Vec<u32>,
    columns: Columns,
    filter: Filter,
}

/// Hash → column: open addressing with linear probing over buckets, since the hashes are well mixed already.
///
/// A bucket is one cache line. All of its hashes are compared, without a branch that could be guessed wrong.
#[derive(Debug, Clone)]
struct Columns {
    buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    /// 0 where there is none; the others come first.
    hashes: [u64; Self::SIZE],
    columns: [u32; Self::SIZE],
}

impl Bucket {
    const SIZE: usize = 4;

    /// The column of a hash that is not 0.
    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let mut place = Self::SIZE;
        for (at, &known) in self.hashes.iter().enumerate() {
            if known == hash {
                place = at;
            }
        }
        (place < Self::SIZE).then_some(self.columns[place % Self::SIZE])
    }

    fn is_full(&self) -> bool {
        self.hashes[Self::SIZE - 1] != 0
    }
}

impl Columns {
    /// Four places or more for three terms: a smaller table stays nearer to the processor than a roomier one.
    fn new(n_terms: usize) -> Self {
        let size = (4 * n_terms).div_ceil(3 * Bucket::SIZE).next_power_of_two();
        Self {
            buckets: vec![Bucket::default(); size],
        }
    }

    /// Whether the hash is new; 0, which no place can hold, never is.
    fn insert(&mut self, hash: u64, column: u32) -> bool {
        if hash == 0 || self.get(hash).is_some() {
            return false;
        }
        let mut at = self.home(hash);
        while self.buckets[at].is_full() {
            at = self.after(at);
        }
        let bucket = &mut self.buckets[at];
        let free = bucket.hashes.iter().position(|&hash| hash == 0);
        if let Some(free) = free {
            (bucket.hashes[free], bucket.columns[free]) = (hash, column);
        }
        true
    }

    /// The column of a hash that is not 0.
    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let bucket = &self.buckets[at];
            let column = bucket.get(hash);
            if column.is_some() | !bucket.is_full() {
                return column;
            }
            at = self.after(at);
        }
    }

    /// The bucket where the search for a hash begins.
    fn home(&self, hash: u64) -> usize {
        hash as usize & (self.buckets.len() - 1)
    }

    fn after(&self, bucket: usize) -> usize {
        (bucket + 1) & (self.buckets.len() - 1)
    }
}

impl Vocabulary {
    /// Takes terms that are sorted and distinct, one a line; without any text there is none.
    ///
    /// # Errors
    /// The first term that is not above the one before it, or whose hash another term has.
    pub fn new(text: String) -> Result<Self, String> {
        let n_terms = line_feeds(text.as_bytes()) as usize + 1; // or none
        let mut ends = Vec::with_capacity(n_terms);
        let mut columns = Columns::new(n_terms);
        let mut filter = Filter::new(n_terms);
        let (mut before, mut start) = (None, 0);
        let line_feeds = memchr::memchr_iter(b'\n', text.as_bytes());
        let terms_end = (!text.is_empty()).then_some(text.len());
        for (column, end) in line_feeds.chain(terms_end).enumerate() {
            let term = &text[start..end];
            if before >= Some(term) {
                return Err(format!("term {column} `{term}` is out of order"));
            }
            before = Some(term);
            ends.push(end as u32);
            start = end + 1;
            let hash = FeatureExtractor::hash_of_term(term);
            filter.insert(hash);
            if !columns.insert(hash, column as u32) {
                return Err(format!(
                    "term {column} `{term}` has the hash of another term"
                ));
            }
        }
        Ok(Self {
            text,
            ends,
            columns,
            filter,
        })
    }

    /// The terms in order, one a line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The term of a column, which must be below [`Vocabulary::len`].
    pub fn term(&self, column: usize) -> &str {
        let start = match column {
            0 => 0,
            _ => self.ends[column - 1] as usize + 1,
        };
        &self.text[start..self.ends[column] as usize]
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether a hash can be that of a term: `false` for most of those that are not.
    #[inline]
    pub(crate) fn may_contain(&self, hash: u64) -> bool {
        self.filter.may_contain(hash)
    }

    /// The column of a term by its hash.
    #[inline]
    pub(crate) fn column(&self, hash: u64) -> Option<u32> {
        (hash != 0).then(|| self.columns.get(hash))?
    }
}
