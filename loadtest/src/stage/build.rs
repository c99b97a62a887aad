//! Making a test event, its rooms and its people.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::Stage;
use super::rest::Rest;
use crate::clock::wall_seconds;
use crate::options::StageOptions;
use crate::progress::grouped;

/// How many people are signed in with one request; the hub takes no more.
const AT_ONCE: usize = 1_000;

/// Makes what is missing.
pub(super) fn build(
    url: &str,
    options: &StageOptions,
    known: Option<Stage>,
    rooms: usize,
    people: usize,
) -> anyhow::Result<Stage> {
    let mut rest = Rest::new(url);
    // Before a link is used up and an event is made.
    rest.is_open_to_load_tests()?;
    let mut stage = known.unwrap_or_default();
    url.clone_into(&mut stage.url);
    if let Some(link) = &options.organizer_link {
        let token = link.rsplit_once("token=").map(|(_, token)| token).with_context(|| {
            format!("{link} is no link to sign in with: it would end in #token=…")
        })?;
        (stage.cookie, stage.organizer) = rest.redeem(token)?;
    } else if stage.organizer.is_empty() {
        bail!(
            "an organizer must let the load tester in. Start the hub with --load-tests, ask it for \
             a link with\n  plenary person grant load-test@load-test.invalid organizer --link\nand \
             give it as --organizer-link, with --stage FILE so that it is needed only once"
        );
    }
    rest.sign_in_with(&stage.cookie, &stage.organizer);
    if let Some(event) = &options.event {
        event.clone_into(&mut stage.event);
    } else if stage.event.is_empty() {
        stage.event = new_event(&rest)?;
    }
    stage.channels = make_rooms(&rest, &stage.event, rooms)?;
    import(&rest, &stage.event, people)?;
    stage.secrets = sign_in(&rest, &stage.event, people)?;
    Ok(stage)
}

fn new_event(rest: &Rest) -> anyhow::Result<String> {
    let now = wall_seconds();
    let slug = format!("load-test-{now:.0}");
    say(&format!("making the event {slug}"));
    let millis = (now * 1_000.0) as i64;
    let event = json!({
        "slug": slug, "title": "Load test", "description": "Made by the load tester.",
        "starts_at": millis, "ends_at": millis + 7 * 24 * 3_600 * 1_000,
        "time_zone": "UTC", "state": "open",
    });
    rest.post_json("/events", &event)?;
    Ok(slug)
}

/// The channels of as many rooms of ours as are wanted; those that are missing are made.
fn make_rooms(rest: &Rest, event: &str, wanted: usize) -> anyhow::Result<Vec<String>> {
    let path = format!("/events/{event}/rooms");
    let present = rest.get(&path)?;
    let present = present["items"].as_array().cloned().unwrap_or_default();
    let mut channels = Vec::with_capacity(wanted);
    for number in 1..=wanted {
        let name = format!("Load test {number}");
        let known = present.iter().find(|room| room["name"] == name.as_str()).cloned();
        let room: Value = match known {
            Some(room) => room,
            None => rest.post_json(&path, &json!({ "name": name }))?,
        };
        let channel = room["channel"].as_str().context("a room without a channel")?;
        channels.push(channel.to_owned());
    }
    Ok(channels)
}

fn address(number: usize) -> String {
    format!("load-{number:06}@load-test.invalid")
}

fn import(rest: &Rest, event: &str, people: usize) -> anyhow::Result<()> {
    say(&format!("importing {} people", grouped(people as u64)));
    let mut table = String::from("email,name\n");
    for number in 0..people {
        // Writing into a string cannot fail.
        let _ = writeln!(table, "{},Load tester {number:06}", address(number));
    }
    rest.post(&format!("/events/{event}/import/people"), "text/csv", &table)?;
    Ok(())
}

fn sign_in(rest: &Rest, event: &str, people: usize) -> anyhow::Result<Vec<String>> {
    let path = format!("/events/{event}/load-test/sign-ins");
    let mut secrets = Vec::with_capacity(people);
    while secrets.len() < people {
        let until = people.min(secrets.len() + AT_ONCE);
        let emails: Vec<String> = (secrets.len()..until).map(address).collect();
        let answer = rest.post_json(&path, &json!({ "emails": emails }))?;
        let new = answer["secrets"].as_array().context("no sign-ins")?;
        secrets.extend(new.iter().filter_map(Value::as_str).map(str::to_owned));
        anyhow::ensure!(
            secrets.len() == until,
            "the hub signed in fewer people than were asked for"
        );
        say(&format!("signed in {} of {} people", grouped(until as u64), grouped(people as u64)));
    }
    Ok(secrets)
}

fn say(what: &str) {
    eprintln!("preparing: {what}");
}
