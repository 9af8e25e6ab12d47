//! A finding in the text of a policy becomes one in a file, with everything a report says of it.

use sha2::{Digest, Sha256};
use twokeys::json::{Node, Value};
use twokeys::lint::Finding;
use twokeys::policy::{Effect, Policy};
use twokeys::report::lint::{
    LintEdit, LintFinding, LintFix, LintMfa, LintPolicy, LintStatement, Region, Related,
};
use twokeys::source::{Severity, Span};

use crate::input::Document;
use crate::intake::Found;

/// The lines of a file, so that places are found without counting from the start each time.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
    /// How many characters, and how many of four bytes, begin before each block: lines may be megabytes long.
    blocks: Vec<(usize, usize)>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        let after_break = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        let mut before = (0, 0);
        let blocks = text.chunks(Self::BLOCK).map(|block| {
            let sum = before;
            let (characters, wide) = counted(block);
            before = (before.0 + characters, before.1 + wide);
            sum
        });
        let blocks = blocks.collect();
        Self { text, starts: std::iter::once(0).chain(after_break).collect(), blocks }
    }

    const BLOCK: usize = 1024;

    /// How many characters, and how many of four bytes, begin before a byte.
    fn before(&self, offset: usize) -> (usize, usize) {
        let block = (offset / Self::BLOCK).min(self.blocks.len().saturating_sub(1));
        let (characters, wide) = self.blocks.get(block).copied().unwrap_or_default();
        let (more, more_wide) = counted(self.text.get(block * Self::BLOCK..offset).unwrap_or_default());
        (characters + more, wide + more_wide)
    }

    /// The line and the columns in characters and in UTF-16 units, all from 1.
    fn place(&self, offset: u32) -> (usize, usize, usize) {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or_default();
        let (characters, wide) = if offset - start <= Self::BLOCK {
            counted(self.text.get(start..offset).unwrap_or_default())
        } else {
            let ((here, wide_here), (there, wide_there)) = (self.before(offset), self.before(start));
            (here.saturating_sub(there), wide_here.saturating_sub(wide_there))
        };
        // A character of four bytes takes two units.
        (line, characters + 1, characters + wide + 1)
    }

    pub(super) fn region(&self, span: Span) -> Region {
        let (line, column, utf16_column) = self.place(span.start);
        let (end_line, end_column, utf16_end_column) = self.place(span.end.max(span.start));
        Region { line, column, end_line, end_column, utf16_column, utf16_end_column }
    }
}

/// How many characters begin in these bytes, and how many of them take four.
fn counted(bytes: &[u8]) -> (usize, usize) {
    let characters = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    (characters, bytes.iter().filter(|byte| **byte >= 0xF0).count())
}

/// One policy of a file, ready to give places to its findings.
pub(super) struct Placer<'f> {
    pub(super) file: &'f str,
    /// The file as fingerprints name it.
    pub(super) relative: &'f str,
    pub(super) lines: &'f Lines<'f>,
    pub(super) found: &'f Found,
    pub(super) policy: LintPolicy,
    pub(super) parsed: Option<&'f Policy>,
    pub(super) root: Option<&'f Node<'f>>,
}

/// A file around its policies, or one that holds none: places in it are places in the file.
pub(super) struct Around<'f> {
    file: &'f str,
    relative: &'f str,
    lines: &'f Lines<'f>,
    whole: Found,
}

impl<'f> Around<'f> {
    pub(super) fn of(document: &'f Document, relative: &'f str, lines: &'f Lines<'f>) -> Self {
        Self { file: &document.name, relative, lines, whole: Found::whole(document.bytes.clone()) }
    }

    /// The finding as reports tell it.
    pub(super) fn place(&self, finding: &Finding) -> LintFinding {
        let policy = LintPolicy {
            name: None,
            kind: "auto".to_owned(),
            guessed: false,
            attached_to: Vec::new(),
            path: "$".to_owned(),
        };
        let Self { file, relative, lines, whole } = self;
        Placer { file, relative, lines, found: whole, policy, parsed: None, root: None }.place(finding)
    }
}

