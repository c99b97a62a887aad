//! `plenary import people`.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Parser;

use crate::config::Settings;
use crate::output::print;
use crate::people::transfer::{self, LARGEST_TABLE, Options};
use crate::registry::Open;

/// Imports people from a table of comma-separated values (CSV), and registers them.
///
/// Who is not registered is; what is different is changed; everybody else is left alone. People
/// are known again by an external id or by their address. A table with an error changes nothing.
#[derive(Debug, Parser)]
#[command(name = "people")]
pub(super) struct PeopleImport {
    /// The table: UTF-8, columns parted by commas, semicolons or tabs (or as a line sep=; says), a header
    /// in the first row;
    /// - reads from standard input.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// The event's slug.
    #[arg(long, value_name = "SLUG")]
    event: String,
    /// What a column holds, where its header does not say it: email, name, first_name, last_name,
    /// affiliation, external_id, ticket_type, roles, languages, locale, listed, status,
    /// answers.KEY, or - for nothing. May be given several times.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,
    /// The column that holds what people are known by where the table comes from; the same as
    /// --map COLUMN=external_id.
    #[arg(long, value_name = "COLUMN")]
    external_id: Option<String>,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').ok_or("write COLUMN=FIELD")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

/// Imports them.
pub(super) async fn import(command: PeopleImport, open: Open) -> anyhow::Result<()> {
    let PeopleImport { file, event, map: mut mapping, external_id, dry_run, settings } = command;
    let place = file.clone();
    let table = tokio::task::spawn_blocking(move || read(&place)).await??;
    let core = open(settings).await?;
    let event = core.event(&event).await?;
    mapping.extend(external_id.map(|column| (column, "external_id".to_owned())));
    let options = Options { dry_run, mapping };
    // What the columns are taken for is said before anything is done with them.
    let columns = transfer::columns(&core, &event, &table, &options).await?;
    print(&transfer::columns_text(&columns))?;
    let report = transfer::import(&core, &event, None, &table, &options)
        .await
        .context("nothing was changed")?;
    if report.error_count > 0 {
        let (name, errors) = (file.display(), report.errors_text());
        bail!("{name} has errors; nothing was changed:\n{}", errors.trim_end());
    }
    Ok(print(&report.text())?)
}

fn read(file: &PathBuf) -> anyhow::Result<Vec<u8>> {
    let reader: Box<dyn std::io::Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        let opened = std::fs::File::open(file);
        Box::new(opened.with_context(|| format!("{} cannot be read", file.display()))?)
    };
    let mut table = Vec::new();
    let limit = u64::try_from(LARGEST_TABLE).unwrap_or(u64::MAX).saturating_add(1);
    let read = reader.take(limit).read_to_end(&mut table);
    read.with_context(|| format!("{} cannot be read", file.display()))?;
    ensure!(table.len() <= LARGEST_TABLE, "{} is larger than 32 MiB", file.display());
    Ok(table)
}
