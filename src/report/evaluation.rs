//! An evaluation for reading: aligned tables of plain text, within 100 columns for label names of up to 17 letters.

use std::io::{self, Write};

use super::Style;
use crate::evaluate::{Confusion, Estimate, Evaluation, LabelScores, Scores};

const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";
/// The longest name of a row that is no label.
const MEAN_AVERAGE_PRECISION: &str = "mean AP";

/// Writes the scores over all rows, then over each part: a row a label, the means, the 2×2 confusion of each label.
///
/// Intervals stand in brackets. Where no row carries a label, recall, F1 and average precision (AP) are `-`; ECE is
/// the expected calibration error.
///
/// # Errors
/// Those of `out`.
pub fn write_evaluation(
    out: &mut impl Write,
    evaluation: &Evaluation,
    style: Style,
) -> io::Result<()> {
    write_scores(out, "all", &evaluation.overall, style)?;
    for part in &evaluation.parts {
        writeln!(out)?;
        write_scores(out, &format!("part {}", part.part), &part.scores, style)?;
    }
    let resamples = evaluation.options.resamples;
    writeln!(
        out,
        "\n[low, high]: 95 % interval over {resamples} bootstrap resamples of the groups"
    )
}

fn write_scores(
    out: &mut impl Write,
    title: &str,
    scores: &Scores,
    style: Style,
) -> io::Result<()> {
    let names = scores
        .labels
        .iter()
        .map(|label| label.label.chars().count());
    let width = names.max().unwrap_or(0).max(MEAN_AVERAGE_PRECISION.len());
    let size = format!(
        "{title}: {} in {}",
        count(scores.n_samples, "sentence"),
        count(scores.n_groups, "group")
    );
    writeln!(out, "{}\n", bold(&size, style))?;

    let heading = format!(
        "{:width$}  {:18}  {:18}  {:18}  {:>5}  {:>7}  {:>5}",
        "label", "precision", "recall", "F1", "AP", "support", "ECE"
    );
    writeln!(out, "{}", bold(&heading, style))?;
    for label in &scores.labels {
        write_label(out, label, width)?;
    }
    writeln!(out)?;
    for (name, estimate) in [
        ("macro-F1", scores.macro_f1),
        ("micro-F1", scores.micro_f1),
        (MEAN_AVERAGE_PRECISION, scores.mean_average_precision),
    ] {
        writeln!(out, "{name:width$}  {}", interval(estimate))?;
    }

    let heading = format!(
        "{:width$}  {:>18}  {:>9}  {:>14}  {:>7}",
        "label", "gold and predicted", "gold only", "predicted only", "neither"
    );
    writeln!(out, "\n{}", bold(&heading, style))?;
    for LabelScores {
        label, confusion, ..
    } in &scores.labels
    {
        let Confusion {
            true_positives,
            false_negatives,
            false_positives,
            true_negatives,
        } = confusion;
        writeln!(
            out,
            "{label:width$}  {true_positives:>18}  {false_negatives:>9}  {false_positives:>14}  {true_negatives:>7}"
        )?;
    }
    Ok(())
}

fn write_label(out: &mut impl Write, label: &LabelScores, width: usize) -> io::Result<()> {
    let known = |text: String| {
        if label.support == 0 {
            "-".to_owned()
        } else {
            text
        }
    };
    writeln!(
        out,
        "{:width$}  {:18}  {:18}  {:18}  {:>5}  {:>7}  {:.3}",
        label.label,
        interval(label.precision),
        known(interval(label.recall)),
        known(interval(label.f1)),
        known(format!("{:.3}", label.average_precision)),
        label.support,
        label.expected_calibration_error,
    )
}

fn interval(Estimate { value, low, high }: Estimate) -> String {
    format!("{value:.3} [{low:.2}, {high:.2}]")
}

fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

