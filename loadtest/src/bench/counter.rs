//! What the hub counts itself, on its address for operators.

use anyhow::Context as _;

/// How often it has read a channel from its database.
pub(crate) const ARCHIVE_READS: &str = "plenary_archive_reads_total";

/// A counter without labels, from a page in the Prometheus text format.
///
/// # Errors
/// When there is no such page, or no such counter on it.
pub(super) fn counter(url: &str, name: &str) -> anyhow::Result<f64> {
    let mut answer = ureq::get(url).call().with_context(|| format!("{url} gives no metrics"))?;
    let page = answer.body_mut().read_to_string()?;
    value(&page, name).with_context(|| format!("{url} has no {name}"))
}

fn value(page: &str, name: &str) -> Option<f64> {
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    value.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_found_by_its_whole_name() {
        let page = "# TYPE reads counter\nreads_before 7\nreads 12\n";
        assert_eq!((value(page, "reads"), value(page, "read")), (Some(12.0), None));
    }
}
