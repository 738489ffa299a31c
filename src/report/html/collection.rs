//! The lines of a report → claims that refer to articles, outlets, actors and terms by number, in the order of their dates.

use std::collections::HashMap;

use super::actor::{Actors, plain};
use super::line::{ClaimLine, EvidenceLine, PartyLine};
use crate::link::{Date, Linked, Linker, Place};
use crate::{LabelSet, Labels, Result};

/// What a report is made of.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) labels: Labels,
    pub(super) outlets: Vec<String>,
    /// What actors are called.
    pub(super) actors: Vec<String>,
    pub(super) terms: Vec<String>,
    pub(super) articles: Vec<ReportedArticle>,
    /// Oldest first, undated ones last; of one day, in the order of the input.
    pub(super) claims: Vec<ReportedClaim>,
    /// Whether any line tells its first print.
    pub(super) is_clustered: bool,
}

#[derive(Debug)]
pub(super) struct ReportedArticle {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) day: Option<Date>,
    /// The date as it was written, where it is no day.
    pub(super) other_date: Option<String>,
    pub(super) outlet: Option<usize>,
}

#[derive(Debug)]
pub(super) struct ReportedClaim {
    pub(super) article: usize,
    pub(super) sentence: usize,
    pub(super) text: String,
    pub(super) labels: LabelSet,
    /// The labels that no earlier print carries: all of them where prints are not told.
    pub(super) counted: LabelSet,
    /// One for each label.
    pub(super) probabilities: Vec<Option<f64>>,
    pub(super) speaker: Option<usize>,
    pub(super) relations: Vec<ReportedRelation>,
    pub(super) evidence: Vec<ReportedEvidence>,
    /// The denials that answer it.
    pub(super) answers: Vec<Answer>,
    /// The claim that it is a reprint of.
    pub(super) first_print: Option<usize>,
}

#[derive(Debug)]
pub(super) struct ReportedRelation {
    pub(super) label: usize,
    pub(super) sources: Vec<usize>,
    pub(super) targets: Vec<usize>,
}

/// What a term adds, with its place in the sentence in UTF-16 units, by which pages index text.
#[derive(Debug)]
pub(super) struct ReportedEvidence {
    pub(super) label: usize,
    pub(super) term: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) contribution: f64,
}

/// A denial that answers an accusation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) claim: usize,
    pub(super) score: f64,
    pub(super) days: i64,
}

impl Collection {
    /// Lines without a label are left out.
    ///
    /// # Errors
    /// [`Error::TooManyLabels`](crate::Error::TooManyLabels).
    pub(super) fn new(mut lines: Vec<ClaimLine>, mut linker: Linker) -> Result<Self> {
        lines.retain(|line| !line.labels.is_empty());
        let mut collector = Collector::new(&lines)?;
        let mut lines = collector.counted(lines);
        lines.sort_by_key(|(line, _)| {
            let day = day(line);
            (day.is_none(), day)
        });
        let mut found = Vec::new();
        let mut places = HashMap::new();
        let mut first_prints = Vec::new();
        for (number, (line, counted)) in lines.into_iter().enumerate() {
            linker.push(line.stated(), &mut found);
            first_prints.push(line.cluster.clone());
            let place = Place {
                article: line.article.clone(),
                sentence: line.sentence,
            };
            places.entry(place).or_insert(number);
            collector.take(line, counted);
        }
        linker.finish(&mut found);
        let mut collection = collector.finish();
        for (number, first) in first_prints.into_iter().enumerate() {
            let first = first.and_then(|first| places.get(&first).copied());
            collection.claims[number].first_print = first.filter(|&first| first != number);
        }
        collection.answer(&found, &places);
        Ok(collection)
    }

    /// The articles of claims.
    pub(super) fn article(&self, claim: &ReportedClaim) -> &ReportedArticle {
        &self.articles[claim.article]
    }

