//! A kind of thing: what its ARNs look like, which condition keys come with it.

use std::fmt;

use super::table::Line;
use super::{Key, Service};
use crate::name::{Part, Pattern};

/// A kind of thing that policies can name, such as S3's `bucket`.
#[derive(Clone, Copy)]
pub struct ResourceType {
    service: Service,
    /// Name, ARN, keys.
    line: &'static Line,
}

impl ResourceType {
    pub(super) fn new(service: Service, line: &'static Line) -> Self {
        Self { service, line }
    }

    /// The service that lists it; its ARNs may name another one.
    pub fn service(self) -> Service {
        self.service
    }

    /// The name the reference gives it.
    pub fn name(self) -> &'static str {
        self.line.name()
    }

    /// What its ARNs look like: `arn:${Partition}:s3:::${BucketName}`.
    pub fn arn(self) -> &'static str {
        self.line.field(1)
    }

    /// The pattern that its ARNs match; what the reference leaves open is a star.
    ///
    /// ```
    /// let user = twokeys::catalog::resource_type("iam", "user").unwrap();
    /// assert!(user.pattern().matches("arn:aws:iam::111122223333:user/team/ana"));
    /// ```
    pub fn pattern(self) -> Pattern {
        Pattern::from_parts(parts(self.arn()))
    }

    /// The patterns of the six fields of its ARNs.
    ///
    /// ```
    /// let bucket = twokeys::catalog::resource_type("s3", "bucket").unwrap();
    /// assert!(bucket.fields()[3].matches(""), "a bucket has no region");
    /// ```
    pub fn fields(self) -> &'static [Pattern] {
        self.line
            .patterns(|| self.arn().splitn(6, ':').map(|field| Pattern::from_parts(parts(field))).collect())
    }

    /// The condition keys that come with such a thing.
    pub fn keys(self) -> impl Iterator<Item = Key> + Clone {
        self.service.keys_at(self.line.field(2))
    }
}

/// Cuts a text of the reference at its open parts: `${Name}`, `<name>` and stars.
pub(super) fn parts(text: &'static str) -> impl Iterator<Item = Part> {
    let mut rest = text;
    let mut star = false;
    std::iter::from_fn(move || {
        if std::mem::take(&mut star) {
            return Some(Part::Star);
        }
        if rest.is_empty() {
            return None;
        }
        let open = rest.find(['$', '<', '*']).unwrap_or(rest.len());
        let (before, after) = rest.split_at_checked(open)?;
        star = !after.is_empty();
        let close =
            if after.starts_with('*') { 1 } else { after.find(['}', '>']).map_or(after.len(), |at| at + 1) };
        rest = after.get(close..).unwrap_or_default();
        Some(Part::Text(before.to_owned()))
    })
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.line, other.line)
    }
}

impl Eq for ResourceType {}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResourceType").field(&self.service.prefix()).field(&self.name()).finish()
    }
}
