//! Confirming a registration by the mailed link.

use super::held;
use crate::core::Core;
use crate::db::DbError;
use crate::identity::link;
use crate::identity::sign_in::{Client, Entered};

/// Signs in with a mailed link's token; `None` if it was used or has expired. This proves the
/// mailbox, which confirms a waiting registration, or holds it for the moderators.
///
/// # Errors
/// When the database refuses.
pub async fn redeem_link(
    core: &Core,
    secret: &str,
    client: &Client,
) -> Result<Option<Entered>, DbError> {
    let mut transaction = core.db.begin().await?;
    let redeemed = link::redeem(&core.identity, &mut transaction, secret, client).await?;
    let Some((entered, event)) = redeemed else { return Ok(None) };
    let person = entered.sign_in.person;
    if let Some(event) = event {
        held::confirm(core, &mut transaction, event, person).await?;
    }
    transaction.commit().await?;
    if let Some(event) = event {
        core.events.joined(event, person);
    }
    Ok(Some(entered))
}
