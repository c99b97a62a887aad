//! Turns a client's bytes into messages, without I/O of its own.

use std::io::Cursor;

use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

use super::deflate::{NotInflated, inflate};

/// The maximum length of a frame header (RFC 6455, section 5.2), in bytes.
const MAX_HEADER: usize = 14;
/// The maximum payload of a control frame (section 5.5), in bytes.
const MAX_CONTROL: u64 = 125;

/// How many bytes of a message's limit each further frame of it stands for: a message has at most so
/// many frames as pieces of this size. Otherwise empty ones could go on for ever.
const BYTES_PER_FRAME: usize = 4;

/// What a client has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A message of text.
    Text(String),
    /// A message of bytes.
    Binary(Vec<u8>),
    /// A ping, to be answered with the same payload.
    Ping(Vec<u8>),
    /// A pong.
    Pong,
    /// A close frame, with its code if there is one.
    Close(Option<u16>),
}

/// A violation of the protocol, which ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A violation of the protocol.
    #[error("protocol violation: {0}")]
    Protocol(&'static str),
    /// The message is too large.
    #[error("the message is too large")]
    TooLarge,
    /// The text is not UTF-8.
    #[error("the text is not UTF-8")]
    InvalidText,
}

impl Violation {
    /// The close code (RFC 6455, section 7.4.1).
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol(_) => 1_002,
            Self::TooLarge => 1_009,
            Self::InvalidText => 1_007,
        }
    }
}

/// Parses the frames of one client.
#[derive(Debug)]
pub struct Reader {
    /// The maximum size of a message in bytes.
    limit: usize,
    /// Whether messages may be compressed.
    deflate: bool,
    /// The received part of the next header.
    head: [u8; MAX_HEADER],
    head_length: usize,
    frame: Option<Begun>,
    message: Option<Message>,
    control: Vec<u8>,
}

/// A frame whose header is complete.
#[derive(Debug)]
struct Begun {
    header: FrameHeader,
    mask: [u8; 4],
    /// How many bytes of its payload were received, and are still to come.
    read: usize,
    remaining: u64,
}

/// A message whose first frame has begun.
#[derive(Debug)]
struct Message {
    text: bool,
    compressed: bool,
    payload: Vec<u8>,
    /// How many bytes have been validated as UTF-8.
    valid: usize,
    /// How many frames followed the first one.
    continued: usize,
}

impl Reader {
    /// A reader of messages of at most `limit` bytes, compressed if `deflate`.
    pub fn new(limit: usize, deflate: bool) -> Self {
        Self {
            limit,
            deflate,
            head: [0; MAX_HEADER],
            head_length: 0,
            frame: None,
            message: None,
            control: Vec::new(),
        }
    }

