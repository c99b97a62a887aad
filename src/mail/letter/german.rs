//! The letters in German.

use super::{Letter, LinkAndCode};
use crate::permission::Role;

/// Subject and text, without the greeting.
pub(super) fn write(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { mailed, event } => (
            event.map_or_else(
                || "Dein Anmeldelink".to_owned(),
                |event| format!("Dein Anmeldelink für {event}"),
            ),
            format!(
                "öffne diesen Link und drücke den Knopf, um dich anzumelden:\n\n{}\n\n\
                 Er funktioniert einmal und 30 Minuten lang.\n\n\
                 Wenn du ihn nicht angefordert hast, kannst du diese E-Mail ignorieren: Ohne sie \
                 kann sich niemand anmelden.",
                ways(mailed)
            ),
        ),
        Letter::Unknown { page } => (
            "Kein Konto mit dieser E-Mail-Adresse".to_owned(),
            format!(
                "jemand, vermutlich du, wollte sich mit dieser Adresse anmelden. Zu ihr gibt es \
                 aber noch kein Konto. Hast du dich vielleicht mit einer anderen Adresse \
                 registriert? Sonst kannst du dich hier registrieren:\n\n{page}\n\n\
                 Wenn du es nicht warst, kannst du diese E-Mail ignorieren."
            ),
        ),
        Letter::Registration { mailed, event } => (
            format!("Bestätige deine Registrierung für {event}"),
            format!(
                "jemand, vermutlich du, hat sich mit dieser Adresse für {event} registriert. Öffne \
                 diesen Link, um die Registrierung zu sehen, und drücke den Knopf, um sie zu \
                 bestätigen und dich anzumelden:\n\n{}\n\n\
                 Der Link funktioniert einmal und 24 Stunden lang.\n\n\
                 Wenn du es nicht warst, kannst du diese E-Mail ignorieren: Ohne Bestätigung \
                 verfällt die Registrierung.",
                ways(mailed)
            ),
        ),
        Letter::RegisteredAlready { mailed, event } => (
            format!("Du bist schon für {event} registriert"),
            format!(
                "jemand, vermutlich du, hat sich mit dieser Adresse noch einmal für {event} \
                 registriert. Du bist schon registriert, und nichts hat sich geändert. Öffne diesen \
                 Link und drücke den Knopf, um dich anzumelden:\n\n{}\n\n\
                 Er funktioniert einmal und 30 Minuten lang.\n\n\
                 Wenn du es nicht warst, kannst du diese E-Mail ignorieren.",
                ways(mailed)
            ),
        ),
        Letter::RegistrationRefused { event } => (
            format!("Deine Registrierung für {event}"),
            format!(
                "jemand, vermutlich du, hat sich mit dieser Adresse für {event} registriert. Das \
                 Veranstaltungsteam hat deine Registrierung storniert, deshalb wurde sie nicht \
                 erneuert. Wenn das ein Irrtum ist, schreibe bitte dem Team."
            ),
        ),
        Letter::ConfirmEmail { mailed } => (
            "Bestätige deine neue E-Mail-Adresse".to_owned(),
            format!(
                "jemand, vermutlich du, möchte diese Adresse für ein Konto verwenden. Öffne diesen \
                 Link, um zu sehen, für welches, und drücke den Knopf, um die Adresse zu \
                 bestätigen:\n\n{}\n\n\
                 Der Link funktioniert einmal und 24 Stunden lang.\n\n\
                 Wenn du es nicht warst, kannst du diese E-Mail ignorieren: Nichts ändert sich.",
                ways(mailed)
            ),
        ),
        Letter::EmailChanged => (
            "Deine E-Mail-Adresse wurde geändert".to_owned(),
            "die E-Mail-Adresse deines Kontos wurde von jemandem geändert, der dort angemeldet war, \
            und alle anderen Browser wurden abgemeldet. Wenn du es nicht warst, schreibe bitte \
            sofort dem Veranstaltungsteam."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Wähle ein neues Passwort".to_owned(),
            format!(
                "mit diesem Link wählst du ein neues Passwort:\n\n{link}\n\n\
                 Er funktioniert einmal und 30 Minuten lang. Auf allen anderen Geräten wirst du \
                 abgemeldet.\n\n\
                 Wenn du ihn nicht angefordert hast, kannst du diese E-Mail ignorieren: Dein \
                 Passwort bleibt, wie es ist."
            ),
        ),
        Letter::PasswordChanged => (
            "Dein Passwort wurde geändert".to_owned(),
            "dein Konto hat ein neues Passwort. Wenn du es nicht gewählt hast, fordere auf der \
             Anmeldeseite sofort ein neues an: Damit werden alle anderen abgemeldet."
                .to_owned(),
        ),
        Letter::Invitation { page, event, role } => (
            format!("Einladung zu {event}"),
            format!(
                "das Team von {event} bietet dir dort eine Rolle an: {}. Solange du nicht \
                 zustimmst, geschieht nichts. Melde dich hier mit dieser Adresse an (ohne \
                 Passwort), und nimm die Einladung an oder lehne sie ab:\n\n{page}\n\n\
                 Wenn du nicht weißt, worum es geht, ignoriere diese E-Mail.",
                role_name(role)
            ),
        ),
        Letter::RegistrationHeld { event } => (
            format!("Deine Registrierung für {event}"),
            format!(
                "jemand, vermutlich du, hat diese Adresse noch einmal für {event} registriert. \
                 Die Registrierung wartet noch auf die Moderation, die entscheidet, ob du \
                 teilnehmen kannst. Wenn du das für einen Irrtum hältst, schreibe bitte dem Team."
            ),
        ),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Attendee => "Teilnahme",
        Role::Speaker => "Vortrag",
        Role::Exhibitor => "Ausstellung",
        Role::Moderator => "Moderation",
        Role::Organizer => "Organisation",
    }
}

/// The link, and what to do with the code.
fn ways(LinkAndCode { link, code }: LinkAndCode<'_>) -> String {
    format!(
        "{link}\n\n\
         Auf einem anderen Gerät? Gib innerhalb von 30 Minuten diesen Code auf der Seite ein, \
         auf der du diese E-Mail angefordert hast. Sage ihn niemandem:\n\n{code}"
    )
}
