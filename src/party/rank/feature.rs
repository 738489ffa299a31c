//! What may be true of a candidate: templates and their values, by name in `labels/party_weights.csv` and by number in the program.

use super::super::words::Cues;

/// Something that is true of a candidate: [`VALUES`] times the number of its template, and the number of its value.
pub(in crate::party) type Feature = u16;
pub(in crate::party) const VALUES: usize = 32;

const CUES: [&str; 32] = {
    let mut names = [""; 32];
    let mut at = 0;
    while at < names.len() {
        names[at] = Cues::NAMES[at].0;
        at += 1;
    }
    names
};
/// Classes of the lexicon that tell something of a party beside them.
pub(super) const CLASSES: [&str; 32] = [
    "WRONG",
    "ACCUSE",
    "FALSE",
    "VIOLENCE",
    "OFFENDER",
    "CRITICISE",
    "PEACE",
    "DENY",
    "REFUSE",
    "ROUTINE",
    "COOPERATE",
    "AGREE",
    "INNOCENT",
    "OFFER",
    "READY",
    "TALKS",
    "GUILT",
    "AID",
    "EVIDENCE",
    "DEMAND",
    "THREAT",
    "COURT",
    "CONVICT",
    "SUSPECT",
    "REJECT",
    "CLAIM",
    "COURTESY",
    "PERMIT",
    "INQUIRY",
    "CONCERN",
    "INVOLVE",
    "MEET",
];
const YES: [&str; 1] = ["yes"];
const COUNTS: [&str; 6] = ["0", "1", "2", "3", "4", "5"];
const DISTANCES: [&str; 7] = ["0", "1", "2", "3", "5", "9", "16"];
const KINDS: [&str; 9] = [
    "end", "name", "number", "date", "noun", "bare", "ed", "ing", "s",
];
const VOICES: [&str; 5] = ["bare", "ed", "ing", "s", "passive"];
pub(in crate::party) const PRONOUNS: [&str; 12] = [
    "he", "she", "it", "they", "we", "i", "you", "him", "her", "them", "us", "me",
];
const HEADS: [&str; 4] = ["name", "actor", "noun", "other"];
const DETERMINERS: [&str; 17] = [
    "other", "none", "the", "a", "an", "his", "her", "its", "their", "our", "my", "this", "these",
    "some", "any", "no", "both",
];
const PREPOSITIONS: [&str; 26] = [
    "other", "none", "of", "in", "by", "from", "with", "to", "for", "against", "on", "at", "over",
    "about", "after", "before", "between", "among", "under", "during", "without", "within", "as",
    "than", "like", "behind",
];
const PLACES: [&str; 18] = [
    "owner",
    "attribute",
    "appositive",
    "object",
    "quoted",
    "subject",
    "acted-on",
    "told",
    "initial",
    "clause",
    "relative",
    "several",
    "antecedent",
    "doer",
    "quoting",
    "in-quote",
    "source",
    "target",
];
/// Some of [`PLACES`].
pub(super) const SEVERAL: usize = 11;
pub(super) const DOER: usize = 13;
pub(super) const QUOTING: usize = 14;
pub(super) const IN_QUOTE: usize = 15;
pub(super) const RULED_SOURCE: usize = 16;
pub(super) const RULED_TARGET: usize = 17;
const FIRSTS: [&str; 3] = ["any", "source", "target"];
const SAYERS: [&str; 6] = ["self", "group", "after", "before", "elsewhere", "unknown"];
const PAIRS: [&str; 4] = ["00", "01", "10", "11"];
const SOURCES: [&str; 5] = ["none", "elsewhere", "same", "before", "after"];
const STEPS: [&str; 7] = ["-3", "-2", "-1", "0", "1", "2", "3"];
pub(super) const PARTS: [&str; 6] = [
    "accuser",
    "accused",
    "denier",
    "denied",
    "offerer",
    "addressed",
];
const RANKS: [&str; 24] = [
    "accuser-0",
    "accuser-1",
    "accuser-2",
    "accuser-3",
    "accused-0",
    "accused-1",
    "accused-2",
    "accused-3",
    "denier-0",
    "denier-1",
    "denier-2",
    "denier-3",
    "denied-0",
    "denied-1",
    "denied-2",
    "denied-3",
    "offerer-0",
    "offerer-1",
    "offerer-2",
    "offerer-3",
    "addressed-0",
    "addressed-1",
    "addressed-2",
    "addressed-3",
];

macro_rules! templates {
    ($($template:ident $name:literal $values:expr,)*) => {
        /// What a feature tells; its values are told in [`TEMPLATES`].
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Template { $($template,)* }

        /// The name and the values of each template.
        const TEMPLATES: &[(&str, &[&str])] = &[$(($name, &$values),)*];
    };
}

