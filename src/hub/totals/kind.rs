//! The kinds of totals, their values, and the limits of both.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How many kinds there can be: a frame's kinds are the bits of one integer.
pub(super) const MAX_KINDS: usize = 15;
/// How many names the numbers of a sum can have.
const MAX_NAMES: usize = 64;
/// How long one of these names can be, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// How long the JSON of a newest value can be, in bytes.
const MAX_JSON_BYTES: usize = 4 * 1024;

/// A kind of total, by its name on the wire. A capability registers it once at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalKind {
    pub(super) name: &'static str,
    pub(super) rule: Rule,
}

/// How the values of the nodes are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Sum,
    Newest,
}

impl TotalKind {
    /// Each node has its own count: all show the sum.
    pub const fn sum(name: &'static str) -> Self {
        Self { name, rule: Rule::Sum }
    }

    /// Values have versions, like a row of the database: all show the newest.
    pub const fn newest(name: &'static str) -> Self {
        Self { name, rule: Rule::Newest }
    }
}

/// Why a total was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TotalError {
    /// The kind is not registered, or with another rule.
    #[error("this kind of total is not registered with this rule: register it at the start")]
    Unknown,
    /// The name is taken, or there are as many kinds as there can be.
    #[error(
        "no more kinds of totals can be registered, or not of this name: there can be {MAX_KINDS}"
    )]
    Kinds,
    /// The value is too large.
    #[error(
        "the total is too large: {MAX_NAMES} names of {MAX_NAME_BYTES} bytes, or \
         {MAX_JSON_BYTES} bytes of JSON, are the most"
    )]
    Size,
    /// This node has reached its limit of channels with totals.
    #[error("this node has totals in too many channels: clear those that are over")]
    Channels,
}

/// A node's count: one number, or several by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Counts {
    /// For example viewers.
    One(u64),
    /// For example the votes for each answer.
    Named(BTreeMap<String, u64>),
}

impl From<u64> for Counts {
    fn from(count: u64) -> Self {
        Self::One(count)
    }
}

impl From<BTreeMap<String, u64>> for Counts {
    fn from(counts: BTreeMap<String, u64>) -> Self {
        Self::Named(counts)
    }
}

impl Counts {
    fn fits(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Named(counts) => {
                counts.len() <= MAX_NAMES && counts.keys().all(|name| name.len() <= MAX_NAME_BYTES)
            }
        }
    }

    /// Adds another node's. The sum does not depend on the order.
    fn add(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::One(own), Self::One(other)) => *own = own.saturating_add(*other),
            (Self::Named(own), Self::Named(other)) => {
                for (name, count) in other {
                    let sum = own.entry(name.clone()).or_default();
                    *sum = sum.saturating_add(*count);
                }
                while own.len() > MAX_NAMES {
                    own.pop_last();
                }
            }
            // Nodes of two versions: named counts are more specific.
            (Self::One(_), Self::Named(_)) => *self = other.clone(),
            (Self::Named(_), Self::One(_)) => {}
        }
    }
}

/// A value and its version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Versioned {
    /// The higher one wins.
    pub version: u64,
    /// Ready-made; `null` if there is nothing to show any more.
    pub json: Arc<RawValue>,
}

impl Versioned {
    fn is_newer_than(&self, other: &Self) -> bool {
        // By the text if two have the same version, so that all nodes choose the same.
        (self.version, self.json.get()) > (other.version, other.json.get())
    }
}

/// A node's totals of one channel.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TotalParts {
    /// All its own counts, by kind: it has none of the kinds that are missing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<String, Counts>,
    /// The newest values that it knows; one that is missing may be known to others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub newest: BTreeMap<String, Versioned>,
}

