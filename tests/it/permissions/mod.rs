//! Every request to the hub, over REST and the socket, tried in every part that people play, on
//! their own objects, on others', and on those of another event, and compared with the permission
//! table. Refused requests must not change the database.
//!
//! A route or an operation without an example fails: a new one needs its line in [`rest`] or
//! [`socket`].

mod example;
mod part;
mod rest;
mod run;
mod socket;
mod stage;
mod things;

use std::collections::BTreeSet;

use plenary::permission::Operation;

use example::Example;
use run::Trial;

/// Every route and every operation.
fn doors() -> BTreeSet<String> {
    let hub = plenary::app::registered().expect("what is registered");
    let document = plenary::http::document(hub.api.clone());
    let routes = document.paths.paths.iter().flat_map(|(path, item)| {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        let path = path.strip_prefix("/api/v1").unwrap_or(path).to_owned();
        let present = methods.into_iter().filter(|(_, operation)| operation.is_some());
        present.map(move |(method, _)| format!("{method} {path}"))
    });
    let names = hub.operations.infos().map(|(name, _)| name.to_owned());
    routes.chain(names).collect()
}

fn examples() -> Vec<Example> {
    [rest::examples(), socket::examples()].concat()
}

#[tokio::test]
async fn there_is_an_example_for_every_route_and_every_operation() {
    let examples = examples();
    let tried: BTreeSet<String> = examples.iter().map(|example| example.name.to_owned()).collect();
    let doors = doors();
    let forgotten: Vec<_> = doors.difference(&tried).collect();
    assert!(forgotten.is_empty(), "without an example: {forgotten:#?}");
    let gone: Vec<_> = tried.difference(&doors).collect();
    assert!(gone.is_empty(), "examples of what is not there: {gone:#?}");
}

#[test]
fn every_line_of_the_table_is_tried() {
    let examples = examples();
    let used = |operation: &Operation| {
        examples.iter().any(|one| one.needs.iter().any(|(needed, _)| needed == operation))
    };
    let unused: Vec<_> = Operation::ALL.iter().filter(|operation| !used(operation)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_may_do_what_the_table_says_and_nothing_else() {
    let mut trial = Trial::new().await;
    for example in examples() {
        trial.run(&example).await;
    }
    println!("{} combinations of parts and attempts were tried", trial.tried);
    let wrong = trial.wrong;
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    assert!(trial.tried > 2_000, "{} combinations are suspiciously few", trial.tried);
}
