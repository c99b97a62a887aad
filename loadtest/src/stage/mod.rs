//! Where a scenario is played: a test event at the hub, its rooms, and people with sign-ins. Made
//! over the public REST interface, with an organizer's rights, and kept in a file for the next
//! time.

mod build;
pub(crate) mod rest;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use self::rest::Rest;
use crate::options::StageOptions;

/// An event that is ready for a load test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stage {
    /// The hub's address.
    pub(crate) url: String,
    /// The event's slug.
    pub(crate) event: String,
    /// The name of the sign-in cookie.
    pub(crate) cookie: String,
    /// The organizer's sign-in.
    pub(crate) organizer: String,
    /// The channels of the rooms' talk.
    pub(crate) channels: Vec<String>,
    /// The people's sign-ins.
    pub(crate) secrets: Vec<String>,
}

impl Stage {
    /// The stage of the options: from its file, made larger if it is too small, or new.
    ///
    /// # Errors
    /// What the hub refuses and what to do about it.
    pub(crate) fn ready(
        url: &str,
        options: &StageOptions,
        rooms: usize,
        people: usize,
    ) -> anyhow::Result<Self> {
        let known = options.stage.as_deref().filter(|path| path.exists()).map(read).transpose()?;
        let known = known.filter(|stage| stage.url == url);
        if let Some(stage) = &known
            && stage.channels.len() >= rooms
            && stage.secrets.len() >= people
        {
            return Ok(stage.clone());
        }
        let stage = build::build(url, options, known, rooms, people)?;
        if let Some(path) = &options.stage {
            write(path, &stage)?;
        }
        Ok(stage)
    }
}

impl Stage {
    /// Somebody who asks this node over REST, by their sign-in, and does not wait for long.
    pub(crate) fn person_at(&self, url: &str, secret: &str) -> Rest {
        let mut rest = Rest::impatient(url);
        rest.sign_in_with(&self.cookie, secret);
        rest
    }

    /// The organizer, at this node.
    pub(crate) fn organizer_at(&self, url: &str) -> Rest {
        self.person_at(url, &self.organizer)
    }
}

fn read(path: &Path) -> anyhow::Result<Stage> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is no stage of a load test; delete it", path.display()))
}

/// Only for its owner: it holds sign-ins.
fn write(path: &Path, stage: &Stage) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(stage)?;
    let file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_kept_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = std::env::temp_dir().join(format!("plenary-stage-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("stage.json");
        let stage = Stage {
            url: "http://localhost".to_owned(),
            channels: vec!["c".to_owned()],
            secrets: vec!["s".to_owned(); 3],
            ..Stage::default()
        };
        write(&path, &stage).expect("written");
        let options = StageOptions { stage: Some(path.clone()), ..StageOptions::default() };
        assert_eq!(Stage::ready("http://localhost", &options, 1, 3).expect("it is enough"), stage);
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
