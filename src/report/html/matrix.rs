//! Who does what a label says to whom, as a table.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::{Collection, ReportedClaim};
use super::filter::{Count, Filter, Side};

/// The most actors on a side of the table.
const MOST: usize = 10;
/// Degrees of shade.
const SHADES: usize = 5;

/// Claims of a label by source and target.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) label: usize,
    /// Claims by source and target.
    pub(super) by_pair: BTreeMap<(Side, Side), usize>,
    sources: BTreeMap<Side, usize>,
    targets: BTreeMap<Side, usize>,
    pub(super) claims: usize,
    pub(super) once: bool,
}

impl Pairs {
    /// Each claim counts once in a pair, however often it names it.
    pub(super) fn of(collection: &Collection, label: usize) -> Self {
        let mut pairs = Self {
            label,
            by_pair: BTreeMap::new(),
            sources: BTreeMap::new(),
            targets: BTreeMap::new(),
            claims: 0,
            once: collection.is_clustered,
        };
        let counted = collection.claims.iter();
        for claim in counted.filter(|claim| claim.counted.contains(label)) {
            let found = pairs_of(claim, label);
            pairs.claims += 1;
            count(&mut pairs.sources, found.iter().map(|pair| pair.0));
            count(&mut pairs.targets, found.iter().map(|pair| pair.1));
            count(&mut pairs.by_pair, found.into_iter());
        }
        pairs
    }

    /// A number of claims and how they are found.
    pub(super) fn count(&self, value: usize, source: Option<Side>, target: Option<Side>) -> Count {
        let filter = Filter {
            label: Some(self.label),
            source,
            target,
            once: self.once,
            ..Filter::default()
        };
        Count::new(value, filter)
    }
}

/// The pairs of a claim. Where several do it to one another, none does it to itself.
fn pairs_of(claim: &ReportedClaim, label: usize) -> BTreeSet<(Side, Side)> {
    let mut found = BTreeSet::new();
    for relation in claim
        .relations
        .iter()
        .filter(|relation| relation.label == label)
    {
        let is_mutual = relation.sources.len() > 1 && relation.sources == relation.targets;
        for source in sides(&relation.sources) {
            let targets = sides(&relation.targets);
            found.extend(
                targets
                    .filter(|&target| !is_mutual || target != source)
                    .map(|target| (source, target)),
            );
        }
    }
    if found.is_empty() {
        found.insert((Side::Unnamed, Side::Unnamed));
    }
    found
}

fn sides(actors: &[usize]) -> impl Iterator<Item = Side> + '_ {
    let unnamed = actors.is_empty().then_some(Side::Unnamed);
    actors.iter().copied().map(Side::Actor).chain(unnamed)
}

fn count<T: Ord>(counts: &mut BTreeMap<T, usize>, found: impl Iterator<Item = T>) {
    for item in found.collect::<BTreeSet<T>>() {
        *counts.entry(item).or_default() += 1;
    }
}

/// The table of a label: its most frequent sources and targets, and those that are not named.
#[derive(Debug)]
pub(super) struct Matrix<'a> {
    pub(super) targets: Vec<&'a str>,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) n_sources: usize,
    pub(super) n_targets: usize,
    /// Claims that name source and target.
    pub(super) n_named: usize,
}

#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) source: &'a str,
    pub(super) cells: Vec<Cell>,
    pub(super) total: Count,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) count: Count,
    /// From 1 to 5; 0 for none.
    pub(super) shade: usize,
}

