//! Health, readiness and metrics.

use http::{Method, StatusCode};
use plenary::clock::Clock;

use crate::support::client::Client;
use crate::support::conference::{Conference, message};
use crate::support::databases::{Kind, TestDatabase};
use crate::support::hub::{HubProcess, TestHub, within};
use crate::support::proxy::Proxy;
use crate::support::temporary::TemporaryFolder;

#[tokio::test]
async fn a_running_hub_is_alive_and_ready() {
    let hub = TestHub::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(hub.operator().get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_input() {
    let hub = TestHub::start().await;
    hub.client().get("/e/secret-conference").await;

    let metrics = hub.operator().get("/metrics").await;
    assert_eq!(metrics.status, StatusCode::OK);
    assert!(metrics.text.contains("plenary_http_requests_total{"), "{}", metrics.text);
    assert!(metrics.text.contains("process_resident_memory_bytes "), "{}", metrics.text);
    assert!(!metrics.text.contains("secret-conference"), "{}", metrics.text);
}

#[tokio::test]
async fn metrics_that_alerts_watch_exist_before_the_first_increment() {
    let folder = TemporaryFolder::new();
    let hub = HubProcess::start(&folder, &[]).await;
    let text = Client::new(hub.admin_address).get("/metrics").await.text;
    for line in [
        "plenary_log_refused_total 0\n",
        "plenary_connections_ended_total{reason=\"connection.slow\"} 0\n",
        "plenary_mails_total{outcome=\"given_up\"} 0\n",
    ] {
        assert!(text.contains(line), "{line} in:\n{text}");
    }
}

#[tokio::test]
async fn mails_are_not_shown_under_other_host_names() {
    let folder = TemporaryFolder::new();
    let hub = HubProcess::start(&folder, &[]).await;
    let port = hub.admin_address.port();
    let client = Client::new(hub.admin_address);
    for name in ["localhost", "127.0.0.1", "[::1]", "hub.localhost"] {
        let host = format!("{name}:{port}");
        let answer = client.clone().ask(Method::GET, "/mail", &[("host", &host)], None).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
    for path in ["/mail", "/mail/0192f0c1-7d5e-7000-8000-000000000000"] {
        let host = format!("rebound.example:{port}");
        let answer = client.clone().ask(Method::GET, path, &[("host", &host)], None).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{}", answer.text);
    }
}

#[tokio::test]
async fn chat_is_counted_without_revealing_who_said_what_where() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let (mut socket, _) = camp.joined(&ada, &camp.room.channel).await;
    let secret = message(&camp.room.channel, "nobody else's business");
    socket.ask("message.send", secret).await.expect("sent");

    let text = camp.hub.operator().get("/metrics").await.text;
    for line in [
        "plenary_connections ",
        "plenary_socket_requests_total{operation=\"message.send\",outcome=\"ok\"}",
        "plenary_log_changes_total ",
        "plenary_log_commit_seconds_bucket{",
        "plenary_log_group_entries_bucket{le=\"1\"}",
        "plenary_lines_sent_total ",
        "plenary_data_free_bytes ",
    ] {
        assert!(text.contains(line), "{line} in:\n{text}");
    }
    for private in [&camp.room.channel, &ada.id.to_string(), "business", "camp"] {
        assert!(!text.contains(private), "{private} in:\n{text}");
    }
}

#[tokio::test]
async fn a_client_that_disappears_counts_as_lost_and_not_as_a_violation() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    camp.socket(&ada).await.cut();
    let lost = "plenary_connections_ended_total{reason=\"connection.lost\"}";
    let operator = camp.hub.operator();
    within(async { while !operator.get("/metrics").await.text.contains(lost) {} }).await;
}

#[tokio::test]
async fn attendees_do_not_reach_the_operators_endpoints() {
    let hub = TestHub::start().await;
    for path in ["/metrics", "/readyz", "/healthz"] {
        let answer = hub.client().get(path).await;
        let kind = answer.headers["content-type"].to_str().expect("text");
        assert!(kind.starts_with("text/html"), "{path} is answered like any page: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_reports_a_lost_database_and_recovers_with_it() {
    let Some(mut database) = TestDatabase::new(Kind::Postgres).await else { return };
    let (proxy, url) = Proxy::to_database(&database.url).await;
    database.url = url;
    let hub = TestHub::with(database, Clock::System, &[]).await;
    let operator = hub.operator();
    assert_eq!(operator.get("/readyz").await.status, StatusCode::OK);

    proxy.cut();
    let answer = operator.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.starts_with("database: "), "{}", answer.text);
    assert_eq!(operator.get("/healthz").await.status, StatusCode::OK);

    proxy.mend();
    within(async { while operator.get("/readyz").await.status != StatusCode::OK {} }).await;
}
