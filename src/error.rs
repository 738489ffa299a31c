//! Everything that can go wrong, one variant each, with where and how much.

use std::path::{Path, PathBuf};

/// A `Result` whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error of this crate. The text of each variant says what was found, where, and what was needed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write a file.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file has no content at all.
    #[error("{path}: the file is empty", path = .path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds no file that could be an article.
    #[error("{path}: no article found in this folder (looked for {extensions})", path = .path.display())]
    NoArticles {
        /// The folder.
        path: PathBuf,
        /// The file extensions that are read.
        extensions: String,
    },
    /// A file is not text.
    #[error("{path}: line {line}: not a text file (a NUL byte stands at byte {byte})", path = .path.display())]
    Binary {
        /// The file.
        path: PathBuf,
        /// Line of the first NUL byte, from 1.
        line: u64,
        /// Offset of the first NUL byte.
        byte: u64,
    },
    /// A record is longer than a reader will hold in memory.
    #[error("{path}: line {line}: record of more than {limit} bytes", path = .path.display())]
    RecordTooLong {
        /// The file.
        path: PathBuf,
        /// First line of the record, from 1.
        line: u64,
        /// The largest length in bytes that is read.
        limit: usize,
    },
    /// A table or a JSON object lacks a column that was asked for.
    #[error("{path}: line {line}: no column `{column}` (found {found})", path = .path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// Line of the header or the object, from 1.
        line: u64,
        /// The column that was asked for.
        column: String,
        /// The columns that are there.
        found: String,
    },
    /// A row has another number of fields than the header.
    #[error("{path}: line {line}: {found} fields where the header has {expected}", path = .path.display())]
    RaggedRow {
        /// The file.
        path: PathBuf,
        /// First line of the row, from 1.
        line: u64,
        /// Fields in the header.
        expected: usize,
        /// Fields in the row.
        found: usize,
    },
    /// A quoted field is still open at the end of the file.
    #[error("{path}: line {line}: a quoted field opens in this row and never closes", path = .path.display())]
    UnclosedQuote {
        /// The file.
        path: PathBuf,
        /// First line of the row, from 1.
        line: u64,
    },
    /// A line of a JSON-lines file is not JSON.
    #[error("{path}: line {line}: {message}", path = .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What the parser said.
        message: String,
    },
    /// A field that should hold text holds something else.
    #[error("{path}: line {line}: column `{column}` holds {found} where text is needed", path = .path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// The kind of value found.
        found: &'static str,
    },
    /// A labelled row has no text.
    #[error("{path}: line {line}: column `{column}` is empty", path = .path.display())]
    EmptyText {
        /// The file.
        path: PathBuf,
        /// First line of the row, from 1.
        line: u64,
        /// The text column.
        column: String,
    },
    /// A label is not one of those that can stand here.
    #[error("{path}: line {line}: column `{column}`: unknown label `{found}` (known: {known})", path = .path.display())]
    UnknownLabel {
        /// The file.
        path: PathBuf,
        /// First line of the row, from 1.
        line: u64,
        /// The label column.
        column: String,
        /// The label found.
        found: String,
        /// The labels that can stand here.
        known: String,
    },
    /// `a||b` or `a|`: a separator with no label beside it, or `none` beside another label.
    #[error("{path}: line {line}: column `{column}`: {problem} in `{found}`", path = .path.display())]
    MalformedLabels {
        /// The file.
        path: PathBuf,
        /// First line of the row, from 1.
        line: u64,
        /// The label column.
        column: String,
        /// The whole field.
        found: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A label has too few rows, or too few rows lack it, for anything to be learned.
    #[error(
        "label `{label}` is {state} only {found} of {n_samples} rows; training needs at least {needed}"
    )]
    RareLabel {
        /// The label.
        label: String,
        /// `on` or `missing from`.
        state: &'static str,
        /// Rows found.
        found: usize,
        /// Rows in all.
        n_samples: usize,
        /// Rows needed.
        needed: usize,
    },
    /// No row carries any label.
    #[error("no label in {n_samples} rows: there is nothing to learn")]
    NoLabels {
        /// Rows in all.
        n_samples: usize,
    },
    /// More labels than a label set can hold.
    #[error("{found} labels, at most {limit} are possible")]
    TooManyLabels {
        /// Labels found.
        found: usize,
        /// Labels possible.
        limit: usize,
    },
    /// A parameter is outside its range.
    #[error("parameter `{name}` is {found}, but must be {needed}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// Its value.
        found: String,
        /// Its range.
        needed: &'static str,
    },
    /// Rows or columns do not match.
    #[error("expected {expected} {what}, got {found}")]
    Dimension {
        /// What is counted.
        what: &'static str,
        /// The number needed.
        expected: usize,
        /// The number given.
        found: usize,
    },
    /// No term is frequent enough to enter the vocabulary.
    #[error("no term occurs in at least {min_df} of {n_samples} rows: the vocabulary is empty")]
    EmptyVocabulary {
        /// The smallest document frequency kept.
        min_df: u32,
        /// Rows in all.
        n_samples: usize,
    },
    /// Fewer groups than folds.
    #[error("{folds} folds need at least as many groups, but the data has {groups}")]
    TooFewGroups {
        /// Folds asked for.
        folds: usize,
        /// Groups found.
        groups: usize,
    },
    /// The dense solver would need more memory than allowed.
    #[error(
        "the dense solver needs about {needed_mb} MB for {n_samples} samples x {n_features} features, more than \
         the limit of {limit_mb} MB; use the sparse solver, or fewer features (a larger min_df)"
    )]
    DenseTooLarge {
        /// Rows.
        n_samples: usize,
        /// Columns.
        n_features: usize,
        /// The estimate, in 10^6 bytes.
        needed_mb: u64,
        /// The limit, in 10^6 bytes.
        limit_mb: u64,
    },
    /// A solver stopped with an error of its own.
    #[error("solver: {0}")]
    Solver(String),
    /// A lexicon or actor table has a line that cannot be used.
    #[error("{table}: line {line}: {problem}")]
    Table {
        /// The table's name.
        table: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A model file cannot be used.
    #[error("{path}: not a usable model: {problem}", path = .path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A model file was written by a later version.
    #[error("{path}: model format {found}, but this version reads up to {known}; update rejoinder", path = .path.display())]
    FutureModel {
        /// The file.
        path: PathBuf,
        /// Its format version.
        found: u64,
        /// The newest format version that is read.
        known: u64,
    },
    /// A file cannot be used as a desk for labelling.
    #[error("{path}: not a usable desk: {problem}", path = .path.display())]
    Desk {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A line of a JSON-lines file holds something else than an object.
    #[error("{path}: line {line}: a JSON object is needed, found {found}", path = .path.display())]
    NotAnObject {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The kind of value found.
        found: &'static str,
    },
    /// A record of a file that has no lines, such as a web archive, cannot be read.
    #[error("{path}: record {record}: {problem}", path = .path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The record, from 1.
        record: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A web page holds no text.
    #[error("{path}: no main text found on this page", path = .path.display())]
    NoMainText {
        /// The file.
        path: PathBuf,
    },
    /// A Parquet file, or a column of it, cannot be used.
    #[error("{path}: {problem}", path = .path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An output that was begun before cannot be gone on with.
    #[error("{path}: {problem}", path = .path.display())]
    Resume {
        /// The journal of the output.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A file is of a kind that this program was built without.
    #[error("{path}: this program was built without the feature `{feature}`, which such files need", path = .path.display())]
    NotBuilt {
        /// The file.
        path: PathBuf,
        /// The feature of the package that is needed.
        feature: &'static str,
    },
    /// linfa refused a dataset.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}

impl Error {
    /// Something is wrong with the file of a desk.
    #[cfg(feature = "serve")]
    pub(crate) fn desk(path: &Path, problem: &impl ToString) -> Self {
        Self::Desk {
            path: path.to_path_buf(),
            problem: problem.to_string(),
        }
    }

    /// Wraps an input or output error with the path that it concerns.
    pub fn io(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, source }
    }

    /// Whether reading a file of lines can go on after the error.
    pub(crate) fn is_about_one_record(&self) -> bool {
        matches!(
            self,
            Self::RecordTooLong { .. } | Self::Json { .. } | Self::NotAnObject { .. }
        )
    }
}
