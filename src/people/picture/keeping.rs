//! The storage of pictures: in the database, so that every node can serve them, with copies of
//! served ones on this node's disk, so that each is read from the database once.
//!
//! A name is never reused for another picture, so that a copy can only become stale when the
//! picture is removed. Copies are deleted at every start, and while the hub runs it polls every few
//! seconds for pictures that were removed elsewhere.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore};

use super::{Picture, kind_of_name, store};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::{Db, DbError};
use crate::id::PersonId;
use crate::identity::person;
use crate::people::People;

/// How many pictures are read from the database at once; waiting requests then find the copy.
const FETCHED: usize = 4;
/// How long the removal of a picture stays recorded: much longer than a serving node can be without
/// the database.
const NOTED: Duration = Duration::from_secs(24 * 3_600);

/// The pictures of people.
#[derive(Debug)]
pub struct Pictures {
    fetched: Semaphore,
    /// Set when the copies of earlier runs are deleted.
    copies_deleted: OnceCell<()>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { fetched: Semaphore::new(FETCHED), copies_deleted: OnceCell::new() }
    }
}

/// Gives the person this picture, under an unguessable name, or none; the previous one is removed.
///
/// # Errors
/// When the database refuses.
pub async fn replace(
    core: &Core,
    person: PersonId,
    picture: Option<Picture>,
) -> Result<(), DbError> {
    let (db, now) = (&core.db, core.clock.now());
    let picture = picture.map(|picture| {
        (format!("{}.{}", core.random.secret(), picture.kind.extension()), picture.bytes)
    });
    let name = picture.as_ref().map(|(name, _)| name.clone());
    let mut transaction = db.begin().await?;
    let before = person::set_picture(db, &mut transaction, person, name, now).await?;
    if let Some((name, content)) = picture {
        store::insert(db, &mut transaction, &name, content, now).await?;
    }
    if let Some(before) = &before {
        store::take_away(db, &mut transaction, before, now).await?;
    }
    transaction.commit().await?;
    if let Some(before) = before {
        forget(core, &before).await;
    }
    Ok(())
}

/// The picture of this name, which [`kind_of_name`] has accepted; `None` if there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn show(people: &People, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    let core = &people.core;
    // Right after the start, the task that does so may not have run yet.
    people.pictures.delete_copies(core).await;
    let copy = core.settings.storage.picture_copies().join(name);
    if let Ok(bytes) = tokio::fs::read(&copy).await {
        return Ok(Some(bytes));
    }
    // Fails only when the semaphore is closed, which never happens.
    let _turn = people.pictures.fetched.acquire().await;
    if let Ok(bytes) = tokio::fs::read(&copy).await {
        return Ok(Some(bytes));
    }
    let mut found = store::read(&core.db, name).await?;
    if found.is_none() && adopt(core, name).await? {
        found = store::read(&core.db, name).await?;
    }
    let Some(bytes) = found else { return Ok(None) };
    if let Err(error) = write_copy(core, name, &bytes).await {
        tracing::warn!(%error, "a picture could not be copied to the disk; it is shown all the same");
    }
    // Notices a removal before there was a copy to delete.
    if store::is_shown(&core.db, name).await? {
        return Ok(Some(bytes));
    }
    forget(core, name).await;
    Ok(None)
}

async fn write_copy(core: &Core, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = core.settings.storage.picture_copies();
    tokio::fs::create_dir_all(&folder).await?;
    let unfinished = folder.join(format!("{}.part", core.random.secret()));
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, folder.join(name)).await
}

/// Deletes this node's copy of a removed picture.
async fn forget(core: &Core, name: &str) {
    for folder in [core.settings.storage.picture_copies(), core.settings.storage.earlier_pictures()]
    {
        remove(&folder.join(name)).await;
    }
}

async fn remove(file: &Path) {
    match tokio::fs::remove_file(file).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a picture could not be removed from the disk");
        }
        _ => {}
    }
}

impl Pictures {
    /// Deletes all copies, once after the start: pictures may have been removed while this node was
    /// down.
    pub async fn delete_copies(&self, core: &Core) {
        self.copies_deleted.get_or_init(|| delete_copies(core)).await;
    }
}

async fn delete_copies(core: &Core) {
    match tokio::fs::remove_dir_all(core.settings.storage.picture_copies()).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "old copies of pictures could not be removed from the disk");
        }
        _ => {}
    }
}

/// Deletes this node's copies of the pictures that were removed since then, on any node.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_taken_away(core: &Core, since: Timestamp) -> Result<(), DbError> {
    for name in store::taken_away_since(&core.db, since).await? {
        if kind_of_name(&name).is_some() {
            forget(core, &name).await;
        }
    }
    Ok(())
}

/// Deletes the records of removals that every node has handled.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    store::forget_taken_away(db, now.before(NOTED)).await
}

/// Moves pictures that an earlier version stored in this node's folder to the database, so that the
/// other nodes can serve them.
///
/// # Errors
/// When the database refuses.
pub async fn adopt_all(core: &Core) -> Result<(), DbError> {
    // Mostly there is no such folder.
    let Ok(mut files) = tokio::fs::read_dir(core.settings.storage.earlier_pictures()).await else {
        return Ok(());
    };
    while let Ok(Some(file)) = files.next_entry().await {
        if let Some(name) = file.file_name().to_str() {
            adopt(core, name).await?;
        }
    }
    Ok(())
}

/// Moves one of them to the database, if it is still in use, and returns whether it did.
async fn adopt(core: &Core, name: &str) -> Result<bool, DbError> {
    let file = core.settings.storage.earlier_pictures().join(name);
    if kind_of_name(name).is_none() {
        return Ok(false);
    }
    let Ok(content) = tokio::fs::read(&file).await else { return Ok(false) };
    if !store::is_of_somebody(&core.db, name).await? {
        return Ok(false);
    }
    let mut transaction = core.db.begin().await?;
    store::insert(&core.db, &mut transaction, name, content, core.clock.now()).await?;
    transaction.commit().await?;
    remove(&file).await;
    Ok(true)
}
