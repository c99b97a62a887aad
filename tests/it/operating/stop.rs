//! SIGTERM and SIGINT: stop in good order at the first, at once at the second.

use rustix::process::Signal;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::client::Client;
use crate::support::hub::{HubProcess, within};
use crate::support::temporary::TemporaryFolder;

#[tokio::test]
async fn the_first_signal_stops_in_good_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = TemporaryFolder::new();
        let hub = HubProcess::start(&folder, &[]).await;
        hub.signal(signal);
        let status = hub.ended().await;
        assert!(status.success(), "{signal:?}: {status}");
    }
}

#[tokio::test]
async fn a_second_signal_ends_at_once_with_a_failure() {
    let folder = TemporaryFolder::new();
    let mut hub = HubProcess::start(&folder, &[]).await;
    // A request that is never finished holds up the orderly stop.
    let mut stream = TcpStream::connect(hub.address).await.expect("connect");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n").await.expect("half a request");
    Client::new(hub.address).get("/").await;

    hub.signal(Signal::TERM);
    hub.logged("stopping in good order; a second signal stops at once").await;
    assert!(Client::new(hub.admin_address).get("/readyz").await.text.contains("stopping"));

    let begin = std::time::Instant::now();
    hub.signal(Signal::TERM);
    let status = hub.ended().await;
    assert_eq!(status.code(), Some(1));
    assert!(begin.elapsed().as_secs() < 4, "before the requests under way are given up");
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_hub_from_stopping() {
    let folder = TemporaryFolder::new();
    let hub = HubProcess::start(&folder, &[]).await;
    let mut stream = TcpStream::connect(hub.address).await.expect("connect");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n").await.expect("half a request");
    Client::new(hub.address).get("/").await;

    hub.signal(Signal::TERM);
    let status = within(hub.ended()).await;
    assert!(status.success(), "{status}");
}