    /// Consumes input until something is complete; `None` if all input is consumed before.
    ///
    /// # Errors
    /// A violation of the protocol. Text that can no longer become valid UTF-8 is refused before
    /// it is complete.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Incoming>, Violation> {
        loop {
            let Some(frame) = self.frame.as_mut() else {
                match self.begin(input)? {
                    true => continue,
                    false => return Ok(None),
                }
            };
            let most = usize::try_from(frame.remaining).unwrap_or(usize::MAX).min(input.len());
            let (bytes, rest) = input.split_at(most);
            *input = rest;
            let payload = match (frame.header.opcode, self.message.as_mut()) {
                (OpCode::Data(_), Some(message)) => &mut message.payload,
                _ => &mut self.control,
            };
            let begin = payload.len();
            payload.extend_from_slice(bytes);
            unmask(&mut payload[begin..], frame.mask, frame.read);
            frame.read += most;
            frame.remaining -= most as u64;
            let complete = frame.remaining == 0;
            let last = complete && frame.header.is_final;
            let opcode = frame.header.opcode;
            if let (OpCode::Data(_), false, Some(message)) = (opcode, last, self.message.as_mut()) {
                message.check_begun()?;
            }
            if !complete {
                return Ok(None);
            }
            self.frame = None;
            match opcode {
                OpCode::Control(control) => return self.control(control).map(Some),
                OpCode::Data(_) if last => return self.message().map(Some),
                OpCode::Data(_) => {}
            }
        }
    }

    /// Reads a header; false when it is not complete.
    fn begin(&mut self, input: &mut &[u8]) -> Result<bool, Violation> {
        let known = self.head_length;
        let most = (MAX_HEADER - known).min(input.len());
        self.head[known..known + most].copy_from_slice(&input[..most]);
        let mut cursor = Cursor::new(&self.head[..known + most]);
        let parsed =
            FrameHeader::parse(&mut cursor).map_err(|_| Violation::Protocol("unknown opcode"))?;
        let Some((header, length)) = parsed else {
            self.head_length = known + most;
            *input = &input[most..];
            return Ok(false);
        };
        let used = usize::try_from(cursor.position()).unwrap_or(MAX_HEADER);
        *input = &input[used - known..];
        self.head_length = 0;
        let mask = header.mask.ok_or(Violation::Protocol("a client's frames must be masked"))?;
        self.check(&header, length)?;
        if let OpCode::Data(data @ (Data::Text | Data::Binary)) = header.opcode {
            self.message = Some(Message {
                text: data == Data::Text,
                compressed: header.rsv1,
                payload: Vec::new(),
                valid: 0,
                continued: 0,
            });
        } else if let (OpCode::Data(_), Some(message)) = (header.opcode, &mut self.message) {
            message.continued += 1;
            if message.continued > self.limit / BYTES_PER_FRAME {
                return Err(Violation::Protocol("the message has too many frames"));
            }
        }
        self.frame = Some(Begun { header, mask, read: 0, remaining: length });
        Ok(true)
    }

    fn check(&self, header: &FrameHeader, length: u64) -> Result<(), Violation> {
        let begins = matches!(header.opcode, OpCode::Data(Data::Text | Data::Binary));
        if header.rsv2 || header.rsv3 || (header.rsv1 && !(self.deflate && begins)) {
            return Err(Violation::Protocol("a reserved bit is set"));
        }
        match (header.opcode, &self.message) {
            (OpCode::Control(_), _) if !header.is_final || length > MAX_CONTROL => {
                Err(Violation::Protocol("control frames must be short and unfragmented"))
            }
            (OpCode::Control(_), _) => Ok(()),
            (OpCode::Data(Data::Continue), None) => {
                Err(Violation::Protocol("there is no message to continue"))
            }
            (OpCode::Data(_), Some(_)) if begins => {
                Err(Violation::Protocol("a message begins within another"))
            }
            (OpCode::Data(_), message) => {
                let before = message.as_ref().map_or(0, |message| message.payload.len());
                let fits = usize::try_from(length).is_ok_and(|length| {
                    before.checked_add(length).is_some_and(|all| all <= self.limit)
                });
                if fits { Ok(()) } else { Err(Violation::TooLarge) }
            }
        }
    }

    fn control(&mut self, control: Control) -> Result<Incoming, Violation> {
        let payload = std::mem::take(&mut self.control);
        match control {
            Control::Ping => Ok(Incoming::Ping(payload)),
            Control::Pong => Ok(Incoming::Pong),
            Control::Close | Control::Reserved(_) => closing(&payload).map(Incoming::Close),
        }
    }

    fn message(&mut self) -> Result<Incoming, Violation> {
        let Some(Message { text, compressed, mut payload, .. }) = self.message.take() else {
            return Err(Violation::Protocol("there is no message"));
        };
        if compressed {
            payload = inflate(&payload, self.limit).map_err(|error| match error {
                NotInflated::TooLarge => Violation::TooLarge,
                NotInflated::Broken => Violation::Protocol("the message cannot be inflated"),
            })?;
        }
        if !text {
            return Ok(Incoming::Binary(payload));
        }
        String::from_utf8(payload).map(Incoming::Text).map_err(|_| Violation::InvalidText)
    }
}

impl Message {
    /// Refuses text that can no longer become valid UTF-8.
    fn check_begun(&mut self) -> Result<(), Violation> {
        if !self.text || self.compressed {
            return Ok(());
        }
        match std::str::from_utf8(&self.payload[self.valid..]) {
            Ok(_) => self.valid = self.payload.len(),
            Err(error) if error.error_len().is_some() => return Err(Violation::InvalidText),
            Err(error) => self.valid += error.valid_up_to(),
        }
        Ok(())
    }
}

/// The code of a close frame (RFC 6455, section 5.5.1).
fn closing(payload: &[u8]) -> Result<Option<u16>, Violation> {
    let Some((code, reason)) = payload.split_first_chunk::<2>() else {
        let empty = payload.is_empty().then_some(None);
        return empty.ok_or(Violation::Protocol("a close code has two bytes"));
    };
    let code = u16::from_be_bytes(*code);
    if !CloseCode::from(code).is_allowed() {
        return Err(Violation::Protocol("invalid close code"));
    }
    std::str::from_utf8(reason).map_err(|_| Violation::InvalidText)?;
    Ok(Some(code))
}

/// Removes the mask (RFC 6455, section 5.3) from bytes that follow `before` earlier ones.
fn unmask(bytes: &mut [u8], mut mask: [u8; 4], before: usize) {
    mask.rotate_left(before % 4);
    let wide = u64::from_ne_bytes([
        mask[0], mask[1], mask[2], mask[3], mask[0], mask[1], mask[2], mask[3],
    ]);
    let mut chunks = bytes.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        chunk.copy_from_slice(&(u64::from_ne_bytes(word) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
