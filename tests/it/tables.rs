//! SQL stands in store files, and a table is written by one folder: read from the string literals of
//! the program, so that a new statement and a new table are covered by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::layers::{program_text, sources};
use crate::support::sql::{Literal, bare, is_statement, literals, words, written};

/// The tables that are there beside those of the migrations, by who makes them.
const MADE_ELSEWHERE: [&str; 2] = ["_sqlx_migrations", "plenary_doctor"];

/// What is found in one file.
#[derive(Debug, Default)]
struct Found {
    /// The lines on which a statement, or a part of one, stands.
    statements: Vec<usize>,
    /// The tables that are written, by line.
    written: Vec<(usize, String)>,
    /// The calls that make a statement of a text.
    calls: Vec<usize>,
}

/// What a program text holds. Where a statement leaves its table to `format!`, the file names it:
/// every literal that is nothing but a table's name counts.
fn read(text: &str, tables: &BTreeSet<String>) -> Found {
    let mut found = Found::default();
    let literals = literals(text);
    let named = || literals.iter().filter(|literal| tables.contains(&literal.text));
    for Literal { line, text } in &literals {
        let words = words(text);
        if !is_statement(&words, tables) {
            continue;
        }
        found.statements.push(*line);
        for table in written(&words) {
            if table.starts_with('{') {
                let names = named().map(|literal| literal.text.clone());
                let before = found.written.len();
                found.written.extend(names.map(|table| (*line, table)));
                if found.written.len() == before {
                    found.written.push((*line, table.to_owned()));
                }
            } else {
                found.written.push((*line, bare(table).to_owned()));
            }
        }
    }
    for (index, line) in text.lines().enumerate() {
        let calls = line.split(".query(").skip(1).any(|rest| !rest.starts_with(')'));
        if calls || line.contains(".query_built(") || line.contains("sqlx::query") {
            found.calls.push(index + 1);
        }
    }
    found
}

/// The tables that the migrations make.
fn tables() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut tables: BTreeSet<String> = MADE_ELSEWHERE.map(str::to_owned).into();
    for migration in fs::read_dir(folder).expect("the migrations") {
        let text = fs::read_to_string(migration.expect("an entry").path()).expect("a migration");
        let words = words(&text);
        for pair in words.windows(6).filter(|pair| pair[..2] == ["CREATE", "TABLE"]) {
            let name = if pair[2..5] == ["IF", "NOT", "EXISTS"] { pair[5] } else { pair[2] };
            tables.insert(bare(name).to_owned());
        }
    }
    assert!(tables.len() > 20, "{} tables are suspiciously few", tables.len());
    tables
}

/// Whether SQL may stand in this file. `db/` is what the stores stand on.
fn is_store(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut folders = file.parent().into_iter().flat_map(Path::iter);
    file.starts_with("db")
        || name == "store.rs"
        || name.ends_with("_store.rs")
        || folders.any(|folder| folder == "store")
}

/// What every file of the program holds, by its path in `src/`.
fn program() -> BTreeMap<String, Found> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (tables, mut files) = (tables(), Vec::new());
    sources(&root, &mut files);
    let mut program = BTreeMap::new();
    for path in files {
        let file = path.strip_prefix(&root).expect("under src").to_owned();
        let text = fs::read_to_string(&path).expect("a source");
        if let Some(code) = program_text(&file, &text) {
            program.insert(file.display().to_string(), read(&code, &tables));
        }
    }
    let count = program.values().map(|found| found.statements.len()).sum::<usize>();
    assert!(count > 150, "{count} statements are suspiciously few");
    program
}

/// The statements that stand outside of a store, one line each.
fn strays(program: &BTreeMap<String, Found>) -> Vec<String> {
    let outside = program.iter().filter(|(file, _)| !is_store(Path::new(file)));
    let told = outside.flat_map(|(file, found)| {
        let lines: BTreeSet<_> = found.statements.iter().chain(&found.calls).collect();
        lines.into_iter().map(move |line| {
            let tables = found.written.iter().filter(|(at, _)| at == line);
            let tables: Vec<_> = tables.map(|(_, table)| table.as_str()).collect();
            format!("src/{file}:{line} {}", tables.join(", ")).trim_end().to_owned()
        })
    });
    told.collect()
}

/// The tables that are written from several folders, or that nobody knows, one line each.
fn disputed(program: &BTreeMap<String, Found>, tables: &BTreeSet<String>) -> Vec<String> {
    let mut writers: BTreeMap<&str, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for (file, found) in program {
        let folder = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        for (line, table) in &found.written {
            let places = writers.entry(table).or_default().entry(folder).or_default();
            places.push(format!("src/{file}:{line}"));
        }
    }
    let several =
        writers.iter().filter(|(table, folders)| folders.len() > 1 || !tables.contains(**table));
    let told = several.map(|(table, folders)| {
        let places: Vec<_> = folders.values().flatten().cloned().collect();
        format!("{table}: {}", places.join(", "))
    });
    told.collect()
}

#[test]
fn sql_stands_in_store_files() {
    let strays = strays(&program());
    let rule = "SQL belongs in a store.rs, a …_store.rs or a folder store/";
    assert!(strays.is_empty(), "{rule}; {} times elsewhere:\n{}", strays.len(), strays.join("\n"));
}

#[test]
fn a_table_is_written_by_one_folder() {
    let disputed = disputed(&program(), &tables());
    let rule = "a table is written by its owner alone; others call a function of the owner's store";
    assert!(disputed.is_empty(), "{rule}:\n{}", disputed.join("\n"));
}

#[test]
fn no_table_escapes_the_rule() {
    let program = program();
    let written: BTreeSet<_> =
        program.values().flat_map(|found| &found.written).map(|(_, table)| table).collect();
    let tables = tables();
    let unwatched: Vec<_> = tables.iter().filter(|table| !written.contains(table)).collect();
    assert!(unwatched.is_empty(), "no writer of these was found: {unwatched:?}");
}

#[test]
fn a_planted_violation_is_found() {
    let tables: BTreeSet<String> = ["rooms", "people"].map(str::to_owned).into();
    let plant = |file: &str, text: &str| (file.to_owned(), read(text, &tables));
    let program = BTreeMap::from([
        plant("events/store/rooms.rs", "\n\"UPDATE rooms SET locked = 1\""),
        plant(
            "people/http.rs",
            "let a = 'x'; // \"no\"\nrun(\"INSERT INTO\n people (id) VALUES (?)\")",
        ),
        plant(
            "agenda/store.rs",
            "format!(r#\"delete from {} where\"#, TABLE)\nconst TABLE: &str = \"rooms\";",
        ),
        plant("agenda/mod.rs", "text += \" WHERE id = ?\";\nuri.query();\ndb.query(TEXT);"),
        plant("booths/store.rs", "\"INSERT INTO boths (id) VALUES (?)\""),
        plant(
            "booths/mod.rs",
            "\"Select a room from the list\"; \"SELECTED\"; \"update rooms\"; '\"'",
        ),
    ]);
    let wanted = ["src/agenda/mod.rs:1", "src/agenda/mod.rs:3", "src/people/http.rs:2 people"];
    assert_eq!(strays(&program), wanted);
    let unknown = "boths: src/booths/store.rs:1";
    let rooms = "rooms: src/agenda/store.rs:1, src/events/store/rooms.rs:2";
    assert_eq!(disputed(&program, &tables), [unknown, rooms]);
}
