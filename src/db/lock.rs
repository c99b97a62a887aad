//! Ensures that a SQLite file is served by one hub. Two would both assign the channels' next
//! positions and know nothing of each other's people.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep};

/// How long a stopping hub may take to release the file.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How often the lock is tried.
const INTERVAL: Duration = Duration::from_millis(100);

/// Locks the SQLite file for this process until the result is dropped. The lock is a separate file,
/// which commands that read and change the conference while the hub serves do not need.
///
/// # Errors
/// When another hub serves the file, or the lock file cannot be created.
pub async fn alone(sqlite: &Path) -> anyhow::Result<File> {
    let path = sqlite.with_added_extension("lock");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    let file =
        File::create(&path).with_context(|| format!("{} cannot be created", path.display()))?;
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
            Err(TryLockError::WouldBlock) if begin.elapsed() < TIMEOUT => sleep(INTERVAL).await,
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another hub serves {} already; stop that one, give this one another --data, or \
                 use a database server",
                sqlite.display()
            ),
        }
    }
}
