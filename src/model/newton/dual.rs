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

use super::passes::{Lanes, Samples, add};
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
    pub(super) fn of(samples: &Samples<'_, L>, w: &[[f32; L]]) -> (Self, Lanes<L>) {
        let mut dual = Self::zero(samples);
        let mut lanes = Lanes::zero(w.len());
        let sum = &mut lanes[..];
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
            samples.add_row(row, change, sum);
        }
        (dual, lanes)
    }

    /// Visits rows, epoch after epoch, in the lanes that are `active`, until what is left is `enough` or the gain is small.
    ///
    /// Returns whether each lane came to `enough`; one that was not active did not.
    pub(super) fn descend(
        &mut self,
        samples: &Samples<'_, L>,
        w: &mut [[f32; L]],
        squares: &[f32],
        enough: [f64; L],
        mut active: [bool; L],
    ) -> [bool; L] {
        let mut blocks: Vec<usize> = (0..squares.len()).step_by(BLOCK).collect();
        let mut random = SplitMix::new(0);
        let mut before = [f64::INFINITY; L];
        let mut arrived = [false; L];
        for _ in 0..MOST {
            if active == [false; L] {
                break;
            }
            for last in (1..blocks.len()).rev() {
                blocks.swap(last, random.below(last + 1));
            }
            let left = self.epoch(samples, w, squares, &blocks, active);
            for lane in 0..L {
                arrived[lane] |= active[lane] && left[lane] <= enough[lane];
                active[lane] &= left[lane] > enough[lane] && left[lane] <= GAIN * before[lane];
            }
            before = left;
        }
        arrived
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
        for lane in (0..L).filter(|&lane| active[lane]) {
            w[n][lane] += STIFFNESS * self.balance[lane] as f32;
        }
        let mut left = [0.0; L];
        for &block in blocks {
            let of_block = self.visit(samples, w, squares, block, active);
            for lane in 0..L {
                left[lane] += f64::from(of_block[lane]);
            }
        }
        left.map(f64::sqrt)
    }

    /// Visits the rows of a block. Returns `Σᵢ rᵢ²` over them.
    fn visit(
        &mut self,
        samples: &Samples<'_, L>,
        w: &mut [[f32; L]],
        squares: &[f32],
        block: usize,
        active: [bool; L],
    ) -> [f32; L] {
        let n = samples.x.n_features();
        let rows = block..(block + BLOCK).min(squares.len());
        let (mut left, mut moved) = ([0.0; L], [0.0; L]);
        for row in rows.clone() {
            if row + 1 < rows.end {
                touch(samples, row + 1, w);
            }
            let (mut costs, signs) = samples.costs_and_signs(row);
            let margins = samples.margins(row, w);
            let stiffness = squares[row] + STIFFNESS;
            let mut alpha = self.alpha[row];
            let mut change = [0.0; L];
            // Without branches, so that lanes go side by side.
            for lane in 0..L {
                costs[lane] = if active[lane] { costs[lane] } else { 0.0 };
                let cost = costs[lane];
                let wrong = logistic(-signs[lane] * margins[lane]);
                let held = alpha[lane] / if cost > 0.0 { cost } else { f32::INFINITY };
                // The largest slope of the logistic function between where α is and where it goes.
                let (here, there) = (wrong * (1.0 - wrong), held * (1.0 - held));
                let slope = if here > there { here } else { there };
                let is_between = (wrong - 0.5) * (held - 0.5) < 0.0;
                let slope = if is_between { 0.25 } else { slope };
                let off = cost * (wrong - held);
                let step = off / (1.0 + stiffness * cost * slope);
                change[lane] = signs[lane] * step;
                alpha[lane] += step;
                left[lane] += off * off;
                moved[lane] += change[lane];
            }
            self.alpha[row] = alpha;
            samples.add_row(row, change, w);
            add(&mut w[n], change, STIFFNESS);
        }
        for (balance, moved) in self.balance.iter_mut().zip(moved) {
            *balance += f64::from(moved);
        }
        left
    }
}

/// Cells at the end of a row, where the rarest columns are, that are brought near before the row is visited.
const RARE: usize = 12;

/// Reads what the rarest columns of a row have in `w`, so that it is near when the row is visited: it comes from memory while the
/// row before is worked on.
#[inline]
fn touch<const L: usize>(samples: &Samples<'_, L>, row: usize, w: &[[f32; L]]) {
    let (columns, _) = samples.x.row(row);
    let mut sum = 0.0;
    for &column in &columns[columns.len().saturating_sub(RARE)..] {
        sum += w[column as usize][0];
    }
    std::hint::black_box(sum);
}

/// The logistic function in single precision.
#[inline]
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `eˣ` to a few units in the last place, for `x` cut to ±80; not a number for what is none.
///
/// The same on every machine, and without branches or calls, so that lanes go side by side. `x = n ln 2 + r`, and a polynomial for
/// `eʳ` (Moshier's Cephes, `expf`).
#[inline]
fn exp(x: f32) -> f32 {
    /// Added to a number it leaves the nearest integer in the lowest bits.
    const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > 80.0 { 80.0 } else { x };
    let x = if x < -80.0 { -80.0 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * LN_2[0] - n * LN_2[1];
    let mut polynomial = 1.987_569_1e-4;
    for coefficient in [
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        0.166_666_65,
        0.5,
    ] {
        polynomial = polynomial * r + coefficient;
    }
    let power = rounded
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    (polynomial * r * r + r + 1.0) * f32::from_bits(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_single_precision() {
        for step in -8000_i16..=8000 {
            let x = f32::from(step) / 100.0;
            let gold = f64::from(x).exp();
            let error = (f64::from(exp(x)) - gold).abs() / gold;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(f32::NAN).is_nan());
        assert_eq!((exp(1e9), exp(-1e9)), (exp(80.0), exp(-80.0)));
    }
}
