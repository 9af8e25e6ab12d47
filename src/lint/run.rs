//! What a run can have to say about itself: about suppressions, selections and inputs.
//!
//! Nothing here looks at a policy; who runs the linter over files makes these findings. They have codes
//! and pages like all others.

use super::meta::{ALL, Example, FixKind, Meta};
use crate::source::Severity;

const NO_POLICY: Example = Example::identity("");

const fn about_the_run(
    code: &'static str,
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    explanation: &'static str,
) -> Meta {
    Meta {
        code,
        name,
        severity,
        security: None,
        types: ALL,
        fix: FixKind::None,
        opt_in: false,
        since: "0.1.0",
        summary,
        explanation,
        elsewhere: "",
        bad: NO_POLICY,
        good: NO_POLICY,
    }
}

/// What a change opened to callers without MFA: found by holding a policy against an older one, so no rule
/// that could be selected, and accepted by nothing.
pub static GAINED: Meta = Meta {
    security: Some(8.0),
    ..about_the_run(
        "MFA-GAINED",
        "gained-without-mfa",
        Severity::Error,
        "a change allows without MFA what was not allowed without it before",
        "Held against the older policy, callers without MFA can do more. Require MFA for what they gained, \
         or make sure that it is meant.",
    )
};

/// The rules about the run, in the order of their codes.
pub static RUN: [Meta; 7] = [
    Meta {
        elsewhere: "ruff RUF100; clippy expect",
        ..about_the_run(
            "L901",
            "unused-suppression",
            Severity::Info,
            "a suppression silenced nothing",
            "The finding is gone, or the entry names another place than was meant. A suppression that \
             stays behind would silence the next mistake of that kind. Remove it.",
        )
    },
    about_the_run(
        "L902",
        "unknown-rule-code",
        Severity::Warning,
        "a selection or suppression names a rule that does not exist",
        "The entry has no effect, so something runs that should not, or does not run that should. \
         Codes are never given to another rule, so it is a misspelling or a rule of a newer version.",
    ),
    about_the_run(
        "L903",
        "no-policy-found",
        Severity::Warning,
        "a file that was named holds no policy",
        "Nothing was checked in it. Policies are JSON objects with a `Statement`, alone or inside a \
         container that is known. In folders such files are passed over without a word.",
    ),
    about_the_run(
        "L904",
        "unresolved-value",
        Severity::Info,
        "a value of a template is known only when it is deployed",
        "A reference to something that does not exist yet stands where the linter would need text. \
         Rules that need it said nothing about this place.",
    ),
    Meta {
        opt_in: true,
        ..about_the_run(
            "L905",
            "suppression-without-reason",
            Severity::Info,
            "a suppression has no reason",
            "In a year nobody will know whether it may go. `require-reason = true` in the configuration \
             asks for a reason with each.",
        )
    },
    Meta {
        elsewhere: "iam-policy-validator policy_type_hint",
        ..about_the_run(
            "L906",
            "type-guessed",
            Severity::Info,
            "the type of the policy was guessed from its content",
            "With a principal, only actions of STS and no resource it is taken for a trust policy, with \
             a principal otherwise for a resource policy, else for an identity policy. Say it with \
             `--kind` or a file pattern under `policy-types` in the configuration.",
        )
    },
    about_the_run(
        "L907",
        "embedded-string-policy",
        Severity::Info,
        "the policy is a text inside a text",
        "Places are found through the escapes, but fixes are not offered: an edit would have to be \
         escaped once more for each layer.",
    ),
];
