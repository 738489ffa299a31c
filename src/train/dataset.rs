//! Labelled CSV → samples.
//!
//! The row `Moscow denied it.,denial,a17` under the header `text,labels,group` is a sample of the group `a17`. Labelled data
//! are read strictly: the first error ends reading, because a row left out in silence would change the model.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use sha2::{Digest, Sha256};

use crate::input::{self, STDIN, STDIN_NAME};
use crate::table::{Row, Table, delimiter_of};
use crate::token::{HashMap, hash_name};
use crate::{Error, LabelSet, Labels, NONE, Result};

/// A labelled sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The sentence.
    pub text: String,
    /// Its gold labels.
    pub labels: LabelSet,
    /// The article that it comes from, or what else must not straddle folds; a group of its own when the data name none.
    pub group: String,
    /// The record that it comes from: its `id`, or its file's stem, `:` and its number.
    pub id: String,
    /// A part of the data that scores are also reported for; empty when the data name none.
    pub part: String,
}

/// Labelled sentences, in the order of their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The rows.
    pub samples: Vec<Sample>,
    /// Every label on some row, or the labels that were asked for.
    pub labels: Labels,
    /// What looks wrong in the data, but does not forbid its use.
    pub warnings: Vec<String>,
}

/// How labelled data are laid out.
///
/// A column that is `None` is read under its usual name where it is there: `group`, `id`, `part`. One that is named must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetOptions {
    /// The column of the sentence: `text` by default.
    pub text_column: String,
    /// The column of its labels, joined by `|`: `labels` by default.
    pub label_column: String,
    /// The column of what must not straddle folds.
    pub group_column: Option<String>,
    /// The column of the record's name.
    pub id_column: Option<String>,
    /// The column of the part of the data for which scores are also reported.
    pub part_column: Option<String>,
    /// The labels that can occur; any when `None`.
    pub labels: Option<Labels>,
}

impl Default for DatasetOptions {
    fn default() -> Self {
        Self {
            text_column: "text".to_owned(),
            label_column: "labels".to_owned(),
            group_column: None,
            id_column: None,
            part_column: None,
            labels: None,
        }
    }
}

impl Dataset {
    /// Reads the rows of CSV files (tab-separated for `.tsv`, standard input for `-`), one file after the other.
    ///
    /// The rows are in the order of the files. A row without a group gets one of its own. The same text with other
    /// labels, and bytes that are not UTF-8, are [`Dataset::warnings`].
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::EmptyFile`], [`Error::Binary`], [`Error::MissingColumn`], [`Error::RaggedRow`],
    /// [`Error::UnclosedQuote`], [`Error::RecordTooLong`], [`Error::EmptyText`], [`Error::MalformedLabels`],
    /// [`Error::UnknownLabel`] and [`Error::TooManyLabels`].
    pub fn read(paths: &[PathBuf], options: &DatasetOptions) -> Result<Self> {
        let mut gold = GoldReader::new(options);
        for path in paths {
            gold.read_file(path)?;
        }
        gold.finish()
    }

    /// Reads the rows of one table from elsewhere than a file: comma-separated, as [`Dataset::read`] does. Errors, warnings and
    /// ids call the table `name`.
    ///
    /// ```
    /// use rejoinder::{Dataset, DatasetOptions};
    ///
    /// let csv = "text,labels\nMoscow denied it.,denial\nIt rained.,none\n";
    /// let data = Dataset::from_csv("notes", csv.as_bytes(), &DatasetOptions::default())?;
    /// assert_eq!((data.samples.len(), data.samples[0].id.as_str()), (2, "notes:1"));
    /// # Ok::<(), rejoinder::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Dataset::read`].
    pub fn from_csv(name: &str, csv: impl Read, options: &DatasetOptions) -> Result<Self> {
        let mut gold = GoldReader::new(options);
        gold.read_table(name.as_ref(), name, Table::new(name.as_ref(), csv, b',')?)?;
        gold.finish()
    }

    /// `n_samples` × `n_labels`: whether each row carries each label.
    pub fn targets(&self) -> Array2<bool> {
        Array2::from_shape_fn((self.samples.len(), self.labels.len()), |(row, label)| {
            self.samples[row].labels.contains(label)
        })
    }

