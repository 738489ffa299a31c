//! Claims as Parquet: the columns of the CSV, with types.
//!
//! In go the rows that [`ClaimWriter`](super::ClaimWriter) writes as CSV, so that both tables say the same; out comes a file whose
//! row groups depend on the rows alone, not on the portions in which they came. Memory holds one row group.

use std::io::{self, Read, Write};

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{Column, TableBuilder};

/// Rows and bytes that are handed on at a time.
const BATCH: (usize, usize) = (1024, 8 << 20);

/// The most rows and bytes of a row group.
const ROW_GROUP: (usize, usize) = (100_000, 64 << 20);

/// Writes rows of CSV as Parquet.
pub struct ParquetWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    table: TableBuilder,
    /// Rows and bytes that wait.
    waiting: (usize, usize),
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file with these columns.
    ///
    /// # Errors
    /// Those of `out`; two columns of the same name.
    pub fn new(out: W, columns: &[Column]) -> io::Result<Self> {
        let table = TableBuilder::new(columns);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP.0))
            .set_max_row_group_bytes(Some(ROW_GROUP.1))
            .build();
        let writer = ArrowWriter::try_new(out, table.schema(), Some(properties))?;
        Ok(Self {
            writer,
            table,
            waiting: (0, 0),
        })
    }

    /// Writes rows of CSV, which have a field for each column.
    ///
    /// # Errors
    /// Those of the output; a row that does not fit the columns.
    pub fn write(&mut self, rows: impl Read) -> io::Result<()> {
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(rows);
        let mut row = csv::StringRecord::new();
        while rows.read_record(&mut row)? {
            self.table.append(&row)?;
            self.waiting.0 += 1;
            self.waiting.1 += row.as_slice().len();
            if self.waiting.0 >= BATCH.0 || self.waiting.1 >= BATCH.1 {
                self.hand_on()?;
            }
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.hand_on()?;
        Ok(self.writer.into_inner()?)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.waiting = (0, 0);
        Ok(self.writer.write(&self.table.finish())?)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::RecordBatch;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::report::ColumnKind;

    fn column(name: &str, kind: ColumnKind, is_optional: bool) -> Column {
        Column {
            name: name.to_owned(),
            kind,
            is_optional,
        }
    }

    fn columns() -> Vec<Column> {
        vec![
            column("text", ColumnKind::Text, false),
            column("source", ColumnKind::Text, true),
            column("source_start", ColumnKind::Integer, true),
            column("probability", ColumnKind::Number, false),
        ]
    }

    fn written(portions: &[&str]) -> Vec<u8> {
        let mut writer = ParquetWriter::new(Vec::new(), &columns()).unwrap();
        for portion in portions {
            writer.write(portion.as_bytes()).unwrap();
        }
        writer.finish().unwrap()
    }

    fn batches(bytes: &[u8]) -> Vec<RecordBatch> {
        let mut copy = tempfile::tempfile().unwrap();
        copy.write_all(bytes).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(copy).unwrap();
        reader.build().unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn fields_have_types_and_empty_ones_are_null() {
        let rows = "\"He said \"\"no\"\",\nhe did.\",Moscow,12,0.25\n,,,1\n";
        let batch = batches(&written(&[rows])).remove(0);
        let text = batch.column(0).as_string::<i32>();
        assert_eq!(
            text.iter().collect::<Vec<_>>(),
            [Some("He said \"no\",\nhe did."), Some("")]
        );
        let source = batch.column(1).as_string::<i32>();
        assert_eq!(source.iter().collect::<Vec<_>>(), [Some("Moscow"), None]);
        let start = batch.column(2).as_primitive::<Int64Type>();
        assert_eq!(start.iter().collect::<Vec<_>>(), [Some(12), None]);
        let probability = batch.column(3).as_primitive::<Float64Type>();
        assert_eq!(probability.values().to_vec(), [0.25, 1.0]);
    }

    #[test]
    fn portions_do_not_show() {
        let row = "text,source,1,0.5\n";
        let whole = row.repeat(3_000);
        let (begin, end) = whole.split_at(row.len() * 777);
        assert!(written(&[&whole]) == written(&[begin, "", end]));
        let rows: usize = batches(&written(&[&whole]))
            .iter()
            .map(RecordBatch::num_rows)
            .sum();
        assert_eq!(rows, 3_000);
    }

    #[test]
    fn table_without_rows_has_columns() {
        let bytes = written(&[]);
        let mut copy = tempfile::tempfile().unwrap();
        copy.write_all(&bytes).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(copy).unwrap();
        assert_eq!(reader.schema().fields().len(), 4);
    }

    #[test]
    fn row_that_does_not_fit_is_an_error() {
        let mut writer = ParquetWriter::new(Vec::new(), &columns()).unwrap();
        for row in ["a,b\n", "a,b,x,0.5\n", "a,b,1,\n"] {
            assert!(writer.write(row.as_bytes()).is_err(), "{row}");
        }
    }
}
