//! Some of a channel's items for a reader.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::publication::Item;

/// Items in the order of their positions; cheap to clone. As JSON they are a list.
#[derive(Clone, Debug)]
pub struct Items {
    items: Arc<[Item]>,
    json: Option<Arc<RawValue>>,
}

impl Items {
    /// Items for many readers: their JSON is encoded once for all.
    pub(super) fn for_many(items: &[Item]) -> Self {
        let json = to_raw_value(&List(items)).ok().map(Arc::from);
        Self { items: items.into(), json }
    }
}

impl From<Vec<Item>> for Items {
    fn from(items: Vec<Item>) -> Self {
        Self { items: items.into(), json: None }
    }
}

impl Deref for Items {
    type Target = [Item];

    fn deref(&self) -> &[Item] {
        &self.items
    }
}

impl PartialEq for Items {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl Eq for Items {}

impl Serialize for Items {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.json {
            Some(json) => json.serialize(serializer),
            None => List(&self.items).serialize(serializer),
        }
    }
}

/// The items' raw JSON.
struct List<'a>(&'a [Item]);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|item| &item.json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_many_and_for_one_they_are_the_same_list() {
        let json = |text: &str| RawValue::from_string(text.to_owned()).unwrap().into();
        let item = |seq, text| Item { seq, changed: seq, kept: false, json: json(text) };
        let items = vec![item(1, "{\"a\": 1}"), item(2, "2")];
        let (many, one) = (Items::for_many(&items), Items::from(items));
        assert_eq!(many, one);
        for items in [many, one] {
            assert_eq!(serde_json::to_string(&items).unwrap(), "[{\"a\": 1},2]");
        }
        assert_eq!(serde_json::to_string(&Items::for_many(&[])).unwrap(), "[]");
    }
}
