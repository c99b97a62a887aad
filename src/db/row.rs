//! Reading rows into our own types.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::DbError;
use crate::clock::Timestamp;

/// Typed access to the columns of a row, by name.
pub trait Columns {
    /// An identifier.
    ///
    /// # Errors
    /// When the column is missing, NULL or not 16 bytes long; analogous for the other types.
    fn uuid(&self, column: &str) -> Result<Uuid, DbError>;
    /// An identifier that may be NULL.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn optional_uuid(&self, column: &str) -> Result<Option<Uuid>, DbError>;
    /// Bytes.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn blob(&self, column: &str) -> Result<Vec<u8>, DbError>;
    /// Bytes, if there are any.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn optional_blob(&self, column: &str) -> Result<Option<Vec<u8>>, DbError>;
    /// A text.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn text(&self, column: &str) -> Result<String, DbError>;
    /// A text that may be NULL.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn optional_text(&self, column: &str) -> Result<Option<String>, DbError>;
    /// A whole number.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn number(&self, column: &str) -> Result<i64, DbError>;
    /// A whole number that may be NULL.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn optional_number(&self, column: &str) -> Result<Option<i64>, DbError>;
    /// A whole number that is never negative.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn count(&self, column: &str) -> Result<u64, DbError> {
        u64::try_from(self.number(column)?)
            .map_err(|_| DbError::Value(format!("{column} is negative")))
    }
    /// A flag.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn flag(&self, column: &str) -> Result<bool, DbError> {
        Ok(self.number(column)? != 0)
    }
    /// A time.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn time(&self, column: &str) -> Result<Timestamp, DbError> {
        Ok(Timestamp(self.number(column)?))
    }
    /// A time that may be NULL.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn optional_time(&self, column: &str) -> Result<Option<Timestamp>, DbError> {
        Ok(self.optional_number(column)?.map(Timestamp))
    }
    /// A JSON text.
    ///
    /// # Errors
    /// See [`Columns::uuid`].
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, DbError> {
        from_json(&self.text(column)?)
    }
}

impl Columns for AnyRow {
    fn uuid(&self, column: &str) -> Result<Uuid, DbError> {
        read_uuid(&self.try_get::<Vec<u8>, _>(column)?)
    }

    fn optional_uuid(&self, column: &str) -> Result<Option<Uuid>, DbError> {
        self.try_get::<Option<Vec<u8>>, _>(column)?.as_deref().map(read_uuid).transpose()
    }

    fn blob(&self, column: &str) -> Result<Vec<u8>, DbError> {
        Ok(self.try_get(column)?)
    }

    fn optional_blob(&self, column: &str) -> Result<Option<Vec<u8>>, DbError> {
        Ok(self.try_get(column)?)
    }

    fn text(&self, column: &str) -> Result<String, DbError> {
        Ok(self.try_get(column)?)
    }

    fn optional_text(&self, column: &str) -> Result<Option<String>, DbError> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &str) -> Result<i64, DbError> {
        Ok(self.try_get(column)?)
    }

    fn optional_number(&self, column: &str) -> Result<Option<i64>, DbError> {
        Ok(self.try_get(column)?)
    }
}

fn read_uuid(bytes: &[u8]) -> Result<Uuid, DbError> {
    Uuid::from_slice(bytes).map_err(|error| DbError::Value(error.to_string()))
}

/// Reads a JSON column's text.
///
/// # Errors
/// When the text does not fit the type.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Value(error.to_string()))
}

/// Writes a JSON column's text.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn to_json<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Value(error.to_string()))
}

/// A number as a column holds it.
pub fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
