//! The description of a change of an event.

use super::Part;
use crate::id::PersonId;

/// The versions of an event before and after a change. A version that no known change leads to was
/// made by an unannounced one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The version before.
    pub after: u64,
    /// The version since.
    pub version: u64,
}

impl Versions {
    /// The change that raised the version once, to this one.
    pub fn one(version: u64) -> Self {
        Self { after: version.saturating_sub(1), version }
    }
}

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What.
    pub part: Part,
    /// Whom it concerns; everyone if empty.
    pub people: Vec<PersonId>,
}
