//! Rows of the table of claims → Arrow record batches: its columns, with types.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use csv::StringRecord;

use super::{Column, ColumnKind};

/// A record batch in the making.
pub struct TableBuilder {
    schema: SchemaRef,
    columns: Vec<Builder>,
}

enum Builder {
    Text(StringBuilder, bool),
    Integer(Int64Builder),
    Number(Float64Builder),
}

impl TableBuilder {
    /// A batch without rows.
    pub fn new(columns: &[Column]) -> Self {
        let fields: Vec<Field> = columns.iter().map(field).collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            columns: columns.iter().map(Builder::of).collect(),
        }
    }

    /// The columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Appends a row, which has a field for each column.
    ///
    /// # Errors
    /// A row that does not fit the columns, after which the batch is of no use.
    pub fn append(&mut self, row: &StringRecord) -> io::Result<()> {
        if row.len() != self.columns.len() {
            return Err(io::Error::other("a row does not fit the columns"));
        }
        for (column, field) in self.columns.iter_mut().zip(row) {
            column.append(field)?;
        }
        Ok(())
    }

    /// The rows that were appended since the last batch.
    ///
    /// # Panics
    /// Never: the builders are made of the schema.
    pub fn finish(&mut self) -> RecordBatch {
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(self.schema(), columns).expect("builders are made of the schema")
    }
}

fn field(column: &Column) -> Field {
    let kind = match column.kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Number => DataType::Float64,
    };
    Field::new(&column.name, kind, column.is_optional)
}

impl Builder {
    fn of(column: &Column) -> Self {
        match column.kind {
            ColumnKind::Text => Self::Text(StringBuilder::new(), column.is_optional),
            ColumnKind::Integer => Self::Integer(Int64Builder::new()),
            ColumnKind::Number => Self::Number(Float64Builder::new()),
        }
    }

    /// Appends a field; an empty one is null, unless the column always has a text.
    fn append(&mut self, field: &str) -> io::Result<()> {
        let number = |error: &dyn Display| io::Error::other(format!("`{field}`: {error}"));
        match self {
            Self::Text(texts, is_optional) => {
                texts.append_option((!field.is_empty() || !*is_optional).then_some(field));
            }
            Self::Integer(integers) if field.is_empty() => integers.append_null(),
            Self::Integer(integers) => {
                integers.append_value(
                    field
                        .parse()
                        .map_err(|e: std::num::ParseIntError| number(&e))?,
                );
            }
            Self::Number(numbers) => {
                numbers.append_value(
                    field
                        .parse()
                        .map_err(|e: std::num::ParseFloatError| number(&e))?,
                );
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(texts, _) => Arc::new(texts.finish()),
            Self::Integer(integers) => Arc::new(integers.finish()),
            Self::Number(numbers) => Arc::new(numbers.finish()),
        }
    }
}
