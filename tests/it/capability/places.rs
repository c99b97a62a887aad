//! The guest book's books: places with channels and keepers of their own, whose changes are told.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use plenary::clock::Timestamp;
use plenary::db::{Columns as _, Connection, Db, DbError};
use plenary::events::store::channels;
use plenary::events::{Access, ChannelKind, EventChange, EventSnapshot, Part, Piece};
use plenary::http::extract::{Body, IdInPath, InEvent};
use plenary::http::problem::Problem;
use plenary::id::{ChannelId, EventId, PersonId};
use plenary::permission::{Actor, Level, Operation, Place, PlaceKind, Target};
use plenary::registry::Registry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::book::GuestBook;
use crate::support::hub::TestHub;

/// A book has changed, or who keeps it.
pub const BOOKS: Part = Part::new("guestbook").public().access(Access::OfEverybody);
/// A book.
const BOOK: PlaceKind = PlaceKind::new("book");
/// What is written in a book: everybody reads it, its keepers write.
pub const PAGES: ChannelKind = ChannelKind::new("guestbook_pages", Operation::ChannelRead)
    .written_by(Operation::AnnouncementSend)
    .at(BOOK, is_open);
/// What a book's keepers say among themselves.
pub const KEEPERS: ChannelKind =
    ChannelKind::new("guestbook_keepers", Operation::StaffChannelRead).at(BOOK, is_open);

/// What a migration would bring.
const TABLES: [&str; 2] = [
    "CREATE TABLE guestbooks (id BLOB NOT NULL PRIMARY KEY, event_id BLOB NOT NULL, title TEXT NOT NULL)",
    "CREATE TABLE guestbook_keepers (book_id BLOB NOT NULL, person_id BLOB NOT NULL)",
];

/// Makes the tables, before there is an event.
pub async fn make_tables(hub: &TestHub) {
    for table in TABLES {
        hub.app.db.run(hub.app.db.query(table)).await.expect("a table");
    }
}

/// The books of an event, and who keeps which.
#[derive(Default)]
pub struct Books {
    titles: HashMap<Uuid, String>,
    keepers: HashMap<PersonId, Vec<Uuid>>,
}

impl Piece for Books {
    fn load<'a>(
        db: &'a Db,
        connection: &'a mut Connection,
        event: EventId,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Self, DbError>> {
        async move {
            let mut books = Self::default();
            let statement = db
                .query(
                    "SELECT b.id, b.title, k.person_id FROM guestbooks b
                     LEFT JOIN guestbook_keepers k ON k.book_id = b.id WHERE b.event_id = ?",
                )
                .bind(event.bytes());
            for row in statement.fetch_all(&mut *connection).await? {
                let id = row.uuid("id")?;
                books.titles.insert(id, row.text("title")?);
                if let Some(keeper) = row.optional_uuid("person_id")? {
                    books.keepers.entry(PersonId(keeper)).or_default().push(id);
                }
            }
            Ok(books)
        }
        .boxed()
    }

    fn complete(&self, person: PersonId, actor: &mut Actor) {
        let kept = self.keepers.get(&person).into_iter().flatten();
        actor.levels.extend(kept.map(|book| (BOOK.of(*book), Level::Organizer)));
    }
}

/// A book that was closed is not there any more, for nobody.
fn is_open(event: &EventSnapshot, place: Place, _: &Actor) -> bool {
    event.piece::<Books>().is_some_and(|books| books.titles.contains_key(&place.id))
}

pub fn register(hub: &mut Registry, state: GuestBook) {
    hub.part(BOOKS);
    hub.channel_kind(PAGES);
    hub.channel_kind(KEEPERS);
    hub.piece::<Books>();
    let router = OpenApiRouter::new().routes(routes!(open)).routes(routes!(change, close));
    hub.routes(router, state);
}

#[derive(Deserialize, ToSchema)]
struct NewBook {
    title: String,
}

#[derive(Serialize, ToSchema)]
struct Opened {
    id: Uuid,
    pages: ChannelId,
    keepers: ChannelId,
}

