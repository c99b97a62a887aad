//! A parsed row of the table.

use serde_json::Value;

use crate::events::RegistrationForm;
use crate::events::view::FieldKind;
use crate::id::TicketTypeId;
use crate::identity::person::MAX_LANGUAGES;
use crate::people::registration::{Answers, Status, check_given};
use crate::permission::Role;
use crate::text::{Affiliation, EmailAddress, PersonName};
use crate::text::{Locale, name_key, one_line};

use super::columns::Column;
use super::formula::unguarded;
use super::notes::Notes;
use super::table::Row;

/// The longest external id.
const LONGEST_ID: usize = 150;

/// What a row says about a person. Fields it does not mention are `None`.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) row: usize,
    pub(super) email: EmailAddress,
    pub(super) name: Option<PersonName>,
    pub(super) affiliation: Option<Affiliation>,
    pub(super) external_id: Option<String>,
    pub(super) ticket_type: Option<TicketTypeId>,
    pub(super) roles: Vec<Role>,
    pub(super) languages: Option<Vec<Locale>>,
    pub(super) locale: Option<Locale>,
    pub(super) listed: Option<bool>,
    pub(super) status: Option<Status>,
    pub(super) answers: Answers,
}

/// Parses a row; `None` if it has errors, which are then in the notes.
pub(super) fn read(
    row: &Row,
    columns: &[Option<Column>],
    form: &RegistrationForm,
    notes: &mut Notes,
) -> Option<Entry> {
    let mut cells = Cells { row, columns, notes, faulty: false };
    let email = cells.parsed(&Column::Email, |text| text.parse().map_err(sentence));
    if email.is_none() && !cells.faulty {
        cells.fault(&Column::Email, "The address is missing.");
    }
    let entry = Entry {
        row: row.number,
        name: cells.name(),
        affiliation: cells.parsed(&Column::Affiliation, |text| text.parse().map_err(sentence)),
        external_id: cells.parsed(&Column::ExternalId, external_id),
        ticket_type: cells.parsed(&Column::TicketType, |text| ticket_type(text, form)),
        roles: cells.parsed(&Column::Roles, roles).unwrap_or_default(),
        languages: cells.parsed(&Column::Languages, languages),
        locale: cells
            .parsed(&Column::Locale, |text| Locale::try_from(text.to_owned()).map_err(sentence)),
        listed: cells.parsed(&Column::Listed, yes_or_no),
        status: cells.parsed(&Column::Status, status),
        answers: cells.answers(form),
        email: email?,
    };
    (!cells.faulty).then_some(entry)
}

struct Cells<'a> {
    row: &'a Row,
    columns: &'a [Option<Column>],
    notes: &'a mut Notes,
    faulty: bool,
}

impl Cells<'_> {
    /// The content of this column's cell; `None` if it is empty or there is no such column.
    fn text(&self, column: &Column) -> Option<String> {
        let index = self.columns.iter().position(|one| one.as_ref() == Some(column))?;
        let cell = self.row.cells.get(index)?.trim();
        let cell = unguarded(cell);
        (!cell.is_empty()).then_some(cell)
    }

    fn parsed<T>(
        &mut self,
        column: &Column,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(column)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(column, &why);
                None
            }
        }
    }

    fn fault(&mut self, column: &Column, why: &str) {
        self.faulty = true;
        self.notes.fault(self.row.number, Some(&column.name()), why);
    }

    /// The whole name, or the first and last name together.
    fn name(&mut self) -> Option<PersonName> {
        let parts = [&Column::FirstName, &Column::LastName].map(|column| self.text(column));
        let joined = one_line(&parts.map(Option::unwrap_or_default).join(" "));
        let text = self.text(&Column::Name).or(Some(joined).filter(|name| !name.is_empty()));
        let named = |column: &Option<Column>| {
            matches!(column, Some(Column::Name | Column::FirstName | Column::LastName))
        };
        match text.as_deref().map(str::parse::<PersonName>) {
            Some(Ok(name)) => Some(name),
            Some(Err(why)) => {
                self.fault(&Column::Name, &sentence(why));
                None
            }
            None if self.columns.iter().any(named) => {
                self.fault(&Column::Name, "The name is missing.");
                None
            }
            None => None,
        }
    }

    fn answers(&mut self, form: &RegistrationForm) -> Answers {
        let mut answers = Answers::new();
        for field in &form.fields {
            let column = Column::Answer(field.key.clone());
            let answer = self.parsed(&column, |text| {
                let value = match field.kind {
                    FieldKind::Checkbox => Value::Bool(yes_or_no(text)?),
                    _ => Value::String(text.to_owned()),
                };
                check_given(field, &value)
            });
            answers.extend(answer.flatten().map(|answer| (field.key.clone(), answer)));
        }
        answers
    }
}

