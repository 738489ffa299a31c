//! Phrases of one or more words, found by walking a tree of word hashes.

use std::num::NonZeroU32;

use foldhash::fast::FixedState;

use super::hash::HashMap;

/// A place in a tree below its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(NonZeroU32);

/// Values reached by sequences of word hashes.
#[derive(Debug, Clone)]
pub(crate) struct PhraseTree<T> {
    children: HashMap<(u32, u64), u32>,
    /// For each place a bit for the lowest bits of every word that goes on from it: most phrases that begin in a text are not
    /// carried on, and the children need not be asked.
    next: Vec<u64>,
    values: Vec<Option<T>>,
}

impl<T> PhraseTree<T> {
    /// A tree with room for about this many places.
    pub(crate) fn with_capacity(places: usize) -> Self {
        let (mut next, mut values) = (
            Vec::with_capacity(places + 1),
            Vec::with_capacity(places + 1),
        );
        next.push(0);
        values.push(None);
        Self {
            children: HashMap::with_capacity_and_hasher(places, FixedState::default()),
            next,
            values,
        }
    }

    /// The place for the value of a phrase.
    pub(crate) fn entry(&mut self, words: &[u64]) -> &mut Option<T> {
        let mut node = 0;
        for &word in words {
            let new = self.values.len() as u32;
            self.next[node as usize] |= bit(word);
            node = *self.children.entry((node, word)).or_insert(new);
            if node == new {
                self.next.push(0);
                self.values.push(None);
            }
        }
        &mut self.values[node as usize]
    }

    /// Where the phrases go on that start with this word.
    pub(crate) fn start(&self, word: u64) -> Option<Node> {
        Some(Node(NonZeroU32::new(self.child(0, word)?)?))
    }

    #[inline]
    fn child(&self, node: u32, word: u64) -> Option<u32> {
        if self.next[node as usize] & bit(word) == 0 {
            return None;
        }
        self.children.get(&(node, word)).copied()
    }

    /// The phrases that start at a node and go on with `words`: number of words and value, shortest first.
    pub(crate) fn matches(
        &self,
        start: Node,
        mut words: impl Iterator<Item = u64>,
    ) -> impl Iterator<Item = (usize, &T)> {
        let next = move |node: &u32| self.child(*node, words.next()?);
        std::iter::successors(Some(start.0.get()), next)
            .enumerate()
            .filter_map(|(last, node)| Some((last + 1, self.values[node as usize].as_ref()?)))
    }
}

/// One of 64 bits.
fn bit(word: u64) -> u64 {
    1 << (word % 64)
}
