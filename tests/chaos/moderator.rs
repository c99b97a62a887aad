//! A moderator who silences others, and says so in every channel once that is acknowledged: nobody
//! who is silenced may be heard between that message and the end of the silence.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::Rng as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::client::{Client, Outcome, Phase};

/// The positions of each channel between which somebody was silenced.
#[derive(Clone, Debug)]
pub struct Silence {
    /// Who.
    pub person: String,
    /// After these.
    pub from: BTreeMap<String, u64>,
    /// Before these; for good if there are none.
    pub to: Option<BTreeMap<String, u64>>,
}

/// Silences some of these people until the phase changes. The last of them may be banned.
pub async fn run(
    mut client: Client,
    people: Vec<String>,
    ready: mpsc::Sender<()>,
) -> (Outcome, Vec<Silence>) {
    let mut silences: Vec<(Silence, Value)> = Vec::new();
    let mut banned = false;
    while talks(&client) {
        let wait = client.random.random_range(200..1_500);
        client.listen(Duration::from_millis(wait)).await;
        let open = silences.iter().position(|(one, id)| one.to.is_none() && !id.is_null());
        match (open, client.random.random_range(0..10)) {
            (Some(open), 0..5) => {
                let to = mark(&mut client, "the end of a silence").await;
                let (silence, id) = &mut silences[open];
                silence.to = Some(to);
                client.ask("moderation.lift", json!({ "sanction": id })).await;
            }
            (_, 9) if !banned => {
                banned = true;
                let person = people[people.len() - 1].clone();
                let order = json!({ "person": person, "reason": "Chaos" });
                if client.ask("moderation.ban", order).await.result.is_ok() {
                    client.tally.silenced += 1;
                    let from = mark(&mut client, "a ban").await;
                    silences.push((Silence { person, from, to: None }, Value::Null));
                }
            }
            (None, _) => {
                let person = people[client.random.random_range(0..people.len() - 1)].clone();
                let order = json!({ "person": person, "seconds": 3_600, "reason": "Chaos" });
                let Ok(imposed) = client.ask("moderation.time_out", order).await.result else {
                    continue;
                };
                client.tally.silenced += 1;
                let from = mark(&mut client, "a silence").await;
                let id = imposed["sanction"]["id"].clone();
                silences.push((Silence { person, from, to: None }, id));
            }
            _ => {}
        }
    }
    let silences = silences.into_iter().map(|(silence, _)| silence).collect();
    (client.settle(ready).await, silences)
}

fn talks(client: &Client) -> bool {
    matches!(*client.phase.borrow(), Phase::Talk)
}

/// Says it in every channel. Returns the positions.
async fn mark(client: &mut Client, text: &str) -> BTreeMap<String, u64> {
    let mut numbers = BTreeMap::new();
    for index in 0..client.channels.len() {
        match client.say_in(index, text).await {
            Some(seq) => {
                numbers.insert(client.channels[index].clone(), seq);
            }
            None => client.broken.push("the moderator could not speak".to_owned()),
        }
    }
    numbers
}
