//! Applying an import's plan: one transaction, many rows per statement.

use std::collections::HashMap;

use serde_json::json;

use crate::audit::Entry as AuditEntry;
use crate::core::Core;
use crate::db::dialect::value_groups;
use crate::db::{Db, DbError, Transaction, to_json};
use crate::events::{EventChange, EventSnapshot, News, Part};
use crate::id::{PersonId, TicketTypeId};
use crate::identity::person::search_key;
use crate::identity::roles::{self, NewGrant, Scope};
use crate::people::registration::Status;
use crate::permission::Operation;

use super::plan::{Account, AccountStep, Entered, RegistrationStep, Step};

/// How many rows one statement inserts.
const BATCH_SIZE: usize = 200;

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
            change_registration(&mut change, &core.db, after).await?;
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
    let made: Vec<(PersonId, &Account)> = steps
        .iter()
        .filter_map(|step| match &step.account {
            AccountStep::Make(account) => Some((step.person, account)),
            _ => None,
        })
        .collect();
    let now = change.now.0;
    for some in made.chunks(BATCH_SIZE) {
        let text = format!(
            "INSERT INTO people (id, kind, email, email_key, name, affiliation, about, languages,
                                 locale, search_key, created_at, updated_at) VALUES {}",
            value_groups(some.len(), 12)
        );
        let mut statement = db.query_built(text);
        for (id, account) in some {
            let email = account.email.as_ref();
            statement = statement
                .bind(id.bytes())
                .bind("person")
                .bind(email.map(|email| email.as_str().to_owned()))
                .bind(email.map(|email| email.key()))
                .bind(account.name.clone())
                .bind(account.affiliation.clone())
                .bind("")
                .bind(to_json(&account.languages)?)
                .bind(account.locale.clone())
                .bind(search_key(&account.name, &account.affiliation))
                .bind(now)
                .bind(now);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
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
    let now = change.now.0;
    for some in made.chunks(BATCH_SIZE) {
        let text = format!(
            "INSERT INTO registrations (id, event_id, person_id, ticket_type_id, external_id,
                                        status, answers, listed, created_at, updated_at) VALUES {}",
            value_groups(some.len(), 10)
        );
        let mut statement = db.query_built(text);
        for (person, entered) in some {
            statement = statement
                .bind(entered.id.bytes())
                .bind(change.event.bytes())
                .bind(person.bytes())
                .bind(entered.ticket_type.map(TicketTypeId::bytes))
                .bind(entered.external_id.clone())
                .bind(entered.status.name())
                .bind(to_json(&entered.answers)?)
                .bind(i64::from(entered.listed))
                .bind(now)
                .bind(now);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}

async fn change_account(
    change: &mut EventChange<'_>,
    db: &Db,
    person: PersonId,
    account: &Account,
) -> Result<(), DbError> {
    if let Some(email) = &account.email {
        // Tokens mailed to the old address become invalid.
        crate::identity::token::withdraw_all(db, &mut change.transaction, person).await?;
        db.query("UPDATE people SET email = ?, email_key = ? WHERE id = ?")
            .bind(email.as_str().to_owned())
            .bind(email.key())
            .bind(person.bytes())
            .execute(&mut *change.transaction)
            .await?;
    }
    db.query(
        "UPDATE people SET name = ?, affiliation = ?, languages = ?, locale = ?, search_key = ?,
                           updated_at = ?
         WHERE id = ?",
    )
    .bind(account.name.clone())
    .bind(account.affiliation.clone())
    .bind(to_json(&account.languages)?)
    .bind(account.locale.clone())
    .bind(search_key(&account.name, &account.affiliation))
    .bind(change.now.0)
    .bind(person.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

async fn change_registration(
    change: &mut EventChange<'_>,
    db: &Db,
    after: &Entered,
) -> Result<(), DbError> {
    let cancelled = after.status == Status::Cancelled;
    let by = change.actor.filter(|_| cancelled).map(PersonId::bytes);
    db.query(
        "UPDATE registrations SET status = ?, ticket_type_id = ?, external_id = ?, answers = ?,
                                  listed = ?, cancelled_by = ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(after.status.name())
    .bind(after.ticket_type.map(TicketTypeId::bytes))
    .bind(after.external_id.clone())
    .bind(to_json(&after.answers)?)
    .bind(i64::from(after.listed))
    .bind(by)
    .bind(change.now.0)
    .bind(after.id.bytes())
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Updates the ticket types' counts. Organizers may exceed a quota.
async fn count_seats(
    db: &Db,
    transaction: &mut Transaction,
    steps: &[Step],
) -> Result<(), DbError> {
    let mut seats: HashMap<TicketTypeId, i64> = HashMap::new();
    let mut count = |status: Status, ticket_type: Option<TicketTypeId>, seat: i64| {
        if let Some(ticket_type) = ticket_type.filter(|_| status != Status::Cancelled) {
            *seats.entry(ticket_type).or_default() += seat;
        }
    };
    for step in steps {
        match &step.registration {
            RegistrationStep::Keep => {}
            RegistrationStep::Make(entered) => count(entered.status, entered.ticket_type, 1),
            RegistrationStep::Change { before, after } => {
                count(before.status, before.ticket_type, -1);
                count(after.status, after.ticket_type, 1);
            }
        }
    }
    for (ticket_type, seats) in seats.into_iter().filter(|(_, seats)| *seats != 0) {
        db.query("UPDATE ticket_types SET taken = taken + ? WHERE id = ?")
            .bind(seats)
            .bind(ticket_type.bytes())
            .execute(&mut **transaction)
            .await?;
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
        News { part: Part::Registrations, people: registrations },
        News { part: Part::Roles, people: roles.collect() },
        News { part: Part::Event, people: Vec::new() },
    ]
}
