//! The placeholders of the examples, like `<new room>`. New things are created for the attempt.

use plenary::db::Columns as _;
use plenary::id::{PersonId, RegistrationId, SignInId};
use plenary::random::Random;
use serde_json::{Value, json};

use super::part::Part;
use super::stage::{Player, Stage, first_session, schedule};
use crate::support::conference::message;

const CAMP: &str = "/api/v1/events/camp";
const ELSEWHERE: &str = "/api/v1/events/elsewhere";

impl Stage {
    /// The value with every `<thing>` filled in.
    pub async fn put_in(&mut self, value: &Value, player: &Player) -> Value {
        match value {
            Value::String(text) => match text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) {
                Some(name) => self.thing(name, player).await,
                None => value.clone(),
            },
            Value::Array(items) => {
                let mut made = Vec::new();
                for item in items {
                    made.push(Box::pin(self.put_in(item, player)).await);
                }
                Value::Array(made)
            }
            Value::Object(fields) => {
                let mut made = serde_json::Map::new();
                for (key, field) in fields {
                    made.insert(key.clone(), Box::pin(self.put_in(field, player)).await);
                }
                Value::Object(made)
            }
            other => other.clone(),
        }
    }

    /// The value of this placeholder.
    pub async fn thing(&mut self, name: &str, player: &Player) -> Value {
        let camp = &self.camp;
        match name {
            "room" => json!(camp.room.id),
            "other room" => json!(camp.other_room.id),
            "quiet room" => json!(self.quiet_room.id),
            "hidden room" => json!(self.hidden_room.id),
            "room elsewhere" => json!(self.room_elsewhere.id),
            "channel" => json!(camp.room.channel),
            "other channel" => json!(camp.other_room.channel),
            "hidden channel" => json!(self.hidden_room.channel),
            "channel elsewhere" => json!(self.room_elsewhere.channel),
            "staff" => json!(camp.room.staff),
            "other staff" => json!(camp.other_room.staff),
            "announcements" => {
                camp.organizer.client.get(&format!("{CAMP}/rooms")).await.ok()["announcements"]
                    .clone()
            }
            "own direct" => json!(player.direct),
            "others' direct" => json!(self.others_direct),
            "author" => json!(self.author.id),
            "victim" => json!(self.victim.id),
            "passer-by" => json!(self.passer_by.id),
            "organizer" => json!(camp.organizer.id),
            "person elsewhere" => json!(self.person_elsewhere.id),
            "session" => json!(self.session),
            "schedule" => schedule("camp"),
            "uuid" => json!(self.uuid()),
            "own message" => json!(player.message),
            "new name" | "new slug" | "new key" | "new email" | "email to register"
            | "table of people" => self.new_text(name, player),
            "own sign-in" => self.sign_in_of(player.id).await,
            "others' sign-in" => self.sign_in_of(Some(self.author.id)).await,
            name if name.contains("message") => self.new_message(name).await,
            name if name.contains("sanction") && !name.ends_with("elsewhere") => {
                self.new_sanction(name).await
            }
            name => match name.strip_suffix(" elsewhere") {
                Some(made) => self.elsewhere[made].clone(),
                None => self.made_over_rest(name).await,
            },
        }
    }

    fn uuid(&self) -> String {
        Random::System.uuid(self.camp.hub.app.clock.now()).to_string()
    }

    fn new_text(&mut self, name: &str, player: &Player) -> Value {
        self.next += 1;
        let number = self.next;
        match name {
            "new key" => json!(format!("key_{number}")),
            "new slug" => json!(format!("event-{number}")),
            "new name" => json!(format!("Number {number}")),
            "table of people" => json!(format!("email,name\nrow-{number}@example.org,Row\n")),
            // People with an account register with its address.
            "email to register" if !matches!(player.part, Part::Stranger | Part::Guest) => {
                Value::Null
            }
            _ => json!(format!("person-{number}@example.org")),
        }
    }

    async fn sign_in_of(&self, person: Option<PersonId>) -> Value {
        let db = &self.camp.hub.app.db;
        let Some(person) = person else { return json!(self.uuid()) };
        let find = db.query("SELECT id FROM sign_ins WHERE person_id = ?").bind(person.bytes());
        let row = db.one(find).await.expect("an answer").expect("a sign-in");
        json!(SignInId(row.uuid("id").expect("an id")))
    }

    /// The registration of somebody in the event `camp`.
    pub(super) async fn registration_of(&self, person: PersonId) -> RegistrationId {
        let db = &self.camp.hub.app.db;
        let find = db
            .query("SELECT id FROM registrations WHERE person_id = ? AND event_id = ?")
            .bind(person.bytes())
            .bind(self.camp.event.bytes());
        let row = db.one(find).await.expect("an answer").expect("a registration");
        RegistrationId(row.uuid("id").expect("an id"))
    }

    /// The position of a new message of the author's.
    async fn new_message(&mut self, name: &str) -> Value {
        let channel = match name {
            "others' message" | "own direct message" => return json!(1),
            "author's message in own direct" => return json!(2),
            "new message in other room" => self.camp.other_room.channel.clone(),
            _ => self.camp.room.channel.clone(),
        };
        self.let_time_pass();
        let said = self.author_socket.ask("message.send", message(&channel, "New")).await;
        let seq = said.expect("sent")["seq"].clone();
        if name.starts_with("deleted") {
            let delete = json!({ "channel": channel, "seq": seq });
            self.organizer_socket.ask("message.delete", delete).await.expect("deleted");
        }
        seq
    }

    async fn new_sanction(&mut self, name: &str) -> Value {
        let mut order = json!({ "person": self.victim.id, "seconds": 600, "reason": "" });
        if name.ends_with(" in room") {
            order["room"] = json!(self.camp.room.id);
        } else if name.ends_with(" in other room") {
            order["room"] = json!(self.camp.other_room.id);
        }
        let imposed = self.organizer_socket.ask("moderation.time_out", order).await;
        imposed.expect("timed out")["sanction"]["id"].clone()
    }

    /// Something new of the event `camp`.
    async fn made_over_rest(&mut self, name: &str) -> Value {
        match name {
            "new registration" | "cancelled registration" => {
                let person = self.camp.attendee("Newcomer").await;
                let id = self.registration_of(person.id).await;
                if name.starts_with("cancelled") {
                    let path = format!("{CAMP}/registrations/{id}/cancel");
                    self.camp.organizer.client.post(&path, Value::Null).await.ok();
                }
                json!(id)
            }
            name => self.made(CAMP, name).await,
        }
    }

    async fn made(&mut self, event: &str, name: &str) -> Value {
        self.next += 1;
        let number = self.next;
        let (list, new) = match name {
            "new room" => ("rooms", json!({ "name": format!("Room {number}") })),
            "new ticket type" => ("ticket-types", json!({ "name": format!("Ticket {number}") })),
            "new field" => {
                let key = format!("field_{number}");
                ("fields", json!({ "key": key, "label": "Field", "kind": "text" }))
            }
            "new grant" => {
                let email = format!("newcomer-{number}@example.org");
                self.camp.hub.signed_in(&email).await;
                ("roles", json!({ "email": email, "role": "speaker" }))
            }
            other => panic!("nothing is called <{other}>"),
        };
        let organizer = &mut self.camp.organizer.client;
        organizer.post(&format!("{event}/{list}"), new).await.ok()["id"].clone()
    }

    /// Makes one of each thing in the other event.
    pub(super) async fn furnish_elsewhere(&mut self) -> Value {
        let mut made = json!({ "session": first_session(&self.camp.organizer, "elsewhere").await });
        for name in ["room", "ticket type", "field", "grant"] {
            made[name] = self.made(ELSEWHERE, &format!("new {name}")).await;
        }
        let register = json!({ "ticket_type": made["ticket type"], "consent": true });
        let path = format!("{ELSEWHERE}/registrations");
        let registered = self.person_elsewhere.client.post(&path, register).await;
        made["registration"] = registered.ok()["id"].clone();
        let order = json!({ "person": self.person_elsewhere.id, "reason": "" });
        let imposed = self.socket_elsewhere.ask("moderation.ban", order).await;
        made["sanction"] = imposed.expect("banned")["sanction"]["id"].clone();
        made
    }
}
