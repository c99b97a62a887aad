//! People over REST.

mod account;
mod directory;
mod email;
mod held;
mod invitations;
mod mailed;
mod password;
mod picture;
mod registration;
mod registrations;
mod roles;
mod sign_in;
mod sign_in_list;
mod ticket;
mod transfer;

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::core::Core;
use crate::http::address::ClientAddress;
use crate::http::even::evenly;
use crate::http::extract::MaybeSignedIn;
use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::identity::actor;
use crate::identity::password::PasswordError;
use crate::identity::person::{self, Person};
use crate::identity::reauthentication::{self, Doubt};
use crate::identity::redeem::{Bearer, Mailed};
use crate::identity::sign_in::{self as sign_ins, Admitted, Client, SignIn};
use crate::permission::{Actor, Operation, Target};

use super::People;
use super::me::{self, Me};
use super::shown;

/// The routes that strangers ask with an address, which must not tell whether it is known.
fn discreet() -> OpenApiRouter<People> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::request_link))
        .routes(routes!(sign_in::by_password))
        .routes(routes!(password::request_reset))
        .routes(routes!(registrations::list, registration::register))
        .layer(middleware::from_fn(evenly))
}

/// The routes of people.
pub fn router() -> OpenApiRouter<People> {
    discreet()
        .routes(routes!(sign_in::current))
        .routes(routes!(mailed::look_at))
        .routes(routes!(sign_in::redeem_link))
        .routes(routes!(sign_in::as_guest))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sign_in_list::list))
        .routes(routes!(sign_in_list::end))
        .routes(routes!(account::read, account::change))
        .routes(routes!(password::change))
        .routes(routes!(password::redeem_reset))
        .routes(routes!(email::change))
        .routes(routes!(picture::change, picture::remove))
        .routes(routes!(email::confirm))
        .routes(routes!(ticket::issue))
        .routes(routes!(registrations::cancel))
        .routes(routes!(registrations::reinstate))
        .routes(routes!(held::list))
        .routes(routes!(held::admit))
        .routes(routes!(held::turn_away))
        .routes(routes!(registration::read, registration::change, registration::cancel))
        .routes(routes!(directory::list))
        .routes(routes!(directory::read))
        .routes(routes!(roles::list, roles::grant))
        .routes(routes!(roles::revoke))
        .routes(routes!(invitations::list))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(invitations::own))
        .routes(routes!(invitations::accept))
        .routes(routes!(invitations::decline))
        .routes(routes!(transfer::import))
        .routes(routes!(transfer::export))
}

/// A client that signs in: the browser, and its present sign-in.
struct Visitor {
    limits: Arc<Limits>,
    client: Client,
    address: ClientAddress,
    before: Option<SignIn>,
}

impl Visitor {
    /// Counts the attempt against the rate limit.
    fn may_sign_in(&self, core: &Core) -> Result<(), Problem> {
        Actor::default().may(Operation::SignIn, Target::EVENT, core.clock.now())?;
        self.limits.address(self.address)
    }

    /// The network address for which something that takes long is done.
    fn asker(&self) -> IpAddr {
        self.address.limit_key()
    }

    /// What was mailed and is brought back; counts the attempt, and that of a code twice.
    fn may_redeem(&self, core: &Core, request: &mailed::Redemption) -> Result<Mailed, Problem> {
        self.may_sign_in(core)?;
        let mailed = request.mailed()?;
        if matches!(mailed, Mailed::Code { .. }) {
            self.limits.code(self.address)?;
        }
        Ok(mailed)
    }

    /// This browser, for whom brings back a mail; `replace` as for [`Bearer`].
    fn bearer(&self, replace: bool) -> Bearer<'_> {
        Bearer { client: &self.client, present: self.before, replace }
    }

    /// Answers with the account, and the cookie unless the browser keeps the one it has. Its previous
    /// sign-in ends.
    async fn enter(&self, core: &Core, admitted: impl Into<Admitted>) -> Result<Response, Problem> {
        let Admitted { sign_in, secret, next } = admitted.into();
        let me = me::read(core, sign_in).await?.ok_or_else(Problem::internal)?;
        let me = Json(Me { next, ..me });
        let Some(secret) = secret else { return Ok(me.into_response()) };
        if let Some(before) = self.before {
            sign_ins::end(&core.identity, before.person, before.id).await?;
        }
        let cookie = sign_ins::cookie(&secret, core.settings.addresses.is_secure());
        Ok((set_cookie(cookie), me).into_response())
    }
}

impl FromRequestParts<People> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &People) -> Result<Self, Problem> {
        let Ok(address) = ClientAddress::from_request_parts(parts, state)
            .await
            .map_err(|never: Infallible| match never {});
        let MaybeSignedIn(before) = MaybeSignedIn::from_request_parts(parts, state).await?;
        let user_agent = parts.headers.get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let user_agent = user_agent.chars().take(300).collect();
        let client = Client { user_agent, address: address.0 };
        Ok(Self { limits: Arc::clone(&state.limits), client, address, before })
    }
}

fn set_cookie(line: String) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, line)]
}

/// The account behind a sign-in, for somebody who may change their own account. Guests have none.
async fn own_account(core: &Core, sign_in: SignIn) -> Result<Person, Problem> {
    let actor = actor::outside(&core.identity, Some(sign_in)).await?;
    actor.may(Operation::AccountChange, Target::EVENT, core.clock.now())?;
    let person = person::find(&core.db, sign_in.person).await?;
    person.filter(|person| !person.guest).ok_or_else(|| {
        Problem::new("permission.denied", "Guests have no account. Register to get one.")
    })
}

/// The same for somebody who changes what others see of them.
async fn own_shown_account(core: &Core, sign_in: SignIn) -> Result<Person, Problem> {
    let person = own_account(core, sign_in).await?;
    shown::check(core, person.id).await?;
    Ok(person)
}

/// Lets through who shows once more that it is them; see [`reauthentication`].
async fn reauthenticate(
    core: &Core,
    limits: &Limits,
    address: ClientAddress,
    sign_in: SignIn,
    person: &Person,
    current: Option<&str>,
) -> Result<(), Problem> {
    if current.is_some() {
        limits.password(&person.mail_address().map(|email| email.key()).unwrap_or_default())?;
    }
    Ok(reauthentication::reauthenticate(
        &core.identity,
        address.limit_key(),
        sign_in,
        person,
        current,
    )
    .await?)
}

impl From<Doubt> for Problem {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::Password => Self::invalid("current", "This is not your current password."),
            Doubt::NotFresh => Self::new(
                "sign_in.not_fresh",
                "Show first that it is you: sign in again by a link or code that we mail to you. You \
                 then have 15 minutes.",
            ),
            Doubt::Unverified(error) => error.into(),
            Doubt::Database(error) => error.into(),
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => {
                let problem = Self::new("server.busy", error.to_string());
                Self { retry_after_ms: Some(2_000), ..problem }
            }
            PasswordError::Failed => {
                tracing::error!(%error, "a request failed at a password");
                Self::internal()
            }
        }
    }
}
