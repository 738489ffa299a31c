//! Why a sentence scores as it does, for reading.

use std::io::{self, Write};

use super::text::{Style, relation_line};
use crate::Model;
use crate::pipeline::Explanation;

const BAR: usize = 24;

/// Writes, for each label, the sum that makes the score, who does it to whom in `text`, the `top` terms that weigh most, and the fewest terms whose
/// absence would flip the decision.
///
/// # Errors
/// Those of `out`.
pub fn write_explanation(
    out: &mut impl Write,
    model: &Model,
    text: &str,
    explanation: &Explanation,
    top: usize,
    style: Style,
) -> io::Result<()> {
    for (label, name) in model.labels().names().iter().enumerate() {
        let prediction = &explanation.prediction;
        let given = prediction.labels.contains(label);
        let verdict = if given { "yes" } else { "no" };
        writeln!(
            out,
            "{}  probability {:.3}, threshold {:.3}",
            style.label(label, &format!("{name}: {verdict}")),
            prediction.probabilities[label],
            model.thresholds()[label],
        )?;
        let terms: f64 = explanation
            .terms
            .iter()
            .map(|term| term.contributions[label])
            .fold(0.0, |sum, contribution| sum + contribution);
        writeln!(
            out,
            "  score {:+.4} = intercept {:+.4} + terms {terms:+.4}",
            prediction.scores[label], explanation.intercepts[label]
        )?;
        for relation in explanation.relations.iter().filter(|r| r.label == label) {
            writeln!(out, "  {}", relation_line(text, relation))?;
        }
        let mut order: Vec<_> = explanation.terms.iter().collect();
        order.sort_by(|a, b| {
            b.contributions[label]
                .abs()
                .total_cmp(&a.contributions[label].abs())
        });
        let largest = order
            .first()
            .map_or(1.0, |term| term.contributions[label].abs())
            .max(f64::MIN_POSITIVE);
        for term in order.iter().take(top) {
            let contribution = term.contributions[label];
            let bar = "█".repeat((contribution.abs() / largest * BAR as f64).round() as usize);
            writeln!(out, "  {contribution:+8.4}  {:<32} {bar}", term.term)?;
        }
        if order.len() > top {
            let rest: f64 = order[top..]
                .iter()
                .map(|term| term.contributions[label])
                .sum();
            writeln!(out, "  {rest:+8.4}  {} other terms", order.len() - top)?;
        }
        writeln!(
            out,
            "  {}",
            flip_line(explanation.flip(model, label).as_deref(), given)
        )?;
        writeln!(out)?;
    }
    Ok(())
}

fn flip_line(flip: Option<&[String]>, given: bool) -> String {
    let change = if given { "lose" } else { "gain" };
    match flip {
        Some(terms) => format!("it would {change} the label without: {}", terms.join(", ")),
        None => format!("no terms of the sentence could be left out to {change} the label"),
    }
}
