//! Labels of several coders on the same sentences → how far they agree beyond chance, with intervals.
//!
//! ```
//! use rejoinder::evaluate::{CodedUnit, EvaluationOptions, agreement};
//! use rejoinder::{LabelSet, Labels};
//!
//! let labels = Labels::new(["denial"])?;
//! let unit = |group, codings: [&[usize]; 2]| CodedUnit {
//!     group,
//!     codings: codings.iter().enumerate().map(|(coder, set)| (coder, set.iter().copied().collect())).collect(),
//! };
//! let units = [unit(0, [&[0], &[0]]), unit(1, [&[], &[]]), unit(2, [&[0], &[]]), unit(3, [&[], &[]])];
//! let found = agreement(&units, &labels, &EvaluationOptions::default());
//! let kappa = found.pairs[0].kappa[0].expect("both values occur").value;
//! assert!((kappa - 0.5).abs() < 1e-12);
//! # Ok::<(), rejoinder::Error>(())
//! ```

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::bootstrap::percentile;
use super::{Estimate, EvaluationOptions};
use crate::train::SplitMix;
use crate::{LabelSet, Labels};

/// A sentence with the labels that coders gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedUnit {
    /// The article, by number: what the bootstrap draws.
    pub group: usize,
    /// Each coder, by number, once at most.
    pub codings: Vec<(usize, LabelSet)>,
}

/// How far coders agree. Sentences that fewer than two of them coded are left out.
///
/// A coefficient is `None` where it is not defined: without two different values, chance alone would agree on everything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Sentences that two or more coders coded.
    pub n_units: usize,
    /// Krippendorff's α of each label, in order: on a sentence or not.
    pub alpha: Vec<Option<Estimate>>,
    /// Krippendorff's α of the whole sets of labels, each set a value of its own.
    pub alpha_of_sets: Option<Estimate>,
    /// Each two coders that share a sentence.
    pub pairs: Vec<PairAgreement>,
}

/// How far two coders agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairAgreement {
    /// The two, the lower number first.
    pub coders: (usize, usize),
    /// Sentences that both coded.
    pub n_units: usize,
    /// Cohen's κ of each label, in order.
    pub kappa: Vec<Option<Estimate>>,
}

