//! Load tests: signs the made-up people of a test event in, many at a time, so that a load tester
//! can open their sockets the way browsers do; and has each node count something, so that it can
//! measure how soon everybody is shown the sum.
//!
//! Only where the hub was started with `--load-tests`, and only people whose address ends in
//! `.invalid`, which nobody real can have (RFC 2606, section 2): an organizer cannot become
//! somebody else this way.

pub mod http;

use futures_util::FutureExt as _;
use serde_json::json;

use crate::audit;
use crate::config::Settings;
use crate::core::Core;
use crate::db::DbError;
use crate::events::EventSnapshot;
use crate::finding::Finding;
use crate::hub::{Hub, TotalError, TotalKind};
use crate::id::{ChannelId, PersonId};
use crate::identity::person;
use crate::identity::sign_in::{self, Client};
use crate::permission::Operation;
use crate::registry::Registry;
use crate::text::EmailAddress;

/// Adds load tests to the hub.
pub fn register(hub: &mut Registry, core: &Core) {
    hub.routes(http::router(), core.clone());
    hub.total(COUNTED);
    hub.doctor(|settings, _| std::future::ready(finding(settings).into_iter().collect()).boxed());
}

/// A warning where load tests are allowed.
fn finding(settings: &Settings) -> Option<Finding> {
    settings.load_tests.allowed.then(|| {
        Finding::warning(
            "settings",
            "organizers can sign in thousands of made-up people (--load-tests)",
            "Fine for a load test. Remove it before the conference.",
        )
    })
}

/// What an organizer has each node count.
const COUNTED: TotalKind = TotalKind::sum("load_test");

/// How many people are signed in at once.
pub const MAX_SIGN_INS: usize = 1_000;
/// What the addresses of made-up people end in.
const MADE_UP: &str = ".invalid";

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoadTestError {
    /// An address that somebody real could have.
    #[error("{0} could be somebody's address. Those of a load test end in {MADE_UP}.")]
    Real(String),
    /// An address that nobody has.
    #[error("Nobody has the address {0}. Import the people first.")]
    Unknown(String),
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Signs these people in, all or none, and answers with the secrets of their cookies, in the same
/// order.
///
/// # Errors
/// The first address that cannot be signed in.
pub async fn sign_in(
    core: &Core,
    event: &EventSnapshot,
    organizer: Option<PersonId>,
    emails: &[EmailAddress],
    client: &Client,
) -> Result<Vec<String>, LoadTestError> {
    let mut people = Vec::with_capacity(emails.len());
    for email in emails {
        if !email.key().ends_with(MADE_UP) {
            return Err(LoadTestError::Real(email.as_str().to_owned()));
        }
        let person = person::find_by_email(&core.db, email).await?;
        let unknown = || LoadTestError::Unknown(email.as_str().to_owned());
        people.push(person.ok_or_else(unknown)?.id);
    }
    let mut transaction = core.db.begin().await?;
    let mut secrets = Vec::with_capacity(people.len());
    for person in &people {
        let entered =
            sign_in::begin(&core.identity, &mut transaction, *person, false, client).await?;
        secrets.push(entered.secret);
    }
    let entry = audit::Entry {
        details: json!({ "people": people.len() }),
        ..audit::Entry::new(Some(event.id), organizer, Operation::LoadTest.rule().name)
    };
    audit::record(&core.db, &mut transaction, entry, core.clock.now(), &core.random).await?;
    transaction.commit().await.map_err(DbError::from)?;
    Ok(secrets)
}

/// Has this node count so many in a channel; with 0 it counts nothing there any more.
///
/// # Errors
/// When it counts in too many channels.
pub fn count(hub: &Hub, channel: ChannelId, count: u64) -> Result<(), TotalError> {
    if count == 0 {
        hub.clear_sum(channel, COUNTED);
        return Ok(());
    }
    hub.set_sum(channel, COUNTED, count)
}
