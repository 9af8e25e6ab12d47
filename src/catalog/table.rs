//! The embedded text, and finding a line in it without reading the others.
//!
//! Services stand in the order of their prefixes, each behind a `|`. Its lines come in three sections, each
//! sorted without case: actions, `+` resource types, `%` condition keys. A line is found by bisection on the
//! text itself. Where services begin is noted when it is first asked for, which is one search for `|`; nothing
//! else is read before it is needed.

use std::cmp::Ordering;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memrchr};

/// What `scripts/service-reference` writes.
const TEXT: &str = include_str!("data/service-reference.txt");

/// All that stands between one `|` and the next.
static SERVICES: LazyLock<Box<[&'static str]>> = LazyLock::new(|| {
    let mut marks: Vec<usize> = memchr_iter(b'|', TEXT.as_bytes()).collect();
    marks.push(TEXT.len());
    marks.windows(2).filter_map(|pair| TEXT.get(pair.first()? + 1..*pair.last()?)).collect()
});

/// What a line of a service tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Actions,
    ResourceTypes,
    Keys,
}

impl Section {
    /// The section of a line, and the line without its mark.
    fn of(line: &str) -> (Self, &str) {
        match (line.strip_prefix('+'), line.strip_prefix('%')) {
            (Some(rest), _) => (Self::ResourceTypes, rest),
            (_, Some(rest)) => (Self::Keys, rest),
            (None, None) => (Self::Actions, line),
        }
    }
}

/// The value of a line `# name value` at the top of the table.
pub(super) fn heading(name: &str) -> &'static str {
    let mut lines = TEXT.lines().map_while(|line| line.strip_prefix("# "));
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_default()
}

/// The texts of all services.
pub(super) fn services() -> impl Iterator<Item = &'static str> + Clone {
    SERVICES.iter().copied()
}

/// The text of one service.
pub(super) fn service(prefix: &str) -> Option<&'static str> {
    let at = SERVICES.binary_search_by(|service| first_cmp(service, prefix)).ok()?;
    SERVICES.get(at).copied()
}

/// The lines of one section of a service, without their marks.
pub(super) fn section(service: &'static str, section: Section) -> impl Iterator<Item = &'static str> + Clone {
    let lines = from(lines_of(service), move |line| Section::of(line).0 < section);
    lines.map(Section::of).take_while(move |(is, _)| *is == section).map(|(_, line)| line)
}

/// The line of a section with this name in any case, without its mark.
pub(super) fn line(service: &'static str, section: Section, name: &str) -> Option<&'static str> {
    let before = |line: &str| {
        let (is, line) = Section::of(line);
        is.cmp(&section).then_with(|| first_cmp(line, name)).is_lt()
    };
    let (is, line) = Section::of(from(lines_of(service), before).next()?);
    (is == section && field(line, 0).eq_ignore_ascii_case(name)).then_some(line)
}

/// A field of a line; `""` if there are fewer.
///
/// Fields are short and looked at all the time, so the bytes are walked once and nothing is set up.
pub(super) fn field(line: &str, at: usize) -> &str {
    let (mut start, mut before) = (0, 0);
    for (here, byte) in line.bytes().enumerate() {
        match byte {
            b'\n' if before == at => return line.get(start..here).unwrap_or_default(),
            b'\n' => return "",
            b'\t' if before == at => return line.get(start..here).unwrap_or_default(),
            b'\t' => (start, before) = (here + 1, before + 1),
            _ => {}
        }
    }
    if before == at { line.get(start..).unwrap_or_default() } else { "" }
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

/// What follows the first line of a service.
fn lines_of(service: &'static str) -> &'static str {
    service.split_once('\n').map_or("", |(_, lines)| lines.trim_end_matches('\n'))
}

/// The lines from the first on that is not `before` what is looked for.
fn from(lines: &'static str, before: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static str> + Clone {
    let until = |from: usize, to: usize| lines.as_bytes().get(from..to).unwrap_or_default();
    // Both are always where a line begins, or the end.
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = memrchr(b'\n', until(low, middle)).map_or(low, |at| low + at + 1);
        let end = memchr(b'\n', until(start, high)).map_or(high, |at| start + at);
        if before(lines.get(start..end).unwrap_or_default()) {
            low = (end + 1).min(high);
        } else {
            high = start;
        }
    }
    let mut rest = lines.get(low..).unwrap_or_default();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = rest.get(..end)?;
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(line)
    })
}

/// Compares the first field of a line with a name, without ASCII case.
fn first_cmp(line: &str, name: &str) -> Ordering {
    let first = line.bytes().take_while(|byte| !matches!(byte, b'\t' | b'\n'));
    first.map(|byte| byte.to_ascii_lowercase()).cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_where_bisection_looks_for_it() {
        let mut prefixes = Vec::new();
        for service in services() {
            let prefix = field(service, 0);
            assert_eq!(self::service(prefix), Some(service), "{prefix}");
            assert_eq!(self::service(&prefix.to_uppercase()), Some(service), "{prefix}");
            prefixes.push(prefix);
            let mut lines = 1;
            for of in [Section::Actions, Section::ResourceTypes, Section::Keys] {
                for found in section(service, of) {
                    let name = field(found, 0);
                    for spelling in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
                        assert_eq!(line(service, of, &spelling), Some(found), "{prefix} {spelling}");
                    }
                    lines += 1;
                }
            }
            assert_eq!(lines, service.lines().count(), "{prefix}: a line is in no section");
        }
        assert!(prefixes.is_sorted());
        assert_eq!(prefixes.len().to_string(), heading("services"));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for prefix in ["", "s", "s33", "zzzz", "-", "\u{10ffff}"] {
            assert_eq!(service(prefix), None, "{prefix}");
        }
        let s3 = service("s3").unwrap();
        for name in ["", "GetObjec", "GetObjectz", "bucket", "+bucket", "~"] {
            assert_eq!(line(s3, Section::Actions, name), None, "{name}");
        }
        assert_eq!(line(s3, Section::ResourceTypes, "GetObject"), None);
        assert_eq!(heading("weather"), "");
    }

    #[test]
    fn places_are_read_as_the_script_writes_them() {
        let read: Vec<usize> = places("azAaAzBaZzAAa").collect();
        assert_eq!(read, [0, 25, 26, 51, 52, 701, 702]);
    }
}
