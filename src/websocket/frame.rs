//! A ready-made frame: header and payload, encoded once for all its recipients.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

use super::deflate::{self, Deflate};
use super::succession::{Context, Form, Place};

/// The smallest payload that is compressed, in bytes: below it, compression costs more than it
/// saves.
pub(super) const COMPRESSED_FROM: usize = 256;

/// The largest buffer that is kept for reuse, in bytes.
const MAX_KEPT_BUFFER: usize = 256 * 1024;

thread_local! {
    /// Collects JSON of any length, which is then copied once.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A frame for one or many recipients; cheap to clone.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Encoded>);

#[derive(Debug)]
struct Encoded {
    plain: Box<[u8]>,
    /// How many bytes of `plain` are the header.
    header: u8,
    opcode: OpCode,
    /// The same compressed by itself, once requested and if it is smaller.
    alone: OnceLock<Option<Box<[u8]>>>,
    /// Its place after other messages, if it has one.
    place: Option<Box<Place>>,
}

impl Frame {
    /// A message of text.
    pub fn text(text: &str) -> Self {
        Self::new(OpCode::Data(Data::Text), text.as_bytes(), None)
    }

    /// A message of text: this value as JSON.
    ///
    /// # Errors
    /// When it cannot be JSON, like a map whose keys are not strings.
    pub fn json<T: Serialize>(value: &T) -> serde_json::Result<Self> {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            serde_json::to_writer(&mut *buffer, value)?;
            let frame = Self::new(OpCode::Data(Data::Text), buffer, None);
            if buffer.capacity() > MAX_KEPT_BUFFER {
                *buffer = Vec::new();
            }
            Ok(frame)
        })
    }

    /// A message of text that follows others.
    pub(super) fn placed(text: &str, place: Place) -> Self {
        Self::new(OpCode::Data(Data::Text), text.as_bytes(), Some(Box::new(place)))
    }

    /// A message of bytes.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::new(OpCode::Data(Data::Binary), bytes, None)
    }

    /// A ping.
    pub fn ping() -> Self {
        Self::new(OpCode::Control(Control::Ping), b"", None)
    }

    /// The pong for a ping with this payload of at most 125 bytes.
    pub fn pong(payload: &[u8]) -> Self {
        Self::new(OpCode::Control(Control::Pong), payload, None)
    }

    /// A close frame; the reason is truncated to what fits (RFC 6455, section 5.5).
    pub fn close(code: Option<u16>, reason: &str) -> Self {
        const MAX_LENGTH: usize = 123;
        let mut payload = code.map_or(Vec::new(), |code| code.to_be_bytes().to_vec());
        if code.is_some() {
            payload.extend_from_slice(&reason.as_bytes()[..reason.floor_char_boundary(MAX_LENGTH)]);
        }
        Self::new(OpCode::Control(Control::Close), &payload, None)
    }

    fn new(opcode: OpCode, payload: &[u8], place: Option<Box<Place>>) -> Self {
        let (plain, header) = encode(opcode, false, payload);
        Self(Arc::new(Encoded { plain, header, opcode, alone: OnceLock::new(), place }))
    }

    /// Its payload.
    pub fn payload(&self) -> &[u8] {
        &self.0.plain[usize::from(self.0.header)..]
    }

    /// Its size on the wire when not compressed, in bytes.
    pub fn len(&self) -> usize {
        self.0.plain.len()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.payload().is_empty()
    }

    /// The form in which a socket in this context gets it next; updates the context.
    pub fn form(&self, deflate: Deflate, context: &mut Context) -> Form {
        let compressible = matches!(self.0.opcode, OpCode::Data(_));
        if !deflate.writes || !compressible || self.payload().len() < COMPRESSED_FROM {
            return Form::Plain;
        }
        let place = self.0.place.as_deref();
        let placed = place.filter(|_| deflate.follows);
        let form = placed.map_or(Form::Alone, |place| place.form(*context));
        if self.compressed(form).is_none() {
            return Form::Plain;
        }
        *context = place.map_or_else(Context::default, |place| place.context(form, *context));
        form
    }

    /// Its bytes on the wire.
    pub fn on_wire(&self, form: Form) -> &[u8] {
        self.compressed(form).unwrap_or(&self.0.plain)
    }

    fn compressed(&self, form: Form) -> Option<&[u8]> {
        let encode = |smaller: &[u8]| encode(self.0.opcode, true, smaller).0;
        match form {
            Form::Plain => None,
            Form::Alone => {
                let make = || Some(encode(&deflate::deflate(self.payload())?));
                self.0.alone.get_or_init(make).as_deref()
            }
            Form::AfterLast | Form::AfterAll => {
                self.0.place.as_ref()?.compressed(form, self.payload(), encode)
            }
        }
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.0.plain == other.0.plain
    }
}

impl Eq for Frame {}

/// Header and payload, and how long the header is.
fn encode(opcode: OpCode, compressed: bool, payload: &[u8]) -> (Box<[u8]>, u8) {
    let header = FrameHeader { rsv1: compressed, opcode, ..FrameHeader::default() };
    let mut bytes = Vec::with_capacity(header.len(payload.len() as u64) + payload.len());
    // Writing to memory cannot fail.
    let _ = header.format(payload.len() as u64, &mut bytes);
    let length = bytes.len();
    bytes.extend_from_slice(payload);
    (bytes.into_boxed_slice(), u8::try_from(length).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(frame: &Frame, deflate: bool) -> Vec<u8> {
        let deflate = Deflate { writes: deflate, ..Deflate::default() };
        frame.on_wire(frame.form(deflate, &mut Context::default())).to_vec()
    }

    #[test]
    fn the_header_comes_before_the_payload() {
        let frame = Frame::text("hello");
        assert_eq!(sent(&frame, true), b"\x81\x05hello");
        assert_eq!((frame.payload(), frame.len()), (&b"hello"[..], 7));
        assert_eq!(sent(&Frame::close(Some(4_202), "out"), true), b"\x88\x05\x10\x6aout");
        assert_eq!(sent(&Frame::close(None, ""), true), b"\x88\x00");
        assert_eq!(Frame::close(Some(1_000), &"ä".repeat(99)).payload().len(), 124);
    }

    #[test]
    fn large_messages_are_compressed_for_clients_that_accept_it() {
        let frame = Frame::text(&"the same again, ".repeat(100));
        assert_eq!(sent(&frame, false).len(), 1_604);
        let compressed = sent(&frame, true);
        assert!(compressed.len() < 100, "{}", compressed.len());
        assert_eq!(compressed[0], 0xc1, "text, final, compressed");
        let mut random = [0; 1_000];
        crate::random::Random::seeded(1).fill(&mut random);
        let frame = Frame::binary(&random);
        assert_eq!(sent(&frame, true), sent(&frame, false), "only where it is smaller");
    }
}
