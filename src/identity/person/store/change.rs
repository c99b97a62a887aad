//! Changing what is stored of an account.

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction, to_json};
use crate::id::PersonId;
use crate::identity::person::{Person, search_key};
use crate::text::EmailAddress;

/// Notes that the person has proved that their address is theirs.
///
/// # Errors
/// When the database refuses.
pub async fn confirm_email(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query("UPDATE people SET email_confirmed_at = ?, updated_at = ? WHERE id = ?")
        .bind(now.0)
        .bind(now.0)
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Gives the person another address, which they have proved to be theirs.
///
/// # Errors
/// A UNIQUE violation when somebody else has it; otherwise when the database refuses.
pub async fn set_email(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "UPDATE people SET email = ?, email_key = ?, email_confirmed_at = ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(email.as_str().to_owned())
    .bind(email.key())
    .bind(now.0)
    .bind(now.0)
    .bind(id.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Replaces the password's hash.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
    hash: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query("UPDATE people SET password_hash = ?, updated_at = ? WHERE id = ?")
        .bind(hash.to_owned())
        .bind(now.0)
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Takes the password away; the person signs in by mail.
///
/// # Errors
/// When the database refuses.
pub async fn drop_password(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query("UPDATE people SET password_hash = NULL, updated_at = ? WHERE id = ?")
        .bind(now.0)
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Stores what a profile holds: the name, the affiliation, what they say about themselves, the
/// languages they speak and the one in which to speak to them.
pub(in crate::identity::person) async fn set_profile(
    db: &Db,
    transaction: &mut Transaction,
    person: &Person,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "UPDATE people SET name = ?, affiliation = ?, about = ?, languages = ?, locale = ?,
                           search_key = ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(person.name.clone())
    .bind(person.affiliation.clone())
    .bind(person.about.clone())
    .bind(to_json(&person.languages)?)
    .bind(person.locale.clone().map(String::from))
    .bind(search_key(&person.name, &person.affiliation))
    .bind(now.0)
    .bind(person.id.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Replaces the picture's name (or takes it away) and tells which it was before.
///
/// # Errors
/// When the database refuses.
pub async fn set_picture(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
    picture: Option<String>,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    let text = format!("SELECT picture FROM people WHERE id = ?{}", db.backend().for_update());
    let row = db.query_built(text).bind(id.bytes()).fetch_optional(&mut **transaction).await?;
    let before = row.map(|row| row.optional_text("picture")).transpose()?.flatten();
    db.query("UPDATE people SET picture = ?, updated_at = ? WHERE id = ?")
        .bind(picture)
        .bind(now.0)
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(before)
}
