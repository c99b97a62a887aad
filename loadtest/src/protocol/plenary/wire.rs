//! The lines that come, as far as they are of interest.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::protocol::stamp::Stamp;
use crate::protocol::{Answer, Message};

pub(super) fn answer(ok: Option<&RawValue>, error: Option<Refusal<'_>>) -> Option<Answer> {
    if let Some(refusal) = error {
        return Some(Answer::Refused(refusal.code.into_owned()));
    }
    let done: Done<'_> = serde_json::from_str(ok?.get()).ok()?;
    Some(match done {
        Done { reset: Some(reset), after: Some(after), seq: Some(up_to), .. } => {
            let messages = new_messages(after, &done.messages.unwrap_or_default());
            // Its `more` is about older messages, and an answer is never cut short.
            Answer::Changes { after, up_to, messages, reset, more: false }
        }
        Done { direct: Some(direct), .. } => Answer::Opened(direct.channel.to_owned()),
        Done { person: Some(person), .. } => Answer::Welcomed(person.id.to_owned()),
        Done { seq, .. } if seq.is_some() => Answer::Accepted(seq),
        Done { .. } => Answer::Done,
    })
}

/// The messages that are new among what has changed after this number.
pub(super) fn new_messages(after: u64, changed: &[Changed<'_>]) -> Vec<Message> {
    let new = changed.iter().filter(|message| message.seq > after);
    let message = |message: &Changed<'_>| {
        let stamp = message.text.as_deref().and_then(Stamp::find);
        Message { number: message.seq, stamp }
    };
    new.map(message).collect()
}

#[derive(Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow, default)]
    pub(super) push: Option<&'a str>,
    #[serde(borrow, default)]
    pub(super) channel: Option<&'a str>,
    #[serde(borrow, default)]
    pub(super) data: Option<&'a RawValue>,
    #[serde(default)]
    pub(super) reply: Option<u32>,
    #[serde(borrow, default)]
    pub(super) ok: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) error: Option<Refusal<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Refusal<'a> {
    #[serde(borrow)]
    pub(super) code: Cow<'a, str>,
}

/// What any answer can hold of what is wanted here: the fields tell them apart.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Done<'a> {
    pub(super) after: Option<u64>,
    pub(super) seq: Option<u64>,
    #[serde(borrow)]
    pub(super) messages: Option<Vec<Changed<'a>>>,
    pub(super) reset: Option<bool>,
    #[serde(borrow)]
    pub(super) direct: Option<Direct<'a>>,
    #[serde(borrow)]
    pub(super) person: Option<Person<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Changed<'a> {
    pub(super) seq: u64,
    #[serde(borrow, default)]
    pub(super) text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Direct<'a> {
    #[serde(borrow)]
    pub(super) channel: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Person<'a> {
    #[serde(borrow)]
    pub(super) id: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Tick {
    pub(super) people: u64,
}

/// What has changed of the event.
#[derive(Deserialize)]
pub(super) struct Changes<'a> {
    #[serde(borrow)]
    pub(super) what: Vec<&'a str>,
    pub(super) within_ms: u64,
}

#[derive(Deserialize)]
pub(super) struct Totals {
    pub(super) totals: Sums,
}

/// The sums that are of interest.
#[derive(Deserialize)]
pub(super) struct Sums {
    #[serde(default)]
    pub(super) load_test: Option<u64>,
}
