//! Three hubs, Redis and a database server, people who talk through them, and everything that can
//! go wrong in between: hubs killed, stopped and restarted, Redis emptied, connections cut and
//! frozen, the database restarted and killed. In the end, a model of what was acknowledged is
//! compared with the database, and each client's view with what a newcomer reads.
//!
//! `make chaos` runs it. What happens, and when, follows from a seed: `SEED=7 DATABASE=mariadb`
//! replays that one. `SEEDS=50` sets how many are run on each database.

#![allow(
    unreachable_pub,
    reason = "a test program has no outside; `pub` marks what is meant for tests"
)]
#![allow(clippy::disallowed_methods, reason = "a test program may take the machine's time")]

mod check;
mod client;
mod faults;
mod moderator;
mod plan;
mod stage;
#[allow(dead_code, unused_imports, unused_macros, reason = "shared with the other tests")]
#[path = "../it/support/mod.rs"]
mod support;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use support::databases::Kind;
use support::own_database::OwnDatabase;
use support::redis::TestRedis;
use tally::Tally;

/// How many seeds are run on each database by default.
const SEEDS: u64 = 10;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run())
}

async fn run() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for (kind, name) in [(Kind::Mariadb, "mariadb"), (Kind::Postgres, "postgres")] {
        if std::env::var("DATABASE").is_ok_and(|wanted| wanted != name) {
            continue;
        }
        let mut total = Tally::default();
        let mut servers = None;
        for seed in seeds() {
            let begin = Instant::now();
            let (database, redis) = match servers.take() {
                Some(servers) => servers,
                None => match start(kind).await {
                    Some(servers) => servers,
                    // Skipped; counted as such in the total of all tests, like others.
                    None => {
                        passed += 1;
                        break;
                    }
                },
            };
            // A plan that panics takes its servers with it; the next one gets new ones.
            let played = tokio::spawn(plan::play(seed, database, redis)).await;
            let (tally, broken) = match played {
                Ok(played) => {
                    servers = Some((played.database, played.redis));
                    (played.tally, played.broken)
                }
                Err(panic) => (Tally::default(), vec![panic.to_string()]),
            };
            println!("{name} {seed}: {tally}, {:.1} s", begin.elapsed().as_secs_f64());
            for what in &broken {
                println!("{name} {seed}: BROKEN: {what}");
            }
            if broken.is_empty() {
                passed += 1;
            } else {
                println!(
                    "{name} {seed}: play it again with SEED={seed} DATABASE={name} make chaos"
                );
                failed += 1;
            }
            total.add(&tally);
        }
        println!("{name}: {total}");
    }
    println!("chaos: {passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..1 + number("SEEDS").unwrap_or(SEEDS),
    }
}

/// The servers for one kind of database; `None` if this machine lacks one.
async fn start(kind: Kind) -> Option<(OwnDatabase, TestRedis)> {
    Some((OwnDatabase::new(kind).await?, TestRedis::start().await?))
}
