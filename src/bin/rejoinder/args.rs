//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use linfa::ParamGuard;
use rejoinder::link::LinkParams;
use rejoinder::vectorize::{FeatureParams, TermFrequency, VectorizerParams};
use rejoinder::{ClassWeight, LogisticParams, ReadOptions, Solver, TrainParams, Unit};

/// Find the sentences of news articles in which somebody accuses, denies, or offers cooperation.
#[derive(Debug, Parser)]
#[command(
    name = "rejoinder",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Threads to use [default: one for each core]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Print no progress and no summary, only results and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Classify articles: print the sentences that make a claim
    Classify(Classify),
    /// Find who says what: source, cue and content of every attribution
    Attribute(Attribute),
    /// Link denials to the accusations that they answer, inside an article and across articles
    Link(Link),
    /// Write a page on claims to look at: totals, timelines, who to whom, answers, and every sentence
    Report(Report),
    /// Train a model from labelled CSV files
    Train(Train),
    /// Score a model, or its training settings, on a labelled CSV
    Evaluate(Evaluate),
    /// Show why one sentence gets its labels, term by term
    Explain(Explain),
    /// Measure throughput and latency, stage by stage
    Bench(Bench),
    /// Serve a page and an API over HTTP
    Serve(Serve),
    /// Label sentences in the browser, alone or with others
    Label(Label),
    /// Look into model files
    #[command(subcommand)]
    Model(Model),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    Man {
        /// The folder
        #[arg(value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Classify {
    /// Files (.txt .jsonl .csv .tsv .html .warc .parquet, also packed: .gz .zst), folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// How claims are written [default: as the extension of the output file says, else text]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
    /// Write to this file, which appears whole or not at all [default: standard output]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) model: Classifier,
    /// Print every sentence, also those without a label
    #[arg(long)]
    pub(crate) all: bool,
    /// Name the first print of each claim, also if it was lightly rewritten, and count each once as well. Reprints are looked
    /// for among what was read before, within 7 days where articles have dates
    #[arg(long)]
    pub(crate) clusters: bool,
    /// What is classified: every sentence, or each record as one sentence
    #[arg(long, value_enum, default_value_t)]
    pub(crate) unit: UnitName,
    /// Do not look for speaker, source and target of claims, which is faster
    #[arg(long)]
    pub(crate) no_parties: bool,
    /// Stop at the first record that cannot be read
    #[arg(long)]
    pub(crate) strict: bool,
    /// Go on where an earlier run with the same articles and options was stopped; until it is finished, the output stands
    /// beside its file as .part and .journal
    #[arg(long, requires = "output", conflicts_with = "clusters")]
    pub(crate) resume: bool,
    /// Other columns of the articles to be written with each claim, or `all` for those of the first article
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) keep_columns: Vec<String>,
    #[command(flatten)]
    pub(crate) columns: Columns,
}

impl Classify {
    /// The format asked for, else the one of the output file's extension, else text.
    pub(crate) fn format(&self) -> OutputFormat {
        let extension = self.output.as_ref().and_then(|path| path.extension());
        self.format.unwrap_or_else(
            || match extension.and_then(|extension| extension.to_str()) {
                Some("jsonl" | "ndjson") => OutputFormat::Jsonl,
                Some("csv") => OutputFormat::Csv,
                Some("parquet") => OutputFormat::Parquet,
                _ => OutputFormat::Text,
            },
        )
    }
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// What `classify --format jsonl` wrote, oldest article first; `-` for standard input
    #[arg(required = true, value_name = "CLAIMS", value_hint = ValueHint::FilePath)]
    pub(crate) claims: Vec<PathBuf>,
    /// What is listed: denials with the accusations that they answer, or accusations with the denials that answer them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: LinkSide,
    /// List the accusations that no denial answers
    #[arg(long, conflicts_with = "by")]
    pub(crate) unanswered: bool,
    /// How links are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LineFormat,
    /// Write to this file, which appears whole or not at all [default: standard output]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Most days after which a denial may answer an accusation of another article
    #[arg(long, value_name = "N", default_value_t = LinkParams::default().days)]
    pub(crate) days: u32,
    /// Most accusations that one denial answers
    #[arg(long, value_name = "N", default_value_t = LinkParams::default().most)]
    pub(crate) most: usize,
    /// Least score of a link [default: what was best in tests, one inside an article, one across]
    #[arg(long, value_name = "SCORE")]
    pub(crate) threshold: Option<f64>,
    /// Stop at the first line that cannot be read
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) model: ModelFile,
}

