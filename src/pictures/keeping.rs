//! The storage of pictures: in the database, so that every node can serve them, with copies of
//! served ones on this node's disk, so that each is read from the database once.
//!
//! A name is never reused for another picture, so that a copy can only become stale when the
//! picture is removed. Copies are deleted at every start, and while the hub runs it polls every few
//! seconds for pictures that were removed elsewhere.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore};

use super::store::Stored;
use super::{Picture, Size, Unreadable, store};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::cpu_pool::NotDone;
use crate::db::{Db, DbError, Transaction};
use crate::id::PersonId;
use crate::identity::person;
use crate::protocol::Refusal;

/// How many pictures are read from the database at once; waiting requests then find the copy.
const FETCHED: usize = 4;
/// How long the removal of a picture stays recorded: much longer than a serving node can be without
/// the database.
const NOTED: Duration = Duration::from_secs(24 * 3_600);

/// The pictures of this node.
pub(super) struct Pictures {
    pub(super) core: Core,
    fetched: Semaphore,
    /// Set when the copies of earlier runs are deleted.
    copies_deleted: OnceCell<()>,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pictures").finish_non_exhaustive()
    }
}

impl Pictures {
    pub(super) fn new(core: &Core) -> Self {
        let (fetched, copies_deleted) = (Semaphore::new(FETCHED), OnceCell::new());
        Self { core: core.clone(), fetched, copies_deleted }
    }

    /// Deletes all copies, once after the start: pictures may have been removed while this node was
    /// down.
    pub(super) async fn delete_copies(&self) {
        self.copies_deleted.get_or_init(|| delete_copies(&self.core)).await;
    }
}

/// Whether this is the name of a picture, and not one that could lead out of the folder.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.split_once('.').is_some_and(|(secret, extension)| {
        // Pictures of earlier versions may have any of them.
        secret.len() == 43
            && secret.chars().all(plain)
            && ["png", "jpg", "webp"].contains(&extension)
    })
}

