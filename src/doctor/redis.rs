//! Redis, if it connects hubs: reachable, recent enough, near, with buffers for a hub that lags.

use std::time::Duration;

use super::{in_millis, median};
use crate::bus::{Examined, Servers};
use crate::clock::Clock;
use crate::cluster;
use crate::config::Settings;
use crate::db::Db;
use crate::finding::Finding;

const PART: &str = "redis";
/// A slower answer delays everything for other hubs noticeably.
const FAR: Duration = Duration::from_millis(5);
/// A smaller buffer is full in a second of a large conference.
const ROOM: u64 = 8 << 20;

pub(super) async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let servers = match Servers::parse(&settings.redis.urls, settings.redis.authority.as_deref()) {
        Ok(servers) => servers,
        Err(error) => return vec![Finding::problem(PART, error.to_string(), "Correct it.")],
    };
    let disagreements = disagreements(settings, &servers, clock).await;
    let examined = servers.examine().await.into_iter();
    let mut findings: Vec<Finding> = examined
        .flat_map(|(name, found)| match found {
            Ok(found) => about(&name, found),
            Err(error) => vec![Finding::problem(
                PART,
                format!("{name} cannot be used: {error}"),
                "Check --redis: host, port, user and password, rediss:// for TLS (with --redis-ca \
                 for an authority of your own), that it is Redis 6 or newer, and that it lets this \
                 machine in. Until then each hub hears the others only by the database, with a \
                 delay of two seconds.",
            )],
        })
        .collect();
    findings.extend(disagreements);
    findings
}

/// Whether serving hubs of this database are configured with another list.
async fn disagreements(settings: &Settings, servers: &Servers, clock: &Clock) -> Vec<Finding> {
    if settings.storage.sqlite_path().is_some() {
        return Vec::new();
    }
    // What is wrong with the database is said of the database.
    let Ok(db) = Db::connect(&settings.storage.database_url(), 2).await else { return Vec::new() };
    let found = cluster::disagreements(&db, servers, clock.now()).await.unwrap_or_default();
    db.close().await;
    let advice = "Change --redis where it is wrong, and restart that hub. A hub that has ended counts for \
                  half a minute more.";
    found.into_iter().map(|sentence| Finding::problem(PART, sentence, advice)).collect()
}

fn about(name: &str, found: Examined) -> Vec<Finding> {
    let Examined { version, is_cluster, should_be_cluster, most_waiting, answers } = found;
    let mut findings = Vec::new();
    let number = version.split('.').next().and_then(|number| number.parse().ok());
    let wanted: u32 = if should_be_cluster { 7 } else { 6 };
    findings.push(if number.is_some_and(|number: u32| number < wanted) {
        let found = format!("{name} is Redis {version}");
        Finding::problem(PART, found, format!("Redis {wanted} or newer is needed here."))
    } else {
        Finding::fine(PART, format!("{name} is Redis {version} and accepts the login"))
    });
    if is_cluster != should_be_cluster {
        let (found, advice) = if is_cluster {
            ("is part of a Redis Cluster", "Write redis+cluster:// in --redis.")
        } else {
            ("is not a Redis Cluster", "Write redis:// in --redis.")
        };
        findings.push(Finding::problem(PART, format!("{name} {found}"), advice));
    }
    findings.extend(most_waiting.filter(|bytes| (1..ROOM).contains(bytes)).map(|bytes| {
        let found = format!("{name} disconnects a hub once {bytes} bytes are queued for it");
        let advice = "Set client-output-buffer-limit pubsub to 32mb 8mb 60 or more: a hub that is \
                      cut off reads what it missed from the database.";
        Finding::warning(PART, found, advice)
    }));
    let answer = median(answers);
    let found = format!("{name} answers in {}", in_millis(answer));
    findings.push(if answer < FAR {
        Finding::fine(PART, found)
    } else {
        Finding::warning(
            PART,
            found,
            "Put it near the hubs: it delays everything between them by that much.",
        )
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight;

    fn found() -> Examined {
        Examined {
            version: "7.0.15".to_owned(),
            is_cluster: false,
            should_be_cluster: false,
            most_waiting: Some(32 << 20),
            answers: vec![Duration::from_millis(1)],
        }
    }

    fn worst(found: Examined) -> Weight {
        let findings = about("redis.example:6379", found);
        let has = |weight| findings.iter().any(|finding| finding.weight == weight);
        [Weight::Problem, Weight::Warning].into_iter().find(|it| has(*it)).unwrap_or(Weight::Fine)
    }

    #[test]
    fn what_is_old_wrong_narrow_or_far_is_found() {
        assert_eq!(worst(found()), Weight::Fine);
        let old = "5.0.14".to_owned();
        assert_eq!(worst(Examined { version: old, ..found() }), Weight::Problem);
        assert_eq!(worst(Examined { is_cluster: true, ..found() }), Weight::Problem);
        let (version, yes) = ("6.2.0".to_owned(), true);
        let cluster = Examined { version, is_cluster: yes, should_be_cluster: yes, ..found() };
        assert_eq!(worst(cluster), Weight::Problem);
        let narrow = Examined { most_waiting: Some(1 << 20), ..found() };
        assert_eq!(worst(narrow), Weight::Warning);
        assert_eq!(worst(Examined { most_waiting: Some(0), ..found() }), Weight::Fine);
        let far = Examined { answers: vec![Duration::from_millis(9)], ..found() };
        assert_eq!(worst(far), Weight::Warning);
    }
}
