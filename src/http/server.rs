//! Accepts connections and answers their requests, with limits on everything a client could hold
//! open: the number of connections, and the time one may take to send a request.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use futures_util::future::OptionFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::address::ClientAddress;
use super::shares::{Share, Shares};
use crate::stream::Stream;

/// How long a client may take to send a request's head, and how long a connection may stay idle
/// between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum size of a request's head, in bytes.
const MAX_HEAD: usize = 32 * 1024;
/// How many connections are accepted before other tasks get their turn.
const ACCEPT_BATCH: usize = 16;
/// How long accepting pauses when the process has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(500);

/// How long to wait for a place before another one is taken back.
const RETRY: Duration = Duration::from_millis(100);

/// How many connections may be served at once.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The maximum, not counting WebSockets.
    pub most: usize,
    /// Whether the clients are proxies, which share out the places themselves.
    pub behind_proxies: bool,
}

/// Serves HTTP/1.1 until `stop` is cancelled, then finishes the requests in progress.
///
/// Connections for which there is no place wait in the system's backlog, which refuses when it is full;
/// meanwhile the address that holds most places loses its oldest connections, see [`Shares`]. Closed
/// connections are released one by one as `teardowns` permits.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    places: Places,
    teardowns: Arc<Semaphore>,
    stop: CancellationToken,
) {
    let (free, shares) = (Arc::new(Semaphore::new(places.most)), Arc::new(Shares::default()));
    let tasks = TaskTracker::new();
    let mut accepted_together = 0_usize;
    loop {
        let next = async {
            let place = take_place(&free, &shares).await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let stops = (stop.clone(), Arc::clone(&teardowns));
                let address = ClientAddress(peer.ip().to_canonical()).limit_key();
                let share = (!places.behind_proxies).then(|| shares.hold(address));
                let connection = converse(stream, peer, router.clone(), share, stops);
                tasks.spawn(async move {
                    connection.await;
                    drop(place);
                });
                accepted_together += 1;
                if accepted_together.is_multiple_of(ACCEPT_BATCH) {
                    tokio::task::yield_now().await;
                }
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted for a moment");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    tasks.close();
    tasks.wait().await;
}

/// A place, for which whoever holds most of them may have to give one up.
async fn take_place(free: &Arc<Semaphore>, shares: &Shares) -> OwnedSemaphorePermit {
    loop {
        if free.available_permits() == 0 {
            shares.take_back();
        }
        // Fails only when the semaphore is closed, which never happens.
        if let Ok(Ok(place)) = timeout(RETRY, Arc::clone(free).acquire_owned()).await {
            return place;
        }
    }
}

/// Whether the error concerns only the connection that was about to be accepted.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

/// Answers one connection's requests until it ends, becomes a WebSocket or the server stops.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    share: Option<Share>,
    (stop, teardowns): (CancellationToken, Arc<Semaphore>),
) {
    // Small frames must not be delayed; a socket that is already gone does not matter.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD);
    let connection = server.serve_connection(Stream::new(stream), answer).with_upgrades();
    let mut connection = pin!(Some(connection));
    let Some(mut conversation) = connection.as_mut().as_pin_mut() else { return };
    // How a client disconnects does not matter.
    tokio::select! {
        _ = &mut conversation => {}
        Some(()) = OptionFuture::from(share.as_ref().map(Share::lost)) => {}
        () = stop.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            let _ = conversation.await;
        }
    }
    // Fails only when the semaphore is closed, which never happens.
    let turn = teardowns.acquire().await;
    connection.set(None);
    drop((share, turn));
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

    async fn start(most: usize) -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
        let answer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        let router = Router::new().route("/", get(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a bound port");
        let stop = CancellationToken::new();
        let teardowns = Arc::new(Semaphore::new(1));
        let places = Places { most, behind_proxies: false };
        let server = tokio::spawn(serve(listener, router, places, teardowns, stop.clone()));
        (address, stop, server)
    }

    /// Reads until the answer's body, the client's own address, is there.
    async fn read_answer(stream: &mut TcpStream) -> String {
        let own = stream.local_addr().expect("its address").to_string();
        let mut read = String::new();
        while !read.ends_with(&own) {
            let mut buffer = [0; 1024];
            let count = stream.read(&mut buffer).await.expect("an answer");
            assert!(count > 0, "ended after {read:?}");
            read.push_str(std::str::from_utf8(&buffer[..count]).expect("text"));
        }
        read
    }

    #[tokio::test]
    async fn requests_are_answered_in_order_and_know_their_client() {
        let (address, ..) = start(8).await;
        let mut stream = TcpStream::connect(address).await.expect("connect");
        for _ in 0..2 {
            stream.write_all(REQUEST).await.expect("ask");
            assert!(read_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_unfinished_request_times_out() {
        let (address, ..) = start(8).await;
        for begun in [&b""[..], b"GET / HTTP/1.1\r\nhost:"] {
            let mut stream = TcpStream::connect(address).await.expect("connect");
            stream.write_all(begun).await.expect("begin");
            let begin = tokio::time::Instant::now();
            let mut rest = Vec::new();
            // Whether by an end or a reset.
            let _ = stream.read_to_end(&mut rest).await;
            assert!(begin.elapsed() >= HEAD_TIMEOUT / 2, "not before its time");
            assert!(begin.elapsed() < 2 * HEAD_TIMEOUT);
        }
    }

    #[tokio::test]
    async fn a_head_without_end_is_refused() {
        let (address, ..) = start(8).await;
        let mut stream = TcpStream::connect(address).await.expect("connect");
        stream.write_all(b"GET / HTTP/1.1\r\n").await.expect("begin");
        let line = format!("x-filler: {}\r\n", "a".repeat(1_000));
        let mut sent = 0;
        while sent < 4 * MAX_HEAD && stream.write_all(line.as_bytes()).await.is_ok() {
            sent += line.len();
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"), "{answer:?}");
    }

    #[tokio::test]
    async fn more_connections_than_allowed_wait_for_a_place() {
        let (address, ..) = start(1).await;
        let mut first = TcpStream::connect(address).await.expect("connect");
        first.write_all(REQUEST).await.expect("ask");
        read_answer(&mut first).await;
        let mut second = TcpStream::connect(address).await.expect("the system queues it");
        second.write_all(REQUEST).await.expect("ask");

        let mut early = [0; 1];
        let waits = tokio::time::timeout(Duration::from_millis(100), second.peek(&mut early)).await;
        assert!(waits.is_err(), "the first still has the only place");
        drop(first);
        assert!(read_answer(&mut second).await.starts_with("HTTP/1.1 200"));
    }

    /// A connection from this address of the loopback network.
    async fn connect_from(own: &str, address: SocketAddr) -> TcpStream {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(format!("{own}:0").parse().expect("an address")).expect("bind");
        socket.connect(address).await.expect("connect")
    }

    #[tokio::test]
    async fn who_holds_all_places_loses_one_to_a_newcomer() {
        let (address, ..) = start(4).await;
        let mut greedy = Vec::new();
        for _ in 0..4 {
            let mut stream = connect_from("127.0.0.2", address).await;
            stream.write_all(b"GET / HTTP/1.1\r\n").await.expect("begin");
            greedy.push(stream);
        }
        for _ in 0..2 {
            let mut newcomer = connect_from("127.0.0.3", address).await;
            newcomer.write_all(REQUEST).await.expect("ask");
            assert!(read_answer(&mut newcomer).await.starts_with("HTTP/1.1 200"));
        }
        assert_eq!(greedy[0].read(&mut [0; 1]).await.unwrap_or(0), 0, "the oldest has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_read_the_answers_is_cut_off() {
        let pages = Router::new().route("/", get(async || "a".repeat(1 << 20)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a bound port");
        let places = Places { most: 1, behind_proxies: true };
        let turns = Arc::new(Semaphore::new(1));
        tokio::spawn(serve(listener, pages, places, turns, CancellationToken::new()));
        let mut lazy = TcpStream::connect(address).await.expect("connect");
        lazy.write_all(&REQUEST.repeat(100)).await.expect("ask");

        let mut other = TcpStream::connect(address).await.expect("the system queues it");
        other.write_all(REQUEST).await.expect("ask");
        let begin = tokio::time::Instant::now();
        other.read_exact(&mut [0; 1024]).await.expect("an answer");
        assert!(begin.elapsed() >= crate::stream::STALLED, "not before its time");
    }

    #[tokio::test]
    async fn a_stop_ends_idle_connections_and_the_server() {
        let (address, stop, server) = start(8).await;
        let mut stream = TcpStream::connect(address).await.expect("connect");
        stream.write_all(REQUEST).await.expect("ask");
        read_answer(&mut stream).await;
        stop.cancel();
        server.await.expect("the server ends");
        assert_eq!(stream.read(&mut [0; 1]).await.expect("an end"), 0);
    }
}
