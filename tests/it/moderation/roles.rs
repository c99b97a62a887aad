//! Who can moderate whom, and where.

use plenary::permission::Role;
use serde_json::json;

use super::{a_minute, for_good};
use crate::support::conference::Conference;

const DENIED: &str = "permission.denied";

#[tokio::test]
async fn nobody_moderates_their_equals_their_superiors_or_themselves() {
    let camp = Conference::start().await;
    let (mia, max) = (camp.moderator("Mia").await, camp.moderator("Max").await);
    let olga = camp.attendee("Olga").await;
    camp.hub.grant(camp.event, olga.id, Role::Organizer, None).await;
    let administrator = camp.organizer.id;
    let (mia_id, max_id, olga_id) = (mia.id, max.id, olga.id);
    let (mut mia, mut olga) = (camp.socket(&mia).await, camp.socket(&olga).await);
    for person in [mia_id, max_id, olga_id, administrator] {
        for (operation, data) in
            [("moderation.ban", for_good(person)), ("moderation.time_out", a_minute(person))]
        {
            assert_eq!(mia.ask(operation, data).await, Err(DENIED.to_owned()), "{operation}");
        }
    }
    for person in [olga_id, administrator] {
        assert_eq!(olga.ask("moderation.ban", for_good(person)).await, Err(DENIED.to_owned()));
    }
    let imposed = olga.ask("moderation.time_out", a_minute(mia_id)).await.expect("timed out");
    let own = json!({ "sanction": imposed["sanction"]["id"] });
    assert_eq!(mia.ask("moderation.lift", own.clone()).await, Err(DENIED.to_owned()));
    let seen = mia.ask("moderation.history", json!({ "person": olga_id })).await.expect("a page");
    assert_eq!(seen["may_moderate"], false);
    olga.ask("moderation.lift", own).await.expect("lifted");
}

#[tokio::test]
async fn a_moderator_of_a_room_moderates_only_there() {
    let camp = Conference::start().await;
    let (rob, ada, mia) =
        (camp.attendee("Rob").await, camp.attendee("Ada").await, camp.moderator("Mia").await);
    camp.hub.grant(camp.event, rob.id, Role::Moderator, Some(camp.room.id)).await;
    let (rob_id, mia_id) = (rob.id, mia.id);
    let (mut rob, mut mia) = (camp.socket(&rob).await, camp.socket(&mia).await);
    let (here, there) = (camp.room.id, camp.other_room.id);
    let in_room = |room| json!({ "person": ada.id, "room": room, "seconds": 60, "reason": "" });

    let imposed = rob.ask("moderation.time_out", in_room(here)).await.expect("timed out");
    let denied = [
        ("moderation.time_out", in_room(there)),
        ("moderation.time_out", a_minute(ada.id)),
        ("moderation.ban", json!({ "person": ada.id, "room": there, "reason": "" })),
        ("moderation.ban", for_good(ada.id)),
        ("moderation.slow_mode", json!({ "room": there, "seconds": 5 })),
        ("moderation.lock", json!({ "room": there, "locked": true })),
        ("moderation.sanctions", json!({})),
        ("moderation.sanctions", json!({ "room": there })),
        ("moderation.history", json!({ "person": ada.id })),
        (
            "moderation.time_out",
            json!({ "person": mia_id, "room": here, "seconds": 60, "reason": "" }),
        ),
    ];
    for (operation, data) in denied {
        let refused = rob.ask(operation, data.clone()).await;
        assert_eq!(refused, Err(DENIED.to_owned()), "{operation} {data}");
    }
    rob.ask("moderation.slow_mode", json!({ "room": here, "seconds": 5 })).await.expect("slower");
    let listed = rob.ask("moderation.sanctions", json!({ "room": here })).await.expect("a list");
    assert_eq!(listed["sanctions"][0]["by"]["name"], "Rob");

    let everywhere = mia.ask("moderation.time_out", a_minute(ada.id)).await.expect("timed out");
    let lift = |imposed: &serde_json::Value| json!({ "sanction": imposed["sanction"]["id"] });
    assert_eq!(rob.ask("moderation.lift", lift(&everywhere)).await, Err(DENIED.to_owned()));
    rob.ask("moderation.lift", lift(&imposed)).await.expect("lifted");
    let order = json!({ "person": rob_id, "room": here, "seconds": 60, "reason": "" });
    mia.ask("moderation.time_out", order).await.expect("a moderator of the event stands higher");
}
