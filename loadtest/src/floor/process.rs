//! The floor in a process of its own, so that its CPU and memory can be told apart.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command as Process, Stdio};

use anyhow::Context as _;

/// The floor's process; it ends with this.
pub(crate) struct FloorServer {
    pub(crate) process: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl FloorServer {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("this program cannot find itself")?;
        let mut process = Process::new(own)
            .arg("floor-server")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Else Ctrl-C at the terminal would end it before its clients.
            .process_group(0)
            .spawn()
            .context("the floor cannot be started")?;
        let output = process.stdout.take().context("the floor has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default();
        let url = format!("http://{address}");
        let server = Self { process, url };
        anyhow::ensure!(line.starts_with("floor listens on"), "the floor did not start");
        Ok(server)
    }
}

impl Drop for FloorServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
