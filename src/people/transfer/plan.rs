//! What an import will do: the entries of a table compared with what is stored.

use std::collections::HashMap;

use crate::core::Core;
use crate::events::RegistrationForm;
use crate::id::{PersonId, RegistrationId, TicketTypeId};
use crate::identity::person::ImportedAccount;
use crate::people::registration::{Answers, Status};
use crate::permission::Role;

use super::ended;
use super::entry::Entry;
use super::notes::Notes;
use super::stored::{Known, KnownRegistration, Stored};

/// The step for one person.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) row: usize,
    pub(super) person: PersonId,
    pub(super) account: AccountStep,
    pub(super) registration: RegistrationStep,
    /// The roles to grant.
    pub(super) roles: Vec<Role>,
    /// What differs, by the columns' names; empty for somebody new.
    pub(super) what: Vec<&'static str>,
}

/// The change of the account.
#[derive(Debug)]
pub(super) enum AccountStep {
    Keep,
    Make(ImportedAccount),
    Change(ImportedAccount),
}

/// The change of the registration.
#[derive(Debug)]
pub(super) enum RegistrationStep {
    Keep,
    Make(Entered),
    Change { before: Box<KnownRegistration>, after: Entered },
}

/// The new content of a registration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entered {
    pub(super) id: RegistrationId,
    pub(super) status: Status,
    pub(super) ticket_type: Option<TicketTypeId>,
    pub(super) external_id: Option<String>,
    pub(super) answers: Answers,
    pub(super) listed: bool,
}

impl RegistrationStep {
    /// Where the registration stands afterwards, if that is known to change or to be new.
    pub(super) fn status(&self) -> Option<Status> {
        match self {
            Self::Keep => None,
            Self::Make(after) | Self::Change { after, .. } => Some(after.status),
        }
    }

    /// Whether somebody is newly cancelled.
    pub(super) fn ends(&self) -> bool {
        let before = match self {
            Self::Change { before, .. } => Some(before.status),
            Self::Keep | Self::Make(_) => None,
        };
        self.status() == Some(Status::Cancelled) && before != Some(Status::Cancelled)
    }
}

impl Step {
    /// Whether somebody is newly registered.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.registration, RegistrationStep::Make(_))
    }

    /// Whether something stored differs from the table.
    pub(super) fn is_change(&self) -> bool {
        !self.is_new() && !self.what.is_empty()
    }
}

/// How many more, or fewer, people have each type of ticket after these steps.
pub(super) fn seats(steps: &[Step]) -> HashMap<TicketTypeId, i64> {
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
    seats
}

/// Notes where more people have a ticket afterwards than there are. Organizers may do that, but
/// should know it.
pub(super) fn note_quotas(steps: &[Step], form: &RegistrationForm, notes: &mut Notes) {
    let seats = seats(steps);
    for ticket in &form.ticket_types {
        let more = seats.get(&ticket.id).copied().unwrap_or(0);
        let Some(quota) = ticket.quota else { continue };
        let remaining = quota.saturating_sub(ticket.taken);
        let over = more - i64::from(remaining);
        if more > 0 && over > 0 {
            let odd = format!(
                "There are only {quota} of “{}”, and {remaining} left: with these {more} it is {over} \
                 more than there are. They are let in all the same; raise the number if that is meant.",
                ticket.name
            );
            notes.warning(None, odd);
        }
    }
}

/// Compares every entry with what is stored. Contradictions are added to the notes.
pub(super) fn make(
    core: &Core,
    entries: &[Entry],
    stored: &Stored,
    notes: &mut Notes,
) -> Vec<Step> {
    find_repetitions(entries, notes);
    entries.iter().filter_map(|entry| step(core, entry, stored, notes)).collect()
}

/// Each person may occur in the table once.
fn find_repetitions(entries: &[Entry], notes: &mut Notes) {
    let mut emails: HashMap<String, usize> = HashMap::new();
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        if let Some(first) = emails.insert(entry.email.key(), entry.row) {
            let why = format!("The same address stands in row {first}.");
            notes.fault(entry.row, Some("email"), why);
        }
        let Some(id) = &entry.external_id else { continue };
        if let Some(first) = ids.insert(id, entry.row) {
            let why = format!("The same id stands in row {first}.");
            notes.fault(entry.row, Some("external_id"), why);
        }
    }
}

fn step(core: &Core, entry: &Entry, stored: &Stored, notes: &mut Notes) -> Option<Step> {
    let by_id = entry.external_id.as_deref().and_then(|id| stored.by_external_id(id));
    let by_email = stored.by_email(&entry.email.key());
    let known = match (by_id, by_email) {
        (Some(by_id), Some(by_email)) if by_id.person != by_email.person => {
            let why = "This id belongs to somebody else than this address.";
            notes.fault(entry.row, Some("external_id"), why);
            return None;
        }
        (Some(by_id), None) if !by_id.ours => {
            let why = "This id belongs to somebody who has signed in with another address. Only \
                       they can change it, in their profile.";
            notes.fault(entry.row, Some("email"), why);
            return None;
        }
        (by_id, by_email) => by_id.or(by_email),
    };
    let Some(known) = known else { return new_person(core, entry, notes) };
    let mut what = Vec::new();
    let account = account_step(entry, known, &mut what);
    let registration = match &known.registration {
        Some(before) => changed_registration(entry, before, &mut what, notes)?,
        None => RegistrationStep::Make(new_registration(core, entry, notes)?),
    };
    let cancelled = match &registration {
        RegistrationStep::Keep => known.is_cancelled(),
        step => step.status() == Some(Status::Cancelled),
    };
    let mut roles = ended::given(entry, cancelled, notes);
    roles.retain(|role| !stored.has_role(known.person, *role));
    let ended = registration.ends() && ended::say(entry.row, stored.roles(known.person), notes);
    if !roles.is_empty() || ended {
        what.push("roles");
    }
    Some(Step { row: entry.row, person: known.person, account, registration, roles, what })
}

