//! Lines of JSON → the objects in them, or an error that says where and what else was found.

use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Lines, STDIN, STDIN_NAME};
use crate::{Error, Result};

/// The objects of JSON lines, in order. A line that cannot be read is an error, after which reading goes on.
pub(crate) struct Objects<R, T> {
    lines: Lines<R>,
    finished: bool,
    object: PhantomData<fn() -> T>,
}

/// The objects of a file, or of standard input for `-`.
///
/// # Errors
/// [`Error::Io`], [`Error::EmptyFile`] and [`Error::Binary`]; those of a line stand in its place.
pub(crate) fn open_objects<T>(path: &Path) -> Result<Objects<impl Read + Send + use<T>, T>> {
    let bytes = super::open(path)?;
    let name = if path.as_os_str() == STDIN {
        Path::new(STDIN_NAME)
    } else {
        path
    };
    Ok(Objects::new(name, super::check(name, bytes)?))
}

impl<R: Read, T> Objects<R, T> {
    /// The objects of `bytes`, which are named `path` in errors.
    pub(crate) fn new(path: &Path, bytes: R) -> Self {
        Self {
            lines: Lines::new(path.to_owned(), bytes),
            finished: false,
            object: PhantomData,
        }
    }
}

impl<R: Read, T: DeserializeOwned> Iterator for Objects<R, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        match self.lines.read() {
            Ok(true) => {
                let (line, _) = super::decode(self.lines.line());
                Some(object_of(&line, self.lines.path(), self.lines.number()))
            }
            Ok(false) => {
                self.finished = true;
                None
            }
            Err(error) => {
                self.finished = !error.is_about_one_record();
                Some(Err(error))
            }
        }
    }
}

/// The object that a line holds; file and line are named in errors.
///
/// # Errors
/// [`Error::Json`], [`Error::NotAnObject`].
pub(crate) fn object_of<T: DeserializeOwned>(line: &str, path: &Path, number: u64) -> Result<T> {
    let json = |error: serde_json::Error| Error::Json {
        path: path.to_owned(),
        line: number,
        message: message_of(&error),
    };
    let line = line.trim();
    if line.starts_with('{') {
        return serde_json::from_str(line).map_err(json);
    }
    let value: Value = serde_json::from_str(line).map_err(json)?;
    Err(Error::NotAnObject {
        path: path.to_owned(),
        line: number,
        found: kind_of(&value),
    })
}

/// What a value is, for messages.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// What the parser said, without the line of the error, which is always 1.
fn message_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let what = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(what, _)| what);
    format!("{what} at column {}", error.column())
}
