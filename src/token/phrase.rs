//! Phrases of one or more words, found by walking a tree of word hashes.

use std::num::NonZeroU32;

use super::hash::{HashMap, HashSet};

/// A place in a tree below its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(NonZeroU32);

/// Values reached by sequences of word hashes.
#[derive(Debug, Clone)]
pub(crate) struct PhraseTree<T> {
    children: HashMap<(u32, u64), u32>,
    /// Words that stand in some phrase behind its first: most words do not, and need no walk.
    later: HashSet<u64>,
    values: Vec<Option<T>>,
}

impl<T> Default for PhraseTree<T> {
    fn default() -> Self {
        Self {
            children: HashMap::default(),
            later: HashSet::default(),
            values: vec![None],
        }
    }
}

impl<T> PhraseTree<T> {
    /// The place for the value of a phrase.
    pub(crate) fn entry(&mut self, words: &[u64]) -> &mut Option<T> {
        self.later.extend(words.iter().skip(1));
        let mut node = 0;
        for &word in words {
            let next = self.values.len() as u32;
            node = *self.children.entry((node, word)).or_insert(next);
            if node == next {
                self.values.push(None);
            }
        }
        &mut self.values[node as usize]
    }

    /// Where the phrases go on that start with this word.
    pub(crate) fn start(&self, word: u64) -> Option<Node> {
        let node = self.children.get(&(0, word))?;
        Some(Node(NonZeroU32::new(*node)?))
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
        let next = move |node: &u32| self.children.get(&(*node, words.next()?)).copied();
        std::iter::successors(Some(start.0.get()), next)
            .enumerate()
            .filter_map(|(last, node)| Some((last + 1, self.values[node as usize].as_ref()?)))
    }
}
