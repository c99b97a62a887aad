//! Runs a program exactly as long as the test process, however that ends.
//!
//! A shell is in between: it waits on a pipe whose other end only the test process holds. When the
//! test process ends, by return, panic, abort or `kill -9`, the kernel closes the pipe, and the
//! shell stops the program and removes its folder. `Drop` is not enough: statics are never dropped.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The shell's script; `$0` is the folder, `$1` the signal that stops the program, the rest its
/// command. Each line of input is a signal that ends the program, or `START`; it reports when done.
const SCRIPT: &str = r#"
signal=$1; shift
"$@" </dev/null >>"$0/log" 2>&1 &
program=$!
while read -r word; do
  case $word in
    START) "$@" </dev/null >>"$0/log" 2>&1 & program=$! ;;
    *) kill -"$word" "$program"; wait "$program" ;;
  esac
  echo done
done
kill -"$signal" "$program" 2>/dev/null
# A test may have stopped it in its tracks.
kill -CONT "$program" 2>/dev/null
wait "$program"
rm -rf "$0"
"#;

/// A running program and the folder that goes away with it.
pub struct Kept {
    folder: PathBuf,
    shell: Child,
    alive: ChildStdin,
    done: BufReader<ChildStdout>,
}

impl Kept {
    /// Starts `command` with `folder` as its own; `signal` ("INT", "TERM") is what stops it
    /// gracefully. What the program prints goes to `folder/log`.
    pub fn start(folder: &Path, signal: &str, command: &[String]) -> io::Result<Kept> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .arg(folder)
            .arg(signal)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C on the terminal is for the tests; the shell must outlive them to clean up.
            .process_group(0)
            .spawn()?;
        let pipe = || io::Error::other("no pipe to the shell");
        let alive = shell.stdin.take().ok_or_else(pipe)?;
        let done = BufReader::new(shell.stdout.take().ok_or_else(pipe)?);
        Ok(Kept { folder: folder.to_path_buf(), shell, alive, done })
    }

    /// Ends the program with this signal ("TERM", "KILL") and waits for its end; the folder stays.
    pub fn end(&mut self, signal: &str) -> io::Result<()> {
        self.say(signal)
    }

    /// Starts the program again, after it was ended.
    pub fn start_again(&mut self) -> io::Result<()> {
        self.say("START")
    }

    fn say(&mut self, word: &str) -> io::Result<()> {
        writeln!(self.alive, "{word}")?;
        self.done.read_line(&mut String::new()).map(drop)
    }

    /// Ends the program gracefully and waits for it.
    pub fn stop(mut self) {
        drop(self.alive);
        let status = self.shell.wait().expect("the shell ends");
        assert!(status.success(), "{status}");
    }

    /// The end of what the program printed, for error messages.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

mod tests {
    use super::Kept;
    use crate::support::temporary::fresh_folder;

    #[test]
    fn the_program_and_its_folder_go_when_the_pipe_closes() {
        let folder = fresh_folder("keeper").expect("make a folder");
        let command = ["sleep", "1000"].map(String::from);
        let kept = Kept::start(&folder, "TERM", &command).expect("start a program");
        assert!(folder.exists());

        kept.stop();

        assert!(!folder.exists());
    }
}
