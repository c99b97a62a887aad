//! What the mails say, in English and German.
//!
//! No letter repeats what a stranger could have typed in (a name, an answer): it would make the
//! hub a carrier for other people's words.

use crate::text::Locale;

/// A subject and a plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The subject.
    pub subject: String,
    /// The text; its lines end with a line feed.
    pub body: String,
}

/// The languages that the letters are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, also for whoever prefers a language that is not here.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The one for the first of these preferences that is here.
    pub fn of<'a>(preferences: impl IntoIterator<Item = &'a Locale>) -> Self {
        let known = |locale: &Locale| match locale.as_str().split('-').next() {
            Some("en") => Some(Self::English),
            Some("de") => Some(Self::German),
            _ => None,
        };
        preferences.into_iter().find_map(known).unwrap_or_default()
    }
}

/// The occasions on which the hub writes.
#[derive(Clone, Copy, Debug)]
pub enum Letter<'a> {
    /// A link to sign in with was asked for.
    SignIn {
        /// The link, good for half an hour.
        link: &'a str,
        /// The event's title, if it was asked for there.
        event: Option<&'a str>,
    },
    /// A link or a new password was asked for by somebody nobody knows.
    Unknown {
        /// Where to register: the event's page or the site.
        page: &'a str,
    },
    /// A registration waits to be confirmed.
    Registration {
        /// The link, good for a day.
        link: &'a str,
        /// The event's title.
        event: &'a str,
        /// Whether a password was chosen along with it.
        password: bool,
    },
    /// Somebody who is registered has registered again.
    RegisteredAlready {
        /// A link to sign in with, good for half an hour.
        link: &'a str,
        /// The event's title.
        event: &'a str,
    },
    /// Somebody whose registration the organizers cancelled has registered again.
    RegistrationRefused {
        /// The event's title.
        event: &'a str,
    },
    /// A new address wants to be confirmed.
    ConfirmEmail {
        /// The link, good for a day.
        link: &'a str,
    },
    /// To the old address, once there is a new one.
    EmailChanged,
    /// A new password was asked for.
    ResetPassword {
        /// The link, good for half an hour.
        link: &'a str,
    },
    /// The password was changed.
    PasswordChanged,
    /// Somebody new was given a role.
    Invitation {
        /// The event's page.
        page: &'a str,
        /// The event's title.
        event: &'a str,
    },
}

impl Letter<'_> {
    /// Writes the letter.
    pub fn write(self, language: Language) -> Writing {
        let (subject, text) = match language {
            Language::English => english(self),
            Language::German => german(self),
        };
        let greeting = match language {
            Language::English => "Hello,",
            Language::German => "Guten Tag,",
        };
        Writing { subject, body: format!("{greeting}\n\n{text}\n") }
    }
}

fn english(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { link, event } => (
            event.map_or_else(
                || "Your link to sign in".to_owned(),
                |event| format!("Your link to sign in to {event}"),
            ),
            format!(
                "with this link you sign in:\n\n{link}\n\n\
                 It works once, within the next 30 minutes.\n\n\
                 If you did not ask for it, ignore this mail: nothing happens without the link."
            ),
        ),
        Letter::Unknown { page } => (
            "There is no account for this address".to_owned(),
            format!(
                "somebody, probably you, wanted to sign in with this address. There is no account \
                 for it yet. Perhaps you registered with another address? Otherwise you can \
                 register here:\n\n{page}\n\n\
                 If it was not you, ignore this mail."
            ),
        ),
        Letter::Registration { link, event, password } => (
            format!("Please confirm your registration for {event}"),
            format!(
                "somebody, probably you, registered this address for {event}. With this link you \
                 confirm the registration and sign in:\n\n{link}\n\n\
                 It works once, within the next 24 hours.{}\
                 If it was not you, ignore this mail: without the link the registration lapses.",
                if password {
                    " The password that was chosen becomes valid with it.\n\n"
                } else {
                    "\n\n"
                }
            ),
        ),
        Letter::RegisteredAlready { link, event } => (
            format!("You are registered for {event}"),
            format!(
                "somebody, probably you, registered this address for {event} again. You are \
                 registered already, and nothing has changed. With this link you sign \
                 in:\n\n{link}\n\n\
                 It works once, within the next 30 minutes. If it was not you, ignore this mail."
            ),
        ),
        Letter::RegistrationRefused { event } => (
            format!("Your registration for {event}"),
            format!(
                "somebody, probably you, registered this address for {event}. The organizers have \
                 cancelled your registration, so it was not renewed. If you think that this is a \
                 mistake, please write to them."
            ),
        ),
        Letter::ConfirmEmail { link } => (
            "Please confirm your new e-mail address".to_owned(),
            format!(
                "with this link you confirm that this is your address from now on:\n\n{link}\n\n\
                 It works once, within the next 24 hours. If you did not ask for it, ignore this \
                 mail."
            ),
        ),
        Letter::EmailChanged => (
            "Your e-mail address was changed".to_owned(),
            "your account has another e-mail address from now on, as was asked for by somebody who \
             was signed in. If it was not you, please write to the organizers at once."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Choose a new password".to_owned(),
            format!(
                "with this link you choose a new password:\n\n{link}\n\n\
                 It works once, within the next 30 minutes. You will be signed out everywhere \
                 else.\n\n\
                 If you did not ask for it, ignore this mail: your password stays as it is."
            ),
        ),
        Letter::PasswordChanged => (
            "Your password was changed".to_owned(),
            "your account has a new password. If it was not you who chose it, ask for a new one \
             on the sign-in page at once: that signs everybody else out."
                .to_owned(),
        ),
        Letter::Invitation { page, event } => (
            format!("You take part in {event}"),
            format!(
                "the organizers of {event} have given you a role there. Sign in with this address \
                 here; no password is needed:\n\n{page}"
            ),
        ),
    }
}

