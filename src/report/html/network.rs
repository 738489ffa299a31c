//! Who does what a label says to whom, as a drawing: actors on a circle, and an arrow for each pair.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::axis::{coordinate, short};
use super::collection::Collection;
use super::filter::{Count, Side};
use super::matrix::Pairs;

/// The most actors and arrows.
const ACTORS: usize = 12;
const ARROWS: usize = 30;
/// Units of the drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const RADIUS: f64 = 150.0;
/// Letters of a name for which there is room beside the circle.
const NAME: usize = 22;

/// The drawing of a label.
#[derive(Debug)]
pub(super) struct Network<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// The thinnest first, so that no thick one is hidden.
    pub(super) arrows: Vec<Arrow<'a>>,
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    pub(super) short: String,
    pub(super) at: Point,
    pub(super) radius: f64,
    /// Where its name stands, and which end of it.
    pub(super) label: Point,
    pub(super) anchor: &'static str,
}

#[derive(Debug)]
pub(super) struct Arrow<'a> {
    pub(super) source: &'a str,
    pub(super) target: &'a str,
    pub(super) count: Count,
    pub(super) width: f64,
    /// Begin, control point and end of the curve.
    pub(super) curve: [Point; 3],
    /// The corners of its head.
    pub(super) head: [Point; 3],
}

/// A place in the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    fn plus(self, other: Self, times: f64) -> Self {
        Self {
            x: self.x + other.x * times,
            y: self.y + other.y * times,
        }
    }

    fn to(self, other: Self) -> Self {
        other.plus(self, -1.0)
    }

    /// The same direction, of length 1.
    fn unit(self) -> Self {
        let length = self.x.hypot(self.y).max(f64::EPSILON);
        Self {
            x: self.x / length,
            y: self.y / length,
        }
    }

    /// A quarter turn.
    fn turned(self) -> Self {
        Self {
            x: -self.y,
            y: self.x,
        }
    }

    fn written(self) -> Self {
        Self {
            x: coordinate(self.x),
            y: coordinate(self.y),
        }
    }
}

/// `None` where no claim names two.
pub(super) fn network<'a>(collection: &'a Collection, pairs: &Pairs) -> Option<Network<'a>> {
    let named = |(&(source, target), &n): (&(Side, Side), &usize)| match (source, target) {
        (Side::Actor(source), Side::Actor(target)) if source != target => Some((source, target, n)),
        _ => None,
    };
    let mut named: Vec<(usize, usize, usize)> = pairs.by_pair.iter().filter_map(named).collect();
    named.sort_by_key(|&(source, target, n)| (std::cmp::Reverse(n), source, target));
    // The most frequent arrows, as long as there is room for their actors.
    let mut involved: BTreeMap<usize, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for (source, target, n) in named {
        let ends = [source, target];
        let new = ends.iter().filter(|&end| !involved.contains_key(end));
        if shown.len() < ARROWS && involved.len() + new.count() <= ACTORS {
            for end in ends {
                *involved.entry(end).or_default() += n;
            }
            shown.push((source, target, n));
        }
    }
    let mut actors: Vec<(usize, usize)> = involved.into_iter().collect();
    actors.sort_by_key(|&(actor, n)| (std::cmp::Reverse(n), actor));
    let largest = actors.first()?.1;
    let nodes: Vec<Node<'_>> = actors
        .iter()
        .enumerate()
        .map(|(at, &(actor, n))| {
            let share = at as f64 / actors.len() as f64;
            node(&collection.actors[actor], share, n as f64 / largest as f64)
        })
        .collect();
    let place = |actor| actors.iter().position(|&(other, _)| other == actor);
    let most = shown.first()?.2;
    let arrows = shown.into_iter().rev().filter_map(|(source, target, n)| {
        let count = pairs.count(n, Some(Side::Actor(source)), Some(Side::Actor(target)));
        let ends = (&nodes[place(source)?], &nodes[place(target)?]);
        Some(arrow(ends.0, ends.1, count, n as f64 / most as f64))
    });
    let arrows = arrows.collect();
    Some(Network { nodes, arrows })
}

