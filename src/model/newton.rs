//! The sparse solver: L2-regularised logistic regression by a truncated Newton method.
//!
//! Minimises, over coefficients `w` and an intercept `b` that is not penalised,
//!
//! `f(w, b) = ½ wᵀw + Σᵢ cᵢ ln(1 + exp(-yᵢ (wᵀxᵢ + b)))`,  `yᵢ = ±1`,
//!
//! with `cᵢ = C ·` the weight of sample i's class: the objective of LIBLINEAR `-s 0` and scikit-learn's
//! `LogisticRegression`, but for LIBLINEAR's penalised bias.
//!
//! Each step solves the Newton equations `H d = -g` inexactly by conjugate gradients, preconditioned by the diagonal
//! of `H` (Hsia, Chiang, Lin 2018, Algorithm 2), and goes as far along `d` as halving the step makes `f` fall enough
//! (Armijo; Galli & Lin 2021, Section 2.2). Margins along `d` are linear in the step, so a trial costs one pass over the samples, not the matrix.
//! It stops when `‖g‖ ≤ tol · ‖g(0, 0)‖`.

use crate::vectorize::SparseMatrix;

/// The problem of one label.
pub(crate) struct Problem<'a> {
    pub(crate) x: &'a SparseMatrix,
    /// Whether each sample carries the label.
    pub(crate) y: &'a [bool],
    /// `c` of a sample without and with the label.
    pub(crate) costs: [f64; 2],
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

/// Minimises the objective from `start`, coefficients and then the intercept; without one, from `w = 0` and the intercept
/// that fits the shares of the classes.
pub(crate) fn solve(problem: &Problem<'_>, start: Option<Vec<f64>>, stop: Stop) -> Solution {
    let n = problem.x.n_features();
    let zeros = vec![0.0; n + 1];
    let reference = norm(&problem.gradient(&zeros, &vec![0.0; problem.x.n_samples()]));
    let mut w = start.unwrap_or_else(|| {
        let mut w = zeros;
        w[n] = problem.prior_log_odds();
        w
    });
    let mut margins = problem.margins(&w);
    let mut value = problem.value(&w, &margins);
    let mut gradient = problem.gradient(&w, &margins);
    let mut iterations = 0;
    let mut converged = norm(&gradient) <= stop.tol * reference;
    while !converged && iterations < stop.max_iter {
        iterations += 1;
        let curvature = problem.curvature(&margins);
        let direction = newton_direction(problem, &curvature, &gradient, reference);
        let along = problem.margins(&direction);
        let Some((length, next)) =
            line_search(problem, &w, &margins, &direction, &along, &gradient, value)
        else {
            break; // no step lowers f by more than rounding: this is as near as double precision gets
        };
        axpy(length, &direction, &mut w);
        axpy(length, &along, &mut margins);
        value = next;
        gradient = problem.gradient(&w, &margins);
        converged = norm(&gradient) <= stop.tol * reference;
    }
    let intercept = w.pop().unwrap_or_default();
    Solution {
        w,
        intercept,
        iterations,
        converged,
    }
}

impl Problem<'_> {
    fn cost(&self, sample: usize) -> f64 {
        self.costs[usize::from(self.y[sample])]
    }

    fn sign(&self, sample: usize) -> f64 {
        if self.y[sample] { 1.0 } else { -1.0 }
    }

    /// The intercept that is best when every coefficient is zero.
    fn prior_log_odds(&self) -> f64 {
        let positive = self.y.iter().filter(|&&y| y).count() as f64;
        let negative = self.y.len() as f64 - positive;
        ((positive * self.costs[1]) / (negative * self.costs[0])).ln()
    }

    fn value(&self, w: &[f64], margins: &[f64]) -> f64 {
        let coefficients = &w[..w.len() - 1];
        let loss: f64 = margins
            .iter()
            .enumerate()
            .map(|(i, margin)| self.cost(i) * log1p_exp(-self.sign(i) * margin))
            .sum();
        0.5 * dot(coefficients, coefficients) + loss
    }

    /// The gradient; its last entry is the intercept's.
    fn gradient(&self, w: &[f64], margins: &[f64]) -> Vec<f64> {
        let mut gradient = w.to_vec();
        gradient[w.len() - 1] = 0.0;
        self.add_transposed(&mut gradient, |i| {
            let y = self.sign(i);
            -self.cost(i) * y * logistic(-y * margins[i])
        });
        gradient
    }

    /// `cᵢ σ(zᵢ) (1 - σ(zᵢ))`: the weight of each sample in the Hessian.
    fn curvature(&self, margins: &[f64]) -> Vec<f64> {
        let weight = |(i, &margin): (usize, &f64)| {
            let p = logistic(margin);
            self.cost(i) * p * (1.0 - p)
        };
        margins.iter().enumerate().map(weight).collect()
    }

    /// `X v`, with the last entry of `v` added to every row.
    fn margins(&self, v: &[f64]) -> Vec<f64> {
        let n = v.len() - 1;
        (0..self.x.n_samples())
            .map(|i| row_dot(self.x, i, v) + v[n])
            .collect()
    }

    /// `H v` in one pass over the rows.
    fn hessian_times(&self, curvature: &[f64], v: &[f64]) -> Vec<f64> {
        let n = v.len() - 1;
        let mut product = v.to_vec();
        product[n] = 0.0;
        self.add_transposed(&mut product, |i| {
            curvature[i] * (row_dot(self.x, i, v) + v[n])
        });
        product
    }

    /// The diagonal of `H`, kept away from zero.
    fn diagonal(&self, curvature: &[f64]) -> Vec<f64> {
        let n = self.x.n_features();
        let mut diagonal = vec![1.0; n + 1];
        diagonal[n] = f64::MIN_POSITIVE;
        for (i, &weight) in curvature.iter().enumerate() {
            let (indices, values) = self.x.row(i);
            for (&column, &value) in indices.iter().zip(values) {
                diagonal[column as usize] += weight * f64::from(value) * f64::from(value);
            }
            diagonal[n] += weight;
        }
        diagonal[n] = diagonal[n].max(1e-12);
        diagonal
    }

    /// Adds `Σᵢ factor(i) (xᵢ, 1)` to `sum`.
    fn add_transposed(&self, sum: &mut [f64], factor: impl Fn(usize) -> f64) {
        let n = sum.len() - 1;
        for i in 0..self.x.n_samples() {
            let factor = factor(i);
            let (indices, values) = self.x.row(i);
            for (&column, &value) in indices.iter().zip(values) {
                sum[column as usize] += factor * f64::from(value);
            }
            sum[n] += factor;
        }
    }
}

