//! Which passwords are guessed first: those that many people have, with the usual years and
//! replacements of letters.

/// How many guesses a password has to withstand. The hub lets nobody guess faster than a password a
/// minute, but of thousands of people it takes only one whose password is among the first.
const GUESSES: u64 = 1_000_000;
/// How much of a password is looked at, in characters: looking takes long for long ones.
const LOOKED_AT: usize = 40;

/// Whether it is among the passwords that are guessed first.
pub(super) fn is_guessable(password: &str) -> bool {
    let begin: String = password.chars().take(LOOKED_AT).collect();
    zxcvbn::zxcvbn(&begin, &["plenary", "conference"]).guesses() < GUESSES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_and_their_variations_are_guessed() {
        for password in [
            "1234567890",
            "0123456789",
            "password123",
            "P@ssw0rd2024",
            "qwertyuiop",
            "1q2w3e4r5t",
            "iloveyou123",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "passwordpassword",
            "football2023",
            "conference1",
            &"password".repeat(25),
        ] {
            assert!(is_guessable(password), "{password}");
        }
    }

    #[test]
    fn what_people_choose_with_care_is_taken() {
        for password in [
            "correct horse",
            "correct horse battery staple",
            "tannenzapfen-7-regal",
            "7fK!mQ2x#vLp",
            "пароль за семью печатями",
            "a much longer sentence that somebody likes, and that nobody else has ever written down",
        ] {
            assert!(!is_guessable(password), "{password}");
        }
    }
}
