//! The embedded text: cut into services when the first is asked for, and a service into lines when it is.
//!
//! Services stand in the order of their prefixes, each behind a `|`. Its lines come in three sections, each
//! sorted without case: actions, `+` resource types, `%` condition keys. The fields of a line stand between tabs.
//! A program that asks about three services never reads the others.

use std::cmp::Ordering;
use std::sync::{LazyLock, OnceLock};

use memchr::{memchr_iter, memmem};

use crate::name::{Pattern, compare};

/// What `scripts/service-reference` writes.
const TEXT: &str = include_str!("data/service-reference.txt");

static SERVICES: LazyLock<Box<[Part]>> = LazyLock::new(|| {
    let mut marks: Vec<usize> = memchr_iter(b'|', TEXT.as_bytes()).collect();
    marks.push(TEXT.len());
    let texts = marks.windows(2).filter_map(|pair| TEXT.get(pair.first()? + 1..*pair.last()?));
    let part = |text: &'static str| {
        let (head, lines) = text.split_once('\n').unwrap_or((text, ""));
        Part { head: Line::of(head), text: lines, lines: OnceLock::new() }
    };
    texts.map(part).collect()
});

/// All that stands between one `|` and the next.
#[derive(Debug)]
pub(super) struct Part {
    /// Prefix, name, and whether there are resource control policies for it.
    pub(super) head: Line,
    text: &'static str,
    lines: OnceLock<Lines>,
}

/// The lines of a service, sorted by name without case.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) actions: Vec<Line>,
    pub(super) resource_types: Vec<Line>,
    pub(super) keys: Vec<Line>,
}

/// A line, cut into its fields. The first is a name; those that are missing are empty.
#[derive(Debug)]
pub(super) struct Line {
    key: u128,
    fields: [&'static str; 5],
    patterns: OnceLock<Box<[Pattern]>>,
}

/// The value of a line `# name value` at the top of the table.
pub(super) fn heading(name: &str) -> &'static str {
    let mut lines = TEXT.lines().map_while(|line| line.strip_prefix("# "));
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_default()
}

/// All services, by prefix.
pub(super) fn services() -> &'static [Part] {
    &SERVICES
}

/// The service with this prefix in any case.
pub(super) fn service(prefix: &str) -> Option<&'static Part> {
    let key = key(prefix);
    let at = SERVICES.binary_search_by(|service| service.head.compare(key, prefix)).ok()?;
    SERVICES.get(at)
}

/// The line with this name in any case.
pub(super) fn find<'l>(lines: &'l [Line], name: &str) -> Option<&'l Line> {
    let key = key(name);
    lines.get(lines.binary_search_by(|line| line.compare(key, name)).ok()?)
}

/// The lines with names that begin so, in any case.
pub(super) fn beginning<'l>(lines: &'l [Line], start: &str) -> &'l [Line] {
    let compare = |line: &Line| compare(line.name().get(..start.len()).unwrap_or(line.name()), start);
    let rest = lines.get(lines.partition_point(|line| compare(line).is_lt())..).unwrap_or_default();
    rest.get(..rest.partition_point(|line| compare(line).is_eq())).unwrap_or_default()
}

impl Part {
    /// The names of its keys, without reading its lines.
    pub(super) fn key_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let text = self.text;
        let line = move |at: usize| pieces(text.get(at + 2..)?, b'\n').next();
        let name = |line: &'static str| pieces(line, b'\t').next();
        memmem::find_iter(text.as_bytes(), b"\n%").filter_map(line).filter_map(name)
    }

    /// Its lines, which are cut when they are first asked for.
    pub(super) fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let mut lines = Lines::default();
            for line in pieces(self.text.trim_end(), b'\n') {
                match line.as_bytes().first() {
                    Some(b'+') => lines.resource_types.extend(line.get(1..).map(Line::of)),
                    Some(b'%') => lines.keys.extend(line.get(1..).map(Line::of)),
                    Some(_) => lines.actions.push(Line::of(line)),
                    None => {}
                }
            }
            lines
        })
    }
}

impl Line {
    fn of(line: &'static str) -> Self {
        let mut fields = pieces(line, b'\t');
        let fields = [(); 5].map(|()| fields.next().unwrap_or_default());
        let [name, ..] = fields;
        Self { key: key(name), fields, patterns: OnceLock::new() }
    }

