//! Messages that follow each other on the same sockets, each compressed with those before it as its
//! dictionary.
//!
//! By itself, a chat message compresses badly: its envelope is new each time. A context for each
//! connection (context takeover, RFC 7692, section 7.1.1) would cost a compressor per connection,
//! and every message would be compressed for each member separately. But the members of a channel
//! get the same messages in the same order. All that got the previous one have it in their window,
//! so that one compression serves them all. Others, which have just joined or got something else in
//! between, get the message compressed by itself, which can always be read.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::deflate;
use super::frame::{COMPRESSED_FROM, Frame};

/// How many messages make up a dictionary: the first of them already saves the most.
const DEPTH: usize = 4;
/// The maximum length of a message that is kept for one, in bytes.
const MAX_LENGTH: usize = 8 * 1024;

/// Numbers the messages of all successions.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// The sequence of messages sent to the same sockets, for example in a channel.
#[derive(Debug, Default)]
pub struct Succession(VecDeque<Sent>);

/// A message of a succession, kept for those after it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    number: u64,
    payload: Arc<[u8]>,
}

/// A message's place after others.
#[derive(Debug)]
pub(super) struct Place {
    number: u64,
    before: Box<[Sent]>,
    /// Compressed for sockets that got the one before it.
    after_last: OnceLock<Option<Box<[u8]>>>,
    /// Compressed for sockets that got all those before it.
    after_all: OnceLock<Option<Box<[u8]>>>,
}

/// The messages that a socket's window ends with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The last one, if it was part of a succession.
    number: u64,
    /// How many of its succession were sent in sequence.
    run: usize,
}

/// How a frame goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Compressed by itself.
    Alone,
    /// Compressed for sockets that got the message before it.
    AfterLast,
    /// Compressed for sockets that got all messages of its dictionary.
    AfterAll,
}

impl Succession {
    /// The next message of text.
    pub fn text(&mut self, text: &str) -> Frame {
        // Uncompressed messages do not enter the window.
        if text.len() < COMPRESSED_FROM {
            return Frame::text(text);
        }
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let before = std::mem::take(&mut self.0);
        let place = Place {
            number,
            before: before.iter().cloned().collect(),
            after_last: OnceLock::new(),
            after_all: OnceLock::new(),
        };
        if text.len() <= MAX_LENGTH {
            self.0 = before;
            self.0.push_back(Sent { number, payload: text.as_bytes().into() });
            if self.0.len() > DEPTH {
                self.0.pop_front();
            }
        }
        Frame::placed(text, place)
    }
}

impl Place {
    /// The form for a socket in this context.
    pub(super) fn form(&self, context: Context) -> Form {
        match self.before.last() {
            Some(last) if last.number == context.number => {
                if context.run >= self.before.len() {
                    Form::AfterAll
                } else {
                    Form::AfterLast
                }
            }
            _ => Form::Alone,
        }
    }

    /// The context of a socket that has got it in this form.
    pub(super) fn context(&self, form: Form, before: Context) -> Context {
        let run = if form == Form::Alone { 1 } else { before.run.saturating_add(1) };
        Context { number: self.number, run }
    }

    /// The payload compressed with those before it, encoded by `encode`; `None` if that is not
    /// smaller.
    pub(super) fn compressed(
        &self,
        form: Form,
        payload: &[u8],
        encode: impl FnOnce(&[u8]) -> Box<[u8]>,
    ) -> Option<&[u8]> {
        let (kept, before) = match form {
            Form::AfterAll => (&self.after_all, &self.before[..]),
            Form::AfterLast => (&self.after_last, &self.before[self.before.len() - 1..]),
            Form::Plain | Form::Alone => return None,
        };
        let make = || {
            let dictionary = before.iter().map(|said| &*said.payload);
            Some(encode(&deflate::deflate_after(dictionary, payload)?))
        };
        kept.get_or_init(make).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;
    use crate::websocket::Deflate;

    /// A client that reads what it gets, with one window for the whole connection.
    struct Client {
        deflate: Deflate,
        context: Context,
        window: Decompress,
        forms: Vec<Form>,
        bytes: usize,
    }

    impl Client {
        fn new(follows: bool) -> Self {
            let deflate = Deflate { reads: true, writes: true, follows };
            let (context, window) = (Context::default(), Decompress::new(false));
            Self { deflate, context, window, forms: Vec::new(), bytes: 0 }
        }

        fn reads(&mut self, frame: &Frame) {
            let form = frame.form(self.deflate, &mut self.context);
            let bytes = frame.on_wire(form);
            self.forms.push(form);
            self.bytes += bytes.len();
            if bytes[0] & 0x40 == 0 {
                return assert!(bytes.ends_with(frame.payload()));
            }
            let from = if bytes[1] < 126 { 2 } else { 4 };
            let mut read = Vec::with_capacity(64 * 1024);
            for input in [&bytes[from..], &[0, 0, 0xff, 0xff]] {
                let status = self.window.decompress_vec(input, &mut read, FlushDecompress::Sync);
                status.expect("a compressed message");
            }
            assert_eq!(String::from_utf8(read).unwrap().as_bytes(), frame.payload());
        }
    }

    fn message(number: usize, words: usize) -> String {
        let mut text = format!(r#"{{"push":"messages","data":{{"seq":{number},"text":""#);
        for word in 0..words {
            text.push_str(&format!("word{} ", (number * 31 + word * 17) % 97));
        }
        text + r#"","sender":{"id":"0198c1d2-7a3e-7f10-8a55-3c1b2d4e5f60","name":"Ada"}}"#
    }

    #[test]
    fn whoever_got_the_one_before_gets_the_next_behind_it() {
        let (mut succession, mut client) = (Succession::default(), Client::new(true));
        let mut alone = Client::new(false);
        for number in 0..7 {
            let frame = succession.text(&message(number, 30));
            client.reads(&frame);
            alone.reads(&frame);
        }
        use Form::{AfterAll, Alone};
        assert_eq!(client.forms[..2], [Alone, AfterAll]);
        assert!(client.forms[2..].iter().all(|form| *form == AfterAll), "{:?}", client.forms);
        assert!(alone.forms.iter().all(|form| *form == Alone));
        assert!(client.bytes * 3 < alone.bytes * 2, "{} and {}", client.bytes, alone.bytes);
    }

    #[test]
    fn a_socket_that_missed_one_or_got_something_else_gets_it_by_itself() {
        let (mut succession, mut client) = (Succession::default(), Client::new(true));
        let frames: Vec<Frame> =
            (0..9).map(|number| succession.text(&message(number, 30))).collect();
        client.reads(&frames[0]);
        client.reads(&frames[2]);
        client.reads(&frames[3]);
        client.reads(&Frame::text("short, and so in no window"));
        client.reads(&frames[4]);
        client.reads(&Frame::text(&message(99, 90)));
        client.reads(&frames[5]);
        use Form::{AfterLast, Alone, Plain};
        let expected = [Alone, Alone, AfterLast, Plain, AfterLast, Alone, Alone];
        assert_eq!(client.forms, expected);
    }

    #[test]
    fn long_and_short_ones_interrupt_it() {
        let (mut succession, mut client) = (Succession::default(), Client::new(true));
        for text in [message(1, 30), message(2, 3_000), message(3, 30), "x".to_owned()] {
            client.reads(&succession.text(&text));
        }
        client.reads(&succession.text(&message(4, 30)));
        use Form::{AfterAll, Alone, Plain};
        assert_eq!(client.forms, [Alone, AfterAll, Alone, Plain, AfterAll]);
    }
}
