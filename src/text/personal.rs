//! Personal texts, which must never be logged: each a type that holds only valid text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::email::email_address;
use super::guessable::is_guessable;
use super::visible::name_line;
use super::{TextError, lines, within};

macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident by $check:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                $check(&text).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                $check(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Keeps addresses and passwords out of the log, even by accident.
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

checked! {
    /// An e-mail address, as it was written; its domain may be international.
    EmailAddress by email_address;
    /// The name a person goes by: 1 to 100 characters on one line.
    PersonName by person_name;
    /// Where a person works or studies: up to 120 characters on one line, possibly none.
    Affiliation by affiliation;
    /// What a person says about themselves: up to 1,000 characters, possibly none.
    About by about;
    /// A password: 10 to 200 characters, and none that is guessed at once.
    Password by password;
    /// A path within this site, to go to after signing in.
    LocalPath by local_path;
}

fn person_name(text: &str) -> Result<String, TextError> {
    let name = within(name_line(text), 1, 100)?;
    if name.chars().any(char::is_alphanumeric) {
        Ok(name)
    } else {
        Err(TextError::new("it must be a name that others can read"))
    }
}

fn affiliation(text: &str) -> Result<String, TextError> {
    within(name_line(text), 0, 120)
}

fn about(text: &str) -> Result<String, TextError> {
    within(lines(text), 0, 1_000)
}

fn password(text: &str) -> Result<String, TextError> {
    let password = within(text.to_owned(), 10, 200)?;
    if is_guessable(&password) {
        let why =
            "many people have one like it, and it is among the first to be guessed; choose another";
        return Err(TextError::new(why));
    }
    Ok(password)
}

fn local_path(text: &str) -> Result<String, TextError> {
    let good = text.len() <= 300
        && text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
    if good {
        Ok(text.to_owned())
    } else {
        Err(TextError::new("it must be a path within this site, like /e/summer-school"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_letters_and_lose_invisible_characters() {
        let name = |text: &str| text.parse::<PersonName>().map(String::from);
        assert_eq!(name("  Zoë \n Müller "), Ok("Zoë Müller".to_owned()));
        assert_eq!(name("\u{202e}Bob\u{202c}"), Ok("Bob".to_owned()));
        assert_eq!(name("Ada\u{200b} Love\u{2060}lace"), name("Ada Lovelace"));
        assert!(name("…").is_err());
        assert!(name("\u{3164}").is_err(), "an invisible letter");
        assert!(name(&"x".repeat(101)).is_err());
    }

    #[test]
    fn only_paths_of_this_site_are_accepted() {
        assert!("/e/camp?day=2".parse::<LocalPath>().is_ok());
        for text in ["//evil.example", "https://evil.example", "/\\evil.example", "e/camp"] {
            assert!(text.parse::<LocalPath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn secrets_do_not_show_in_logs() {
        let password: Password = "correct horse".parse().unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!("short".parse::<Password>().is_err());
    }
}
