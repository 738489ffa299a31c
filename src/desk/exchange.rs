//! Files of others ↔ a desk: our CSV and JSON lines, doccano, Label Studio.
//!
//! | format | in | out |
//! | --- | --- | --- |
//! | `csv` | labelled CSV: `text`, `labels`, `group`, `id`, `construction` | the same, of the settled sentences, and who coded them |
//! | `jsonl` | lines of `classify --all`, or of this export | every sentence, with all codings |
//! | `doccano` | `{"text": …, "label": […]}`, a line each | the same, of the settled sentences |
//! | `label-studio` | tasks with annotations | the same, every coding an annotation |
//! | `articles` | whatever `classify` reads: sentences without labels | |

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Desk, NewArticle, NewCoding, NewSentence};
use crate::article::furniture;
use crate::{
    Article, ArticleReader, Dataset, DatasetOptions, Error, LabelSet, Labels, ReadOptions, Result,
    segment,
};

/// The column of the rule that a sentence falls under.
const RULE: &str = "construction";

/// Who codings in files are by that name nobody.
const IMPORTED: &str = "imported";

/// How a file that is read is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// Articles, in any format that is read; their sentences are not labelled.
    Articles,
    /// Labelled CSV.
    Csv,
    /// JSON lines of sentences.
    Jsonl,
    /// What doccano writes for text classification.
    Doccano,
    /// What Label Studio writes for choices.
    LabelStudio,
}

/// How a file that is written is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// Labelled CSV of the settled sentences.
    #[default]
    Csv,
    /// JSON lines of all sentences, with every coding.
    Jsonl,
    /// What doccano reads.
    Doccano,
    /// What Label Studio reads.
    LabelStudio,
}

impl Desk {
    /// Adds what the files hold, all of it or nothing. Returns how many sentences are new.
    ///
    /// # Errors
    /// Those of the readers: an import stops at the first record that cannot be read; [`Error::Desk`].
    pub fn import(&mut self, paths: &[PathBuf], format: ImportFormat) -> Result<usize> {
        let labels = self.model.labels().clone();
        let articles = match format {
            ImportFormat::Articles => read_articles(paths)?,
            ImportFormat::Csv => read_csv(paths, &labels)?,
            ImportFormat::Jsonl => read_lines(paths, |line| from_jsonl(line, &labels))?,
            ImportFormat::Doccano => read_lines(paths, |line| from_doccano(line, &labels))?,
            ImportFormat::LabelStudio => read_tasks(paths, &labels)?,
        };
        self.add(&articles)
    }

