//! What differs between the three databases, all of it.

use super::DbError;

/// The databases that Plenary runs on.
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

    /// The address as the driver wants it; makes the folder of a SQLite file.
    pub(super) fn prepare_url(self, url: &str) -> Result<String, DbError> {
        match self {
            Self::Postgres => Ok(url.to_owned()),
            Self::Mysql => Ok(url.replacen("mariadb:", "mysql:", 1)),
            Self::Sqlite => {
                let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
                let (path, _) = path.split_once('?').unwrap_or((path, ""));
                if let Some(folder) = std::path::Path::new(path).parent() {
                    std::fs::create_dir_all(folder).map_err(|error| {
                        DbError::Address(format!("{} cannot be made: {error}", folder.display()))
                    })?;
                }
                Ok(format!("sqlite:{path}?mode=rwc"))
            }
        }
    }

    /// What every new connection is told first.
    pub(super) fn session_statements(self) -> &'static [&'static str] {
        match self {
            // FULL, because an acknowledged message is never lost, not even with the power; the
            // log pays for it with one sync for a group of messages.
            Self::Sqlite => &[
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA temp_store = MEMORY",
                // A megabyte for each connection; the system keeps the file's pages once for all.
                "PRAGMA cache_size = -1000",
            ],
            // Repeatable read would let a writer decide by what it saw before it had the lock.
            Self::Mysql => &[
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                // A lenient server would cut what is too long instead of refusing it.
                "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
                // A hub that stops in the middle of a transaction must not hold others up for long:
                // it is rolled back before those who wait for it give up. Only MariaDB has a time
                // for that; the comment is none to it.
                "SET SESSION innodb_lock_wait_timeout = 5 /*M!100300 , idle_transaction_timeout = 3 */",
            ],
            Self::Postgres => &[
                "SET default_transaction_isolation = 'read committed'",
                "SET lock_timeout = '5s'",
                "SET idle_in_transaction_session_timeout = '3s'",
            ],
        }
    }

    /// What a connection that is alone in what it does is told, too.
    pub(super) fn dedicated_statements(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite | Self::Postgres => &[],
            // MySQL, without MariaDB's time for transactions, closes what is silent. The rest
            // changes a lock on a table that was waited for into a conflict, as with rows.
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
                // One after the other, each seeing what the ones before it have changed: `by`,
                // which decides, comes last.
                let assignments = columns.iter().chain([&by]).map(|column| {
                    format!("{column} = IF(VALUES({by}) > {by}, VALUES({column}), {column})")
                });
                let assignments: Vec<String> = assignments.collect();
                format!(" ON DUPLICATE KEY UPDATE {}", assignments.join(", "))
            }
        }
    }

    /// The end of a SELECT that keeps others from changing the rows until the transaction ends.
    pub fn for_update(self) -> &'static str {
        match self {
            // BEGIN IMMEDIATE holds the whole file already.
            Self::Sqlite => "",
            Self::Mysql | Self::Postgres => " FOR UPDATE",
        }
    }

    /// The end of a SELECT that keeps the rows as they are until the transaction ends, while others
    /// may do the same.
    pub fn for_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            // What MariaDB and MySQL both understand.
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
