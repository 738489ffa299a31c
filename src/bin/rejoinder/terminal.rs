//! What is said on standard error: progress, summaries, warnings, errors.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use anstream::{eprintln, stderr};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use rejoinder::report;

/// The terminal that the command talks to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    quiet: bool,
}

/// Longer lines are hard to read.
const MOST_READABLE: usize = 110;
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();

#[allow(
    clippy::print_stderr,
    reason = "this is the one place that speaks to the user"
)]
#[allow(clippy::unused_self, reason = "who speaks to the terminal holds one")]
impl Terminal {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Whether only results and errors are wanted.
    #[cfg(feature = "serve")]
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// A line for people, left out with `--quiet`.
    pub(crate) fn note(self, line: impl Display) {
        if !self.quiet {
            eprintln!("{}", printable(&line.to_string()));
        }
    }

    pub(crate) fn warning(self, line: impl Display) {
        eprintln!(
            "{WARNING}warning:{WARNING:#} {}",
            printable(&line.to_string())
        );
    }

    pub(crate) fn error(self, line: impl Display) {
        let line = printable(&line.to_string());
        let _ = writeln!(stderr(), "{ERROR}error:{ERROR:#} {line}");
    }

    /// A bar over bytes, drawn only on a terminal.
    pub(crate) fn bytes_bar(self, total: Option<u64>) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let (bar, template) = match total {
            Some(total) => (
                ProgressBar::new(total),
                "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            ),
            None => (
                ProgressBar::no_length(),
                "{spinner} {bytes}  {bytes_per_sec}",
            ),
        };
        bar.with_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        )
    }

    /// A bar over folds, drawn only on a terminal.
    pub(crate) fn folds_bar(self, folds: usize) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:30} fold {pos}/{len}");
        ProgressBar::new(folds as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    /// A spinner with a word on what is going on, drawn only on a terminal.
    pub(crate) fn spinner(self, doing: &'static str) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let spinner = ProgressBar::new_spinner().with_message(doing);
        spinner.enable_steady_tick(Duration::from_millis(100));
        spinner
    }
}

/// Text without control characters but for line feeds: what stands in a file must not steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

/// How text for reading is laid out on standard output.
pub(crate) fn output_style() -> report::Style {
    let stdout = std::io::stdout();
    let colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    let width = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
    report::Style {
        width: width
            .unwrap_or(report::Style::default().width)
            .min(MOST_READABLE),
        colour,
    }
}
