//! `GET /ws`: from an HTTP request to a connection.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::any;
use hyper::upgrade::OnUpgrade;

use super::greeting::greet;
use super::session;
use crate::app::App;
use crate::http::extract::cookie;
use crate::http::origin::is_same_origin;
use crate::http::problem::Problem;
use crate::people::sign_in;
use crate::protocol::{FRAME_BYTES, SUBPROTOCOL};
use crate::websocket::{Handshake, Receiver, Socket};

/// The socket's route.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/ws", any(upgrade))
}

async fn upgrade(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    if app.lifecycle.is_stopping() {
        let problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "server.draining",
            "The server is restarting. Try again in a moment.",
        );
        return Err(Problem { retry_after_ms: Some(2_000), ..problem });
    }
    let (mut parts, _) = request.into_parts();
    let secret = cookie(&parts, sign_in::cookie_name(app.settings.is_secure()));
    // A page of another site must not talk with this person's cookie.
    if secret.is_some() && !is_same_origin(&parts.headers, &app.settings.public_url) {
        let detail = "The socket can be opened only from this site's own pages.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "request.cross_origin", detail));
    }
    let slot = Slot::take(&app).ok_or_else(|| {
        let problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "server.full",
            "The server has as many connections as it can take. Try again in a while.",
        );
        Problem { retry_after_ms: Some(30_000), ..problem }
    })?;
    let handshake = Handshake::of(&parts, SUBPROTOCOL).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "request.no_websocket", error.to_string())
    })?;
    let Some(upgrading) = parts.extensions.remove::<OnUpgrade>() else {
        return Err(Problem::internal());
    };
    let deflate = handshake.deflate;
    app.lifecycle.connections().clone().spawn(async move {
        // Whoever breaks off before the answer has arrived leaves nothing behind.
        let Ok(upgraded) = upgrading.await else { return };
        let Ok((socket, unread)) = Socket::new(upgraded, deflate) else { return };
        // Borrowed by what follows: what is handed over to a future stands in it twice.
        let mut receiver = Receiver::new(socket, unread, FRAME_BYTES);
        if let Some(arrived) = greet(&app, &mut receiver, secret).await {
            session::run(&app, &mut receiver, arrived).await;
        }
        drop(slot);
    });
    Ok(handshake.response())
}

/// One of the connections that the hub may have, given back when dropped.
struct Slot(Arc<App>);

impl Slot {
    fn take(app: &Arc<App>) -> Option<Self> {
        let most = app.settings.max_connections;
        let taken = app.sockets.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |open| {
            (open < most).then_some(open + 1)
        });
        taken.ok().map(|_| Self(Arc::clone(app)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.sockets.fetch_sub(1, Ordering::SeqCst);
    }
}
