//! Arrow columns → claims, batch by batch. The texts are read where their owner has them.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray, ListArray, RecordBatch,
    StructArray,
};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3_arrow::PyArrayReader;
use pyo3_arrow::ffi::{ArrayIterator, ArrayReader};
use pyo3_arrow::input::AnyArray;
use rejoinder::ArticleRef;
use rejoinder::report::{TableBuilder, claim_batch, claim_schema};

use crate::classify::{Classifier, Options, Wanted};
use crate::model::Model;

/// Bytes of text that become one batch of claims: at most, and at least where the threads share one batch.
const SLICE: [usize; 2] = [1 << 15, 1 << 20];
/// Slices that each thread works on before their claims are handed over: this bounds the memory for batches of any size.
const SLICES: usize = 4;

/// The claims of a table as a stream of record batches; of an array of texts as a stream of arrays, a list of claims for
/// each text. `names` are the columns of text, id, date, outlet and title; those without a name are read under their
/// usual one where they are there. With `flat` the columns are those of the command's tables.
#[pyfunction]
pub(crate) fn classify_arrow(
    model: &Bound<'_, Model>,
    data: AnyArray,
    names: [Option<String>; 5],
    wanted: Wanted,
    flat: bool,
    threads: usize,
) -> PyResult<PyArrayReader> {
    let model = &model.get().0;
    let options = Options::try_from(wanted)?;
    let source = data.into_reader()?;
    let claims = Table::new(&Classifier::new(model, options), flat).schema();
    let claims = DataType::Struct(claims.fields().clone());
    let (input, of) = match source.field().data_type() {
        DataType::Struct(fields) => (Input::Table(places(fields, &names)?), claims),
        _ => (Input::Texts, list_of(claims)),
    };
    let stream = Stream {
        source,
        input,
        workers: (0..threads)
            .map(|_| Worker::new(Classifier::new(model, options), flat))
            .collect(),
        rows: 0,
        slices: VecDeque::new(),
        ready: VecDeque::new(),
    };
    let field = Arc::new(Field::new("claims", of, false));
    Ok(PyArrayReader::new(Box::new(ArrayIterator::new(
        stream, field,
    ))))
}

fn list_of(claims: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", claims, false)))
}

/// What columns are called by default.
const NAMES: [&str; 5] = ["text", "id", "date", "outlet", "title"];

/// Where the columns of a table stand.
type Places = [Option<usize>; 5];

/// What is read.
#[derive(Clone, Copy)]
enum Input {
    Table(Places),
    Texts,
}

fn places(fields: &arrow_schema::Fields, names: &[Option<String>; 5]) -> PyResult<Places> {
    let mut places = [None; 5];
    for ((place, name), usual) in places.iter_mut().zip(names).zip(NAMES) {
        let wanted = name.as_deref().unwrap_or(usual);
        *place = fields.iter().position(|field| field.name() == wanted);
        if let (None, Some(name)) = (&place, name) {
            let found: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            let message = format!("no column `{name}` (found {})", found.join(", "));
            return Err(PyKeyError::new_err(message));
        }
    }
    match places[0].map(|text| fields[text].data_type()) {
        Some(of) if !is_text(of) => {
            Err(PyTypeError::new_err(format!("texts are needed, not {of}")))
        }
        _ => Ok(places),
    }
}

fn is_text(of: &DataType) -> bool {
    match of {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Null => true,
        _ => of.is_string() || of.is_binary(),
    }
}

/// A column of texts as bytes: nobody has checked that they are UTF-8.
enum Texts {
    Small(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
}

impl Texts {
    /// Shares the memory of strings and bytes; makes strings of anything else.
    fn new(array: &ArrayRef) -> Result<Self, ArrowError> {
        use DataType::{Binary, BinaryView, LargeBinary, LargeUtf8, Utf8, Utf8View};
        let bytes =
            |array: &ArrayRef| cast(array, &Binary).map(|a| Self::Small(a.as_binary().clone()));
        match array.data_type() {
            LargeUtf8 | LargeBinary => {
                cast(array, &LargeBinary).map(|a| Self::Large(a.as_binary().clone()))
            }
            Utf8View | BinaryView => {
                cast(array, &BinaryView).map(|a| Self::View(a.as_binary_view().clone()))
            }
            Utf8 | Binary => bytes(array),
            _ => bytes(&cast(array, &Utf8)?),
        }
    }

    fn bytes(&self, row: usize) -> Option<&[u8]> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }

    /// What is no UTF-8 becomes U+FFFD, as when files are read.
    fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        self.bytes(row).map(String::from_utf8_lossy)
    }
}

/// The columns of a batch, in the order of their names.
struct Batch {
    columns: [Option<Texts>; 5],
    /// How many rows came before.
    before: usize,
}

impl Batch {
    fn new(array: &ArrayRef, input: Input, before: usize) -> Result<Self, ArrowError> {
        let mut columns = [const { None }; 5];
        match input {
            Input::Texts => columns[0] = Some(Texts::new(array)?),
            Input::Table(places) => {
                let table = array.as_struct();
                for (column, place) in columns.iter_mut().zip(places) {
                    *column = place.map(|at| Texts::new(table.column(at))).transpose()?;
                }
            }
        }
        Ok(Self { columns, before })
    }