    /// SHA-256 in hexadecimal of every row's text, labels and group, in order.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for sample in &self.samples {
            for field in [
                &sample.text,
                &self.labels.join(sample.labels),
                &sample.group,
            ] {
                hash.update((field.len() as u64).to_le_bytes());
                hash.update(field);
            }
        }
        hash.finalize()
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// A row whose labels are not numbered yet.
struct GoldRow {
    sample: Sample,
    /// Which of the reader's sets of labels.
    labels: usize,
    /// Which of its files.
    file: usize,
    line: u64,
}

/// Reads files one after the other.
struct GoldReader<'a> {
    options: &'a DatasetOptions,
    rows: Vec<GoldRow>,
    files: Vec<PathBuf>,
    label_sets: Vec<BTreeSet<String>>,
    /// The set that a field of labels stands for: few fields differ.
    set_of: HashMap<String, usize>,
    /// The first row with each text, by the text's hash.
    first_of: HashMap<u64, usize>,
    warnings: Vec<String>,
}

/// Where the columns of a file stand.
struct Columns {
    text: usize,
    labels: usize,
    group: Option<usize>,
    id: Option<usize>,
    part: Option<usize>,
}

impl<'a> GoldReader<'a> {
    fn new(options: &'a DatasetOptions) -> Self {
        Self {
            options,
            rows: Vec::new(),
            files: Vec::new(),
            label_sets: Vec::new(),
            set_of: HashMap::default(),
            first_of: HashMap::default(),
            warnings: Vec::new(),
        }
    }

    fn read_file(&mut self, path: &Path) -> Result<()> {
        let from_stdin = path.as_os_str() == STDIN;
        let name = if from_stdin {
            Path::new(STDIN_NAME)
        } else {
            path
        };
        let stem = input::stem_of(path);
        let table = Table::new(name, input::open(path)?, delimiter_of(path))?;
        self.read_table(name, &stem, table)
    }

    fn read_table(&mut self, name: &Path, stem: &str, mut table: Table<impl Read>) -> Result<()> {
        let columns = self.columns(&table)?;
        self.files.push(name.to_owned());
        let mut number = 0;
        let mut replaced = 0;
        while let Some(row) = table.next_row()? {
            number += 1;
            let (gold, bytes) =
                self.read_row(name, row, &columns, || format!("{stem}:{number}"))?;
            replaced += bytes;
            self.warn_of_contradiction(&gold);
            self.rows.push(gold);
        }
        if replaced > 0 {
            let path = name.display();
            self.warnings.push(format!(
                "{path}: bytes that are not UTF-8 text, replaced by U+FFFD: {replaced}"
            ));
        }
        Ok(())
    }

    fn columns(&self, table: &Table<impl Read>) -> Result<Columns> {
        let optional = |name: &Option<String>, usual| match name {
            Some(name) => table.require(name).map(Some),
            None => Ok(table.column(usual)),
        };
        Ok(Columns {
            text: table.require(&self.options.text_column)?,
            labels: table.require(&self.options.label_column)?,
            group: optional(&self.options.group_column, "group")?,
            id: optional(&self.options.id_column, "id")?,
            part: optional(&self.options.part_column, "part")?,
        })
    }

    /// The row, and how many bytes of it were replaced.
    fn read_row(
        &mut self,
        path: &Path,
        row: Row<'_>,
        columns: &Columns,
        usual_id: impl FnOnce() -> String,
    ) -> Result<(GoldRow, usize)> {
        let mut replaced = 0;
        let mut get = |column| {
            let (text, bytes) = row.get(column);
            replaced += bytes;
            text
        };
        let text = get(columns.text).into_owned();
        if text.trim().is_empty() {
            let column = self.options.text_column.clone();
            return Err(Error::EmptyText {
                path: path.into(),
                line: row.line,
                column,
            });
        }
        let labels = self.label_set(path, row.line, &get(columns.labels))?;
        let mut filled = |column: Option<usize>| {
            let field = column.map(&mut get).unwrap_or_default().trim().to_owned();
            (!field.is_empty()).then_some(field)
        };
        let sample = Sample {
            text,
            labels: LabelSet::default(),
            group: filled(columns.group).unwrap_or_else(|| format!("row {}", self.rows.len() + 1)),
            id: filled(columns.id).unwrap_or_else(usual_id),
            part: filled(columns.part).unwrap_or_default(),
        };
        Ok((
            GoldRow {
                sample,
                labels,
                file: self.files.len() - 1,
                line: row.line,
            },
            replaced,
        ))
    }

