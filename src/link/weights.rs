//! What the features weigh: logistic regressions fitted on the developing half of `labels/links.csv`.
//!
//! `cargo test --features full fresh_weights -- --ignored --nocapture` fits them anew and prints these numbers; the thresholds are
//! those with the best F1 on folds of affairs that were held out.

use super::score::{self, Weights};

/// For a denial and an accusation of one article.
pub(super) const INSIDE: Weights<{ score::INSIDE }> = Weights {
    coefficients: [
        2.3, 0.29, -1.14, -0.03, -0.2, 0.62, -0.04, 0.28, 1.33, -0.18, -0.69, 0.04, -1.31, 0.72,
        -0.35, -1.1, 1.25,
    ],
    intercept: -2.15,
    threshold: 0.4,
};

/// For a denial and an accusation of another article.
pub(super) const ACROSS: Weights<{ score::ACROSS }> = Weights {
    coefficients: [
        2.22, -1.3, 0.69, 0.17, 2.15, 1.27, 3.06, 1.6, 1.29, 0.13, 1.69, -1.1, 0.94, 0.7, 0.94,
        0.05, -0.89, -0.29, -0.32, -1.5,
    ],
    intercept: -7.31,
    threshold: 0.35,
};
