//! Dumps of a SQLite database, to see whether anything has changed.

use std::collections::BTreeMap;

use plenary::db::{Columns, Db};

/// What changes by itself a little later: when somebody was last seen, read pointers, the state of
/// mails, leases.
const BY_ITSELF: [&str; 9] = [
    "sign_ins.seen_at",
    "read_pointers.*",
    "mails.body",
    "mails.attempts",
    "mails.next_attempt_at",
    "mails.sent_at",
    "mails.last_error",
    "leases.*",
    "_sqlx_migrations.*",
];

/// Reads the whole database in one statement, prepared once.
pub struct Dumper {
    statement: String,
}

impl Dumper {
    /// Reads the schema.
    pub async fn new(db: &Db) -> Dumper {
        let columns = db.query(
            "SELECT t.name AS table_name, c.name AS column_name
             FROM sqlite_master t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
        );
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in db.all(columns).await.expect("the schema") {
            let table = row.text("table_name").expect("a name");
            let column = row.text("column_name").expect("a name");
            let skipped = [format!("{table}.*"), format!("{table}.{column}")];
            if !skipped.iter().any(|name| BY_ITSELF.contains(&name.as_str())) {
                tables.entry(table).or_default().push(format!("quote({column})"));
            }
        }
        let parts = tables.iter().map(|(table, columns)| {
            let line = columns.join(" || ',' || ");
            format!(
                "SELECT '{table}' AS name, (SELECT group_concat(line, char(10)) FROM
                     (SELECT {line} AS line FROM {table} ORDER BY 1)) AS content"
            )
        });
        Dumper { statement: parts.collect::<Vec<_>>().join(" UNION ALL ") }
    }

    /// Every table's rows, as text.
    pub async fn dump(&self, db: &Db) -> BTreeMap<String, String> {
        let rows = db.all(db.query_built(self.statement.clone())).await.expect("a dump");
        let table = |row: &sqlx::any::AnyRow| {
            let content = row.optional_text("content").expect("content");
            (row.text("name").expect("a name"), content.unwrap_or_default())
        };
        rows.iter().map(table).collect()
    }
}

/// What is in one dump and not in the other, line by line.
pub fn difference(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, content) in before {
        let now = after.get(table).map_or("", String::as_str);
        if content != now {
            let gone = content.lines().filter(|line| !now.lines().any(|other| other == *line));
            let new = now.lines().filter(|line| !content.lines().any(|other| other == *line));
            lines.extend(gone.map(|line| format!("{table} - {line}")));
            lines.extend(new.map(|line| format!("{table} + {line}")));
        }
    }
    lines
}
