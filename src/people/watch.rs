//! Notices what was ended in the database by other nodes, or beside them: sign-ins, pictures. The
//! bus tells of most of it sooner; this holds whatever the bus loses, and without one.

use std::collections::HashSet;
use std::time::Duration;

use super::picture;
use super::sign_in::{self, Ended};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::id::SignInId;

const INTERVAL: Duration = Duration::from_secs(3);
/// What is read again each time: a note bears the time of the node that wrote it, whose clock may
/// be behind, and is seen only when its transaction has ended.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Watches until it is dropped.
pub(super) async fn watch(core: Core) {
    let mut seen = Seen { at: core.clock.now(), ends: HashSet::new() };
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Err(error) = look(&core, &mut seen).await {
            tracing::warn!(%error, "what has ended elsewhere is not known; it is asked again");
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

async fn look(core: &Core, seen: &mut Seen) -> Result<(), DbError> {
    let now = core.clock.now();
    let since = seen.at.before(OVERLAP);
    let ends = sign_in::ended_since(&core.db, since).await?;
    let new = ends.iter().filter(|ended| !seen.ends.contains(&ended.sign_in));
    let new: Vec<Ended> = new.copied().collect();
    if !new.is_empty() {
        core.people.sign_ins.hear(&new);
    }
    seen.ends = ends.into_iter().map(|ended| ended.sign_in).collect();
    picture::forget_taken_away(core, since).await?;
    seen.at = now;
    Ok(())
}
