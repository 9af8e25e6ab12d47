//! A dump becomes a folder. All is written beside what is there and then takes its place.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;
use twokeys::account::{Account, Document as PolicyText, Form};
use twokeys::json::{self, Limits, Value};
use twokeys::policy::Policy;

use super::names::file_names;
use super::{ACCOUNT, ENTITIES, ENTITY, INDEX, INLINE, Kind, ORG, POLICIES, REPORT, TRUST, layout, pages};
use crate::failure::{Failure, Problem};
use crate::input::Document;

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// Users, groups and roles.
    pub(crate) entities: usize,
    /// Policies, trust policies among them.
    pub(crate) policies: usize,
}

/// Beside the dump.
#[derive(Debug, Default)]
pub(crate) struct Extras<'e> {
    /// The credential report.
    pub(crate) credential_report: Option<&'e Document>,
    /// The files of the organization, by their path below its folder.
    pub(crate) org: Vec<(String, Document)>,
}

/// Writes the account into `folder`, which is new, empty, or holds the same account already.
pub(crate) fn unpack(
    folder: &Path,
    dumps: &[Document],
    account: &Account,
    extras: &Extras<'_>,
) -> Result<Unpacked, Failure> {
    let failed = |error: io::Error| unwritable(folder, &error);
    is_free(folder, account)?;
    fs::create_dir_all(folder).map_err(failed)?;
    let beside = folder.join(format!(".twokeys-{}.tmp", std::process::id()));
    let written = fs::create_dir(&beside).map_err(failed).and_then(|()| {
        let mut writer = Writer { root: beside.clone(), unpacked: Unpacked::default() };
        writer.all(dumps, account, extras)?;
        Ok(writer.unpacked)
    });
    let moved = written.and_then(|unpacked| {
        take_place(&beside, folder).map_err(failed)?;
        Ok(unpacked)
    });
    // Whatever happened, nothing half done is left; what went wrong first is what is told.
    let _ = fs::remove_dir_all(&beside);
    moved
}

/// Would writing destroy something that is not ours?
fn is_free(folder: &Path, account: &Account) -> Result<(), Failure> {
    let Ok(mut list) = fs::read_dir(folder) else {
        return match fs::symlink_metadata(folder) {
            Ok(_) => Err(in_use(folder, "is no folder that can be read").into()),
            Err(_) => Ok(()),
        };
    };
    if list.next().is_none() {
        return Ok(());
    }
    #[derive(Deserialize)]
    struct Id {
        account_id: String,
    }
    let known =
        fs::read(folder.join(ACCOUNT)).ok().and_then(|bytes| serde_json::from_slice::<Id>(&bytes).ok());
    match known {
        Some(Id { account_id }) if account_id == account.id().to_string() => Ok(()),
        Some(_) => Err(in_use(folder, "holds another account").into()),
        None => Err(in_use(folder, "is there already, and it holds no account").into()),
    }
}

/// Puts each new thing in the place of the old one. A link is replaced, never followed.
fn take_place(beside: &Path, folder: &Path) -> io::Result<()> {
    let ours = ENTITIES.map(|kind| kind.folder);
    for name in ours.into_iter().chain([POLICIES, ACCOUNT, REPORT, ORG]) {
        let (new, old) = (beside.join(name), folder.join(name));
        let is_new = new.exists();
        // What an older state had beside the dump stays unless it is given anew.
        if !is_new && [REPORT, ORG].contains(&name) {
            continue;
        }
        match fs::symlink_metadata(&old) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&old)?,
            Ok(_) => fs::remove_file(&old)?,
            Err(_) => {}
        }
        if is_new {
            fs::rename(new, old)?;
        }
    }
    Ok(())
}

struct Writer {
    root: PathBuf,
    unpacked: Unpacked,
}

impl Writer {
    fn all(&mut self, dumps: &[Document], account: &Account, extras: &Extras<'_>) -> Result<(), Failure> {
        let id = format!("{{\n  \"account_id\": \"{}\"\n}}\n", account.id());
        self.file(&[ACCOUNT], id.as_bytes())?;
        let pages: Vec<_> =
            dumps.iter().map(pages::pages).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        for (at, kind) in ENTITIES.into_iter().enumerate() {
            let raw = pages.iter().filter_map(|page| page.entities().get(at).copied()).flatten().copied();
            self.entities(kind, raw, account, dumps)?;
        }
        self.policies(account, dumps)?;
        if let Some(report) = extras.credential_report {
            self.file(&[REPORT], &report.bytes)?;
        }
        for (path, document) in &extras.org {
            let parts: Vec<&str> = std::iter::once(ORG).chain(path.split('/')).collect();
            self.file(&parts, &document.bytes)?;
        }
        Ok(())
    }

