//! Who is signed in: a secret in a cookie, its SHA-256 in the database.

use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::db::{Columns, DbError};
use crate::id::{PersonId, SignInId};

/// A valid sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The sign-in itself.
    pub id: SignInId,
    /// Whose it is.
    pub person: PersonId,
    /// Whether that person is a read-only guest.
    pub guest: bool,
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The cookie's name: bound to the host when the connection is secure.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-plenary" } else { "plenary" }
}

/// The sign-in that this secret belongs to, if it is still valid.
///
/// # Errors
/// When the database does not answer.
pub async fn find(app: &App, secret: &str) -> Result<Option<SignIn>, DbError> {
    let statement = app
        .db
        .query(
            "SELECT s.id, s.person_id, p.kind FROM sign_ins s JOIN people p ON p.id = s.person_id
             WHERE s.token_hash = ? AND s.expires_at > ?",
        )
        .bind(hash(secret))
        .bind(app.clock.now().0);
    let Some(row) = app.db.one(statement).await? else { return Ok(None) };
    Ok(Some(SignIn {
        id: SignInId(row.uuid("id")?),
        person: PersonId(row.uuid("person_id")?),
        guest: row.text("kind")? == "guest",
    }))
}
