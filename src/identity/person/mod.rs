//! Accounts: the people of this installation, the same in every event.

mod change;

use std::time::Duration;

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Statement, Transaction, from_json};
use crate::id::PersonId;
use crate::random::Random;
use crate::text::{self, Locale};

use crate::text::EmailAddress;

pub use change::{
    ProfileChange, change_profile, confirm_email, set_email, set_password, set_picture,
};

/// An account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// Whether this is a read-only guest, who has no address.
    pub guest: bool,
    /// The address, which may not be confirmed yet.
    pub email: Option<String>,
    /// When the person last proved that the address is theirs.
    pub email_confirmed_at: Option<Timestamp>,
    /// The password's Argon2id hash.
    pub password_hash: Option<String>,
    /// The name they go by.
    pub name: String,
    /// Where they work or study.
    pub affiliation: String,
    /// What they say about themselves.
    pub about: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// The name of the picture's file.
    pub picture: Option<String>,
    /// The language of texts and mails for them.
    pub locale: Option<Locale>,
}

/// After how long an account with nothing left in it is removed.
const ABANDONED_AFTER: Duration = Duration::from_secs(2 * 24 * 3_600);

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

    /// The address of the picture, within this site.
    pub fn picture_path(&self) -> Option<String> {
        self.picture.as_deref().map(picture_path)
    }

    /// The address that mail can be sent to, if there is one.
    pub fn mail_address(&self) -> Option<EmailAddress> {
        self.email.as_deref().and_then(|email| email.parse().ok())
    }
}

/// The address of a picture's file, within this site.
pub fn picture_path(name: &str) -> String {
    format!("/pictures/{name}")
}

/// The key by which the directory searches and sorts.
pub fn search_key(name: &str, affiliation: &str) -> String {
    text::search_key(&format!("{name} {affiliation}"))
}

/// The person with that id, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, id: PersonId) -> Result<Option<Person>, DbError> {
    let statement = by(db, "id").bind(id.bytes());
    db.one(statement).await?.as_ref().map(Person::read).transpose()
}

/// The person with that id, who must exist, as the transaction sees them.
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

/// The person with that address, created if there is none; and whether they were created.
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

/// The person to create if nobody has the address.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// The address.
    pub email: &'a EmailAddress,
    /// The name they go by.
    pub name: &'a str,
    /// The language of texts and mails for them.
    pub locale: Option<Locale>,
}

impl<'a> NewPerson<'a> {
    /// A person of whom only the address is known; they are named by its local part.
    pub fn by_email(email: &'a EmailAddress) -> Self {
        let name = email.as_str().split('@').next().unwrap_or_default();
        Self { email, name, locale: None }
    }
}

/// Creates a read-only guest.
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

/// Removes abandoned accounts: guests who are gone, and people who never confirmed their address
/// and are neither registered nor referred to anywhere.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    const GONE: &str = "created_at <= ?
        AND NOT EXISTS (SELECT 1 FROM sign_ins s WHERE s.person_id = people.id)
        AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.person_id = people.id)
        AND NOT EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = people.id)
        AND NOT EXISTS (SELECT 1 FROM speakers k WHERE k.person_id = people.id)";
    let before = now.before(ABANDONED_AFTER).0;
    // A guest's read pointers go with the guest.
    let pointers = format!(
        "DELETE FROM read_pointers
         WHERE person_id IN (SELECT id FROM people WHERE kind = 'guest' AND {GONE})"
    );
    db.run(db.query_built(pointers).bind(before)).await?;
    let people = format!(
        "DELETE FROM people WHERE {GONE}
         AND (kind = 'guest' OR (email_confirmed_at IS NULL AND password_hash IS NULL))"
    );
    db.run(db.query_built(people).bind(before)).await?;
    Ok(())
}
