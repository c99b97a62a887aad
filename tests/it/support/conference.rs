//! A conference to try things in: an open event with two rooms and people who take part.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use plenary::clock::{Clock, Timestamp};
use plenary::db::Statement;
use plenary::id::{EventId, PersonId, RegistrationId, RoomId};
use plenary::identity::person::{self, NewPerson};
use plenary::identity::sign_in;
use plenary::permission::Role;
use plenary::random::Random;
use serde_json::{Value, json};

use super::databases::TestDatabase;
use super::hub::TestHub;
use super::people::TestPerson;
use super::socket::Socket;

/// A hub with an event, `camp`, its rooms and its organizer.
pub struct Conference {
    /// The hub.
    pub hub: TestHub,
    /// The event.
    pub event: EventId,
    /// Its organizer.
    pub organizer: TestPerson,
    /// Its first room.
    pub room: TestRoom,
    /// Another room.
    pub other_room: TestRoom,
}

/// A room and its channels.
#[derive(Clone, Debug)]
pub struct TestRoom {
    /// The room.
    pub id: RoomId,
    /// Its chat channel.
    pub channel: String,
    /// Its staff channel.
    pub staff: String,
}

impl Conference {
    /// A conference on a new SQLite database with the real time.
    pub async fn start() -> Conference {
        Self::with(TestDatabase::sqlite(), Clock::System).await
    }

    /// A conference on this database with this clock.
    pub async fn with(database: TestDatabase, clock: Clock) -> Conference {
        Self::with_flags(database, clock, &[]).await
    }

    /// A conference on this database with this clock and these flags.
    pub async fn with_flags(database: TestDatabase, clock: Clock, flags: &[&str]) -> Conference {
        let flags = [&["--drain-seconds=0"], flags].concat();
        Self::on(TestHub::with(database, clock, &flags).await).await
    }

    /// A conference on this hub.
    pub async fn on(hub: TestHub) -> Conference {
        let mut organizer = hub.administrator().await;
        let event = json!({
            "slug": "camp", "title": "Summer Camp", "state": "open",
            "starts_at": 1_800_000_000_000_i64, "ends_at": 1_800_300_000_000_i64,
            "time_zone": "Europe/Berlin", "registration_open": true,
        });
        let event = organizer.client.post("/api/v1/events", event).await.ok();
        let event = event["id"].as_str().expect("an id").parse().expect("an id");
        let room = new_room(&mut organizer, "camp", json!({ "name": "Main hall" })).await;
        let other_room = new_room(&mut organizer, "camp", json!({ "name": "Workshop" })).await;
        Conference { hub, event, organizer, room, other_room }
    }

    /// The same after the hub was stopped and started again.
    pub async fn restart(self) -> Conference {
        Conference { hub: self.hub.restart().await, ..self }
    }

    /// Where the hub is.
    pub fn address(&self) -> SocketAddr {
        self.hub.address
    }

    /// Somebody with a confirmed registration.
    pub async fn attendee(&self, name: &str) -> TestPerson {
        let person = self.hub.person(name).await;
        self.register(person.id).await;
        person
    }

    /// This many people with a confirmed registration, stored in one go.
    pub async fn crowd(&self, people: u32) -> Vec<TestPerson> {
        let app = &self.hub.app;
        let now = app.clock.now();
        let browser = self.hub.client();
        let client = sign_in::Client {
            user_agent: "test".to_owned(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let mut transaction = app.db.begin().await.expect("a transaction");
        let mut crowd = Vec::new();
        for number in 0..people {
            let email = format!("{number}@crowd.example.org").parse().expect("an address");
            let name = format!("Person {number}");
            let new = NewPerson { email: &email, name: &name, locale: None };
            let made = person::ensure(&app.db, &mut transaction, new, now, &app.random).await;
            let id = made.expect("a person").0.id;
            let registered = self.registration(id).execute(&mut *transaction).await;
            registered.expect("store a registration");
            let entered = sign_in::begin(&app.identity, &mut transaction, id, false, &client).await;
            let secret = entered.expect("a sign-in").secret;
            let mut browser = browser.clone();
            browser.cookie = Some(format!("{}={secret}", sign_in::cookie_name(false)));
            crowd.push(TestPerson { id, client: browser });
        }
        transaction.commit().await.expect("commit");
        crowd
    }

    /// Somebody registered who moderates the event.
    pub async fn moderator(&self, name: &str) -> TestPerson {
        let person = self.attendee(name).await;
        self.hub.grant(self.event, person.id, Role::Moderator, None).await;
        person
    }

    /// Confirms a registration.
    pub async fn register(&self, person: PersonId) {
        let app = &self.hub.app;
        app.db.run(self.registration(person)).await.expect("store a registration");
        app.events.joined(self.event, person);
    }

    fn registration(&self, person: PersonId) -> Statement {
        let app = &self.hub.app;
        let now = app.clock.now();
        app.db
            .query(
                "INSERT INTO registrations
                     (id, event_id, person_id, status, answers, listed, created_at, updated_at)
                 VALUES (?, ?, ?, 'confirmed', '{}', 1, ?, ?)",
            )
            .bind(RegistrationId::new(now, &app.random).bytes())
            .bind(self.event.bytes())
            .bind(person.bytes())
            .bind(now.0)
            .bind(now.0)
    }

    /// A socket of this person that has sent hello.
    pub async fn socket(&self, person: &TestPerson) -> Socket {
        self.greeted(person).await.0
    }

    /// A socket of this person and the hub's welcome.
    pub async fn greeted(&self, person: &TestPerson) -> (Socket, Value) {
        let cookie = person.client.cookie.as_deref();
        let mut socket = Socket::open(self.address(), cookie).await.expect("a socket");
        let welcome = socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        (socket, welcome)
    }

    /// A socket of this person that has joined this channel, and the answer to the join.
    pub async fn joined(&self, person: &TestPerson, channel: &str) -> (Socket, Value) {
        let mut socket = self.socket(person).await;
        let joined = socket.ask("channel.join", json!({ "channel": channel })).await;
        (socket, joined.expect("a channel"))
    }
}

/// A new room of the event of this slug.
pub async fn new_room(organizer: &mut TestPerson, slug: &str, room: Value) -> TestRoom {
    let path = format!("/api/v1/events/{slug}/rooms");
    let room = organizer.client.post(&path, room).await.ok();
    let text = |field: &str| room[field].as_str().unwrap_or_else(|| panic!("{room}")).to_owned();
    TestRoom {
        id: text("id").parse().expect("an id"),
        channel: text("channel"),
        staff: text("staff_channel"),
    }
}

/// Opens the direct channel with somebody.
pub async fn open_direct(socket: &mut Socket, person: PersonId) -> String {
    let opened = socket.ask("direct.open", json!({ "people": [person] })).await.expect("opened");
    opened["direct"]["channel"].as_str().expect("a channel").to_owned()
}

/// The data that sends a message.
pub fn message(channel: &str, text: &str) -> Value {
    json!({ "channel": channel, "client_id": Random::System.uuid(Timestamp(0)), "text": text })
}
