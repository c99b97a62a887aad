//! How what has changed was read again.

use super::table::{Section, millis, names};
use crate::clock::SECOND;
use crate::progress::grouped;
use crate::result::Run;

/// Rows about the reads of `change`; none for other scenarios.
pub(super) fn rereads(run: &Run) -> Section {
    let mut section = Section::new("Read again after the change");
    let reads = &run.account.rereads;
    if reads.expected == 0 {
        return section;
    }
    let last = reads.hearing.percentile(100.0);
    let last = last
        .map(|last| format!("of {}, the last after {} ms", grouped(reads.expected), millis(last)));
    section.row("told", grouped(reads.told), last.unwrap_or_default());
    let within = format!("{:.2} s", reads.within_ms as f64 / 1_000.0);
    section.row("within", within, "the time over which they were told to spread");
    let failed: u64 = reads.failed.values().sum();
    let failures = if failed > 0 { names(&reads.failed) } else { "none failed".to_owned() };
    section.row("read", grouped(reads.done), failures);
    if let Some(busiest) = reads.busiest() {
        let window = reads.window() as f64 / SECOND as f64;
        let remark = format!("{busiest:.2} × as many as if they were spread evenly");
        section.row(&format!("in the busiest {window} s"), grouped(reads.most()), remark);
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_told_with_their_busiest_moment() {
        let mut run = Run::default();
        assert!(rereads(&run).rows.is_empty(), "of other scenarios there is nothing to tell");
        let reads = &mut run.account.rereads;
        (reads.expected, reads.told, reads.done, reads.within_ms) = (3, 3, 2, 4_000);
        reads.hearing.record(12_000_000);
        reads.failed.insert("status 503".to_owned(), 1);
        (0..3).for_each(|second| reads.begin(second * SECOND));
        let rows = rereads(&run).rows;
        let told = |row: usize| format!("{} {}", rows[row].value, rows[row].remark);
        assert_eq!(told(0), "3 of 3, the last after 12.0 ms");
        assert_eq!(told(2), "2 status 503 (1)");
        assert_eq!(rows[3].what, "in the busiest 1 s");
        assert_eq!(told(3), "1 1.33 × as many as if they were spread evenly");
    }
}
