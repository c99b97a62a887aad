//! The reader against frames made by `tungstenite`: whole, in pieces and corrupted.

use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as Made;

use super::*;
use crate::websocket::deflate::deflate;

const LIMIT: usize = 1_000;

/// A client's frame on the wire.
fn frame(opcode: OpCode, is_final: bool, compressed: bool, payload: &[u8]) -> Vec<u8> {
    let mask = Some([7, 1, 200, 33]);
    let header = FrameHeader { is_final, rsv1: compressed, opcode, mask, ..FrameHeader::default() };
    let made = Made::from_payload(header, payload.to_vec().into());
    let mut bytes = Vec::new();
    made.format(&mut bytes).expect("a frame");
    bytes
}

fn text(payload: &[u8]) -> Vec<u8> {
    frame(OpCode::Data(Data::Text), true, false, payload)
}

/// Everything that is read from these bytes, given in pieces of this size, up to a violation.
fn read(bytes: &[u8], piece: usize) -> (Vec<Incoming>, Option<Violation>) {
    let mut reader = Reader::new(LIMIT, true);
    let mut read = Vec::new();
    for mut piece in bytes.chunks(piece.max(1)) {
        loop {
            match reader.next(&mut piece) {
                Ok(Some(incoming)) => read.push(incoming),
                Ok(None) => break,
                Err(violation) => return (read, Some(violation)),
            }
        }
    }
    (read, None)
}

#[test]
fn control_frames_may_come_within_a_message() {
    let bytes = [
        frame(OpCode::Data(Data::Text), false, false, "Gr\u{fc}".as_bytes()),
        frame(OpCode::Control(Control::Ping), true, false, b"there?"),
        frame(OpCode::Data(Data::Continue), true, false, "\u{df}e".as_bytes()),
        frame(OpCode::Control(Control::Close), true, false, b"\x03\xe8bye"),
    ]
    .concat();
    let expected = vec![
        Incoming::Ping(b"there?".to_vec()),
        Incoming::Text("Grüße".to_owned()),
        Incoming::Close(Some(1_000)),
    ];
    for piece in 1..=bytes.len() {
        assert_eq!(read(&bytes, piece), (expected.clone(), None), "in pieces of {piece}");
    }
}

#[test]
fn violations_are_noticed() {
    let control = OpCode::Control(Control::Ping);
    let go_on = OpCode::Data(Data::Continue);
    let begun = frame(OpCode::Data(Data::Text), false, false, b"begun");
    let mut unmasked = text(b"a");
    unmasked[1] &= 0x7f;
    let mut endless = begun.clone();
    for _ in 0..LIMIT {
        endless.extend(frame(go_on, false, false, b""));
    }
    let mut reserved = text(b"a");
    reserved[0] |= 0x20;
    for (what, bytes, code) in [
        ("no mask", unmasked, 1_002),
        ("a reserved bit", reserved, 1_002),
        ("an unknown kind", frame(OpCode::Data(Data::Reserved(3)), true, false, b""), 1_002),
        ("a control frame in parts", frame(control, false, false, b""), 1_002),
        ("a long control frame", frame(control, true, false, &[0; 126]), 1_002),
        ("a compressed control frame", frame(control, true, true, b""), 1_002),
        ("nothing to continue", frame(go_on, true, false, b""), 1_002),
        ("a message within another", [begun.clone(), text(b"a")].concat(), 1_002),
        ("a compressed continuation", [begun, frame(go_on, true, true, b"")].concat(), 1_002),
        (
            "a payload that cannot be inflated",
            frame(OpCode::Data(Data::Text), true, true, b"\xff\xff"),
            1_002,
        ),
        ("half a close code", frame(OpCode::Control(Control::Close), true, false, b"\x03"), 1_002),
        (
            "an invalid close code",
            frame(OpCode::Control(Control::Close), true, false, b"\x03\xed"),
            1_002,
        ),
        ("empty frames without end", endless, 1_002),
        ("too much", text(&[b'a'; LIMIT + 1]), 1_009),
        ("not UTF-8", text(b"caf\xe9"), 1_007),
        ("a surrogate", text(b"\xed\xa0\x80"), 1_007),
        (
            "a reason that is not UTF-8",
            frame(OpCode::Control(Control::Close), true, false, b"\x03\xe8\xff"),
            1_007,
        ),
    ] {
        for piece in [1, bytes.len()] {
            let (_, violation) = read(&bytes, piece);
            assert_eq!(violation.map(Violation::code), Some(code), "{what}");
        }
    }
}

#[test]
fn a_text_that_cannot_become_valid_is_refused_before_its_end() {
    let whole = text("µ".repeat(100).as_bytes());
    let (read_so_far, violation) = read(&whole[..50], 50);
    assert_eq!((read_so_far, violation), (vec![], None));
    let mut corrupted = text(&[b"ok \xc3".as_slice(), &[b'x'; 100]].concat());
    corrupted.truncate(20);
    assert_eq!(read(&corrupted, 20).1, Some(Violation::InvalidText));
}

#[test]
fn a_huge_length_costs_no_memory() {
    let mut bytes = vec![0x82, 0xff];
    bytes.extend_from_slice(&u64::MAX.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    assert_eq!(read(&bytes, 14).1, Some(Violation::TooLarge));
}

proptest! {
    #[test]
    fn messages_are_read_as_they_were_written(
        texts in proptest::collection::vec(".{0,60}", 1..5), cut in 1usize..40, piece in 1usize..90, compressed in any::<bool>(),
    ) {
        let mut bytes = Vec::new();
        for text in &texts {
            let smaller = compressed.then(|| deflate(text.as_bytes())).flatten();
            let is_compressed = smaller.is_some();
            let payload = smaller.unwrap_or_else(|| text.as_bytes().to_vec());
            let mut parts: Vec<&[u8]> = payload.chunks(cut).collect();
            if parts.is_empty() {
                parts.push(b"");
            }
            for (index, part) in parts.iter().enumerate() {
                let data = if index == 0 { Data::Text } else { Data::Continue };
                let is_last = index + 1 == parts.len();
                bytes.extend(frame(OpCode::Data(data), is_last, is_compressed && index == 0, part));
            }
        }
        let expected: Vec<Incoming> = texts.into_iter().map(Incoming::Text).collect();
        prop_assert_eq!(read(&bytes, piece), (expected, None));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), piece in 1usize..50) {
        let _ = read(&bytes, piece);
    }
}
