//! Who keeps account of the nodes.

use std::fmt;

use serde_json::value::RawValue;

use crate::id::NodeId;

/// Is told of the leases that are heard. What is in one is no matter of the bus; one that cannot be
/// read is passed over.
pub trait Leases: Send + Sync + fmt::Debug {
    /// Another node is there.
    fn receive_lease(&self, node: NodeId, lease: &RawValue);

    /// Another node has stopped gracefully.
    fn receive_goodbye(&self, node: NodeId);

    /// This node has heard its own lease.
    fn receive_echo(&self, lease: &RawValue);
}
