//! Folds for held-out scores: every group stays whole.

use std::collections::BTreeMap;

use crate::{Error, LabelSet, Result};

/// Assigns every row a fold in `0..folds`, so that the rows of a group share one fold and every fold has nearly the same
/// number of rows of each label set.
///
/// Groups are shuffled by `seed`, then dealt out from the largest: each goes to the fold that has the fewest rows of the
/// group's rarest label set, then the fewest rows.
///
/// # Errors
/// [`Error::TooFewGroups`] when there are fewer groups than folds; [`Error::Parameter`] for fewer than two folds.
pub fn grouped_folds(
    groups: &[impl AsRef<str>],
    labels: &[LabelSet],
    folds: usize,
    seed: u64,
) -> Result<Vec<usize>> {
    if folds < 2 {
        return Err(Error::Parameter {
            name: "folds",
            found: folds.to_string(),
            needed: "at least 2",
        });
    }
    let rows_of = rows_of_groups(groups);
    if rows_of.len() < folds {
        return Err(Error::TooFewGroups {
            folds,
            groups: rows_of.len(),
        });
    }
    let mut total: BTreeMap<LabelSet, usize> = BTreeMap::new();
    for &set in labels {
        *total.entry(set).or_default() += 1;
    }
    let mut order = rows_of;
    shuffle(&mut order, seed);
    order.sort_by_key(|rows| std::cmp::Reverse(rows.len()));

    let mut fold_of = vec![0; groups.len()];
    let mut sizes = vec![0; folds];
    let mut counts: Vec<BTreeMap<LabelSet, usize>> = vec![BTreeMap::new(); folds];
    for rows in order {
        let rarest = rows
            .iter()
            .map(|&row| labels[row])
            .min_by_key(|set| (total[set], *set))
            .unwrap_or_default();
        let fold = (0..folds)
            .min_by_key(|&fold| {
                (
                    counts[fold].get(&rarest).copied().unwrap_or(0),
                    sizes[fold],
                    fold,
                )
            })
            .unwrap_or(0);
        for row in rows {
            fold_of[row] = fold;
            sizes[fold] += 1;
            *counts[fold].entry(labels[row]).or_default() += 1;
        }
    }
    Ok(fold_of)
}

/// The rows of each group, groups by name.
fn rows_of_groups(groups: &[impl AsRef<str>]) -> Vec<Vec<usize>> {
    let name = |&row: &usize| groups[row].as_ref();
    let mut rows: Vec<usize> = (0..groups.len()).collect();
    rows.sort_by_key(name);
    rows.chunk_by(|one, other| name(one) == name(other))
        .map(<[usize]>::to_vec)
        .collect()
}

/// A generator of well-mixed numbers (`SplitMix64`; Steele, Lea, Flood 2014): small, and the same everywhere and forever.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; the bias is below `bound / 2^64`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut random = SplitMix::new(seed);
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn folds_partition_the_rows_and_keep_groups_whole(
            groups in prop::collection::vec(0..20u8, 8..200), folds in 2..5usize, seed: u64,
        ) {
            let names: Vec<String> = groups.iter().map(u8::to_string).collect();
            let labels: Vec<LabelSet> =
                groups.iter().enumerate().map(|(i, _)| LabelSet::from_iter((i % 3 == 0).then_some(0))).collect();
            let Ok(fold_of) = grouped_folds(&names, &labels, folds, seed) else {
                return Ok(()); // fewer groups than folds
            };
            prop_assert!(fold_of.iter().all(|&fold| fold < folds));
            for (a, group_a) in groups.iter().enumerate() {
                for (b, group_b) in groups.iter().enumerate() {
                    prop_assert!(group_a != group_b || fold_of[a] == fold_of[b]);
                }
            }
            prop_assert_eq!(&grouped_folds(&names, &labels, folds, seed).unwrap(), &fold_of);
        }
    }

    #[test]
    fn folds_share_rare_labels_evenly() {
        let names: Vec<String> = (0..100).map(|i| i.to_string()).collect();
        let labels: Vec<LabelSet> = (0..100)
            .map(|i| LabelSet::from_iter((i < 10).then_some(0)))
            .collect();
        let fold_of = grouped_folds(&names, &labels, 5, 7).unwrap();
        for fold in 0..5 {
            assert_eq!((0..10).filter(|&row| fold_of[row] == fold).count(), 2);
        }
    }

    #[test]
    fn fewer_groups_than_folds_is_an_error() {
        let error = grouped_folds(&["a", "a"], &[LabelSet::default(); 2], 2, 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 folds need at least as many groups, but the data has 1"
        );
    }
}
