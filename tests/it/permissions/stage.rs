//! The stage: two events with all kinds of targets, and the players.

use std::time::Duration;

use plenary::clock::{Clock, Timestamp};
use plenary::id::PersonId;
use plenary::permission::Role;
use serde_json::{Value, json};

use super::part::Part;
use crate::support::client::Client;
use crate::support::conference::{Conference, TestRoom, message, new_room, open_direct};
use crate::support::databases::TestDatabase;
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

/// Thirty days, longer than any test.
const LONG: u32 = 2_592_000;

/// Two events and their people.
pub struct Stage {
    /// The event in which things are tried.
    pub camp: Conference,
    /// A room for switches, which the room's moderators moderate too.
    pub quiet_room: TestRoom,
    /// A room that only organizers see.
    pub hidden_room: TestRoom,
    /// A room of the other event.
    pub room_elsewhere: TestRoom,
    /// Takes part in the event; writes the messages that players target.
    pub author: TestPerson,
    pub(super) author_socket: Socket,
    /// The target of sanctions.
    pub victim: TestPerson,
    /// The target of blocks.
    pub passer_by: TestPerson,
    /// A direct channel of the author and the victim.
    pub others_direct: String,
    /// Takes part in the other event alone.
    pub person_elsewhere: TestPerson,
    /// The administrator's socket in the event and in the other one.
    pub(super) organizer_socket: Socket,
    pub(super) socket_elsewhere: Socket,
    /// The things in the other event, by name.
    pub elsewhere: Value,
    /// A session of the event.
    pub session: String,
    pub(super) next: u32,
}

/// Somebody who plays a part.
pub struct Player {
    /// The part.
    pub part: Part,
    /// Who plays it, unless it is a stranger.
    pub id: Option<PersonId>,
    /// Their browser.
    pub client: Client,
    /// Their socket, if they get one.
    pub socket: Option<Socket>,
    /// The position of their message in the main hall.
    pub message: u64,
    /// Their direct channel with the author, with a message of theirs and then one of the author's.
    pub direct: String,
}

impl Stage {
    /// Sets it up.
    pub async fn new() -> Stage {
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let flags = ["--requests-per-minute=1000000"];
        let mut camp = Conference::with_flags(TestDatabase::sqlite(), clock, &flags).await;
        let organizer = &mut camp.organizer;
        let open = json!({ "guests_allowed": true });
        organizer.client.patch("/api/v1/events/camp", open).await.ok();
        let quiet_room = new_room(organizer, "camp", json!({ "name": "Quiet" })).await;
        let hidden = json!({ "name": "Green room", "hidden": true });
        let hidden_room = new_room(organizer, "camp", hidden).await;
        let elsewhere = json!({
            "slug": "elsewhere", "title": "Elsewhere", "state": "open", "registration_open": true,
            "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
            "time_zone": "UTC",
        });
        organizer.client.post("/api/v1/events", elsewhere).await.ok();
        let room_elsewhere = new_room(organizer, "elsewhere", json!({ "name": "Far off" })).await;
        for slug in ["camp", "elsewhere"] {
            let path = format!("/api/v1/events/{slug}/import/schedule");
            organizer.client.post(&path, schedule(slug)).await.ok();
        }
        let session = first_session(organizer, "camp").await;

        let author = camp.attendee("Author").await;
        let victim = camp.attendee("Victim").await;
        let passer_by = camp.attendee("Passer-by").await;
        let person_elsewhere = camp.hub.person("Far away").await;
        let mut author_socket = camp.joined(&author, &camp.room.channel).await.0;
        let said = author_socket.ask("message.send", message(&camp.room.channel, "First")).await;
        assert_eq!(said.expect("sent")["seq"], 1);
        let others_direct = open_direct(&mut author_socket, victim.id).await;
        let organizer_socket = camp.socket(&camp.organizer).await;
        let mut socket_elsewhere =
            Socket::open(camp.address(), camp.organizer.client.cookie.as_deref())
                .await
                .expect("a socket");
        let hello = json!({ "event": "elsewhere" });
        socket_elsewhere.ask("hello", hello).await.expect("a welcome");

        let mut stage = Stage {
            camp,
            quiet_room,
            hidden_room,
            room_elsewhere,
            author,
            author_socket,
            victim,
            passer_by,
            others_direct,
            person_elsewhere,
            organizer_socket,
            socket_elsewhere,
            elsewhere: Value::Null,
            session,
            next: 0,
        };
        stage.elsewhere = stage.furnish_elsewhere().await;
        stage
    }

    /// Somebody new who plays this part.
    pub async fn player(&mut self, part: Part) -> Player {
        let (id, client) = self.person(part).await;
        let mut player = Player {
            part,
            id,
            client,
            socket: None,
            message: 1,
            direct: self.others_direct.clone(),
        };
        if let Some(person) = id {
            self.dress(person, part).await;
            if part.connects().is_ok() || part.is_registered() {
                player.socket = Some(self.socket_of(&player).await);
            }
            if part != Part::Guest && player.socket.is_some() {
                self.let_talk(&mut player).await;
            }
            self.sanction(person, part).await;
            if part.connects().is_err() {
                player.socket = None;
            }
        }
        player
    }

