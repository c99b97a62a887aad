//! At least one example for every route of the REST interface.

use plenary::permission::Operation::*;
use serde_json::json;

use super::example::{Example, rest};
use super::part::{Part, Place};

/// All of them.
pub fn examples() -> Vec<Example> {
    [events(), rooms(), forms(), agenda(), registration(), people(), account(), sign_in()].concat()
}

fn events() -> Vec<Example> {
    let new = json!({
        "slug": "<new slug>", "title": "New", "starts_at": 1_800_000_000_000_i64,
        "ends_at": 1_800_300_000_000_i64, "time_zone": "UTC",
    });
    vec![
        rest("GET /events").needs(EventRead).at(Place::Nowhere),
        rest("POST /events").body(new).needs(EventCreate).at(Place::Nowhere),
        rest("GET /events/{slug}").needs(EventRead),
        rest("PATCH /events/{slug}")
            .body(json!({ "description": "<new name>" }))
            .needs(EventChange),
        rest("GET /events/{slug}/audit").needs(AuditRead).except(Part::RoomModerator),
    ]
}

fn rooms() -> Vec<Example> {
    let change = || json!({ "description": "<new name>" });
    vec![
        rest("GET /events/{slug}/rooms").needs(RoomsRead),
        rest("POST /events/{slug}/rooms").body(json!({ "name": "<new name>" })).needs(RoomChange),
        rest("PATCH /events/{slug}/rooms/{id}").with("<new room>", change()).needs(RoomChange),
        rest("PATCH /events/{slug}/rooms/{id}")
            .with("<room elsewhere>", change())
            .needs(RoomChange)
            .missing(),
        rest("DELETE /events/{slug}/rooms/{id}").id("<new room>").needs(RoomChange),
        rest("DELETE /events/{slug}/rooms/{id}").id("<room elsewhere>").needs(RoomChange).missing(),
    ]
}

/// Ticket types and the questions of the form.
fn forms() -> Vec<Example> {
    let change = || json!({ "description": "<new name>" });
    let field = json!({ "key": "<new key>", "label": "Field", "kind": "text" });
    let label = || json!({ "label": "<new name>" });
    vec![
        rest("GET /events/{slug}/ticket-types").needs(EventRead),
        rest("POST /events/{slug}/ticket-types")
            .body(json!({ "name": "<new name>" }))
            .needs(TicketTypeChange),
        rest("PATCH /events/{slug}/ticket-types/{id}")
            .with("<new ticket type>", change())
            .needs(TicketTypeChange),
        rest("PATCH /events/{slug}/ticket-types/{id}")
            .with("<ticket type elsewhere>", change())
            .needs(TicketTypeChange)
            .missing(),
        rest("DELETE /events/{slug}/ticket-types/{id}")
            .id("<new ticket type>")
            .needs(TicketTypeChange),
        rest("DELETE /events/{slug}/ticket-types/{id}")
            .id("<ticket type elsewhere>")
            .needs(TicketTypeChange)
            .missing(),
        rest("GET /events/{slug}/fields").needs(EventRead),
        rest("POST /events/{slug}/fields").body(field).needs(FieldChange),
        rest("PATCH /events/{slug}/fields/{id}").with("<new field>", label()).needs(FieldChange),
        rest("PATCH /events/{slug}/fields/{id}")
            .with("<field elsewhere>", label())
            .needs(FieldChange)
            .missing(),
        rest("DELETE /events/{slug}/fields/{id}").id("<new field>").needs(FieldChange),
        rest("DELETE /events/{slug}/fields/{id}")
            .id("<field elsewhere>")
            .needs(FieldChange)
            .missing(),
    ]
}

fn agenda() -> Vec<Example> {
    let import = || rest("POST /events/{slug}/import/schedule");
    vec![
        rest("GET /events/{slug}/agenda").needs(AgendaRead),
        rest("GET /events/{slug}/stars").needs(Star),
        rest("PUT /events/{slug}/stars/{id}").id("<session>").needs(Star),
        rest("PUT /events/{slug}/stars/{id}").id("<session elsewhere>").needs(Star).missing(),
        rest("DELETE /events/{slug}/stars/{id}").id("<session>").needs(Star),
        rest("DELETE /events/{slug}/stars/{id}").id("<session elsewhere>").needs(Star),
        import().body(json!("<schedule>")).query("?dry_run=true").needs(ImportSchedule),
        import().body(json!("<schedule>")).needs(ImportSchedule),
    ]
}

/// People without a registration get "not found".
fn unregistered() -> impl Iterator<Item = Part> {
    let signed_in = |part: &Part| !part.is_registered() && *part != Part::Stranger;
    Part::ALL.into_iter().filter(signed_in)
}

