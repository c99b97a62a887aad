//! The registration form of an event.

use super::store::ticket_types::TicketTypeRow;
use super::store::{details, fields, ticket_types};
use super::view::Field;
use crate::db::{Db, DbError};
use crate::id::EventId;

/// The registration form.
#[derive(Clone, Debug)]
pub struct RegistrationForm {
    /// What people agree to; empty when nothing is asked.
    pub consent_text: String,
    /// Which version of that text it is.
    pub consent_version: u64,
    /// The ticket types, the hidden ones included.
    pub ticket_types: Vec<TicketTypeRow>,
    /// The questions.
    pub fields: Vec<Field>,
}

impl RegistrationForm {
    /// The form of an event as it is now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(db: &Db, event: EventId) -> Result<Self, DbError> {
        let details = details::read(db, event).await?;
        let details =
            details.ok_or_else(|| DbError::Value("an event has disappeared".to_owned()))?;
        Ok(Self {
            consent_text: details.consent_text,
            consent_version: details.consent_version,
            ticket_types: ticket_types::read(db, event).await?,
            fields: fields::read(db, event).await?,
        })
    }
}
