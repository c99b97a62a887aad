//! The committed documents are what the program says of itself.

use plenary::documents;

const HINT: &str = "run `make documents` and commit what it changes";

#[test]
fn the_generated_part_of_the_protocol_is_current() {
    let committed = include_str!("../../docs/protocol.md");
    let begin = committed.find(documents::BEGIN).expect("the mark where it begins");
    let end = committed.find(documents::END).expect("the mark where it ends");
    let generated = documents::protocol_markdown();
    assert!(generated.trim_end() == &committed[begin..end + documents::END.len()], "{HINT}");
}

#[test]
fn the_description_of_the_socket_is_current() {
    let committed = include_str!("../../docs/asyncapi.json");
    assert!(documents::pretty(&documents::asyncapi()) == committed, "{HINT}");
}

#[test]
fn the_types_of_the_js_client_are_current() {
    let committed = include_str!("../../client-js/sdk/src/generated.ts");
    assert!(documents::socket_types() == committed, "{HINT}");
}

#[test]
fn the_rest_types_of_the_js_client_are_current() {
    let committed = include_str!("../../client-js/sdk/src/generated-rest.ts");
    assert!(documents::rest_types() == committed, "{HINT}");
}

#[test]
fn the_chat_in_ten_lines_is_the_page_that_the_hub_serves() {
    let page = include_str!("../../client-js/sdk/example/chat.html");
    let script = include_str!("../../client-js/sdk/example/chat.js");
    assert_eq!(script.lines().count(), 10);
    let printed = format!("```html\n{page}```\n\n```js\n{script}```\n");
    for (name, readme) in [
        ("README.md", include_str!("../../README.md")),
        ("client-js/sdk/README.md", include_str!("../../client-js/sdk/README.md")),
    ] {
        assert!(readme.contains(&printed), "{name} prints something else");
    }
}
