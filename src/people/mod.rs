//! Taking part: registrations, the directory, profiles, tables of people. Accounts and
//! sign-ins are in [`crate::identity`].
//!
//! - [`registration`] registers people for an event; [`transfer`] imports and exports whole tables.
//! - [`directory`] lists the participants who did not opt out.
//! - [`mailed_link`] shows what a link would do before it is done.
//! - [`me`] is a person's view of their own account, [`shown`] changes what others see of it.

mod command;
pub mod directory;
pub mod http;
pub mod mailed_link;
pub mod me;
mod me_store;
pub mod registration;
pub mod shown;
mod shown_store;
pub mod transfer;
mod upkeep;

use std::sync::Arc;

use axum::extract::FromRef;
use tokio::sync::Semaphore;

use crate::core::Core;
use crate::http::limits::Limits;
use crate::registry::Registry;

use directory::Directories;

/// Taking part, on this node; cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub struct People {
    core: Core,
    /// The directories.
    pub directories: Arc<Directories>,
    limits: Arc<Limits>,
    import_turn: Arc<ImportTurn>,
}

/// Held by the running import, as a large table takes memory many times its size.
#[derive(Debug)]
struct ImportTurn(Semaphore);

/// Registers people.
pub fn register(hub: &mut Registry, core: &Core) -> People {
    let people = People::new(core);
    core.events.observe(Arc::<Directories>::clone(&people.directories));
    core.identity.observe(Arc::<Directories>::clone(&people.directories));
    hub.routes(http::router(), people.clone());
    let directories = Arc::clone(&people.directories);
    hub.announcements().after_gap(move |_| {
        directories.invalidate_all();
        async { Ok(()) }
    });
    let own = people.clone();
    hub.task("people.upkeep", async move |_| {
        upkeep::run(&own).await;
    });
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move { upkeep::sweep(&core).await }
    });
    command::register(hub);
    people
}

impl People {
    fn new(core: &Core) -> Self {
        Self {
            core: core.clone(),
            directories: Arc::new(Directories::new(&core.db, &core.clock)),
            limits: Arc::new(Limits::new(&core.clock, core.settings.limits.requests_per_minute)),
            import_turn: Arc::new(ImportTurn(Semaphore::new(1))),
        }
    }
}
