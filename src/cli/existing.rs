//! Commands that look into an installation make none: a mistyped folder would look like an empty one.

use anyhow::ensure;

use crate::app::open_core;
use crate::config::Settings;
use crate::core::Core;
use crate::db::Db;
use crate::registry::MayBegin;

/// Opens the conference that these settings lead to.
///
/// # Errors
/// When there is none and the command may not begin one; see also [`open_core`].
pub(super) async fn open(settings: Settings, may_begin: MayBegin) -> anyhow::Result<Core> {
    if may_begin == MayBegin::No {
        check(&settings).await?;
    }
    open_core(settings).await
}

async fn check(settings: &Settings) -> anyhow::Result<()> {
    if let Some(path) = settings.storage.sqlite_path() {
        let (file, folder) = (path.display(), settings.storage.data.display());
        ensure!(
            path.exists(),
            "there is no installation in {folder}: {file} does not exist. Name its folder with \
             --data, or its database with --database; plenary serve begins a new one"
        );
        return Ok(());
    }
    let db = Db::connect(&settings.storage.database_url(), 1).await?;
    let state = db.migration_state().await;
    db.close().await;
    ensure!(
        state?.applied > 0,
        "there is no installation in the database that --database names: it is empty; plenary serve \
         begins a new one"
    );
    Ok(())
}
