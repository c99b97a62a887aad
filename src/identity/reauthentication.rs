//! Asking who is signed in to show once more that it is them, before they change what decides who may
//! sign in: the address and the password. Else whoever finds a browser that is signed in could keep
//! the account.

use std::net::IpAddr;

use crate::db::DbError;

use super::Identity;
use super::password::PasswordError;
use super::person::Person;
use super::sign_in::{self, SignIn};

/// Why it may be somebody else.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    /// The account has a password, and this is not it, or none was given.
    #[error("the present password is wrong or missing")]
    Password,
    /// The account has no password, and they came in by mail too long ago.
    #[error("the sign-in is not fresh")]
    NotFresh,
    /// The password could not be verified.
    #[error(transparent)]
    Unverified(#[from] PasswordError),
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Lets through who gives the present password, or has just come in by a mailed link or its code.
///
/// # Errors
/// See [`Doubt`].
pub async fn reauthenticate(
    identity: &Identity,
    asker: IpAddr,
    sign_in: SignIn,
    person: &Person,
    password: Option<&str>,
) -> Result<(), Doubt> {
    let has_password = person.password_hash.is_some();
    if let Some(password) = password.filter(|_| has_password) {
        let right =
            identity.passwords.verify(asker, password, person.password_hash.clone()).await?;
        return if right { Ok(()) } else { Err(Doubt::Password) };
    }
    if sign_in::is_fresh(identity, sign_in.id).await? {
        return Ok(());
    }
    Err(if has_password { Doubt::Password } else { Doubt::NotFresh })
}
