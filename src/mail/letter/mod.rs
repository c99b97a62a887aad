//! The texts of the mails, in English and German.
//!
//! No letter repeats what a stranger could have typed in (a name, an answer): that would let anyone
//! send text of their own through the hub.

mod english;
mod german;

use crate::permission::Role;
use crate::text::Locale;

/// A subject and a plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The subject.
    pub subject: String,
    /// The text; its lines end with a line feed.
    pub body: String,
}

/// The languages of the letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, also the fallback for every other language.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The first of these preferences that is available.
    pub fn of<'a>(preferences: impl IntoIterator<Item = &'a Locale>) -> Self {
        let known = |locale: &Locale| match locale.as_str().split('-').next() {
            Some("en") => Some(Self::English),
            Some("de") => Some(Self::German),
            _ => None,
        };
        preferences.into_iter().find_map(known).unwrap_or_default()
    }
}

/// What a mail brings to be used: the link, or the code where the mail was asked for.
#[derive(Clone, Copy, Debug)]
pub struct LinkAndCode<'a> {
    /// The link.
    pub link: &'a str,
    /// The code, valid for half an hour: `123 456`.
    pub code: &'a str,
}

/// The occasions on which the hub writes.
#[derive(Clone, Copy, Debug)]
pub enum Letter<'a> {
    /// A sign-in link was requested.
    SignIn {
        /// The link, valid for half an hour, and the code.
        mailed: LinkAndCode<'a>,
        /// The event's title, if it was requested from one.
        event: Option<&'a str>,
    },
    /// A link or a new password was requested for an unknown address.
    Unknown {
        /// Where to register: the event's page or the site.
        page: &'a str,
    },
    /// A registration waits to be confirmed.
    Registration {
        /// The link, valid for a day, and the code.
        mailed: LinkAndCode<'a>,
        /// The event's title.
        event: &'a str,
    },
    /// Somebody who is registered already registered again.
    RegisteredAlready {
        /// A sign-in link, valid for half an hour, and its code.
        mailed: LinkAndCode<'a>,
        /// The event's title.
        event: &'a str,
    },
    /// Somebody whose registration was cancelled by the organizers registered again.
    RegistrationRefused {
        /// The event's title.
        event: &'a str,
    },
    /// A new address has to be confirmed.
    ConfirmEmail {
        /// The link, valid for a day, and the code.
        mailed: LinkAndCode<'a>,
    },
    /// To the old address, once there is a new one.
    EmailChanged,
    /// A new password was requested.
    ResetPassword {
        /// The link, valid for half an hour.
        link: &'a str,
    },
    /// The password was changed.
    PasswordChanged,
    /// Somebody without an account is offered a role.
    Invitation {
        /// The page on which it is accepted or declined.
        page: &'a str,
        /// The event's title.
        event: &'a str,
        /// The role.
        role: Role,
    },
    /// Somebody registered with the mailbox of somebody who is banned.
    RegistrationHeld {
        /// The event's title.
        event: &'a str,
    },
}

impl Letter<'_> {
    /// Writes the letter.
    pub fn write(self, language: Language) -> Writing {
        let (subject, text) = match language {
            Language::English => english::write(self),
            Language::German => german::write(self),
        };
        let greeting = match language {
            Language::English => "Hello,",
            Language::German => "Hallo,",
        };
        Writing { subject, body: format!("{greeting}\n\n{text}\n") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAILED: LinkAndCode<'_> = LinkAndCode { link: "https://x/#token=1", code: "123 456" };
    const LETTERS: [Letter<'_>; 11] = [
        Letter::SignIn { mailed: MAILED, event: Some("Camp") },
        Letter::Unknown { page: "https://x/" },
        Letter::Registration { mailed: MAILED, event: "Camp" },
        Letter::RegisteredAlready { mailed: MAILED, event: "Camp" },
        Letter::RegistrationRefused { event: "Camp" },
        Letter::ConfirmEmail { mailed: MAILED },
        Letter::EmailChanged,
        Letter::ResetPassword { link: "https://x/#token=1" },
        Letter::PasswordChanged,
        Letter::Invitation { page: "https://x/e/camp", event: "Camp", role: Role::Moderator },
        Letter::RegistrationHeld { event: "Camp" },
    ];

    #[test]
    fn links_and_codes_stand_on_lines_of_their_own() {
        for letter in LETTERS {
            for language in [Language::English, Language::German] {
                let writing = letter.write(language);
                for line in writing.body.lines().filter(|line| line.contains("https://")) {
                    assert!(line.starts_with("https://") && !line.contains(' '), "{line}");
                }
                for line in writing.body.lines().filter(|line| line.contains("123 456")) {
                    assert_eq!(line, "123 456");
                }
                assert!(writing.body.ends_with(".\n") || writing.body.ends_with("camp\n"));
                assert!(!writing.body.contains("  "), "{}", writing.body);
                assert!(!writing.body.contains(" \n"), "{}", writing.body);
            }
        }
    }

    #[test]
    fn are_written_as_the_app_is() {
        for letter in LETTERS {
            let english = letter.write(Language::English);
            let (greeting, text) = english.body.split_once("\n\n").expect("a greeting");
            assert_eq!(greeting, "Hello,");
            assert!(text.starts_with(char::is_uppercase), "{text}");
            for word in ["somebody", "e-mail", " mail", "request it"] {
                assert!(!english.body.contains(word), "{word} in {text}");
            }
            let german = letter.write(Language::German);
            for word in [" Sie ", " Sie,", "Ihr", "Ihnen", " Mail"] {
                assert!(!german.body.contains(word), "{word} in {}", german.body);
                assert!(!german.subject.contains(word), "{word} in {}", german.subject);
            }
        }
    }

    #[test]
    fn each_language_has_its_own_words() {
        for letter in LETTERS {
            assert_ne!(
                letter.write(Language::English).subject,
                letter.write(Language::German).subject
            );
        }
    }
}
