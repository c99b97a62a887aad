//! The duration of a session, in the formats of many programs.

use serde_json::Value;

use super::document::{Document, name_of};
use crate::text::quoted;

const MINUTES_A_DAY: i64 = 24 * 60;
/// The maximum duration of a session: an exhibition may be open for the whole conference.
pub(super) const LONGEST_MINUTES: i64 = 31 * MINUTES_A_DAY;

/// A duration in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duration {
    /// How long.
    pub minutes: i64,
    /// Whether it is ambiguous.
    pub doubtful: bool,
}

/// What the first of three numbers means: `1:00:00` is a day to some programs and an hour to
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Convention {
    /// Days, hours and minutes.
    Days,
    /// Hours, minutes and seconds.
    Seconds,
    /// The document does not tell.
    Unknown,
}

impl Convention {
    /// What the document's own generator means by it: what it is known for, or else what it means
    /// wherever there is no doubt. Whoever writes hours and minutes as two numbers has no use for a
    /// third but days.
    pub(super) fn of(document: &Document) -> Self {
        let generator = document.generator.as_deref().unwrap_or_default();
        if generator.to_lowercase().contains("pretalx") {
            return Self::Days;
        }
        let written = document.sessions().filter_map(|session| session.get("duration")?.as_str());
        let mut two = false;
        for text in written.map(str::trim) {
            let parts: Vec<&str> = text.split(':').collect();
            let numbers: Vec<i64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
            match numbers.as_slice() {
                [_, _] => two = true,
                [first, second, 0] if *second >= 24 || *first == 0 || parts[0].starts_with('0') => {
                    return Self::Seconds;
                }
                [_, second, third] if *third > 0 && *second < 24 && !parts[0].starts_with('0') => {
                    return Self::Days;
                }
                _ => {}
            }
        }
        if two { Self::Days } else { Self::Unknown }
    }
}

fn sure(minutes: i64) -> Option<Duration> {
    Some(Duration { minutes, doubtful: false })
}

fn doubtful(minutes: i64) -> Option<Duration> {
    Some(Duration { minutes, doubtful: true })
}

/// Reads `1:30`, `90` (minutes), `1:02:30` (by the convention), `PT1H30M`, `1 day, 2:00:00`.
///
/// # Errors
/// A sentence for what is no duration.
pub(super) fn read(value: &Value, convention: Convention) -> Result<Option<Duration>, String> {
    let duration = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => from_text(text.trim(), convention),
        Value::Number(number) => {
            let whole = number.as_i64().or_else(|| whole(number.as_f64()?));
            whole.and_then(sure)
        }
        other => return Err(format!("It must be like 01:30 and is {}.", name_of(other))),
    };
    let duration = duration.filter(|duration| duration.minutes >= 0);
    let shown = || value.as_str().map_or_else(|| value.to_string(), quoted);
    let duration = duration.ok_or_else(|| format!("{} is no duration like 01:30.", shown()))?;
    if duration.minutes > LONGEST_MINUTES {
        return Err(format!("{} is too long; a session lasts at most 31 days.", shown()));
    }
    Ok(Some(duration))
}

/// 90.0 is 90; anything with a fraction is no number of minutes.
fn whole(number: f64) -> Option<i64> {
    let small = number.fract() == 0.0 && number.abs() < 1e9;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    small.then_some(number as i64)
}

fn from_text(text: &str, convention: Convention) -> Option<Duration> {
    // Python's way to write a day or more.
    if let Some((days, rest)) = text.split_once(" day") {
        let rest = rest.trim_start_matches('s').trim_start_matches(',').trim();
        let days = days.parse::<i64>().ok().filter(|days| (0..=LONGEST_MINUTES).contains(days))?;
        if rest.contains("day") {
            return None;
        }
        let rest = if rest.is_empty() { 0 } else { from_text(rest, Convention::Seconds)?.minutes };
        return sure(days * MINUTES_A_DAY + rest);
    }
    if text.starts_with(['P', 'p']) {
        return from_iso(text);
    }
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str| {
        let digits = (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse::<i64>().ok() } else { None }
    };
    match parts.as_slice() {
        [minutes] => sure(number(minutes)?),
        [first, second] => {
            let (first, second) = (number(first)?, number(second)?);
            match (first, second) {
                (_, 60..) => None,
                // 90:00 is more likely an hour and a half than four days.
                (25.., 0) => doubtful(first),
                _ => sure(first * 60 + second),
            }
        }
        [first, second, third] => {
            let zero = first.starts_with('0');
            let (first, second, third) = (number(first)?, number(second)?, number(third)?);
            if second >= 60 || third >= 60 {
                return None;
            }
            let clock = first * 60 + second;
            let days = first * MINUTES_A_DAY + second * 60 + third;
            match () {
                // 00:45:00 and 1:30:00 are hours, minutes and seconds: no day has 30 hours.
                () if (zero || second >= 24) && third == 0 => sure(clock),
                () if second < 24 && !zero && convention == Convention::Days => sure(days),
                () if third == 0 && convention == Convention::Seconds => sure(clock),
                // 1:02:30: programs that count days write no seconds.
                () if second < 24 && third != 0 && !zero => sure(days),
                () if second < 24 => doubtful(clock),
                () => None,
            }
        }
        _ => None,
    }
}