/// The node of an actor at a share of the circle, from its top on.
fn node(name: &str, share: f64, size: f64) -> Node<'_> {
    let (sin, cos) = (share * TAU).sin_cos();
    let direction = Point { x: sin, y: -cos };
    let centre = Point {
        x: WIDTH / 2.0,
        y: HEIGHT / 2.0,
    };
    let radius = 5.0 + 7.0 * size.sqrt();
    let at = centre.plus(direction, RADIUS);
    let below = Point {
        x: 0.0,
        y: 4.0 + 6.0 * direction.y,
    };
    Node {
        name,
        short: short(name, NAME),
        at: at.written(),
        radius: coordinate(radius),
        label: at.plus(direction, radius + 6.0).plus(below, 1.0).written(),
        anchor: match sin {
            _ if sin.abs() < 0.1 => "middle",
            _ if sin > 0.0 => "start",
            _ => "end",
        },
    }
}

/// An arrow that bends to its left, so that those of the two directions lie apart.
fn arrow<'a>(from: &Node<'a>, to: &Node<'a>, count: Count, size: f64) -> Arrow<'a> {
    const BEND: f64 = 0.18;
    let width = 1.0 + 5.0 * size.sqrt();
    let between = from.at.to(to.at);
    let control = from.at.plus(between, 0.5).plus(between.turned(), -BEND);
    let begin = from.at.plus(from.at.to(control).unit(), from.radius + 1.0);
    let backwards = to.at.to(control).unit();
    let tip = to.at.plus(backwards, to.radius + 2.0);
    let (length, half) = (6.0 + 1.5 * width, 3.0 + 0.8 * width);
    let base = tip.plus(backwards, length);
    Arrow {
        source: from.name,
        target: to.name,
        count,
        width: coordinate(width),
        curve: [begin, control, base].map(Point::written),
        head: [
            tip,
            base.plus(backwards.turned(), half),
            base.plus(backwards.turned(), -half),
        ]
        .map(Point::written),
    }
}

#[cfg(test)]
mod tests {
    use super::super::collection::tests::{collect, line};
    use super::*;

    fn claim(n: usize, source: &str, target: &str) -> String {
        let parties = format!(r#","source":{{"text":"{source}"}},"target":{{"text":"{target}"}}"#);
        line("a", n, "l", &parties)
    }

    #[test]
    fn arrows_go_between_different_actors_within_the_drawing() {
        let mut lines = Vec::new();
        for n in 0..400 {
            let (source, target) = (n % 20, n / 20);
            lines.push(claim(
                n,
                &format!("actor {source}"),
                &format!("actor {target}"),
            ));
        }
        let collection = collect(&lines.concat());
        let network = network(&collection, &Pairs::of(&collection, 0)).unwrap();
        assert_eq!(
            (network.nodes.len(), network.arrows.len()),
            (ACTORS, ARROWS)
        );
        for arrow in &network.arrows {
            assert_ne!(arrow.source, arrow.target);
            for point in arrow.curve.iter().chain(&arrow.head) {
                assert!((0.0..=WIDTH).contains(&point.x) && (0.0..=HEIGHT).contains(&point.y));
            }
        }
    }

    #[test]
    fn every_actor_that_is_drawn_has_an_arrow() {
        let mut lines = Vec::new();
        for n in 0..40 {
            lines.push(claim(n, "hub", &format!("actor {}", n / 2)));
            lines.push(claim(n, &format!("one {n}"), &format!("other {n}")));
        }
        let collection = collect(&lines.concat());
        let network = network(&collection, &Pairs::of(&collection, 0)).unwrap();
        assert_eq!((network.nodes.len(), network.arrows.len()), (12, 11));
        for node in &network.nodes {
            let mut arrows = network.arrows.iter();
            assert!(arrows.any(|arrow| arrow.source == node.name || arrow.target == node.name));
        }
    }

    #[test]
    fn nothing_is_drawn_where_nobody_is_named_twice() {
        let collection = collect(&[claim(1, "A", "A"), line("a", 2, "l", "")].concat());
        assert!(network(&collection, &Pairs::of(&collection, 0)).is_none());
    }
}