/// Opens a book.
#[utoipa::path(post, path = "/events/{slug}/guestbook/books", tag = "guestbook",
    operation_id = "open_book", params(("slug" = String, Path)),
    responses((status = 201, body = Opened)))]
async fn open(
    State(state): State<GuestBook>,
    in_event: InEvent,
    Body(book): Body<NewBook>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let (core, event) = (&state.core, in_event.event.id);
    let mut change = EventChange::begin(&core.changes, event, in_event.actor.person).await?;
    let id = core.random.uuid(change.now);
    core.db
        .query("INSERT INTO guestbooks (id, event_id, title) VALUES (?, ?, ?)")
        .bind(bytes(id))
        .bind(event.bytes())
        .bind(book.title)
        .execute(&mut *change.transaction)
        .await
        .map_err(DbError::from)?;
    let channels = channels::open(&mut change, &[(PAGES, Some(id)), (KEEPERS, Some(id))]).await?;
    change.commit(&[BOOKS.of(id)]).await?;
    let opened = Opened { id, pages: channels[0], keepers: channels[1] };
    Ok((StatusCode::CREATED, Json(opened)))
}

#[derive(Deserialize, ToSchema)]
struct BookPatch {
    #[serde(default)]
    title: Option<String>,
    /// Everybody who keeps it from now on.
    #[serde(default)]
    keepers: Option<Vec<PersonId>>,
}

/// Changes a book: its keepers may, others may not.
#[utoipa::path(patch, path = "/events/{slug}/guestbook/books/{id}", tag = "guestbook",
    operation_id = "change_book", params(("slug" = String, Path), ("id" = Uuid, Path)),
    responses((status = 204)))]
async fn change(
    State(state): State<GuestBook>,
    in_event: InEvent,
    IdInPath(id): IdInPath<Uuid>,
    Body(patch): Body<BookPatch>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RoomChange, Target::place(Some(BOOK.of(id))))?;
    let (db, mut statements) = (&state.core.db, Vec::new());
    if let Some(title) = patch.title {
        let update = db.query("UPDATE guestbooks SET title = ? WHERE id = ?");
        statements.push(update.bind(title).bind(bytes(id)));
    }
    if let Some(keepers) = patch.keepers {
        let delete = db.query("DELETE FROM guestbook_keepers WHERE book_id = ?");
        statements.push(delete.bind(bytes(id)));
        statements.extend(keepers.iter().map(|keeper| {
            let insert =
                db.query("INSERT INTO guestbook_keepers (book_id, person_id) VALUES (?, ?)");
            insert.bind(bytes(id)).bind(keeper.bytes())
        }));
    }
    run(&state, &in_event, id, statements).await
}

/// Closes a book for ever.
#[utoipa::path(delete, path = "/events/{slug}/guestbook/books/{id}", tag = "guestbook",
    operation_id = "close_book", params(("slug" = String, Path), ("id" = Uuid, Path)),
    responses((status = 204)))]
async fn close(
    State(state): State<GuestBook>,
    in_event: InEvent,
    IdInPath(id): IdInPath<Uuid>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let delete = state.core.db.query("DELETE FROM guestbooks WHERE id = ?").bind(bytes(id));
    run(&state, &in_event, id, vec![delete]).await
}

/// Changes a book by these statements, and tells everybody.
async fn run(
    state: &GuestBook,
    in_event: &InEvent,
    book: Uuid,
    statements: Vec<plenary::db::Statement>,
) -> Result<StatusCode, Problem> {
    let (changes, person) = (&state.core.changes, in_event.actor.person);
    let mut change = EventChange::begin(changes, in_event.event.id, person).await?;
    for statement in statements {
        statement.execute(&mut *change.transaction).await.map_err(DbError::from)?;
    }
    change.commit(&[BOOKS.of(book)]).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn bytes(id: Uuid) -> Vec<u8> {
    id.into_bytes().to_vec()
}
