//! W224: a principal named by its unique id.

use crate::lint::meta::{Example, FixKind, Meta, WITH_PRINCIPAL};
use crate::lint::{Finding, Rule, Subject};
use crate::policy::PolicyType;
use crate::source::Severity;

pub(super) struct IdentityReference;

static META: Meta = Meta {
    code: "W224",
    name: "identity-reference",
    severity: Severity::Warning,
    security: None,
    types: WITH_PRINCIPAL,
    fix: FixKind::None,
    opt_in: false,
    since: "0.1.0",
    summary: "a principal is named by the unique id of a user, role or group",
    explanation: "\
When a user or role that a policy names is deleted, IAM shows its unique id (`AIDA…`, `AROA…`) in place \
of the ARN. It matches nobody any more, not even a new user of the old name. An ARN with such an id \
for a name matches nobody either, unless somebody is really called so.",
    elsewhere: "Access Analyzer INVALID_ROLE_REFERENCE, INVALID_USER_REFERENCE",
    bad: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "Action": "sts:AssumeRole"}}"#,
    ),
    good: Example::of(
        PolicyType::Trust,
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, "Action": "sts:AssumeRole"}}"#,
    ),
};

impl Rule for IdentityReference {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for principal in subject.principals().filter(|principal| principal.kind == Some("AWS")) {
            let name = principal.text.rsplit('/').next().unwrap_or(principal.text);
            if is_unique_id(name) {
                let message = format!("`{name}` is the unique id of something that may be gone");
                let help = "write the ARN, or remove the entry if its user or role was deleted";
                found.push(META.at(principal.span, message).help(help));
            }
        }
    }
}

/// What the unique ids of users, roles and groups begin with.
const STARTS: [&str; 3] = ["AIDA", "AROA", "AGPA"];

fn is_unique_id(text: &str) -> bool {
    let of_id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() >= 16 && STARTS.iter().any(|start| text.starts_with(start)) && text.bytes().all(of_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_principal() {
        insta::assert_snapshot!(show(&IdentityReference), @r#"
        W224 `AIDACKCEVSQ6C2EXAMPLE` is the unique id of something that may be gone
          "Effect": "Allow", "Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "Action": "sts:AssumeRole"}}
                                                  ^^^^^^^^^^^^^^^^^^^^^^^
        help: write the ARN, or remove the entry if its user or role was deleted
        "#);
    }
}
