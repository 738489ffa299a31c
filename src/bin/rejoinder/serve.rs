//! `rejoinder serve`

use std::time::Duration;

use anyhow::Result;
use rejoinder::serve::{ServeOptions, Server};

use crate::Outcome;
use crate::args::{LogFormat, Serve, ServeAddress};
use crate::terminal::Terminal;

pub(crate) fn run(args: Serve, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let options = options(args.address, threads, terminal);
    let server = Server::bind(args.model.load()?, options)?;
    listen(server, terminal)
}

/// Says where the server is, and serves.
pub(crate) fn listen(server: Server, terminal: Terminal) -> Result<Outcome> {
    terminal.note(format_args!("http://{} (Ctrl-C stops)", server.address()));
    server.run()?;
    Ok(Outcome::Done)
}

/// The options of the server; its log begins.
pub(crate) fn options(address: ServeAddress, threads: usize, terminal: Terminal) -> ServeOptions {
    log_to_stderr(address.log, terminal.is_quiet());
    ServeOptions {
        host: address.host,
        port: address.port,
        threads,
        body: address.max_body << 20,
        timeout: Duration::from_secs(address.timeout),
        connections: address.max_connections,
        waiting: address.max_waiting,
        ..ServeOptions::default()
    }
}

/// Writes what the server tells of its requests to standard error; warnings alone with `--quiet`.
fn log_to_stderr(format: LogFormat, quiet: bool) {
    let level = if quiet {
        tracing_subscriber::filter::LevelFilter::WARN
    } else {
        tracing_subscriber::filter::LevelFilter::INFO
    };
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(level);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
