//! Accounts in the database.

mod change;
mod import;

use std::time::Duration;

use sqlx::any::AnyRow;

use super::{NewPerson, Person, search_key};
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Statement, Transaction, from_json};
use crate::id::PersonId;
use crate::random::Random;
use crate::text::{EmailAddress, Locale};

pub(super) use change::set_profile;
pub use change::{confirm_email, drop_password, set_email, set_password, set_picture};
pub use import::{change_imported, import};

/// How long an account is kept of which nothing is left.
const KEPT: Duration = Duration::from_secs(2 * 24 * 3_600);

const COLUMNS: &str = "id, kind, email, email_confirmed_at, password_hash, name, affiliation, \
                       about, languages, picture, locale";

impl Person {
    fn read(row: &AnyRow) -> Result<Self, DbError> {
        Ok(Self {
            id: PersonId(row.uuid("id")?),
            guest: row.text("kind")? == "guest",
            email: row.optional_text("email")?,
            email_confirmed_at: row.optional_time("email_confirmed_at")?,
            password_hash: row.optional_text("password_hash")?,
            name: row.text("name")?,
            affiliation: row.text("affiliation")?,
            about: row.text("about")?,
            languages: from_json(&row.text("languages")?)?,
            picture: row.optional_text("picture")?,
            locale: row.optional_text("locale")?.and_then(|tag| Locale::try_from(tag).ok()),
        })
    }
}

/// The person of that id, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, id: PersonId) -> Result<Option<Person>, DbError> {
    let statement = by(db, "id").bind(id.bytes());
    db.one(statement).await?.as_ref().map(Person::read).transpose()
}

/// The person of that id, who must exist, as the transaction sees them.
///
/// # Errors
/// When the database does not answer or has no such person.
pub async fn read_in(
    db: &Db,
    transaction: &mut Transaction,
    id: PersonId,
) -> Result<Person, DbError> {
    Person::read(&by(db, "id").bind(id.bytes()).fetch_one(&mut **transaction).await?)
}

/// The person with that address, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find_by_email(db: &Db, email: &EmailAddress) -> Result<Option<Person>, DbError> {
    let statement = by(db, "email_key").bind(email.key());
    db.one(statement).await?.as_ref().map(Person::read).transpose()
}

fn by(db: &Db, column: &str) -> Statement {
    db.query_built(format!("SELECT {COLUMNS} FROM people WHERE {column} = ?"))
}

/// The person with that address, made when there is none; and whether it was made.
///
/// # Errors
/// When the database refuses.
pub async fn ensure(
    db: &Db,
    transaction: &mut Transaction,
    new: NewPerson<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<(Person, bool), DbError> {
    let id = PersonId::new(now, random);
    let text = format!(
        "INSERT INTO people (id, kind, email, email_key, name, affiliation, about, languages,
                             locale, search_key, created_at, updated_at)
         VALUES (?, 'person', ?, ?, ?, '', '', '[]', ?, ?, ?, ?){}",
        db.backend().or_keep("email_key")
    );
    db.query_built(text)
        .bind(id.bytes())
        .bind(new.email.as_str().to_owned())
        .bind(new.email.key())
        .bind(new.name.to_owned())
        .bind(new.locale.map(String::from))
        .bind(search_key(new.name, ""))
        .bind(now.0)
        .bind(now.0)
        .execute(&mut **transaction)
        .await?;
    let row = by(db, "email_key").bind(new.email.key()).fetch_one(&mut **transaction).await?;
    let person = Person::read(&row)?;
    let made = person.id == id;
    Ok((person, made))
}

/// Makes a read-only guest.
///
/// # Errors
/// When the database refuses.
pub async fn create_guest(
    db: &Db,
    transaction: &mut Transaction,
    now: Timestamp,
    random: &Random,
) -> Result<PersonId, DbError> {
    let id = PersonId::new(now, random);
    let name = "Guest";
    db.query(
        "INSERT INTO people (id, kind, name, affiliation, about, languages, search_key,
                             created_at, updated_at)
         VALUES (?, 'guest', ?, '', '', '[]', ?, ?, ?)",
    )
    .bind(id.bytes())
    .bind(name)
    .bind(search_key(name, ""))
    .bind(now.0)
    .bind(now.0)
    .execute(&mut **transaction)
    .await?;
    Ok(id)
}

/// Removes accounts of which nothing is left: guests who are gone, and people who never confirmed
/// their address and are neither registered nor named anywhere.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    let statement = db
        .query(
            "DELETE FROM people WHERE created_at <= ?
             AND NOT EXISTS (SELECT 1 FROM sign_ins s WHERE s.person_id = people.id)
             AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.person_id = people.id)
             AND NOT EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = people.id)
             AND NOT EXISTS (SELECT 1 FROM speakers k WHERE k.person_id = people.id)
             AND NOT EXISTS (SELECT 1 FROM role_invitations i WHERE i.email_key = people.email_key)
             AND (kind = 'guest' OR (email_confirmed_at IS NULL AND password_hash IS NULL))",
        )
        .bind(now.before(KEPT).0);
    db.run(statement).await?;
    Ok(())
}
