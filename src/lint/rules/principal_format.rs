//! E143: a principal that is no principal.

use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::text::{has_variable, has_wildcard, is_account, whole_arn};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct PrincipalFormat;

static META: Meta = Meta {
    code: "E143",
    name: "principal-format",
    severity: Severity::Error,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a principal is no account, ARN or `*`",
    explanation: "\
Under `AWS` stand account numbers, ARNs of users, roles and their sessions, unique ids or `*`. \
Groups are not principals, and a bare name is not an ARN. Such an entry names nobody: an `Allow` \
grants nothing by it, and a `Deny` spares whom it was written against.",
    elsewhere: "Access Analyzer INVALID_PRINCIPAL_FORMAT; parliament UNKNOWN_PRINCIPAL",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
  "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for PrincipalFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals() {
            let expected = match principal.kind {
                // E145 speaks of wildcards and E139 of variables.
                _ if has_wildcard(principal.text) || has_variable(principal.text) => continue,
                None => "only `*` may stand here without a kind",
                Some("AWS") if !is_of_aws(principal.text) => {
                    "expected an account, an ARN of IAM or STS, or `*`"
                }
                Some("Federated" | "CanonicalUser") if principal.text.is_empty() => "expected a name",
                Some(_) => continue,
            };
            let message = format!("`{}` is no principal", principal.text);
            found.push(META.at(principal.span, message).label(expected));
        }
    }
}

fn is_of_aws(text: &str) -> bool {
    is_account(text) || is_unique_id(text) || whole_arn(text).is_some_and(is_principal_arn)
}

/// AWS shows such an id in place of an ARN whose user or role was deleted.
fn is_unique_id(text: &str) -> bool {
    let of_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() >= 16 && text.starts_with('A') && text.bytes().all(of_id)
}

fn is_principal_arn([_, _, service, region, account, resource]: [&str; 6]) -> bool {
    let named = |kinds: &[&str]| {
        let (kind, name) = resource.split_once('/').unwrap_or((resource, ""));
        kinds.contains(&kind) && !name.is_empty()
    };
    // CloudFront's origin identities live in an account of that name.
    let of_account = is_account(account) || account == "cloudfront";
    let known = match service {
        "iam" => resource == "root" || named(&["user", "role"]),
        "sts" => named(&["assumed-role", "federated-user"]),
        _ => false,
    };
    region.is_empty() && of_account && known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn says_what_was_expected() {
        insta::assert_snapshot!(show(&PrincipalFormat), @r#"
        E143 `user/ana` is no principal
          "Effect": "Allow", "Principal": {"AWS": "user/ana"},
                                                  ^^^^^^^^^^ expected an account, an ARN of IAM or STS, or `*`
        "#);
    }
    #[test]
    fn forms_of_principals() {
        for (text, expected) in [
            ("111122223333", true),
            ("arn:aws:iam::111122223333:root", true),
            ("arn:aws-cn:iam::111122223333:user/division/ana", true),
            ("arn:aws:sts::111122223333:assumed-role/ops/s1", true),
            ("arn:aws:sts::111122223333:federated-user/bob", true),
            ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", true),
            ("AIDACKCEVSQ6C2EXAMPLE", true),
            ("", false),
            ("1111", false),
            ("arn:aws:iam::111122223333:group/devs", false),
            ("arn:aws:iam::1111:user/ana", false),
            ("arn:aws:iam::111122223333:role/", false),
            ("arn:aws:s3:::bucket", false),
            ("lambda.amazonaws.com", false),
        ] {
            assert_eq!(is_of_aws(text), expected, "{text}");
        }
    }
}
