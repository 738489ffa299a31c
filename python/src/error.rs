//! Errors of the library → exceptions of `rejoinder.errors`, with the same text.

use pyo3::prelude::*;

/// The exception for an error. Its class is named after the variant: `Io` → `IoError`.
pub(crate) fn exception(error: rejoinder::Error) -> PyErr {
    Python::attach(|py| of_class(py, &error).unwrap_or_else(|failure| failure))
}

fn of_class(py: Python<'_>, error: &rejoinder::Error) -> PyResult<PyErr> {
    // What a derived `Debug` begins with is the name of the variant.
    let debug = format!("{error:?}");
    let end = debug.find(|c: char| !c.is_ascii_alphanumeric());
    let class = format!("{}Error", &debug[..end.unwrap_or(debug.len())]);
    let class = py.import("rejoinder.errors")?.getattr(class)?;
    Ok(PyErr::from_value(class.call1((error.to_string(),))?))
}
