//! The 64-bit hashes that stand for words, classes and terms while text is read.
//!
//! No file holds their values: a model holds its terms as text and they are hashed anew when it is loaded. Training
//! numbers terms of one document frequency by them while it solves, so with another hash function the last bits of the
//! coefficients could differ. Two terms of one vocabulary never share a hash, which
//! [`Vocabulary`](crate::Vocabulary) checks; of each it keeps 40 bits
//! and a place, so that an unknown term is taken for a known one with a chance of about 2^-37.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// A map that is always iterated by key order or not at all, so its hasher may be fixed.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::FixedState>;

/// A set with the same hasher as [`HashMap`].
pub(crate) type HashSet<K> = std::collections::HashSet<K, foldhash::fast::FixedState>;

/// The hash of a word or of a name of a class.
pub(crate) fn hash_name(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

/// Appends one part to the hash of a term.
#[inline]
pub(crate) fn combine(hash: u64, part: u64) -> u64 {
    let product = u128::from(hash ^ 0x9E37_79B9_7F4A_7C15) * u128::from(part | 1);
    (product as u64) ^ ((product >> 64) as u64).wrapping_add(part)
}

/// Two bits for each hash of a table, to turn away most of the others before the table is asked: the bits stay in a core's cache,
/// the table does not.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    words: Vec<u64>,
    shift: u32,
}

impl Filter {
    /// Eight bits or more a hash: one unknown hash in twenty gets through.
    pub(crate) fn new(n_hashes: usize) -> Self {
        let size = (n_hashes / 8).next_power_of_two().max(2);
        Self {
            words: vec![0; size],
            shift: 64 - size.trailing_zeros(),
        }
    }

    pub(crate) fn insert(&mut self, hash: u64) {
        let [one, other] = bits(hash);
        self.words[(hash >> self.shift) as usize] |= 1 << one | 1 << other;
    }

    #[inline]
    pub(crate) fn may_contain(&self, hash: u64) -> bool {
        let word = self.words[(hash >> self.shift) as usize];
        let [one, other] = bits(hash);
        word >> one & word >> other & 1 == 1
    }
}

/// The bits of a hash in its word.
#[inline]
fn bits(hash: u64) -> [u64; 2] {
    [hash & 63, hash >> 6 & 63]
}
