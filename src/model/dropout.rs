//! Blankout noise: training rows → copies of them, each without some of its cells.

use crate::train::SplitMix;
use crate::vectorize::{SparseMatrix, SparseVector};

/// Copies of each row; the documentation of `LogisticParams::dropout` has the number, too.
pub(crate) const COPIES: usize = 4;

/// [`COPIES`] times all rows, in their order, each cell left out with probability `rate`; what is left of a row keeps its length.
pub(super) fn copies(x: &SparseMatrix, rate: f64) -> SparseMatrix {
    let mut random = SplitMix::new(0);
    let lost = (rate * 2_f64.powi(64)) as u64;
    let mut noisy = SparseMatrix::new(x.n_features());
    let mut kept = SparseVector::default();
    for row in (0..COPIES).flat_map(|_| 0..x.n_samples()) {
        let (indices, values) = x.row(row);
        kept.indices.clear();
        kept.values.clear();
        let (mut all, mut left) = (0.0, 0.0);
        for (&index, &value) in indices.iter().zip(values) {
            let square = f64::from(value) * f64::from(value);
            all += square;
            if random.next() >= lost {
                left += square;
                kept.indices.push(index);
                kept.values.push(value);
            }
        }
        let scale = (all / left).sqrt() as f32;
        kept.values.iter_mut().for_each(|value| *value *= scale);
        noisy.push(&kept);
    }
    noisy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_lose_their_share_of_cells_and_keep_their_length() {
        let row = SparseVector {
            indices: (0..1000).collect(),
            values: (0..1000).map(|i| 1.0 + (i % 7) as f32).collect(),
        };
        let x = SparseMatrix::from_rows(1000, &[row.clone(), SparseVector::default()]);
        let noisy = copies(&x, 0.3);
        assert_eq!(noisy.n_samples(), 2 * COPIES);
        for copy in 0..COPIES {
            let (indices, values) = noisy.row(2 * copy);
            assert!((650..750).contains(&indices.len()), "{}", indices.len());
            let kept = SparseVector {
                indices: indices.to_vec(),
                values: values.to_vec(),
            };
            assert!((kept.norm() / row.norm() - 1.0).abs() < 1e-6);
            assert!(noisy.row(2 * copy + 1).0.is_empty());
        }
        assert_ne!(noisy.row(0).0, noisy.row(2).0, "copies differ");
        assert_eq!(noisy, copies(&x, 0.3), "the same each time");
    }
}