/// The table of `pairs`.
pub(super) fn matrix<'a>(collection: &'a Collection, pairs: &Pairs) -> Matrix<'a> {
    let (sources, targets) = (most(&pairs.sources), most(&pairs.targets));
    let number = |source, target| pairs.by_pair.get(&(source, target)).copied().unwrap_or(0);
    let named = pairs
        .by_pair
        .iter()
        .filter(|((source, target), _)| *source != Side::Unnamed && *target != Side::Unnamed);
    let largest = named.clone().map(|(_, &n)| n).max().unwrap_or(1);
    let rows = sources.iter().map(|&source| {
        let cell = |&target: &Side| {
            let n = number(source, target);
            let is_named = source != Side::Unnamed && target != Side::Unnamed;
            Cell {
                count: pairs.count(n, Some(source), Some(target)),
                shade: if is_named {
                    (n * SHADES).div_ceil(largest)
                } else {
                    0
                },
            }
        };
        Row {
            source: name(collection, source),
            cells: targets.iter().map(cell).collect(),
            total: pairs.count(pairs.sources[&source], Some(source), None),
        }
    });
    let is_actor = |side: &&Side| **side != Side::Unnamed;
    Matrix {
        rows: rows.collect(),
        targets: targets.iter().map(|&side| name(collection, side)).collect(),
        n_sources: pairs.sources.keys().filter(is_actor).count(),
        n_targets: pairs.targets.keys().filter(is_actor).count(),
        n_named: named.map(|(_, n)| n).sum(),
    }
}

/// The most frequent actors, most frequent first, and then what is not named.
fn most(counts: &BTreeMap<Side, usize>) -> Vec<Side> {
    let actors = counts.iter().filter(|(side, _)| **side != Side::Unnamed);
    let mut actors: Vec<(Side, usize)> = actors.map(|(&side, &n)| (side, n)).collect();
    actors.sort_by_key(|&(side, n)| (std::cmp::Reverse(n), side));
    actors.truncate(MOST);
    let unnamed = counts.contains_key(&Side::Unnamed).then_some(Side::Unnamed);
    actors
        .into_iter()
        .map(|(side, _)| side)
        .chain(unnamed)
        .collect()
}

fn name(collection: &Collection, side: Side) -> &str {
    match side {
        Side::Actor(number) => &collection.actors[number],
        Side::Unnamed => "not named",
    }
}

#[cfg(test)]
mod tests {
    use super::super::collection::tests::{collect, line};
    use super::*;

    fn relation(sources: &str, targets: &str) -> String {
        let parties = |names: &str| {
            let names = names.split_whitespace();
            let party = |name| format!(r#"{{"text":"{name}","code":null}}"#);
            names.map(party).collect::<Vec<_>>().join(",")
        };
        format!(
            r#","relations":[{{"label":"l","sources":[{}],"targets":[{}]}}]"#,
            parties(sources),
            parties(targets)
        )
    }

    fn rows(lines: &[String]) -> Vec<String> {
        let collection = collect(&lines.concat());
        let matrix = matrix(&collection, &Pairs::of(&collection, 0));
        let head = format!("- {}", matrix.targets.join(" "));
        let rows = matrix.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| cell.count.to_string());
            format!(
                "{} {} = {}",
                row.source,
                cells.collect::<Vec<_>>().join(" "),
                row.total
            )
        });
        [head].into_iter().chain(rows).collect()
    }

    #[test]
    fn claims_are_counted_by_source_and_target() {
        let lines = [
            line("a", 1, "l", &relation("A", "B C")),
            line("a", 2, "l", &relation("A", "B")),
            line("a", 3, "l", &relation("", "B")),
            line("a", 4, "l", ""),
        ];
        assert_eq!(
            rows(&lines),
            ["- B C not named", "A 2 1 0 = 2", "not named 1 0 1 = 2"]
        );
    }

    #[test]
    fn those_who_agree_with_one_another_do_not_agree_with_themselves() {
        let lines = [line("a", 1, "l", &relation("A B", "A B"))];
        assert_eq!(rows(&lines), ["- A B", "A 0 1 = 1", "B 1 0 = 1"]);
    }

    #[test]
    fn shades_go_from_one_to_five() {
        let mut lines = vec![line("a", 1, "l", &relation("A", "C"))];
        lines.extend((0..20).map(|n| line("b", n, "l", &relation("A", "B"))));
        let collection = collect(&lines.concat());
        let matrix = matrix(&collection, &Pairs::of(&collection, 0));
        let shades = matrix.rows[0].cells.iter().map(|cell| cell.shade);
        assert_eq!(shades.collect::<Vec<_>>(), [5, 1]);
    }
}
