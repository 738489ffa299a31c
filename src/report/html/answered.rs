//! Who is accused most, and whether and after how many days a denial answers.

use std::collections::BTreeMap;

use super::axis::{Axis, Tick, percent, short};
use super::collection::{Collection, ReportedClaim};
use super::filter::{Count, Filter, Side};

/// The most actors.
const MOST: usize = 15;
/// Days to the first answer that are counted together, both ends included.
const DELAYS: [(i64, Option<i64>, &str); 6] = [
    (0, Some(0), "same day"),
    (1, Some(1), "1 day"),
    (2, Some(3), "2–3 days"),
    (4, Some(7), "4–7 days"),
    (8, Some(30), "8–30 days"),
    (31, None, "31 or more"),
];
/// Pixels.
const ROW: f64 = 26.0;
const TOP: f64 = 8.0;

/// Accusations and their answers.
#[derive(Debug)]
pub(super) struct Answered<'a> {
    pub(super) colour: usize,
    pub(super) total: Tally,
    pub(super) accused: Vec<Accused<'a>>,
    pub(super) n_accused: usize,
    pub(super) accused_axis: Vec<Tick>,
    pub(super) delays: Vec<Delay>,
    pub(super) delays_axis: Vec<Tick>,
}

/// Accusations, with those that a denial answers and those that none does.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) all: Count,
    pub(super) answered: Count,
    pub(super) unanswered: Count,
    pub(super) percent: f64,
    /// Median of the days to the first answer.
    pub(super) median: Option<f64>,
}

/// A row of the table and of the chart: across in percent, down in pixels.
#[derive(Debug)]
pub(super) struct Accused<'a> {
    pub(super) name: &'a str,
    pub(super) short: String,
    pub(super) tally: Tally,
    pub(super) y: f64,
    pub(super) answered_width: f64,
    pub(super) unanswered_x: f64,
    pub(super) unanswered_width: f64,
}

/// How many accusations are first answered within some days.
#[derive(Debug)]
pub(super) struct Delay {
    pub(super) name: &'static str,
    pub(super) count: Count,
    pub(super) y: f64,
    pub(super) width: f64,
}

impl Answered<'_> {
    pub(super) fn accused_height(&self) -> f64 {
        height(self.accused.len())
    }

    pub(super) fn delays_height(&self) -> f64 {
        height(self.delays.len())
    }
}

fn height(rows: usize) -> f64 {
    TOP + ROW * rows as f64 + 44.0
}

/// `None` where no label is `accusation`.
pub(super) fn answered(collection: &Collection) -> Option<Answered<'_>> {
    let label = collection.labels.index(super::ACCUSATION)?;
    let accusations: Vec<&ReportedClaim> = collection
        .claims
        .iter()
        .filter(|claim| claim.counted.contains(label))
        .collect();
    let tallying = Tallying {
        filter: Filter {
            label: Some(label),
            once: collection.is_clustered,
            ..Filter::default()
        },
    };
    let mut by_accused: BTreeMap<usize, Vec<&ReportedClaim>> = BTreeMap::new();
    for claim in &accusations {
        for actor in accused(claim, label) {
            by_accused.entry(actor).or_default().push(claim);
        }
    }
    let n_accused = by_accused.len();
    let mut most: Vec<(usize, Vec<&ReportedClaim>)> = by_accused.into_iter().collect();
    most.sort_by_key(|(actor, claims)| (std::cmp::Reverse(claims.len()), *actor));
    most.truncate(MOST);
    let axis = Axis::up_to(most.first().map_or(0, |(_, claims)| claims.len()));
    let rows = most.iter().enumerate().map(|(at, (actor, claims))| {
        let tally = tallying.tally(claims, Some(*actor));
        let name = collection.actors[*actor].as_str();
        let answered_width = percent(axis.share(tally.answered.value));
        Accused {
            name,
            short: short(name, 21),
            y: y(at),
            answered_width,
            unanswered_x: answered_width,
            unanswered_width: percent(axis.share(tally.unanswered.value)),
            tally,
        }
    });
    let (delays, delays_axis) = tallying.delays(&accusations);
    Some(Answered {
        colour: super::colour(label),
        accused: rows.collect(),
        n_accused,
        accused_axis: axis.ticks(percent),
        total: tallying.tally(&accusations, None),
        delays,
        delays_axis,
    })
}

