//! A folder becomes a dump again, and remembers which file each part of it came from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use twokeys::json::{self, Limits, Member, Node, Value};
use twokeys::name::{AccountId, Arn};
use twokeys::source::{Diagnostic, Severity, Span};

use super::names::{decoded, file_names};
use super::{
    ACCOUNT, ENTITIES, ENTITY, INDEX, INLINE, Kind, Names, ORG, POLICIES, REPORT, TRUST, bad_world, layout,
};
use crate::failure::{Failure, Problem};
use crate::input::{Document, Input, unreadable};

/// A dump made of files.
#[derive(Debug)]
pub(crate) struct Packed {
    /// The dump.
    pub(crate) dump: Document,
    /// Which file each part of it was taken from, by beginning.
    pub(crate) pieces: Vec<Piece>,
    /// The account it is of.
    pub(crate) account: AccountId,
    /// The credential report, if there is one.
    pub(crate) credential_report: Option<Document>,
    /// The folder of the organization, if there is one.
    pub(crate) org: Option<PathBuf>,
    /// What was left out because it is given elsewhere.
    pub(crate) replaced: Vec<String>,
}

/// A part of a dump that was taken from a file.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Where it begins in the dump.
    pub(crate) start: u32,
    /// Where it begins in the file.
    pub(crate) offset: u32,
    /// The file.
    pub(crate) document: Document,
}

/// Puts the dump together. What `replaced` names is given elsewhere and left out.
pub(crate) fn pack(folder: &Path, replaced: &Names, input: &mut Input) -> Result<Packed, Failure> {
    let mut packer = Packer { input, replaced, out: String::new(), pieces: Vec::new(), left_out: Vec::new() };
    let account = packer.account(folder)?;
    packer.out.push('{');
    for kind in ENTITIES {
        packer.out.push_str(&format!("\"{}\": [", kind.list));
        packer.entities(folder, kind)?;
        packer.out.push_str("],\n");
    }
    packer.out.push_str("\"Policies\": [");
    packer.policies(&folder.join(POLICIES))?;
    packer.out.push_str("]}\n");
    let Packer { out, pieces, left_out, input, .. } = packer;
    let report = folder.join(REPORT);
    let credential_report =
        if report.exists() { Some(input.read(&report, "credential report")?) } else { None };
    let org = Some(folder.join(ORG)).filter(|org| org.is_dir());
    let dump = Document::new(folder.display().to_string(), out.into_bytes());
    Ok(Packed { dump, pieces, account, credential_report, org, replaced: left_out })
}

struct Packer<'p> {
    input: &'p mut Input,
    replaced: &'p Names,
    out: String,
    pieces: Vec<Piece>,
    left_out: Vec<String>,
}

