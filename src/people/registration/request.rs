//! Registering.

use crate::core::Core;
use crate::events::{EventSnapshot, EventState, RegistrationForm};
use crate::id::{PersonId, TicketTypeId};
use crate::identity::person::{self, NewPerson, Person};
use crate::mail::Letter;
use crate::text::Locale;
use crate::text::{EmailAddress, PersonName};

use super::form::{Answers, check_answers, check_ticket, chosen_ticket};
use super::held;
use super::letters::{ask_to_confirm, tell, tell_registered};
use super::store::{self, Placed, Stored};
use super::{Refused, Registration, Status, WrongField};

/// What was filled in.
#[derive(Clone, Debug)]
pub struct Request {
    /// The kind of ticket.
    pub ticket_type: Option<TicketTypeId>,
    /// The answers to the form's questions.
    pub answers: Answers,
    /// Whether the event's terms were agreed to.
    pub consent: bool,
    /// Whether others may find the person in the directory.
    pub listed: bool,
}

/// The validated form, with the accepted terms.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub(super) ticket_type: Option<TicketTypeId>,
    pub(super) answers: Answers,
    pub(super) listed: bool,
    /// The version of the terms, if the event has any.
    pub(super) consent_version: Option<u64>,
}

/// The type of the seat that somebody holds until they confirm it, if they do. Whoever has a
/// registration hears of that before anything else, such as that all tickets are taken.
///
/// # Errors
/// See [`Refused`].
pub async fn held_by(
    core: &Core,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Option<TicketTypeId>, Refused> {
    let before = store::stored(&core.db, event.id, person).await?;
    check_renewable(before.as_ref())?;
    let pending = before.map(|before| before.registration);
    let pending = pending.filter(|before| before.status == Status::Pending);
    Ok(pending.and_then(|before| before.ticket_type))
}

fn check_renewable(before: Option<&Stored>) -> Result<(), Refused> {
    match before.map(Stored::standing) {
        Some(Standing::Confirmed) => Err(Refused::Already),
        Some(Standing::CancelledByOthers) => Err(Refused::Cancelled),
        Some(Standing::Held) => Err(Refused::Held),
        Some(Standing::Renewable) | None => Ok(()),
    }
}

/// Checks what was filled in, by somebody who holds a seat of type `held`. Reports it together with
/// what is already `wrong`.
///
/// # Errors
/// See [`Refused`].
pub async fn check(
    core: &Core,
    event: &EventSnapshot,
    request: Request,
    held: Option<TicketTypeId>,
    mut wrong: Vec<WrongField>,
) -> Result<Accepted, Refused> {
    if !event.registration_open || event.state == EventState::Closed {
        return Err(Refused::Closed);
    }
    let form = RegistrationForm::read(&core.db, event.id).await?;
    let ticket = chosen_ticket(&form, request.ticket_type);
    let answers = check_answers(&form.fields, &request.answers);
    let asks = !form.consent_text.is_empty();
    wrong.extend(ticket.as_ref().err().cloned());
    wrong.extend(answers.as_ref().err().into_iter().flatten().cloned());
    if asks && !request.consent {
        wrong.push(WrongField::new("consent", "You have to agree to take part."));
    }
    let (Ok(ticket), Ok(answers), true) = (ticket, answers, wrong.is_empty()) else {
        return Err(Refused::Fields(wrong));
    };
    if let Some(ticket) = ticket {
        check_ticket(ticket, core.clock.now(), held)?;
    }
    Ok(Accepted {
        ticket_type: request.ticket_type,
        answers,
        listed: request.listed,
        consent_version: asks.then_some(form.consent_version),
    })
}

/// Registers somebody who is signed in: at once, or held for the moderators.
///
/// # Errors
/// See [`Refused`]; nothing has changed then.
pub async fn of_person(
    core: &Core,
    event: &EventSnapshot,
    person: &Person,
    accepted: Accepted,
) -> Result<Registration, Refused> {
    let mut transaction = core.db.begin().await?;
    let before = store::lock(&core.db, &mut transaction, event.id, person.id).await?;
    check_renewable(before.as_ref())?;
    let whom = (event.id, person.id);
    let email = person.mail_address();
    let banned = held::banned_owner(core, event.id, person.id, email.as_ref()).await?;
    let placed = banned.map_or(Placed::Confirmed, Placed::Held);
    let made = store::put(core, &mut transaction, whom, before.as_ref(), &accepted, placed).await;
    let made = match made {
        Ok(made) => made,
        Err(refused) => {
            // A row that is not there yet cannot be locked: a second click may have come this far
            // together with the first.
            drop(transaction);
            held_by(core, event, person.id).await?;
            return Err(refused);
        }
    };
    if made.held {
        held::note(core, &mut transaction, event.id, person.id).await?;
    }
    transaction.commit().await.map_err(crate::db::DbError::from)?;
    if !made.held {
        core.events.joined(event.id, person.id);
    }
    Ok(made)
}

/// The effect of an existing registration on a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is confirmed.
    Confirmed,
    /// It is pending, or was cancelled by the person: it can be replaced.
    Renewable,
    /// It waits for the moderators.
    Held,
    /// Organizers cancelled it: only they can reinstate it.
    CancelledByOthers,
}

