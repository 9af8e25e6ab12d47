//! M449: a device that must bear its user's name.

use crate::lint::meta::{Example, FixKind, Meta};
use crate::lint::mfa::{OF_USERS, names_mfa};
use crate::lint::text::arn_fields;
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::name::fold;
use crate::source::Severity;

pub(super) struct MfaDeviceNamedAfterUser;

static META: Meta = Meta {
    code: "M449",
    name: "mfa-device-named-after-user",
    severity: Severity::Info,
    security: None,
    types: OF_USERS,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "the resource `mfa/${aws:username}` expects devices to be named after their users",
    explanation: "\
Since November 2022 the console lets users name their devices freely, and asks for it when there are \
several. Enrollment then fails for every other name than the user's. AWS's samples now say `mfa/*`: \
who may enable a device for which user is decided by `user/${aws:username}`.",
    elsewhere: "changed AWS sample",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateVirtualMFADevice",
  "Resource": "arn:aws:iam::*:mfa/${aws:username}"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"}}"#,
    ),
};

impl Rule for MfaDeviceNamedAfterUser {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for entry in subject.resources().filter(|entry| entry.text.ends_with('}')) {
            let fields = arn_fields(entry.text);
            let [.., name] = fields.as_slice() else { continue };
            if fold(name) != "mfa/${aws:username}" || names_mfa(entry.statement).next().is_none() {
                continue;
            }
            let message = "users who name their device freely cannot enroll it";
            let finding = META.at(entry.span, message).label("the console does not name it so");
            let plain = entry.text.get(..entry.text.len() - name.len()).unwrap_or_default();
            let wide = format!("{plain}mfa/*");
            let fix = Fix::replace("allow every name", entry.span, format!("\"{wide}\""), false);
            found.push(finding.help(format!("write `{wide}`")).fix(fix));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_place() {
        insta::assert_snapshot!(show(&MfaDeviceNamedAfterUser), @r#"
        M449 users who name their device freely cannot enroll it
          "Resource": "arn:aws:iam::*:mfa/${aws:username}"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the console does not name it so
        help: write `arn:aws:iam::*:mfa/*`
        "#);
    }
}
