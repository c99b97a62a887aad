//! Accounts created directly in the hub, for tests that are not about signing in.

use std::net::{IpAddr, Ipv4Addr};

use plenary::id::{EventId, PersonId, RoomId};
use plenary::identity::person::{self, NewPerson};
use plenary::identity::roles::{self, NewGrant, Scope};
use plenary::identity::sign_in;
use plenary::permission::Role;
use plenary::text::EmailAddress;

use super::client::Client;
use super::hub::TestHub;

/// Somebody with an account and a browser that is signed in.
#[derive(Clone)]
pub struct TestPerson {
    /// The person.
    pub id: PersonId,
    /// The browser.
    pub client: Client,
}

impl TestHub {
    /// A new person with this name, without any role.
    pub async fn person(&self, name: &str) -> TestPerson {
        let email = format!("{}@example.org", self.app.random.secret());
        self.with_account(&email, name).await
    }

    /// One more browser of the person with this address, who is created if needed.
    pub async fn signed_in(&self, email: &str) -> Client {
        let name = email.split('@').next().unwrap_or_default();
        self.with_account(email, name).await.client
    }

    /// A browser of the person with this address, who is created under this name if needed.
    pub async fn with_account(&self, email: &str, name: &str) -> TestPerson {
        let app = &self.app;
        let email: EmailAddress = email.parse().expect("an address");
        let new = NewPerson { email: &email, name, locale: None };
        let mut transaction = app.db.begin().await.expect("a transaction");
        let now = app.clock.now();
        let made = person::ensure(&app.db, &mut transaction, new, now, &app.random).await;
        let (person, _) = made.expect("a person");
        person::confirm_email(&app.db, &mut transaction, person.id, now).await.expect("confirm");
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let browser = sign_in::Client { user_agent: "test".to_owned(), address };
        let entered =
            sign_in::begin(&app.identity, &mut transaction, person.id, false, &browser).await;
        transaction.commit().await.expect("commit");

        let secret = entered.expect("a sign-in").secret;
        let mut client = self.client();
        client.cookie = Some(format!("{}={secret}", sign_in::cookie_name(false)));
        TestPerson { id: person.id, client }
    }

    /// A person who may create events.
    pub async fn administrator(&self) -> TestPerson {
        let person = self.person("Ida").await;
        self.grant_in(Scope::default(), person.id, Role::Organizer).await;
        person
    }

    /// Grants a role in an event, or in one of its rooms.
    pub async fn grant(&self, event: EventId, person: PersonId, role: Role, room: Option<RoomId>) {
        self.grant_in(Scope { event: Some(event), room }, person, role).await;
    }

    async fn grant_in(&self, scope: Scope, person: PersonId, role: Role) {
        let grant = NewGrant { person, role, scope };
        roles::grant(&self.app.identity, grant, None).await.expect("grant a role");
    }
}