    /// Writes what the desk holds.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn export(&self, out: &mut impl Write, format: ExportFormat) -> std::io::Result<()> {
        match format {
            ExportFormat::Csv => self.write_csv(out),
            ExportFormat::Jsonl => self.write_lines(out, |desk, at| Some(desk.to_jsonl(at))),
            ExportFormat::Doccano => self.write_lines(out, Self::to_doccano),
            ExportFormat::LabelStudio => {
                let tasks: Vec<Value> = (0..self.sentences.len())
                    .map(|at| self.to_task(at))
                    .collect();
                serde_json::to_writer(&mut *out, &tasks)?;
                writeln!(out)
            }
        }
    }

    fn write_csv(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["id", "text", "labels", "group", RULE, "annotators"])?;
        for (at, sentence) in self.sentences.iter().enumerate() {
            let Some(gold) = self.gold(at) else { continue };
            let annotators: Vec<&str> = self.codings[at]
                .iter()
                .map(|coding| coding.annotator.as_str())
                .collect();
            table.write_record([
                &sentence.name,
                &sentence.text,
                &self.model.labels().join(gold),
                &self.articles[sentence.article].name,
                sentence.rule.as_deref().unwrap_or(""),
                &annotators.join("|"),
            ])?;
        }
        table.flush()
    }

    fn write_lines(
        &self,
        out: &mut impl Write,
        line: impl Fn(&Self, usize) -> Option<Value>,
    ) -> std::io::Result<()> {
        for value in (0..self.sentences.len()).filter_map(|at| line(self, at)) {
            serde_json::to_writer(&mut *out, &value)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn names(&self, labels: LabelSet) -> Vec<&str> {
        self.model.labels().names_of(labels).collect()
    }

    fn to_jsonl(&self, at: usize) -> Value {
        let sentence = &self.sentences[at];
        let codings: Vec<Value> = self.codings[at]
            .iter()
            .map(|coding| {
                json!({
                    "annotator": coding.annotator, "labels": self.names(coding.labels), "rule": coding.rule,
                    "ruling": coding.ruling, "at": coding.at,
                })
            })
            .collect();
        json!({
            "article": self.articles[sentence.article].name,
            "id": sentence.name,
            "text": sentence.text,
            "labels": self.gold(at).map(|gold| self.names(gold)),
            "rule": sentence.rule,
            "codings": codings,
        })
    }

    fn to_doccano(&self, at: usize) -> Option<Value> {
        let sentence = &self.sentences[at];
        let label = self.names(self.gold(at)?);
        let group = &self.articles[sentence.article].name;
        Some(
            json!({"id": at + 1, "text": sentence.text, "label": label, "name": sentence.name, "group": group}),
        )
    }

    fn to_task(&self, at: usize) -> Value {
        let sentence = &self.sentences[at];
        let annotations: Vec<Value> = self.codings[at]
            .iter()
            .map(|coding| {
                let choices = json!({
                    "from_name": "labels", "to_name": "text", "type": "choices",
                    "value": {"choices": self.names(coding.labels)},
                });
                let result = if coding.labels.is_empty() { json!([]) } else { json!([choices]) };
                json!({
                    "completed_by": {"email": coding.annotator}, "created_at": coding.at, "ground_truth": coding.ruling,
                    "result": result,
                })
            })
            .collect();
        let group = &self.articles[sentence.article].name;
        json!({
            "id": at + 1,
            "data": {"text": sentence.text, "name": sentence.name, "group": group},
            "annotations": annotations,
        })
    }
}

fn read_articles(paths: &[PathBuf]) -> Result<Vec<NewArticle>> {
    ArticleReader::open(paths, ReadOptions::default())?
        .map(|article| article.map(|article| cut(&article)))
        .collect()
}

/// The sentences of an article, each with what stands before it.
fn cut(article: &Article) -> NewArticle {
    let text = article.text.as_str();
    let mut spans = Vec::new();
    segment(text, &furniture(text), &mut spans);
    let mut end = 0;
    let sentences = spans.iter().enumerate().map(|(at, span)| {
        let lead = text[end..span.start].to_owned();
        end = span.end;
        NewSentence {
            name: format!("{}:{}", article.id, at + 1),
            lead,
            text: span.of(text).to_owned(),
            ..NewSentence::default()
        }
    });
    NewArticle {
        sentences: sentences.collect(),
        name: article.id.clone(),
        title: article.title.clone(),
    }
}

/// A sentence that was read, and the article that it is of.
struct Found {
    group: String,
    sentence: NewSentence,
}

/// Sentences of the same article together, articles in the order of their first sentences.
fn by_article(found: impl IntoIterator<Item = Found>) -> Vec<NewArticle> {
    let mut articles: Vec<NewArticle> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for Found {
        group,
        mut sentence,
    } in found
    {
        let at = *place.entry(group).or_insert_with_key(|name| {
            articles.push(NewArticle {
                name: name.clone(),
                ..NewArticle::default()
            });
            articles.len() - 1
        });
        if !articles[at].sentences.is_empty() {
            sentence.lead.replace_range(.., " ");
        }
        articles[at].sentences.push(sentence);
    }
    articles
}

fn read_csv(paths: &[PathBuf], labels: &Labels) -> Result<Vec<NewArticle>> {
    let read = |rule: Option<&str>| {
        let options = DatasetOptions {
            labels: Some(labels.clone()),
            part_column: rule.map(str::to_owned),
            ..DatasetOptions::default()
        };
        Dataset::read(paths, &options)
    };
    let data = match read(Some(RULE)) {
        Err(Error::MissingColumn { column, .. }) if column == RULE => read(None)?,
        found => found?,
    };
    let found = data.samples.into_iter().map(|sample| Found {
        group: sample.group,
        sentence: NewSentence {
            name: sample.id,
            text: sample.text,
            rule: Some(sample.part).filter(|rule| !rule.is_empty()),
            codings: vec![imported(sample.labels)],
            ..NewSentence::default()
        },
    });
    Ok(by_article(found))
}

/// Reads the lines of files, each by `parse`.
fn read_lines(
    paths: &[PathBuf],
    parse: impl Fn(&str) -> std::result::Result<Found, String>,
) -> Result<Vec<NewArticle>> {
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let mut one = parse(line).map_err(wrong(path, number + 1))?;
            name_after(&mut one, path, number + 1);
            found.push(one);
        }
    }
    Ok(by_article(found))
}

