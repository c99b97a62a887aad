//! Answers that take the same time whatever they found.

use std::time::Duration;

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::{Instant, sleep_until};

/// The step of time on which answers are sent: longer than what they need, and shorter than what people
/// notice.
const STEP: Duration = Duration::from_millis(250);

/// Holds answers to POST until the next full step since the request came, so that it cannot be measured
/// whether an address is known.
pub async fn evenly(request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let even = request.method() == Method::POST;
    let response = next.run(request).await;
    if even {
        let steps = begin.elapsed().as_millis() / STEP.as_millis() + 1;
        sleep_until(begin + STEP * u32::try_from(steps).unwrap_or(1)).await;
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn answers_are_sent_at_full_steps() {
        for (millis, expected) in [(0, 250), (1, 250), (249, 250), (251, 500), (1_100, 1_250)] {
            let answer = move || tokio::time::sleep(Duration::from_millis(millis));
            let router = Router::new().route("/", post(answer)).layer(from_fn(evenly));
            let request = Request::post("/").body(Body::empty()).expect("a request");
            let begin = Instant::now();
            router.oneshot(request).await.expect("an answer");
            assert_eq!(begin.elapsed().as_millis(), expected);
        }
    }
}
