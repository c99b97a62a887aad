//! The operators' endpoints, on a separate address that attendees never reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use crate::bus::LinkState;
use crate::cluster::View;
use crate::core::Core;

/// How long the database may take to answer before the hub counts as not ready.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The state of the admin address.
#[derive(Clone)]
struct Admin {
    core: Core,
    readiness: Arc<[Ready]>,
    measures: Arc<[Measure]>,
}

/// Why the hub is not ready, if so: a sentence for operators.
pub type Ready = Box<dyn Fn() -> Option<String> + Send + Sync>;
/// Sets gauges before they are read.
pub type Measure = Box<dyn Fn() + Send + Sync>;

/// The router of the admin address: the endpoints of every hub, and `pages`.
pub fn router(core: &Core, pages: Router, ready_if: Vec<Ready>, measures: Vec<Measure>) -> Router {
    let state = Admin { core: core.clone(), readiness: ready_if.into(), measures: measures.into() };
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/cluster", get(cluster))
        .with_state(state)
        .merge(pages)
        // Of mails that wait, and of who is there.
        .layer(super::not_kept())
}

/// Whether new people can be sent here; otherwise 503 and the reasons, one per line. A failure that
/// concerns all hubs alike is no reason to send people away and is only reported.
async fn ready(State(admin): State<Admin>) -> Response {
    let core = &admin.core;
    let reasons = reasons_against(&admin).await;
    if !reasons.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response();
    }
    match core.bus.link_state() {
        LinkState::Lost(since) => {
            let seconds = since.elapsed().as_secs();
            format!(
                "degraded: bus: Redis has been unavailable for {seconds} s; messages from other hubs \
                arrive late, through the database; see the log\n"
            )
            .into_response()
        }
        LinkState::Alone | LinkState::Open => match core.redis_lists.disagreements().first() {
            Some(sentence) => format!("degraded: bus: {sentence}\n").into_response(),
            None => "ready\n".into_response(),
        },
    }
}

async fn reasons_against(admin: &Admin) -> Vec<String> {
    let core = &admin.core;
    let mut reasons = Vec::new();
    for failed in core.tasks.failures() {
        let (name, how) = (failed.name, failed.how);
        reasons.push(format!(
            "task {name}: it {how} unexpectedly; the hub is stopping to be restarted"
        ));
    }
    if core.lifecycle.is_stopping() {
        reasons.push("stopping: the hub is sending people away and ends soon".to_owned());
    }
    match tokio::time::timeout(DATABASE_TIMEOUT, core.db.ask()).await {
        Ok(Ok(())) => {}
        // The error is for the log; the answer may be shown to others than operators.
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database refuses");
            reasons.push("database: it refuses, see the log".to_owned());
        }
        Err(_) => reasons.push(format!("database: no answer within {DATABASE_TIMEOUT:?}")),
    }
    reasons.extend(admin.readiness.iter().filter_map(|reason| reason()));
    reasons
}

/// The nodes of the cluster, as this one sees them.
async fn cluster(State(Admin { core, .. }): State<Admin>) -> Json<View> {
    let mut view = View::of(&core.cluster);
    view.warnings.extend(core.redis_lists.disagreements());
    Json(view)
}

async fn metrics(State(Admin { core, measures, .. }): State<Admin>) -> impl IntoResponse {
    measures.iter().for_each(|measure| measure());
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, core.metrics.render(&core.settings.storage.data))
}
