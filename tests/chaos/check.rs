//! Compares the model with the final state: acknowledged messages exist once, every client has the
//! same view, and silenced people said nothing.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::client::{Outcome, Said};
use crate::moderator::Silence;
use crate::support::view::View;
use crate::tally::Tally;

/// The final state of each channel, as a newcomer reads it.
pub type Fresh = BTreeMap<String, View>;

/// All deviations from what should be.
pub fn check(
    fresh: &Fresh,
    outcomes: &[Outcome],
    silences: &[Silence],
    tally: &mut Tally,
) -> Vec<String> {
    let mut broken = Vec::new();
    let mut known = HashMap::new();
    for said in outcomes.iter().flat_map(|outcome| &outcome.said) {
        known.insert(said.client_id.as_str(), said);
    }
    for (channel, view) in fresh {
        numbers(channel, view, &mut broken);
        let mut there: HashMap<&str, Vec<&Value>> = HashMap::new();
        for message in view.messages.values() {
            there.entry(text(message, "client_id")).or_default().push(message);
        }
        for (client_id, messages) in &there {
            if !known.contains_key(client_id) {
                broken.push(format!("nobody said {}", messages[0]));
            }
        }
        for said in known.values().filter(|said| said.channel == *channel) {
            let messages = there.get(said.client_id.as_str()).map_or(&[][..], Vec::as_slice);
            one(said, messages, tally, &mut broken);
        }
        for silence in silences {
            silent(silence, channel, view, &mut broken);
        }
    }
    for view in outcomes.iter().filter_map(|outcome| outcome.views.as_ref()).flatten() {
        compare(view, &fresh[&view.channel], &mut broken);
    }
    broken
}

/// Every message has its ordinal, without gaps.
fn numbers(channel: &str, view: &View, broken: &mut Vec<String>) {
    let ordinals = view.messages.values().map(|message| message["ordinal"].as_u64().unwrap_or(0));
    if !ordinals.eq(1..=view.messages.len() as u64) {
        broken.push(format!("the messages of {channel} are not counted 1, 2, 3"));
    }
}

/// A message exists once if it was acknowledged, with its last acknowledged text.
fn one(said: &Said, there: &[&Value], tally: &mut Tally, broken: &mut Vec<String>) {
    let message = match (there, said.seq) {
        ([], Some(seq)) => {
            return broken.push(format!("{seq} was acknowledged and lost: {said:?}"));
        }
        ([], None) => return,
        ([message], _) => message,
        (several, _) => return broken.push(format!("{} times there: {said:?}", several.len())),
    };
    if !said.perhaps {
        return broken.push(format!("refused, and there: {said:?}"));
    }
    if said.seq.is_some_and(|seq| message["seq"] != seq) {
        broken.push(format!("acknowledged as another number: {said:?}, {message}"));
    }
    match (message.get("deleted"), said.deleted) {
        (None, Some(true)) => broken.push(format!("deleted, and there: {message}")),
        (Some(_), None) => broken.push(format!("nobody deleted {message}")),
        (Some(_), Some(_)) => {
            if message.get("text").is_some() {
                broken.push(format!("deleted, and still to be read: {message}"));
            }
        }
        (None, _) if message["text"] == said.text.as_str() => {}
        (None, _) if said.attempts.iter().any(|text| message["text"] == text.as_str()) => {
            tally.overtaken += 1;
        }
        (None, _) => broken.push(format!("it was made to say something else: {said:?}, {message}")),
    }
}

fn silent(silence: &Silence, channel: &str, view: &View, broken: &mut Vec<String>) {
    let from = silence.from.get(channel).copied().unwrap_or(u64::MAX);
    let to = silence.to.as_ref().map_or(u64::MAX, |to| to.get(channel).copied().unwrap_or(0));
    for (seq, message) in &view.messages {
        let own = message["sender"]["id"] == silence.person.as_str();
        if own && (from..to).contains(seq) {
            broken.push(format!("said in a silence from {from} to {to}: {message}"));
        }
    }
}

/// A client's view equals what a newcomer reads.
fn compare(view: &View, fresh: &View, broken: &mut Vec<String>) {
    let expected: BTreeMap<_, _> = fresh.messages.range(view.from..).collect();
    for (seq, message) in &expected {
        match view.messages.get(seq) {
            Some(own) if own == *message => {}
            Some(own) => broken.push(format!("an old state of {seq}: {own} is not {message}")),
            None => broken.push(format!("{seq} is missing: {message}")),
        }
    }
    let more = view.messages.keys().filter(|seq| !expected.contains_key(seq));
    broken.extend(more.map(|seq| format!("{seq} is there for nobody else")));
}

fn text<'a>(message: &'a Value, field: &str) -> &'a str {
    message[field].as_str().unwrap_or_default()
}
