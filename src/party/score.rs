//! How well parties are found: gold names × mentions → counts and shares.

use crate::claim::Mention;

/// Counts of one side of the claims.
#[derive(Debug, Default, Clone)]
pub(crate) struct Side {
    pub(crate) gold: usize,
    pub(crate) found: usize,
    /// Gold parties that a found one overlaps, and those that one equals.
    pub(crate) hit: usize,
    pub(crate) exact: usize,
    /// Found parties that overlap a gold one.
    pub(crate) right: usize,
    /// Claims without a party on this side, and those for which one was found.
    pub(crate) absent: usize,
    pub(crate) invented: usize,
}

/// Counts over claims.
#[derive(Debug, Default, Clone)]
pub(crate) struct Score {
    pub(crate) rows: usize,
    /// Claims in which both parties stand; for which both were found; in which both stand on their sides.
    pub(crate) both: usize,
    pub(crate) both_found: usize,
    pub(crate) directed: usize,
    pub(crate) source: Side,
    pub(crate) target: Side,
}

/// The names of a field: several parties are joined by `|`.
pub(crate) fn names(field: &str) -> Vec<&str> {
    field.split('|').filter(|name| !name.is_empty()).collect()
}

/// The mentions of one party that are right alike, which are joined by `=`.
pub(crate) fn mentions(gold: &str) -> impl Iterator<Item = &str> {
    gold.split('=')
}

/// Whether a found party shares text with an occurrence of the gold one.
pub(crate) fn overlaps(text: &str, found: &Mention, gold: &str) -> bool {
    let is_whole = |at: usize, name: &str| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(text[..at].chars().next_back()) && !letter(text[at + name.len()..].chars().next())
    };
    let lower = text.to_ascii_lowercase();
    mentions(gold).any(|name| {
        let same = name.to_ascii_lowercase();
        let mut places = lower
            .match_indices(&same)
            .filter(|(at, name)| is_whole(*at, name));
        places.any(|(at, _)| found.span.start < at + name.len() && at < found.span.end)
            || last_name(name).is_some_and(|last| last_name(found.span.of(text)) == Some(last))
    })
}

/// `Mbuyi` for `Colonel Faustin Mbuyi`.
fn last_name(name: &str) -> Option<&str> {
    let last = name.rsplit(' ').next()?;
    last.starts_with(char::is_uppercase).then_some(last)
}

fn hits(text: &str, gold: &[&str], found: &[Mention]) -> usize {
    let hit = |gold: &&&str| found.iter().any(|found| overlaps(text, found, gold));
    gold.iter().filter(hit).count()
}

impl Side {
    fn add(&mut self, text: &str, gold: &[&str], found: &[Mention]) {
        self.gold += gold.len();
        self.found += found.len();
        self.hit += hits(text, gold, found);
        let equals = |gold: &&&str| {
            let is_name = |found: &Mention| mentions(gold).any(|name| found.span.of(text) == name);
            found.iter().any(is_name)
        };
        self.exact += gold.iter().filter(equals).count();
        let is_gold = |found: &&Mention| gold.iter().any(|gold| overlaps(text, found, gold));
        self.right += found.iter().filter(is_gold).count();
        self.absent += usize::from(gold.is_empty());
        self.invented += usize::from(gold.is_empty() && !found.is_empty());
    }

    /// Found parties that are none.
    pub(crate) fn wrong(&self) -> usize {
        self.found - self.right
    }
}

impl Score {
    /// Takes in a claim; returns whether both sides are as the table has them.
    pub(crate) fn add(
        &mut self,
        text: &str,
        gold: [&str; 2],
        sources: &[Mention],
        targets: &[Mention],
    ) -> bool {
        let [gold_sources, gold_targets] = gold.map(names);
        self.rows += 1;
        self.source.add(text, &gold_sources, sources);
        self.target.add(text, &gold_targets, targets);
        let directed =
            hits(text, &gold_sources, sources) > 0 && hits(text, &gold_targets, targets) > 0;
        if !gold_sources.is_empty() && !gold_targets.is_empty() {
            self.both += 1;
            self.both_found += usize::from(!sources.is_empty() && !targets.is_empty());
            self.directed += usize::from(directed);
        }
        let complete = |gold: &[&str], found: &[Mention]| {
            hits(text, gold, found) == gold.len()
                && found
                    .iter()
                    .all(|f| gold.iter().any(|gold| overlaps(text, f, gold)))
        };
        complete(&gold_sources, sources) && complete(&gold_targets, targets)
    }

    /// The percentages that are reported, with their names.
    pub(crate) fn shares(&self) -> [(&'static str, f64); 10] {
        let (source, target) = (&self.source, &self.target);
        [
            ("directed", share(self.directed, self.both)),
            ("directed of found", share(self.directed, self.both_found)),
            ("source precision", share(source.right, source.found)),
            ("source recall", share(source.hit, source.gold)),
            ("source exact", share(source.exact, source.gold)),
            ("source null", 100.0 - share(source.invented, source.absent)),
            ("target precision", share(target.right, target.found)),
            ("target recall", share(target.hit, target.gold)),
            ("target exact", share(target.exact, target.gold)),
            ("target null", 100.0 - share(target.invented, target.absent)),
        ]
    }
}

/// What the table says of a claim, and what was found.
pub(crate) fn compared(
    text: &str,
    [source, target]: [&str; 2],
    sources: &[Mention],
    targets: &[Mention],
) -> String {
    let told = |found: &[Mention]| {
        let names = found.iter().map(|mention| mention.span.of(text));
        names.collect::<Vec<_>>().join("|")
    };
    let (sources, targets) = (told(sources), told(targets));
    format!("  gold {source} > {target}\n  found {sources} > {targets}")
}

pub(crate) fn share(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}
