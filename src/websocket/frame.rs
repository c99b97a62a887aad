//! A ready-made frame: header and payload, encoded once for everybody it goes to.

use std::sync::{Arc, OnceLock};

use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

use super::deflate;

/// The smallest payload that is compressed, in bytes: below it, compressing costs more than it
/// saves.
const COMPRESSED_FROM: usize = 256;

/// A frame on its way to one or many; cheap to clone.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Encoded>);

#[derive(Debug)]
struct Encoded {
    plain: Box<[u8]>,
    /// How many bytes of `plain` are the header.
    header: u8,
    opcode: OpCode,
    /// The same compressed, when somebody asked for it and it is smaller.
    deflated: OnceLock<Option<Box<[u8]>>>,
}

impl Frame {
    /// A message of text.
    pub fn text(text: &str) -> Self {
        Self::new(OpCode::Data(Data::Text), text.as_bytes())
    }

    /// A message of bytes.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::new(OpCode::Data(Data::Binary), bytes)
    }

    /// Asks whether the other side is there.
    pub fn ping() -> Self {
        Self::new(OpCode::Control(Control::Ping), b"")
    }

    /// Answers a ping with what it held, at most 125 bytes.
    pub fn pong(payload: &[u8]) -> Self {
        Self::new(OpCode::Control(Control::Pong), payload)
    }

    /// Ends the connection; of the reason go as many characters as fit (RFC 6455, section 5.5).
    pub fn close(code: Option<u16>, reason: &str) -> Self {
        const MOST: usize = 123;
        let mut payload = code.map_or(Vec::new(), |code| code.to_be_bytes().to_vec());
        if code.is_some() {
            payload.extend_from_slice(&reason.as_bytes()[..reason.floor_char_boundary(MOST)]);
        }
        Self::new(OpCode::Control(Control::Close), &payload)
    }

    fn new(opcode: OpCode, payload: &[u8]) -> Self {
        let (plain, header) = encode(opcode, false, payload);
        Self(Arc::new(Encoded { plain, header, opcode, deflated: OnceLock::new() }))
    }

    /// What it says.
    pub fn payload(&self) -> &[u8] {
        &self.0.plain[usize::from(self.0.header)..]
    }

    /// How many bytes it has on the wire when it is not compressed.
    pub fn len(&self) -> usize {
        self.0.plain.len()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.payload().is_empty()
    }

    /// Its bytes on the wire, for a socket that takes compressed messages or one that does not.
    pub fn on_wire(&self, deflate: bool) -> &[u8] {
        let compressible = matches!(self.0.opcode, OpCode::Data(_));
        if !deflate || !compressible || self.payload().len() < COMPRESSED_FROM {
            return &self.0.plain;
        }
        let make = || {
            let smaller = deflate::deflate(self.payload())?;
            Some(encode(self.0.opcode, true, &smaller).0)
        };
        self.0.deflated.get_or_init(make).as_deref().unwrap_or(&self.0.plain)
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
    let mut bytes = Vec::with_capacity(payload.len() + 10);
    // Writing to memory cannot fail.
    let _ = header.format(payload.len() as u64, &mut bytes);
    let length = bytes.len();
    bytes.extend_from_slice(payload);
    (bytes.into_boxed_slice(), u8::try_from(length).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_comes_before_the_payload() {
        let frame = Frame::text("hello");
        assert_eq!(frame.on_wire(true), b"\x81\x05hello");
        assert_eq!((frame.payload(), frame.len()), (&b"hello"[..], 7));
        assert_eq!(Frame::close(Some(4_202), "out").on_wire(false), b"\x88\x05\x10\x6aout");
        assert_eq!(Frame::close(None, "").on_wire(false), b"\x88\x00");
        assert_eq!(Frame::close(Some(1_000), &"ä".repeat(99)).payload().len(), 124);
    }

    #[test]
    fn large_messages_are_compressed_for_those_who_can_read_it() {
        let frame = Frame::text(&"the same again, ".repeat(100));
        assert_eq!(frame.on_wire(false).len(), 1_604);
        let compressed = frame.on_wire(true);
        assert!(compressed.len() < 100, "{}", compressed.len());
        assert_eq!(compressed[0], 0xc1, "text, final, compressed");
        let mut random = [0; 1_000];
        crate::random::Random::seeded(1).fill(&mut random);
        let frame = Frame::binary(&random);
        assert_eq!(frame.on_wire(true), frame.on_wire(false), "only where it is smaller");
    }
}