templates! {
    Any "any" YES,
    Pronoun "pronoun" PRONOUNS,
    Head "head" HEADS,
    Determiner "determiner" DETERMINERS,
    Preposition "preposition" PREPOSITIONS,
    PrepositionOf "preposition-of" CUES,
    Is "is" PLACES,
    Breaks "breaks" PAIRS,
    Before "before" CUES,
    BeforeKind "before-kind" KINDS,
    After "after" CUES,
    AfterKind "after-kind" KINDS,
    Next "next" CUES,
    NextVoice "next-voice" VOICES,
    NextDistance "next-distance" DISTANCES,
    Previous "previous" CUES,
    PreviousVoice "previous-voice" VOICES,
    PreviousDistance "previous-distance" DISTANCES,
    Sayer "sayer" SAYERS,
    Said "said" PAIRS,
    SaidNumber "said-number" COUNTS,
    SubjectNumber "subject-number" COUNTS,
    Number "number" COUNTS,
    NumberFromEnd "number-from-end" COUNTS,
    Fifth "fifth" COUNTS,
    SubjectOf "subject-of" CUES,
    ObjectOf "object-of" CUES,
    PatientOf "patient-of" CUES,
    AgentOf "agent-of" CUES,
    MakerOf "maker-of" CUES,
    // By the classes of the lexicon.
    ClassAfter "class-after" CLASSES,
    ClassAfterPassive "class-after-passive" CLASSES,
    ClassBefore "class-before" CLASSES,
    ClassBeforeBy "class-before-by" CLASSES,
    ClassBeforeOf "class-before-of" CLASSES,
    ClassBeforeOn "class-before-on" CLASSES,
    // Of the sentence.
    Quoted "quoted" COUNTS,
    Rules "rules" PAIRS,
    // Where no claim came before in the article.
    First "first" FIRSTS,
    // Of who speaks elsewhere.
    Speaker "speaker" SAYERS,
    SpeakerQuoted "speaker-quoted" COUNTS,
    SpeakerRules "speaker-rules" PAIRS,
    // Of a target, beside the source.
    Source "source" SOURCES,
    SourceStep "source-step" STEPS,
    MutualSubjectOf "mutual-subject-of" CUES,
    Mutual "mutual" PLACES,
    // Of a party of earlier claims.
    Known "known" PARTS,
    Earlier "earlier" YES,
    EarlierRank "earlier-rank" RANKS,
    EarlierLately "earlier-lately" COUNTS,
    EarlierAgo "earlier-ago" DISTANCES,
    EarlierSource "earlier-source" SOURCES,
    EarlierAccused "earlier-accused-source" YES,
    EarlierRules "earlier-rules" PAIRS,
    EarlierSayer "earlier-sayer" SAYERS,
}

impl Template {
    pub(super) fn feature(self, value: usize) -> Feature {
        (self as usize * VALUES + value) as Feature
    }
}

/// How many features there are.
pub(in crate::party) const N_FEATURES: usize = TEMPLATES.len() * VALUES;

/// `template:value`.
#[cfg(test)]
pub(in crate::party) fn name(feature: usize) -> Option<String> {
    let (template, values) = TEMPLATES[feature / VALUES];
    Some(format!("{template}:{}", values.get(feature % VALUES)?))
}

pub(super) fn feature_named(name: &str) -> Option<usize> {
    let (template, value) = name.split_once(':')?;
    let found = TEMPLATES.iter().position(|(name, _)| *name == template)?;
    let value = TEMPLATES[found].1.iter().position(|name| *name == value)?;
    Some(found * VALUES + value)
}

/// The features of one candidate.
#[derive(Debug, Clone, Default)]
pub(super) struct Features(pub(super) Vec<Feature>);

impl Features {
    /// With room for as many as most candidates have.
    pub(super) fn with_room() -> Self {
        Self(Vec::with_capacity(64))
    }

    pub(super) fn add(&mut self, template: Template, value: usize) {
        self.0.push(template.feature(value));
    }

    pub(super) fn add_one_of(&mut self, template: Template, word: &str, otherwise: usize) {
        let (_, values) = TEMPLATES[template as usize];
        self.add(
            template,
            values
                .iter()
                .position(|value| value.eq_ignore_ascii_case(word))
                .unwrap_or(otherwise),
        );
    }

    pub(super) fn add_cues(&mut self, template: Template, cues: Cues) {
        for cue in cues.numbers() {
            self.add(template, cue);
        }
    }
}

/// `1` for a pair of facts is 1 and 2.
pub(super) fn pair(first: bool, second: bool) -> usize {
    2 * usize::from(first) + usize::from(second)
}

pub(super) fn distance(tokens: usize) -> usize {
    const ENDS: [usize; 6] = [0, 1, 2, 4, 8, 15];
    ENDS.partition_point(|&end| end < tokens)
}

pub(super) fn count(number: usize, most: usize) -> usize {
    number.min(most)
}
