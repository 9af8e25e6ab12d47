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
        let mut lists = Map::new();
        for list in page.inside().iter().filter(|element| LISTS.contains(&element.name())) {
            lists.insert(list.name().to_owned(), value(list));
        }
        lines.extend_from_slice(Value::Object(lists).to_string().as_bytes());
        lines.push(b'\n');
        let next = page.text("Marker").filter(|_| page.text("IsTruncated") == Some("true"));
        match next {
            // A page that names itself as the next would never end.
            Some(next) if marker.as_deref() != Some(next) => marker = Some(next.to_owned()),
            _ => return Ok(lines),
        }
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
