//! The sparse solver: L2-regularised logistic regression by a truncated Newton method, several regressions side by side.
//!
//! Minimises for each, over coefficients `w` and an intercept `b` that is not penalised,
//!
//! `f(w, b) = ½ wᵀw + Σᵢ cᵢ ln(1 + exp(-yᵢ (wᵀxᵢ + b)))`,  `yᵢ = ±1`,
//!
//! with `cᵢ = C ·` the weight of sample i's class, 0 for a sample that is held out: the objective of LIBLINEAR `-s 0` and
//! scikit-learn's `LogisticRegression`, but for LIBLINEAR's penalised bias.
//!
//! Dual coordinate descent in single precision comes near the optimum first; the gradient is then taken in double precision, and
//! Newton steps follow where it does not meet the stopping rule. Each step solves the Newton equations `H d = -g` inexactly by conjugate gradients, preconditioned by the diagonal
//! of `H` (Hsia, Chiang, Lin 2018, Algorithm 2), and goes as far along `d` as halving the step makes `f` fall enough
//! (Armijo; Galli & Lin 2021, Section 2.2). It stops when `‖g‖ ≤ tol · ‖g(0, 0)‖`.
//!
//! Regressions on one matrix run in lanes: what belongs to a column or a row is an array of one number a lane, so that one
//! pass over the matrix serves all of them. No lane's arithmetic depends on another's, nor on the number of threads.

mod dual;
mod lanes;
mod passes;

use ndarray::ArrayView1;

pub(crate) use self::lanes::{solve, solve_nearly};
pub(crate) use self::passes::logistic;

/// One regression on the rows of a matrix.
#[derive(Debug, Clone)]
pub(crate) struct Problem<'a> {
    /// Whether each sample carries the label.
    pub(crate) y: &'a [bool],
    /// `c` of a sample without and with the label.
    pub(crate) costs: [f64; 2],
    /// The fold of each sample, and the fold that is held out.
    pub(crate) held_out: Option<(&'a [usize], usize)>,
    /// Coefficients and the intercept to start from; without them, `w = 0` and the intercept that fits the shares of
    /// the classes.
    pub(crate) start: Option<(ArrayView1<'a, f64>, f64)>,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    pub(crate) tol: f64,
    pub(crate) max_iter: usize,
}

/// What the solver found.
#[derive(Debug, Clone)]
pub(crate) struct Solution {
    /// Coefficients.
    pub(crate) w: Vec<f64>,
    pub(crate) intercept: f64,
    /// Newton steps taken.
    pub(crate) iterations: usize,
    /// Whether the stopping rule was met within `max_iter` steps.
    pub(crate) converged: bool,
}

impl Problem<'_> {
    /// Whether the sample counts.
    fn has(&self, sample: usize) -> bool {
        self.held_out
            .is_none_or(|(fold_of, fold)| fold_of[sample] != fold)
    }

    /// The intercept that is best when every coefficient is zero.
    fn prior_log_odds(&self) -> f64 {
        let mut counts = [0.0; 2];
        for (sample, &y) in self.y.iter().enumerate() {
            if self.has(sample) {
                counts[usize::from(y)] += 1.0;
            }
        }
        ((counts[1] * self.costs[1]) / (counts[0] * self.costs[0])).ln()
    }
}
