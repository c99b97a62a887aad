//! Organizing an event (details, rooms, ticket types, the registration form), and what everyone
//! reads of it.

mod create;
mod documents;
mod http;
pub mod view;

use std::sync::Arc;

use axum::extract::FromRef;

use crate::core::Core;
use crate::registry::Registry;

/// The state of the handlers; cheap to clone.
#[derive(Clone, Debug, FromRef)]
struct Organizing {
    core: Core,
    #[from_ref(skip)]
    documents: Arc<documents::Documents>,
}

/// Registers organizing.
pub fn register(hub: &mut Registry, core: &Core) {
    let documents = Arc::default();
    hub.routes(http::router(), Organizing { core: core.clone(), documents });
}
