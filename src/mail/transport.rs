//! The transports for outgoing mail.

use std::path::PathBuf;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Message, Tokio1Executor};

use super::folder;
use super::store::Taken;
use crate::clock::Timestamp;
use crate::config::Settings;

/// The transport for outgoing mail.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// To files in this folder, where there is no mail server.
    Folder(PathBuf),
}

/// Why a mail could not be sent.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Undelivered {
    /// The error, for the operator; it may contain the address.
    pub(super) message: String,
    /// The part of it that may be logged.
    pub(super) kind: &'static str,
    /// Whether retrying is useless.
    pub(super) permanent: bool,
}

impl Transport {
    /// The configured one: an SMTP server, or files in the data folder. Does not connect yet.
    ///
    /// # Errors
    /// When the server's address cannot be used.
    pub fn open(settings: &Settings) -> anyhow::Result<Self> {
        let Some(url) = &settings.mail.smtp_url else {
            return Ok(Self::Folder(settings.storage.mail_folder()));
        };
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|error| {
            anyhow::anyhow!("--smtp-url cannot be used: {error}. Write for example smtp://mail.example.org:587?tls=required or smtps://user:password@mail.example.org")
        })?;
        Ok(Self::Smtp(smtp.timeout(Some(std::time::Duration::from_secs(30))).build()))
    }

    /// Checks whether the mail server answers; files always succeed.
    ///
    /// # Errors
    /// The server's or the network's error.
    pub async fn check(&self) -> anyhow::Result<()> {
        if let Self::Smtp(smtp) = self {
            anyhow::ensure!(smtp.test_connection().await?, "the mail server closed the connection");
        }
        Ok(())
    }

    pub(super) async fn send(
        &self,
        from: &Mailbox,
        mail: &Taken,
        now: Timestamp,
    ) -> Result<(), Undelivered> {
        let message = compose(from, mail, now)?;
        match self {
            Self::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(|error| Undelivered {
                message: error.to_string(),
                kind: if error.is_permanent() { "refused" } else { "unreachable or deferred" },
                permanent: error.is_permanent(),
            }),
            Self::Folder(path) => {
                folder::write(path, mail.id, &message.formatted()).await.map_err(|error| {
                    Undelivered {
                        message: error.to_string(),
                        kind: "not written",
                        permanent: false,
                    }
                })
            }
        }
    }
}

fn compose(from: &Mailbox, mail: &Taken, now: Timestamp) -> Result<Message, Undelivered> {
    let recipient: lettre::Address = mail.recipient.parse().map_err(|error| unusable(&error))?;
    let millis = u64::try_from(now.0).unwrap_or(0);
    let date = std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis);
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, recipient))
        .subject(mail.subject.clone())
        .date(date)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .singlepart(
            SinglePart::builder()
                .header(ContentType::TEXT_PLAIN)
                .header(ContentTransferEncoding::QuotedPrintable)
                .body(mail.body.clone()),
        )
        .map_err(|error| unusable(&error))?;
    // Suppresses vacation replies (RFC 3834).
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(message)
}

fn unusable(error: &dyn std::error::Error) -> Undelivered {
    Undelivered { message: error.to_string(), kind: "unusable", permanent: true }
}
