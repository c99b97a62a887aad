//! Leases, for what only one of several nodes should do at a time. The database decides which,
//! because all nodes share it.

use std::time::Duration;

use super::{Db, DbError};
use crate::clock::Timestamp;
use crate::id::NodeId;

impl Db {
    /// Takes the lease of this name for `length`, or renews the node's own; returns whether the
    /// node holds it now. The lease of a node that is gone becomes free when it expires, give or
    /// take the difference between the nodes' clocks.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lease(
        &self,
        name: &'static str,
        node: NodeId,
        now: Timestamp,
        length: Duration,
    ) -> Result<bool, DbError> {
        let first = format!(
            "INSERT INTO leases (name, node, until) VALUES (?, ?, 0){}",
            self.backend().or_keep("name")
        );
        self.run(self.query_built(first).bind(name).bind(node.bytes())).await?;
        // If two find it free, the second sees what the first has written.
        let take = self
            .query(
                "UPDATE leases SET node = ?, until = ? WHERE name = ? AND (until <= ? OR node = ?)",
            )
            .bind(node.bytes())
            .bind(now.after(length).0)
            .bind(name)
            .bind(now.0)
            .bind(node.bytes());
        Ok(self.run(take).await? == 1)
    }
}
