//! Sign-ins in the database.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::{Client, Ended, Hash, SignIn};
use crate::clock::Timestamp;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{PersonId, SignInId};

/// A sign-in as its owner sees it in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The sign-in.
    pub id: SignInId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub seen_at: Timestamp,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The network address it began from.
    pub address: String,
}

/// A sign-in as stored in the database.
#[derive(Clone, Debug)]
pub(in crate::identity) struct Found {
    pub(in crate::identity) sign_in: SignIn,
    pub(in crate::identity) seen_at: Timestamp,
    pub(in crate::identity) expires_at: Timestamp,
    pub(in crate::identity) began_at: Timestamp,
}

/// The columns [`Found::read`] needs, of `sign_ins s JOIN people p`.
pub(in crate::identity) const COLUMNS: &str = "s.token_hash, s.id AS sign_in, s.person_id, s.seen_at, s.expires_at, \
     s.created_at AS began_at, p.kind";

impl Found {
    pub(in crate::identity) fn read(row: &AnyRow) -> Result<Self, DbError> {
        let sign_in = SignIn {
            id: SignInId(row.uuid("sign_in")?),
            person: PersonId(row.uuid("person_id")?),
            guest: row.text("kind")? == "guest",
        };
        Ok(Self {
            sign_in,
            seen_at: row.time("seen_at")?,
            expires_at: row.time("expires_at")?,
            began_at: row.time("began_at")?,
        })
    }
}

/// The sign-ins of these hashes, in their order, including expired ones.
pub(super) async fn find(db: &Db, hashes: &[Hash]) -> Result<Vec<Option<Found>>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM sign_ins s JOIN people p ON p.id = s.person_id
         WHERE s.token_hash IN ({})",
        placeholders(hashes.len())
    );
    let statement = db.query_built(text);
    let statement = hashes.iter().fold(statement, |one, hash| one.bind(hash.to_vec()));
    let mut found = HashMap::new();
    for row in db.all(statement).await? {
        found.insert(row.blob("token_hash")?, Found::read(&row)?);
    }
    Ok(hashes.iter().map(|hash| found.get(&hash[..]).cloned()).collect())
}

pub(super) async fn seen(
    db: &Db,
    id: SignInId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let statement = db
        .query("UPDATE sign_ins SET seen_at = ?, expires_at = ? WHERE id = ?")
        .bind(now.0)
        .bind(expires_at.0)
        .bind(id.bytes());
    db.run(statement).await?;
    Ok(())
}

/// A sign-in to be stored.
pub(super) struct NewSignIn {
    pub(super) sign_in: SignIn,
    pub(super) hash: Hash,
    pub(super) expires_at: Timestamp,
    pub(super) fresh_until: Option<Timestamp>,
}

pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    new: NewSignIn,
    client: &Client,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO sign_ins (id, person_id, token_hash, user_agent, address, created_at,
                               seen_at, expires_at, fresh_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(new.sign_in.id.bytes())
    .bind(new.sign_in.person.bytes())
    .bind(new.hash.to_vec())
    .bind(client.user_agent.clone())
    .bind(client.address.to_string())
    .bind(now.0)
    .bind(now.0)
    .bind(new.expires_at.0)
    .bind(new.fresh_until.map(|until| until.0))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Makes a sign-in as good as one that begins now, and returns whether it is still there.
pub(super) async fn renew(
    db: &Db,
    transaction: &mut Transaction,
    id: SignInId,
    now: Timestamp,
    (expires_at, fresh_until): (Timestamp, Timestamp),
) -> Result<bool, DbError> {
    let renewed = db
        .query(
            "UPDATE sign_ins SET created_at = ?, seen_at = ?, expires_at = ?, fresh_until = ?
             WHERE id = ?",
        )
        .bind(now.0)
        .bind(now.0)
        .bind(expires_at.0)
        .bind(fresh_until.0)
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(renewed.rows_affected() > 0)
}

/// Until when its person counts as having come in by mail just now.
pub(super) async fn fresh_until(db: &Db, id: SignInId) -> Result<Option<Timestamp>, DbError> {
    let statement = db.query("SELECT fresh_until FROM sign_ins WHERE id = ?").bind(id.bytes());
    let row = db.one(statement).await?;
    Ok(row.map(|row| row.optional_time("fresh_until")).transpose()?.flatten())
}

/// From now on its person is asked for the password.
///
/// # Errors
/// When the database refuses.
pub async fn no_longer_fresh(
    db: &Db,
    transaction: &mut Transaction,
    id: SignInId,
) -> Result<(), DbError> {
    db.query("UPDATE sign_ins SET fresh_until = NULL WHERE id = ?")
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// All sign-ins of a person, most recently used first.
pub(super) async fn own(
    db: &Db,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Vec<Ended>, DbError> {
    let rows = db
        .query("SELECT id FROM sign_ins WHERE person_id = ? ORDER BY seen_at DESC, id DESC")
        .bind(person.bytes())
        .fetch_all(&mut **transaction)
        .await?;
    rows.iter().map(|row| Ok(Ended { person, sign_in: SignInId(row.uuid("id")?) })).collect()
}

/// Ends these sign-ins and records that they have ended.
pub(super) async fn end(
    db: &Db,
    transaction: &mut Transaction,
    ends: &[Ended],
    now: Timestamp,
) -> Result<(), DbError> {
    if ends.is_empty() {
        return Ok(());
    }
    let text = format!("DELETE FROM sign_ins WHERE id IN ({})", placeholders(ends.len()));
    let statement = db.query_built(text);
    let statement = ends.iter().fold(statement, |one, ended| one.bind(ended.sign_in.bytes()));
    statement.execute(&mut **transaction).await?;
    // Another request may be ending the same one.
    let text = format!(
        "INSERT INTO ended_sign_ins (sign_in_id, person_id, ended_at) VALUES {}{}",
        value_groups(ends.len(), 3),
        db.backend().or_keep("sign_in_id")
    );
    let note = ends.iter().fold(db.query_built(text), |one, ended| {
        one.bind(ended.sign_in.bytes()).bind(ended.person.bytes()).bind(now.0)
    });
    note.execute(&mut **transaction).await?;
    Ok(())
}

/// The sign-ins that have ended since then, on any node.
///
/// # Errors
/// When the database does not answer.
pub async fn ended_since(db: &Db, then: Timestamp) -> Result<Vec<Ended>, DbError> {
    let statement = db
        .query("SELECT sign_in_id, person_id FROM ended_sign_ins WHERE ended_at >= ?")
        .bind(then.0);
    let read = |row: &AnyRow| {
        let sign_in = SignInId(row.uuid("sign_in_id")?);
        Ok(Ended { person: PersonId(row.uuid("person_id")?), sign_in })
    };
    db.all(statement).await?.iter().map(read).collect()
}

pub(super) async fn forget_ends(db: &Db, until: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM ended_sign_ins WHERE ended_at <= ?").bind(until.0)).await?;
    Ok(())
}

/// Ends the sign-ins of everyone and returns how many there were. Running hubs have to be
/// restarted, because they keep accepting cached sign-ins.
///
/// # Errors
/// When the database refuses.
pub async fn end_everybodys(db: &Db) -> Result<u64, DbError> {
    db.run(db.query("DELETE FROM sign_ins")).await
}

/// Sign-ins that are over, at most so many: unused for too long, or begun too long ago.
pub(super) async fn expired(
    db: &Db,
    now: Timestamp,
    began_before: Timestamp,
    most: usize,
) -> Result<Vec<Ended>, DbError> {
    let statement = db
        .query(
            "SELECT id, person_id FROM sign_ins WHERE expires_at <= ? OR created_at <= ?
             ORDER BY person_id LIMIT ?",
        )
        .bind(now.0)
        .bind(began_before.0)
        .bind(i64::try_from(most).unwrap_or(i64::MAX));
    let read = |row: &AnyRow| {
        Ok(Ended { person: PersonId(row.uuid("person_id")?), sign_in: SignInId(row.uuid("id")?) })
    };
    db.all(statement).await?.iter().map(read).collect()
}

/// The person's valid sign-ins, most recently used first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(db: &Db, person: PersonId, now: Timestamp) -> Result<Vec<Listed>, DbError> {
    let statement = db
        .query(
            "SELECT id, created_at, seen_at, user_agent, address FROM sign_ins
             WHERE person_id = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC",
        )
        .bind(person.bytes())
        .bind(now.0);
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                id: SignInId(row.uuid("id")?),
                created_at: row.time("created_at")?,
                seen_at: row.time("seen_at")?,
                user_agent: row.text("user_agent")?,
                address: row.text("address")?,
            })
        })
        .collect()
}
