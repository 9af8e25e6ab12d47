//! A whole account as a running endpoint tells it, in the form in which the AWS CLI prints it.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Client, Element, Operation, Remote, Stop};
use crate::failure::{Failure, Problem};

/// Lists of the answer: XML does not tell one with a single member, or with none, from anything else.
const LISTS: [&str; 13] = [
    "AttachedManagedPolicies",
    "GroupDetailList",
    "GroupList",
    "GroupPolicyList",
    "InstanceProfileList",
    "Policies",
    "PolicyVersionList",
    "RoleDetailList",
    "RolePolicyList",
    "Roles",
    "Tags",
    "UserDetailList",
    "UserPolicyList",
];

/// Those that every page has.
const OF_A_PAGE: [&str; 4] = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

/// The address of an endpoint, if `--account` names one and not a file.
pub(crate) fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| text.starts_with("http://") || text.starts_with("https://"))
}

/// Asks an endpoint for its account, page by page, with the keys of the environment; one page a line.
pub(crate) fn fetch(url: &str) -> Result<Vec<u8>, Failure> {
    let remote = Remote { endpoint: Some(url.to_owned()), ..Remote::default() };
    pages(&remote).map_err(|stop| match stop {
        Stop::Failure(failure) => failure,
        Stop::SignIn(problem) => problem.into(),
        Stop::Refused(refusal) => {
            let message = format!("{url} does not tell its account: {}", refusal.message);
            Problem::new("not-told", message)
                .help("use keys that are allowed `iam:GetAccountAuthorizationDetails`, such as those of root")
                .into()
        }
    })
}

fn pages(remote: &Remote) -> Result<Vec<u8>, Stop> {
    let client = Client::new(remote)?;
    let mut lines = Vec::new();
    let mut marker: Option<String> = None;
    loop {
        let operation = Operation::iam("GetAccountAuthorizationDetails").with("MaxItems", "1000");
        let page = client.call(&operation.with_some("Marker", marker.clone()))?;
        let next = following(&page, marker.as_deref())?;
        let lists = page.inside().iter().filter(|element| LISTS.contains(&element.name()));
        let lists: Map<String, Value> = lists.map(|list| (list.name().to_owned(), value(list))).collect();
        lines.extend_from_slice(Value::Object(lists).to_string().as_bytes());
        lines.push(b'\n');
        match next {
            Some(next) => marker = Some(next.to_owned()),
            None => return Ok(lines),
        }
    }
}

/// Where the account goes on behind a page, if it does. What were left out here would be left out of every answer.
fn following<'p>(page: &'p Element, marker: Option<&str>) -> Result<Option<&'p str>, Problem> {
    let in_part = || {
        Problem::new("no-endpoint", "the endpoint tells its account in part only, and not where it goes on")
            .help("is it an endpoint of `twokeys serve`?")
    };
    let whole = OF_A_PAGE.iter().all(|list| page.at(list).is_some());
    match page.text("IsTruncated").filter(|_| whole) {
        Some("false") => Ok(None),
        // A page that names itself as the next would never end.
        Some("true") => {
            page.text("Marker").filter(|next| marker != Some(*next)).map(Some).ok_or_else(in_part)
        }
        _ => Err(in_part()),
    }
}

/// An element as the AWS CLI would write it. Documents stay texts, which `--account` decodes.
fn value(element: &Element) -> Value {
    if LISTS.contains(&element.name()) {
        return element.inside().iter().map(value).collect();
    }
    if !element.inside().is_empty() {
        let members = element.inside().iter().map(|inside| (inside.name().to_owned(), value(inside)));
        return Value::Object(members.collect());
    }
    match (element.name(), element.own_text()) {
        ("IsAttachable" | "IsDefaultVersion", text) => json!(text == "true"),
        ("AttachmentCount" | "PermissionsBoundaryUsageCount" | "MaxSessionDuration", text) => {
            text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        (_, text) => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_is_told_in_part_is_no_account() {
        const LISTS: &str = "<UserDetailList/><GroupDetailList/><RoleDetailList/><Policies/>";
        let page = |lists: &str, rest: &str| Element::read(&format!("<R>{lists}{rest}</R>")).unwrap();
        let more = "<IsTruncated>true</IsTruncated><Marker>b</Marker>";
        for (page, expected) in [
            (page(LISTS, "<IsTruncated>false</IsTruncated>"), Some(None)),
            (page(LISTS, more), Some(Some("b"))),
            (page(LISTS, &more.replace('b', "a")), None),
            (page(LISTS, "<IsTruncated>true</IsTruncated>"), None),
            (page(LISTS, ""), None),
            (page("<UserDetailList/>", "<IsTruncated>false</IsTruncated>"), None),
            (page("", ""), None),
        ] {
            assert_eq!(following(&page, Some("a")).ok(), expected, "{page:?}");
        }
    }
}
