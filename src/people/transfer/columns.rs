//! The meaning of a table's columns.

use crate::events::view::Field;
use crate::text::search_key;

use super::notes::Notes;
use super::table::Table;

/// What a column can contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The address, which every row must have.
    Email,
    /// The whole name.
    Name,
    /// The first name, to be put together with the last.
    FirstName,
    /// The last name, to be put together with the first.
    LastName,
    /// Where the person works or studies.
    Affiliation,
    /// The registration's id in the system the table comes from.
    ExternalId,
    /// The name of a ticket type.
    TicketType,
    /// Roles in the event, to be granted if they are not.
    Roles,
    /// Language tags.
    Languages,
    /// The tag of the language of texts and mails for the person.
    Locale,
    /// Whether the person is in the directory.
    Listed,
    /// Whether the registration holds or is cancelled.
    Status,
    /// The answer to a question of the form, by its key.
    Answer(String),
}

/// Each kind of column: its name here, and its names elsewhere, ignoring case, accents and
/// punctuation.
const KNOWN: [(Column, &str, &[&str]); 12] = [
    (
        Column::Email,
        "email",
        &["mail", "emailaddress", "mailaddress", "emailadresse", "mailadresse", "attendeeemail"],
    ),
    (
        Column::Name,
        "name",
        &["fullname", "attendeename", "displayname", "teilnehmer", "teilnehmername", "anzeigename"],
    ),
    (Column::FirstName, "first_name", &["givenname", "forename", "vorname", "rufname"]),
    (Column::LastName, "last_name", &["surname", "familyname", "nachname", "familienname"]),
    (
        Column::Affiliation,
        "affiliation",
        &[
            "company",
            "organization",
            "organisation",
            "institution",
            "university",
            "employer",
            "firma",
            "unternehmen",
            "hochschule",
            "universitat",
            "einrichtung",
            "arbeitgeber",
        ],
    ),
    (
        Column::ExternalId,
        "external_id",
        &["attendeeid", "ticketid", "ticketcode", "externeid", "teilnehmernummer", "ticketnummer"],
    ),
    (
        Column::TicketType,
        "ticket_type",
        &["ticket", "tickettyp", "ticketart", "ticketname", "product", "produkt", "kategorie"],
    ),
    (Column::Roles, "roles", &["role", "rolle", "rollen"]),
    (Column::Languages, "languages", &["language", "sprache", "sprachen"]),
    (Column::Locale, "locale", &["mailsprache"]),
    (Column::Listed, "listed", &["directory", "verzeichnis", "sichtbar"]),
    (
        Column::Status,
        "status",
        &["registrationstatus", "orderstatus", "bestellstatus", "anmeldestatus"],
    ),
];

impl Column {
    /// Its name in mappings, errors and exports.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Answer(key) => format!("answers.{key}"),
            column => {
                let known = KNOWN.iter().find(|(known, ..)| known == column);
                known.map(|(_, name, _)| (*name).to_owned()).unwrap_or_default()
            }
        }
    }

    fn named(name: &str, fields: &[Field]) -> Option<Self> {
        if let Some(key) = name.strip_prefix("answers.") {
            let field = fields.iter().find(|field| field.key == key)?;
            return Some(Self::Answer(field.key.clone()));
        }
        KNOWN.iter().find(|(_, known, _)| *known == name).map(|(column, ..)| column.clone())
    }

    /// The most likely meaning of a header.
    fn guessed(header: &str, fields: &[Field]) -> Option<Self> {
        if let Some(column) = Self::named(header, fields) {
            return Some(column);
        }
        let key = letters(header);
        let asked = |field: &&Field| letters(&field.key) == key || letters(&field.label) == key;
        if let Some(field) = fields.iter().find(asked) {
            return Some(Self::Answer(field.key.clone()));
        }
        let meant = |(_, name, others): &&(Self, &str, &[&str])| {
            letters(name) == key || others.contains(&key.as_str())
        };
        KNOWN.iter().find(meant).map(|(column, ..)| column.clone())
    }
}

