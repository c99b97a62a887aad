//! The letters in English.

use super::Letter;
use crate::permission::Role;

/// Subject and text, without the greeting.
pub(super) fn write(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { link, event } => (
            event.map_or_else(
                || "Your link to sign in".to_owned(),
                |event| format!("Your link to sign in to {event}"),
            ),
            format!(
                "use this link to sign in:\n\n{link}\n\n\
                 It works once, within the next 30 minutes.\n\n\
                 If you did not request it, ignore this mail: nothing happens without the link."
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
        Letter::Registration { link, event } => (
            format!("Please confirm your registration for {event}"),
            format!(
                "somebody, probably you, registered this address for {event}. Use this link to \
                 confirm the registration and sign in:\n\n{link}\n\n\
                 It works once, within the next 24 hours.\n\n\
                 If it was not you, ignore this mail: without the link the registration lapses."
            ),
        ),
        Letter::RegisteredAlready { link, event } => (
            format!("You are registered for {event}"),
            format!(
                "somebody, probably you, registered this address for {event} again. You are \
                 registered already, and nothing has changed. Use this link to sign \
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
                "use this link to confirm your new address:\n\n{link}\n\n\
                 It works once, within the next 24 hours. If you did not request it, ignore this \
                 mail."
            ),
        ),
        Letter::EmailChanged => (
            "Your e-mail address was changed".to_owned(),
            "the e-mail address of your account was changed by somebody who was signed in to it. If \
            it was not you, please write to the organizers at once."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Choose a new password".to_owned(),
            format!(
                "use this link to choose a new password:\n\n{link}\n\n\
                 It works once, within the next 30 minutes. You will be signed out everywhere \
                 else.\n\n\
                 If you did not request it, ignore this mail: your password stays as it is."
            ),
        ),
        Letter::PasswordChanged => (
            "Your password was changed".to_owned(),
            "your account has a new password. If it was not you who chose it, request a new one \
            on the sign-in page at once: that signs out everyone else."
                .to_owned(),
        ),
        Letter::Invitation { page, event, role } => (
            format!("Invitation to {event}"),
            format!(
                "the organizers of {event} would like you to take part as {}. Nothing happens \
                 until you accept. Sign in with this address here (no password is needed), and \
                 accept or decline:\n\n{page}\n\n\
                 If you do not know what this is about, ignore this mail.",
                role_name(role)
            ),
        ),
        Letter::RegistrationHeld { event } => (
            format!("Your registration for {event}"),
            format!(
                "somebody, probably you, registered this address for {event} again. The \
                 registration is still waiting for the moderators, who decide whether you can take \
                 part. If you think that this is a mistake, please write to the organizers."
            ),
        ),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Attendee => "an attendee",
        Role::Speaker => "a speaker",
        Role::Exhibitor => "an exhibitor",
        Role::Moderator => "a moderator",
        Role::Organizer => "an organizer",
    }
}
