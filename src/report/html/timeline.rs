//! Claims over time: for each label, bars for days, weeks, months or years, whichever are few enough to be told apart.

use super::axis::{Axis, Tick, coordinate, percent};
use super::collection::Collection;
use super::filter::{Count, Filter};
use crate::link::Date;

/// The most bars side by side.
const MOST: i64 = 60;
/// Pixels from the top, and of the longest bar.
const TOP: f64 = 24.0;
const HEIGHT: f64 = 96.0;
/// The widest bar, in percent.
const WIDEST: f64 = 4.5;
/// The most names below the axis, and the share of it after which there is no room for another.
const NAMES: usize = 8;
const LAST: f64 = 0.95;

/// Charts, one a label, over the same time.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    /// `month`.
    pub(super) unit: &'static str,
    pub(super) bins: Vec<Bin>,
    pub(super) panels: Vec<Panel<'a>>,
    /// Marks of the axis of time.
    pub(super) names: Vec<Tick>,
    pub(super) undated: Count,
}

/// A stretch of time, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bin {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) name: String,
}

/// The chart of a label.
#[derive(Debug)]
pub(super) struct Panel<'a> {
    pub(super) label: &'a str,
    pub(super) colour: usize,
    pub(super) bars: Vec<Bar>,
    pub(super) ticks: Vec<Tick>,
}

/// Across in percent, down in pixels.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) count: Count,
}

/// `None` without any date.
pub(super) fn timeline(collection: &Collection) -> Option<Timeline<'_>> {
    let (first, last) = collection.days()?;
    let unit = Unit::of(last.days_since(first) + 1);
    let bins = unit.bins(first, last);
    let panels = (0..)
        .zip(collection.labels.names())
        .map(|(label, name)| panel(collection, label, name, &bins))
        .collect();
    let is_undated = |claim: &&super::collection::ReportedClaim| {
        !claim.counted.is_empty() && collection.article(claim).day.is_none()
    };
    let undated = collection.claims.iter().filter(is_undated).count();
    Some(Timeline {
        unit: unit.name(),
        names: names(&bins),
        bins,
        panels,
        undated: Count::new(
            undated,
            Filter {
                undated: true,
                once: collection.is_clustered,
                ..Filter::default()
            },
        ),
    })
}

fn panel<'a>(collection: &Collection, label: usize, name: &'a str, bins: &[Bin]) -> Panel<'a> {
    let mut counts = vec![0; bins.len()];
    for claim in &collection.claims {
        if let Some(day) = collection.article(claim).day
            && claim.counted.contains(label)
        {
            counts[bins.partition_point(|bin| bin.to < day)] += 1;
        }
    }
    let axis = Axis::up_to(counts.iter().copied().max().unwrap_or(0));
    let bars = counts.iter().zip(bins).enumerate().map(|(at, (&n, bin))| {
        let height = HEIGHT * axis.share(n);
        let filter = Filter {
            label: Some(label),
            days: Some((bin.from, bin.to)),
            once: collection.is_clustered,
            ..Filter::default()
        };
        Bar {
            x: percent(at as f64 / bins.len() as f64),
            y: coordinate(TOP + HEIGHT - height),
            width: percent(0.9 / bins.len() as f64).min(WIDEST),
            height: coordinate(height),
            count: Count::new(n, filter),
        }
    });
    Panel {
        label: name,
        colour: super::colour(label),
        bars: bars.collect(),
        ticks: axis.ticks(|share| coordinate(TOP + HEIGHT * (1.0 - share))),
    }
}

/// The names of as many bins as there is room for.
fn names(bins: &[Bin]) -> Vec<Tick> {
    let share = |at: usize| at as f64 / bins.len() as f64;
    let named = bins.iter().enumerate().step_by(bins.len().div_ceil(NAMES));
    named
        .filter(|(at, _)| share(*at) <= LAST)
        .map(|(at, bin)| Tick {
            at: percent(share(at)),
            text: bin.name.clone(),
        })
        .collect()
}

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Years(i64),
}

impl Unit {
    /// The finest unit of which not too many make up so many days.
    fn of(days: i64) -> Self {
        const YEARS: [i64; 8] = [1, 2, 5, 10, 20, 50, 100, 200];
        if days <= MOST {
            Self::Day
        } else if days <= 7 * (MOST - 1) {
            Self::Week
        } else if days <= 28 * (MOST - 1) {
            Self::Month
        } else {
            let fits = |years: &i64| days <= 365 * years * (MOST - 1);
            Self::Years(YEARS.into_iter().find(fits).unwrap_or(200))
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Years(1) => "year",
            Self::Years(_) => "stretch of years",
        }
    }

