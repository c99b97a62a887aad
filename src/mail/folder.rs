//! Mail written to files, where there is no mail server.

use std::io;
use std::path::Path;

use crate::id::MailId;

/// How many files are kept; the oldest are deleted.
const MAX_FILES: usize = 1_000;

/// A mail that was written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) id: MailId,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) date: String,
    pub(crate) body: String,
}

/// Writes a mail as `ID.eml`, atomically.
pub(super) async fn write(folder: &Path, id: MailId, message: &[u8]) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!("{id}.part"));
    tokio::fs::write(&unfinished, message).await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{id}.eml"))).await?;
    let ids = list(folder).await?;
    for surplus in ids.iter().skip(MAX_FILES) {
        tokio::fs::remove_file(folder.join(format!("{surplus}.eml"))).await?;
    }
    Ok(())
}

/// The mails in the folder, the newest first.
pub(crate) async fn list(folder: &Path) -> io::Result<Vec<MailId>> {
    let mut ids = Vec::new();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ids),
        Err(error) => return Err(error),
    };
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".eml"));
        ids.extend(id.and_then(|id| id.parse::<MailId>().ok()));
    }
    // Identifiers made later sort later.
    ids.sort_unstable_by(|one, other| other.cmp(one));
    Ok(ids)
}

/// Reads a mail from the folder, if it exists.
pub(crate) async fn read(folder: &Path, id: MailId) -> io::Result<Option<Written>> {
    match tokio::fs::read_to_string(folder.join(format!("{id}.eml"))).await {
        Ok(text) => Ok(Some(parse(id, &text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse(id: MailId, text: &str) -> Written {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    // A line that begins with white space continues the previous one.
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.to_owned()))
            .unwrap_or_default()
    };
    Written {
        id,
        recipient: header("To"),
        subject: decode_words(&header("Subject")),
        date: header("Date"),
        body: decode_quoted_printable(body),
    }
}

/// Decodes quoted-printable (RFC 2045 §6.7).
fn decode_quoted_printable(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    decode_escapes(&joined, '=').replace("\r\n", "\n")
}

/// Decodes the encoded words of a header (RFC 2047), as this program writes them.
fn decode_words(text: &str) -> String {
    use base64::Engine as _;
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, word)) = rest.split_once("=?utf-8?b?") {
        let Some((encoded, after)) = word.split_once("?=") else { break };
        // White space between two encoded words belongs to neither.
        if !before.trim().is_empty() || decoded.is_empty() {
            decoded.push_str(before);
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap_or_default();
        decoded.push_str(&String::from_utf8_lossy(&bytes));
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

fn decode_escapes(text: &str, mark: char) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).map(|code| u8::from_str_radix(code, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(b'=');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_back() {
        let text = "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nTo: ada@example.org\r\n\r\nGr=C3=BC=C3=9Fe\r\nhttp://localhost/sign-in#tok=\r\nen=3Dabc\r\n";
        let id = MailId(uuid::Uuid::nil());
        let mail = parse(id, text);
        assert_eq!(mail.subject, "Grüße");
        assert_eq!(mail.recipient, "ada@example.org");
        assert_eq!(mail.body, "Grüße\nhttp://localhost/sign-in#token=abc\n");
    }
}
