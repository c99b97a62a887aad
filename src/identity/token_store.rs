//! Mailed tokens in the database, by the hashes of their secrets.

use super::sign_in::Hash;
use super::token::{NewToken, Purpose, Redeemed};
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, MailTokenId, PersonId};

pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    id: MailTokenId,
    hash: &Hash,
    token: NewToken<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO mail_tokens (id, token_hash, purpose, email, person_id, event_id, next,
                                  created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(id.bytes())
    .bind(hash.to_vec())
    .bind(token.purpose.name())
    .bind(token.email.as_str().to_owned())
    .bind(token.person.bytes())
    .bind(token.event.map(EventId::bytes))
    .bind(token.next.map(String::from))
    .bind(now.0)
    .bind(now.after(token.lifetime).0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Takes a token back, once; nothing when it is unknown, was used or has expired.
pub(super) async fn take(
    db: &Db,
    transaction: &mut Transaction,
    hash: &Hash,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Redeemed>, DbError> {
    let used = db
        .query(
            "UPDATE mail_tokens SET used_at = ?
             WHERE token_hash = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?",
        )
        .bind(now.0)
        .bind(hash.to_vec())
        .bind(purpose.name())
        .bind(now.0)
        .execute(&mut **transaction)
        .await?;
    if used.rows_affected() == 0 {
        return Ok(None);
    }
    let row = db
        .query("SELECT person_id, email, event_id, next FROM mail_tokens WHERE token_hash = ?")
        .bind(hash.to_vec())
        .fetch_one(&mut **transaction)
        .await?;
    Ok(Some(Redeemed {
        person: PersonId(row.uuid("person_id")?),
        email: row.text("email")?,
        event: row.optional_uuid("event_id")?.map(EventId),
        next: row.optional_text("next")?,
    }))
}

/// Makes every token of the person worthless, because their address or password has changed.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_all(
    db: &Db,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<(), DbError> {
    db.query("DELETE FROM mail_tokens WHERE person_id = ?")
        .bind(person.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Removes the tokens that have expired.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM mail_tokens WHERE expires_at <= ?").bind(now.0)).await?;
    Ok(())
}