fn bold(text: &str, style: Style) -> String {
    if style.colour {
        format!("{BOLD}{text}{RESET}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::EvaluationOptions;
    use crate::model::Prediction;
    use crate::{Dataset, LabelSet, Labels, Sample};

    /// Forty sentences in ten groups and two parts; nobody offers anything.
    fn evaluation() -> Evaluation {
        let labels = Labels::new(["accusation", "cooperation", "denial"]).unwrap();
        let sample = |row: usize| Sample {
            text: format!("Sentence {row}."),
            labels: (0..3)
                .filter(|label| label % 2 == 0 && row.is_multiple_of(label + 3))
                .collect(),
            group: format!("g{}", row / 4),
            id: row.to_string(),
            part: if row < 30 { "wire" } else { "natural" }.to_owned(),
        };
        let data = Dataset {
            samples: (0..40).map(sample).collect(),
            labels: labels.clone(),
            warnings: Vec::new(),
        };
        let predictions: Vec<Prediction> = data
            .samples
            .iter()
            .enumerate()
            .map(|(row, sample)| {
                let probability = |label| {
                    let right = (row * 7 + label) % 5 != 0;
                    let step = (row % 4) as f64 / 10.0;
                    if sample.labels.contains(label) == right {
                        0.9 - step
                    } else {
                        0.1 + step
                    }
                };
                let probabilities: Vec<f64> = (0..3).map(probability).collect();
                let passed: LabelSet = (0..3)
                    .filter(|&label| probabilities[label] >= 0.5)
                    .collect();
                Prediction {
                    labels: passed,
                    scores: vec![0.0; 3],
                    probabilities,
                }
            })
            .collect();
        Evaluation::new(&data, &labels, &predictions, &EvaluationOptions::default()).unwrap()
    }

    fn written(style: Style) -> String {
        let mut out = Vec::new();
        write_evaluation(&mut out, &evaluation(), style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables_are_aligned_within_100_columns() {
        let text = written(Style::default());
        assert!(text.lines().all(|line| line.chars().count() <= 100));
        insta::assert_snapshot!(text, @r#"
        all: 40 sentences in 10 groups

        label        precision           recall              F1                     AP  support    ECE
        accusation   0.688 [0.56, 0.85]  0.786 [0.60, 0.94]  0.733 [0.64, 0.83]  0.642       14  0.155
        cooperation  0.000 [0.00, 0.00]  -                   -                       -        0  0.350
        denial       0.500 [0.38, 0.62]  1.000 [1.00, 1.00]  0.667 [0.55, 0.77]  0.500        8  0.250

        macro-F1     0.700 [0.65, 0.74]
        micro-F1     0.613 [0.57, 0.65]
        mean AP      0.571 [0.51, 0.72]

        label        gold and predicted  gold only  predicted only  neither
        accusation                   11          3               5       21
        cooperation                   0          0               8       32
        denial                        8          0               8       24

        part wire: 30 sentences in 8 groups

        label        precision           recall              F1                     AP  support    ECE
        accusation   0.667 [0.55, 0.83]  0.800 [0.62, 1.00]  0.727 [0.67, 0.80]  0.587       10  0.210
        cooperation  0.000 [0.00, 0.00]  -                   -                       -        0  0.330
        denial       0.500 [0.30, 0.67]  1.000 [1.00, 1.00]  0.667 [0.46, 0.80]  0.500        6  0.270

        macro-F1     0.697 [0.63, 0.75]
        micro-F1     0.609 [0.55, 0.65]
        mean AP      0.544 [0.47, 0.73]

        label        gold and predicted  gold only  predicted only  neither
        accusation                    8          2               4       16
        cooperation                   0          0               6       24
        denial                        6          0               6       18

        part natural: 10 sentences in 3 groups

        label        precision           recall              F1                     AP  support    ECE
        accusation   0.750 [0.00, 1.00]  0.750 [0.00, 1.00]  0.750 [0.00, 1.00]  0.812        4  0.130
        cooperation  0.000 [0.00, 0.00]  -                   -                       -        0  0.410
        denial       0.500 [0.00, 1.00]  1.000 [0.00, 1.00]  0.667 [0.00, 1.00]  0.500        2  0.190

        macro-F1     0.708 [0.50, 0.73]
        micro-F1     0.625 [0.57, 0.67]
        mean AP      0.656 [0.50, 0.96]

        label        gold and predicted  gold only  predicted only  neither
        accusation                    3          1               1        5
        cooperation                   0          0               2        8
        denial                        2          0               2        6

        [low, high]: 95 % interval over 1000 bootstrap resamples of the groups
        "#);
    }

    #[test]
    fn colour_adds_escapes_only() {
        let coloured = written(Style {
            colour: true,
            ..Style::default()
        });
        assert!(coloured.starts_with(BOLD));
        assert_eq!(
            coloured.replace(BOLD, "").replace(RESET, ""),
            written(Style::default())
        );
    }
}