fn registration() -> Vec<Example> {
    let register = json!({
        "email": "<email to register>", "name": "New", "ticket_type": "<new ticket type>",
        "consent": true,
    });
    let registered = Part::ALL.into_iter().filter(|part| part.is_registered());
    let own = |name| rest(name).needs(RegistrationRead).but_all(unregistered(), "not_found");
    let change = |name| rest(name).needs(RegistrationChange).but_all(unregistered(), "not_found");
    let organize = |name| rest(name).needs_others(RegistrationChange);
    vec![
        rest("POST /events/{slug}/registrations")
            .body(register)
            .needs(Register)
            .but(Part::Cancelled, "registration.cancelled")
            .but_all(registered, "registration.exists")
            .uses_up(),
        own("GET /events/{slug}/registration"),
        change("PATCH /events/{slug}/registration").body(json!({ "listed": true })),
        change("DELETE /events/{slug}/registration").uses_up(),
        rest("GET /events/{slug}/registrations").needs(RegistrationsRead),
        organize("POST /events/{slug}/registrations/{id}/cancel").id("<new registration>"),
        organize("POST /events/{slug}/registrations/{id}/cancel")
            .id("<registration elsewhere>")
            .missing(),
        organize("POST /events/{slug}/registrations/{id}/reinstate").id("<cancelled registration>"),
        rest("GET /events/{slug}/registrations/held").needs(HeldRead),
        rest("POST /events/{slug}/registrations/{id}/admit")
            .id("<cancelled registration>")
            .needs(HeldDecide)
            .missing(),
        rest("POST /events/{slug}/registrations/{id}/turn-away")
            .id("<registration elsewhere>")
            .needs(HeldDecide)
            .missing(),
        organize("POST /events/{slug}/registrations/{id}/reinstate")
            .id("<registration elsewhere>")
            .missing(),
    ]
}

fn people() -> Vec<Example> {
    let grant = |room: &str| json!({ "person": "<author>", "role": "speaker", "room": room });
    vec![
        rest("GET /events/{slug}/people").needs(PeopleRead),
        rest("GET /events/{slug}/people/{id}").id("<author>").needs(PeopleRead),
        rest("GET /events/{slug}/people/{id}").id("<person elsewhere>").needs(PeopleRead).missing(),
        rest("POST /events/{slug}/import/people")
            .body(json!("<table of people>"))
            .needs(ImportPeople),
        rest("GET /load-test").at(Place::Nowhere).then("load_test.off"),
        rest("POST /events/{slug}/load-test/sign-ins")
            .body(json!({ "emails": ["load-1@load-test.invalid"] }))
            .needs(LoadTest)
            .then("load_test.off"),
        rest("PUT /events/{slug}/load-test/count")
            .body(json!({ "channel": "<uuid>", "count": 1 }))
            .needs(LoadTestCount)
            .then("load_test.off"),
        rest("GET /events/{slug}/export/people.csv").needs(ExportPeople),
        rest("GET /events/{slug}/roles").needs(RolesRead),
        rest("POST /events/{slug}/roles").body(grant("<room>")).needs(RolesChange),
        rest("POST /events/{slug}/roles")
            .body(grant("<room elsewhere>"))
            .needs(RolesChange)
            .then("request.invalid"),
        rest("DELETE /events/{slug}/roles/{id}").id("<new grant>").needs(RolesChange),
        rest("POST /events/{slug}/roles")
            .body(json!({ "person": "<person elsewhere>", "role": "speaker" }))
            .needs(RolesChange)
            .then("request.invalid"),
        rest("GET /events/{slug}/invitations").needs(RolesRead),
        rest("DELETE /events/{slug}/invitations/{id}").id("<uuid>").needs(RolesChange).missing(),
        rest("DELETE /events/{slug}/roles/{id}")
            .id("<grant elsewhere>")
            .needs(RolesChange)
            .missing(),
    ]
}

/// One's own account, which guests lack.
fn account() -> Vec<Example> {
    let own = |name| {
        let change = rest(name).needs(AccountChange).at(Place::Nowhere);
        change.but(Part::Guest, "permission.denied")
    };
    // What others see stays as it is while a sanction is in force.
    let shown = |name| {
        let sanctioned = [Part::Banned, Part::BannedFromRoom, Part::TimedOut];
        own(name).but_all(sanctioned, "moderation.unchangeable")
    };
    let password = json!({ "password": "a long enough pass phrase" });
    vec![
        rest("GET /me").needs(AccountRead).at(Place::Nowhere),
        shown("PATCH /me").body(json!({ "about": "<new name>" })),
        own("PATCH /me").body(json!({ "locale": "de" })),
        shown("PUT /me/email").body(json!({ "email": "<new email>" })),
        own("PUT /me/password").body(password).uses_up(),
        shown("PUT /me/picture").body(json!("no picture")).then("picture.unusable"),
        shown("DELETE /me/picture"),
        own("GET /me/invitations"),
        own("POST /me/invitations/{id}/accept").id("<uuid>").missing(),
        own("DELETE /me/invitations/{id}").id("<uuid>").missing(),
        own("GET /me/sign-ins"),
        own("DELETE /me/sign-ins/{id}").id("<own sign-in>").uses_up(),
        own("DELETE /me/sign-ins/{id}").id("<others' sign-in>").missing(),
        rest("POST /tickets").body(json!({})).needs(SocketTicket).at(Place::Nowhere),
    ]
}

/// What everyone may try.
fn sign_in() -> Vec<Example> {
    let open = |name| rest(name).needs(SignIn).at(Place::Nowhere);
    let email = || json!({ "email": "<new email>" });
    let token = || json!({ "token": "nonsense" });
    let guess = json!({ "email": "<new email>", "password": "a wild guess" });
    let reset = json!({ "token": "nonsense", "password": "a long enough pass phrase" });
    vec![
        open("GET /sign-in"),
        open("POST /sign-in/link").body(email()),
        open("POST /mailed-link").body(token()).then("sign_in.link_used"),
        open("POST /sign-in/link/redeem").body(token()).then("sign_in.link_used"),
        open("POST /sign-in/password").body(guess).then("sign_in.wrong"),
        open("POST /sign-in/guest").body(json!({ "event": "camp" })),
        open("POST /sign-out").body(json!({})).uses_up(),
        open("POST /email/confirm").body(token()).then("sign_in.link_used"),
        open("POST /password-reset").body(email()),
        open("POST /password-reset/redeem").body(reset).then("sign_in.link_used"),
    ]
}