impl Packer<'_> {
    fn account(&mut self, folder: &Path) -> Result<AccountId, Failure> {
        let document = self.read(&folder.join(ACCOUNT), "the number of the account")?;
        let reading = parsed(&document)?;
        let members = object(&reading).unwrap_or_default();
        let id = members.iter().find(|member| member.key == "account_id").map(|member| &member.value);
        let help = "write it as {\"account_id\": \"111122223333\"}";
        match id {
            Some(Node { value: Value::String(text), span }) => {
                text.parse().map_err(|error: twokeys::name::InvalidAccountId| {
                    at(&document, *span, &error.to_string(), help).into()
                })
            }
            _ => Err(at(&document, reading.span, "the number of the account is missing", help).into()),
        }
    }

    fn entities(&mut self, folder: &Path, kind: Kind) -> Result<(), Failure> {
        let mut first = true;
        for entry in entries(&folder.join(kind.folder))? {
            if !entry.path.is_dir() {
                return Err(bad_world(&entry.path, "is no folder of an entity").into());
            }
            let document = self.read(&entry.path.join(ENTITY), "an entity")?;
            let node = parsed(&document)?;
            let Some(members) = object(&node) else {
                return Err(
                    at(&document, node.span, "an entity is an object", "see the dump it came from").into()
                );
            };
            let name = member(members, kind.name).and_then(text).unwrap_or_default();
            if self.replaced.contains(&(kind.folder, name.to_owned())) {
                self.left_out.push(format!("{}/{name}", kind.folder.trim_end_matches('s')));
                continue;
            }
            if !first {
                self.out.push_str(",\n");
            }
            first = false;
            self.entity(&entry.path, kind, &document, &node, members)?;
        }
        Ok(())
    }

    /// The text of the entity with the texts of its policies put in where they were taken out.
    fn entity(
        &mut self,
        folder: &Path,
        kind: Kind,
        document: &Document,
        node: &Node<'_>,
        members: &[Member<'_>],
    ) -> Result<(), Failure> {
        let mut inline: Vec<Entry> = entries(&folder.join(INLINE))?;
        let listed = members.iter().find(|member| member.key == kind.inline);
        let items = match listed.map(|member| &member.value.value) {
            Some(Value::Array(items)) => items.as_slice(),
            _ => &[],
        };
        let names: Vec<&str> = items
            .iter()
            .map(|item| {
                object(item)
                    .and_then(|members| member(members, "PolicyName"))
                    .and_then(text)
                    .unwrap_or_default()
            })
            .collect();
        let mut done = 0;
        for ((item, file), name) in items.iter().zip(file_names(&names)).zip(&names) {
            let file = format!("{file}.json");
            let Some(found) = inline.iter().position(|entry| entry.name == file) else {
                let words = format!("has no file `{file}` for the inline policy `{name}`");
                return Err(bad_world(&folder.join(INLINE), &words).into());
            };
            let path = inline.remove(found).path;
            let end = item.span.range().end.saturating_sub(1);
            self.copy(document, done, end);
            done = end;
            self.out.push_str(", \"PolicyDocument\": ");
            self.policy(&path)?;
        }
        // Files that nobody lists are policies that someone has added.
        if !inline.is_empty() {
            let place = listed.map(|list| list.value.span.range().end.saturating_sub(1));
            let end = place.unwrap_or(node.span.range().end.saturating_sub(1)).max(done);
            self.copy(document, done, end);
            done = end;
            if listed.is_none() {
                self.out.push_str(&format!(", \"{}\": [", kind.inline));
            }
            for (at, entry) in inline.iter().enumerate() {
                let Some(stem) = entry.name.strip_suffix(".json") else {
                    return Err(
                        bad_world(&entry.path, "is no policy: its name does not end in `.json`").into()
                    );
                };
                let name = decoded(stem).unwrap_or_else(|| stem.to_owned());
                let comma = if at > 0 || !items.is_empty() { ", " } else { "" };
                self.out.push_str(&format!(
                    "{comma}{{\"PolicyName\": {}, \"PolicyDocument\": ",
                    layout::string(&name)
                ));
                self.policy(&entry.path)?;
                self.out.push('}');
            }
            if listed.is_none() {
                self.out.push(']');
            }
        }
        let end = node.span.range().end;
        let trust = folder.join(TRUST);
        if trust.exists() {
            self.copy(document, done, end.saturating_sub(1));
            done = end.saturating_sub(1);
            self.out.push_str(", \"AssumeRolePolicyDocument\": ");
            self.policy(&trust)?;
        }
        self.copy(document, done, end);
        let known = [ENTITY, INLINE, TRUST];
        match entries(folder)?.into_iter().find(|entry| !known.contains(&&*entry.name)) {
            Some(stranger) => Err(bad_world(&stranger.path, "is nothing that an entity has").into()),
            None => Ok(()),
        }
    }

    fn policies(&mut self, folder: &Path) -> Result<(), Failure> {
        let mut files = entries(folder)?;
        let index = files.iter().position(|entry| entry.name == INDEX);
        let Some(index) = index.map(|at| files.remove(at)) else {
            return match files.first() {
                Some(stray) => Err(bad_world(&stray.path, "is named by no `index.json`").into()),
                None => Ok(()),
            };
        };
        let document = self.read(&index.path, "the list of managed policies")?;
        let node = parsed(&document)?;
        let help = "each member is an ARN with the name of its file";
        let members = object(&node).ok_or_else(|| at(&document, node.span, "the list is an object", help))?;
        let mut first = true;
        for Member { key, key_span, value } in members {
            let arn: Arn = key.parse().map_err(|error: twokeys::name::InvalidArn| {
                at(&document, *key_span, &error.to_string(), help)
            })?;
            let file = text(value)
                .ok_or_else(|| at(&document, value.span, "the name of a file is a string", help))?;
            let Some(found) = files.iter().position(|entry| entry.name == file) else {
                let message = format!("there is no file `{file}` in this folder");
                return Err(at(&document, value.span, &message, help).into());
            };
            let path = files.remove(found).path;
            if self.replaced.contains(&(POLICIES, key.clone().into_owned())) {
                self.left_out.push(key.clone().into_owned());
                continue;
            }
            if !first {
                self.out.push_str(",\n");
            }
            first = false;
            let name = arn.resource().rsplit('/').next().unwrap_or_default();
            self.out.push_str(&format!(
                "{{\"PolicyName\": {}, \"Arn\": {}, \"DefaultVersionId\": \"v1\", \"PolicyVersionList\": [{{\"VersionId\": \"v1\", \"IsDefaultVersion\": true, \"Document\": ",
                layout::string(name),
                layout::string(key)
            ));
            self.policy(&path)?;
            self.out.push_str("}]}");
        }
        match files.first() {
            Some(stray) => Err(bad_world(&stray.path, "is not in `index.json`").into()),
            None => Ok(()),
        }
    }

    /// The text of a policy as a value: as it stands if it is JSON, else as a string, so that the reader
    /// of the dump says what is wrong with it.
    fn policy(&mut self, path: &Path) -> Result<(), Failure> {
        let document = self.read(path, "a policy")?;
        let Ok(text) = str::from_utf8(&document.bytes) else {
            return Err(bad_world(path, "is not UTF-8").into());
        };
        let reading = json::read(text.as_bytes(), &Limits::default());
        match &reading.root {
            Some(root) if reading.errors.is_empty() => {
                self.copy(&document, root.span.range().start, root.span.range().end);
            }
            _ => {
                // A place in the string is a place in the file.
                self.piece(&document, 0);
                self.out.push_str(&layout::string(text));
            }
        }
        Ok(())
    }

    fn copy(&mut self, document: &Document, start: usize, end: usize) {
        if start >= end {
            return;
        }
        self.piece(document, start);
        let text = document.bytes.get(start..end).and_then(|bytes| str::from_utf8(bytes).ok());
        self.out.push_str(text.unwrap_or_default());
    }

    fn piece(&mut self, document: &Document, offset: usize) {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.pieces.push(Piece {
            start: short(self.out.len()),
            offset: short(offset),
            document: document.clone(),
        });
    }

    /// Reads a file that is one, and no link that leads elsewhere.
    fn read(&mut self, path: &Path, wanted: &str) -> Result<Document, Failure> {
        if path.is_symlink() {
            return Err(bad_world(path, "is a link; a world holds its files itself").into());
        }
        self.input.read(path, wanted)
    }
}

