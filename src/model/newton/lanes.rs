//! Newton steps of several regressions side by side.

use rayon::prelude::*;

use super::dual::Dual;
use super::passes::{Evaluation, Lanes, PARTS, Samples, add};
use super::{Problem, Solution, Stop};
use crate::vectorize::SparseMatrix;

/// The most regressions that run side by side.
const WIDEST: usize = 8;

/// How far the dual descent goes beyond the stopping rule: what it leaves of all rows points the same way, so the gradient is some 50
/// times what it measures.
const DUAL_SHARE: f64 = 0.01;

/// Columns whose vectors are updated by one thread at a time.
const COLUMNS: usize = 1 << 14;

/// How often the descent goes on when the gradient turns out to be larger than what it measured promised.
const ROUNDS: usize = 3;

/// Calls a function with the number of lanes that a group of problems needs: 1, 2, 4 or 8, since other widths run no faster.
macro_rules! in_lanes {
    ($function:ident($x:expr, $group:expr, $squares:expr, $stop:expr)) => {
        match $group.len() {
            1 => $function::<1>($x, $group, $squares, $stop),
            2 => $function::<2>($x, $group, $squares, $stop),
            3 | 4 => $function::<4>($x, $group, $squares, $stop),
            _ => $function::<8>($x, $group, $squares, $stop),
        }
    };
}

/// Minimises every problem's objective.
pub(crate) fn solve(x: &SparseMatrix, problems: &[Problem<'_>], stop: Stop) -> Vec<Solution> {
    let squares = squares(x);
    groups(problems)
        .flat_map_iter(|group| in_lanes!(solve_group(x, group, &squares, stop)))
        .collect()
}

/// Solves the problems as nearly as the scores of the rows that they hold out need it.
///
/// A score needs no exact optimum: dual descent ends where `√Σᵢ rᵢ²`, `rᵢ` how far `αᵢ` is off, has shrunk to `tol` of what it
/// is with nothing learned, and the gradient is not looked at. Where the descent does not come that far, Newton steps follow until
/// the gradient meets the stopping rule.
pub(crate) fn solve_nearly(
    x: &SparseMatrix,
    problems: &[Problem<'_>],
    stop: Stop,
) -> Vec<Solution> {
    let squares = squares(x);
    groups(problems)
        .flat_map_iter(|group| in_lanes!(solve_group_nearly(x, group, &squares, stop)))
        .collect()
}

/// Problems that run side by side. No lane depends on its neighbours, so the width may follow the number of threads.
fn groups<'a, 'b>(
    problems: &'a [Problem<'b>],
) -> impl IndexedParallelIterator<Item = &'a [Problem<'b>]> {
    let width = problems
        .len()
        .div_ceil(rayon::current_num_threads())
        .clamp(1, WIDEST);
    problems.par_chunks(width)
}

