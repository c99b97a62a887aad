//! The faults: of the hubs, one after the other, and at the same time of the servers they use.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rustix::process::Signal;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::stage::{HUBS, Hub, Proxies};
use crate::support::own_database::OwnDatabase;
use crate::support::redis::TestRedis;
use crate::tally::Tally;

/// How long faults are injected.
const WHILE: Duration = Duration::from_secs(7);

/// Injects faults into hubs.
pub async fn with_hubs(hubs: &[Mutex<Hub>], seed: u64) -> Tally {
    let mut random = StdRng::seed_from_u64(seed);
    let mut tally = Tally::default();
    let end = Instant::now() + WHILE;
    while Instant::now() < end {
        pause(&mut random, 100..900).await;
        let number = random.random_range(0..HUBS);
        match random.random_range(0..10) {
            0..5 => {
                tally.killed += 1;
                let mut hub = hubs[number].lock().await;
                hub.end(Signal::KILL).await;
                pause(&mut random, 0..600).await;
                hub.start_again().await;
            }
            5..7 => {
                tally.restarted += 1;
                restart(&hubs[number]).await;
            }
            7 => {
                tally.restarted += HUBS;
                for hub in hubs {
                    restart(hub).await;
                }
            }
            _ => {
                tally.paused += 1;
                let hub = hubs[number].lock().await;
                hub.signal(Signal::STOP);
                pause(&mut random, 300..2_500).await;
                hub.signal(Signal::CONT);
            }
        }
    }
    tally
}

async fn restart(hub: &Mutex<Hub>) {
    let mut hub = hub.lock().await;
    hub.end(Signal::TERM).await;
    hub.start_again().await;
}

/// Injects faults into Redis, the database, and the connections to them. Ends with all repaired.
pub async fn with_servers(
    proxies: &[Proxies],
    mut database: OwnDatabase,
    mut redis: TestRedis,
    seed: u64,
) -> (OwnDatabase, TestRedis, Tally) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut tally = Tally::default();
    let end = Instant::now() + WHILE;
    while Instant::now() < end {
        pause(&mut random, 100..700).await;
        let link = &proxies[random.random_range(0..HUBS)];
        match random.random_range(0..20) {
            0..2 => {
                tally.database += 1;
                database = database.stop().await.start_again().await;
            }
            2..4 => {
                tally.database += 1;
                database = database.kill().await;
                pause(&mut random, 0..800).await;
                database = database.start_again().await;
            }
            4..12 => {
                tally.redis += 1;
                strike(&mut redis, &mut random).await;
            }
            _ => {
                tally.cuts += 1;
                cut(link, &mut random).await;
            }
        }
    }
    (database, redis, tally)
}

async fn strike(redis: &mut TestRedis, random: &mut StdRng) {
    match random.random_range(0..4) {
        0 => {
            redis.stop().await;
            pause(random, 0..1_500).await;
            redis.start_again().await;
        }
        1 => redis.flush().await,
        2 => {
            redis.drop_subscribers().await;
        }
        _ => {
            redis.pause();
            pause(random, 200..2_500).await;
            redis.resume();
        }
    }
}

async fn cut(link: &Proxies, random: &mut StdRng) {
    let proxy = if random.random_bool(0.5) { &link.redis } else { &link.database };
    if random.random_bool(0.5) {
        proxy.cut();
    } else {
        proxy.freeze();
    }
    pause(random, 50..2_000).await;
    proxy.mend();
}

async fn pause(random: &mut StdRng, millis: std::ops::Range<u64>) {
    sleep(Duration::from_millis(random.random_range(millis))).await;
}
