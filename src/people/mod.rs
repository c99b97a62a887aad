//! Taking part: registrations, the directory, profiles and pictures, tables of people. Accounts and
//! sign-ins are in [`crate::identity`].
//!
//! - [`registration`] registers people for an event; [`transfer`] imports and exports whole tables.
//! - [`directory`] lists the participants who did not opt out.
//! - [`mailed_link`] shows what a link would do before it is done.
//! - [`me`] is a person's view of their own account, [`shown`] changes what others see of it,
//!   [`picture`] stores their pictures.

mod command;
pub mod directory;
pub mod http;
pub mod mailed_link;
pub mod me;
mod me_store;
pub mod picture;
pub mod registration;
pub mod shown;
mod shown_store;
pub mod transfer;
mod upkeep;
mod watch;

use std::sync::Arc;

use axum::extract::FromRef;
use tokio::sync::Semaphore;

use crate::core::Core;
use crate::http::limits::Limits;
use crate::registry::Registry;

use directory::Directories;
use picture::Pictures;

/// Taking part, on this node; cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub struct People {
    core: Core,
    /// The directories.
    pub directories: Arc<Directories>,
    limits: Arc<Limits>,
    #[from_ref(skip)]
    pictures: Arc<Pictures>,
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
    hub.pages(http::pictures(), people.clone());
    let directories = Arc::clone(&people.directories);
    hub.announcements().after_gap(move |_| {
        directories.invalidate_all();
        async { Ok(()) }
    });
    let own = core.clone();
    hub.task("people.watch", async move |_| watch::watch(own).await);
    let own = people.clone();
    hub.task("people.upkeep", async move |_| {
        own.pictures.delete_copies(&own.core).await;
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
            pictures: Arc::default(),
            import_turn: Arc::new(ImportTurn(Semaphore::new(1))),
        }
    }
}
