//! The committed documents are what the program says of itself.

use plenary::documents;

#[test]
fn the_generated_part_of_the_protocol_is_current() {
    let committed = include_str!("../../docs/protocol.md");
    let begin = committed.find(documents::BEGIN).expect("the mark where it begins");
    let end = committed.find(documents::END).expect("the mark where it ends");
    let generated = documents::protocol_markdown();
    let hint = "run `make documents` and commit what it changes";
    assert!(generated.trim_end() == &committed[begin..end + documents::END.len()], "{hint}");
}