fn german(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { link, event } => (
            event.map_or_else(
                || "Ihr Link zum Anmelden".to_owned(),
                |event| format!("Ihr Link zum Anmelden bei {event}"),
            ),
            format!(
                "mit diesem Link melden Sie sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten.\n\n\
                 Wenn Sie ihn nicht angefordert haben, übergehen Sie diese Mail: Ohne den Link \
                 geschieht nichts."
            ),
        ),
        Letter::Unknown { page } => (
            "Zu dieser Adresse gibt es kein Konto".to_owned(),
            format!(
                "jemand, vermutlich Sie, wollte sich mit dieser Adresse anmelden. Zu ihr gibt es \
                 noch kein Konto. Haben Sie sich vielleicht mit einer anderen Adresse \
                 registriert? Sonst können Sie sich hier registrieren:\n\n{page}\n\n\
                 Wenn Sie es nicht waren, übergehen Sie diese Mail."
            ),
        ),
        Letter::Registration { link, event, password } => (
            format!("Bitte bestätigen Sie Ihre Registrierung für {event}"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse für {event} registriert. Mit diesem \
                 Link bestätigen Sie die Registrierung und melden sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 24 Stunden.{}\
                 Wenn Sie es nicht waren, übergehen Sie diese Mail: Ohne den Link verfällt die \
                 Registrierung.",
                if password {
                    " Mit ihm wird das gewählte Passwort gültig.\n\n"
                } else {
                    "\n\n"
                }
            ),
        ),
        Letter::RegisteredAlready { link, event } => (
            format!("Sie sind für {event} registriert"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse noch einmal für {event} registriert. \
                 Sie sind schon registriert, und nichts hat sich geändert. Mit diesem Link melden \
                 Sie sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten. Wenn Sie es nicht waren, \
                 übergehen Sie diese Mail."
            ),
        ),
        Letter::RegistrationRefused { event } => (
            format!("Ihre Registrierung für {event}"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse für {event} registriert. Die \
                 Veranstalter haben Ihre Registrierung storniert, darum wurde sie nicht erneuert. \
                 Wenn Sie das für ein Versehen halten, schreiben Sie ihnen bitte."
            ),
        ),
        Letter::ConfirmEmail { link } => (
            "Bitte bestätigen Sie Ihre neue E-Mail-Adresse".to_owned(),
            format!(
                "mit diesem Link bestätigen Sie, dass dies von jetzt an Ihre Adresse \
                 ist:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 24 Stunden. Wenn Sie ihn nicht \
                 angefordert haben, übergehen Sie diese Mail."
            ),
        ),
        Letter::EmailChanged => (
            "Ihre E-Mail-Adresse wurde geändert".to_owned(),
            "Ihr Konto hat von jetzt an eine andere E-Mail-Adresse; darum hat jemand gebeten, der \
             angemeldet war. Wenn Sie es nicht waren, schreiben Sie bitte sofort den \
             Veranstaltern."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Wählen Sie ein neues Passwort".to_owned(),
            format!(
                "mit diesem Link wählen Sie ein neues Passwort:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten. Überall sonst werden Sie \
                 abgemeldet.\n\n\
                 Wenn Sie ihn nicht angefordert haben, übergehen Sie diese Mail: Ihr Passwort \
                 bleibt, wie es ist."
            ),
        ),
        Letter::PasswordChanged => (
            "Ihr Passwort wurde geändert".to_owned(),
            "Ihr Konto hat ein neues Passwort. Wenn nicht Sie es gewählt haben, fordern Sie auf der \
             Anmeldeseite sofort ein neues an: Damit werden alle anderen abgemeldet."
                .to_owned(),
        ),
        Letter::Invitation { page, event } => (
            format!("Sie nehmen an {event} teil"),
            format!(
                "die Veranstalter von {event} haben Ihnen dort eine Rolle gegeben. Melden Sie sich \
                 mit dieser Adresse hier an; ein Passwort brauchen Sie nicht:\n\n{page}"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: [Letter<'_>; 10] = [
        Letter::SignIn { link: "https://x/#token=1", event: Some("Camp") },
        Letter::Unknown { page: "https://x/" },
        Letter::Registration { link: "https://x/#token=1", event: "Camp", password: true },
        Letter::RegisteredAlready { link: "https://x/#token=1", event: "Camp" },
        Letter::RegistrationRefused { event: "Camp" },
        Letter::ConfirmEmail { link: "https://x/#token=1" },
        Letter::EmailChanged,
        Letter::ResetPassword { link: "https://x/#token=1" },
        Letter::PasswordChanged,
        Letter::Invitation { page: "https://x/e/camp", event: "Camp" },
    ];

    #[test]
    fn links_stand_on_lines_of_their_own() {
        for letter in LETTERS {
            for language in [Language::English, Language::German] {
                let writing = letter.write(language);
                for line in writing.body.lines().filter(|line| line.contains("https://")) {
                    assert!(line.starts_with("https://") && !line.contains(' '), "{line}");
                }
                assert!(writing.body.ends_with(".\n") || writing.body.ends_with("camp\n"));
                assert!(!writing.body.contains("  "), "{}", writing.body);
                assert!(!writing.body.contains(" \n"), "{}", writing.body);
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
