//! Tests that cannot run on this machine are reported by name, with the reason, and counted.

use std::{env, fs::OpenOptions, io::Write};

/// Reports the running test as skipped because of `reason`, so that `make test` counts it.
///
/// The test returns right after this call: cargo counts it as passed, `scripts/totals` moves it to
/// the skipped ones.
///
/// # Panics
///
/// With `CI=true`, where nothing may be missing.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("a test without a name");
    assert!(
        env::var("CI").as_deref() != Ok("true"),
        "{name} cannot run, and with CI=true no test may be skipped: {reason}"
    );
    println!("SKIPPED {name}: {reason}");
    if let Ok(path) = env::var("TEST_SKIPPED_FILE") {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .unwrap_or_else(|error| panic!("cannot open {path} to record a skip: {error}"));
        // A single write: several threads and processes append to the same file.
        file.write_all(format!("{name}: {reason}\n").as_bytes()).expect("record a skipped test");
    }
}