    /// Compares its name with another and the key of that, without ASCII case.
    fn compare(&self, key: u128, name: &str) -> Ordering {
        let compare = || {
            // Who looks something up mostly finds it.
            if self.name().eq_ignore_ascii_case(name) { Ordering::Equal } else { compare(self.name(), name) }
        };
        self.key.cmp(&key).then_with(compare)
    }

    /// The first field.
    pub(super) fn name(&self) -> &'static str {
        let [name, ..] = self.fields;
        name
    }

    /// The field with this number, from 0.
    pub(super) fn field(&self, at: usize) -> &'static str {
        self.fields.get(at).copied().unwrap_or_default()
    }

    /// Patterns of this line, made when they are first asked for.
    pub(super) fn patterns(&self, make: impl FnOnce() -> Box<[Pattern]>) -> &[Pattern] {
        self.patterns.get_or_init(make)
    }
}

/// A text cut at a mark, much quicker than by `str::split`: a whole service is read for one of its lines.
fn pieces(text: &'static str, mark: u8) -> impl Iterator<Item = &'static str> {
    let mut start = 0;
    memchr_iter(mark, text.as_bytes()).chain([text.len()]).filter_map(move |end| {
        let piece = text.get(start..end);
        start = end + 1;
        piece
    })
}

/// Places in the list of a section, one after the other: `a` … `z`, `Aa` … `Az`, `Ba` …
///
/// Capitals lead and a small letter closes, so nothing has to stand between them.
pub(super) fn places(letters: &'static str) -> impl Iterator<Item = usize> + Clone {
    letters.split_inclusive(|c: char| c.is_ascii_lowercase()).map(|letters| {
        letters.bytes().fold(0, |place: usize, letter| {
            let digit =
                if letter.is_ascii_uppercase() { letter - b'A' + 1 } else { letter.wrapping_sub(b'a') };
            place.saturating_mul(26).saturating_add(digit.into())
        })
    })
}

/// The first sixteen letters of a name, folded: nearly all names are told apart by them, at the cost of a number.
fn key(name: &str) -> u128 {
    let mut first = [0; 16];
    let length = name.len().min(first.len());
    if let (Some(first), Some(name)) = (first.get_mut(..length), name.as_bytes().get(..length)) {
        first.copy_from_slice(name);
    }
    first.make_ascii_lowercase();
    u128::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_where_bisection_looks_for_it() {
        let mut prefixes = Vec::new();
        for part in services() {
            let prefix = part.head.name();
            for spelling in [prefix.to_owned(), prefix.to_uppercase()] {
                assert_eq!(service(&spelling).map(|found| found.head.name()), Some(prefix));
            }
            prefixes.push(prefix);
            let Lines { actions, resource_types, keys } = part.lines();
            for lines in [actions, resource_types, keys] {
                for name in lines.iter().map(Line::name) {
                    for spelling in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
                        assert_eq!(find(lines, &spelling).map(Line::name), Some(name), "{prefix} {spelling}");
                    }
                }
            }
            // Each service has actions, so no key stands first.
            assert!(part.key_names().eq(keys.iter().map(Line::name)), "{prefix}");
            let count = actions.len() + resource_types.len() + keys.len();
            assert_eq!(count, part.text.lines().count(), "{prefix}: a line is in no section");
        }
        assert!(prefixes.is_sorted());
        assert_eq!(prefixes.len().to_string(), heading("services"));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for prefix in ["", "s", "s33", "zzzz", "-", "\u{10ffff}"] {
            assert!(service(prefix).is_none(), "{prefix}");
        }
        let s3 = service("s3").unwrap().lines();
        for name in ["", "GetObjec", "GetObjectz", "bucket", "+bucket", "~"] {
            assert!(find(&s3.actions, name).is_none(), "{name}");
        }
        assert!(find(&s3.resource_types, "GetObject").is_none());
        assert_eq!(heading("weather"), "");
    }

    #[test]
    fn places_are_read_as_the_script_writes_them() {
        let read: Vec<usize> = places("azAaAzBaZzAAa").collect();
        assert_eq!(read, [0, 25, 26, 51, 52, 701, 702]);
    }
}
