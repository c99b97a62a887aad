//! Confirming a registration by what was mailed.

use super::held;
use crate::core::Core;
use crate::db::DbError;
use crate::identity::link;
use crate::identity::redeem::{self, Bearer, Mailed, NotRedeemed};
use crate::identity::sign_in::Admitted;

/// Signs in with what was mailed. This proves the mailbox, which confirms a waiting registration, or
/// holds it for the moderators.
///
/// # Errors
/// See [`NotRedeemed`]; the link is then as good as before.
pub async fn redeem(
    core: &Core,
    mailed: &Mailed,
    bearer: Bearer<'_>,
) -> Result<Admitted, NotRedeemed> {
    let key = redeem::key(&core.identity, mailed).await?;
    let mut transaction = core.db.begin().await?;
    let redeemed = link::redeem(&core.identity, &mut transaction, key, bearer).await?;
    let person = redeemed.admitted.sign_in.person;
    if let Some(event) = redeemed.confirms {
        held::confirm(core, &mut transaction, event, person).await?;
    }
    transaction.commit().await.map_err(DbError::from)?;
    redeemed.tell(&core.identity);
    if let Some(event) = redeemed.confirms {
        core.events.joined(event, person);
    }
    Ok(redeemed.admitted)
}
