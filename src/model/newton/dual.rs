//! A start near the optimum by dual coordinate descent (Shalev-Shwartz & Zhang 2013; Yu, Huang, Lin 2011).
//!
//! At the optimum `w = Σᵢ αᵢ yᵢ xᵢ` with `αᵢ = cᵢ σ(-yᵢ zᵢ)`, `zᵢ` the margin of row i. A visit of a row moves `αᵢ` there,
//! and `w` with it, for the margin that will come of it. Rows of unit length and a moderate `C` need a dozen visits each for what
//! takes Newton steps three dozen passes over the matrix; where an epoch gains little, Newton steps are better, and follow.
//!
//! Numbers are single precision, since Newton steps in double precision have the last word.
//!
//! The intercept is no part of the sum, since it has no penalty: the constraint `Σᵢ αᵢ yᵢ = 0` that stands for it is kept by
//! an augmented Lagrangian (Bertsekas 1982), whose multiplier is the intercept.

use super::passes::Samples;
use crate::train::SplitMix;

/// Epochs at most.
const MOST: usize = 30;

/// An epoch must shrink what is left to this share, or it is the last.
const GAIN: f64 = 0.8;

/// The stiffness of the constraint.
const STIFFNESS: f32 = 0.25;

/// Rows that are visited one after the other; blocks of them come in random order. Single rows would come from memory too slowly.
const BLOCK: usize = 16;

/// Where the descent stands.
pub(super) struct Dual<const L: usize> {
    alpha: Vec<[f32; L]>,
    /// `Σᵢ αᵢ yᵢ`.
    balance: [f64; L],
}

impl<const L: usize> Dual<L> {
    /// The dual of nothing learned yet.
    pub(super) fn zero(samples: &Samples<'_, L>) -> Self {
        Self {
            alpha: vec![[0.0; L]; samples.x.n_samples()],
            balance: [0.0; L],
        }
    }

    /// The dual of `w`, and the sum that the rows which count give of it: what a held-out row gave is gone.
    pub(super) fn of(samples: &Samples<'_, L>, w: &[[f32; L]]) -> (Self, Vec<[f32; L]>) {
        let mut dual = Self::zero(samples);
        let mut sum = vec![[0.0; L]; w.len()];
        sum[w.len() - 1] = w[w.len() - 1];
        for row in 0..samples.x.n_samples() {
            let (costs, signs) = samples.costs_and_signs(row);
            let margins = samples.margins(row, w);
            let mut change = [0.0; L];
            for lane in 0..L {
                let alpha = costs[lane] * logistic(-signs[lane] * margins[lane]);
                dual.alpha[row][lane] = alpha;
                dual.balance[lane] += f64::from(signs[lane] * alpha);
                change[lane] = signs[lane] * alpha;
            }
            samples.add_row(row, change, &mut sum);
        }
        (dual, sum)
    }

    /// Visits rows, epoch after epoch, until what is left is `enough` in every lane or the gain is small.
    pub(super) fn descend(
        &mut self,
        samples: &Samples<'_, L>,
        w: &mut [[f32; L]],
        squares: &[f32],
        enough: [f64; L],
    ) {
        let mut blocks: Vec<usize> = (0..squares.len()).step_by(BLOCK).collect();
        let mut random = SplitMix::new(0);
        let mut before = [f64::INFINITY; L];
        let mut active = [true; L];
        for _ in 0..MOST {
            for last in (1..blocks.len()).rev() {
                blocks.swap(last, random.below(last + 1));
            }
            let left = self.epoch(samples, w, squares, &blocks, active);
            for lane in 0..L {
                active[lane] &= left[lane] > enough[lane] && left[lane] <= GAIN * before[lane];
            }
            if active == [false; L] {
                break;
            }
            before = left;
        }
    }

    /// Visits every row once. Returns `√Σᵢ rᵢ²`, `rᵢ` how far `αᵢ` was off: in proportion to the norm of the gradient.
    fn epoch(
        &mut self,
        samples: &Samples<'_, L>,
        w: &mut [[f32; L]],
        squares: &[f32],
        blocks: &[usize],
        active: [bool; L],
    ) -> [f64; L] {
        let n = samples.x.n_features();
        let mut left = [0.0; L];
        for lane in (0..L).filter(|&lane| active[lane]) {
            w[n][lane] += STIFFNESS * self.balance[lane] as f32;
        }
        let rows = blocks
            .iter()
            .flat_map(|&block| block..(block + BLOCK).min(squares.len()));
        for row in rows {
            let (costs, signs) = samples.costs_and_signs(row);
            let margins = samples.margins(row, w);
            let stiffness = squares[row] + STIFFNESS;
            let alpha = &mut self.alpha[row];
            let mut change = [0.0; L];
            for lane in 0..L {
                let cost = costs[lane];
                if cost == 0.0 || !active[lane] {
                    continue;
                }
                let wrong = logistic(-signs[lane] * margins[lane]);
                let held = alpha[lane] / cost;
                // The largest slope of the logistic function between where α is and where it goes.
                let slope = if (wrong - 0.5) * (held - 0.5) < 0.0 {
                    0.25
                } else {
                    (wrong * (1.0 - wrong)).max(held * (1.0 - held))
                };
                let off = cost * (wrong - held);
                let next = alpha[lane] + off / (1.0 + stiffness * cost * slope);
                change[lane] = signs[lane] * (next - alpha[lane]);
                alpha[lane] = next;
                left[lane] += f64::from(off * off);
                self.balance[lane] += f64::from(change[lane]);
                w[n][lane] += STIFFNESS * change[lane];
            }
            samples.add_row(row, change, w);
        }
        left.map(f64::sqrt)
    }
}

/// The logistic function in single precision.
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
