//! Validates answers against the registration form.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::events::RegistrationForm;
use crate::events::store::ticket_types::TicketTypeRow;
use crate::events::view::{Field, FieldKind};
use crate::id::TicketTypeId;
use crate::text::{lines, one_line};

use super::{Refused, WrongField};

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
/// Which fields are wrong, and why.
pub fn check_answers(fields: &[Field], given: &Answers) -> Result<Answers, Vec<WrongField>> {
    let unknown = given.keys().filter(|key| fields.iter().all(|field| field.key != **key));
    let unknown = unknown.map(|key| wrong_answer(key, "There is no such question on the form."));
    let mut wrong: Vec<_> = unknown.collect();
    let mut checked = Answers::new();
    for field in fields {
        let given = given.get(&field.key).unwrap_or(&Value::Null);
        match check_given(field, given).and_then(|answer| if_required(field, answer)) {
            Ok(answer) => checked.extend(answer.map(|answer| (field.key.clone(), answer))),
            Err(why) => wrong.push(wrong_answer(&field.key, &format!("{}: {why}", field.label))),
        }
    }
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

fn wrong_answer(key: &str, why: &str) -> WrongField {
    WrongField::new(format!("answers.{key}"), why)
}

fn if_required(field: &Field, answer: Option<Value>) -> Result<Option<Value>, String> {
    match field.kind {
        _ if answer.is_some() || !field.required => Ok(answer),
        FieldKind::Checkbox => Err("this must be ticked.".to_owned()),
        _ => Err("this must be answered.".to_owned()),
    }
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

/// The ticket type that was chosen; none where there are none.
///
/// # Errors
/// When none was chosen of those that there are.
pub(super) fn chosen_ticket(
    form: &RegistrationForm,
    wanted: Option<TicketTypeId>,
) -> Result<Option<&TicketTypeRow>, WrongField> {
    let wrong = |why| Err(WrongField::new("ticket_type", why));
    let Some(wanted) = wanted else {
        return if form.ticket_types.is_empty() { Ok(None) } else { wrong("Choose a ticket.") };
    };
    match form.ticket_types.iter().find(|ticket| ticket.id == wanted && !ticket.hidden) {
        None => wrong("There is no such ticket."),
        found => Ok(found),
    }
}

/// Checks that this ticket can be had now, by somebody who already holds a seat of type `held`.
/// Whether one is still left is decided when it is taken.
///
/// # Errors
/// Why not.
pub(super) fn check_ticket(
    ticket: &TicketTypeRow,
    now: Timestamp,
    held: Option<TicketTypeId>,
) -> Result<(), Refused> {
    let own = u32::from(held == Some(ticket.id));
    let others = TicketTypeRow { taken: ticket.taken.saturating_sub(own), ..ticket.clone() };
    match others.view(now) {
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
        checked
            .map(|answers| serde_json::to_value(answers).unwrap())
            .map_err(|wrong| Refused::Fields(wrong).to_string())
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
    #[test]
    fn every_answer_that_does_not_fit_is_named() {
        let fields = ["a", "b", "c"].map(|key| field(key, FieldKind::Text, key != "c"));
        let given = Answers::from([("a".into(), json!(7)), ("x".into(), json!("y"))]);
        let wrong = check_answers(&fields, &given).expect_err("three are wrong");
        let named: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(named, ["answers.x", "answers.a", "answers.b"]);
    }
}
