//! What organizers do with an event (details, rooms, ticket types, the registration form) and what
//! everybody reads of it.

mod create;
mod documents;
mod http;
pub mod view;

use std::sync::Arc;

use axum::extract::FromRef;

use crate::core::Core;
use crate::registry::Registry;

/// What the handlers get; cheap to clone.
#[derive(Clone, Debug, FromRef)]
struct Organizing {
    core: Core,
    #[from_ref(skip)]
    documents: Arc<documents::Documents>,
}

/// Adds organizing to the hub.
pub fn register(hub: &mut Registry, core: &Core) {
    let documents = Arc::default();
    hub.routes(http::router(), Organizing { core: core.clone(), documents });
}
