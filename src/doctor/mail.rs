//! The mail server: reachable, accepting our login, and with an encrypted connection.

use std::time::Duration;

use crate::config::Settings;
use crate::finding::Finding;
use crate::mail::Transport;

const PART: &str = "mail";
/// How long the mail server may take to greet and accept the login.
const LIMIT: Duration = Duration::from_secs(15);

pub(super) async fn examine(settings: &Settings) -> Vec<Finding> {
    let Some(url) = &settings.mail.smtp_url else { return vec![no_server(settings)] };
    let mut findings = vec![server(settings).await];
    if goes_in_the_clear(url) {
        findings.push(Finding::warning(
            PART,
            "mail, sign-in links in it, and the mail server's password go over the network in the \
             clear",
            "Write smtps:// in --smtp-url, or add ?tls=required to it.",
        ));
    }
    if settings.mail.from.email.domain() == "localhost" {
        findings.push(Finding::warning(
            PART,
            format!("mails are from {}, which mail servers will refuse", settings.mail.from),
            "Set --mail-from to an address of your own domain.",
        ));
    }
    findings
}

fn no_server(settings: &Settings) -> Finding {
    let folder = settings.storage.mail_folder();
    Finding::warning(
        PART,
        format!("there is no mail server: mail is written to files in {}", folder.display()),
        "Fine for trying it out. In production set --smtp-url, or nobody gets a sign-in link.",
    )
}

async fn server(settings: &Settings) -> Finding {
    let transport = match Transport::open(settings) {
        Ok(transport) => transport,
        Err(error) => return Finding::problem(PART, error.to_string(), "Correct --smtp-url."),
    };
    match tokio::time::timeout(LIMIT, transport.check()).await {
        Ok(Ok(())) => Finding::fine(PART, "the mail server answers and accepts the login"),
        Ok(Err(error)) => Finding::problem(
            PART,
            format!("the mail server cannot be used: {error:#}"),
            "Check the host, the port, the user and the password in --smtp-url, and that the \
             server lets this machine in.",
        ),
        Err(_) => Finding::problem(
            PART,
            format!("the mail server does not answer within {} seconds", LIMIT.as_secs()),
            "Check the host and the port in --smtp-url; many networks block port 25: use 587 or \
             465.",
        ),
    }
}

/// Whether the connection leaves this machine unencrypted.
fn goes_in_the_clear(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let local = ["localhost", "127.", "[::1]"].iter().any(|name| host.starts_with(name));
    let encrypted = options.split('&').any(|option| option == "tls=required");
    !local && !encrypted
}

#[cfg(test)]
mod tests {
    use super::goes_in_the_clear;

    #[test]
    fn only_plain_connections_to_elsewhere_are_in_the_clear() {
        for url in [
            "smtps://user:password@mail.example.org",
            "smtp://user:password@mail.example.org:587?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
        ] {
            assert!(!goes_in_the_clear(url), "{url}");
        }
        for url in [
            "smtp://mail.example.org",
            "smtp://user:password@mail.example.org:587",
            "smtp://localhost@mail.example.org:587?tls=opportunistic",
        ] {
            assert!(goes_in_the_clear(url), "{url}");
        }
    }
}
