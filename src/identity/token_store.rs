//! Mailed tokens in the database, by the hashes of their secrets.

use sqlx::any::AnyRow;

use super::sign_in::Hash;
use super::token::{Key, NewToken, Purpose, Token};
use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, MailTokenId, PersonId};

const COLUMNS: &str = "purpose, person_id, email, event_id, next, expires_at";

impl Token {
    fn read(row: &AnyRow) -> Result<Self, DbError> {
        let purpose = row.text("purpose")?;
        let purpose = Purpose::from_name(&purpose)
            .ok_or_else(|| DbError::Value(format!("there is no purpose {purpose:?}")))?;
        Ok(Self {
            purpose,
            person: PersonId(row.uuid("person_id")?),
            email: row.text("email")?,
            event: row.optional_uuid("event_id")?.map(EventId),
            next: row.optional_text("next")?,
            expires_at: row.time("expires_at")?,
        })
    }
}

impl Key {
    fn column(self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Secret(hash) => ("token_hash", hash.to_vec()),
            Self::Code(id) => ("id", id.bytes()),
        }
    }
}

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
    .bind(token.event.map(|event| event.id.bytes()))
    .bind(token.next.map(String::from))
    .bind(now.0)
    .bind(now.after(token.lifetime).0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The token of this hash; nothing when it is unknown, was used or has expired.
pub(super) async fn find(db: &Db, hash: &Hash, now: Timestamp) -> Result<Option<Token>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM mail_tokens
         WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?"
    );
    let statement = db.query_built(text).bind(hash.to_vec()).bind(now.0);
    db.one(statement).await?.as_ref().map(Token::read).transpose()
}

/// Takes a token back, once; nothing when it is unknown, was used or has expired.
pub(super) async fn take(
    db: &Db,
    transaction: &mut Transaction,
    key: Key,
    purposes: &[Purpose],
    now: Timestamp,
) -> Result<Option<Token>, DbError> {
    let (column, value) = key.column();
    let text = format!(
        "UPDATE mail_tokens SET used_at = ?
         WHERE {column} = ? AND used_at IS NULL AND expires_at > ? AND purpose IN ({})",
        placeholders(purposes.len())
    );
    let statement = db.query_built(text).bind(now.0).bind(value.clone()).bind(now.0);
    let statement = purposes.iter().fold(statement, |one, purpose| one.bind(purpose.name()));
    if statement.execute(&mut **transaction).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let text = format!("SELECT {COLUMNS} FROM mail_tokens WHERE {column} = ?");
    let row = db.query_built(text).bind(value).fetch_one(&mut **transaction).await?;
    Token::read(&row).map(Some)
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
