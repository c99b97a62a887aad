//! The program: all of it is in the library.

use std::process::ExitCode;

use tokio::runtime::Builder;

/// How many I/O events the runtime polls at once: as many tasks as a worker's local queue holds,
/// with room for those that they wake.
const EVENTS: usize = 128;
/// The same while there are tasks to run. When ten thousand connections come or end in the same
/// moment, they wait in the kernel, each once, and not in the queue in which a message waits at
/// each of its steps: from the socket to the log, from there to the channel, to its members.
const EVENTS_WHILE_BUSY: usize = 64;

fn main() -> ExitCode {
    let mut builder = Builder::new_multi_thread();
    builder.max_io_events_per_tick(EVENTS).max_io_events_per_busy_tick(EVENTS_WHILE_BUSY);
    match builder.enable_all().build() {
        Ok(runtime) => runtime.block_on(plenary::cli::run()),
        Err(error) => {
            eprintln!("plenary: cannot create threads or an event queue: {error}");
            ExitCode::FAILURE
        }
    }
}
