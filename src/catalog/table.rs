//! The embedded text: cut into services when the first is asked for, and a service into lines when it is.
//!
//! Services stand in the order of their prefixes, each behind a `|`. Its lines come in three sections, each
//! sorted without case: actions, `+` resource types, `%` condition keys. The fields of a line stand between tabs.
//! A program that asks about three services never reads the others.

use std::ops::Deref;
use std::sync::{LazyLock, OnceLock};

use memchr::{memchr_iter, memmem};

use crate::name::{Pattern, compare, hash_any_case};

/// What `scripts/service-reference` writes.
const TEXT: &str = include_str!("data/service-reference.txt");

static SERVICES: LazyLock<(Box<[Part]>, Index)> = LazyLock::new(|| {
    let mut marks: Vec<usize> = memchr_iter(b'|', TEXT.as_bytes()).collect();
    marks.push(TEXT.len());
    let texts = marks.windows(2).filter_map(|pair| TEXT.get(pair.first()? + 1..*pair.last()?));
    let part = |text: &'static str| {
        let (head, lines) = text.split_once('\n').unwrap_or((text, ""));
        Part { head: Line::of(head), text: lines, lines: OnceLock::new() }
    };
    let services: Box<[Part]> = texts.map(part).collect();
    let index = Index::of(services.iter().map(|service| service.head.name()));
    (services, index)
});

/// All that stands between one `|` and the next.
#[derive(Debug)]
pub(super) struct Part {
    /// Prefix, name, and whether there are resource control policies for it.
    pub(super) head: Line,
    text: &'static str,
    lines: OnceLock<Lines>,
}

/// The lines of a service.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) actions: Section,
    pub(super) resource_types: Section,
    pub(super) keys: Section,
}

/// Lines of one sort, by name without case.
#[derive(Debug)]
pub(super) struct Section {
    lines: Box<[Line]>,
    index: Index,
}

/// A line, cut into its fields. The first is a name; those that are missing are empty.
#[derive(Debug)]
pub(super) struct Line {
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
    &SERVICES.0
}

/// The service with this prefix in any case.
pub(super) fn service(prefix: &str) -> Option<&'static Part> {
    let (services, index) = &*SERVICES;
    let mut found = index.places(prefix).filter_map(|at| services.get(at));
    found.find(|service| service.head.name().eq_ignore_ascii_case(prefix))
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
            let (mut actions, mut resource_types, mut keys) = (Vec::new(), Vec::new(), Vec::new());
            for line in pieces(self.text.trim_end(), b'\n') {
                match line.as_bytes().first() {
                    Some(b'+') => resource_types.extend(line.get(1..).map(Line::of)),
                    Some(b'%') => keys.extend(line.get(1..).map(Line::of)),
                    Some(_) => actions.push(Line::of(line)),
                    None => {}
                }
            }
            Lines {
                actions: Section::of(actions),
                resource_types: Section::of(resource_types),
                keys: Section::of(keys),
            }
        })
    }
}

impl Section {
    fn of(lines: Vec<Line>) -> Self {
        let index = Index::of(lines.iter().map(Line::name));
        Self { lines: lines.into(), index }
    }

    /// The line with this name in any case.
    pub(super) fn find(&self, name: &str) -> Option<&Line> {
        let mut found = self.index.places(name).filter_map(|at| self.get(at));
        found.find(|line| line.name().eq_ignore_ascii_case(name))
    }

    /// The lines with names that begin so, in any case.
    pub(super) fn beginning(&self, start: &str) -> &[Line] {
        let compare = |line: &Line| compare(line.name().get(..start.len()).unwrap_or(line.name()), start);
        let rest = self.get(self.partition_point(|line| compare(line).is_lt())..).unwrap_or_default();
        rest.get(..rest.partition_point(|line| compare(line).is_eq())).unwrap_or_default()
    }
}

impl Deref for Section {
    type Target = [Line];

    fn deref(&self) -> &[Line] {
        &self.lines
    }
}

impl Line {
    fn of(line: &'static str) -> Self {
        let mut fields = pieces(line, b'\t');
        let fields = [(); 5].map(|()| fields.next().unwrap_or_default());
        Self { fields, patterns: OnceLock::new() }
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

/// Where names stand, by their hashes.
#[derive(Debug)]
struct Index(Box<[(u64, usize)]>);

impl Index {
    fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let mut places: Vec<_> = names.map(hash_any_case).zip(0..).collect();
        places.sort_unstable();
        Self(places.into())
    }

    /// The places of names of this hash: hardly ever more than one.
    fn places(&self, name: &str) -> impl Iterator<Item = usize> {
        let hash = hash_any_case(name);
        let first = self.0.partition_point(|(other, _)| *other < hash);
        let rest = self.0.get(first..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == hash).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_found_in_any_case() {
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
                        assert_eq!(lines.find(&spelling).map(Line::name), Some(name), "{prefix} {spelling}");
                    }
                }
                // How names begin is told by their order.
                assert!(lines.is_sorted_by(|one, next| compare(one.name(), next.name()).is_lt()), "{prefix}");
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
            assert!(s3.actions.find(name).is_none(), "{name}");
        }
        assert!(s3.resource_types.find("GetObject").is_none());
        assert_eq!(heading("weather"), "");
    }

    #[test]
    fn places_are_read_as_the_script_writes_them() {
        let read: Vec<usize> = places("azAaAzBaZzAAa").collect();
        assert_eq!(read, [0, 25, 26, 51, 52, 701, 702]);
    }
}
