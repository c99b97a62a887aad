//! `plenary person …`: roles and links to sign in with.

use clap::{Args, Parser, ValueEnum};

use crate::config::Settings;
use crate::core::Core;
use crate::identity::link;
use crate::identity::person::{self, NewPerson, Person};
use crate::identity::roles::{self, NewGrant, Scope};
use crate::output::print;
use crate::permission::Role;
use crate::registry::Open;
use crate::text;
use crate::text::EmailAddress;

/// Gives somebody a role; makes the person when nobody has the address.
#[derive(Debug, Parser)]
#[command(name = "grant")]
pub(super) struct Grant {
    #[command(flatten)]
    change: Change,
    /// Also print a link with which the person can sign in once, within half an hour.
    #[arg(long)]
    link: bool,
}

/// Takes a role from somebody.
#[derive(Debug, Parser)]
#[command(name = "revoke")]
pub(super) struct Revoke {
    #[command(flatten)]
    change: Change,
}

/// Lists who has which role.
#[derive(Debug, Parser)]
#[command(name = "list")]
pub(super) struct List {
    /// Only the roles in this event.
    #[arg(long, value_name = "SLUG")]
    event: Option<String>,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

/// Prints a link with which somebody can sign in once, within half an hour.
#[derive(Debug, Parser)]
#[command(name = "link")]
pub(super) struct Link {
    /// The person's address.
    email: EmailAddress,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
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

/// Gives the role.
pub(super) async fn grant(command: Grant, open: Open) -> anyhow::Result<()> {
    let Grant { change, link } = command;
    let core = open(change.settings.clone()).await?;
    let scope = scope(&core, &change).await?;
    let mut transaction = core.db.begin().await?;
    let new = NewPerson::by_email(&change.email);
    let now = core.clock.now();
    let (person, made) = person::ensure(&core.db, &mut transaction, new, now, &core.random).await?;
    transaction.commit().await?;
    let role = Role::from(change.role);
    let (_, granted) =
        roles::grant(&core.identity, NewGrant { person: person.id, role, scope }, None).await?;
    let name = if made { "A new person" } else { person.name.as_str() };
    let verb = if granted { "is now" } else { "was already" };
    print(&format!("{name} {verb} {} {}.\n", role.name(), place(&change)))?;
    if link { print_link(&core, &change.email).await } else { Ok(()) }
}

/// Takes the role.
pub(super) async fn revoke(command: Revoke, open: Open) -> anyhow::Result<()> {
    let Revoke { change } = command;
    let core = open(change.settings.clone()).await?;
    let scope = scope(&core, &change).await?;
    let person = known(&core, &change.email).await?;
    let role = Role::from(change.role);
    let revoked =
        roles::revoke(&core.identity, NewGrant { person: person.id, role, scope }, None).await?;
    let verb = if revoked { "is no longer" } else { "was not" };
    Ok(print(&format!("{} {verb} {} {}.\n", person.name, role.name(), place(&change)))?)
}

/// Lists them.
pub(super) async fn list(command: List, open: Open) -> anyhow::Result<()> {
    let core = open(command.settings).await?;
    let event = match &command.event {
        Some(slug) => Some(core.event(slug).await?.id),
        None => None,
    };
    for line in roles::overview(&core.db, event).await? {
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

/// Prints one.
pub(super) async fn link(command: Link, open: Open) -> anyhow::Result<()> {
    let core = open(command.settings).await?;
    print_link(&core, &command.email).await
}

async fn scope(core: &Core, change: &Change) -> anyhow::Result<Scope> {
    let Some(slug) = &change.event else {
        let organizer = matches!(change.role, RoleName::Organizer);
        anyhow::ensure!(organizer, "only organizers can be granted everywhere; add --event SLUG");
        return Ok(Scope::default());
    };
    let event = core.event(slug).await?;
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

async fn known(core: &Core, email: &EmailAddress) -> anyhow::Result<Person> {
    let person = person::find_by_email(&core.db, email).await?;
    person.ok_or_else(|| anyhow::anyhow!("nobody has the address {}", email.as_str()))
}

async fn print_link(core: &Core, email: &EmailAddress) -> anyhow::Result<()> {
    let person = known(core, email).await?;
    let mut transaction = core.db.begin().await?;
    let link = link::issue(&core.identity, &mut transaction, person.id, email, None, None).await?;
    transaction.commit().await?;
    Ok(print(&format!("{link}\n"))?)
}