/// A sentence without a name is named after its file and its number in it; it is its own article where none is named.
fn name_after(found: &mut Found, path: &Path, number: usize) {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if found.sentence.name.is_empty() {
        found.sentence.name = format!("{stem}:{number}");
    }
    if found.group.is_empty() {
        found.group.clone_from(&found.sentence.name);
    }
}

fn wrong(path: &Path, number: usize) -> impl FnOnce(String) -> Error {
    let path = path.to_path_buf();
    move |message| Error::Json {
        path,
        line: number as u64,
        message,
    }
}

/// The coding of nobody who is named.
fn imported(labels: LabelSet) -> NewCoding {
    NewCoding {
        annotator: IMPORTED.to_owned(),
        labels,
        ..NewCoding::default()
    }
}

/// The set of labels with these names.
fn set_of(names: &[String], labels: &Labels) -> std::result::Result<LabelSet, String> {
    let index = |name: &String| {
        let known = || {
            format!(
                "unknown label `{name}` (known: {})",
                labels.names().join(", ")
            )
        };
        labels.index(name).ok_or_else(known)
    };
    names.iter().map(index).collect()
}

/// A line of `classify --format jsonl`, or of our export.
#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    article: String,
    sentence: Option<u64>,
    #[serde(default)]
    id: String,
    labels: Option<Vec<String>>,
    rule: Option<String>,
    codings: Option<Vec<LineCoding>>,
}

#[derive(Deserialize)]
struct LineCoding {
    annotator: String,
    labels: Vec<String>,
    rule: Option<String>,
    #[serde(default)]
    ruling: bool,
}

fn from_jsonl(line: &str, labels: &Labels) -> std::result::Result<Found, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let name = match line.sentence {
        Some(number) if line.id.is_empty() => format!("{}:{number}", line.article),
        _ => line.id,
    };
    let mut codings = Vec::new();
    match (line.codings, line.labels) {
        (Some(given), _) => {
            for coding in given {
                codings.push(NewCoding {
                    labels: set_of(&coding.labels, labels)?,
                    annotator: coding.annotator,
                    rule: coding.rule,
                    ruling: coding.ruling,
                });
            }
        }
        (None, Some(names)) => codings.push(imported(set_of(&names, labels)?)),
        (None, None) => {}
    }
    Ok(Found {
        group: line.article,
        sentence: NewSentence {
            name,
            text: line.text,
            rule: line.rule,
            codings,
            ..NewSentence::default()
        },
    })
}

/// A line of doccano: its newer versions write `label`, its older ones `labels`.
#[derive(Deserialize)]
struct DoccanoLine {
    text: String,
    #[serde(alias = "labels")]
    label: Option<Vec<String>>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    group: String,
}

fn from_doccano(line: &str, labels: &Labels) -> std::result::Result<Found, String> {
    let line: DoccanoLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let coding = |names: Vec<String>| Ok::<_, String>(imported(set_of(&names, labels)?));
    Ok(Found {
        group: line.group,
        sentence: NewSentence {
            name: line.name,
            text: line.text,
            codings: line.label.map(coding).transpose()?.into_iter().collect(),
            ..NewSentence::default()
        },
    })
}

#[derive(Deserialize)]
struct Task {
    data: TaskData,
    #[serde(default)]
    annotations: Vec<Annotation>,
}

