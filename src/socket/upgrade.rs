//! `GET /ws`: from an HTTP request to a connection.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;
use axum::routing::any;
use hyper::upgrade::OnUpgrade;

use super::greeting::greet;
use super::session;
use super::sockets::{Slot, Sockets};
use crate::http::address::ClientAddress;
use crate::http::extract::cookie;
use crate::http::origin::is_same_origin;
use crate::http::problem::Problem;
use crate::identity::sign_in;
use crate::protocol::{FRAME_BYTES, SUBPROTOCOL};
use crate::websocket::{Handshake, Receiver, Socket};

/// The socket's route.
pub fn router(sockets: &Arc<Sockets>) -> Router {
    Router::new().route("/ws", any(upgrade)).with_state(Arc::clone(sockets))
}

async fn upgrade(
    State(sockets): State<Arc<Sockets>>,
    request: Request,
) -> Result<Response, Problem> {
    let core = &sockets.core;
    if core.lifecycle.is_stopping() {
        let problem =
            Problem::new("server.draining", "The server is restarting. Try again in a moment.");
        return Err(Problem { retry_after_ms: Some(2_000), ..problem });
    }
    let (mut parts, _) = request.into_parts();
    let Ok(address) = ClientAddress::from_request_parts(&mut parts, core).await;
    let secret = cookie(&parts, sign_in::cookie_name(core.settings.addresses.is_secure()));
    // A page of another site must not talk with this person's cookie.
    if secret.is_some() && !is_same_origin(&parts.headers, &core.settings.addresses.public_url) {
        let detail = "The socket can be opened only from this site's own pages.";
        return Err(Problem::new("request.cross_origin", detail));
    }
    let slot = Slot::take(&sockets).ok_or_else(|| {
        let problem = Problem::new(
            "server.full",
            "The server has reached its limit of connections. Try again in a while.",
        );
        Problem { retry_after_ms: Some(30_000), ..problem }
    })?;
    let handshake = Handshake::of(&parts, SUBPROTOCOL)
        .map_err(|error| Problem::new("request.no_websocket", error.to_string()))?;
    let Some(upgrading) = parts.extensions.remove::<OnUpgrade>() else {
        return Err(Problem::internal());
    };
    let deflate = handshake.deflate;
    let share = sockets.silent.hold(address.limit_key());
    core.lifecycle.connections().clone().spawn(async move {
        // A client that disconnects before the answer has arrived leaves nothing behind.
        let Ok(upgraded) = upgrading.await else { return };
        let Ok((socket, unread)) = Socket::new(upgraded, deflate) else { return };
        // Borrowed below, because a value moved into a future is stored in it twice.
        let mut receiver = Receiver::new(socket, unread, FRAME_BYTES);
        if let Some(arrived) = greet(&sockets, &mut receiver, secret, share).await {
            session::run(&sockets, &mut receiver, arrived).await;
        }
        drop(slot);
    });
    Ok(handshake.response())
}
