//! Leases, for what only one of several nodes should do at a time. The database decides which,
//! because all nodes share it.

use std::time::Duration;

use super::{Columns, Db, DbError};
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

    /// Notes a lease of this name until then, in the place of the one of another node.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_lease(
        &self,
        name: &str,
        node: NodeId,
        until: Timestamp,
    ) -> Result<(), DbError> {
        let note = format!(
            "INSERT INTO leases (name, node, until) VALUES (?, ?, ?){}",
            self.backend().or_update("name", &["node", "until"])
        );
        let note = self.query_built(note).bind(name.to_owned()).bind(node.bytes()).bind(until.0);
        self.run(note).await?;
        Ok(())
    }

    /// The names of the leases that begin with this and are not over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn leases(&self, prefix: &str, now: Timestamp) -> Result<Vec<String>, DbError> {
        let select = self
            .query("SELECT name FROM leases WHERE name LIKE ? AND until > ?")
            .bind(format!("{prefix}%"))
            .bind(now.0);
        self.all(select).await?.iter().map(|row| row.text("name")).collect()
    }

    /// Removes the leases whose names begin with this and that are over.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_leases(&self, prefix: &str, now: Timestamp) -> Result<(), DbError> {
        let delete = self
            .query("DELETE FROM leases WHERE name LIKE ? AND until <= ?")
            .bind(format!("{prefix}%"))
            .bind(now.0);
        self.run(delete).await?;
        Ok(())
    }
}
