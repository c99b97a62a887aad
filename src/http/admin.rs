//! What operators ask, on an address of its own that attendees never reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics::gauge;

use crate::app::App;
use crate::bus::Way;
use crate::cluster::View;
use crate::mail;
use crate::metrics::PRESENCE_PEOPLE;

/// How long the database may take to answer before the hub counts as not ready.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);

/// Everything on the admin address.
pub fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/cluster", get(cluster))
        .merge(mail::development_page::router())
        .with_state(Arc::clone(app))
}

/// Whether new people can be sent here; otherwise 503 and why not, one reason per line. What every
/// hub would lack with this one is no reason to send people away: it is only told.
async fn ready(State(app): State<Arc<App>>) -> Response {
    let reasons = reasons_against(&app).await;
    if !reasons.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response();
    }
    match app.bus.way() {
        Way::Lost(since) => {
            let seconds = since.elapsed().as_secs();
            format!(
                "degraded: bus: Redis has been away for {seconds} s; what is said on other hubs \
                 comes late, by the database; the log says why\n"
            )
            .into_response()
        }
        Way::Alone | Way::Open => match app.redis_lists.disagreements().first() {
            Some(sentence) => format!("degraded: bus: {sentence}\n").into_response(),
            None => "ready\n".into_response(),
        },
    }
}

async fn reasons_against(app: &App) -> Vec<String> {
    let mut reasons = Vec::new();
    for failed in app.tasks.failures() {
        let (name, how) = (failed.name, failed.how);
        reasons
            .push(format!("task {name}: it {how} unexpectedly; the hub ends, to be started again"));
    }
    if app.lifecycle.is_stopping() {
        reasons.push("stopping: the hub is sending people away and ends soon".to_owned());
    }
    let question = app.db.one(app.db.query("SELECT 1 AS answer"));
    match tokio::time::timeout(DATABASE_LIMIT, question).await {
        Ok(Ok(_)) => {}
        // The error is for the log; the answer may be shown to others than operators.
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database refuses");
            reasons.push("database: it refuses, the log says why".to_owned());
        }
        Err(_) => reasons.push(format!("database: no answer within {DATABASE_LIMIT:?}")),
    }
    if !app.chat.log.is_healthy(app.clock.uptime()) {
        reasons.push("database: it answers, but does not take messages".to_owned());
    }
    reasons
}

/// The nodes that serve together, as this one knows them.
async fn cluster(State(app): State<Arc<App>>) -> Json<View> {
    let mut view = View::of(&app.cluster);
    view.warnings.extend(app.redis_lists.disagreements());
    Json(view)
}

#[expect(clippy::cast_precision_loss, reason = "people stay far below 2⁵²")]
async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    app.cluster.nodes().measure();
    gauge!(PRESENCE_PEOPLE).set(app.hub.people_present() as f64);
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, app.metrics.render(&app.settings.data))
}
