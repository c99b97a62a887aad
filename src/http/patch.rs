//! Partial updates: fields left out stay as they are, `null` removes a value.

use serde::{Deserialize, Deserializer};

/// Distinguishes a field that was left out (`None`) from one that is `null` (`Some(None)`). Use it
/// with `#[serde(default, deserialize_with = "…")]`.
///
/// # Errors
/// When the value does not fit.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Replaces the present value by the one that was sent, if any.
pub fn replace<T>(present: &mut T, sent: Option<impl Into<T>>) {
    if let Some(sent) = sent {
        *present = sent.into();
    }
}
