//! A line of JSON → the object in it, or an error that says where and what else was found.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, Result};

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
