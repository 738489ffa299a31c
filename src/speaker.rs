//! Who says a sentence, by the attributions in and around it.

use crate::Span;
use crate::attribution::{Attribution, Attributor};

/// Sentences before a sentence in which its speaker is looked for, and after it: a quotation may run over several, and a
/// pronoun stands for a name before it.
const BEFORE: usize = 3;
const AFTER: usize = 1;

/// Finds the speakers of single sentences, and reads no more of the article than these need.
#[derive(Default)]
pub(crate) struct SpeakerFinder {
    /// Made when the first sentence asks for its speaker.
    attributor: Option<Attributor>,
}

impl SpeakerFinder {
    /// Who says the sentence of number `at`.
    pub(crate) fn speaker(&mut self, text: &str, sentences: &[Span], at: usize) -> Speaker {
        let sentence = sentences[at];
        let first = at.saturating_sub(BEFORE);
        // Most sentences name their speaker themselves, and one is read sooner than five.
        if !is_quoted(&text[sentences[first].start..sentence.start]) {
            let alone = self.within(text, sentence, &sentences[at..=at]);
            let settled = alone.name.is_some() || !alone.stands_for_another(text);
            let quotes = sentence.of(text).starts_with(['"', '“', '\'', '‘']);
            if settled && (alone.found || !quotes) {
                return alone;
            }
        }
        // A pronoun, a title, or a quotation whose cue stands in another sentence.
        let end = sentences.len().min(at + 1 + AFTER);
        self.within(text, sentence, &sentences[first..end])
    }

    /// Who says a sentence, as far as some sentences tell.
    fn within(&mut self, text: &str, sentence: Span, around: &[Span]) -> Speaker {
        let attributor = self.attributor.get_or_insert_with(Attributor::shipped);
        let found = attributor.attribute(text, around);
        let weighed = found.iter().map(|found| (weight(found, sentence), found));
        let heaviest = weighed
            .filter(|(weight, _)| *weight > 0)
            .max_by_key(|(weight, _)| *weight);
        let Some((_, attribution)) = heaviest else {
            return Speaker::default();
        };
        let source = attribution.source.first().copied();
        if source.is_some_and(|source| begins_with_preposition(source.of(text))) {
            return Speaker::default();
        }
        // Two cues of one source: `They hunted us, said Yasir, showing two rows of stitches`.
        let same = |other: &&Attribution| {
            let named = attribution.speaker.is_some() && other.speaker == attribution.speaker;
            named || source.is_some() && other.source.first() == source.as_ref()
        };
        let contents = found.iter().filter(same).flat_map(|same| &same.content);
        Speaker {
            found: true,
            name: attribution.speaker,
            source,
            content: contents.copied().collect(),
        }
    }
}

/// Who says a sentence.
#[derive(Debug, Clone, Default)]
pub(crate) struct Speaker {
    /// Whether anything in the sentence is attributed.
    pub(crate) found: bool,
    pub(crate) name: Option<Span>,
    /// The words of the source, which may be a pronoun.
    pub(crate) source: Option<Span>,
    /// What is said.
    pub(crate) content: Vec<Span>,
}

impl Speaker {
    /// A name, else the words of the source where they are more than a pronoun.
    pub(crate) fn named(&self, text: &str) -> Option<Span> {
        let told = |span: &Span| !is_pronoun(span.of(text));
        self.name.or(self.source.filter(told))
    }

    /// Whether the source is a pronoun or a title that may stand for a name in another sentence.
    fn stands_for_another(&self, text: &str) -> bool {
        self.source.is_some_and(|source| {
            let source = source.of(text);
            is_pronoun(source) || source.starts_with("the ") || source.starts_with("The ")
        })
    }
}

/// Whether a quotation is open at the end of this text, in its last paragraph.
fn is_quoted(before: &str) -> bool {
    let paragraph = before.rsplit('\n').next().unwrap_or_default();
    let count = |mark: char| paragraph.matches(mark).count();
    count('"') % 2 == 1 || count('“') > count('”')
}

/// How many bytes of the sentence an attribution covers.
fn weight(attribution: &Attribution, sentence: Span) -> usize {
    let spans = attribution.content.iter().chain(&attribution.cue);
    let shared = |span: &Span| {
        let end = span.end.min(sentence.end);
        end.saturating_sub(span.start.max(sentence.start))
    };
    spans.map(shared).sum()
}

/// Whether it is a phrase of place and no name: `in the dark`.
fn begins_with_preposition(source: &str) -> bool {
    const PREPOSITIONS: [&str; 8] = ["in", "for", "with", "at", "on", "from", "by", "after"];
    let first = source.split(' ').next().unwrap_or_default();
    PREPOSITIONS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first))
}

fn is_pronoun(source: &str) -> bool {
    const PRONOUNS: [&str; 18] = [
        "he", "she", "it", "they", "we", "i", "you", "who", "which", "that", "his", "her", "their",
        "its", "there", "nobody", "no one", "nothing",
    ];
    PRONOUNS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(source))
}
