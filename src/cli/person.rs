//! `plenary person`: roles and links to sign in with, for the first organizer and for emergencies.

use clap::{Args, Subcommand, ValueEnum};

use super::output::print;
use crate::app::App;
use crate::config::Settings;
use crate::identity::link;
use crate::identity::person::{self, NewPerson, Person};
use crate::identity::roles::{self, NewGrant, Scope};
use crate::permission::Role;
use crate::text;
use crate::text::EmailAddress;

/// What to do about people.
#[derive(Args, Debug)]
pub(super) struct PersonCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Gives somebody a role; makes the person when nobody has the address.
    Grant {
        #[command(flatten)]
        change: Change,
        /// Also print a link with which the person can sign in once, within half an hour.
        #[arg(long)]
        link: bool,
    },
    /// Takes a role from somebody.
    Revoke(Change),
    /// Lists who has which role.
    List {
        /// Only the roles in this event.
        #[arg(long, value_name = "SLUG")]
        event: Option<String>,
        #[command(flatten, next_help_heading = "Settings")]
        settings: Settings,
    },
    /// Prints a link with which somebody can sign in once, within half an hour.
    Link {
        /// The person's address.
        email: EmailAddress,
        #[command(flatten, next_help_heading = "Settings")]
        settings: Settings,
    },
}

#[derive(Args, Debug)]
struct Change {
    /// The person's address.
    email: EmailAddress,
    /// The role.
    role: RoleName,
    /// The event's slug [default: every event, and creating new ones; for organizers only]
    #[arg(long, value_name = "SLUG")]
    event: Option<String>,
    /// The name of the only room in which the role holds.
    #[arg(long, requires = "event", value_name = "NAME")]
    room: Option<String>,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

/// A role as it is written on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    Attendee,
    Speaker,
    Exhibitor,
    Moderator,
    Organizer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Attendee => Self::Attendee,
            RoleName::Speaker => Self::Speaker,
            RoleName::Exhibitor => Self::Exhibitor,
            RoleName::Moderator => Self::Moderator,
            RoleName::Organizer => Self::Organizer,
        }
    }
}

impl PersonCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Grant { change, link } => grant(change, link).await,
            Action::Revoke(change) => revoke(change).await,
            Action::List { event, settings } => list(settings, event).await,
            Action::Link { email, settings } => {
                let app = super::open(settings).await?;
                print_link(&app, &email).await
            }
        }
    }
}

async fn grant(change: Change, link: bool) -> anyhow::Result<()> {
    let app = super::open(change.settings.clone()).await?;
    let scope = scope(&app, &change).await?;
    let mut transaction = app.db.begin().await?;
    let new = NewPerson::by_email(&change.email);
    let now = app.clock.now();
    let (person, made) = person::ensure(&app.db, &mut transaction, new, now, &app.random).await?;
    transaction.commit().await?;
    let role = Role::from(change.role);
    let (_, granted) =
        roles::grant(&app.identity, NewGrant { person: person.id, role, scope }, None).await?;
    let name = if made { "A new person" } else { person.name.as_str() };
    let verb = if granted { "is now" } else { "was already" };
    print(&format!("{name} {verb} {} {}.\n", role.name(), place(&change)))?;
    if link { print_link(&app, &change.email).await } else { Ok(()) }
}

async fn revoke(change: Change) -> anyhow::Result<()> {
    let app = super::open(change.settings.clone()).await?;
    let scope = scope(&app, &change).await?;
    let person = known(&app, &change.email).await?;
    let role = Role::from(change.role);
    let revoked =
        roles::revoke(&app.identity, NewGrant { person: person.id, role, scope }, None).await?;
    let verb = if revoked { "is no longer" } else { "was not" };
    Ok(print(&format!("{} {verb} {} {}.\n", person.name, role.name(), place(&change)))?)
}

async fn list(settings: Settings, event: Option<String>) -> anyhow::Result<()> {
    let app = super::open(settings).await?;
    let event = match &event {
        Some(slug) => Some(super::event(&app, slug).await?.id),
        None => None,
    };
    for line in roles::overview(&app.db, event).await? {
        let place = match (&line.event, &line.room) {
            (None, _) => "everywhere".to_owned(),
            (Some(event), None) => event.clone(),
            (Some(event), Some(room)) => format!("{event}, {room}"),
        };
        let email = line.email.as_deref().unwrap_or("-");
        print(&format!("{email}\t{}\t{}\t{place}\n", line.name, line.role))?;
    }
    Ok(())
}

async fn scope(app: &App, change: &Change) -> anyhow::Result<Scope> {
    let Some(slug) = &change.event else {
        let organizer = matches!(change.role, RoleName::Organizer);
        anyhow::ensure!(organizer, "only organizers can be granted everywhere; add --event SLUG");
        return Ok(Scope::default());
    };
    let event = super::event(app, slug).await?;
    let Some(name) = &change.room else { return Ok(Scope { event: Some(event.id), room: None }) };
    let key = text::name_key(name);
    let room = event.rooms.iter().find(|(_, room)| text::name_key(&room.name) == key);
    let (room, _) = room.ok_or_else(|| {
        let names: Vec<&str> = event.rooms.values().map(|room| room.name.as_str()).collect();
        anyhow::anyhow!("there is no room {name:?} in {slug}; its rooms are: {}", names.join(", "))
    })?;
    Ok(Scope { event: Some(event.id), room: Some(*room) })
}

fn place(change: &Change) -> String {
    match (&change.event, &change.room) {
        (None, _) => "everywhere".to_owned(),
        (Some(event), None) => format!("of {event}"),
        (Some(event), Some(room)) => format!("of {event} in {room}"),
    }
}

async fn known(app: &App, email: &EmailAddress) -> anyhow::Result<Person> {
    let person = person::find_by_email(&app.db, email).await?;
    person.ok_or_else(|| anyhow::anyhow!("nobody has the address {}", email.as_str()))
}

async fn print_link(app: &App, email: &EmailAddress) -> anyhow::Result<()> {
    let person = known(app, email).await?;
    let mut transaction = app.db.begin().await?;
    let link = link::issue(&app.identity, &mut transaction, person.id, email, None, None).await?;
    transaction.commit().await?;
    Ok(print(&format!("{link}\n"))?)
}
