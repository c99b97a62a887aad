//! Announcements between nodes about state they keep in memory: not the new state, but that it has
//! to be read again. The bus only knows their names; the capability that owns one defines its
//! meaning ([`Announcements`](super::Announcements)).

use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// Cached state has changed in the database. Nodes of other versions know it by its name, and
/// skip unknown ones.
pub trait Announcement: Serialize + DeserializeOwned + Send + 'static {
    /// Its name between nodes.
    const NAME: &'static str;
}

/// An encoded announcement: `{"NAME":PAYLOAD}`, or `"NAME"` without a payload.
#[derive(Clone, Debug)]
pub(super) struct Announced {
    pub(super) name: String,
    pub(super) payload: Box<RawValue>,
}

impl Announced {
    pub(super) fn new<A: Announcement>(announcement: &A) -> Result<Self, serde_json::Error> {
        Ok(Self { name: A::NAME.to_owned(), payload: to_raw_value(announcement)? })
    }
}

impl Serialize for Announced {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.payload.get() {
            "null" => serializer.serialize_str(&self.name),
            _ => serializer.collect_map([(&self.name, &self.payload)]),
        }
    }
}

impl<'de> Deserialize<'de> for Announced {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameAndPayload)
    }
}

struct NameAndPayload;

impl<'de> Visitor<'de> for NameAndPayload {
    type Value = Announced;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, with a payload or alone")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Announced, E> {
        Ok(Announced { name: name.to_owned(), payload: RawValue::NULL.to_owned() })
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Announced, M::Error> {
        let named = map.next_entry()?;
        let (name, payload) =
            named.ok_or_else(|| M::Error::custom("an announcement of nothing"))?;
        Ok(Announced { name, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Moved {
        to: u32,
    }

    impl Announcement for Moved {
        const NAME: &'static str = "moved";
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Closed;

    impl Announcement for Closed {
        const NAME: &'static str = "closed";
    }

    fn text(announced: &Announced) -> String {
        serde_json::to_string(announced).unwrap()
    }

    /// Nodes of other versions must still understand these.
    #[test]
    fn a_name_and_a_payload_look_like_this_and_are_read_as_they_are_written() {
        let moved = Announced::new(&Moved { to: 7 }).unwrap();
        assert_eq!(text(&moved), r#"{"moved":{"to":7}}"#);
        let closed = Announced::new(&Closed).unwrap();
        assert_eq!(text(&closed), r#""closed""#);
        for (announced, name, payload) in
            [(moved, "moved", r#"{"to":7}"#), (closed, "closed", "null")]
        {
            let read: Announced = serde_json::from_str(&text(&announced)).unwrap();
            assert_eq!((&*read.name, read.payload.get()), (name, payload));
        }
    }

    #[test]
    fn what_announces_nothing_is_no_announcement() {
        for text in ["{}", "7", "null", r#"{"moved":1,"closed":2}"#] {
            assert!(serde_json::from_str::<Announced>(text).is_err(), "{text}");
        }
    }
}
