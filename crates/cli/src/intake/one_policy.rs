//! A resource has one policy, and a bucket's is that of its objects.

use twokeys::name::Arn;

use super::world::WorldFiles;
use crate::failure::Problem;

/// The policy of a bucket is that of its objects, too; everything else has its own.
pub(super) fn belongs(policy_of: &Arn, asked: &Arn) -> bool {
    let is_bucket = policy_of.service() == "s3" && policy_of.account().is_none();
    match asked.as_str().strip_prefix(policy_of.as_str()) {
        Some("") => true,
        Some(rest) => is_bucket && !policy_of.resource().contains('/') && rest.starts_with('/'),
        None => false,
    }
}

/// A resource has one policy: of two one would be left out, perhaps with the Deny that counts.
pub(super) fn one_policy_each(files: &WorldFiles) -> Result<(), Problem> {
    let given = &files.resource_policies;
    for (at, (one, _)) in given.iter().enumerate() {
        let Some((other, _)) =
            given.iter().take(at).find(|(other, _)| belongs(other, one) || belongs(one, other))
        else {
            continue;
        };
        let message = if one == other {
            format!("two policies are given for the resource `{one}`")
        } else {
            format!("two policies are given for one resource: for `{other}` and for `{one}`")
        };
        return Err(Problem::new("given-twice", message).help(
            "a resource has one policy, and a bucket's is that of its objects; put the statements together",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_a_bucket_is_that_of_its_objects_and_of_no_other_bucket() {
        let bucket: Arn = "arn:aws:s3:::logs".parse().unwrap();
        for (asked, expected) in [
            ("arn:aws:s3:::logs", true),
            ("arn:aws:s3:::logs/a/b", true),
            ("arn:aws:s3:::logs-evil/a", false),
        ] {
            assert_eq!(belongs(&bucket, &asked.parse().unwrap()), expected, "{asked}");
        }
        for (policy_of, asked) in [
            ("arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:us-east-1:111122223333:topic:9c1e"),
            ("arn:aws:iam::111122223333:role/ops", "arn:aws:iam::111122223333:role/ops/deep"),
            ("arn:aws:s3:::logs/a", "arn:aws:s3:::logs/a/b"),
        ] {
            assert!(!belongs(&policy_of.parse().unwrap(), &asked.parse().unwrap()), "{asked}");
        }
    }
}
