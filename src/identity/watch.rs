//! Notices the sign-ins that other nodes have ended, or somebody beside them. The bus tells of most
//! of it sooner; this holds whatever the bus loses, and without one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::Identity;
use super::sign_in::{self, Ended};
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::id::SignInId;

const INTERVAL: Duration = Duration::from_secs(3);
/// What is read again each time: a note bears the time of the node that wrote it, whose clock may
/// be behind, and is seen only when its transaction has ended.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Watches until it is dropped.
pub async fn watch(identity: Arc<Identity>) {
    let mut seen = Seen { at: identity.clock.now(), ends: HashSet::new() };
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Err(error) = look(&identity, &mut seen).await {
            tracing::warn!(%error, "who was signed out elsewhere is not known; it is asked again");
        }
    }
}

/// What was seen already.
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
        identity.sign_ins.hear(&new);
    }
    seen.ends = ends.into_iter().map(|ended| ended.sign_in).collect();
    seen.at = now;
    Ok(())
}