impl Link {
    pub(crate) fn params(&self) -> LinkParams {
        LinkParams {
            days: self.days,
            most: self.most,
            threshold: self.threshold,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// What `classify --format jsonl` wrote; `-` for standard input
    #[arg(required = true, value_name = "CLAIMS", value_hint = ValueHint::FilePath)]
    pub(crate) claims: Vec<PathBuf>,
    /// Write to this file, which appears whole or not at all [default: standard output]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Title of the page
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "Accusations, denials, offers of cooperation"
    )]
    pub(crate) title: String,
    /// Stop at the first line that cannot be read
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) model: ModelFile,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkSide {
    #[default]
    Denial,
    Accusation,
}

#[derive(Debug, Args)]
pub(crate) struct Attribute {
    /// Files (.txt .jsonl .csv .tsv .html .warc .parquet, also packed: .gz .zst), folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// How attributions are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LineFormat,
    /// Write to this file, which appears whole or not at all [default: standard output]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Stop at the first record that cannot be read
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) columns: Columns,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum LineFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON object a line
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct ModelFile {
    /// The model [default: the one inside this program]
    #[arg(long = "model", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) path: Option<PathBuf>,
}

/// A model, and when it gives its labels.
#[derive(Debug, Args)]
pub(crate) struct Classifier {
    #[command(flatten)]
    pub(crate) file: ModelFile,
    /// Give this label from this probability on [default: the model's, which `model show` prints]
    #[arg(long = "threshold", value_name = "LABEL=PROBABILITY", value_parser = parse_pair)]
    pub(crate) thresholds: Vec<(String, f64)>,
}

/// Columns of CSV, TSV, JSON lines and Parquet.
#[derive(Debug, Clone, Args)]
#[allow(
    clippy::struct_field_names,
    reason = "the fields are named after their flags"
)]
pub(crate) struct Columns {
    /// Column with the text [default: text]
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// Column with the article's id [default: id]
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,
    /// Column with the title [default: title]
    #[arg(long, value_name = "NAME")]
    title_column: Option<String>,
    /// Column with the date [default: date]
    #[arg(long, value_name = "NAME")]
    date_column: Option<String>,
    /// Column with the outlet [default: outlet]
    #[arg(long, value_name = "NAME")]
    outlet_column: Option<String>,
}

