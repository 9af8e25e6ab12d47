//! Pages of a list (API-007).
//!
//! A marker holds the sort key of the last item that was sent, so that deletions between two pages skip
//! nothing. Lists are sorted by that key, which is another for each item. A marker has at most 320 characters: of a longer key it holds
//! the beginning and a digest, by which the key is found again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::{ApiError, Params, Xml};

/// `MaxItems` where none is given.
const DEFAULT_ITEMS: usize = 100;
/// So much of a key is in a marker, in bytes; with the digest 320 characters of base64.
const LONGEST_START: usize = 224;

/// One page.
#[derive(Debug)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next begins, if there is one.
    marker: Option<String>,
}

/// The page that `Marker` and `MaxItems` ask for, in the order of the items' keys.
///
/// # Errors
///
/// The marker is none of ours.
pub fn page<T>(params: &Params, items: impl IntoIterator<Item = (String, T)>) -> Result<Page<T>, ApiError> {
    let action = params.get("Action").unwrap_or_default();
    let most = params.number("MaxItems").and_then(|most| usize::try_from(most).ok()).unwrap_or(DEFAULT_ITEMS);
    let mut items: Vec<(String, T)> = items.into_iter().collect();
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
    if let Some(marker) = params.get("Marker") {
        let after = After::read(marker, action)?;
        let found = items.iter().position(|(key, _)| after.is_of(key, action));
        // Gone since: what sorts behind its beginning has not been sent, or is sent again.
        let before = |(key, _): &&(String, T)| key.as_bytes() < after.start.as_slice();
        let sent = found.map_or_else(|| items.iter().take_while(before).count(), |found| found + 1);
        items.drain(..sent);
    }
    let mut kept = Vec::new();
    let mut last: Option<String> = None;
    for (key, item) in items {
        if kept.len() == most {
            return Ok(Page { items: kept, marker: last.map(|key| written(&key, action)) });
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

fn written(key: &str, action: &str) -> String {
    let start = key.as_bytes().iter().take(LONGEST_START).copied();
    URL_SAFE_NO_PAD.encode(digest(key, action).into_iter().chain(start).collect::<Vec<u8>>())
}

/// Not a secret: it tells markers of one list from those of another, and from text.
fn digest(key: &str, action: &str) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest([action, "\0", key].concat()).into();
    std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default())
}

/// What a marker says: the key of the last item that was sent, or how it begins.
struct After {
    digest: [u8; 16],
    start: Vec<u8>,
}

impl After {
    fn read(marker: &str, action: &str) -> Result<Self, ApiError> {
        let after = || {
            let bytes = URL_SAFE_NO_PAD.decode(marker).ok()?;
            let (digest, start) = bytes.split_first_chunk::<16>()?;
            let after = Self { digest: *digest, start: start.to_vec() };
            let whole = std::str::from_utf8(start).is_ok_and(|key| after.is_of(key, action));
            (whole || start.len() == LONGEST_START).then_some(after)
        };
        after().ok_or_else(|| ApiError::validation("Invalid Marker."))
    }

    fn is_of(&self, key: &str, action: &str) -> bool {
        key.as_bytes().starts_with(&self.start) && digest(key, action) == self.digest
    }
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
    fn api_007_the_last_item_sent_may_be_gone() {
        let (_, marker) = keys("MaxItems=2", &["a", "b", "c"]);
        assert_eq!(keys(&format!("Marker={}", marker.unwrap()), &["a", "ba", "c"]).0, ["ba", "c"]);
    }

    /// The model lets markers of up to 320 characters in.
    #[test]
    fn api_007_markers_of_long_keys_are_short_and_lose_nothing() {
        let long: Vec<String> = ["a", "b", "c", "d"].map(|end| "k".repeat(500) + end).into();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        let (mut sent, mut form) = (Vec::new(), "MaxItems=1".to_owned());
        loop {
            let (items, marker) = keys(&form, &long);
            sent.extend(items);
            let Some(marker) = marker else { break };
            assert_eq!(marker.len(), 320);
            form = format!("MaxItems=1&Marker={marker}");
        }
        assert_eq!(sent, long);
        let (_, marker) = keys("MaxItems=2", &long);
        let next = format!("Marker={}", marker.unwrap());
        assert_eq!(keys(&next, &[long[0], long[2], long[3]]).0, [long[0], long[2], long[3]]);
    }

    proptest::proptest! {
        #[test]
        fn api_007_each_item_that_stays_is_sent_once(
            all in proptest::collection::btree_map("\\PC{0,6}", proptest::bool::ANY, 0..20),
            most in 1..5_usize,
        ) {
            let (mut sent, mut form) = (Vec::new(), format!("MaxItems={most}"));
            // What does not stay goes after the first page.
            let mut now: Vec<&str> = all.keys().map(String::as_str).collect();
            let staying = |keys: &[String]| keys.iter().filter(|key| all[*key]).cloned().collect::<Vec<_>>();
            loop {
                let (items, marker) = keys(&form, &now);
                sent.extend(staying(&items));
                now.retain(|key| all[*key]);
                let Some(marker) = marker else { break };
                form = format!("MaxItems={most}&Marker={marker}");
            }
            let all: Vec<String> = all.keys().cloned().collect();
            proptest::prop_assert_eq!(sent, staying(&all));
        }
    }

    #[test]
    fn api_007_a_marker_of_another_list_is_refused() {
        let (_, marker) = keys("Action=ListUsers&MaxItems=1", &["a", "b"]);
        let form = format!("Action=ListRoles&Marker={}", marker.unwrap());
        let params = Params::read(form.as_bytes()).unwrap();
        assert_eq!(page(&params, [("b".to_owned(), ())]).unwrap_err().message, "Invalid Marker.");
    }

    #[test]
    fn api_007_items_come_in_any_order_and_go_in_that_of_their_keys() {
        let (first, marker) = keys("MaxItems=2", &["b", "C", "a"]);
        assert_eq!(first, ["C", "a"]);
        assert_eq!(keys(&format!("Marker={}", marker.unwrap()), &["b", "C"]).0, ["b"]);
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