fn solve_group<const L: usize>(
    x: &SparseMatrix,
    problems: &[Problem<'_>],
    squares: &[f32],
    stop: Stop,
) -> Vec<Solution> {
    let samples = Samples::<L>::new(x, problems);
    let start = start(x, problems);
    let (mut dual, mut near) = if problems.iter().all(|problem| problem.start.is_none()) {
        (Dual::zero(&samples), start.clone())
    } else {
        Dual::of(&samples, &start)
    };
    let mut group = Group::new(samples, &start);
    drop(start);
    let mut enough = group.reference.map(|norm| DUAL_SHARE * stop.tol * norm);
    let mut active = std::array::from_fn(|lane| lane < problems.len());
    for _ in 0..ROUNDS {
        let arrived = dual.descend(&group.samples, &mut near, squares, enough, active);
        group.go_to(
            &near,
            std::array::from_fn(|lane| arrived[lane] || !active[lane]),
        );
        let converged = group.mark_converged(stop);
        let norms = norms(&group.here.gradient);
        for lane in 0..L {
            active[lane] = arrived[lane] && !converged[lane];
            enough[lane] *= 0.5 * stop.tol * group.reference[lane] / norms[lane];
        }
        if active == [false; L] {
            break;
        }
    }
    drop((dual, near));
    let converged = group.take_steps(stop);
    let mut solutions = group.solutions(converged);
    solutions.truncate(problems.len());
    solutions
}

fn solve_group_nearly<const L: usize>(
    x: &SparseMatrix,
    problems: &[Problem<'_>],
    squares: &[f32],
    stop: Stop,
) -> Vec<Solution> {
    let samples = Samples::<L>::new(x, problems);
    let start = start(x, problems);
    let (mut dual, mut near) = Dual::of(&samples, &start);
    let enough = samples.slack_at_zero().map(|slack| stop.tol * slack);
    let active = std::array::from_fn(|lane| lane < problems.len());
    let arrived = dual.descend(&samples, &mut near, squares, enough, active);
    drop(dual);
    let mut solutions = if arrived == active {
        solutions(&near, [0; L], arrived)
    } else {
        let mut group = Group::new(samples, &start);
        group.go_to(
            &near,
            std::array::from_fn(|lane| arrived[lane] || !active[lane]),
        );
        for (finished, arrived) in group.finished.iter_mut().zip(arrived) {
            *finished |= arrived;
        }
        let converged = group.take_steps(stop);
        group.solutions(converged)
    };
    solutions.truncate(problems.len());
    solutions
}

/// The solution of each lane.
fn solutions<T: Copy + Into<f64>, const L: usize>(
    w: &[[T; L]],
    iterations: [usize; L],
    converged: [bool; L],
) -> Vec<Solution> {
    (0..L)
        .map(|lane| {
            let mut w: Vec<f64> = w.iter().map(|w| w[lane].into()).collect();
            let intercept = w.pop().unwrap_or_default();
            Solution {
                w,
                intercept,
                iterations: iterations[lane],
                converged: converged[lane],
            }
        })
        .collect()
}

/// Where the problems start: coefficients, and last the intercepts.
fn start<const L: usize>(x: &SparseMatrix, problems: &[Problem<'_>]) -> Lanes<L> {
    let n = x.n_features();
    let mut start = Lanes::zero(n + 1);
    for (lane, problem) in problems.iter().enumerate() {
        start[n][lane] = match &problem.start {
            Some((w, intercept)) => {
                for (start, w) in start.iter_mut().zip(w) {
                    start[lane] = *w as f32;
                }
                *intercept as f32
            }
            None => problem.prior_log_odds() as f32,
        };
    }
    start
}

struct Group<'a, const L: usize> {
    samples: Samples<'a, L>,
    w: Vec<[f64; L]>,
    /// `‖g(0, 0)‖`.
    reference: [f64; L],
    here: Evaluation<L>,
    value: [f64; L],
    iterations: [usize; L],
    /// Lanes that take no more steps.
    finished: [bool; L],
}

impl<'a, const L: usize> Group<'a, L> {
    /// A group at a point that is not evaluated yet.
    fn new(samples: Samples<'a, L>, start: &[[f32; L]]) -> Self {
        Self {
            reference: norms(&samples.gradient_at_zero()),
            samples,
            w: start.iter().map(|w| w.map(f64::from)).collect(),
            here: Evaluation::default(),
            value: [0.0; L],
            iterations: [0; L],
            finished: [false; L],
        }
    }

    /// Goes to a point and evaluates it, but stays in a lane that is not `sure` where the point is no better.
    fn go_to(&mut self, point: &[[f32; L]], sure: [bool; L]) {
        let before = (sure != [true; L]).then(|| {
            self.evaluate();
            (self.w.clone(), self.value)
        });
        self.w = point.iter().map(|w| w.map(f64::from)).collect();
        self.evaluate();
        let Some((w, value)) = before else { return };
        let is_better: [bool; L] =
            std::array::from_fn(|lane| sure[lane] || self.value[lane] <= value[lane]);
        if is_better == [true; L] {
            return;
        }
        for (here, before) in self.w.iter_mut().zip(w) {
            for lane in (0..L).filter(|&lane| !is_better[lane]) {
                here[lane] = before[lane];
            }
        }
        self.evaluate();
    }

    fn evaluate(&mut self) {
        self.here = self.samples.evaluate(&self.w);
        self.penalise();
    }

    /// Adds the penalty to the value and to the gradient.
    fn penalise(&mut self) {
        let n = self.samples.x.n_features();
        self.value = self.here.loss;
        let mut squares = [0.0; L];
        for w in &self.w[..n] {
            for lane in 0..L {
                squares[lane] += w[lane] * w[lane];
            }
        }
        add(&mut self.value, squares, 0.5);
        for (gradient, w) in self.here.gradient[..n].iter_mut().zip(&self.w) {
            add(gradient, *w, 1.0);
        }
    }

    /// The diagonal of the Hessian.
    fn diagonal(&self) -> Vec<[f64; L]> {
        let n = self.samples.x.n_features();
        let mut diagonal = self.samples.diagonal(&self.here.curvature);
        for of_coefficient in &mut diagonal[..n] {
            add(of_coefficient, [1.0; L], 1.0);
        }
        // The intercept has no penalty that would keep its curvature away from zero.
        diagonal[n] = diagonal[n].map(|d| d.max(1e-12));
        diagonal
    }

    /// Takes Newton steps until every lane meets the stopping rule or can go no further. Returns which lanes meet it.
    fn take_steps(&mut self, stop: Stop) -> [bool; L] {
        let mut converged = self.mark_converged(stop);
        for _ in 0..stop.max_iter {
            if self.finished == [true; L] {
                break;
            }
            let direction = self.newton_direction();
            self.line_search(&direction);
            converged = self.mark_converged(stop);
        }
        converged
    }

    fn solutions(&self, converged: [bool; L]) -> Vec<Solution> {
        solutions(&self.w, self.iterations, converged)
    }

    fn mark_converged(&mut self, stop: Stop) -> [bool; L] {
        let norms = norms(&self.here.gradient);
        let converged = std::array::from_fn(|lane| norms[lane] <= stop.tol * self.reference[lane]);
        for (finished, converged) in self.finished.iter_mut().zip(converged) {
            *finished |= converged;
        }
        converged
    }

    /// Solves `H d = -g` until the residual has shrunk enough for fast convergence of the outer steps: the nearer the
    /// optimum, the more exactly (Nocedal & Wright 2006, Theorem 7.2). Vectors are single precision, sums double: the
    /// direction need not be exact, what it leads to is.
    fn newton_direction(&self) -> Vec<[f32; L]> {
        const MAX_STEPS: usize = 300;
        let n = self.w.len();
        let gradient_norms = norms(&self.here.gradient);
        let forcing: [f64; L] = std::array::from_fn(|lane| {
            0.3_f64.min((gradient_norms[lane] / self.reference[lane]).sqrt())
        });
        let mut cg = ConjugateGradients::new(&self.here.gradient, &self.diagonal());
        let enough: [f64; L] =
            std::array::from_fn(|lane| forcing[lane] * forcing[lane] * cg.energy[lane]);
        let mut sums = vec![vec![[0.0; L]; n]; PARTS];
        for _ in 0..MAX_STEPS {
            let active: [bool; L] = std::array::from_fn(|lane| {
                !self.finished[lane] && cg.energy[lane] > enough[lane] && !cg.stuck[lane]
            });
            if active == [false; L] {
                break;
            }
            self.samples
                .hessian_times(&self.here.curvature, &cg.conjugate, &mut sums);
            cg.step(&sums, active);
        }
        cg.direction
    }

    /// Goes the largest step of 1, ½, ¼, ... that lowers `f` by at least a hundredth of what its slope promises.
    fn line_search(&mut self, direction: &[[f32; L]]) {
        const MAX_HALVINGS: usize = 40;
        let slope = self.slopes(direction);
        let value = self.value;
        let start = self.w.clone();
        let mut length = [1.0; L];
        for lane in 0..L {
            if self.finished[lane] || slope[lane] >= 0.0 {
                (length[lane], self.finished[lane]) = (0.0, true);
            }
        }
        for halving in 0..=MAX_HALVINGS {
            self.w
                .par_chunks_mut(COLUMNS)
                .zip(start.par_chunks(COLUMNS))
                .zip(direction.par_chunks(COLUMNS))
                .for_each(|((w, start), direction)| {
                    for ((w, start), direction) in w.iter_mut().zip(start).zip(direction) {
                        *w = std::array::from_fn(|lane| {
                            start[lane] + length[lane] * f64::from(direction[lane])
                        });
                    }
                });
            self.evaluate();
            let fails = |lane: usize| {
                let rounding = value[lane].abs() * f64::EPSILON * 16.0;
                let enough = value[lane] + 0.01 * length[lane] * slope[lane] + rounding;
                length[lane] > 0.0 && (self.value[lane].is_nan() || self.value[lane] > enough)
            };
            let failed: [bool; L] = std::array::from_fn(fails);
            if failed == [false; L] {
                break;
            }
            for lane in (0..L).filter(|&lane| failed[lane]) {
                length[lane] *= 0.5;
                if halving + 1 == MAX_HALVINGS {
                    // No step lowers f by more than rounding: this is as near as double precision gets.
                    (length[lane], self.finished[lane]) = (0.0, true);
                }
            }
        }
        for (iterations, length) in self.iterations.iter_mut().zip(length) {
            *iterations += usize::from(length > 0.0);
        }
    }

    fn slopes(&self, direction: &[[f32; L]]) -> [f64; L] {
        let mut slopes = [0.0; L];
        for (gradient, direction) in self.here.gradient.iter().zip(direction) {
            for lane in 0..L {
                slopes[lane] += gradient[lane] * f64::from(direction[lane]);
            }
        }
        slopes
    }
}

/// Conjugate gradients on `H d = -g`, preconditioned by the diagonal of `H`.
struct ConjugateGradients<const L: usize> {
    direction: Vec<[f32; L]>,
    residual: Vec<[f32; L]>,
    conjugate: Vec<[f32; L]>,
    /// 1 over the diagonal.
    scale: Vec<[f32; L]>,
    /// `rᵀ D⁻¹ r`.
    energy: [f64; L],
    /// Lanes whose curvature along a direction came out negative, by rounding only: `H` is positive definite.
    stuck: [bool; L],
}

impl<const L: usize> ConjugateGradients<L> {
    fn new(gradient: &[[f64; L]], diagonal: &[[f64; L]]) -> Self {
        let residual: Vec<[f32; L]> = gradient.iter().map(|g| g.map(|g| -g as f32)).collect();
        let scale: Vec<[f32; L]> = diagonal
            .iter()
            .map(|d| d.map(|d| (1.0 / d) as f32))
            .collect();
        let conjugate: Vec<[f32; L]> = residual
            .iter()
            .zip(&scale)
            .map(|(r, s)| std::array::from_fn(|lane| r[lane] * s[lane]))
            .collect();
        let mut energy = [0.0; L];
        for (r, c) in residual.iter().zip(&conjugate) {
            for lane in 0..L {
                energy[lane] += f64::from(r[lane] * c[lane]);
            }
        }
        Self {
            direction: vec![[0.0; L]; gradient.len()],
            residual,
            conjugate,
            scale,
            energy,
            stuck: [false; L],
        }
    }

    /// One step in the active lanes; the others stay where they are. `sums` add up to `H v` without the penalty's part.
    fn step(&mut self, sums: &[Vec<[f64; L]>], active: [bool; L]) {
        let n = self.direction.len() - 1;
        let product = |column: usize, v: &[f32; L]| -> [f64; L] {
            let penalty = f64::from(u8::from(column < n));
            std::array::from_fn(|lane| {
                sums.iter().map(|sum| sum[column][lane]).sum::<f64>() + penalty * f64::from(v[lane])
            })
        };
        let along = in_order(self.conjugate.par_chunks(COLUMNS).enumerate().map(
            |(chunk, conjugate)| {
                let mut sum = [0.0; L];
                for (at, v) in conjugate.iter().enumerate() {
                    let product = product(chunk * COLUMNS + at, v);
                    for lane in 0..L {
                        sum[lane] += f64::from(v[lane]) * product[lane];
                    }
                }
                sum
            },
        ));
        let mut step = [0.0; L];
        for lane in (0..L).filter(|&lane| active[lane]) {
            if along[lane] <= 0.0 {
                self.stuck[lane] = true;
            } else {
                step[lane] = self.energy[lane] / along[lane];
            }
        }
        let vectors = self
            .direction
            .par_chunks_mut(COLUMNS)
            .zip(self.residual.par_chunks_mut(COLUMNS))
            .zip(self.conjugate.par_chunks(COLUMNS))
            .zip(self.scale.par_chunks(COLUMNS))
            .enumerate();
        let energy = in_order(vectors.map(
            |(chunk, (((direction, residual), conjugate), scale))| {
                let mut energy = [0.0; L];
                for at in 0..direction.len() {
                    let product = product(chunk * COLUMNS + at, &conjugate[at]);
                    for lane in 0..L {
                        direction[at][lane] += step[lane] as f32 * conjugate[at][lane];
                        let r = (f64::from(residual[at][lane]) - step[lane] * product[lane]) as f32;
                        residual[at][lane] = r;
                        energy[lane] += f64::from(r * r * scale[at][lane]);
                    }
                }
                energy
            },
        ));
        let ratio: [f32; L] = std::array::from_fn(|lane| {
            if step[lane] > 0.0 {
                (energy[lane] / self.energy[lane]) as f32
            } else {
                0.0
            }
        });
        for lane in (0..L).filter(|&lane| step[lane] > 0.0) {
            self.energy[lane] = energy[lane];
        }
        let vectors = self
            .conjugate
            .par_chunks_mut(COLUMNS)
            .zip(self.residual.par_chunks(COLUMNS));
        vectors
            .zip(self.scale.par_chunks(COLUMNS))
            .for_each(|((conjugate, residual), scale)| {
                for at in 0..conjugate.len() {
                    for lane in 0..L {
                        conjugate[at][lane] = scale[at][lane] * residual[at][lane]
                            + ratio[lane] * conjugate[at][lane];
                    }
                }
            });
    }
}

/// The squared length of each row.
fn squares(x: &SparseMatrix) -> Vec<f32> {
    let square = |row| x.row(row).1.iter().map(|value| value * value).sum();
    (0..x.n_samples()).into_par_iter().map(square).collect()
}

/// The sum of what the chunks give, in their order.
fn in_order<const L: usize>(chunks: impl IndexedParallelIterator<Item = [f64; L]>) -> [f64; L] {
    let chunks: Vec<[f64; L]> = chunks.collect();
    let mut total = [0.0; L];
    for chunk in chunks {
        add(&mut total, chunk, 1.0);
    }
    total
}

fn norms<const L: usize>(vectors: &[[f64; L]]) -> [f64; L] {
    let mut squares = [0.0; L];
    for vector in vectors {
        for lane in 0..L {
            squares[lane] += vector[lane] * vector[lane];
        }
    }
    squares.map(f64::sqrt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectorize::SparseVector;

    const STOP: Stop = Stop {
        tol: 1e-6,
        max_iter: 100,
    };

    #[test]
    fn a_lane_does_not_depend_on_its_neighbours() {
        let rows: Vec<SparseVector> = (0..90_u32)
            .map(|row| SparseVector {
                indices: vec![row % 7, 7 + row % 5],
                values: vec![0.6, 0.8],
            })
            .collect();
        let x = SparseMatrix::from_rows(12, &rows);
        let targets: [Vec<bool>; 2] =
            [3, 4].map(|share| (0..90).map(|row| row * row % 11 < share).collect());
        let fold_of: Vec<usize> = (0..90).map(|row| row % 4).collect();
        let mut problems = Vec::new();
        for held_out in [None, Some(0), Some(1), Some(2), Some(3)] {
            for y in &targets {
                problems.push(Problem {
                    y,
                    costs: [1.0, 2.0],
                    held_out: held_out.map(|fold| (&fold_of[..], fold)),
                    start: None,
                });
            }
        }
        let together = solve(&x, &problems, STOP);
        for (problem, one) in problems.iter().zip(&together) {
            let alone = &solve(&x, std::slice::from_ref(problem), STOP)[0];
            assert!(alone.converged);
            assert_eq!((&alone.w, alone.intercept), (&one.w, one.intercept));
        }
        assert_ne!(together[0].w, together[2].w, "a fold is held out");
    }

    /// The scores of the rows of each fold by the optimum of the others, and by what [`solve_nearly`] finds, with rows of
    /// this length.
    fn scores_of_folds(length: f32) -> Vec<(f64, f64)> {
        let rows: Vec<SparseVector> = (0..120_u32)
            .map(|row| SparseVector {
                indices: vec![row % 7, 7 + row % 5],
                values: vec![0.6 * length, 0.8 * length],
            })
            .collect();
        let x = SparseMatrix::from_rows(12, &rows);
        let y: Vec<bool> = (0..120).map(|row| row * row % 11 < 4).collect();
        let fold_of: Vec<usize> = (0..120).map(|row| row % 3).collect();
        let problems: Vec<Problem<'_>> = (0..3)
            .map(|fold| Problem {
                y: &y,
                costs: [1.0, 2.0],
                held_out: Some((&fold_of, fold)),
                start: None,
            })
            .collect();
        let near = solve_nearly(&x, &problems, STOP);
        let exact = solve(&x, &problems, STOP);
        let score = |of: &Solution, row: usize| {
            let (columns, values) = x.row(row);
            let cells = columns.iter().zip(values);
            let sum: f64 = cells
                .map(|(&column, &value)| of.w[column as usize] * f64::from(value))
                .sum();
            sum + of.intercept
        };
        (0..120)
            .map(|row| (row, row % 3))
            .map(|(row, fold)| (score(&near[fold], row), score(&exact[fold], row)))
            .collect()
    }

    #[test]
    fn rows_held_out_have_the_scores_of_the_optimum_of_the_others() {
        for (score, exact) in scores_of_folds(1.0) {
            assert!((score - exact).abs() < 1e-3, "{score} {exact}");
        }
    }

    #[test]
    fn newton_steps_score_rows_where_the_descent_does_not_arrive() {
        // Single precision cannot bring α near enough on rows as long as these.
        for (score, exact) in scores_of_folds(1000.0) {
            assert!((score - exact).abs() < 1e-2, "{score} {exact}");
        }
    }
}
