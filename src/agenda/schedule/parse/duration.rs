//! The duration of a session, in the formats of many programs.

use serde_json::Value;

use super::document::name_of;
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

fn sure(minutes: i64) -> Option<Duration> {
    Some(Duration { minutes, doubtful: false })
}

fn doubtful(minutes: i64) -> Option<Duration> {
    Some(Duration { minutes, doubtful: true })
}

/// Reads `1:30`, `90` (minutes), `1:02:30` (days, hours, minutes), `PT1H30M`.
///
/// # Errors
/// A sentence for what is no duration.
pub(super) fn read(value: &Value) -> Result<Option<Duration>, String> {
    let duration = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => from_text(text.trim()),
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

fn from_text(text: &str) -> Option<Duration> {
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
            (json!("00:00"), 0),
        ] {
            let read = read(&value).expect("a duration").expect("a duration");
            assert_eq!(read, Duration { minutes, doubtful: false }, "{value}");
        }
        for (value, minutes) in [(json!("90:00"), 90), (json!("1:00:00"), 60)] {
            let read = read(&value).expect("a duration").expect("a duration");
            assert_eq!(read, Duration { minutes, doubtful: true }, "{value}");
        }
    }

    #[test]
    fn what_is_none() {
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
            json!("00:45:99"),
        ] {
            assert!(read(&value).is_err(), "{value}");
        }
    }
}
