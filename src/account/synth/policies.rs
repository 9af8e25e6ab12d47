//! Policies for made-up accounts: the usual ones, the usual mistakes, and any number of small ones.

use serde_json::{Value, json};

use super::dice::Dice;

/// Policies that gate by MFA, right and wrong: name, text.
pub(super) const GATES: [(&str, &str); 6] = [
    ("ForceMFA", include_str!("../../../policies/mfa/self-manage.json")),
    ("ForceMFA-programmatic", include_str!("../../../policies/mfa/self-manage-programmatic.json")),
    ("ForceMFA-bool", include_str!("../../../policies/mfa/deny-with-bool.json")),
    ("ForceMFA-null", include_str!("../../../policies/mfa/deny-with-null.json")),
    ("ForceMFA-strict", include_str!("../../../policies/mfa/no-enrollment-exemption.json")),
    ("ForceMFA-iam-exempt", include_str!("../../../policies/mfa/exempt-all-of-iam.json")),
];

/// How often each gate is used, in a hundred cases.
const GATE_SHARES: [usize; 6] = [70, 8, 8, 4, 5, 5];

/// Policies that AWS makes, in our words: name, text.
pub(super) const OF_AWS: [(&str, &str); 3] = [
    (
        "AdministratorAccess",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
    ),
    ("PowerUserAccess", include_str!("../../../policies/power-user.json")),
    (
        "job-function/ViewOnlyAccess",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action":
            ["ec2:Describe*", "iam:Get*", "iam:List*", "s3:ListAllMyBuckets", "rds:Describe*", "sqs:ListQueues",
             "cloudwatch:Get*", "cloudwatch:List*", "logs:Describe*", "dynamodb:ListTables", "kms:ListKeys"]}]}"#,
    ),
];

pub(super) const BOUNDARY: (&str, &str) =
    ("DeveloperBoundary", include_str!("../../../policies/boundary-developer.json"));

/// What people allow: actions, and the resource with `#` for a name.
const GRANTS: [(&[&str], &str); 16] = [
    (&["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "arn:aws:s3:::amzn-s3-demo-bucket-#/*"),
    (&["s3:*"], "arn:aws:s3:::amzn-s3-demo-bucket-#*"),
    (&["s3:DeleteBucket", "s3:PutBucketPolicy"], "arn:aws:s3:::amzn-s3-demo-bucket-#"),
    (&["sqs:SendMessage", "sqs:ReceiveMessage"], "arn:aws:sqs:*:111122223333:#-*"),
    (&["dynamodb:*Item", "dynamodb:Query"], "arn:aws:dynamodb:eu-west-1:111122223333:table/#"),
    (&["dynamodb:DeleteTable"], "arn:aws:dynamodb:*:111122223333:table/#-??"),
    (&["ec2:Describe*", "ec2:RunInstances"], "*"),
    (&["ec2:TerminateInstances", "ec2:StopInstances"], "arn:aws:ec2:*:111122223333:instance/*"),
    (&["lambda:InvokeFunction", "lambda:UpdateFunctionCode"], "arn:aws:lambda:*:*:function:#"),
    (&["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:eu-west-1:111122223333:key/#"),
    (&["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:/#/*"),
    (&["iam:GetUser", "iam:ChangePassword"], "arn:aws:iam::*:user/${aws:username}"),
    (&["iam:*AccessKey*"], "arn:aws:iam::*:user/*/${aws:username}"),
    (&["iam:PassRole"], "arn:aws:iam::111122223333:role/#"),
    (&["sts:AssumeRole"], "arn:aws:iam::*:role/#-*"),
    (
        &["secretsmanager:GetSecretValue"],
        "arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/team, 'shared'}/*",
    ),
];

const WORDS: [&str; 12] = [
    "orders", "billing", "search", "media", "audit", "etl", "web", "mobile", "ledger", "mail", "events", "ml",
];

/// One of the gates, mostly the right one.
pub(super) fn gate(dice: &mut Dice) -> usize {
    let mut left = dice.below(100);
    for (at, share) in GATE_SHARES.iter().enumerate() {
        if left < *share {
            return at;
        }
        left -= share;
    }
    0
}

/// A small policy of about so many statements.
pub(super) fn policy(dice: &mut Dice, statements: usize) -> Value {
    let count = 1 + dice.below(2 * statements);
    let statements: Vec<Value> = (0..count).map(|_| statement(dice)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statement(dice: &mut Dice) -> Value {
    let at = dice.below(GRANTS.len());
    let (actions, resource) = GRANTS.get(at).copied().unwrap_or_default();
    let name = format!("{}-{}", dice.pick(&WORDS), dice.below(40));
    let resource = resource.replace('#', &name);
    let mut statement = json!({"Effect": "Allow", "Action": actions, "Resource": resource});
    let Some(members) = statement.as_object_mut() else { return statement };
    if dice.percent(10) {
        members.insert("Effect".to_owned(), "Deny".into());
    } else if dice.percent(2) {
        members.remove("Action");
        members.insert("NotAction".to_owned(), json!(["iam:*", "organizations:*"]));
    }
    if dice.percent(2) {
        let resource = members.remove("Resource").unwrap_or_default();
        members.insert("NotResource".to_owned(), resource);
    }
    if let Some(condition) = condition(dice) {
        members.insert("Condition".to_owned(), condition);
    }
    statement
}

fn condition(dice: &mut Dice) -> Option<Value> {
    Some(match dice.below(100) {
        0..8 => json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        8..10 => json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
        10..12 => json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}),
        12..18 => json!({"StringEquals": {"aws:PrincipalTag/team": dice.pick(&WORDS)}}),
        18..22 => json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
        22..26 => json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        26..28 => json!({"Bool": {"aws:SecureTransport": "true"}}),
        _ => return None,
    })
}

/// Who may assume a role.
pub(super) fn trust(dice: &mut Dice) -> Value {
    let root = json!({"AWS": "arn:aws:iam::111122223333:root"});
    let mfa = |operator: &str| json!({operator: {"aws:MultiFactorAuthPresent": "true"}});
    let (principal, condition) = match dice.below(100) {
        0..55 => (
            json!({"Service": dice.pick(&["lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com"])}),
            None,
        ),
        55..70 => (root, Some(mfa("Bool"))),
        70..75 => (root, Some(mfa("BoolIfExists"))),
        75..88 => (root, None),
        88..94 => (
            json!({"AWS": "444455556666"}),
            Some(json!({"StringEquals": {"sts:ExternalId": format!("x-{}", dice.below(1000))}})),
        ),
        _ => (json!({"AWS": "arn:aws:iam::111122223333:user/user-0"}), None),
    };
    let mut statement = json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
    if let (Some(members), Some(condition)) = (statement.as_object_mut(), condition) {
        members.insert("Condition".to_owned(), condition);
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// A tag's value.
pub(super) fn team(dice: &mut Dice) -> &'static str {
    dice.pick(&WORDS)
}
