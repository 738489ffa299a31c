//! Term → column, and the hash of a term → its rank: terms are numbered by their frequency while text is read, so that what
//! is asked for most lies together.

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
    /// The column of each rank.
    order: Vec<u32>,
    ranks: Ranks,
    filter: Filter,
}

/// Hash → rank: open addressing with linear probing over buckets, since the hashes are well mixed already.
///
/// A bucket is one cache line. All of its hashes are compared, without a branch that could be guessed wrong.
#[derive(Debug, Clone)]
struct Ranks {
    buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    /// 0 where there is none; the others come first.
    hashes: [u64; Self::SIZE],
    ranks: [u32; Self::SIZE],
}

impl Bucket {
    const SIZE: usize = 4;

    /// The rank of a hash that is not 0.
    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let mut place = Self::SIZE;
        for (at, &known) in self.hashes.iter().enumerate() {
            if known == hash {
                place = at;
            }
        }
        (place < Self::SIZE).then_some(self.ranks[place % Self::SIZE])
    }

    fn is_full(&self) -> bool {
        self.hashes[Self::SIZE - 1] != 0
    }
}

impl Ranks {
    /// Four places or more for three terms: a smaller table stays nearer to the processor than a roomier one.
    fn new(n_terms: usize) -> Self {
        let size = (4 * n_terms).div_ceil(3 * Bucket::SIZE).next_power_of_two();
        Self {
            buckets: vec![Bucket::default(); size],
        }
    }

    /// Whether the hash is new; 0, which no place can hold, never is.
    fn insert(&mut self, hash: u64, rank: u32) -> bool {
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
            (bucket.hashes[free], bucket.ranks[free]) = (hash, rank);
        }
        true
    }

    /// The rank of a hash that is not 0.
    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let bucket = &self.buckets[at];
            let rank = bucket.get(hash);
            if rank.is_some() | !bucket.is_full() {
                return rank;
            }
            at = self.after(at);
        }
    }

    /// Gives every rank another number.
    fn renumber(&mut self, numbers: &[u32]) {
        for bucket in &mut self.buckets {
            for (&hash, rank) in bucket.hashes.iter().zip(&mut bucket.ranks) {
                if hash != 0 {
                    *rank = numbers[*rank as usize];
                }
            }
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
        let mut ranks = Ranks::new(n_terms);
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
            if !ranks.insert(hash, column as u32) {
                return Err(format!(
                    "term {column} `{term}` has the hash of another term"
                ));
            }
        }
        Ok(Self {
            text,
            order: (0..ends.len() as u32).collect(),
            ends,
            ranks,
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

    /// The rank of a term by its hash.
    #[inline]
    pub(crate) fn rank(&self, hash: u64) -> Option<u32> {
        (hash != 0).then(|| self.ranks.get(hash))?
    }

    /// The column of a rank.
    pub(crate) fn column(&self, rank: u32) -> usize {
        self.order[rank as usize] as usize
    }

    /// The columns in the order of their ranks. Without [`Vocabulary::rank_by`] both are the same.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Ranks the terms by idf, which rises as terms get rarer.
    pub(super) fn rank_by(&mut self, idf: &[f32]) {
        let mut keys: Vec<u64> = (0..)
            .zip(idf)
            .map(|(column, idf)| u64::from(idf.to_bits()) << 32 | column)
            .collect();
        keys.sort_unstable();
        let mut rank_of = vec![0; keys.len()];
        for (rank, &key) in (0..).zip(&keys) {
            rank_of[key as u32 as usize] = rank;
        }
        let numbers: Vec<u32> = (self.order.iter())
            .map(|&column| rank_of[column as usize])
            .collect();
        self.ranks.renumber(&numbers);
        self.order = keys.iter().map(|&key| key as u32).collect();
    }
}
