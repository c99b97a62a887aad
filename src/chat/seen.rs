//! Having read: from then on one is told when there is more, and one's other devices show nothing
//! unread any more.

use std::sync::Arc;

use super::reading::Pointer;
use super::store;
use crate::db::DbError;
use crate::hub::{Lane, Unread, push_frame};
use crate::id::ChannelId;
use crate::socket::Connection;

/// How far somebody has read now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) pointer: Pointer,
    /// How many messages the channel has had.
    pub(super) count: u64,
}

/// Where a pointer at this number stands; at the channel's last one at most. Of what comes next,
/// nobody who claims to have read it already would ever be told.
pub(super) async fn pointer_at(
    connection: &Connection,
    channel: ChannelId,
    seq: u64,
) -> Result<Pointer, DbError> {
    let app = &connection.app;
    let head = match app.hub.open_channel(channel) {
        // A message that comes in between is not counted, and so stays unread.
        Some(open) => Pointer { ordinal: open.count(), seq: open.head() },
        None => store::head(&app.db, channel).await?,
    };
    if seq >= head.seq {
        return Ok(head);
    }
    Ok(Pointer { seq, ordinal: store::ordinal_at(&app.db, channel, seq).await? })
}

/// Moves the person's pointer forward; it never moves back.
pub(super) async fn advance(
    connection: &Arc<Connection>,
    channel: ChannelId,
    to: Pointer,
) -> Result<Seen, DbError> {
    let app = &connection.app;
    let (person, reading) = (connection.person(), &app.chat.reading);
    let open = app.hub.open_channel(channel);
    let known = open.as_ref().map_or(u64::MAX, |channel| channel.count());
    let pointer = match to.ordinal >= known {
        // Who has read everything has not read more before: the database need not be asked.
        true => reading.advance_from(person, channel, to),
        false => reading.advance(person, channel, to).await?,
    };
    let count = open.map_or(pointer.ordinal, |channel| channel.count()).max(pointer.ordinal);
    if pointer.ordinal == count {
        app.hub.follow(channel, &connection.member, pointer.ordinal);
        tell_other_devices(connection, channel, pointer.seq);
    }
    Ok(Seen { pointer, count })
}

fn tell_other_devices(connection: &Connection, channel: ChannelId, seq: u64) {
    let own = connection.member.connection;
    let members = connection.app.hub.connections_of(connection.person());
    let others: Vec<_> = members.iter().filter(|member| member.connection != own).collect();
    if others.is_empty() {
        return;
    }
    let frame = push_frame(Some(channel), &Unread { seq, unread: 0, mentions: 0 });
    for member in others {
        member.outbox.push(Lane::Control, &frame);
    }
}
