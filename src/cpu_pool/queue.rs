//! A queue in which everybody has a line of their own, and the lines are served in turn.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;

/// Waiting items by whose they are, bounded in total. When it is full, the newest item of the longest
/// line gives way to an item of a shorter one.
pub(super) struct FairQueue<K, T> {
    lines: HashMap<K, VecDeque<T>>,
    /// Whose turn it is; each with a line is in it once.
    turns: VecDeque<K>,
    waiting: usize,
    most: usize,
}

/// The queue is full of the items of others who wait for no more than this one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl<K: Copy + Eq + Hash, T> FairQueue<K, T> {
    pub(super) fn new(most: usize) -> Self {
        Self { lines: HashMap::new(), turns: VecDeque::new(), waiting: 0, most }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.waiting
    }

    /// Adds an item to the end of this one's line.
    ///
    /// # Errors
    /// [`Full`].
    pub(super) fn push(&mut self, whose: K, item: T) -> Result<(), Full> {
        if self.waiting >= self.most {
            let own = self.lines.get(&whose).map_or(0, VecDeque::len);
            let longest = self.lines.values_mut().max_by_key(|line| line.len());
            let longest = longest.filter(|line| line.len() > own + 1).ok_or(Full)?;
            longest.pop_back();
            self.waiting -= 1;
        }
        let line = self.lines.entry(whose).or_default();
        if line.is_empty() {
            self.turns.push_back(whose);
        }
        line.push_back(item);
        self.waiting += 1;
        Ok(())
    }

    /// The next item.
    pub(super) fn pop(&mut self) -> Option<T> {
        let whose = self.turns.pop_front()?;
        let line = self.lines.get_mut(&whose)?;
        let item = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&whose);
        } else {
            self.turns.push_back(whose);
        }
        self.waiting -= usize::from(item.is_some());
        item
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.turns.clear();
        self.waiting = 0;
    }
}

impl<K, T> fmt::Debug for FairQueue<K, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FairQueue").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_served_in_turn() {
        let mut queue = FairQueue::new(10);
        for item in ["a1", "a2", "a3", "b1", "c1", "b2"] {
            queue.push(item.as_bytes()[0], item).expect("a place");
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
        assert_eq!((queue.len(), queue.turns.len(), queue.lines.len()), (0, 0, 0));
    }

    #[test]
    fn the_longest_line_gives_way() {
        let mut queue = FairQueue::new(3);
        for item in ["a1", "a2", "a3"] {
            queue.push('a', item).expect("a place");
        }
        assert_eq!(queue.push('a', "a4"), Err(Full));
        queue.push('b', "b1").expect("a place");
        assert_eq!(queue.push('b', "b2"), Err(Full), "both would have as many");
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, ["a1", "b1", "a2"]);
    }
}
