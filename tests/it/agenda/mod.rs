//! The agenda: reading, starring, importing, over real HTTP and by the command line.

mod command;
mod files;
mod formats;
mod import;
mod mutations;
mod pictures;
mod reading;

use plenary::id::EventId;
use serde_json::Value;

use crate::support::client::{Answer, Client};
use crate::support::databases::TestDatabase;
use crate::support::hub::TestHub;
use crate::support::people::TestPerson;

const FRAB: &str = include_str!("../data/schedules/frab.json");
const PRETALX: &str = include_str!("../data/schedules/pretalx.json");
const FOSDEM: &str = include_str!("../data/schedules/fosdem.xml");
const REST: &str = include_str!("../data/schedules/pretalx-rest.json");
const AGENDA: &str = "/api/v1/events/camp/agenda";
const IMPORT: &str = "/api/v1/events/camp/import/schedule";

/// A small schedule to change and break.
fn frab() -> Value {
    serde_json::from_str(FRAB).expect("JSON")
}

/// The sessions of a day and a room of a schedule.
fn sessions<'a>(schedule: &'a mut Value, day: usize, room: &str) -> &'a mut Vec<Value> {
    let day = &mut schedule["schedule"]["conference"]["days"][day];
    day["rooms"][room].as_array_mut().expect("a list")
}

/// A hub on this database with one open event, `camp`, and its organizer.
async fn camp(database: TestDatabase) -> (TestHub, TestPerson, EventId) {
    crate::events::camp(database).await
}

/// Imports a document.
async fn import(client: &mut Client, document: &Value) -> Answer {
    client.post(IMPORT, document.clone()).await
}

/// Says what importing a document would do.
async fn dry_run(client: &mut Client, document: &Value) -> Answer {
    client.post(&format!("{IMPORT}?dry_run=true"), document.clone()).await
}
