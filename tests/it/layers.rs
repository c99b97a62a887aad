//! Checks that the program's imports follow the layers of docs/architecture.md: no arrow upwards,
//! no cycle between folders, and no capability named below the program except by another one,
//! through its `mod.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder or a file directly under `src/`, by the name of its module.
type Room = String;

/// An import: the file, its room, and the path below `crate::`.
struct Import {
    file: String,
    from: Room,
    to: Room,
    /// The imported path in the other room, up to the first item.
    path: Vec<String>,
}

/// The layers, the lowest first, each with its rooms.
fn layers() -> Vec<BTreeSet<Room>> {
    let text = include_str!("../../docs/architecture.md");
    let table = text.split("## The layers").nth(1).expect("the heading");
    let rows = table.lines().skip_while(|line| !line.starts_with("| ---")).skip(1);
    let mut layers: Vec<BTreeSet<Room>> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|row| {
            let folders = row.split('|').nth(2).expect("a column of folders");
            let names = folders.split('`').skip(1).step_by(2);
            names
                .map(|name| name.trim_end_matches('/').trim_end_matches(".rs").to_owned())
                .collect()
        })
        .collect();
    layers.reverse();
    layers
}

/// All Rust files in a folder, and in the folders in it.
pub fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// What stands before a file's tests, without lines of comments, which leave an empty one. Files and
/// folders of tests alone have none of it.
pub fn program_text(path: &Path, text: &str) -> Option<String> {
    let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
    let is_test = |name: &&str| matches!(*name, "tests" | "tests.rs" | "plans" | "plans.rs");
    if parts.iter().any(|name| is_test(name) || name.ends_with("_tests.rs")) {
        return None;
    }
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    let code = text.lines().map(|line| if is_comment(line) { "" } else { line });
    Some(code.collect::<Vec<_>>().join("\n"))
}

/// Every path below `crate::` in a text. Lists in braces are expanded.
fn crate_paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (start, _) in text.match_indices("crate::") {
        let before = text[..start].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        expand(&text[start + "crate::".len()..], &mut Vec::new(), &mut paths);
    }
    paths
}

/// Reads one path and returns what follows it.
fn expand<'a>(text: &'a str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let depth = prefix.len();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            rest = list.trim_start();
            while !rest.starts_with('}') && !rest.is_empty() {
                rest = expand(rest, prefix, paths).trim_start();
                rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            }
            prefix.truncate(depth);
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        if name.is_empty() {
            break;
        }
        prefix.push(name.to_owned());
        match after.strip_prefix("::") {
            Some(next) => rest = next,
            None => {
                rest = after;
                break;
            }
        }
    }
    if prefix.len() > depth {
        paths.push(prefix.clone());
    }
    prefix.truncate(depth);
    let alias = rest.trim_start().strip_prefix("as ");
    alias.map_or(rest, |alias| alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'))
}

fn imports() -> Vec<Import> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut imports = Vec::new();
    for path in files {
        let file = path.strip_prefix(&root).expect("under src").to_owned();
        let text = fs::read_to_string(&path).expect("a source");
        let Some(code) = program_text(&file, &text) else { continue };
        let from = file.iter().next().and_then(|part| part.to_str()).expect("a name");
        let from = from.trim_end_matches(".rs").to_owned();
        for mut path in crate_paths(&code) {
            let to = path.remove(0);
            if to != from {
                let file = file.display().to_string();
                imports.push(Import { file, from: from.clone(), to, path });
            }
        }
    }
    assert!(imports.len() > 1_000, "{} imports are suspiciously few", imports.len());
    imports
}

/// The layer of a room; `lib.rs` only lists the rooms.
fn level(layers: &[BTreeSet<Room>], room: &str) -> Option<usize> {
    layers.iter().position(|rooms| rooms.contains(room))
}

#[test]
fn every_folder_has_a_layer_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms = fs::read_dir(root).expect("src").map(|entry| entry.expect("an entry").file_name());
    let rooms: BTreeSet<Room> =
        rooms.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    let mut placed: Vec<Room> = layers().into_iter().flatten().collect();
    placed.push("lib".to_owned());
    let known: BTreeSet<Room> = placed.iter().cloned().collect();
    assert_eq!(known.len(), placed.len(), "a folder stands in two layers");
    let without: Vec<_> = rooms.difference(&known).collect();
    assert!(without.is_empty(), "not in docs/architecture.md: {without:?}");
    let gone: Vec<_> = known.difference(&rooms).collect();
    assert!(gone.is_empty(), "in docs/architecture.md, and not there: {gone:?}");
}

