//! Phrases of one or more words, found by walking a tree of word hashes.

use std::num::NonZeroU32;

use foldhash::fast::FixedState;

use super::hash::{Filter, HashMap, HashSet, combine};

/// A place in a tree below its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(NonZeroU32);

/// Values reached by sequences of word hashes.
#[derive(Debug, Clone)]
pub(crate) struct PhraseTree<T> {
    children: HashMap<(u32, u64), u32>,
    /// What the children are asked before: most phrases that begin in a text are not carried on.
    filter: Filter,
    /// Words that stand in some phrase behind its first: most words do not, and need no walk.
    later: HashSet<u64>,
    values: Vec<Option<T>>,
}

impl<T> PhraseTree<T> {
    /// A tree with room for about this many places.
    pub(crate) fn with_capacity(places: usize) -> Self {
        let mut values = Vec::with_capacity(places + 1);
        values.push(None);
        Self {
            children: HashMap::with_capacity_and_hasher(places, FixedState::default()),
            filter: Filter::new(places),
            later: HashSet::default(),
            values,
        }
    }

    /// The place for the value of a phrase.
    pub(crate) fn entry(&mut self, words: &[u64]) -> &mut Option<T> {
        self.later.extend(words.iter().skip(1));
        let mut node = 0;
        for &word in words {
            let next = self.values.len() as u32;
            self.filter.insert(hash(node, word));
            node = *self.children.entry((node, word)).or_insert(next);
            if node == next {
                self.values.push(None);
            }
        }
        &mut self.values[node as usize]
    }

    /// Where the phrases go on that start with this word.
    pub(crate) fn start(&self, word: u64) -> Option<Node> {
        Some(Node(NonZeroU32::new(self.child(0, word)?)?))
    }

    fn child(&self, node: u32, word: u64) -> Option<u32> {
        if !self.filter.may_contain(hash(node, word)) {
            return None;
        }
        self.children.get(&(node, word)).copied()
    }

    /// Whether the word stands in some phrase behind its first word.
    pub(crate) fn continues(&self, word: u64) -> bool {
        self.later.contains(&word)
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

fn hash(node: u32, word: u64) -> u64 {
    combine(word, u64::from(node))
}
