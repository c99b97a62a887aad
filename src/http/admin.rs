//! What operators ask, on an address of its own that attendees never reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use crate::bus::Way;
use crate::cluster::View;
use crate::core::Core;

/// How long the database may take to answer before the hub counts as not ready.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);

/// What the operators' address answers from.
#[derive(Clone)]
struct Admin {
    core: Core,
    readiness: Arc<[Ready]>,
    measures: Arc<[Measure]>,
}

/// Why the hub is not ready, if it is not: a sentence for operators.
pub type Ready = Box<dyn Fn() -> Option<String> + Send + Sync>;
/// Sets gauges before they are read.
pub type Measure = Box<dyn Fn() + Send + Sync>;

/// Everything on the admin address: what every hub answers, and `pages`.
pub fn router(core: &Core, pages: Router, ready_if: Vec<Ready>, measures: Vec<Measure>) -> Router {
    let state = Admin { core: core.clone(), readiness: ready_if.into(), measures: measures.into() };
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/cluster", get(cluster))
        .with_state(state)
        .merge(pages)
}

/// Whether new people can be sent here; otherwise 503 and why not, one reason per line. What every
/// hub would lack with this one is no reason to send people away: it is only told.
async fn ready(State(admin): State<Admin>) -> Response {
    let core = &admin.core;
    let reasons = reasons_against(&admin).await;
    if !reasons.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response();
    }
    match core.bus.way() {
        Way::Lost(since) => {
            let seconds = since.elapsed().as_secs();
            format!(
                "degraded: bus: Redis has been away for {seconds} s; what is said on other hubs \
                 comes late, by the database; the log says why\n"
            )
            .into_response()
        }
        Way::Alone | Way::Open => match core.redis_lists.disagreements().first() {
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
        reasons
            .push(format!("task {name}: it {how} unexpectedly; the hub ends, to be started again"));
    }
    if core.lifecycle.is_stopping() {
        reasons.push("stopping: the hub is sending people away and ends soon".to_owned());
    }
    match tokio::time::timeout(DATABASE_LIMIT, core.db.ask()).await {
        Ok(Ok(())) => {}
        // The error is for the log; the answer may be shown to others than operators.
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database refuses");
            reasons.push("database: it refuses, the log says why".to_owned());
        }
        Err(_) => reasons.push(format!("database: no answer within {DATABASE_LIMIT:?}")),
    }
    reasons.extend(admin.readiness.iter().filter_map(|reason| reason()));
    reasons
}

/// The nodes that serve together, as this one knows them.
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
