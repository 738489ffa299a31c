//! One-vs-rest logistic regression over sparse rows: one binary model a label, so a row has none, one or several.
//!
//! [`LogisticParams`] are linfa parameters: they are checked, then fitted on a [`linfa::DatasetBase`] of a
//! [`SparseMatrix`] and an array of `n_samples` × `n_labels` booleans, which gives a [`LogisticModel`].
//!
//! ```
//! use linfa::DatasetBase;
//! use linfa::traits::{Fit, Predict};
//! use ndarray::array;
//! use rejoinder::{LogisticParams, SparseMatrix, SparseVector};
//!
//! let row = |index| SparseVector { indices: vec![index], values: vec![1.0] };
//! let x = SparseMatrix::from_rows(2, &[row(0), row(0), row(1), row(1)]);
//! let y = array![[true], [true], [false], [false]];
//! let dataset = DatasetBase::new(x, y.clone());
//! let model = LogisticParams::default().c(10.0).fit(&dataset)?;
//! assert_eq!(model.predict(&dataset), y);
//! assert!(LogisticParams::default().c(0.0).fit(&dataset).is_err());
//! # Ok::<(), rejoinder::Error>(())
//! ```

use linfa::DatasetBase;
use linfa::ParamGuard;
use linfa::traits::{Fit, FitWith, PredictInplace};
use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, Axis};
use rayon::prelude::*;

use super::dense;
use super::dropout;
use super::newton::{self, Problem, Solution, Stop};
use crate::vectorize::SparseMatrix;
use crate::{Error, Result};

/// How the coefficients are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// A truncated Newton method over the sparse matrix, as fast as the data allow.
    #[default]
    Sparse,
    /// `linfa-logistic` over the matrix with all its zeros: a reference for small data.
    Linfa,
}

/// How much the samples of each class count.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassWeight {
    /// Every sample counts the same.
    #[default]
    None,
    /// Samples with and without a label count the same in sum (scikit-learn's `class_weight="balanced"`).
    Balanced,
}

/// How much looser than the regression on all rows those on folds may stop: only scores are taken from them, and of those only a
/// curve of two numbers and a threshold a label.
const HELD_OUT_TOL: f64 = 10.0;

/// Checked parameters; see [`LogisticParams`] for what they mean.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogisticValidParams {
    pub(crate) c: f64,
    pub(crate) class_weight: ClassWeight,
    pub(crate) solver: Solver,
    pub(crate) tol: f64,
    pub(crate) max_iter: usize,
    pub(crate) dense_limit_mb: u64,
    #[serde(default)]
    pub(crate) dropout: f64,
}

/// Parameters of the logistic regression, not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticParams(LogisticValidParams);

impl Default for LogisticParams {
    fn default() -> Self {
        Self(LogisticValidParams {
            c: 1.0,
            class_weight: ClassWeight::None,
            solver: Solver::Sparse,
            tol: 1e-4,
            max_iter: 100,
            dense_limit_mb: 2_000,
            dropout: 0.0,
        })
    }
}

impl From<LogisticValidParams> for LogisticParams {
    /// To change, or to check what was read from elsewhere.
    fn from(params: LogisticValidParams) -> Self {
        Self(params)
    }
}

impl LogisticParams {
    /// Inverse strength of the L2 penalty, as in scikit-learn; above 0, default 1.
    #[must_use]
    pub fn c(mut self, c: f64) -> Self {
        self.0.c = c;
        self
    }

    /// Weight of the classes; default none.
    #[must_use]
    pub fn class_weight(mut self, class_weight: ClassWeight) -> Self {
        self.0.class_weight = class_weight;
        self
    }

    /// The solver; default sparse.
    #[must_use]
    pub fn solver(mut self, solver: Solver) -> Self {
        self.0.solver = solver;
        self
    }

    /// The gradient's norm, relative to that at zero coefficients, at which the solver stops; above 0, default 1e-4. Regressions that only score held-out rows stop at ten times as much.
    #[must_use]
    pub fn tol(mut self, tol: f64) -> Self {
        self.0.tol = tol;
        self
    }

