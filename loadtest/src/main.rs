//! `plenary-loadtest`: proves, the week before, that it will hold.
//!
//! `engine` moves bytes over ten thousand sockets; `protocol` knows what they mean for a kind of
//! server; `crowd` is the people behind the sockets, who count every number they get; `scenario`
//! is what the people do, and `attack` what strangers do; `measure` and `report` are what is found. `bench` is the list of what
//! Plenary promises, measured.

mod attack;
mod bench;
mod board;
mod clock;
mod command;
mod crowd;
mod engine;
mod floor;
mod measure;
mod options;
mod play;
mod progress;
mod protocol;
mod report;
mod result;
mod run;
mod scenario;
mod stage;
mod watch;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let options = options::Options::parse();
    command::run(options.command).unwrap_or_else(|error| {
        eprintln!("plenary-loadtest: {error:#}");
        ExitCode::from(2)
    })
}
