//! The whole program on loopback: it starts the floor, drives it, and every number is counted.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("plenary-loadtest-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    fn json(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.file(name)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn loadtest(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_plenary-loadtest");
    Command::new(program).args(arguments).output().expect("the load tester runs")
}

/// A floor that stays for several runs, as a server of others would.
struct Floor {
    process: Child,
    url: String,
}

impl Floor {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plenary-loadtest"));
        let command = command.arg("floor-server").stdout(Stdio::piped());
        let mut process = command.spawn().expect("the floor starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("its address");
        let url = format!("http://{}", line.trim().rsplit(' ').next().expect("its address"));
        Self { process, url }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        loadtest(&[arguments, &["--protocol", "floor", "--url", &self.url]].concat())
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

#[test]
fn fifty_sockets_get_every_message_once() {
    let folder = Folder::new("floor");
    let (json, html) = (folder.file("run.json"), folder.file("run.html"));
    let output = loadtest(&[
        "floor",
        "--clients",
        "50",
        "--rate",
        "40",
        "--duration",
        "2",
        "--warm-up",
        "0.5",
        "--threads",
        "2",
        "--json",
        &json,
        "--html",
        &html,
        "--max-lost",
        "0",
        "--max-duplicates",
        "0",
        "--max-refused",
        "0",
    ]);
    assert!(output.status.success(), "{}", text(&output));

    let written = folder.json("run.json");
    let account = &written["run"]["account"];
    let number = |name: &str| account[name].as_u64().expect("a number");
    // 2.5 seconds of 40 messages, each to everybody; the floor acknowledges nothing.
    assert_eq!((number("sent"), number("accepted")), (100, 0));
    assert_eq!((number("expected"), number("received")), (5_000, 5_000));
    assert_eq!((number("lost"), number("duplicates"), number("altered")), (0, 0, 0));
    assert_eq!(number("connections"), 50);
    let recorded: u64 = account["delivery"]
        .as_array()
        .expect("latencies")
        .iter()
        .map(|pair| pair[1].as_u64().expect("a count"))
        .sum();
    assert_eq!(recorded, 80 * 50, "the warm-up is not among the latencies");
    assert!(written["run"]["server"]["measured"].is_u64(), "the floor's CPU is measured");

    let table = text(&output);
    assert!(table.contains("all of 5,000 (receiver × number)"), "{table}");
    let page = std::fs::read_to_string(&html).expect("a page");
    assert!(page.contains("Every message reached every receiver, once.") && page.contains("<svg"));
}

#[test]
fn a_broken_limit_is_status_1_and_a_bad_argument_2() {
    let run = ["floor", "--clients", "5", "--rate", "20", "--duration", "1", "--warm-up", "0"];
    let broken = loadtest(&[&run[..], &["--max-p99", "0"]].concat());
    assert_eq!(broken.status.code(), Some(1), "{}", text(&broken));
    assert!(text(&broken).contains("Limit broken"));
    let bad = loadtest(&["fanout", "--clients", "none"]);
    assert_eq!(bad.status.code(), Some(2));
    let tls = loadtest(&["fanout", "--protocol", "floor", "--url", "https://localhost"]);
    assert_eq!(tls.status.code(), Some(2));
    assert!(text(&tls).contains("speaks no TLS"), "{}", text(&tls));
}

#[test]
fn parts_of_a_run_become_one_result() {
    let folder = Folder::new("merge");
    let json = folder.file("one.json");
    let run = ["floor", "--clients", "10", "--rate", "20", "--duration", "1", "--warm-up", "0"];
    let one = loadtest(&[&run[..], &["--json", &json]].concat());
    assert!(one.status.success(), "{}", text(&one));
    let both = folder.file("both.json");
    let merged = loadtest(&["merge", &json, &json, "--json", &both, "--max-lost", "0"]);
    assert!(merged.status.success(), "{}", text(&merged));
    let received = |name: &str| folder.json(name)["run"]["account"]["received"].as_u64();
    assert_eq!(received("both.json"), received("one.json").map(|received| received * 2));
}

#[test]
fn a_floor_that_was_there_before_has_lost_nothing() {
    let floor = Floor::start();
    let run = ["fanout", "--clients", "10", "--rate", "20", "--duration", "1", "--warm-up", "0"];
    for _ in 0..2 {
        let output = floor.run(&[&run[..], &["--max-lost", "0"]].concat());
        assert!(output.status.success(), "{}", text(&output));
        assert!(text(&output).contains("1.00 deliveries in each of 200 "), "{}", text(&output));
    }
}

#[test]
fn harm_is_done_and_the_listeners_are_measured_meanwhile() {
    let folder = Folder::new("hostile");
    let (json, html) = (folder.file("run.json"), folder.file("run.html"));
    let floor = Floor::start();
    let load = ["hostile", "--clients", "20", "--rate", "20", "--duration", "5", "--warm-up", "0"];
    let harm = ["--crowd", "80", "--flood", "100", "--slow-heads", "60", "--half-open", "100"];
    let limits = ["--max-lost", "0", "--max-refused", "0", "--settle", "30"];
    let files = ["--json", &json, "--html", &html];
    let output = floor.run(&[&load[..], &harm, &limits, &files].concat());
    assert!(output.status.success(), "{}", text(&output));

    let run = &folder.json("run.json")["run"];
    let (account, findings) = (&run["account"], &run["findings"]);
    assert_eq!(account["received"], 5 * 20 * 20, "the listeners', to the last");
    assert_eq!(account["connections"], 100, "strangers are not among them");
    let found = |name: &str| findings[name].as_f64().expect(name);
    for (part, sockets) in [("teardown", 80.0), ("slow_heads", 60.0), ("half_open", 100.0)] {
        assert_eq!(found(&format!("{part}_sockets")), sockets, "{part}");
    }
    assert!(found("flood_sockets") > 20.0, "{findings}");
    for part in ["flood", "slow_heads", "half_open"] {
        let [sockets, connected] =
            ["sockets", "connected"].map(|of| found(&format!("{part}_{of}")));
        assert_eq!(sockets, connected, "{part}");
    }
    let parts = ["teardown", "flood", "slow_heads", "half_open"];
    let worst = parts.map(|part| found(&format!("{part}_p99_ms"))).into_iter().fold(0.0, f64::max);
    let delay = worst - found("undisturbed_p99_ms");
    assert!((found("hostile_delay_ms") - delay).abs() < 0.001, "{findings}");

    assert!(text(&output).contains("While others did harm"), "{}", text(&output));
    let page = std::fs::read_to_string(&html).expect("a page");
    assert!(page.contains("half-open connections") && page.contains("later than undisturbed"));
}