    /// The most Newton steps; at least 1, default 100.
    #[must_use]
    pub fn max_iter(mut self, max_iter: usize) -> Self {
        self.0.max_iter = max_iter;
        self
    }

    /// The probability with which each cell of a training row is left out; 0 or more and below 1, default 0.
    ///
    /// The regression is fitted on four copies of each row, each without other cells and scaled back to the row's length (blankout noise;
    /// van der Maaten, Chen, Tyree, Weinberger 2013). No term can then lean on another to be there, which costs a
    /// little on text like the training data and gains on text unlike them.
    #[must_use]
    pub fn dropout(mut self, dropout: f64) -> Self {
        self.0.dropout = dropout;
        self
    }

    /// The most memory in 10^6 bytes that the dense solver may need; default 2,000.
    #[must_use]
    pub fn dense_limit_mb(mut self, limit: u64) -> Self {
        self.0.dense_limit_mb = limit;
        self
    }
}

impl ParamGuard for LogisticParams {
    type Checked = LogisticValidParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&LogisticValidParams> {
        let above_zero = |name, value: f64| {
            if value > 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::Parameter {
                name,
                found: value.to_string(),
                needed: "a finite number above 0",
            })
        };
        above_zero("c", self.0.c)?;
        above_zero("tol", self.0.tol)?;
        if !(0.0..1.0).contains(&self.0.dropout) {
            return Err(Error::Parameter {
                name: "dropout",
                found: self.0.dropout.to_string(),
                needed: "a number from 0, below 1",
            });
        }
        if self.0.max_iter == 0 {
            return Err(Error::Parameter {
                name: "max_iter",
                found: "0".to_owned(),
                needed: "at least 1",
            });
        }
        if self.0.solver == Solver::Linfa && self.0.class_weight != ClassWeight::None {
            return Err(Error::Parameter {
                name: "class_weight",
                found: "balanced".to_owned(),
                needed: "none for the solver linfa, which has no sample weights",
            });
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<LogisticValidParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl Fit<SparseMatrix, Array2<bool>, Error> for LogisticValidParams {
    type Object = LogisticModel;

    /// Fits one binary model for each column of the targets.
    ///
    /// # Errors
    /// [`Error::Dimension`] when rows and targets differ in number, [`Error::RareLabel`] for a label that all samples or none
    /// carry, [`Error::DenseTooLarge`] and [`Error::Solver`] from the solver linfa.
    fn fit(&self, dataset: &DatasetBase<SparseMatrix, Array2<bool>>) -> Result<LogisticModel> {
        self.fit_from(None, dataset)
    }
}

impl<'a> FitWith<'a, SparseMatrix, Array2<bool>, Error> for LogisticValidParams {
    type ObjectIn = &'a LogisticModel;
    type ObjectOut = LogisticModel;

    /// Fits as [`Fit::fit`] does, to the same stopping rule, but starts from a model of similar data, which takes fewer steps.
    /// The solver linfa starts anew.
    ///
    /// # Errors
    /// Those of [`Fit::fit`], and [`Error::Dimension`] when the model has other labels or features in number.
    fn fit_with(
        &self,
        model: &'a LogisticModel,
        dataset: &'a DatasetBase<SparseMatrix, Array2<bool>>,
    ) -> Result<LogisticModel> {
        let needed = (dataset.targets().ncols(), dataset.records().n_features());
        if model.coefficients.dim() != needed {
            return Err(Error::Dimension {
                what: "coefficients to start from",
                expected: needed.0 * needed.1,
                found: model.coefficients.len(),
            });
        }
        self.fit_from(Some(model), dataset)
    }
}

impl LogisticValidParams {
    fn fit_from(
        &self,
        start: Option<&LogisticModel>,
        dataset: &DatasetBase<SparseMatrix, Array2<bool>>,
    ) -> Result<LogisticModel> {
        let (x, y) = (dataset.records(), dataset.targets());
        if y.nrows() != x.n_samples() {
            return Err(Error::Dimension {
                what: "rows of targets",
                expected: x.n_samples(),
                found: y.nrows(),
            });
        }
        let noisy = (self.dropout > 0.0).then(|| dropout::copies(x, self.dropout));
        let x = noisy.as_ref().unwrap_or(x);
        let targets: Vec<Vec<bool>> = y
            .columns()
            .into_iter()
            .map(|y| y.to_vec().repeat(self.copies()))
            .collect();
        let solutions: Vec<Solution> = match self.solver {
            Solver::Sparse => {
                let problems = targets
                    .iter()
                    .enumerate()
                    .map(|(label, y)| self.problem(y, label, None, start))
                    .collect::<Result<Vec<_>>>()?;
                newton::solve(x, &problems, self.stop())
            }
            Solver::Linfa => (0..targets.len())
                .into_par_iter()
                .map(|label| {
                    self.problem(&targets[label], label, None, None)?;
                    dense::solve(x, &targets[label], self)
                })
                .collect::<Result<_>>()?,
        };
        Ok(LogisticModel::new(x.n_features(), &solutions))
    }

    /// For each fold a regression on the rows of the others. Each starts from `model`, the regression on all rows, and
    /// goes on, with what the held-out rows gave taken out, to a stopping rule [`HELD_OUT_TOL`] times looser.
    ///
    /// `fold_of` is the fold of each row, in `0..folds`.
    ///
    /// # Errors
    /// Those of [`Fit::fit`] on the rows of the other folds.
    pub(crate) fn fit_others(
        &self,
        model: &LogisticModel,
        dataset: &DatasetBase<SparseMatrix, Array2<bool>>,
        fold_of: &[usize],
        folds: usize,
    ) -> Result<Vec<LogisticModel>> {
        let (x, y) = (dataset.records(), dataset.targets());
        if self.solver == Solver::Sparse && self.dropout == 0.0 {
            let targets: Vec<Vec<bool>> = y.columns().into_iter().map(|y| y.to_vec()).collect();
            let mut problems = Vec::new();
            for fold in 0..folds {
                for (label, y) in targets.iter().enumerate() {
                    problems.push(self.problem(y, label, Some((fold_of, fold)), Some(model))?);
                }
            }
            let stop = Stop {
                tol: HELD_OUT_TOL * self.tol,
                ..self.stop()
            };
            let mut solutions = newton::solve_nearly(x, &problems, stop).into_iter();
            // A solution is let go as soon as it is copied.
            let fit = |_| {
                let of_fold: Vec<Solution> = solutions.by_ref().take(targets.len()).collect();
                LogisticModel::new(x.n_features(), &of_fold)
            };
            return Ok((0..folds).map(fit).collect());
        }
        let loose = Self {
            tol: HELD_OUT_TOL * self.tol,
            ..self.clone()
        };
        let fit = |fold| {
            let rest: Vec<usize> = (0..x.n_samples())
                .filter(|&row| fold_of[row] != fold)
                .collect();
            let rest = DatasetBase::new(x.select(&rest), y.select(Axis(0), &rest));
            loose.fit_from(Some(model), &rest)
        };
        (0..folds).map(fit).collect()
    }

    fn stop(&self) -> Stop {
        Stop {
            tol: self.tol,
            max_iter: self.max_iter,
        }
    }

    /// The regression of one label on the rows that are not held out.
    fn problem<'a>(
        &self,
        y: &'a [bool],
        label: usize,
        held_out: Option<(&'a [usize], usize)>,
        start: Option<&'a LogisticModel>,
    ) -> Result<Problem<'a>> {
        let has = |row: usize| held_out.is_none_or(|(fold_of, fold)| fold_of[row] != fold);
        let n_samples = (0..y.len()).filter(|&row| has(row)).count();
        let positive = (0..y.len()).filter(|&row| y[row] && has(row)).count();
        if positive == 0 || positive == n_samples {
            return Err(Error::RareLabel {
                label: format!("column {label}"),
                state: if positive == 0 { "on" } else { "missing from" },
                found: 0,
                n_samples,
                needed: 1,
            });
        }
        Ok(Problem {
            y,
            costs: self.costs(positive, n_samples),
            held_out,
            start: start.map(|model| (model.coefficients.row(label), model.intercepts[label])),
        })
    }

    /// Inverse strength of the L2 penalty.
    pub fn c(&self) -> f64 {
        self.c
    }

    /// The relative norm of the gradient at which the solver stops.
    pub fn tol(&self) -> f64 {
        self.tol
    }

    /// The most Newton steps.
    pub fn max_iter(&self) -> usize {
        self.max_iter
    }

    /// How many rows the regression has of each that it is given.
    fn copies(&self) -> usize {
        if self.dropout > 0.0 {
            dropout::COPIES
        } else {
            1
        }
    }

    /// What each of the rows that the regression has costs, by its class.
    pub(super) fn cost(&self) -> f64 {
        self.c / self.copies() as f64
    }

    fn costs(&self, positive: usize, n_samples: usize) -> [f64; 2] {
        let cost = self.cost();
        match self.class_weight {
            ClassWeight::None => [cost, cost],
            ClassWeight::Balanced => {
                let half = cost * n_samples as f64 / 2.0;
                [half / (n_samples - positive) as f64, half / positive as f64]
            }
        }
    }
}

/// Coefficients and intercepts, one row a label.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticModel {
    coefficients: Array2<f64>,
    intercepts: Array1<f64>,
    iterations: usize,
    converged: bool,
}

