//! What a change of an event says of itself.

use super::Part;
use crate::id::PersonId;

/// From which version of an event to which a change leads, both included in what it did: what no
/// change that was heard of leads to was done where nobody told it.
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
    /// Whom it concerns; everybody when nobody is named.
    pub people: Vec<PersonId>,
}