    /// Somebody with an account or without.
    async fn person(&mut self, part: Part) -> (Option<PersonId>, Client) {
        match part {
            Part::Stranger => (None, self.camp.hub.client()),
            Part::Guest => {
                let mut client = self.camp.hub.client();
                let entered = client.post("/api/v1/sign-in/guest", json!({ "event": "camp" }));
                let me = entered.await.ok();
                (Some(me["id"].as_str().expect("an id").parse().expect("an id")), client)
            }
            Part::Administrator => {
                let administrator = self.camp.hub.administrator().await;
                (Some(administrator.id), administrator.client)
            }
            part => {
                let person = self.camp.hub.person(&format!("{part:?}")).await;
                (Some(person.id), person.client)
            }
        }
    }

    /// Gives somebody what their part needs, except sanctions.
    async fn dress(&mut self, person: PersonId, part: Part) {
        if part.is_registered() {
            self.camp.register(person).await;
        }
        let roles: &[(Role, Option<&TestRoom>)] = match part {
            Part::Speaker => &[(Role::Speaker, None)],
            Part::Exhibitor => &[(Role::Exhibitor, None)],
            Part::RoomModerator => &[
                (Role::Moderator, Some(&self.camp.room)),
                (Role::Moderator, Some(&self.quiet_room)),
            ],
            Part::Moderator => &[(Role::Moderator, None)],
            Part::Organizer => &[(Role::Organizer, None)],
            _ => &[],
        };
        for (role, room) in roles {
            self.camp.hub.grant(self.camp.event, person, *role, room.map(|room| room.id)).await;
        }
        if part == Part::OrganizerElsewhere {
            let elsewhere = self.camp.hub.app.events.by_slug("elsewhere").await;
            let elsewhere = elsewhere.expect("an answer").expect("the event").id;
            self.camp.hub.grant(elsewhere, person, Role::Organizer, None).await;
        }
    }

    async fn socket_of(&self, player: &Player) -> Socket {
        let cookie = player.client.cookie.as_deref();
        let mut socket = Socket::open(self.camp.address(), cookie).await.expect("a socket");
        socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        socket
    }

    /// Has them write in the main hall, and to the author, who answers.
    async fn let_talk(&mut self, player: &mut Player) {
        self.let_time_pass();
        let socket = player.socket.as_mut().expect("a socket");
        let said = socket.ask("message.send", message(&self.camp.room.channel, "Own")).await;
        player.message = said.expect("sent")["seq"].as_u64().expect("a number");
        player.direct = open_direct(socket, self.author.id).await;
        socket.ask("message.send", message(&player.direct, "Own")).await.expect("sent");
        let answer = message(&player.direct, "The author's");
        self.author_socket.ask("message.send", answer).await.expect("sent");
    }

    async fn sanction(&mut self, person: PersonId, part: Part) {
        let room = self.camp.room.id;
        let (operation, order) = match part {
            Part::Banned => ("moderation.ban", json!({ "person": person, "reason": "" })),
            Part::BannedFromRoom => {
                ("moderation.ban", json!({ "person": person, "room": room, "reason": "" }))
            }
            Part::TimedOut => {
                let order = json!({ "person": person, "seconds": LONG, "reason": "" });
                ("moderation.time_out", order)
            }
            Part::Cancelled => return self.cancel(person).await,
            _ => return,
        };
        self.organizer_socket.ask(operation, order).await.expect("a sanction");
    }

    async fn cancel(&mut self, person: PersonId) {
        let id = self.registration_of(person).await;
        let path = format!("/api/v1/events/camp/registrations/{id}/cancel");
        self.camp.organizer.client.post(&path, Value::Null).await.ok();
    }

    /// Lets a little time pass, to avoid rate limits.
    pub fn let_time_pass(&self) {
        self.camp.hub.app.clock.advance(Duration::from_secs(1));
    }
}

/// The first session of an event's agenda.
pub(super) async fn first_session(organizer: &TestPerson, slug: &str) -> String {
    let agenda = organizer.client.get(&format!("/api/v1/events/{slug}/agenda")).await.ok();
    agenda["sessions"][0]["id"].as_str().expect("a session").to_owned()
}

/// A schedule with one session.
pub fn schedule(slug: &str) -> Value {
    json!({ "schedule": { "version": "1.0", "conference": {
        "acronym": slug, "title": "Summer Camp", "start": "2027-01-15", "end": "2027-01-15",
        "time_zone_name": "Europe/Berlin",
        "days": [{
            "index": 1, "date": "2027-01-15", "day_start": "2027-01-15T09:00:00+01:00",
            "day_end": "2027-01-15T20:00:00+01:00",
            "rooms": { "Main hall": [{
                "guid": "a0a0fcfe-b7fb-46e3-84b6-97a5406016b4", "id": 1, "title": "Opening",
                "date": "2027-01-15T11:00:00+01:00", "start": "11:00", "duration": "00:30",
                "room": "Main hall", "persons": [],
            }] },
        }],
    } } })
}