impl LogisticModel {
    fn new(n_features: usize, solutions: &[Solution]) -> Self {
        let mut coefficients = Array2::zeros((solutions.len(), n_features));
        for (mut row, solution) in coefficients.rows_mut().into_iter().zip(solutions) {
            row.assign(&ArrayView1::from(&solution.w));
        }
        let iterations = solutions.iter().map(|solution| solution.iterations);
        Self {
            coefficients,
            intercepts: solutions
                .iter()
                .map(|solution| solution.intercept)
                .collect(),
            iterations: iterations.max().unwrap_or(0),
            converged: solutions.iter().all(|solution| solution.converged),
        }
    }

    /// `n_labels` × `n_features`.
    pub fn coefficients(&self) -> &Array2<f64> {
        &self.coefficients
    }

    /// One a label.
    pub fn intercepts(&self) -> &Array1<f64> {
        &self.intercepts
    }

    /// The most steps that the solver took for a label.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Whether every label met the stopping rule.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// `X wᵀ + b`: `n_samples` × `n_labels` scores, above 0 where the model sees the label.
    ///
    /// # Panics
    /// When `x` has another number of columns than the model was fitted on.
    pub fn decision_function(&self, x: &SparseMatrix) -> Array2<f64> {
        assert_eq!(
            x.n_features(),
            self.coefficients.ncols(),
            "columns of the matrix and the model differ"
        );
        let mut scores = Array2::zeros((x.n_samples(), self.intercepts.len()));
        for (sample, mut scores) in scores.rows_mut().into_iter().enumerate() {
            self.score(x.row(sample), &mut scores);
        }
        scores
    }

    fn score(&self, (indices, values): (&[u32], &[f32]), scores: &mut ArrayViewMut1<'_, f64>) {
        for (label, score) in scores.iter_mut().enumerate() {
            let coefficients = self.coefficients.row(label);
            let sum: f64 = indices
                .iter()
                .zip(values)
                .map(|(&i, &v)| coefficients[i as usize] * f64::from(v))
                .sum();
            *score = sum + self.intercepts[label];
        }
    }
}

impl PredictInplace<SparseMatrix, Array2<bool>> for LogisticModel {
    fn predict_inplace<'a>(&'a self, x: &'a SparseMatrix, y: &mut Array2<bool>) {
        y.assign(&self.decision_function(x).mapv(|score| score > 0.0));
    }

    fn default_target(&self, x: &SparseMatrix) -> Array2<bool> {
        Array2::from_elem((x.n_samples(), self.intercepts.len()), false)
    }
}
