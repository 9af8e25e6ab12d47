//! The entries of a dump as they are written, without a look into them.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use twokeys::json::{self, Limits};

use super::layout;
use crate::failure::Problem;
use crate::input::Document;

/// A page of a dump.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Page<'t> {
    #[serde(borrow)]
    user_detail_list: Vec<&'t RawValue>,
    #[serde(borrow)]
    group_detail_list: Vec<&'t RawValue>,
    #[serde(borrow)]
    role_detail_list: Vec<&'t RawValue>,
    #[serde(borrow)]
    pub(super) policies: Vec<&'t RawValue>,
}

/// What entities are called: their folder and their name, of a managed policy its ARN.
pub(crate) type Names = HashSet<(&'static str, String)>;

impl<'t> Page<'t> {
    /// The entries of the lists of users, groups and roles.
    pub(super) fn entities(&self) -> [&[&'t RawValue]; 3] {
        [&self.user_detail_list, &self.group_detail_list, &self.role_detail_list]
    }
}

/// The pages of a file: one document, several, or a list of them.
pub(super) fn pages(document: &Document) -> Result<Vec<Page<'_>>, Problem> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::new("dump-json", format!("`{}`: {error}", document.name))
            .help("give the output of `aws iam get-account-authorization-details`")
    };
    let text = str::from_utf8(&document.bytes).map_err(|error| broken(&error))?;
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|error| broken(&error));
    }
    let pages = serde_json::Deserializer::from_str(text).into_iter::<Page<'_>>();
    pages.collect::<Result<_, _>>().map_err(|error| broken(&error))
}

/// A dump as one document, laid out as the AWS CLI does it.
pub(crate) fn laid_out(document: &Document) -> Result<String, Problem> {
    let pages = pages(document)?;
    let mut lists: Vec<(&str, Vec<&RawValue>)> = Vec::new();
    for (at, kind) in super::ENTITIES.iter().enumerate() {
        let raw = pages.iter().filter_map(|page| page.entities().get(at).copied()).flatten().copied();
        lists.push((kind.list, raw.collect()));
    }
    lists.push(("Policies", pages.iter().flat_map(|page| &page.policies).copied().collect()));
    let lists = lists.into_iter().map(|(name, entries)| {
        let entries = entries.into_iter().map(|raw| {
            let reading = json::read(raw.get().as_bytes(), &Limits::default());
            // Too large for the laying out: then as it stands.
            let text = match reading.root.filter(|_| reading.errors.is_empty()) {
                Some(root) => layout::text(&root, &|_| false),
                None => raw.get().to_owned(),
            };
            format!("    {}", text.replace('\n', "\n    "))
        });
        let entries: Vec<String> = entries.collect();
        if entries.is_empty() {
            format!("  \"{name}\": []")
        } else {
            format!("  \"{name}\": [\n{}\n  ]", entries.join(",\n"))
        }
    });
    Ok(format!("{{\n{}\n}}\n", lists.collect::<Vec<_>>().join(",\n")))
}

/// The names of all entities of a dump.
pub(crate) fn names(document: &Document) -> Result<Names, Problem> {
    #[derive(Deserialize)]
    struct Managed {
        #[serde(rename = "Arn")]
        arn: String,
    }
    #[derive(Deserialize)]
    struct Entity {
        #[serde(alias = "UserName", alias = "GroupName", alias = "RoleName")]
        name: String,
    }
    let mut names = Names::new();
    for page in pages(document)? {
        for (kind, list) in super::ENTITIES.iter().zip(page.entities()) {
            // What has no name is told of when the dump is read.
            let read = list.iter().filter_map(|raw| serde_json::from_str::<Entity>(raw.get()).ok());
            names.extend(read.map(|entity| (kind.folder, entity.name)));
        }
        let read = page.policies.iter().filter_map(|raw| serde_json::from_str::<Managed>(raw.get()).ok());
        names.extend(read.map(|policy| (super::POLICIES, policy.arn)));
    }
    Ok(names)
}