    /// First and last day.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        let days = || self.articles.iter().filter_map(|article| article.day);
        days().min().zip(days().max())
    }

    /// Tells accusations the denials that answer them; the first print has the answers to its reprints too.
    fn answer(&mut self, links: &[Linked], places: &HashMap<Place, usize>) {
        let number = |claim: &crate::link::StatedClaim| {
            let place = Place {
                article: claim.article.clone(),
                sentence: claim.sentence,
            };
            places.get(&place).copied()
        };
        for linked in links {
            let Linked::Denial { denial, answers } = linked else {
                continue;
            };
            for link in answers {
                let (Some(denial), Some(accusation)) = (number(denial), number(&link.accusation))
                else {
                    continue;
                };
                let answer = Answer {
                    claim: denial,
                    score: link.score,
                    days: link.delay_days,
                };
                self.claims[accusation].answers.push(answer);
                self.answer_first_print(accusation, answer);
            }
        }
    }

    fn answer_first_print(&mut self, reprint: usize, answer: Answer) {
        let Some(first) = self.claims[reprint].first_print else {
            return;
        };
        let day = |claim: usize| self.article(&self.claims[claim]).day;
        let days = match (day(answer.claim), day(first)) {
            (Some(later), Some(earlier)) => later.days_since(earlier),
            _ => answer.days,
        };
        let answers = &mut self.claims[first].answers;
        if days >= 0 && answers.iter().all(|known| known.claim != answer.claim) {
            answers.push(Answer { days, ..answer });
        }
    }
}

fn day(line: &ClaimLine) -> Option<Date> {
    line.date.as_deref().and_then(Date::parse)
}

/// Gives numbers to what claims refer to.
struct Collector {
    labels: Labels,
    outlets: Numbers,
    actors: Actors,
    terms: Numbers,
    article_numbers: HashMap<(String, Option<String>), usize>,
    articles: Vec<ReportedArticle>,
    claims: Vec<ReportedClaim>,
    is_clustered: bool,
}

impl Collector {
    fn new(lines: &[ClaimLine]) -> Result<Self> {
        let mut names = std::collections::BTreeSet::new();
        let mut actors = Actors::new();
        for line in lines {
            line.parties().for_each(|party| actors.learn(party));
            names.extend(line.labels.iter().chain(line.probabilities.keys()));
        }
        Ok(Self {
            labels: Labels::new(names)?,
            outlets: Numbers::default(),
            actors,
            terms: Numbers::default(),
            article_numbers: HashMap::new(),
            articles: Vec::new(),
            claims: Vec::new(),
            is_clustered: lines.iter().any(|line| line.cluster.is_some()),
        })
    }

    /// The lines with those of their labels that no earlier print carries.
    fn counted(&self, lines: Vec<ClaimLine>) -> Vec<(ClaimLine, LabelSet)> {
        let mut seen: HashMap<Place, LabelSet> = HashMap::new();
        let with_counted = lines.into_iter().map(|line| {
            let labels = self.labels_of(&line);
            let Some(cluster) = &line.cluster else {
                return (line, labels);
            };
            let seen = seen.entry(cluster.clone()).or_default();
            let counted = labels.iter().filter(|&label| !seen.contains(label));
            let counted = counted.collect();
            labels.iter().for_each(|label| seen.insert(label));
            (line, counted)
        });
        with_counted.collect()
    }

    fn labels_of(&self, line: &ClaimLine) -> LabelSet {
        let names = line.labels.iter();
        names.filter_map(|name| self.labels.index(name)).collect()
    }

    fn take(&mut self, line: ClaimLine, counted: LabelSet) {
        let labels = self.labels_of(&line);
        let probability = |name: &String| line.probabilities.get(name).copied();
        let probabilities = self.labels.names().iter().map(probability).collect();
        let speaker = line.speaker.as_ref();
        let claim = ReportedClaim {
            article: self.article(&line),
            sentence: line.sentence,
            labels,
            counted,
            probabilities,
            speaker: speaker.and_then(|party| self.actors.number(party)),
            relations: self.relations(&line, labels),
            evidence: self.evidence(&line),
            answers: Vec::new(),
            first_print: None,
            text: line.text,
        };
        self.claims.push(claim);
    }

    fn article(&mut self, line: &ClaimLine) -> usize {
        let key = (line.article.clone(), line.date.clone());
        if let Some(&number) = self.article_numbers.get(&key) {
            return number;
        }
        let day = day(line);
        let outlet = line.outlet.as_deref().map(plain);
        self.articles.push(ReportedArticle {
            id: plain(&line.article),
            title: line
                .title
                .as_deref()
                .map(plain)
                .filter(|title| !title.is_empty()),
            day,
            other_date: line
                .date
                .as_deref()
                .map(plain)
                .filter(|date| day.is_none() && !date.is_empty()),
            outlet: outlet
                .filter(|outlet| !outlet.is_empty())
                .map(|outlet| self.outlets.number(&outlet)),
        });
        let number = self.articles.len() - 1;
        self.article_numbers.insert(key, number);
        number
    }

