//! A person's own registration for an event.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, InEvent};
use crate::http::problem::Problem;
use crate::id::TicketTypeId;
use crate::identity::person::{Person, ProfileChange};
use crate::identity::refresh_appearance;
use crate::people::registration::{
    self, Accepted, Answer, Answers, Refused, Registration, Request, Stranger, WrongField,
};
use crate::people::shown;
use crate::permission::{Operation, Target};
use crate::protocol::ProblemDetail;
use crate::text::Locale;
use crate::text::{EmailAddress, PersonName};

use super::Visitor;
use super::mailed::MailRequested;

/// What is filled in to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistrationRequest {
    /// Required of strangers.
    email: Option<EmailAddress>,
    /// Required of strangers.
    name: Option<PersonName>,
    /// Required where the event has tickets.
    ticket_type: Option<TicketTypeId>,
    /// The answers to the form's questions, by their keys.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Answer>)]
    answers: Answers,
    /// Whether the event's terms are agreed to.
    #[serde(default)]
    consent: bool,
    /// Whether others find the person in the directory; they do not unless this says so.
    listed: Option<bool>,
    /// The language in which to speak to the person.
    locale: Option<Locale>,
}

/// Registers. Whoever is signed in is registered at once; a stranger gets a link and a code by mail, and
/// whether the address is known makes no difference to the answer.
#[utoipa::path(
    post, path = "/events/{slug}/registrations", tag = "registration",
    params(("slug" = String, Path)), request_body = RegistrationRequest,
    responses(
        (status = 201, body = Registration), (status = 202, body = MailRequested),
        (status = 409, body = Problem), (status = 422, body = Problem)
    )
)]
pub(super) async fn register(
    State(core): State<Core>,
    in_event: InEvent,
    visitor: Visitor,
    Body(request): Body<RegistrationRequest>,
) -> Result<Response, Problem> {
    in_event.may(Operation::Register, Target::EVENT)?;
    visitor.limits.address(visitor.address)?;
    let filled_in = Request {
        ticket_type: request.ticket_type,
        answers: request.answers.clone(),
        consent: request.consent,
        listed: request.listed.unwrap_or(false),
    };
    let who = match visitor.before.filter(|sign_in| !sign_in.guest) {
        Some(sign_in) => {
            let person = super::own_account(&core, sign_in).await?;
            check_own_address(&person, request.email.as_ref())?;
            Ok(Who::Person(Box::new(person)))
        }
        None => {
            let (email, name) = (request.email.clone(), request.name.clone());
            Stranger::new(email, name, request.locale.clone()).map(Who::Stranger)
        }
    };
    let wrong = who.as_ref().err().cloned().unwrap_or_default();
    let held = match &who {
        Ok(Who::Person(person)) => registration::held_by(&core, &in_event.event, person.id).await?,
        _ => None,
    };
    let accepted = registration::check(&core, &in_event.event, filled_in, held, wrong).await;
    match (&accepted, &who) {
        (Err(Refused::SoldOut), Ok(Who::Stranger(stranger))) => {
            return Err(sold_out_to_stranger(&core, &visitor, &in_event, &stranger.email).await?);
        }
        // Perhaps to the first click of the same person, a moment ago.
        (Err(Refused::SoldOut), Ok(Who::Person(person))) => {
            registration::held_by(&core, &in_event.event, person.id).await?;
        }
        _ => {}
    }
    let (accepted, who) = (accepted?, who.map_err(Refused::Fields)?);
    match who {
        Who::Person(person) => {
            let made = register_person(&core, &in_event, &person, request, accepted).await?;
            Ok((StatusCode::CREATED, Json(made)).into_response())
        }
        Who::Stranger(stranger) => {
            visitor.limits.mail(&stranger.email)?;
            let event = &in_event.event;
            let request = registration::of_stranger(&core, event, stranger, accepted).await?;
            Ok((StatusCode::ACCEPTED, Json(MailRequested { request })).into_response())
        }
    }
}

enum Who {
    Person(Box<Person>),
    Stranger(Stranger),
}

/// Perhaps one of the tickets is theirs, and the mail with the link was lost. The answer is the same
/// for everybody.
async fn sold_out_to_stranger(
    core: &Core,
    visitor: &Visitor,
    in_event: &InEvent,
    email: &EmailAddress,
) -> Result<Problem, Problem> {
    visitor.limits.mail(email)?;
    registration::ask_again(core, &in_event.event, email).await?;
    let detail = "This ticket is sold out. If you have one already, or one waits for you to \
                  confirm it, we have just mailed you.";
    Ok(Problem { detail: detail.to_owned(), ..Refused::SoldOut.into() })
}

