//! What has been said already: written by the log like everything that is said.

use std::collections::HashMap;

use anyhow::Context as _;

use super::data::{Conference, Said};
use crate::app::App;
use crate::chat::{self, Action, Entry, MessageText};
use crate::clock::Timestamp;
use crate::events::{ChannelKind, EventSnapshot};
use crate::id::{ChannelId, ClientMessageId, PersonId};
use crate::protocol::Card;

/// Says it all.
pub(super) async fn say(
    app: &App,
    event: &EventSnapshot,
    conference: &Conference,
    people: &HashMap<String, PersonId>,
) -> anyhow::Result<()> {
    let mut said: HashMap<ChannelId, Vec<u64>> = HashMap::new();
    for one in &conference.talk {
        let channel = channel(event, conference, one)?;
        let seqs = said.entry(channel).or_default();
        let reply_to = one.reply_to.and_then(|place| seqs.get(place).copied());
        let seq = send(app, channel, one, reply_to, conference, people).await?;
        seqs.push(seq);
        // It was said a while ago, and nobody has read it yet.
        let sent_at = Timestamp(app.clock.now().0 - one.minutes_ago * 60_000);
        chat::backdate(&app.db, channel, seq, sent_at).await?;
    }
    react(app, event, conference, people, &said).await
}

fn channel(
    event: &EventSnapshot,
    conference: &Conference,
    said: &Said,
) -> anyhow::Result<ChannelId> {
    let name = said.room.as_ref().map(|id| {
        let room = conference.rooms.iter().find(|room| room.id == *id);
        room.map(|room| room.name.clone()).with_context(|| format!("there is no room {id}"))
    });
    let name = name.transpose()?;
    let room = event.rooms.iter().find(|(_, room)| Some(&room.name) == name.as_ref());
    let room = room.map(|(id, _)| *id);
    let kind = if name.is_some() { ChannelKind::ROOM } else { ChannelKind::ANNOUNCEMENTS };
    let mut channels = event.channels.iter();
    let found = channels.find(|(_, info)| info.kind == kind && info.room() == room);
    found.map(|(id, _)| *id).with_context(|| format!("there is no channel for {said:?}"))
}

async fn send(
    app: &App,
    channel: ChannelId,
    said: &Said,
    reply_to: Option<u64>,
    conference: &Conference,
    people: &HashMap<String, PersonId>,
) -> anyhow::Result<u64> {
    let person = id_of(people, &said.by)?;
    let name = conference.people.iter().find(|person| person.id == said.by);
    let name = name.map(|person| person.name.clone()).unwrap_or_default();
    let action = Action::Send {
        sender: Card {
            id: person,
            name,
            reading: None,
            picture: None,
            affiliation: None,
            badge: None,
        },
        client_id: ClientMessageId::new(app.clock.now(), &app.random),
        text: MessageText::try_from(said.text.clone())?,
        reply_to,
        mentions: vec![],
    };
    Ok(app.chat.log.append(Entry { channel, person, permit: None, action }).await?.seq)
}

/// All at once: reactions that come together share a change.
async fn react(
    app: &App,
    event: &EventSnapshot,
    conference: &Conference,
    people: &HashMap<String, PersonId>,
    said: &HashMap<ChannelId, Vec<u64>>,
) -> anyhow::Result<()> {
    let mut places: HashMap<ChannelId, usize> = HashMap::new();
    let mut reactions = vec![];
    for one in &conference.talk {
        let channel = channel(event, conference, one)?;
        let place = places.entry(channel).or_default();
        let seq = said.get(&channel).and_then(|seqs| seqs.get(*place)).copied();
        let seq = seq.context("a message that was said")?;
        *place += 1;
        for (emoji, by) in &one.reactions {
            for name in by {
                let emoji = emoji.clone().try_into()?;
                let person = id_of(people, name)?;
                let action = Action::React { seq, emoji, on: true };
                reactions.push(app.chat.log.append(Entry {
                    channel,
                    person,
                    permit: None,
                    action,
                }));
            }
        }
    }
    for written in futures_util::future::join_all(reactions).await {
        written?;
    }
    Ok(())
}

fn id_of(people: &HashMap<String, PersonId>, name: &str) -> anyhow::Result<PersonId> {
    people.get(name).copied().with_context(|| format!("there is no person {name}"))
}
