//! Labels: the classes that a model knows, and the set of them that one sentence carries.
//!
//! ```
//! use rejoinder::{LabelSet, Labels};
//!
//! let labels = Labels::new(["accusation", "denial"])?;
//! let set = LabelSet::from_iter([1]);
//! assert_eq!(labels.join(set), "denial");
//! assert_eq!(labels.join(LabelSet::default()), "none");
//! assert!(Labels::new((0..65).map(|i| i.to_string())).is_err());
//! # Ok::<(), rejoinder::Error>(())
//! ```

use crate::{Error, Result};

/// What a sentence without any label is called in files.
pub const NONE: &str = "none";

/// The labels of a model, sorted; a label's index is its column everywhere.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Labels(Vec<String>);

impl Labels {
    /// The most labels that a model can have.
    pub const LIMIT: usize = 64;

    /// Sorts the names and drops repetitions.
    ///
    /// # Errors
    /// [`Error::TooManyLabels`] past [`Labels::LIMIT`].
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Self> {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > Self::LIMIT {
            return Err(Error::TooManyLabels {
                found: names.len(),
                limit: Self::LIMIT,
            });
        }
        Ok(Self(names))
    }

    /// The names in order.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The column of a label.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.0
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
    }

    /// The names of the labels in `set`.
    pub fn names_of(&self, set: LabelSet) -> impl Iterator<Item = &str> {
        set.iter().map(|index| self.0[index].as_str())
    }

    /// The set as it stands in a labelled CSV: names joined by `|`, or `none`.
    pub fn join(&self, set: LabelSet) -> String {
        if set.is_empty() {
            return NONE.to_owned();
        }
        self.names_of(set).collect::<Vec<_>>().join("|")
    }
}

/// The labels of one sentence: zero, one or several columns of [`Labels`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelSet(u64);

impl LabelSet {
    /// Adds a label by its column.
    pub fn insert(&mut self, index: usize) {
        debug_assert!(index < Labels::LIMIT, "`Labels` has no column {index}");
        self.0 |= 1 << index;
    }

    /// Whether the label in this column is in the set.
    pub fn contains(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// The labels of either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The labels that `other` has not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether a label is in both.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as a number: bit `i` for the label in column `i`.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Whether the sentence carries no label.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many labels the sentence carries.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The columns in the set, ascending.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(index)
        })
    }
}

impl FromIterator<usize> for LabelSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        let mut set = Self::default();
        for index in indices {
            set.insert(index);
        }
        set
    }
}
