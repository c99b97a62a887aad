//! Results of several servers side by side, and the benchmarks' command line.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn loadtest(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_plenary-loadtest");
    Command::new(program).args(arguments).output().expect("the load tester runs")
}

fn text(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

struct Folder(PathBuf);

impl Folder {
    fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn servers_stand_side_by_side_and_in_the_document() {
    let name = format!("plenary-compare-{}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(name));
    fs::create_dir_all(&folder.0).expect("a folder");
    let (json, document) = (folder.file("floor.json"), folder.file("figures.md"));
    let run = ["floor", "--clients", "20", "--rate", "50", "--duration", "1", "--warm-up", "0"];
    let measured = loadtest(&[&run[..], &["--json", &json]].concat());
    assert!(measured.status.success(), "{}", text(&measured));
    fs::write(folder.file("floor.about"), "The floor.\nNothing is kept.\n").expect("written");
    fs::write(&document, "# Figures\n<!-- peers -->\n<!-- /peers -->\nby hand\n").expect("written");

    let compared = loadtest(&["compare", &json, "--of", "this test", "--update", &document]);
    assert!(compared.status.success(), "{}", text(&compared));
    assert!(text(&compared).contains("floor: The floor. Nothing is kept."), "{}", text(&compared));
    let written = fs::read_to_string(&document).expect("a document");
    assert!(written.contains("| floor | ") && written.contains("this test, "), "{written}");
    assert!(written.starts_with("# Figures\n") && written.ends_with("\nby hand\n"), "{written}");
    assert!(written.contains("(figures/peers.svg)"), "{written}");
    let curves = fs::read_to_string(folder.file("figures/peers.svg")).expect("a drawing");
    assert!(curves.starts_with("<svg xmlns="), "{curves}");
}

#[test]
fn a_run_that_there_is_not_is_refused_by_name() {
    let refused = loadtest(&["bench", "--pid", "1", "--only", "everything"]);
    assert_eq!(refused.status.code(), Some(2));
    let trial = loadtest(&["bench", "--pid", "1", "--trial", "--update", "docs.md"]);
    assert!(text(&trial).contains("not for keeping"), "{}", text(&trial));
    assert!(text(&refused).contains("there is no run everything; there are"), "{}", text(&refused));
}
