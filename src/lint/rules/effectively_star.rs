//! W228: a long way to write `*`.

use crate::lint::grants::is_star;
use crate::lint::meta::{ALL, Example, FixKind, Meta};
use crate::lint::text::{arn_fields, quoted};
use crate::lint::{Finding, Fix, Rule, Subject};
use crate::source::Severity;

pub(super) struct EffectivelyStar;

static META: Meta = Meta {
    code: "W228",
    name: "effectively-star",
    severity: Severity::Warning,
    security: None,
    types: ALL,
    fix: FixKind::Unsafe,
    opt_in: false,
    since: "0.1.0",
    summary: "a `Resource` entry matches every ARN",
    explanation: "\
`arn:*` reads like a limit and is none. It differs from `*` in one thing: a request without a resource, \
such as `s3:ListAllMyBuckets`, is matched by `*` only. Write `*` if everything is meant.",
    elsewhere: "parliament RESOURCE_EFFECTIVELY_STAR",
    bad: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:*"}}"#,
    ),
    good: Example::identity(
        r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}}"#,
    ),
};

impl Rule for EffectivelyStar {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, subject: &Subject<'_>, found: &mut Vec<Finding>) {
        for resource in
            subject.resources().filter(|resource| resource.text != "*" && is_effectively_star(resource.text))
        {
            let message = format!("`{}` matches every ARN", resource.text);
            let fix = Fix::replace("write `*`", resource.span, quoted("*"), false);
            let help = "write `*`, which requests without a resource match as well, or name resources";
            found.push(META.at(resource.span, message).help(help).fix(fix));
        }
    }
}

/// Does an entry match all ARNs of a partition, or everything?
pub(super) fn is_effectively_star(text: &str) -> bool {
    let fields = arn_fields(text);
    let is_arn = |field: &str| field == "arn" || is_star(field);
    match fields.as_slice() {
        [only] => is_star(only),
        [first, partition, rest @ ..] => {
            let any_partition = is_star(partition);
            // Missing fields are taken for stars (RE-006); `arn:aws` alone is a name that was cut off.
            let whole = !rest.is_empty() || any_partition;
            is_arn(first)
                && (any_partition || *partition == "aws")
                && whole
                && rest.iter().copied().all(is_star)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::show;

    #[test]
    fn points_at_the_entry() {
        insta::assert_snapshot!(show(&EffectivelyStar), @r#"
        W228 `arn:*` matches every ARN
          "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:*"}}
                                                                   ^^^^^^^
        help: write `*`, which requests without a resource match as well, or name resources
        "#);
    }

    #[test]
    fn entries_that_match_everything() {
        for (text, expected) in [
            ("*", true),
            ("**", true),
            ("arn:*", true),
            ("arn:aws:*", true),
            ("arn:aws:*:*:*:*", true),
            ("*:*", true),
            ("arn:aws", false),
            ("arn:aws:s3:::*", false),
            ("arn:aws:*:*:111122223333:*", false),
            ("arn:aws:*:*:*:?*", false),
        ] {
            assert_eq!(is_effectively_star(text), expected, "{text}");
        }
    }
}
