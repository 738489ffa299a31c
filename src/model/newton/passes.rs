//! Passes over the matrix: everything that costs time in proportion to its cells.
//!
//! Rows are cut into [`PARTS`] of about as many cells each, summed apart and added in order, so a sum is the same for any
//! number of threads.

use std::ops::{AddAssign, Deref, DerefMut, Mul, Range};

use rayon::prelude::*;

use super::Problem;
use crate::vectorize::SparseMatrix;

/// Parts of the rows that are summed side by side.
pub(super) const PARTS: usize = 2;

/// The rows of a matrix with what the problems of `L` lanes say about them.
pub(super) struct Samples<'a, const L: usize> {
    pub(super) x: &'a SparseMatrix,
    parts: [Range<usize>; PARTS],
    /// A bit a lane: whether the row carries the label.
    labelled: Vec<u8>,
    /// A bit a lane: whether the row counts. Lanes without a problem have no rows.
    included: Vec<u8>,
    /// `c` of a sample without and with the label.
    costs: [[f64; L]; 2],
    costs_single: [[f32; L]; 2],
}

/// A vector of one array a column, laid out so that none crosses more cache lines than it must.
#[derive(Debug)]
pub(super) struct Lanes<const L: usize> {
    numbers: Vec<f32>,
    /// Numbers before the first array.
    offset: usize,
    len: usize,
}

/// Bytes of a cache line.
const LINE: usize = 64;

impl<const L: usize> Lanes<L> {
    pub(super) fn zero(len: usize) -> Self {
        let numbers = vec![0.0; len * L + LINE / size_of::<f32>()];
        let offset = numbers.as_ptr().align_offset(LINE);
        // A place that cannot be told costs time only.
        let offset = if offset < LINE / size_of::<f32>() {
            offset
        } else {
            0
        };
        Self {
            numbers,
            offset,
            len,
        }
    }
}

impl<const L: usize> Clone for Lanes<L> {
    fn clone(&self) -> Self {
        let mut clone = Self::zero(self.len);
        clone.copy_from_slice(self);
        clone
    }
}

impl<const L: usize> Deref for Lanes<L> {
    type Target = [[f32; L]];

    fn deref(&self) -> &[[f32; L]] {
        &self.numbers[self.offset..].as_chunks().0[..self.len]
    }
}

impl<const L: usize> DerefMut for Lanes<L> {
    fn deref_mut(&mut self) -> &mut [[f32; L]] {
        &mut self.numbers[self.offset..].as_chunks_mut().0[..self.len]
    }
}

/// The objective at a point, with its derivatives.
pub(super) struct Evaluation<const L: usize> {
    /// The sum of the losses, without the penalty.
    pub(super) loss: [f64; L],
    /// The gradient of that sum; the last entry is the intercept's.
    pub(super) gradient: Vec<[f64; L]>,
    /// `cᵢ σ(zᵢ) (1 - σ(zᵢ))`: the weight of each row in the Hessian.
    pub(super) curvature: Vec<[f32; L]>,
}

impl<const L: usize> Default for Evaluation<L> {
    fn default() -> Self {
        Self {
            loss: [0.0; L],
            gradient: Vec::new(),
            curvature: Vec::new(),
        }
    }
}

