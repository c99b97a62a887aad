//! Lines that have been read. What a server sends to many is the same for all of them: it is
//! understood once, and recognized by its bytes for everybody else.

use std::rc::Rc;

use crate::protocol::{Incoming, Protocol};

/// How many lines are remembered. A power of two.
const PLACES: usize = 1_024;

/// Longer lines (answers with a history) are one client's own.
const LONGEST: usize = 64 * 1024;

#[derive(Debug, Default)]
struct Entry {
    line: Vec<u8>,
    meaning: Option<Rc<Vec<Incoming>>>,
}

/// The memory of lines: each place holds the last line that fell on it.
#[derive(Debug)]
pub(super) struct Lines {
    places: Vec<Entry>,
}

/// What a line says, and whether it is read for the first time.
pub(super) struct Reading {
    pub(super) meaning: Rc<Vec<Incoming>>,
    pub(super) first: bool,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { places: (0..PLACES).map(|_| Entry::default()).collect() }
    }

    pub(super) fn read(&mut self, line: &[u8], protocol: &dyn Protocol) -> Reading {
        let understand = || {
            let mut meaning = Vec::new();
            protocol.read(line, &mut meaning);
            Rc::new(meaning)
        };
        if line.len() > LONGEST {
            return Reading { meaning: understand(), first: true };
        }
        let entry = &mut self.places[place(line)];
        if let Some(meaning) = &entry.meaning
            && entry.line == line
        {
            return Reading { meaning: Rc::clone(meaning), first: false };
        }
        let meaning = understand();
        entry.line.clear();
        entry.line.extend_from_slice(line);
        entry.meaning = Some(Rc::clone(&meaning));
        Reading { meaning, first: true }
    }
}

/// Where a line falls: by its length and its first bytes, where numbers and addresses stand.
fn place(line: &[u8]) -> usize {
    let mut sum = line.len() as u64;
    for word in line[..line.len().min(192)].chunks(8) {
        let mut bytes = [0; 8];
        bytes[..word.len()].copy_from_slice(word);
        sum = (sum.rotate_left(5) ^ u64::from_le_bytes(bytes)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    (sum >> 40) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::floor::Floor;

    #[test]
    fn a_line_is_understood_once() {
        let mut lines = Lines::new();
        let first = lines.read(b"1 ~1.0.5~ hello", &Floor);
        let again = lines.read(b"1 ~1.0.5~ hello", &Floor);
        let other = lines.read(b"2 ~2.0.6~ hello", &Floor);
        assert!(first.first && !again.first && other.first);
        assert!(Rc::ptr_eq(&first.meaning, &again.meaning));
        assert_ne!(first.meaning, other.meaning);
    }

    #[test]
    fn more_lines_than_places_are_still_told_apart() {
        let mut lines = Lines::new();
        for round in 0..2 {
            for number in 1..3_000_u64 {
                let line = format!("{number} ~{number}.0.0~");
                let meaning = lines.read(line.as_bytes(), &Floor).meaning;
                let Incoming::Delivered { up_to, .. } = &meaning[0] else { panic!("{round}") };
                assert_eq!(*up_to, number);
            }
        }
    }
}
