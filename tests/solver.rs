//! The sparse solver against scikit-learn, against linfa-logistic, and on data that break naive Newton steps.

#![allow(
    clippy::unreadable_literal,
    reason = "figures stand as scikit-learn prints them"
)]

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use ndarray::{Array2, array};
use proptest::prelude::*;
use rejoinder::{
    ClassWeight, Error, LogisticModel, LogisticParams, Solver, SparseMatrix, SparseVector,
};

/// 40 rows × 6 columns with about a third of the cells filled, and a label that follows the first column in part.
fn example() -> (SparseMatrix, Array2<bool>) {
    let cell = |i: usize, j: usize| {
        let v = (i * 7 + j * 13 + i * j) % 11;
        (v < 4).then_some((v + 1) as f32 / 8.0)
    };
    let rows: Vec<SparseVector> = (0..40)
        .map(|i| {
            let (indices, values) = (0..6).filter_map(|j| Some((j as u32, cell(i, j)?))).unzip();
            SparseVector { indices, values }
        })
        .collect();
    let y = Array2::from_shape_fn((40, 1), |(i, _)| {
        (i * 5 + 3) % 7 < 3 || cell(i, 0).is_some_and(|v| v > 0.3)
    });
    (SparseMatrix::from_rows(6, &rows), y)
}

fn fit(params: &LogisticParams) -> LogisticModel {
    let (x, y) = example();
    params
        .fit(&DatasetBase::new(x, y))
        .expect("the example can be fitted")
}

fn assert_close(model: &LogisticModel, coefficients: &[f64], intercept: f64, tolerance: f64) {
    for (found, expected) in model.coefficients().row(0).iter().zip(coefficients) {
        assert!(
            (found - expected).abs() < tolerance,
            "{found} is not {expected}"
        );
    }
    assert!((model.intercepts()[0] - intercept).abs() < tolerance);
}

#[test]
fn sparse_solver_agrees_with_scikit_learn() {
    // scikit-learn 1.9.1, LogisticRegression(solver="newton-cholesky", tol=1e-12), C=1.5 and C=20 balanced.
    let plain = fit(&LogisticParams::default().c(1.5).tol(1e-10));
    assert_close(
        &plain,
        &[
            1.624901074,
            0.622864675,
            -0.414719575,
            0.2265603,
            0.0,
            0.485804764,
        ],
        0.115584414,
        1e-6,
    );
    let balanced = fit(&LogisticParams::default()
        .c(20.0)
        .class_weight(ClassWeight::Balanced)
        .tol(1e-10));
    assert_close(
        &balanced,
        &[
            6.435998766,
            2.430228896,
            0.294517522,
            0.735276626,
            0.0,
            1.752748788,
        ],
        -1.200648752,
        1e-6,
    );
}

#[test]
fn sparse_and_dense_solver_agree() {
    for (c, dropout) in [(0.1, 0.0), (1.0, 0.0), (30.0, 0.0), (1.0, 0.5)] {
        let params = LogisticParams::default().c(c).dropout(dropout);
        let sparse = fit(&params.clone().tol(1e-10));
        let dense = fit(&params.tol(1e-8).max_iter(1000).solver(Solver::Linfa));
        let expected = dense.coefficients().row(0).to_vec();
        assert_close(&sparse, &expected, dense.intercepts()[0], 1e-4);
    }
}

/// Two columns say the same of every row; a third says it of one row in five.
#[test]
fn dropout_makes_each_of_several_columns_carry_its_share() {
    let rows: Vec<SparseVector> = (0..200)
        .map(|i| {
            let sign = if i % 2 == 0 { 0.5 } else { -0.5 };
            let (indices, values) = if i % 5 == 0 {
                (vec![0, 1, 2], vec![2.0 * sign, 0.2 * sign, sign])
            } else {
                (vec![0, 1], vec![2.0 * sign, 0.2 * sign])
            };
            SparseVector { indices, values }
        })
        .collect();
    let y = Array2::from_shape_fn((200, 1), |(i, _)| i % 2 == 0);
    let dataset = DatasetBase::new(SparseMatrix::from_rows(3, &rows), y);
    let share_of_first = |dropout: f64| {
        let model = LogisticParams::default().dropout(dropout).fit(&dataset);
        let w = model.unwrap().coefficients().row(0).to_vec();
        w[0] / w.iter().sum::<f64>()
    };
    assert!(share_of_first(0.5) < share_of_first(0.0) - 0.1);
}