fn y(row: usize) -> f64 {
    TOP + ROW * row as f64
}

fn accused(claim: &ReportedClaim, label: usize) -> std::collections::BTreeSet<usize> {
    let relations = claim
        .relations
        .iter()
        .filter(|relation| relation.label == label);
    relations
        .flat_map(|relation| relation.targets.iter().copied())
        .collect()
}

fn first_answer(claim: &ReportedClaim) -> Option<i64> {
    claim.answers.iter().map(|answer| answer.days).min()
}

/// Counts accusations; `filter` shows all of them.
struct Tallying {
    filter: Filter,
}

impl Tallying {
    fn tally(&self, claims: &[&ReportedClaim], target: Option<usize>) -> Tally {
        let mut days: Vec<i64> = claims
            .iter()
            .filter_map(|claim| first_answer(claim))
            .collect();
        let count = |value, answered| {
            let filter = Filter {
                target: target.map(Side::Actor),
                answered,
                ..self.filter
            };
            Count::new(value, filter)
        };
        Tally {
            all: count(claims.len(), None),
            answered: count(days.len(), Some(true)),
            unanswered: count(claims.len() - days.len(), Some(false)),
            percent: 100.0 * days.len() as f64 / claims.len().max(1) as f64,
            median: median(&mut days),
        }
    }

    fn delays(&self, claims: &[&ReportedClaim]) -> (Vec<Delay>, Vec<Tick>) {
        let counts = DELAYS.map(|(least, most, _)| {
            let days = claims.iter().filter_map(|claim| first_answer(claim));
            days.filter(|&days| days >= least && most.is_none_or(|most| days <= most))
                .count()
        });
        let axis = Axis::up_to(counts.iter().copied().max().unwrap_or(0));
        let delays =
            DELAYS
                .iter()
                .zip(counts)
                .enumerate()
                .map(|(at, (&(least, most, name), n))| {
                    let filter = Filter {
                        delay: Some((least, most)),
                        ..self.filter
                    };
                    Delay {
                        name,
                        count: Count::new(n, filter),
                        y: y(at),
                        width: percent(axis.share(n)),
                    }
                });
        (delays.collect(), axis.ticks(percent))
    }
}

fn median(days: &mut [i64]) -> Option<f64> {
    days.sort_unstable();
    let last = days.len().checked_sub(1)?;
    Some((days[last / 2] + days[days.len() / 2]) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::collection::Answer;
    use super::super::collection::tests::{collect, line};
    use super::*;

    #[test]
    fn median_is_the_middle_or_the_mean_of_both_middles() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7, 1, 3]), Some(3.0));
        assert_eq!(median(&mut [9, 0, 2, 1]), Some(1.5));
    }

    #[test]
    fn accusations_are_told_by_accused_and_answer() {
        let accuse = |n: usize, target: &str| {
            line(
                "a",
                n,
                "accusation",
                &format!(r#","target":{{"text":"{target}"}}"#),
            )
        };
        let lines = [
            accuse(1, "A"),
            accuse(2, "B"),
            accuse(3, "B"),
            accuse(4, "B"),
        ];
        let mut collection = collect(&lines.concat());
        for (claim, days) in [(1, 40), (1, 2), (2, 0)] {
            let answer = Answer {
                claim: 0,
                score: 1.0,
                days,
            };
            collection.claims[claim].answers.push(answer);
        }
        let answered = answered(&collection).unwrap();
        let rows = answered.accused.iter().map(|row| {
            let tally = &row.tally;
            (
                row.name,
                tally.answered.value,
                tally.unanswered.value,
                tally.median,
            )
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [("B", 2, 1, Some(1.0)), ("A", 0, 1, None)]
        );
        let delays = answered.delays.iter().map(|delay| delay.count.value);
        assert_eq!(delays.collect::<Vec<_>>(), [1, 0, 1, 0, 0, 0]);
        assert_eq!(
            answered.accused[0].tally.unanswered.filter.to_string(),
            "#label=0&target=1&answered=no&once=0"
        );
    }
}