impl<'a, const L: usize> Samples<'a, L> {
    pub(super) fn new(x: &'a SparseMatrix, problems: &[Problem<'_>]) -> Self {
        let bits = |is_set: &dyn Fn(&Problem<'_>) -> bool| {
            problems
                .iter()
                .enumerate()
                .fold(0, |bits, (lane, problem)| {
                    bits | u8::from(is_set(problem)) << lane
                })
        };
        let mut costs = [[0.0; L]; 2];
        for (lane, problem) in problems.iter().enumerate() {
            (costs[0][lane], costs[1][lane]) = problem.costs.into();
        }
        let rows = 0..x.n_samples();
        Self {
            x,
            parts: x.parts(),
            labelled: rows
                .clone()
                .map(|row| bits(&|problem| problem.y[row]))
                .collect(),
            included: rows.map(|row| bits(&|problem| problem.has(row))).collect(),
            costs,
            costs_single: costs.map(|costs| costs.map(|cost| cost as f32)),
        }
    }

    /// Takes each part's rows and its share of `of_rows`, which has an entry a row, to a sum.
    fn by_parts<T: Send, S: Send>(
        &self,
        of_rows: &mut [T],
        sum: impl Fn(Range<usize>, &mut [T]) -> S + Sync,
    ) -> Vec<S> {
        let mut rest = of_rows;
        let mut work = Vec::with_capacity(PARTS);
        for part in &self.parts {
            let (own, others) = rest.split_at_mut(part.len().min(rest.len()));
            work.push((part.clone(), own));
            rest = others;
        }
        work.into_par_iter()
            .map(|(rows, own)| sum(rows, own))
            .collect()
    }

    /// The gradient of the losses at zero.
    pub(super) fn gradient_at_zero(&self) -> Vec<[f64; L]> {
        let sums = self.by_parts::<(), _>(&mut [], |rows, _| {
            let mut gradient = vec![[0.0; L]; self.x.n_features() + 1];
            for row in rows {
                let (costs, signs) = self.costs_and_signs(row);
                let factor =
                    std::array::from_fn(|lane| f64::from(-0.5 * costs[lane] * signs[lane]));
                self.add_row(row, factor, &mut gradient);
                add(&mut gradient[self.x.n_features()], factor, 1.0);
            }
            gradient
        });
        add_up(sums)
    }

    /// The cost of a row in each lane, 0 where it does not count, and `y`.
    #[inline]
    pub(super) fn costs_and_signs(&self, row: usize) -> ([f32; L], [f32; L]) {
        let labelled: [bool; L] = lanes_of(self.labelled[row]);
        let included: [bool; L] = lanes_of(self.included[row]);
        let signs = std::array::from_fn(|lane| if labelled[lane] { 1.0 } else { -1.0 });
        let costs = std::array::from_fn(|lane| {
            let cost = if labelled[lane] {
                self.costs_single[1][lane]
            } else {
                self.costs_single[0][lane]
            };
            if included[lane] { cost } else { 0.0 }
        });
        (costs, signs)
    }

    /// `wᵀx + b` of a row.
    #[inline]
    pub(super) fn margins<T: Real>(&self, row: usize, w: &[[T; L]]) -> [T; L] {
        let (columns, values) = self.x.row(row);
        let mut margins = w[w.len() - 1];
        for (&column, &value) in columns.iter().zip(values) {
            add(&mut margins, w[column as usize], T::from(value));
        }
        margins
    }

    /// Adds `factor · x` of a row to a sum, but for the intercept.
    #[inline]
    pub(super) fn add_row<T: Real>(&self, row: usize, factor: [T; L], sum: &mut [[T; L]]) {
        let (columns, values) = self.x.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            add(&mut sum[column as usize], factor, T::from(value));
        }
    }

    /// `√Σᵢ (cᵢ σ(0))²`: how far the dual is off when nothing is learned.
    pub(super) fn slack_at_zero(&self) -> [f64; L] {
        let mut squares = [0.0; L];
        for row in 0..self.x.n_samples() {
            let costs = self.costs_and_signs(row).0.map(f64::from);
            for lane in 0..L {
                squares[lane] += 0.25 * costs[lane] * costs[lane];
            }
        }
        squares.map(f64::sqrt)
    }

    /// The losses at `w` with their derivatives.
    pub(super) fn evaluate(&self, w: &[[f64; L]]) -> Evaluation<L> {
        let mut curvature = vec![[0.0; L]; self.x.n_samples()];
        let sums = self.by_parts(&mut curvature, |rows, curvature| {
            self.evaluate_part(w, rows, curvature)
        });
        let mut loss = [0.0; L];
        let mut gradients = Vec::new();
        for (part, gradient) in sums {
            add(&mut loss, part, 1.0);
            gradients.push(gradient);
        }
        Evaluation {
            loss,
            gradient: add_up(gradients),
            curvature,
        }
    }

    fn evaluate_part(
        &self,
        w: &[[f64; L]],
        rows: Range<usize>,
        curvature: &mut [[f32; L]],
    ) -> ([f64; L], Vec<[f64; L]>) {
        let n = self.x.n_features();
        let mut gradient = vec![[0.0; L]; n + 1];
        let mut losses = Losses::new(self.costs);
        for (row, curvature) in rows.zip(curvature) {
            let margins = self.margins(row, w);
            let (labelled, included) = (self.labelled[row], self.included[row]);
            let mut slope = [0.0; L];
            for lane in 0..L {
                let is_labelled = labelled >> lane & 1 == 1;
                if included >> lane & 1 == 0 {
                    continue;
                }
                let cost = self.costs[usize::from(is_labelled)][lane];
                let signed = if is_labelled {
                    margins[lane]
                } else {
                    -margins[lane]
                };
                // σ(-yz) and σ(yz), each without cancellation.
                let e = (-signed.abs()).exp();
                let (small, large) = (e / (1.0 + e), 1.0 / (1.0 + e));
                let wrong = if signed > 0.0 { small } else { large };
                slope[lane] = if is_labelled {
                    -cost * wrong
                } else {
                    cost * wrong
                };
                curvature[lane] = (cost * small * large) as f32;
                losses.add(lane, is_labelled, signed, e);
            }
            losses.settle_sometimes();
            self.add_row(row, slope, &mut gradient);
            add(&mut gradient[n], slope, 1.0);
        }
        (losses.finish(), gradient)
    }

    /// The diagonal of the Hessian of the losses; the last entry is the intercept's.
    pub(super) fn diagonal(&self, curvature: &[[f32; L]]) -> Vec<[f64; L]> {
        let n = self.x.n_features();
        let sums = self.by_parts::<(), _>(&mut [], |rows, _| {
            let mut diagonal = vec![[0.0; L]; n + 1];
            for row in rows {
                let weight = curvature[row].map(f64::from);
                let (columns, values) = self.x.row(row);
                for (&column, &value) in columns.iter().zip(values) {
                    add(
                        &mut diagonal[column as usize],
                        weight,
                        f64::from(value * value),
                    );
                }
                add(&mut diagonal[n], weight, 1.0);
            }
            diagonal
        });
        add_up(sums)
    }

    /// `Σᵢ curvature(i) (xᵢᵀ v) xᵢ`, a vector for each part of the rows.
    pub(super) fn hessian_times(
        &self,
        curvature: &[[f32; L]],
        v: &[[f32; L]],
        sums: &mut [Vec<[f64; L]>],
    ) {
        self.parts.par_iter().zip(sums).for_each(|(rows, sum)| {
            let n = self.x.n_features();
            sum.fill([0.0; L]);
            for row in rows.clone() {
                let (columns, values) = self.x.row(row);
                let mut dots = v[n];
                for (&column, &value) in columns.iter().zip(values) {
                    let v = &v[column as usize];
                    for lane in 0..L {
                        dots[lane] += v[lane] * value;
                    }
                }
                let factor: [f64; L] =
                    std::array::from_fn(|lane| f64::from(curvature[row][lane] * dots[lane]));
                for (&column, &value) in columns.iter().zip(values) {
                    add(&mut sum[column as usize], factor, f64::from(value));
                }
                add(&mut sum[n], factor, 1.0);
            }
        });
    }
}

