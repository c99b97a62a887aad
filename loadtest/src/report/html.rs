//! The page for a report: one file that needs nothing else, in light, dark and on paper.

use std::fmt::Write as _;

use super::curves::charts;
use super::findings::sentences;
use super::json::Document;
use super::table::{Section, headline, latencies, millis, sections};
use crate::measure::latency::PERCENTILES;
use crate::progress::grouped;
use crate::result::Run;

/// The page as text.
pub(crate) fn page(document: &Document) -> String {
    let (run, floor) = (&document.run, document.floor.as_ref());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Load test: {title}</title><style>{style}</style></head><body>\n<header>\
         <h1>Load test: {title}</h1><p>{headline}.</p><p>{day}</p></header>\n<main>\n",
        title = escape(&run.setup.scenario),
        style = concat!(include_str!("chart.css"), include_str!("page.css")),
        headline = escape(&headline(run)),
        day = date(run.setup.began),
    );
    page.push_str(&verdict(document));
    page.push_str(&tiles(document));
    page.push_str("\n<h2>Over time</h2>\n<div class=\"charts\">");
    page.push_str(&charts(run, floor));
    page.push_str("</div>\n<h2>In figures</h2>\n");
    page.push_str(&latency_table(run));
    for section in sections(run, floor).iter().filter(|section| !section.is_latency) {
        page.push_str(&table(section));
    }
    page.push_str(
        "\n</main>\n<footer><p>Latencies run from the moment a message was meant to be sent, so \
         that a server that makes senders wait is not flattered, to the moment each receiver had \
         read it. Every receiver and number is counted. CPU is user and system time of the \
         server's process. Measured without the warm-up, unless said otherwise; what is counted \
         and the wire are of the whole run.</p><p>",
    );
    page.push_str(&escape(&document.written_by));
    page.push_str("</p></footer></body></html>\n");
    page
}

/// Text as it may stand in the page: what a server said is not to be trusted.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}

fn verdict(document: &Document) -> String {
    let account = &document.run.account;
    let mut html = if document.broken.is_empty() {
        let lost = account.lost + account.vanished;
        match lost + account.duplicates + account.altered {
            0 => "<p class=\"verdict good\">Every message reached every receiver, once.</p>"
                .to_owned(),
            _ => format!(
                "<p class=\"verdict bad\">{} deliveries were lost, {} came twice.</p>",
                grouped(lost),
                grouped(account.duplicates)
            ),
        }
    } else {
        let sentences = document.broken.iter().map(|broken| format!("<li>{}</li>", escape(broken)));
        let sentences: String = sentences.collect();
        format!("<div class=\"verdict bad\">Limits that were broken<ul>{sentences}</ul></div>")
    };
    for note in sentences(&document.run) {
        let _ = write!(html, "<p>{}</p>", escape(&note));
    }
    if let Some(why) = document.run.bottleneck() {
        let _ = write!(html, "<p class=\"verdict careful\">Careful: {}.</p>", escape(&why));
    }
    html
}

/// The figures that people look for first.
fn tiles(document: &Document) -> String {
    let (run, summary) = (&document.run, &document.summary);
    let account = &run.account;
    let mut tiles = vec![
        (
            "Delivered",
            grouped(account.received),
            format!("of {} expected", grouped(account.expected)),
        ),
        (
            "Each second",
            grouped(run.throughput() as u64),
            format!("deliveries to {} sockets", grouped(run.setup.clients as u64)),
        ),
    ];
    if let (Some(p50), Some(p99)) = (summary.p50_ms, summary.p99_ms) {
        let median = format!("half within {} ms", millis(p50));
        tiles.push(("Latency, p99", format!("{} ms", millis(p99)), median));
    }
    if let Some(p99) = account.connect.percentile(99.0) {
        let many = format!("{} connections", grouped(account.connect.count()));
        tiles.push(("Connected, p99", format!("{} ms", millis(p99)), many));
    }
    if let Some(cpu) = summary.cpu_per_delivery_us {
        let ratio = summary.floor_ratio.map(|ratio| format!("{ratio:.2} × the floor"));
        tiles.push(("CPU per delivery", format!("{cpu:.2} µs"), ratio.unwrap_or_default()));
    }
    if let Some(memory) = summary.memory_per_connection_bytes {
        let kib = format!("{:.1} KiB", memory / 1024.0);
        tiles.push(("Memory each", kib, "per connection".to_owned()));
    }
    let tiles = tiles.iter().map(|(name, value, remark)| {
        let (value, remark) = (escape(value), escape(remark));
        format!("<div><dt>{name}</dt><dd>{value}<small>{remark}</small></dd></div>")
    });
    format!("<dl class=\"tiles\">{}</dl>", tiles.collect::<String>())
}

fn latency_table(run: &Run) -> String {
    let head = PERCENTILES.map(|percentile| match percentile {
        100.0 => "<th scope=\"col\">max</th>".to_owned(),
        percentile => format!("<th scope=\"col\">p{percentile}</th>"),
    });
    let mut html = format!(
        "<div class=\"wide\"><table><caption>From the intended moment, in milliseconds</caption>\
         <thead><tr><th scope=\"col\"></th><th scope=\"col\">how many</th>{}</tr></thead><tbody>",
        head.concat()
    );
    for (what, latency) in latencies(&run.account) {
        let values = PERCENTILES.map(|percentile| {
            format!("<td>{}</td>", millis(latency.percentile(percentile).unwrap_or(0.0)))
        });
        let count = grouped(latency.count());
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{what}</th><td>{count}</td>{}</tr>",
            values.concat()
        );
    }
    html.push_str("</tbody></table></div>\n");
    html
}

fn table(section: &Section) -> String {
    let rows = section.rows.iter().map(|row| {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"remark\">{}</td></tr>",
            escape(&row.what),
            escape(&row.value),
            escape(&row.remark)
        )
    });
    let rows: String = rows.collect();
    format!(
        "<div class=\"wide\"><table class=\"facts\"><caption>{}</caption><tbody>{rows}</tbody>\
         </table></div>\n",
        escape(section.title)
    )
}

/// A moment in UTC, from seconds since 1970 (Howard Hinnant's `civil_from_days`).
pub(crate) fn date(seconds: f64) -> String {
    let seconds = seconds as i64;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3_600, rest / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::account::count;

    #[test]
    fn what_a_server_says_is_only_text() {
        let mut run = Run::default();
        count(&mut run.account.ended, "close 4002 <script>alert('x')</script>");
        run.setup.scenario = "fan<out>".to_owned();
        let html = page(&Document::new(run, None, vec!["a < b & \"c\"".to_owned()]));
        assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"));
        assert!(html.contains("fan&lt;out&gt;") && html.contains("a &lt; b &amp; &quot;c&quot;"));
    }

    #[test]
    fn the_page_needs_nothing_else() {
        let html = page(&Document::new(Run::default(), None, Vec::new()));
        for elsewhere in ["http:", "https:", "src=", "href=", "@import", "url("] {
            assert!(!html.contains(elsewhere), "{elsewhere}");
        }
        assert!(html.contains("prefers-color-scheme: dark") && html.contains("@media print"));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(date(0.0), "1970-01-01 00:00 UTC");
        assert_eq!(date(951_827_696.0), "2000-02-29 12:34 UTC");
        assert_eq!(date(1_795_564_800.0), "2026-11-25 00:00 UTC");
    }
}
