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
/// A bucket is one cache line. All of its hashes are compared, without a branch that could be guessed wrong. Of each it holds 40
/// bits, and others say where the search begins: the smaller the table, the nearer it stays to the processor.
#[derive(Debug, Clone)]
struct Ranks {
    buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    /// The upper halves of the hashes, all different.
    uppers: [u32; Self::SIZE],
    /// The lowest byte of each hash, and 24 bits for its rank and 1; 0 where there is none, behind the others.
    entries: [u32; Self::SIZE],
}

impl Bucket {
    const SIZE: usize = 8;

    /// The entry of the hash with this upper half; 0 if there is none.
    #[inline]
    fn entry(&self, upper: u32) -> u32 {
        let entries = self.uppers.iter().zip(&self.entries);
        entries.fold(0, |found, (&known, &entry)| {
            found | if known == upper { entry } else { 0 }
        })
    }

    fn is_full(&self) -> bool {
        self.entries[Self::SIZE - 1] != 0
    }
}

impl Ranks {
    /// The bits of an entry that tell the rank.
    const RANK: u32 = (1 << 24) - 1;

    /// Eight places for six terms.
    fn new(n_terms: usize) -> Self {
        let size = (4 * n_terms).div_ceil(3 * Bucket::SIZE).max(1);
        Self {
            buckets: vec![Bucket::default(); size],
        }
    }

    /// Whether the hash can be told from all others that are there.
    fn insert(&mut self, hash: u64, rank: u32) -> bool {
        if self.get(hash).is_some() {
            return false;
        }
        let upper = (hash >> 32) as u32;
        let mut at = self.home(hash);
        while self.buckets[at].is_full() || self.buckets[at].entry(upper) != 0 {
            at = self.after(at);
        }
        let bucket = &mut self.buckets[at];
        let free = bucket.entries.iter().position(|&entry| entry == 0);
        if let Some(free) = free {
            bucket.uppers[free] = upper;
            bucket.entries[free] = (hash as u32) << 24 | (rank + 1);
        }
        true
    }

    #[inline]
    fn get(&self, hash: u64) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let bucket = &self.buckets[at];
            let entry = bucket.entry((hash >> 32) as u32);
            if entry != 0 && entry >> 24 == hash as u32 & 0xFF {
                return Some((entry & Self::RANK) - 1);
            }
            if entry == 0 && !bucket.is_full() {
                return None;
            }
            at = self.after(at);
        }
    }

    /// Gives every rank another number.
    fn renumber(&mut self, numbers: &[u32]) {
        let entries = self
            .buckets
            .iter_mut()
            .flat_map(|bucket| &mut bucket.entries);
        for entry in entries.filter(|entry| **entry != 0) {
            let rank = (*entry & Self::RANK) - 1;
            *entry = *entry & !Self::RANK | (numbers[rank as usize] + 1);
        }
    }

    /// The bucket where the search for a hash begins.
    #[inline]
    fn home(&self, hash: u64) -> usize {
        ((u64::from(hash as u32) * self.buckets.len() as u64) >> 32) as usize
    }

    fn after(&self, bucket: usize) -> usize {
        (bucket + 1) % self.buckets.len()
    }
}

impl Vocabulary {
    /// Takes terms that are sorted and distinct, one a line; without any text there is none.
    ///
    /// # Errors
    /// The first term that is not above the one before it, or whose hash another term has; 2²⁴ terms or more.
    pub fn new(text: String) -> Result<Self, String> {
        let n_terms = line_feeds(text.as_bytes()) as usize + 1; // or none
        if n_terms > Ranks::RANK as usize {
            return Err(format!("{n_terms} terms, but there can be {}", Ranks::RANK));
        }
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
        self.ranks.get(hash)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_one_bucket_are_told_apart() {
        // They begin their search in one place; some share the upper half, some the lowest byte.
        let hashes: Vec<u64> = (0..20_u64)
            .flat_map(|upper| [upper << 32 | 0x1000, upper << 32 | 0x1001])
            .collect();
        let mut ranks = Ranks::new(hashes.len());
        for (&hash, rank) in hashes.iter().zip(0..) {
            assert_eq!(ranks.get(hash), None);
            assert!(ranks.insert(hash, rank));
            assert!(!ranks.insert(hash, rank), "it is there");
        }
        let numbers: Vec<u32> = (0..hashes.len() as u32).rev().collect();
        ranks.renumber(&numbers);
        for (&hash, &rank) in hashes.iter().zip(&numbers) {
            assert_eq!(ranks.get(hash), Some(rank));
        }
        assert_eq!(ranks.get(20 << 32 | 0x1000), None);
        assert_eq!(ranks.get(0x1002), None);
        assert!(
            !ranks.insert(0x1100, 0),
            "they differ in the second byte alone"
        );
    }
}