    /// The first day of the unit that a day is in.
    fn begin(self, day: Date) -> Option<Date> {
        let (year, month, _) = day.calendar();
        match self {
            Self::Day => Some(day),
            Self::Week => Some(day.plus(-day.weekday())),
            Self::Month => Date::first_of(year, month),
            Self::Years(years) => Date::first_of(year - year.rem_euclid(years), 1),
        }
    }

    /// The first day of the next unit.
    fn next(self, begin: Date) -> Date {
        let (year, month, _) = begin.calendar();
        let next = match self {
            Self::Day => return begin.plus(1),
            Self::Week => return begin.plus(7),
            Self::Month if month < 12 => Date::first_of(year, month + 1),
            Self::Month => Date::first_of(year + 1, 1),
            Self::Years(years) => Date::first_of(year + years, 1),
        };
        next.unwrap_or_else(|| begin.plus(31 + 366 * MOST)) // past the last year of the calendar
    }

    fn name_of(self, begin: Date) -> String {
        let text = begin.to_string();
        let (year, ..) = begin.calendar();
        match self {
            Self::Day | Self::Week => text,
            Self::Month => text[..7].to_owned(),
            Self::Years(1) => text[..4].to_owned(),
            Self::Years(years) => format!("{}–{:04}", &text[..4], year + years - 1),
        }
    }

    fn bins(self, first: Date, last: Date) -> Vec<Bin> {
        let mut from = self.begin(first).unwrap_or(first);
        let mut bins = Vec::new();
        while from <= last {
            let next = self.next(from);
            bins.push(Bin {
                from,
                to: next.plus(-1),
                name: self.name_of(from),
            });
            from = next;
        }
        bins
    }
}

#[cfg(test)]
mod tests {
    use super::super::collection::tests::{collect, line};
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn bin_names(first: &str, last: &str) -> Vec<String> {
        let (first, last) = (day(first), day(last));
        let bins = Unit::of(last.days_since(first) + 1).bins(first, last);
        bins.into_iter().map(|bin| bin.name).collect()
    }

    #[test]
    fn unit_is_the_finest_that_fits() {
        assert_eq!(bin_names("2021-03-04", "2021-03-04"), ["2021-03-04"]);
        assert_eq!(
            bin_names("2021-03-04", "2021-06-01")[..2],
            ["2021-03-01", "2021-03-08"]
        );
        assert_eq!(
            bin_names("2020-12-31", "2023-01-01")[..2],
            ["2020-12", "2021-01"]
        );
        assert_eq!(bin_names("1987-06-01", "2023-01-01")[..2], ["1987", "1988"]);
        assert_eq!(
            bin_names("1850-06-01", "2023-01-01")[..2],
            ["1850–1854", "1855–1859"]
        );
    }

    proptest! {
        #[test]
        fn bins_are_few_and_without_gap(a in 0..3_652_058_i64, b in 0..3_652_058_i64) {
            let (first, last) = (day("0000-01-01").plus(a.min(b)), day("0000-01-01").plus(a.max(b)));
            let bins = Unit::of(last.days_since(first) + 1).bins(first, last);
            prop_assert!((1..=MOST as usize + 1).contains(&bins.len()), "{}", bins.len());
            prop_assert!(bins[0].from <= first && bins.last().unwrap().to >= last);
            prop_assert!(bins.windows(2).all(|pair| pair[0].to.plus(1) == pair[1].from));
            let names = names(&bins);
            prop_assert!((1..=NAMES).contains(&names.len()));
            prop_assert!(names.iter().all(|name| name.at <= 100.0 * LAST));
        }
    }

    #[test]
    fn bars_count_each_claim_once() {
        let cluster = r#","cluster":{"article":"a","sentence":1}"#;
        let dated = |date: &str| format!(r#"{cluster},"date":"{date}""#);
        let lines = [
            line("a", 1, "denial", &dated("2021-03-04")),
            line("b", 1, "denial", &dated("2021-03-05")),
            line("c", 1, "denial", r#","date":"2021-03-06""#),
            line("d", 1, "denial", ""),
        ];
        let collection = collect(&lines.concat());
        let timeline = timeline(&collection).unwrap();
        let counts = timeline.panels[0].bars.iter().map(|bar| bar.count.value);
        assert_eq!(counts.collect::<Vec<_>>(), [1, 0, 1]);
        assert_eq!(timeline.undated.value, 1);
        assert_eq!(
            timeline.panels[0].bars[2].count.filter.to_string(),
            "#label=0&from=2021-03-06&to=2021-03-06&once=1"
        );
    }
}
