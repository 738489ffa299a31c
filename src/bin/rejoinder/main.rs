//! The command `rejoinder`: flags, terminal and exit codes. All else is in the library.

mod args;
mod attribute;
mod bench;
mod classify;
mod evaluate;
mod explain;
#[cfg(feature = "serve")]
mod label;
mod lines;
mod link;
mod model;
mod report;
#[cfg(feature = "serve")]
mod serve;
mod sink;
mod stream;
mod terminal;
mod train;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser};
use rejoinder::Model;

use self::args::{Classifier, Cli, Command, ModelFile};
use self::terminal::Terminal;

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Finished, but not all of the input could be read, or a check did not hold.
    Incomplete,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.quiet);
    let result = run(cli, terminal);
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Incomplete) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(chain(&error));
            ExitCode::from(if is_bad_usage(&error) { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli, terminal: Terminal) -> Result<Outcome> {
    let threads = match cli.threads {
        Some(threads) => usize::from(threads),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .context("starting threads")?;
    match cli.command {
        Command::Classify(args) => classify::run(args, threads, terminal),
        Command::Attribute(args) => attribute::run(args, threads, terminal),
        Command::Link(args) => link::run(&args, terminal),
        Command::Report(args) => report::run(&args, terminal),
        Command::Train(args) => train::run(&args, terminal),
        Command::Evaluate(args) => evaluate::run(&args, terminal),
        Command::Explain(args) => explain::run(args),
        Command::Bench(args) => bench::run(args, threads, terminal),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, threads, terminal),
        #[cfg(feature = "serve")]
        Command::Label(args) => label::run(args, threads, terminal),
        #[cfg(not(feature = "serve"))]
        Command::Serve(_) | Command::Label(_) => Err(not_built("serve")),
        Command::Model(args) => model::run(args, terminal),
        Command::Completions { shell } => completions(shell),
        Command::Man { folder } => manual(&folder),
    }
}

/// A command that this build lacks, and how to get it.
#[cfg(not(feature = "serve"))]
fn not_built(feature: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "this build cannot do that; `cargo install --path . --features {feature}` makes one that can"
    )
}

fn completions(shell: clap_complete::Shell) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rejoinder", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script).context("standard output")?;
    Ok(Outcome::Done)
}

fn manual(folder: &Path) -> Result<Outcome> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| folder.display().to_string())?;
    Ok(Outcome::Done)
}

/// The error and its causes, without those that the message before them ends with: the library's errors tell their cause.
fn chain(error: &anyhow::Error) -> String {
    error
        .chain()
        .map(ToString::to_string)
        .reduce(|text, cause| {
            if text.ends_with(&cause) {
                text
            } else {
                format!("{text}: {cause}")
            }
        })
        .unwrap_or_default()
}

/// Whether an option has a value outside its range.
fn is_bad_usage(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(rejoinder::Error::Parameter { .. })
    )
}

/// Whether the reader of our output went away, as `head` does: that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

impl ModelFile {
    fn read(&self) -> rejoinder::Result<Model> {
        match &self.path {
            Some(path) => Model::load(path),
            None => Ok(Model::shipped()),
        }
    }

    fn load(&self) -> rejoinder::Result<Arc<Model>> {
        self.read().map(Arc::new)
    }
}

impl Classifier {
    fn load(&self) -> rejoinder::Result<Arc<Model>> {
        let thresholds = self.thresholds.iter();
        let model = thresholds.fold(self.file.read(), |model, (label, threshold)| {
            model?.with_threshold(label, *threshold)
        });
        model.map(Arc::new)
    }
}
