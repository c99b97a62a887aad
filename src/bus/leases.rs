//! The receiver of the nodes' leases.

use std::fmt;

use serde_json::value::RawValue;

use crate::id::NodeId;

/// Receives leases. Their content is opaque to the bus; one that cannot be read is skipped.
pub trait Leases: Send + Sync + fmt::Debug {
    /// Another node has renewed its lease.
    fn receive_lease(&self, node: NodeId, lease: &RawValue);

    /// Another node has stopped gracefully.
    fn receive_goodbye(&self, node: NodeId);

    /// This node has received its own lease.
    fn receive_echo(&self, lease: &RawValue);
}
