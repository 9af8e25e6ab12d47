//! E123: an ARN whose account is no account.

use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, has_wildcard, is_account, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::source::Severity;

pub(super) struct ArnAccount;

static META: Meta = Meta {
    code: "E123",
    name: "arn-account",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN's account is not twelve digits",
    explanation: "\
The fifth field of an ARN is empty, an account number of twelve digits, a wildcard or a variable; \
policies managed by AWS have `aws` there. Leading zeros count. With anything else the entry matches \
nothing.",
    elsewhere: "Access Analyzer INVALID_ARN_ACCOUNT",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:12345:orders"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"}}"#,
    ),
};

impl Rule for ArnAccount {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            if let Some([.., account, _]) = whole_arn(resource.text)
                && !may_stand(account)
            {
                let message = format!("`{account}` is no account: it is not twelve digits");
                found.push(META.at(resource.span, message).label("matches nothing"));
            }
        }
    }
}

fn may_stand(account: &str) -> bool {
    matches!(account, "" | "aws") || is_account(account) || has_wildcard(account) || has_variable(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn shows_the_field() {
        insta::assert_snapshot!(show(&ArnAccount), @r#"
        E123 `12345` is no account: it is not twelve digits
          "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:12345:orders"}}
                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        "#);
    }
}
