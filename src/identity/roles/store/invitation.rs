//! Invitations to roles in the database.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, InvitationId, PersonId, RoomId};
use crate::permission::{Grant, Role};

/// An invitation as it is stored.
#[derive(Clone, Debug)]
pub(in crate::identity::roles) struct Stored {
    pub(in crate::identity::roles) id: InvitationId,
    /// The address as it was typed.
    pub(in crate::identity::roles) email: String,
    pub(in crate::identity::roles) grant: Grant,
    /// Who typed it.
    pub(in crate::identity::roles) by: PersonId,
    pub(in crate::identity::roles) created_at: Timestamp,
}

const COLUMNS: &str = "id, event_id, email, role, room_id, invited_by, created_at";

fn grant(row: &AnyRow) -> Result<Grant, DbError> {
    let name = row.text("role")?;
    let role = Role::from_name(&name).ok_or_else(|| DbError::Value(name))?;
    Ok(Grant { role, room: row.optional_uuid("room_id")?.map(RoomId) })
}

fn stored(row: &AnyRow) -> Result<Stored, DbError> {
    Ok(Stored {
        id: InvitationId(row.uuid("id")?),
        email: row.text("email")?,
        grant: grant(row)?,
        by: PersonId(row.uuid("invited_by")?),
        created_at: row.time("created_at")?,
    })
}

/// What makes an invitation unique, as for a grant.
fn scope_key(event: EventId, email_key: &str, grant: Grant) -> Vec<u8> {
    Sha256::new()
        .chain_update(event.0.into_bytes())
        .chain_update(grant.room.map(|room| room.0).unwrap_or_default().into_bytes())
        .chain_update(grant.role.name())
        .chain_update([0])
        .chain_update(email_key)
        .finalize()
        .to_vec()
}

/// Stores the invitation, unless there is the same one already; returns the one that is there.
pub(in crate::identity::roles) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    new: Stored,
    email_key: &str,
) -> Result<Stored, DbError> {
    let key = scope_key(event, email_key, new.grant);
    let text = format!(
        "INSERT INTO role_invitations
             (id, event_id, email, email_key, role, room_id, scope_key, invited_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?){}",
        db.backend().or_keep("scope_key")
    );
    db.query_built(text)
        .bind(new.id.bytes())
        .bind(event.bytes())
        .bind(new.email)
        .bind(email_key.to_owned())
        .bind(new.grant.role.name())
        .bind(new.grant.room.map(RoomId::bytes))
        .bind(key.clone())
        .bind(new.by.bytes())
        .bind(new.created_at.0)
        .execute(&mut **transaction)
        .await?;
    let text = format!("SELECT {COLUMNS} FROM role_invitations WHERE scope_key = ?");
    stored(&db.query_built(text).bind(key).fetch_one(&mut **transaction).await?)
}

/// How many of an event wait to be accepted.
pub(in crate::identity::roles) async fn count(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
) -> Result<u64, DbError> {
    let row = db
        .query("SELECT COUNT(*) AS waiting FROM role_invitations WHERE event_id = ?")
        .bind(event.bytes())
        .fetch_one(&mut **transaction)
        .await?;
    row.count("waiting")
}

/// The invitation of that id, and the event.
pub(in crate::identity::roles) async fn find(
    db: &Db,
    transaction: &mut Transaction,
    id: InvitationId,
) -> Result<Option<(EventId, Stored)>, DbError> {
    let text = format!("SELECT {COLUMNS} FROM role_invitations WHERE id = ?");
    let row = db.query_built(text).bind(id.bytes()).fetch_optional(&mut **transaction).await?;
    row.map(|row| Ok((EventId(row.uuid("event_id")?), stored(&row)?))).transpose()
}

/// Removes the invitation and tells whether it was there.
pub(in crate::identity::roles) async fn delete(
    db: &Db,
    transaction: &mut Transaction,
    id: InvitationId,
) -> Result<bool, DbError> {
    let deleted = db
        .query("DELETE FROM role_invitations WHERE id = ?")
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Those of an event, the latest first.
pub(in crate::identity::roles) async fn of_event(
    db: &Db,
    event: EventId,
) -> Result<Vec<Stored>, DbError> {
    let text =
        format!("SELECT {COLUMNS} FROM role_invitations WHERE event_id = ? ORDER BY id DESC");
    db.all(db.query_built(text).bind(event.bytes())).await?.iter().map(stored).collect()
}

/// An invitation as the one who is invited sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnInvitation {
    /// The invitation, to decide about it.
    pub id: InvitationId,
    /// The event's name in addresses.
    pub slug: String,
    /// The event's name.
    pub title: String,
    /// When the event begins.
    pub starts_at: Timestamp,
    /// When the event ends.
    pub ends_at: Timestamp,
    /// The event's time zone.
    pub time_zone: String,
    /// The role.
    pub role: Role,
    /// The name of the only room in which it is to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The name of the organizer who invites.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Those to an address, the latest first.
pub(in crate::identity::roles) async fn of_address(
    db: &Db,
    email_key: &str,
) -> Result<Vec<OwnInvitation>, DbError> {
    let statement = db
        .query(
            "SELECT i.id, i.role, i.room_id, e.slug, e.title, e.starts_at, e.ends_at, e.time_zone,
                    r.name AS room, p.name AS inviter
             FROM role_invitations i JOIN events e ON e.id = i.event_id
             LEFT JOIN rooms r ON r.id = i.room_id LEFT JOIN people p ON p.id = i.invited_by
             WHERE i.email_key = ? ORDER BY i.id DESC",
        )
        .bind(email_key.to_owned());
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(OwnInvitation {
                id: InvitationId(row.uuid("id")?),
                slug: row.text("slug")?,
                title: row.text("title")?,
                starts_at: row.time("starts_at")?,
                ends_at: row.time("ends_at")?,
                time_zone: row.text("time_zone")?,
                role: grant(row)?.role,
                room: row.optional_text("room")?,
                by: row.optional_text("inviter")?,
            })
        })
        .collect()
}
