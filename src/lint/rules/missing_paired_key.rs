//! S329: one key of a pair.

use crate::lint::callers::{Narrowing, SOURCE_ARN, SOURCE_OWNER, asks_for, everybody, narrowing, services};
use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::subject::tests_of;
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct MissingPairedKey;

static META: Meta = Meta {
    code: "S329",
    name: "missing-paired-key",
    severity: Severity::Warning,
    security: Some(6.5),
    types: &[PolicyType::Resource, PolicyType::Trust],
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a condition uses a key that is safe only together with another",
    explanation: "\
`kms:ViaService` says through which service a key is used, not by whom: with the principal `*` \
the users of that service in every account pass, unless `kms:CallerAccount` says which. \
`sts:ExternalId` tells the customers of a provider apart; a service of AWS calls for all \
customers and says for whom with `aws:SourceAccount` and its like.",
    elsewhere: "Access Analyzer MISSING_PAIRED_CONDITION_KEYS",
    bad: Example::resource(
        "kms",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*",
  "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}}"#,
    ),
    good: Example::resource(
        "kms",
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*",
  "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com",
    "kms:CallerAccount": "111122223333"}}}}"#,
    ),
};

impl Rule for MissingPairedKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for statement in subject.allows() {
            let strong = narrowing(statement) == Narrowing::Strong;
            let says = asks_for(statement, SOURCE_ARN) || asks_for(statement, SOURCE_OWNER);
            for test in tests_of(statement) {
                let (why, partner) =
                    if test.is_on("kms:ViaService") && everybody(statement).is_some() && !strong {
                        ("does not say whose users", "kms:CallerAccount")
                    } else if test.is_on("sts:ExternalId") && services(statement).next().is_some() && !says {
                        ("does not say for whom a service calls", "aws:SourceAccount")
                    } else {
                        continue;
                    };
                let finding = META.at(test.test.key.span, format!("`{}` alone {why}", test.key()));
                found.push(finding.help(format!("add a condition on `{partner}`")).about(&test));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_key() {
        insta::assert_snapshot!(show(&MissingPairedKey), @r#"
        S329 `kms:ViaService` alone does not say whose users
          "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}}
                                         ^^^^^^^^^^^^^^^^
        help: add a condition on `kms:CallerAccount`
        "#);
    }
}
