//! The program from outside: exit code, standard output and standard error together.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod bad_input;
mod bad_model;
mod bench;
mod classify;
mod clusters;
mod evaluate;
mod explain;
mod fixture;
mod formats;
#[cfg(feature = "serve")]
mod http;
#[cfg(feature = "serve")]
mod label;
mod link;
mod model;
mod output;
mod report;
mod resume;
#[cfg(feature = "serve")]
mod serve;
mod setup;
mod terminal;
mod train;