#[derive(Deserialize)]
struct TaskData {
    text: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    group: String,
}

#[derive(Deserialize)]
struct Annotation {
    completed_by: Option<Value>,
    #[serde(default)]
    ground_truth: bool,
    #[serde(default)]
    was_cancelled: bool,
    #[serde(default)]
    result: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    #[serde(rename = "type")]
    kind: String,
    value: Value,
}

fn read_tasks(paths: &[PathBuf], labels: &Labels) -> Result<Vec<NewArticle>> {
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let json = |error: serde_json::Error| wrong(path, error.line())(error.to_string());
        let tasks: Vec<Task> = serde_json::from_str(&text).map_err(json)?;
        for (number, task) in tasks.into_iter().enumerate() {
            let mut one = from_task(task, labels).map_err(wrong(path, 1))?;
            name_after(&mut one, path, number + 1);
            found.push(one);
        }
    }
    Ok(by_article(found))
}

fn from_task(task: Task, labels: &Labels) -> std::result::Result<Found, String> {
    let mut codings = BTreeMap::new();
    for annotation in task
        .annotations
        .into_iter()
        .filter(|annotation| !annotation.was_cancelled)
    {
        let names = annotation
            .result
            .into_iter()
            .filter(|region| region.kind == "choices")
            .map(|mut region| {
                serde_json::from_value::<Vec<String>>(region.value["choices"].take())
            });
        let names: std::result::Result<Vec<Vec<String>>, _> = names.collect();
        let names = names.map_err(|error| format!("choices: {error}"))?.concat();
        let coding = NewCoding {
            annotator: annotator(annotation.completed_by),
            labels: set_of(&names, labels)?,
            ruling: annotation.ground_truth,
            ..NewCoding::default()
        };
        // The last one of each person counts.
        codings.insert((coding.ruling, coding.annotator.clone()), coding);
    }
    Ok(Found {
        group: task.data.group,
        sentence: NewSentence {
            name: task.data.name,
            text: task.data.text,
            codings: codings.into_values().collect(),
            ..NewSentence::default()
        },
    })
}

