//! The letters in German.

use super::Letter;
use crate::permission::Role;

/// Subject and text, without the greeting.
pub(super) fn write(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { link, event } => (
            event.map_or_else(
                || "Ihr Link zum Anmelden".to_owned(),
                |event| format!("Ihr Link zum Anmelden bei {event}"),
            ),
            format!(
                "mit diesem Link melden Sie sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten.\n\n\
                 Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail: Ohne den Link \
                 geschieht nichts."
            ),
        ),
        Letter::Unknown { page } => (
            "Zu dieser Adresse gibt es kein Konto".to_owned(),
            format!(
                "jemand, vermutlich Sie, wollte sich mit dieser Adresse anmelden. Zu ihr gibt es \
                 noch kein Konto. Haben Sie sich vielleicht mit einer anderen Adresse \
                 registriert? Sonst können Sie sich hier registrieren:\n\n{page}\n\n\
                 Wenn Sie es nicht waren, ignorieren Sie diese Mail."
            ),
        ),
        Letter::Registration { link, event } => (
            format!("Bitte bestätigen Sie Ihre Registrierung für {event}"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse für {event} registriert. Mit diesem \
                 Link bestätigen Sie die Registrierung und melden sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 24 Stunden.\n\n\
                 Wenn Sie es nicht waren, ignorieren Sie diese Mail: Ohne den Link verfällt die \
                 Registrierung."
            ),
        ),
        Letter::RegisteredAlready { link, event } => (
            format!("Sie sind für {event} registriert"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse noch einmal für {event} registriert. \
                 Sie sind schon registriert, und nichts hat sich geändert. Mit diesem Link melden \
                 Sie sich an:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten. Wenn Sie es nicht waren, \
                 ignorieren Sie diese Mail."
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
                "mit diesem Link bestätigen Sie Ihre neue E-Mail-Adresse:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 24 Stunden. Wenn Sie ihn nicht \
                 angefordert haben, ignorieren Sie diese Mail."
            ),
        ),
        Letter::EmailChanged => (
            "Ihre E-Mail-Adresse wurde geändert".to_owned(),
            "die E-Mail-Adresse Ihres Kontos wurde von jemandem geändert, der dort angemeldet war. \
            Wenn Sie es nicht waren, schreiben Sie bitte sofort den Veranstaltern."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Wählen Sie ein neues Passwort".to_owned(),
            format!(
                "mit diesem Link wählen Sie ein neues Passwort:\n\n{link}\n\n\
                 Er gilt einmal, innerhalb der nächsten 30 Minuten. Überall sonst werden Sie \
                 abgemeldet.\n\n\
                 Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail: Ihr Passwort \
                 bleibt, wie es ist."
            ),
        ),
        Letter::PasswordChanged => (
            "Ihr Passwort wurde geändert".to_owned(),
            "Ihr Konto hat ein neues Passwort. Wenn nicht Sie es gewählt haben, fordern Sie auf der \
             Anmeldeseite sofort ein neues an: Damit werden alle anderen abgemeldet."
                .to_owned(),
        ),
        Letter::Invitation { page, event, role } => (
            format!("Einladung zu {event}"),
            format!(
                "das Team von {event} bietet Ihnen dort eine Rolle an: {}. Solange Sie nicht \
                 zustimmen, geschieht nichts. Melden Sie sich hier mit dieser Adresse an (ohne \
                 Passwort), und nehmen Sie die Einladung an oder lehnen Sie sie ab:\n\n{page}\n\n\
                 Wenn Sie nicht wissen, worum es geht, ignorieren Sie diese Mail.",
                role_name(role)
            ),
        ),
        Letter::RegistrationHeld { event } => (
            format!("Ihre Registrierung für {event}"),
            format!(
                "jemand, vermutlich Sie, hat diese Adresse noch einmal für {event} registriert. \
                 Die Registrierung wartet noch auf die Moderation, die entscheidet, ob Sie \
                 teilnehmen können. Wenn Sie das für einen Irrtum halten, schreiben Sie bitte dem \
                 Veranstaltungsteam."
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