impl From<Columns> for ReadOptions {
    fn from(columns: Columns) -> Self {
        Self {
            text_column: columns.text_column,
            id_column: columns.id_column,
            title_column: columns.title_column,
            date_column: columns.date_column,
            outlet_column: columns.outlet_column,
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For reading
    Text,
    /// One JSON object a line
    Jsonl,
    /// A table
    Csv,
    /// The same table as Parquet
    Parquet,
    /// Event data as CSV: one row for each date, source, target and label, with codes of CAMEO and PLOVER (accusation 112
    /// ACCUSE, denial 016, cooperation 03 AGREE), how often it was printed (`count`), how often where each claim counts once
    /// (`count_once`), and up to ten of its sentences as `article:start-end`. Looks for reprints as --clusters does
    Events,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum UnitName {
    #[default]
    Sentence,
    Record,
}

impl From<UnitName> for Unit {
    fn from(unit: UnitName) -> Self {
        match unit {
            UnitName::Sentence => Self::Sentence,
            UnitName::Record => Self::Record,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScoreFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Labelled CSV files
    #[arg(required = true, value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) data: Vec<PathBuf>,
    /// Where the model goes
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) columns: LabelledColumns,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Columns of a labelled CSV.
#[derive(Debug, Args)]
#[allow(
    clippy::struct_field_names,
    reason = "the fields are named after their flags"
)]
pub(crate) struct LabelledColumns {
    /// Column with the sentence
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) text_column: String,
    /// Column with the labels, `|` between several, `none` or empty for none
    #[arg(long, value_name = "NAME", default_value = "labels")]
    pub(crate) label_column: String,
    /// Column that names the article of a row; rows of one article never straddle folds [default: group, if there]
    #[arg(long, value_name = "NAME")]
    pub(crate) group_column: Option<String>,
}

/// What decides the outcome of training, besides the data.
#[derive(Debug, Args)]
#[command(next_help_heading = "Training settings")]
pub(crate) struct Settings {
    /// Solver: `sparse`, or `linfa` (dense: small data only)
    #[arg(long, value_enum, default_value_t)]
    solver: SolverName,
    /// Inverse strength of the L2 penalty
    #[arg(long, value_name = "C", default_value_t = TrainParams::default().logistic.c())]
    c: f64,
    /// Probability with which each term of a training sentence is left out, for text unlike the training data
    #[arg(long, value_name = "RATE", default_value_t = 0.0)]
    dropout: f64,
    /// Weight of the classes of each label
    #[arg(long, value_enum, default_value_t)]
    class_weight: ClassWeightName,
    /// Relative gradient norm at which the solver stops
    #[arg(long, value_name = "TOL", default_value_t = TrainParams::default().logistic.tol())]
    tol: f64,
    /// Most steps of the solver
    #[arg(long, value_name = "N", default_value_t = TrainParams::default().logistic.max_iter())]
    max_iter: usize,
    /// Shortest and longest n-gram over stems
    #[arg(long, value_name = "MIN,MAX", value_parser = parse_range, default_value = "1,2")]
    ngrams: (usize, usize),
    /// Longest n-gram with lexicon classes; 0 for no lexicon
    #[arg(long, value_name = "N", default_value_t = FeatureParams::default().class_ngrams)]
    class_ngrams: usize,
    /// Most tokens between the two classes of a pair; 0 for no pairs
    #[arg(long, value_name = "N", default_value_t = FeatureParams::default().pair_window)]
    pair_window: usize,
    /// Tokens after a negation in which classes count as negated; 0 for none
    #[arg(long, value_name = "N", default_value_t = FeatureParams::default().negation_window)]
    negation_window: usize,
    /// How many tokens apart two stems may stand that are taken together without what is between; 0 for none
    #[arg(long, value_name = "N", default_value_t = FeatureParams::default().skip_window)]
    skip_window: usize,
    /// Do not use the beginnings and endings of words
    #[arg(long)]
    no_word_parts: bool,
    /// Fewest sentences that a term must stand in
    #[arg(long, value_name = "N", default_value_t = VectorizerParams::default().min_df)]
    min_df: u32,
    /// How counts become weights
    #[arg(long, value_enum, default_value_t)]
    tf: TfName,
    /// Do not weight terms by inverse document frequency
    #[arg(long)]
    no_idf: bool,
    /// The weights of a sentence are divided by their length to this power
    #[arg(long, value_name = "POWER", default_value_t = VectorizerParams::default().norm_power)]
    norm_power: f64,
    /// Share of a sentence's score that its best clause has; 0 for none
    #[arg(long, value_name = "SHARE", default_value_t = TrainParams::default().clause_share)]
    clause_share: f64,
    /// Folds for held-out scores, from which calibration and thresholds come
    #[arg(long, value_name = "K", default_value_t = TrainParams::default().folds)]
    folds: usize,
    /// Decides which article goes to which fold
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Share of sentences that carry a label where the model will be used, as LABEL=SHARE; calibration and
    /// thresholds are fitted for it [default: the share in the data]
    #[arg(long = "share", value_name = "LABEL=SHARE", value_parser = parse_pair)]
    shares: Vec<(String, f64)>,
    /// Lexicon to use [default: the one inside this program]
    #[arg(long, value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) lexicon: Option<PathBuf>,
    /// Actor table to use [default: the one inside this program]
    #[arg(long, value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) actors: Option<PathBuf>,
}

impl Settings {
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn params(&self) -> rejoinder::Result<TrainParams> {
        Ok(TrainParams {
            vectorizer: VectorizerParams {
                features: FeatureParams {
                    ngram_range: self.ngrams,
                    class_ngrams: self.class_ngrams,
                    pair_window: self.pair_window,
                    negation_window: self.negation_window,
                    skip_window: self.skip_window,
                    word_parts: !self.no_word_parts,
                },
                min_df: self.min_df,
                tf: match self.tf {
                    TfName::Binary => TermFrequency::Binary,
                    TfName::Count => TermFrequency::Count,
                    TfName::Sublinear => TermFrequency::Sublinear,
                },
                idf: !self.no_idf,
                norm_power: self.norm_power,
            },
            logistic: LogisticParams::default()
                .c(self.c)
                .dropout(self.dropout)
                .tol(self.tol)
                .max_iter(self.max_iter)
                .solver(match self.solver {
                    SolverName::Sparse => Solver::Sparse,
                    SolverName::Linfa => Solver::Linfa,
                })
                .class_weight(match self.class_weight {
                    ClassWeightName::None => ClassWeight::None,
                    ClassWeightName::Balanced => ClassWeight::Balanced,
                })
                .check()?,
            folds: self.folds,
            seed: self.seed,
            shares: self.shares.iter().cloned().collect(),
            clause_share: self.clause_share,
        })
    }
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum SolverName {
    #[default]
    Sparse,
    Linfa,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ClassWeightName {
    #[default]
    None,
    Balanced,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum TfName {
    #[default]
    Binary,
    Count,
    Sublinear,
}

fn parse_pair(text: &str) -> Result<(String, f64), String> {
    let (label, number) = text
        .rsplit_once('=')
        .ok_or("a label, `=` and a number are needed, such as denial=0.02")?;
    let number = number.parse().map_err(|e| format!("`{number}`: {e}"))?;
    Ok((label.to_owned(), number))
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err("must be a number from 1 to 1000000".to_owned()),
    }
}

fn parse_range(text: &str) -> Result<(usize, usize), String> {
    let (shortest, longest) = text
        .split_once(',')
        .ok_or("two numbers joined by a comma are needed, such as 1,2")?;
    let number = |part: &str| {
        part.trim()
            .parse::<usize>()
            .map_err(|e| format!("`{part}`: {e}"))
    };
    Ok((number(shortest)?, number(longest)?))
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// Labelled CSV
    #[arg(required = true, value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) data: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) model: Classifier,
    /// Score the training settings instead: train on K-1 parts of the CSV, predict the other, K times
    #[arg(long, value_name = "K", conflicts_with_all = ["path", "thresholds"])]
    pub(crate) cross_validate: Option<usize>,
    /// Show instead the N rows whose labels the scores contradict most; best with --cross-validate
    #[arg(long, value_name = "N")]
    pub(crate) suspects: Option<usize>,
    /// Show instead how many decisions change when the actors of each sentence are replaced by others
    #[arg(long, conflicts_with_all = ["suspects", "cross_validate"])]
    pub(crate) swap_actors: bool,
    /// How scores are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScoreFormat,
    #[command(flatten)]
    pub(crate) columns: LabelledColumns,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The sentence, or `-` for standard input
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) model: Classifier,
    /// Most terms shown for each label
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(crate) top: usize,
    /// How the explanation is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScoreFormat,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Bench {
    #[command(subcommand)]
    pub(crate) train: Option<BenchCommand>,
    /// Articles to measure on [default: generated ones]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Decides which articles are generated
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "paths")]
    pub(crate) seed: u64,
    /// Text that is generated, in 10^6 bytes
    #[arg(long, value_name = "N", default_value_t = 5, conflicts_with = "paths", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) megabytes: u16,
    /// Fail unless the output has this hash, which an earlier run printed
    #[arg(long, value_name = "HASH")]
    pub(crate) expect: Option<String>,
    #[command(flatten)]
    pub(crate) model: ModelFile,
    /// Do not look for speaker, source and target of claims
    #[arg(long)]
    pub(crate) no_parties: bool,
    /// Times that everything is measured; the median is shown
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) repetitions: u16,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScoreFormat,
    #[command(flatten)]
    pub(crate) columns: Columns,
}