struct Entry {
    name: String,
    path: PathBuf,
}

/// What is in a folder, by name; hidden files are none of ours. A folder that is not there is empty.
fn entries(folder: &Path) -> Result<Vec<Entry>, Failure> {
    let list = match fs::read_dir(folder) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, "folder of a world", &error)),
    };
    let mut entries = Vec::new();
    for entry in list {
        let entry = entry.map_err(|error| unreadable(folder, "folder of a world", &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_symlink() {
            return Err(bad_world(&entry.path(), "is a link; a world holds its files itself").into());
        }
        if !name.starts_with('.') {
            entries.push(Entry { name, path: entry.path() });
        }
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

/// The document as JSON, or all that is wrong with it.
fn parsed(document: &Document) -> Result<Node<'_>, Failure> {
    let reading = json::read(&document.bytes, &Limits::default());
    match reading.root {
        Some(root) if reading.errors.is_empty() => Ok(root),
        _ => {
            let told = reading.errors.iter().map(|error| Problem::at(document, error.to_diagnostic()));
            Err(Failure::Problems(told.collect()))
        }
    }
}

fn object<'n, 't>(node: &'n Node<'t>) -> Option<&'n [Member<'t>]> {
    match &node.value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

fn member<'n, 't>(members: &'n [Member<'t>], key: &str) -> Option<&'n Node<'t>> {
    members.iter().find(|member| member.key == key).map(|member| &member.value)
}

fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn at(document: &Document, span: Span, message: &str, help: &str) -> Problem {
    let diagnostic = Diagnostic {
        code: "bad-world",
        severity: Severity::Error,
        message: message.to_owned(),
        span,
        label: String::new(),
        other: None,
        help: Some(help.to_owned()),
    };
    Problem::at(document, diagnostic)
}
