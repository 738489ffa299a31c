//! The native half of the Python package: types and exceptions of Python over the library, and no behaviour of its own.
//!
//! Texts come in as Python's own memory and claims go out as the lines that the command writes; `rejoinder/` beside this
//! folder gives them their Python shape.

mod arrow;
mod classify;
mod error;
mod model;
mod reprints;
mod train;
mod work;

#[pyo3::pymodule]
mod _rejoinder {
    #[pymodule_export]
    use crate::arrow::classify_arrow;
    #[pymodule_export]
    use crate::classify::corpus;
    #[pymodule_export]
    use crate::model::Model;
    #[pymodule_export]
    use crate::reprints::Reprints;
    #[pymodule_export]
    use crate::train::{cross_validate, train};
}
