//! Changing one's own registration.

use super::form::{Answers, check_answers};
use super::{Refused, Registration, store};
use crate::core::Core;
use crate::events::RegistrationForm;
use crate::id::{EventId, PersonId};
use crate::identity::refresh_appearance;

/// Changes what the person may change of their registration: all answers at once, and whether
/// others find them. Fields left out stay as they are.
///
/// # Errors
/// When an answer does not fit, or when the database refuses.
pub async fn change(
    core: &Core,
    (event, person): (EventId, PersonId),
    before: Registration,
    answers: Option<Answers>,
    listed: Option<bool>,
) -> Result<Registration, Refused> {
    let answers = match answers {
        Some(answers) => {
            let form = RegistrationForm::read(&core.db, event).await?;
            check_answers(&form.fields, &answers).map_err(Refused::Fields)?
        }
        None => before.answers.clone(),
    };
    let listed = listed.unwrap_or(before.listed);
    store::change(&core.db, before.id, &answers, listed, core.clock.now()).await?;
    refresh_appearance(&core.identity, person).await?;
    Ok(Registration { answers, listed, ..before })
}