fn new_person(core: &Core, entry: &Entry, notes: &mut Notes) -> Option<Step> {
    let by_address = entry.email.as_str().split('@').next().unwrap_or_default();
    let account = ImportedAccount {
        email: Some(entry.email.clone()),
        name: entry.name.clone().map_or_else(|| by_address.to_owned(), String::from),
        affiliation: entry.affiliation.clone().map(String::from).unwrap_or_default(),
        languages: tags(entry).unwrap_or_default(),
        locale: entry.locale.clone().map(String::from),
    };
    let registration = new_registration(core, entry, notes)?;
    let roles = ended::given(entry, registration.status == Status::Cancelled, notes);
    Some(Step {
        row: entry.row,
        person: PersonId::new(core.clock.now(), &core.random),
        account: AccountStep::Make(account),
        registration: RegistrationStep::Make(registration),
        roles,
        what: Vec::new(),
    })
}

fn tags(entry: &Entry) -> Option<Vec<String>> {
    let tags = entry.languages.as_ref()?.iter().map(|language| language.as_str().to_owned());
    Some(tags.collect())
}

/// What the table says about the person's profile. It counts only while the account is solely this
/// event's; afterwards the person decides.
fn account_step(entry: &Entry, known: &Known, what: &mut Vec<&'static str>) -> AccountStep {
    if !known.ours {
        return AccountStep::Keep;
    }
    let mut account = ImportedAccount {
        email: None,
        name: known.name.clone(),
        affiliation: known.affiliation.clone(),
        languages: known.languages.clone(),
        locale: known.locale.clone(),
    };
    if entry.email.key() != known.email_key {
        account.email = Some(entry.email.clone());
        what.push("email");
    }
    let said = entry.name.clone().map(String::from);
    replace("name", &mut account.name, said, what);
    let said = entry.affiliation.clone().map(String::from);
    replace("affiliation", &mut account.affiliation, said, what);
    replace("languages", &mut account.languages, tags(entry), what);
    let said = entry.locale.clone().map(|locale| Some(String::from(locale)));
    replace("locale", &mut account.locale, said, what);
    if what.is_empty() { AccountStep::Keep } else { AccountStep::Change(account) }
}

/// Replaces the present value by the table's, if it has one.
fn replace<T: PartialEq>(
    name: &'static str,
    present: &mut T,
    said: Option<T>,
    what: &mut Vec<&'static str>,
) {
    if let Some(said) = said.filter(|said| said != present) {
        *present = said;
        what.push(name);
    }
}

fn new_registration(core: &Core, entry: &Entry, notes: &mut Notes) -> Option<Entered> {
    let status = entry.status.unwrap_or(Status::Confirmed);
    if status == Status::Pending {
        let why = "Somebody who is not confirmed yet cannot be imported. Leave the row out.";
        notes.fault(entry.row, Some("status"), why);
        return None;
    }
    Some(Entered {
        id: RegistrationId::new(core.clock.now(), &core.random),
        status,
        ticket_type: entry.ticket_type,
        external_id: entry.external_id.clone(),
        answers: entry.answers.clone(),
        // Who is in the directory decides the person; a table can only tell what they decided.
        listed: entry.listed.unwrap_or(false),
    })
}

fn changed_registration(
    entry: &Entry,
    before: &KnownRegistration,
    what: &mut Vec<&'static str>,
    notes: &mut Notes,
) -> Option<RegistrationStep> {
    let mut after = Entered {
        id: before.id,
        status: before.status,
        ticket_type: before.ticket_type,
        external_id: before.external_id.clone(),
        answers: before.answers.clone(),
        listed: before.listed,
    };
    let changes_so_far = what.len();
    let said = match (before.status, entry.status) {
        // Being in the organizers' table counts as the confirmation.
        (Status::Pending, None) => Some(Status::Confirmed),
        (Status::Cancelled, None) => {
            let odd = "This registration is cancelled here, and stays so.";
            notes.warning(Some(entry.row), odd);
            None
        }
        (Status::Confirmed | Status::Cancelled, Some(Status::Pending)) => {
            let why = "This registration is not pending. Write confirmed or cancelled.";
            notes.fault(entry.row, Some("status"), why);
            return None;
        }
        (_, said) => said,
    };
    replace("status", &mut after.status, said, what);
    replace("ticket_type", &mut after.ticket_type, entry.ticket_type.map(Some), what);
    replace("external_id", &mut after.external_id, entry.external_id.clone().map(Some), what);
    replace("listed", &mut after.listed, entry.listed, what);
    let mut answers = before.answers.clone();
    answers.extend(entry.answers.clone());
    replace("answers", &mut after.answers, Some(answers), what);
    Some(if what.len() == changes_so_far {
        RegistrationStep::Keep
    } else {
        RegistrationStep::Change { before: Box::new(before.clone()), after }
    })
}
