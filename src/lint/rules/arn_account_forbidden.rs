//! E126: an account in an ARN that has none.

use crate::catalog::ResourceType;
use crate::lint::known::meant;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{has_variable, quoted, whole_arn};
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::name::Pattern;
use crate::source::Severity;

pub(super) struct ArnAccountForbidden;

static META: Meta = Meta {
    code: "E126",
    name: "arn-account-forbidden",
    severity: Severity::Error,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "an ARN states an account, and ARNs of this kind have none",
    explanation: "\
The ARNs of buckets and their objects name no account: bucket names are unique among all accounts. An \
entry that states one matches nothing.",
    elsewhere: "Access Analyzer ARN_ACCOUNT_NOT_ALLOWED",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3::111122223333:amzn-s3-demo-bucket/*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for ArnAccountForbidden {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in subject.resources() {
            let Some(fields @ [first, partition, service, region, account, name]) = whole_arn(resource.text)
            else {
                continue;
            };
            let has_account =
                |kind: ResourceType| kind.fields().get(4).is_none_or(|account| account.literal() != Some(""));
            // `aws` is the account of what AWS itself owns.
            if matches!(account, "" | "aws") || has_variable(account) || Pattern::new(account).matches("") {
                continue;
            }
            let mut kinds = meant(fields).peekable();
            if kinds.peek().is_some() && !kinds.any(has_account) {
                let message = format!("ARNs of `{service}` such as `{name}` have no account");
                let mended = [first, partition, service, region, "", name].join(":");
                let fix = Fix::replace("empty the account", resource.span, quoted(&mended), false);
                let help = "leave the account empty; the entry then begins to match";
                found.push(META.at(resource.span, message).label("matches nothing").help(help).fix(fix));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_arn() {
        insta::assert_snapshot!(show(&ArnAccountForbidden), @r#"
        E126 ARNs of `s3` such as `amzn-s3-demo-bucket/*` have no account
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3::111122223333:amzn-s3-demo-bucket/*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ matches nothing
        help: leave the account empty; the entry then begins to match
        "#);
    }
}
