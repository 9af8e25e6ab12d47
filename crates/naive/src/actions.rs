//! Section A.2: does an `Action` or `NotAction` cover the operation?

use twokeys::name::Action;
use twokeys::policy::NamesPart;

use crate::wildcards::{covers, with_wildcards};

/// AC-005, AC-006: some entry covers it; for `NotAction`, none does.
pub(crate) fn action_part_matches(part: &NamesPart, action: &Action) -> bool {
    let listed = part.entries.iter().any(|entry| action_entry_matches(&entry.value, action.as_str()));
    listed != part.negated
}

/// AC-002 to AC-004: `*`, or a pattern with exactly one colon, without ASCII case.
fn action_entry_matches(entry: &str, action: &str) -> bool {
    if entry == "*" {
        return true;
    }
    let colons = entry.chars().filter(|letter| *letter == ':').count();
    colons == 1 && covers(&with_wildcards(&entry.to_ascii_lowercase()), &action.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ac_002_to_004_shapes_case_and_wildcards() {
        for (entry, expected) in [
            ("*", true),
            ("**", false),
            ("s3", false),
            ("s3:*", true),
            ("S3:getOBJECT", true),
            ("s3:Get*", true),
            ("s3:?etObject", true),
            ("*:GetObject", true),
            ("s*", false),
            ("s3:Get:Object", false),
            ("s3:GetObjectAcl", false),
            ("s3:${*}", false),
        ] {
            assert_eq!(action_entry_matches(entry, "s3:GetObject"), expected, "{entry}");
        }
    }
}
