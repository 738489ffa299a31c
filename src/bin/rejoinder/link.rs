//! `rejoinder link`

use std::time::Instant;

use anyhow::Result;
use rejoinder::link::{LinkTally, Linked, Linker, StatedClaim, open_claims};
use rejoinder::report::{LinkFormat, LinkView, Style, write_linked};

use crate::Outcome;
use crate::args::{LineFormat, Link, LinkSide};
use crate::lines::read_claims;
use crate::sink::Sink;
use crate::stream::{counted, left_out};
use crate::terminal::{Terminal, output_style};

pub(crate) fn run(args: &Link, terminal: Terminal) -> Result<Outcome> {
    let mut linking = Linking {
        linker: Linker::new(args.model.load()?, args.params())?,
        sink: Sink::open(args.output.as_deref())?,
        view: view(args),
        format: format(args),
        linked: Vec::new(),
        totals: Totals::default(),
        started: Instant::now(),
    };
    let skipped = read_claims(&args.claims, args.strict, terminal, open_claims, |claim| {
        linking.take(claim)
    })?;
    linking.finish(terminal)?;
    Ok(left_out(skipped, terminal))
}

fn view(args: &Link) -> LinkView {
    match args.by {
        _ if args.unanswered => LinkView::Unanswered,
        LinkSide::Denial => LinkView::Denials,
        LinkSide::Accusation => LinkView::Accusations,
    }
}

fn format(args: &Link) -> LinkFormat {
    match args.format {
        LineFormat::Jsonl => LinkFormat::Jsonl,
        LineFormat::Text if args.output.is_some() => LinkFormat::Text(Style::default()),
        LineFormat::Text => LinkFormat::Text(output_style()),
    }
}

struct Linking {
    linker: Linker,
    sink: Sink,
    view: LinkView,
    format: LinkFormat,
    /// What the linker gave out last; memory that is reused.
    linked: Vec<Linked>,
    totals: Totals,
    started: Instant,
}

#[derive(Default)]
struct Totals {
    claims: usize,
    denials: usize,
    answering: usize,
    accusations: usize,
    answered: usize,
}

impl Linking {
    fn take(&mut self, claim: StatedClaim) -> Result<()> {
        self.totals.claims += 1;
        self.linker.push(claim, &mut self.linked);
        self.write()
    }

    /// Writes what the linker gave out.
    fn write(&mut self) -> Result<()> {
        if self.linked.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        for linked in self.linked.drain(..) {
            self.totals.count(&linked);
            write_linked(&mut bytes, &linked, self.view, self.format)?;
        }
        self.sink.write_all(&bytes)
    }

    fn finish(mut self, terminal: Terminal) -> Result<()> {
        self.linker.finish(&mut self.linked);
        self.write()?;
        self.sink.finish()?;
        self.totals
            .tell(self.linker.tally(), self.started, terminal);
        Ok(())
    }
}

impl Totals {
    fn count(&mut self, linked: &Linked) {
        match linked {
            Linked::Denial { answers, .. } => {
                self.denials += 1;
                self.answering += usize::from(!answers.is_empty());
            }
            Linked::Accusation { answered_by, .. } => {
                self.accusations += 1;
                self.answered += usize::from(!answered_by.is_empty());
            }
        }
    }

    fn tell(&self, tally: LinkTally, started: Instant, terminal: Terminal) {
        terminal.note(format_args!(
            "{}, {}: {} of {} answer an accusation, {} of {} are answered ({:.2} s)",
            counted(tally.articles, "article"),
            counted(self.claims, "claim"),
            self.answering,
            counted(self.denials, "denial"),
            self.answered,
            counted(self.accusations, "accusation"),
            started.elapsed().as_secs_f64()
        ));
        if tally.reprints > 0 {
            terminal.note(format_args!(
                "{}, counted with the first print",
                counted(tally.reprints, "reprint")
            ));
        }
        if tally.undated > 0 {
            terminal.warning(format_args!(
                "{} without a date such as 2021-03-04, linked inside only",
                counted(tally.undated, "article")
            ));
        }
        if tally.out_of_order > 0 {
            terminal.warning(format_args!(
                "{} with an earlier date than the one before: denials that came before are not linked to them",
                counted(tally.out_of_order, "article")
            ));
        }
    }
}
