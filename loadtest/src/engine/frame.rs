//! WebSocket frames (RFC 6455 §5.2), as far as a client needs them.

use std::ops::Range;

pub(crate) const CONTINUATION: u8 = 0x0;
pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xa;

/// The largest frame that is read; nothing that is tested sends more.
pub(crate) const LARGEST: usize = 16 * 1024 * 1024;

/// A frame in a buffer, its payload not yet unmasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: u8,
    pub(crate) last: bool,
    /// RSV1: the message is compressed (RFC 7692).
    pub(crate) compressed: bool,
    pub(crate) mask: Option<[u8; 4]>,
    /// Where the payload stands.
    pub(crate) payload: Range<usize>,
}

/// What is at the beginning of a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    Whole(Frame),
    /// The rest has not arrived; so many bytes are needed at least.
    Partial(usize),
    /// Not a frame that anybody may send.
    Broken(&'static str),
}

/// Reads the frame that begins at `from`.
pub(crate) fn parse(buffer: &[u8], from: usize) -> Parsed {
    let bytes = &buffer[from..];
    let [first, second, ..] = *bytes else { return Parsed::Partial(2) };
    if first & 0x30 != 0 {
        return Parsed::Broken("reserved bits are set");
    }
    let (mut header, mut length) = (2, u64::from(second & 0x7f));
    if length == 126 {
        header = 4;
        let Some(wide) = bytes.get(2..4) else { return Parsed::Partial(header) };
        length = u64::from(u16::from_be_bytes([wide[0], wide[1]]));
    } else if length == 127 {
        header = 10;
        let Some(wide) = bytes.get(2..10) else { return Parsed::Partial(header) };
        length = wide.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    }
    let Some(length) = usize::try_from(length).ok().filter(|length| *length <= LARGEST) else {
        return Parsed::Broken("a frame is larger than 16 MiB");
    };
    let mut mask = None;
    if second & 0x80 != 0 {
        let Some(key) = bytes.get(header..header + 4) else { return Parsed::Partial(header + 4) };
        mask = Some([key[0], key[1], key[2], key[3]]);
        header += 4;
    }
    if bytes.len() < header + length {
        return Parsed::Partial(header + length);
    }
    let opcode = first & 0x0f;
    if opcode >= CLOSE && (first & 0x80 == 0 || length > 125) {
        return Parsed::Broken("a control frame is too long or in pieces");
    }
    Parsed::Whole(Frame {
        opcode,
        last: first & 0x80 != 0,
        compressed: first & 0x40 != 0,
        mask,
        payload: from + header..from + header + length,
    })
}

/// Appends a frame: masked as a client must, unmasked as a server must.
pub(crate) fn write(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: Option<[u8; 4]>) {
    let masked = if mask.is_some() { 0x80 } else { 0 };
    out.push(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => out.push(masked | length as u8),
        length @ 126..=0xffff => {
            out.push(masked | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(masked | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    let Some(key) = mask else { return out.extend_from_slice(payload) };
    out.extend_from_slice(&key);
    let from = out.len();
    out.extend_from_slice(payload);
    unmask(&mut out[from..], key);
}

/// Masks, or takes the mask off.
pub(crate) fn unmask(payload: &mut [u8], key: [u8; 4]) {
    for (byte, key) in payload.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(length: usize, mask: Option<[u8; 4]>) {
        let payload: Vec<u8> = (0..length).map(|index| index as u8).collect();
        let mut wire = vec![0xff; 3];
        write(&mut wire, TEXT, &payload, mask);
        for end in 3..wire.len() {
            let Parsed::Partial(needed) = parse(&wire[..end], 3) else {
                panic!("{length} bytes cut at {end} are not whole");
            };
            assert!(needed > end - 3, "more is asked for than is there");
        }
        let Parsed::Whole(frame) = parse(&wire, 3) else { panic!("{length} bytes are a frame") };
        assert_eq!((frame.opcode, frame.last, frame.compressed), (TEXT, true, false));
        assert_eq!(frame.payload.end, wire.len());
        if let Some(key) = frame.mask {
            unmask(&mut wire[frame.payload.clone()], key);
        }
        assert_eq!(&wire[frame.payload], payload);
    }

    #[test]
    fn what_is_written_is_read_at_every_length_and_every_cut() {
        for length in [0, 1, 125, 126, 127, 300] {
            read_back(length, None);
            read_back(length, Some([1, 2, 3, 4]));
        }
        read_back(65_535, None);
        read_back(65_536, Some([9, 0, 7, 1]));
    }

    #[test]
    fn two_frames_stand_one_behind_the_other() {
        let mut wire = Vec::new();
        write(&mut wire, TEXT, b"one", None);
        write(&mut wire, PING, b"", None);
        let Parsed::Whole(first) = parse(&wire, 0) else { panic!("the first") };
        let Parsed::Whole(second) = parse(&wire, first.payload.end) else { panic!("the second") };
        assert_eq!((&wire[first.payload], second.opcode), (&b"one"[..], PING));
        assert_eq!(parse(&wire, second.payload.end), Parsed::Partial(2));
    }

    #[test]
    fn what_nobody_may_send_is_refused() {
        assert!(matches!(parse(&[0x91, 0], 0), Parsed::Broken(_)), "RSV3");
        assert!(matches!(parse(&[0x09, 0], 0), Parsed::Broken(_)), "a ping in pieces");
        let huge = [0x82, 127, 1, 0, 0, 0, 0, 0, 0, 0];
        assert!(matches!(parse(&huge, 0), Parsed::Broken(_)));
    }

    #[test]
    fn the_mark_of_compression_is_seen() {
        let Parsed::Whole(frame) = parse(&[0xc1, 1, b'x'], 0) else { panic!("a frame") };
        assert!(frame.compressed);
    }
}