fn from_iso(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.parse().ok()?;
    let options = jiff::SpanRelativeTo::days_are_24_hours();
    let minutes = span.total((jiff::Unit::Minute, options)).ok()?;
    whole(minutes).and_then(sure)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_ways_to_write_it() {
        for (value, minutes) in [
            (json!("00:45"), 45),
            (json!("1:30"), 90),
            (json!("24:00"), 1_440),
            (json!("24:30"), 1_470),
            (json!(" 00:30 "), 30),
            (json!("45"), 45),
            (json!(45), 45),
            (json!(45.0), 45),
            (json!("00:45:00"), 45),
            (json!("1:30:00"), 90),
            (json!("1:02:30"), 1_590),
            (json!("PT1H30M"), 90),
            (json!("P1DT2H"), 1_560),
            (json!("1 day, 2:00:00"), 1_560),
            (json!("2 days"), 2_880),
            (json!("00:00"), 0),
        ] {
            let read = read(&value, Convention::Unknown).expect("a duration").expect("a duration");
            assert_eq!(read, Duration { minutes, doubtful: false }, "{value}");
        }
        for (value, minutes) in [(json!("90:00"), 90), (json!("1:00:00"), 60)] {
            let read = read(&value, Convention::Unknown).expect("a duration").expect("a duration");
            assert_eq!(read, Duration { minutes, doubtful: true }, "{value}");
        }
        for (convention, minutes) in [(Convention::Days, 1_440), (Convention::Seconds, 60)] {
            let read = read(&json!("1:00:00"), convention).expect("a duration");
            assert_eq!(read, Some(Duration { minutes, doubtful: false }), "{convention:?}");
        }
    }

    #[test]
    fn a_document_tells_what_it_means_by_three_numbers() {
        let of = |durations: &[&str], generator: Option<&str>| {
            let sessions: Vec<_> = durations.iter().map(|d| json!({ "duration": d })).collect();
            let schedule = json!({ "schedule": {
                "generator": { "name": generator },
                "conference": { "days": [{ "rooms": { "A": sessions } }] },
            } });
            let document = super::super::document::read(schedule.to_string().as_bytes(), "en");
            Convention::of(&document.expect("a document"))
        };
        assert_eq!(of(&["1:00:00"], Some("pretalx")), Convention::Days);
        assert_eq!(of(&["1:00:00", "00:30"], None), Convention::Days);
        assert_eq!(of(&["1:00:00", "1:04:30"], None), Convention::Days);
        assert_eq!(of(&["1:00:00", "0:30:00"], None), Convention::Seconds);
        assert_eq!(of(&["1:00:00", "1:30:00"], None), Convention::Seconds);
        assert_eq!(of(&["1:00:00"], None), Convention::Unknown);
    }

    #[test]
    fn what_is_none() {
        let read = |value: &Value| read(value, Convention::Unknown);
        assert_eq!(read(&json!(null)), Ok(None));
        assert_eq!(read(&json!("")), Ok(None));
        for value in [
            json!("an hour"),
            json!("1.5h"),
            json!("1:75"),
            json!("-1:30"),
            json!(-5),
            json!(1.5),
            json!(true),
            json!([]),
            json!("1:2:3:4"),
            json!(":"),
            json!("P"),
            json!("99999999999:00"),
            json!(1e300),
            json!(100_000),
            json!("PT1.5S"),
            json!("9999999 days, 0:00:00"),
            json!("00:45:99"),
        ] {
            assert!(read(&value).is_err(), "{value}");
        }
    }
}
