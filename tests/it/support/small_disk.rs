//! A disk that can be filled: a server's data on an in-memory file system in the server's own mount
//! namespace, so that nothing is left of it when the server has ended.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::Command;

use super::servers::Server;
use super::skip::skip;

/// The script that runs the server; `$0` is its folder, `$1` the disk's size, the rest the server.
const SCRIPT: &str = r#"
size=$1; shift
mkdir "$0/disk" &&
mount -t tmpfs -o "size=$size" tmpfs "$0/disk" &&
cp -a "$0/data/." "$0/disk" &&
mount --bind "$0/disk" "$0/data" &&
echo $$ > "$0/process" &&
exec "$@"
"#;
/// Enough for a new server and what a test writes.
const SIZE: &str = "320m";

/// The disk.
#[derive(Clone, Debug)]
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Whether this machine allows that; otherwise the test is reported as skipped.
    pub fn is_possible() -> bool {
        let script = "mount -t tmpfs -o size=1m tmpfs /mnt";
        let tried = Command::new("unshare").args(["--mount", "sh", "-c", script]).output();
        let possible = tried.is_ok_and(|output| output.status.success());
        if !possible {
            skip("this machine does not let the tests mount a file system (root may)");
        }
        possible
    }

    /// Puts the server's data, which is in its folder's `data`, on a disk of its own.
    pub fn under(server: &mut Server) -> SmallDisk {
        let folder = server.folder.display().to_string();
        let before = ["unshare", "--mount", "sh", "-c", SCRIPT, folder.as_str(), SIZE];
        let command = before.iter().copied().map(String::from);
        server.command = command.chain(server.command.drain(..)).collect();
        SmallDisk { folder: server.folder.clone() }
    }

    /// Writes until nothing fits any more.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("a file on the small disk");
        let mut size = 1024 * 1024;
        while size > 0 {
            match ballast.write_all(&vec![0; size]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => size /= 2,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Makes room again.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).expect("the ballast");
    }

    /// The path within the server's namespace.
    fn ballast(&self) -> PathBuf {
        let process = fs::read_to_string(self.folder.join("process")).expect("a running server");
        let folder = self.folder.strip_prefix("/").expect("an absolute path");
        PathBuf::from(format!("/proc/{}/root", process.trim())).join(folder).join("data/ballast")
    }
}
