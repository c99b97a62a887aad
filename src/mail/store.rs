//! The outbox table.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::MailId;
use crate::random::Random;
use crate::text::EmailAddress;

use super::letter::Writing;

/// How long sending a mail without an expiry is retried.
const RETRIED_FOR: Duration = Duration::from_secs(2 * 24 * 3_600);
/// How long the outcome of a mail is kept, for the operator.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// How long a worker holds the mails it took; afterwards another may take them.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// The delay after the first failure; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_secs(30);
/// The maximum delay between two attempts.
const MAX_DELAY: Duration = Duration::from_secs(4 * 3_600);

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The recipient.
    pub recipient: &'a EmailAddress,
    /// What it says.
    pub writing: Writing,
    /// How long it is useful, for mails with links that expire.
    pub useful_for: Option<Duration>,
}

/// A mail that a worker has taken.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) id: MailId,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) attempts: u32,
    pub(super) give_up_at: Timestamp,
}

/// Puts a mail into the outbox.
///
/// # Errors
/// When the database refuses.
pub async fn queue(
    db: &Db,
    transaction: &mut Transaction,
    envelope: Envelope<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO mails (id, recipient, subject, body, created_at, attempts, next_attempt_at,
                            give_up_at)
         VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
    )
    .bind(MailId::new(now, random).bytes())
    .bind(envelope.recipient.for_mail())
    .bind(envelope.writing.subject)
    .bind(envelope.writing.body)
    .bind(now.0)
    .bind(now.0)
    .bind(now.after(envelope.useful_for.unwrap_or(RETRIED_FOR)).0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Takes up to `limit` mails that are due, so that no other worker takes them.
pub(super) async fn take(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Taken>, DbError> {
    let statement = db
        .query(
            "SELECT id, recipient, subject, body, attempts, next_attempt_at, give_up_at
             FROM mails WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?",
        )
        .bind(now.0)
        .bind(i64::from(limit));
    let mut taken = Vec::new();
    for row in db.all(statement).await? {
        let id = MailId(row.uuid("id")?);
        // Whoever updates the time that was read has the mail.
        let claim = db
            .query("UPDATE mails SET next_attempt_at = ? WHERE id = ? AND next_attempt_at = ?")
            .bind(now.after(LEASE).0)
            .bind(id.bytes())
            .bind(row.number("next_attempt_at")?);
        if db.run(claim).await? == 1 {
            taken.push(Taken {
                id,
                recipient: row.text("recipient")?,
                subject: row.text("subject")?,
                body: row.text("body")?,
                attempts: u32::try_from(row.count("attempts")?).unwrap_or(u32::MAX),
                give_up_at: row.time("give_up_at")?,
            });
        }
    }
    Ok(taken)
}

/// Records that a mail was sent, and deletes its text, which may contain a sign-in link.
pub(super) async fn sent(db: &Db, id: MailId, now: Timestamp) -> Result<(), DbError> {
    let statement = db
        .query(
            "UPDATE mails SET sent_at = ?, next_attempt_at = NULL, body = '', last_error = NULL
             WHERE id = ?",
        )
        .bind(now.0)
        .bind(id.bytes());
    db.run(statement).await?;
    Ok(())
}

/// Records a failed attempt; without a next time the mail is given up.
pub(super) async fn failed(
    db: &Db,
    mail: &Taken,
    error: String,
    next: Option<Timestamp>,
) -> Result<(), DbError> {
    let text = if next.is_some() {
        "UPDATE mails SET attempts = attempts + 1, last_error = ?, next_attempt_at = ?
         WHERE id = ?"
    } else {
        "UPDATE mails SET attempts = attempts + 1, last_error = ?, next_attempt_at = ?, body = ''
         WHERE id = ?"
    };
    let statement = db.query(text).bind(error).bind(next.map(|next| next.0)).bind(mail.id.bytes());
    db.run(statement).await?;
    Ok(())
}

/// When to retry after `attempts` failures, if there is still time: each delay is twice the one
/// before, with half of it as jitter, so that many mails are not retried at once.
pub(super) fn next_attempt(
    attempts: u32,
    now: Timestamp,
    give_up_at: Timestamp,
    random: &Random,
) -> Option<Timestamp> {
    let delay = FIRST_DELAY.saturating_mul(1 << attempts.min(12)).min(MAX_DELAY);
    let half = u64::try_from(delay.as_millis() / 2).unwrap_or(u64::MAX);
    let next = now.after(Duration::from_millis(half + random.below(half + 1)));
    (next < give_up_at).then_some(next)
}

/// Removes old outcomes.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    let statement = db
        .query("DELETE FROM mails WHERE next_attempt_at IS NULL AND created_at <= ?")
        .bind(now.before(KEPT).0);
    db.run(statement).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_and_end_with_the_use_of_the_mail() {
        let random = Random::seeded(7);
        let end = Timestamp(0).after(RETRIED_FOR);
        let delay = |attempts| next_attempt(attempts, Timestamp(0), end, &random).unwrap().0;
        assert!((15_000..=30_000).contains(&delay(0)));
        assert!((60_000..=120_000).contains(&delay(2)));
        assert!((7_200_000..=14_400_000).contains(&delay(40)));
        assert_eq!(next_attempt(40, Timestamp(end.0 - 1), end, &random), None);
    }
}
