//! An example of a request, and who is expected to be allowed.

use plenary::permission::Operation;
use serde_json::{Value, json};

use super::part::{Outcome, Part, Place, Whose};

/// The request. Placeholders like `<new room>` are filled in for each attempt, see
/// [`super::things`].
#[derive(Clone, Debug)]
pub enum Ask {
    /// A request to a route, like `PATCH /events/{slug}/rooms/{id}`.
    Rest {
        /// The value of `{id}`.
        id: &'static str,
        /// The query string.
        query: &'static str,
        /// The body; none if null.
        body: Value,
    },
    /// A request over the socket.
    Socket(Value),
    /// A new socket in the event with this slug.
    Hello(&'static str),
}

/// An example.
#[derive(Clone, Debug)]
pub struct Example {
    /// The route or the operation.
    pub name: &'static str,
    /// What is special about this example.
    pub what: &'static str,
    /// Where it happens.
    pub place: Place,
    /// The permissions it needs, in this order.
    pub needs: Vec<(Operation, Whose)>,
    /// The outcome for those who are allowed.
    pub then: Outcome,
    /// Exceptions to the table, by part.
    pub special: Vec<(Part, Outcome)>,
    /// Whether the player cannot be used afterwards.
    pub uses_up: bool,
    /// The request.
    pub ask: Ask,
}

/// A request to a route.
pub fn rest(name: &'static str) -> Example {
    Example::new(name, Ask::Rest { id: "", query: "", body: Value::Null })
}

/// A request over the socket.
pub fn socket(name: &'static str, data: Value) -> Example {
    Example::new(name, Ask::Socket(data))
}

/// A new socket.
pub fn hello(event: &'static str) -> Example {
    Example::new("hello", Ask::Hello(event))
}

impl Example {
    fn new(name: &'static str, ask: Ask) -> Self {
        let needs = Vec::new();
        let special = Vec::new();
        Self {
            name,
            what: "",
            place: Place::Event,
            needs,
            then: Ok(()),
            special,
            uses_up: false,
            ask,
        }
    }

    /// With these parts of a REST request.
    pub fn with(mut self, new_id: &'static str, new_body: Value) -> Self {
        if let Ask::Rest { id, body, .. } = &mut self.ask {
            (*id, *body) = (new_id, new_body);
        }
        self
    }

    /// With this body.
    pub fn body(self, body: Value) -> Self {
        self.with("", body)
    }

    /// About this.
    pub fn id(self, id: &'static str) -> Self {
        self.with(id, Value::Null)
    }

    /// With this query string.
    pub fn query(mut self, text: &'static str) -> Self {
        if let Ask::Rest { query, .. } = &mut self.ask {
            *query = text;
        }
        self
    }

    /// What is special about it.
    pub fn what(self, what: &'static str) -> Self {
        Self { what, ..self }
    }

    /// Needs this permission on one's own things.
    pub fn needs(mut self, operation: Operation) -> Self {
        self.needs.push((operation, Whose::Own));
        self
    }

    /// Needs this permission on somebody else's things.
    pub fn needs_others(mut self, operation: Operation) -> Self {
        self.needs.push((operation, Whose::Foreign));
        self
    }

    /// Happens here.
    pub fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Those who are allowed get "not found".
    pub fn missing(self) -> Self {
        self.then("not_found")
    }

    /// Those who are allowed get this code.
    pub fn then(self, code: &str) -> Self {
        Self { then: Err(code.to_owned()), ..self }
    }

    /// This one gets this code, whatever the table says.
    pub fn but(mut self, part: Part, code: &str) -> Self {
        self.special.push((part, Err(code.to_owned())));
        self
    }

    /// These get this code, whatever the table says.
    pub fn but_all(self, parts: impl IntoIterator<Item = Part>, code: &str) -> Self {
        parts.into_iter().fold(self, |example, part| example.but(part, code))
    }

    /// This one is allowed, whatever the table says.
    pub fn except(mut self, part: Part) -> Self {
        self.special.push((part, Ok(())));
        self
    }

    /// The player cannot be used afterwards.
    pub fn uses_up(self) -> Self {
        Self { uses_up: true, ..self }
    }

    /// The expected outcome.
    pub fn expected(&self, part: Part) -> Outcome {
        if matches!(self.ask, Ask::Socket(_)) {
            part.connects()?;
        }
        if let Some((_, outcome)) = self.special.iter().find(|(special, _)| *special == part) {
            return outcome.clone();
        }
        for (operation, whose) in &self.needs {
            part.may(*operation, *whose, self.place)?;
        }
        self.then.clone()
    }
}

/// A message for this channel.
pub fn says(channel: &str) -> Value {
    json!({ "channel": channel, "client_id": "<uuid>", "text": "Hello" })
}
