//! Dates and times, in the formats of many programs.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};

use crate::clock::Timestamp;
use crate::text::quoted;

/// Plausible years of conferences.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2199;

/// A date, perhaps with a time, perhaps with an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The date.
    pub date: Date,
    /// The time of day.
    pub time: Option<Time>,
    /// The offset from UTC.
    pub offset: Option<Offset>,
}

/// A moment and its local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The moment.
    pub at: Timestamp,
    /// Date and time as written.
    pub wall: DateTime,
}

impl Written {
    /// Reads `2019-08-21T11:00:00+02:00` and everything that omits a part of it.
    ///
    /// # Errors
    /// A sentence for what is no date.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let refused =
            || format!("{} is no date and time like 2019-08-21T11:00:00+02:00.", quoted(text));
        let pieces = Pieces::parse(text).map_err(|_| refused())?;
        if !YEARS.contains(&pieces.date().year()) {
            return Err(format!("{} is in no year in which this could take place.", quoted(text)));
        }
        Ok(Self { date: pieces.date(), time: pieces.time(), offset: pieces.to_numeric_offset() })
    }

    /// The moment, if the time of day is known, in `zone` if there is no offset; `None` without a
    /// zone.
    pub(super) fn at(&self, time: Time, zone: Option<&TimeZone>) -> Option<Moment> {
        let wall = self.date.to_datetime(time);
        let moment = match self.offset {
            Some(offset) => offset.to_timestamp(wall).ok()?,
            // A time skipped by a change to summer time is read with the offset before the change.
            None => zone?.to_timestamp(wall).ok()?,
        };
        Some(Moment { at: Timestamp(moment.as_millisecond()), wall })
    }
}

/// Reads a time of day: `11:00`, `9:30`, `11:00:00`.
pub(super) fn clock(text: &str) -> Option<Time> {
    let mut parts = text.trim().split(':');
    let mut next = |most: i8| {
        let part = parts.next()?;
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { part.parse::<i8>().ok()? } else { return None };
        (number <= most).then_some(number)
    };
    let (hour, minute) = (next(23)?, next(59)?);
    let seconds = parts.next().map(|part| part.parse::<u8>().is_ok_and(|second| second < 60));
    let complete = seconds.unwrap_or(true) && parts.next().is_none();
    if complete { Time::new(hour, minute, 0, 0).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str, zone: Option<&str>) -> Option<i64> {
        let written = Written::read(text).expect("a date");
        let zone = zone.map(|name| TimeZone::get(name).expect("a zone"));
        written.at(written.time?, zone.as_ref()).map(|moment| moment.at.0)
    }

    #[test]
    fn the_ways_to_write_it() {
        // 2019-08-21T09:00:00Z
        let eleven = 1_566_378_000_000;
        for text in [
            "2019-08-21T11:00:00+02:00",
            "2019-08-21T11:00+02:00",
            "2019-08-21 11:00:00+02:00",
            "2019-08-21T11:00:00+0200",
            "2019-08-21T09:00:00Z",
            "2019-08-21T09:00:00.000Z",
            "2019-08-21T11:00:00+02:00[Europe/Berlin]",
        ] {
            assert_eq!(millis(text, None), Some(eleven), "{text}");
            assert_eq!(
                millis(text, Some("Asia/Tokyo")),
                Some(eleven),
                "the offset decides: {text}"
            );
        }
        assert_eq!(millis("2019-08-21T11:00:00", Some("Europe/Berlin")), Some(eleven));
        assert_eq!(millis("2019-08-21 11:00", Some("Europe/Berlin")), Some(eleven));
        assert_eq!(millis("2019-08-21T11:00:00", None), None);
        assert_eq!(Written::read("2019-08-21").expect("a date").time, None);
    }

    #[test]
    fn an_hour_that_does_not_exist_is_read_as_the_next() {
        let skipped = millis("2019-03-31T02:30:00", Some("Europe/Berlin"));
        assert_eq!(skipped, millis("2019-03-31T03:30:00", Some("Europe/Berlin")));
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            "tomorrow",
            "21.08.2019",
            "2019-13-01",
            "2019-02-30T10:00:00Z",
            "1566378000",
            "0019-08-21T11:00:00Z",
            "2019-08-21T25:00:00Z",
            "11:00",
        ] {
            assert!(Written::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_of_day() {
        let time = |text| clock(text).map(|time| (time.hour(), time.minute()));
        assert_eq!(time("11:00"), Some((11, 0)));
        assert_eq!(time(" 9:30 "), Some((9, 30)));
        assert_eq!(time("00:15:30"), Some((0, 15)));
        for text in
            ["", "11", "24:00", "11:60", "11:00:00:00", "11:00:xx", "-1:00", "11.00", "+1:00"]
        {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
