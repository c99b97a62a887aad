//! Load tests over REST.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LoadTestError, MAX_SIGN_INS};
use crate::core::Core;
use crate::http::address::ClientAddress;
use crate::http::extract::{Body, InEvent};
use crate::http::problem::Problem;
use crate::id::ChannelId;
use crate::identity::sign_in::{self, Client};
use crate::permission::{Operation, Target};
use crate::text::EmailAddress;

/// Everything about load tests.
pub fn router() -> OpenApiRouter<Core> {
    OpenApiRouter::new()
        .routes(routes!(is_open))
        .routes(routes!(sign_in_all))
        .routes(routes!(count))
}

/// Whom to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoadTestPeople {
    /// Addresses that end in `.invalid`, at most 1,000.
    #[schema(max_items = 1_000)]
    emails: Vec<EmailAddress>,
}

/// What opens their sockets.
#[derive(Serialize, ToSchema)]
struct LoadTestSignIns {
    /// The name of the sign-in cookie.
    cookie: &'static str,
    /// Its value for each person, in the order of the addresses.
    secrets: Vec<String>,
}

/// Whether this hub is open to load tests: asked before anything is made for one.
#[utoipa::path(
    get, path = "/load-test", operation_id = "get_load_test", tag = "sign-in",
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`load_test.off`: started without --load-tests")
    )
)]
async fn is_open(State(core): State<Core>) -> Result<StatusCode, Problem> {
    if core.settings.load_tests.allowed { Ok(StatusCode::NO_CONTENT) } else { Err(off()) }
}

fn off() -> Problem {
    let detail = "This hub is not open to load tests. Start it with --load-tests.";
    Problem::new("load_test.off", detail)
}

/// Signs the made-up people of a load test in. Only where the hub was started for load tests.
#[utoipa::path(
    post, path = "/events/{slug}/load-test/sign-ins",
    operation_id = "sign_in_load_test", tag = "sign-in",
    params(("slug" = String, Path)), request_body = LoadTestPeople,
    responses(
        (status = 200, body = LoadTestSignIns), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "`load_test.off`: started without --load-tests")
    )
)]
async fn sign_in_all(
    State(core): State<Core>,
    in_event: InEvent,
    ClientAddress(address): ClientAddress,
    Body(request): Body<LoadTestPeople>,
) -> Result<Json<LoadTestSignIns>, Problem> {
    in_event.may(Operation::LoadTest, Target::EVENT)?;
    if !core.settings.load_tests.allowed {
        return Err(off());
    }
    if request.emails.len() > MAX_SIGN_INS {
        return Err(Problem::invalid("emails", format!("At most {MAX_SIGN_INS} at once.")));
    }
    let client = Client { user_agent: "load test".to_owned(), address };
    let organizer = in_event.actor.person;
    let secrets =
        super::sign_in(&core, &in_event.event, organizer, &request.emails, &client).await?;
    Ok(Json(LoadTestSignIns {
        cookie: sign_in::cookie_name(core.settings.addresses.is_secure()),
        secrets,
    }))
}

/// What the node that answers is to count.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoadTestCount {
    /// One of the event's.
    channel: ChannelId,
    /// 0: nothing any more.
    count: u64,
}

/// Has the node that answers count so many in a channel: its part of the total `load_test`, which
/// all nodes show as a sum. Only where the hub was started for load tests.
#[utoipa::path(
    put, path = "/events/{slug}/load-test/count",
    operation_id = "set_load_test_count", tag = "sign-in",
    params(("slug" = String, Path)), request_body = LoadTestCount,
    responses(
        (status = 204), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "`load_test.off`: started without --load-tests; \
            or the event has no such channel")
    )
)]
async fn count(
    State(core): State<Core>,
    in_event: InEvent,
    Body(request): Body<LoadTestCount>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::LoadTestCount, Target::EVENT)?;
    if !core.settings.load_tests.allowed {
        return Err(off());
    }
    let info = in_event.event.channels.get(&request.channel);
    // Those of deleted rooms are there, too.
    let exists = info.is_some_and(|info| {
        info.place.is_none_or(|place| info.kind.is_shown(&in_event.event, place, &in_event.actor))
    });
    if !exists {
        return Err(Problem::not_found("channel"));
    }
    let counted = super::count(&core.hub, request.channel, request.count);
    counted.map_err(|error| Problem::new("load_test.full", error.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<LoadTestError> for Problem {
    fn from(error: LoadTestError) -> Self {
        match error {
            LoadTestError::Database(error) => error.into(),
            refused => Self::invalid("emails", refused.to_string()),
        }
    }
}
