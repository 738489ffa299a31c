//! `rejoinder model show | verify | diff`

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use rejoinder::{ArticleReader, DatasetOptions, Model as ClaimModel, Pipeline, ReadOptions, Unit};

use crate::Outcome;
use crate::args::{LabelledColumns, Model, ModelFile};
use crate::terminal::{Terminal, printable};
use crate::train::read;

pub(crate) fn run(args: Model, terminal: Terminal) -> Result<Outcome> {
    match args {
        Model::Show { model, top } => print(&show(model.load()?.as_ref(), top)?),
        Model::Verify {
            model,
            data,
            columns,
        } => verify(&model, &data, &columns, terminal),
        Model::Diff {
            before,
            after,
            paths,
            columns,
        } => {
            let models = [ClaimModel::load(&before)?, ClaimModel::load(&after)?];
            diff(models, &paths, columns.into(), terminal)
        }
    }
}

fn print(text: &str) -> Result<Outcome> {
    std::io::stdout()
        .lock()
        .write_all(printable(text).as_bytes())
        .context("standard output")?;
    Ok(Outcome::Done)
}

fn show(model: &ClaimModel, top: usize) -> Result<String> {
    let mut text = String::new();
    let record = model.record();
    writeln!(
        text,
        "trained by rejoinder {} on {} sentences",
        record.version, record.n_samples
    )?;
    writeln!(text, "data sha256 {}", record.data_sha256)?;
    writeln!(
        text,
        "terms {}, known stems {}",
        model.vectorizer().n_features(),
        model.known().count()
    )?;
    writeln!(
        text,
        "parameters {}",
        serde_json::to_string(&record.params)?
    )?;
    writeln!(
        text,
        "\n{:<14} {:>7} {:>9} {:>9} {:>7} {:>7} {:>18}",
        "label", "support", "threshold", "precision", "recall", "F1", "average precision"
    )?;
    for (label, name) in model.labels().names().iter().enumerate() {
        let scores = &record.held_out[label];
        writeln!(
            text,
            "{name:<14} {:>7} {:>9.3} {:>9.3} {:>7.3} {:>7.3} {:>18.3}",
            scores.support,
            model.thresholds()[label],
            scores.precision,
            scores.recall,
            scores.f1,
            scores.average_precision
        )?;
    }
    for (label, name) in model.labels().names().iter().enumerate() {
        let coefficients = model.coefficients().row(label);
        let mut order: Vec<usize> = (0..coefficients.len()).collect();
        order.sort_by(|&a, &b| coefficients[b].total_cmp(&coefficients[a]).then(a.cmp(&b)));
        writeln!(text, "\n{name}: heaviest terms for and against")?;
        for (&plus, &minus) in order.iter().zip(order.iter().rev()).take(top) {
            let term = |column: usize| model.vectorizer().vocabulary().term(column);
            writeln!(
                text,
                "  {:+7.3}  {:<30} {:+7.3}  {}",
                coefficients[plus],
                term(plus),
                coefficients[minus],
                term(minus)
            )?;
        }
    }
    Ok(text)
}

fn verify(
    file: &ModelFile,
    data: &[std::path::PathBuf],
    columns: &LabelledColumns,
    terminal: Terminal,
) -> Result<Outcome> {
    let data = read(data, &DatasetOptions::from(columns), terminal)?;
    let model = file.load()?;
    let bytes = match &file.path {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => model.to_bytes()?,
    };
    let record = model.record();
    if data.sha256() != record.data_sha256 {
        print(&format!(
            "differs: the data have sha256 {}, the model was trained on {}\n",
            data.sha256(),
            record.data_sha256
        ))?;
        return Ok(Outcome::Incomplete);
    }
    let spinner = terminal.spinner("training again");
    let resources = model.resources();
    let again = record
        .params
        .train(&data, resources.lexicon.clone(), resources.actors.clone())?;
    spinner.finish_and_clear();
    if again.to_bytes()? == bytes {
        return print("identical: training again gives the same file\n");
    }
    let version = env!("CARGO_PKG_VERSION");
    print(&format!(
        "differs: the same data and settings give another file (trained by rejoinder {}, this is {version})\n",
        record.version
    ))?;
    Ok(Outcome::Incomplete)
}

fn diff(
    models: [ClaimModel; 2],
    paths: &[std::path::PathBuf],
    options: ReadOptions,
    terminal: Terminal,
) -> Result<Outcome> {
    let [mut before, mut after] = models.map(|model| Pipeline::new(Arc::new(model)));
    let (mut sentences, mut changed, mut skipped) = (0, 0, 0);
    let mut out = std::io::stdout().lock();
    for article in ArticleReader::open(paths, options)? {
        let article = match article {
            Ok(article) => article,
            Err(error) => {
                terminal.error(error);
                skipped += 1;
                continue;
            }
        };
        let pairs = before
            .classify(&article, Unit::Sentence)
            .into_iter()
            .zip(after.classify(&article, Unit::Sentence));
        for (old, new) in pairs {
            sentences += 1;
            let labels = [
                before.model().labels().join(old.prediction.labels),
                after.model().labels().join(new.prediction.labels),
            ];
            if labels[0] != labels[1] {
                changed += 1;
                let [was, is] = labels;
                let line = format!(
                    "{}:{}  {was} → {is}\n    {}\n",
                    article.id.replace('\n', " "),
                    old.sentence,
                    old.span.of(&article.text).replace('\n', " ")
                );
                out.write_all(printable(&line).as_bytes())
                    .context("standard output")?;
            }
        }
    }
    terminal.note(format_args!("{changed} of {sentences} sentences changed"));
    Ok(if skipped == 0 {
        Outcome::Done
    } else {
        Outcome::Incomplete
    })
}
