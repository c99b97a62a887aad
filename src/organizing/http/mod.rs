//! Organizing over REST.

mod details;
mod fields;
mod rooms;
mod ticket_types;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Organizing;

/// The routes of organizing.
pub(super) fn router() -> OpenApiRouter<Organizing> {
    OpenApiRouter::new()
        .routes(routes!(details::list_events, details::create_event))
        .routes(routes!(details::get_event, details::change_event))
        .routes(routes!(rooms::list_rooms, rooms::create_room))
        .routes(routes!(rooms::change_room, rooms::delete_room))
        .routes(routes!(ticket_types::list_ticket_types, ticket_types::create_ticket_type))
        .routes(routes!(ticket_types::change_ticket_type, ticket_types::delete_ticket_type))
        .routes(routes!(fields::list_fields, fields::create_field))
        .routes(routes!(fields::change_field, fields::delete_field))
}
