//! Sets of actions and of resources, as statements name them, and which lies within which.

use crate::lint::text::arn_fields;
use crate::name::{Pattern, fold};
use crate::policy::{NamesPart, Statement};

/// What an `Action`, `NotAction`, `Resource` or `NotResource` element reaches.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Names {
    negated: bool,
    patterns: Vec<Pattern>,
}

impl Names {
    /// The actions of a statement.
    pub(in crate::lint) fn actions(statement: &Statement) -> Self {
        Self::of(&statement.action, action)
    }

    /// The resources of a statement; all of them, where it names none.
    pub(in crate::lint) fn resources(statement: &Statement) -> Self {
        statement.resource.as_ref().map_or_else(Self::everything, |part| Self::of(part, resource))
    }

    fn of(part: &NamesPart, read: impl Fn(&str) -> Pattern) -> Self {
        Self {
            negated: part.negated,
            patterns: part.entries.iter().map(|entry| read(&entry.value)).collect(),
        }
    }

    /// Those that one pattern matches.
    pub(in crate::lint) fn only(pattern: Pattern) -> Self {
        Self { negated: false, patterns: vec![pattern] }
    }

    fn everything() -> Self {
        Self { negated: true, patterns: Vec::new() }
    }

    /// Is there nothing outside it?
    pub(in crate::lint) fn is_everything(&self) -> bool {
        if self.negated { self.patterns.is_empty() } else { self.patterns.iter().any(is_all) }
    }

    /// Does it hold all that a pattern matches?
    pub(in crate::lint) fn holds(&self, pattern: &Pattern) -> bool {
        if self.negated {
            !self.patterns.iter().any(|entry| entry.overlaps(pattern))
        } else {
            self.patterns.iter().any(|entry| entry.includes(pattern))
        }
    }

    /// Does it hold something that a pattern matches?
    pub(in crate::lint) fn meets(&self, pattern: &Pattern) -> bool {
        if self.negated {
            !self.patterns.iter().any(|entry| entry.includes(pattern))
        } else {
            self.patterns.iter().any(|entry| entry.overlaps(pattern))
        }
    }

    /// Does it hold all that the other one holds? "No" may also mean that it takes several entries together.
    pub(in crate::lint) fn includes(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (_, false) => other.patterns.iter().all(|pattern| self.holds(pattern)),
            (false, true) => self.is_everything(),
            (true, true) => {
                let excluded = |pattern: &Pattern| other.patterns.iter().any(|entry| entry.includes(pattern));
                self.patterns.iter().all(excluded)
            }
        }
    }

    /// The parts of which it is made: each entry for itself, or the whole if it says what is left out.
    pub(in crate::lint) fn cells(&self) -> Vec<Self> {
        if self.negated {
            return vec![self.clone()];
        }
        self.patterns.iter().cloned().map(Self::only).collect()
    }
}

/// Is it `*`, or `*:*` among actions?
fn is_all(pattern: &Pattern) -> bool {
    pattern.is_star() || *pattern == Pattern::new("*:*")
}

/// An action, as it is compared.
pub(in crate::lint) fn action(text: &str) -> Pattern {
    Pattern::new(&fold(text))
}

/// A resource, as far as it can be compared without a request.
///
/// A policy lives in one partition, so that `aws`, `*` and a variable say the same there. Variables
/// stand for themselves, whatever the capitals of their names.
pub(in crate::lint) fn resource(text: &str) -> Pattern {
    let mut parts = text.split("${");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("${");
        match part.split_once('}') {
            Some((name, rest)) => plain.extend([&fold(name), "}", rest]),
            None => plain.push_str(part),
        }
    }
    let fields = arn_fields(&plain);
    match fields.as_slice() {
        ["arn", "*" | "${aws:partition}", rest @ ..] if rest.len() == 4 => {
            Pattern::new(&format!("arn:aws:{}", rest.join(":")))
        }
        _ => Pattern::new(&plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn actions(element: &str) -> Names {
        let text = format!(r#"{{"Statement": {{"Effect": "Deny", {element}, "Resource": "*"}}}}"#);
        Names::actions(&Policy::parse(&text).unwrap().statements[0])
    }

    #[test]
    fn what_is_named_and_what_is_left_out_are_compared() {
        for (wide, narrow, expected) in [
            (r#""Action": "s3:*""#, r#""Action": ["s3:Get*", "S3:putobject"]"#, true),
            (r#""Action": "s3:Get*""#, r#""Action": "s3:*""#, false),
            (r#""Action": "*:*""#, r#""NotAction": "iam:*""#, true),
            (r#""Action": "s3:*""#, r#""NotAction": "iam:*""#, false),
            (r#""NotAction": "iam:*""#, r#""Action": "s3:*""#, true),
            (r#""NotAction": "iam:*""#, r#""Action": "*:GetUser""#, false),
            (r#""NotAction": "iam:GetUser""#, r#""NotAction": "iam:*""#, true),
            (r#""NotAction": "iam:*""#, r#""NotAction": "iam:GetUser""#, false),
        ] {
            assert_eq!(actions(wide).includes(&actions(narrow)), expected, "{wide} over {narrow}");
        }
    }

    #[test]
    fn partitions_and_names_of_variables_do_not_separate_resources() {
        let own = resource("arn:aws:iam::*:user/${aws:username}");
        assert!(resource("arn:${aws:Partition}:iam::*:user/${aws:UserName}").includes(&own));
        assert!(!resource("arn:aws-cn:iam::*:user/*").includes(&own));
    }
}