/// Compares the codings. Intervals are percentiles over resamples of whole groups, as in [`Estimate`]; resamples in which a
/// coefficient is not defined are left out of them.
///
/// Krippendorff's α is for nominal values, any number of coders and missing codings (Krippendorff 2011, "Computing
/// Krippendorff's Alpha-Reliability", section C); Cohen's κ is for two coders (Cohen 1960, equation 1).
pub fn agreement(units: &[CodedUnit], labels: &Labels, options: &EvaluationOptions) -> Agreement {
    let shared: Vec<&CodedUnit> = units
        .iter()
        .filter(|unit| unit.codings.len() >= 2)
        .collect();
    let value_of = |label: usize| move |set: LabelSet| u64::from(set.contains(label));
    let rows = |value: &dyn Fn(LabelSet) -> u64| -> Vec<Row> {
        let row = |unit: &&CodedUnit| Row {
            group: unit.group,
            values: unit.codings.iter().map(|&(_, set)| value(set)).collect(),
        };
        shared.iter().map(row).collect()
    };
    let alphas = (0..labels.len())
        .map(|label| estimate(&rows(&value_of(label)), options, alpha))
        .collect();
    Agreement {
        n_units: shared.len(),
        alpha: alphas,
        alpha_of_sets: estimate(&rows(&LabelSet::bits), options, alpha),
        pairs: pairs(&shared)
            .into_iter()
            .map(|(coders, coded)| PairAgreement {
                coders,
                n_units: coded.len(),
                kappa: (0..labels.len())
                    .map(|label| {
                        let row = |&(group, one, other): &(usize, LabelSet, LabelSet)| Row {
                            group,
                            values: [one, other].map(value_of(label)).to_vec(),
                        };
                        let rows: Vec<Row> = coded.iter().map(row).collect();
                        estimate(&rows, options, kappa)
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// The sentences that each two coders share: group, labels of the one, labels of the other.
type Pairs = BTreeMap<(usize, usize), Vec<(usize, LabelSet, LabelSet)>>;

fn pairs(units: &[&CodedUnit]) -> Pairs {
    let mut pairs = Pairs::new();
    for unit in units {
        for &(one, set) in &unit.codings {
            for &(other, other_set) in unit.codings.iter().filter(|coding| coding.0 > one) {
                let shared = pairs.entry((one, other)).or_default();
                shared.push((unit.group, set, other_set));
            }
        }
    }
    pairs
}

/// The values that a sentence was given.
struct Row {
    group: usize,
    values: Vec<u64>,
}

/// A coefficient of rows, each of which counts as often as is said.
type Coefficient = fn(&mut dyn Iterator<Item = (usize, &[u64])>) -> Option<f64>;

/// A coefficient with its interval.
fn estimate(rows: &[Row], options: &EvaluationOptions, of: Coefficient) -> Option<Estimate> {
    let value = of(&mut rows.iter().map(|row| (1, row.values.as_slice())))?;
    let mut number_of = BTreeMap::new();
    let group_of: Vec<usize> = rows
        .iter()
        .map(|row| {
            let next = number_of.len();
            *number_of.entry(row.group).or_insert(next)
        })
        .collect();
    let n_groups = number_of.len();
    let mut seeds = SplitMix::new(options.seed);
    let seeds: Vec<u64> = (0..options.resamples).map(|_| seeds.next()).collect();
    let resample = |seed: u64| {
        let mut random = SplitMix::new(seed);
        let mut times = vec![0; n_groups];
        for _ in 0..n_groups {
            times[random.below(n_groups)] += 1;
        }
        let drawn = rows.iter().zip(&group_of);
        of(&mut drawn.map(|(row, &group)| (times[group], row.values.as_slice())))
    };
    let mut drawn: Vec<f64> = seeds.into_par_iter().filter_map(resample).collect();
    drawn.sort_by(f64::total_cmp);
    Some(Estimate {
        value,
        low: percentile(&drawn, 0.025),
        high: percentile(&drawn, 0.975),
    })
}

/// Krippendorff's α: `1 - D_o / D_e`, with `D_o` the share of pairs within sentences, each sentence weighted by `1 / (m - 1)` for
/// its `m` values, that differ, and `D_e` that share among all values regardless of sentences.
fn alpha(rows: &mut dyn Iterator<Item = (usize, &[u64])>) -> Option<f64> {
    let mut total: BTreeMap<u64, usize> = BTreeMap::new();
    let mut observed = 0.0;
    for (times, values) in rows {
        let unequal = values
            .iter()
            .map(|one| values.iter().filter(|&other| other != one).count());
        observed += times as f64 * unequal.sum::<usize>() as f64 / (values.len() - 1) as f64;
        for &value in values {
            *total.entry(value).or_default() += times;
        }
    }
    let n: usize = total.values().sum();
    let expected: f64 = total
        .values()
        .map(|&count| count as f64 * (n - count) as f64)
        .sum();
    (expected > 0.0).then(|| 1.0 - (n - 1) as f64 * observed / expected)
}

/// Cohen's κ: `(p_o - p_e) / (1 - p_e)`, with `p_o` the share of sentences on which the two agree, and `p_e` the share expected
/// when each draws by chance from the values as often as they gave them.
fn kappa(rows: &mut dyn Iterator<Item = (usize, &[u64])>) -> Option<f64> {
    let mut of_coder: [BTreeMap<u64, usize>; 2] = Default::default();
    let (mut n, mut agreed) = (0, 0);
    for (times, values) in rows {
        n += times;
        agreed += times * usize::from(values[0] == values[1]);
        for (counts, &value) in of_coder.iter_mut().zip(values) {
            *counts.entry(value).or_default() += times;
        }
    }
    let n = n as f64;
    let [one, other] = &of_coder;
    let both = |(value, &count): (&u64, &usize)| {
        let also = other.get(value).copied().unwrap_or(0);
        count as f64 * also as f64 / (n * n)
    };
    let expected: f64 = one.iter().map(both).sum();
    (expected < 1.0).then(|| (agreed as f64 / n - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit from `.` for no coding, `-` for no label, and a digit for that label.
    fn unit(group: usize, codings: &str) -> CodedUnit {
        let set = |c: char| LabelSet::from_iter(c.to_digit(10).map(|label| label as usize));
        let codings = codings.chars().enumerate();
        CodedUnit {
            group,
            codings: codings
                .filter(|&(_, c)| c != '.')
                .map(|(coder, c)| (coder, set(c)))
                .collect(),
        }
    }

    fn labels(count: usize) -> Labels {
        Labels::new((0..count).map(|label| label.to_string())).unwrap()
    }

    #[test]
    fn alpha_is_that_of_the_published_example() {
        // Three coders, fifteen units, values 1 to 4: nominal α is 0.691.
        let coders = [".....34121133.3", "1.2133 43.......", "..21344.2113 3.4"]
            .map(|values| values.replace(' ', ""));
        let units: Vec<CodedUnit> = (0..15)
            .map(|at| {
                let codings: String = coders
                    .iter()
                    .map(|values| values.chars().nth(at).unwrap_or('.'))
                    .collect();
                unit(at, &codings)
            })
            .collect();
        let found = agreement(&units, &labels(5), &EvaluationOptions::default());
        assert_eq!(found.n_units, 12);
        let alpha = found.alpha_of_sets.unwrap();
        assert!((alpha.value - 0.691_358).abs() < 1e-6, "{alpha:?}");
        assert!(alpha.low < alpha.value && alpha.value < alpha.high);
    }

    #[test]
    fn kappa_is_that_of_the_published_example() {
        // 20 both, 15 neither, 5 the first alone, 10 the second alone: κ is 0.4.
        let codings = [("00", 20), ("--", 15), ("0-", 5), ("-0", 10)];
        let units: Vec<CodedUnit> = codings
            .iter()
            .flat_map(|&(codings, times)| std::iter::repeat_n(codings, times))
            .enumerate()
            .map(|(at, codings)| unit(at, codings))
            .collect();
        let found = agreement(&units, &labels(1), &EvaluationOptions::default());
        let kappa = found.pairs[0].kappa[0].unwrap();
        assert!((kappa.value - 0.4).abs() < 1e-12);
        assert!(kappa.low > 0.1 && kappa.high < 0.7, "{kappa:?}");
    }

    #[test]
    fn without_two_values_there_is_no_coefficient() {
        let units = [unit(0, "--"), unit(1, "--"), unit(2, "0.")];
        let found = agreement(&units, &labels(1), &EvaluationOptions::default());
        assert_eq!((found.n_units, found.alpha[0]), (2, None));
        assert_eq!(found.pairs[0].kappa, [None]);
        let nobody = agreement(&[], &labels(1), &EvaluationOptions::default());
        assert_eq!((nobody.n_units, nobody.pairs.len()), (0, 0));
    }

    #[test]
    fn whole_groups_are_drawn() {
        let one_group = [unit(0, "00"), unit(0, "0-"), unit(0, "--")];
        let found = agreement(&one_group, &labels(1), &EvaluationOptions::default());
        let alpha = found.alpha[0].unwrap();
        assert_eq!((alpha.low, alpha.high), (alpha.value, alpha.value));
    }
}
