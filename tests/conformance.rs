//! The Autobahn test suite against the hub's own WebSocket transport, served by an echo handler
//! behind the hub's own HTTP server.
//!
//! `make conformance` runs it. The suite is a separate program (`$AUTOBAHN`, or the one beside the
//! project) that needs Python 2.7; without it the run is reported as skipped.

#![allow(clippy::disallowed_methods, reason = "a test program may take the machine's time")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use http::StatusCode;
use hyper::upgrade::OnUpgrade;
use plenary::http::server;
use plenary::websocket::{Frame, Handshake, Incoming, Receiver, Socket};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The suite in two parts that take equally long, run in parallel.
const HALVES: [&str; 2] = ["1.*,2.*,3.*,4.*,5.*,6.*,7.*,9.*,10.*,12.*", "13.*"];
/// The largest message that the suite sends, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;
/// How long a client has to end the connection.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The suite's exit status when it cannot run here.
const NOT_HERE: i32 = 77;

fn main() -> ExitCode {
    let suite = std::env::var_os("AUTOBAHN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/autobahn"),
        PathBuf::from,
    );
    if !suite.exists() {
        return skipped("the suite is not on this machine (set AUTOBAHN)");
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let address = runtime.block_on(start());
    let cases = std::env::var("CASES").map_or(HALVES.map(str::to_owned).to_vec(), |own| vec![own]);
    let runs: Vec<Child> = cases
        .iter()
        .map(|cases| {
            let mut run = Command::new(&suite);
            run.arg(format!("ws://{address}/")).arg(cases).stdout(Stdio::piped());
            run.spawn().expect("run the suite")
        })
        .collect();
    let (mut passed, mut failed) = (0, 0);
    for run in runs {
        let output = run.wait_with_output().expect("the suite ends");
        if output.status.code() == Some(NOT_HERE) {
            return skipped("there is no Python 2.7 on this machine");
        }
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        let (good, bad) = counts(text.lines().last().unwrap_or_default());
        passed += good;
        // A run that counted nothing was aborted.
        failed += if good == 0 && bad == 0 { 1 } else { bad };
    }
    println!("conformance: {passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// "N passed, N failed, N skipped". A case that the transport skips has failed.
fn counts(line: &str) -> (u32, u32) {
    let mut numbers = line.split(", ").map(|part| {
        let number = part.split(' ').next().unwrap_or_default();
        number.parse().unwrap_or(0)
    });
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next() + next())
}

/// A line that scripts/test counts, by name.
fn skipped(why: &str) -> ExitCode {
    println!("SKIPPED conformance: {why}");
    ExitCode::SUCCESS
}

async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/", any(upgrade));
    let teardowns = Arc::new(Semaphore::new(1));
    let places = server::Places { most: 100, behind_proxies: false };
    tokio::spawn(server::serve(listener, router, places, teardowns, CancellationToken::new()));
    address
}

async fn upgrade(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(handshake) = Handshake::of(&parts, "echo") else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let upgrading = parts.extensions.remove::<OnUpgrade>().expect("an upgrade");
    let deflate = handshake.deflate;
    tokio::spawn(async move {
        let Ok(upgraded) = upgrading.await else { return };
        let (socket, unread) = Socket::new(upgraded, deflate).expect("a TCP connection");
        echo(Receiver::new(socket, unread, LARGEST)).await;
    });
    handshake.response::<Body>()
}

async fn echo(mut receiver: Receiver) {
    let socket = Arc::clone(receiver.socket());
    loop {
        let frame = match receiver.receive().await {
            Ok(Some(Incoming::Text(text))) => Frame::text(&text),
            Ok(Some(Incoming::Binary(bytes))) => Frame::binary(&bytes),
            Ok(Some(Incoming::Ping(payload))) => Frame::pong(&payload),
            Ok(Some(Incoming::Pong)) => continue,
            Ok(Some(Incoming::Close(code))) => {
                return socket.end(&[Frame::close(code, "")], TIMEOUT).await;
            }
            Ok(None) => return,
            Err(violation) => {
                let close = Frame::close(Some(violation.code()), &violation.to_string());
                return socket.end(&[close], TIMEOUT).await;
            }
        };
        if socket.write(&frame).await.is_err() {
            return;
        }
    }
}
