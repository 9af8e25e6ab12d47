//! What is written where a template's value is not known yet: something plausible, so that the rest of the policy can be judged.
//!
//! Nothing that is found in a filler is told: each stands in a hole.

use std::collections::HashMap;

use super::intrinsic::Later;

/// AWS's own example of an account.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";

/// Logical names of resources and their types.
pub(super) type Types = HashMap<String, String>;

/// Where in a policy a text stands, as far as it matters for what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// The ids of a principal of this kind.
    Principal(Kind),
    /// `Resource` or `NotResource`.
    Resource,
    /// Anything else.
    Other,
}

/// Kinds of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `AWS`
    Aws,
    /// `Service`
    Service,
    /// `Federated`, `CanonicalUser`
    Other,
}

/// The ARNs of resources, by type. `Ref` gives that of the types with a star.
const ARNS: &[(&str, &str)] = &[
    ("AWS::DynamoDB::Table", "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"),
    ("AWS::ECR::Repository", "arn:aws:ecr:REGION:ACCOUNT:repository/NAME"),
    ("AWS::ECS::Cluster", "arn:aws:ecs:REGION:ACCOUNT:cluster/NAME"),
    ("AWS::ECS::Service*", "arn:aws:ecs:REGION:ACCOUNT:service/cluster/NAME"),
    ("AWS::Events::EventBus", "arn:aws:events:REGION:ACCOUNT:event-bus/NAME"),
    ("AWS::IAM::Group", "arn:aws:iam::ACCOUNT:group/NAME"),
    ("AWS::IAM::ManagedPolicy*", "arn:aws:iam::ACCOUNT:policy/NAME"),
    ("AWS::IAM::Role", "arn:aws:iam::ACCOUNT:role/NAME"),
    ("AWS::IAM::User", "arn:aws:iam::ACCOUNT:user/NAME"),
    ("AWS::KMS::Key", "arn:aws:kms:REGION:ACCOUNT:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("AWS::Kinesis::Stream", "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME"),
    ("AWS::KinesisFirehose::DeliveryStream", "arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME"),
    ("AWS::Lambda::Function", "arn:aws:lambda:REGION:ACCOUNT:function:NAME"),
    ("AWS::Logs::LogGroup", "arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*"),
    ("AWS::S3::Bucket", "arn:aws:s3:::NAME"),
    ("AWS::SNS::Topic*", "arn:aws:sns:REGION:ACCOUNT:NAME"),
    ("AWS::SQS::Queue", "arn:aws:sqs:REGION:ACCOUNT:NAME"),
    ("AWS::SecretsManager::Secret*", "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME"),
    ("AWS::Serverless::Function", "arn:aws:lambda:REGION:ACCOUNT:function:NAME"),
    ("AWS::Serverless::SimpleTable", "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"),
    ("AWS::Serverless::StateMachine*", "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME"),
    ("AWS::StepFunctions::StateMachine*", "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME"),
];

/// The filler for a value behind what is `before` it in the same text.
pub(super) fn filler(later: &Later, before: &str, spot: Spot, types: &Types) -> String {
    let known = match later.subject.as_str() {
        "AWS::AccountId" => Some(ACCOUNT),
        "AWS::Partition" => Some("aws"),
        "AWS::Region" => Some(REGION),
        "AWS::URLSuffix" => Some("amazonaws.com"),
        _ => None,
    };
    if let Some(known) = known {
        return known.to_owned();
    }
    if before.is_empty() {
        return arn(later, types).unwrap_or_else(|| whole(spot, later));
    }
    match (before.starts_with("arn:"), before.matches(':').count()) {
        (true, 1) => "aws".to_owned(),
        (true, 2) => "s3".to_owned(),
        (true, 3) => REGION.to_owned(),
        (true, 4) => ACCOUNT.to_owned(),
        _ => name(later),
    }
}

/// The ARN of a resource of the same template.
fn arn(later: &Later, types: &Types) -> Option<String> {
    let kind = types.get(&later.subject)?;
    let by_reference = later.attribute.is_none();
    if later.attribute.as_ref().is_some_and(|attribute| !attribute.ends_with("Arn")) {
        return None;
    }
    let (_, arn) = ARNS.iter().find(|(row, _)| match row.strip_suffix('*') {
        Some(row) => row == kind,
        None => row == kind && !by_reference,
    })?;
    Some(arn.replace("REGION", REGION).replace("ACCOUNT", ACCOUNT).replace("NAME", &name(later)))
}

/// A text of which nothing is known.
fn whole(spot: Spot, later: &Later) -> String {
    let name = name(later);
    match spot {
        Spot::Principal(Kind::Aws) => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        Spot::Principal(Kind::Service) => "lambda.amazonaws.com".to_owned(),
        Spot::Principal(Kind::Other) => format!("arn:aws:iam::{ACCOUNT}:saml-provider/{name}"),
        // Some resource, of any type.
        Spot::Resource => format!("arn:*:*:*:*:*{name}*"),
        Spot::Other => name,
    }
}

/// A name like that of what is referred to.
fn name(later: &Later) -> String {
    let letters = later.subject.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.take(40).map(|letter| letter.to_ascii_lowercase()).collect();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use twokeys::source::Span;

    use super::*;

    #[test]
    fn fillers_fit_the_place() {
        let types = Types::from([("Role".to_owned(), "AWS::IAM::Role".to_owned())]);
        for (subject, attribute, before, spot, expected) in [
            ("AWS::AccountId", None, "arn:aws:iam::", Spot::Resource, "111122223333"),
            ("Account", None, "arn:aws:iam::", Spot::Resource, "111122223333"),
            ("Name", None, "arn:aws:s3:::", Spot::Resource, "name"),
            ("Role", Some("Arn"), "", Spot::Principal(Kind::Aws), "arn:aws:iam::111122223333:role/role"),
            ("Role", None, "", Spot::Principal(Kind::Aws), "arn:aws:iam::111122223333:role/role"),
            ("Thing", Some("Arn"), "", Spot::Resource, "arn:*:*:*:*:*thing*"),
            ("", None, "", Spot::Other, "unknown"),
        ] {
            let attribute = attribute.map(str::to_owned);
            let later =
                Later { what: String::new(), subject: subject.to_owned(), attribute, place: Span::default() };
            assert_eq!(filler(&later, before, spot, &types), expected, "{subject} behind `{before}`");
        }
    }
}
