//! The policies and requests that the benches measure, always the same.
//!
//! Every request comes with the decision it must get, so that no bench measures a wrong answer.

use twokeys::engine::{Decision, PolicySet, Prepared, evaluate};
use twokeys::policy::{Policy, PolicyType};
use twokeys::request::{Context, Request};

/// Identity policies of one principal, and what it asks.
#[derive(Debug)]
pub struct Workload {
    /// The texts of the policies.
    pub policies: Vec<String>,
    /// Requests with the decision that each must get.
    pub asks: Vec<(Request, Decision)>,
}

/// What the statements are about that make a set grow and never match.
#[derive(Debug, Clone, Copy)]
pub enum Filler {
    /// Other actions of other services.
    OtherActions,
    /// The action that is asked for, on other buckets.
    OtherBuckets,
}

const SERVICES: [&str; 20] = [
    "ec2",
    "sqs",
    "sns",
    "dynamodb",
    "lambda",
    "kms",
    "logs",
    "rds",
    "ecs",
    "ecr",
    "glue",
    "athena",
    "states",
    "events",
    "ssm",
    "kinesis",
    "es",
    "route53",
    "sagemaker",
    "batch",
];
const STATEMENTS_A_POLICY: usize = 10;

impl Workload {
    /// The set, ready to be asked, after each answer has been checked.
    pub fn ready(&self) -> PolicySet {
        let parsed = self.policies.iter().map(|text| Policy::parse(text).expect("the policy is fine"));
        let set = ready(parsed.collect());
        for (request, expected) in &self.asks {
            assert_eq!(evaluate(&set, request).decision(), *expected, "{request:?}");
        }
        set
    }
}

/// Makes parsed policies ready, as identity policies.
pub fn ready(policies: Vec<Policy>) -> PolicySet {
    let set = policies.into_iter().enumerate().fold(PolicySet::builder(), |set, (at, policy)| {
        let name = format!("policy-{at}");
        set.identity(Prepared::new(name, policy, PolicyType::Identity).expect("an identity policy"))
    });
    set.build().expect("a set within the limits")
}

/// (i) A user who manages the own MFA devices, and is otherwise allowed a lot: 11 statements.
pub fn self_manage() -> Workload {
    let user = "arn:aws:iam::111122223333:user/alice";
    Workload {
        policies: vec![
            include_str!("../../policies/mfa/self-manage.json").to_owned(),
            include_str!("../../policies/power-user.json").to_owned(),
        ],
        asks: vec![
            ask("ec2:StopInstances", INSTANCE, Some("true"), Decision::Allowed),
            ask("ec2:StopInstances", INSTANCE, Some("false"), Decision::ExplicitlyDenied),
            ask("ec2:StopInstances", INSTANCE, None, Decision::ExplicitlyDenied),
            ask("iam:EnableMFADevice", user, None, Decision::Allowed),
            ask("iam:CreateAccessKey", user, Some("true"), Decision::Allowed),
            ask(
                "iam:CreateAccessKey",
                "arn:aws:iam::111122223333:user/bob",
                Some("true"),
                Decision::ImplicitlyDenied,
            ),
        ],
    }
}

/// (ii) 100 policies of 10 statements about 20 services.
pub fn services() -> Workload {
    let policies = (0..100).map(|policy| {
        let service = SERVICES[policy % SERVICES.len()];
        document((0..STATEMENTS_A_POLICY).map(|at| {
            let team = policy / SERVICES.len() * STATEMENTS_A_POLICY + at;
            let resource = format!("arn:aws:{service}:eu-central-1:111122223333:team-{team}/*");
            match at {
                0 => {
                    statement("Allow", &[format!("{service}:List*"), format!("{service}:Describe*")], "*", "")
                }
                9 => statement("Deny", &[format!("{service}:Delete*")], "*", WITHOUT_MFA),
                _ => {
                    let actions = ["Get", "Put", "Tag"].map(|verb| format!("{service}:{verb}Thing{at}"));
                    statement("Allow", &actions, &resource, "")
                }
            }
        }))
    });
    let thing =
        |service: &str, team: usize| format!("arn:aws:{service}:eu-central-1:111122223333:team-{team}/x");
    Workload {
        policies: policies.collect(),
        asks: vec![
            ask("batch:PutThing8", &thing("batch", 48), Some("true"), Decision::Allowed),
            ask("batch:PutThing8", &thing("batch", 99), Some("true"), Decision::ImplicitlyDenied),
            ask("ec2:DescribeInstances", "*", None, Decision::Allowed),
            ask("lambda:DeleteFunction", &thing("lambda", 3), None, Decision::ExplicitlyDenied),
            ask("s3:GetObject", "arn:aws:s3:::bucket-1/x", None, Decision::ImplicitlyDenied),
        ],
    }
}

