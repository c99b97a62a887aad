//! Personal texts, which must never be logged: each a type that holds only valid text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TextError, lines, one_line, within};

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
    /// An e-mail address, as it was written.
    EmailAddress by email_address;
    /// The name a person goes by: 1 to 100 characters on one line.
    PersonName by person_name;
    /// Where a person works or studies: up to 120 characters on one line, possibly none.
    Affiliation by affiliation;
    /// What a person says about themselves: up to 1,000 characters, possibly none.
    About by about;
    /// A password: 10 to 200 characters.
    Password by password;
    /// A path within this site, to go to after signing in.
    LocalPath by local_path;
}

impl EmailAddress {
    /// The key by which addresses are unique: the address in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

fn email_address(text: &str) -> Result<String, TextError> {
    let refused = || TextError::new("it must be an email address, like name@example.org");
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or_else(refused)?;
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !"\"<>(),;:\\[]".contains(c));
    let complete = domain.contains('.') || domain == "localhost";
    let short = text.len() <= 191 && local.len() <= 64;
    // An address that the mail library rejects is useless.
    if plain && complete && short && text.parse::<lettre::Address>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err(refused())
    }
}

fn person_name(text: &str) -> Result<String, TextError> {
    let name = within(one_line(text), 1, 100)?;
    if name.chars().any(char::is_alphanumeric) {
        Ok(name)
    } else {
        Err(TextError::new("it must be a name that others can read"))
    }
}

fn affiliation(text: &str) -> Result<String, TextError> {
    within(one_line(text), 0, 120)
}

fn about(text: &str) -> Result<String, TextError> {
    within(lines(text), 0, 1_000)
}

fn password(text: &str) -> Result<String, TextError> {
    within(text.to_owned(), 10, 200)
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
    fn addresses_are_compared_without_regard_to_case() {
        let address: EmailAddress = " Ada@Example.org ".parse().unwrap();
        assert_eq!(address.as_str(), "Ada@Example.org");
        assert_eq!(address.key(), "ada@example.org");
    }

    #[test]
    fn invalid_addresses_are_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "a b@example.org",
            "a@b.c\nBcc: x@y.z",
            "Ada <ada@example.org>",
            "a@b@example.org",
            &long,
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_keep_their_letters_and_lose_invisible_characters() {
        let name = |text: &str| text.parse::<PersonName>().map(String::from);
        assert_eq!(name("  Zoë \n Müller "), Ok("Zoë Müller".to_owned()));
        assert_eq!(name("\u{202e}Bob\u{202c}"), Ok("Bob".to_owned()));
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
