//! A proxy in front of hubs, configured by the example for operators; only what differs between
//! machines is replaced.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::hub::within;
use super::keeper::Kept;
use super::servers::{Server, Unavailable, haproxy, nginx};
use super::skip::skip;
use super::temporary::free_port;

/// Where the examples are.
pub const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/deploy");

/// One of the files in docs/deploy.
pub fn example(name: &str) -> String {
    std::fs::read_to_string(format!("{EXAMPLES}/{name}")).expect("an example")
}

/// Which example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// `haproxy.cfg`
    Haproxy,
    /// `nginx.conf`
    Nginx,
}

/// The addresses of the two hubs in the examples: separate hosts, the same ports.
#[derive(Clone, Copy, Debug)]
pub struct Hubs {
    /// Their hosts.
    pub hosts: [&'static str; 2],
    /// Where attendees reach them.
    pub port: u16,
    /// Where operators reach them.
    pub admin_port: u16,
}

/// A running proxy. It goes away with this value or with the test process.
pub struct Front {
    /// Where it listens, without TLS.
    pub address: SocketAddr,
    kept: Kept,
}

impl Front {
    /// Starts it. `None` when this machine lacks it: the test is then reported as skipped (with
    /// `CI=true`: failed) and has nothing more to do.
    pub async fn start(example: Example, address: SocketAddr, hubs: Hubs) -> Option<Front> {
        let server = match example {
            Example::Haproxy => {
                haproxy(address.port(), |home| haproxy_settings(address, hubs, home))
            }
            Example::Nginx => nginx(address.port(), |home| nginx_settings(address, hubs, home)),
        };
        let Server { folder, command, stop_signal, .. } = match server {
            Ok(server) => server,
            Err(Unavailable::Missing(program)) => {
                skip(&format!("{program} is not installed"));
                return None;
            }
            Err(Unavailable::Broken(why)) => panic!("{example:?}: {why}"),
        };
        let kept = Kept::start(&folder, stop_signal, &command).expect("start the proxy");
        let front = Front { address, kept };
        within(async {
            while tokio::net::TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        Some(front)
    }

    /// Waits until it has logged this.
    pub async fn says(&self, text: &str) {
        within(async {
            while !self.kept.log().contains(text) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }
}

/// Each replaced text must occur once; when an example changes, adapt this.
fn changed(text: String, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text, |text, (found, instead)| {
        assert_eq!(text.matches(found).count(), 1, "{found:?} in\n{text}");
        text.replace(found, instead)
    })
}

fn haproxy_settings(address: SocketAddr, hubs: Hubs, home: &Path) -> String {
    let certificate = home.join("conference.pem");
    make_certificate(&certificate);
    let ([one, other], port, admin) = (hubs.hosts, hubs.port, hubs.admin_port);
    changed(
        example("haproxy.cfg"),
        &[
            ("    log /dev/log local0 notice\n", ""),
            ("    user haproxy\n    group haproxy\n", ""),
            // The test machine may not allow as many open files.
            ("maxconn 65536", "maxconn 500"),
            ("bind :80\n", &format!("bind {address}\n")),
            ("bind :443 ssl", &format!("bind 127.0.0.1:{} ssl", free_port())),
            ("/etc/haproxy/conference.pem", &certificate.display().to_string()),
            // The test connects without TLS.
            ("    http-request redirect scheme https unless { ssl_fc }\n", ""),
            ("check port 8081", &format!("check port {admin}")),
            ("hub1:8080", &format!("{one}:{port}")),
            ("hub2:8080", &format!("{other}:{port}")),
        ],
    )
}

/// A self-signed certificate and its key, in one file as HAProxy expects.
fn make_certificate(file: &Path) {
    let script = r#"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -subj /CN=localhost -keyout "$0.key" -out "$0.crt" && cat "$0.crt" "$0.key" > "$0""#;
    let made = Command::new("sh").args(["-c", script]).arg(file).output().expect("run a shell");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn nginx_settings(address: SocketAddr, hubs: Hubs, home: &Path) -> String {
    let ([one, other], port) = (hubs.hosts, hubs.port);
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {};", home.join(kind).display()));
    let begin = format!("http {{\n    access_log off; {}\n", folders.join(" "));
    let to_tls = "    server {\n        listen 80;\n        server_name conference.example;\n        \
                  return 301 https://$host$request_uri;\n    }\n";
    let certificate = "        ssl_certificate     \
                       /etc/letsencrypt/live/conference.example/fullchain.pem;\n        \
                       ssl_certificate_key /etc/letsencrypt/live/conference.example/privkey.pem;\n";
    changed(
        example("nginx.conf"),
        &[
            ("http {\n", &begin),
            // The test connects without TLS.
            (to_tls, ""),
            ("listen 443 ssl http2;", &format!("listen {address};")),
            (certificate, ""),
            ("worker_connections 32768", "worker_connections 500"),
            ("hub1:8080", &format!("{one}:{port}")),
            ("hub2:8080", &format!("{other}:{port}")),
        ],
    )
}
