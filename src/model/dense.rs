//! The dense solver: `linfa-logistic`'s binary logistic regression on the matrix with all its zeros.
//!
//! Its objective is the sparse solver's divided by `C` (`alpha = 1 / C`), so both have the same optimum. The binary
//! model is used, not the multinomial one: that subtracts a single maximum of the whole score matrix in its
//! log-sum-exp and clamps what is left at 1e-15 (linfa-logistic 0.8.1), so the loss of rows whose scores lie some 35
//! below the largest of all is wrong.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::Array1;

use super::logistic::LogisticValidParams;
use super::newton::Solution;
use crate::vectorize::SparseMatrix;
use crate::{Error, Result};

/// Copies of the dense matrix and of the parameter vectors that `linfa-logistic` holds at once: the matrix and its
/// transposed product, and L-BFGS's history of parameters and gradients.
const MATRICES: u64 = 2;
const VECTORS: u64 = 32;

/// Fits one label.
pub(super) fn solve(
    x: &SparseMatrix,
    y: &[bool],
    params: &LogisticValidParams,
) -> Result<Solution> {
    let needed_mb = estimate_mb(x.n_samples(), x.n_features());
    if needed_mb > params.dense_limit_mb {
        return Err(Error::DenseTooLarge {
            n_samples: x.n_samples(),
            n_features: x.n_features(),
            needed_mb,
            limit_mb: params.dense_limit_mb,
        });
    }
    let dataset = DatasetBase::new(x.to_dense(), Array1::from_vec(y.to_vec()));
    let model = LogisticRegression::default()
        .alpha(1.0 / params.cost())
        .gradient_tolerance(params.tol)
        .max_iterations(params.max_iter as u64)
        .fit(&dataset)
        .map_err(|error| Error::Solver(format!("linfa-logistic: {error}")))?;
    let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
    Ok(Solution {
        w: model.params().iter().map(|w| w * sign).collect(),
        intercept: model.intercept() * sign,
        iterations: 0,
        converged: true,
    })
}

fn estimate_mb(n_samples: usize, n_features: usize) -> u64 {
    let (rows, columns) = (n_samples as u64, n_features as u64);
    (MATRICES * rows * columns + VECTORS * columns) * size_of::<f64>() as u64 / 1_000_000
}
