//! Texts that programs read as well: names in URLs, of time zones and languages, of fields.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TextError, quoted, within};

/// The name of an event in URLs: lower-case letters, digits and single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
pub struct Slug(String);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = within(text, 2, 60)?;
        let allowed = text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if allowed {
            return Ok(Self(text));
        }
        Err(TextError(
            "it may hold lower-case letters (a to z), digits and single hyphens between them"
                .to_owned(),
        ))
    }
}

impl_text!(Slug);

/// The name of a time zone in the IANA database, like `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "Europe/Berlin")]
pub struct TimeZoneName(String);

impl TimeZoneName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone's rules.
    pub fn zone(&self) -> TimeZone {
        // The name was checked on input; should its rules be missing, times are shown in UTC.
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl TryFrom<String> for TimeZoneName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = text.trim();
        let unknown =
            || TextError(format!("{} is not a known time zone, like Europe/Berlin", quoted(text)));
        let zone = TimeZone::get(text).map_err(|_| unknown())?;
        // The database's own spelling, whatever case was typed.
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or_else(unknown)
    }
}

impl_text!(TimeZoneName);

/// The tag of a language, like `en` or `de-AT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 35, example = "en")]
pub struct Locale(String);

impl Locale {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Locale {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let fits = (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && parts.all(|p| {
                (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())
            })
            && text.len() <= 35;
        if fits {
            return Ok(Self(text));
        }
        Err(TextError("it must be the tag of a language, like en or de-AT".to_owned()))
    }
}

impl_text!(Locale);

impl Default for Locale {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// The key of a registration field: a lower-case letter, then letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
pub struct FieldKey(String);

impl FieldKey {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FieldKey {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let text = within(text, 1, 40)?;
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            return Ok(Self(text));
        }
        Err(TextError(
            "it must begin with a letter from a to z and go on with such letters, digits or underscores"
                .to_owned(),
        ))
    }
}

impl_text!(FieldKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for good in ["camp-2019", "ab", "38c3"] {
            assert!(Slug::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "a", "Camp", "-camp", "camp-", "a--b", "a b", "ü2", "a/b", &"a".repeat(61)]
        {
            assert!(Slug::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn time_zones_are_looked_up() {
        let zone = TimeZoneName::try_from("europe/berlin".to_owned()).expect("known");
        assert_eq!(zone.as_str(), "Europe/Berlin");
        for bad in ["", "Europe/Nowhere", "+02:00", "CEST-ish", "../etc/passwd"] {
            assert!(TimeZoneName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn locales_and_keys() {
        assert!(Locale::try_from("de-AT".to_owned()).is_ok());
        for bad in ["", "d", "DE", "english", "de_AT", "de-"] {
            assert!(Locale::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(FieldKey::try_from("t_shirt2".to_owned()).is_ok());
        for bad in ["", "2x", "T", "a-b", "a b"] {
            assert!(FieldKey::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
