//! Accounts: the people of this installation, the same in every event.

mod change;
mod store;

use crate::clock::Timestamp;
use crate::id::PersonId;
use crate::text::{self, EmailAddress, Locale};

pub use change::{ProfileChange, change_profile};
pub use store::{
    change_imported, confirm_email, create_guest, drop_password, ensure, find, find_by_email,
    import, read_in, set_email, set_password, set_picture, sweep,
};

/// How many languages a person may name.
pub const MAX_LANGUAGES: usize = 10;

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

impl Person {
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

/// Who is to be made when nobody has the address.
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

/// What a table of people says of an account.
#[derive(Clone, Debug)]
pub struct ImportedAccount {
    /// The address; nothing when it stays as it is.
    pub email: Option<EmailAddress>,
    /// The name they go by.
    pub name: String,
    /// Where they work or study.
    pub affiliation: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// The language in which to speak to them.
    pub locale: Option<String>,
}
