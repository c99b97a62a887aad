//! Notices the sign-ins that were ended elsewhere: by other nodes, or directly in the database. The
//! bus announces most of them sooner; this covers what it loses, and running without one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::Identity;
use super::sign_in::{self, Ended};
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::id::SignInId;

const INTERVAL: Duration = Duration::from_secs(3);
/// How far back each reading goes: a record bears the time of the node that wrote it, whose clock
/// may be behind, and becomes visible only when its transaction commits.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Watches until dropped.
pub async fn watch(identity: Arc<Identity>) {
    let mut seen = Seen { at: identity.clock.now(), ends: HashSet::new() };
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Err(error) = look(&identity, &mut seen).await {
            tracing::warn!(%error, "could not read who was signed out elsewhere; retrying");
        }
    }
}

/// What was seen so far.
struct Seen {
    /// When everything was read last.
    at: Timestamp,
    /// What had ended by then.
    ends: HashSet<SignInId>,
}

async fn look(identity: &Identity, seen: &mut Seen) -> Result<(), DbError> {
    let now = identity.clock.now();
    let ends = sign_in::ended_since(&identity.db, seen.at.before(OVERLAP)).await?;
    let new = ends.iter().filter(|ended| !seen.ends.contains(&ended.sign_in));
    let new: Vec<Ended> = new.copied().collect();
    if !new.is_empty() {
        identity.sign_ins.apply_ends(&new);
    }
    seen.ends = ends.into_iter().map(|ended| ended.sign_in).collect();
    seen.at = now;
    Ok(())
}
