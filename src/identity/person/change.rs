//! Changing accounts.

use super::{Person, store};
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Transaction};
use crate::text::{About, Affiliation, Locale, PersonName};

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

impl ProfileChange {
    /// Whether it changes anything that others see.
    pub fn is_shown(&self) -> bool {
        let Self { name, affiliation, about, languages, locale: _ } = self;
        name.is_some() || affiliation.is_some() || about.is_some() || languages.is_some()
    }
}

/// Changes the profile, as part of a transaction.
///
/// # Errors
/// When the database refuses.
pub async fn change_profile(
    db: &Db,
    transaction: &mut Transaction,
    person: &Person,
    change: ProfileChange,
    now: Timestamp,
) -> Result<(), DbError> {
    let before = person.clone();
    let languages = change.languages.map(|tags| tags.into_iter().map(String::from).collect());
    let after = Person {
        name: change.name.map_or(before.name, String::from),
        affiliation: change.affiliation.map_or(before.affiliation, String::from),
        about: change.about.map_or(before.about, String::from),
        languages: languages.unwrap_or(before.languages),
        locale: change.locale.or(before.locale),
        ..before
    };
    store::set_profile(db, transaction, &after, now).await
}
