//! A database connection is lost together with the answer to a commit: its outcome is looked up, so
//! that everything is written once and published.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use plenary::chat::Action;
use plenary::clock::Clock;
use plenary::id::{ChannelId, PersonId};
use plenary::random::Random;
use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::databases::{Kind, TestDatabase, on_each_server};
use crate::support::hub::within;
use crate::support::node::{Node, kept, message_text, new_client_id, send, stage, thumb};
use crate::support::proxy::{Direction, Proxy, Trap};

/// How many connections are cut, each at another point.
const SEEDS: u64 = 60;

on_each_server!(
    what_was_committed_is_answered_once_and_published,
    what_was_not_committed_is_written_once,
    everything_is_written_once_wherever_the_connection_breaks,
    the_logs_connection_is_ended_by_the_server,
);

async fn what_was_committed_is_answered_once_and_published(database: TestDatabase) {
    a_commit_goes_wrong(database, Trap::Answer("COMMIT"), "there").await;
}

async fn what_was_not_committed_is_written_once(database: TestDatabase) {
    a_commit_goes_wrong(database, Trap::Request("COMMIT"), "written_again").await;
}

async fn a_commit_goes_wrong(mut database: TestDatabase, trap: Trap, outcome: &str) {
    let (proxy, url) = Proxy::to_database(&database.url).await;
    database.url = url;
    let camp = Conference::with(database, Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let room = &camp.room.channel;
    let (mut ada, _) = camp.joined(&ada, room).await;
    let (mut ben, _) = camp.joined(&ben, room).await;

    proxy.lay(trap);
    let sent = ada.ask("message.send", message(room, "hello")).await.expect("sent");
    assert!(!proxy.is_laid(), "the commit went wrong");
    assert_eq!(sent["message"]["seq"], 1);
    // Nothing follows that could reveal that it was missed.
    let heard = ben.push("messages").await;
    assert_eq!(heard["data"]["messages"][0]["text"], "hello");

    proxy.lay(trap);
    let edit = json!({ "channel": room, "seq": 1, "text": "hello, all" });
    let edited = ada.ask("message.edit", edit).await.expect("edited");
    assert!(!proxy.is_laid(), "the commit went wrong");
    assert_eq!(edited["seq"], 2, "it is one change");
    let heard = ben.push_where(|push| push["data"]["seq"] == 2).await;
    assert_eq!(heard["data"]["messages"][0]["text"], "hello, all");

    let (messages, last, count) = kept(&camp.hub.app.db, room.parse().expect("a channel")).await;
    assert_eq!((messages.len(), last, count), (1, 2, 1));
    let metrics = camp.hub.operator().get("/metrics").await.text;
    let never = format!("plenary_log_unknown_total{{outcome=\"{outcome}\"}} 0\n");
    assert!(!metrics.contains(&never), "it was counted");
}

/// The answers, and what the channels must contain according to them.
#[derive(Default)]
struct Model {
    /// For each channel and position of a change: which message has which text from then on, or
    /// `None` for a change that does not concern the text.
    changes: BTreeMap<(ChannelId, u64), Option<(u64, String)>>,
}

impl Model {
    async fn holds(&self, camp: &Conference, channels: &[ChannelId]) {
        for channel in channels {
            let (messages, last, count) = kept(&camp.hub.app.db, *channel).await;
            let own = || self.changes.iter().filter(|((other, _), _)| other == channel);
            let numbers: Vec<u64> = own().map(|((_, number), _)| *number).collect();
            // A duplicate would have a position that was never acknowledged.
            assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "the changes of {channel}");
            let mut texts = BTreeMap::new();
            texts.extend(own().filter_map(|(_, change)| change.clone()));
            let there: BTreeMap<u64, String> =
                messages.iter().map(|(seq, message)| (*seq, message.text.clone())).collect();
            assert_eq!(there, texts);
            assert_eq!(there.len() as u64, count);
        }
    }
}

