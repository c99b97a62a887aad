//! Temporary folders and free ports.

use std::{
    env, fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// A new folder under the system's temporary folder, removed with its content on drop.
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes an empty folder.
    pub fn new() -> TemporaryFolder {
        TemporaryFolder(fresh_folder("test").expect("make a temporary folder"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // A folder that cannot be removed is left to the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Creates an empty folder that is not removed; its name is unique on this machine.
pub fn fresh_folder(purpose: &str) -> io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("plenary-{purpose}-{}-{number}", std::process::id());
    let folder = env::temp_dir().join(name);
    // A killed process with the same id may have left its folder behind.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    Ok(folder)
}

/// A loopback port that was free a moment ago, for servers that cannot pick one themselves.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("bind a loopback port");
    listener.local_addr().expect("a bound port").port()
}
