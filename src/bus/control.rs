//! What nodes tell each other about what they keep in memory: not what it is now, but that it is to
//! be looked at again.

use serde::{Deserialize, Serialize};

/// Something that nodes keep has changed in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {}
