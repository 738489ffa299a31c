//! Phrases of one or more words, found by walking a tree of word hashes.

use super::hash::HashMap;

/// Values reached by sequences of word hashes.
#[derive(Debug, Clone)]
pub(crate) struct PhraseTree<T> {
    children: HashMap<(u32, u64), u32>,
    values: Vec<Option<T>>,
}

impl<T> Default for PhraseTree<T> {
    fn default() -> Self {
        Self {
            children: HashMap::default(),
            values: vec![None],
        }
    }
}

impl<T> PhraseTree<T> {
    /// The place for the value of a phrase.
    pub(crate) fn entry(&mut self, words: &[u64]) -> &mut Option<T> {
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

    /// Whether some phrase starts with this word.
    pub(crate) fn starts(&self, word: u64) -> bool {
        self.children.contains_key(&(0, word))
    }

    /// The phrases that the words begin with: number of words and value, shortest first.
    pub(crate) fn matches(
        &self,
        words: impl Iterator<Item = u64>,
    ) -> impl Iterator<Item = (usize, &T)> {
        let mut node = 0;
        words
            .map_while(move |word| {
                node = *self.children.get(&(node, word))?;
                Some(node)
            })
            .enumerate()
            .filter_map(|(last, node)| Some((last + 1, self.values[node as usize].as_ref()?)))
    }
}