    /// The number of the set of labels that a field stands for.
    fn label_set(&mut self, path: &Path, line: u64, field: &str) -> Result<usize> {
        if let Some(&set) = self.set_of.get(field) {
            return Ok(set);
        }
        let labels = self.read_labels(path, line, field)?;
        let known = self.label_sets.iter().position(|set| *set == labels);
        let set = known.unwrap_or(self.label_sets.len());
        if known.is_none() {
            self.label_sets.push(labels);
        }
        self.set_of.insert(field.to_owned(), set);
        Ok(set)
    }

    /// The labels in a field like `accusation|denial`.
    fn read_labels(&self, path: &Path, line: u64, field: &str) -> Result<BTreeSet<String>> {
        let (path, column) = (PathBuf::from(path), self.options.label_column.clone());
        let names: Vec<&str> = field.split('|').map(str::trim).collect();
        if let ["" | NONE] = names[..] {
            return Ok(BTreeSet::new());
        }
        let found = field.to_owned();
        if names.contains(&"") {
            return Err(Error::MalformedLabels {
                path,
                line,
                column,
                found,
                problem: "a label is missing beside `|`",
            });
        }
        if names.contains(&NONE) {
            let problem = "`none` stands beside a label";
            return Err(Error::MalformedLabels {
                path,
                line,
                column,
                found,
                problem,
            });
        }
        if let Some(known) = &self.options.labels
            && let Some(name) = names.iter().find(|name| known.index(name).is_none())
        {
            let known = known.names().join(", ");
            return Err(Error::UnknownLabel {
                path,
                line,
                column,
                found: (*name).to_owned(),
                known,
            });
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// Warns when an earlier row has the same text and other labels. The row is about to be pushed.
    fn warn_of_contradiction(&mut self, gold: &GoldRow) {
        let text = gold.sample.text.trim();
        let first = *self
            .first_of
            .entry(hash_name(text))
            .or_insert(self.rows.len());
        let Some(earlier) = self.rows.get(first) else {
            return;
        };
        if earlier.labels == gold.labels || earlier.sample.text.trim() != text {
            return;
        }
        let (path, line) = (self.files[gold.file].display(), gold.line);
        let there = if earlier.file == gold.file {
            String::new()
        } else {
            format!("{}: ", self.files[earlier.file].display())
        };
        self.warnings.push(format!(
            "{path}: line {line}: labelled `{}`, but the same text in {there}line {} is labelled `{}`",
            join(&self.label_sets[gold.labels]),
            earlier.line,
            join(&self.label_sets[earlier.labels]),
        ));
    }

    fn finish(self) -> Result<Dataset> {
        let labels = match &self.options.labels {
            Some(labels) => labels.clone(),
            None => Labels::new(self.label_sets.iter().flatten())?,
        };
        let sets: Vec<LabelSet> = self
            .label_sets
            .iter()
            .map(|names| names.iter().filter_map(|name| labels.index(name)).collect())
            .collect();
        let samples = self
            .rows
            .into_iter()
            .map(|row| Sample {
                labels: sets[row.labels],
                ..row.sample
            })
            .collect();
        Ok(Dataset {
            samples,
            labels,
            warnings: self.warnings,
        })
    }
}

fn join(labels: &BTreeSet<String>) -> String {
    if labels.is_empty() {
        return NONE.to_owned();
    }
    labels
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8], options: &DatasetOptions) -> std::result::Result<Dataset, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let start = format!("{}/", folder.path().display());
        let mut data = Dataset::read(&[path], options)
            .map_err(|error| error.to_string().replace(&start, ""))?;
        data.warnings
            .iter_mut()
            .for_each(|warning| *warning = warning.replace(&start, ""));
        Ok(data)
    }

    fn read(text: &str) -> std::result::Result<Dataset, String> {
        read_bytes(text.as_bytes(), &DatasetOptions::default())
    }

    #[test]
    fn rows_become_samples() {
        let data = read("id,text,labels,group,part\nx,He denies it.,denial| accusation,g,p\n,Rain.,,,\n,Sun.,none,,\n")
            .unwrap();
        assert_eq!(data.labels.names(), ["accusation", "denial"]);
        let sample = |text: &str, set: &[usize], group: &str, id: &str, part: &str| Sample {
            text: text.into(),
            labels: set.iter().copied().collect(),
            group: group.into(),
            id: id.into(),
            part: part.into(),
        };
        let gold = [
            sample("He denies it.", &[0, 1], "g", "x", "p"),
            sample("Rain.", &[], "row 2", "a:2", ""),
            sample("Sun.", &[], "row 3", "a:3", ""),
        ];
        assert_eq!(data.samples, gold);
        assert_eq!(data.warnings, [""; 0]);
    }

    #[test]
    fn contrary_duplicates_are_warned_of_with_both_lines() {
        let data = read("text,labels\nA.,denial\nB.,none\n A. ,none\nB.,\n").unwrap();
        let warning =
            "a.csv: line 4: labelled `none`, but the same text in line 2 is labelled `denial`";
        assert_eq!(data.warnings, [warning]);
    }

    #[test]
    fn contrary_duplicates_in_two_files_name_both() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.csv", "b.tsv"].map(|name| folder.path().join(name));
        std::fs::write(&paths[0], "text,labels\nA.,x\n").unwrap();
        std::fs::write(&paths[1], "labels\ttext\ny\tA.\n").unwrap();
        let data = Dataset::read(&paths, &DatasetOptions::default()).unwrap();
        let [a, b] = paths.map(|path| path.display().to_string());
        let warning =
            format!("{b}: line 2: labelled `y`, but the same text in {a}: line 2 is labelled `x`");
        assert_eq!(data.warnings, [warning]);
        assert_eq!(data.samples[1].id, "b:1");
        assert_ne!(data.samples[0].group, data.samples[1].group);
    }

    #[test]
    fn hash_does_not_depend_on_warnings() {
        let data = read("text,labels\nA.,x\nA.,none\n").unwrap();
        let silent = Dataset {
            warnings: Vec::new(),
            ..data.clone()
        };
        assert_eq!((data.warnings.len(), data.sha256()), (1, silent.sha256()));
    }

    #[test]
    fn invalid_bytes_are_warned_of() {
        let data = read_bytes(b"text,labels\ncaf\xE9,x\n", &DatasetOptions::default()).unwrap();
        assert_eq!(
            data.warnings,
            ["a.csv: bytes that are not UTF-8 text, replaced by U+FFFD: 1"]
        );
    }

    #[test]
    fn malformed_labels_are_errors() {
        for (field, problem) in [
            ("a||b", "a label is missing beside `|`"),
            ("a|", "a label is missing beside `|`"),
            ("none|a", "`none` stands beside a label"),
        ] {
            let message = format!("a.csv: line 2: column `labels`: {problem} in `{field}`");
            assert_eq!(
                read(&format!("text,labels\nA.,{field}\n")).unwrap_err(),
                message
            );
        }
    }

    #[test]
    fn unknown_label_is_an_error_when_labels_are_given() {
        let labels = Labels::new(["denial", "offer"]).unwrap();
        let options = DatasetOptions {
            labels: Some(labels.clone()),
            ..DatasetOptions::default()
        };
        assert_eq!(
            read_bytes(b"text,labels\nA.,denial\n", &options)
                .unwrap()
                .labels,
            labels
        );
        let message =
            "a.csv: line 3: column `labels`: unknown label `dennial` (known: denial, offer)";
        assert_eq!(
            read_bytes(b"text,labels\nA.,denial\nB.,dennial\n", &options).unwrap_err(),
            message
        );
    }

    #[test]
    fn first_error_ends_reading() {
        assert_eq!(
            read("text,labels\nA.,x\n  ,x\n").unwrap_err(),
            "a.csv: line 3: column `text` is empty"
        );
        let ragged = "a.csv: line 2: 1 fields where the header has 2";
        assert_eq!(read("text,labels\nA.\nB.,a||b\n").unwrap_err(), ragged);
        assert_eq!(
            read("text,label\n").unwrap_err(),
            "a.csv: line 1: no column `labels` (found text, label)"
        );
        assert_eq!(read("").unwrap_err(), "a.csv: the file is empty");
    }

    #[test]
    fn named_column_must_be_there() {
        let options = DatasetOptions {
            group_column: Some("article".into()),
            ..DatasetOptions::default()
        };
        let message = "a.csv: line 1: no column `article` (found text, labels, group)";
        assert_eq!(
            read_bytes(b"text,labels,group\n", &options).unwrap_err(),
            message
        );
    }

    #[test]
    fn too_many_labels_are_an_error() {
        let rows = (0..65)
            .map(|i| format!("A{i}.,label{i}"))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(
            read(&format!("text,labels\n{rows}")).unwrap_err(),
            "65 labels, at most 64 are possible"
        );
    }

    #[test]
    fn missing_file_is_an_error() {
        let error = Dataset::read(&["nowhere.csv".into()], &DatasetOptions::default()).unwrap_err();
        assert!(
            error.to_string().starts_with("nowhere.csv: No such file"),
            "{error}"
        );
    }
}
