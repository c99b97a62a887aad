//! What arrives: bytes become frames, frames messages.

use super::connection::Stage;
use super::frame::{self, Parsed};
use super::inflate::Inflater;
use super::upgrade::{self, Answer};
use super::{BUFFER, Engine, Handler, Slot, name};

impl Engine {
    /// Reads until nothing is there. The buffer is the engine's own; what has not arrived as a
    /// whole is kept with the connection until it has.
    pub(super) fn read(&mut self, slot: Slot, handler: &mut impl Handler) {
        let mut buffer = std::mem::take(&mut self.buffer);
        while let Some(connection) = &mut self.connections[slot] {
            if connection.stalled || connection.stage == Stage::Connecting {
                connection.waiting = connection.stalled;
                break;
            }
            let kept = connection.partial.len();
            if buffer.len() < kept + BUFFER / 2 {
                buffer.resize(kept + BUFFER, 0);
            }
            let space = buffer.len() - kept;
            match connection.read(&mut buffer[kept..]) {
                Ok(None) => break,
                Ok(Some(read)) => {
                    buffer[..kept].copy_from_slice(&connection.partial);
                    connection.partial.clear();
                    self.traffic.bytes_in += read as u64;
                    if let Err(why) = self.handle(slot, &mut buffer[..kept + read], handler) {
                        self.end(slot, &why, handler);
                        break;
                    }
                    // A read that leaves space has emptied the socket (epoll(7)).
                    if read < space {
                        break;
                    }
                }
                Err(error) => {
                    self.end(slot, &name(&error), handler);
                    break;
                }
            }
        }
        self.buffer = buffer;
    }

    /// Handles what has arrived, frame by frame.
    fn handle(
        &mut self,
        slot: Slot,
        bytes: &mut [u8],
        handler: &mut impl Handler,
    ) -> Result<(), String> {
        let mut at = 0;
        loop {
            // A handler may have closed it.
            let Some(connection) = &mut self.connections[slot] else { return Ok(()) };
            if connection.stage != Stage::Open {
                match upgrade::answer(bytes, &self.key) {
                    Answer::Partial => {
                        connection.partial.extend_from_slice(bytes);
                        return Ok(());
                    }
                    Answer::Refused(why) => return Err(why),
                    Answer::Open { head, compressed } => {
                        if compressed && !self.compress {
                            return Err("compression that was not offered".to_owned());
                        }
                        connection.stage = Stage::Open;
                        at = head;
                        handler.opened(self, slot);
                    }
                }
                continue;
            }
            match frame::parse(bytes, at) {
                Parsed::Whole(frame) => {
                    at = frame.payload.end;
                    self.traffic.frames += 1;
                    self.frame(slot, &frame, bytes, handler)?;
                }
                Parsed::Partial(_) => {
                    if at < bytes.len() {
                        connection.partial.extend_from_slice(&bytes[at..]);
                    } else if connection.partial.capacity() > 0 {
                        connection.partial = Vec::new();
                    }
                    return Ok(());
                }
                Parsed::Broken(why) => return Err(format!("a broken frame: {why}")),
            }
        }
    }

    fn frame(
        &mut self,
        slot: Slot,
        frame: &frame::Frame,
        bytes: &[u8],
        handler: &mut impl Handler,
    ) -> Result<(), String> {
        let payload = &bytes[frame.payload.clone()];
        if frame.mask.is_some() {
            return Err("a masked frame from a server".to_owned());
        }
        match frame.opcode {
            frame::PING => self.write(slot, frame::PONG, payload),
            frame::CLOSE => return Err(close_name(payload)),
            frame::TEXT | frame::BINARY if frame.last => {
                self.message(slot, payload, frame.compressed, handler)?;
            }
            frame::TEXT | frame::BINARY | frame::CONTINUATION => {
                let Some(connection) = &mut self.connections[slot] else { return Ok(()) };
                let new = || (Vec::new(), frame.compressed);
                let fragments = connection.fragments.get_or_insert_with(new);
                fragments.0.extend_from_slice(payload);
                if fragments.0.len() > frame::LARGEST {
                    return Err("a message larger than 16 MiB".to_owned());
                }
                if frame.last
                    && let Some((whole, compressed)) = connection.fragments.take()
                {
                    self.message(slot, &whole, compressed, handler)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn message(
        &mut self,
        slot: Slot,
        payload: &[u8],
        compressed: bool,
        handler: &mut impl Handler,
    ) -> Result<(), String> {
        if !compressed {
            handler.message(self, slot, payload);
            return Ok(());
        }
        let Some(connection) = &mut self.connections[slot] else { return Ok(()) };
        let inflater = connection.inflater.get_or_insert_with(|| Box::new(Inflater::new()));
        let mut inflated = std::mem::take(&mut self.inflated);
        let known = inflater.inflate(payload, &mut inflated);
        if known.is_some() {
            handler.message(self, slot, &inflated);
        }
        self.inflated = inflated;
        known.ok_or_else(|| "a message that cannot be inflated".to_owned())
    }
}

/// A close frame's code, and the first word of its reason.
fn close_name(payload: &[u8]) -> String {
    let [high, low, reason @ ..] = payload else { return "close without a code".to_owned() };
    let reason = String::from_utf8_lossy(reason);
    let word = reason.split_whitespace().next().unwrap_or_default();
    format!("close {} {word}", u16::from_be_bytes([*high, *low])).trim_end().to_owned()
}
