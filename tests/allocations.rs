//! Deciding allocates nothing: every operator, in every layer, for every kind of requester.
//!
//! Each operator has a set of its own, so that no earlier statement can answer in its place.

use std::sync::Arc;

use twokeys::engine::{Decision, Evaluation, PolicySet, Prepared, evaluate};
use twokeys::policy::{BASES, Comparison, Operator, Policy, PolicyType};
use twokeys::request::{Context, Principal, Request};

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

#[test]
fn deciding_allocates_nothing() {
    let requests = requests();
    let mut allowed = 0;
    let mut denied = 0;
    for operator in operators() {
        for values in values(operator) {
            let condition = format!(r#""Condition": {{"{operator}": {{{values}}}}}"#);
            let set = set(&condition);
            for request in &requests {
                let mut answer: Option<Evaluation> = None;
                let count = allocations(|| answer = Some(evaluate(&set, request)));
                assert_eq!(
                    count,
                    0,
                    "{condition} for {} on {:?}",
                    request.principal.as_str(),
                    request.resource
                );
                match answer.unwrap().decision() {
                    Decision::Allowed => allowed += 1,
                    Decision::Undecided => panic!("{condition}: every key is known or absent"),
                    _ => denied += 1,
                }
            }
        }
    }
    assert!(
        allowed > 500 && denied > 500,
        "{allowed} allowed and {denied} denied: one side was hardly reached"
    );
}

fn allocations(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

/// Every base operator with every prefix and suffix that exists.
fn operators() -> impl Iterator<Item = Operator> {
    let with_prefix = |name| ["", "ForAllValues:", "ForAnyValue:"].map(|prefix| format!("{prefix}{name}"));
    let with_suffix = |name: String| [name.clone(), format!("{name}IfExists")];
    let names = BASES.iter().flat_map(move |(name, _)| with_prefix(name)).flat_map(with_suffix);
    names.filter_map(|name| Operator::parse(&name).ok())
}

/// A key with values that match, with values that do not, with a variable, and a key that is missing.
fn values(operator: Operator) -> [String; 4] {
    let (key, hit, miss) = match operator.base.comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase => {
            ("aws:PrincipalTag/team", "blue", "red")
        }
        Comparison::StringLike => ("aws:PrincipalTag/team", "b?u*", "r*"),
        Comparison::Numeric(_) => ("aws:MultiFactorAuthAge", "300", "12.5"),
        Comparison::Date(_) => ("aws:CurrentTime", "2026-07-01T12:00:00Z", "2020-01-01"),
        Comparison::Bool => ("aws:MultiFactorAuthPresent", "true", "false"),
        Comparison::Binary => ("example:Digest", "QmluYXJ5", "AAAA"),
        Comparison::Ip => ("aws:SourceIp", "203.0.113.0/24", "2001:db8::/32"),
        Comparison::Arn(_) => {
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:*", "arn:aws:iam::444455556666:user/*")
        }
        Comparison::Null => ("aws:TokenIssueTime", "true", "false"),
    };
    [
        format!(r#""{key}": ["{miss}", "{hit}"]"#),
        format!(r#""{key}": "{miss}""#),
        format!(r#""{key}": ["x-${{aws:username}}", "${{aws:PrincipalTag/team, 'none'}}"]"#),
        format!(r#""example:missing": "{hit}", "{key}": "{hit}""#),
    ]
}

/// The same statement in every layer, beside one that lets everything through or nothing.
fn set(condition: &str) -> PolicySet {
    let policy = |kind: PolicyType, extra: &str| {
        let who = match kind {
            PolicyType::Resource | PolicyType::ResourceControl | PolicyType::Endpoint => {
                r#""Principal": "*","#
            }
            _ => "",
        };
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Allow", {who} "Action": ["s3:Get*", "s3:ListBucket"],
                  "Resource": ["arn:aws:s3:::bucket/${{aws:username}}/*", "arn:aws:s3:::bucket/shared-??/*"], {condition}}}
                {extra}]}}"#
        );
        Prepared::new(kind.as_str(), Policy::parse(&text).unwrap(), kind).unwrap()
    };
    let open = r#", {"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let open_to_all = r#", {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let never = r#", {"Effect": "Deny", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::bucket/*"}"#;
    let layered = |kind, extra| -> Vec<Arc<Prepared>> { vec![policy(kind, extra)] };
    PolicySet::builder()
        .identity(policy(PolicyType::Identity, never))
        .boundary(policy(PolicyType::Boundary, ""))
        .session(policy(PolicyType::Session, open))
        .resource(policy(PolicyType::Resource, ""))
        .scp_level(layered(PolicyType::ServiceControl, ""))
        .scp_level(layered(PolicyType::ServiceControl, open))
        .rcp_level(layered(PolicyType::ResourceControl, open_to_all))
        .endpoint(policy(PolicyType::Endpoint, ""))
        .build()
        .unwrap()
}

/// Every kind of requester, on a thing of its own account and on one of another's.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for principal in [
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:sts::111122223333:assumed-role/ops/alice",
        "arn:aws:sts::111122223333:federated-user/alice",
        "lambda.amazonaws.com",
        "accounts.google.com",
        "anonymous",
    ] {
        for owner in ["111122223333", "444455556666"] {
            for resource in
                ["arn:aws:s3:::bucket/alice/x", "arn:aws:s3:::bucket/shared-eu/x", "arn:aws:s3:::other/x"]
            {
                let principal: Principal = principal.parse().unwrap();
                let context = context(&principal);
                let action = "s3:GetObject".parse().unwrap();
                let mut request = Request::new(principal, action, resource.parse().unwrap(), context);
                request.resource_account = owner.parse().ok();
                requests.push(request);
            }
        }
    }
    requests
}

fn context(principal: &Principal) -> Context {
    Context::builder()
        .set("aws:username", ["alice"])
        .set("aws:PrincipalArn", principal.arn().map(ToString::to_string))
        .set("aws:PrincipalTag/team", ["blue"])
        .set("aws:MultiFactorAuthPresent", ["true"])
        .set("aws:MultiFactorAuthAge", ["300"])
        .set("aws:CurrentTime", ["2026-07-01T12:00:00Z"])
        .set("aws:SourceIp", ["203.0.113.7"])
        .set("example:Digest", ["QmluYXJ5"])
        .build()
        .unwrap()
}
