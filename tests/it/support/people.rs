//! Accounts made directly in the database, for tests of something else than signing in.

use plenary::id::{EventId, PersonId, RoomId, SignInId};
use plenary::people::{role, sign_in};
use plenary::permission::{Grant, Role};

use super::client::Client;
use super::hub::TestHub;

/// Somebody with an account and a browser that is signed in.
pub struct TestPerson {
    /// The person.
    pub id: PersonId,
    /// The browser.
    pub client: Client,
}

impl TestHub {
    /// A person without any role.
    pub async fn person(&self, name: &str) -> TestPerson {
        let app = &self.app;
        let now = app.clock.now();
        let id = PersonId::new(now, &app.random);
        let insert = app
            .db
            .query(
                "INSERT INTO people (id, kind, name, affiliation, about, languages, search_key,
                                     created_at, updated_at)
                 VALUES (?, 'person', ?, '', '', '[]', ?, ?, ?)",
            )
            .bind(id.bytes())
            .bind(name.to_owned())
            .bind(name.to_lowercase())
            .bind(now.0)
            .bind(now.0);
        app.db.run(insert).await.expect("store a person");

        let secret = app.random.secret();
        let insert = app
            .db
            .query(
                "INSERT INTO sign_ins (id, person_id, token_hash, user_agent, address, created_at,
                                       seen_at, expires_at)
                 VALUES (?, ?, ?, 'test', '127.0.0.1', ?, ?, ?)",
            )
            .bind(SignInId::new(now, &app.random).bytes())
            .bind(id.bytes())
            .bind(sign_in::hash(&secret))
            .bind(now.0)
            .bind(now.0)
            .bind(now.0 + 86_400_000);
        app.db.run(insert).await.expect("store a sign-in");
        let mut client = self.client();
        client.cookie = Some(format!("{}={secret}", sign_in::cookie_name(false)));
        TestPerson { id, client }
    }

    /// A person who may create events.
    pub async fn founder(&self) -> TestPerson {
        let person = self.person("Founder").await;
        self.grant_everywhere(person.id).await;
        person
    }

    /// Makes the person an organizer of the installation.
    async fn grant_everywhere(&self, person: PersonId) {
        self.grant_in(None, person, Role::Organizer, None).await;
    }

    /// Grants a role in an event, or in one of its rooms.
    pub async fn grant(&self, event: EventId, person: PersonId, role: Role, room: Option<RoomId>) {
        self.grant_in(Some(event), person, role, room).await;
        let part = plenary::events::Part::Roles;
        self.app.events.changed(event, part, vec![person]).await.expect("the snapshot");
    }

    async fn grant_in(
        &self,
        event: Option<EventId>,
        person: PersonId,
        role: Role,
        room: Option<RoomId>,
    ) {
        let app = &self.app;
        let mut transaction = app.db.begin().await.expect("a transaction");
        let grant = Grant { role, room };
        let time = (app.clock.now(), &app.random);
        role::grant(&app.db, &mut transaction, (event, person), grant, None, time)
            .await
            .expect("grant a role");
        if let Some(event) = event {
            plenary::events::touch(&app.db, &mut transaction, event).await.expect("touch");
        }
        transaction.commit().await.expect("commit");
    }
}
