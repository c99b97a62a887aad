//! Accounts as tables of people describe them, many in one statement.

use crate::clock::Timestamp;
use crate::db::dialect::value_groups;
use crate::db::{Db, DbError, Transaction, to_json};
use crate::id::PersonId;
use crate::identity::person::{ImportedAccount, search_key};

/// How many rows one statement inserts.
const ROWS: usize = 200;

/// Makes these accounts; nobody may have one of their addresses yet.
///
/// # Errors
/// When the database refuses.
pub async fn import(
    db: &Db,
    transaction: &mut Transaction,
    accounts: &[(PersonId, &ImportedAccount)],
    now: Timestamp,
) -> Result<(), DbError> {
    for some in accounts.chunks(ROWS) {
        let text = format!(
            "INSERT INTO people (id, kind, email, email_key, name, affiliation, about, languages,
                                 locale, search_key, created_at, updated_at) VALUES {}",
            value_groups(some.len(), 12)
        );
        let mut statement = db.query_built(text);
        for (id, account) in some {
            let email = account.email.as_ref();
            statement = statement
                .bind(id.bytes())
                .bind("person")
                .bind(email.map(|email| email.as_str().to_owned()))
                .bind(email.map(|email| email.key()))
                .bind(account.name.clone())
                .bind(account.affiliation.clone())
                .bind("")
                .bind(to_json(&account.languages)?)
                .bind(account.locale.clone())
                .bind(search_key(&account.name, &account.affiliation))
                .bind(now.0)
                .bind(now.0);
        }
        statement.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Changes an account to what a table says of it; what people say about themselves stays. A new
/// address is not proved to be theirs.
///
/// # Errors
/// When the database refuses.
pub async fn change_imported(
    db: &Db,
    transaction: &mut Transaction,
    person: PersonId,
    account: &ImportedAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    if let Some(email) = &account.email {
        db.query(
            "UPDATE people SET email = ?, email_key = ?, email_confirmed_at = NULL WHERE id = ?",
        )
        .bind(email.as_str().to_owned())
        .bind(email.key())
        .bind(person.bytes())
        .execute(&mut **transaction)
        .await?;
    }
    db.query(
        "UPDATE people SET name = ?, affiliation = ?, languages = ?, locale = ?, search_key = ?,
                           updated_at = ?
         WHERE id = ?",
    )
    .bind(account.name.clone())
    .bind(account.affiliation.clone())
    .bind(to_json(&account.languages)?)
    .bind(account.locale.clone())
    .bind(search_key(&account.name, &account.affiliation))
    .bind(now.0)
    .bind(person.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
