//! Settings that are valid individually but not together, and addresses that cannot be bound.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::config::Settings;
use crate::finding::Finding;

const PART: &str = "settings";

pub(super) async fn examine(settings: &Settings) -> Vec<Finding> {
    let contradictions = settings.contradictions().into_iter();
    let mut findings: Vec<Finding> = contradictions
        .map(|sentence| Finding::problem(PART, sentence, "Change one of the two."))
        .collect();
    findings.push(public_url(settings));
    findings.extend(exposed_admin_address(settings));
    findings.push(address("--listen", settings.addresses.listen).await);
    findings.push(address("--admin-listen", settings.addresses.admin_listen).await);
    findings
}

fn public_url(settings: &Settings) -> Finding {
    let url = &settings.addresses.public_url;
    if settings.addresses.is_secure() {
        return Finding::fine(PART, format!("people open {url}"));
    }
    let host = url.trim_start_matches("http://");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return Finding::warning(
            PART,
            format!("{url} is only this machine: links in mails do not work elsewhere"),
            "Fine for trying it out. In production set --public-url to the address that people \
             type, with https://.",
        );
    }
    Finding::warning(
        PART,
        format!(
            "{url} has no TLS: sign-ins can be read on the way, and browsers keep camera and \
                 microphone from such pages"
        ),
        "Put a proxy with a certificate in front (docs/operating.md) and set --public-url to \
         https://.",
    )
}

fn exposed_admin_address(settings: &Settings) -> Option<Finding> {
    (!settings.addresses.admin_listen.ip().is_loopback()).then(|| {
        Finding::warning(
            PART,
            format!(
                "the admin address {} can be reached from elsewhere",
                settings.addresses.admin_listen
            ),
            "It has no sign-in. Keep it on 127.0.0.1, or behind a firewall that only your \
             monitoring passes.",
        )
    })
}

async fn address(setting: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address).await {
        Ok(_) => Finding::fine(PART, format!("{setting} {address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::warning(
            PART,
            format!("{setting} {address} is in use"),
            "Fine when that is the hub itself, running. Otherwise stop the other program or \
             choose another port.",
        ),
        Err(error) => Finding::problem(
            PART,
            format!("{setting} {address} cannot be listened on: {error}"),
            "Use an address of this machine, and a port from 1024 on unless you are root.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight;

    #[tokio::test]
    async fn an_address_is_free_taken_or_not_ours() {
        let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let bound = taken.local_addr().expect("a bound port");
        assert_eq!(address("--listen", bound).await.weight, Weight::Warning);
        let elsewhere = "192.0.2.1:8080".parse().expect("an address");
        assert_eq!(address("--listen", elsewhere).await.weight, Weight::Problem);
        let any = "127.0.0.1:0".parse().expect("an address");
        assert_eq!(address("--listen", any).await.weight, Weight::Fine);
    }
}
