//! All the differences between the three databases.

use super::DbError;

/// The supported databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default: a file.
    Sqlite,
    /// MariaDB or MySQL.
    Mysql,
    /// PostgreSQL.
    Postgres,
}

impl Backend {
    pub(super) fn from_url(url: &str) -> Result<Self, DbError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("mysql" | "mariadb") => Ok(Self::Mysql),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(DbError::Address(
                "it must begin with sqlite:, mysql://, mariadb:// or postgres://".to_owned(),
            )),
        }
    }

    /// The address as the driver expects it; creates the folder of a SQLite file.
    pub(super) fn prepare_url(self, url: &str) -> Result<String, DbError> {
        match self {
            Self::Postgres => Ok(url.to_owned()),
            Self::Mysql => Ok(url.replacen("mariadb:", "mysql:", 1)),
            Self::Sqlite => {
                let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
                let (path, _) = path.split_once('?').unwrap_or((path, ""));
                if let Some(folder) = std::path::Path::new(path).parent() {
                    std::fs::create_dir_all(folder).map_err(|error| {
                        DbError::Address(format!("{} cannot be created: {error}", folder.display()))
                    })?;
                }
                Ok(format!("sqlite:{path}?mode=rwc"))
            }
        }
    }

    /// The statements that set up every new connection.
    pub(super) fn session_statements(self) -> &'static [&'static str] {
        match self {
            // FULL, because an acknowledged message is never lost, not even by a power failure;
            // it costs the log one sync per group of messages.
            Self::Sqlite => &[
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA temp_store = MEMORY",
                // A megabyte per connection; the system caches the file's pages for all of them.
                "PRAGMA cache_size = -1000",
            ],
            // With repeatable read a writer would decide by what it saw before it had the lock.
            Self::Mysql => &[
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                // A lenient server would truncate what is too long instead of refusing it.
                "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
                // A hub that freezes in the middle of a transaction must not block others for long:
                // it is rolled back before those who wait for it give up. Only MariaDB has a
                // timeout for that, and executes the comment.
                "SET SESSION innodb_lock_wait_timeout = 5 /*M!100300 , idle_transaction_timeout = 3 */",
            ],
            Self::Postgres => &[
                "SET default_transaction_isolation = 'read committed'",
                "SET lock_timeout = '5s'",
                "SET idle_in_transaction_session_timeout = '3s'",
            ],
        }
    }

    /// The further setup of a dedicated connection.
    pub(super) fn dedicated_statements(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite | Self::Postgres => &[],
            // MySQL, which lacks MariaDB's timeout of transactions, closes idle connections. The
            // other setting turns waiting for a table lock into a conflict, as with rows.
            Self::Mysql => &["SET SESSION lock_wait_timeout = 5 /*!80000 , wait_timeout = 10 */"],
        }
    }

    /// The end of an INSERT that leaves an existing row (same `key` columns) as it is.
    pub fn or_keep(self, key: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!(" ON CONFLICT ({key}) DO NOTHING"),
            Self::Mysql => {
                let first = key.split(',').next().unwrap_or(key).trim();
                format!(" ON DUPLICATE KEY UPDATE {first} = {first}")
            }
        }
    }

    /// The end of an INSERT that overwrites `columns` of an existing row (same `key` columns).
    pub fn or_update(self, key: &str, columns: &[&str]) -> String {
        let assign = |value: fn(&str) -> String| {
            columns.iter().map(|column| format!("{column} = {}", value(column))).collect::<Vec<_>>()
        };
        match self {
            Self::Sqlite | Self::Postgres => {
                let assignments = assign(|column| format!("excluded.{column}")).join(", ");
                format!(" ON CONFLICT ({key}) DO UPDATE SET {assignments}")
            }
            Self::Mysql => {
                let assignments = assign(|column| format!("VALUES({column})")).join(", ");
                format!(" ON DUPLICATE KEY UPDATE {assignments}")
            }
        }
    }

    /// The end of an INSERT into `table` that overwrites `columns`, and `by` itself, of an existing
    /// row (same `key` columns) only where `by` grows: all of them move together or none does.
    pub fn or_advance(self, table: &str, key: &str, by: &str, columns: &[&str]) -> String {
        match self {
            Self::Sqlite | Self::Postgres => {
                let overwrite = self.or_update(key, &[columns, &[by]].concat());
                format!("{overwrite} WHERE excluded.{by} > {table}.{by}")
            }
            Self::Mysql => {
                // Evaluated in order, each seeing the previous assignments: `by`, which decides,
                // comes last.
                let assignments = columns.iter().chain([&by]).map(|column| {
                    format!("{column} = IF(VALUES({by}) > {by}, VALUES({column}), {column})")
                });
                let assignments: Vec<String> = assignments.collect();
                format!(" ON DUPLICATE KEY UPDATE {}", assignments.join(", "))
            }
        }
    }

    /// The end of a SELECT that locks the rows until the transaction ends.
    pub fn for_update(self) -> &'static str {
        match self {
            // BEGIN IMMEDIATE has locked the whole file already.
            Self::Sqlite => "",
            Self::Mysql | Self::Postgres => " FOR UPDATE",
        }
    }

    /// The end of a SELECT that locks the rows against changes until the transaction ends, while
    /// others may do the same.
    pub fn for_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            // Understood by both MariaDB and MySQL.
            Self::Mysql => " LOCK IN SHARE MODE",
            Self::Postgres => " FOR SHARE",
        }
    }
}

/// `rows` groups of `columns` placeholders, for an INSERT of many rows: `(?,?),(?,?)`.
pub fn value_groups(rows: usize, columns: usize) -> String {
    let group = format!("({})", placeholders(columns));
    vec![group; rows].join(",")
}

/// `count` placeholders, for an IN list: `?,?,?`.
pub fn placeholders(count: usize) -> String {
    vec!["?"; count].join(",")
}

/// Turns each `?` outside of quotes into `$1`, `$2` …
pub(super) fn numbered_placeholders(text: &str) -> String {
    let mut rewritten = String::with_capacity(text.len() + 16);
    let mut number = 0_u32;
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '\'' => {
                quoted = !quoted;
                rewritten.push('\'');
            }
            '?' if !quoted => {
                number += 1;
                rewritten.push('$');
                rewritten.push_str(&number.to_string());
            }
            other => rewritten.push(other),
        }
    }
    rewritten
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_outside_of_quotes() {
        assert_eq!(
            numbered_placeholders("SELECT '?' FROM t WHERE a = ? AND b = ?"),
            "SELECT '?' FROM t WHERE a = $1 AND b = $2"
        );
    }

    #[test]
    fn groups_of_placeholders() {
        assert_eq!(value_groups(2, 3), "(?,?,?),(?,?,?)");
    }
}
