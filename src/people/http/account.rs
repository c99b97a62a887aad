//! A person's own account.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::{Body, SignedIn};
use crate::http::problem::Problem;
use crate::identity::actor;
use crate::identity::person::{MAX_LANGUAGES, ProfileChange};
use crate::identity::sign_in::SignIn;
use crate::people::me::{self, Me};
use crate::people::shown;
use crate::permission::{Denied, Operation, Target};
use crate::text::Locale;
use crate::text::{About, Affiliation, PersonName};

/// The account of whoever is signed in, guests included.
#[utoipa::path(
    get, path = "/me", operation_id = "get_account", tag = "account",
    responses((status = 200, body = Me), (status = 401, body = Problem))
)]
pub(super) async fn read(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
) -> Result<Json<Me>, Problem> {
    let actor = actor::outside(&core.identity, Some(sign_in)).await?;
    actor.may(Operation::AccountRead, Target::EVENT, core.clock.now())?;
    me(&core, sign_in).await
}

/// The account as it is now.
pub(super) async fn me(core: &Core, sign_in: SignIn) -> Result<Json<Me>, Problem> {
    Ok(Json(me::read(core, sign_in).await?.ok_or(Denied::SignIn)?))
}

/// What to change of the profile; what is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileRequest {
    name: Option<PersonName>,
    affiliation: Option<Affiliation>,
    about: Option<About>,
    /// The languages the person speaks, at most ten.
    languages: Option<Vec<Locale>>,
    /// The language in which to speak to the person.
    locale: Option<Locale>,
}

/// Changes the profile. Whoever is banned or timed out in an event changes nothing that others see.
#[utoipa::path(
    patch, path = "/me",
    operation_id = "change_account", tag = "account", request_body = ProfileRequest,
    responses((status = 200, body = Me), (status = 422, body = Problem))
)]
pub(super) async fn change(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    Body(request): Body<ProfileRequest>,
) -> Result<Json<Me>, Problem> {
    let person = super::own_account(&core, sign_in).await?;
    if request.languages.as_ref().is_some_and(|languages| languages.len() > MAX_LANGUAGES) {
        return Err(Problem::invalid("languages", "Name at most ten languages."));
    }
    let ProfileRequest { name, affiliation, about, languages, locale } = request;
    let change = ProfileChange { name, affiliation, about, languages, locale };
    if change.is_shown() {
        shown::check(&core, person.id).await?;
    }
    shown::change_profile(&core, &person, change).await?;
    crate::identity::refresh_appearance(&core.identity, sign_in.person).await?;
    me(&core, sign_in).await
}