/// `Σ cost · ln(1 + exp(-signed margin))`, by the logarithm of a product over many rows instead of one a row.
struct Losses<const L: usize> {
    costs: [[f64; L]; 2],
    sums: [f64; L],
    products: [[f64; L]; 2],
    pending: usize,
}

impl<const L: usize> Losses<L> {
    /// A factor is at most 2: as many of them stay below the largest double.
    const MOST: usize = 512;

    fn new(costs: [[f64; L]; 2]) -> Self {
        Self {
            costs,
            sums: [0.0; L],
            products: [[1.0; L]; 2],
            pending: 0,
        }
    }

    /// Adds a row whose `e` is `exp(-|signed|)`.
    #[inline]
    fn add(&mut self, lane: usize, is_labelled: bool, signed: f64, e: f64) {
        let class = usize::from(is_labelled);
        self.products[class][lane] *= 1.0 + e;
        self.sums[lane] += self.costs[class][lane] * (-signed).max(0.0);
    }

    #[inline]
    fn settle_sometimes(&mut self) {
        self.pending += 1;
        if self.pending == Self::MOST {
            self.settle();
        }
    }

    fn settle(&mut self) {
        for (costs, products) in self.costs.iter().zip(&mut self.products) {
            for lane in 0..L {
                self.sums[lane] += costs[lane] * products[lane].ln();
                products[lane] = 1.0;
            }
        }
        self.pending = 0;
    }

    fn finish(mut self) -> [f64; L] {
        self.settle();
        self.sums
    }
}

/// Single or double precision.
pub(super) trait Real: Copy + From<f32> + AddAssign + Mul<Output = Self> {}

impl Real for f32 {}
impl Real for f64 {}

/// Which lanes' bits are set. A mask a lane, since shifts by different numbers do not go side by side.
#[inline]
fn lanes_of<const L: usize>(bits: u8) -> [bool; L] {
    const MASKS: [u32; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
    std::array::from_fn(|lane| u32::from(bits) & MASKS[lane] != 0)
}

/// `sum += factor · vector`, lane by lane.
#[inline]
pub(super) fn add<T: Real, const L: usize>(sum: &mut [T; L], vector: [T; L], factor: T) {
    for lane in 0..L {
        sum[lane] += vector[lane] * factor;
    }
}

/// The sum of the parts' vectors, in their order.
fn add_up<const L: usize>(parts: Vec<Vec<[f64; L]>>) -> Vec<[f64; L]> {
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_default();
    for part in parts {
        for (total, part) in total.iter_mut().zip(part) {
            add(total, part, 1.0);
        }
    }
    total
}

/// The logistic function `1 / (1 + exp(-x))` without overflow.
pub(crate) fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}
