//! Observers of an event's changes, notified before anything is answered based on them.

use std::sync::Arc;

use parking_lot::RwLock;

use super::{Events, Part};
use crate::id::{EventId, PersonId};

/// Something that caches data about an event. Called after the commit of a change on any node, and
/// before the listeners are notified.
pub trait Observer: std::fmt::Debug + Send + Sync {
    /// A part of an event has changed, for these people; for anyone if empty.
    fn changed(&self, event: EventId, part: Part, people: &[PersonId]);

    /// Somebody has come to take part in an event. It raises no version.
    fn joined(&self, event: EventId, person: PersonId);

    /// Anything may have changed for any of its people.
    fn imported(&self, event: EventId);
}

/// The observers of this hub's events.
#[derive(Debug, Default)]
pub(super) struct Observers(RwLock<Vec<Arc<dyn Observer>>>);

impl Observers {
    pub(super) fn changed(&self, event: EventId, part: Part, people: &[PersonId]) {
        self.each(|observer| observer.changed(event, part, people));
    }

    fn each(&self, tell: impl Fn(&dyn Observer)) {
        for observer in self.0.read().iter() {
            tell(&**observer);
        }
    }
}

impl Events {
    /// Notifies this observer of changes from now on.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        self.observers.0.write().push(observer);
    }

    /// Somebody has come to take part in an event; see [`Observer::joined`].
    pub fn joined(&self, event: EventId, person: PersonId) {
        self.observers.each(|observer| observer.joined(event, person));
    }

    /// Anything may have changed for any of the event's people; see [`Observer::imported`].
    pub fn imported(&self, event: EventId) {
        self.observers.each(|observer| observer.imported(event));
    }
}
