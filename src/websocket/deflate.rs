//! permessage-deflate (RFC 7692). A connection keeps no state for it: what clients send is
//! compressed by itself, and what the hub sends is compressed once for all, by itself or with the
//! messages before it as its dictionary ([`super::succession`]).

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// The end of a compressed message, which is omitted on the wire (section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// The maximum window size, which this side compresses with, in bits.
const WINDOW_BITS: u8 = 15;
/// The compression level.
const LEVEL: Compression = Compression::new(3);
/// By how much the buffer for a message grows while it is inflated, in bytes.
const STEP: usize = 4 * 1024;

thread_local! {
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(LEVEL, false));
    static DICTIONARY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static DECOMPRESS: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// The negotiated compression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deflate {
    /// Whether the client may send compressed messages.
    pub reads: bool,
    /// Whether the client accepts compressed messages from this side.
    pub writes: bool,
    /// Whether it keeps its window, so that a message can refer to those before it.
    pub follows: bool,
}

/// Why a message could not be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotInflated {
    /// It is too large.
    TooLarge,
    /// It is not a compressed message.
    Broken,
}

/// One offer of permessage-deflate.
#[derive(Debug, Default)]
struct Offer {
    server_max_window_bits: Option<u8>,
    server_no_context_takeover: bool,
}

/// Accepts the first possible offer of the `Sec-WebSocket-Extensions` headers: returns the
/// negotiated compression, and the header for the answer.
pub(super) fn negotiate<'a>(headers: impl Iterator<Item = &'a str>) -> (Deflate, Option<String>) {
    let offers = headers.flat_map(|header| header.split(','));
    let Some(offer) = offers.filter_map(parse).next() else { return (Deflate::default(), None) };
    let mut answer = "permessage-deflate; client_no_context_takeover".to_owned();
    if offer.server_no_context_takeover {
        answer.push_str("; server_no_context_takeover");
    }
    if let Some(bits) = offer.server_max_window_bits {
        answer.push_str(&format!("; server_max_window_bits={bits}"));
    }
    // Shared frames are compressed with the whole window. A client that asks for a smaller one
    // gets plain messages, which the extension allows (section 6).
    let writes = offer.server_max_window_bits.is_none_or(|bits| bits == WINDOW_BITS);
    let follows = writes && !offer.server_no_context_takeover;
    (Deflate { reads: true, writes, follows }, Some(answer))
}

/// One offer; `None` if it is of another extension, or has parameters unknown to section 7.1.
fn parse(offer: &str) -> Option<Offer> {
    let mut parts = offer.split(';').map(str::trim);
    if parts.next() != Some("permessage-deflate") {
        return None;
    }
    let mut parsed = Offer::default();
    let mut seen = Vec::new();
    for part in parts {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
            None => (part, None),
        };
        if seen.contains(&name) {
            return None;
        }
        seen.push(name);
        match (name, value) {
            ("server_no_context_takeover", None) => parsed.server_no_context_takeover = true,
            ("client_no_context_takeover" | "client_max_window_bits", None) => {}
            ("client_max_window_bits", Some(value)) => {
                window_bits(value)?;
            }
            ("server_max_window_bits", Some(value)) => {
                parsed.server_max_window_bits = Some(window_bits(value)?);
            }
            _ => return None,
        }
    }
    Some(parsed)
}

fn window_bits(value: &str) -> Option<u8> {
    let plain = !value.starts_with(['0', '+']);
    value.parse().ok().filter(|bits| plain && (8..=WINDOW_BITS).contains(bits))
}

/// The payload compressed by itself; `None` if that is not smaller.
pub(super) fn deflate(payload: &[u8]) -> Option<Vec<u8>> {
    deflate_after(std::iter::empty(), payload)
}

/// The payload compressed for a window that ends with these messages; `None` if that is not
/// smaller.
pub(super) fn deflate_after<'a>(
    window: impl Iterator<Item = &'a [u8]>,
    payload: &[u8],
) -> Option<Vec<u8>> {
    COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        DICTIONARY
            .with_borrow_mut(|dictionary| {
                dictionary.clear();
                window.for_each(|message| dictionary.extend_from_slice(message));
                if dictionary.is_empty() { Ok(0) } else { compress.set_dictionary(dictionary) }
            })
            .ok()?;
        // More than the compressor can need: otherwise it would stop in between, or worse (zlib-rs
        // 0.6 panics when its lowest level fills the output to the last byte).
        let mut output = Vec::with_capacity(payload.len() + payload.len() / 4 + 64);
        compress.compress_vec(payload, &mut output, FlushCompress::Sync).ok()?;
        let whole = compress.total_in() == payload.len() as u64 && output.ends_with(&TAIL);
        output.truncate(output.len().saturating_sub(TAIL.len()));
        (whole && output.len() < payload.len()).then_some(output)
    })
}

