//! The letters in English.

use super::Letter;
use crate::permission::Role;

/// Subject and text, without the greeting.
pub(super) fn write(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { link, event } => (
            event.map_or_else(
                || "Your sign-in link".to_owned(),
                |event| format!("Your sign-in link for {event}"),
            ),
            format!(
                "Use this link to sign in:\n\n{link}\n\n\
                 It works once and expires in 30 minutes.\n\n\
                 If you did not ask for it, you can ignore this email: nobody can sign in without \
                 the link."
            ),
        ),
        Letter::Unknown { page } => (
            "No account with this email address".to_owned(),
            format!(
                "Someone, probably you, tried to sign in with this address, but there is no account \
                 for it yet. Did you perhaps register with a different address? If not, you can \
                 register here:\n\n{page}\n\n\
                 If it was not you, you can ignore this email."
            ),
        ),
        Letter::Registration { link, event } => (
            format!("Confirm your registration for {event}"),
            format!(
                "Someone, probably you, registered for {event} with this address. Use this link to \
                 confirm the registration and sign in:\n\n{link}\n\n\
                 It works once and expires in 24 hours.\n\n\
                 If it was not you, you can ignore this email: an unconfirmed registration \
                 expires, too."
            ),
        ),
        Letter::RegisteredAlready { link, event } => (
            format!("You are already registered for {event}"),
            format!(
                "Someone, probably you, registered for {event} with this address again. You are \
                 already registered, and nothing has changed. Use this link to sign \
                 in:\n\n{link}\n\n\
                 It works once and expires in 30 minutes.\n\n\
                 If it was not you, you can ignore this email."
            ),
        ),
        Letter::RegistrationRefused { event } => (
            format!("Your registration for {event}"),
            format!(
                "Someone, probably you, registered for {event} with this address. The organizers \
                 have cancelled your registration, so it has not been renewed. If you think this \
                 is a mistake, please contact them."
            ),
        ),
        Letter::ConfirmEmail { link } => (
            "Confirm your new email address".to_owned(),
            format!(
                "Use this link to confirm your new email address:\n\n{link}\n\n\
                 It works once and expires in 24 hours.\n\n\
                 If you did not ask for it, you can ignore this email."
            ),
        ),
        Letter::EmailChanged => (
            "Your email address was changed".to_owned(),
            "The email address of your account was changed by someone who was signed in to it. If \
            it was not you, please contact the organizers right away."
                .to_owned(),
        ),
        Letter::ResetPassword { link } => (
            "Choose a new password".to_owned(),
            format!(
                "Use this link to choose a new password:\n\n{link}\n\n\
                 It works once and expires in 30 minutes. You will be signed out on all other \
                 devices.\n\n\
                 If you did not ask for it, you can ignore this email: your password stays the \
                 same."
            ),
        ),
        Letter::PasswordChanged => (
            "Your password was changed".to_owned(),
            "Your account has a new password. If you did not set it, request a new one on the \
            sign-in page right away: that signs everyone else out."
                .to_owned(),
        ),
        Letter::Invitation { page, event, role } => (
            format!("Invitation to {event}"),
            format!(
                "The organizers of {event} would like you to take part as {}. Nothing happens \
                 until you accept. Sign in with this address here (no password is needed), and \
                 accept or decline:\n\n{page}\n\n\
                 If you do not know what this is about, ignore this email.",
                role_name(role)
            ),
        ),
        Letter::RegistrationHeld { event } => (
            format!("Your registration for {event}"),
            format!(
                "Somebody, probably you, registered this address for {event} again. The \
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
