//! Leases: what several nodes could do and one of them should do at a time. The database decides
//! who, because every node has it.

use std::time::Duration;

use super::{Db, DbError};
use crate::clock::Timestamp;
use crate::id::NodeId;

impl Db {
    /// Takes the lease of this name for `length`, or renews the node's own; answers whether the
    /// node has it now. One whose node is gone is free again when it is over; by how much the
    /// nodes' clocks differ, it is so sooner or later.
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
        // Of two that find it free, the second finds what the first has written.
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