async fn everything_is_written_once_wherever_the_connection_breaks(database: TestDatabase) {
    let (proxy, url) = Proxy::to_database(&database.url).await;
    let camp = Conference::with(database, Clock::System).await;
    let (channels, person) = stage(&camp).await;
    let node = Node::on(&url, Clock::System).await;
    let mut model = Model::default();
    let mut cuts = 0;
    for seed in 0..SEEDS {
        let random = Random::seeded(seed);
        let way = if seed % 2 == 0 { Direction::ToServer } else { Direction::ToClient };
        // A group is a few kilobytes; the commit and its answer are the last of them.
        let bytes = usize::try_from(random.below(2_500)).expect("a small number");
        proxy.lay(Trap::After(way, bytes));
        write_something(&node, &mut model, &channels, person, &random).await;
        cuts += u64::from(!proxy.is_laid());
        proxy.clear();
    }
    assert!(cuts > SEEDS / 2, "{cuts} connections were cut");
    model.holds(&camp, &channels).await;
}

/// Some sends, edits, pins and reactions at once; all must be answered.
async fn write_something(
    node: &Node,
    model: &mut Model,
    channels: &[ChannelId],
    person: PersonId,
    random: &Random,
) {
    let mut plans = Vec::new();
    for number in 0..=random.below(6) {
        let channel = channels[usize::try_from(random.below(3)).expect("small")];
        let sent = model.changes.iter().filter(|((other, _), _)| *other == channel);
        let sent: Vec<u64> = sent.filter_map(|(_, change)| Some(change.as_ref()?.0)).collect();
        let text = format!("text {} of {}", number, random.uuid(Clock::System.now()));
        let about = sent.get(usize::try_from(random.below(1 + sent.len() as u64)).expect("small"));
        let action = match (about, random.below(4)) {
            (None, _) | (_, 0) => send(person, new_client_id(), &text),
            (Some(seq), 1) => Action::Edit { seq: *seq, text: message_text(&text), mentions: None },
            // A channel can have at most ten pinned messages.
            (Some(seq), 2) => Action::Pin { seq: *seq, on: *seq <= 10 && random.below(2) == 0 },
            (Some(seq), _) => Action::React { seq: *seq, emoji: thumb(), on: random.below(2) == 0 },
        };
        plans.push((channel, action, text));
    }
    let written = join_all(plans.into_iter().map(|(channel, action, text)| async move {
        let written = node.write(channel, person, action.clone()).await;
        (channel, action, text, written.expect("it is written in the end"))
    }));
    for (channel, action, text, written) in within(written).await {
        let about = written.message.seq;
        let change = matches!(action, Action::Send { .. } | Action::Edit { .. });
        let change = change.then_some((about, text));
        match change {
            Some(change) => drop(model.changes.insert((channel, written.seq), Some(change))),
            // A change without effect gets the position of an earlier one.
            None => drop(model.changes.entry((channel, written.seq)).or_insert(None)),
        }
    }
}

async fn the_logs_connection_is_ended_by_the_server(database: TestDatabase) {
    let (kind, url) = (database.kind, database.url.clone());
    let camp = Conference::with(database, Clock::System).await;
    let (channels, person) = stage(&camp).await;
    let node = Node::on(&url, Clock::System).await;
    let mut model = Model::default();
    for seed in 0..10 {
        let random = Random::seeded(seed);
        // The test itself uses connections of its own, new each time.
        end_connections(kind, &url).await;
        write_something(&node, &mut model, &channels, person, &random).await;
    }
    model.holds(&camp, &channels).await;
}

/// Ends all connections to this database except its own.
async fn end_connections(kind: Kind, url: &str) {
    use plenary::db::{Columns, Db};
    let db = Db::connect(url, 1).await.expect("connect");
    if kind == Kind::Postgres {
        let end = "SELECT COUNT(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        db.all(db.query(end)).await.expect("end them");
        return;
    }
    let list = "SELECT CAST(id AS SIGNED) AS id FROM information_schema.processlist
                WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    for row in db.all(db.query(list)).await.expect("list them") {
        let kill = format!("KILL {}", row.number("id").expect("a number"));
        // It may be gone already.
        let _ = db.run(db.query_built(kill)).await;
    }
}