#[test]
fn no_arrow_points_upwards() {
    let layers = layers();
    let upwards: Vec<_> = imports()
        .iter()
        .filter(|import| level(&layers, &import.from) < level(&layers, &import.to))
        .filter(|import| import.from != "lib")
        .map(|import| format!("{} names {}", import.file, import.to))
        .collect();
    assert!(upwards.is_empty(), "{} arrows:\n{}", upwards.len(), upwards.join("\n"));
}

#[test]
fn folders_form_no_cycle() {
    let mut arrows: BTreeMap<Room, BTreeSet<Room>> = BTreeMap::new();
    for import in imports().into_iter().filter(|import| import.from != "lib") {
        arrows.entry(import.from).or_default().insert(import.to);
    }
    // Removes folders without imports or importers repeatedly, until only cycles are left.
    loop {
        let left: BTreeSet<Room> = arrows.keys().cloned().collect();
        let named: BTreeSet<Room> = arrows.values().flatten().cloned().collect();
        let before = arrows.len();
        arrows.retain(|room, others| {
            others.retain(|other| left.contains(other));
            named.contains(room) && !others.is_empty()
        });
        if arrows.len() == before {
            break;
        }
    }
    assert!(arrows.is_empty(), "circles among {arrows:#?}");
}

#[test]
fn a_capability_is_used_only_through_its_mod_rs() {
    let layers = layers();
    let capabilities = layers.iter().rev().nth(1).expect("a layer below the program");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside: Vec<_> = imports()
        .iter()
        .filter(|import| capabilities.contains(&import.from) && capabilities.contains(&import.to))
        .filter(|import| {
            // A second path segment that is a file or folder bypasses the other's `mod.rs`.
            let Some(part) = import.path.first() else { return false };
            let folder = root.join(&import.to);
            folder.join(part).is_dir() || folder.join(format!("{part}.rs")).is_file()
        })
        .map(|import| {
            format!("{} reaches into {}::{}", import.file, import.to, import.path.join("::"))
        })
        .collect();
    assert!(inside.is_empty(), "{} times:\n{}", inside.len(), inside.join("\n"));
}

/// Whether a capability's file stands at the socket: its handlers, or what registers them.
fn is_of_the_socket(file: &str) -> bool {
    let name = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(name, "live.rs" | "mod.rs") || name.ends_with("_live.rs")
}

#[test]
fn only_the_handlers_of_the_socket_know_its_connections() {
    let layers = layers();
    let capabilities = layers.iter().rev().nth(1).expect("a layer below the program");
    let knowing: BTreeSet<String> = imports()
        .into_iter()
        .filter(|import| capabilities.contains(&import.from) && import.to == "socket")
        .filter(|import| import.path.first().is_some_and(|item| item == "Connection"))
        .map(|import| import.file)
        .filter(|file| !is_of_the_socket(file))
        .collect();
    assert!(knowing.is_empty(), "their rules should take a Caller: {knowing:?}");
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let text = "use crate::db::{Db, dialect::{self, placeholders as p}};\ncrate::hub::Hub::new()";
    let paths: Vec<String> = crate_paths(text).iter().map(|path| path.join("::")).collect();
    let wanted = ["db::Db", "db::dialect::self", "db::dialect::placeholders", "hub::Hub::new"];
    assert_eq!(paths, wanted);
}

/// What of `http/` is a request or an answer. The rest, like a document that is kept ready, is a
/// value.
const REQUESTS_AND_ANSWERS: [&str; 5] = ["address", "extract", "patch", "problem", "receive"];

#[test]
fn only_the_handlers_of_rest_know_requests_and_problems() {
    let layers = layers();
    let capabilities = layers.iter().rev().nth(1).expect("a layer below the program");
    let is_handler = |file: &str| file.contains("/http/") || file.ends_with("/http.rs");
    let knowing: BTreeSet<String> = imports()
        .into_iter()
        .filter(|import| capabilities.contains(&import.from) && import.to == "http")
        .filter(|import| {
            import.path.first().is_some_and(|part| REQUESTS_AND_ANSWERS.contains(&part.as_str()))
        })
        .map(|import| import.file)
        .filter(|file| !is_handler(file))
        .collect();
    assert!(knowing.is_empty(), "their rules should answer a Refusal: {knowing:?}");
}
