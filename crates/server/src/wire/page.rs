//! Pages of a list (API-007).
//!
//! A marker holds the sort key of the last item that was sent, so that deletions between two pages skip
//! nothing. Lists come sorted by that key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ApiError, Params, Xml};

/// `MaxItems` where none is given.
const DEFAULT_ITEMS: usize = 100;

/// One page.
#[derive(Debug)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next begins, if there is one.
    marker: Option<String>,
}

/// The page that `Marker` and `MaxItems` ask for, of items in the order of their keys.
///
/// # Errors
///
/// The marker is none of ours.
pub fn page<T>(params: &Params, items: impl IntoIterator<Item = (String, T)>) -> Result<Page<T>, ApiError> {
    let after = params.get("Marker").map(read).transpose()?;
    let most = params.number("MaxItems").and_then(|most| usize::try_from(most).ok()).unwrap_or(DEFAULT_ITEMS);
    let rest = items.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    let mut kept = Vec::new();
    let mut last: Option<String> = None;
    for (key, item) in rest {
        if kept.len() == most {
            return Ok(Page { items: kept, marker: last.map(|key| written(&key)) });
        }
        last = Some(key);
        kept.push(item);
    }
    Ok(Page { items: kept, marker: None })
}

impl<T> Page<T> {
    /// `IsTruncated`, and `Marker` where it is true.
    pub fn finish(&self, xml: Xml) -> Xml {
        let xml = xml.text("IsTruncated", if self.marker.is_some() { "true" } else { "false" });
        xml.optional("Marker", self.marker.as_deref())
    }
}

fn written(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("1{key}"))
}

fn read(marker: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.and_then(|text| text.strip_prefix('1').map(str::to_owned));
    key.ok_or_else(|| ApiError::validation("Invalid Marker."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(params: &str, keys: &[&str]) -> (Vec<String>, Option<String>) {
        let params = Params::read(params.as_bytes()).unwrap();
        let page = page(&params, keys.iter().map(|key| ((*key).to_owned(), (*key).to_owned()))).unwrap();
        (page.items, page.marker)
    }

    #[test]
    fn api_007_a_deletion_between_two_pages_skips_nothing() {
        let (first, marker) = keys("MaxItems=2", &["a", "b", "c", "d"]);
        assert_eq!(first, ["a", "b"]);
        let next = format!("MaxItems=2&Marker={}", marker.unwrap());
        assert_eq!(keys(&next, &["a", "c", "d"]), (vec!["c".to_owned(), "d".to_owned()], None));
    }

    #[test]
    fn api_007_a_full_last_page_has_no_marker() {
        assert_eq!(keys("MaxItems=2", &["a", "b"]).1, None);
    }

    #[test]
    fn api_007_a_marker_of_someone_else_is_refused() {
        for marker in ["", "x", "YWJj", "%21"] {
            let params = Params::read(format!("Marker={marker}").as_bytes()).unwrap();
            assert_eq!(page(&params, [(String::new(), ())]).unwrap_err().code, "ValidationError");
        }
    }
}