/// Who made an annotation: exports have a number, or an object with an address.
fn annotator(completed_by: Option<Value>) -> String {
    match completed_by {
        Some(Value::Object(person)) => match person.get("email").or_else(|| person.get("id")) {
            Some(Value::String(address)) => address.clone(),
            Some(other) => other.to_string(),
            None => IMPORTED.to_owned(),
        },
        Some(Value::Number(number)) => number.to_string(),
        _ => IMPORTED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;
    use std::sync::Arc;

    /// A desk on a file of its own, after importing a file that holds `text`.
    fn desk(name: &str, text: &str, format: ImportFormat) -> (tempfile::TempDir, Result<Desk>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let file = folder.path().join("desk.sqlite");
        let mut desk = Desk::open(&file, Arc::new(Model::shipped())).unwrap();
        let imported = desk.import(&[path], format);
        (folder, imported.map(|_| desk))
    }

    fn export(desk: &Desk, format: ExportFormat) -> String {
        let mut out = Vec::new();
        desk.export(&mut out, format).unwrap();
        String::from_utf8(out).unwrap()
    }

    const LABELLED: &str = "id,text,labels,group,construction\n\
        s1,Moscow denied it.,denial,a,passive\n\
        s2,\"Kyiv \"\"blamed\"\" Moscow, and denied it.\",accusation|denial,a,\n\
        s3,It rained.,none,b,plain\n";

    #[test]
    fn every_format_comes_back_as_it_went_out() {
        let (_folder, first) = desk("a.csv", LABELLED, ImportFormat::Csv);
        let first = first.unwrap();
        let gold = export(&first, ExportFormat::Csv);
        for (name, out, back) in [
            ("b.csv", ExportFormat::Csv, ImportFormat::Csv),
            ("b.jsonl", ExportFormat::Jsonl, ImportFormat::Jsonl),
            ("b.jsonl", ExportFormat::Doccano, ImportFormat::Doccano),
            (
                "b.json",
                ExportFormat::LabelStudio,
                ImportFormat::LabelStudio,
            ),
        ] {
            let (_folder, again) = desk(name, &export(&first, out), back);
            let again = export(&again.unwrap(), ExportFormat::Csv);
            let without_rules = |csv: &str| csv.replace(",passive,", ",,").replace(",plain,", ",,");
            assert_eq!(without_rules(&again), without_rules(&gold), "{out:?}");
        }
    }

    #[test]
    fn rulings_come_back() {
        let (_folder, first) = desk("a.csv", LABELLED, ImportFormat::Csv);
        let mut first = first.unwrap();
        first
            .code(2, "ada", [0].into_iter().collect(), Some("4"))
            .unwrap();
        assert!(first.is_disputed(2));
        first
            .rule(2, "cle", [0].into_iter().collect(), Some("5"))
            .unwrap();
        for (name, out, back) in [
            ("b.jsonl", ExportFormat::Jsonl, ImportFormat::Jsonl),
            (
                "b.json",
                ExportFormat::LabelStudio,
                ImportFormat::LabelStudio,
            ),
        ] {
            let (_folder, again) = desk(name, &export(&first, out), back);
            let again = again.unwrap();
            assert_eq!(again.gold(2), first.gold(2), "{out:?}");
            assert_eq!(again.codings(2).len(), 3, "{out:?}");
        }
        let (_folder, again) = desk(
            "b.jsonl",
            &export(&first, ExportFormat::Jsonl),
            ImportFormat::Jsonl,
        );
        assert_eq!(again.unwrap().differences(), first.differences());
    }

    #[test]
    fn files_of_the_other_programs_are_read() {
        let doccano = "{\"id\":1,\"text\":\"Moscow denied it.\",\"label\":[\"denial\"],\"Comments\":[]}\n\
            {\"id\":2,\"text\":\"It rained.\",\"label\":[]}\n{\"id\":3,\"text\":\"Open.\"}\n";
        let (_folder, read) = desk("d.jsonl", doccano, ImportFormat::Doccano);
        let read = read.unwrap();
        assert_eq!(read.sentences()[1].name, "d:2");
        assert_eq!(
            [0, 1, 2].map(|at| read.gold(at).map(LabelSet::len)),
            [Some(1), Some(0), None]
        );

        let tasks = r#"[{"id":9,"data":{"text":"Moscow denied it."},"annotations":[
            {"completed_by":3,"result":[{"type":"choices","from_name":"l","to_name":"t","value":{"choices":["denial"]}}]},
            {"completed_by":{"id":4,"email":"b@c.de"},"result":[]},
            {"completed_by":5,"was_cancelled":true,"result":[]}]}]"#;
        let (_folder, read) = desk("t.json", tasks, ImportFormat::LabelStudio);
        let read = read.unwrap();
        let coders: Vec<&str> = read
            .codings(0)
            .iter()
            .map(|coding| coding.annotator.as_str())
            .collect();
        assert_eq!(coders, ["3", "b@c.de"]);
        assert!(read.is_disputed(0));
    }

    #[test]
    fn articles_keep_what_stands_between_their_sentences() {
        let (_folder, read) = desk(
            "a.txt",
            "Moscow denied it. It rained.\n\nKyiv said so.",
            ImportFormat::Articles,
        );
        let read = read.unwrap();
        let text: String = read
            .sentences()
            .iter()
            .map(|s| s.lead.clone() + &s.text)
            .collect();
        assert_eq!(text, "Moscow denied it. It rained.\n\nKyiv said so.");
        assert_eq!(read.article_of(1), 0..3);
        assert_eq!(read.sentences()[2].name, "a:3");
    }

    #[test]
    fn unknown_labels_are_errors_with_their_place() {
        let line = "{\"text\":\"x\",\"label\":[]}\n{\"text\":\"y\",\"label\":[\"doubt\"]}\n";
        let (_folder, read) = desk("d.jsonl", line, ImportFormat::Doccano);
        let told = read.err().unwrap().to_string();
        let gold =
            "d.jsonl: line 2: unknown label `doubt` (known: accusation, cooperation, denial)";
        assert!(told.ends_with(gold), "{told}");
    }
}
