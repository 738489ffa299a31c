//! A claim: a sentence with its labels, how sure they are, who speaks, about whom, and which words decided.

use std::sync::Arc;

use crate::model::Prediction;
use crate::{LabelSet, Labels, Span};

/// A classified sentence of an article. Spans index the article's text in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Number of the sentence in the article, from 1.
    pub sentence: usize,
    /// Where the sentence stands.
    pub span: Span,
    /// Labels, scores and probabilities.
    pub prediction: Prediction,
    /// Who says it, when the sentence tells.
    pub speaker: Option<Mention>,
    /// Who does it to whom, for each label that has a source or a target.
    pub relations: Vec<Relation>,
    /// The terms that weigh most for each of the labels, heaviest first; empty without a label.
    pub evidence: Vec<Evidence>,
    /// Its first print, itself where it is printed for the first time; `None` where that was not asked for, and without a label.
    pub cluster: Option<Cluster>,
    /// The id of the article that its article is a reprint of, where that was asked for.
    pub reprint_of: Option<Arc<str>>,
}

impl Claim {
    /// The names of the labels, given the model's.
    pub fn labels<'a>(&self, labels: &'a Labels) -> impl Iterator<Item = &'a str> {
        labels.names_of(self.prediction.labels)
    }

    /// Who accuses, denies or offers: the first source of the first relation that has one.
    pub fn source(&self) -> Option<&Mention> {
        self.leading()?.sources.first()
    }

    /// Who is accused, answered or addressed: the first target of the relation that [`source`](Self::source) is taken from, or
    /// of the first.
    pub fn target(&self) -> Option<&Mention> {
        self.leading()?.targets.first()
    }

    /// Whether the one who is mentioned is named as a source too, there or where a pronoun takes it up.
    pub(crate) fn is_source(&self, mention: &Mention) -> bool {
        let is_same = |source: &Mention| {
            let spans = [Some(source.span), source.antecedent];
            spans
                .into_iter()
                .flatten()
                .any(|span| span.intersects(mention.span))
        };
        self.relations
            .iter()
            .flat_map(|relation| &relation.sources)
            .any(is_same)
    }

    fn leading(&self) -> Option<&Relation> {
        let named = |relation: &&Relation| !relation.sources.is_empty();
        let first = self.relations.first();
        self.relations.iter().find(named).or(first)
    }
}

/// A party as it is named in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name stands.
    pub span: Span,
    /// ISO 3166-1 alpha-3 or CAMEO code, where one is known: `RUS`, `IGOUNO`, `NGO`, `MNC`.
    pub code: Option<String>,
    /// What the party is, where the text tells.
    pub role: Option<Role>,
    /// The mention in an earlier sentence that code and role were taken from: `he` → `Sergei Malin`.
    pub antecedent: Option<Span>,
}

/// Who does what one label says to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Column of the label.
    pub label: usize,
    /// Who accuses, denies or offers.
    pub sources: Vec<Mention>,
    /// Who is accused, answered or addressed; a denial may answer somebody whom only an earlier sentence names. Where several do
    /// it to one another (`Russia and Turkey agreed to ...`) they are sources and targets alike.
    pub targets: Vec<Mention>,
}

impl Relation {
    /// Whether its parties do it to one another.
    pub fn is_mutual(&self) -> bool {
        self.sources == self.targets
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident $code:literal,)*) => {
        /// What a party is: a role of CAMEO.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// CAMEO's code: `GOV`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$role => $code,)*
                }
            }

            /// The role with this code.
            pub(crate) fn of_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$role),)*
                    _ => None,
                }
            }
        }
    };
}

roles! {
    /// Farmers.
    Agriculture "AGR",
    /// Companies and those who run them.
    Business "BUS",
    /// Civilians.
    Civilian "CVL",
    /// Police.
    Police "COP",
    /// Gangs, smugglers.
    Criminal "CRM",
    /// Schools, universities, teachers, students.
    Education "EDU",
    /// Those who held an office before.
    Elite "ELI",
    /// Government.
    Government "GOV",
    /// Hospitals, doctors, nurses.
    Health "HLH",
    /// Courts, judges, prosecutors.
    Judiciary "JUD",
    /// Unions and workers.
    Labour "LAB",
    /// Parliaments and their members.
    Legislature "LEG",
    /// Newspapers, broadcasters, journalists.
    Media "MED",
    /// Armed forces.
    Military "MIL",
    /// Political opposition.
    Opposition "OPP",
    /// Parties.
    Party "PTY",
    /// Armed rebels.
    Rebel "REB",
    /// Refugees, exiles.
    Refugee "REF",
    /// Clergy, churches.
    Religion "REL",
    /// Secret services.
    Spy "SPY",
}

/// The first print of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The id of its article.
    pub article: Arc<str>,
    /// Number of its sentence in that article, from 1.
    pub sentence: usize,
    /// The labels of the claim that no earlier print carries: those that are counted where each is counted once.
    pub counted: LabelSet,
}

/// What one term adds to the score of one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Column of the label.
    pub label: usize,
    /// The term, as the vocabulary has it.
    pub term: String,
    /// Where it stands first in the sentence.
    pub span: Span,
    /// Coefficient times value, in log-odds before calibration.
    pub contribution: f64,
}
