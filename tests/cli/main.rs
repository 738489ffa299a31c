//! The program from outside: exit code, standard output and standard error together.

mod bad_input;
mod bad_model;
mod bench;
mod classify;
mod evaluate;
mod explain;
mod fixture;
mod model;
mod output;
mod setup;
mod terminal;
mod train;
