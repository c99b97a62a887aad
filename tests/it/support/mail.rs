//! A mail server on loopback that accepts everything and shows it to the test.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_util::task::AbortOnDropHandle;

/// A mail received over SMTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaughtMail {
    /// The sender's address in the envelope.
    pub from: String,
    /// The recipients' addresses in the envelope.
    pub to: Vec<String>,
    /// Head and body; lines end with a line feed, and SMTP's dot stuffing is undone.
    pub data: String,
}

/// How the server answers a recipient; changed by tests of failing mail.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// Accepts every mail.
    Takes,
    /// Refuses for now (450): the sender should try again.
    Defers,
    /// Refuses for good (550).
    Refuses,
}

/// A running mail server; stopped on drop.
pub struct MailCatcher {
    address: SocketAddr,
    caught: mpsc::UnboundedReceiver<CaughtMail>,
    _server: AbortOnDropHandle<()>,
}

impl MailCatcher {
    /// Starts one on a free loopback port.
    pub async fn start(manner: Manner) -> MailCatcher {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind a loopback port");
        let address = listener.local_addr().expect("a bound port");
        // Unbounded is fine here: only the test itself makes it grow.
        let (sender, caught) = mpsc::unbounded_channel();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sender = sender.clone();
                tokio::spawn(async move {
                    // A client that disconnects is the test's concern.
                    let _ = converse(stream, manner, sender).await;
                });
            }
        });
        MailCatcher { address, caught, _server: AbortOnDropHandle::new(server) }
    }

    /// What `--smtp-url` takes: SMTP without encryption or sign-in.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next mail, in the order of arrival. Waits for it.
    pub async fn next(&mut self) -> CaughtMail {
        let next = tokio::time::timeout(std::time::Duration::from_secs(20), self.caught.recv());
        next.await.expect("a mail within 20 seconds").expect("the server runs")
    }

    /// A mail that is already there.
    pub fn try_next(&mut self) -> Option<CaughtMail> {
        self.caught.try_recv().ok()
    }
}

/// One connection: greeting, commands, mails, quit.
async fn converse(
    stream: TcpStream,
    manner: Manner,
    caught: mpsc::UnboundedSender<CaughtMail>,
) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut mail = CaughtMail::default();
    writer.write_all(b"220 catcher\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match (verb.to_ascii_uppercase().as_str(), manner) {
            ("EHLO" | "HELO", _) => "250-catcher\r\n250 8BITMIME",
            ("MAIL", _) => {
                mail = CaughtMail { from: address(&line), ..CaughtMail::default() };
                "250 OK"
            }
            ("RCPT", Manner::Defers) => "450 Not now",
            ("RCPT", Manner::Refuses) => "550 No such mailbox",
            ("RCPT", Manner::Takes) => {
                mail.to.push(address(&line));
                "250 OK"
            }
            ("DATA", _) => {
                writer.write_all(b"354 Go on\r\n").await?;
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push('\n');
                }
                // The test may be over and no longer listen.
                let _ = caught.send(std::mem::take(&mut mail));
                "250 Taken"
            }
            ("RSET" | "NOOP", _) => "250 OK",
            ("QUIT", _) => {
                writer.write_all(b"221 Bye\r\n").await?;
                break;
            }
            _ => "502 Unknown command",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// The address between the angle brackets of `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// The mail server of a test, queried by recipient instead of in order.
pub struct Mailboxes {
    catcher: MailCatcher,
    waiting: Vec<CaughtMail>,
}

impl Mailboxes {
    /// Starts a mail server that accepts everything.
    pub async fn start() -> Mailboxes {
        Mailboxes { catcher: MailCatcher::start(Manner::Takes).await, waiting: Vec::new() }
    }

    /// The flag that makes a hub use it.
    pub fn flag(&self) -> String {
        format!("--smtp-url={}", self.catcher.url())
    }

    /// The next mail to this address. Waits for it.
    pub async fn next(&mut self, address: &str) -> CaughtMail {
        loop {
            if let Some(index) = self.waiting.iter().position(|mail| mail.to == [address]) {
                return self.waiting.remove(index);
            }
            let mail = self.catcher.next().await;
            self.waiting.push(mail);
        }
    }

    /// The token of the link in the next mail to this address. Waits for it.
    pub async fn token(&mut self, address: &str) -> String {
        let mail = self.next(address).await;
        mail.token().unwrap_or_else(|| panic!("a link in {}", mail.text()))
    }
}

/// What a mail brings to be used.
#[derive(Clone, Debug)]
pub struct Mailed {
    /// The token of its link.
    pub token: String,
    /// Its six digits.
    pub code: String,
}

impl Mailboxes {
    /// The link and the code in the next mail to this address. Waits for it.
    pub async fn mailed(&mut self, address: &str) -> Mailed {
        let mail = self.next(address).await;
        let found = mail.token().zip(mail.code());
        let (token, code) = found.unwrap_or_else(|| panic!("link and code in {}", mail.text()));
        Mailed { token, code }
    }
}

impl CaughtMail {
    /// The body as the recipient reads it: without quoted-printable.
    pub fn text(&self) -> String {
        let body = self.data.split_once("\n\n").map_or("", |(_, body)| body).replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = body.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
            let code = code.filter(|_| byte == b'=').and_then(|c| u8::from_str_radix(c, 16).ok());
            bytes.push(code.unwrap_or(byte));
            rest = if code.is_some() { &after[2..] } else { after };
        }
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// The token of the link in it.
    pub fn token(&self) -> Option<String> {
        let text = self.text();
        let (_, after) = text.split_once("#token=")?;
        after.split_whitespace().next().map(str::to_owned)
    }

    /// The code in it: a line of two groups of three digits.
    pub fn code(&self) -> Option<String> {
        let is_code = |line: &&str| {
            line.len() == 7
                && line.bytes().enumerate().all(|(place, byte)| {
                    if place == 3 { byte == b' ' } else { byte.is_ascii_digit() }
                })
        };
        self.text().lines().find(is_code).map(str::to_owned)
    }
}
