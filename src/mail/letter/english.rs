//! The letters in English.

use super::{Letter, LinkAndCode};
use crate::permission::Role;

/// Subject and text, without the greeting.
pub(super) fn write(letter: Letter<'_>) -> (String, String) {
    match letter {
        Letter::SignIn { mailed, event } => (
            event.map_or_else(
                || "Your sign-in link".to_owned(),
                |event| format!("Your sign-in link for {event}"),
            ),
            format!(
                "Open this link and press the button to sign in:\n\n{}\n\n\
                 It works once and expires in 30 minutes.\n\n\
                 If you did not ask for it, you can ignore this email: nobody can sign in without \
                 it.",
                ways(mailed)
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
        Letter::Registration { mailed, event } => (
            format!("Confirm your registration for {event}"),
            format!(
                "Someone, probably you, registered for {event} with this address. Open this link to \
                 see the registration, and press the button to confirm it and sign in:\n\n{}\n\n\
                 The link works once and expires in 24 hours.\n\n\
                 If it was not you, you can ignore this email: an unconfirmed registration \
                 expires, too.",
                ways(mailed)
            ),
        ),
        Letter::RegisteredAlready { mailed, event } => (
            format!("You are already registered for {event}"),
            format!(
                "Someone, probably you, registered for {event} with this address again. You are \
                 already registered, and nothing has changed. Open this link and press the button \
                 to sign in:\n\n{}\n\n\
                 It works once and expires in 30 minutes.\n\n\
                 If it was not you, you can ignore this email.",
                ways(mailed)
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
        Letter::ConfirmEmail { mailed } => (
            "Confirm your new email address".to_owned(),
            format!(
                "Someone, probably you, wants to use this address for an account. Open this link to \
                 see whose it is, and press the button to confirm the address:\n\n{}\n\n\
                 The link works once and expires in 24 hours.\n\n\
                 If it was not you, you can ignore this email: nothing changes.",
                ways(mailed)
            ),
        ),
        Letter::EmailChanged => (
            "Your email address was changed".to_owned(),
            "The email address of your account was changed by someone who was signed in to it, and \
            all other browsers were signed out. If it was not you, please contact the organizers \
            right away."
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

/// The link, and what to do with the code.
fn ways(LinkAndCode { link, code }: LinkAndCode<'_>) -> String {
    format!(
        "{link}\n\n\
         On another device? Enter this code on the page where you asked for this email, within \
         30 minutes. Do not give it to anyone:\n\n{code}"
    )
}
