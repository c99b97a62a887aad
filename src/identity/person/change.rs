//! Changing accounts.

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction, to_json};
use crate::id::PersonId;
use crate::text::Locale;
use crate::text::{About, Affiliation, EmailAddress, PersonName};

use super::{Person, search_key};

/// A change to a profile; fields that are `None` stay as they are.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The name they go by.
    pub name: Option<PersonName>,
    /// Where they work or study.
    pub affiliation: Option<Affiliation>,
    /// What they say about themselves.
    pub about: Option<About>,
    /// The languages they speak.
    pub languages: Option<Vec<Locale>>,
    /// The language of texts and mails for them.
    pub locale: Option<Locale>,
}

/// Records that the person has proved that their address is theirs.
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

/// Changes the profile.
///
/// # Errors
/// When the database refuses.
pub async fn change_profile(
    db: &Db,
    person: &Person,
    change: ProfileChange,
    now: Timestamp,
) -> Result<(), DbError> {
    let name = change.name.map_or_else(|| person.name.clone(), String::from);
    let affiliation = change.affiliation.map_or_else(|| person.affiliation.clone(), String::from);
    let about = change.about.map_or_else(|| person.about.clone(), String::from);
    let languages = match change.languages {
        Some(languages) => to_json(&languages)?,
        None => to_json(&person.languages)?,
    };
    let locale = change.locale.or_else(|| person.locale.clone());
    let key = search_key(&name, &affiliation);
    db.run(
        db.query(
            "UPDATE people SET name = ?, affiliation = ?, about = ?, languages = ?, locale = ?,
                               search_key = ?, updated_at = ?
             WHERE id = ?",
        )
        .bind(name)
        .bind(affiliation)
        .bind(about)
        .bind(languages)
        .bind(locale.map(String::from))
        .bind(key)
        .bind(now.0)
        .bind(person.id.bytes()),
    )
    .await?;
    Ok(())
}

/// Replaces or removes the picture's name and returns the previous one.
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
