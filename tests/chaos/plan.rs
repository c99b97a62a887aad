//! Runs one seed, from an empty database to the final comparison.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::join_all;
use parking_lot::Mutex as SyncMutex;
use serde_json::json;
use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

use crate::check::{Fresh, check};
use crate::client::{Client, Outcome, Phase};
use crate::moderator::{self, Silence};
use crate::stage::{Addresses, Camp, HUBS, Hub, Proxies};
use crate::support::hub::within;
use crate::support::own_database::OwnDatabase;
use crate::support::people::TestPerson;
use crate::support::redis::TestRedis;
use crate::support::socket::Socket;
use crate::support::view::snapshot;
use crate::tally::Tally;
use crate::{faults, stage};

/// The result of a plan.
pub struct Played {
    /// The database server.
    pub database: OwnDatabase,
    /// Redis.
    pub redis: TestRedis,
    /// What was done.
    pub tally: Tally,
    /// The deviations.
    pub broken: Vec<String>,
}

/// Runs the plan of this seed on these servers.
pub async fn play(seed: u64, mut database: OwnDatabase, redis: TestRedis) -> Played {
    database.begin_anew().await;
    let camp = Camp::set_up(&database).await;
    let (addresses, log) = (Addresses::default(), Arc::new(SyncMutex::new(Vec::new())));
    let proxies = join_all((0..HUBS).map(|_| Proxies::to(&database, &redis))).await;
    let start = |number| Hub::start(number, &proxies[number], &addresses, &log);
    let hubs: Vec<Mutex<Hub>> =
        join_all((0..HUBS).map(start)).await.into_iter().map(Mutex::new).collect();

    let (phase, phases) = watch::channel(Phase::Talk);
    let (ready, mut settled) = mpsc::channel(stage::PEOPLE + 1);
    let client = |number: usize, person: &TestPerson| {
        let cookie = person.client.cookie.as_deref().expect("a cookie");
        let name = format!("Person {number}");
        let own = seed.wrapping_mul(1_000).wrapping_add(number as u64);
        Client::new(&name, cookie, &camp.channels, own, &addresses, &phases)
    };
    let talks: Vec<_> = (0..)
        .zip(&camp.people)
        .map(|(number, person)| {
            AbortOnDropHandle::new(tokio::spawn(client(number, person).run(ready.clone())))
        })
        .collect();
    let people = camp.people.iter().map(|person| person.id.to_string()).collect();
    let moderator = client(stage::PEOPLE, &camp.moderator);
    let moderation =
        AbortOnDropHandle::new(tokio::spawn(moderator::run(moderator, people, ready.clone())));

    let (of_hubs, (database, redis, of_servers)) = tokio::join!(
        faults::with_hubs(&hubs, seed.wrapping_mul(1_000).wrapping_add(100)),
        faults::with_servers(&proxies, database, redis, seed.wrapping_mul(1_000).wrapping_add(101)),
    );
    phase.send_replace(Phase::Calm);
    let all_settled = async {
        for _ in 0..=stage::PEOPLE {
            settled.recv().await;
        }
    };
    within(all_settled).await;
    let fresh = look(&camp, &addresses).await;
    let heads = fresh.values().map(|view| (view.channel.clone(), view.seq)).collect();
    phase.send_replace(Phase::Hear(Arc::new(heads)));

    let mut outcomes: Vec<Outcome> = Vec::new();
    for talk in talks {
        outcomes.push(within(talk).await.expect("a client that ends"));
    }
    let (outcome, silences) = within(moderation).await.expect("a moderator who ends");
    outcomes.push(outcome);
    let (tally, broken) = judge(&fresh, &outcomes, &silences, [of_hubs, of_servers]);
    for hub in &hubs {
        hub.lock().await.end(rustix::process::Signal::KILL).await;
    }
    if !broken.is_empty() {
        keep(seed, &log.lock());
    }
    Played { database, redis, tally, broken }
}

/// What a newcomer reads.
async fn look(camp: &Camp, addresses: &Addresses) -> Fresh {
    let address = addresses.get(0).expect("a running hub");
    let cookie = camp.newcomer.client.cookie.as_deref();
    let opened = Socket::open_from(address, cookie, "http://localhost:8080").await;
    let mut socket = opened.expect("a socket");
    socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
    let mut fresh = BTreeMap::new();
    for channel in &camp.channels {
        fresh.insert(channel.clone(), snapshot(&mut socket, channel).await);
    }
    fresh
}

fn judge(
    fresh: &Fresh,
    outcomes: &[Outcome],
    silences: &[Silence],
    faults: [Tally; 2],
) -> (Tally, Vec<String>) {
    let mut tally = Tally::default();
    let own = outcomes.iter().map(|outcome| &outcome.tally);
    own.chain(&faults).for_each(|more| tally.add(more));
    let mut broken = check(fresh, outcomes, silences, &mut tally);
    broken.extend(outcomes.iter().flat_map(|outcome| outcome.broken.iter().cloned()));
    (tally, broken)
}

/// Keeps the hubs' logs, for analysis.
fn keep(seed: u64, log: &[String]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chaos");
    let file = folder.join(format!("{seed}.log"));
    let written =
        std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, log.join("\n")));
    match written {
        Ok(()) => println!("what the hubs have logged is in {}", file.display()),
        Err(error) => println!("what the hubs have logged is lost: {error}"),
    }
}
