//! Cuts a dump into pages, and pages into entries, without reading the entries yet.
//!
//! A file holds one document, several one after the other (JSON lines are such), or a list of them. Each
//! is a page of the API's answer; the AWS CLI joins all pages into one.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::account::problem::ProblemKind;

/// A page of a dump.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page<'t> {
    #[serde(borrow)]
    user_detail_list: Option<Vec<&'t RawValue>>,
    #[serde(borrow)]
    group_detail_list: Option<Vec<&'t RawValue>>,
    #[serde(borrow)]
    role_detail_list: Option<Vec<&'t RawValue>>,
    #[serde(borrow)]
    policies: Option<Vec<&'t RawValue>>,
    is_truncated: Option<bool>,
    /// What the AWS CLI prints if `--max-items` cut the answer.
    next_token: Option<IgnoredAny>,
}

impl<'t> Page<'t> {
    /// The entries of the lists, users, groups, roles, managed policies.
    pub(super) fn lists(&self) -> [&[&'t RawValue]; 4] {
        let lists = [&self.user_detail_list, &self.group_detail_list, &self.role_detail_list, &self.policies];
        lists.map(|list| list.as_deref().unwrap_or_default())
    }

    /// Does another page follow?
    pub(super) fn is_truncated(&self) -> bool {
        self.is_truncated == Some(true) || self.next_token.is_some()
    }

    fn is_one(&self) -> bool {
        self.user_detail_list.is_some()
            || self.group_detail_list.is_some()
            || self.role_detail_list.is_some()
            || self.policies.is_some()
    }
}

/// The pages of a file, each with the offset of the byte behind it; or what is wrong, and where.
pub(super) fn pages(text: &str) -> Result<Vec<(usize, Page<'_>)>, (usize, ProblemKind)> {
    let trouble = |error: &serde_json::Error| (offset(text, error), ProblemKind::Json(message(error)));
    let mut pages = Vec::new();
    if text.trim_start().starts_with('[') {
        let listed: Vec<Page<'_>> = serde_json::from_str(text).map_err(|error| trouble(&error))?;
        pages.extend(listed.into_iter().map(|page| (text.trim_end().len(), page)));
    } else {
        let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Page<'_>>();
        while let Some(page) = documents.next() {
            let page = page.map_err(|error| trouble(&error))?;
            pages.push((documents.byte_offset(), page));
        }
    }
    if pages.is_empty() || pages.iter().any(|(_, page)| !page.is_one()) {
        return Err((0, ProblemKind::NotADump));
    }
    Ok(pages)
}

/// Where in `text` reading stopped.
pub(super) fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line: usize = before.map(str::len).sum();
    line.saturating_add(error.column().saturating_sub(1)).min(text.len())
}

/// What is wrong, without the place that `serde_json` puts behind it: the place is told in our way.
pub(super) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}

/// Where `part`, a slice of `text`, begins in it.
pub(super) fn offset_of(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_document_lines_and_a_list_are_pages() {
        for (text, count) in [
            (r#"{"UserDetailList": []}"#, 1),
            ("{\"UserDetailList\": []}\n{\"Policies\": []}\n", 2),
            (r#" [{"UserDetailList": []}, {"Policies": [], "Marker": "x", "New": {"a": [1]}}] "#, 2),
        ] {
            assert_eq!(pages(text).unwrap().len(), count, "{text}");
        }
    }

    #[test]
    fn what_is_no_page_is_refused_with_its_place() {
        for (text, at, words) in [
            ("", 0, "this is not what"),
            ("[]", 0, "this is not what"),
            ("{}", 0, "this is not what"),
            (r#"{"users": []}"#, 0, "this is not what"),
            (r#"{"UserDetailList": [}"#, 20, "expected value"),
            (r#"{"UserDetailList": {}}"#, 19, "invalid type: map, expected a sequence"),
            ("{\"Policies\": []}\n{\"Policies\": 7}", 30, "invalid type: integer `7`"),
            (r#"{"Policies": [], "Policies": []}"#, 26, "duplicate field `Policies`"),
            (r#"{"Policies": []} x"#, 17, "expected value"),
        ] {
            let (found, kind) = pages(text).unwrap_err();
            assert!(kind.to_string().starts_with(words), "{text}: {kind}");
            assert!(found.abs_diff(at) <= 1, "{text}: {found} instead of {at}");
        }
    }

    #[test]
    fn d_002_both_ways_of_saying_that_more_follows_are_heard() {
        for (text, truncated) in [
            (r#"{"Policies": [], "IsTruncated": true, "Marker": "x"}"#, true),
            (r#"{"Policies": [], "NextToken": "x"}"#, true),
            (r#"{"Policies": [], "IsTruncated": false}"#, false),
            (r#"{"Policies": []}"#, false),
        ] {
            assert_eq!(pages(text).unwrap()[0].1.is_truncated(), truncated, "{text}");
        }
    }
}
