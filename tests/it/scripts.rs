//! `scripts/totals`: the closing line that decides whether a submission passes.

use std::{fs, path::Path, process::Command};

use crate::support::temporary::TemporaryFolder;

const CARGO: &str = "\
running 3 tests
test result: ok. 41 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s
test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
";
const NODE: &str =
    "# tests 12\n# suites 0\n# pass 11\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 1\n";
const NODE_SPEC: &str = "ℹ tests 6\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0\n";
const VITEST: &str = " Test Files  2 passed (2)\n\u{1b}[2m      Tests \u{1b}[22m 1 failed | 5 passed | 2 skipped (8)\n";
const VITEST_GREEN: &str = " Test Files  2 passed (2)\n      Tests  5 passed (5)\n";
const PLAYWRIGHT: &str = "  1 failed\n    [chromium] › a.ts:3:1 › chats\n  1 skipped\n  2 did not run\n  9 passed (12.3s)\n";

/// What the script makes of runners (name, output, exit status) and other files.
struct Totals {
    folder: TemporaryFolder,
}

impl Totals {
    fn of(runners: &[(&str, &str, &str)]) -> Totals {
        let folder = TemporaryFolder::new();
        for (name, log, status) in runners {
            write(&folder.path().join(format!("{name}.log")), log);
            write(&folder.path().join(format!("{name}.status")), status);
        }
        Totals { folder }
    }

    fn with(self, name: &str, content: &str) -> Totals {
        write(&self.folder.path().join(name), content);
        self
    }

    /// The closing line, and whether the script succeeded.
    fn close(&self, continuous_integration: bool) -> (String, bool) {
        let (printed, success) = self.print(continuous_integration);
        (printed.lines().last().unwrap_or_default().to_owned(), success)
    }

    /// All that is printed, and whether the script succeeded.
    fn print(&self, continuous_integration: bool) -> (String, bool) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/totals");
        let mut command = Command::new(script);
        command.arg(self.folder.path()).env_remove("CI");
        if continuous_integration {
            command.env("CI", "true");
        }
        let output = command.output().expect("run scripts/totals");
        let printed = String::from_utf8(output.stdout).expect("text");
        (printed, output.status.success())
    }
}

fn write(path: &Path, content: &str) {
    fs::write(path, content).expect("write a file of the test");
}

fn line(text: &str, success: bool) -> (String, bool) {
    (text.to_owned(), success)
}

#[test]
fn green_runners_are_added_up() {
    let cargo = CARGO.replace("1 ignored", "0 ignored");
    let node = NODE.replace("todo 1", "todo 0");
    let totals =
        Totals::of(&[("rust", &cargo, "0"), ("sdk", &node, "0"), ("app", VITEST_GREEN, "0")]);
    assert_eq!(totals.close(true), line("64 passed, 0 failed", true));
}

#[test]
fn skipped_tests_are_counted_and_fail_only_in_continuous_integration() {
    let totals = Totals::of(&[("rust", CARGO, "0"), ("sdk", NODE, "0")]);
    assert_eq!(totals.close(false), line("59 passed, 0 failed, 2 skipped", true));
    assert_eq!(totals.close(true), line("59 passed, 0 failed, 2 skipped", false));
}

#[test]
fn a_rust_test_that_reported_itself_skipped_is_not_counted_as_passed() {
    let cargo = CARGO.replace("1 ignored", "0 ignored");
    let totals = Totals::of(&[("rust", &cargo, "0")])
        .with("rust.skipped", "log::mariadb: mariadbd is not installed\nlog::postgres: no\n");
    assert_eq!(totals.close(false), line("46 passed, 0 failed, 2 skipped", true));
}

#[test]
fn a_runner_that_could_not_run_counts_as_one_skip() {
    let cargo = CARGO.replace("1 ignored", "0 ignored");
    let totals = Totals::of(&[("rust", &cargo, "0")])
        .with("runners.skipped", "browser: Chromium is missing\n");
    assert_eq!(totals.close(false), line("48 passed, 0 failed, 1 skipped", true));
}

#[test]
fn failures_of_every_runner_are_counted() {
    let totals =
        Totals::of(&[("sdk", NODE_SPEC, "1"), ("app", VITEST, "1"), ("browser", PLAYWRIGHT, "1")]);
    assert_eq!(totals.close(false), line("18 passed, 4 failed, 5 skipped", false));
}

#[test]
fn a_runner_that_ran_no_test_is_a_failure() {
    let nothing = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
    assert_eq!(
        Totals::of(&[("rust", nothing, "0")]).close(false),
        line("0 passed, 1 failed", false)
    );
    assert_eq!(Totals::of(&[]).close(false), line("0 passed, 1 failed", false));
}

#[test]
fn a_runner_that_ended_badly_is_a_failure_even_when_no_test_failed() {
    let totals = Totals::of(&[("app", VITEST_GREEN, "124")]);
    assert_eq!(totals.close(false), line("5 passed, 1 failed", false));
}

#[test]
fn a_problem_besides_the_tests_is_a_failure() {
    let totals = Totals::of(&[("app", VITEST_GREEN, "0")]).with("problems", "the build failed\n");
    assert_eq!(totals.close(false), line("5 passed, 1 failed", false));
}

#[test]
fn failures_are_repeated_at_the_end() {
    let log = "test a ... FAILED\n\n---- a stdout ----\nleft: 1\nright: 2\n\ntest result: FAILED. 0 passed; 1 failed;\n";
    let (printed, _) = Totals::of(&[("rust", log, "101"), ("app", VITEST_GREEN, "0")]).print(false);
    let told = "== what failed in rust\n---- a stdout ----\nleft: 1\nright: 2\n";
    assert!(printed.contains(told), "{printed}");
    assert!(!printed.contains("failed in app"), "{printed}");
}