#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) address: ServeAddress,
    #[command(flatten)]
    pub(crate) model: ModelFile,
}

#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct Label {
    /// The file that everything is kept in, a database of `SQLite`; made when it is not there
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Add what these files hold, and end
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub(crate) import: Vec<PathBuf>,
    /// How they are laid out
    #[arg(long, value_enum, default_value = "articles", requires = "import")]
    pub(crate) from: DeskFormat,
    /// Write what the desk holds to this file, and end
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) export: Option<PathBuf>,
    /// How it is laid out
    #[arg(long, value_enum, default_value = "csv", requires = "export")]
    pub(crate) to: DeskFormat,
    /// Labelled CSV that every model is measured on: nobody is given its sentences to label, and no model learns from them
    #[arg(long, value_name = "CSV", value_hint = ValueHint::FilePath, conflicts_with_all = ["import", "export"])]
    pub(crate) test: Option<PathBuf>,
    /// Share of the sentences that two people label, in percent; it is kept in the file [default: 20]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) double: Option<u8>,
    /// Markdown to show beside the sentences [default: the codebook of the model inside this program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) codebook: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) address: ServeAddress,
    #[command(flatten)]
    pub(crate) model: ModelFile,
}

/// Files that a desk reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) enum DeskFormat {
    /// Whatever `classify` reads; sentences without labels (import only)
    Articles,
    /// Labelled CSV, as `train` reads it
    Csv,
    /// One JSON object a sentence
    Jsonl,
    /// doccano, text classification
    Doccano,
    /// Label Studio, choices
    LabelStudio,
}

