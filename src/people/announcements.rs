//! What nodes tell each other of people, and what is looked at when it may have been missed.

use serde::{Deserialize, Serialize};

use super::sign_in::Ended;
use super::{administrators, check_again, show_anew};
use crate::bus::{Announcement, Announcements};
use crate::core::Core;
use crate::id::{PersonId, SignInId};

/// Sign-ins of a person have ended.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignInsEnded {
    pub(super) person: PersonId,
    pub(super) sign_ins: Vec<SignInId>,
}

impl Announcement for SignInsEnded {
    const NAME: &'static str = "sign_ins_ended";
}

/// A person appears differently.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Appearance {
    pub(super) person: PersonId,
}

impl Announcement for Appearance {
    const NAME: &'static str = "appearance";
}

/// Somebody has become an organizer of the installation, or is none any more.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Administrators;

impl Announcement for Administrators {
    const NAME: &'static str = "administrators";
}

/// Adds what is heeded of people.
pub(super) fn announcements(announcements: &mut Announcements<Core>) {
    announcements.heed(async |core: Core, ended: SignInsEnded| {
        let SignInsEnded { person, sign_ins } = ended;
        let ends = sign_ins.into_iter().map(|sign_in| Ended { person, sign_in });
        core.people.sign_ins.hear(&ends.collect::<Vec<_>>());
        Ok(())
    });
    announcements
        .heed(async |core: Core, appearance: Appearance| show_anew(&core, appearance.person).await);
    announcements.heed(async |core: Core, _: Administrators| administrators::look_now(&core).await);
    announcements.after_gap(async |core: Core| {
        core.events.people.doubt_everything();
        check_again(&core).await?;
        administrators::look_now(&core).await
    });
    announcements.meanwhile(async |core: Core| administrators::look(&core).await);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// What nodes of other versions must still understand.
    #[test]
    fn they_look_like_this() {
        let id = Uuid::from_u128(1);
        let person = PersonId(id);
        let ended = SignInsEnded { person, sign_ins: vec![SignInId(id)] };
        let text = r#"{"person":"ID","sign_ins":["ID"]}"#.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&ended).unwrap(), text);
        assert_eq!(serde_json::from_str::<SignInsEnded>(&text).unwrap(), ended);
        let text = r#"{"person":"ID"}"#.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&Appearance { person }).unwrap(), text);
        assert_eq!(serde_json::from_str::<Appearance>(&text).unwrap(), Appearance { person });
        assert_eq!(serde_json::from_str::<Administrators>("null").unwrap(), Administrators);
    }
}
