//! What others see of a person: changing it, and who may not.
//!
//! An account is the same in every event. Whoever is under a sanction anywhere must stay
//! recognizable until it ends, or the event is closed. A new name stands in the audit log of every
//! event in which others know the person by the old one.

use serde_json::json;

use super::shown_store;
use crate::audit::{self, Entry};
use crate::core::Core;
use crate::db::DbError;
use crate::id::PersonId;
use crate::identity::person::{self, Person, ProfileChange};
use crate::permission::{Operation, SanctionKind};
use crate::protocol::Refusal;

/// Lets a person change what others see of them, unless moderators of an event that is not closed
/// have banned them or timed them out, be it in one room.
///
/// # Errors
/// `moderation.unchangeable`, with the time until which it holds; or when the database does not
/// answer.
pub async fn check(core: &Core, person: PersonId) -> Result<(), Refusal> {
    let now = core.clock.now();
    let Some(sanction) = shown_store::sanction_on(&core.db, person, now).await? else {
        return Ok(());
    };
    let done = match sanction.kind {
        SanctionKind::Ban => "banned you",
        SanctionKind::TimeOut => "timed you out",
    };
    let sentence = format!(
        "The moderators of {} have {done}. Until that ends, you cannot change your name or \
         anything else that others see of you.",
        sanction.event
    );
    Err(Refusal { until: sanction.until, ..Refusal::new("moderation.unchangeable", sentence) })
}

/// Changes a profile, and notes a new name in the audit logs.
///
/// # Errors
/// When the database refuses.
pub async fn change_profile(
    core: &Core,
    person: &Person,
    change: ProfileChange,
) -> Result<(), DbError> {
    let now = core.clock.now();
    let renamed = change.name.clone().map(String::from).filter(|name| *name != person.name);
    let mut transaction = core.db.begin().await?;
    person::change_profile(&core.db, &mut transaction, person, change, now).await?;
    if let Some(name) = renamed {
        for event in shown_store::known_in(&core.db, &mut transaction, person.id).await? {
            let action = Operation::AccountChange.rule().name;
            let entry = Entry {
                person: Some(person.id),
                details: json!({ "before": person.name, "name": name }),
                ..Entry::new(Some(event), Some(person.id), action)
            };
            audit::record(&core.db, &mut transaction, entry, now, &core.random).await?;
        }
    }
    Ok(transaction.commit().await?)
}
