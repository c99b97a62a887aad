//! Creating an account for somebody who is named by others, and inviting them.

use crate::core::Core;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::mail::{self, Envelope, Letter};

use crate::identity::link::{event_page, language};
use crate::identity::person::{self, NewPerson};
use crate::text::EmailAddress;

/// The person with that address. If there is none, an account is created and its owner is invited
/// by mail.
///
/// # Errors
/// When the database refuses.
pub async fn ensure(
    core: &Core,
    event: &EventSnapshot,
    email: &EmailAddress,
) -> Result<PersonId, DbError> {
    let now = core.clock.now();
    let mut transaction = core.db.begin().await?;
    let new = NewPerson::by_email(email);
    let (person, made) = person::ensure(&core.db, &mut transaction, new, now, &core.random).await?;
    if made {
        let page = event_page(&core.identity, Some(event));
        let letter = Letter::Invitation { page: &page, event: &event.title };
        let writing = letter.write(language(None, Some(event)));
        let envelope = Envelope { recipient: email, writing, useful_for: None };
        mail::queue(&core.db, &mut transaction, envelope, now, &core.random).await?;
    }
    transaction.commit().await?;
    core.mail.hurry();
    Ok(person.id)
}
