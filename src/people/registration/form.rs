//! Validates answers against the registration form.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::events::RegistrationForm;
use crate::events::view::{Field, FieldKind};
use crate::id::TicketTypeId;
use crate::text::{lines, one_line};

use super::Refused;

/// The answers, by the fields' keys: texts, and `true` or `false` for checkboxes.
pub type Answers = BTreeMap<String, Value>;

/// An answer to a question of the registration form: a text, or whether a box is ticked.
// For the documents: requests accept any value, so that a refusal can name the question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Answer {
    /// What was written or chosen.
    Text(String),
    /// Whether the box was ticked.
    Ticked(bool),
}

/// How many characters an answer of one line may have.
const LINE: usize = 300;
/// How many characters an answer of several lines may have.
const TEXT: usize = 4_000;

/// Validates and normalizes the answers: only known keys, each of its kind, including the required
/// ones. Empty answers are left out.
///
/// # Errors
/// Which field is wrong, and why.
pub fn check_answers(fields: &[Field], given: &Answers) -> Result<Answers, Refused> {
    if let Some(unknown) = given.keys().find(|key| fields.iter().all(|field| field.key != **key)) {
        return Err(answer_refused(unknown, "There is no such question on the form."));
    }
    let mut checked = Answers::new();
    for field in fields {
        let given = given.get(&field.key).unwrap_or(&Value::Null);
        let answer = check_given(field, given)
            .map_err(|why| answer_refused(&field.key, &format!("{}: {why}", field.label)))?;
        match answer {
            Some(answer) => {
                checked.insert(field.key.clone(), answer);
            }
            None if field.required => {
                let why = match field.kind {
                    FieldKind::Checkbox => "this must be ticked.",
                    _ => "this must be answered.",
                };
                return Err(answer_refused(&field.key, &format!("{}: {why}", field.label)));
            }
            None => {}
        }
    }
    Ok(checked)
}

fn answer_refused(key: &str, why: &str) -> Refused {
    Refused::Field { field: format!("answers.{key}"), why: why.to_owned() }
}

/// The normalized answer to one question; `None` if it was left empty.
///
/// # Errors
/// Why it does not fit.
pub fn check_given(field: &Field, given: &Value) -> Result<Option<Value>, String> {
    match (field.kind, given) {
        (_, Value::Null) => Ok(None),
        (FieldKind::Checkbox, Value::Bool(ticked)) => Ok(ticked.then_some(Value::Bool(true))),
        (FieldKind::Checkbox, _) => Err("answer with true or false.".to_owned()),
        (FieldKind::Text, Value::String(text)) => limited(one_line(text), LINE),
        (FieldKind::LongText, Value::String(text)) => limited(lines(text), TEXT),
        (FieldKind::Choice, Value::String(text)) => {
            let text = one_line(text);
            if text.is_empty() || field.options.contains(&text) {
                Ok(Some(text).filter(|text| !text.is_empty()).map(Value::String))
            } else {
                Err(format!("choose one of: {}.", field.options.join(", ")))
            }
        }
        _ => Err("answer with a text.".to_owned()),
    }
}

fn limited(text: String, most: usize) -> Result<Option<Value>, String> {
    match text.chars().count() {
        0 => Ok(None),
        count if count > most => Err(format!("at most {most} characters, these are {count}.")),
        _ => Ok(Some(Value::String(text))),
    }
}

/// Checks that this ticket is on sale now. Whether one is left is decided when it is taken.
///
/// # Errors
/// Why not.
pub(super) fn check_ticket(
    form: &RegistrationForm,
    wanted: Option<TicketTypeId>,
    now: Timestamp,
) -> Result<(), Refused> {
    let Some(wanted) = wanted else {
        return if form.ticket_types.is_empty() { Ok(()) } else { Err(Refused::NoTicketChosen) };
    };
    let ticket = form.ticket_types.iter().find(|ticket| ticket.id == wanted && !ticket.hidden);
    let view = ticket.cloned().ok_or(Refused::NoSuchTicket)?.view(now);
    match view {
        view if view.on_sale => Ok(()),
        view if view.remaining == Some(0) => Err(Refused::SoldOut),
        _ => Err(Refused::NotOnSale),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::id::FieldId;

    fn field(key: &str, kind: FieldKind, required: bool) -> Field {
        Field {
            id: FieldId(Uuid::nil()),
            key: key.to_owned(),
            label: format!("Your {key}"),
            kind,
            options: vec!["S".to_owned(), "M".to_owned()],
            required,
            position: 0,
        }
    }

    fn check(fields: &[Field], given: Value) -> Result<Value, String> {
        let given: Answers = serde_json::from_value(given).unwrap();
        let checked = check_answers(fields, &given);
        checked.map(|answers| serde_json::to_value(answers).unwrap()).map_err(|e| e.to_string())
    }

    #[test]
    fn answers_are_kept_in_their_kind_and_empty_ones_left_out() {
        let fields = [
            field("company", FieldKind::Text, false),
            field("notes", FieldKind::LongText, false),
            field("size", FieldKind::Choice, true),
            field("vegan", FieldKind::Checkbox, false),
        ];
        let given = json!({"company": " A \n B ", "notes": " ", "size": "M", "vegan": false});
        assert_eq!(check(&fields, given), Ok(json!({"company": "A B", "size": "M"})));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_question() {
        let refused = |kind, required, given: Value| {
            check(&[field("size", kind, required)], json!({"size": given})).unwrap_err()
        };
        assert_eq!(
            refused(FieldKind::Choice, false, json!("XL")),
            "Your size: choose one of: S, M."
        );
        assert_eq!(
            refused(FieldKind::Text, true, json!("  ")),
            "Your size: this must be answered."
        );
        let unticked = refused(FieldKind::Checkbox, true, json!(false));
        assert_eq!(unticked, "Your size: this must be ticked.");
        assert_eq!(refused(FieldKind::Text, false, json!(7)), "Your size: answer with a text.");
        let long = json!("x".repeat(301));
        assert!(refused(FieldKind::Text, false, long).contains("at most 300"));
        let unknown = check(&[], json!({"admin": true})).unwrap_err();
        assert_eq!(unknown, "There is no such question on the form.");
    }
}
