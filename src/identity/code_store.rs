//! Mailed codes in the database, by the hashes of their requests.

use super::code::COUNTED_FOR;
use super::sign_in::Hash;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::MailTokenId;

/// A code to be stored.
pub(super) struct NewCode {
    pub(super) request: Hash,
    pub(super) code: Hash,
    pub(super) email_key: String,
    pub(super) token: Option<MailTokenId>,
}

/// A code that somebody tries.
pub(super) struct Tried {
    pub(super) code: Vec<u8>,
    pub(super) email_key: String,
    pub(super) token: Option<MailTokenId>,
    /// This try included.
    pub(super) tries: i64,
}

pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    new: NewCode,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO mail_codes (request_hash, code_hash, email_key, token_id, tries, expires_at)
         VALUES (?, ?, ?, ?, 0, ?)",
    )
    .bind(new.request.to_vec())
    .bind(new.code.to_vec())
    .bind(new.email_key)
    .bind(new.token.map(MailTokenId::bytes))
    .bind(expires_at.0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Counts a try; nothing when the request is unknown, has expired or has had its tries.
pub(super) async fn count_try(
    db: &Db,
    request: &Hash,
    most: i64,
    now: Timestamp,
) -> Result<Option<Tried>, DbError> {
    let mut transaction = db.begin().await?;
    let counted = db
        .query(
            "UPDATE mail_codes SET tries = tries + 1
             WHERE request_hash = ? AND tries < ? AND expires_at > ?",
        )
        .bind(request.to_vec())
        .bind(most)
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
    if counted.rows_affected() == 0 {
        return Ok(None);
    }
    let row = db
        .query(
            "SELECT code_hash, email_key, token_id, tries FROM mail_codes WHERE request_hash = ?",
        )
        .bind(request.to_vec())
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Some(Tried {
        code: row.blob("code_hash")?,
        email_key: row.text("email_key")?,
        token: row.optional_uuid("token_id")?.map(MailTokenId),
        tries: row.number("tries")?,
    }))
}

/// How many codes were tried for a mailbox lately.
pub(super) async fn tries(db: &Db, email_key: &str, now: Timestamp) -> Result<i64, DbError> {
    let statement = db
        .query("SELECT tries FROM mail_codes WHERE email_key = ? AND expires_at > ?")
        .bind(email_key.to_owned())
        .bind(now.before(COUNTED_FOR).0);
    let rows = db.all(statement).await?;
    rows.iter().map(|row| row.number("tries")).sum()
}

/// Removes the codes whose tries no longer count.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    let until = now.before(COUNTED_FOR);
    db.run(db.query("DELETE FROM mail_codes WHERE expires_at <= ?").bind(until.0)).await?;
    Ok(())
}
