//! Changing a part: what is not sent stays, `null` takes a value away.

use serde::{Deserialize, Deserializer};

/// Tells a field that is not sent (`None`) from one that is `null` (`Some(None)`). To be used with
/// `#[serde(default, deserialize_with = "…")]`.
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

/// Puts the value that was sent, if one was, in the place of the present one.
pub fn replace<T>(present: &mut T, sent: Option<impl Into<T>>) {
    if let Some(sent) = sent {
        *present = sent.into();
    }
}
