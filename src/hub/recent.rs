//! A channel's memory: its most recently changed items, so that joining and catching up need no
//! database.

use std::collections::{BTreeMap, HashMap};

use super::items::Items;
use super::publication::Item;

/// The bounds of a channel's memory.
#[derive(Clone, Copy, Debug)]
pub struct RecentLimits {
    /// How many items are kept.
    pub items: usize,
    /// How many bytes of JSON are kept.
    pub bytes: usize,
    /// How many of them a join without a position returns.
    pub newest: usize,
}

impl Default for RecentLimits {
    fn default() -> Self {
        Self { items: 256, bytes: 512 * 1024, newest: 50 }
    }
}

/// The most recently changed items of a channel: all that changed after `floor`.
#[derive(Debug)]
pub(super) struct Recent {
    limits: RecentLimits,
    /// By the position of the last change, then the item's own: a change can concern several items.
    by_change: BTreeMap<(u64, u64), Item>,
    changed: HashMap<u64, u64>,
    bytes: usize,
    floor: u64,
    /// The cached answer for joins, until something changes: the newest, and whether there may be
    /// older.
    newest: Option<(Items, bool)>,
}

impl Recent {
    pub(super) fn new(limits: RecentLimits) -> Self {
        let (by_change, changed) = (BTreeMap::new(), HashMap::new());
        Self { limits, by_change, changed, bytes: 0, floor: 0, newest: None }
    }

    /// Starts with the archive's `items`, in the order of their change; if they are not all, only
    /// what changed after the first of them is known completely.
    pub(super) fn load(&mut self, items: Vec<Item>, complete: bool) {
        self.newest = None;
        if !complete {
            self.floor = items.first().map_or(self.floor, |item| item.changed);
        }
        for item in items {
            self.put(item);
        }
    }

    /// Takes in an item's new state; an older state than the known one is ignored.
    pub(super) fn put(&mut self, item: Item) {
        self.newest = None;
        if let Some(known) = self.changed.get(&item.seq).copied() {
            if known > item.changed {
                return;
            }
            self.remove(known, item.seq);
        }
        self.bytes += item.json.get().len();
        self.changed.insert(item.seq, item.changed);
        self.by_change.insert((item.changed, item.seq), item);
        while self.by_change.len() > self.limits.items || self.bytes > self.limits.bytes {
            let Some((&(changed, seq), _)) = self.by_change.first_key_value() else { break };
            self.floor = self.floor.max(changed);
            self.remove(changed, seq);
        }
    }

    /// Everything that changed after `after`, by the items' own positions; `None` if that is no
    /// longer in memory.
    pub(super) fn after(&self, after: u64) -> Option<Vec<Item>> {
        if after < self.floor {
            return None;
        }
        let mut items: Vec<Item> =
            self.by_change.range((after + 1, 0)..).map(|(_, item)| item.clone()).collect();
        items.sort_unstable_by_key(|item| item.seq);
        Some(items)
    }

    /// The newest items for a join, by their own positions, and whether there may be older. Encoded
    /// once for all joins until something changes.
    pub(super) fn newest(&mut self) -> (Items, bool) {
        let newest = self.newest.take().unwrap_or_else(|| self.find_newest());
        self.newest.insert(newest).clone()
    }

    fn find_newest(&self) -> (Items, bool) {
        // An item added before the floor may be missing, so that only those after it form an
        // unbroken run; all of these are known, because adding them was a change.
        let mut items: Vec<Item> =
            self.by_change.values().filter(|item| item.seq > self.floor).cloned().collect();
        items.sort_unstable_by_key(|item| item.seq);
        let older = items.len().saturating_sub(self.limits.newest);
        (Items::for_many(&items[older..]), older > 0 || self.floor > 0)
    }

    fn remove(&mut self, changed: u64, seq: u64) {
        if let Some(item) = self.by_change.remove(&(changed, seq)) {
            self.bytes -= item.json.get().len();
            self.changed.remove(&seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> std::sync::Arc<serde_json::value::RawValue> {
        serde_json::value::RawValue::from_string(json.to_owned()).unwrap().into()
    }

    fn item(seq: u64, changed: u64) -> Item {
        Item { seq, changed, kept: false, json: raw(&format!("{seq}{changed}")) }
    }

    fn recent(items: usize) -> Recent {
        Recent::new(RecentLimits { items, bytes: 1_000, newest: 10 })
    }

    fn numbers(items: &[Item]) -> Vec<(u64, u64)> {
        items.iter().map(|item| (item.seq, item.changed)).collect()
    }

    #[test]
    fn an_item_that_changes_is_kept_once_with_its_newest_state() {
        let mut recent = recent(10);
        for seq in 1..=3 {
            recent.put(item(seq, seq));
        }
        recent.put(item(1, 4));
        recent.put(item(1, 2));
        assert_eq!(numbers(&recent.after(0).unwrap()), [(1, 4), (2, 2), (3, 3)]);
        assert_eq!(numbers(&recent.after(3).unwrap()), [(1, 4)]);
    }

    #[test]
    fn what_fell_out_cannot_be_caught_up_with_here() {
        let mut recent = recent(2);
        for seq in 1..=4 {
            recent.put(item(seq, seq));
        }
        assert_eq!(recent.after(1), None);
        assert_eq!(numbers(&recent.after(2).unwrap()), [(3, 3), (4, 4)]);
        assert_eq!(numbers(&recent.newest().0), [(3, 3), (4, 4)]);
    }

    #[test]
    fn the_newest_are_an_unbroken_run() {
        let mut recent = recent(3);
        for seq in 1..=5 {
            recent.put(item(seq, seq));
        }
        recent.put(item(1, 6));
        // 3 has fallen out; 1 is known again, but 2 and 3 are not.
        let (items, older) = recent.newest();
        assert_eq!(numbers(&items), [(4, 4), (5, 5)]);
        assert!(older);
    }

    #[test]
    fn the_newest_are_put_together_once_until_something_changes() {
        let mut recent = Recent::new(RecentLimits { items: 10, bytes: 1_000, newest: 2 });
        recent.put(item(1, 1));
        let (first, _) = recent.newest();
        assert!(std::ptr::eq(&*first, &*recent.newest().0), "the same for everybody");
        recent.put(item(2, 2));
        assert_eq!(numbers(&recent.newest().0), [(1, 1), (2, 2)]);
        recent.put(item(1, 3));
        assert_eq!(numbers(&recent.newest().0), [(1, 3), (2, 2)]);
        recent.put(item(4, 4));
        assert_eq!(numbers(&recent.newest().0), [(2, 2), (4, 4)], "as many as there may be");
    }

    #[test]
    fn large_items_push_others_out() {
        let mut recent = Recent::new(RecentLimits { items: 10, bytes: 5, newest: 10 });
        for seq in 1..=4 {
            recent.put(item(seq, seq));
        }
        assert_eq!(recent.after(1), None);
        assert_eq!(numbers(&recent.after(2).unwrap()), [(3, 3), (4, 4)]);
    }
}
