//! Paginated lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;

/// The default page size.
const DEFAULT_SIZE: u32 = 50;
/// The maximum page size.
const MAX_SIZE: u32 = 200;

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page of `size` from the items that were read, which are one more if the list goes on;
    /// `position` is the position of an item, after which the next page continues.
    pub fn cut<P: Serialize>(mut items: Vec<T>, size: u32, position: impl FnOnce(&T) -> P) -> Self {
        let size = size as usize;
        let more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| more).map(|last| cursor(&position(last)));
        Self { items, next }
    }
}

/// Which page of a list is requested.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// The `next` of the previous page.
    pub cursor: Option<String>,
    /// The maximum number of items.
    pub limit: Option<u32>,
}

/// The page size for this requested limit.
///
/// # Errors
/// When it is not from 1 to 200.
pub fn size(limit: Option<u32>) -> Result<u32, Problem> {
    match limit {
        None => Ok(DEFAULT_SIZE),
        Some(limit @ 1..=MAX_SIZE) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit", format!("The limit must be 1 to {MAX_SIZE}."))),
    }
}

/// Encodes a position in a list as an opaque text.
pub fn cursor<P: Serialize>(position: &P) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// Decodes a position that [`cursor`] has encoded.
///
/// # Errors
/// When it is not one.
pub fn position<P: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<P>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    serde_json::from_slice(&bytes).map(Some).map_err(|_| {
        Problem::invalid("cursor", "The cursor is not one that this list has returned.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_continues_where_the_page_ended() {
        let page = Page::cut(vec![1, 2, 3], 2, |last| *last);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(position::<i32>(page.next.as_deref()).unwrap(), Some(2));
        assert_eq!(Page::cut(vec![1, 2], 2, |last| *last).next, None);
        assert!(position::<i32>(Some("nonsense")).is_err());
    }
}
