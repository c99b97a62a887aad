//! Mailed codes: six digits that do what the link beside them does, for people who read their mail
//! on one device and want to sign in on another.
//!
//! Six digits can be guessed, so a code is only good together with the secret that the browser got
//! which asked for the mail, for few tries, and few a day for one mailbox. Who asks for an address
//! that nothing is mailed to gets a secret, too: with it every code is wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::{DbError, Transaction};
use crate::id::MailTokenId;
use crate::text::{EmailAddress, TextError};

use super::Identity;
use super::code_store;
use super::sign_in::{Hash, hash};
use super::token::Key;

pub use super::code_store::sweep;

/// How long a code is valid.
pub const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How many codes may be tried after one request.
pub const MAX_TRIES: i64 = 5;
/// How many codes may be tried for one mailbox within [`COUNTED_FOR`].
const MAX_TRIES_PER_MAILBOX: i64 = 20;
/// How long a try counts against the mailbox.
pub(super) const COUNTED_FOR: Duration = Duration::from_secs(24 * 3_600);

/// A code as somebody types it: six digits, however they are grouped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "123 456")]
pub struct Code(String);

impl TryFrom<String> for Code {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let bare = text.replace(|c: char| c.is_whitespace() || c == '-', "");
        if bare.len() == 6 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(bare))
        } else {
            Err(TextError::new("it must be the six digits in the mail"))
        }
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Code(…)")
    }
}

/// A code that was issued.
pub(super) struct Issued {
    /// The secret of the browser that asked; it never stands in the mail.
    pub(super) request: String,
    /// What is mailed, in two groups.
    pub(super) code: String,
}

/// What a browser gets that asked for an address to which nothing of use is mailed.
///
/// # Errors
/// When the database refuses.
pub async fn useless_request(
    identity: &Identity,
    transaction: &mut Transaction,
    email: &EmailAddress,
) -> Result<String, DbError> {
    Ok(issue(identity, transaction, email, None).await?.request)
}

/// Issues a code for a token; without one, a code that is never right.
pub(super) async fn issue(
    identity: &Identity,
    transaction: &mut Transaction,
    email: &EmailAddress,
    token: Option<MailTokenId>,
) -> Result<Issued, DbError> {
    let Identity { db, clock, random, .. } = identity;
    let request = random.secret();
    let number = random.below(1_000_000);
    let code = Code(format!("{number:06}"));
    let new = code_store::NewCode {
        request: hash(&request),
        code: code.hash(&request),
        email_key: email.key(),
        token,
    };
    code_store::insert(db, transaction, new, clock.now().after(LIFETIME)).await?;
    let (first, last) = code.0.split_at(3);
    Ok(Issued { request, code: format!("{first} {last}") })
}

impl Code {
    /// The stored form: with the browser's secret, as six digits alone would be found by trying.
    fn hash(&self, request: &str) -> Hash {
        hash(&format!("{request} {}", self.0))
    }
}

/// Why a code was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum NotAccepted {
    /// It is another one.
    #[error("the code is wrong")]
    Wrong,
    /// There was no such request, it was too long ago, or enough codes were tried.
    #[error("the code is no longer valid")]
    Spent,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The token that the code stands for. Each try is counted, whatever becomes of it.
///
/// # Errors
/// See [`NotAccepted`].
pub async fn accept(identity: &Identity, request: &str, code: &Code) -> Result<Key, NotAccepted> {
    let (db, now) = (&identity.db, identity.clock.now());
    let key = hash(request);
    let tried = code_store::count_try(db, &key, MAX_TRIES, now).await?;
    let tried = tried.ok_or(NotAccepted::Spent)?;
    let for_mailbox = code_store::tries(db, &tried.email_key, now).await?;
    if for_mailbox > MAX_TRIES_PER_MAILBOX {
        return Err(NotAccepted::Spent);
    }
    if tried.code == code.hash(request) {
        return tried.token.map(Key::Code).ok_or(NotAccepted::Wrong);
    }
    Err(if tried.tries < MAX_TRIES { NotAccepted::Wrong } else { NotAccepted::Spent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_however_they_are_grouped() {
        for text in ["123456", " 123 456\n", "123-456", "12\u{a0}34 56"] {
            assert_eq!(Code::try_from(text.to_owned()).map(String::from), Ok("123456".to_owned()));
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(Code::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_is_stored_for_one_request_only() {
        let code = Code::try_from("123456".to_owned()).expect("a code");
        assert_eq!(code.hash("one"), code.hash("one"));
        assert_ne!(code.hash("one"), code.hash("two"));
        assert!(!format!("{code:?}").contains('1'));
    }
}
