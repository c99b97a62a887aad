//! The announcements about people between nodes, and what is rechecked after missed ones.

use serde::{Deserialize, Serialize};

use super::appearance::refresh_here;
use super::sign_in::Ended;
use super::{Identity, administrators, recheck_everybody};
use crate::bus::{Announcement, Announcements};
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

/// Somebody became an organizer of the installation, or ceased to be one.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Administrators;

impl Announcement for Administrators {
    const NAME: &'static str = "administrators";
}

/// Registers the handlers of these announcements; `C` is the context that holds the identities.
pub fn announcements<C>(announcements: &mut Announcements<C>)
where
    C: AsRef<Identity> + Clone + Send + Sync + 'static,
{
    announcements.handle(async |context: C, ended: SignInsEnded| {
        let SignInsEnded { person, sign_ins } = ended;
        let ends = sign_ins.into_iter().map(|sign_in| Ended { person, sign_in });
        context.as_ref().sign_ins.apply_ends(&ends.collect::<Vec<_>>());
        Ok(())
    });
    announcements.handle(async |context: C, appearance: Appearance| {
        refresh_here(context.as_ref(), appearance.person).await
    });
    announcements.handle(async |context: C, _: Administrators| {
        administrators::recheck_now(context.as_ref()).await
    });
    announcements.after_gap(async |context: C| {
        let identity = context.as_ref();
        identity.memory.invalidate_all();
        recheck_everybody(identity).await?;
        administrators::recheck_now(identity).await
    });
    announcements.meanwhile(async |context: C| administrators::recheck(context.as_ref()).await);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Nodes of other versions must still understand these.
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
