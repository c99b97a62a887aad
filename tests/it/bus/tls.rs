//! Redis over TLS, with a private certificate authority.

use std::path::Path;
use std::process::Command;

use plenary::bus::LinkState;

use super::node::{Node, channels};
use crate::support::redis::TestRedis;
use crate::support::skip::skip;
use crate::support::temporary::{TemporaryFolder, free_port};

/// Makes an authority, `ca.pem`, and a certificate of it for the loopback address.
fn make_certificates(folder: &Path) -> bool {
    let script = r#"
        set -e
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
          -subj /CN=authority -keyout ca.key -out ca.pem
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
          -subj /CN=redis -keyout server.key -out server.csr
        printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' > extensions
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
          -extfile extensions -out server.pem
    "#;
    let made = Command::new("sh").args(["-c", script]).current_dir(folder).output();
    let made = made.expect("run a shell");
    made.status.success()
}

#[tokio::test]
async fn nodes_reach_each_other_over_tls_with_a_private_authority() {
    let folder = TemporaryFolder::new();
    if !make_certificates(folder.path()) {
        return skip("openssl is not installed");
    }
    let file = |name: &str| folder.path().join(name).display().to_string();
    let port = free_port().to_string();
    let flags = [
        ["--tls-port", port.as_str()],
        ["--tls-cert-file", &file("server.pem")],
        ["--tls-key-file", &file("server.key")],
        ["--tls-ca-cert-file", &file("ca.pem")],
        ["--tls-auth-clients", "no"],
        ["--requirepass", "p@ss:word"],
    ];
    let Some(_redis) = TestRedis::with(&flags.concat()).await else { return };
    let servers = [format!("rediss://:p%40ss%3Aword@127.0.0.1:{port}")];
    let authority = folder.path().join("ca.pem");
    let one = Node::trusting(&servers, Some(&authority));
    let mut other = Node::trusting(&servers, Some(&authority));
    one.opened().await;
    other.opened().await;
    let topics = channels(1);
    other.listen(&topics).await;
    one.say(topics[0], "nobody else reads this");
    assert_eq!(other.hears().await.1, "nobody else reads this");

    let public = Node::start(&servers);
    other.gaps.mark_unchanged();
    // Time for several attempts of the one, measured by what the other receives meanwhile.
    for _ in 0..20 {
        one.reaches(&mut other, topics[0], "again").await;
    }
    assert!(
        matches!(public.inbox.link_state(), LinkState::Lost(_)),
        "the public authorities did not sign it"
    );
}
