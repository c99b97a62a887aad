//! Sets up MariaDB, PostgreSQL, Redis and the proxies in temporary folders, without touching what
//! the machine runs.

use std::{
    env, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use super::temporary::{free_port, fresh_folder};

/// A server that is ready to be started.
pub struct Server {
    /// Its own folder; removed when it has stopped.
    pub folder: PathBuf,
    /// The loopback port on which it will listen.
    pub port: u16,
    /// The command that runs it in the foreground.
    pub command: Vec<String>,
    /// The signal at which it stops without waiting for its clients.
    pub stop_signal: &'static str,
}

/// Why there is no server.
#[derive(Debug)]
pub enum Unavailable {
    /// This program is not installed: a reason to skip.
    Missing(String),
    /// It is installed and does not work: a failure, never a reason to skip.
    Broken(String),
}

impl Server {
    /// The same, with commits that survive a power failure.
    pub fn durable(mut self) -> Server {
        self.command.retain(|option| !option.starts_with("--innodb-flush-log-at-trx-commit"));
        for option in &mut self.command {
            if option == "fsync=off" {
                *option = "fsync=on".to_owned();
            }
        }
        self
    }
}

impl From<io::Error> for Unavailable {
    fn from(error: io::Error) -> Unavailable {
        Unavailable::Broken(format!("its folder cannot be made: {error}"))
    }
}

/// MariaDB with an empty data folder, user `root` without a password; or what is missing.
pub fn mariadb() -> Result<Server, Unavailable> {
    let install = program("mariadb-install-db", &[])?;
    let mariadbd = program("mariadbd", &["/usr/sbin".into()])?;
    let folder = fresh_folder("mariadb")?;
    let data = folder.join("data");
    let user = if is_root() { vec!["--user=root"] } else { vec![] };
    // A starting server removes all temporary tables it finds: with a shared folder, two concurrent
    // test runs would remove each other's.
    run(Command::new(install)
        .arg("--no-defaults")
        .arg(option("--tmpdir", &folder))
        .arg(option("--datadir", &data))
        .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
        .args(&user))?;

    let port = free_port();
    let mut command = vec![
        mariadbd.display().to_string(),
        "--no-defaults".into(),
        option("--datadir", &data),
        option("--socket", &folder.join("socket")),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".into(),
        "--max-connections=500".into(),
        "--innodb-buffer-pool-size=64M".into(),
        option("--tmpdir", &folder),
        // Tests kill the hub, never this server: power failures do not matter here.
        "--innodb-flush-log-at-trx-commit=0".into(),
    ];
    command.extend(user.into_iter().map(String::from));
    Ok(Server { folder, port, command, stop_signal: "TERM" })
}

/// PostgreSQL with a new cluster, superuser `postgres` without a password; or what is missing.
///
/// It refuses to run as root: root hands it to the user `postgres`.
pub fn postgres() -> Result<Server, Unavailable> {
    let folders = postgres_folders();
    let initdb = program("initdb", &folders)?;
    let postgres = program("postgres", &folders)?;
    let as_user: Vec<String> = if is_root() {
        let setpriv = program("setpriv", &[])?.display().to_string();
        let identity = ["--reuid=postgres", "--regid=postgres", "--init-groups"];
        [setpriv].into_iter().chain(identity.map(String::from)).collect()
    } else {
        Vec::new()
    };

    let folder = fresh_folder("postgres")?;
    let data = folder.join("data");
    fs::create_dir(&data)?;
    if is_root() {
        run(Command::new("chown").args(["-R", "postgres:postgres"]).arg(&folder))?;
    }

    let mut create = as_user.clone();
    create.push(initdb.display().to_string());
    create.extend(
        ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
            .map(String::from),
    );
    create.push(option("--pgdata", &data));
    run(Command::new(&create[0]).args(&create[1..]).current_dir(&folder))?;

    let port = free_port();
    let mut command = as_user;
    command.extend([postgres.display().to_string(), "-D".into(), data.display().to_string()]);
    let folder_of_socket = format!("unix_socket_directories={}", folder.display());
    for setting in [
        "listen_addresses=127.0.0.1",
        &format!("port={port}"),
        &folder_of_socket,
        "max_connections=500",
        // As above: power failures do not matter here.
        "fsync=off",
    ] {
        command.extend(["-c".into(), setting.into()]);
    }
    Ok(Server { folder, port, command, stop_signal: "INT" })
}

/// Redis without persistence, on this port and with these additional settings, possibly preceded by
/// a settings file; or what is missing.
pub fn redis(port: u16, flags: &[String]) -> Result<Server, Unavailable> {
    let mut command = installed("redis-server")?;
    let folder = fresh_folder("redis")?;
    let (port_text, home) = (port.to_string(), folder.display().to_string());
    let number = folder.join("pid").display().to_string();
    let has_file = flags.first().is_some_and(|flag| !flag.starts_with("--"));
    let (file, flags) = flags.split_at(usize::from(has_file));
    command.extend_from_slice(file);
    for (setting, value) in [
        ("--port", port_text.as_str()),
        ("--bind", "127.0.0.1"),
        ("--dir", &home),
        ("--pidfile", &number),
        ("--save", ""),
        ("--appendonly", "no"),
    ] {
        command.extend([setting.into(), value.into()]);
    }
    command.extend_from_slice(flags);
    Ok(Server { folder, port, command, stop_signal: "TERM" })
}

/// The command line that asks the server on this port.
pub fn redis_cli(port: u16) -> Result<Vec<String>, Unavailable> {
    let mut command = installed("redis-cli")?;
    command.extend(["-p".into(), port.to_string()]);
    Ok(command)
}

/// HAProxy in the foreground, with settings made for its folder.
pub fn haproxy(port: u16, settings: impl FnOnce(&Path) -> String) -> Result<Server, Unavailable> {
    let mut command = installed("haproxy")?;
    let folder = fresh_folder("haproxy")?;
    let file = folder.join("haproxy.cfg");
    fs::write(&file, settings(&folder))?;
    command.extend(["-db".into(), "-f".into(), file.display().to_string()]);
    let check = [command.as_slice(), &["-c".to_owned()]].concat();
    run(Command::new(&check[0]).args(&check[1..]))?;
    Ok(Server { folder, port, command, stop_signal: "TERM" })
}

/// nginx in the same way.
pub fn nginx(port: u16, settings: impl FnOnce(&Path) -> String) -> Result<Server, Unavailable> {
    let mut command = installed("nginx")?;
    let folder = fresh_folder("nginx")?;
    let file = folder.join("nginx.conf");
    fs::write(&file, settings(&folder))?;
    let user = if is_root() { "user root root; " } else { "" };
    let global = format!("{user}daemon off; pid {};", folder.join("pid").display());
    let (home, file) = (folder.display().to_string(), file.display().to_string());
    command.extend(["-e", "stderr", "-p", &home, "-c", &file, "-g", &global].map(String::from));
    let check = [command.as_slice(), &["-t".to_owned()]].concat();
    run(Command::new(&check[0]).args(&check[1..]))?;
    Ok(Server { folder, port, command, stop_signal: "TERM" })
}

/// The command that runs a program that is installed, or unpacked by scripts/install-missing.
fn installed(name: &str) -> Result<Vec<String>, Unavailable> {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/servers/debian/usr");
    let folders = ["/usr/sbin".into(), unpacked.join("bin"), unpacked.join("sbin")];
    let program = program(name, &folders)?;
    let mut command = Vec::new();
    if program.starts_with(&unpacked) {
        // Its libraries are not where the system looks for them.
        let libraries = fs::read_dir(unpacked.join("lib")).into_iter().flatten().flatten();
        let libraries: Vec<String> =
            libraries.map(|folder| folder.path().display().to_string()).collect();
        command.extend(["env".into(), format!("LD_LIBRARY_PATH={}", libraries.join(":"))]);
    }
    command.push(program.display().to_string());
    Ok(command)
}

/// The program's path: on the PATH or in one of these folders.
fn program(name: &str, folders: &[PathBuf]) -> Result<PathBuf, Unavailable> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| Unavailable::Missing(name.to_owned()))
}

/// Debian keeps the server's programs off the PATH, in a folder per version; the newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn option(name: &str, value: &Path) -> String {
    format!("{name}={}", value.display())
}

/// Runs a set-up step to its end.
fn run(command: &mut Command) -> Result<(), Unavailable> {
    let output = command
        .output()
        .map_err(|error| Unavailable::Broken(format!("{command:?} cannot be run: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let status = output.status;
    Err(Unavailable::Broken(format!("{command:?} failed ({status}): {printed}")))
}
