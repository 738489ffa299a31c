//! `rejoinder report`

use std::time::Instant;

use anyhow::Result;
use rejoinder::link::{LinkParams, Linker};
use rejoinder::report::html::{HtmlReport, open_claim_lines};

use crate::Outcome;
use crate::args::Report;
use crate::lines::read_claims;
use crate::sink::Sink;
use crate::stream::{counted, left_out};
use crate::terminal::Terminal;

pub(crate) fn run(args: &Report, terminal: Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let linker = Linker::new(args.model.load()?, LinkParams::default())?;
    let mut sink = Sink::open(args.output.as_deref())?;
    let mut claims = Vec::new();
    let skipped = read_claims(
        &args.claims,
        args.strict,
        terminal,
        open_claim_lines,
        |claim| {
            claims.push(claim);
            Ok(())
        },
    )?;
    let report = HtmlReport::new(&args.title, claims, linker)?;
    let mut page = Vec::new();
    report.write(&mut page)?;
    sink.write_all(&page)?;
    sink.finish()?;
    terminal.note(format_args!(
        "{}, {}: a page of {:.1} MB ({:.2} s)",
        counted(report.articles(), "article"),
        counted(report.claims(), "claim"),
        page.len() as f64 / 1e6,
        started.elapsed().as_secs_f64()
    ));
    Ok(left_out(skipped, terminal))
}