    /// Who does what to whom: where the line has no relations, its source and target do what its labels say.
    fn relations(&mut self, line: &ClaimLine, labels: LabelSet) -> Vec<ReportedRelation> {
        let actors = &mut self.actors;
        let mut numbers = |parties: &[PartyLine]| {
            let mut found: Vec<usize> = Vec::new();
            for number in parties.iter().filter_map(|party| actors.number(party)) {
                if !found.contains(&number) {
                    found.push(number);
                }
            }
            found
        };
        let Some(relations) = &line.relations else {
            let sources = numbers(line.source.as_slice());
            let targets = numbers(line.target.as_slice());
            let relation = |label| ReportedRelation {
                label,
                sources: sources.clone(),
                targets: targets.clone(),
            };
            return labels.iter().map(relation).collect();
        };
        let found = relations.iter().filter_map(|relation| {
            let label = self.labels.index(&relation.label);
            Some(ReportedRelation {
                label: label.filter(|&label| labels.contains(label))?,
                sources: numbers(&relation.sources),
                targets: numbers(&relation.targets),
            })
        });
        found.collect()
    }

    fn evidence(&mut self, line: &ClaimLine) -> Vec<ReportedEvidence> {
        let units = Units::new(&line.text);
        let mut found = Vec::with_capacity(line.evidence.len());
        for evidence in &line.evidence {
            if let Some(evidence) = self.one_evidence(line, evidence, &units) {
                found.push(evidence);
            }
        }
        found
    }

    /// `None` for what does not stand in the sentence.
    fn one_evidence(
        &mut self,
        line: &ClaimLine,
        evidence: &EvidenceLine,
        units: &Units,
    ) -> Option<ReportedEvidence> {
        let label = self.labels.index(&evidence.label)?;
        let start = units.at(evidence.start.checked_sub(line.start)?)?;
        let end = units.at(evidence.end.checked_sub(line.start)?)?;
        (start <= end).then(|| ReportedEvidence {
            label,
            term: self.terms.number(&evidence.term),
            start,
            end,
            contribution: evidence.contribution,
        })
    }

    fn finish(self) -> Collection {
        Collection {
            labels: self.labels,
            outlets: self.outlets.names,
            actors: self.actors.into_names(),
            terms: self.terms.names,
            articles: self.articles,
            claims: self.claims,
            is_clustered: self.is_clustered,
        }
    }
}

/// Names by number, in the order in which they came.
#[derive(Debug, Default)]
struct Numbers {
    numbers: HashMap<String, usize>,
    names: Vec<String>,
}

impl Numbers {
    fn number(&mut self, name: &str) -> usize {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len();
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }
}

/// Code points of a text → UTF-16 units.
struct Units {
    /// How many units stand before each code point, where any takes two.
    before: Option<Vec<usize>>,
    points: usize,
}

impl Units {
    fn new(text: &str) -> Self {
        let points = text.chars().count();
        let is_plain = text.chars().all(|c| c.len_utf16() == 1);
        let before = (!is_plain).then(|| {
            let units = text.chars().scan(0, |units, c| {
                let before = *units;
                *units += c.len_utf16();
                Some(before)
            });
            units.chain([text.encode_utf16().count()]).collect()
        });
        Self { before, points }
    }

    fn at(&self, point: usize) -> Option<usize> {
        match &self.before {
            Some(before) => before.get(point).copied(),
            None => (point <= self.points).then_some(point),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, LazyLock};

    use super::super::line::read_claim_lines;
    use super::*;
    use crate::Model;
    use crate::link::LinkParams;

    /// A linker that has read nothing; the model is unpacked once.
    pub(in super::super) fn linker() -> Linker {
        static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| Model::shipped().into());
        Linker::new(Arc::clone(&MODEL), LinkParams::default()).unwrap()
    }

    /// The collection of JSON lines.
    pub(in super::super) fn collect(lines: &str) -> Collection {
        let lines = read_claim_lines("c.jsonl".as_ref(), lines.as_bytes());
        Collection::new(lines.collect::<Result<_>>().unwrap(), linker()).unwrap()
    }

    /// A line with what is needed, and the rest as it is given.
    pub(in super::super) fn line(
        article: &str,
        sentence: usize,
        label: &str,
        rest: &str,
    ) -> String {
        format!(
            r#"{{"article":"{article}","sentence":{sentence},"start":10,"end":13,"text":"No.","labels":["{label}"],"probabilities":{{"{label}":0.9}},"evidence":[]{rest}}}"#
        ) + "\n"
    }