/// A stranger's details.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// The address; a link is mailed to it.
    pub email: EmailAddress,
    /// The name to go by, if there is no account for the address.
    pub name: PersonName,
    /// The language of texts and mails for them.
    pub locale: Option<Locale>,
}

impl Stranger {
    /// Who somebody says they are.
    ///
    /// # Errors
    /// What of it they have not said.
    pub fn new(
        email: Option<EmailAddress>,
        name: Option<PersonName>,
        locale: Option<Locale>,
    ) -> Result<Self, Vec<WrongField>> {
        match (email, name) {
            (Some(email), Some(name)) => Ok(Self { email, name, locale }),
            (email, name) => {
                let missing = [("email", email.is_none()), ("name", name.is_none())];
                let missing = missing.into_iter().filter(|(_, is_missing)| *is_missing);
                let sentence = |field| format!("The field {field} is missing.");
                Err(missing.map(|(field, _)| WrongField::new(field, sentence(field))).collect())
            }
        }
    }
}

/// Takes a stranger's registration and mails a link and a code, or mails why there is nothing to
/// confirm. Returns what the browser needs beside the code.
///
/// # Errors
/// See [`Refused`]; what depends on the address is never among them.
pub async fn of_stranger(
    core: &Core,
    event: &EventSnapshot,
    stranger: Stranger,
    accepted: Accepted,
) -> Result<String, Refused> {
    let mut transaction = core.db.begin().await?;
    let new = NewPerson {
        email: &stranger.email,
        name: stranger.name.as_str(),
        locale: stranger.locale.clone(),
    };
    let now = core.clock.now();
    let (person, _) = person::ensure(&core.db, &mut transaction, new, now, &core.random).await?;
    let before = store::lock(&core.db, &mut transaction, event.id, person.id).await?;
    let request = match before.as_ref().map(Stored::standing) {
        Some(Standing::Confirmed) => {
            tell_registered(core, &mut transaction, event, &person, &stranger.email).await?
        }
        Some(Standing::CancelledByOthers) => {
            let letter = Letter::RegistrationRefused { event: &event.title };
            tell(core, &mut transaction, event, &person, &stranger.email, letter).await?
        }
        Some(Standing::Held) => {
            let letter = Letter::RegistrationHeld { event: &event.title };
            tell(core, &mut transaction, event, &person, &stranger.email, letter).await?
        }
        Some(Standing::Renewable) | None => {
            let (whom, placed) = ((event.id, person.id), Placed::Pending);
            store::put(core, &mut transaction, whom, before.as_ref(), &accepted, placed).await?;
            ask_to_confirm(core, &mut transaction, event, &person, &stranger.email).await?
        }
    };
    transaction.commit().await.map_err(crate::db::DbError::from)?;
    core.mail.hurry();
    Ok(request)
}

/// Mails the link again to an address with a pending registration, and to one with a confirmed
/// registration that it has one. Only the mailbox learns whether there is any.
///
/// # Errors
/// When the database refuses.
pub async fn ask_again(
    core: &Core,
    event: &EventSnapshot,
    email: &EmailAddress,
) -> Result<(), Refused> {
    let Some(person) = person::find_by_email(&core.db, email).await? else { return Ok(()) };
    let mut transaction = core.db.begin().await?;
    let waiting = store::lock(&core.db, &mut transaction, event.id, person.id).await?;
    match waiting.map(|stored| stored.registration.status) {
        Some(Status::Pending) => {
            ask_to_confirm(core, &mut transaction, event, &person, email).await?;
        }
        Some(Status::Confirmed) => {
            tell_registered(core, &mut transaction, event, &person, email).await?;
        }
        Some(Status::Cancelled) | None => {}
    }
    transaction.commit().await.map_err(crate::db::DbError::from)?;
    core.mail.hurry();
    Ok(())
}
