//! Where the hub keeps what it keeps.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

/// The data folder and the database.
#[derive(Args, Clone, Debug)]
pub struct Storage {
    /// Folder for what is kept on disk: the SQLite file, pictures, unsent mail.
    #[arg(long, env = "PLENARY_DATA", default_value = "data")]
    pub data: PathBuf,

    /// The database: sqlite:PATH, mysql://…, mariadb://… or postgres://… [default: a SQLite file in the data folder]
    #[arg(long, env = "PLENARY_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Storage {
    /// The database to use: the one that was set, or the file in the data folder.
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("plenary.sqlite").display()))
    }

    /// The SQLite file, when the database is one.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
        Some(PathBuf::from(path.split_once('?').map_or(path, |(path, _)| path)))
    }

    /// Whether the database is SQLite without a file: each connection would have one of its own.
    pub(super) fn is_in_memory(&self) -> bool {
        let url = self.database_url();
        url.starts_with("sqlite:") && (url.contains(":memory:") || url.contains("mode=memory"))
    }

    /// Makes the data folder where it is missing.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn make_data_folder(&self) -> anyhow::Result<()> {
        let folder = self.data.display();
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the data folder {folder} (--data) cannot be made"))
    }

    /// Where mail goes that no mail server takes.
    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// Where copies of people's pictures are that were shown since the start.
    pub fn picture_copies(&self) -> PathBuf {
        self.data.join("picture-copies")
    }

    /// Where earlier versions kept people's pictures.
    pub fn earlier_pictures(&self) -> PathBuf {
        self.data.join("pictures")
    }

    /// Where it is remembered how far the log was.
    pub fn log_mark(&self) -> PathBuf {
        self.data.join("log-mark")
    }
}
