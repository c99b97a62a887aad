//! The program: all of it is in the library.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    plenary::cli::run().await
}
