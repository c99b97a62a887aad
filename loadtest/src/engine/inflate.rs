//! Compressed messages (RFC 7692). A message may refer to those before it on the same connection.

use flate2::{Decompress, FlushDecompress, Status};

use super::frame::LARGEST;

/// What one connection has read, some 40 KB of it.
#[derive(Debug)]
pub(super) struct Inflater(Decompress);

impl Inflater {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }

    /// Puts the message into `output`; nothing when it is not one.
    pub(super) fn inflate(&mut self, compressed: &[u8], output: &mut Vec<u8>) -> Option<()> {
        output.clear();
        self.feed(compressed, output)?;
        // The tail that senders leave out.
        self.feed(&[0, 0, 0xff, 0xff], output)
    }

    fn feed(&mut self, mut input: &[u8], output: &mut Vec<u8>) -> Option<()> {
        loop {
            if output.len() > LARGEST {
                return None;
            }
            output.reserve(4 * 1024);
            let before = self.0.total_in();
            let status = self.0.decompress_vec(input, output, FlushDecompress::Sync).ok()?;
            let used = usize::try_from(self.0.total_in() - before).ok()?;
            input = &input[used..];
            let full = output.len() == output.capacity();
            match status {
                Status::StreamEnd => {
                    self.0.reset(false);
                    return Some(());
                }
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

    fn deflate(state: &mut Compress, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 1_000);
        state.compress_vec(text, &mut out, FlushCompress::Sync).expect("deflates");
        assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
        out.truncate(out.len() - 4);
        out
    }

    fn inflate(inflater: &mut Inflater, compressed: &[u8]) -> Option<Vec<u8>> {
        let mut output = Vec::new();
        inflater.inflate(compressed, &mut output).map(|()| output)
    }

    #[test]
    fn messages_refer_to_those_before_them_or_stand_by_themselves() {
        let (mut inflater, mut state) =
            (Inflater::new(), Compress::new(Compression::fast(), false));
        let long = "a long one, again and again; ".repeat(10_000);
        for (text, afresh) in [("short", false), (&long, false), ("", true), ("short", false)] {
            if afresh {
                state.reset();
            }
            let compressed = deflate(&mut state, text.as_bytes());
            assert_eq!(inflate(&mut inflater, &compressed).as_deref(), Some(text.as_bytes()));
        }
    }

    #[test]
    fn what_is_not_compressed_is_refused() {
        assert_eq!(inflate(&mut Inflater::new(), &[0xff; 40]), None);
    }

    #[test]
    fn the_examples_of_the_standard_are_read() {
        // RFC 7692 §7.2.3.2: the second refers to the first.
        let mut inflater = Inflater::new();
        for hello in
            [&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00][..], &[0xf2, 0x00, 0x11, 0x00, 0x00]]
        {
            assert_eq!(inflate(&mut inflater, hello).as_deref(), Some(&b"Hello"[..]));
        }
    }
}
