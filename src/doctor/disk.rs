//! The data folder and the limit of open files.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{in_millis, median};
use crate::config::Settings;
use crate::finding::Finding;
use crate::machine;

const PART: &str = "disk";
/// Less free space than this fills up during a conference.
const LITTLE_SPACE: u64 = 2 << 30;
/// Less free space than this is not enough to run.
const NO_SPACE: u64 = 200 << 20;
/// A sync that takes longer makes everyone wait for their messages.
const SLOW_SYNC: Duration = Duration::from_millis(20);

pub(super) fn examine(settings: &Settings) -> Vec<Finding> {
    let folder = &settings.storage.data;
    let mut findings = match measure_syncs(folder) {
        Ok(sync) => {
            let mut findings = vec![syncs(folder, sync), space(folder)];
            findings.extend(readers(folder));
            findings
        }
        Err(error) => vec![Finding::problem(
            PART,
            format!("nothing can be written to {}: {error}", folder.display()),
            "Make the folder and give it to the user that runs the hub, or set --data to one \
             that belongs to that user.",
        )],
    };
    findings.push(files(machine::open_files_limit(), settings.limits.max_connections));
    findings
}

/// Writes and syncs a small file a few times, as a database does at each commit.
fn measure_syncs(folder: &Path) -> io::Result<Duration> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!(".plenary-doctor-{}", std::process::id()));
    let measured = (|| {
        let mut file = File::create_new(&path)?;
        let mut measured = Vec::new();
        for _ in 0..15 {
            let begin = Instant::now();
            file.write_all(&[0; 4096])?;
            file.sync_data()?;
            measured.push(begin.elapsed());
        }
        Ok(measured)
    })();
    // Leaves nothing behind, whatever failed; the file may not exist.
    let _ = fs::remove_file(&path);
    measured.map(median)
}

fn syncs(folder: &Path, sync: Duration) -> Finding {
    let found = format!("{} is writable; a sync takes {}", folder.display(), in_millis(sync));
    if sync < SLOW_SYNC {
        return Finding::fine(PART, found);
    }
    let advice = "Every group of messages waits for one sync with SQLite. Use a local SSD, not a \
                  network share, or a database server.";
    Finding::warning(PART, found, advice)
}

/// Whether other users of this machine can read the folder. The hub creates it for its own user
/// alone, but it may have existed before.
fn readers(folder: &Path) -> Option<Finding> {
    let mode = fs::metadata(folder).ok()?.permissions().mode();
    (mode & 0o007 != 0).then(|| {
        let found = format!("other users of this machine can read {}", folder.display());
        let advice = format!(
            "It contains addresses and mails with sign-in links: chmod 700 {}",
            folder.display()
        );
        Finding::warning(PART, found, advice)
    })
}

fn space(folder: &Path) -> Finding {
    let free = match machine::free_space(folder) {
        Ok(bytes) => bytes,
        Err(error) => {
            let found = format!("the free space cannot be read: {error}");
            return Finding::warning(PART, found, "Check it yourself: df -h");
        }
    };
    let found = format!("{:.1} GiB are free", free as f64 / f64::from(1 << 30));
    let advice = "Make room, or set --data to a folder on another disk. A full disk refuses \
                  messages.";
    match free {
        0..NO_SPACE => Finding::problem(PART, found, advice),
        NO_SPACE..LITTLE_SPACE => Finding::warning(PART, found, advice),
        _ => Finding::fine(PART, found),
    }
}

fn files(limit: u64, max_connections: usize) -> Finding {
    let room = machine::sockets(limit);
    let found = format!("{limit} files may be open at once: room for {room} sockets");
    if room >= max_connections {
        return Finding::fine(PART, found);
    }
    let advice = format!(
        "For {max_connections} (--max-connections) allow more: LimitNOFILE=65536 in the systemd \
         unit, or ulimit -n."
    );
    Finding::warning(PART, found, advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight;

    #[test]
    fn a_slow_sync_is_a_warning() {
        let weigh = |millis| syncs(Path::new("data"), Duration::from_millis(millis)).weight;
        assert_eq!(weigh(2), Weight::Fine);
        assert_eq!(weigh(80), Weight::Warning);
    }

    #[test]
    fn too_few_open_files_for_the_sockets_are_a_warning() {
        assert_eq!(files(65_536, 20_000).weight, Weight::Fine);
        assert_eq!(files(1_024, 20_000).weight, Weight::Warning);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        assert!(measure_syncs(Path::new("/proc/no-such-folder")).is_err());
    }
}
