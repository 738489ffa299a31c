//! Axes: round numbers from 0 up to what has to fit.

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Where it stands: pixels from the top, or percent of the width.
    pub(super) at: f64,
    pub(super) text: String,
}

/// An axis for counts, from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    step: usize,
    steps: usize,
}

impl Axis {
    /// An axis of at most five steps, each 1, 2 or 5 times a power of ten, that reaches `most`.
    pub(super) fn up_to(most: usize) -> Self {
        let most = most.max(1);
        let mut step = 1;
        while most.div_ceil(step) > 5 {
            let is_two = step.to_string().starts_with('2');
            step = if is_two { step / 2 * 5 } else { step * 2 };
        }
        Self {
            step,
            steps: most.div_ceil(step),
        }
    }

    /// The share of the axis that a count takes.
    pub(super) fn share(self, count: usize) -> f64 {
        count as f64 / (self.step * self.steps) as f64
    }

    /// The marks, `place` telling where a share of the axis stands.
    pub(super) fn ticks(self, place: impl Fn(f64) -> f64) -> Vec<Tick> {
        let counts = (0..=self.steps).map(|n| n * self.step);
        counts
            .map(|count| Tick {
                at: place(self.share(count)),
                text: super::filter::grouped(count),
            })
            .collect()
    }
}

/// A share as a percentage of the drawing's width: drawings are as wide as there is room for.
pub(super) fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

/// A coordinate as it is written: one decimal is finer than a screen shows.
pub(super) fn coordinate(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A name that fits beside a chart; the whole one stands in its description.
pub(super) fn short(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let begin: String = name.chars().take(most - 1).collect();
    begin.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_reach_the_most() {
        for (most, texts) in [
            (0, "0 1"),
            (4, "0 1 2 3 4"),
            (6, "0 2 4 6"),
            (11, "0 5 10 15"),
            (23, "0 5 10 15 20 25"),
            (1_234, "0 500 1,000 1,500"),
        ] {
            let ticks = Axis::up_to(most).ticks(|share| share);
            let found: Vec<_> = ticks.iter().map(|tick| tick.text.as_str()).collect();
            assert_eq!(found.join(" "), texts);
            assert!((ticks.last().unwrap().at - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(short("Agence Littoral", 8), "Agence…");
        assert_eq!(short("Courier", 7), "Courier");
    }
}