/// Where a server listens, and how much it takes on.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct ServeAddress {
    /// Name or address of the interface to listen on
    #[arg(long, default_value = "127.0.0.1", value_hint = ValueHint::Hostname)]
    pub(crate) host: String,
    /// Port to listen on; 0 for any that is free
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Largest body of a request, packed or unpacked, in 2^20 bytes
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = at_least_one)]
    pub(crate) max_body: usize,
    /// Seconds until an answer must have begun, or a write of it moved
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Most open connections; others wait to be accepted
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = at_least_one)]
    pub(crate) max_connections: usize,
    /// Most requests that wait for a thread; others are answered with status 503
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = at_least_one)]
    pub(crate) max_waiting: usize,
    /// How the log is written to standard error
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: LogFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Measure training, from labelled CSV to the bytes of a model
    Train(Box<BenchTrain>),
}

#[derive(Debug, Args)]
pub(crate) struct BenchTrain {
    /// Labelled CSV files to measure on [default: generated sentences, labelled by the model inside this program]
    #[arg(value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) data: Vec<PathBuf>,
    /// Sentences that are generated
    #[arg(long, value_name = "N", default_value_t = 50_000, conflicts_with = "data", value_parser = clap::value_parser!(u32).range(100..))]
    pub(crate) sentences: u32,
    /// Decides which sentences are generated
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "data")]
    pub(crate) corpus_seed: u64,
    /// Fail unless the model's file has this SHA-256, which an earlier run printed
    #[arg(long, value_name = "HASH")]
    pub(crate) expect: Option<String>,
    /// Times that everything is measured; the median is shown
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) repetitions: u16,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScoreFormat,
    #[command(flatten)]
    pub(crate) columns: LabelledColumns,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Model {
    /// Show what a model file holds
    Show {
        #[command(flatten)]
        model: ModelFile,
        /// Heaviest terms shown for each label
        #[arg(long, value_name = "N", default_value_t = 15)]
        top: usize,
    },
    /// Train again with the settings in the file and compare byte for byte
    Verify {
        #[command(flatten)]
        model: ModelFile,
        /// The CSV files that it was trained from, in the same order
        #[arg(required = true, value_name = "CSV", value_hint = ValueHint::FilePath)]
        data: Vec<PathBuf>,
        #[command(flatten)]
        columns: LabelledColumns,
    },
    /// Show the sentences on which two models decide differently
    Diff {
        /// The first model
        #[arg(value_hint = ValueHint::FilePath)]
        before: PathBuf,
        /// The second model
        #[arg(value_hint = ValueHint::FilePath)]
        after: PathBuf,
        /// Articles to compare them on
        #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        columns: Columns,
    },
}