impl Placer<'_> {
    /// The finding as reports tell it.
    pub(super) fn place(&self, finding: &Finding) -> LintFinding {
        let span = self.found.map.to_file(finding.span);
        let meta = finding.meta;
        let steps = self.root.map(|root| steps(root, finding.span)).unwrap_or_default();
        let json_path = path(&steps, None);
        let statement = finding.statement.or_else(|| statement_of(&steps)).map(|index| self.statement(index));
        let sid = statement.as_ref().and_then(|statement| statement.sid.as_deref());
        let stable_path = path(&steps, sid.filter(|sid| self.is_unique(sid)));
        let text = self.found.text.get(finding.span.range()).unwrap_or_default();
        let related = finding.other.as_ref().map(|(other, words)| {
            let there = self.found.map.to_file(*other);
            let region = self.lines.region(there);
            Related {
                message: words.clone(),
                file: self.file.to_owned(),
                span: [there.start, there.end],
                line: region.line,
                column: region.column,
            }
        });
        LintFinding {
            code: meta.code,
            name: meta.name,
            class: meta.class().as_str(),
            severity: match meta.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            },
            security_severity: meta.security,
            message: finding.message.clone(),
            help: finding.help.clone(),
            file: self.file.to_owned(),
            policy: self.policy.clone(),
            statement,
            json_path,
            span: [span.start, span.end],
            region: self.lines.region(span),
            related: related.into_iter().collect(),
            mfa: finding.truth.map(|truth| LintMfa {
                effect: if truth.effect == Effect::Allow { "Allow" } else { "Deny" },
                missing: truth.missing,
                without: truth.without,
                true_fresh: truth.fresh,
                true_stale: truth.stale,
                words: truth.to_string(),
            }),
            fix: self.fix(finding),
            fingerprint: self.fingerprint(meta.code, &stable_path, text),
            suppressed: None,
            meta,
            label: finding.label.clone(),
        }
    }

    fn statement(&self, index: usize) -> LintStatement {
        let statement =
            self.parsed.and_then(|policy| policy.statements.get(index.checked_sub(1).unwrap_or(usize::MAX)));
        let sid = statement.and_then(|statement| statement.sid.as_ref()).map(|sid| sid.value.clone());
        LintStatement { sid: sid.filter(|sid| !sid.is_empty()), index }
    }

    fn is_unique(&self, sid: &str) -> bool {
        let statements = self.parsed.iter().flat_map(|policy| &policy.statements);
        statements.filter(|one| one.sid.as_ref().is_some_and(|one| one.value == sid)).count() == 1
    }

    /// The fix as edits of the file. A text inside a text is left alone.
    fn fix(&self, finding: &Finding) -> Option<LintFix> {
        let fix = finding.fix.as_ref().filter(|_| !self.found.embedded && self.found.map.is_verbatim())?;
        let edits = fix.edits.iter().map(|edit| {
            let span = self.found.map.to_file(edit.span);
            LintEdit { span: [span.start, span.end], text: edit.text.clone() }
        });
        let safety = if fix.safe { "safe" } else { "unsafe" };
        Some(LintFix { safety, title: fix.title.clone(), edits: edits.collect() })
    }

    fn fingerprint(&self, code: &str, path: &str, text: &[u8]) -> String {
        let name = self.policy.name.as_deref().unwrap_or_default();
        let flagged: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let head = [code, self.relative, &format!("{}{name}", self.policy.path), path].join("\n") + "\n";
        let hash = Sha256::new().chain_update(head).chain_update(flagged).finalize();
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// One step from a value into what it holds.
enum Step {
    Member(String),
    Entry(usize),
}

/// The way from the root to the smallest value that holds the span; a key counts as its value.
fn steps(root: &Node<'_>, span: Span) -> Vec<Step> {
    let holds = |place: Span| place.start <= span.start && span.end <= place.end;
    let mut steps = Vec::new();
    let mut node = root;
    loop {
        let next = match &node.value {
            Value::Object(members) => {
                let at = members.partition_point(|member| member.key_span.start <= span.start);
                let member = at.checked_sub(1).and_then(|at| members.get(at));
                member.filter(|member| holds(member.key_span.to(member.value.span))).map(|member| {
                    let in_key = holds(member.key_span);
                    (Step::Member(member.key.clone().into_owned()), &member.value, in_key)
                })
            }
            Value::Array(entries) => {
                let at = entries.partition_point(|entry| entry.span.start <= span.start);
                let found = at.checked_sub(1).and_then(|at| Some((at, entries.get(at)?)));
                found
                    .filter(|(_, entry)| holds(entry.span))
                    .map(|(at, entry)| (Step::Entry(at), entry, false))
            }
            _ => None,
        };
        let Some((step, below, is_key)) = next else { return steps };
        steps.push(step);
        if is_key {
            return steps;
        }
        node = below;
    }
}

/// The number of the statement, from 1, that the steps lead into.
fn statement_of(steps: &[Step]) -> Option<usize> {
    match steps {
        [Step::Member(name), rest @ ..] if name == "Statement" => match rest {
            [Step::Entry(at), ..] => Some(at + 1),
            [] => None,
            [Step::Member(_), ..] => Some(1),
        },
        _ => None,
    }
}

/// As a JSON path; with a Sid the statement is named by it and not by its number.
fn path(steps: &[Step], sid: Option<&str>) -> String {
    let mut path = String::from("$");
    for (depth, step) in steps.iter().enumerate() {
        match (step, sid) {
            (Step::Entry(_), Some(sid)) if depth == 1 => path.push_str(&format!("[sid={sid}]")),
            (Step::Entry(at), _) => path.push_str(&format!("[{at}]")),
            (Step::Member(name), _) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                path.push('.');
                path.push_str(name);
            }
            (Step::Member(name), _) => path.push_str(&format!("[{name:?}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use twokeys::json::{self, Limits};

    use super::*;

    #[test]
    fn paths_lead_to_the_smallest_value_and_keys_stand_for_theirs() {
        let text = r#"{"Statement": [{"Sid": "A", "Condition": {"Bool": {"aws:SecureTransport": "x"}}}]}"#;
        let root = json::read(text.as_bytes(), &Limits::default()).root.unwrap();
        for (flagged, expected) in [
            ("\"Bool\"", "$.Statement[0].Condition.Bool"),
            ("\"x\"", "$.Statement[0].Condition.Bool[\"aws:SecureTransport\"]"),
            (text, "$"),
        ] {
            let start = text.find(flagged).unwrap();
            let steps = steps(&root, Span::new(start, start + flagged.len()));
            assert_eq!(path(&steps, None), expected);
        }
        let sid = text.find("\"A\"").unwrap();
        let steps = steps(&root, Span::new(sid, sid + 3));
        assert_eq!(path(&steps, Some("A")), "$.Statement[sid=A].Sid");
        assert_eq!(statement_of(&steps), Some(1));
    }

    #[test]
    fn columns_count_characters_and_utf_16_units() {
        let lines = Lines::of("a\né𝄞x".as_bytes());
        let region = lines.region(Span::new(8, 9));
        assert_eq!((region.line, region.column, region.utf16_column), (2, 3, 4));
        assert_eq!(lines.region(Span::new(99, 99)).line, 2);
    }
}
