//! The committed documents are what the program says of itself.

use plenary::app::registered;
use plenary::documents;
use serde_json::Value;

const HINT: &str = "run `make documents` and commit what it changes";

#[tokio::test]
async fn the_generated_part_of_the_protocol_is_current() {
    let committed = include_str!("../../docs/protocol.md");
    let begin = committed.find(documents::BEGIN).expect("the mark where it begins");
    let end = committed.find(documents::END).expect("the mark where it ends");
    let generated = documents::protocol_markdown(&registered().unwrap());
    assert!(generated.trim_end() == &committed[begin..end + documents::END.len()], "{HINT}");
}

#[tokio::test]
async fn the_description_of_the_socket_is_current() {
    let committed = include_str!("../../docs/asyncapi.json");
    assert!(documents::pretty(&documents::asyncapi(&registered().unwrap())) == committed, "{HINT}");
}

#[tokio::test]
async fn the_types_of_the_js_client_are_current() {
    let committed = include_str!("../../client-js/sdk/src/generated.ts");
    assert!(documents::socket_types(&registered().unwrap()) == committed, "{HINT}");
}

#[tokio::test]
async fn no_two_types_share_a_name() {
    assert_eq!(documents::name_collisions(&registered().unwrap()), Vec::<String>::new());
}

#[tokio::test]
async fn every_reference_can_be_resolved() {
    let hub = registered().unwrap();
    let (openapi, asyncapi) = (documents::openapi(&hub), documents::asyncapi(&hub));
    for document in [documents::pretty(&openapi), documents::pretty(&asyncapi)] {
        let parsed: Value = serde_json::from_str(&document).unwrap();
        let known = &parsed["components"]["schemas"];
        for reference in document.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(known[name].is_object(), "{name} is referred to and missing");
        }
    }
}

#[tokio::test]
async fn the_rest_types_of_the_js_client_are_current() {
    let committed = include_str!("../../client-js/sdk/src/generated-rest.ts");
    assert!(documents::rest_types(&registered().unwrap()) == committed, "{HINT}");
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
