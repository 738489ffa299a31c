//! Spelling → what is known of it: the table in which every word of the text is looked up.
//!
//! A word of up to 16 bytes is two numbers, so a look-up compares no text and follows no pointer: one slot is one cache line.

use super::hash::HashMap;

/// The most spellings of up to [`SHORT`] bytes that are remembered, half of the slots; the table starts anew then. It
/// bounds the memory, at 8 MB.
const LIMIT: usize = 1 << 16;

/// The most longer spellings that are remembered.
const LONG_LIMIT: usize = 1 << 12;

/// The most bytes of a spelling that is a key by itself.
const SHORT: usize = 16;

/// The most bytes of a spelling that is remembered at all.
const LONGEST: usize = 64;

/// Values by spelling.
pub(crate) struct Memo<T> {
    /// Open addressing with linear probing; at most half of the slots are taken.
    slots: Vec<Slot<T>>,
    taken: usize,
    long: HashMap<Box<[u8]>, T>,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Slot<T> {
    /// The bytes of the spelling; 0, which no spelling is, in an empty slot.
    key: Key,
    value: Option<T>,
}

/// The bytes of a short word, padded with 0, as two little-endian numbers.
type Key = [u64; 2];

/// The key of no word.
const NONE: Key = [0, 0];

impl<T: Copy> Slot<T> {
    const EMPTY: Self = Self {
        key: NONE,
        value: None,
    };
}

impl<T: Copy> Memo<T> {
    pub(crate) fn new() -> Self {
        Self {
            slots: vec![Slot::EMPTY; 1 << 10],
            taken: 0,
            long: HashMap::default(),
        }
    }

    /// What is known of a spelling: remembered, or found out by `look_up`.
    #[inline]
    pub(crate) fn get_or_insert_with(&mut self, word: &[u8], look_up: impl FnOnce() -> T) -> T {
        let Some(key) = key(word) else {
            return self.get_long(word, look_up);
        };
        let slot = &self.slots[self.slot(key)];
        match slot.value {
            Some(value) => value,
            None => self.insert(key, look_up()),
        }
    }

    /// The slot that holds the key, or the empty one where it would go.
    #[inline]
    fn slot(&self, key: Key) -> usize {
        let last = self.slots.len() - 1;
        let mut slot = mix(key) as usize & last;
        while self.slots[slot].key != key && self.slots[slot].key != NONE {
            slot = (slot + 1) & last;
        }
        slot
    }

    #[cold]
    fn insert(&mut self, key: Key, value: T) -> T {
        if 2 * self.taken >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(key);
        self.slots[slot] = Slot {
            key,
            value: Some(value),
        };
        self.taken += 1;
        value
    }

    /// Doubles the slots, or empties them when they are as many as there may be.
    fn grow(&mut self) {
        let size = self.slots.len();
        if size >= 2 * LIMIT {
            self.slots.fill(Slot::EMPTY);
            self.taken = 0;
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![Slot::EMPTY; 2 * size]);
        for taken in old.into_iter().filter(|slot| slot.value.is_some()) {
            let slot = self.slot(taken.key);
            self.slots[slot] = taken;
        }
    }

    #[cold]
    fn get_long(&mut self, word: &[u8], look_up: impl FnOnce() -> T) -> T {
        if let Some(&value) = self.long.get(word) {
            return value;
        }
        let value = look_up();
        if word.len() <= LONGEST {
            if self.long.len() >= LONG_LIMIT {
                self.long.clear();
            }
            self.long.insert(word.into(), value);
        }
        value
    }
}

/// The key of a word; `None` for a longer one and for none at all. A word has no NUL, so no two have the same key.
#[inline]
fn key(word: &[u8]) -> Option<Key> {
    // Where the pieces overlap they agree.
    let n = word.len();
    Some(match n {
        8..=SHORT => {
            let last = u64::from_le_bytes(*word.last_chunk()?);
            let rest = last.unbounded_shr(8 * (SHORT - n) as u32);
            [u64::from_le_bytes(*word.first_chunk()?), rest]
        }
        4..8 => {
            let first = u32::from_le_bytes(*word.first_chunk()?);
            let last = u32::from_le_bytes(*word.last_chunk()?);
            [u64::from(first) | u64::from(last) << (8 * (n - 4)), 0]
        }
        1..4 => {
            let [first, middle, last] = [0, n / 2, n - 1].map(|at| u64::from(word[at]) << (8 * at));
            [first | middle | last, 0]
        }
        _ => return None,
    })
}

/// Mixes the bits of a key, the low ones best.
#[inline]
fn mix([low, high]: Key) -> u64 {
    let product =
        u128::from(low ^ 0x9E37_79B9_7F4A_7C15) * u128::from(high ^ 0xD6E8_FEB8_6659_FD93);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_spelling_is_looked_up_once() {
        let mut memo = Memo::new();
        let long = "ab".repeat(20);
        for word in ["a", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "é", &long] {
            let mut looked_up = 0;
            for _ in 0..2 {
                let value = memo.get_or_insert_with(word.as_bytes(), || {
                    looked_up += 1;
                    word.len()
                });
                assert_eq!(value, word.len());
            }
            assert_eq!(looked_up, 1, "{word}");
        }
    }

    #[test]
    fn spellings_past_the_limit_are_looked_up_anew() {
        let mut memo = Memo::new();
        for number in 0..3 * LIMIT {
            let word = number.to_string();
            assert_eq!(memo.get_or_insert_with(word.as_bytes(), || number), number);
        }
        assert!(memo.slots.len() == 2 * LIMIT && memo.taken <= LIMIT);
        for n in 0..2 * LONG_LIMIT {
            memo.get_or_insert_with(format!("{n:0>20}").as_bytes(), || n);
        }
        memo.get_or_insert_with(&[b'x'; LONGEST + 1], || 0);
        assert!(memo.long.len() <= LONG_LIMIT);
        assert!(memo.long.keys().all(|word| word.len() <= LONGEST));
    }

    proptest! {
        #[test]
        fn keys_hold_the_whole_word(word in "[a-zé’]{1,17}") {
            let padded = (word.len() <= SHORT).then(|| {
                let mut bytes = [0; SHORT];
                bytes[..word.len()].copy_from_slice(word.as_bytes());
                let number = u128::from_le_bytes(bytes);
                [number as u64, (number >> 64) as u64]
            });
            prop_assert_eq!(key(word.as_bytes()), padded);
        }
    }
}