/// A header without case, accents and punctuation.
fn letters(header: &str) -> String {
    search_key(header).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// The meaning of each column of the table; `None` for those that are not imported. `mapping` are
/// pairs of a header and the name of its meaning (`-` for none), which take precedence over
/// guesses.
pub(super) fn assign(
    table: &Table,
    mapping: &[(String, String)],
    fields: &[Field],
    notes: &mut Notes,
) -> Vec<Option<Column>> {
    let mut assigned: Vec<Option<Column>> = vec![None; table.header.len()];
    let mut settled = vec![false; table.header.len()];
    for (header, name) in mapping {
        let Some(index) = table.header.iter().position(|column| column == header) else {
            notes.fault_of_table(&format!("There is no column “{header}” in the table."));
            continue;
        };
        let column = Column::named(name, fields);
        if column.is_none() && name != "-" {
            let names: Vec<&str> = KNOWN.iter().map(|(_, name, _)| *name).collect();
            notes.fault_of_table(&format!(
                "A column cannot hold “{name}”. It can hold {}, answers.KEY, or - for nothing.",
                names.join(", ")
            ));
        }
        assigned[index] = column;
        settled[index] = true;
    }
    for (index, header) in table.header.iter().enumerate().filter(|(index, _)| !settled[*index]) {
        let guess = Column::guessed(header, fields);
        // Explicitly mapped meanings are not guessed again.
        let mapped = |column: &Column| {
            assigned.iter().zip(&settled).any(|(a, s)| *s && a.as_ref() == Some(column))
        };
        let guess = guess.filter(|column| !mapped(column));
        assigned[index] = guess;
    }
    check(table, &assigned, notes);
    assigned
}

fn check(table: &Table, assigned: &[Option<Column>], notes: &mut Notes) {
    for (index, column) in assigned.iter().enumerate() {
        let Some(column) = column else { continue };
        let first = assigned.iter().position(|other| other.as_ref() == Some(column));
        if let Some(first) = first.filter(|first| *first < index) {
            notes.fault_of_table(&format!(
                "The columns “{}” and “{}” both look like {}. Say which is, and map the other to -.",
                table.header[first],
                table.header[index],
                column.name()
            ));
        }
    }
    if !assigned.contains(&Some(Column::Email)) {
        notes.fault_of_table("No column holds e-mail addresses. Say which does: COLUMN=email.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::transfer::table;

    fn assigned(header: &str, mapping: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut notes = Notes::default();
        let table = table::read(header.as_bytes(), &mut notes).expect("a table");
        let pair = |(header, name): &(&str, &str)| ((*header).to_owned(), (*name).to_owned());
        let mapping: Vec<_> = mapping.iter().map(pair).collect();
        let columns = assign(&table, &mapping, &[], &mut notes);
        let name = |column: &Option<Column>| column.as_ref().map_or("-".into(), Column::name);
        let faults = notes.faults().iter().map(|fault| fault.message.clone()).collect();
        (columns.iter().map(name).collect(), faults)
    }

    #[test]
    fn headers_speak_for_themselves() {
        let (columns, faults) =
            assigned("E-Mail-Adresse;Vorname;Nachname;Universität;Bemerkung", &[]);
        assert_eq!(columns, ["email", "first_name", "last_name", "affiliation", "-"]);
        assert!(faults.is_empty(), "{faults:?}");
        let (columns, _) = assigned("EMAIL,Full name,Ticket-ID,ticket_type", &[]);
        assert_eq!(columns, ["email", "name", "external_id", "ticket_type"]);
    }

    #[test]
    fn what_is_said_goes_before_what_is_guessed() {
        let mapping = [("Kontakt", "email"), ("Name", "-"), ("Wer", "name")];
        let (columns, faults) = assigned("Name,Kontakt,E-Mail,Wer", &mapping);
        assert_eq!(columns, ["-", "email", "-", "name"]);
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn what_is_unclear_is_asked() {
        assert!(assigned("Name", &[]).1[0].contains("No column holds e-mail"));
        assert!(assigned("Mail,E-Mail", &[]).1[0].contains("both look like email"));
        assert!(assigned("E-Mail", &[("Post", "email")]).1[0].contains("no column “Post”"));
        assert!(assigned("E-Mail", &[("E-Mail", "post")]).1[0].contains("cannot hold “post”"));
    }
}