/// The inflated payload, if it has at most `limit` bytes.
pub(super) fn inflate(payload: &[u8], limit: usize) -> Result<Vec<u8>, NotInflated> {
    DECOMPRESS.with_borrow_mut(|decompress| {
        decompress.reset(false);
        let mut output = Vec::new();
        for input in [payload, &TAIL] {
            inflate_into(decompress, input, &mut output, limit)?;
        }
        Ok(output)
    })
}

fn inflate_into(
    decompress: &mut Decompress,
    mut input: &[u8],
    output: &mut Vec<u8>,
    limit: usize,
) -> Result<(), NotInflated> {
    loop {
        if output.len() == output.capacity() {
            output.reserve(STEP.max(output.len() / 2));
        }
        let before = (decompress.total_in(), output.len());
        let status = decompress
            .decompress_vec(input, output, FlushDecompress::Sync)
            .map_err(|_| NotInflated::Broken)?;
        if output.len() > limit {
            return Err(NotInflated::TooLarge);
        }
        let taken = usize::try_from(decompress.total_in() - before.0).unwrap_or(usize::MAX);
        input = input.get(taken..).unwrap_or_default();
        if status == Status::StreamEnd {
            // A block marked as the last one; more may follow nevertheless (section 7.2.3.4).
            decompress.reset(false);
        }
        let full = output.len() == output.capacity();
        if input.is_empty() && !full {
            return Ok(());
        }
        if taken == 0 && output.len() == before.1 && !full {
            return Err(NotInflated::Broken);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agreed(header: &str) -> Option<(bool, String)> {
        let (deflate, answer) = negotiate([header].into_iter());
        answer.map(|answer| (deflate.writes, answer))
    }

    const PLAIN: &str = "permessage-deflate; client_no_context_takeover";

    #[test]
    fn the_first_possible_offer_is_accepted() {
        for offer in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=9",
            "x-webkit-deflate-frame, permessage-deflate",
            "permessage-deflate; server_max_window_bits=99, permessage-deflate",
        ] {
            assert_eq!(agreed(offer), Some((true, PLAIN.to_owned())), "{offer}");
        }
        let alone = "permessage-deflate; server_no_context_takeover";
        assert_eq!(agreed(alone), Some((true, format!("{PLAIN}; server_no_context_takeover"))));
        let small = agreed("permessage-deflate; server_max_window_bits=9");
        assert_eq!(small, Some((false, format!("{PLAIN}; server_max_window_bits=9"))));
        for none in [
            "",
            "permessage-bzip2",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; client_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits",
            "permessage-deflate; colour=blue",
        ] {
            assert_eq!(agreed(none), None, "{none}");
        }
    }

    #[test]
    fn a_small_message_that_would_be_huge_is_refused() {
        let bomb = deflate(&vec![0; 10_000_000]).expect("smaller");
        assert!(bomb.len() < 100_000);
        assert_eq!(inflate(&bomb, 64 * 1024), Err(NotInflated::TooLarge));
        assert_eq!(inflate(b"\xff\xff\xff", 1_000), Err(NotInflated::Broken));
        // "Hello" as one block marked as the last, from section 7.2.3.4.
        let last = b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00";
        assert_eq!(inflate(last, 1_000).as_deref(), Ok(&b"Hello"[..]));
    }

    proptest! {
        #[test]
        fn compressed_messages_are_inflated_again(words in proptest::collection::vec("[a-d]{1,9}", 0..400)) {
            let text = words.join(" ");
            if let Some(smaller) = deflate(text.as_bytes()) {
                prop_assert!(smaller.len() < text.len());
                prop_assert_eq!(inflate(&smaller, text.len()), Ok(text.clone().into_bytes()));
                prop_assert_eq!(inflate(&smaller, text.len() - 1), Err(NotInflated::TooLarge));
            }
        }

        #[test]
        fn nothing_makes_the_encoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
            let _ = deflate(&bytes);
        }

        #[test]
        fn nothing_makes_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = inflate(&bytes, 4_096);
        }
    }
}
