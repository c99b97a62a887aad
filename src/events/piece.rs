//! What capabilities keep of every event in its snapshot, each its own piece.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use http::Extensions;

use super::EventSnapshot;
use crate::clock::Timestamp;
use crate::db::{Connection, Db, DbError};
use crate::id::{EventId, PersonId};
use crate::permission::Actor;

/// A capability's piece of an event's snapshot.
pub trait Piece: Sized + Send + Sync + 'static {
    /// Reads it, by the connection that reads the rest of the snapshot.
    fn load<'a>(
        db: &'a Db,
        connection: &'a mut Connection,
        event: EventId,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Self, DbError>>;

    /// Adds what it knows of a person to what that person is in the event: sanctions, levels at
    /// places. Called often: it must not allocate for those of whom it knows nothing.
    fn complete(&self, _person: PersonId, _actor: &mut Actor) {}
}

type Load = for<'a> fn(
    &'a Db,
    &'a mut Connection,
    EventId,
    Timestamp,
    &'a mut Extensions,
) -> BoxFuture<'a, Result<(), DbError>>;

/// How a piece is read, and what it says of people.
#[derive(Clone, Copy, Debug)]
pub(super) struct PieceKind {
    load: Load,
    complete: fn(&Extensions, PersonId, &mut Actor),
}

impl PieceKind {
    pub(super) fn of<T: Piece>() -> Self {
        Self { load: load::<T>, complete: complete::<T> }
    }
}

fn load<'a, T: Piece>(
    db: &'a Db,
    connection: &'a mut Connection,
    event: EventId,
    now: Timestamp,
    pieces: &'a mut Extensions,
) -> BoxFuture<'a, Result<(), DbError>> {
    async move {
        pieces.insert(Arc::new(T::load(db, connection, event, now).await?));
        Ok(())
    }
    .boxed()
}

fn complete<T: Piece>(pieces: &Extensions, person: PersonId, actor: &mut Actor) {
    if let Some(piece) = pieces.get::<Arc<T>>() {
        piece.complete(person, actor);
    }
}

/// The pieces of one snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    read: Extensions,
    kinds: Arc<[PieceKind]>,
}

impl Pieces {
    /// Reads a piece of each kind.
    pub(super) async fn load(
        kinds: Arc<[PieceKind]>,
        db: &Db,
        connection: &mut Connection,
        event: EventId,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let mut read = Extensions::new();
        for kind in &*kinds {
            (kind.load)(db, connection, event, now, &mut read).await?;
        }
        Ok(Self { read, kinds })
    }
}

impl EventSnapshot {
    /// A capability's piece of it; nothing when the capability has not registered it.
    pub fn piece<T: Piece>(&self) -> Option<&T> {
        self.pieces.read.get::<Arc<T>>().map(|piece| &**piece)
    }

    /// Adds what the pieces know of a person to what that person is in the event.
    pub fn complete(&self, person: PersonId, actor: &mut Actor) {
        for kind in &*self.pieces.kinds {
            (kind.complete)(&self.pieces.read, person, actor);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::events::Registered;
    use crate::events::snapshot::at_version;
    use crate::permission::{Level, Place, PlaceKind};

    const BOOTH: Place = PlaceKind::new("booth").of(Uuid::from_u128(7));
    const ADA: PersonId = PersonId(Uuid::from_u128(1));

    #[derive(Debug, PartialEq)]
    struct Staff(PersonId);

    impl Piece for Staff {
        fn load<'a>(
            _: &'a Db,
            _: &'a mut Connection,
            _: EventId,
            _: Timestamp,
        ) -> BoxFuture<'a, Result<Self, DbError>> {
            std::future::ready(Ok(Self(ADA))).boxed()
        }

        fn complete(&self, person: PersonId, actor: &mut Actor) {
            if person == self.0 {
                actor.levels.push((BOOTH, Level::Moderator));
            }
        }
    }

    #[derive(Debug)]
    struct Nowhere;

    impl Piece for Nowhere {
        fn load<'a>(
            _: &'a Db,
            _: &'a mut Connection,
            _: EventId,
            _: Timestamp,
        ) -> BoxFuture<'a, Result<Self, DbError>> {
            std::future::ready(Err(DbError::TimedOut)).boxed()
        }
    }

    #[tokio::test]
    async fn a_piece_is_found_by_its_type_and_completes_actors() {
        let db = Db::unconnected().unwrap();
        let mut reading = db.reading().await.unwrap();
        let connection = reading.connection();
        let mut registered = Registered::default();
        registered.piece::<Staff>();
        let (id, now) = (EventId(Uuid::nil()), Timestamp(0));
        let mut event = at_version(1);
        assert_eq!(event.piece::<Staff>(), None, "not registered");
        event.pieces = Pieces::load(registered.pieces(), &db, connection, id, now).await.unwrap();
        assert_eq!(event.piece::<Staff>(), Some(&Staff(ADA)));
        let levels_of = |person| {
            let mut actor = Actor::default();
            event.complete(person, &mut actor);
            actor.levels
        };
        assert_eq!(levels_of(ADA), [(BOOTH, Level::Moderator)]);
        assert_eq!(levels_of(PersonId(Uuid::nil())), []);

        registered.piece::<Nowhere>();
        let failed = Pieces::load(registered.pieces(), &db, connection, id, now).await;
        assert!(failed.is_err(), "an event is read as a whole or not at all");
    }
}
