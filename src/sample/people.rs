//! The people of the sample conference, registered and with their roles.

use std::collections::HashMap;

use anyhow::Context as _;

use super::data::{Conference, Person};
use crate::agenda::{self, set_person_of_speaker};
use crate::app::App;
use crate::db::DbError;
use crate::events::{EventChange, EventSnapshot};
use crate::id::PersonId;
use crate::identity::person::{self, NewPerson, ProfileChange};
use crate::identity::roles::{self, NewGrant, Scope};
use crate::people::registration::{self, Request};
use crate::people::shown;
use crate::permission::Role;
use crate::text::EmailAddress;
use crate::text::Locale;

/// Makes them; what comes back are their ids by their names in the file.
pub(super) async fn make(
    app: &App,
    event: &EventSnapshot,
    conference: &Conference,
) -> anyhow::Result<HashMap<String, PersonId>> {
    let mut people = HashMap::new();
    for person in &conference.people {
        let id = one(app, event, person).await.with_context(|| person.name.clone())?;
        people.insert(person.id.clone(), id);
    }
    // They are the speakers of that name, and the agenda shows it.
    let mut change = EventChange::begin(&app.changes, event.id, None).await?;
    for (name, id) in &people {
        let key = format!("code:{name}");
        set_person_of_speaker(&app.db, &mut change, &key, *id).await?;
    }
    change.commit(&[agenda::AGENDA]).await?;
    Ok(people)
}

async fn one(app: &App, event: &EventSnapshot, sample: &Person) -> anyhow::Result<PersonId> {
    let email: EmailAddress = sample.email.parse()?;
    let now = app.clock.now();
    let new = NewPerson { email: &email, name: &sample.name, locale: None };
    let mut transaction = app.db.begin().await?;
    let (person, _) = person::ensure(&app.db, &mut transaction, new, now, &app.random).await?;
    person::confirm_email(&app.db, &mut transaction, person.id, now).await?;
    transaction.commit().await.map_err(DbError::from)?;

    let languages = sample.languages.iter().map(|tag| Locale::try_from(tag.clone()));
    let change = ProfileChange {
        affiliation: Some(sample.affiliation.parse()?),
        about: Some(sample.about.parse()?),
        languages: Some(languages.collect::<Result<_, _>>()?),
        ..ProfileChange::default()
    };
    shown::change_profile(app, &person, change).await?;
    register(app, event, &person).await?;
    for grant in grants(event, person.id, sample.role) {
        roles::grant(&app.identity, grant, None).await?;
    }
    Ok(person.id)
}

async fn register(app: &App, event: &EventSnapshot, person: &person::Person) -> anyhow::Result<()> {
    let form = crate::events::RegistrationForm::read(&app.db, event.id).await?;
    let request = Request {
        ticket_type: form.ticket_types.first().map(|ticket_type| ticket_type.id),
        answers: registration::Answers::default(),
        consent: true,
        listed: true,
    };
    let accepted = registration::check(app, event, request, None, vec![]).await?;
    registration::of_person(app, event, person, accepted).await?;
    Ok(())
}

/// The organizer may also make further events.
fn grants(event: &EventSnapshot, person: PersonId, role: Option<Role>) -> Vec<NewGrant> {
    let Some(role) = role else { return vec![] };
    let here = Scope { event: Some(event.id), room: None };
    let mut grants = vec![NewGrant { person, role, scope: here }];
    if role == Role::Organizer {
        grants.push(NewGrant { person, role, scope: Scope::default() });
    }
    grants
}
