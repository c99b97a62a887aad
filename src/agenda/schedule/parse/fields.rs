//! Reading the fields of one object.

use serde_json::Value;

use super::Context;
use super::document::{Object, name_of};
use crate::agenda::schedule::markup;
use crate::agenda::schedule::notes::Notes;
use crate::text::shortened;

/// An object of the document that is being read.
pub(super) struct Fields<'a> {
    /// The object.
    pub object: &'a Object,
    /// Its location, for people.
    pub row: &'a str,
    /// The prefix of the names of its fields.
    pub path: &'a str,
    /// The context of the whole document.
    pub context: &'a Context,
}

impl Fields<'_> {
    /// A text on one line; `None` if it is missing, `null` or empty. It is only shown: what is
    /// longer is shortened.
    pub(super) fn line(&self, notes: &mut Notes, field: &str, most: usize) -> Option<String> {
        let text = markup::plain(&self.text(notes, field)?);
        if text.chars().count() > most {
            self.warn_of_length(notes, field, most);
        }
        Some(shortened(&text, most)).filter(|text| !text.is_empty())
    }

    /// A text of several lines, with the marks of [`markup`]; otherwise as a [`line`](Self::line).
    pub(super) fn prose(&self, notes: &mut Notes, field: &str, most: usize) -> Option<String> {
        let text = self.text(notes, field)?;
        let (text, cut) = markup::readable(&text, self.context.base_url.as_deref(), most);
        if cut {
            self.warn_of_length(notes, field, most);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A text of several lines without any marks; otherwise as a [`line`](Self::line).
    pub(super) fn unmarked(&self, notes: &mut Notes, field: &str, most: usize) -> Option<String> {
        let text = markup::plain_lines(&self.text(notes, field)?);
        let shown: String = text.chars().take(most).collect();
        if shown.len() < text.len() {
            self.warn_of_length(notes, field, most);
        }
        Some(shown).filter(|text| !text.is_empty())
    }

    fn text(&self, notes: &mut Notes, field: &str) -> Option<String> {
        let value = self.object.get(field)?;
        text_of(value, &self.context.language).unwrap_or_else(|()| {
            let kind = name_of(value);
            let message = format!("{}{field} is {kind}, no text; it was left out.", self.path);
            self.warn(notes, message);
            None
        })
    }

    fn warn_of_length(&self, notes: &mut Notes, field: &str, most: usize) {
        let message =
            format!("{}{field} has more than {most} characters; it was shortened.", self.path);
        self.warn(notes, message);
    }

    /// An absolute web address; a relative one is resolved against the document's base. Anything
    /// else is left out with a warning.
    pub(super) fn url(&self, notes: &mut Notes, field: &str) -> Option<String> {
        let text = match self.object.get(field)? {
            Value::String(text) => text.trim(),
            _ => return None,
        };
        if text.is_empty() {
            return None;
        }
        let address = absolute(text, self.context.base_url.as_deref());
        let good = address.filter(|address| {
            let visible = !address.chars().any(|c| c.is_control() || c.is_whitespace());
            visible && address.len() <= LONGEST_URL
        });
        if good.is_none() {
            let message =
                format!("{}{field} is no address on the web; it was left out.", self.path);
            self.warn(notes, message);
        }
        good
    }

    /// Something is wrong with a field of a session.
    pub(super) fn fault(&self, notes: &mut Notes, field: &str, message: impl Into<String>) {
        notes.broken(self.row, &format!("{}{field}", self.path), message);
    }

    /// Something is odd.
    pub(super) fn warn(&self, notes: &mut Notes, message: impl Into<String>) {
        notes.warn(self.row, message);
    }
}

/// The maximum length of an address, in bytes.
const LONGEST_URL: usize = 2_000;

/// The text of a value: `None` for `null`, one of them if it is given in several languages.
pub(super) fn text_of(value: &Value, language: &str) -> Result<Option<String>, ()> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Object(languages) => {
            let texts = || languages.iter().filter_map(|(tag, text)| Some((tag, text.as_str()?)));
            if !languages.values().all(|text| text.is_string() || text.is_null()) {
                return Err(());
            }
            let filled = || texts().filter(|(_, text)| !text.trim().is_empty());
            let chosen = filled()
                .find(|(tag, _)| tag.as_str() == language)
                .or_else(|| filled().find(|(tag, _)| tag.as_str() == "en"))
                .or_else(|| filled().next());
            Ok(chosen.map(|(_, text)| text.to_owned()))
        }
        Value::Bool(_) | Value::Array(_) => Err(()),
    }
}

/// The address with scheme and host; `None` if it is not a web address.
pub(in crate::agenda::schedule) fn absolute(text: &str, base: Option<&str>) -> Option<String> {
    let web = |text: &str| {
        let rest = strip_scheme(text)?;
        Some(text).filter(|_| !rest.starts_with('/') && !rest.is_empty()).map(str::to_owned)
    };
    let scheme = text.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    if scheme {
        return web(text);
    }
    let base = base?;
    if let Some(rest) = text.strip_prefix("//") {
        let scheme = base.split_once(':').map_or("https", |(scheme, _)| scheme);
        return web(&format!("{scheme}://{rest}"));
    }
    if text.starts_with('/') {
        let host = strip_scheme(base)?.split('/').next().unwrap_or_default();
        let origin = &base[..base.len() - strip_scheme(base)?.len() + host.len()];
        return web(&format!("{origin}{text}"));
    }
    let folder = base.rsplit_once('/').map_or(base, |(folder, _)| folder);
    web(&format!("{folder}/{text}"))
}

fn strip_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let begin = text.get(..scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_in_several_languages() {
        let text = |value: Value| text_of(&value, "de");
        assert_eq!(text(json!({"en": "Talk", "de": "Vortrag"})), Ok(Some("Vortrag".into())));
        assert_eq!(text(json!({"fr": "Exposé", "en": "Talk"})), Ok(Some("Talk".into())));
        assert_eq!(text(json!({"fr": "Exposé", "de": ""})), Ok(Some("Exposé".into())));
        assert_eq!(text(json!({"en": null})), Ok(None));
        assert_eq!(text(json!(1984)), Ok(Some("1984".into())));
        assert_eq!(text(json!(["a"])), Err(()));
        assert_eq!(text(json!({"en": {"a": 1}})), Err(()));
    }

    #[test]
    fn addresses() {
        let base = Some("https://example.org/camp/schedule/");
        let cases = [
            ("https://example.com/a", Some("https://example.com/a")),
            ("a.html", Some("https://example.org/camp/schedule/a.html")),
            ("/a.html", Some("https://example.org/a.html")),
            ("//cdn.example/a.png", Some("https://cdn.example/a.png")),
            ("javascript:alert(1)", None),
            ("data:image/png;base64,AAAA", None),
            ("https://", None),
            ("mailto:a@example.org", None),
        ];
        for (text, expected) in cases {
            assert_eq!(absolute(text, base).as_deref(), expected, "{text}");
        }
        assert_eq!(absolute("a.html", None), None);
        assert_eq!(absolute("/a", Some("nonsense")), None);
        assert_eq!(
            absolute("/a", Some("https://example.org")).as_deref(),
            Some("https://example.org/a")
        );
    }
}
