//! The guest book's command.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use plenary::config::Settings;
use plenary::core::Core;
use plenary::output::print;
use plenary::registry::{Group, Open, Registry};
use plenary::{app, cli};

use super::book::{self, Book};
use crate::support::conference::Conference;

const GUESTBOOK: Group = Group { name: "guestbook", about: "Looks after the guest books" };

/// Lists the rooms whose books can be signed.
#[derive(Debug, Parser)]
#[command(name = "list")]
struct List {
    /// The event's slug.
    #[arg(long, value_name = "SLUG")]
    event: String,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

pub fn register(hub: &mut Registry, book: &Arc<Book>) {
    let own = Arc::clone(book);
    hub.command(GUESTBOOK, move |command, open| list(own, command, open));
}

async fn list(book: Arc<Book>, command: List, open: Open) -> anyhow::Result<()> {
    let core = open(command.settings).await?;
    let event = core.event(&command.event).await?;
    for (id, room) in &event.rooms {
        print(&format!("{}\n", room.name))?;
        book.listed.lock().push(*id);
    }
    Ok(())
}

#[tokio::test]
async fn a_command_of_a_capability_is_found_on_the_command_line_and_run_beside_the_hub() {
    let book = Arc::<Book>::default();
    let camp = Conference::start().await;
    let run = async |arguments: &[&str]| {
        let core = Core::unconnected(plenary::chat::archive).expect("a core");
        let mut hub = app::registered().expect("what is registered");
        book::register(&mut hub, &core, &book);
        cli::run_with(hub, [&["plenary"], arguments].concat()).await
    };
    let refusal = async |arguments: &[&str]| {
        let error = run(arguments).await.expect_err("a refusal");
        (error.is::<clap::Error>(), error.to_string())
    };
    let (_, help) = refusal(&["--help"]).await;
    assert!(help.contains("guestbook  Looks after the guest books"), "{help}");
    let (usage, incomplete) = refusal(&["guestbook", "list"]).await;
    assert!(usage && incomplete.contains("--event <SLUG>"), "{incomplete}");

    let storage = &camp.hub.app.settings.storage;
    let (data, database) = (storage.data.display().to_string(), storage.database_url());
    let there = ["--data", &data, "--database", &database];
    let of = |slug| [&["guestbook", "list", "--event", slug], &there[..]].concat();
    let (usage, unknown) = refusal(&of("nowhere")).await;
    assert!(!usage && unknown.contains("there is no event \"nowhere\""), "{unknown}");
    assert!(book.listed.lock().is_empty());
    assert_eq!(run(&of("camp")).await.expect("the list"), ExitCode::SUCCESS);
    assert!(book.listed.lock().contains(&camp.room.id), "it reads the hub's database");
}
