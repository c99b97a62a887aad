//! What was mailed: looking at a link, and bringing it or its code back.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::Core;
use crate::http::extract::Body;
use crate::http::problem::Problem;
use crate::identity::code::Code;
use crate::identity::redeem::{Mailed, NotRedeemed};
use crate::people::mailed_link::{self, MailedLink};
use crate::protocol::ProblemDetail;

use super::Visitor;

/// A mail is on its way, or would be if the address were known.
#[derive(Serialize, ToSchema)]
pub(super) struct MailRequested {
    /// Belongs to the code in the mail: only with it, on the browser that asked, is the code good.
    pub(super) request: String,
}

/// Looks at a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkToken {
    /// What follows `#token=` in the link.
    token: String,
}

/// What a mailed link would do, and for whom. It stays as good as it was: mail scanners follow links,
/// too.
#[utoipa::path(
    post, path = "/mailed-link",
    operation_id = "look_at_mailed_link", tag = "sign-in", request_body = LinkToken,
    responses((status = 200, body = MailedLink), (status = 410, body = Problem))
)]
pub(super) async fn look_at(
    State(core): State<Core>,
    visitor: Visitor,
    Body(request): Body<LinkToken>,
) -> Result<Json<MailedLink>, Problem> {
    visitor.may_sign_in(&core)?;
    let link = mailed_link::look_at(&core, &request.token, visitor.before).await?;
    link.map(Json).ok_or_else(used_link)
}

/// Brings back what was mailed: the link's token, or the code together with what was answered when
/// the mail was asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Redemption {
    /// What follows `#token=` in the link.
    token: Option<String>,
    /// The answer to who asked for the mail.
    request: Option<String>,
    /// The six digits in the mail.
    code: Option<Code>,
    /// Whether somebody else who is signed in on this browser is signed out.
    #[serde(default)]
    pub(super) replace: bool,
}

impl Redemption {
    pub(super) fn mailed(&self) -> Result<Mailed, Problem> {
        match (&self.token, &self.request, &self.code) {
            (Some(token), None, None) => Ok(Mailed::Link(token.clone())),
            (None, Some(request), Some(code)) => {
                Ok(Mailed::Code { request: request.clone(), code: code.clone() })
            }
            (None, Some(_), None) => Err(missing("code")),
            (None, None, Some(_)) => Err(missing("request")),
            (None, None, None) => Err(missing("token")),
            (Some(_), ..) => {
                Err(Problem::invalid("token", "Send the link's token or the code, not both."))
            }
        }
    }
}

fn missing(field: &str) -> Problem {
    Problem::invalid_fields(vec![ProblemDetail::missing(field)])
}

/// A link that is no longer good.
pub(super) fn used_link() -> Problem {
    Problem::new(
        "sign_in.link_used",
        "This link has already been used or has expired. Request a new one.",
    )
}

impl From<NotRedeemed> for Problem {
    fn from(error: NotRedeemed) -> Self {
        match error {
            NotRedeemed::Used => used_link(),
            NotRedeemed::WrongCode => Problem::new(
                "sign_in.code_wrong",
                "This is not the code in the newest mail. Check the six digits.",
            )
            .about("code"),
            NotRedeemed::SpentCode => Problem::new(
                "sign_in.code_spent",
                "This code is no longer valid. Use the link in the mail, or ask for a new mail.",
            )
            .about("code"),
            NotRedeemed::SomebodyElse => Problem::new(
                "sign_in.somebody_else",
                "Somebody else is signed in on this browser. Nothing has changed.",
            ),
            NotRedeemed::Taken => Problem::new(
                "email.taken",
                "Another account uses this address. Sign in to that one instead.",
            )
            .about("email"),
            NotRedeemed::Database(error) => error.into(),
        }
    }
}
