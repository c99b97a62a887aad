//! `GET /ws`: from an HTTP request to a connection.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;

use super::session_loop;
use crate::app::App;
use crate::http::extract::cookie;
use crate::http::origin::is_same_origin;
use crate::http::problem::Problem;
use crate::people::sign_in;
use crate::protocol::{FRAME_BYTES, SUBPROTOCOL};

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
        return Err(Problem::new(StatusCode::FORBIDDEN, "request.foreign_origin", detail));
    }
    let slot = Slot::take(&app).ok_or_else(|| {
        let problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "server.full",
            "The server has as many connections as it can take. Try again in a while.",
        );
        Problem { retry_after_ms: Some(30_000), ..problem }
    })?;
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &app).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let tracker = app.lifecycle.connections().clone();
    Ok(upgrade
        .protocols([SUBPROTOCOL])
        // Small buffers: the library's defaults are 17 times the memory per connection.
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * 1024 * 1024)
        .max_frame_size(FRAME_BYTES)
        .max_message_size(FRAME_BYTES)
        .on_upgrade(move |socket| {
            tracker.track_future(async move {
                session_loop::run(&app, socket, secret).await;
                drop(slot);
            })
        }))
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
