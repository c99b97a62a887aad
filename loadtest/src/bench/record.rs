//! What is kept beside the code: a document's marked part, and drawings in the folder beside it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::report::chart::Chart;

/// Replaces what stands between the marks of this name.
///
/// # Errors
/// When the document has no such marks, or cannot be written.
pub(super) fn put(document: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let before = fs::read_to_string(document);
    let before = before.with_context(|| format!("{} cannot be read", document.display()))?;
    let after = replaced(&before, name, text);
    let after = after.with_context(|| {
        format!("{} has no part <!-- {name} --> … <!-- /{name} -->", document.display())
    })?;
    fs::write(document, after).with_context(|| format!("{} cannot be written", document.display()))
}

fn replaced(document: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (head, rest) = document.split_once(&begin)?;
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}{begin}\n{}\n\n{end}{tail}", text.trim()))
}

/// Writes drawings into the folder that has the document's name, and gives the lines that show them.
///
/// # Errors
/// When they cannot be written.
pub(super) fn draw(document: &Path, charts: &[(&str, Chart)]) -> anyhow::Result<String> {
    let folder = document.with_extension("");
    fs::create_dir_all(&folder).with_context(|| format!("{} is missing", folder.display()))?;
    let beside = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut lines = String::new();
    for (name, chart) in charts {
        let (drawing, path) = (chart.file(), folder.join(format!("{name}.svg")));
        if drawing.is_empty() {
            continue;
        }
        fs::write(&path, format!("{drawing}\n"))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let (title, unit) = (&chart.title, chart.unit);
        // Writing into a string cannot fail.
        let _ = write!(lines, "\n{title} ({unit}):\n\n![{title}]({beside}/{name}.svg)\n");
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_is_replaced() {
        let document = "# Title\n<!-- bench -->\nold\n<!-- /bench -->\nby hand\n";
        let new = replaced(document, "bench", "new\n").expect("marks");
        assert_eq!(new, "# Title\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nby hand\n");
        assert_eq!(replaced(&new, "bench", "new"), Some(new.clone()), "and again the same");
        assert_eq!(replaced(document, "peers", "new"), None);
    }
}
