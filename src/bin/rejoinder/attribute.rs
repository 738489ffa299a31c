//! `rejoinder attribute`

use anyhow::Result;
use rejoinder::article::furniture;
use rejoinder::report::{AttributionFormat, AttributionWriter, Style};
use rejoinder::{Article, Attributor, CueTable, segment};

use crate::Outcome;
use crate::args::{Attribute, LineFormat};
use crate::sink::Target;
use crate::stream::{Stream, counted};
use crate::terminal::{Terminal, output_style};

pub(crate) fn run(args: Attribute, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let writer = AttributionWriter::new(match args.format {
        LineFormat::Text if args.output.is_some() => AttributionFormat::Text(Style::default()),
        LineFormat::Text => AttributionFormat::Text(output_style()),
        LineFormat::Jsonl => AttributionFormat::Jsonl,
    });
    let stream = Stream {
        paths: args.paths,
        options: args.columns.into(),
        target: Target {
            path: args.output,
            ..Target::default()
        },
        strict: args.strict,
        threads,
        terminal,
    };
    let cues = CueTable::shipped();
    let worker = || {
        let mut attributor = Attributor::new(cues.clone());
        let mut sentences = Vec::new();
        move |_, articles: &[Article], out: &mut Vec<u8>| {
            let mut count = 0;
            for article in articles {
                let text = article.text.as_str();
                segment(text, &furniture(text), &mut sentences);
                let found = attributor.attribute(text, &sentences);
                writer
                    .write(out, article, &found)
                    .expect("a vector takes every byte");
                count += found.len();
            }
            count
        }
    };
    let summary = stream.run(&[], worker, |_, _| {})?;
    Ok(summary.tell(&counted(summary.counts, "attribution"), terminal))
}