    #[test]
    fn claims_are_sorted_by_day() {
        let lines = [
            line("a", 1, "denial", r#","date":"May""#),
            line("b", 1, "denial", r#","date":"2021-03-04T10:00""#),
            line("c", 1, "denial", r#","date":"2021-03-02""#),
            line("c", 2, "denial", r#","date":"2021-03-02""#),
        ];
        let collection = collect(&lines.concat());
        let places = collection
            .claims
            .iter()
            .map(|claim| (collection.article(claim).id.as_str(), claim.sentence));
        assert_eq!(
            places.collect::<Vec<_>>(),
            [("c", 1), ("c", 2), ("b", 1), ("a", 1)]
        );
        assert_eq!(collection.articles[2].other_date.as_deref(), Some("May"));
    }

    #[test]
    fn each_label_of_a_cluster_is_counted_once() {
        let first = r#","cluster":{"article":"a","sentence":1}"#;
        let lines = [
            line("a", 1, "denial", first),
            line("b", 4, "denial", first),
            line("c", 2, "accusation", first),
            line("d", 1, "denial", ""),
        ];
        let collection = collect(&lines.concat());
        let counted = collection.claims.iter().map(|claim| claim.counted.len());
        assert_eq!(counted.collect::<Vec<_>>(), [1, 0, 1, 1]);
        let first = collection.claims.iter().map(|claim| claim.first_print);
        assert_eq!(first.collect::<Vec<_>>(), [None, Some(0), Some(0), None]);
    }

    #[test]
    fn source_and_target_are_a_relation_where_there_is_no_other() {
        let parties = r#","source":{"text":"Minsk","code":"BLR"},"target":null"#;
        let relations = r#","relations":[{"label":"denial","sources":[],"targets":[{"text":"Obi","code":null},{"text":"obi"}]},{"label":"x","sources":[],"targets":[]}]"#;
        let collection = collect(
            &[
                line("a", 1, "denial", parties),
                line("a", 2, "denial", relations),
            ]
            .concat(),
        );
        let found = collection.claims.iter().flat_map(|claim| &claim.relations);
        let found: Vec<_> = found.map(|r| (&r.sources[..], &r.targets[..])).collect();
        assert_eq!(found, [(&[0][..], &[][..]), (&[], &[1])]);
    }

    #[test]
    fn evidence_is_found_in_utf16_and_what_stands_elsewhere_is_left_out() {
        let evidence = |start, end| {
            format!(r#"{{"label":"l","term":"t","start":{start},"end":{end},"contribution":1.0}}"#)
        };
        let places = [(11, 12), (12, 13), (9, 12), (13, 12), (12, 14)];
        let evidence = places.map(|(start, end)| evidence(start, end)).join(",");
        let line = format!(
            r#"{{"article":"a","sentence":1,"start":10,"text":"a😀b","labels":["l"],"probabilities":{{}},"evidence":[{evidence}]}}"#
        );
        let collection = collect(&line);
        let spans = collection.claims[0].evidence.iter();
        assert_eq!(
            spans.map(|e| (e.start, e.end)).collect::<Vec<_>>(),
            [(1, 3), (3, 4)]
        );
    }

    #[test]
    fn answers_to_a_reprint_are_answers_to_the_first_print() {
        let text = |label: &str, text: &str| {
            line("ID", 1, label, "").replace("\"No.\"", &format!("\"{text}\""))
        };
        let charge = text(
            "accusation",
            "Estonia said that Belarus had cut the power cable near Narva on purpose.",
        );
        let answer = text(
            "denial",
            "Belarus said that none of its ships had been near the power cable at Narva.",
        );
        let dated = |line: &str, id: &str, date: &str| {
            let rest = format!(
                r#""evidence":[],"date":"{date}","cluster":{{"article":"a","sentence":1}}"#
            );
            line.replace("ID", id).replace("\"evidence\":[]", &rest)
        };
        let lines = [
            dated(&charge, "a", "2021-03-01"),
            dated(&charge, "b", "2021-03-02"),
            dated(&answer, "c", "2021-03-05"),
        ];
        let collection = collect(&lines.concat());
        let days = |claim: usize| {
            let answers = collection.claims[claim].answers.iter();
            answers.map(|a| (a.claim, a.days)).collect::<Vec<_>>()
        };
        assert_eq!(days(0), [(2, 4)]);
        assert!(days(1).is_empty() || days(1) == [(2, 3)]);
    }
}
