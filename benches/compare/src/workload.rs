//! The workloads of the benches as texts that every peer can read.

use std::collections::BTreeMap;

use serde::Serialize;
use twokeys::engine::Decision;
use twokeys::request::Resource;
use twokeys_benches::Workload;

/// Policies of one user, and what it asks.
#[derive(Debug, Serialize)]
pub(crate) struct Plain {
    pub(crate) name: String,
    pub(crate) policies: Vec<String>,
    pub(crate) asks: Vec<Ask>,
}

/// One question with its right answer.
#[derive(Debug, Serialize)]
pub(crate) struct Ask {
    pub(crate) principal: &'static str,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) context: BTreeMap<String, String>,
    pub(crate) expected: &'static str,
}

pub(crate) const USER: &str = "arn:aws:iam::111122223333:user/alice";

/// All of them, with the name of their row in the table.
pub(crate) fn all() -> Vec<Plain> {
    ours().into_iter().map(|(name, workload)| plain(name, &workload)).collect()
}

/// The same as the benches know them.
pub(crate) fn ours() -> [(&'static str, Workload); 3] {
    [
        ("i: 11 statements", twokeys_benches::self_manage()),
        ("ii: 100 × 10 statements, 20 services", twokeys_benches::services()),
        ("iii: 100 × 10 statements, S3", twokeys_benches::buckets()),
    ]
}

fn plain(name: &str, workload: &Workload) -> Plain {
    let asks = workload.asks.iter().map(|(request, expected)| Ask {
        principal: USER,
        action: request.action.to_string(),
        resource: match &request.resource {
            Resource::Star => "*".to_owned(),
            Resource::Arn(arn) => arn.to_string(),
        },
        context: request
            .context
            .known()
            .map(|(key, values)| (spelled(key), values.first().cloned().unwrap_or_default()))
            .collect(),
        expected: word(*expected),
    });
    Plain { name: name.to_owned(), policies: workload.policies.clone(), asks: asks.collect() }
}

/// Keys as AWS spells them, for peers that tell letter case apart.
fn spelled(key: &str) -> String {
    const NAMES: [&str; 11] = [
        "aws:username",
        "aws:userid",
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:PrincipalTag/team",
        "aws:SourceIp",
        "aws:SecureTransport",
        "aws:CurrentTime",
        "aws:RequestedRegion",
        "aws:MultiFactorAuthPresent",
    ];
    let spelled = NAMES.into_iter().find(|name| name.eq_ignore_ascii_case(key));
    spelled.expect("the workloads use keys of the list").to_owned()
}

/// A decision as all peers say it.
pub(crate) fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::ExplicitlyDenied => "explicitly-denied",
        Decision::ImplicitlyDenied => "implicitly-denied",
        Decision::Undecided => "undecided",
    }
}
