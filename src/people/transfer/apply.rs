//! Applying an import's plan: one transaction, many rows per statement.

use serde_json::json;

use crate::audit::Entry as AuditEntry;
use crate::core::Core;
use crate::db::{Db, DbError, Transaction};
use crate::events::store::ticket_types;
use crate::events::{EventChange, EventSnapshot, News, Part};
use crate::id::PersonId;
use crate::identity;
use crate::identity::person::{self, ImportedAccount};
use crate::identity::roles::{self, NewGrant, Scope};
use crate::identity::token;
use crate::people::registration;
use crate::permission::Operation;

use super::plan::{self, AccountStep, Entered, RegistrationStep, Step};
use super::store;

/// Applies the steps, and publishes the changes.
pub(super) async fn apply(
    core: &Core,
    event: &EventSnapshot,
    actor: Option<PersonId>,
    steps: &[Step],
) -> Result<(), DbError> {
    let mut change = EventChange::begin(&core.changes, event.id, actor).await?;
    make_accounts(&mut change, &core.db, steps).await?;
    make_registrations(&mut change, &core.db, steps).await?;
    for step in steps {
        if let AccountStep::Change(account) = &step.account {
            change_account(&mut change, &core.db, step.person, account).await?;
        }
        if let RegistrationStep::Change { after, .. } = &step.registration {
            store::update(&core.db, &mut change, after).await?;
        }
        if step.registration.ends() {
            let whose = (event.id, step.person);
            roles::end_with_registration(&core.identity, &mut change.transaction, whose, actor)
                .await?;
        }
        for role in &step.roles {
            let scope = Scope { event: Some(event.id), room: None };
            let new = NewGrant { person: step.person, role: *role, scope };
            roles::grant_in(&core.identity, &mut change.transaction, new, actor).await?;
        }
    }
    count_seats(&core.db, &mut change.transaction, steps).await?;
    let new = steps.iter().filter(|step| step.is_new()).map(|step| step.person).collect();
    registration::hold_banned(core, &mut change, new).await?;
    let entry = change.entry(Operation::ImportPeople.rule().name);
    let created = steps.iter().filter(|step| step.is_new()).count();
    let changed = steps.iter().filter(|step| step.is_change()).count();
    let details = json!({ "created": created, "changed": changed });
    change.record(AuditEntry { details, ..entry }).await?;
    change.commit_telling(news(steps)).await?;
    core.events.imported(event.id);
    Ok(())
}

async fn make_accounts(
    change: &mut EventChange<'_>,
    db: &Db,
    steps: &[Step],
) -> Result<(), DbError> {
    let made: Vec<(PersonId, &ImportedAccount)> = steps
        .iter()
        .filter_map(|step| match &step.account {
            AccountStep::Make(account) => Some((step.person, account)),
            _ => None,
        })
        .collect();
    let (transaction, now) = (&mut change.transaction, change.now);
    person::import(db, transaction, &made, now).await
}

async fn make_registrations(
    change: &mut EventChange<'_>,
    db: &Db,
    steps: &[Step],
) -> Result<(), DbError> {
    let made: Vec<(PersonId, &Entered)> = steps
        .iter()
        .filter_map(|step| match &step.registration {
            RegistrationStep::Make(entered) => Some((step.person, entered)),
            _ => None,
        })
        .collect();
    store::insert(db, change, &made).await
}

async fn change_account(
    change: &mut EventChange<'_>,
    db: &Db,
    person: PersonId,
    account: &ImportedAccount,
) -> Result<(), DbError> {
    let (transaction, now) = (&mut change.transaction, change.now);
    if account.email.is_some() {
        // What was mailed to the old address is no longer valid.
        token::withdraw_all(db, transaction, person).await?;
    }
    person::change_imported(db, transaction, person, account, now).await
}

/// Updates the ticket types' counts. Organizers may exceed a quota.
async fn count_seats(
    db: &Db,
    transaction: &mut Transaction,
    steps: &[Step],
) -> Result<(), DbError> {
    for (ticket_type, seats) in plan::seats(steps).into_iter().filter(|(_, seats)| *seats != 0) {
        ticket_types::count_seats(db, transaction, ticket_type, seats).await?;
    }
    Ok(())
}

/// The changes for open sockets: of people who gain or lose access, and of those with a new role.
fn news(steps: &[Step]) -> Vec<News> {
    let turned = |step: &&Step| match &step.registration {
        RegistrationStep::Change { before, after } => before.status != after.status,
        // They may have entered by a role that ends with it.
        made => made.ends(),
    };
    let registrations = steps.iter().filter(turned).map(|step| step.person).collect();
    let roles = steps.iter().filter(|step| !step.roles.is_empty()).map(|step| step.person);
    vec![
        News { part: identity::REGISTRATIONS, people: registrations },
        News { part: identity::ROLES, people: roles.collect() },
        News { part: Part::EVENT, people: Vec::new() },
    ]
}
