//! Rows of mostly zeros: one sentence is a [`SparseVector`], a training set is a [`SparseMatrix`].

use std::ops::Range;

use linfa::dataset::Records;
use ndarray::Array2;

/// The non-zero columns of one row, ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SparseVector {
    /// Columns, strictly ascending.
    pub indices: Vec<u32>,
    /// Their values, none of them zero.
    pub values: Vec<f32>,
}

impl SparseVector {
    /// Euclidean length.
    pub fn norm(&self) -> f64 {
        self.values
            .iter()
            .map(|&value| f64::from(value) * f64::from(value))
            .sum::<f64>()
            .sqrt()
    }
}

/// A matrix in compressed sparse row form, `n_samples` × `n_features`. Values are single precision; every sum over
/// them is taken in double precision.
///
/// It implements linfa's [`Records`], so it goes into a [`linfa::DatasetBase`].
#[derive(Debug, Clone, PartialEq)]
pub struct SparseMatrix {
    starts: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
    n_features: usize,
}

impl SparseMatrix {
    /// A matrix with no rows.
    pub fn new(n_features: usize) -> Self {
        Self {
            starts: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
            n_features,
        }
    }

    /// Collects rows; every index must be below `n_features`.
    ///
    /// # Panics
    /// When an index is not below `n_features`.
    pub fn from_rows<'a>(
        n_features: usize,
        rows: impl IntoIterator<Item = &'a SparseVector>,
    ) -> Self {
        let mut matrix = Self::new(n_features);
        for row in rows {
            matrix.push(row);
        }
        matrix
    }

    /// Appends a row; every index must be below `n_features`.
    ///
    /// # Panics
    /// When an index is not below `n_features`.
    pub fn push(&mut self, row: &SparseVector) {
        let last = row.indices.last().map_or(0, |&last| last as usize + 1);
        assert!(
            last <= self.n_features,
            "column {last} in a matrix of {} columns",
            self.n_features
        );
        self.indices.extend_from_slice(&row.indices);
        self.values.extend_from_slice(&row.values);
        self.starts.push(self.indices.len());
    }

    /// Rows.
    pub fn n_samples(&self) -> usize {
        self.starts.len() - 1
    }

    /// Columns.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// The non-zero columns of a row with their values.
    #[inline]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.indices[range.clone()], &self.values[range])
    }

    /// Cuts the rows into parts of about as many cells each.
    pub(crate) fn parts<const N: usize>(&self) -> [Range<usize>; N] {
        let n_cells = self.indices.len();
        let bound = |part: usize| match part {
            0 => 0,
            part if part == N => self.n_samples(),
            part => self
                .starts
                .partition_point(|&start| start < n_cells / N * part)
                .min(self.n_samples()),
        };
        std::array::from_fn(|part| bound(part)..bound(part + 1))
    }

    /// The rows with these numbers, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut matrix = Self::new(self.n_features);
        for &row in rows {
            let (indices, values) = self.row(row);
            matrix.indices.extend_from_slice(indices);
            matrix.values.extend_from_slice(values);
            matrix.starts.push(matrix.indices.len());
        }
        matrix
    }

    /// The same matrix with other numbers for its columns: `numbers` has the new one of each.
    #[must_use]
    pub(crate) fn renumbered(&self, numbers: &[u32]) -> Self {
        let mut matrix = Self::new(self.n_features);
        matrix.reserve(self.n_samples(), self.n_cells());
        let mut cells: Vec<(u32, f32)> = Vec::new();
        for row in 0..self.n_samples() {
            let (indices, values) = self.row(row);
            cells.clear();
            cells.extend(
                indices
                    .iter()
                    .zip(values)
                    .map(|(&i, &v)| (numbers[i as usize], v)),
            );
            cells.sort_unstable_by_key(|cell| cell.0);
            matrix.indices.extend(cells.iter().map(|cell| cell.0));
            matrix.values.extend(cells.iter().map(|cell| cell.1));
            matrix.starts.push(matrix.indices.len());
        }
        matrix
    }

    /// Puts a matrix together. Row i is `starts[i]..starts[i + 1]` of the cells.
    pub(crate) fn from_cells(
        starts: Vec<usize>,
        indices: Vec<u32>,
        values: Vec<f32>,
        n_features: usize,
    ) -> Self {
        Self {
            starts,
            indices,
            values,
            n_features,
        }
    }

    /// Makes room for more rows and cells.
    fn reserve(&mut self, n_samples: usize, n_cells: usize) {
        self.starts.reserve_exact(n_samples);
        self.indices.reserve_exact(n_cells);
        self.values.reserve_exact(n_cells);
    }

    /// Cells that are not zero.
    pub(crate) fn n_cells(&self) -> usize {
        self.indices.len()
    }

    /// The same matrix with its zeros.
    pub fn to_dense(&self) -> Array2<f64> {
        let mut dense = Array2::zeros((self.n_samples(), self.n_features));
        for row in 0..self.n_samples() {
            let (indices, values) = self.row(row);
            for (&column, &value) in indices.iter().zip(values) {
                dense[(row, column as usize)] = f64::from(value);
            }
        }
        dense
    }
}

impl Records for SparseMatrix {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.n_samples()
    }

    fn nfeatures(&self) -> usize {
        self.n_features
    }
}