fn sentence(why: impl ToString) -> String {
    let why = why.to_string();
    let mut letters = why.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn external_id(text: &str) -> Result<String, String> {
    let text = one_line(text);
    if text.chars().count() > LONGEST_ID {
        return Err(format!("It has more than {LONGEST_ID} characters."));
    }
    Ok(text)
}

fn ticket_type(text: &str, form: &RegistrationForm) -> Result<TicketTypeId, String> {
    let key = name_key(text);
    let found = form.ticket_types.iter().find(|ticket| name_key(&ticket.name) == key);
    found.map(|ticket| ticket.id).ok_or_else(|| {
        let names: Vec<&str> = form.ticket_types.iter().map(|one| one.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("There is no ticket “{text}”; the event has no tickets yet."),
            names => format!("There is no ticket “{text}”. There are: {}.", names.join(", ")),
        }
    })
}

fn roles(text: &str) -> Result<Vec<Role>, String> {
    let mut roles = Vec::new();
    for name in text.split([',', ';', '|', '/']).map(name_key).filter(|name| !name.is_empty()) {
        let role = match name.as_str() {
            "teilnehmer" | "teilnehmerin" | "participant" => Some(Role::Attendee),
            "referent" | "referentin" | "vortragende" | "presenter" => Some(Role::Speaker),
            "aussteller" | "ausstellerin" => Some(Role::Exhibitor),
            "moderatorin" => Some(Role::Moderator),
            "veranstalter" | "veranstalterin" | "organiser" => Some(Role::Organizer),
            name => Role::from_name(name),
        };
        let Some(role) = role else {
            let names = Role::ALL.map(Role::name).join(", ");
            return Err(format!("There is no role “{name}”. There are: {names}."));
        };
        // Registered people are attendees already.
        if role != Role::Attendee && !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

fn languages(text: &str) -> Result<Vec<Locale>, String> {
    let tags = text.split([',', ';', '|', ' ']).filter(|tag| !tag.is_empty());
    let languages: Result<Vec<Locale>, _> =
        tags.map(|tag| Locale::try_from(tag.to_owned())).collect();
    let languages = languages.map_err(sentence)?;
    if languages.len() > MAX_LANGUAGES {
        return Err(format!("These are more than {MAX_LANGUAGES} languages."));
    }
    Ok(languages)
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match name_key(text).as_str() {
        "yes" | "ja" | "true" | "wahr" | "1" | "x" | "y" | "j" => Ok(true),
        "no" | "nein" | "false" | "falsch" | "0" | "n" | "-" => Ok(false),
        _ => Err("Write yes or no.".to_owned()),
    }
}

fn status(text: &str) -> Result<Status, String> {
    match name_key(text).as_str() {
        "confirmed" | "paid" | "approved" | "complete" | "completed" | "bestätigt" | "bezahlt" => {
            Ok(Status::Confirmed)
        }
        "cancelled" | "canceled" | "refunded" | "storniert" | "abgesagt" | "erstattet" => {
            Ok(Status::Cancelled)
        }
        _ => Err("Write confirmed or cancelled.".to_owned()),
    }
}