/// (iii) 100 policies of 10 statements about S3; half of them allow one action, each on a bucket of its own.
pub fn buckets() -> Workload {
    const VERBS: [&str; 5] = ["PutObject", "DeleteObject", "ListBucket", "GetObjectTagging", "GetBucket*"];
    let policies = (0..100).map(|policy| {
        document((0..STATEMENTS_A_POLICY).map(|at| {
            let bucket = policy * STATEMENTS_A_POLICY + at;
            let action = if at % 2 == 0 { "GetObject" } else { VERBS[at / 2] };
            statement("Allow", &[format!("s3:{action}")], &format!("arn:aws:s3:::bucket-{bucket}/*"), "")
        }))
    });
    Workload {
        policies: policies.collect(),
        asks: vec![
            ask("s3:GetObject", "arn:aws:s3:::bucket-500/2026/report", None, Decision::Allowed),
            ask("s3:GetObject", "arn:aws:s3:::bucket-998/x", Some("true"), Decision::Allowed),
            ask("s3:GetObject", "arn:aws:s3:::bucket-501/x", None, Decision::ImplicitlyDenied),
            ask("s3:PutObject", "arn:aws:s3:::bucket-701/x", Some("true"), Decision::Allowed),
            ask("s3:GetBucketPolicy", "arn:aws:s3:::bucket-309/x", None, Decision::Allowed),
        ],
    }
}

/// (iv) `count` statements, of which the first allows what is asked and no other can match.
pub fn growing(count: usize, filler: Filler) -> Workload {
    let wanted = statement("Allow", &["s3:GetObject".to_owned()], "arn:aws:s3:::wanted/*", "");
    let others = (1..count).map(|at| match filler {
        Filler::OtherActions => {
            let action = format!("{}:Get{at}", SERVICES[at % SERVICES.len()]);
            statement("Allow", &[action], &format!("arn:aws:s3:::other-{at}/*"), "")
        }
        Filler::OtherBuckets => {
            statement("Allow", &["s3:GetObject".to_owned()], &format!("arn:aws:s3:::other-{at}/*"), "")
        }
    });
    let statements: Vec<String> = std::iter::once(wanted).chain(others).collect();
    Workload {
        policies: statements.chunks(1000).map(|part| document(part.iter().cloned())).collect(),
        asks: vec![ask("s3:GetObject", "arn:aws:s3:::wanted/x", None, Decision::Allowed)],
    }
}

const INSTANCE: &str = "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0";
const WITHOUT_MFA: &str = r#", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#;

fn document(statements: impl Iterator<Item = String>) -> String {
    let statements: Vec<String> = statements.collect();
    format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}\n", statements.join(",\n"))
}

fn statement(effect: &str, actions: &[String], resource: &str, condition: &str) -> String {
    format!(r#"    {{"Effect": "{effect}", "Action": {actions:?}, "Resource": "{resource}"{condition}}}"#)
}

/// A request of one user with the keys that most requests have; `mfa` is what the key says, if it is there.
fn ask(action: &str, resource: &str, mfa: Option<&str>, expected: Decision) -> (Request, Decision) {
    let context = Context::builder()
        .set("aws:username", ["alice"])
        .set("aws:userid", ["AIDACKCEVSQ6C2EXAMPLE"])
        .set("aws:PrincipalArn", ["arn:aws:iam::111122223333:user/alice"])
        .set("aws:PrincipalAccount", ["111122223333"])
        .set("aws:PrincipalType", ["User"])
        .set("aws:PrincipalTag/team", ["blue"])
        .set("aws:SourceIp", ["203.0.113.7"])
        .set("aws:SecureTransport", ["true"])
        .set("aws:CurrentTime", ["2026-07-01T12:00:00Z"])
        .set("aws:RequestedRegion", ["eu-central-1"])
        .set("aws:MultiFactorAuthPresent", mfa);
    let request = Request::new(
        "arn:aws:iam::111122223333:user/alice".parse().expect("a principal"),
        action.parse().expect("an action"),
        resource.parse().expect("a resource"),
        context.build().expect("a context"),
    );
    (request, expected)
}