/// The name of the copy of a picture in this size.
fn copy_name(name: &str, size: Size) -> String {
    match size {
        Size::Large => name.to_owned(),
        Size::Small => format!("small-{name}"),
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
    let mut transaction = db.begin().await?;
    let name = match picture {
        Some(picture) => Some(keep(core, &mut transaction, picture).await?),
        None => None,
    };
    let before = person::set_picture(db, &mut transaction, person, name, now).await?;
    if let Some(before) = &before {
        store::take_away(db, &mut transaction, before, now).await?;
    }
    transaction.commit().await?;
    if let Some(before) = before {
        forget(core, &before).await;
    }
    Ok(())
}

/// Stores a picture under a new, unguessable name, and returns that.
///
/// # Errors
/// When the database refuses.
pub async fn keep(
    core: &Core,
    transaction: &mut Transaction,
    picture: Picture,
) -> Result<String, DbError> {
    let Picture { format, large, small } = picture;
    let name = format!("{}.{}", core.random.secret(), format.extension());
    let stored = Stored { content: large, small: Some(small) };
    store::insert(&core.db, transaction, &name, stored, core.clock.now()).await?;
    Ok(name)
}

/// Removes a picture that nobody shows any more. Every node forgets its copy within seconds.
///
/// # Errors
/// When the database refuses.
pub async fn remove(core: &Core, transaction: &mut Transaction, name: &str) -> Result<(), DbError> {
    store::take_away(&core.db, transaction, name, core.clock.now()).await
}

/// The picture of this name, which [`is_name`] has accepted, in this size; `None` if there is none.
///
/// # Errors
/// When the database does not answer, or too many pictures wait to be decoded.
pub(super) async fn show(
    pictures: &Pictures,
    asker: IpAddr,
    name: &str,
    size: Size,
) -> Result<Option<Vec<u8>>, Refusal> {
    let core = &pictures.core;
    // Right after the start, the task that does so may not have run yet.
    pictures.delete_copies().await;
    let copy = core.settings.storage.picture_copies().join(copy_name(name, size));
    if let Ok(bytes) = tokio::fs::read(&copy).await {
        return Ok(Some(bytes));
    }
    // Fails only when the semaphore is closed, which never happens.
    let _turn = pictures.fetched.acquire().await;
    if let Ok(bytes) = tokio::fs::read(&copy).await {
        return Ok(Some(bytes));
    }
    let mut found = store::read(&core.db, name).await?;
    if found.is_none() && adopt(core, name).await? {
        found = store::read(&core.db, name).await?;
    }
    let Some(stored) = found else { return Ok(None) };
    let Some((large, small)) = written(core, asker, name, stored).await? else { return Ok(None) };
    let bytes = match size {
        Size::Large => large,
        Size::Small => small,
    };
    if let Err(error) = write_copy(core, &copy, &bytes).await {
        tracing::warn!(%error, "a picture could not be copied to the disk; it is shown all the same");
    }
    // Notices a removal before there was a copy to delete.
    if store::is_shown(&core.db, name).await? {
        return Ok(Some(bytes));
    }
    forget(core, name).await;
    Ok(None)
}

/// Both sizes of a picture. What an earlier version stored as it was uploaded is decoded and written
/// anew first; `None` if that is not possible.
async fn written(
    core: &Core,
    asker: IpAddr,
    name: &str,
    stored: Stored,
) -> Result<Option<(Vec<u8>, Vec<u8>)>, Refusal> {
    if let Some(small) = stored.small {
        return Ok(Some((stored.content, small)));
    }
    match super::read(&core.cpu_pool, asker, stored.content.into()).await {
        Ok(Picture { large, small, .. }) => {
            store::rewrite(&core.db, name, large.clone(), small.clone()).await?;
            Ok(Some((large, small)))
        }
        Err(Unreadable::NotDone(NotDone::Busy)) => Err(super::busy()),
        Err(error) => {
            tracing::warn!(%error, "a picture of an earlier version cannot be shown");
            Ok(None)
        }
    }
}

async fn write_copy(core: &Core, copy: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = core.settings.storage.picture_copies();
    tokio::fs::create_dir_all(&folder).await?;
    let unfinished = folder.join(format!("{}.part", core.random.secret()));
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, copy).await
}

/// Deletes this node's copies of a removed picture.
async fn forget(core: &Core, name: &str) {
    let copies = core.settings.storage.picture_copies();
    for size in [Size::Large, Size::Small] {
        delete(&copies.join(copy_name(name, size))).await;
    }
    delete(&core.settings.storage.earlier_pictures().join(name)).await;
}

async fn delete(file: &Path) {
    match tokio::fs::remove_file(file).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a picture could not be removed from the disk");
        }
        _ => {}
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
pub(super) async fn forget_taken_away(core: &Core, since: Timestamp) -> Result<(), DbError> {
    for name in store::taken_away_since(&core.db, since).await? {
        if is_name(&name) {
            forget(core, &name).await;
        }
    }
    Ok(())
}

/// Deletes the records of removals that every node has handled.
///
/// # Errors
/// When the database refuses.
pub(super) async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
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
    if !is_name(name) {
        return Ok(false);
    }
    let Ok(content) = tokio::fs::read(&file).await else { return Ok(false) };
    if !store::is_of_somebody(&core.db, name).await? {
        return Ok(false);
    }
    let mut transaction = core.db.begin().await?;
    // Without the small size: it is written anew when it is shown.
    let stored = Stored { content, small: None };
    store::insert(&core.db, &mut transaction, name, stored, core.clock.now()).await?;
    transaction.commit().await?;
    delete(&file).await;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn names_do_not_lead_out_of_the_folder() {
        let name = format!("{}.png", Random::seeded(1).secret());
        assert!(is_name(&name));
        for name in ["../plenary.sqlite", "a.png", &name.replace(".png", ".svg"), &name[1..]] {
            assert!(!is_name(name), "{name}");
        }
    }
}