/// Whoever is signed in registers their own address.
fn check_own_address(person: &Person, typed: Option<&EmailAddress>) -> Result<(), Problem> {
    let own = person.mail_address().map(|email| email.key());
    if typed.is_some_and(|email| Some(email.key()) != own) {
        let detail = "You are signed in with another address. Sign out to register this one.";
        return Err(Problem::invalid("email", detail));
    }
    Ok(())
}

async fn register_person(
    core: &Core,
    in_event: &InEvent,
    person: &Person,
    request: RegistrationRequest,
    accepted: Accepted,
) -> Result<Registration, Problem> {
    let made = registration::of_person(core, &in_event.event, person, accepted).await?;
    if request.name.is_some() {
        let change = ProfileChange { name: request.name, ..ProfileChange::default() };
        shown::change_profile(core, person, change).await?;
        refresh_appearance(&core.identity, person.id).await?;
    }
    Ok(made)
}

/// The person's own registration.
#[utoipa::path(
    get, path = "/events/{slug}/registration",
    operation_id = "get_own_registration", tag = "registration",
    params(("slug" = String, Path)),
    responses((status = 200, body = Registration), (status = 404, body = Problem))
)]
pub(super) async fn read(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<Json<Registration>, Problem> {
    own(&core, &in_event, Operation::RegistrationRead).await.map(Json)
}

/// What to change; what is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistrationChange {
    listed: Option<bool>,
    /// All answers at once.
    #[schema(value_type = Option<std::collections::BTreeMap<String, Answer>>)]
    answers: Option<Answers>,
}

/// Changes the person's own registration.
#[utoipa::path(
    patch, path = "/events/{slug}/registration",
    operation_id = "change_own_registration", tag = "registration",
    params(("slug" = String, Path)), request_body = RegistrationChange,
    responses((status = 200, body = Registration), (status = 422, body = Problem))
)]
pub(super) async fn change(
    State(core): State<Core>,
    in_event: InEvent,
    Body(request): Body<RegistrationChange>,
) -> Result<Json<Registration>, Problem> {
    let before = own(&core, &in_event, Operation::RegistrationChange).await?;
    let whose = (in_event.event.id, in_event.person()?);
    let RegistrationChange { listed, answers } = request;
    if listed.is_some_and(|listed| listed != before.listed) {
        shown::check(&core, whose.1).await?;
    }
    Ok(Json(registration::change(&core, whose, before, answers, listed).await?))
}

/// Cancels the person's own registration. Access ends at once; one can register again.
#[utoipa::path(
    delete, path = "/events/{slug}/registration",
    operation_id = "cancel_own_registration", tag = "registration",
    params(("slug" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
pub(super) async fn cancel(
    State(core): State<Core>,
    in_event: InEvent,
) -> Result<StatusCode, Problem> {
    let own = own(&core, &in_event, Operation::RegistrationChange).await?;
    registration::cancel(&core, &in_event.event, own.id, in_event.person()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn own(
    core: &Core,
    in_event: &InEvent,
    operation: Operation,
) -> Result<Registration, Problem> {
    in_event.may(operation, Target::EVENT)?;
    let found = registration::of(&core.db, in_event.event.id, in_event.person()?).await?;
    found.ok_or_else(|| Problem::not_found("registration"))
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let sentence = refused.to_string();
        match refused {
            Refused::Closed => Self::new("registration.closed", sentence),
            Refused::Already => Self::new("registration.exists", sentence),
            Refused::Held => Self::new("registration.held", sentence),
            Refused::Cancelled => Self::new("registration.cancelled", sentence),
            Refused::NotOnSale => Self::new("ticket.not_on_sale", sentence).about("ticket_type"),
            Refused::SoldOut => Self::new("ticket.sold_out", sentence).about("ticket_type"),
            Refused::Fields(wrong) => {
                let detail = |wrong: WrongField| ProblemDetail::of_field(wrong.field, wrong.why);
                Self::invalid_fields(wrong.into_iter().map(detail).collect())
            }
            Refused::Database(error) => error.into(),
        }
    }
}