#[test]
fn dense_solver_refuses_what_does_not_fit_with_an_estimate() {
    let (x, y) = example();
    let params = LogisticParams::default()
        .solver(Solver::Linfa)
        .dense_limit_mb(0);
    let wide =
        SparseMatrix::from_rows(100_000, &[SparseVector::default(), SparseVector::default()]);
    let error = params
        .fit(&DatasetBase::new(wide, array![[true], [false]]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the dense solver needs about 28 MB for 2 samples x 100000 features, more than the limit of 0 MB; use the \
         sparse solver, or fewer features (a larger min_df)"
    );
    assert!(params.fit(&DatasetBase::new(x, y)).is_ok());
}

#[test]
fn separable_and_badly_scaled_data_converge() {
    let row = |value: f32| SparseVector {
        indices: vec![0, 1],
        values: vec![value, value * 1e-6],
    };
    let rows: Vec<SparseVector> = [1e4, 2e4, 3.0, -1e4, -5.0, -2e4].map(row).to_vec();
    let y = array![[true], [true], [true], [false], [false], [false]];
    for c in [1e-6, 1.0, 1e6] {
        let dataset = DatasetBase::new(SparseMatrix::from_rows(2, &rows), y.clone());
        let model = LogisticParams::default()
            .c(c)
            .max_iter(200)
            .fit(&dataset)
            .unwrap();
        assert!(model.converged(), "C = {c}: {} steps", model.iterations());
        assert!(model.coefficients().iter().all(|w| w.is_finite()));
        if c > 1e-3 {
            assert_eq!(model.predict(&dataset), y, "C = {c}");
        }
    }
}

#[test]
fn a_label_on_every_row_or_on_none_is_an_error() {
    let (x, _) = example();
    for value in [true, false] {
        let dataset = DatasetBase::new(x.clone(), Array2::from_elem((40, 1), value));
        assert!(matches!(
            LogisticParams::default().fit(&dataset),
            Err(Error::RareLabel { .. })
        ));
    }
}

#[test]
fn parameters_outside_their_range_are_errors() {
    let (x, y) = example();
    let dataset = DatasetBase::new(x, y);
    for (params, name) in [
        (LogisticParams::default().c(-1.0), "c"),
        (LogisticParams::default().c(f64::NAN), "c"),
        (LogisticParams::default().tol(0.0), "tol"),
        (LogisticParams::default().max_iter(0), "max_iter"),
        (LogisticParams::default().dropout(-0.1), "dropout"),
        (LogisticParams::default().dropout(1.0), "dropout"),
        (LogisticParams::default().dropout(f64::NAN), "dropout"),
        (
            LogisticParams::default()
                .solver(Solver::Linfa)
                .class_weight(ClassWeight::Balanced),
            "class_weight",
        ),
    ] {
        let error = params.fit(&dataset).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with(&format!("parameter `{name}`")),
            "{error}"
        );
    }
}

proptest! {
    #[test]
    fn the_gradient_vanishes_at_the_optimum(
        rows in prop::collection::vec(prop::collection::btree_map(0..8u32, -2.0..2.0f32, 0..5), 6..40),
        c in 0.01..100.0f64,
    ) {
        let rows: Vec<SparseVector> = rows
            .into_iter()
            .map(|row| {
                let (indices, values) = row.into_iter().filter(|(_, value)| *value != 0.0).unzip();
                SparseVector { indices, values }
            })
            .collect();
        let x = SparseMatrix::from_rows(8, &rows);
        let y = Array2::from_shape_fn((rows.len(), 1), |(i, _)| i % 3 == 0);
        let model = LogisticParams::default().c(c).tol(1e-9).max_iter(500)
            .fit(&DatasetBase::new(x.clone(), y.clone())).unwrap();
        let scores = model.decision_function(&x);
        let mut gradient: Vec<f64> = model.coefficients().row(0).to_vec();
        let mut of_intercept = 0.0;
        for i in 0..rows.len() {
            let error = c * (1.0 / (1.0 + (-scores[(i, 0)]).exp()) - f64::from(u8::from(y[(i, 0)])));
            for (&j, &v) in rows[i].indices.iter().zip(&rows[i].values) {
                gradient[j as usize] += error * f64::from(v);
            }
            of_intercept += error;
        }
        let largest = gradient.iter().fold(f64::abs(of_intercept), |most, g| most.max(g.abs()));
        prop_assert!(largest < 1e-5 * (1.0 + c), "{largest}");
    }
}
