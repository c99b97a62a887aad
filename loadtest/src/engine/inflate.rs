//! Compressed messages (RFC 7692), each by itself: without context takeover.

use flate2::{Decompress, FlushDecompress, Status};

use super::frame::LARGEST;

/// One for all connections of a worker, because no message needs the one before it.
#[derive(Debug)]
pub(super) struct Inflater {
    state: Decompress,
    output: Vec<u8>,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { state: Decompress::new(false), output: Vec::new() }
    }

    /// The message, or nothing when it is not one.
    pub(super) fn inflate(&mut self, compressed: &[u8]) -> Option<&[u8]> {
        self.state.reset(false);
        self.output.clear();
        self.feed(compressed)?;
        // The tail that senders leave out.
        self.feed(&[0, 0, 0xff, 0xff])?;
        Some(&self.output)
    }

    fn feed(&mut self, mut input: &[u8]) -> Option<()> {
        loop {
            if self.output.len() > LARGEST {
                return None;
            }
            self.output.reserve(4 * 1024);
            let before = self.state.total_in();
            let flush = FlushDecompress::Sync;
            let status = self.state.decompress_vec(input, &mut self.output, flush).ok()?;
            let used = usize::try_from(self.state.total_in() - before).ok()?;
            input = &input[used..];
            let full = self.output.len() == self.output.capacity();
            match status {
                Status::StreamEnd => return Some(()),
                _ if input.is_empty() && !full => return Some(()),
                Status::BufError if used == 0 && !full => return None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};

    use super::*;

    fn deflate(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 1_000);
        let mut state = Compress::new(Compression::fast(), false);
        state.compress_vec(text, &mut out, FlushCompress::Sync).expect("deflates");
        assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
        out.truncate(out.len() - 4);
        out
    }

    #[test]
    fn messages_are_inflated_each_by_itself() {
        let mut inflater = Inflater::new();
        let long = "a long one, again and again; ".repeat(10_000);
        for text in ["short", long.as_str(), ""] {
            let compressed = deflate(text.as_bytes());
            assert_eq!(inflater.inflate(&compressed), Some(text.as_bytes()));
        }
    }

    #[test]
    fn what_is_not_compressed_is_refused() {
        assert_eq!(Inflater::new().inflate(&[0xff; 40]), None);
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        // RFC 7692 §7.2.3.1
        let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        assert_eq!(Inflater::new().inflate(&hello), Some(&b"Hello"[..]));
    }
}