    fn field(&self, column: usize, row: usize) -> Option<Cow<'_, str>> {
        self.columns[column].as_ref()?.get(row)
    }

    /// Rows in portions that are worth handing to one of the threads.
    fn slices(&self, rows: usize, threads: usize) -> Vec<Range<usize>> {
        let texts = self.columns[0].as_ref();
        let bytes = |row| {
            1 + texts
                .and_then(|texts| texts.bytes(row))
                .map_or(0, <[u8]>::len)
        };
        let [least, most] = SLICE;
        let enough = ((0..rows).map(bytes).sum::<usize>() / threads + 1).clamp(least, most);
        let (mut slices, mut start, mut size) = (Vec::new(), 0, 0);
        for row in 0..rows {
            size += bytes(row);
            if size >= enough || row + 1 == rows {
                slices.push(start..row + 1);
                (start, size) = (row + 1, 0);
            }
        }
        slices
    }

    /// Has a row classified, and returns how many claims there are.
    fn work(&self, worker: &mut Worker, row: usize) -> Result<usize, ArrowError> {
        let Some(text) = self.field(0, row) else {
            return Ok(0);
        };
        let number = || Cow::Owned((self.before + row).to_string());
        let id = self.field(1, row).unwrap_or_else(number);
        let [date, outlet, title] = [2, 3, 4].map(|column| self.field(column, row));
        let article = ArticleRef {
            id: &id,
            date: date.as_deref(),
            outlet: outlet.as_deref(),
            title: title.as_deref(),
            text: &text,
            other: &[],
        };
        worker.work(article)
    }
}

/// Claims that become a record batch.
enum Table {
    /// The lines, and the columns of their fields.
    Nested(Vec<u8>, SchemaRef),
    /// The rows of the command's tables.
    Flat(TableBuilder),
}

impl Table {
    fn new(classifier: &Classifier, flat: bool) -> Self {
        if flat {
            Self::Flat(classifier.table())
        } else {
            Self::Nested(Vec::new(), claim_schema(classifier.labels()))
        }
    }

    fn schema(&self) -> SchemaRef {
        match self {
            Self::Nested(_, schema) => Arc::clone(schema),
            Self::Flat(table) => table.schema(),
        }
    }
}

/// What a thread works with.
struct Worker {
    classifier: Classifier,
    table: Table,
}

impl Worker {
    fn new(classifier: Classifier, flat: bool) -> Self {
        let table = Table::new(&classifier, flat);
        Self { classifier, table }
    }

    fn work(&mut self, article: ArticleRef<'_>) -> Result<usize, ArrowError> {
        match &mut self.table {
            Table::Nested(lines, _) => Ok(self.classifier.write(lines, article)),
            Table::Flat(table) => Ok(self.classifier.append(table, article)?),
        }
    }

    /// The claims of some rows.
    fn claims(&mut self, batch: &Batch, rows: Range<usize>) -> Result<Claims, ArrowError> {
        let counts: Result<Vec<usize>, ArrowError> =
            rows.map(|row| batch.work(self, row)).collect();
        let counts = counts?;
        let batch = match &mut self.table {
            Table::Flat(table) => table.finish(),
            Table::Nested(lines, schema) => {
                let batch = claim_batch(schema, lines, counts.iter().sum())?;
                lines.clear();
                batch
            }
        };
        Ok(Claims { batch, counts })
    }
}

/// The claims of a slice.
struct Claims {
    batch: RecordBatch,
    /// How many each row has.
    counts: Vec<usize>,
}

/// Claims, made when they are asked for.
struct Stream {
    source: Box<dyn ArrayReader + Send>,
    input: Input,
    /// One for each thread.
    workers: Vec<Worker>,
    /// Rows read so far.
    rows: usize,
    /// What is still to be done of the last batch.
    slices: VecDeque<(Arc<Batch>, Range<usize>)>,
    ready: VecDeque<ArrayRef>,
}

impl Iterator for Stream {
    type Item = Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(claims) = self.ready.pop_front() {
                return Some(Ok(claims));
            }
            // The source is read on the calling thread: it may be one of Python's, whose lock this thread has.
            let step = if self.slices.is_empty() {
                self.source.next()?.and_then(|array| self.cut(&array))
            } else {
                self.work()
            };
            if let Err(error) = step {
                return Some(Err(error));
            }
        }
    }
}

impl Stream {
    fn cut(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        let batch = Arc::new(Batch::new(array, self.input, self.rows)?);
        self.rows += array.len();
        let slices = batch.slices(array.len(), self.workers.len());
        self.slices
            .extend(slices.into_iter().map(|rows| (Arc::clone(&batch), rows)));
        Ok(())
    }

    /// Works on some slices with all threads.
    fn work(&mut self) -> Result<(), ArrowError> {
        let some = self.slices.len().min(SLICES * self.workers.len());
        let queue = Mutex::new(self.slices.drain(..some).enumerate());
        let done = Mutex::new(Vec::new());
        let work = |worker: &mut Worker| loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, (batch, rows))) = next else {
                break;
            };
            let claims = worker.claims(&batch, rows);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((number, claims));
        };
        match self.workers.as_mut_slice() {
            [worker] => work(worker),
            workers => std::thread::scope(|scope| {
                for worker in workers {
                    scope.spawn(|| work(worker));
                }
            }),
        }
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|&(number, _)| number);
        drop(queue);
        for (_, claims) in done {
            let claims = claims?;
            match self.input {
                Input::Table(_) if claims.batch.num_rows() == 0 => {}
                Input::Table(_) => self
                    .ready
                    .push_back(Arc::new(StructArray::from(claims.batch))),
                Input::Texts => self.ready.push_back(lists(claims)?),
            }
        }
        Ok(())
    }
}

/// A list of claims for each row.
fn lists(claims: Claims) -> Result<ArrayRef, ArrowError> {
    let offsets = arrow_buffer::OffsetBuffer::from_lengths(claims.counts);
    let items = StructArray::from(claims.batch);
    let field: FieldRef = Arc::new(Field::new("item", items.data_type().clone(), false));
    Ok(Arc::new(ListArray::try_new(
        field,
        offsets,
        Arc::new(items),
        None,
    )?))
}
