//! Values of options, within their bounds.

pub(super) fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err("it must be a number from 1 to 1000000".to_owned()),
    }
}

pub(super) fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.001..=1_000_000.0).contains(&rate) => Ok(rate),
        _ => Err("it must be a number from 0.001 to 1000000".to_owned()),
    }
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=1_000_000.0).contains(&seconds) => Ok(seconds),
        _ => Err("it must be a number of seconds".to_owned()),
    }
}

pub(super) fn millis(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(millis) if (0.0..=1_000_000_000.0).contains(&millis) => Ok(millis),
        _ => Err("it must be a number of milliseconds, without a unit, such as 250".to_owned()),
    }
}

/// Addresses of servers, with commas between them.
pub(super) fn servers(text: &str) -> Result<String, String> {
    let good = |url: &str| url.starts_with("http://") || url.starts_with("ws://");
    match text.split(',').all(good) {
        true => Ok(text.to_owned()),
        false => Err(
            "write it with http://, such as http://127.0.0.1:8080; the load tester speaks no TLS: \
                      behind a proxy, give it the server's own address"
                .to_owned(),
        ),
    }
}

pub(super) fn process(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err("it must be a process' number; does the server run on this machine?".to_owned()),
    }
}

pub(super) fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("it must be a number from 0 to 100".to_owned()),
    }
}