impl TotalParts {
    pub(in crate::hub) fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.newest.is_empty()
    }

    /// Its approximate size on the wire, in bytes.
    pub(in crate::hub) fn bytes(&self) -> usize {
        let counts = |counts: &Counts| match counts {
            Counts::One(_) => 16,
            Counts::Named(named) => named.keys().map(|name| name.len() + 16).sum(),
        };
        let sums: usize = self.sums.values().map(counts).sum();
        sums + self.newest.values().map(|value| value.json.get().len() + 32).sum::<usize>()
    }

    /// Removes kinds unknown to this node, and values above its limits.
    pub(super) fn known(mut self, kinds: &[TotalKind]) -> Self {
        let is_known =
            |name: &str, rule| kinds.iter().any(|kind| kind.name == name && kind.rule == rule);
        self.sums.retain(|name, counts| is_known(name, Rule::Sum) && counts.fits());
        self.newest.retain(|name, value| is_known(name, Rule::Newest) && value.fits());
        self
    }

    /// Adopts newer values.
    pub(super) fn merge_newest(&mut self, other: &BTreeMap<String, Versioned>) -> bool {
        let mut changed = false;
        for (name, value) in other {
            let known = self.newest.get(name);
            if known.is_none_or(|known| value.is_newer_than(known)) {
                self.newest.insert(name.clone(), value.clone());
                changed = true;
            }
        }
        changed
    }

    pub(super) fn add_sums(&mut self, sums: &BTreeMap<String, Counts>) {
        for (name, counts) in sums {
            match self.sums.get_mut(name) {
                Some(sum) => sum.add(counts),
                None => drop(self.sums.insert(name.clone(), counts.clone())),
            }
        }
    }
}

impl Versioned {
    fn fits(&self) -> bool {
        self.json.get().len() <= MAX_JSON_BYTES
    }
}

/// Checks that a value can be set.
pub(super) fn check_counts(counts: &Counts) -> Result<(), TotalError> {
    if counts.fits() { Ok(()) } else { Err(TotalError::Size) }
}

/// Checks that a value can be set.
pub(super) fn check_value(value: &Versioned) -> Result<(), TotalError> {
    if value.fits() { Ok(()) } else { Err(TotalError::Size) }
}

/// The kinds in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalKinds(u16);

impl TotalKinds {
    /// Presence and typing.
    pub const PRESENCE: Self = Self(1);
    /// All of them.
    pub(in crate::hub) const ALL: Self = Self(u16::MAX);
    /// All except those.
    pub(in crate::hub) const REGISTERED: Self = Self(!1);
    /// None of them.
    pub(in crate::hub) const NONE: Self = Self(0);

    /// The kind that was registered as this one, counted from 0.
    pub(in crate::hub) fn of(index: usize) -> Self {
        debug_assert!(index < MAX_KINDS);
        Self(2 << index)
    }

    /// These and those.
    #[must_use]
    pub(in crate::hub) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of them are among the others.
    pub(in crate::hub) fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(counts: &[(&str, u64)]) -> Counts {
        Counts::Named(counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect())
    }

    #[test]
    fn sums_are_the_same_in_any_order() {
        let parts =
            [named(&[("a", 1), ("b", u64::MAX)]), Counts::One(7), named(&[("b", 2), ("c", 3)])];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let mut sum = parts[order[0]].clone();
            order[1..].iter().for_each(|index| sum.add(&parts[*index]));
            assert_eq!(sum, named(&[("a", 1), ("b", u64::MAX), ("c", 3)]), "{order:?}");
        }
    }

    #[test]
    fn what_is_unknown_or_too_large_is_passed_over() {
        let long = "x".repeat(MAX_JSON_BYTES);
        let json = RawValue::from_string(format!("\"{long}\"")).unwrap().into();
        let parts = TotalParts {
            sums: [("viewers", 1), ("later", 2)]
                .map(|(name, n)| (name.to_owned(), n.into()))
                .into(),
            newest: [("poll".to_owned(), Versioned { version: 1, json })].into(),
        };
        let known = parts.known(&[TotalKind::sum("viewers"), TotalKind::newest("poll")]);
        assert_eq!(known.sums.keys().collect::<Vec<_>>(), ["viewers"]);
        assert!(known.newest.is_empty());
    }
}