    fn entities<'t>(
        &mut self,
        kind: Kind,
        raw: impl Iterator<Item = &'t RawValue>,
        account: &Account,
        dumps: &[Document],
    ) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Named {
            #[serde(alias = "UserName", alias = "GroupName", alias = "RoleName")]
            name: String,
        }
        let raw: Vec<&RawValue> = raw.collect();
        let named = raw.iter().map(|raw| serde_json::from_str::<Named>(raw.get()));
        let named: Vec<Named> =
            named.collect::<Result<_, _>>().map_err(|error| internal(&error.to_string()))?;
        let names: Vec<&str> = named.iter().map(|named| named.name.as_str()).collect();
        for ((raw, name), file) in raw.iter().zip(&names).zip(file_names(&names)) {
            let inline = match kind.folder {
                "users" => account.user(name).map(|user| &user.held.inline),
                "groups" => account.group(name).map(|group| &group.held.inline),
                _ => account.role(name).map(|role| &role.held.inline),
            };
            let at = [kind.folder, &file];
            let entry = entry(raw, kind)
                .ok_or_else(|| internal(&format!("the entry of {name} cannot be read again")))?;
            self.file(&[at[0], at[1], ENTITY], entry.as_bytes())?;
            self.unpacked.entities += 1;
            let inline = inline.map(Vec::as_slice).unwrap_or_default();
            let policies: Vec<&str> = inline.iter().map(|inline| inline.name.as_str()).collect();
            for (inline, policy) in inline.iter().zip(file_names(&policies)) {
                self.policy(&[at[0], at[1], INLINE, &format!("{policy}.json")], &inline.document, dumps)?;
            }
            let trust =
                account.role(name).filter(|_| kind.folder == "roles").and_then(|role| role.trust.as_ref());
            if let Some(trust) = trust {
                self.policy(&[at[0], at[1], TRUST], trust, dumps)?;
            }
        }
        Ok(())
    }

    /// The managed policies that the dump itself carries.
    fn policies(&mut self, account: &Account, dumps: &[Document]) -> Result<(), Failure> {
        let carried: Vec<_> = account
            .policies()
            .iter()
            .filter_map(|policy| Some((policy, &policy.default_version()?.document)))
            .filter(|(_, document)| matches!(document.place().file, twokeys::account::File::Dump(_)))
            .collect();
        if carried.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = carried.iter().map(|(policy, _)| policy.name.as_str()).collect();
        let mut index = Vec::new();
        for ((policy, document), file) in carried.iter().zip(file_names(&names)) {
            let file = format!("{}.json", beside_index(file));
            self.policy(&[POLICIES, &file], document, dumps)?;
            index.push(format!("  {}: {}", layout::string(policy.arn.as_str()), layout::string(&file)));
        }
        self.file(&[POLICIES, INDEX], format!("{{\n{}\n}}\n", index.join(",\n")).as_bytes())
    }

    /// A policy in its one layout if it is one, else as it stands.
    fn policy(&mut self, parts: &[&str], document: &PolicyText, dumps: &[Document]) -> Result<(), Failure> {
        let place = document.place();
        let file = match place.file {
            twokeys::account::File::Dump(at) => dumps.get(at),
            twokeys::account::File::Managed(_) => None,
        };
        let text = file
            .and_then(|file| place.text(&file.bytes))
            .ok_or_else(|| internal("a policy is not where it was read"))?;
        let laid_out = Policy::parse(&text).ok().map(|policy| policy.to_json());
        let text = match (laid_out, place.form) {
            (Some(laid_out), _) => laid_out,
            (None, Form::Object | Form::Text) => text.into_owned(),
        };
        self.unpacked.policies += 1;
        self.file(parts, text.as_bytes())
    }

    /// Writes a new file. Each part is the name of one file or folder, never a path.
    fn file(&mut self, parts: &[&str], bytes: &[u8]) -> Result<(), Failure> {
        let mut path = self.root.clone();
        for part in parts {
            let plain =
                !part.is_empty() && *part != "." && *part != ".." && !part.contains(['/', '\\', '\0']);
            if !plain {
                return Err(internal(&format!("`{part}` is no name of a file")).into());
            }
            path.push(part);
        }
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        let written = fs::create_dir_all(&folder)
            .and_then(|()| File::create_new(&path))
            .and_then(|mut file| file.write_all(bytes));
        written.map_err(|error| unwritable(&path, &error))
    }
}

/// No policy may take the name of the index; the other numbers begin at two.
fn beside_index(file: String) -> String {
    if file.eq_ignore_ascii_case("index") { format!("{file}~1") } else { file }
}

/// The entry of the dump without its policies.
fn entry(raw: &RawValue, kind: Kind) -> Option<String> {
    let reading = json::read(raw.get().as_bytes(), &Limits::default());
    let root = reading.root.filter(|_| reading.errors.is_empty())?;
    let inline = match &root.value {
        Value::Object(members) => members.iter().find(|member| member.key == kind.inline),
        _ => None,
    };
    let inline = inline.map(|list| list.value.span);
    let without = |member: &json::Member<'_>| match &*member.key {
        "AssumeRolePolicyDocument" => kind.folder == "roles",
        "PolicyDocument" => inline.is_some_and(|list| list.to(member.value.span) == list),
        _ => false,
    };
    Some(layout::text(&root, &without) + "\n")
}

fn internal(words: &str) -> Problem {
    Problem::new("internal", words)
}

fn in_use(folder: &Path, words: &str) -> Problem {
    Problem::new("folder-in-use", format!("`{}` {words}", folder.display()))
        .help("name a new folder, or one that holds this account; nothing else is ever overwritten")
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Problem::new("unwritable", format!("`{}` cannot be written: {error}", path.display()))
        .help("check the permissions of the folder, and that the disk is not full")
        .into()
}
