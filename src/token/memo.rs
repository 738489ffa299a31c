//! Spelling → what is known of it: the table in which every word of the text is looked up.
//!
//! A word of up to 16 bytes is two numbers, so a look-up compares no text. What is known stands in the order in which the
//! spellings were met: the frequent ones come early, and stay together in the cache.

use super::hash::HashMap;

/// The most spellings that are remembered when a sentence begins; the table starts anew then. It bounds the memory, at 8 MB.
const LIMIT: usize = 1 << 16;

/// The slots of a new table.
const SLOTS: usize = 1 << 10;

/// The most bytes of a spelling that is a key by itself.
const SHORT: usize = 16;

/// The most bytes of a spelling that is remembered at all.
const LONGEST: usize = 64;

/// Values by spelling.
pub(crate) struct Memo<T> {
    /// Open addressing with linear probing; at most half of the slots are taken.
    slots: Vec<Slot>,
    /// The numbers of longer spellings.
    long: HashMap<Box<[u8]>, u32>,
    /// What is known of each spelling, by its number.
    values: Vec<T>,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Slot {
    /// The bytes of the spelling; 0, which no spelling is, in an empty slot.
    key: Key,
    number: u32,
}

/// The bytes of a short word, padded with 0, as two little-endian numbers.
type Key = [u64; 2];

/// The key of no word.
const NONE: Key = [0, 0];

impl Slot {
    const EMPTY: Self = Self {
        key: NONE,
        number: 0,
    };
}

impl<T> Memo<T> {
    pub(crate) fn new() -> Self {
        Self {
            slots: vec![Slot::EMPTY; SLOTS],
            long: HashMap::default(),
            values: Vec::new(),
        }
    }

    /// What is known of each spelling, by its number.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// Forgets everything when that has become too much; numbers hold until then.
    pub(crate) fn make_room(&mut self) {
        if self.values.len() > LIMIT {
            *self = Self::new();
        }
    }

    /// The number of the spelling in the first `length` bytes of a text; a new one with what is found out by `look_up`.
    #[inline]
    pub(crate) fn number(
        &mut self,
        text: &[u8],
        length: usize,
        look_up: impl FnOnce() -> T,
    ) -> u32 {
        match self.find(text, length) {
            Some(number) => number,
            None => self.insert(&text[..length], look_up()),
        }
    }

    /// The number of the spelling in the first `length` bytes of a text; `None` for one that was not inserted.
    #[inline]
    fn find(&self, text: &[u8], length: usize) -> Option<u32> {
        let Some(key) = key(text, length) else {
            return self.long.get(&text[..length]).copied();
        };
        let slot = self.slots[self.slot(key)];
        (slot.key != NONE).then_some(slot.number)
    }

    /// Numbers a spelling that has no number yet.
    #[cold]
    fn insert(&mut self, word: &[u8], value: T) -> u32 {
        let number = self.values.len() as u32;
        self.values.push(value);
        match key(word, word.len()) {
            Some(key) => {
                if self.values.len() > self.slots.len() / 2 {
                    self.grow();
                }
                let slot = self.slot(key);
                self.slots[slot] = Slot { key, number };
            }
            None if word.len() <= LONGEST => {
                self.long.insert(word.into(), number);
            }
            None => {}
        }
        number
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

    /// Doubles the slots.
    fn grow(&mut self) {
        let doubled = vec![Slot::EMPTY; 2 * self.slots.len()];
        let old = std::mem::replace(&mut self.slots, doubled);
        for taken in old.into_iter().filter(|slot| slot.key != NONE) {
            let slot = self.slot(taken.key);
            self.slots[slot] = taken;
        }
    }
}

/// The key of the word in the first `length` bytes of a text; `None` for a longer one and for none at all. A word has no NUL, so
/// no two have the same key.
///
/// How long a word is cannot be foreseen, so a key's bytes are read whatever the length, and those behind the word masked.
#[inline]
fn key(text: &[u8], length: usize) -> Option<Key> {
    if !(1..=SHORT).contains(&length) {
        return None;
    }
    let mut bytes = [0; SHORT];
    match text.first_chunk() {
        Some(chunk) => bytes = *chunk,
        None => bytes[..length].copy_from_slice(&text[..length]),
    }
    let kept = u128::from_le_bytes(bytes) & KEPT[length];
    Some([kept as u64, (kept >> 64) as u64])
}

/// The bits of a key that a word of each length has.
const KEPT: [u128; SHORT + 1] = {
    let mut kept = [0; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        kept[length] = u128::MAX >> (8 * (SHORT - length));
        length += 1;
    }
    kept
};

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
    fn a_spelling_keeps_its_number() {
        let mut memo = Memo::new();
        let long = "ab".repeat(20);
        let words = ["a", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "é", &long];
        for word in words {
            assert_eq!(memo.find(word.as_bytes(), word.len()), None, "{word}");
            memo.insert(word.as_bytes(), word);
        }
        for word in words {
            let text = format!("{word} and more text");
            let number = memo.find(text.as_bytes(), word.len());
            assert_eq!(memo.values()[number.unwrap() as usize], word);
        }
    }

    #[test]
    fn spellings_past_the_limit_are_forgotten() {
        let mut memo = Memo::new();
        for number in 0..3 * LIMIT {
            memo.make_room();
            let word = number.to_string();
            memo.insert(word.as_bytes(), number);
            memo.insert(&[b'x'; LONGEST + 1], number);
            assert!(memo.values.len() <= LIMIT + 2 && memo.slots.len() <= 4 * LIMIT);
            let known = memo.find(word.as_bytes(), word.len()).unwrap();
            assert_eq!(memo.values()[known as usize], number);
        }
        assert_eq!(memo.find(b"0", 1), None);
        assert!(memo.long.is_empty(), "too long to be remembered");
    }

    proptest! {
        #[test]
        fn keys_hold_the_whole_word_and_no_more(word in "[a-zé’]{1,17}", behind in "[a-z .]{0,20}") {
            let padded = (word.len() <= SHORT).then(|| {
                let mut bytes = [0; SHORT];
                bytes[..word.len()].copy_from_slice(word.as_bytes());
                let number = u128::from_le_bytes(bytes);
                [number as u64, (number >> 64) as u64]
            });
            let text = [word.as_str(), &behind].concat();
            prop_assert_eq!(key(text.as_bytes(), word.len()), padded);
        }
    }
}
