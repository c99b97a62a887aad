//! What a mailed link would do, for the page that asks before it is done.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::EventState;
use crate::events::store::{details, ticket_types};
use crate::events::view::EventSummary;
use crate::id::{EventId, TicketTypeId};
use crate::identity::person;
use crate::identity::sign_in::SignIn;
use crate::identity::token::{self, Purpose, Token};
use crate::text::EmailAddress;

use super::registration::{self, Status};

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// It signs in.
    SignIn,
    /// It confirms a registration that waits for it, and signs in.
    ConfirmRegistration,
    /// It gives the account the address it was mailed to, and signs in.
    ConfirmEmail,
    /// It lets its holder choose a new password.
    ResetPassword,
}

/// What a mailed link would do, and for whom.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailedLink {
    /// What it would do.
    pub purpose: LinkPurpose,
    /// The address it was mailed to.
    pub email: String,
    /// The name of the account.
    pub name: String,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// The event it was asked for in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventSummary>,
    /// The name of the ticket of the registration that it would confirm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Whether another account has the address to be confirmed, so that it cannot be.
    pub taken: bool,
    /// Whether somebody else is signed in on this browser, who would be signed out.
    pub somebody_else: bool,
    /// Whether the account's password would be removed: it is confirmed on a browser where the
    /// account is not signed in.
    pub removes_password: bool,
}

/// Looks at the link with this token, which stays as it is; `None` if it was used or has expired.
/// `present` is signed in on the browser.
///
/// # Errors
/// When the database does not answer.
pub async fn look_at(
    core: &Core,
    secret: &str,
    present: Option<SignIn>,
) -> Result<Option<MailedLink>, DbError> {
    let token = token::look_at(&core.db, secret, core.clock.now()).await?;
    let Some(token) = token else { return Ok(None) };
    let Some(person) = person::find(&core.db, token.person).await? else { return Ok(None) };
    let changes_address = token.purpose == Purpose::ConfirmEmail;
    if !changes_address && !token.was_mailed_to(person.mail_address().as_ref()) {
        return Ok(None);
    }
    let taken = changes_address && is_taken(core, &token).await?;
    let present = present.filter(|present| !present.guest);
    let at_home = present.is_some_and(|present| present.person == person.id);
    let (event, ticket, waiting) = match token.event {
        Some(event) => in_event(core, event, &token).await?,
        None => (None, None, false),
    };
    Ok(Some(MailedLink {
        purpose: match token.purpose {
            Purpose::ConfirmEmail => LinkPurpose::ConfirmEmail,
            Purpose::ResetPassword => LinkPurpose::ResetPassword,
            Purpose::SignIn | Purpose::Register if waiting => LinkPurpose::ConfirmRegistration,
            Purpose::SignIn | Purpose::Register => LinkPurpose::SignIn,
        },
        somebody_else: present.is_some() && !at_home,
        removes_password: changes_address && person.password_hash.is_some() && !at_home,
        email: token.email,
        name: person.name,
        expires_at: token.expires_at,
        event,
        ticket,
        taken,
    }))
}

async fn is_taken(core: &Core, token: &Token) -> Result<bool, DbError> {
    let Ok(email) = token.email.parse::<EmailAddress>() else { return Ok(false) };
    let holder = person::find_by_email(&core.db, &email).await?;
    Ok(holder.is_some_and(|holder| holder.id != token.person))
}

/// The event, the ticket, and whether a registration waits in it.
async fn in_event(
    core: &Core,
    event: EventId,
    token: &Token,
) -> Result<(Option<EventSummary>, Option<String>, bool), DbError> {
    let row = details::read(&core.db, event).await?;
    let summary = row.map(|row| row.summary()).filter(|event| event.state != EventState::Draft);
    let own = registration::of(&core.db, event, token.person).await?;
    let waiting = own.filter(|own| own.status == Status::Pending);
    let ticket = match waiting.as_ref().and_then(|waiting| waiting.ticket_type) {
        Some(ticket) => ticket_name(core, event, ticket).await?,
        None => None,
    };
    Ok((summary, ticket, waiting.is_some()))
}

async fn ticket_name(
    core: &Core,
    event: EventId,
    ticket: TicketTypeId,
) -> Result<Option<String>, DbError> {
    let mut types = ticket_types::read(&core.db, event).await?.into_iter();
    Ok(types.find(|one| one.id == ticket).map(|one| one.name))
}