/// Solves `H d = -g` until the residual has shrunk enough for fast convergence of the outer steps: the nearer the
/// optimum, the more exactly (Nocedal & Wright 2006, Theorem 7.2).
fn newton_direction(
    problem: &Problem<'_>,
    curvature: &[f64],
    gradient: &[f64],
    reference: f64,
) -> Vec<f64> {
    const MAX_STEPS: usize = 300;
    let diagonal = problem.diagonal(curvature);
    let forcing = 0.3_f64.min((norm(gradient) / reference).sqrt());
    let precondition =
        |r: &[f64]| -> Vec<f64> { r.iter().zip(&diagonal).map(|(r, d)| r / d).collect() };

    let mut direction = vec![0.0; gradient.len()];
    let mut residual: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut scaled = precondition(&residual);
    let mut conjugate = scaled.clone();
    let mut energy = dot(&residual, &scaled);
    let enough = forcing * forcing * energy;
    for _ in 0..MAX_STEPS {
        if energy <= enough || energy <= 0.0 {
            break;
        }
        let product = problem.hessian_times(curvature, &conjugate);
        let along = dot(&conjugate, &product);
        if along <= 0.0 {
            break; // only by rounding: H is positive definite
        }
        let step = energy / along;
        axpy(step, &conjugate, &mut direction);
        axpy(-step, &product, &mut residual);
        scaled = precondition(&residual);
        let next = dot(&residual, &scaled);
        let ratio = next / energy;
        energy = next;
        for (c, s) in conjugate.iter_mut().zip(&scaled) {
            *c = s + ratio * *c;
        }
    }
    direction
}

/// The largest step of 1, ½, ¼, ... that lowers `f` by at least a hundredth of what its slope promises, and `f` there.
fn line_search(
    problem: &Problem<'_>,
    w: &[f64],
    margins: &[f64],
    direction: &[f64],
    along: &[f64],
    gradient: &[f64],
    value: f64,
) -> Option<(f64, f64)> {
    const MAX_HALVINGS: i32 = 40;
    let slope = dot(gradient, direction);
    let coefficients = w.len() - 1;
    let squares = [
        dot(&w[..coefficients], &w[..coefficients]),
        dot(&w[..coefficients], &direction[..coefficients]),
        dot(&direction[..coefficients], &direction[..coefficients]),
    ];
    let rounding = value.abs() * f64::EPSILON * 16.0;
    (0..MAX_HALVINGS)
        .map(|halving| 0.5_f64.powi(halving))
        .find_map(|step| {
            let loss: f64 = (0..margins.len())
                .map(|i| {
                    problem.cost(i) * log1p_exp(-problem.sign(i) * (margins[i] + step * along[i]))
                })
                .sum();
            let next =
                loss + 0.5 * (squares[0] + 2.0 * step * squares[1] + step * step * squares[2]);
            (next <= value + 0.01 * step * slope + rounding && slope < 0.0).then_some((step, next))
        })
}

/// `xᵢᵀ v` in four sums: one sum alone would wait for each addition before the next.
#[inline]
fn row_dot(x: &SparseMatrix, row: usize, v: &[f64]) -> f64 {
    let (indices, values) = x.row(row);
    let (mut sums, rest) = ([0.0; 4], indices.len() / 4 * 4);
    let fours = indices
        .as_chunks::<4>()
        .0
        .iter()
        .zip(values.as_chunks::<4>().0);
    for (columns, values) in fours {
        for lane in 0..4 {
            sums[lane] += f64::from(values[lane]) * v[columns[lane] as usize];
        }
    }
    let tail = indices[rest..].iter().zip(&values[rest..]);
    let tail: f64 = tail
        .map(|(&column, &value)| f64::from(value) * v[column as usize])
        .sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + tail
}

/// `ln(1 + exp(x))` without overflow.
fn log1p_exp(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

fn axpy(factor: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += factor * x;
    }
}
